//! The failing findings of a control: how many a sheet shows, and the row of each.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{FixedOffset, NaiveDate};
use serde::Serialize;

use super::appendix;
use super::limits::{self, Limited, share};
use super::rules::fix;
use super::view::{account_name, in_zone};
use crate::assess::{Assessment, AttributedBy, Finding, FindingId, ResolvedBy};
use crate::catalogue::ControlId;
use crate::decision::DecisionKind;
use crate::evidence::ComplianceType;
use crate::time::AwsTime;

/// A control of the scheme; `None` for all rules that map to none of them.
pub(super) type Place = Option<ControlId>;

/// The failing findings of one control, by rule, those without an exception first.
pub(super) type ByRule<'a> = BTreeMap<&'a str, Vec<&'a Finding>>;

/// All failing findings, and how many of each control's the report shows.
pub(super) struct Failing<'a> {
    places: BTreeMap<Place, ByRule<'a>>,
    shown: BTreeMap<Place, usize>,
}

impl<'a> Failing<'a> {
    pub(super) fn of(assessment: &'a Assessment) -> Self {
        let controls: BTreeSet<ControlId> = assessment.controls.iter().map(|c| c.id).collect();
        let mut places: BTreeMap<Place, ByRule<'a>> = BTreeMap::new();
        for finding in assessment.findings.iter().filter(|f| is_failing(f)) {
            let mut mapped = finding.controls.iter().filter(|id| controls.contains(id));
            let first = mapped.next().copied();
            for place in std::iter::once(first).chain(mapped.copied().map(Some)) {
                let of_rule = places.entry(place).or_default();
                of_rule.entry(&finding.rule).or_default().push(finding);
            }
        }
        for findings in places.values_mut().flat_map(BTreeMap::values_mut) {
            findings.sort_by_key(|finding| is_excepted(finding));
        }
        let sizes: Vec<usize> = places.values().map(size).collect();
        let limit = if sizes.iter().sum::<usize>() > limits::FINDINGS {
            limits::FINDINGS_OF_MORE
        } else {
            limits::FINDINGS
        };
        let shares = share(limit, &sizes);
        let shown = places.keys().copied().zip(shares).collect();
        Self { places, shown }
    }

    /// The findings of one control, by rule.
    pub(super) fn by_rule(&self, place: Place) -> Option<&ByRule<'a>> {
        self.places.get(&place)
    }

    /// How many there are of one control.
    pub(super) fn total(&self, place: Place) -> usize {
        self.places.get(&place).map_or(0, size)
    }

    /// The controls of which the report does not show all.
    pub(super) fn cut(&self) -> impl Iterator<Item = (Place, &ByRule<'a>)> {
        let cut = |place: &Place| self.shown[place] < self.total(*place);
        let places = self.places.iter().filter(move |(place, _)| cut(place));
        places.map(|(place, rules)| (*place, rules))
    }

    /// What a sheet shows of them.
    pub(super) fn rows(&self, assessment: &'a Assessment, place: Place) -> FailingRows<'a> {
        let Some(rules) = self.places.get(&place) else {
            return FailingRows::default();
        };
        let shown = self.shown[&place];
        let sizes: Vec<usize> = rules.values().map(Vec::len).collect();
        let total = sizes.iter().sum();
        let groups = rules.iter().zip(share(shown, &sizes));
        FailingRows {
            rules: groups
                .map(|((rule, findings), share)| {
                    group(assessment, rule, &findings[..share], findings.len())
                })
                .collect(),
            shown,
            total,
            appendix: if shown < total {
                appendix::names(&appendix::stem(place), total)
            } else {
                Vec::new()
            },
        }
    }
}

fn size(rules: &ByRule<'_>) -> usize {
    rules.values().map(Vec::len).sum()
}

/// Whether it fails in the period, excepted or not.
pub(super) fn is_failing(finding: &Finding) -> bool {
    finding.status == ComplianceType::NonCompliant && finding.in_period
}

