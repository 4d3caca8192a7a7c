//! The rows below a header, control by control.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::grid::{Grid, Position, Value};
use super::header::Header;
use super::words::{self, Field};
use super::{Form, FormRow};
use crate::catalogue::{ControlId, EDITION, Level, TABLE, catalogue};
use crate::fault::{Faults, shown};
use crate::sheet::cell_name;
use crate::statement::{CONTINUED, Record};

/// Rows that a form may have below its header: there are 101 controls.
const ROWS: usize = 20_000;
/// Rows that name no control and are named.
const IGNORED: usize = 50;

/// A sheet of the workbook.
pub struct Sheet<'w> {
    /// Its name.
    pub name: &'w str,
    /// Its cells.
    pub grid: &'w Grid,
}

impl Sheet<'_> {
    /// `운영명세서!B7`.
    pub fn cell(&self, row: u32, column: u32) -> String {
        format!(
            "{}!{}",
            shown(self.name),
            cell_name(column as usize, row as usize + 1)
        )
    }

    /// Adds a fault of a cell.
    pub fn fault(
        &self,
        faults: &mut Faults,
        (row, column): Position,
        message: impl Display,
        hint: impl Display,
    ) {
        let message = format!("{}: {message}", self.cell(row, column));
        let (line, column) = (u64::from(row) + 1, u64::from(column) + 1);
        faults.add(Some(line), Some(column), message, hint);
    }
}

/// What the cell for the control says.
enum Named {
    Item(ControlId),
    /// An area or a domain: a heading between the rows.
    Group(ControlId),
    /// A number that looks like a control's and is none.
    Unknown(String),
    /// A date, which `2.1.3` may have become.
    Date,
    Nothing,
}

/// What was read of one control so far.
#[derive(Debug, Default)]
pub struct Draft {
    /// Where it is first stated.
    place: String,
    selected: Option<bool>,
    /// Operation, documents, records, reason.
    texts: [String; FIELDS.len()],
}

const FIELDS: [Field; 4] = [
    Field::Operation,
    Field::Documents,
    Field::Records,
    Field::Reason,
];

/// How a row belongs to the one above it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Continues {
    /// It does not.
    No,
    /// The control's cell is merged over both: one control with several lines of its own.
    Merged,
    /// It says so, as our own workbook does: its texts are the rest of those above.
    Said,
}

/// Reads the rows into `drafts`, which are those of all sheets.
pub fn read(
    sheet: &Sheet<'_>,
    header: &Header,
    form: &mut Form,
    drafts: &mut BTreeMap<ControlId, Draft>,
    faults: &mut Faults,
) {
    let mut above = None;
    let below = sheet.grid.rows().filter(|row| *row > header.row);
    for (count, row) in below.enumerate() {
        if count == ROWS {
            let message = format!("has more than {ROWS} rows below its header");
            sheet.fault(faults, (row, 0), message, "there is one row a control");
            return;
        }
        let reading = Reading { sheet, header, row };
        if let Some(item) = reading.item(form, faults) {
            let continues = reading.continues(item, above);
            reading.take(item, continues, drafts, faults);
            above = Some((item, reading.origin(Field::Control)));
        }
    }
}

/// What all that was read of a control comes to.
pub fn finish(draft: Draft) -> FormRow {
    let [operation, documents, records, reason] = draft.texts.map(|text| text.trim().to_owned());
    let records = records.split(['\n', ';']).map(str::trim);
    let records = records.filter(|record| !record.is_empty());
    let mut row = FormRow {
        selected: draft.selected,
        operation,
        documents,
        records: records.map(|record| by_path(record).to_owned()).collect(),
        reason_not_selected: reason,
    };
    if row.selected == Some(false) {
        // The form has one column for both: 운영현황(또는 미선택사유).
        let said = [std::mem::take(&mut row.operation), row.reason_not_selected];
        let said = said.into_iter().filter(|text| !text.is_empty());
        row.reason_not_selected = said.collect::<Vec<_>>().join("\n");
    }
    row
}

/// A file by its path alone: its number and its digest are those of an older bundle.
fn by_path(record: &str) -> &str {
    match Record::of(record) {
        Record::Citation(citation) => citation.path.unwrap_or(record),
        Record::Words(words) => words,
    }
}

/// One row.
struct Reading<'r> {
    sheet: &'r Sheet<'r>,
    header: &'r Header,
    row: u32,
}

impl<'r> Reading<'r> {
    fn at(&self, field: Field) -> Option<(Position, &'r Value)> {
        let column = self.header.columns.get(&field)?;
        self.sheet.grid.at(self.row, *column)
    }

    fn origin(&self, field: Field) -> Position {
        let column = self.header.columns.get(&field).copied().unwrap_or_default();
        self.sheet.grid.origin(self.row, column)
    }

    fn fault(&self, faults: &mut Faults, field: Field, message: impl Display, hint: impl Display) {
        self.sheet.fault(faults, self.origin(field), message, hint);
    }

