use serde_json::Value;

use super::samples::{about, hostile, large, small};
use super::*;
use crate::engagement::Language;

fn data(assessment: &Assessment) -> Value {
    let bytes = view::report(assessment, &about()).expect("data");
    serde_json::from_slice(&bytes).expect("JSON")
}

/// Renders; a warning would be an error.
fn clean(assessment: &Assessment, about: &About) -> Vec<Document> {
    let documents = documents(assessment, about).expect("a report");
    assert!(
        documents
            .iter()
            .all(|document| document.pdf.starts_with(b"%PDF-1."))
    );
    documents
}

#[test]
fn the_same_assessment_gives_the_same_bytes_on_any_thread() {
    let assessment = large(Language::Ko, 401);
    let documents = clean(&assessment, &about());
    let parts = appendix::parts(&assessment);
    assert_eq!(documents.len(), 1 + parts.len());
    let again = [
        report(&assessment, &about()).expect("a report"),
        appendix::render(&assessment, &about(), &parts[0]).expect("an appendix"),
        appendix::render(&assessment, &about(), &parts[parts.len() - 1]).expect("an appendix"),
    ];
    assert_eq!(documents[..2], again[..2]);
    assert_eq!(documents[parts.len()], again[2]);
}

#[test]
fn a_bundle_without_a_signature_has_a_report_too() {
    let unsigned = About {
        signer: None,
        ..about()
    };
    let documents = clean(&small(Language::En), &unsigned);
    assert_eq!(documents.len(), 1);
    assert_eq!(documents[0].path, REPORT);
}

#[test]
fn hostile_texts_are_laid_out_without_a_warning() {
    for language in [Language::Ko, Language::En] {
        clean(&hostile(language), &about());
    }
}

#[test]
fn an_appendix_holds_all_failing_findings_of_its_control() {
    let assessment = large(Language::Ko, 10_000);
    let parts = appendix::parts(&assessment);
    let mut of_control = std::collections::BTreeMap::<String, Vec<Value>>::new();
    for part in &parts {
        let bytes = view::appendix(&assessment, &about(), part).expect("data");
        let data: Value = serde_json::from_slice(&bytes).expect("JSON");
        let appendix = &data["appendix"];
        let Some(rules) = appendix["rules"].as_array() else {
            continue;
        };
        let rows = rules
            .iter()
            .flat_map(|rule| rule["rows"].as_array().expect("rows"));
        let rows: Vec<Value> = rows.map(|row| row["id"].clone()).collect();
        assert!((1..=limits::PART_ROWS).contains(&rows.len()));
        let control = appendix["control"]["id"].as_str().expect("a control");
        of_control
            .entry(control.to_owned())
            .or_default()
            .extend(rows);
    }
    for (control, ids) in &of_control {
        let of = |finding: &&crate::assess::Finding| {
            finding.controls.iter().any(|id| id.to_string() == *control)
        };
        let mut expected: Vec<Value> = assessment
            .findings
            .iter()
            .filter(of)
            .map(|f| Value::from(f.id.to_string()))
            .collect();
        let mut ids = ids.clone();
        expected.sort_by_key(ToString::to_string);
        ids.sort_by_key(ToString::to_string);
        assert_eq!(ids, expected, "{control}");
    }
    assert!(of_control.len() > 20 && parts.len() > of_control.len());
}

#[test]
fn a_domain_is_counted_but_has_no_result() {
    let data = data(&small(Language::Ko));
    let rows = data["controls"].as_array().expect("controls");
    let domain = rows.iter().find(|row| row["id"] == "2.6").expect("2.6");
    assert_eq!(domain["automated"], Value::Null);
    assert!(domain["rules"].as_u64() > Some(0));
    assert_eq!(domain["failing"], 2);
    let sheets = data["sheets"].as_array().expect("sheets");
    let sheet = sheets.iter().find(|sheet| sheet["id"] == "2.6");
    let sheet = sheet.expect("a sheet for 2.6");
    assert_eq!(sheet["automated"], Value::Null);
    assert_eq!(sheet["failing"]["total"], 3);
}

