//! The table of sentences and tests in tests/README.md: its tests exist, and none is missing.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The names of the functions under `#[test]` in a source.
fn tests_of(text: &str) -> impl Iterator<Item = &str> {
    text.split("#[test]\n").skip(1).filter_map(|rest| {
        let (_, name) = rest.split_once("fn ")?;
        Some(name.split('(').next().unwrap_or_default())
    })
}

/// Names between back-ticks that are tests': a module may stand in front.
fn listed_in(text: &str) -> BTreeSet<&str> {
    let names = text.split('`').skip(1).step_by(2);
    let names = names.map(|name| name.rsplit(": ").next().unwrap_or_default());
    let is_test = |name: &&str| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        name.bytes().all(plain) && name.matches('_').count() > 2
    };
    names.filter(is_test).collect()
}

/// The rows of the table, headings not among them.
fn rows(table: &str) -> impl Iterator<Item = (&str, &str)> {
    let rows = table.lines().filter_map(|line| {
        let cells = line.strip_prefix("| ")?.strip_suffix(" |")?;
        cells.split_once(" | ")
    });
    rows.filter(|(sentence, _)| !sentence.starts_with("**") && *sentence != "sentence")
}

#[test]
fn the_table_of_sentences_names_tests_that_exist_and_all_of_the_assessment() {
    let table = fs::read_to_string(repository("tests/README.md")).expect("the table");
    let listed = listed_in(&table);
    assert!(listed.len() > 100, "{}", listed.len());
    let (mut all, mut assessing) = (BTreeSet::new(), BTreeSet::new());
    let mut files = Vec::new();
    sources(&repository("src"), &mut files);
    sources(&repository("tests"), &mut files);
    for file in files {
        let text = fs::read_to_string(&file).expect("a source");
        let names: Vec<String> = tests_of(&text).map(str::to_owned).collect();
        // The statement of operation is people's word: no result comes of it.
        let assesses = file.starts_with(repository("src/assess/tests"));
        if assesses && !file.ends_with("statement.rs") {
            assessing.extend(names.iter().cloned());
        }
        all.extend(names);
    }
    for (sentence, tests) in rows(&table) {
        let has_test = listed_in(tests).iter().any(|name| all.contains(*name));
        assert!(has_test, "no test of: {sentence}");
    }
    let unknown: Vec<&&str> = listed.iter().filter(|name| !all.contains(**name)).collect();
    assert!(unknown.is_empty(), "no such tests: {unknown:?}");
    assessing.retain(|name| !listed.contains(name.as_str()));
    assert!(
        assessing.is_empty(),
        "not in tests/README.md: {assessing:?}"
    );
}
