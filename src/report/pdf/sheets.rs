//! One sheet for each control with rules: its rules, the reasons, the failing resources.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{FixedOffset, NaiveDate};
use serde::Serialize;

use super::limits::{self, Limited, share};
use super::view::{account_name, in_language, in_zone, title};
use crate::assess::{
    Assessment, AttributedBy, Automated, ControlResult, ControlRow, Counts, DeployedRule, Finding,
    FindingId, Manual, Reason, ReasonKind, ResolvedBy, RuleRow, Seen, WeakerParameter,
};
use crate::catalogue::{ControlId, Level, Reach, Trigger, guidance};
use crate::decision::DecisionKind;
use crate::engagement::Language;
use crate::evidence::ComplianceType;
use crate::time::AwsTime;

/// The assessment's findings and rules by what a sheet asks for.
pub(super) struct Index<'a> {
    failing: BTreeMap<ControlId, Vec<&'a Finding>>,
    weaker: BTreeMap<&'a str, BTreeMap<WeakerKey<'a>, (&'a WeakerParameter, usize)>>,
    rules: BTreeMap<&'a str, &'a RuleRow>,
    /// Failing findings that no table maps to a control.
    pub unmapped: usize,
}

type WeakerKey<'a> = (&'a str, &'a str, &'a str);

impl<'a> Index<'a> {
    pub(super) fn of(assessment: &'a Assessment) -> Self {
        let mut index = Self {
            failing: BTreeMap::new(),
            weaker: BTreeMap::new(),
            rules: assessment.rules.iter().map(|r| (&*r.rule, r)).collect(),
            unmapped: 0,
        };
        for finding in &assessment.findings {
            index.add(finding);
        }
        index
    }

    fn add(&mut self, finding: &'a Finding) {
        for weaker in &finding.weaker_parameters {
            let of_rule = self.weaker.entry(&finding.rule).or_default();
            let key = (&*weaker.name, &*weaker.deployed, &*weaker.baseline);
            of_rule.entry(key).or_insert((weaker, 0)).1 += 1;
        }
        if finding.status != ComplianceType::NonCompliant || !finding.in_period {
            return;
        }
        self.unmapped += usize::from(finding.controls.is_empty());
        for control in &finding.controls {
            self.failing.entry(*control).or_default().push(finding);
        }
    }
}

/// Whether a control has a sheet: it has rules and so something to say.
pub(super) fn has_sheet(control: &ControlRow) -> bool {
    control.result.is_some() && !control.rules.is_empty()
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
    support: &'a [String],
    rules: Vec<RuleLine<'a>>,
    reasons: Limited<ReasonLine<'a>>,
    failing: FailingRows<'a>,
    evidence: Limited<&'a str>,
    decisions: Limited<&'a str>,
}

/// All sheets, in the order of the table.
pub(super) fn sheets<'a>(assessment: &'a Assessment, index: &Index<'a>) -> Vec<Sheet<'a>> {
    let mut left = limits::FINDINGS;
    let mut sheets = Vec::new();
    for control in assessment.controls.iter().filter(|c| has_sheet(c)) {
        let Some(result) = &control.result else {
            continue;
        };
        let sheet = sheet(assessment, index, control, result, left);
        left -= sheet.failing.shown;
        sheets.push(sheet);
    }
    sheets
}

fn sheet<'a>(
    assessment: &'a Assessment,
    index: &Index<'a>,
    control: &'a ControlRow,
    result: &'a ControlResult,
    left: usize,
) -> Sheet<'a> {
    let item = control.level == Level::Item;
    let evidence = assessment.manual_evidence.iter();
    let decisions = assessment.decisions.iter();
    let language = assessment.engagement.language;
    let rules = control.rules.iter();
    Sheet {
        id: control.id,
        title: title(control, language),
        item,
        automated: item.then_some(result.automated),
        manual: item.then_some(result.manual),
        not_shown: not_shown(control.id, language),
        counts: result.counts,
        support: &result.support,
        rules: rules.map(|name| rule(index, name, language)).collect(),
        reasons: reasons(assessment, &result.reasons),
        failing: failing(assessment, index, control.id, left),
        evidence: Limited::first(
            limits::IN_A_CELL,
            evidence
                .filter(|row| row.control_id == control.id)
                .map(|row| row.id.as_str()),
        ),
        decisions: Limited::first(
            limits::IN_A_CELL,
            decisions
                .filter(|row| row.control_id == Some(control.id))
                .map(|row| row.id.as_str()),
        ),
    }
}

