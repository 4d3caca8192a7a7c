//! `assets.csv`: the resources of the snapshots, for the inventory (자산 목록, control 1.2.1).

use std::io::{self, Read};

use super::Table;
use crate::assess::{ASSETS_FILE, Asset, Finding, Source};
use crate::report::table::{
    Column, columns, headings, neutral, optional, scalar, text, try_write_csv,
};

/// The table.
pub const TABLE: Table = Table {
    path: ASSETS_FILE,
    title_ko: "자산 목록",
    title_en: "Assets",
    headings: || headings(&columns()),
    render: |assessment, out| try_write_csv(out, &columns(), assessment.assets()),
};

/// The columns.
pub fn columns() -> Vec<Column<Asset>> {
    columns! {
        "account" Text "계정" "Account" => |row| text(&row.account);
        "region" Text "리전" "Region" => |row| text(&row.region);
        "resource_type" Text "자원 유형" "Resource type" => |row| text(&row.resource_type);
        "resource_id" Text "자원 ID" "Resource id" => |row| text(&row.resource_id);
        "resource_name" Text "자원 이름" "Resource name" => |row| optional(row.resource_name.as_ref());
        "arn" Text "ARN" "ARN" => |row| optional(row.arn.as_ref());
        "created_at" Text "생성 시각" "Created at" => |row| scalar(&row.created_at);
        "captured_at" Text "수집 시각" "Captured at" => |row| scalar(&row.captured_at);
        "status" Text "상태" "Status" => |row| text(&row.status);
        "tags" Text "태그" "Tags" => |row| text(&row.tags);
        "failing_findings" Integer "미준수 판정 수" "Failing findings" => |row| scalar(&row.failing_findings);
        "input" Text "입력 번호" "Input" => |row| text(row.source.input());
        "path" Text "원본 파일" "File" => |row| text(row.source.path());
        "sha256" Text "원본 SHA-256" "SHA-256 of the file" => |row| scalar(&row.source.sha256());
        "document" Integer "파일 내 문서 순번" "Document in the file" => |row| scalar(&row.source.document());
        "pointer" Text "JSON 포인터" "JSON pointer" => |row| row.source.pointer();
        "offset" Integer "바이트 위치" "Byte offset" => |row| scalar(&row.source.offset);
    }
}

/// Where the assets of the finding's account, type and id were read, with their regions, out of a
/// table that was written before.
pub fn find(table: impl Read, finding: &Finding) -> io::Result<Vec<(String, Source)>> {
    let mut table = ::csv::Reader::from_reader(table);
    let headers = table.headers()?.clone();
    let column = |id: &str| headers.iter().position(|header| header == id);
    let wanted = [
        ("account", finding.account.as_str()),
        ("resource_type", &finding.resource_type),
        ("resource_id", &finding.resource_id),
    ];
    let wanted = wanted.map(|(id, value)| (column(id), neutral(value)));
    let region = column("region");
    let mut found = Vec::new();
    for record in table.records() {
        let record = record?;
        let cell = |column: &Option<usize>| record.get((*column)?);
        if wanted
            .iter()
            .all(|(column, value)| cell(column) == Some(&**value))
        {
            let region = cell(&region).unwrap_or_default().to_owned();
            found.push((region, record.deserialize(Some(&headers))?));
        }
    }
    Ok(found)
}
