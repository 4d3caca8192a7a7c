//! What stands on the summary's one page.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};

use super::failing::Failing;
use super::limits::{self, Limited};
use super::sheets::{People, has_sheet};
use super::view::title;
use crate::assess::{
    AccountSummary, Assessment, Automated, ControlRow, Finding, Gap, GapKind, Manual,
};
use crate::catalogue::{ControlId, Level};

/// The page's numbers.
pub(super) fn summary(
    assessment: &Assessment,
    failing: &Failing<'_>,
    people: &People<'_>,
) -> Value {
    let gaps = assessment.gaps.iter();
    let dark = gaps.filter(|gap| gap.kind == GapKind::NoData);
    let dark = dark.map(|gap| format!("{} {}", gap.at.account, gap.at.region));
    json!({
        "areas": areas(assessment),
        "domains": domains(assessment, failing, people),
        "failing": Limited::first(limits::IN_THE_SUMMARY, failing_controls(assessment, failing)),
        "accounts": Limited::first(limits::ACCOUNTS_IN_THE_SUMMARY, accounts(assessment)),
        "resources": touched(open(assessment)).len(),
        "no_data": Limited::first(limits::IN_A_CELL, dark.collect::<BTreeSet<_>>()),
        "gaps": gaps_by_kind(&assessment.gaps),
        "items": assessment.controls.iter().filter(|c| c.level == Level::Item).count(),
        "findings": assessment.findings.len(),
        "gone": assessment.gone.len(),
        "unmapped": failing.total(None),
    })
}

/// Items of an area by automated result.
#[derive(Serialize)]
struct AreaLine<'a> {
    id: ControlId,
    title: &'a str,
    items: u32,
    automated: BTreeMap<Automated, u32>,
}

fn areas(assessment: &Assessment) -> Vec<AreaLine<'_>> {
    let language = assessment.engagement.language;
    let mut areas: Vec<AreaLine<'_>> = Vec::new();
    for control in &assessment.controls {
        if control.level == Level::Area {
            areas.push(AreaLine {
                id: control.id,
                title: title(control, language),
                items: 0,
                automated: BTreeMap::new(),
            });
        }
        let Some((area, result)) = areas.last_mut().zip(control.result.as_ref()) else {
            continue;
        };
        if control.level == Level::Item {
            area.items += 1;
            *area.automated.entry(result.automated).or_default() += 1;
        }
    }
    areas
}

/// A domain with each of its items.
#[derive(Serialize)]
struct DomainLine<'a> {
    id: ControlId,
    title: &'a str,
    /// Whether its own rules, common evidence, have a sheet.
    sheet: bool,
    /// Failing findings of its own rules, without those that are excepted.
    failing: u64,
    items: Vec<ItemBox>,
}

#[derive(Serialize)]
struct ItemBox {
    id: ControlId,
    automated: Automated,
    manual: Manual,
    sheet: bool,
}

fn domains<'a>(
    assessment: &'a Assessment,
    failing: &Failing<'a>,
    people: &People<'a>,
) -> Vec<DomainLine<'a>> {
    let mut domains: Vec<DomainLine<'_>> = Vec::new();
    for control in &assessment.controls {
        match (control.level, &control.result) {
            (Level::Domain, _) => domains.push(DomainLine {
                id: control.id,
                title: title(control, assessment.engagement.language),
                sheet: has_sheet(control, people),
                failing: without_exception(failing, control.id).count() as u64,
                items: Vec::new(),
            }),
            (Level::Item, Some(result)) => domains.last_mut().into_iter().for_each(|domain| {
                domain.items.push(ItemBox {
                    id: control.id,
                    automated: result.automated,
                    manual: result.manual,
                    sheet: has_sheet(control, people),
                });
            }),
            _ => {}
        }
    }
    domains
}

