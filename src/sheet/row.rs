//! A row of a sheet, and the names of its cells in what is said of them.

use std::fmt::Display;

use super::Header;
use crate::fault::{Faults, InputFault};

/// One row with content: its cells by the ids of their columns.
#[derive(Debug)]
pub struct Row<'s> {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// The row as a spreadsheet numbers it, from 1.
    pub(super) number: usize,
    pub(super) cells: Vec<String>,
    pub(super) header: &'s Header,
}

impl Row<'_> {
    /// The cell's text, trimmed; empty where the sheet does not have the column.
    pub fn get(&self, id: &str) -> &str {
        let index = self.header.index_of(id);
        index
            .and_then(|index| self.cells.get(index))
            .map_or("", |cell| cell.trim())
    }

    /// The cell's text, `None` where it is empty.
    pub fn optional(&self, id: &str) -> Option<String> {
        Some(self.get(id))
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    }

    /// Adds a fault of the cell in the column `id`.
    pub fn fault(&self, faults: &mut Faults, id: &str, message: impl Display, hint: impl Display) {
        let (column, message) = named(self.header.index_of(id), self.number, id, &message);
        faults.add(Some(self.line), column, message, hint);
    }

    /// Where the row stands, for what is found wrong in it later.
    pub fn place(&self) -> RowPlace {
        RowPlace {
            line: self.line,
            number: self.number,
            columns: self.header.places.clone(),
        }
    }
}

/// Where a row of a sheet stands: names each of its cells once the sheet itself is gone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowPlace {
    line: u64,
    number: usize,
    columns: Vec<(&'static str, usize)>,
}

impl RowPlace {
    /// A fault of the row's cell in the column `id` of `file`.
    pub fn fault(
        &self,
        file: &str,
        id: &str,
        message: impl Display,
        hint: impl Display,
    ) -> InputFault {
        let column = self.columns.iter().find(|(known, _)| *known == id);
        let index = column.map(|(_, index)| *index);
        let (column, message) = named(index, self.number, id, &message);
        InputFault {
            line: Some(self.line),
            column,
            ..InputFault::of_file(file, message, hint)
        }
    }
}

/// The column, from 1, and the message with the cell's name, if the sheet has the column.
fn named(
    index: Option<usize>,
    number: usize,
    id: &str,
    message: &dyn Display,
) -> (Option<u64>, String) {
    match index {
        Some(index) => {
            let cell = cell_name(index, number);
            let column = Some(index as u64 + 1);
            (column, format!("cell {cell}: `{id}` {message}"))
        }
        None => (None, format!("`{id}` {message}")),
    }
}

/// A cell as spreadsheets name it: `A1`, `AB7`.
pub fn cell_name(index: usize, row: usize) -> String {
    let mut letters = String::new();
    let mut rest = index + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).expect("less than 26");
        letters.insert(0, char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    format!("{letters}{row}")
}
