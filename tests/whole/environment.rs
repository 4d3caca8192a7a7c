//! What the environment holds for others changes nothing that kisms does or says.

use std::fs;
use std::process::Command;

use crate::common::{GENERATED_AT, Workplace, text};

/// Variables that libraries below kisms know, and whatever others may have put into them.
const ABSURD: [(&str, &str); 12] = [
    ("RAYON_NUM_THREADS", "4000000000"),
    ("RAYON_RS_NUM_CPUS", "-1"),
    ("MIMALLOC_VERBOSE", "2"),
    ("MIMALLOC_SHOW_STATS", "1"),
    ("MIMALLOC_SHOW_ERRORS", "1"),
    ("MIMALLOC_ARENA_RESERVE", "99999999999999999999"),
    ("MIMALLOC_RESERVE_HUGE_OS_PAGES", "100000"),
    ("SOURCE_DATE_EPOCH", "soon"),
    ("RUST_BACKTRACE", "full"),
    ("TYPST_FONT_PATHS", "/dev/zero"),
    ("COLUMNS", "-80"),
    ("TZ", "Nowhere/At_All"),
];

/// Status, standard output and standard error in an environment of the usual and these.
fn run(arguments: &[&str], more: &[(&str, &str)]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kisms"));
    command.args(arguments).env("LANG", "C.UTF-8");
    for (name, _) in ABSURD {
        command.env_remove(name);
    }
    let output = command
        .env_remove("LC_ALL")
        .env_remove("KISMS_KEY_PASSWORD")
        .envs(more.iter().copied())
        .output()
        .expect("kisms runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let status = output.status.code().expect("not killed");
    (status, text(output.stdout), text(output.stderr))
}

#[test]
fn what_others_read_from_the_environment_changes_no_byte_and_no_word() {
    let place = Workplace::new();
    let (engagement, bundle) = (text(&place.engagement()), place.path("b.zip"));
    let path = text(&bundle);
    let ca = text(&place.path("fixtures/keys/demo-ca.pem"));
    let build = [
        "build",
        &engagement,
        "-o",
        &path,
        "--force",
        "--generated-at",
        GENERATED_AT,
    ];
    for arguments in [
        &build[..],
        &["check", &engagement],
        &["verify", &path, "--trust", &ca],
        &["verify", "--help"],
    ] {
        let usual = run(arguments, &[]);
        let bytes = fs::read(&bundle).expect("built");
        assert_eq!(usual, run(arguments, &ABSURD), "{arguments:?}");
        assert!(bytes == fs::read(&bundle).expect("built"), "{arguments:?}");
    }
}

#[test]
fn a_time_of_others_that_is_none_counts_as_not_set_and_never_judges() {
    let place = Workplace::new();
    let engagement = text(&place.engagement());
    for epoch in ["", "soon", "-1", "1e9", "99999999999999999999"] {
        let (status, _, err) = run(&["check", &engagement], &[("SOURCE_DATE_EPOCH", epoch)]);
        assert_eq!(
            (status, err.contains("SOURCE_DATE_EPOCH")),
            (0, false),
            "{epoch}: {err}"
        );
    }
    let bundle = text(&place.build("b.zip"));
    let verify = ["verify", &bundle, "--any-signer"];
    assert_eq!(run(&verify, &[("SOURCE_DATE_EPOCH", "0")]).0, 0);
    let early = [&verify[..], &["--at", "2026-10-04T23:58:59Z"]].concat();
    let (status, out, _) = run(&early, &[]);
    assert!(status == 1 && out.contains("signing_time_future"), "{out}");
}
