//! The form itself: one row a control, below its area and domain.

use std::borrow::Cow;

use chrono::TimeDelta;
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::page::{self, Look, Page};
use super::{cells, in_language};
use crate::assess::{Assessment, StatementOfOperation};
use crate::catalogue::{ControlId, Level, Scheme};
use crate::engagement::Language;
use crate::statement::CONTINUED;

/// A column of the form in common use.
struct Column {
    ko: &'static str,
    en: &'static str,
    width: f64,
    look: Look,
}

const fn column(ko: &'static str, en: &'static str, width: f64, look: Look) -> Column {
    Column {
        ko,
        en,
        width,
        look,
    }
}

const COLUMNS: [Column; 7] = [
    column("항목", "Control", 8.5, Look::Short),
    column("상세내용", "Title", 24.0, Look::Text),
    column("운영여부", "Selected", 10.0, Look::Short),
    column("인증구분", "Scheme", 10.0, Look::Short),
    column(
        "운영현황(또는 미선택사유)",
        "Operation, or why not selected",
        52.0,
        Look::Text,
    ),
    column(
        "관련문서(정책, 지침 등 세부조항번호까지)",
        "Documents, with clause numbers",
        32.0,
        Look::Text,
    ),
    column("기록(증적자료)", "Records (evidence)", 48.0, Look::Text),
];
/// 운영여부 among them.
const SELECTED: usize = 2;

/// Writes the sheet.
pub(super) fn write(sheet: &mut Worksheet, assessment: &Assessment) -> Result<(), XlsxError> {
    let language = assessment.engagement.language;
    let name = in_language(language, "운영명세서", "Statement of operation");
    let widths = COLUMNS.map(|column| column.width);
    let mut page = Page::new(sheet, name, &assessment.engagement, &widths)?;
    page.title(name, &lines(assessment))?;
    let first = page.at();
    let headings = COLUMNS.map(|column| heading(&column, language));
    page.headings(headings.iter().map(String::as_str))?;
    let mut above = Vec::new();
    for row in &assessment.statement {
        let id = row.control_id;
        for over in [Some(id.area()), id.domain()].into_iter().flatten() {
            if !above.contains(&over) {
                above.push(over);
                band(&mut page, over, assessment)?;
            }
        }
        item(&mut page, row, language)?;
    }
    page.filter_from(first)
}

/// The row of an area or a domain.
fn band(page: &mut Page<'_>, id: ControlId, assessment: &Assessment) -> Result<(), XlsxError> {
    let mut controls = assessment.controls.iter();
    let title = controls
        .find(|control| control.id == id)
        .map_or("", |control| {
            let language = assessment.engagement.language;
            in_language(language, &control.title_ko, &control.title_en)
        });
    let look = match id.level() {
        Level::Area => Look::Area,
        Level::Domain | Level::Item => Look::Domain,
    };
    page.band([&id.to_string(), title], look)
}

/// What is stated, by whom, for which period.
fn lines(assessment: &Assessment) -> Vec<String> {
    let engagement = &assessment.engagement;
    let period = &engagement.period;
    let made = assessment.generated_at.with_timezone(&period.zone());
    let day = made.format("%Y-%m-%d");
    // The period is half-open; people name its last day.
    let last = period.to - TimeDelta::seconds(1);
    let (from, last) = (period.from.date_naive(), last.date_naive());
    let scheme = match engagement.scheme {
        Scheme::Isms => "ISMS",
        Scheme::IsmsP => "ISMS-P",
    };
    let (organization, scope) = (&engagement.organization, &engagement.scope);
    let (prepared, reviewed) = (&engagement.prepared_by, &engagement.reviewed_by);
    let (label, edition) = (&period.label, &assessment.edition);
    match engagement.language {
        Language::Ko => vec![
            format!("신청기관: {organization}    인증범위: {scope}    인증구분: {scheme}"),
            format!("대상 기간: {label} ({from} ~ {last})    인증기준: 고시 별표 7, {edition} 판"),
            format!("작성: {prepared}    검토: {reviewed}    작성일: {day}"),
            "기록의 E·M 번호와 괄호 안의 SHA-256 앞 12자리는 이 번들에 함께 담긴 파일을 가리키며, 원래 경로는 '입력 파일' 시트에 있습니다.".to_owned(),
        ],
        Language::En => vec![
            format!("Applicant: {organization}    Scope: {scope}    Scheme: {scheme}"),
            format!("Period: {label} ({from} to {last})    Criteria: annex 7, edition {edition}"),
            format!("Prepared by: {prepared}    Reviewed by: {reviewed}    Date: {day}"),
            "E and M numbers with the first 12 digits of SHA-256 cite files of this bundle; their original paths are on the sheet `Inputs`.".to_owned(),
        ],
    }
}

fn heading(column: &Column, language: Language) -> String {
    match language {
        Language::Ko => column.ko.to_owned(),
        Language::En => format!("{}\n({})", column.ko, column.en),
    }
}

fn item(
    page: &mut Page<'_>,
    row: &StatementOfOperation,
    language: Language,
) -> Result<(), XlsxError> {
    // One record a line: a cited file is found at a glance.
    let records = row.records.replace("; ", "\n");
    let texts = [&row.operation, &row.documents, &records].map(|text| cells::visible(text));
    let [operation, documents, records] = pieces(&texts);
    let rows = operation.len().max(documents.len()).max(records.len());
    for at in 0..rows {
        let piece = |pieces: &[&str]| pieces.get(at).copied().unwrap_or_default().to_owned();
        let title = match at {
            0 => in_language(language, &row.title_ko, &row.title_en),
            _ => in_language(language, CONTINUED[0], CONTINUED[1]),
        };
        let cells = [
            row.control_id.to_string(),
            title.to_owned(),
            row.selected.clone(),
            certification(row.control_id).to_owned(),
            piece(&operation),
            piece(&documents),
            piece(&records),
        ];
        line(page, &cells)?;
    }
    Ok(())
}

/// A row can be only so high: what does not fit goes on in rows of its own, so that it is printed.
fn pieces<'t>(texts: &'t [Cow<'_, str>; 3]) -> [Vec<&'t str>; 3] {
    let widths = [COLUMNS[4].width, COLUMNS[5].width, COLUMNS[6].width];
    [0, 1, 2].map(|at| cells::pieces(&texts[at], widths[at], page::MOST_LINES))
}

fn line(page: &mut Page<'_>, cells: &[String; 7]) -> Result<(), XlsxError> {
    for ((at, text), column) in (0..).zip(cells).zip(&COLUMNS) {
        let look = match cells[SELECTED].as_str() {
            "N" if usize::from(at) == SELECTED => Look::Aside,
            "" if usize::from(at) == SELECTED => Look::Open,
            _ => column.look,
        };
        page.text(at, text, usize::MAX, look)?;
    }
    page.next()
}

/// Areas 1 and 2 are asked for by both certifications, area 3 by ISMS-P alone.
fn certification(id: ControlId) -> &'static str {
    if Scheme::Isms.includes(id) {
        "ISMS"
    } else {
        "ISMS-P"
    }
}
