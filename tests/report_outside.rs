//! What other programs say of the report: poppler and qpdf.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use kisms::assess::Assessment;
use kisms::engagement::Language;
use kisms::report::pdf::{About, documents};
use lopdf::{Dictionary, Document, Object, ObjectId};

#[path = "samples/assessments.rs"]
mod samples;

/// Renders into files of their own; the report is the first.
fn rendered(name: &str, assessment: &Assessment, about: &About) -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("report-{name}"));
    std::fs::create_dir_all(&dir).expect("a writable folder");
    let documents = documents(assessment, about).expect("a report");
    let written = documents.into_iter().map(|document| {
        let file = dir.join(document.path.rsplit('/').next().expect("a name"));
        std::fs::write(&file, document.pdf).expect("a writable folder");
        file
    });
    written.collect()
}

/// Rendering takes long: each is rendered once for all tests.
static SMALL_KO: LazyLock<Vec<PathBuf>> =
    LazyLock::new(|| rendered("small-ko", &samples::small(Language::Ko), &samples::about()));
static UNSIGNED_EN: LazyLock<Vec<PathBuf>> = LazyLock::new(|| {
    let unsigned = About {
        signer: None,
        ..samples::about()
    };
    rendered("unsigned-en", &samples::small(Language::En), &unsigned)
});
static HOSTILE_EN: LazyLock<Vec<PathBuf>> = LazyLock::new(|| {
    rendered(
        "hostile-en",
        &samples::hostile(Language::En),
        &samples::about(),
    )
});
static LARGE_KO: LazyLock<Vec<PathBuf>> = LazyLock::new(|| {
    rendered(
        "large-ko",
        &samples::large(Language::Ko, 500),
        &samples::about(),
    )
});

/// All files of all samples.
fn all() -> impl Iterator<Item = &'static PathBuf> {
    let samples = [&*SMALL_KO, &*UNSIGNED_EN, &*HOSTILE_EN, &*LARGE_KO];
    samples.into_iter().flatten()
}

/// What the tool prints; fails with the package's name where it is missing.
fn ask(tool: &str, package: &str, arguments: &[&str], file: &Path) -> String {
    let output = Command::new(tool)
        .args(arguments)
        .arg(file)
        .args(if tool == "pdftotext" { &["-"][..] } else { &[] })
        .output()
        .map_err(|error| format!("{tool}: {error}; install it: apt-get install {package}"))
        .expect("a tool that runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{tool}: {said}{errors}");
    said
}

/// In the order in which cells were laid out, so that no other cell is between the lines of one.
fn text(file: &Path) -> String {
    ask("pdftotext", "poppler-utils", &["-raw"], file)
}

