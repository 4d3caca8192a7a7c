//! The rows of failing findings, as a sheet or an appendix shows them.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::Serialize;

use super::failing::{Failing, OfRule, Place};
use super::holdings::Holdings;
use super::limits::{self, Limited};
use super::rules::fix;
use super::view::account_name;
use crate::assess::{Assessment, AttributedBy, Finding, FindingId, ResolvedBy};
use crate::catalogue::ControlId;
use crate::decision::DecisionKind;

/// What a sheet shows of a control's failing findings.
#[derive(Default, Serialize)]
pub(super) struct FailingRows<'a> {
    rules: Vec<FailingRule<'a>>,
    shown: usize,
    total: usize,
}

/// Those of one rule, or some of them.
#[derive(Serialize)]
pub(super) struct FailingRule<'a> {
    rule: &'a str,
    /// All controls to which it maps.
    controls: &'a [ControlId],
    /// What to do about it.
    fix: Option<&'a str>,
    /// The first of the rows among all, from 1.
    first: usize,
    total: usize,
    /// The documents that hold all of them, where these are some.
    files: Vec<String>,
    /// Those of all rows; `None` where they differ.
    resource_type: Option<&'a str>,
    annotation: Option<&'a str>,
    shown: usize,
    sources: Vec<FailingSource<'a>>,
}

/// Rows of one deployed rule in one place, read from one document.
#[derive(Serialize)]
struct FailingSource<'a> {
    #[serde(flatten)]
    source: Source<'a>,
    rows: Vec<FailingRow<'a>>,
}

/// Where a verdict holds, of what it is, and where it was read.
#[derive(PartialEq, Serialize)]
struct Source<'a> {
    account: String,
    region: &'a str,
    /// The regions of a global finding.
    regions: Limited<&'a str>,
    /// `None` where the record itself tells its place.
    attributed_by: Option<AttributedBy>,
    deployed: Option<Deployed<'a>>,
    input: &'a str,
    sha256: Option<String>,
    document: u32,
}

/// What the sheet of a control shows, and where the rest is.
pub(super) fn of_control<'a>(
    assessment: &'a Assessment,
    failing: &Failing<'a>,
    holdings: &Holdings<'_, 'a>,
    place: Place,
) -> FailingRows<'a> {
    let rules: Vec<_> = failing.shown(place).collect();
    FailingRows {
        shown: rules.iter().map(|(_, shown)| shown).sum(),
        total: failing.total(place),
        rules: rules
            .into_iter()
            .map(|(of, shown)| of_rule(assessment, holdings, (place, of), (0, shown)))
            .collect(),
    }
}

/// The rows of a rule from the first to before the last of these two, as the sheet of a control
/// shows them; an appendix, which is no control's, shows as excepted what is so everywhere.
pub(super) fn of_rule<'a>(
    assessment: &'a Assessment,
    holdings: &Holdings<'_, 'a>,
    (place, of): (Place, OfRule<'_, 'a>),
    (start, end): (usize, usize),
) -> FailingRule<'a> {
    let OfRule { rule, findings } = of;
    let some = findings[start..end].iter();
    let mut rows: Vec<FailingRow<'a>> = some.map(|f| row(assessment, f, place)).collect();
    let resource_type = shared(&mut rows, |row| &mut row.resource_type);
    let annotation = shared(&mut rows, |row| &mut row.annotation);
    FailingRule {
        rule,
        controls: findings.first().map_or(&[], |finding| &finding.controls),
        fix: fix(rule, assessment.engagement.language),
        first: start + 1,
        total: findings.len(),
        files: if rows.len() < findings.len() {
            holdings.of_rule(rule)
        } else {
            Vec::new()
        },
        shown: rows.len(),
        resource_type,
        annotation,
        sources: by_source(assessment, &findings[start..end], rows),
    }
}

