//! `statement-of-operation.xlsx`: the 운영명세서 (control 1.3.1) as an applicant hands it in, with
//! the controls, findings, gaps and inputs on sheets of their own.
//!
//! The form is that in common use; its headers are Korean, with English beside them where the
//! documents are in English. It is for reading and printing: every cell but counts is text, no
//! cell is a formula, and whatever is cut is said, as "n of m". The exact and whole values are in
//! the CSV files and in `assessment.json`.

mod cells;
mod form;
mod lists;
mod page;
mod shown;

use std::io::{self, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::assess::Assessment;
use crate::engagement::Language;

/// Its path in the bundle.
pub const PATH: &str = "data/statement-of-operation.xlsx";

/// Writes the workbook; the same assessment gives the same bytes.
pub fn statement_of_operation(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    let bytes = workbook(assessment).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn workbook(assessment: &Assessment) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // Columns are measured by the digits of the default typeface: by those of the cells' own, a
    // column has room for the same text wherever that typeface is missing.
    let (row, column) = page::DEFAULT_PIXELS;
    workbook.set_default_format(&page::plain(), row, column)?;
    workbook.set_properties(&properties(assessment));
    form::write(workbook.add_worksheet(), assessment)?;
    lists::controls(workbook.add_worksheet(), assessment)?;
    lists::findings(workbook.add_worksheet(), assessment)?;
    lists::gaps(workbook.add_worksheet(), assessment)?;
    lists::inputs(workbook.add_worksheet(), assessment)?;
    workbook.save_to_buffer()
}

fn properties(assessment: &Assessment) -> DocProperties {
    let engagement = &assessment.engagement;
    let title = in_language(engagement.language, "운영명세서", "Statement of operation");
    let properties = DocProperties::new()
        .set_title(title)
        .set_subject(cells::visible(&engagement.scope))
        .set_author(cells::visible(&engagement.prepared_by))
        .set_company(cells::visible(&engagement.organization));
    // Without a time of ours the library would ask the clock.
    let claimed = ExcelDateTime::from_timestamp(assessment.generated_at.timestamp());
    match claimed.or_else(|_| ExcelDateTime::from_ymd(1980, 1, 1)) {
        Ok(time) => properties.set_creation_datetime(&time),
        Err(_) => properties,
    }
}

fn in_language<'t>(language: Language, ko: &'t str, en: &'t str) -> &'t str {
    match language {
        Language::Ko => ko,
        Language::En => en,
    }
}
