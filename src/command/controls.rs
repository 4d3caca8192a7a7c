//! `kisms controls`: the control table with AWS's mapping, or the results with it.

use std::io;
use std::path::Path;

use chrono::{DateTime, FixedOffset};
use serde_json::{Value, json};

use crate::assess::ControlRow;
use crate::catalogue::{self, catalogue};
use crate::engagement::Language;
use crate::error::Result;
use crate::report::csv::controls as csv;
use crate::report::{json, table, terminal};

use super::load::assessment_of;
use super::{Exit, Screen, written};

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Aligned columns.
    Table,
    /// As controls.csv.
    Csv,
    /// One JSON document.
    Json,
}

/// Prints the controls; with a path, with their results.
pub fn controls(
    path: Option<&Path>,
    format: Format,
    now: DateTime<FixedOffset>,
    screen: &mut Screen<'_>,
) -> Result<Exit> {
    let rows = match path {
        None => bare(),
        Some(path) => match assessment_of(path, Some(&[]), now, screen)? {
            Ok(opening) => opening.assessment.controls,
            Err(exit) => return Ok(exit),
        },
    };
    written(match format {
        Format::Json => json::pretty(&mut screen.out, &document(&rows, path.is_some())),
        Format::Csv => table::write_csv(&mut screen.out, &csv::columns(), &rows),
        Format::Table => aligned(&rows, path.is_some(), screen),
    })?;
    Ok(Exit::Done)
}

fn bare() -> Vec<ControlRow> {
    let row = |control: &catalogue::Control| ControlRow {
        id: control.id,
        level: control.level,
        title_ko: control.title_ko.clone(),
        title_en: control.title_en.clone(),
        rules: catalogue()
            .rules_of(control.id)
            .map(|rule| rule.name.clone())
            .collect(),
        result: None,
    };
    catalogue().controls.iter().map(row).collect()
}

/// `result` stands in the rows only where there was something to conclude from.
fn document(rows: &[ControlRow], with_result: bool) -> Value {
    let row = |row: &ControlRow| {
        let mut value = json!(row);
        if !with_result && let Some(object) = value.as_object_mut() {
            object.remove("result");
        }
        value
    };
    let controls: Vec<Value> = rows.iter().map(row).collect();
    json!({"table": catalogue::TABLE, "edition": catalogue::EDITION, "controls": controls})
}

fn aligned(rows: &[ControlRow], with_result: bool, screen: &mut Screen<'_>) -> io::Result<()> {
    let korean = screen.language == Language::Ko;
    let shown: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let mut cells = vec![row.id.to_string()];
            if with_result {
                cells.extend(result_cells(row, screen));
            }
            cells.push(row.rules.len().to_string());
            cells.push(if korean {
                row.title_ko.clone()
            } else {
                row.title_en.clone()
            });
            cells
        })
        .collect();
    let headers: &[&str] = match (with_result, korean) {
        (true, true) => &[
            "번호",
            "자동 증적",
            "미준수",
            "수동 증적",
            "규칙",
            "통제항목",
        ],
        (true, false) => &["id", "automated", "failing", "manual", "rules", "title"],
        (false, true) => &["번호", "규칙", "통제항목"],
        (false, false) => &["id", "rules", "title"],
    };
    terminal::table(&mut screen.out, screen.width, headers, &shown)
}

/// A whole domain has common evidence and no verdict word.
fn result_cells(row: &ControlRow, screen: &Screen<'_>) -> [String; 3] {
    let Some(result) = &row.result else {
        return Default::default();
    };
    let word = match row.level {
        catalogue::Level::Item => screen.term("automated", &result.automated),
        _ => String::new(),
    };
    let manual = screen.term("manual", &result.manual);
    [word, result.counts.non_compliant.to_string(), manual]
}
