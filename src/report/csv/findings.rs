//! `findings.csv`: every finding, and those on resources that are gone, which are not counted.

use std::borrow::Cow;
use std::io::{self, Write};

use super::Table;
use crate::assess::{Assessment, Finding, FindingDecision, WeakerParameter};
use crate::report::table::{
    Column, columns, headings, joined, json, optional, scalar, text, write_csv,
};
use crate::report::words;

/// The table.
pub const TABLE: Table = Table {
    path: "data/csv/findings.csv",
    title_ko: words::FINDINGS,
    title_en: "Findings",
    headings: || headings(&columns()),
    render: |assessment, out| write(out, rows(assessment)),
};

/// One row.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The finding.
    pub finding: &'a Finding,
    /// Whether it is counted; if not, its resource is gone.
    pub counted: bool,
}

impl Row<'_> {
    /// In which count over all findings it is: by its verdict, the period and its decision.
    fn counted_as(&self) -> &'static str {
        if self.counted {
            self.finding.counted_as(None).as_str()
        } else {
            "gone"
        }
    }
}

/// Findings first, then those that are gone.
pub fn rows(assessment: &Assessment) -> impl Iterator<Item = Row<'_>> {
    let row = |counted| move |finding| Row { finding, counted };
    let findings = assessment.findings.iter().map(row(true));
    findings.chain(assessment.gone.iter().map(row(false)))
}

/// Writes a CSV file of some rows.
pub fn write<'a>(out: impl Write, rows: impl IntoIterator<Item = Row<'a>>) -> io::Result<()> {
    write_csv(out, &columns(), rows)
}

/// The columns: everything that a finding's JSON has, flat.
pub fn columns<'a>() -> Vec<Column<Row<'a>>> {
    columns! {
        "id" Text "판정 번호" "Finding" => |row| scalar(&row.finding.id);
        "counted" Text "집계 여부" "Counted" => |row| text(if row.counted { "yes" } else { "gone" });
        "counted_as" Text "집계 구분" "Counted as" => |row| text(row.counted_as());
        "status" Text "판정 결과" "Verdict" => |row| text(row.finding.status.as_str());
        "rule" Text "규칙" "Rule" => |row| text(&row.finding.rule);
        "controls" List "통제항목" "Controls" => |row| joined(&row.finding.controls, ";");
        "account" Text "계정" "Account" => |row| text(&row.finding.account);
        "region" Text "리전" "Region" => |row| text(&row.finding.region);
        "regions" List "기록된 리전" "Regions recorded" => |row| joined(&row.finding.regions, ";");
        "resource_type" Text "자원 유형" "Resource type" => |row| text(&row.finding.resource_type);
        "resource_id" Text "자원 ID" "Resource id" => |row| text(&row.finding.resource_id);
        "resource_name" Text "자원 이름" "Resource name" => |row| optional(row.finding.resource_name.as_ref());
        "annotation" Text "AWS 설명" "Annotation" => |row| optional(row.finding.annotation.as_ref());
        "evaluated_at" Text "평가 시각" "Evaluated at" => |row| scalar(&row.finding.evaluated_at);
        "recorded_at" Text "기록 시각" "Recorded at" => |row| scalar(&row.finding.recorded_at);
        "in_period" Boolean "기간 안에 유효" "Holds in the period" => |row| scalar(&row.finding.in_period);
        "decision_id" Text "결정 번호" "Decision" => |row| decision(row, |decision| text(&decision.id));
        "decision_kind" Text "결정 종류" "Kind of decision" => |row| decision(row, |decision| scalar(&decision.kind));
        "decision_effective" Boolean "결정 효력" "Decision in effect" => |row| decision(row, |decision| scalar(&decision.effective));
        "decision_only_for" List "결정이 미치는 통제항목" "Decision holds only for" => |row| decision(row, |decision| joined(&decision.only_for, ";"));
        "decision_owner" Text "결정 책임자" "Owner of the decision" => |row| decision(row, |decision| text(&decision.owner));
        "decision_expires_on" Date "결정 만료일" "Decision expires on" => |row| decision(row, |decision| scalar(&decision.expires_on));
        "deployed_rule" Text "배포된 규칙" "Deployed rule" => |row| text(&row.finding.deployed_rule);
        "resolved_by" Text "규칙 식별 방법" "Rule recognised by" => |row| scalar(&row.finding.resolved_by);
        "parameters" Json "배포된 매개변수" "Deployed parameters" => |row| row.finding.parameters.as_ref().map_or_else(|| text(""), json);
        "weaker_parameters" Text "기준보다 약한 매개변수" "Parameters weaker than the baseline" => |row| joined(row.finding.weaker_parameters.iter().map(weaker), "; ");
        "unknown_parameters" Text "알 수 없는 매개변수" "Parameters whose name or value is not known" => |row| joined(row.finding.unknown_parameters.iter().map(|(name, value)| format!("{name}={value}")), "; ");
        "shortfall" Text "규칙이 일부만 평가하는 이유" "Why the rule judges only a part" => |row| optional(row.finding.shortfall.as_ref());
        "attributed_by" Text "계정·리전 식별 방법" "Account and region found by" => |row| scalar(&row.finding.attributed_by);
        "copies_count" Integer "다른 배포본 수" "Other deployed copies" => |row| scalar(&row.finding.copies().count());
        "copies" Json "다른 배포본" "Verdicts of the other copies" => |row| json(&row.finding.copies().collect::<Vec<_>>());
        "history_count" Integer "다른 판정 기록 수" "Older, equal and contradicting verdicts" => |row| scalar(&row.finding.history().count());
        "fingerprint" Text "지문" "Fingerprint" => |row| scalar(&row.finding.fingerprint);
        "input" Text "입력 번호" "Input" => |row| text(row.finding.source.input());
        "path" Text "원본 파일" "File" => |row| text(row.finding.source.path());
        "sha256" Text "원본 SHA-256" "SHA-256 of the file" => |row| scalar(&row.finding.source.sha256());
        "document" Integer "파일 내 문서 순번" "Document in the file" => |row| scalar(&row.finding.source.document());
        "pointer" Text "JSON 포인터" "JSON pointer" => |row| row.finding.source.pointer();
        "offset" Integer "바이트 위치" "Byte offset" => |row| scalar(&row.finding.source.offset);
    }
}

fn decision<'a>(row: &Row<'a>, cell: fn(&'a FindingDecision) -> Cow<'a, str>) -> Cow<'a, str> {
    let decision = row.finding.decision.as_deref();
    decision.map_or(Cow::Borrowed(""), cell)
}

/// `maxAccessKeyAge=120 (baseline 90, 계정관리지침 5.2)`.
fn weaker(parameter: &WeakerParameter) -> String {
    let WeakerParameter {
        name,
        deployed,
        baseline,
        document,
    } = parameter;
    let document = document.as_ref().map(|document| format!(", {document}"));
    let document = document.unwrap_or_default();
    let deployed = if deployed.is_empty() { "–" } else { deployed };
    format!("{name}={deployed} (baseline {baseline}{document})")
}
