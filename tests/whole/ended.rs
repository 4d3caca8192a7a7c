//! What becomes of the other process of a build that is killed.

use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::templates::with_templates;

/// The processes that one has begun and that have not ended.
fn begun_by(process: u32) -> Vec<String> {
    let threads = fs::read_dir(format!("/proc/{process}/task")).into_iter();
    let threads = threads.flatten().flatten();
    let children =
        threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    let children: String = children.collect();
    let children = children.split_whitespace().map(str::to_owned);
    children.filter(|child| lives(child)).collect()
}

/// One that has ended, and of which nobody has taken note, has no command line.
fn lives(process: &str) -> bool {
    fs::read(format!("/proc/{process}/cmdline")).is_ok_and(|line| !line.is_empty())
}

fn within_a_minute(holds: impl Fn() -> bool) -> bool {
    let start = Instant::now();
    while !holds() && start.elapsed() < Duration::from_mins(1) {
        sleep(Duration::from_millis(20));
    }
    holds()
}

#[test]
fn what_lays_out_with_own_templates_ends_with_the_build() {
    let place = with_templates();
    let report = place.engagement().join("templates/report.typ");
    let endless = "#for a in range(9999) { for b in range(9999) { for c in range(9999) {} } }";
    fs::write(report, endless).expect("written");
    let mut build = Command::new(env!("CARGO_BIN_EXE_kisms"))
        .args(["build", "--unsigned", "-o"])
        .args([place.path("b.zip"), place.engagement()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("kisms runs");
    assert!(within_a_minute(|| !begun_by(build.id()).is_empty()));
    let other = begun_by(build.id());
    sleep(Duration::from_secs(1));
    assert!(other.iter().all(|process| lives(process)), "it has no end");
    build.kill().expect("killed");
    build.wait().expect("ended");
    assert!(within_a_minute(|| !other
        .iter()
        .any(|process| lives(process))));
}
