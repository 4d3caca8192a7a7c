//! An engagement's own templates: written out, judged by `check`, used by `build`, and named.

use std::fs;

use crate::common::{Workplace, kisms, text, tool};

/// The fixture with the built-in templates written out.
pub fn with_templates() -> Workplace {
    let place = Workplace::new();
    let (status, out, err) = kisms(&["init", &text(&place.engagement()), "--templates"]);
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    place
}

#[test]
fn own_templates_are_used_travel_and_are_named() {
    let place = with_templates();
    let engagement = text(&place.engagement());
    let (_, out, _) = kisms(&["check", &engagement]);
    assert!(
        !out.contains("templates"),
        "as built in, none is an organisation's own: {out}"
    );
    let texts = place.engagement().join("templates/text/ko.toml");
    let read = fs::read_to_string(&texts).expect("there");
    let changed = read.replacen("title = \"K-ISMS", "title = \"한빛몰 K-ISMS", 1);
    assert_ne!(read, changed);
    fs::write(&texts, &changed).expect("written");
    let (status, out, err) = kisms(&["check", &engagement]);
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(out.contains("\ntemplates   text/ko.toml\n"), "{out}");
    let bag = place.unpacked();
    let kept = fs::read_to_string(bag.join("data/engagement/templates/text/ko.toml"));
    assert_eq!(kept.expect("in the bag"), changed);
    let info = fs::read_to_string(bag.join("bag-info.txt")).expect("there");
    assert!(
        info.contains("Kisms-Own-Templates: text/ko.toml\n"),
        "{info}"
    );
    let read = fs::read_to_string(bag.join("data/assessment.json")).expect("there");
    let read: serde_json::Value = serde_json::from_str(&read).expect("JSON");
    assert_eq!(read["engagement"]["own_templates"][0], "text/ko.toml");
    let shown = tool(
        &bag,
        "pdftotext",
        &["data/report.pdf", "-"],
        "apt install poppler-utils",
    );
    assert!(shown.contains("한빛몰 K-ISMS"), "{shown}");
    let together: String = shown.split_whitespace().collect();
    assert!(together.contains("신청기관이바꾼양식으로만들었습니다:text/ko.toml"));
}

#[test]
fn every_fault_of_the_templates_is_listed_and_nothing_is_built() {
    let place = with_templates();
    let folder = place.engagement().join("templates");
    fs::write(folder.join("reprot.typ"), "x").expect("written");
    fs::write(folder.join("parts.typ"), "#let a = (\n").expect("written");
    fs::write(folder.join("text/en.toml"), "title = \"t\"\n").expect("written");
    let (status, out, err) = place.build_with(&place.path("b.zip"), &["--unsigned"]);
    assert_eq!((status, out.as_str()), (1, ""));
    for expected in [
        "error: templates/reprot.typ: is no template of kisms\nhint: did you mean `report.typ`?\n",
        "error: templates/parts.typ:1:10: unclosed delimiter\n",
        "error: templates/text/en.toml: lacks the text `cover.scope`\n",
    ] {
        assert!(err.contains(expected), "{expected}: {err}");
    }
    assert!(!place.path("b.zip").exists());
}

#[test]
fn what_typst_says_of_a_template_is_said_with_its_place() {
    let place = with_templates();
    let folder = place.engagement().join("templates");
    let report = fs::read_to_string(folder.join("report.typ")).expect("there");
    let lines = report.lines().count();
    fs::write(folder.join("report.typ"), format!("{report}\n\n#unknwon")).expect("written");
    let (status, _, err) = place.build_with(&place.path("b.zip"), &["--unsigned"]);
    assert_eq!(status, 2);
    let expected = format!(
        "templates/report.typ:{}:2: unknown variable: unknwon",
        lines + 3
    );
    assert!(err.contains(&expected), "{err}");
    assert!(!place.path("b.zip").exists());
}
