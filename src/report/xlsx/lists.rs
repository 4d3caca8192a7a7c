//! The sheets beside the form: chosen columns of the CSV tables, in words and widths for reading.

use std::borrow::{Borrow, Cow};

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::in_language;
use super::page::{Look, Page};
use super::shown::{Reading, Shown};
use crate::assess::Assessment;
use crate::engagement::Language;
use crate::report::table::{Column, Datatype, Heading};
use crate::report::{csv, words};

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
    shown: Shown,
}

const fn chosen(id: &'static str, width: f64) -> Chosen {
    shown(id, width, Shown::AsIs)
}

const fn worded(id: &'static str, width: f64, table: &'static str) -> Chosen {
    shown(id, width, Shown::Words(table))
}

const fn shown(id: &'static str, width: f64, shown: Shown) -> Chosen {
    Chosen { id, width, shown }
}

/// A sheet: its name, its columns, and the file that has everything.
struct List {
    ko: &'static str,
    en: &'static str,
    columns: &'static [Chosen],
    file: &'static str,
}

const CONTROLS: List = List {
    ko: words::CONTROLS,
    en: "Controls",
    columns: &[
        chosen("id", 8.0),
        chosen("title_ko", 30.0),
        chosen("title_en", 30.0),
        worded("automated", 14.0, "automated"),
        worded("manual", 14.0, "manual"),
        chosen("non_compliant", 9.0),
        chosen("excepted", 11.0),
        chosen("false_positive", 11.0),
        chosen("compliant", 9.0),
        chosen("compliant_weaker", 14.0),
        chosen("not_applicable", 9.0),
        chosen("insufficient_data", 9.0),
        chosen("outside_period", 9.0),
        shown("reasons", 46.0, Shown::Reasons),
    ],
    file: csv::controls::TABLE.path,
};

const FINDINGS: List = List {
    ko: words::FINDINGS,
    en: "Findings",
    columns: &[
        chosen("id", 16.0),
        worded("counted_as", 14.0, "counts"),
        worded("status", 12.0, "verdict"),
        chosen("controls", 13.0),
        chosen("rule", 26.0),
        chosen("account", 14.0),
        chosen("region", 15.0),
        chosen("resource_type", 23.0),
        chosen("resource_id", 27.0),
        chosen("resource_name", 17.0),
        chosen("annotation", 26.0),
        shown("evaluated_at", 20.0, Shown::Time),
        shown("weaker_parameters", 24.0, Shown::Weaker),
        chosen("decision_id", 11.0),
        chosen("input", 8.0),
    ],
    file: csv::findings::TABLE.path,
};

const GAPS: List = List {
    ko: words::GAPS,
    en: "Gaps",
    columns: &[
        worded("kind", 18.0, "gap"),
        chosen("account", 14.0),
        chosen("region", 15.0),
        chosen("rule", 34.0),
        chosen("controls", 16.0),
        chosen("input", 8.0),
        shown("detail", 26.0, Shown::Detail),
        chosen("command", 50.0),
    ],
    file: csv::gaps::TABLE.path,
};

const INPUTS: List = List {
    ko: words::INPUTS,
    en: "Inputs",
    columns: &[
        chosen("input", 9.0),
        worded("status", 9.0, "input"),
        chosen("control_id", 9.0),
        chosen("path", 54.0),
        chosen("bundle_path", 30.0),
        chosen("sha256", 36.0),
        chosen("bytes", 12.0),
        shown("captured_at", 28.0, Shown::Time),
        worded("kind", 26.0, "input_kind"),
        shown("reason", 30.0, Shown::Said),
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
    let reading = Reading::of(assessment);
    let headings: Vec<Cow<'_, str>> = columns
        .iter()
        .map(|(chosen, column)| reading.heading(title(&column.heading, language), chosen.shown))
        .collect();
    page.headings(headings.iter().map(|heading| &**heading))?;
    for row in rows.into_iter().take(ROWS) {
        for (at, (chosen, column)) in (0..).zip(&columns) {
            let value = (column.value)(row.borrow());
            cell(&mut page, at, (chosen, column), &value, &reading)?;
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
    (chosen, column): (&Chosen, &Column<R>),
    value: &str,
    reading: &Reading,
) -> Written {
    if column.heading.datatype == Datatype::Integer
        && let Ok(count) = value.parse::<u32>()
    {
        return page.count(at, f64::from(count));
    }
    let words = match (chosen.shown, column.heading.datatype) {
        (Shown::AsIs, Datatype::List) => Cow::Owned(value.replace(';', ", ")),
        (how, _) => reading.value(value, how),
    };
    page.text(at, &words, CHARACTERS, look(chosen, value))
}

/// A result has the colour of what it says; the rest is plain.
fn look(chosen: &Chosen, value: &str) -> Look {
    const WIDEST_SHORT: f64 = 12.0;
    match value {
        _ if chosen.shown == Shown::Words("gap") => Look::Short,
        "non_compliant" | "rejected" => Look::Failing,
        "incomplete" | "insufficient_data" | "partial" => Look::Open,
        "not_covered" | "nothing_to_check" | "not_applicable" | "outside_period" | "ignored"
        | "gone" => Look::Aside,
        _ => match chosen.shown {
            Shown::Words(_) | Shown::Time => Look::Short,
            _ if chosen.width > WIDEST_SHORT => Look::Text,
            _ => Look::Short,
        },
    }
}
