//! An organisation's own templates: what they may, and how they are ended.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use kisms::engagement::{Language, TemplateFile};
use kisms::error::Error;
use kisms::report::pdf::{About, Apart, Limits, Templates, report};

#[allow(dead_code, reason = "one small sample is enough here")]
#[path = "samples/assessments.rs"]
mod samples;

/// A report of one heading and this.
fn template(body: &str) -> String {
    format!(
        "#set document(title: \"t\")\n#set text(lang: \"ko\", font: \"Pretendard\")\n= 제목\n{body}\n"
    )
}

fn rendered(body: &str, limits: Limits) -> Result<Vec<u8>, Error> {
    let file = TemplateFile {
        name: "report.typ".to_owned(),
        bytes: template(body).into_bytes(),
    };
    let apart = Apart {
        program: env!("CARGO_BIN_EXE_kisms").into(),
        arguments: vec!["typeset".to_owned()],
        limits,
    };
    let about = About {
        templates: Templates::own(&[file], apart).expect("no fault"),
        ..samples::about()
    };
    report(&samples::small(Language::Ko), &about).map(|document| document.pdf)
}

fn error(body: &str, limits: Limits) -> Error {
    rendered(body, limits).expect_err("an error")
}

const MUCH: Limits = Limits {
    seconds: 100,
    bytes: 1 << 30,
};

#[test]
fn a_template_of_ones_own_is_laid_out_with_the_data_and_says_that_it_is() {
    let body = "#let data = json(\"data.json\")\n#data.engagement.organization #data.about.own_templates.first()";
    let pdf = rendered(body, MUCH).expect("a report");
    assert_eq!(
        pdf,
        rendered(body, MUCH).expect("a report"),
        "the same bytes"
    );
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("own.pdf");
    fs::write(&path, pdf).expect("written");
    let said = |tool: &str, arguments: &[&str]| {
        let output = Command::new(tool).arg(&path).args(arguments).output();
        let output = output.expect("apt-get install poppler-utils");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let text = said("pdftotext", &["-"]);
    assert!(text.contains("주식회사 예시 report.typ"), "{text}");
    let info = said("pdfinfo", &[]);
    assert!(info.contains("kisms 0.1.0, with own templates"), "{info}");
}

#[test]
fn a_template_without_an_end_is_ended() {
    // Typst itself ends some, others end only with the process.
    for body in [
        "#while true {}",
        "#let f(n) = f(n + 1)\n#f(0)",
        "#for a in range(9999) { for b in range(9999) { for c in range(9999) {} } }",
    ] {
        let limits = Limits { seconds: 4, ..MUCH };
        let start = Instant::now();
        let error = error(body, limits);
        assert!(start.elapsed() < Duration::from_mins(1), "{body}");
        assert!(error.message.contains("report.typ"), "{error}");
        assert!(error.hint.expect("a hint").contains("report.typ"));
    }
    let endless = "#for a in range(9999) { for b in range(9999) { for c in range(9999) {} } }";
    assert_eq!(
        error(endless, Limits { seconds: 2, ..MUCH }).message,
        "`report.typ` with your own `templates/` takes longer than 2 s: it may be a loop without an end"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_template_that_wants_all_memory_is_ended() {
    let limits = Limits {
        bytes: 400 << 20,
        ..MUCH
    };
    assert_eq!(
        error("#let a = range(300000000)\n#a.len()", limits).message,
        "`report.typ` with your own `templates/` takes more than 400 MiB of memory"
    );
}

#[test]
fn a_template_sees_no_file_package_or_plugin() {
    for body in [
        "#read(\"/etc/passwd\")",
        "#read(\"../kisms.toml\")",
        "#image(\"/logo.png\")",
        "#import \"@preview/cetz:0.3.1\"",
        "#plugin(\"a.wasm\")",
    ] {
        let error = error(body, MUCH);
        assert!(error.message.contains("templates/report.typ:4:"), "{error}");
    }
}

#[test]
fn an_error_names_line_column_and_what_typst_says() {
    let error = error("text #unknwon", MUCH);
    assert_eq!(
        error.message,
        "cannot lay out the report: templates/report.typ:4:7: unknown variable: unknwon"
    );
    assert!(error.hint.expect("a hint").contains("`report.typ`"));
}

#[test]
fn a_program_that_is_no_kisms_is_no_bundle() {
    let file = TemplateFile {
        name: "report.typ".to_owned(),
        bytes: template("").into_bytes(),
    };
    let apart = Apart {
        program: "/bin/false".into(),
        arguments: Vec::new(),
        limits: MUCH,
    };
    let about = About {
        templates: Templates::own(&[file], apart).expect("no fault"),
        ..samples::about()
    };
    let error = report(&samples::small(Language::Ko), &about).expect_err("an error");
    assert!(error.message.contains("ended the process"), "{error}");
}
