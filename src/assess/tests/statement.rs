//! What an auditor would object to in the statement of operation.

use super::case::*;
use crate::assess::ObjectionKind;
use crate::catalogue::Scheme;
use crate::decision::DecisionKind;
use crate::digest::Digest;
use crate::evidence::InputStatus;
use crate::manual::ManualEvidence;
use crate::statement;

const RULE: &str = "iam-password-policy";
const CONTROL: &str = "2.5.4";
/// The first 12 digits of SHA-256 over `x`.
const OF_X: &str = "2d711642b726";

/// A case with these rows of statement.csv, and a file of manual evidence.
fn case(rows: &str) -> Case {
    let mut case = Case::new();
    let header = "control_id,selected,operation,documents,records,reason_not_selected\n";
    case.statement = statement::load(format!("{header}{rows}").as_bytes()).expect("no fault");
    case.manual.push(ManualEvidence {
        id: "M0001".into(),
        control_id: "2.1.1".parse().expect("a control"),
        path: "evidence/2.1.1/a.pdf".into(),
        sha256: Digest::of(b"x"),
        bytes: 1,
    });
    case
}

/// Those for which no bundle is built, but for area 1, which the cases leave out.
fn refusing(case: &Case) -> Vec<(ObjectionKind, String)> {
    let found = case.objections().into_iter();
    let found = found.filter(|found| found.kind.refuses() && found.fault.line.is_some());
    found
        .map(|found| (found.kind, found.fault.to_string()))
        .collect()
}

fn of_records(records: &str) -> Vec<String> {
    let found = refusing(&case(&format!("2.1.1,Y,x,,{records},\n")));
    assert!(
        found
            .iter()
            .all(|(kind, _)| *kind == ObjectionKind::RecordUnresolved)
    );
    let place = "statement.csv:2:5: cell E2: `records` ";
    found
        .into_iter()
        .map(|(_, shown)| shown.strip_prefix(place).expect("the cell").to_owned())
        .collect()
}

#[test]
fn a_record_that_means_a_file_must_resolve() {
    for (record, message) in [
        ("evidence/2.1.1/b.pdf", "is not there"),
        ("evidence/2.1.1", "is a folder"),
        ("evidence/2.1.1/", "is not a plain path"),
        ("evidence/2.1.1/a.pdf/x", "is not there"),
        ("evidence/../kisms.toml", "is not a plain path"),
        ("exports/../../etc/passwd", "is not a plain path"),
        ("evidence//2.1.1/a.pdf", "is not a plain path"),
        ("evidence\\2.1.1\\a.pdf", "has a `\\` in it"),
        ("Evidence/2.1.1/a.pdf", "is not there"),
        ("M0002", "is the number of no file"),
        (
            "M0001 (ba7816bf8f01) evidence/2.1.1/a.pdf",
            "has changed: its SHA-256 now begins 2d711642b726",
        ),
    ] {
        assert_eq!(of_records(record), [format!("`{record}` {message}")]);
    }
    let found = case("2.1.1,Y,x,,evidence/2.1.1/b.pdf,\n").objections();
    assert_eq!(found[0].fault.hint, "did you mean `evidence/2.1.1/a.pdf`?");
}

#[test]
fn every_record_of_a_cell_is_looked_at_and_words_are_free() {
    assert_eq!(
        of_records("evidence/a; 대장 2026/3;evidence/2.1.1/a.pdf;M0001;exports/b;E0009"),
        [
            "`evidence/a` is not there",
            "`exports/b` is not there",
            "`E0009` is the number of no file",
        ]
    );
    let cited = format!("M0007 ({OF_X}) evidence/2.1.1/a.pdf");
    assert_eq!(
        of_records(&cited),
        [""; 0],
        "the path decides, numbers change"
    );
}

#[test]
fn a_number_alone_is_noted_for_it_means_another_file_some_day() {
    let found = case("2.1.1,Y,x,,M0001;evidence/2.1.1/a.pdf,\n").objections();
    assert_eq!(found[0].kind, ObjectionKind::CitedByNumber);
    assert!(!found[0].kind.refuses());
    assert_eq!(
        found[0].fault.to_string(),
        "statement.csv:2:5: cell E2: `records` `M0001` is `evidence/2.1.1/a.pdf` now: \
         numbers change when files are added"
    );
}

#[test]
fn members_of_archives_and_hangul_taken_apart_are_found_and_by_products_are_not() {
    let mut case = case("2.1.1,Y,x,,exports/a.zip!b.json;exports/각;exports/SHA256SUMS,\n");
    case.listing("exports/a.zip!b.json", "describe-config-rules");
    case.listing("exports/\u{1100}\u{1161}\u{11A8}", "describe-config-rules");
    case.listing("exports/SHA256SUMS", "");
    let ignored = case.evidence.inputs.last_mut().expect("it");
    (ignored.id, ignored.status) = (None, InputStatus::Ignored);
    let found = refusing(&case);
    let [(_, shown)] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert!(
        shown.ends_with("`exports/SHA256SUMS` is a by-product that is no evidence"),
        "{shown}"
    );
}

