//! What was not seen, by kind and place.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::limits::{self, Limited};
use crate::assess::{Gap, GapKind};
use crate::catalogue::ControlId;

/// The gaps of one kind in one account and region, all rules together.
#[derive(Serialize)]
pub(super) struct GapLine<'a> {
    kind: GapKind,
    account: &'a str,
    region: &'a str,
    count: usize,
    rules: Limited<&'a str>,
    controls: Limited<ControlId>,
    inputs: Limited<&'a str>,
    details: Limited<&'a str>,
    commands: Limited<&'a str>,
}

/// The lines of the table of gaps.
pub(super) fn gaps(gaps: &[Gap]) -> Limited<GapLine<'_>> {
    let mut groups: BTreeMap<_, Vec<&Gap>> = BTreeMap::new();
    for gap in gaps {
        let place = (gap.kind, gap.at.account.as_str(), gap.at.region.as_str());
        groups.entry(place).or_default().push(gap);
    }
    let lines = groups
        .into_iter()
        .map(|((kind, account, region), gaps)| GapLine {
            kind,
            account,
            region,
            count: gaps.len(),
            rules: distinct(limits::IN_A_CELL, &gaps, |gap| &gap.rule),
            controls: Limited::first(
                limits::IN_A_CELL,
                gaps.iter()
                    .flat_map(|gap| gap.controls.iter().copied())
                    .collect::<BTreeSet<_>>(),
            ),
            inputs: distinct(limits::IN_A_CELL, &gaps, |gap| &gap.at.input),
            details: distinct(limits::IN_A_CELL, &gaps, |gap| &gap.detail),
            commands: distinct(limits::COMMANDS_IN_A_CELL, &gaps, |gap| &gap.at.command),
        });
    Limited::first(limits::GAPS, lines)
}

fn distinct<'a>(
    limit: usize,
    gaps: &[&'a Gap],
    field: impl Fn(&'a Gap) -> &'a String,
) -> Limited<&'a str> {
    let values: BTreeSet<&str> = gaps.iter().map(|gap| field(gap).as_str()).collect();
    let given = values.into_iter().filter(|value| !value.is_empty());
    Limited::first(limit, given)
}