/// Whether an exception is in force for it.
pub(super) fn is_excepted(finding: &Finding) -> bool {
    let decision = finding.decision.as_ref();
    decision.is_some_and(|d| d.effective && d.kind == DecisionKind::Exception)
}

/// The failing findings of a control.
#[derive(Default, Serialize)]
pub(super) struct FailingRows<'a> {
    rules: Vec<FailingRule<'a>>,
    shown: usize,
    total: usize,
    /// The files that hold all of them, where not all are shown.
    appendix: Vec<String>,
}

/// Those of one rule.
#[derive(Serialize)]
pub(super) struct FailingRule<'a> {
    rule: &'a str,
    /// What to do about it.
    fix: Option<&'a str>,
    total: usize,
    /// What all rows share of how they were recognised and attributed; `None` where they differ.
    deployed: Option<Deployed<'a>>,
    attributed_by: Option<AttributedBy>,
    rows: Vec<FailingRow<'a>>,
}

/// Under which name the rule is deployed, where it is not its own.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
struct Deployed<'a> {
    name: &'a str,
    resolved_by: ResolvedBy,
}

/// The rows of one rule, of which there are `total` in all.
pub(super) fn group<'a>(
    assessment: &Assessment,
    rule: &'a str,
    findings: &[&'a Finding],
    total: usize,
) -> FailingRule<'a> {
    let mut rows: Vec<FailingRow<'a>> = findings.iter().map(|f| row(assessment, f)).collect();
    let deployed = shared(&mut rows, |row| &mut row.deployed);
    let attributed_by = shared(&mut rows, |row| &mut row.attributed_by);
    FailingRule {
        rule,
        fix: fix(rule, assessment.engagement.language),
        total,
        deployed,
        attributed_by,
        rows,
    }
}

/// Takes the value that all rows share out of them.
fn shared<'a, T: Copy + PartialEq>(
    rows: &mut [FailingRow<'a>],
    field: impl for<'r> Fn(&'r mut FailingRow<'a>) -> &'r mut Option<T>,
) -> Option<T> {
    let first = rows.first_mut().and_then(|row| *field(row))?;
    let same = rows.iter_mut().all(|row| *field(row) == Some(first));
    if same {
        for row in rows {
            *field(row) = None;
        }
    }
    same.then_some(first)
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
    deployed: Option<Deployed<'a>>,
    /// `None` where the record itself tells its place.
    attributed_by: Option<AttributedBy>,
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

fn row<'a>(assessment: &Assessment, finding: &'a Finding) -> FailingRow<'a> {
    let zone = assessment.engagement.period.zone();
    let evaluated = finding.evaluated_at.as_ref();
    let recorded = finding.recorded_at.as_ref();
    let told = evaluated.or(recorded);
    let annotation = finding.annotation.as_deref();
    FailingRow {
        id: finding.id,
        excepted: is_excepted(finding),
        resource_type: &finding.resource_type,
        resource_id: &finding.resource_id,
        resource_name: finding.resource_name.as_deref(),
        annotation: annotation.filter(|text| !text.is_empty()),
        account: account_name(&assessment.engagement.accounts, &finding.account),
        region: &finding.region,
        regions: Limited::first(
            limits::IN_A_CELL,
            finding.regions.iter().map(String::as_str),
        ),
        evaluated: evaluated.map(|time| shown(time, zone)),
        recorded: recorded
            .filter(|_| evaluated.is_none())
            .map(|time| shown(time, zone)),
        unknown_zone: told.is_some_and(|time| time.moment().is_none()),
        deployed: (finding.deployed_rule != finding.rule).then_some(Deployed {
            name: &finding.deployed_rule,
            resolved_by: finding.resolved_by,
        }),
        attributed_by: Some(finding.attributed_by).filter(|by| *by != AttributedBy::Element),
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

/// A time without a zone stays as AWS told it.
/// A time without a zone stays as AWS told it.
fn shown(time: &AwsTime, zone: FixedOffset) -> String {
    let moment = time.moment();
    let told = || time.to_string().replacen('T', " ", 1);
    moment.map_or_else(told, |moment| in_zone(moment, zone))
}
