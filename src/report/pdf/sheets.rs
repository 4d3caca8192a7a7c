//! One sheet for each control of which there is automated or manual evidence.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::failing::Failing;
use super::holdings::Holdings;
use super::limits::{self, Limited};
use super::rows::{self, FailingRows};
use super::rules::{RuleLine, Rules};
use super::text::lines;
use super::view::{account_name, in_language, title};
use crate::assess::{
    AccountSummary, Assessment, Automated, ControlResult, ControlRow, Counts, DecisionState,
    GapKind, Manual, Reason, ReasonKind, StatementOfOperation,
};
use crate::catalogue::{ControlId, Level, guidance};
use crate::decision::DecisionKind;
use crate::engagement::Language;

/// What people said and handed in, by control.
pub(super) struct People<'a> {
    statement: BTreeMap<ControlId, Statement<'a>>,
    evidence: BTreeMap<ControlId, Vec<FileLine<'a>>>,
    decisions: BTreeMap<ControlId, Vec<DecisionRef<'a>>>,
}

impl<'a> People<'a> {
    pub(super) fn of(assessment: &'a Assessment) -> Self {
        let said = assessment.statement.iter().filter_map(Statement::of);
        let mut people = Self {
            statement: said.collect(),
            evidence: BTreeMap::new(),
            decisions: BTreeMap::new(),
        };
        for row in &assessment.manual_evidence {
            let files = people.evidence.entry(row.control_id).or_default();
            files.push(FileLine {
                id: &row.id,
                path: &row.path,
                sha256: row.sha256.to_string(),
                bytes: row.bytes,
            });
        }
        for row in &assessment.decisions {
            let Some(control) = row.control_id else {
                continue;
            };
            let decisions = people.decisions.entry(control).or_default();
            decisions.push(DecisionRef {
                id: &row.id,
                kind: row.kind,
                state: row.state,
                owner: &row.owner,
                expires_on: row.expires_on,
            });
        }
        people
    }

    fn know(&self, control: ControlId) -> bool {
        self.statement.contains_key(&control)
            || self.evidence.contains_key(&control)
            || self.decisions.contains_key(&control)
    }
}

/// How the applicant says that a control is operated.
#[derive(Clone, Serialize)]
struct Statement<'a> {
    selected: &'a str,
    operation: Vec<String>,
    documents: Vec<String>,
    records: Vec<String>,
}

impl<'a> Statement<'a> {
    /// `None` where the applicant said nothing, or only that the control is selected.
    fn of(row: &'a StatementOfOperation) -> Option<(ControlId, Self)> {
        let said = Self {
            selected: &row.selected,
            operation: lines(&row.operation),
            documents: lines(&row.documents),
            // One record a line: a cited file is found at a glance.
            records: lines(&row.records.replace("; ", "\n")),
        };
        let told = [&said.operation, &said.documents, &said.records];
        let anything = told.iter().any(|text| !text.is_empty()) || said.selected == "N";
        anything.then_some((row.control_id, said))
    }
}

/// A file of manual evidence.
#[derive(Serialize)]
struct FileLine<'a> {
    id: &'a str,
    path: &'a str,
    sha256: String,
    bytes: u64,
}

/// A decision on the control itself.
#[derive(Serialize)]
struct DecisionRef<'a> {
    id: &'a str,
    kind: DecisionKind,
    state: DecisionState,
    owner: &'a str,
    expires_on: Option<NaiveDate>,
}

/// Whether a control has a sheet: it has rules, or somebody said something of it.
pub(super) fn has_sheet(control: &ControlRow, people: &People<'_>) -> bool {
    control.result.is_some() && (!control.rules.is_empty() || people.know(control.id))
}

/// The reasons that are no failing resources: what was not seen, or not as it should be.
pub(super) fn open_reasons(reasons: &[Reason]) -> impl Iterator<Item = &Reason> {
    reasons
        .iter()
        .filter(|r| !matches!(r.reason, ReasonKind::NonCompliant | ReasonKind::Excepted))
}

#[derive(Serialize)]
pub(super) struct Sheet<'a> {
    id: ControlId,
    title: &'a str,
    item: bool,
    /// Only items have a verdict.
    automated: Option<Automated>,
    manual: Option<Manual>,
    /// What other evidence has to show.
    not_shown: Option<&'a str>,
    counts: Counts,
    /// How many rules of the whole domain are common evidence.
    support: usize,
    /// How many findings of these fail.
    support_failing: u64,
    rules: Vec<RuleLine<'a>>,
    reasons: Limited<ReasonLine<'a>>,
    /// Where it was seen, but not shown that no filter was applied. It decides nothing.
    unfiltered: Limited<PlacesLine<'a>>,
    failing: FailingRows<'a>,
    statement: Option<Statement<'a>>,
    evidence: Limited<&'a FileLine<'a>>,
    decisions: Limited<&'a DecisionRef<'a>>,
}

