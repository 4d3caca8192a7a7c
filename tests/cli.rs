//! What the command line says: every `--help`, and every error that a user can bring about by
//! what is typed or by what lies in the folder.

mod common;

use std::fmt::Write as _;
use std::fs;

use common::{Workplace, kisms, text};

#[test]
fn every_help_text() {
    let mut shown = String::new();
    for command in [
        "", "init", "check", "build", "verify", "findings", "controls", "key", "key new",
    ] {
        let mut arguments: Vec<&str> = command.split(' ').filter(|word| !word.is_empty()).collect();
        arguments.push("--help");
        let (status, out, err) = kisms(&arguments);
        assert_eq!((status, err.as_str()), (0, ""));
        let _ = writeln!(shown, "$ kisms {}\n{out}", arguments.join(" "));
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn every_error_text() {
    let place = Workplace::new();
    let root = text(&place.path(""));
    let at = |name: &str| text(&place.path(name));
    let engagement = text(&place.engagement());
    for (folder, toml) in [
        ("typo", "[engagement]\norganisation = \"x\"\n"),
        ("broken", "[engagement\n"),
    ] {
        fs::create_dir_all(place.path(folder).join("exports")).expect("made");
        fs::write(place.path(folder).join("kisms.toml"), toml).expect("written");
    }
    fs::create_dir_all(place.path("nothing")).expect("made");
    fs::write(place.path("no.zip"), "not a zip").expect("written");
    fs::write(place.path("ca.pem"), "not a certificate").expect("written");
    fs::write(place.path("short"), "1234567\n").expect("written");
    let toml = fs::read_to_string(place.engagement().join("kisms.toml")).expect("there");
    let keyless = toml.split("[signing]").next().expect("before it");
    for (folder, toml) in [
        ("keyless", keyless.to_owned()),
        (
            "lost-key",
            toml.replace("../../keys/demo-signer-not-secret.p12", "lost.p12"),
        ),
        (
            "locked-key",
            toml.replace(
                "../../keys/demo-signer-not-secret.p12",
                "../fixtures/keys/test-foreign-p256.p12",
            ),
        ),
    ] {
        fs::create_dir_all(place.path(folder).join("exports")).expect("made");
        fs::write(place.path(folder).join("kisms.toml"), toml).expect("written");
    }
    let cases: Vec<Vec<String>> = [
        vec!["check".to_owned(), at("absent")],
        vec!["check".to_owned(), at("nothing")],
        vec!["check".to_owned(), at("typo")],
        vec!["check".to_owned(), at("broken")],
        vec!["build".to_owned(), at("keyless")],
        vec!["build".to_owned(), at("lost-key")],
        vec!["build".to_owned(), at("locked-key")],
        vec![
            "build".to_owned(),
            engagement.clone(),
            "--generated-at".to_owned(),
            "yesterday".to_owned(),
        ],
        vec![
            "build".to_owned(),
            engagement.clone(),
            "-o".to_owned(),
            at("absent/b.zip"),
        ],
        vec!["verify".to_owned(), at("absent.zip")],
        vec!["verify".to_owned(), at("no.zip")],
        vec![
            "verify".to_owned(),
            at("no.zip"),
            "--trust".to_owned(),
            at("ca.pem"),
        ],
        vec!["findings".to_owned(), at("no.zip")],
        vec![
            "findings".to_owned(),
            engagement.clone(),
            "--control".to_owned(),
            "2.5.x".to_owned(),
        ],
        vec![
            "findings".to_owned(),
            engagement.clone(),
            "--status".to_owned(),
            "FAILED".to_owned(),
        ],
        vec![
            "findings".to_owned(),
            engagement.clone(),
            "--decision".to_owned(),
            "maybe".to_owned(),
        ],
        vec!["init".to_owned(), engagement],
        vec![
            "init".to_owned(),
            at("new"),
            "--period".to_owned(),
            "2026Q5".to_owned(),
        ],
        vec![
            "key".to_owned(),
            "new".to_owned(),
            at("keys"),
            "--name".to_owned(),
            "x".to_owned(),
        ],
        vec![
            "key".to_owned(),
            "new".to_owned(),
            at("keys"),
            "--name".to_owned(),
            "x".to_owned(),
            "--password-file".to_owned(),
            at("short"),
        ],
        vec!["colect".to_owned()],
    ]
    .into();
    let mut shown = String::new();
    for case in cases {
        let arguments: Vec<&str> = case.iter().map(String::as_str).collect();
        let (status, out, err) = kisms(&arguments);
        assert_ne!(status, 0, "{arguments:?}");
        assert_eq!(out, "", "{arguments:?}");
        let _ = writeln!(
            shown,
            "$ kisms {}\n{err}exit {status}\n",
            arguments.join(" ")
        );
    }
    insta::assert_snapshot!(shown.replace(&root, ""));
}

#[test]
fn a_new_key_signs_and_only_its_own_authority_is_trusted() {
    let place = Workplace::new();
    fs::write(place.path("password"), "긴 비밀번호 one\nnot this\n").expect("written");
    let (keys, password) = (text(&place.path("keys")), text(&place.path("password")));
    let new = [
        "key",
        "new",
        &keys,
        "--name",
        "홍길동 (정보보호팀)",
        "--password-file",
        &password,
    ];
    let (status, out, err) = kisms(&new);
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    assert!(
        out.contains("홍길동") && !out.contains("긴 비밀번호"),
        "{out}"
    );
    assert_eq!(kisms(&new).0, 2, "keys are never overwritten");
    let toml = place.engagement().join("kisms.toml");
    let changed = fs::read_to_string(&toml).expect("there").replace(
        "../../keys/demo-signer-not-secret.p12",
        "../../../keys/signer.p12",
    );
    fs::write(&toml, changed).expect("written");
    let (engagement, bundle) = (text(&place.engagement()), text(&place.path("b.zip")));
    let (status, out, err) = kisms(&[
        "build",
        &engagement,
        "-o",
        &bundle,
        "--password-file",
        &password,
    ]);
    assert_eq!(status, 0, "{out}{err}");
    let trust = text(&place.path("keys/ca.pem"));
    assert_eq!(kisms(&["verify", &bundle, "--trust", &trust]).0, 0);
    let demo = text(&common::repository("fixtures/keys/demo-ca.pem"));
    assert_eq!(kisms(&["verify", &bundle, "--trust", &demo]).0, 1);
}

#[test]
fn the_screen_speaks_korean_when_asked() {
    let place = Workplace::new();
    let engagement = text(&place.engagement());
    let (_, korean, _) = kisms(&["--lang", "ko", "check", &engagement]);
    let (_, english, _) = kisms(&["--lang", "en", "check", &engagement]);
    assert!(
        korean.contains("\n통제항목") && english.contains("\ncontrols "),
        "{korean}"
    );
    let (_, table, _) = kisms(&["controls", "--lang", "ko"]);
    assert!(table.contains("2.5.4") && table.contains("비밀번호 관리"));
    assert_eq!(table.lines().count(), 126, "a header and 125 rows");
}
