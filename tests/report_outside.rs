//! What other programs say of the report: poppler and qpdf.

use std::path::{Path, PathBuf};
use std::process::Command;

use kisms::assess::Assessment;
use kisms::engagement::Language;
use kisms::report::pdf::{About, render};

#[path = "samples/assessments.rs"]
mod samples;

/// Renders into a file of its own.
fn rendered(name: &str, assessment: &Assessment, about: &About) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("report-{name}.pdf"));
    let pdf = render(assessment, about).expect("a report");
    std::fs::write(&path, pdf).expect("a writable folder");
    path
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

fn text(file: &Path) -> String {
    ask("pdftotext", "poppler-utils", &[], file)
}

/// Without any white space: what is found however lines and cells were broken.
fn run_together(text: &str) -> String {
    text.split_whitespace().collect()
}

fn samples() -> Vec<PathBuf> {
    let about = samples::about();
    let unsigned = About {
        signer: None,
        ..samples::about()
    };
    vec![
        rendered("small-ko", &samples::small(Language::Ko), &about),
        rendered("small-en", &samples::small(Language::En), &unsigned),
        rendered("hostile-ko", &samples::hostile(Language::Ko), &about),
        rendered("hostile-en", &samples::hostile(Language::En), &about),
        rendered("large-ko", &samples::large(Language::Ko, 3_000), &about),
    ]
}

#[test]
fn qpdf_and_poppler_find_well_formed_tagged_files_with_all_fonts_inside() {
    for file in samples() {
        let name = file.display();
        let check = ask("qpdf", "qpdf", &["--check"], &file);
        assert!(
            check.contains("No syntax or stream encoding errors found"),
            "{name}: {check}"
        );
        let info = ask("pdfinfo", "poppler-utils", &[], &file);
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
        let fonts = ask("pdffonts", "poppler-utils", &[], &file);
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
    for (language, tag) in [(Language::Ko, "ko-KR"), (Language::En, "en")] {
        let file = rendered(
            &format!("standards-{tag}"),
            &samples::small(language),
            &samples::about(),
        );
        let objects = ask(
            "qpdf",
            "qpdf",
            &["--json", "--json-stream-data=none"],
            &file,
        );
        assert!(
            objects.contains(&format!("\"/Lang\": \"u:{tag}\"")),
            "{tag}"
        );
        let info = ask("pdfinfo", "poppler-utils", &["-meta"], &file);
        for mark in [
            "<pdfaid:part>3</pdfaid:part>",
            "<pdfaid:conformance>B</pdfaid:conformance>",
            "<pdfuaid:part>1</pdfuaid:part>",
        ] {
            assert!(info.contains(mark), "{tag}: {mark} in {info}");
        }
    }
}

#[test]
fn the_text_comes_out_in_korean_and_identifiers_whole() {
    let file = rendered("text-ko", &samples::small(Language::Ko), &samples::about());
    let text = run_together(&text(&file));
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
    let file = rendered("markup", &samples::hostile(Language::En), &samples::about());
    let text = run_together(&text(&file));
    for part in [
        "#panic(\"x\")*b*_i_$x$<label>@ref",
        "#read(\"/etc/passwd\")",
        "\\u{202E}",
        "\\u{200B}",
        "\\u{1F680}",
        "\\u{6F22}",
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
fn what_is_left_out_is_counted() {
    let file = rendered(
        "counts-ko",
        &samples::large(Language::Ko, 3_000),
        &samples::about(),
    );
    let text = run_together(&text(&file));
    assert!(text.contains("건가운데50건,나머지는findings.csv에있음"));
    assert!(text.contains("300개가운데200개를적었으며나머지는inputs.csv에있습니다."));
}

#[test]
fn the_summary_is_one_page_and_no_text_leaves_its_page() {
    for file in samples() {
        let name = file.display();
        let summary = ask(
            "pdftotext",
            "poppler-utils",
            &["-layout", "-f", "3", "-l", "3"],
            &file,
        );
        let next = ask(
            "pdftotext",
            "poppler-utils",
            &["-layout", "-f", "4", "-l", "4"],
            &file,
        );
        let starts =
            |page: &str, with: &str| page.lines().any(|line| line.trim_start().starts_with(with));
        assert!(starts(&summary, "2. "), "{name}: {summary}");
        assert!(starts(&next, "3. "), "{name}: {next}");
        let boxes = ask("pdftotext", "poppler-utils", &["-bbox"], &file);
        let words = boxes
            .lines()
            .filter(|line| line.trim_start().starts_with("<word"));
        let mut seen = 0;
        for word in words {
            let x = |name: &str| -> f64 {
                let value = word
                    .split_once(name)
                    .and_then(|(_, rest)| rest[2..].split('"').next());
                value
                    .and_then(|v| v.parse().ok())
                    .unwrap_or_else(|| panic!("{word}"))
            };
            // 17 mm margins on A4 (595.28 pt).
            assert!(
                x("xMin") > 47.0 && x("xMax") < 595.28 - 47.0,
                "{name}: {word}"
            );
            assert!(
                x("yMin") > 20.0 && x("yMax") < 841.89 - 20.0,
                "{name}: {word}"
            );
            seen += 1;
        }
        assert!(seen > 1_000, "{name}: {seen}");
    }
}
