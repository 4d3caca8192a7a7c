//! The tables of a hostile assessment, read back by two readers that are not ours.

mod sample;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use kisms::assess::Assessment;
use kisms::report::csv::{TABLES, documents, findings};
use kisms::report::json;
use kisms::report::table::is_formula;

type Rows = Vec<Vec<String>>;

const FULL_WIDTH_AND_ASCII: [char; 11] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

fn rendered(assessment: &Assessment) -> BTreeMap<&'static str, Vec<u8>> {
    let render = |document: kisms::report::csv::Document| {
        let mut out = Vec::new();
        (document.render)(assessment, &mut out).expect("memory");
        (document.path, out)
    };
    documents().into_iter().map(render).collect()
}

/// What the csv crate reads, header row first.
fn read_by_csv_crate(bytes: &[u8]) -> Rows {
    let text = bytes
        .strip_prefix("\u{feff}".as_bytes())
        .expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text);
    let records = reader.records().map(|record| record.expect("a record"));
    records
        .map(|record| record.iter().map(str::to_owned).collect())
        .collect()
}

/// What Python's csv module reads from every CSV file below a folder, by path.
fn read_by_python(folder: &Path) -> BTreeMap<String, Rows> {
    const SCRIPT: &str = "
import csv, json, pathlib, sys
csv.field_size_limit(1 << 24)
root = pathlib.Path(sys.argv[1])
read = {}
for path in root.rglob('*.csv'):
    with open(path, newline='', encoding='utf-8-sig') as file:
        read[path.relative_to(root).as_posix()] = list(csv.reader(file, strict=True))
sys.stdout.buffer.write(json.dumps(read).encode())
";
    let output = Command::new("python3")
        .arg("-c")
        .arg(SCRIPT)
        .arg(folder)
        .output();
    let output = output.expect("python3 runs (install it: it is the outside reader of our CSV)");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "python3: {errors}");
    serde_json::from_slice(&output.stdout).expect("JSON from python3")
}

/// The cells of a column.
fn column<'a>(rows: &'a Rows, id: &str) -> Vec<&'a str> {
    let index = rows[0].iter().position(|heading| heading == id).expect(id);
    rows[1..].iter().map(|row| row[index].as_str()).collect()
}

/// The hostile texts as a neutral cell shows them, spelt out here once more.
fn expected() -> Vec<String> {
    let neutral = |text: String| {
        let text = text.replace('\0', "␀");
        if text.starts_with(FULL_WIDTH_AND_ASCII) {
            format!("'{text}")
        } else {
            text
        }
    };
    sample::hostile().into_iter().map(neutral).collect()
}

#[test]
fn pythons_csv_module_reads_every_cell_of_every_table_as_the_csv_crate_does() {
    let documents = rendered(&sample::assessment());
    let folder = tempfile::tempdir().expect("a folder");
    for (path, bytes) in &documents {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }
    let read = read_by_python(folder.path());
    assert_eq!(read.len(), TABLES.len());
    for table in TABLES {
        assert!(
            read[table.path] == read_by_csv_crate(&documents[table.path]),
            "{}",
            table.path
        );
    }
}

#[test]
fn no_row_is_lost_and_no_cell_is_a_formula() {
    let documents = rendered(&sample::assessment());
    let texts = sample::hostile().len();
    let expected_rows = BTreeMap::from([
        ("data/statement-of-operation.csv", texts),
        ("data/csv/controls.csv", 3),
        ("data/csv/findings.csv", texts + 1),
        ("data/csv/gaps.csv", texts),
        ("data/csv/rules.csv", texts * 2),
        ("data/csv/inputs.csv", texts * 2),
        ("data/csv/assets.csv", texts),
        ("data/csv/decisions.csv", texts),
        ("data/csv/mapping.csv", texts),
    ]);
    for table in TABLES {
        let rows = read_by_csv_crate(&documents[table.path]);
        let ids: Vec<_> = (table.headings)()
            .iter()
            .map(|heading| heading.id)
            .collect();
        assert_eq!(rows[0], ids, "{}", table.path);
        assert_eq!(rows.len() - 1, expected_rows[table.path], "{}", table.path);
        for cell in rows.iter().flatten() {
            let formula = cell.starts_with(FULL_WIDTH_AND_ASCII);
            assert!(
                !formula && !is_formula(cell) && !cell.contains('\0'),
                "{cell}"
            );
        }
    }
}

#[test]
fn hostile_texts_arrive_whole() {
    let documents = rendered(&sample::assessment());
    for (path, id) in [
        ("data/csv/findings.csv", "resource_id"),
        ("data/csv/assets.csv", "resource_name"),
        ("data/csv/gaps.csv", "command"),
        ("data/csv/decisions.csv", "reason"),
        ("data/csv/mapping.csv", "rule"),
        ("data/statement-of-operation.csv", "operation"),
    ] {
        let rows = read_by_csv_crate(&documents[path]);
        let cells = &column(&rows, id)[..expected().len()];
        assert!(cells == expected(), "{path}");
    }
}

