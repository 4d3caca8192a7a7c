//! `describe-config-rule-evaluation-status`: whether each rule really ran.

use serde::Deserialize;

use crate::evidence::{ListingKind, Provenance, RuleStatus};
use crate::export::element::{ElementError, element};
use crate::export::field::{Name, Optional, Text};
use crate::export::staged::Staged;
use crate::time::AwsTime;

use super::{Format, nothing_more};

pub const FORMAT: Format = Format {
    operation: "describe-config-rule-evaluation-status",
    key: "ConfigRulesEvaluationStatus",
    marks: &["ConfigRuleName", "FirstActivatedTime"],
    kind: ListingKind::Answer,
    read,
    counter: |records| &mut records.others,
    conclude: nothing_more,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row<'a> {
    #[serde(borrow, alias = "configRuleName")]
    config_rule_name: Name<'a>,
    #[serde(borrow, alias = "configRuleArn")]
    config_rule_arn: Optional<Text<'a>>,
    #[serde(alias = "lastSuccessfulInvocationTime")]
    last_successful_invocation_time: Optional<AwsTime>,
    #[serde(alias = "lastFailedInvocationTime")]
    last_failed_invocation_time: Optional<AwsTime>,
    #[serde(alias = "lastSuccessfulEvaluationTime")]
    last_successful_evaluation_time: Optional<AwsTime>,
    #[serde(alias = "lastFailedEvaluationTime")]
    last_failed_evaluation_time: Optional<AwsTime>,
    #[serde(borrow, alias = "lastErrorCode")]
    last_error_code: Optional<Text<'a>>,
    #[serde(alias = "firstActivatedTime")]
    first_activated_time: Optional<AwsTime>,
    #[serde(alias = "lastDeactivatedTime")]
    last_deactivated_time: Optional<AwsTime>,
    #[serde(alias = "firstEvaluationStarted")]
    first_evaluation_started: Optional<bool>,
}

fn read(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(text, |row| {
        // Where nothing ever failed, a rule that was invoked has evaluated.
        let error = row.last_error_code.as_deref();
        let failed = row.last_failed_evaluation_time.is_some() || error.is_some();
        let invoked = row.last_successful_invocation_time.0;
        let succeeded = (row.last_successful_evaluation_time.0).or(invoked.filter(|_| !failed));
        let started = row.first_evaluation_started.0 != Some(false);
        let status = RuleStatus {
            at,
            rule: staged.text(&row.config_rule_name),
            arn: staged.text_of(row.config_rule_arn.as_deref()),
            succeeded: succeeded.filter(|_| started),
            failed: later(
                row.last_failed_evaluation_time.0,
                row.last_failed_invocation_time.0,
            ),
            error: staged.text_of(error),
            activated: row.first_activated_time.0,
            deactivated: row.last_deactivated_time.0,
        };
        staged.rule_statuses.push(status);
        Ok(())
    })
}

/// The later of two failures; one without a zone may be.
fn later(one: Option<AwsTime>, other: Option<AwsTime>) -> Option<AwsTime> {
    let last = |time: &Option<AwsTime>| {
        time.as_ref()
            .map(|time| (time.moment().is_none(), time.moment()))
    };
    if last(&other) > last(&one) {
        other
    } else {
        one
    }
}
