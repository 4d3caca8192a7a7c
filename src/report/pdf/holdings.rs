//! Which appendix holds which failing findings.
//!
//! Every rule of which some sheet shows only a part lies whole in the appendices, once: with the
//! first of its controls. The controls of one domain share their files, for an auditor judges a
//! domain, and a document takes time of its own however few rows it has.

use std::collections::BTreeMap;

use serde::Serialize;

use super::failing::{Failing, OfRule, Place};
use super::limits::PART_ROWS;

/// One document of those that hold a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Volume {
    pub path: String,
    /// From 1.
    pub part: usize,
    pub parts: usize,
    /// The first of its rows, from 1.
    pub first: usize,
    pub last: usize,
    /// Rows of all parts together.
    pub total: usize,
}

/// The documents of a list of so many rows, all about equally long.
pub(super) fn volumes(stem: &str, total: usize) -> Vec<Volume> {
    let parts = total.div_ceil(PART_ROWS);
    let path = |part| match parts {
        1 => format!("data/appendix/{stem}.pdf"),
        _ => format!("data/appendix/{stem}-{part:03}.pdf"),
    };
    (1..=parts)
        .map(|part| Volume {
            path: path(part),
            part,
            parts,
            first: total * (part - 1) / parts + 1,
            last: total * part / parts,
            total,
        })
        .collect()
}

/// The paths of these documents.
pub(super) fn paths(volumes: Vec<Volume>) -> Vec<String> {
    volumes.into_iter().map(|volume| volume.path).collect()
}

/// What one document holds of a rule.
pub(super) struct Slice<'f, 'a> {
    /// The first control of the rule.
    pub place: Place,
    /// With all its findings.
    pub of: OfRule<'f, 'a>,
    /// Which of them the document holds: from the first, before the last.
    pub rows: (usize, usize),
}

/// One document of failing findings.
pub(super) struct File<'f, 'a> {
    pub volume: Volume,
    pub domain: Place,
    pub slices: Vec<Slice<'f, 'a>>,
}

/// All documents of failing findings.
pub(super) struct Holdings<'f, 'a> {
    files: Vec<File<'f, 'a>>,
}

impl<'f, 'a> Holdings<'f, 'a> {
    pub(super) fn of(failing: &'f Failing<'a>) -> Self {
        let mut domains: BTreeMap<Place, Vec<(Place, OfRule<'f, 'a>)>> = BTreeMap::new();
        for (place, of) in failing.cut() {
            let domain = place.map(|control| control.domain().unwrap_or(control));
            domains.entry(domain).or_default().push((place, of));
        }
        let files = domains.into_iter();
        Self {
            files: files
                .flat_map(|(domain, rules)| of_domain(domain, &rules))
                .collect(),
        }
    }

    /// In the order of the controls.
    pub(super) fn files(&self) -> &[File<'f, 'a>] {
        &self.files
    }

    /// The paths of those that hold the rule.
    pub(super) fn of_rule(&self, rule: &str) -> Vec<String> {
        let holds = |file: &&File<'_, '_>| file.slices.iter().any(|slice| slice.of.rule == rule);
        let files = self.files.iter().filter(holds);
        files.map(|file| file.volume.path.clone()).collect()
    }
}

fn of_domain<'f, 'a>(domain: Place, rules: &[(Place, OfRule<'f, 'a>)]) -> Vec<File<'f, 'a>> {
    let stem = match domain {
        Some(control) => format!("findings-{control}"),
        None => "findings-unmapped".to_owned(),
    };
    let total = rules.iter().map(|(_, of)| of.findings.len()).sum();
    let volumes = volumes(&stem, total).into_iter();
    volumes
        .map(|volume| File {
            slices: slices(rules, volume.first - 1, volume.last),
            volume,
            domain,
        })
        .collect()
}

/// What lies between two rows of all of them, from `start` and before `end`.
fn slices<'f, 'a>(
    rules: &[(Place, OfRule<'f, 'a>)],
    start: usize,
    end: usize,
) -> Vec<Slice<'f, 'a>> {
    let mut before = 0;
    let mut slices = Vec::new();
    for &(place, of) in rules {
        let within = |row: usize| row.clamp(before, before + of.findings.len()) - before;
        let rows = (within(start), within(end));
        if rows.0 < rows.1 {
            slices.push(Slice { place, of, rows });
        }
        before += of.findings.len();
    }
    slices
}