/// Each row is that of the finding in its place.
fn by_source<'a>(
    assessment: &Assessment,
    findings: &[&'a Finding],
    rows: Vec<FailingRow<'a>>,
) -> Vec<FailingSource<'a>> {
    let mut sources: Vec<FailingSource<'a>> = Vec::new();
    for (finding, row) in findings.iter().zip(rows) {
        let source = source(assessment, finding);
        match sources.last_mut().filter(|last| last.source == source) {
            Some(last) => last.rows.push(row),
            None => sources.push(FailingSource {
                source,
                rows: vec![row],
            }),
        }
    }
    sources
}

fn source<'a>(assessment: &Assessment, finding: &'a Finding) -> Source<'a> {
    let regions = finding.regions.iter().map(String::as_str);
    Source {
        account: account_name(&assessment.engagement.accounts, &finding.account),
        region: &finding.region,
        regions: Limited::first(limits::IN_A_CELL, regions),
        attributed_by: Some(finding.attributed_by).filter(|by| *by != AttributedBy::Element),
        deployed: (finding.deployed_rule != finding.rule).then_some(Deployed {
            name: &finding.deployed_rule,
            resolved_by: finding.resolved_by,
        }),
        input: finding.source.input(),
        sha256: finding.source.sha256().map(|digest| digest.short(12)),
        document: finding.source.document(),
    }
}

/// Under which name the rule is deployed, where it is not its own.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
struct Deployed<'a> {
    name: &'a str,
    resolved_by: ResolvedBy,
}

/// Takes a text that all rows share out of them, unless it is long.
fn shared<'a>(
    rows: &mut [FailingRow<'a>],
    text: impl for<'r> Fn(&'r mut FailingRow<'a>) -> &'r mut Option<&'a str>,
) -> Option<&'a str> {
    let first = (*text(rows.first_mut()?))?;
    let is_short = first.chars().nth(limits::SHARED).is_none();
    if !is_short || rows.iter_mut().any(|row| *text(row) != Some(first)) {
        return None;
    }
    for row in rows {
        *text(row) = None;
    }
    Some(first)
}

#[derive(Serialize)]
struct FailingRow<'a> {
    id: FindingId,
    excepted: bool,
    resource_type: Option<&'a str>,
    resource_id: &'a str,
    resource_name: Option<&'a str>,
    annotation: Option<&'a str>,
    /// When the rule ran.
    evaluated: Option<String>,
    /// When AWS recorded the verdict, where it is not told when the rule ran.
    recorded: Option<String>,
    unknown_zone: bool,
    copies: usize,
    pointer: Cow<'a, str>,
    decision: Option<DecisionLine<'a>>,
}

#[derive(Serialize)]
struct DecisionLine<'a> {
    id: &'a str,
    kind: DecisionKind,
    effective: bool,
    owner: &'a str,
    expires_on: Option<NaiveDate>,
    /// Empty where it holds for all controls of the finding.
    only_for: &'a [ControlId],
}

fn row<'a>(assessment: &Assessment, finding: &'a Finding, place: Place) -> FailingRow<'a> {
    let zone = assessment.engagement.period.zone();
    let evaluated = finding.evaluated_at.as_ref();
    let recorded = finding.recorded_at.as_ref();
    let told = evaluated.or(recorded);
    let annotation = finding.annotation.as_deref();
    FailingRow {
        id: finding.id,
        excepted: finding.is_excepted(place),
        resource_type: Some(&finding.resource_type),
        resource_id: &finding.resource_id,
        resource_name: finding.resource_name.as_deref(),
        annotation: annotation.filter(|text| !text.trim().is_empty()),
        evaluated: evaluated.map(|time| time.in_zone(zone)),
        recorded: recorded
            .filter(|_| evaluated.is_none())
            .map(|time| time.in_zone(zone)),
        unknown_zone: told.is_some_and(|time| time.moment().is_none()),
        copies: finding.copies().count(),
        pointer: finding.source.pointer(),
        decision: finding.decision.as_ref().map(|decision| DecisionLine {
            id: &decision.id,
            kind: decision.kind,
            effective: decision.effective,
            owner: &decision.owner,
            expires_on: decision.expires_on,
            only_for: &decision.only_for,
        }),
    }
}
