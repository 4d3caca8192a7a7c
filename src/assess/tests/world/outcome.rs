//! What is concluded, as far as it must not depend on how exports are kept.

use std::collections::{BTreeMap, BTreeSet};

use super::desk::Desk;
use super::estate::Estate;
use super::play::{Wrong, asks, conclude};
use super::take::Files;
use crate::assess::{Automated, GapKind};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// By control: the result.
    pub results: BTreeMap<String, Automated>,
    /// By control: counts and reasons.
    pub told: BTreeMap<String, String>,
    /// Kind, place, rule and command of each gap.
    pub gaps: BTreeSet<(GapKind, String)>,
}

impl Outcome {
    pub fn of(desk: &mut Desk, estate: &Estate, files: &Files) -> Result<Self, Wrong> {
        let (assessed, _) = conclude(desk, estate, files)?;
        let rows = || {
            assessed
                .0
                .controls
                .iter()
                .filter_map(|row| Some((row.id.to_string(), row.result.as_ref()?)))
        };
        let gaps = assessed.0.gaps.iter().map(|gap| {
            let text = format!(
                "{} {} {} {}",
                gap.at.account,
                gap.at.region,
                gap.rule,
                asks(gap)
            );
            (gap.kind, text)
        });
        Ok(Self {
            results: rows().map(|(id, result)| (id, result.automated)).collect(),
            told: rows()
                .map(|(id, result)| (id, format!("{:?} {:?}", result.counts, result.reasons)))
                .collect(),
            gaps: gaps.collect(),
        })
    }

    /// The first difference between two.
    pub fn differs(&self, other: &Self) -> Option<String> {
        for (id, result) in &self.results {
            let changed = other.results.get(id);
            if changed != Some(result) {
                return Some(format!("{id} was {result:?} and is {changed:?}"));
            }
            if self.told.get(id) != other.told.get(id) {
                return Some(format!(
                    "{id} was {:?} and is {:?}",
                    self.told.get(id),
                    other.told.get(id)
                ));
            }
        }
        let gap = self.gaps.symmetric_difference(&other.gaps).next()?;
        Some(format!(
            "gap {:?} {} (there before: {})",
            gap.0,
            gap.1,
            self.gaps.contains(gap)
        ))
    }

    /// A control that passes here and does not in the others.
    pub fn passes_beyond(&self, others: &[&Self]) -> Option<String> {
        let passes =
            |result: Automated| matches!(result, Automated::Compliant | Automated::NothingToCheck);
        let mut passing = self.results.iter().filter(|(_, result)| passes(**result));
        let found = passing.find(|(id, _)| others.iter().all(|other| !passes(other.results[*id])));
        found.map(|(id, result)| format!("{id} was {:?} and is {result:?}", others[0].results[id]))
    }

    /// A control that fails in the other and not here.
    pub fn forgets(&self, other: &Self) -> Option<String> {
        let failing = other
            .results
            .iter()
            .filter(|(_, result)| **result == Automated::NonCompliant);
        let mut lost = failing.filter(|(id, _)| self.results[*id] != Automated::NonCompliant);
        lost.next()
            .map(|(id, _)| format!("{id} was NonCompliant and is {:?}", self.results[id]))
    }
}
