use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::samples::{about, hostile, large, small};
use super::*;
use crate::assess::GapKind;
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
    let failing = Failing::of(&assessment);
    let holdings = Holdings::of(&failing);
    let appendices = appendix::appendices(&assessment, &holdings);
    assert_eq!(documents.len(), 1 + appendices.len());
    let appendix = |at: usize| {
        let appendix = &appendices[at];
        appendix::render(&assessment, &about(), appendix).expect("an appendix")
    };
    let last = appendices.len() - 1;
    assert_eq!(
        documents[..2],
        [
            report(&assessment, &about()).expect("a report"),
            appendix(0)
        ]
    );
    assert_eq!(documents[appendices.len()], appendix(last));
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

/// The rows of a rule, on a sheet or in an appendix.
fn rows_of(rule: &Value) -> impl Iterator<Item = &Value> {
    let sources = rule["sources"].as_array().expect("sources").iter();
    sources.flat_map(|source| source["rows"].as_array().expect("rows"))
}

/// The rows of the appendices by file, each with its rule and its number among the rule's.
fn filed(assessment: &Assessment) -> BTreeMap<String, Vec<(String, u64, Value)>> {
    let failing = Failing::of(assessment);
    let holdings = Holdings::of(&failing);
    let mut files = BTreeMap::new();
    for appendix in appendix::appendices(assessment, &holdings) {
        let bytes = view::appendix(assessment, &about(), &appendix).expect("data");
        let data: Value = serde_json::from_slice(&bytes).expect("JSON");
        let controls = data["appendix"]["controls"]
            .as_array()
            .into_iter()
            .flatten();
        let mut rows = Vec::new();
        for rule in controls.flat_map(|control| control["rules"].as_array().expect("rules")) {
            let name = rule["rule"].as_str().expect("a rule");
            let first = rule["first"].as_u64().expect("a number");
            let ids = rows_of(rule);
            let ids = ids
                .zip(first..)
                .map(|(row, n)| (name.to_owned(), n, row["id"].clone()));
            rows.extend(ids);
        }
        if !rows.is_empty() {
            assert!(rows.len() <= limits::PART_ROWS);
            let path = data["appendix"]["path"].as_str().expect("a path");
            files.insert(path.to_owned(), rows);
        }
    }
    files
}

#[test]
fn the_appendices_hold_each_failing_finding_once() {
    let assessment = large(Language::Ko, 10_000);
    let files = filed(&assessment);
    let mut ids: Vec<String> = files
        .values()
        .flatten()
        .map(|(.., id)| id.to_string())
        .collect();
    let findings = assessment.findings.iter();
    let mut expected: Vec<String> = findings.map(|f| format!("\"{}\"", f.id)).collect();
    ids.sort();
    expected.sort();
    assert_eq!(ids, expected);
    let parts = files.keys().filter(|path| path.ends_with("-002.pdf"));
    assert!(parts.count() > 1, "{:?}", files.keys());
}

