//! What a rule's evaluation status proves.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::catalogue::Trigger;
use crate::evidence::{Captured, RuleStatus, Text};
use crate::export::path::place_of_arn;
use crate::period::Period;
use crate::time::{AwsTime, Moment};

use super::Subject;
use super::place::CopyKey;

fn moment(time: Option<&AwsTime>) -> Option<Moment> {
    time.and_then(AwsTime::moment)
}

/// The latest status of each deployed rule, where its place is known; of several that may be the
/// latest the one that failed last, or nobody knows when; of equals the one that proves less.
pub fn latest<'e>(subject: &Subject<'e>) -> BTreeMap<CopyKey, &'e RuleStatus> {
    let mut latest: BTreeMap<CopyKey, &RuleStatus> = BTreeMap::new();
    for status in &subject.evidence.rule_statuses {
        let told = status.arn.as_deref().and_then(place_of_arn);
        let path = &subject.evidence.listing(status.at).path_place;
        let place = told.unwrap_or_else(|| path.clone());
        let (Some(account), Some(region)) = (place.account, place.region) else {
            continue;
        };
        let key: (Text, Text, Text) = (account, region, status.rule.clone());
        let known = latest.entry(key).or_insert(status);
        if last(status, subject) > last(known, subject) {
            *known = status;
        }
    }
    latest
}

fn last(status: &RuleStatus, subject: &Subject<'_>) -> impl Ord + use<> {
    let nothing = moment(status.succeeded.as_ref())
        .is_none_or(|succeeded| !holds(status, succeeded, subject));
    let (succeeded, failed) = (status.succeeded.as_ref(), status.failed.as_ref());
    let unknown = failed.is_some_and(|failed| failed.moment().is_none());
    let (succeeded, failed) = (moment(succeeded), moment(failed));
    (
        unknown,
        succeeded.max(failed),
        failed,
        status.error.is_some(),
        Reverse(succeeded),
        nothing,
    )
}

/// Whether the rule succeeded, and did not fail since. A periodic rule must have run in the period
/// or since; one that runs on changes does not run where nothing changes. A status that was taken
/// before the period proves nothing, neither does a success that is yet to come, nor one beside an
/// error of unknown time. Nor does that of a rule that came after the period, or was put away since.
pub fn ran(status: &RuleStatus, trigger: Trigger, subject: &Subject<'_>) -> bool {
    let period = &subject.engagement.period;
    let Some(succeeded) = moment(status.succeeded.as_ref()) else {
        return false;
    };
    let in_time = trigger == Trigger::ConfigurationChange
        || period.contains(succeeded)
        || period.is_before(succeeded);
    in_time && holds(status, succeeded, subject)
}

/// Whether a success proves anything, whenever the rule runs.
fn holds(status: &RuleStatus, succeeded: Moment, subject: &Subject<'_>) -> bool {
    let period = &subject.engagement.period;
    let failed_since = match &status.failed {
        None => status.error.is_some(),
        Some(failed) => moment(Some(failed)).is_none_or(|failed| failed > succeeded),
    };
    let early = match subject.evidence.listing(status.at).captured {
        Some(Captured::At(taken)) => taken < period.from,
        Some(Captured::AtLeast(_)) | None => false,
    };
    let there = was_there(status, succeeded, period);
    there && !failed_since && !early && succeeded <= subject.generated_at
}

/// Whether the rule was activated before the period's end, and not deactivated after it last
/// succeeded. A time of no known moment may be any.
fn was_there(status: &RuleStatus, succeeded: Moment, period: &Period) -> bool {
    let came = status.activated.as_ref().map(AwsTime::moment);
    let went = status.deactivated.as_ref().map(AwsTime::moment);
    came.is_none_or(|came| came.is_some_and(|came| !period.is_before(came)))
        && went.is_none_or(|went| went.is_some_and(|went| went <= succeeded))
}

/// When the rule last failed in the period, if it did not succeed since.
pub fn fails_since(status: &RuleStatus, period: &Period) -> Option<Moment> {
    let failed = moment(status.failed.as_ref())?;
    let open = moment(status.succeeded.as_ref()).is_none_or(|succeeded| succeeded < failed);
    (open && period.contains(failed)).then_some(failed)
}
