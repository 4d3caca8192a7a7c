//! `statement-of-operation.csv`: the 운영명세서 (control 1.3.1), one row a control, in the words
//! of the form in common use.

use super::Table;
use crate::assess::StatementOfOperation;
use crate::report::table::{Column, columns, headings, scalar, text, write_csv};

/// The table.
pub const TABLE: Table = Table {
    path: "data/statement-of-operation.csv",
    title_ko: "운영명세서",
    title_en: "Statement of operation",
    headings: || headings(&columns()),
    render: |assessment, out| write_csv(out, &columns(), &assessment.statement),
};

/// The columns.
pub fn columns() -> Vec<Column<StatementOfOperation>> {
    columns! {
        "control_id" Text "항목" "Control" => |row| scalar(&row.control_id);
        "title_ko" Text "인증기준" "Title, Korean" => |row| text(&row.title_ko);
        "title_en" Text "인증기준(영문)" "Title, English" => |row| text(&row.title_en);
        "selected" Text "선정 여부" "Selected" => |row| text(&row.selected);
        "operation" Text "운영 현황(또는 미선정 사유)" "Operation, or why it was not selected" => |row| text(&row.operation);
        "documents" Text "관련문서(정책, 지침 등 세부조항번호까지)" "Documents, with clause numbers" => |row| text(&row.documents);
        "records" Text "기록(증적자료)" "Records (evidence)" => |row| text(&row.records);
    }
}
