//! `statement.csv`: what the applicant states of each control (운영명세서, control 1.3.1).

pub mod form;
mod record;

use std::collections::BTreeMap;

use crate::catalogue::{ControlId, Level};
use crate::fault::{Faults, InputFault, shown};
use crate::sheet::{self, Column, Row, RowPlace, optional, required};

pub use record::{Citation, FOLDERS, Record};

/// The file's name in an engagement's folder.
pub const FILE: &str = "statement.csv";

/// The columns of `statement.csv`, in the order in which it is written.
pub const COLUMNS: [Column; 6] = [
    required("control_id"),
    required("selected"),
    optional("operation"),
    optional("documents"),
    optional("records"),
    optional("reason_not_selected"),
];

/// The title of a row of a form that goes on with the one above it, Korean and English.
pub const CONTINUED: [&str; 2] = ["(계속)", "(continued)"];

/// One row of `statement.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementRow {
    /// The control: an item.
    pub control_id: ControlId,
    /// Whether it was selected (선정 여부).
    pub selected: bool,
    /// How it is operated (운영 현황).
    pub operation: String,
    /// Policies with clause numbers (관련문서).
    pub documents: String,
    /// Records (기록): `evidence/…`, `exports/…` or free text.
    pub records: Vec<String>,
    /// Why it was not selected (미선정 사유).
    pub reason_not_selected: String,
    /// Where it stands in the file.
    pub place: RowPlace,
}

/// Reads `statement.csv`; all faults, if there are any.
///
/// What its rows say is not judged here: that takes the evidence
/// ([`objections`](crate::assess::objections)). A row of which nothing but the control is filled in
/// states nothing, and is left out.
pub fn load(bytes: &[u8]) -> Result<Vec<StatementRow>, Vec<InputFault>> {
    let mut lines = BTreeMap::new();
    let mut statement = Vec::new();
    let faults = sheet::read(FILE, bytes, &COLUMNS, |row, faults| {
        let control = control(row, faults);
        let selected = selected(row, faults);
        let Some(control_id) = control else { return };
        let first = *lines.entry(control_id).or_insert(row.line);
        if first != row.line {
            let message = format!("`{control_id}` stands in line {first} already");
            row.fault(faults, "control_id", message, "keep one row a control");
        }
        if let Some(selected) = selected {
            statement.push(stated(row, control_id, selected));
        }
    });
    faults.or(statement)
}

/// Whether an applicant cannot leave the control out: control 1.3.1 has it so for area 1.
pub fn is_always_selected(control_id: ControlId) -> bool {
    control_id.area().to_string() == "1"
}

fn stated(row: &Row<'_>, control_id: ControlId, selected: bool) -> StatementRow {
    StatementRow {
        control_id,
        selected,
        operation: row.get("operation").to_owned(),
        documents: row.get("documents").to_owned(),
        records: records(row.get("records")).map(str::to_owned).collect(),
        reason_not_selected: row.get("reason_not_selected").to_owned(),
        place: row.place(),
    }
}

fn control(row: &Row<'_>, faults: &mut Faults) -> Option<ControlId> {
    let (message, hint) = match sheet::control(row.get("control_id")) {
        Some(Ok(control)) if control.level == Level::Item => return Some(control.id),
        Some(Ok(control)) => (
            format!("`{}` is not an item", control.id),
            "name one item such as `2.10.5`".to_owned(),
        ),
        Some(Err(flaw)) => flaw,
        None => (
            "is empty".to_owned(),
            "name the control, or empty the row".to_owned(),
        ),
    };
    row.fault(faults, "control_id", message, hint);
    None
}

fn selected(row: &Row<'_>, faults: &mut Faults) -> Option<bool> {
    let text = row.get("selected");
    let stated = ["operation", "documents", "records", "reason_not_selected"];
    match text {
        "Y" | "y" => return Some(true),
        "N" | "n" => return Some(false),
        "" if stated.iter().all(|id| row.get(id).is_empty()) => return None,
        "" => row.fault(faults, "selected", "is empty", "write `Y` or `N`"),
        _ => {
            let message = format!("`{}` is neither `Y` nor `N`", shown(text));
            row.fault(faults, "selected", message, "write `Y` or `N`");
        }
    }
    None
}

