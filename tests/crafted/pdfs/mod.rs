//! The report and its signature (ISO 32000-1 section 12.8, ETSI EN 319 142-1), listed and signed for as it is.

mod coverage;
mod signatures;

use crate::forge::{Files, REPORT};
use crate::table::{Row, row};

const FAMILY: &str = "pdf";

const RANGE: &[&str] = &["pdf_byte_range data/report.pdf"];

const CHANGED: &[&str] = &["content_changed data/report.pdf"];

type Change = fn(&mut Vec<u8>);

fn report(files: &mut Files) -> &mut Vec<u8> {
    files.get_mut(REPORT).expect("there")
}

/// A report that is changed after it was signed.
fn later(name: &str, change: Change) -> Row {
    row(FAMILY, name, move |forge| {
        forge.on_signed = Some(Box::new(move |files| change(report(files))));
    })
}

/// A report that is changed before it is signed.
fn before(name: &str, change: Change) -> Row {
    row(FAMILY, name, move |forge| {
        forge.on_files = Some(Box::new(move |files| change(report(files))));
    })
}

/// An incremental update that gives the catalog another language.
fn revise(pdf: &mut Vec<u8>) {
    let update = "\n1 0 obj\n<</Type/Catalog/Lang(en)>>\nendobj\nxref\n1 1\n0000000009 00000 n \n\
                  trailer\n<</Size 2/Root 1 0 R>>\nstartxref\n0\n%%EOF\n";
    pdf.extend_from_slice(update.as_bytes());
}

pub fn rows() -> Vec<Row> {
    [
        coverage::coverage(),
        coverage::ranges(),
        signatures::dictionaries(),
        signatures::messages(),
        signatures::replaced(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
