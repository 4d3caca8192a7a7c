//! The failing findings of each control, and how many of them its sheet shows.

use std::collections::{BTreeMap, BTreeSet};

use super::limits::{self, share};
use crate::assess::{Assessment, Finding};
use crate::catalogue::ControlId;

/// A control of the scheme; `None` for all rules that map to none of them.
pub(super) type Place = Option<ControlId>;

/// The failing findings of one control, by rule, those without an exception first.
pub(super) type ByRule<'a> = BTreeMap<&'a str, Vec<&'a Finding>>;

/// The failing findings of one rule.
#[derive(Clone, Copy)]
pub(super) struct OfRule<'f, 'a> {
    pub rule: &'a str,
    pub findings: &'f [&'a Finding],
}

/// All failing findings, and how many of each control's the report shows.
pub(super) struct Failing<'a> {
    places: BTreeMap<Place, ByRule<'a>>,
    /// Of each rule of the control, in their order.
    shown: BTreeMap<Place, Vec<usize>>,
}

impl<'a> Failing<'a> {
    pub(super) fn of(assessment: &'a Assessment) -> Self {
        let places = by_place(assessment);
        let sizes: Vec<usize> = places.values().map(size).collect();
        let limit = if sizes.iter().sum::<usize>() > limits::FINDINGS {
            limits::FINDINGS_OF_MORE
        } else {
            limits::FINDINGS
        };
        let shares = places.iter().zip(share(limit, &sizes));
        let shown = shares.map(|((place, rules), limit)| {
            let sizes: Vec<usize> = rules.values().map(Vec::len).collect();
            (*place, share(limit, &sizes))
        });
        Self {
            shown: shown.collect(),
            places,
        }
    }

    /// The findings of one control, by rule.
    pub(super) fn by_rule(&self, place: Place) -> Option<&ByRule<'a>> {
        self.places.get(&place)
    }

    /// How many there are of one control.
    pub(super) fn total(&self, place: Place) -> usize {
        self.places.get(&place).map_or(0, size)
    }

    /// The rules of one control, each with how many of its findings the sheet shows.
    pub(super) fn shown(&self, place: Place) -> impl Iterator<Item = (OfRule<'_, 'a>, usize)> {
        let rules = self.places.get(&place).into_iter().flatten();
        let rules = rules.map(|(&rule, findings)| OfRule { rule, findings });
        let shares = self.shown.get(&place).into_iter().flatten();
        rules.zip(shares.copied())
    }

    /// The rules of which some sheet does not show all, each once: with the first of its controls.
    pub(super) fn cut(&self) -> impl Iterator<Item = (Place, OfRule<'_, 'a>)> {
        let everywhere = || {
            let places = self.places.keys().copied();
            places.flat_map(|place| self.shown(place).map(move |shown| (place, shown)))
        };
        let cut: BTreeSet<&str> = everywhere()
            .filter(|(_, (of, shown))| *shown < of.findings.len())
            .map(|(_, (of, _))| of.rule)
            .collect();
        let mut met = BTreeSet::new();
        everywhere()
            .map(|(place, (of, _))| (place, of))
            .filter(move |(_, of)| cut.contains(of.rule) && met.insert(of.rule))
    }
}

/// A finding is with each control of the scheme to which its rule maps.
fn by_place(assessment: &Assessment) -> BTreeMap<Place, ByRule<'_>> {
    let controls: BTreeSet<ControlId> = assessment.controls.iter().map(|c| c.id).collect();
    let mut places: BTreeMap<Place, ByRule<'_>> = BTreeMap::new();
    for finding in assessment.findings.iter().filter(|f| f.is_failing()) {
        let mut mapped = finding.controls.iter().filter(|id| controls.contains(id));
        let first = mapped.next().copied();
        for place in std::iter::once(first).chain(mapped.copied().map(Some)) {
            let of_rule = places.entry(place).or_default();
            of_rule.entry(&finding.rule).or_default().push(finding);
        }
    }
    for (place, rules) in &mut places {
        for findings in rules.values_mut() {
            findings.sort_by(|a, b| in_order(a, *place).cmp(&in_order(b, *place)));
        }
    }
    places
}

/// Those without an exception first; then what was read from one place stays together.
fn in_order(finding: &Finding, place: Place) -> impl Ord + use<'_> {
    (
        finding.is_excepted(place),
        &finding.account,
        &finding.region,
        &finding.deployed_rule,
        finding.source.input(),
        finding.source.document(),
    )
}

fn size(rules: &ByRule<'_>) -> usize {
    rules.values().map(Vec::len).sum()
}
