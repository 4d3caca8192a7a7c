//! What the report shows, as the template reads it from `data.json`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, FixedOffset};
use serde::Serialize;
use serde_json::{Value, json};

use super::limits::{self, Limited};
use super::sheets::{self, Index};
use super::{About, glyphs, text};
use crate::assess::{
    AccountSummary, Assessment, Automated, ControlRow, Gap, GapKind, InputRow, Manual,
};
use crate::catalogue::{ControlId, Level};
use crate::engagement::Language;
use crate::error::{Error, Result};
use crate::evidence::{Fault, InputStatus, RecordCounts};
use crate::time::Moment;

/// `data.json`: limited, and every string of it legible.
pub(super) fn data(assessment: &Assessment, about: &About) -> Result<Vec<u8>> {
    let language = assessment.engagement.language;
    let texts = text::texts(language);
    let index = Index::of(assessment);
    let mut data = json!({
        "lang": language,
        "about": about_the_bundle(assessment, about),
        "engagement": assessment.engagement,
        "table": assessment.table,
        "edition": assessment.edition,
        "places": assessment.engagement.accounts.iter().map(|a| a.regions.len()).sum::<usize>(),
        "accounts": Limited::first(limits::ACCOUNTS, &assessment.engagement.accounts),
        "totals": assessment.totals,
        "summary": summary(assessment, &index),
        "controls": assessment.controls.iter().map(|c| control(c, language)).collect::<Vec<_>>(),
        "sheets": sheets::sheets(assessment, &index),
        "gaps": gaps(&assessment.gaps),
        "inputs": inputs(assessment),
        "decisions": Limited::first(limits::DECISIONS, &assessment.decisions),
        "manual_evidence": Limited::first(limits::MANUAL_EVIDENCE, &assessment.manual_evidence),
        "reconciliation": assessment.reconciliation,
    });
    let note = text::cut_note(&texts);
    glyphs::make_legible(&mut data, limits::CHARACTERS, &note);
    data["text"] = texts;
    serde_json::to_vec(&data).map_err(|e| Error::new(format_args!("cannot write the report: {e}")))
}

fn about_the_bundle(assessment: &Assessment, about: &About) -> Value {
    let period = &assessment.engagement.period;
    let zone = period.zone();
    json!({
        "id": about.bundle_id,
        "inputs_digest": about.inputs_digest,
        "version": about.version,
        "generated_at": in_zone(assessment.generated_at, zone),
        "zone": format!("UTC{zone}"),
        "from": in_zone(period.from, zone),
        "to": in_zone(period.to, zone),
        "signer": about.signer.as_ref().map(|signer| json!({
            "subject": signer.subject,
            "sha256": signer.sha256,
            "valid_until": in_zone(signer.valid_until, zone),
        })),
    })
}

/// `2026-09-30 10:02:03`, in the engagement's timezone.
pub(super) fn in_zone(moment: impl Into<Moment>, zone: FixedOffset) -> String {
    let local = moment.into().with_timezone(&zone);
    local.format("%Y-%m-%d %H:%M:%S").to_string()
}

/// The title in the documents' language.
pub(super) fn title(control: &ControlRow, language: Language) -> &str {
    in_language(language, &control.title_ko, &control.title_en)
}

/// The one of two texts that is in the documents' language.
pub(super) fn in_language<'a>(language: Language, ko: &'a str, en: &'a str) -> &'a str {
    match language {
        Language::Ko => ko,
        Language::En => en,
    }
}

#[derive(Serialize)]
struct ControlLine<'a> {
    id: ControlId,
    level: Level,
    title: &'a str,
    rules: usize,
    /// `None` for areas and domains: a domain's rules are common evidence without a verdict.
    automated: Option<Automated>,
    manual: Option<Manual>,
    failing: u64,
    excepted: u64,
    compliant: u64,
    /// Reasons other than failing resources.
    open: usize,
    sheet: bool,
}

fn control(row: &ControlRow, language: Language) -> ControlLine<'_> {
    let result = row.result.as_ref();
    let of_item = result.filter(|_| row.level == Level::Item);
    let counts = result.map(|r| r.counts).unwrap_or_default();
    ControlLine {
        id: row.id,
        level: row.level,
        title: title(row, language),
        rules: row.rules.len(),
        automated: of_item.map(|r| r.automated),
        manual: of_item.map(|r| r.manual),
        failing: counts.non_compliant,
        excepted: counts.excepted,
        compliant: counts.compliant,
        open: result.map_or(0, |r| sheets::open_reasons(&r.reasons).count()),
        sheet: sheets::has_sheet(row),
    }
}

