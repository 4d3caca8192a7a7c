//! CSV that people edit in spreadsheets, read so that no cell is lost or guessed.
//!
//! UTF-8 (with a byte order mark or not) or CP949; comma; CRLF or LF; RFC 4180 quoting; one header
//! row of the known ids in any order. Rows without any content are skipped. The `'` that our own
//! writer puts before a cell that a spreadsheet would take for a formula is undone.

mod cells;
mod encoding;
mod row;

use std::borrow::Cow;

use crate::catalogue::{Control, EDITION, TABLE, catalogue};
use crate::fault::{Faults, InputFault, did_you_mean, listed, shown};
use crate::period;
use cells::{Flaw, Record, Records};

pub use row::{Row, RowPlace, cell_name};

/// The largest file, in bytes.
pub const FILE_BYTES: usize = 64 << 20;
/// The most rows with content: as many as a spreadsheet has.
const ROWS: usize = 1_048_576;
/// The most columns.
const WIDTH: usize = 256;

/// A column that a sheet may have.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name in the header.
    pub id: &'static str,
    /// Whether the sheet makes no sense without it.
    pub required: bool,
}

/// A column that must be there.
pub const fn required(id: &'static str) -> Column {
    Column { id, required: true }
}

/// A column that may be absent.
pub const fn optional(id: &'static str) -> Column {
    Column {
        id,
        required: false,
    }
}

/// Where each known column stands.
#[derive(Debug)]
struct Header {
    width: usize,
    places: Vec<(&'static str, usize)>,
    /// Columns without a name, which may hold nothing.
    nameless: Vec<usize>,
}

impl Header {
    fn index_of(&self, id: &str) -> Option<usize> {
        let place = self.places.iter().find(|(known, _)| *known == id)?;
        Some(place.1)
    }
}

/// Reads a sheet: calls `each` with every row that has content, in order, and with the faults to
/// which it may add. Returns the faults of the sheet and of all rows.
pub fn read(
    file: &str,
    bytes: &[u8],
    columns: &[Column],
    mut each: impl FnMut(&Row<'_>, &mut Faults),
) -> Faults {
    let mut faults = Faults::of(file);
    let text = match text_of(file, bytes) {
        Ok(text) => text,
        Err(InputFault {
            line,
            message,
            hint,
            ..
        }) => {
            faults.add(line, None, message, hint);
            return faults;
        }
    };
    let mut records = (1..).zip(Records::of(&text));
    let first = records.next().map(|(_, record)| record);
    let Some(header) = read_header(first, columns, &mut faults) else {
        return faults;
    };
    // A flaw may have swallowed what stood in the row, and what stood behind it.
    let filled = |record: &Record| {
        record.flaw.is_some() || record.cells.iter().any(|cell| !cell.trim().is_empty())
    };
    let rows = records.filter(|(_, record)| filled(record));
    for (count, (number, record)) in rows.enumerate() {
        if count == ROWS {
            let message = format!("has more than {ROWS} rows");
            faults.add(
                Some(record.line),
                None,
                message,
                "split it by what is in use",
            );
            break;
        }
        if let Some(row) = read_row(&header, number, record, &mut faults) {
            each(&row, &mut faults);
        }
    }
    faults
}

fn text_of<'b>(file: &str, bytes: &'b [u8]) -> Result<Cow<'b, str>, InputFault> {
    if bytes.len() > FILE_BYTES {
        return Err(too_large(file, FILE_BYTES));
    }
    encoding::decode(file, bytes)
}

/// The fault of a file that is larger than it can sensibly be.
pub fn too_large(file: &str, limit: usize) -> InputFault {
    InputFault::of_file(
        file,
        format_args!("is larger than {} MiB", limit >> 20),
        "it holds something else than what people write there",
    )
}

fn read_header(first: Option<Record>, columns: &[Column], faults: &mut Faults) -> Option<Header> {
    let Some(record) = first else {
        let ids: Vec<&str> = columns.iter().map(|column| column.id).collect();
        let hint = format!("its first row names the columns: {}", ids.join(","));
        faults.add(None, None, "is empty", hint);
        return None;
    };
    if let Some((index, flaw)) = record.flaw {
        flawed(record.line, 1, index, flaw, faults);
        return None;
    }
    if let Some((message, hint)) = unlike_a_header(&record) {
        faults.add(Some(1), None, message, hint);
        return None;
    }
    let header = name_columns(&record, columns, faults);
    let absent: Vec<&str> = columns
        .iter()
        .filter(|column| column.required && header.index_of(column.id).is_none())
        .map(|column| column.id)
        .collect();
    if absent.is_empty() {
        return Some(header);
    }
    let message = format!("the header lacks {}", listed(&absent));
    faults.add(Some(1), None, message, "its first row names the columns");
    None
}