/// Without any white space: what is found however lines and cells were broken.
fn run_together(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn qpdf_and_poppler_find_well_formed_tagged_files_with_all_fonts_inside() {
    for file in all() {
        let name = file.display();
        let check = ask("qpdf", "qpdf", &["--check"], file);
        assert!(
            check.contains("No syntax or stream encoding errors found"),
            "{name}: {check}"
        );
        let info = ask("pdfinfo", "poppler-utils", &[], file);
        assert!(info.contains("Tagged:          yes"), "{name}: {info}");
        assert!(
            info.contains("kisms-2026Q3-1a2b3c4d"),
            "{name}: no title: {info}"
        );
        assert!(
            info.contains("Creator:         kisms 0.1.0"),
            "{name}: {info}"
        );
        assert!(info.contains("A4"), "{name}: {info}");
        let fonts = ask("pdffonts", "poppler-utils", &[], file);
        let rows: Vec<&str> = fonts.lines().skip(2).collect();
        assert!(rows.len() >= 3, "{name}: {fonts}");
        for row in rows {
            // Ends: embedded, subset, with a map to Unicode, object number and generation.
            let cells: Vec<&str> = row.split_whitespace().rev().take(5).collect();
            assert_eq!(cells[2..], ["yes", "yes", "yes"], "{name}: {row}");
        }
    }
}

#[test]
fn the_catalogue_names_the_language_and_the_standards() {
    for (file, tag) in [(&SMALL_KO[0], "ko-KR"), (&UNSIGNED_EN[0], "en")] {
        let document = Document::load(file).expect("a PDF");
        let lang = document.catalog().expect("a catalogue").get(b"Lang");
        let lang = lang.and_then(Object::as_str).expect("a language");
        assert_eq!(String::from_utf8_lossy(lang), tag);
        let info = ask("pdfinfo", "poppler-utils", &["-meta"], file);
        for mark in [
            "<pdfaid:part>3</pdfaid:part>",
            "<pdfaid:conformance>B</pdfaid:conformance>",
            "<pdfuaid:part>1</pdfuaid:part>",
        ] {
            assert!(info.contains(mark), "{tag}: {mark} in {info}");
        }
    }
}

/// What a name tree (ISO 32000-1, 7.9.6) says of each name.
fn names(document: &Document, tree: &Dictionary, found: &mut BTreeMap<Vec<u8>, Object>) {
    let list = |key: &[u8]| -> Vec<Object> {
        let list = tree.get(key).and_then(|list| document.dereference(list));
        let list = list.ok().and_then(|(_, list)| list.as_array().ok());
        list.cloned().unwrap_or_default()
    };
    for kid in list(b"Kids") {
        let (_, kid) = document.dereference(&kid).expect("a branch");
        names(document, kid.as_dict().expect("a branch"), found);
    }
    for pair in list(b"Names").chunks(2) {
        let name = pair[0].as_str().expect("a name").to_vec();
        found.insert(name, pair[1].clone());
    }
}

/// The pages to which the links of a document lead; fails where one leads nowhere.
fn targets_of_links(document: &Document) -> Vec<ObjectId> {
    let pages: BTreeSet<ObjectId> = document.get_pages().into_values().collect();
    let catalog = document.catalog().expect("a catalogue");
    let mut named = BTreeMap::new();
    let trees = document.get_dict_in_dict(catalog, b"Names");
    if let Ok(tree) = trees.and_then(|trees| document.get_dict_in_dict(trees, b"Dests")) {
        names(document, tree, &mut named);
    }
    let is_link = |dictionary: &&Dictionary| {
        dictionary.get(b"Subtype").and_then(Object::as_name).ok() == Some(b"Link")
    };
    let objects = document.objects.values();
    let links = objects.filter_map(|object| object.as_dict().ok());
    let target = |link: &Dictionary| {
        let action = document.get_dict_in_dict(link, b"A");
        let place = action.map_or_else(|_| link.get(b"Dest"), |action| action.get(b"D"));
        let place = place.expect("a link leads somewhere");
        let place = place.as_str().map_or(place, |name| &named[name]);
        let (_, place) = document.dereference(place).expect("a place");
        let place = place
            .as_dict()
            .map_or(place, |place| place.get(b"D").expect("a place"));
        let page = place.as_array().map(|place| &place[0]);
        let page = page.and_then(Object::as_reference);
        let page = page.expect("a link leads to a place on a page");
        assert!(pages.contains(&page), "{page:?} is no page");
        page
    };
    links.filter(is_link).map(target).collect()
}

#[test]
fn every_link_has_a_target_and_every_control_a_bookmark() {
    let document = Document::load(&SMALL_KO[0]).expect("a PDF");
    let targets = targets_of_links(&document);
    let pages: BTreeSet<&ObjectId> = targets.iter().collect();
    assert!(targets.len() > 150, "{}", targets.len());
    assert!(pages.len() > 15, "{}", pages.len());
    let entries = document.objects.values().filter_map(|o| o.as_dict().ok());
    let entries = entries.filter(|entry| entry.has(b"Title") && entry.has(b"Parent"));
    let titles = entries.filter_map(|entry| entry.get(b"Title").ok());
    let titles: BTreeSet<String> = titles
        .filter_map(|title| lopdf::decode_text_string(title).ok())
        .collect();
    for control in [
        "2.10.5  정보전송 보안",
        "2.6  접근통제",
        "1.1.1  경영진의 참여",
    ] {
        assert!(titles.contains(control), "{control}: {titles:?}");
    }
}

#[test]
fn every_failing_resource_is_in_the_report_or_an_appendix() {
    let texts: Vec<String> = LARGE_KO.iter().map(|file| text(file)).collect();
    let text = run_together(&texts.concat());
    let assessment = samples::large(Language::Ko, 500);
    for finding in &assessment.findings {
        assert!(
            text.contains(&*finding.resource_id),
            "{}",
            finding.resource_id
        );
        assert!(text.contains(&finding.id.to_string()), "{}", finding.id);
    }
    for input in &assessment.inputs {
        assert!(text.contains(&input.path), "{}", input.path);
    }
}

#[test]
fn the_text_comes_out_in_korean_and_identifiers_whole() {
    let text = run_together(&text(&SMALL_KO[0]));
    for part in [
        "주식회사예시",
        "K-ISMS심사증적보고서",
        "2.10.2",
        "미준수",
        "sg-0a1b2c3d4e5f67890",
        "E0001",
        "/EvaluationResults/1",
        "이운영(인프라팀)",
        "2026-12-31까지",
        "2026-09-3010:02:03",
        "openssl cms -verify -cades",
    ] {
        assert!(text.contains(&run_together(part)), "{part}");
    }
}

#[test]
fn markup_and_unseen_characters_of_the_data_are_shown_as_text() {
    let text = run_together(&text(&HOSTILE_EN[0]));
    for part in [
        "#panic(\"x\")*b*_i_$x$<label>@ref",
        "#read(\"/etc/passwd\")",
        "\\u{202E}",
        "\\u{200B}",
        "🚀漢字ひらがな\\u{627}",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert!(text.contains("1,000of10,000characters"));
    assert!(!text.contains("root:"));
    assert!(
        text.contains(&"x".repeat(300)),
        "a long identifier is whole"
    );
}

#[test]
fn a_statement_of_more_lines_than_a_page_has_goes_on_on_the_next() {
    let text = run_together(&text(&HOSTILE_EN[0]));
    for number in 1..=120 {
        for line in [format!("line-{number}."), format!("log-{number}.")] {
            assert!(text.contains(&line), "{line}");
        }
    }
}

#[test]
fn what_is_left_out_is_counted_and_its_place_named() {
    let report = run_together(&text(&LARGE_KO[0]));
    for part in [
        "300건가운데200건을적었습니다.전체는data/appendix/inputs.pdf에있습니다.",
        "전체는data/appendix/findings-2.6.pdf에있습니다.",
    ] {
        assert!(report.contains(part), "{part}");
    }
    let names: BTreeSet<_> = LARGE_KO
        .iter()
        .filter_map(|file| file.file_name())
        .collect();
    for name in ["inputs.pdf", "findings-2.6.pdf"] {
        assert!(names.contains(std::ffi::OsStr::new(name)), "{name}");
    }
}

/// A word and its box, in points from the upper left corner of its page.
struct Word<'a> {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    line: &'a str,
}

impl<'a> Word<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let line = line.trim();
        let number = |name: &str| -> Option<f64> {
            line.split_once(name)?.1.split('"').nth(1)?.parse().ok()
        };
        line.starts_with("<word").then_some(())?;
        Some(Self {
            left: number("xMin")?,
            right: number("xMax")?,
            top: number("yMin")?,
            bottom: number("yMax")?,
            line,
        })
    }

    /// Whether the two stand in one line and one runs over the other by more than two points.
    fn runs_over(&self, other: &Self) -> bool {
        let middle = f64::midpoint(self.top, self.bottom);
        let height = (other.bottom - other.top) / 4.0;
        let beside = (other.top + height..other.bottom - height).contains(&middle);
        beside && self.left + 2.0 < other.right && other.left + 2.0 < self.right
    }
}

