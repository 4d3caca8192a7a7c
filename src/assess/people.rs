//! What people handed in, as the documents show it: manual evidence and the statement of
//! operation (운영명세서) with each cited record resolved.

use crate::catalogue::{Control, Level};
use crate::manual::ManualEvidence;
use crate::statement::StatementRow;

use super::Subject;
use super::cited::{Citable, File, Meaning};
use super::model::{ManualEvidenceRow, StatementOfOperation};

/// The files under `evidence/`.
pub fn manual_evidence(subject: &Subject<'_>) -> Vec<ManualEvidenceRow> {
    let row = |file: &ManualEvidence| ManualEvidenceRow {
        id: file.id.clone(),
        control_id: file.control_id,
        path: file.path.clone(),
        bundle_path: bundle_path(file),
        sha256: file.sha256,
        bytes: file.bytes,
    };
    subject.manual.iter().map(row).collect()
}

/// `data/evidence/2.1.1/M0001.pdf`: the original name is in the index, since it may hold what a
/// zip's reader shows wrongly.
fn bundle_path(file: &ManualEvidence) -> String {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    let plain = |extension: &&str| {
        (1..=8).contains(&extension.len()) && extension.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let extension = extension
        .filter(plain)
        .map(|extension| format!(".{}", extension.to_ascii_lowercase()));
    format!(
        "data/evidence/{}/{}{}",
        file.control_id,
        file.id,
        extension.unwrap_or_default()
    )
}

/// One row for each item of the scheme; what the applicant has not said stays empty.
pub fn statement(subject: &Subject<'_>) -> Vec<StatementOfOperation> {
    let controls = subject.catalogue.controls.iter();
    let items = controls.filter(|control| {
        control.level == Level::Item && subject.engagement.scheme.includes(control.id)
    });
    let citable = Citable::new(subject);
    items
        .map(|control| statement_row(control, subject, &citable))
        .collect()
}

fn statement_row(
    control: &Control,
    subject: &Subject<'_>,
    citable: &Citable<'_>,
) -> StatementOfOperation {
    let said = subject
        .statement
        .iter()
        .find(|row| row.control_id == control.id);
    let text = |of: fn(&StatementRow) -> &str| said.map(of).unwrap_or_default().to_owned();
    let selected = said
        .map(|row| if row.selected { "Y" } else { "N" })
        .unwrap_or_default();
    let records = said.map(|row| row.records.as_slice()).unwrap_or_default();
    let records: Vec<String> = records
        .iter()
        .map(|record| resolved(record, citable))
        .collect();
    StatementOfOperation {
        control_id: control.id,
        title_ko: control.title_ko.clone(),
        title_en: control.title_en.clone(),
        operation: match selected {
            "N" => text(|row| &row.reason_not_selected),
            _ => text(|row| &row.operation),
        },
        selected: selected.to_owned(),
        documents: text(|row| &row.documents),
        records: records.join("; "),
    }
}

/// A record that is a file gets its evidence id and the first 12 digits of its digest.
fn resolved(record: &str, citable: &Citable<'_>) -> String {
    match citable.meaning(record) {
        Meaning::File(File {
            id,
            path,
            sha256: Some(sha256),
        }) => format!("{id} ({}) {path}", sha256.short(12)),
        Meaning::File(File { id, path, .. }) => format!("{id} {path}"),
        Meaning::Words | Meaning::Unresolved(_) => record.to_owned(),
    }
}
