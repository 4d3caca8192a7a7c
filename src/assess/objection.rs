//! What an auditor would object to in the statement of operation (운영명세서) and in the decisions,
//! before he does.

mod decisions;

use crate::catalogue::{ControlId, Level, Scheme};
use crate::fault::{InputFault, shown};
use crate::statement::{self, Citation, Record, StatementRow};

use super::Subject;
use super::cited::{Citable, Meaning};
use super::model::{Assessment, Automated};

/// Something that an auditor would object to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// What is wrong.
    pub kind: ObjectionKind,
    /// Where, and what to do.
    pub fault: InputFault,
}

/// The kinds of objections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectionKind {
    /// A record means a file that is not there, or is another one by now.
    RecordUnresolved,
    /// A control of area 1 is not selected: control 1.3.1 leaves no choice.
    AlwaysSelected,
    /// Not selected, and no reason why.
    NoReason,
    /// Not selected, though its rules were evaluated and fail without an effective exception.
    NotSelectedButFailing,
    /// A record cites a file by its number alone, which means another file once files are added.
    CitedByNumber,
    /// Selected, and nothing says how it is operated.
    NoOperation,
    /// A control of the scheme of which the statement says nothing.
    NotStated,
    /// A row of a control that the scheme does not ask for.
    NotAskedFor,
    /// A decision fits nothing.
    DecisionUnmatched,
    /// A decision has expired, was approved later, or judged what has changed.
    DecisionWithoutEffect,
    /// An exception without approver, day of approval or last day, or approved by its owner: it is
    /// without effect.
    ExceptionOpenEnded,
    /// An exception that is bound to no fingerprint.
    ExceptionUnbound,
    /// A decision cites a document that is not there.
    NoSuchDocument,
}

impl ObjectionKind {
    /// Whether the statement contradicts itself, the rules of the audit or the evidence: then no
    /// bundle is built. Otherwise it is only unfinished.
    pub fn refuses(self) -> bool {
        match self {
            Self::RecordUnresolved
            | Self::AlwaysSelected
            | Self::NoReason
            | Self::NotSelectedButFailing => true,
            Self::CitedByNumber
            | Self::NoOperation
            | Self::NotStated
            | Self::NotAskedFor
            | Self::DecisionUnmatched
            | Self::DecisionWithoutEffect
            | Self::ExceptionOpenEnded
            | Self::ExceptionUnbound
            | Self::NoSuchDocument => false,
        }
    }
}

/// All objections: those of single rows in their order, then those of the statement as a whole and
/// those of the decisions.
///
/// Without a single row there is no statement to object to: it may be handed in by other ways.
pub fn objections(subject: &Subject<'_>, assessment: &Assessment) -> Vec<Objection> {
    let mut found = Vec::new();
    if !subject.statement.is_empty() {
        of_statement(subject, assessment, &mut found);
    }
    found.extend(decisions::objections(subject, assessment));
    found
}

fn of_statement(subject: &Subject<'_>, assessment: &Assessment, found: &mut Vec<Objection>) {
    let citable = Citable::new(subject);
    for row in subject.statement {
        if subject.engagement.scheme.includes(row.control_id) {
            not_selected(row, assessment, found);
        }
        records(row, &citable, found);
    }
    whole(subject, found);
}

fn of_cell(
    kind: ObjectionKind,
    row: &StatementRow,
    column: &str,
    message: impl std::fmt::Display,
    hint: impl std::fmt::Display,
) -> Objection {
    Objection {
        kind,
        fault: row.place.fault(statement::FILE, column, message, hint),
    }
}

fn not_selected(row: &StatementRow, assessment: &Assessment, found: &mut Vec<Objection>) {
    let id = row.control_id;
    if row.selected {
        return;
    }
    if statement::is_always_selected(id) {
        let hint = "controls of area 1 are always selected: write `Y`, and how it is operated";
        let message = format!("`N` for `{id}`");
        let kind = ObjectionKind::AlwaysSelected;
        found.push(of_cell(kind, row, "selected", message, hint));
        return;
    }
    let failing = failing(id, assessment);
    if failing > 0 {
        let message = format!("`N` for `{id}`, which has {failing} failing finding(s)");
        let hint = format!(
            "write `Y`, or decide on the findings: `kisms findings DIR --control {id} --status NON_COMPLIANT`"
        );
        let kind = ObjectionKind::NotSelectedButFailing;
        found.push(of_cell(kind, row, "selected", message, hint));
    }
    if row.reason_not_selected.is_empty() {
        let message = format!("is empty though `{id}` is not selected");
        let hint = "write why the control does not apply";
        let kind = ObjectionKind::NoReason;
        found.push(of_cell(kind, row, "reason_not_selected", message, hint));
    }
}

