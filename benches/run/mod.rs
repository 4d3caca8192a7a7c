//! Runs programs and tells what they took.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::str::FromStr;
use std::thread;
use std::time::{Duration, Instant};

use super::Result;

/// Between two looks at a program.
const LOOK: Duration = Duration::from_millis(2);
/// Of `/proc/PID/stat` there are so many in a second, on every Linux.
const TICKS: f64 = 100.0;

/// Something to run, over and over.
pub struct Case<'c> {
    name: String,
    command: &'c dyn Fn() -> Command,
}

impl<'c> Case<'c> {
    /// What is shown, and what is run.
    pub fn new(name: String, command: &'c dyn Fn() -> Command) -> Self {
        Self { name, command }
    }
}

/// What one run took.
#[derive(Clone, Copy)]
struct Run {
    seconds: f64,
    processor: f64,
    /// Peak of the resident memory, in KiB.
    memory: u64,
}

/// Runs all cases in turn, so many times over. Prints a row for each: medians, the highest peak, and
/// how its time stands to that of the first case in the same round.
pub fn compare(rounds: u64, cases: &[Case<'_>]) -> Result<()> {
    let mut runs: Vec<Vec<Run>> = vec![Vec::new(); cases.len()];
    for _ in 0..rounds {
        for (case, runs) in cases.iter().zip(&mut runs) {
            runs.push(run(case)?);
        }
    }
    for (case, own) in cases.iter().zip(&runs) {
        let seconds = median(own.iter().map(|run| run.seconds));
        let processor = median(own.iter().map(|run| run.processor));
        let memory = own.iter().map(|run| run.memory).max().unwrap_or_default();
        let pairs = own.iter().zip(&runs[0]);
        let ratio = median(pairs.map(|(run, first)| run.seconds / first.seconds));
        let memory = memory / 1024;
        let name = &case.name;
        println!("| {name} | {seconds:.2} | {processor:.2} | {memory} | {ratio:.2} |");
    }
    Ok(())
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn run(case: &Case<'_>) -> Result<Run> {
    let mut command = (case.command)();
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let failed = |why: &dyn std::fmt::Display| format!("{}: {why}", case.name);
    let began = Instant::now();
    let mut child = command.spawn().map_err(|error| failed(&error))?;
    let (mut memory, mut processor) = (0, 0.0);
    let status = loop {
        memory = peak(&child).unwrap_or_default().max(memory);
        processor = processor_time(&child).unwrap_or_default().max(processor);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        thread::sleep(LOOK);
    };
    let seconds = began.elapsed().as_secs_f64();
    if !status.success() {
        return Err(failed(&status).into());
    }
    Ok(Run {
        seconds,
        processor,
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

/// The seconds of all its threads so far, for itself and in the kernel.
fn processor_time(child: &Child) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{}/stat", child.id())).ok()?;
    // Behind the name, which may hold anything: utime and stime are the 14th and 15th fields.
    let fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let ticks = fields.take(2).map(|field| field.parse::<f64>().ok());
    Some(ticks.sum::<Option<f64>>()? / TICKS)
}

/// The program of this build, or the one that is named: it need not be built again.
pub fn kisms(arguments: &[&str], path: &Path) -> Command {
    let named = std::env::var("KISMS_BIN");
    let mut command = Command::new(named.as_deref().unwrap_or(env!("CARGO_BIN_EXE_kisms")));
    command.args(arguments).arg(path);
    command
}

/// A number that the environment may set.
pub fn number(name: &str, default: u64) -> Result<u64> {
    Ok(std::env::var(name).map_or(Ok(default), |text| text.parse())?)
}

/// The same for numbers with commas between, or none.
pub fn list(name: &str, default: &str) -> Result<Vec<u64>> {
    let text = std::env::var(name).unwrap_or(default.to_owned());
    let numbers = text.split(',').filter(|number| !number.is_empty());
    Ok(numbers
        .map(u64::from_str)
        .collect::<std::result::Result<_, _>>()?)
}
