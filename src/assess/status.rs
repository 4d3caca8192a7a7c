//! What a rule's evaluation status proves.

use crate::catalogue::Trigger;
use crate::evidence::RuleStatus;
use crate::export::path::place_of_arn;
use crate::period::Period;
use crate::time::{AwsTime, Moment};

use super::Subject;
use super::place::CopyKey;
use super::when::replaces;

fn moment(time: Option<&AwsTime>) -> Option<Moment> {
    time.and_then(AwsTime::moment)
}

/// The deployed rule whose status it is, where its place is known.
pub fn copy_of(status: &RuleStatus, subject: &Subject<'_>) -> Option<CopyKey> {
    let arn = status.arn.as_deref().and_then(place_of_arn);
    let place = arn.unwrap_or_else(|| subject.evidence.listing(status.at).path_place.clone());
    Some((place.account?, place.region?, status.rule.clone()))
}

/// Whether one status takes the place of another: it was taken certainly later, or it has a later
/// success or failure, which the other would have if it were the later one.
pub fn is_later(one: &RuleStatus, other: &RuleStatus, subject: &Subject<'_>) -> bool {
    let period = &subject.engagement.period;
    let taken = |status: &RuleStatus| subject.taken(status.at.listing);
    let (first, second) = (taken(one), taken(other));
    if first.is_some() && second.is_some() {
        return replaces(first, second, period);
    }
    let zoned =
        |status: &RuleStatus| (status.failed.as_ref()).is_none_or(|time| time.moment().is_some());
    let latest =
        |status: &RuleStatus| moment(status.succeeded.as_ref()).max(moment(status.failed.as_ref()));
    zoned(one) && zoned(other) && replaces(latest(one), latest(other), period)
}

/// When the rule succeeded, if it did not fail since. A periodic rule must have run in the period
/// or since; one that runs on changes does not run where nothing changes. A status that was taken
/// before the period proves nothing, neither does a success that is yet to come, nor one beside an
/// error of unknown time. Nor does that of a rule that came after the period, or was put away since.
pub fn ran(status: &RuleStatus, trigger: Trigger, subject: &Subject<'_>) -> Option<Moment> {
    let period = &subject.engagement.period;
    let succeeded = moment(status.succeeded.as_ref())?;
    let in_time = trigger == Trigger::ConfigurationChange
        || period.contains(succeeded)
        || period.is_before(succeeded);
    (in_time && holds(status, succeeded, subject)).then_some(succeeded)
}

/// Whether a success proves anything, whenever the rule runs.
fn holds(status: &RuleStatus, succeeded: Moment, subject: &Subject<'_>) -> bool {
    let period = &subject.engagement.period;
    let failed_since = match &status.failed {
        None => status.error.is_some(),
        Some(failed) => moment(Some(failed)).is_none_or(|failed| {
            failed > succeeded || failed == succeeded && status.error.is_some()
        }),
    };
    let taken = subject.taken(status.at.listing);
    let early = taken.is_some_and(|taken| taken < period.from);
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

/// A failed evaluation that nothing has made good.
pub enum Failed {
    /// In the period, at this moment.
    At(Moment),
    /// At a time that is not known.
    Once,
}

/// Whether the rule last failed in the period, and did not succeed since in it.
pub fn fails_since(status: &RuleStatus, period: &Period) -> Option<Failed> {
    let Some(time) = &status.failed else {
        return status.error.is_some().then_some(Failed::Once);
    };
    let Some(failed) = time.moment() else {
        return Some(Failed::Once);
    };
    let succeeded = moment(status.succeeded.as_ref());
    let open = !replaces(succeeded, Some(failed), period) && succeeded != Some(failed);
    (open && period.contains(failed)).then_some(Failed::At(failed))
}