/// The records that a cell names, with `;` between.
pub fn records(cell: &str) -> impl Iterator<Item = &str> {
    let records = cell.split(';').map(str::trim);
    records.filter(|record| !record.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "control_id,selected,operation,documents,records,reason_not_selected\n";

    fn statement(rows: &str) -> Vec<StatementRow> {
        load(format!("{HEADER}{rows}").as_bytes()).expect("no fault")
    }

    fn faults(rows: &str) -> Vec<String> {
        let faults = load(format!("{HEADER}{rows}").as_bytes()).expect_err("faults");
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_whole_row_is_read_and_its_records_split() {
        let read = statement("2.1.1,Y,운영함,지침 1.2, evidence/2.1.1/a.pdf ;; 대장; ,\r\n");
        let [row] = read.as_slice() else {
            panic!("one row");
        };
        assert_eq!(row.control_id.to_string(), "2.1.1");
        assert!(row.selected);
        assert_eq!(row.operation, "운영함");
        assert_eq!(row.documents, "지침 1.2");
        assert_eq!(row.records, ["evidence/2.1.1/a.pdf", "대장"]);
        assert_eq!(row.reason_not_selected, "");
    }

    #[test]
    fn a_row_knows_its_cells_when_the_sheet_is_gone() {
        let read = statement("2.1.1,Y,,,x,\n");
        let fault = |id| read[0].place.fault(FILE, id, "`x` is wrong", "h");
        assert_eq!(
            fault("records").to_string(),
            "statement.csv:2:5: cell E2: `records` `x` is wrong"
        );
        assert_eq!(
            fault("absent").to_string(),
            "statement.csv:2: `absent` `x` is wrong"
        );
    }

    #[test]
    fn selected_is_y_or_n_in_any_case_with_spaces() {
        let read = statement("2.1.1,y,,,,\n2.1.2,Y ,,,,\n2.1.3,n,,,,why\n");
        let selected: Vec<bool> = read.iter().map(|row| row.selected).collect();
        assert_eq!(selected, [true, true, false]);
        assert_eq!(
            faults("2.1.1,yes,,,,\n"),
            ["statement.csv:2:2: cell B2: `selected` `yes` is neither `Y` nor `N`"]
        );
    }

    #[test]
    fn a_row_without_a_word_states_nothing() {
        assert_eq!(statement("2.1.1,,,,,\n"), []);
        assert_eq!(
            faults("2.1.1,,운영함,,,\n"),
            ["statement.csv:2:2: cell B2: `selected` is empty"]
        );
    }

    #[test]
    fn a_control_is_an_item_of_the_table_and_stands_there_once() {
        assert_eq!(
            faults("2.1,Y,,,,\n9.9.9,Y,,,,\n,Y,,,,\n2.1.1,,,,,\n2.1.1,Y,,,,\n"),
            [
                "statement.csv:2:1: cell A2: `control_id` `2.1` is not an item",
                "statement.csv:3:1: cell A3: `control_id` `9.9.9` is not a control of isms-p 2023-10-31",
                "statement.csv:4:1: cell A4: `control_id` is empty",
                "statement.csv:6:1: cell A6: `control_id` `2.1.1` stands in line 5 already",
            ]
        );
    }

    #[test]
    fn an_area_1_control_that_is_not_selected_is_read_to_be_objected_to() {
        assert!(!statement("1.1.1,N,,,,why\n")[0].selected);
    }

    #[test]
    fn cp949_as_korean_spreadsheets_save_it_is_read() {
        let text = format!("{HEADER}2.1.1,Y,운영함,지침,대장,\r\n");
        let (bytes, _, _) = encoding_rs::EUC_KR.encode(&text);
        assert_eq!(load(&bytes), load(text.as_bytes()));
        assert_eq!(load(&bytes).expect("no fault")[0].operation, "운영함");
    }
}
