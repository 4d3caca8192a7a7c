//! `EvaluationResult` of AWS Config's API, alone or with the account and region that
//! aggregators add.

use serde::Deserialize;

use crate::evidence::{ComplianceType, Evaluated, EvaluationResult, Origin, Place, Provenance};
use crate::export::element::{ElementError, Problem, element};
use crate::export::fault::Code;
use crate::export::field::{Name, Optional, Text};
use crate::export::staged::Staged;
use crate::time::AwsTime;

use super::words::{EVALUATION_MODE, Word};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row<'a> {
    #[serde(borrow, alias = "evaluationResultIdentifier")]
    evaluation_result_identifier: Identifier<'a>,
    #[serde(borrow, alias = "complianceType")]
    compliance_type: Text<'a>,
    #[serde(alias = "resultRecordedTime")]
    result_recorded_time: Optional<AwsTime>,
    #[serde(alias = "configRuleInvokedTime")]
    config_rule_invoked_time: Optional<AwsTime>,
    #[serde(borrow, alias = "annotation")]
    annotation: Optional<Text<'a>>,
    #[serde(borrow, alias = "accountId")]
    account_id: Optional<Text<'a>>,
    #[serde(borrow, alias = "awsRegion")]
    aws_region: Optional<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Identifier<'a> {
    #[serde(borrow, alias = "evaluationResultQualifier")]
    evaluation_result_qualifier: Qualifier<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Qualifier<'a> {
    #[serde(borrow, alias = "configRuleName")]
    config_rule_name: Name<'a>,
    #[serde(borrow, alias = "resourceType")]
    resource_type: Name<'a>,
    #[serde(borrow, alias = "resourceId")]
    resource_id: Name<'a>,
    #[serde(borrow, alias = "evaluationMode")]
    evaluation_mode: Optional<Text<'a>>,
}

/// Reads one evaluation.
pub fn read(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(text, |row| {
        let evaluation = record(&row, at, staged)?;
        staged.evaluations.push(evaluation);
        Ok(())
    })
}

/// Reads one evaluation of an aggregator, which must say where it was made.
pub fn read_placed(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(text, |row| {
        let fields = [
            ("AccountId", &row.account_id),
            ("AwsRegion", &row.aws_region),
        ];
        for (field, value) in fields {
            if value.is_none() {
                let message = format!("`{field}` is missing or empty");
                return Err(Problem::new(Code::Shape, &format!("/{field}"), &message));
            }
        }
        let evaluation = record(&row, at, staged)?;
        staged.evaluations.push(evaluation);
        Ok(())
    })
}

fn record(row: &Row<'_>, at: Provenance, staged: &mut Staged) -> Result<EvaluationResult, Problem> {
    let qualifier = &row.evaluation_result_identifier.evaluation_result_qualifier;
    let compliance = row
        .compliance_type
        .parse()
        .map_err(|error| Problem::new(Code::ComplianceType, "/ComplianceType", &error))?;
    let evaluated = Evaluated {
        rule: staged.text(&qualifier.config_rule_name),
        place: Place {
            account: staged.text_of(row.account_id.as_deref()),
            region: staged.text_of(row.aws_region.as_deref()),
        },
        resource_type: staged.text(&qualifier.resource_type),
        origin: Origin::Evaluation,
        proactive: is_proactive(qualifier.evaluation_mode.as_deref(), compliance, staged),
    };
    Ok(EvaluationResult {
        at,
        of: staged.evaluated(evaluated),
        resource_id: staged.text(&qualifier.resource_id),
        compliance,
        evaluated_at: row.config_rule_invoked_time.0.clone(),
        recorded_at: row.result_recorded_time.0.clone(),
        annotation: staged.text_of(row.annotation.as_deref()),
        asff: None,
    })
}

/// Whether a verdict in this `EvaluationMode` does not count: it is about a resource that is not deployed. In a
/// mode that is not known only what fails counts.
pub fn is_proactive(mode: Option<&str>, verdict: ComplianceType, staged: &mut Staged) -> bool {
    match EVALUATION_MODE.read(mode, staged) {
        Word::Unknown => verdict != ComplianceType::NonCompliant,
        known => known.is("PROACTIVE"),
    }
}
