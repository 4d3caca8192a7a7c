//! What the command line says: every `--help`, and every error that a user can bring about by
//! what is typed or by what lies in the folder.

use std::fmt::Write as _;
use std::fs;

use crate::common::{Workplace, kisms, kisms_in, text};

#[test]
fn every_help_text() {
    let mut shown = String::new();
    for command in [
        "", "init", "check", "build", "verify", "findings", "show", "controls", "key", "key new",
        "key show",
    ] {
        let mut arguments: Vec<&str> = command.split(' ').filter(|word| !word.is_empty()).collect();
        arguments.push("--help");
        let (status, out, err) = kisms(&arguments);
        assert_eq!((status, err.as_str()), (0, ""));
        let _ = writeln!(shown, "$ kisms {}\n{out}", arguments.join(" "));
    }
    insta::assert_snapshot!(shown);
}

/// Commands that cannot be done, run in the folder of [`troubled`].
const ERRORS: &[&str] = &[
    "check absent",
    "check nothing",
    "check typo",
    "check broken",
    "build keyless",
    "build lost-key",
    "build locked-key",
    "build fixtures/engagement/2026Q3 --generated-at yesterday",
    "build fixtures/engagement/2026Q3 -o absent/b.zip",
    "verify absent.zip",
    "verify no.zip",
    "verify no.zip --trust ca.pem",
    "findings no.zip",
    "findings fixtures/engagement/2026Q3 --control 2.5.x",
    "findings fixtures/engagement/2026Q3 --status FAILED",
    "findings fixtures/engagement/2026Q3 --decision maybe",
    "show fixtures/engagement/2026Q3 F-000000000000",
    "init fixtures/engagement/2026Q3",
    "init new --period 2026Q5",
    "key new keys --name x",
    "key new keys --name x --password-file short",
    "key show lost.p12",
    "colect",
];

/// A folder with things that are wrong.
fn troubled() -> Workplace {
    let place = Workplace::new();
    let toml = fs::read_to_string(place.engagement().join("kisms.toml")).expect("there");
    let keyless = toml
        .split("[signing]")
        .next()
        .expect("before it")
        .to_owned();
    let demo = "../../keys/demo-signer-not-secret.p12";
    let locked = "../fixtures/keys/test-foreign-p256.p12";
    for (folder, toml) in [
        ("typo", "[engagement]\norganisation = \"x\"\n".to_owned()),
        ("broken", "[engagement\n".to_owned()),
        ("keyless", keyless),
        ("lost-key", toml.replace(demo, "lost.p12")),
        ("locked-key", toml.replace(demo, locked)),
    ] {
        fs::create_dir_all(place.path(folder).join("exports")).expect("made");
        fs::write(place.path(folder).join("kisms.toml"), toml).expect("written");
    }
    fs::create_dir_all(place.path("nothing")).expect("made");
    for (file, text) in [
        ("no.zip", "not a zip"),
        ("ca.pem", "no certificate"),
        ("short", "1234567\n"),
    ] {
        fs::write(place.path(file), text).expect("written");
    }
    place
}

#[test]
fn every_error_text() {
    let place = troubled();
    let mut shown = String::new();
    for command in ERRORS {
        let arguments: Vec<&str> = command.split(' ').collect();
        let (status, out, err) = kisms_in(&place.path(""), &arguments);
        assert_ne!(status, 0, "{command}");
        assert_eq!(out, "", "{command}");
        let _ = writeln!(shown, "$ kisms {command}\n{err}exit {status}\n");
    }
    insta::assert_snapshot!(shown);
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
    let demo = text(&crate::common::repository("fixtures/keys/demo-ca.pem"));
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
    for ours in [
        "non_compliant",
        "compliant",
        "complete",
        "partial",
        "ignored",
        "not_checked",
        "not_deployed",
        "no_data",
        "attested",
        "evaluation_results",
        "account",
        "region",
        "rules",
    ] {
        let word = |text: &str| text.split([' ', '\n', ',']).any(|word| word == ours);
        assert!(!word(&korean), "`{ours}` in {korean}");
        assert!(word(&english), "`{ours}` in {english}");
    }
    for command in [
        "\n    aws configservice describe-config-rules --region ap-northeast-2",
        "`kisms collect > collect.sh`",
    ] {
        assert!(
            korean.contains(command) && english.contains(command),
            "{command}"
        );
    }
    let (_, _, said) = kisms(&["--lang", "ko", "check", "nowhere"]);
    assert!(
        said.starts_with("오류: ") && said.contains("\n도움말: "),
        "{said}"
    );
    let (_, table, _) = kisms(&["controls", "--lang", "ko"]);
    assert!(table.contains("2.5.4") && table.contains("비밀번호 관리"));
    assert_eq!(table.lines().count(), 126, "a header and 125 rows");
}

/// What `key show` says of files of the test keys, at a time when one of them has expired.
#[test]
fn key_show_says_what_a_key_is_and_whether_it_signs_and_nothing_of_the_key() {
    let place = Workplace::new();
    fs::write(place.path("password"), "\u{feff}test\r\n").expect("written");
    let password = text(&place.path("password"));
    let keys = crate::common::repository("fixtures/keys");
    let mut shown = String::new();
    for (file, language) in [
        ("demo-signer-not-secret.p12", "en"),
        ("test-joint", "ko"),
        ("test-expired.p12", "ko"),
        ("test-expired.p12", "en"),
        ("test-not-for-signing.pem", "en"),
        ("test-not-for-signing.pem", "ko"),
        ("test-pss.p12", "en"),
        ("test-mismatch.pem", "en"),
        ("test-joint/signCert.der", "ko"),
        ("demo-ca.pem", "en"),
        ("test-p521.pem", "en"),
        ("test-p521.pem", "ko"),
        ("README.md", "en"),
    ] {
        let arguments = ["key", "show", file, "--lang", language];
        let arguments = [&arguments[..], &["--password-file", &password]].concat();
        let epoch = [("SOURCE_DATE_EPOCH", "1792056600")];
        let (status, out, err) = crate::common::kisms_with(&keys, &arguments, &epoch);
        assert!(!out.contains("PRIVATE"), "{out}");
        let _ = writeln!(
            shown,
            "$ {}\n{status}\n{out}{err}",
            arguments[..5].join(" ")
        );
    }
    insta::assert_snapshot!(shown);
}
