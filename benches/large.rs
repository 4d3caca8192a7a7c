//! Whole runs of `kisms` on exports of any size, side by side with what other programs need for the
//! same bytes. By default small; `KISMS_BENCH_MIB=10,100,1024` and `KISMS_BENCH_VERDICTS=1000000`
//! ask for more, `KISMS_BENCH_ROUNDS` for more rounds. See README.md here.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program that is asked by its environment and answers on the screen"
)]

mod generator;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What one run took.
#[derive(Clone, Copy)]
struct Run {
    time: Duration,
    /// Peak of the resident memory, in KiB.
    memory: u64,
}

fn main() -> Result<()> {
    let setting = |name: &str, default: &str| std::env::var(name).unwrap_or(default.to_owned());
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("large");
    let rounds: usize = setting("KISMS_BENCH_ROUNDS", "3").parse()?;
    for mib in setting("KISMS_BENCH_MIB", "10").split(',') {
        let bytes = mib.trim().parse::<u64>()? << 20;
        snapshots(&folder, bytes, rounds)?;
    }
    let verdicts: u64 = setting("KISMS_BENCH_VERDICTS", "10000").parse()?;
    let mib: u64 = setting("KISMS_BENCH_BUILD_MIB", "10").parse()?;
    builds(&folder, verdicts, mib << 20, rounds)?;
    fs::remove_dir_all(folder)?;
    Ok(())
}

/// `check` of one snapshot, plain and packed.
fn snapshots(folder: &Path, bytes: u64, rounds: usize) -> Result<()> {
    let mib = bytes >> 20;
    for (packed, others) in [
        (false, ["openssl", "dgst", "-sha256"]),
        (true, ["gzip", "-dc", "-"]),
    ] {
        let dir = folder.join("snapshot");
        generator::engagement(&dir)?;
        let file = generator::with_snapshot(&dir, bytes, packed)?;
        let what = if packed { "gzip" } else { "plain" };
        println!("\n{mib} MiB snapshot, {what}");
        compare(
            rounds,
            &[
                (others[0], &|| {
                    let mut command = Command::new(others[0]);
                    command
                        .args(others[1..].iter().filter(|arg| **arg != "-"))
                        .arg(&file);
                    command
                }),
                ("check", &|| kisms(&["check"], &dir)),
            ],
        )?;
    }
    Ok(())
}

/// `check` and `build` of many verdicts in 200 files and one snapshot.
fn builds(folder: &Path, verdicts: u64, bytes: u64, rounds: usize) -> Result<()> {
    let dir = folder.join("verdicts");
    generator::engagement(&dir)?;
    generator::with_evaluations(&dir, verdicts, 200)?;
    println!("\n{verdicts} verdicts in 200 files");
    compare(rounds, &[("check", &|| kisms(&["check"], &dir))])?;
    generator::with_snapshot(&dir, bytes, false)?;
    println!(
        "\n{verdicts} verdicts in 200 files and a {} MiB snapshot",
        bytes >> 20
    );
    let bundle = folder.join("bundle.zip");
    let out = bundle.to_str().ok_or("a path that is no text")?;
    let build = [
        "build",
        "--force",
        "-o",
        out,
        "--generated-at",
        "2026-10-05T09:00:00+09:00",
    ];
    compare(
        rounds,
        &[
            ("check", &|| kisms(&["check"], &dir)),
            ("build", &|| kisms(&build, &dir)),
            ("verify", &|| kisms(&["verify", "--any-signer"], &bundle)),
        ],
    )
}

fn kisms(arguments: &[&str], path: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kisms"));
    command.args(arguments).arg(path);
    command
}

type Case<'c> = (&'c str, &'c dyn Fn() -> Command);

/// Runs all cases in turn, so many times over, and prints the best of each.
fn compare(rounds: usize, cases: &[Case<'_>]) -> Result<()> {
    let mut best: Vec<Option<Run>> = vec![None; cases.len()];
    for _ in 0..rounds {
        for ((name, command), best) in cases.iter().zip(&mut best) {
            let run = run(name, &mut command())?;
            let memory = best.map_or(0, |best: Run| best.memory).max(run.memory);
            let time = best.map_or(run.time, |best| best.time.min(run.time));
            *best = Some(Run { time, memory });
        }
    }
    let first = best.first().copied().flatten().ok_or("no round")?;
    for ((name, _), run) in cases.iter().zip(best) {
        let Run { time, memory } = run.ok_or("no round")?;
        let ratio = time.as_secs_f64() / first.time.as_secs_f64();
        let (seconds, memory) = (time.as_secs_f64(), memory / 1024);
        println!("  {name:<8} {seconds:8.3} s  {ratio:6.2} x  {memory:6} MiB");
    }
    Ok(())
}

fn run(name: &str, command: &mut Command) -> Result<Run> {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    let mut child = command
        .spawn()
        .map_err(|error| format!("{name}: {error}"))?;
    let mut memory = 0;
    let status = loop {
        memory = peak(&child).unwrap_or_default().max(memory);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    if !status.success() {
        return Err(format!("{name} ended with {status}").into());
    }
    Ok(Run {
        time: began.elapsed(),
        memory,
    })
}

/// The peak so far, in KiB, as Linux tells it.
fn peak(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