    fn named(&self) -> Named {
        let Some((_, value)) = self.at(Field::Control) else {
            return Named::Nothing;
        };
        if matches!(value, Value::Date(_)) {
            return Named::Date;
        }
        let Some(number) = words::number(value.text()) else {
            return Named::Nothing;
        };
        let known = number.parse().ok().and_then(|id| catalogue().control(id));
        match known {
            Some(control) if control.level == Level::Item => Named::Item(control.id),
            Some(control) => Named::Group(control.id),
            None => Named::Unknown(number),
        }
    }

    /// The item of which the row speaks; everything else is a heading, passed over or a fault.
    fn item(&self, form: &mut Form, faults: &mut Faults) -> Option<ControlId> {
        let selected = self.at(Field::Selected).map(|(_, value)| value.text());
        let states = selected.is_some_and(|text| words::selected(text).is_some());
        let as_text = "format the column as text, then enter the number again";
        match self.named() {
            Named::Item(item) => return Some(item),
            Named::Group(_) if !states => {}
            Named::Group(group) => {
                let message = format!("`{group}` is not an item");
                let hint = format!(
                    "enter an item's number such as `{group}.1`; {as_text}: `2.10` becomes `2.1`"
                );
                self.fault(faults, Field::Control, message, hint);
            }
            Named::Unknown(number) if states || number.split('.').count() >= 3 => {
                let message = format!("`{}` is not a control of {TABLE} {EDITION}", shown(&number));
                let hint = "list them with `kisms controls`; other tables number other controls so";
                self.fault(faults, Field::Control, message, hint);
            }
            Named::Date => {
                let message = "is a date: a spreadsheet has taken the control's number for one";
                self.fault(faults, Field::Control, message, as_text);
            }
            Named::Nothing if states => {
                let message = "names no control, though the row says whether one is selected";
                self.fault(
                    faults,
                    Field::Control,
                    message,
                    "enter the control's number",
                );
            }
            Named::Unknown(_) | Named::Nothing => self.ignore(form),
        }
        None
    }

    fn ignore(&self, form: &mut Form) {
        let first = self.sheet.grid.row(self.row).next();
        if let Some((column, value)) = first
            && form.ignored_rows.len() < IGNORED
        {
            let cell = self.sheet.cell(self.row, column);
            form.ignored_rows
                .push(format!("{cell} {}", shown(value.text())));
        }
    }

    fn continues(&self, item: ControlId, above: Option<(ControlId, Position)>) -> Continues {
        let Some((last, origin)) = above.filter(|(last, _)| *last == item) else {
            return Continues::No;
        };
        let mut titles = self.header.titles.iter();
        let said = |column: &u32| {
            let title = self.sheet.grid.at(self.row, *column);
            title.is_some_and(|(_, value)| CONTINUED.contains(&value.text()))
        };
        if titles.any(said) {
            Continues::Said
        } else if (last, origin) == (item, self.origin(Field::Control)) {
            Continues::Merged
        } else {
            Continues::No
        }
    }

    /// Adds what the row says to what was said of its control above.
    fn take(
        &self,
        item: ControlId,
        continues: Continues,
        drafts: &mut BTreeMap<ControlId, Draft>,
        faults: &mut Faults,
    ) {
        let selected = self.selected(faults);
        let (row, column) = self.origin(Field::Control);
        let known = drafts.get(&item).map(|draft| draft.place.clone());
        let draft = drafts.entry(item).or_insert_with(|| Draft {
            place: self.sheet.cell(row, column),
            selected,
            ..Draft::default()
        });
        if continues == Continues::No
            && let Some(first) = known
        {
            let message = format!("`{item}` stands in {first} already");
            self.fault(faults, Field::Control, message, "keep one row a control");
            return;
        }
        if draft.selected != selected && selected.is_some() {
            let message = format!("says otherwise than the row of {}", draft.place);
            self.fault(faults, Field::Selected, message, "say it once");
        }
        for (text, field) in draft.texts.iter_mut().zip(FIELDS) {
            self.add(text, field, continues, faults);
        }
    }

    fn add(&self, text: &mut String, field: Field, continues: Continues, faults: &mut Faults) {
        let Some(((row, _), value)) = self.at(field) else {
            return;
        };
        if continues == Continues::Merged && row != self.row {
            return;
        }
        if let Value::Error(error) = value {
            let hint = "mend the formula, or enter the text itself";
            self.fault(faults, field, format_args!("is the error `{error}`"), hint);
        }
        if *value == Value::Unsaved {
            let hint = "open the workbook in a spreadsheet and save it, or enter the text itself";
            self.fault(faults, field, "is a formula without a saved value", hint);
        }
        if continues == Continues::Merged && !text.is_empty() {
            text.push('\n');
        }
        text.push_str(value.text());
    }

    fn selected(&self, faults: &mut Faults) -> Option<bool> {
        let (_, value) = self.at(Field::Selected)?;
        let selected = words::selected(value.text());
        if selected.is_none() {
            let message = format!("`{}` is neither `Y` nor `N`", shown(value.text()));
            self.fault(faults, Field::Selected, message, "write `Y` or `N`");
        }
        selected
    }
}
