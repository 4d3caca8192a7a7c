//! The sheets beside the form: chosen columns of the CSV tables, in words and widths for reading.

use std::borrow::{Borrow, Cow};
use std::collections::BTreeMap;

use rust_xlsxwriter::{Worksheet, XlsxError};
use serde_json::Value;

use super::in_language;
use super::page::{Look, Page};
use crate::assess::Assessment;
use crate::engagement::Language;
use crate::report::csv;
use crate::report::pdf::Templates;
use crate::report::table::{Column, Datatype, Heading};

/// The most rows of a list. Excel's sheets end at 1,048,576 rows, and nobody reads that many: more
/// would take a minute to open, and the CSV file has them all.
const ROWS: usize = 20_000;
/// The most characters of a cell of a list, in UTF-16 code units: more would not fit into the height
/// that a row can have.
const CHARACTERS: usize = 400;

/// A column of a list: which one of the table's, and how wide.
struct Chosen {
    id: &'static str,
    width: f64,
    /// The section of the texts that has its values in words.
    words: &'static str,
}

const fn chosen(id: &'static str, width: f64) -> Chosen {
    Chosen {
        id,
        width,
        words: "",
    }
}

const fn worded(id: &'static str, width: f64, words: &'static str) -> Chosen {
    Chosen { id, width, words }
}

/// A sheet: its name, its columns, and the file that has everything.
struct List {
    ko: &'static str,
    en: &'static str,
    columns: &'static [Chosen],
    file: &'static str,
}

const CONTROLS: List = List {
    ko: "통제항목",
    en: "Controls",
    columns: &[
        chosen("id", 8.0),
        chosen("title_ko", 30.0),
        chosen("title_en", 30.0),
        worded("automated", 14.0, "automated"),
        worded("manual", 14.0, "manual"),
        chosen("non_compliant", 9.0),
        chosen("excepted", 9.0),
        chosen("compliant", 9.0),
        chosen("compliant_weaker", 14.0),
        chosen("not_applicable", 9.0),
        chosen("insufficient_data", 9.0),
        chosen("outside_period", 9.0),
        worded("reasons", 46.0, "reason"),
    ],
    file: csv::controls::TABLE.path,
};

const FINDINGS: List = List {
    ko: "점검결과",
    en: "Findings",
    columns: &[
        chosen("id", 16.0),
        chosen("status", 17.0),
        chosen("controls", 11.0),
        chosen("rule", 26.0),
        chosen("account", 14.0),
        chosen("region", 15.0),
        chosen("resource_type", 20.0),
        chosen("resource_id", 26.0),
        chosen("resource_name", 15.0),
        chosen("annotation", 20.0),
        chosen("evaluated_at", 25.0),
        chosen("weaker_parameters", 16.0),
        chosen("decision_id", 9.0),
        chosen("input", 8.0),
    ],
    file: csv::findings::TABLE.path,
};

const GAPS: List = List {
    ko: "미확인 범위",
    en: "Gaps",
    columns: &[
        worded("kind", 18.0, "gap"),
        chosen("account", 14.0),
        chosen("region", 15.0),
        chosen("rule", 34.0),
        chosen("controls", 16.0),
        chosen("input", 8.0),
        chosen("detail", 26.0),
        chosen("command", 50.0),
    ],
    file: csv::gaps::TABLE.path,
};

const INPUTS: List = List {
    ko: "입력자료",
    en: "Inputs",
    columns: &[
        chosen("input", 11.0),
        worded("status", 9.0, "input"),
        chosen("control_id", 9.0),
        chosen("path", 54.0),
        chosen("bundle_path", 30.0),
        chosen("sha256", 36.0),
        chosen("bytes", 12.0),
        chosen("captured_at", 28.0),
        chosen("kind", 26.0),
        chosen("reason", 34.0),
    ],
    file: csv::inputs::TABLE.path,
};

type Written = Result<(), XlsxError>;

/// Every area, domain and item with its results.
pub(super) fn controls(sheet: &mut Worksheet, assessment: &Assessment) -> Written {
    let rows = &assessment.controls;
    write(
        sheet,
        assessment,
        &CONTROLS,
        &csv::controls::columns(),
        rows,
        rows.len(),
    )
}

/// The findings, the worst first.
pub(super) fn findings(sheet: &mut Worksheet, assessment: &Assessment) -> Written {
    let total = assessment.findings.len() + assessment.gone.len();
    let rows = csv::findings::rows(assessment);
    write(
        sheet,
        assessment,
        &FINDINGS,
        &csv::findings::columns(),
        rows,
        total,
    )
}

/// What was not seen.
pub(super) fn gaps(sheet: &mut Worksheet, assessment: &Assessment) -> Written {
    let rows = &assessment.gaps;
    write(
        sheet,
        assessment,
        &GAPS,
        &csv::gaps::columns(),
        rows,
        rows.len(),
    )
}

