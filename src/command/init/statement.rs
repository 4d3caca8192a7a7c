//! `statement.csv` of a new engagement: empty, or what an organisation's own form says.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

use crate::catalogue::{Catalogue, ControlId, Level, Scheme};
use crate::command::Screen;
use crate::error::{Error, Result};
use crate::fault::InputFault;
use crate::regular;
use crate::report::table::neutral;
use crate::report::terminal::escape;
use crate::sheet;
use crate::statement::form::{self, Form, FormRow};
use crate::statement::{self, is_always_selected};

/// How many things of a kind are named on the screen.
const NAMED: usize = 10;

/// Reads an organisation's own form; its faults, if there are any.
pub fn read(path: &Path) -> Result<std::result::Result<Form, Vec<InputFault>>> {
    let name = path.display().to_string();
    let mut bytes = Vec::new();
    let most = form::FILE_BYTES as u64 + 1;
    regular::open(path)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .map_err(|error| Error::io("read", path, &error))?;
    if bytes.len() > form::FILE_BYTES {
        return Ok(Err(vec![sheet::too_large(&name, form::FILE_BYTES)]));
    }
    Ok(form::read(&name, &bytes))
}

/// One row an item of the scheme; those of area 1 are always selected (control 1.3.1).
pub fn empty_csv(scheme: Scheme, catalogue: &Catalogue) -> String {
    let mut text = super::header(&statement::COLUMNS);
    let empty = ",".repeat(statement::COLUMNS.len() - 2);
    for id in items(scheme, catalogue) {
        let selected = if is_always_selected(id) { "Y" } else { "" };
        write!(text, "{id},{selected}{empty}\r\n").expect("memory");
    }
    text
}

/// What the form says of each item of the scheme, and of others that it speaks of; an item that it
/// does not speak of has an empty row.
pub fn csv_of(form: &Form, scheme: Scheme, catalogue: &Catalogue) -> String {
    let mut ids = items(scheme, catalogue);
    ids.extend(form.rows.keys().filter(|id| !scheme.includes(**id)));
    let unsaid = FormRow::default();
    let mut csv = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for id in ids {
        let row = form.rows.get(&id).unwrap_or(&unsaid);
        let selected = match row.selected {
            Some(true) => "Y",
            Some(false) => "N",
            None => "",
        };
        let cells = [
            &id.to_string(),
            selected,
            &row.operation,
            &row.documents,
            &row.records.join("; "),
            &row.reason_not_selected,
        ];
        let cells = cells.map(|cell| neutral(cell).into_owned());
        csv.write_record(&cells).expect("memory");
    }
    let rows = csv.into_inner().expect("memory");
    super::header(&statement::COLUMNS) + &String::from_utf8_lossy(&rows)
}

fn items(scheme: Scheme, catalogue: &Catalogue) -> Vec<ControlId> {
    let items = catalogue.controls.iter();
    let items = items.filter(|c| c.level == Level::Item && scheme.includes(c.id));
    items.map(|control| control.id).collect()
}

/// What was taken in, and everything that was passed over.
pub fn describe(
    form: &Form,
    scheme: Scheme,
    catalogue: &Catalogue,
    screen: &Screen<'_>,
    text: &mut String,
) {
    let items = items(scheme, catalogue);
    let absent = items.iter().filter(|id| !form.rows.contains_key(*id));
    let absent: Vec<String> = absent.map(ToString::to_string).collect();
    let from = screen.words("가져온 통제항목", "controls taken in");
    let headers = form.headers.join(", ");
    let _ = writeln!(text, "{from}: {} ({})", form.rows.len(), escape(&headers));
    let lists = [
        (
            screen.words("양식에 없는 통제항목", "not in the form"),
            &absent,
        ),
        (
            screen.words("가져오지 않은 열", "columns passed over"),
            &form.ignored_columns,
        ),
        (
            screen.words("가져오지 않은 행", "rows passed over"),
            &form.ignored_rows,
        ),
    ];
    for (label, names) in lists.into_iter().filter(|(_, names)| !names.is_empty()) {
        let more = match names.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(", +{more}"),
        };
        let shown = names[..names.len().min(NAMED)].join(", ");
        let _ = writeln!(text, "{label}: {} ({}{more})", names.len(), escape(&shown));
    }
}