fn without_exception<'f, 'a: 'f>(
    failing: &'f Failing<'a>,
    control: ControlId,
) -> impl Iterator<Item = &'a Finding> + use<'f, 'a> {
    let rules = failing.by_rule(Some(control)).into_iter();
    let findings = rules.flat_map(BTreeMap::values).flatten().copied();
    findings.filter(move |finding| !finding.is_excepted(Some(control)))
}

/// The resources of these.
fn touched<'a>(findings: impl Iterator<Item = &'a Finding>) -> BTreeSet<[&'a str; 4]> {
    let resource = |f: &'a Finding| -> [&'a str; 4] {
        [&f.account, &f.region, &f.resource_type, &f.resource_id]
    };
    findings.map(resource).collect()
}

/// What fails without an exception for all of its controls.
fn open(assessment: &Assessment) -> impl Iterator<Item = &Finding> {
    let findings = assessment.findings.iter();
    findings.filter(|finding| finding.is_failing() && !finding.is_excepted(None))
}

#[derive(Serialize)]
struct FailingLine<'a> {
    id: ControlId,
    title: &'a str,
    /// A domain's rules are common evidence.
    item: bool,
    failing: usize,
    resources: usize,
}

/// Controls and domains of which something fails, the most findings first.
fn failing_controls<'a>(assessment: &'a Assessment, failing: &Failing<'a>) -> Vec<FailingLine<'a>> {
    let line = |control: &'a ControlRow| FailingLine {
        id: control.id,
        title: title(control, assessment.engagement.language),
        item: control.level == Level::Item,
        failing: without_exception(failing, control.id).count(),
        resources: touched(without_exception(failing, control.id)).len(),
    };
    let mut lines: Vec<FailingLine<'_>> = assessment.controls.iter().map(line).collect();
    lines.retain(|line| line.failing > 0);
    lines.sort_by_key(|line| (std::cmp::Reverse(line.failing), line.id));
    lines
}

#[derive(Serialize)]
struct AccountLine<'a> {
    account: &'a str,
    name: Option<&'a str>,
    /// Of how many of its regions there is no data, and how many it has in scope.
    dark: usize,
    regions: usize,
    failing: usize,
    resources: usize,
}

/// All accounts in scope, the most failing findings first.
fn accounts<'a>(assessment: &'a Assessment) -> Vec<AccountLine<'a>> {
    let mut failing: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in open(assessment) {
        let of_account = failing.entry(&finding.account).or_default();
        of_account.push(finding);
    }
    let mut dark: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let gaps = assessment.gaps.iter();
    for gap in gaps.filter(|gap| gap.kind == GapKind::NoData) {
        let regions = dark.entry(&gap.at.account).or_default();
        regions.insert(&gap.at.region);
    }
    let line = |known: &'a AccountSummary| {
        let findings = failing.get(&*known.account);
        let findings = findings.map(Vec::as_slice).unwrap_or_default();
        AccountLine {
            account: &known.account,
            name: known.name.as_deref(),
            dark: dark.get(&*known.account).map_or(0, BTreeSet::len),
            regions: known.regions.len(),
            failing: findings.len(),
            resources: touched(findings.iter().copied()).len(),
        }
    };
    let known = assessment.engagement.accounts.iter();
    let mut lines: Vec<AccountLine<'_>> = known.map(line).collect();
    lines.sort_by_key(|line| (std::cmp::Reverse(line.failing), line.account));
    lines
}

#[derive(Serialize)]
struct GapCount {
    kind: GapKind,
    count: usize,
    /// How many controls they leave open.
    controls: usize,
}

fn gaps_by_kind(gaps: &[Gap]) -> Vec<GapCount> {
    let mut kinds: BTreeMap<GapKind, (usize, BTreeSet<ControlId>)> = BTreeMap::new();
    for gap in gaps {
        let (count, controls) = kinds.entry(gap.kind).or_default();
        *count += 1;
        controls.extend(&gap.controls);
    }
    let kinds = kinds.into_iter();
    kinds
        .map(|(kind, (count, controls))| GapCount {
            kind,
            count,
            controls: controls.len(),
        })
        .collect()
}