fn not_shown(id: ControlId, language: Language) -> Option<&'static str> {
    let row = guidance().controls.get(&id)?;
    Some(in_language(language, &row.not_shown_ko, &row.not_shown_en))
}

fn checks(rule: &str, language: Language) -> Option<&'static str> {
    let row = guidance().rules.get(rule)?;
    Some(in_language(language, &row.checks_ko, &row.checks_en))
}

fn fix(rule: &str, language: Language) -> Option<&'static str> {
    let row = guidance().rules.get(rule)?;
    Some(in_language(language, &row.fix_ko, &row.fix_en))
}

#[derive(Serialize)]
struct RuleLine<'a> {
    name: &'a str,
    /// What it evaluates.
    checks: Option<&'a str>,
    reach: Option<Reach>,
    trigger: Option<Trigger>,
    counts: Counts,
    /// In how many places in which state, in the order of the states.
    seen: Vec<(Seen, usize)>,
    /// Names under which it is deployed, other than its own, with what each leaves out.
    deployed: Limited<Cow<'a, str>>,
    weaker: Limited<WeakerLine<'a>>,
}

#[derive(Serialize)]
struct WeakerLine<'a> {
    #[serde(flatten)]
    parameter: &'a WeakerParameter,
    findings: usize,
}

fn deployed_name(copy: &DeployedRule) -> Cow<'_, str> {
    match &copy.shortfall {
        Some(shortfall) => format!("{} ({shortfall})", copy.name).into(),
        None => copy.name.as_str().into(),
    }
}

fn rule<'a>(index: &Index<'a>, name: &'a str, language: Language) -> RuleLine<'a> {
    let row = index.rules.get(name).copied();
    let mut seen: BTreeMap<Seen, usize> = BTreeMap::new();
    for place in row.iter().flat_map(|row| &row.seen) {
        *seen.entry(place.state).or_default() += 1;
    }
    let copies = row.iter().flat_map(|row| &row.deployed);
    let deployed: BTreeSet<Cow<'_, str>> = copies
        .map(deployed_name)
        .filter(|deployed| *deployed != name)
        .collect();
    let weaker = index
        .weaker
        .get(name)
        .into_iter()
        .flat_map(BTreeMap::values);
    RuleLine {
        name,
        checks: checks(name, language),
        reach: row.and_then(|row| row.reach),
        trigger: row.and_then(|row| row.trigger),
        counts: row.map(|row| row.counts).unwrap_or_default(),
        seen: seen.into_iter().collect(),
        deployed: Limited::first(limits::IN_A_CELL, deployed),
        weaker: Limited::first(
            limits::WEAKER_PER_RULE,
            weaker.map(|&(parameter, findings)| WeakerLine {
                parameter,
                findings,
            }),
        ),
    }
}

/// One reason of one rule, with all its places.
#[derive(Serialize)]
struct ReasonLine<'a> {
    reason: ReasonKind,
    rule: &'a str,
    /// Each an account with its regions.
    places: Limited<PlacesLine<'a>>,
}

#[derive(Serialize)]
struct PlacesLine<'a> {
    account: String,
    regions: BTreeSet<&'a str>,
}

fn reasons<'a>(assessment: &'a Assessment, reasons: &'a [Reason]) -> Limited<ReasonLine<'a>> {
    let mut groups: BTreeMap<_, BTreeMap<&str, BTreeSet<&str>>> = BTreeMap::new();
    for reason in reasons {
        let places = groups.entry((reason.reason, &*reason.rule)).or_default();
        let regions = places.entry(&reason.account).or_default();
        regions.insert(&reason.region);
    }
    let lines = groups.into_iter().map(|((reason, rule), places)| {
        let places = places.into_iter().map(|(account, regions)| PlacesLine {
            account: account_name(&assessment.engagement.accounts, account),
            regions,
        });
        ReasonLine {
            reason,
            rule,
            places: Limited::first(limits::IN_A_CELL, places),
        }
    });
    Limited::first(limits::REASONS_PER_CONTROL, lines)
}

/// The failing findings of a control, by rule.
#[derive(Serialize)]
struct FailingRows<'a> {
    rules: Vec<FailingRule<'a>>,
    shown: usize,
    total: usize,
}

#[derive(Serialize)]
struct FailingRule<'a> {
    rule: &'a str,
    /// What to do about it.
    fix: Option<&'a str>,
    total: usize,
    rows: Vec<FailingRow<'a>>,
}

