//! The statement of operation: what is objected to is listed by `check` and refused by `build`.

use std::fs;

use crate::common::{Workplace, kisms, text};

/// The fixture with four rows of its statement replaced by what an audit would refuse.
fn objectionable() -> Workplace {
    let place = Workplace::new();
    let file = place.engagement().join("statement.csv");
    let read = fs::read_to_string(&file).expect("there");
    let changed = read.lines().map(|line| match line.split(',').next() {
        Some("1.1.1") => "1.1.1,N,,,,위탁하지 않음",
        Some("2.1.1") => "2.1.1,Y,운영함,,evidence/2.1.1/없는파일.pdf,",
        Some("2.5.1") => "2.5.1,N,,,,클라우드를 쓰지 않음",
        Some("3.2.5") => "3.2.5,N,,,,",
        _ => line,
    });
    let changed: Vec<&str> = changed.collect();
    fs::write(&file, changed.join("\r\n")).expect("written");
    place
}

const REFUSED: [(&str, u64, u64); 4] = [
    ("always_selected", 2, 2),
    ("record_unresolved", 18, 5),
    ("not_selected_but_failing", 38, 2),
    ("no_reason", 93, 6),
];

#[test]
fn check_lists_what_an_audit_would_refuse_and_build_refuses() {
    let place = objectionable();
    let engagement = text(&place.engagement());
    let (status, out, err) = kisms(&["check", &engagement, "--format", "json"]);
    assert_eq!(status, 1);
    let checked: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let faults = checked["faults"].as_array().expect("a list");
    assert_eq!(faults.len(), REFUSED.len(), "{faults:?}");
    for (code, line, column) in REFUSED {
        let fault = faults.iter().find(|fault| fault["code"] == code);
        let fault = fault.expect(code);
        assert_eq!(fault["file"], "statement.csv");
        assert_eq!(
            (&fault["line"], &fault["column"]),
            (&line.into(), &column.into()),
            "{code}"
        );
        let message = fault["message"].as_str().expect("a message");
        assert!(err.contains(&format!(
            "error: statement.csv:{line}:{column}: {message}\n"
        )));
        assert!(!fault["hint"].as_str().expect("a hint").is_empty());
    }
    assert_eq!(checked["notes"][0]["code"], "no_operation");
    let bundle = place.path("refused.zip");
    let (status, out, said) = place.build_with(&bundle, &["--unsigned"]);
    assert_eq!((status, out.as_str()), (1, ""));
    assert!(said.starts_with(&err), "build says what check says: {said}");
    assert!(said.contains("error: 4 fault(s) of the statement of operation"));
    assert!(!bundle.exists());
}

#[test]
fn the_json_of_check_has_the_faults_of_peoples_files() {
    let place = Workplace::new();
    let file = place.engagement().join("statement.csv");
    fs::write(&file, "control_id,selected\n2.1.1,maybe\n").expect("written");
    let (status, out, err) = kisms(&["check", &text(&place.engagement()), "--format", "json"]);
    let checked: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let fault = &checked["faults"][0];
    assert_eq!(
        (status, &fault["line"], &fault["column"]),
        (1, &2.into(), &2.into())
    );
    assert!(err.contains(fault["message"].as_str().expect("a message")));
}
