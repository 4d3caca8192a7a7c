//! The statement of operation: what is objected to is listed by `check` and refused by `build`.

use std::fs;
use std::path::Path;

use kisms::assess::{Subject, assess};
use kisms::catalogue::catalogue;
use kisms::engagement::Folder;
use kisms::export;
use kisms::report::xlsx::statement_of_operation;
use kisms::sheet::RowPlace;
use kisms::statement::{self, StatementRow};

use crate::common::{GENERATED_AT, Workplace, kisms, text};

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

/// The workbook of an engagement, without the rest of its bundle.
fn workbook_of(dir: &Path) -> Vec<u8> {
    let folder = Folder::open(dir).expect("readable").expect("valid");
    let evidence = export::read(dir, &export::open_file).expect("readable");
    let assessment = assess(&Subject {
        engagement: &folder.engagement,
        catalogue: catalogue(),
        evidence: &evidence,
        decisions: &folder.decisions,
        statement: &folder.statement,
        manual: &folder.manual,
        generated_at: GENERATED_AT.parse().expect("a time"),
    });
    let mut bytes = Vec::new();
    statement_of_operation(&assessment, &mut bytes).expect("memory");
    bytes
}

/// The rows without where they stand.
fn rows(file: &Path) -> Vec<StatementRow> {
    let read = statement::load(&fs::read(file).expect("there")).expect("valid");
    let placeless = |row| StatementRow {
        place: RowPlace::default(),
        ..row
    };
    read.into_iter().map(placeless).collect()
}

#[test]
fn our_own_workbook_taken_in_gives_the_same_statement() {
    let place = Workplace::new();
    let statement = place.engagement().join("statement.csv");
    let long = "- 분기마다 점검하고 결과를 보고한다.\n".repeat(200);
    let tricky = [
        format!("2.1.2,Y,\"{}\",지침 1.2,,", long.trim_end()),
        "2.2.1,Y,\"=1+1 | 2.10\",＝제3조,\"대장; 2.10; =A1\",".to_owned(),
        "2.2.2,,,,,".to_owned(),
    ];
    let read = fs::read_to_string(&statement).expect("there");
    let changed = read.lines().map(|line| {
        let mut tricky = tricky.iter();
        let id = line.split(',').next();
        tricky
            .find(|row| row.split(',').next() == id)
            .map_or(line, String::as_str)
    });
    fs::write(&statement, changed.collect::<Vec<_>>().join("\r\n")).expect("written");
    fs::write(place.path("form.xlsx"), workbook_of(&place.engagement())).expect("written");
    let (new, form) = (text(&place.path("new")), text(&place.path("form.xlsx")));
    let (status, out, err) = kisms(&["init", &new, "--statement", &form]);
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(
        out.contains("controls taken in: 101 (운영명세서!6)"),
        "{out}"
    );
    assert!(!out.contains("passed over"), "{out}");
    assert_eq!(rows(&place.path("new/statement.csv")), rows(&statement));
}

#[test]
fn a_form_with_faults_makes_nothing() {
    let place = Workplace::new();
    fs::write(place.path("form.xlsx"), "no workbook").expect("written");
    let (new, form) = (text(&place.path("new")), text(&place.path("form.xlsx")));
    let (status, out, err) = kisms(&["init", &new, "--statement", &form]);
    assert_eq!((status, out.as_str()), (1, ""));
    assert!(
        err.contains("form.xlsx: is not an .xlsx workbook") && err.contains("\nhint: "),
        "{err}"
    );
    assert!(!place.path("new").exists());
    let (status, _, err) = kisms(&["init", &new, "--statement", "absent.xlsx"]);
    assert_eq!(status, 2, "{err}");
}