#[test]
fn a_sheet_names_the_appendices_of_each_rule_that_it_cuts() {
    let assessment = large(Language::En, 10_000);
    let files = filed(&assessment);
    let data = data(&assessment);
    let mut cut = 0;
    for sheet in data["sheets"].as_array().expect("sheets") {
        for rule in sheet["failing"]["rules"].as_array().expect("rules") {
            let named: Vec<&str> = rule["files"]
                .as_array()
                .expect("files")
                .iter()
                .map(|file| file.as_str().expect("a path"))
                .collect();
            let holds = |rows: &[(String, u64, Value)]| -> Vec<u64> {
                rows.iter()
                    .filter(|(name, ..)| rule["rule"] == **name)
                    .map(|(_, n, _)| *n)
                    .collect()
            };
            let holding: Vec<&str> = files
                .iter()
                .filter(|(_, rows)| !holds(rows).is_empty())
                .map(|(path, _)| path.as_str())
                .collect();
            let total = rule["total"].as_u64().expect("a number");
            if (rows_of(rule).count() as u64) < total {
                let all: Vec<u64> = named.iter().flat_map(|path| holds(&files[*path])).collect();
                assert_eq!(all, (1..=total).collect::<Vec<_>>(), "{rule}");
                assert_eq!(named, holding);
                cut += 1;
            } else {
                assert_eq!(named, Vec::<&str>::new(), "{rule}");
            }
        }
    }
    assert!(cut > 100, "{cut}");
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

/// What the first sheet with failing findings shows of its first rule, where each has this annotation.
fn first_rule(annotation: impl Fn(usize) -> String) -> Value {
    let mut assessment = large(Language::Ko, 300);
    for (n, finding) in assessment.findings.iter_mut().enumerate() {
        finding.annotation = Some(annotation(n).into());
    }
    let mut data = data(&assessment);
    let sheets = data["sheets"].as_array_mut().expect("sheets").iter_mut();
    let mut rules =
        sheets.flat_map(|sheet| sheet["failing"]["rules"].as_array_mut().expect("rules"));
    rules
        .find(|rule| rows_of(rule).count() > 1)
        .expect("rows")
        .take()
}

#[test]
fn an_annotation_that_all_rows_of_a_rule_share_stands_above_them_unless_it_is_long() {
    let everywhere = |rule: &Value| {
        let rows: Vec<Value> = rows_of(rule).map(|row| row["annotation"].clone()).collect();
        (rule["annotation"].clone(), rows[0].clone())
    };
    assert_eq!(
        everywhere(&first_rule(|_| "open".to_owned())),
        (json!("open"), json!(null))
    );
    let (above, row) = everywhere(&first_rule(|n| format!("open {n}")));
    assert!(above.is_null() && row.is_string(), "{above} {row}");
    let long = "x".repeat(limits::SHARED + 1);
    let (above, row) = everywhere(&first_rule(|_| long.clone()));
    assert_eq!((above, row), (json!(null), json!(long)));
}

#[test]
fn the_report_shows_some_failing_findings_of_each_control_and_counts_all() {
    let data = data(&large(Language::En, 3_000));
    let sheets = data["sheets"].as_array().expect("sheets");
    let mut shown_in_all = 0;
    for failing in sheets.iter().map(|sheet| &sheet["failing"]) {
        let rules = failing["rules"].as_array().expect("rules");
        let shown: usize = rules.iter().map(|rule| rows_of(rule).count()).sum();
        assert_eq!(failing["shown"], shown);
        let total = failing["total"].as_u64().expect("a number");
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
fn a_filter_that_cannot_be_excluded_is_noted_where_a_rule_of_the_control_was_seen() {
    let mut assessment = small(Language::En);
    let noted = |assessment: &Assessment| -> Vec<Value> {
        let data = data(assessment);
        let sheets = data["sheets"].as_array().expect("sheets").iter();
        let with_rules = sheets.filter(|sheet| sheet["rules"] != Value::Array(Vec::new()));
        with_rules
            .map(|sheet| sheet["unfiltered"]["rows"].clone())
            .collect()
    };
    let gap = |region: &str| {
        let gaps = assessment.gaps.iter();
        let mut kinds = gaps.filter(|gap| gap.kind == GapKind::FilterNotExcluded);
        let mut gap = kinds.next().expect("a gap of each kind").clone();
        let at = Arc::make_mut(&mut gap.at);
        (at.account, at.region) = ("111122223333".to_owned(), region.to_owned());
        gap
    };
    let (seen, not_checked) = (gap("ap-northeast-2"), gap("us-east-1"));
    assessment.gaps = vec![not_checked];
    assert!(noted(&assessment).iter().all(|rows| *rows == json!([])));
    assessment.gaps = vec![seen];
    let row = json!([{"account": "111122223333 (prod)", "regions": ["ap-northeast-2"]}]);
    let everywhere = noted(&assessment);
    assert!(
        everywhere.len() > 20 && everywhere.iter().all(|rows| *rows == row),
        "{everywhere:?}"
    );
}

#[test]
fn appendices_are_announced_only_where_there_are_some() {
    let announced = |assessment: &Assessment| data(assessment)["appendices"].clone();
    assert_eq!(announced(&small(Language::Ko)), 0);
    let assessment = large(Language::Ko, 401);
    let failing = Failing::of(&assessment);
    let holdings = Holdings::of(&failing);
    let appendices = appendix::appendices(&assessment, &holdings);
    assert!(appendices.len() > 1);
    assert_eq!(announced(&assessment), appendices.len());
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