#[test]
fn a_control_of_area_1_is_always_selected() {
    assert_eq!(
        refusing(&case("1.1.1,N,,,,why\n")),
        [(
            ObjectionKind::AlwaysSelected,
            "statement.csv:2:2: cell B2: `selected` `N` for `1.1.1`".to_owned()
        )]
    );
    let without_rows = case("2.1.1,Y,x,,,\n").objections();
    assert_eq!(without_rows[0].kind, ObjectionKind::AlwaysSelected);
    assert_eq!(
        without_rows[0].fault.message,
        "16 of 101 controls are of area 1 and not selected: \
         1.1.1, 1.1.2, 1.1.3, 1.1.4, 1.1.5, 1.1.6, 1.2.1, 1.2.2, +8"
    );
}

#[test]
fn a_control_that_is_not_selected_has_a_reason() {
    assert_eq!(
        refusing(&case("2.1.1,N,x,,,\n3.1.1,N,,,,처리하지 않음\n")),
        [(
            ObjectionKind::NoReason,
            "statement.csv:2:6: cell F2: `reason_not_selected` is empty though `2.1.1` is not selected"
                .to_owned()
        )]
    );
}

#[test]
fn a_control_that_is_not_selected_fails_nowhere_without_an_exception() {
    let mut case = case("2.5.4,N,,,,사용하지 않음\n");
    case.details(RULE, &[("bad", NonCompliant, JULY)]);
    assert_eq!(
        refusing(&case),
        [(
            ObjectionKind::NotSelectedButFailing,
            "statement.csv:2:2: cell B2: `selected` `N` for `2.5.4`, which has 1 failing finding(s)"
                .to_owned()
        )]
    );
    case.decision(DecisionKind::Exception).resource_id = Some("bad".into());
    assert_eq!(refusing(&case), []);
    assert_eq!(
        case.assess().control(CONTROL).counts.excepted,
        1,
        "the exception is what makes the difference"
    );
}

#[test]
fn what_is_unfinished_is_noted_once_with_its_number() {
    let mut all = case("1.1.1,Y,,,,\n2.1.1,Y,x,,,\n3.1.1,N,,,,없음\n");
    all.engagement.scheme = Scheme::Isms;
    let notes: Vec<_> = all
        .objections()
        .into_iter()
        .filter(|found| !found.kind.refuses())
        .map(|found| (found.kind, found.fault.to_string()))
        .collect();
    assert_eq!(
        notes,
        [
            (
                ObjectionKind::NotStated,
                "statement.csv: 63 of 80 controls have no row with `Y` or `N`: \
                 2.1.2, 2.1.3, 2.2.1, 2.2.2, 2.2.3, 2.2.4, 2.2.5, 2.2.6, +55"
                    .to_owned()
            ),
            (
                ObjectionKind::NoOperation,
                "statement.csv: 1 of 80 controls are selected without a word on their operation: 1.1.1"
                    .to_owned()
            ),
            (
                ObjectionKind::NotAskedFor,
                "statement.csv: 1 rows are of controls that `isms` does not ask for: 3.1.1"
                    .to_owned()
            ),
        ]
    );
    all.statement.clear();
    assert_eq!(
        all.objections(),
        [],
        "without a statement there is none to object to"
    );
}

#[test]
fn decisions_that_change_nothing_or_never_end_are_noted_and_keep_no_bundle_from_being_built() {
    use ObjectionKind::{
        DecisionUnmatched, DecisionWithoutEffect, ExceptionOpenEnded, ExceptionUnbound,
        NoSuchDocument,
    };
    let mut case = Case::new();
    case.details("restricted-ssh", &[("sg", NonCompliant, JULY)]);
    let open_ended = case.decision(DecisionKind::Exception);
    open_ended.id = "open".into();
    open_ended.approver = None;
    open_ended.evidence = "a paper; evidence/2.6.1/none.pdf".into();
    let slip = case.decision(DecisionKind::Exception);
    (slip.id, slip.rule) = ("slip".into(), Some("restricted-sshh".into()));
    slip.approver = None;
    case.decision(DecisionKind::FalsePositive).id = "bound to nothing".into();
    let old = case.decision(DecisionKind::Exception);
    old.id = "old".into();
    old.expires_on = "2026-07-31".parse().ok();
    old.approver = None;
    let found = case.objections();
    assert!(found.iter().all(|found| !found.kind.refuses()));
    let said: Vec<_> = found
        .iter()
        .map(|found| (found.kind, found.fault.message.as_str()))
        .collect();
    let of = |kind| {
        said.iter()
            .find(|(known, _)| *known == kind)
            .map(|(_, said)| *said)
    };
    assert_eq!(
        of(DecisionUnmatched),
        Some("1 of 4 decisions fit no finding and no control in scope: slip")
    );
    assert!(of(DecisionWithoutEffect).is_some_and(|said| said.ends_with("changed: old")));
    assert!(of(ExceptionOpenEnded).is_some_and(|said| said.ends_with("`expires_on`: open")));
    assert!(of(ExceptionUnbound).is_some_and(|said| said.ends_with("changes: bound to nothing")));
    assert!(of(NoSuchDocument).is_some_and(|said| said.ends_with("exports/: open")));
}
