//! `ComplianceChangeNotification`, as SNS and `EventBridge` carry it: one verdict, with
//! the account and region in which it was made.

use std::borrow::Cow;

use serde::Deserialize;

use crate::evidence::{Evaluated, EvaluationResult, ListingKind, Origin, Place, Provenance};
use crate::export::element::{ElementError, Problem, element};
use crate::export::fault::Code;
use crate::export::staged::Staged;
use crate::time::AwsTime;

use super::evaluation::is_proactive;
use super::item::named;
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
    aws_account_id: Cow<'a, str>,
    #[serde(borrow)]
    aws_region: Cow<'a, str>,
    #[serde(borrow)]
    config_rule_name: Cow<'a, str>,
    #[serde(borrow)]
    resource_type: Cow<'a, str>,
    #[serde(borrow)]
    resource_id: Cow<'a, str>,
    /// Null where the resource is no longer evaluated.
    #[serde(borrow)]
    new_evaluation_result: Option<NewResult<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewResult<'a> {
    #[serde(borrow)]
    evaluation_result_identifier: Option<Identifier<'a>>,
    #[serde(borrow)]
    compliance_type: Cow<'a, str>,
    result_recorded_time: Option<AwsTime>,
    config_rule_invoked_time: Option<AwsTime>,
    #[serde(borrow)]
    annotation: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Identifier<'a> {
    #[serde(borrow)]
    evaluation_result_qualifier: Option<Qualifier<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Qualifier<'a> {
    #[serde(borrow)]
    evaluation_mode: Option<Cow<'a, str>>,
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
        named(&row.config_rule_name, "configRuleName")?;
        named(&row.resource_type, "resourceType")?;
        named(&row.resource_id, "resourceId")?;
        let Some(result) = &row.new_evaluation_result else {
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
            evaluated_at: result.config_rule_invoked_time.clone(),
            recorded_at: result.result_recorded_time.clone(),
            annotation: staged.text_of(result.annotation.as_deref()),
            asff: None,
        };
        staged.records.evaluation_results += 1;
        staged.evaluations.push(evaluation);
        Ok(())
    })
}
