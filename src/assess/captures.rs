//! When exports were taken that do not say so themselves.

use std::collections::BTreeMap;

use crate::evidence::{Captured, EvaluationResult, Text};
use crate::time::{AwsTime, Moment};

use super::Subject;
use super::attributed::Attributions;

/// When exports were taken, where they do not say so: not before the latest time seen in the
/// same account and region. What is yet to come was not seen.
#[derive(Debug, Default)]
pub struct Captures {
    latest: BTreeMap<(Text, Text), Moment>,
}

impl Captures {
    /// Looks through all records that tell a time.
    pub fn new(subject: &Subject<'_>, attributions: &Attributions) -> Self {
        let mut captures = Self::default();
        let seen = |moment: &Moment| *moment <= subject.generated_at;
        let mut latest = vec![None; attributions.places.len()];
        for (evaluation, index) in attributions.evaluations(subject) {
            let times = [&evaluation.recorded_at, &evaluation.evaluated_at];
            let moments = times.into_iter().flatten().filter_map(AwsTime::moment);
            latest[index] = moments.filter(seen).max().max(latest[index]);
        }
        for (at, latest) in attributions.places.iter().zip(latest) {
            captures.note(at.account.clone(), at.region.clone(), latest);
        }
        let items = &subject.evidence.items;
        for (kind, latest) in items.kinds().iter().zip(items.latest_of_kinds()) {
            let place = &kind.place;
            let latest = latest.filter(seen);
            captures.note(place.account.clone(), place.region.clone(), latest);
        }
        captures
    }

    fn note(&mut self, account: Option<Text>, region: Option<Text>, latest: Option<Moment>) {
        if let (Some(account), Some(region), Some(latest)) = (account, region, latest) {
            let known = self.latest.entry((account, region)).or_insert(latest);
            *known = latest.max(*known);
        }
    }

    /// When the export of this evaluation was taken.
    pub fn of(
        &self,
        evaluation: &EvaluationResult,
        account: &Text,
        region: &Text,
        subject: &Subject<'_>,
    ) -> Option<Captured> {
        let told = subject.captured(evaluation.at.listing);
        told.or_else(|| self.at_least(account, region))
    }

    /// The latest time seen at a place.
    pub fn at_least(&self, account: &Text, region: &Text) -> Option<Captured> {
        let latest = self.latest.get(&(account.clone(), region.clone()));
        latest.copied().map(Captured::AtLeast)
    }
}
