//! Tables as data, and the one way in which they become CSV.
//!
//! The CSV is RFC 4180 as Korean Excel opens it: UTF-8 with a byte order mark, comma, CRLF, one
//! header row of column ids. Nothing is ever cut, though Excel itself shows no more than 32,767
//! characters of a cell. Two things are changed, and nothing else:
//!
//! - a cell that a spreadsheet would take for a formula gets a leading `'` ([`is_formula`]);
//! - the character NUL, which no spreadsheet and not every CSV reader can take, becomes `␀`.
//!
//! The exact values are always in `assessment.json`.

use std::borrow::{Borrow, Cow};
use std::fmt::{Display, Write as _};
use std::io::{self, BufWriter, Write};

use serde::Serialize;
use serde_json::Value;

pub use crate::sheet::is_formula;

/// What the cells of a column hold, for programs that read the table (CSVW's datatypes).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Datatype {
    /// Text. AWS's times too: one without a zone is kept as AWS wrote it.
    Text,
    /// Texts with `;` between.
    List,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// A day, `2026-09-30`.
    Date,
    /// JSON on one line.
    Json,
}

/// What is known of a column without any row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heading {
    /// Stable: what the header row says.
    pub id: &'static str,
    /// For people, Korean.
    pub title_ko: &'static str,
    /// For people, English.
    pub title_en: &'static str,
    /// What its cells hold.
    pub datatype: Datatype,
}

/// One column of a table whose rows are `R`.
#[derive(Debug)]
pub struct Column<R> {
    /// Its name and titles.
    pub heading: Heading,
    /// A row's cell; empty where the value is unknown or does not apply.
    pub value: fn(&R) -> Cow<'_, str>,
}

/// Columns, one a line: `"id" Datatype "Korean title" "English title" => |row| cell;`.
macro_rules! columns {
    ($($id:literal $datatype:ident $ko:literal $en:literal => $value:expr;)*) => {
        vec![$($crate::report::table::Column {
            heading: $crate::report::table::Heading {
                id: $id,
                title_ko: $ko,
                title_en: $en,
                datatype: $crate::report::table::Datatype::$datatype,
            },
            value: $value,
        }),*]
    };
}
pub(crate) use columns;

/// The headings of some columns.
pub fn headings<R>(columns: &[Column<R>]) -> Vec<Heading> {
    columns.iter().map(|column| column.heading).collect()
}

/// Writes a whole CSV file: byte order mark, header row, rows.
pub fn write_csv<R>(
    out: impl Write,
    columns: &[Column<R>],
    rows: impl IntoIterator<Item = impl Borrow<R>>,
) -> io::Result<()> {
    try_write_csv(out, columns, rows.into_iter().map(Ok))
}

/// The same of rows that may fail to be read.
pub fn try_write_csv<R>(
    out: impl Write,
    columns: &[Column<R>],
    rows: impl IntoIterator<Item = io::Result<impl Borrow<R>>>,
) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    out.write_all("\u{feff}".as_bytes())?;
    let headings = columns.iter().map(|column| column.heading.id.into());
    write_record(&mut out, headings)?;
    for row in rows {
        let row = row?;
        let cells = columns.iter().map(|column| (column.value)(row.borrow()));
        write_record(&mut out, cells)?;
    }
    out.flush()
}

fn write_record<'c>(
    out: &mut impl Write,
    cells: impl Iterator<Item = Cow<'c, str>>,
) -> io::Result<()> {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        let cell = neutral(&cell);
        // Looks at every byte, and so at many at once: hardly any cell needs quotes.
        let special = |found, byte| found | matches!(byte, b'"' | b',' | b'\r' | b'\n');
        if cell.bytes().fold(false, special) {
            write!(out, "\"{}\"", cell.replace('"', "\"\""))?;
        } else {
            out.write_all(cell.as_bytes())?;
        }
    }
    out.write_all(b"\r\n")
}

