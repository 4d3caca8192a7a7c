use super::*;
use crate::engagement::{Engagement, Folder};

fn options() -> Options {
    Options {
        scheme: Scheme::IsmsP,
        period: None,
        organization: None,
        statement: None,
        templates: false,
    }
}

#[test]
fn a_new_folder_asks_for_exactly_what_is_to_be_filled_in() {
    let dir = tempfile::tempdir().expect("a folder");
    let place = dir.path().join("new/2026Q3");
    init(&place, &options(), None).expect("made");
    let faults = Folder::open(&place).expect("readable").expect_err("faults");
    let shown: Vec<String> = faults
        .iter()
        .map(|f| format!("{} {}", f.file, f.message))
        .collect();
    assert_eq!(
        shown,
        [
            "kisms.toml `organization` is empty",
            "kisms.toml `scope` is empty",
            "kisms.toml `period` is empty",
            "kisms.toml `prepared_by` is empty",
            "kisms.toml `reviewed_by` is empty",
            "kisms.toml `[accounts]` names no account",
        ]
    );
    assert!(
        faults
            .iter()
            .all(|f| f.line.is_some() && !f.hint.is_empty())
    );
}

#[test]
fn a_folder_that_is_filled_in_as_its_comments_say_is_valid() {
    let dir = tempfile::tempdir().expect("a folder");
    let known = Options {
        scheme: Scheme::Isms,
        period: Some("2026Q3".to_owned()),
        organization: Some("\"예시\" \\ {period}".to_owned()),
        statement: None,
        templates: false,
    };
    init(dir.path(), &known, None).expect("made");
    let place = dir.path().join("kisms.toml");
    let filled = fs::read_to_string(&place)
        .expect("written")
        .replace("scope = \"\"", "scope = \"s\"")
        .replace("_by = \"\"", "_by = \"p\"")
        .replace("# \"", "\"")
        .replace("# [", "[")
        .replace("# key", "key");
    fs::write(&place, &filled).expect("written");
    let folder = Folder::open(dir.path()).expect("readable").expect("valid");
    let engagement = folder.engagement;
    assert_eq!(engagement.organization, "\"예시\" \\ {period}");
    assert_eq!(engagement.period.label, "2026Q3");
    assert_eq!(engagement.scheme, Scheme::Isms);
    assert_eq!(engagement.accounts.len(), 1);
    assert_eq!(engagement.rules.len(), 1);
    assert_eq!(engagement.policy.len(), 1);
    assert!(engagement.signing_key.is_some());
    assert_eq!(folder.raw_files.len(), 3);
}

#[test]
fn the_statement_has_every_item_of_the_scheme_with_area_1_selected() {
    for (scheme, items) in [(Scheme::Isms, 80), (Scheme::IsmsP, 101)] {
        let text = statement::empty_csv(scheme, catalogue());
        assert!(text.starts_with("\u{feff}control_id,selected,"));
        assert_eq!(text.matches("\r\n").count(), items + 1);
        let rows = crate::statement::load(text.as_bytes()).expect("valid");
        assert_eq!(rows.len(), 16);
        assert!(
            rows.iter()
                .all(|row| row.selected && row.operation.is_empty())
        );
    }
}

#[test]
fn the_decisions_are_a_header_only() {
    let text = header(&decision::COLUMNS);
    assert_eq!(decision::load(text.as_bytes()), Ok(vec![]));
    assert!(text.starts_with("\u{feff}id,kind,control_id,rule,account,region,resource_id,"));
}

#[test]
fn nothing_is_overwritten_and_everything_in_the_way_is_listed() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("decisions.csv"), "mine").expect("a file");
    fs::write(dir.path().join("exports"), "mine").expect("a file");
    let error = init(dir.path(), &options(), None).expect_err("refused");
    assert!(
        error
            .message
            .ends_with("has `decisions.csv`, `exports` already"),
        "{error}"
    );
    assert!(!dir.path().join("kisms.toml").exists());
    let kept = fs::read_to_string(dir.path().join("decisions.csv"));
    assert_eq!(kept.expect("there"), "mine");
}

#[test]
fn folders_that_are_there_stay_as_they_are() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::create_dir(dir.path().join("exports")).expect("a folder");
    fs::write(dir.path().join("exports/a.json"), "{}").expect("a file");
    let created = init(dir.path(), &options(), None).expect("made");
    assert_eq!(created.folders, [dir.path().join("evidence")]);
    assert!(dir.path().join("exports/a.json").exists());
}

#[test]
fn templates_are_written_out_into_a_new_folder_or_one_that_is_there() {
    let dir = tempfile::tempdir().expect("a folder");
    let asked = Options {
        templates: true,
        ..options()
    };
    init(dir.path(), &options(), None).expect("made");
    let created = init(dir.path(), &asked, None).expect("added");
    assert_eq!(created.files.len(), pdf::BUILT_IN.len());
    for (name, text) in pdf::BUILT_IN {
        let written = fs::read_to_string(dir.path().join("templates").join(name));
        assert_eq!(written.expect(name), text);
    }
    let error = init(dir.path(), &asked, None).expect_err("refused");
    assert!(error.message.contains("`templates/report.typ`"), "{error}");
    let other = dir.path().join("new");
    let created = init(&other, &asked, None).expect("made");
    assert_eq!(created.files.len(), 3 + pdf::BUILT_IN.len());
}

#[test]
fn what_cannot_be_written_into_the_file_is_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    let place = dir.path().join("new");
    for (period, organization) in [(Some("2026-Q3"), None), (None, Some("a\nb"))] {
        let wrong = Options {
            scheme: Scheme::Isms,
            period: period.map(str::to_owned),
            organization: organization.map(str::to_owned),
            statement: None,
            templates: false,
        };
        assert!(init(&place, &wrong, None).is_err());
    }
    assert!(!place.exists());
}

#[test]
fn the_template_is_toml_as_it_stands() {
    let text = kisms_toml(&options()).expect("written");
    let faults = Engagement::load(&text).expect_err("empty fields");
    assert!(
        faults
            .iter()
            .all(|f| f.message.contains("is empty") || f.message.contains("no account"))
    );
}
