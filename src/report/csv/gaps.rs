//! `gaps.csv`: what in scope was not seen, and the command whose output would show it.

use super::Table;
use crate::assess::Gap;
use crate::report::table::{Column, columns, headings, joined, scalar, text, write_csv};
use crate::report::words;

/// The table.
pub const TABLE: Table = Table {
    path: "data/csv/gaps.csv",
    title_ko: words::GAPS,
    title_en: "Gaps",
    headings: || headings(&columns()),
    render: |assessment, out| write_csv(out, &columns(), &assessment.gaps),
};

/// The columns.
pub fn columns() -> Vec<Column<Gap>> {
    columns! {
        "kind" Text "종류" "Kind" => |row| scalar(&row.kind);
        "account" Text "계정" "Account" => |row| text(&row.at.account);
        "region" Text "리전" "Region" => |row| text(&row.at.region);
        "rule" Text "규칙" "Rule" => |row| text(&row.rule);
        "controls" List "영향받는 통제항목" "Controls left open" => |row| joined(&row.controls, ";");
        "input" Text "입력 번호" "Input" => |row| text(&row.at.input);
        "detail" Text "상세" "Detail" => |row| text(&row.detail);
        "command" Text "메우는 명령" "Command that would fill it" => |row| text(&row.at.command);
    }
}
