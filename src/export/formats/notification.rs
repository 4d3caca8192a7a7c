//! `ComplianceChangeNotification`, as SNS and `EventBridge` carry it: one verdict, with
//! the account and region in which it was made.

use serde::Deserialize;

use crate::evidence::{Evaluated, EvaluationResult, ListingKind, Origin, Place, Provenance};
use crate::export::element::{ElementError, Problem, element};
use crate::export::fault::Code;
use crate::export::field::{Name, Optional, Text};
use crate::export::staged::Staged;
use crate::time::AwsTime;

use super::evaluation::is_proactive;
use super::{Format, nothing_more};

pub const FORMAT: Format = Format {
    operation: "compliance-change-notification",
    // It never stands in a list of its own.
    key: "complianceChangeNotifications",
    marks: &["configRuleName", "newEvaluationResult"],
    kind: ListingKind::Stream,
    read,
    counter: |records| &mut records.others,
    conclude: nothing_more,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    #[serde(borrow)]
    aws_account_id: Name<'a>,
    #[serde(borrow)]
    aws_region: Name<'a>,
    #[serde(borrow)]
    config_rule_name: Name<'a>,
    #[serde(borrow)]
    resource_type: Name<'a>,
    #[serde(borrow)]
    resource_id: Name<'a>,
    /// Null where the resource is no longer evaluated.
    #[serde(borrow)]
    new_evaluation_result: Optional<NewResult<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewResult<'a> {
    #[serde(borrow)]
    evaluation_result_identifier: Optional<Identifier<'a>>,
    #[serde(borrow)]
    compliance_type: Text<'a>,
    result_recorded_time: Optional<AwsTime>,
    config_rule_invoked_time: Optional<AwsTime>,
    #[serde(borrow)]
    annotation: Optional<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Identifier<'a> {
    #[serde(borrow)]
    evaluation_result_qualifier: Optional<Qualifier<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Qualifier<'a> {
    #[serde(borrow)]
    evaluation_mode: Optional<Text<'a>>,
}

impl NewResult<'_> {
    fn mode(&self) -> Option<&str> {
        let identifier = self.evaluation_result_identifier.as_ref()?;
        let qualifier = identifier.evaluation_result_qualifier.as_ref()?;
        qualifier.evaluation_mode.as_deref()
    }
}

fn read(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(text, |row| {
        let Some(result) = row.new_evaluation_result.as_ref() else {
            return Ok(());
        };
        let pointer = "/newEvaluationResult/complianceType";
        let compliance = result
            .compliance_type
            .parse()
            .map_err(|error| Problem::new(Code::ComplianceType, pointer, &error))?;
        let evaluated = Evaluated {
            rule: staged.text(&row.config_rule_name),
            place: Place {
                account: staged.text_of(Some(&row.aws_account_id)),
                region: staged.text_of(Some(&row.aws_region)),
            },
            resource_type: staged.text(&row.resource_type),
            origin: Origin::Notification,
            proactive: is_proactive(result.mode(), compliance, staged),
        };
        let evaluation = EvaluationResult {
            at,
            of: staged.evaluated(evaluated),
            resource_id: staged.text(&row.resource_id),
            compliance,
            evaluated_at: result.config_rule_invoked_time.0.clone(),
            recorded_at: result.result_recorded_time.0.clone(),
            annotation: staged.text_of(result.annotation.as_deref()),
            asff: None,
        };
        staged.records.evaluation_results += 1;
        staged.evaluations.push(evaluation);
        Ok(())
    })
}