#[test]
fn no_text_leaves_its_page_or_runs_over_another() {
    for file in all() {
        let name = file.display();
        let boxes = ask("pdftotext", "poppler-utils", &["-bbox"], file);
        let mut seen = 0;
        for page in boxes.split("<page ").skip(1) {
            let words: Vec<Word<'_>> = page.lines().filter_map(Word::read).collect();
            for (at, word) in words.iter().enumerate() {
                // 17 mm margins on A4 (595.28 by 841.89 pt).
                let inside = word.left > 47.0 && word.right < 595.28 - 47.0;
                let inside = inside && word.top > 20.0 && word.bottom < 841.89 - 20.0;
                assert!(inside, "{name}: {}", word.line);
                let over = words[at + 1..].iter().find(|other| word.runs_over(other));
                assert!(
                    over.is_none(),
                    "{name}: {} {}",
                    word.line,
                    over.map_or("", |o| o.line)
                );
            }
            seen += words.len();
        }
        assert!(seen > 100, "{name}: {seen}");
    }
}

#[test]
fn the_summary_is_one_page() {
    for files in [&*SMALL_KO, &*UNSIGNED_EN, &*HOSTILE_EN, &*LARGE_KO] {
        let report = ask("pdftotext", "poppler-utils", &["-layout"], &files[0]);
        let starts = |page: &str, chapter: &str| {
            let mut lines = page
                .lines()
                .map(|line| line.split_whitespace().collect::<Vec<_>>());
            lines.any(|words| words.join(" ") == chapter)
        };
        let pages: Vec<&str> = report.split('\u{C}').collect();
        let begins = |chapter: &str| {
            let page = pages.iter().position(|page| starts(page, chapter));
            page.unwrap_or_else(|| panic!("{}: no {chapter}", files[0].display()))
        };
        let (summary, controls) = if report.contains("Summary") {
            (begins("2 Summary"), begins("3 Controls"))
        } else {
            (begins("2 요약"), begins("3 통제항목"))
        };
        assert_eq!(controls, summary + 1, "{}", files[0].display());
    }
}