fn summary(assessment: &Assessment, index: &Index<'_>) -> Value {
    let language = assessment.engagement.language;
    let failing = assessment.controls.iter().filter_map(|control| {
        let result = control.result.as_ref()?;
        let item = control.level == Level::Item;
        (item && result.automated == Automated::NonCompliant).then(|| {
            json!({
                "id": control.id,
                "title": title(control, language),
                "failing": result.counts.non_compliant,
            })
        })
    });
    let gaps = assessment.gaps.iter();
    let dark = gaps.filter(|gap| gap.kind == GapKind::NoData);
    let dark = dark.map(|gap| format!("{} {}", gap.account, gap.region));
    json!({
        "failing": Limited::first(limits::IN_THE_SUMMARY, failing),
        "no_data": Limited::first(limits::IN_A_CELL, dark.collect::<BTreeSet<_>>()),
        "gaps": assessment.totals.gaps.iter().collect::<Vec<_>>(),
        "items": assessment.controls.iter().filter(|c| c.level == Level::Item).count(),
        "findings": assessment.findings.len(),
        "gone": assessment.gone.len(),
        "unmapped": index.unmapped,
    })
}

/// The gaps of one kind in one account and region, all rules together.
#[derive(Serialize)]
struct GapLine<'a> {
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

fn gaps(gaps: &[Gap]) -> Limited<GapLine<'_>> {
    let mut groups: BTreeMap<_, Vec<&Gap>> = BTreeMap::new();
    for gap in gaps {
        let place = (gap.kind, gap.account.as_str(), gap.region.as_str());
        groups.entry(place).or_default().push(gap);
    }
    let lines = groups
        .into_iter()
        .map(|((kind, account, region), gaps)| GapLine {
            kind,
            account,
            region,
            count: gaps.len(),
            rules: distinct(&gaps, |gap| &gap.rule),
            controls: Limited::first(
                limits::IN_A_CELL,
                gaps.iter()
                    .flat_map(|gap| gap.controls.iter().copied())
                    .collect::<BTreeSet<_>>(),
            ),
            inputs: distinct(&gaps, |gap| &gap.input),
            details: distinct(&gaps, |gap| &gap.detail),
            commands: distinct(&gaps, |gap| &gap.command),
        });
    Limited::first(limits::GAPS, lines)
}

fn distinct<'a>(gaps: &[&'a Gap], field: impl Fn(&'a Gap) -> &'a String) -> Limited<&'a str> {
    let values: BTreeSet<&str> = gaps.iter().map(|gap| field(gap).as_str()).collect();
    let given = values.into_iter().filter(|value| !value.is_empty());
    Limited::first(limits::IN_A_CELL, given)
}

#[derive(Serialize)]
struct InputLine<'a> {
    input: &'a str,
    path: &'a str,
    kind: &'a str,
    status: InputStatus,
    reason: Option<&'a str>,
    sha256: Option<String>,
    bytes: u64,
    captured: Option<String>,
    /// The time is only the earliest possible.
    at_least: bool,
    records: RecordCounts,
    faults: Limited<&'a Fault>,
}

/// Those that something is wrong with first, where not all can be shown; in the order of their
/// paths.
fn inputs(assessment: &Assessment) -> Limited<InputLine<'_>> {
    let zone = assessment.engagement.period.zone();
    let mut order: Vec<usize> = (0..assessment.inputs.len()).collect();
    order.sort_by_key(|&at| match assessment.inputs[at].status {
        InputStatus::Rejected => 0,
        InputStatus::Partial => 1,
        InputStatus::Complete => 2,
        InputStatus::Ignored => 3,
    });
    order.truncate(limits::INPUTS);
    order.sort_unstable();
    Limited {
        rows: order
            .into_iter()
            .map(|at| input(&assessment.inputs[at], zone))
            .collect(),
        total: assessment.inputs.len(),
    }
}

fn input(row: &InputRow, zone: FixedOffset) -> InputLine<'_> {
    let captured = row.captured_at.as_deref();
    let bare = captured.map(|text| text.trim_start_matches("at least ").trim());
    InputLine {
        input: &row.input,
        path: &row.path,
        kind: &row.kind,
        status: row.status,
        reason: row.reason.as_deref(),
        sha256: row.sha256.map(|digest| digest.to_string()),
        bytes: row.bytes,
        captured: bare.map(|text| {
            DateTime::parse_from_rfc3339(text)
                .map_or_else(|_| text.to_owned(), |time| in_zone(time, zone))
        }),
        at_least: captured != bare,
        records: row.records,
        faults: Limited::first(limits::FAULTS_PER_INPUT, &row.faults),
    }
}

/// `111122223333 (prod)`: the account with the name that the organisation gives it.
pub(super) fn account_name(accounts: &[AccountSummary], account: &str) -> String {
    let known = accounts.iter().find(|known| known.account == account);
    match known.and_then(|known| known.name.as_deref()) {
        Some(name) => format!("{account} ({name})"),
        None => account.to_owned(),
    }
}