/// All sheets, in the order of the table.
pub(super) fn sheets<'a>(
    assessment: &'a Assessment,
    failing: &Failing<'a>,
    holdings: &Holdings<'_, 'a>,
    people: &'a People<'a>,
) -> Vec<Sheet<'a>> {
    let rules = Rules::of(assessment);
    let controls = assessment.controls.iter();
    let controls = controls.filter(|control| has_sheet(control, people));
    controls
        .filter_map(|control| {
            let result = control.result.as_ref()?;
            let of_control = Sheet {
                failing: rows::of_control(assessment, failing, holdings, Some(control.id)),
                rules: control.rules.iter().map(|name| rules.line(name)).collect(),
                unfiltered: unfiltered(assessment, control, &rules),
                ..sheet(assessment, control, result, people)
            };
            Some(of_control)
        })
        .collect()
}

/// A sheet without what its rules say.
fn sheet<'a>(
    assessment: &'a Assessment,
    control: &'a ControlRow,
    result: &'a ControlResult,
    people: &'a People<'a>,
) -> Sheet<'a> {
    let item = control.level == Level::Item;
    let language = assessment.engagement.language;
    let evidence = people.evidence.get(&control.id).into_iter().flatten();
    let decisions = people.decisions.get(&control.id).into_iter().flatten();
    Sheet {
        id: control.id,
        title: title(control, language),
        item,
        automated: item.then_some(result.automated),
        manual: item.then_some(result.manual),
        not_shown: not_shown(control.id, language),
        counts: result.counts,
        support: result.support.len(),
        support_failing: failing_of_domain(assessment, control.id),
        rules: Vec::new(),
        reasons: reasons(assessment, &result.reasons),
        unfiltered: Limited::first(0, []),
        failing: FailingRows::default(),
        statement: people.statement.get(&control.id).cloned(),
        evidence: Limited::first(limits::FILES_PER_CONTROL, evidence),
        decisions: Limited::first(limits::IN_A_CELL, decisions),
    }
}

/// How many findings of the rules fail that are mapped to the whole domain of an item.
fn failing_of_domain(assessment: &Assessment, id: ControlId) -> u64 {
    let mut controls = assessment.controls.iter();
    let domain = controls.find(|control| Some(control.id) == id.domain());
    let result = domain.and_then(|domain| domain.result.as_ref());
    result.map_or(0, |result| result.counts.non_compliant)
}

fn not_shown(id: ControlId, language: Language) -> Option<&'static str> {
    let row = guidance().controls.get(&id)?;
    Some(in_language(language, &row.not_shown_ko, &row.not_shown_en))
}

/// One reason in the same places, with all rules that have it there.
#[derive(Serialize)]
struct ReasonLine<'a> {
    reason: ReasonKind,
    rules: Limited<&'a str>,
    /// Each an account with its regions.
    places: Limited<PlacesLine<'a>>,
}

#[derive(Serialize)]
struct PlacesLine<'a> {
    account: String,
    regions: BTreeSet<&'a str>,
}

type Places<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// What stands against `compliant` and is no failing resource: those have rows of their own.
fn reasons<'a>(assessment: &'a Assessment, reasons: &'a [Reason]) -> Limited<ReasonLine<'a>> {
    let mut of_rules: BTreeMap<_, Places<'a>> = BTreeMap::new();
    for reason in open_reasons(reasons) {
        let places = of_rules.entry((reason.reason, &*reason.rule)).or_default();
        let regions = places.entry(&reason.at.account).or_default();
        regions.insert(&reason.at.region);
    }
    let mut lines: BTreeMap<(ReasonKind, Places<'a>), Vec<&'a str>> = BTreeMap::new();
    for ((reason, rule), places) in of_rules {
        lines.entry((reason, places)).or_default().push(rule);
    }
    let accounts = &assessment.engagement.accounts;
    let lines = lines
        .into_iter()
        .map(|((reason, places), rules)| ReasonLine {
            reason,
            rules: Limited::first(limits::RULES_OF_A_REASON, rules),
            places: lines_of(accounts, places),
        });
    Limited::first(limits::REASONS_PER_CONTROL, lines)
}

fn lines_of<'a>(accounts: &[AccountSummary], places: Places<'a>) -> Limited<PlacesLine<'a>> {
    let lines = places.into_iter().map(|(account, regions)| PlacesLine {
        account: account_name(accounts, account),
        regions,
    });
    Limited::first(limits::IN_A_CELL, lines)
}

/// The places with a gap of this kind at which a rule of the control was seen.
fn unfiltered<'a>(
    assessment: &'a Assessment,
    control: &ControlRow,
    rules: &Rules<'a>,
) -> Limited<PlacesLine<'a>> {
    let gaps = assessment.gaps.iter();
    let gaps = gaps.filter(|gap| gap.kind == GapKind::FilterNotExcluded);
    let open: BTreeSet<(&str, &str)> = gaps
        .map(|gap| (&*gap.at.account, &*gap.at.region))
        .collect();
    let mut places: Places<'a> = BTreeMap::new();
    for seen in control.rules.iter().flat_map(|rule| rules.seen_at(rule)) {
        if open.contains(&(&*seen.at.account, &*seen.at.region)) {
            let regions = places.entry(&seen.at.account).or_default();
            regions.insert(&seen.at.region);
        }
    }
    lines_of(&assessment.engagement.accounts, places)
}
