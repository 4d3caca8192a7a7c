//! `mapping.csv`: which rule AWS maps to which control, and the page that says so.

use super::Table;
use crate::assess::MappingEntry;
use crate::report::table::{Column, columns, headings, scalar, text, write_csv};

/// The table.
pub const TABLE: Table = Table {
    path: "data/csv/mapping.csv",
    title_ko: "통제항목·규칙 매핑",
    title_en: "Mapping of rules to controls",
    headings: || headings(&columns()),
    render: |assessment, out| write_csv(out, &columns(), &assessment.mapping),
};

/// The columns.
pub fn columns() -> Vec<Column<MappingEntry>> {
    columns! {
        "control_id" Text "번호" "Control" => |row| scalar(&row.control_id);
        "title_ko" Text "통제항목" "Title, Korean" => |row| text(&row.title_ko);
        "title_en" Text "통제항목(영문)" "Title, English" => |row| text(&row.title_en);
        "rule" Text "규칙" "Rule" => |row| text(&row.rule);
        "source_identifier" Text "규칙 식별자" "Source identifier" => |row| text(&row.source_identifier);
        "source" Text "출처" "Source" => |row| text(&row.source);
    }
}
