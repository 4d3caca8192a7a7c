//! `controls.csv`: every area, domain and item with what the evidence shows of it.

use std::borrow::Cow;

use super::Table;
use crate::assess::{ControlResult, ControlRow, Reason};
use crate::catalogue::Level;
use crate::report::table::{Column, columns, headings, joined, scalar, text, write_csv};

/// The table.
pub const TABLE: Table = Table {
    path: "data/csv/controls.csv",
    title_ko: "통제항목별 결과",
    title_en: "Controls",
    headings: || headings(&columns()),
    render: |assessment, out| write_csv(out, &columns(), &assessment.controls),
};

/// The columns.
pub fn columns() -> Vec<Column<ControlRow>> {
    columns! {
        "id" Text "번호" "Number" => |row| scalar(&row.id);
        "level" Text "구분" "Level" => |row| scalar(&row.level);
        "title_ko" Text "통제항목" "Title, Korean" => |row| text(&row.title_ko);
        "title_en" Text "통제항목(영문)" "Title, English" => |row| text(&row.title_en);
        "automated" Text "자동 증적" "Automated evidence" => automated;
        "manual" Text "수동 증적" "Manual evidence" => |row| result(row, |result| scalar(&result.manual));
        "non_compliant" Integer "미준수" "Non-compliant" => |row| result(row, |result| scalar(&result.counts.non_compliant));
        "excepted" Integer "미준수(예외 승인)" "Non-compliant, excepted" => |row| result(row, |result| scalar(&result.counts.excepted));
        "false_positive" Integer "미준수(오탐 승인)" "Non-compliant, false positive" => |row| result(row, |result| scalar(&result.counts.false_positive));
        "compliant" Integer "준수" "Compliant" => |row| result(row, |result| scalar(&result.counts.compliant));
        "compliant_weaker" Integer "약한 매개변수에서만 준수" "Compliant under weaker parameters only" => |row| result(row, |result| scalar(&result.counts.compliant_weaker));
        "not_applicable" Integer "해당 없음" "Not applicable" => |row| result(row, |result| scalar(&result.counts.not_applicable));
        "insufficient_data" Integer "데이터 부족" "Insufficient data" => |row| result(row, |result| scalar(&result.counts.insufficient_data));
        "outside_period" Integer "기간 밖" "Outside the period" => |row| result(row, |result| scalar(&result.counts.outside_period));
        "reasons" Text "사유" "Reasons" => |row| result(row, |result| joined(result.reasons.iter().map(reason), "; "));
        "rules" List "매핑된 규칙" "Rules mapped to it" => |row| joined(&row.rules, ";");
        "support" List "분야 공통 규칙" "Rules mapped to its domain" => |row| result(row, |result| joined(&result.support, ";"));
    }
}

fn result<'a>(row: &'a ControlRow, cell: fn(&'a ControlResult) -> Cow<'a, str>) -> Cow<'a, str> {
    row.result.as_ref().map_or(Cow::Borrowed(""), cell)
}

/// Only items have a result in words: what AWS maps to a whole domain is common evidence that
/// decides nothing.
fn automated(row: &ControlRow) -> Cow<'_, str> {
    match row.level {
        Level::Item => result(row, |result| scalar(&result.automated)),
        Level::Area | Level::Domain => Cow::Borrowed(""),
    }
}

fn reason(reason: &Reason) -> String {
    let Reason { reason, rule, at } = reason;
    format!("{} {rule} {} {}", scalar(reason), at.account, at.region)
}
