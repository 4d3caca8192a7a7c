//! How many resources of a deployed rule failed at a moment, by all that was ever read of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::ComplianceType;
use crate::time::Moment;

use super::gone::Gone;
use super::placed::Verdicts;

/// The history of each resource that ever failed.
#[derive(Debug, Default)]
pub struct Failures(Vec<History>);

/// What was said of one resource, and when.
#[derive(Debug, Default)]
struct History {
    /// When it was recorded, and whether it failed.
    verdicts: Vec<(Option<Moment>, bool)>,
    /// When the resource was deleted.
    deleted: Option<Moment>,
}

impl History {
    fn failed_at(&self, moment: Moment) -> bool {
        let until = self
            .verdicts
            .iter()
            .filter(|(at, _)| at.is_none_or(|at| at <= moment));
        // Of verdicts of one moment the worse counts.
        let latest = until.max_by_key(|(at, fails)| (*at, *fails));
        let there = self.deleted.is_none_or(|deleted| deleted > moment);
        there && latest.is_some_and(|(_, fails)| *fails)
    }
}

impl Failures {
    /// How many failed at that moment; none are known to have where it is not known.
    pub fn at(&self, moment: Option<Moment>) -> u64 {
        let Some(moment) = moment else { return 0 };
        self.0
            .iter()
            .filter(|history| history.failed_at(moment))
            .count() as u64
    }
}

/// The histories of these deployed rules.
pub fn of_copies(
    copies: &BTreeSet<usize>,
    placed: &Verdicts<'_>,
    gone: &Gone<'_>,
) -> BTreeMap<usize, Failures> {
    let mut found: BTreeMap<(usize, &str, &str), History> = BTreeMap::new();
    let of_these = || {
        placed
            .counted
            .iter()
            .filter(|v| copies.contains(&v.copy.index))
    };
    let fails = |compliance| compliance == ComplianceType::NonCompliant;
    for verdict in of_these().filter(|verdict| fails(verdict.evaluation.compliance)) {
        let evaluation = verdict.evaluation;
        let key = (
            verdict.copy.index,
            &*evaluation.resource_type,
            &*evaluation.resource_id,
        );
        let history = found.entry(key).or_default();
        history.deleted = history.deleted.max(gone.deletion(verdict));
    }
    if found.is_empty() {
        return BTreeMap::new();
    }
    for verdict in of_these() {
        let evaluation = verdict.evaluation;
        let key = (
            verdict.copy.index,
            &*evaluation.resource_type,
            &*evaluation.resource_id,
        );
        if let Some(history) = found.get_mut(&key) {
            history
                .verdicts
                .push((verdict.moment(), fails(evaluation.compliance)));
        }
    }
    let mut all: BTreeMap<usize, Failures> = BTreeMap::new();
    for ((copy, ..), history) in found {
        all.entry(copy).or_default().0.push(history);
    }
    all
}