#[test]
fn a_finding_on_a_gone_resource_is_listed_and_not_counted() {
    let documents = rendered(&sample::assessment());
    let rows = read_by_csv_crate(&documents["data/csv/findings.csv"]);
    let counted = column(&rows, "counted");
    let (last, others) = counted.split_last().expect("findings");
    assert_eq!(*last, "gone");
    assert!(others.iter().all(|cell| *cell == "yes"));
}

#[test]
fn a_finding_keeps_its_lists_decision_and_parameters() {
    let documents = rendered(&sample::assessment());
    let rows = read_by_csv_crate(&documents["data/csv/findings.csv"]);
    for (id, cell) in [
        ("controls", "2.6;2.6.1"),
        ("regions", "ap-northeast-2;us-east-1"),
        ("evaluated_at", "2026-09-30T01:02:03"),
        ("annotation", ""),
        ("decision_kind", "exception"),
        ("decision_effective", "false"),
        ("decision_expires_on", "2026-12-31"),
        ("parameters", "{\"maxAccessKeyAge\":\"+1\"}"),
        (
            "weaker_parameters",
            "maxAccessKeyAge=120 (baseline 90, 계정관리지침 5.2)",
        ),
        ("copies_count", "1"),
        ("offset", "1234"),
    ] {
        assert_eq!(column(&rows, id)[1], cell, "{id}");
    }
}

#[test]
fn only_an_item_has_an_automated_result_in_words() {
    let documents = rendered(&sample::assessment());
    let rows = read_by_csv_crate(&documents["data/csv/controls.csv"]);
    assert_eq!(column(&rows, "automated"), ["", "", "non_compliant"]);
    assert_eq!(column(&rows, "non_compliant"), ["", "7", "7"]);
    let reason = "not_checked restricted-ssh 111122223333 ap-northeast-2";
    assert_eq!(column(&rows, "reasons"), ["", reason, reason]);
}

#[test]
fn a_rule_has_a_row_where_it_was_looked_for_and_where_else_it_is_deployed() {
    let documents = rendered(&sample::assessment());
    let rows = read_by_csv_crate(&documents["data/csv/rules.csv"]);
    assert_eq!(column(&rows, "state")[..2], ["checked_none", ""]);
    assert_eq!(
        column(&rows, "region")[..2],
        ["ap-northeast-2", "eu-west-1"]
    );
    assert!(column(&rows, "deployed")[1].contains("\"region\":\"eu-west-1\""));
}

#[test]
fn inputs_list_every_fault_and_manual_evidence() {
    let documents = rendered(&sample::assessment());
    let rows = read_by_csv_crate(&documents["data/csv/inputs.csv"]);
    assert_eq!(
        column(&rows, "faults")[1],
        "KI-0101 +1, at /EvaluationResults/3, byte 99; hint: export again | \
         KI-0102 +1, at /EvaluationResults/3, byte 99; hint: export again"
    );
    let manual = column(&rows, "kind")
        .iter()
        .filter(|kind| **kind == "manual_evidence")
        .count();
    assert_eq!(manual, sample::hostile().len());
}

#[test]
fn the_same_assessment_gives_the_same_bytes() {
    assert!(rendered(&sample::assessment()) == rendered(&sample::assessment()));
}

#[test]
fn assessment_json_is_the_whole_assessment() {
    let assessment = sample::assessment();
    let documents = rendered(&assessment);
    let bytes = &documents["data/assessment.json"];
    let read: serde_json::Value = serde_json::from_slice(bytes).expect("JSON");
    assert!(read == serde_json::to_value(&assessment).expect("JSON"));
    assert!(bytes.starts_with(b"{\n  \"format\": 1,") && bytes.ends_with(b"\n}\n"));
}

#[test]
fn findings_have_the_same_ids_in_every_format() {
    let assessment = sample::assessment();
    let wanted: Vec<String> = assessment
        .findings
        .iter()
        .map(|f| f.id.to_string())
        .collect();
    let mut array = Vec::new();
    json::array(&mut array, &assessment.findings).expect("memory");
    let array: Vec<serde_json::Value> = serde_json::from_slice(&array).expect("an array");
    assert!(
        array
            .iter()
            .map(|f| f["id"].as_str().expect("an id"))
            .eq(wanted.clone())
    );
    let mut lines = Vec::new();
    json::lines(&mut lines, &assessment.findings).expect("memory");
    assert_eq!(
        String::from_utf8(lines).expect("UTF-8").lines().count(),
        wanted.len()
    );
    let mut csv = Vec::new();
    let rows = findings::rows(&assessment).filter(|row| row.counted);
    findings::write(&mut csv, rows).expect("memory");
    assert_eq!(column(&read_by_csv_crate(&csv), "id"), wanted);
}