/// Why the first row cannot be a header with commas, and what to do.
fn unlike_a_header(record: &Record) -> Option<(String, &'static str)> {
    const SAVE_AS: &str = "save it as `CSV UTF-8 (comma delimited)`";
    if record.width > WIDTH {
        let message = format!("the header has {} cells", record.width);
        return Some((message, "remove the columns without a name"));
    }
    let [only] = record.cells.as_slice() else {
        return None;
    };
    let separated = |by| (format!("is separated by {by}, not by commas"), SAVE_AS);
    if only.contains(';') {
        Some(separated("semicolons"))
    } else {
        only.contains('\t').then(|| separated("tabs"))
    }
}

fn name_columns(record: &Record, columns: &[Column], faults: &mut Faults) -> Header {
    let known: Vec<&str> = columns.iter().map(|column| column.id).collect();
    let mut header = Header {
        width: record.width,
        places: Vec::new(),
        nameless: Vec::new(),
    };
    for (index, cell) in record.cells.iter().enumerate() {
        let name = cell.trim();
        let (message, hint) = if name.is_empty() {
            header.nameless.push(index);
            continue;
        } else if header.index_of(name).is_some() {
            let message = format!("column `{name}` stands there twice");
            (message, "remove one of them".to_owned())
        } else if let Some(column) = columns.iter().find(|column| column.id == name) {
            header.places.push((column.id, index));
            continue;
        } else {
            let message = format!("unknown column `{}`", shown(name));
            (message, did_you_mean(name, &known))
        };
        let message = format!("cell {}: {message}", cell_name(index, 1));
        faults.add(Some(1), Some(index as u64 + 1), message, hint);
    }
    header
}

fn read_row<'h>(
    header: &'h Header,
    number: usize,
    record: Record,
    faults: &mut Faults,
) -> Option<Row<'h>> {
    let line = record.line;
    if let Some((index, flaw)) = record.flaw {
        flawed(line, number, index, flaw, faults);
        return None;
    }
    let (has, width) = (record.width, header.width);
    if has != width {
        let message = format!("row {number} has {has} cells, the header {width}");
        let hint = "a cell with a comma or a line break stands in double quotes";
        faults.add(Some(line), None, message, hint);
        return None;
    }
    for &index in &header.nameless {
        if !record.cells[index].trim().is_empty() {
            let cell = cell_name(index, number);
            let message = format!("cell {cell} stands in a column without a name");
            let hint = "name the column in the header, or empty the cell";
            faults.add(Some(line), Some(index as u64 + 1), message, hint);
        }
    }
    Some(Row {
        line,
        number,
        cells: record.cells.into_iter().map(unguarded).collect(),
        header,
    })
}

fn flawed(line: u64, number: usize, index: usize, flaw: Flaw, faults: &mut Faults) {
    let cell = cell_name(index, number);
    let (message, hint) = match flaw {
        Flaw::OpenQuote => (
            "opens a quote that nothing closes",
            "a quote inside quotes is doubled",
        ),
        Flaw::AfterQuote => (
            "goes on behind its closing quote",
            "a quote inside quotes is doubled",
        ),
        Flaw::TooLong => (
            "is longer than 1 MiB",
            "put the text into a file under evidence/",
        ),
    };
    let message = format!("cell {cell} {message}");
    faults.add(Some(line), Some(index as u64 + 1), message, hint);
}

/// The cell without the `'` that our writer puts before what a spreadsheet takes for a formula.
fn unguarded(cell: String) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest.to_owned(),
        _ => cell,
    }
}

/// Whether a spreadsheet could take a text for a formula: `=`, `+`, `-`, `@`, tab, CR or LF
/// first, or the full-width form of one of the signs, which Excel accepts where an East Asian
/// language is set.
pub fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// The control that a cell names, else what is wrong and what to do; `None` for an empty cell.
pub fn control(text: &str) -> Option<Result<&'static Control, (String, String)>> {
    if text.is_empty() {
        return None;
    }
    let known = text.parse().ok().and_then(|id| catalogue().control(id));
    Some(known.ok_or_else(|| {
        let message = format!("`{}` is not a control of {TABLE} {EDITION}", shown(text));
        // Spreadsheets read `2.1.1` as a date where the language writes dates with dots.
        let hint = if period::rewritten(text).is_some() {
            "format the column as text, then enter the control's number again".to_owned()
        } else {
            "list them with `kisms controls`".to_owned()
        };
        (message, hint)
    }))
}

/// What is wrong with the text of an account's cell and what to do, if anything.
pub fn account_flaw(text: &str) -> Option<(String, &'static str)> {
    const AS_TEXT: &str = "format the column as text, then enter the account's 12 digits again";
    if crate::place::is_account(text) {
        return None;
    }
    let value = shown(text);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let only_digits = digits == text.len();
    let scientific = text.parse::<f64>().is_ok() && text.contains(['e', 'E']);
    Some(if scientific {
        (
            format!("`{value}` is in scientific notation: a spreadsheet has rounded the account"),
            AS_TEXT,
        )
    } else if only_digits && digits < 12 {
        (
            format!(
                "`{value}` has {digits} digits: a spreadsheet drops an account's leading zeros"
            ),
            AS_TEXT,
        )
    } else {
        (
            format!("`{value}` is not an account"),
            "an AWS account has 12 digits and nothing else",
        )
    })
}

#[cfg(test)]
mod tests;
