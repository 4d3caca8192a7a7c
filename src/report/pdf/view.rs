//! What the report shows, as the template reads it from `data.json`.

use serde::Serialize;
use serde_json::{Value, json};

use super::appendix::{self, Appendix};
use super::failing::Failing;
use super::holdings::Holdings;
use super::limits::{self, Limited};
use super::sheets::{self, People};
use super::{About, decisions, gaps, glyphs, inputs, rows, summary, text};
use crate::assess::{AccountSummary, Assessment, Automated, ControlRow, Manual};
use crate::catalogue::{ControlId, Level};
use crate::engagement::Language;
use crate::error::{Error, Result};
use crate::time::in_zone;

/// `data.json` of the report: limited, and every string of it legible.
pub(super) fn report(assessment: &Assessment, about: &About) -> Result<Vec<u8>> {
    let language = assessment.engagement.language;
    let people = People::of(assessment);
    let failing = Failing::of(assessment);
    let holdings = Holdings::of(&failing);
    let controls = assessment.controls.iter();
    written(
        assessment,
        about,
        json!({
            "lang": language,
            "about": about_the_bundle(assessment, about),
            "engagement": assessment.engagement,
            "table": assessment.table,
            "edition": assessment.edition,
            "places": assessment.engagement.accounts.iter().map(|a| a.regions.len()).sum::<usize>(),
            "accounts": Limited::first(limits::ACCOUNTS, &assessment.engagement.accounts),
            "totals": assessment.totals,
            "summary": summary::summary(assessment, &failing, &people),
            "controls": controls.map(|c| control(c, language, &people)).collect::<Vec<_>>(),
            "sheets": sheets::sheets(assessment, &failing, &holdings, &people),
            "unmapped": rows::of_control(assessment, &failing, &holdings, None),
            "appendices": holdings.files().len() + appendix::of_inputs(assessment).len(),
            "gaps": gaps::gaps(&assessment.gaps),
            "inputs": inputs::inputs(assessment),
            "decisions": decisions::decisions(assessment),
            "reconciliation": assessment.reconciliation,
            "mapping": assessment.mapping.len(),
        }),
    )
}

/// `data.json` of one appendix.
pub(super) fn appendix(
    assessment: &Assessment,
    about: &About,
    appendix: &Appendix<'_, '_>,
) -> Result<Vec<u8>> {
    written(
        assessment,
        about,
        json!({
            "lang": assessment.engagement.language,
            "about": about_the_bundle(assessment, about),
            "engagement": assessment.engagement,
            "appendix": appendix.data(assessment),
        }),
    )
}

/// Makes every text of the data legible and adds the report's own words.
fn written(assessment: &Assessment, about: &About, mut data: Value) -> Result<Vec<u8>> {
    let texts = about.templates.texts(assessment.engagement.language);
    let note = text::cut_note(&texts);
    glyphs::make_legible(&mut data, limits::CHARACTERS, &note);
    data["text"] = texts;
    serde_json::to_vec(&data).map_err(|e| Error::new(format_args!("cannot write the report: {e}")))
}

pub(super) fn about_the_bundle(assessment: &Assessment, about: &About) -> Value {
    let period = &assessment.engagement.period;
    let zone = period.zone();
    json!({
        "id": about.bundle_id,
        "inputs_digest": about.inputs_digest,
        "version": about.version,
        "own_templates": about.templates.names(),
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

fn control<'a>(row: &'a ControlRow, language: Language, people: &People<'_>) -> ControlLine<'a> {
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
        excepted: counts.excepted + counts.false_positive,
        compliant: counts.compliant,
        open: result.map_or(0, |r| sheets::open_reasons(&r.reasons).count()),
        sheet: sheets::has_sheet(row, people),
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