/// Failing findings by rule, those without an exception first, at most `left` rows.
fn failing<'a>(
    assessment: &'a Assessment,
    index: &Index<'a>,
    control: ControlId,
    left: usize,
) -> FailingRows<'a> {
    let mut rules: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in index.failing.get(&control).into_iter().flatten() {
        rules.entry(&finding.rule).or_default().push(finding);
    }
    let sizes: Vec<usize> = rules.values().map(Vec::len).collect();
    let shares = share(left.min(limits::FINDINGS_PER_CONTROL), &sizes);
    let zone = assessment.engagement.period.zone();
    let language = assessment.engagement.language;
    let rules = rules.into_iter().zip(&shares);
    FailingRows {
        rules: rules
            .map(|((rule, mut findings), share)| {
                findings.sort_by_key(|finding| is_excepted(finding));
                FailingRule {
                    rule,
                    fix: fix(rule, language),
                    total: findings.len(),
                    rows: findings
                        .iter()
                        .take(*share)
                        .map(|f| row(assessment, f, zone))
                        .collect(),
                }
            })
            .collect(),
        shown: shares.iter().sum(),
        total: sizes.iter().sum(),
    }
}

fn is_excepted(finding: &Finding) -> bool {
    let decision = finding.decision.as_ref();
    decision.is_some_and(|d| d.effective && d.kind == DecisionKind::Exception)
}

#[derive(Serialize)]
struct FailingRow<'a> {
    id: FindingId,
    excepted: bool,
    resource_type: &'a str,
    resource_id: &'a str,
    resource_name: Option<&'a str>,
    annotation: Option<&'a str>,
    account: String,
    region: &'a str,
    /// The regions of a global finding.
    regions: Limited<&'a str>,
    /// When the rule ran.
    evaluated: Option<String>,
    /// When AWS recorded the verdict, where it is not told when the rule ran.
    recorded: Option<String>,
    unknown_zone: bool,
    deployed_rule: Option<&'a str>,
    resolved_by: ResolvedBy,
    attributed_by: AttributedBy,
    copies: usize,
    input: &'a str,
    sha256: Option<String>,
    pointer: Cow<'a, str>,
    document: u32,
    decision: Option<DecisionLine<'a>>,
}

#[derive(Serialize)]
struct DecisionLine<'a> {
    id: &'a str,
    kind: DecisionKind,
    effective: bool,
    owner: &'a str,
    expires_on: Option<NaiveDate>,
}

fn row<'a>(assessment: &Assessment, finding: &'a Finding, zone: FixedOffset) -> FailingRow<'a> {
    let shown = |time: &AwsTime| {
        let moment = time.moment();
        moment.map_or_else(|| time.to_string(), |moment| in_zone(moment, zone))
    };
    let told = finding
        .evaluated_at
        .as_ref()
        .or(finding.recorded_at.as_ref());
    let recorded = finding.recorded_at.as_ref();
    FailingRow {
        id: finding.id,
        excepted: is_excepted(finding),
        resource_type: &finding.resource_type,
        resource_id: &finding.resource_id,
        resource_name: finding.resource_name.as_deref(),
        annotation: finding
            .annotation
            .as_deref()
            .filter(|text| !text.is_empty()),
        account: account_name(&assessment.engagement.accounts, &finding.account),
        region: &finding.region,
        regions: Limited::first(
            limits::IN_A_CELL,
            finding.regions.iter().map(String::as_str),
        ),
        evaluated: finding.evaluated_at.as_ref().map(shown),
        recorded: recorded
            .filter(|_| finding.evaluated_at.is_none())
            .map(shown),
        unknown_zone: told.is_some_and(|time| time.moment().is_none()),
        deployed_rule: Some(&*finding.deployed_rule).filter(|name| *name != finding.rule),
        resolved_by: finding.resolved_by,
        attributed_by: finding.attributed_by,
        copies: finding.copies().count(),
        input: finding.source.input(),
        sha256: finding.source.sha256().map(|digest| digest.short(12)),
        pointer: finding.source.pointer(),
        document: finding.source.document(),
        decision: finding.decision.as_ref().map(|decision| DecisionLine {
            id: &decision.id,
            kind: decision.kind,
            effective: decision.effective,
            owner: &decision.owner,
            expires_on: decision.expires_on,
        }),
    }
}