#[test]
fn the_report_shows_some_failing_findings_of_each_control_and_counts_all() {
    let data = data(&large(Language::En, 3_000));
    let sheets = data["sheets"].as_array().expect("sheets");
    let mut shown_in_all = 0;
    for failing in sheets.iter().map(|sheet| &sheet["failing"]) {
        let rules = failing["rules"].as_array().expect("rules");
        let rows = |rule: &Value| rule["rows"].as_array().map_or(0, Vec::len);
        let shown: usize = rules.iter().map(rows).sum();
        assert_eq!(failing["shown"], shown);
        let total = failing["total"].as_u64().expect("a number");
        let named = failing["appendix"]
            .as_array()
            .is_some_and(|names| !names.is_empty());
        assert_eq!(named, total > shown as u64, "{failing}");
        assert!(total == 0 || shown > 0, "{failing}");
        shown_in_all += shown;
    }
    assert_eq!(shown_in_all, limits::FINDINGS_OF_MORE);
}

#[test]
fn a_file_with_a_fault_is_shown_however_many_there_are() {
    let mut assessment = large(Language::En, 1);
    assessment.inputs[299].status = crate::evidence::InputStatus::Rejected;
    let data = data(&assessment);
    let rows = data["inputs"]["rows"].as_array().expect("rows");
    assert_eq!(
        (rows.len(), &data["inputs"]["total"]),
        (200, &Value::from(300))
    );
    assert_eq!(rows[199]["input"], "E0300");
    assert_eq!(rows[198]["input"], "E0199");
}

#[test]
fn every_string_of_the_data_is_legible() {
    fn walk(value: &Value) {
        match value {
            Value::String(text) => {
                let bare = text.replace("\\u{", "");
                assert_eq!(legible(&bare), bare);
            }
            Value::Array(items) => items.iter().for_each(walk),
            Value::Object(fields) => fields.values().for_each(walk),
            _ => {}
        }
    }
    walk(&data(&hostile(Language::Ko)));
}

#[test]
fn times_are_in_the_engagements_timezone() {
    let data = data(&small(Language::En));
    assert_eq!(data["about"]["zone"], "UTC+09:00");
    assert_eq!(data["about"]["from"], "2026-07-01 00:00:00");
    assert_eq!(data["inputs"]["rows"][0]["captured"], "2026-10-01 09:00:00");
    assert_eq!(data["inputs"]["rows"][1]["captured"], "2026-09-30 10:02:04");
    assert_eq!(data["inputs"]["rows"][1]["at_least"], true);
}

#[test]
fn a_sheet_explains_its_rules_in_the_documents_language() {
    for language in [Language::Ko, Language::En] {
        let data = data(&small(language));
        let sheets = data["sheets"].as_array().expect("sheets");
        let sheet = sheets.iter().find(|sheet| sheet["id"] == "2.6");
        let sheet = sheet.expect("a sheet for 2.6");
        let rules = sheet["rules"].as_array().expect("rules");
        let failing = sheet["failing"]["rules"].as_array().expect("rules");
        let mut texts: Vec<&Value> = rules.iter().map(|rule| &rule["checks"]).collect();
        texts.extend(failing.iter().map(|rule| &rule["fix"]));
        texts.push(&sheet["not_shown"]);
        assert!(!rules.is_empty() && !failing.is_empty());
        for text in texts {
            let text = text.as_str().expect("a text");
            let hangul = text.chars().any(|c| ('가'..='힣').contains(&c));
            assert_eq!(hangul, language == Language::Ko, "{text}");
        }
    }
}

#[test]
fn the_report_has_a_line_for_every_place_in_which_a_record_is_counted() {
    let data = data(&small(Language::En));
    let (_, closing) = BUILT_IN
        .iter()
        .find(|(name, _)| *name == "closing.typ")
        .expect("the last chapters");
    for kind in ["evaluation_results", "configuration_items"] {
        let table = format!("count-table(tx.reconciliation.{kind}, data.reconciliation.{kind}, (");
        let (_, rest) = closing.split_once(&table).expect("its table");
        let (listed, _) = rest.split_once("))").expect("its end");
        let mut listed: Vec<&str> = listed.split('"').skip(1).step_by(2).collect();
        listed.push("read");
        listed.sort_unstable();
        let counted = data["reconciliation"][kind].as_object().expect("counts");
        let counted: Vec<&String> = counted.keys().collect();
        assert_eq!(listed, counted, "{kind}");
    }
}