/// The files by their numbers.
pub(super) fn inputs(sheet: &mut Worksheet, assessment: &Assessment) -> Written {
    let total = assessment.inputs.len() + assessment.manual_evidence.len();
    let rows = csv::inputs::rows(assessment);
    write(
        sheet,
        assessment,
        &INPUTS,
        &csv::inputs::columns(),
        rows,
        total,
    )
}

fn write<R>(
    sheet: &mut Worksheet,
    assessment: &Assessment,
    list: &List,
    table: &[Column<R>],
    rows: impl IntoIterator<Item = impl Borrow<R>>,
    total: usize,
) -> Written {
    let language = assessment.engagement.language;
    let name = in_language(language, list.ko, list.en);
    let columns = columns(list, table, language);
    let widths: Vec<f64> = columns.iter().map(|(chosen, _)| chosen.width).collect();
    let mut page = Page::new(sheet, name, &assessment.engagement, &widths)?;
    page.title(name, &[count_line(language, total, list.file)])?;
    let first = page.at();
    page.headings(
        columns
            .iter()
            .map(|(_, column)| title(&column.heading, language)),
    )?;
    let texts = Templates::default().texts(language);
    for row in rows.into_iter().take(ROWS) {
        for (at, (chosen, column)) in (0..).zip(&columns) {
            let value = (column.value)(row.borrow());
            cell(&mut page, at, chosen, column, &value, &texts)?;
        }
        page.next()?;
    }
    page.filter_from(first)
}

/// The chosen columns, without the title in the other language.
fn columns<'c, R>(
    list: &List,
    table: &'c [Column<R>],
    language: Language,
) -> Vec<(&'static Chosen, &'c Column<R>)> {
    let other = in_language(language, "title_en", "title_ko");
    let chosen = list.columns.iter().filter(|chosen| chosen.id != other);
    let found = chosen.filter_map(|chosen| {
        let mut columns = table.iter();
        Some((
            chosen,
            columns.find(|column| column.heading.id == chosen.id)?,
        ))
    });
    found.collect()
}

fn title(heading: &Heading, language: Language) -> &'static str {
    in_language(language, heading.title_ko, heading.title_en)
}

/// How many rows there are, how many of them are here, and where the others are.
fn count_line(language: Language, total: usize, file: &str) -> String {
    let shown = total.min(ROWS);
    match (language, shown < total) {
        (Language::Ko, false) => format!("{total}건, 모든 열은 {file}에 있습니다."),
        (Language::Ko, true) => {
            format!("{total}건 가운데 {shown}건, 나머지와 모든 열은 {file}에 있습니다.")
        }
        (Language::En, false) => format!("{total} rows; {file} has all columns."),
        (Language::En, true) => {
            format!("{shown} of {total} rows; {file} has the others, and all columns.")
        }
    }
}

fn cell<R>(
    page: &mut Page<'_>,
    at: u16,
    chosen: &Chosen,
    column: &Column<R>,
    value: &str,
    texts: &Value,
) -> Written {
    if column.heading.datatype == Datatype::Integer
        && let Ok(count) = value.parse::<u32>()
    {
        return page.count(at, f64::from(count));
    }
    let words = match chosen.words {
        "" if column.heading.datatype == Datatype::List => Cow::Owned(value.replace(';', ", ")),
        "" => Cow::Borrowed(value),
        "reason" => Cow::Owned(reasons(value, texts)),
        section => Cow::Borrowed(texts[section][value].as_str().unwrap_or(value)),
    };
    page.text(at, &words, CHARACTERS, look(chosen, value))
}

/// `확인하지 않음 72, 일부만 확인 13`: how many there are of each reason; where each is stands in
/// controls.csv.
fn reasons(cell: &str, texts: &Value) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for reason in cell.split("; ").filter(|reason| !reason.is_empty()) {
        let kind = reason.split(' ').next().unwrap_or_default();
        *counts.entry(kind).or_default() += 1;
    }
    let word = |kind: &&str| texts["reason"][*kind].as_str().unwrap_or(kind).to_owned();
    let counts = counts
        .iter()
        .map(|(kind, count)| format!("{} {count}", word(kind)));
    counts.collect::<Vec<_>>().join(", ")
}

fn look(chosen: &Chosen, value: &str) -> Look {
    const WIDEST_SHORT: f64 = 12.0;
    match value {
        "non_compliant" | "NON_COMPLIANT" | "rejected" => Look::Failing,
        "incomplete" | "INSUFFICIENT_DATA" | "partial" => Look::Open,
        "not_covered" | "nothing_to_check" | "not_applicable" | "NOT_APPLICABLE" | "ignored" => {
            Look::Aside
        }
        _ if matches!(chosen.words, "" | "reason") && chosen.width > WIDEST_SHORT => Look::Text,
        _ => Look::Short,
    }
}
