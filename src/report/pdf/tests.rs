use serde_json::Value;

use super::samples::{about, hostile, large, small};
use super::*;
use crate::engagement::Language;

fn data(assessment: &Assessment) -> Value {
    let bytes = view::data(assessment, &about()).expect("data");
    serde_json::from_slice(&bytes).expect("JSON")
}

/// Renders without a warning, and writes the PDF where a person can look at it.
fn clean(assessment: &Assessment, about: &About) -> Vec<u8> {
    let (pdf, warnings) = render_with_warnings(assessment, about).expect("a report");
    assert_eq!(warnings, Vec::<String>::new());
    assert!(pdf.starts_with(b"%PDF-1."));
    pdf
}

#[test]
fn the_same_assessment_gives_the_same_bytes() {
    for language in [Language::Ko, Language::En] {
        let assessment = small(language);
        assert_eq!(clean(&assessment, &about()), clean(&assessment, &about()));
    }
}

#[test]
fn a_bundle_without_a_signature_has_a_report_too() {
    let unsigned = About {
        signer: None,
        ..about()
    };
    let signed = clean(&small(Language::Ko), &about());
    assert_ne!(clean(&small(Language::Ko), &unsigned), signed);
}

#[test]
fn hostile_texts_are_laid_out_without_a_warning() {
    for language in [Language::Ko, Language::En] {
        clean(&hostile(language), &about());
    }
}

#[test]
fn a_thousand_failing_findings_are_rendered_without_a_warning() {
    clean(&large(Language::Ko, 1_000), &about());
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
fn a_control_shows_fifty_failing_findings_and_counts_all() {
    let data = data(&large(Language::En, 3_000));
    let sheets = data["sheets"].as_array().expect("sheets");
    let mut shown_in_all = 0;
    for sheet in sheets {
        let failing = &sheet["failing"];
        let rules = failing["rules"].as_array().expect("rules");
        let rows = |rule: &Value| rule["rows"].as_array().map_or(0, Vec::len);
        let shown: usize = rules.iter().map(rows).sum();
        assert_eq!(failing["shown"], shown);
        assert!(shown <= limits::FINDINGS_PER_CONTROL);
        assert!(rules.iter().all(|rule| rows(rule) > 0), "{}", sheet["id"]);
        shown_in_all += shown;
    }
    assert!(
        (500..=limits::FINDINGS).contains(&shown_in_all),
        "{shown_in_all}"
    );
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