/// Findings of the control's own rules that fail without an effective exception.
fn failing(id: ControlId, assessment: &Assessment) -> u64 {
    let row = assessment.controls.iter().find(|row| row.id == id);
    let result = row.and_then(|row| row.result.as_ref());
    let failing = result.filter(|result| result.automated == Automated::NonCompliant);
    failing.map_or(0, |result| result.counts.non_compliant)
}

fn records(row: &StatementRow, citable: &Citable<'_>, found: &mut Vec<Objection>) {
    for record in &row.records {
        let (kind, message, hint) = match citable.meaning(record) {
            Meaning::Unresolved(flaw) => (ObjectionKind::RecordUnresolved, flaw.message, flaw.hint),
            Meaning::File(file) if is_number_alone(record) => (
                ObjectionKind::CitedByNumber,
                format!(
                    "is `{}` now: numbers change when files are added",
                    shown(file.path)
                ),
                "name the file by its path".to_owned(),
            ),
            Meaning::File(_) | Meaning::Words => continue,
        };
        let message = format!("`{}` {message}", shown(record));
        found.push(of_cell(kind, row, "records", message, hint));
    }
}

fn is_number_alone(record: &str) -> bool {
    let alone = |citation: Citation<'_>| citation.path.is_none() && citation.digest.is_none();
    matches!(Record::of(record), Record::Citation(citation) if alone(citation))
}

/// What concerns many rows is said once, with how many there are.
fn whole(subject: &Subject<'_>, found: &mut Vec<Objection>) {
    use ObjectionKind::{AlwaysSelected, NoOperation, NotAskedFor, NotStated};
    let scheme = subject.engagement.scheme;
    let items = subject.catalogue.controls.iter();
    let items = items.filter(|control| control.level == Level::Item && scheme.includes(control.id));
    let items: Vec<ControlId> = items.map(|control| control.id).collect();
    let of = items.len();
    let ids = |rows: &dyn Fn(&&StatementRow) -> bool| {
        let rows = subject.statement.iter().filter(rows);
        rows.map(|row| row.control_id).collect::<Vec<_>>()
    };
    let said = ids(&|_| true);
    let unsaid = items.into_iter().filter(|id| !said.contains(id));
    let (always, others): (Vec<_>, Vec<_>) =
        unsaid.partition(|id| statement::is_always_selected(*id));
    let asked = |row: &&StatementRow| scheme.includes(row.control_id);
    let silent = ids(&|row| asked(row) && row.selected && row.operation.is_empty());
    let foreign = ids(&|row| !asked(row));
    let groups = [
        (AlwaysSelected, always),
        (NotStated, others),
        (NoOperation, silent),
        (NotAskedFor, foreign),
    ];
    let groups = groups.into_iter().filter(|(_, ids)| !ids.is_empty());
    found.extend(groups.map(|(kind, ids)| {
        let (what, hint) = of_many(kind, of, scheme);
        let message = format!("{} {what}: {}", ids.len(), some(&ids));
        Objection {
            kind,
            fault: InputFault::of_file(statement::FILE, message, hint),
        }
    }));
}

/// What is wrong with many rows, behind their number, and what to do.
fn of_many(kind: ObjectionKind, of: usize, scheme: Scheme) -> (String, &'static str) {
    match kind {
        ObjectionKind::AlwaysSelected => (
            format!("of {of} controls are of area 1 and not selected"),
            "controls of area 1 are always selected: write a row with `Y` for each",
        ),
        ObjectionKind::NotAskedFor => (
            format!(
                "rows are of controls that `{}` does not ask for",
                scheme.as_str()
            ),
            asked_hint(scheme),
        ),
        ObjectionKind::NoOperation => (
            format!("of {of} controls are selected without a word on their operation"),
            "fill in `operation`",
        ),
        _ => (
            format!("of {of} controls have no row with `Y` or `N`"),
            "state each control of the scheme before the audit",
        ),
    }
}

fn asked_hint(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Isms => "remove them, or set `scheme = \"isms-p\"` in kisms.toml",
        Scheme::IsmsP => "remove them",
    }
}

/// The first few, and how many more there are.
fn some(ids: &[impl ToString]) -> String {
    const SHOWN: usize = 8;
    let first: Vec<String> = ids.iter().take(SHOWN).map(ToString::to_string).collect();
    match ids.len().saturating_sub(SHOWN) {
        0 => first.join(", "),
        more => format!("{}, +{more}", first.join(", ")),
    }
}
