//! The part of `build` that another process of this program does: laying out with an organisation's
//! own templates, within bounds. No command for people.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use super::Exit;
use crate::error::{Error, Result};
use crate::report::pdf::{Apart, Exceeded, Limits, serve};

/// The command's name.
pub const NAME: &str = "typeset";

/// Between two looks at what is taken.
const LOOK: Duration = Duration::from_millis(10);

/// This program as the other process.
pub fn apart() -> Result<Apart> {
    let program: PathBuf = std::env::current_exe()
        .map_err(|error| Error::new(format_args!("cannot tell where kisms itself is: {error}")))?;
    Ok(Apart {
        program,
        arguments: vec![NAME.to_owned()],
        limits: Limits::default(),
    })
}

/// Reads a job from standard input and answers on standard output.
pub fn typeset() -> Result<Exit> {
    let watching = |limits| drop(thread::spawn(move || watch(limits)));
    // Who asked was ended before it had the answer, and nobody sees what this one ends with.
    serve(io::stdin(), io::stdout().lock(), watching, || {
        std::process::exit(1);
    })
    .map_err(|error| {
        Error::new(format_args!("cannot take a job: {error}"))
            .hint("`kisms build` runs this by itself where an engagement has `templates/`")
    })?;
    Ok(Exit::Done)
}

/// Ends the process where it takes more than it may. The threads that lay out cannot hold this up,
/// and it does its work when the process that asked is gone, too.
fn watch(limits: Limits) {
    let start = Instant::now();
    loop {
        if start.elapsed() > Duration::from_secs(limits.seconds) {
            end(Exceeded::Time);
        }
        if memory().is_some_and(|bytes| bytes > limits.bytes) {
            end(Exceeded::Memory);
        }
        thread::sleep(LOOK);
    }
}

fn end(exceeded: Exceeded) -> ! {
    let _ = io::stderr().flush();
    std::process::exit(exceeded as i32)
}

/// Bytes of memory that this process has, where the system tells (`VmRSS`, Linux).
fn memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes << 10)
}
