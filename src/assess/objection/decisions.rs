//! What an auditor would ask about the decisions: those that change nothing, and those that nobody
//! answers for or that never end.

use crate::decision;
use crate::fault::InputFault;
use crate::statement;

use super::super::Subject;
use super::super::cited::{Citable, Meaning};
use super::super::model::{Assessment, DecisionRow, DecisionState};
use super::{Objection, ObjectionKind, some};

/// What is asked of which decisions, and what to do about it.
type Question<'q> = (
    ObjectionKind,
    &'q dyn Fn(&DecisionRow) -> bool,
    &'q str,
    &'q str,
);

/// Each kind once, with the decisions that it concerns. None of them keeps a bundle from being
/// built: what became of every decision stands in it.
pub fn objections(subject: &Subject<'_>, assessment: &Assessment) -> Vec<Objection> {
    use ObjectionKind::{
        DecisionUnmatched, DecisionWithoutEffect, ExceptionOpenEnded, ExceptionUnbound,
        NoSuchDocument,
    };
    let citable = Citable::new(subject);
    let lacks_document = |row: &DecisionRow| {
        let mut documents = statement::records(&row.evidence);
        documents.any(|document| matches!(citable.meaning(document), Meaning::Unresolved(_)))
    };
    let kinds: [Question<'_>; 5] = [
        (
            DecisionUnmatched,
            &|row| row.state == DecisionState::Unmatched,
            "fit no finding and no control in scope",
            "look for a slip in its `rule`, `account`, `region`, `resource_id`, `finding_id` or `control_id`",
        ),
        (
            DecisionWithoutEffect,
            &is_without_effect,
            "are without effect: expired, approved later, or what they judged has changed",
            "judge again what they were about, and renew or remove them",
        ),
        (
            ExceptionOpenEnded,
            &is_open_ended,
            "are exceptions or false positives without effect: they lack an `approver` who is not the `owner`, `approved_on` or `expires_on`",
            "an auditor asks who accepted the risk, when, and until when: fill them in",
        ),
        (
            ExceptionUnbound,
            &|row| row.state == DecisionState::Unbound,
            "name no `fingerprint` and hold even if what they judged changes",
            "copy each finding's fingerprint from `kisms show DIR FINDING`",
        ),
        (
            NoSuchDocument,
            &lacks_document,
            "cite a document in `evidence` that is not in evidence/ or exports/",
            "put it there, or name it as it is",
        ),
    ];
    let found = kinds.into_iter().filter_map(|(kind, is, what, hint)| {
        let rows = assessment.decisions.iter().filter(|row| is(row));
        let ids: Vec<&str> = rows.map(|row| row.id.as_str()).collect();
        let of = assessment.decisions.len();
        let message = format!("{} of {of} decisions {what}: {}", ids.len(), some(&ids));
        (!ids.is_empty()).then(|| Objection {
            kind,
            fault: InputFault::of_file(decision::FILE, message, hint),
        })
    });
    found.collect()
}

fn is_without_effect(row: &DecisionRow) -> bool {
    matches!(
        row.state,
        DecisionState::Expired | DecisionState::ApprovedLater | DecisionState::FingerprintChanged
    )
}

fn is_open_ended(row: &DecisionRow) -> bool {
    use DecisionState::{NoApprovalDate, NoApprover, NoExpiry, SelfApproved};
    matches!(
        row.state,
        NoApprover | SelfApproved | NoApprovalDate | NoExpiry
    )
}
