//! Whole runs of `kisms` on exports of any size, in turn with what other programs need for the same
//! bytes. By default small: README.md here says what asks for more.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program that is asked by its environment and answers on the screen"
)]

mod generator;
mod run;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use run::{Case, compare, kisms, list, number};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("large");
    let rounds = number("KISMS_BENCH_ROUNDS", 3)?;
    println!("medians of {rounds} rounds; ratios are those of one round's two runs");
    println!("| | seconds | processor | MiB | ratio |\n|---|---|---|---|---|");
    for mib in list("KISMS_BENCH_MIB", "10")? {
        snapshot(&folder, mib, rounds)?;
    }
    let verdicts = number("KISMS_BENCH_VERDICTS", 10_000)?;
    let mib = number("KISMS_BENCH_BUILD_MIB", 10)?;
    for one_in in list("KISMS_BENCH_ONE_IN", "20")? {
        verdicts_and_snapshot(&folder, verdicts, one_in, mib)?;
    }
    for failing in list("KISMS_BENCH_FAILING", "100")? {
        failing_only(&folder, failing)?;
    }
    fs::remove_dir_all(folder)?;
    Ok(())
}

/// `check` of one snapshot, plain and packed, in turn with those that only hash or unpack it.
fn snapshot(folder: &Path, mib: u64, rounds: u64) -> Result<()> {
    for packed in [false, true] {
        let dir = folder.join("snapshot");
        generator::engagement(&dir)?;
        let file = generator::with_snapshot(&dir, mib << 20, packed)?;
        let (what, other) = if packed {
            ("packed", ["gzip", "-dc"].as_slice())
        } else {
            ("plain", ["openssl", "dgst", "-sha256"].as_slice())
        };
        let other_run = || {
            let mut command = Command::new(other[0]);
            command.args(&other[1..]).arg(&file);
            command
        };
        compare(
            rounds,
            &[
                Case::new(
                    format!("`{}` of {mib} MiB, {what}", other.join(" ")),
                    &other_run,
                ),
                Case::new(format!("`check` of {mib} MiB, {what}"), &|| {
                    kisms(&["check"], &dir)
                }),
            ],
        )?;
    }
    Ok(())
}

/// `check` of many verdicts in 200 files; then with one snapshot `check`, `build` and `verify`.
fn verdicts_and_snapshot(folder: &Path, verdicts: u64, one_in: u64, mib: u64) -> Result<()> {
    let dir = folder.join("verdicts");
    generator::engagement(&dir)?;
    generator::with_evaluations(&dir, verdicts, 200, one_in)?;
    let what = format!("{verdicts} verdicts, one in {one_in} fails");
    let check = || kisms(&["check"], &dir);
    compare(1, &[Case::new(format!("`check` of {what}"), &check)])?;
    generator::with_snapshot(&dir, mib << 20, false)?;
    let what = format!("{what}, and {mib} MiB");
    let bundle = folder.join("bundle.zip");
    let verify = || kisms(&["verify", "--any-signer"], &bundle);
    compare(
        1,
        &[
            Case::new(format!("`check` of {what}"), &check),
            Case::new(format!("`build` of {what}, signed"), &|| {
                build(&dir, &bundle, &[])
            }),
            Case::new("`verify` of that bundle".to_owned(), &verify),
        ],
    )
}

/// An unsigned `build` of nothing but verdicts that fail.
fn failing_only(folder: &Path, failing: u64) -> Result<()> {
    let dir = folder.join("failing");
    generator::engagement(&dir)?;
    generator::with_evaluations(&dir, failing, 200, 1)?;
    let bundle = folder.join("failing.zip");
    let what = format!("`build` of {failing} failing findings, unsigned");
    compare(
        1,
        &[Case::new(what, &|| build(&dir, &bundle, &["--unsigned"]))],
    )
}

fn build(dir: &Path, bundle: &Path, more: &[&str]) -> Command {
    let mut command = kisms(&["build", "--force", "-o"], bundle);
    command.args(["--generated-at", "2026-10-05T09:00:00+09:00"]);
    command.args(more).arg(dir);
    command
}
