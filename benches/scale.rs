//! How whole runs of `kisms` grow with two sizes at once: a product of them would show as a square. By
//! default small: README.md here says what asks for more.

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

use run::{Case, compare, kisms, list, number};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("scale");
    let rounds = number("KISMS_BENCH_ROUNDS", 3)?;
    println!("medians of {rounds} rounds; ratios are to the first row of each kind");
    println!("| | seconds | processor | MiB | ratio |\n|---|---|---|---|---|");
    let findings = number("KISMS_BENCH_FINDINGS", 4000)?;
    failing_resources(
        &folder,
        findings,
        &list("KISMS_BENCH_BY_RESOURCE", "100,800")?,
        rounds,
    )?;
    decisions(&folder, &list("KISMS_BENCH_DECISIONS", "200,2000")?, rounds)?;
    accounts(&folder, &list("KISMS_BENCH_ACCOUNTS", "3,30")?, rounds)?;
    fs::remove_dir_all(folder)?;
    Ok(())
}

/// Runs `check` on an engagement of each size, the sizes in turn.
fn check(what: &str, sizes: &[u64], rounds: u64, dir: impl Fn(u64) -> PathBuf) -> Result<()> {
    let dirs: Vec<(u64, PathBuf)> = sizes.iter().map(|size| (*size, dir(*size))).collect();
    let commands: Vec<_> = dirs
        .iter()
        .map(|(_, dir)| move || kisms(&["check", "--format", "json"], dir))
        .collect();
    let cases: Vec<Case<'_>> = dirs
        .iter()
        .zip(&commands)
        .map(|((size, _), command)| Case::new(format!("`check` of {size} {what}"), command))
        .collect();
    compare(rounds, &cases)?;
    for (size, dir) in &dirs {
        let answer = kisms(&["check", "--format", "json"], dir).output()?;
        println!(
            "| its JSON, of {size}: {} bytes | | | | |",
            answer.stdout.len()
        );
    }
    Ok(())
}

/// Findings beside the resources that fail as `describe-compliance-by-resource` counts them.
fn failing_resources(folder: &Path, findings: u64, sizes: &[u64], rounds: u64) -> Result<()> {
    let dir = |failing: u64| folder.join(format!("by-resource-{failing}"));
    for &failing in sizes {
        generator::engagement(&dir(failing))?;
        generator::with_evaluations(&dir(failing), findings, 200, 20)?;
        generator::with_failing_resources(&dir(failing), failing)?;
    }
    let what = format!("failing resources beside {findings} findings");
    check(&what, sizes, rounds, dir)
}

/// As many decisions as findings that fail, each of one of them.
fn decisions(folder: &Path, sizes: &[u64], rounds: u64) -> Result<()> {
    let dir = |size: u64| folder.join(format!("decisions-{size}"));
    for &size in sizes {
        generator::engagement(&dir(size))?;
        generator::with_evaluations(&dir(size), size, 200, 1)?;
        generator::with_decisions(&dir(size), size, size, 200)?;
    }
    check("decisions on as many failing findings", sizes, rounds, dir)
}

/// Accounts with 17 regions each, in each of them next to nothing.
fn accounts(folder: &Path, sizes: &[u64], rounds: u64) -> Result<()> {
    let dir = |size: u64| folder.join(format!("accounts-{size}"));
    for &size in sizes {
        generator::organization(&dir(size), size, 17)?;
    }
    check("accounts in 17 regions", sizes, rounds, dir)
}