/// A text as a cell shows it: no formula and no NUL.
pub fn neutral(text: &str) -> Cow<'_, str> {
    let shown = if text.contains('\0') {
        Cow::Owned(text.replace('\0', "␀"))
    } else {
        Cow::Borrowed(text)
    };
    if is_formula(&shown) {
        Cow::Owned(format!("'{shown}"))
    } else {
        shown
    }
}

/// The cell of a text.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

/// The cell of a text that may be missing.
pub(crate) fn optional<T: AsRef<str> + ?Sized>(text: Option<&T>) -> Cow<'_, str> {
    text.map_or(Cow::Borrowed(""), |text| Cow::Borrowed(text.as_ref()))
}

/// The cell of a number, truth value, day, digest, id or unit variant: as in `assessment.json`,
/// without quotes, and empty for `None`.
pub(crate) fn scalar(value: &impl Serialize) -> Cow<'static, str> {
    match serde_json::to_value(value).expect("values of the assessment are JSON") {
        Value::String(text) => Cow::Owned(text),
        Value::Null => Cow::Borrowed(""),
        other => Cow::Owned(other.to_string()),
    }
}

/// The cell of anything, as JSON on one line.
pub(crate) fn json(value: &impl Serialize) -> Cow<'static, str> {
    Cow::Owned(serde_json::to_string(value).expect("maps of the assessment have text keys"))
}

/// The cell of several values, with `between` between.
pub(crate) fn joined<T: Display>(
    values: impl IntoIterator<Item = T>,
    between: &str,
) -> Cow<'static, str> {
    let mut cell = String::new();
    for (index, value) in values.into_iter().enumerate() {
        let before = if index == 0 { "" } else { between };
        write!(cell, "{before}{value}").expect("a String takes everything");
    }
    Cow::Owned(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[&str]) -> String {
        let columns: Vec<Column<String>> = columns! {
            "cell" Text "칸" "Cell" => |row| text(row);
            "length" Integer "길이" "Length" => |row| scalar(&row.len());
        };
        let mut out = Vec::new();
        write_csv(&mut out, &columns, cells.iter().map(|c| (*c).to_owned())).expect("memory");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn a_csv_file_has_a_byte_order_mark_commas_and_crlf() {
        assert_eq!(written(&["가"]), "\u{feff}cell,length\r\n가,3\r\n");
    }

    #[test]
    fn a_cell_is_quoted_where_rfc_4180_asks_for_it() {
        assert_eq!(
            written(&["a,b", "say \"yes\"", "a\nb", "a\rb", " a ", ""]),
            "\u{feff}cell,length\r\n\"a,b\",3\r\n\"say \"\"yes\"\"\",9\r\n\"a\nb\",3\r\n\"a\rb\",3\r\n a ,3\r\n,0\r\n"
        );
    }

    #[test]
    fn what_a_spreadsheet_would_take_for_a_formula_is_text() {
        for formula in [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A",
        ] {
            assert_eq!(neutral(formula), format!("'{formula}"));
        }
        for harmless in ["1-1", "a=b", "'=1", " =1", "가", "{}", ""] {
            assert_eq!(neutral(harmless), harmless);
        }
    }

    #[test]
    fn a_nul_is_shown_and_a_long_cell_is_whole() {
        assert_eq!(neutral("a\0b"), "a␀b");
        let long = "가".repeat(40_000);
        assert!(written(&[&long]).contains(&format!("\r\n{long},120000\r\n")));
    }

    #[test]
    fn unknown_parameters_are_an_empty_cell_and_no_parameters_are_an_empty_object() {
        let none: Option<u32> = None;
        assert_eq!(scalar(&none), "");
        assert_eq!(scalar(&true), "true");
        assert_eq!(joined([1, 2, 3], ";"), "1;2;3");
        assert_eq!(json(&crate::evidence::Parameters::new()), "{}");
    }
}
