//! Every table of the list, and its description.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::engagement::Language;
use crate::report::words::word;

fn described() -> Value {
    let mut out = Vec::new();
    columns_json(&mut out).expect("memory");
    serde_json::from_slice(&out).expect("JSON")
}

fn is_korean(text: &str) -> bool {
    text.chars().any(|c| ('가'..='힣').contains(&c))
}

#[test]
fn every_table_has_unique_ids_and_titles_in_both_languages() {
    for table in TABLES {
        let headings = (table.headings)();
        let ids: BTreeSet<_> = headings.iter().map(|heading| heading.id).collect();
        assert_eq!(ids.len(), headings.len(), "{}", table.path);
        assert!(is_korean(table.title_ko) && table.title_en.is_ascii());
        for heading in headings {
            let name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(heading.id.chars().all(name), "{heading:?}");
            assert!(
                is_korean(heading.title_ko) || heading.title_ko == "ARN",
                "{heading:?}"
            );
            let english = heading.title_en.is_ascii() && !heading.title_en.is_empty();
            assert!(english, "{heading:?}");
        }
    }
}

/// One word for one thing: what a column holds is called as the report calls it.
#[test]
fn the_columns_have_the_words_of_the_report() {
    for (table, id, section, key) in [
        (controls::TABLE, "title_ko", "controls", "title"),
        (controls::TABLE, "automated", "read", "automated"),
        (controls::TABLE, "manual", "read", "manual"),
        (controls::TABLE, "non_compliant", "counts", "non_compliant"),
        (controls::TABLE, "excepted", "counts", "excepted"),
        (
            controls::TABLE,
            "false_positive",
            "counts",
            "false_positive",
        ),
        (controls::TABLE, "compliant", "counts", "compliant"),
        (
            controls::TABLE,
            "compliant_weaker",
            "counts",
            "compliant_weaker",
        ),
        (
            controls::TABLE,
            "not_applicable",
            "counts",
            "not_applicable",
        ),
        (
            controls::TABLE,
            "insufficient_data",
            "counts",
            "insufficient_data",
        ),
        (
            controls::TABLE,
            "outside_period",
            "counts",
            "outside_period",
        ),
        (controls::TABLE, "reasons", "sheets", "reasons"),
        (findings::TABLE, "controls", "controls", "title"),
        (findings::TABLE, "evaluated_at", "sheets", "evaluated"),
        (gaps::TABLE, "account", "gaps", "account"),
        (inputs::TABLE, "captured_at", "inputs", "captured"),
        (inputs::TABLE, "status", "inputs", "status"),
        (mapping::TABLE, "title_ko", "controls", "title"),
    ] {
        let headings = (table.headings)();
        let heading = headings.iter().find(|heading| heading.id == id);
        let heading = heading.map(|heading| heading.title_ko);
        assert_eq!(
            heading,
            word(Language::Ko, section, key),
            "{}: {id}",
            table.path
        );
    }
}

#[test]
fn columns_json_describes_every_table_and_column_in_order() {
    let described = described();
    assert_eq!(described["@context"][0], "http://www.w3.org/ns/csvw");
    assert_eq!(described["@context"][1]["@language"], "ko");
    let tables = described["tables"].as_array().expect("tables");
    assert_eq!(tables.len(), TABLES.len());
    for (table, description) in TABLES.iter().zip(tables) {
        let url = description["url"].as_str().expect("a url");
        let path = format!("data/csv/{url}").replace("csv/../", "");
        assert_eq!(path, table.path);
        let columns = description["tableSchema"]["columns"]
            .as_array()
            .expect("columns");
        let headings = (table.headings)();
        assert_eq!(columns.len(), headings.len(), "{url}");
        for (heading, column) in headings.iter().zip(columns) {
            assert_eq!(column["name"], heading.id);
            assert_eq!(column["titles"]["ko"], heading.title_ko);
            assert_eq!(column["titles"]["en"], heading.title_en);
            assert!(column["datatype"].is_string());
        }
    }
}

#[test]
fn documents_have_their_own_paths_in_the_bundle() {
    let documents = documents();
    let paths: BTreeSet<_> = documents.iter().map(|document| document.path).collect();
    assert_eq!(paths.len(), TABLES.len() + 3);
    for path in paths {
        assert!(path.is_ascii() && path.starts_with("data/"), "{path}");
    }
}
