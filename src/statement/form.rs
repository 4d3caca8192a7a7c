//! An organisation's own 운영명세서 as a workbook (.xlsx), taken in.
//!
//! Every organisation has the form in a shape of its own: with a title above, areas and domains
//! as rows or columns between, `○` for `Y`, a sheet an area. So the header is found by the names
//! of its columns, wherever it stands, and a row by its control's number; whatever is passed over
//! is named. Nothing is guessed: a cell that could mean two things is a fault with its place.

mod grid;
mod header;
mod rows;
mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::catalogue::ControlId;
use crate::fault::{Faults, InputFault, listed};

use grid::Workbook;

/// The largest workbook that is taken in, in bytes.
pub const FILE_BYTES: usize = 64 << 20;

/// What a form says of one control.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormRow {
    /// Whether it is selected; `None` where the form does not say.
    pub selected: Option<bool>,
    /// How it is operated.
    pub operation: String,
    /// Policies with clause numbers.
    pub documents: String,
    /// One a record.
    pub records: Vec<String>,
    /// Why it is not selected.
    pub reason_not_selected: String,
}

/// A form as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// By control.
    pub rows: BTreeMap<ControlId, FormRow>,
    /// The sheets that hold the form, with the row of their header: `운영명세서!6`.
    pub headers: Vec<String>,
    /// Columns that no column of statement.csv takes up: `운영명세서!H6 비고`.
    pub ignored_columns: Vec<String>,
    /// Rows that name no control: `운영명세서!A120 ※ 작성 방법`.
    pub ignored_rows: Vec<String>,
}

/// Reads a workbook; all faults of all its sheets, if there are any. `file` is its name in them.
pub fn read(file: &str, bytes: &[u8]) -> Result<Form, Vec<InputFault>> {
    let mut workbook = Workbook::open(bytes)
        .map_err(|(message, hint)| vec![InputFault::of_file(file, message, hint)])?;
    let mut faults = Faults::of(file);
    let mut form = Form::default();
    let mut drafts = BTreeMap::new();
    let names = workbook.names();
    for name in &names {
        let grid = match workbook.sheet(name) {
            Ok(grid) => grid,
            Err((message, hint)) => {
                faults.add(None, None, format_args!("sheet `{name}` {message}"), hint);
                continue;
            }
        };
        let sheet = rows::Sheet { name, grid: &grid };
        if let Some(header) = header::find(&sheet, &mut faults) {
            header::describe(&sheet, &header, &mut form);
            rows::read(&sheet, &header, &mut form, &mut drafts, &mut faults);
        }
    }
    let rows = drafts.into_iter();
    form.rows = rows.map(|(id, draft)| (id, rows::finish(draft))).collect();
    if form.headers.is_empty() && faults.is_empty() {
        let message = format!(
            "none of its sheets has a header with `항목` and `운영여부`: {}",
            listed(&names)
        );
        let hint = format!("name the columns so; known are {}", header::known());
        faults.add(None, None, message, hint);
    }
    faults.or(form)
}
