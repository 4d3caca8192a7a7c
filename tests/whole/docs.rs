//! Runs every example of the README in an empty folder with the fixtures, and compares what is
//! said. `UPDATE_DOCS=1` writes what is said into the README instead.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::{Workplace, repository};

/// A command and what the text says that it prints.
struct Example {
    command: String,
    expected: String,
}

/// The examples of a fenced block: `$ ` begins a command, `\` at a line's end continues it.
fn examples(block: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut open = false;
    for line in block.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            examples.push(Example {
                command: command.to_owned(),
                expected: String::new(),
            });
            open = command.ends_with('\\');
        } else if let Some(example) = examples.last_mut() {
            if open {
                example.command.push('\n');
                example.command.push_str(line);
                open = line.ends_with('\\');
            } else {
                example.expected.push_str(line);
                example.expected.push('\n');
            }
        }
    }
    examples
}

/// What the command says in the folder; `cargo run --release --` is this build of kisms.
fn said(command: &str, folder: &Path) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_kisms"));
    let command = command.replace("cargo run --release --", "kisms");
    let bin = binary
        .parent()
        .expect("a folder")
        .to_str()
        .expect("UTF-8")
        .to_owned();
    #[expect(clippy::disallowed_methods, reason = "the shell needs it")]
    let path = format!("{bin}:{}", std::env::var("PATH").expect("a PATH"));
    let output = Command::new("sh")
        .args(["-c", &format!("{{ {command}\n}} 2>&1")])
        .current_dir(folder)
        .env("PATH", path)
        .env("LANG", "C.UTF-8")
        .env_remove("LC_ALL")
        .env_remove("KISMS_KEY_PASSWORD")
        .output()
        .expect("a shell");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn every_example_of_the_readme_says_what_it_says_there() {
    let place = Workplace::new();
    let readme = fs::read_to_string(repository("README.md")).expect("a README");
    let mut written = String::new();
    let mut rest = readme.as_str();
    let mut count = 0;
    while let Some(start) = rest.find("```console\n") {
        let start = start + "```console\n".len();
        let end = start + rest[start..].find("```").expect("the block ends");
        written.push_str(&rest[..start]);
        for example in examples(&rest[start..end]) {
            let said = said(&example.command, &place.path(""));
            let _ = write!(written, "$ {}\n{said}", example.command);
            count += 1;
        }
        rest = &rest[end..];
    }
    written.push_str(rest);
    assert!(count >= 8, "{count}");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(repository("README.md"), &written).expect("written");
        return;
    }
    let differ: Vec<(&str, &str)> = readme
        .lines()
        .zip(written.lines())
        .filter(|(a, b)| a != b)
        .take(5)
        .collect();
    assert!(
        written == readme,
        "UPDATE_DOCS=1 cargo test --test docs writes what is said now: {differ:#?}"
    );
}
