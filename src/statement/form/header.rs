//! Where a sheet's header stands, and which column says what.

use std::collections::BTreeMap;

use super::rows::Sheet;
use super::words::{self, Field};
use super::{Form, grid};
use crate::catalogue::{Level, catalogue};
use crate::fault::{Faults, listed, shown};

/// How many rows with content are searched for a header.
const SEARCHED: usize = 200;
/// How many rows are looked at to tell which column has the controls' numbers.
const SAMPLED: usize = 500;

/// A header row.
#[derive(Debug)]
pub struct Header {
    /// Its row, from 0.
    pub row: u32,
    /// Where each field stands.
    pub columns: BTreeMap<Field, u32>,
    /// The columns with the controls' titles, where a continued row says so.
    pub titles: Vec<u32>,
}

/// The first row that names a column for controls and one for whether they are selected.
pub fn find(sheet: &Sheet<'_>, faults: &mut Faults) -> Option<Header> {
    let rows = sheet.grid.rows().take(SEARCHED);
    let mut named = rows.map(|row| (row, fields(sheet, row)));
    let (row, fields) = named.find(|(_, fields)| {
        fields.contains_key(&Field::Control) && fields.contains_key(&Field::Selected)
    })?;
    let mut columns = BTreeMap::new();
    for (field, candidates) in &fields {
        match field {
            Field::Known => {}
            Field::Control => {
                columns.insert(*field, numbered(sheet, row, candidates));
            }
            _ => {
                columns.insert(*field, candidates[0]);
                if let [_, second, ..] = candidates.as_slice() {
                    let first = sheet.cell(row, candidates[0]);
                    let name = sheet
                        .grid
                        .at(row, *second)
                        .map_or("", |(_, value)| value.text());
                    let message = format!("`{}` says the same as {first}", shown(name));
                    let hint = "rename the column that is not to be taken in";
                    sheet.fault(faults, (row, *second), message, hint);
                }
            }
        }
    }
    let titles = fields.get(&Field::Known).cloned().unwrap_or_default();
    Some(Header {
        row,
        columns,
        titles,
    })
}

/// The columns of a row by what they say; a merged heading stands over several for controls only.
fn fields(sheet: &Sheet<'_>, row: u32) -> BTreeMap<Field, Vec<u32>> {
    let mut fields: BTreeMap<Field, Vec<u32>> = BTreeMap::new();
    for (column, value) in sheet.grid.row(row) {
        let Some(field) = words::field(value.text()) else {
            continue;
        };
        let of_field = fields.entry(field).or_default();
        of_field.push(column);
        if field == Field::Control {
            let spanned = (column + 1..grid::WIDTH)
                .take_while(|next| sheet.grid.origin(row, *next) == (row, column));
            of_field.extend(spanned);
        }
    }
    fields
}

/// Of some columns the one in which most items are numbered.
fn numbered(sheet: &Sheet<'_>, header: u32, candidates: &[u32]) -> u32 {
    let items = |column: u32| {
        let rows = sheet.grid.rows().filter(|row| *row > header).take(SAMPLED);
        let numbers = rows.filter_map(|row| words::number(sheet.grid.at(row, column)?.1.text()));
        let known = numbers.filter_map(|number| catalogue().control(number.parse().ok()?));
        known.filter(|control| control.level == Level::Item).count()
    };
    let counted = candidates.iter().map(|column| (*column, items(*column)));
    // The first of those with as many.
    let best = counted.reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.map_or(candidates[0], |(column, _)| column)
}

/// Says where the header was found, and which of its columns say nothing that is taken in.
pub fn describe(sheet: &Sheet<'_>, header: &Header, form: &mut Form) {
    form.headers
        .push(format!("{}!{}", sheet.name, header.row + 1));
    for (column, value) in sheet.grid.row(header.row) {
        if words::field(value.text()).is_none() {
            let cell = sheet.cell(header.row, column);
            form.ignored_columns
                .push(format!("{cell} {}", shown(value.text())));
        }
    }
}

/// The names by which columns are known.
pub fn known() -> String {
    listed(&words::known())
}
