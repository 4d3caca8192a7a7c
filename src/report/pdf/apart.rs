//! Laying out by another process of this program: an organisation's own templates are programs,
//! and may have no end, or want all memory there is.
//!
//! The process reads its [`Job`] and the data from standard input, and writes its [`Answer`] and
//! the PDF to standard output. It ends itself where it takes longer or more than it may, and where
//! its input ends: that stays open for as long as somebody waits for the answer.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::process::{ChildStdin, Command, ExitStatus, Stdio};
use std::thread;

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use super::templates::Templates;
use super::typeset::{Setting, compile};
use super::world::Template;
use crate::error::{Error, Result};

/// No document is larger, in bytes.
const LARGEST: u64 = 1 << 30;

/// The other process, and what it may take for one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apart {
    /// This program.
    pub program: PathBuf,
    /// Its arguments for [`serve`].
    pub arguments: Vec<String>,
    /// What one document may take.
    pub limits: Limits,
}

/// What one document may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Seconds.
    pub seconds: u64,
    /// Bytes of memory.
    pub bytes: u64,
}

impl Default for Limits {
    /// Many times what the built-in templates take.
    fn default() -> Self {
        Self {
            seconds: 120,
            bytes: 1 << 30,
        }
    }
}

/// Which of its limits a process has ended itself for; what it exits with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exceeded {
    /// The seconds.
    Time = 101,
    /// The bytes.
    Memory = 102,
}

/// What the other process is to lay out; the data follow.
#[derive(Serialize, Deserialize)]
struct Job {
    template: Template,
    own: BTreeMap<String, String>,
    now: DateTime<FixedOffset>,
    ident: String,
    creator: String,
    limits: Limits,
    /// Bytes of the data.
    data: u64,
}

/// How it went; the PDF follows.
#[derive(Serialize, Deserialize)]
enum Answer {
    Done,
    Failed {
        message: String,
        hint: Option<String>,
    },
}

/// The document as the other process lays it out.
pub(super) fn typeset(
    setting: &Setting<'_>,
    data: &[u8],
    templates: &Templates,
    apart: &Apart,
) -> Result<Vec<u8>> {
    let job = Job {
        template: setting.template,
        own: templates.own_texts(),
        now: setting.now,
        ident: setting.ident.to_owned(),
        creator: setting.creator.clone(),
        limits: apart.limits,
        data: data.len() as u64,
    };
    let (status, answer) = ask(&job, data, apart)
        .map_err(|error| Error::io("lay out with `templates/` by", &apart.program, &error))?;
    if !status.success() {
        return Err(ended(status, &job));
    }
    let mut answer = answer.as_slice();
    let unclear = |_| ended(status, &job);
    match first_line(&mut answer).map_err(unclear)? {
        Answer::Done => Ok(answer.to_vec()),
        Answer::Failed { message, hint } => Err(Error { message, hint }),
    }
}

fn ask(job: &Job, data: &[u8], apart: &Apart) -> io::Result<(ExitStatus, Vec<u8>)> {
    let mut child = Command::new(&apart.program)
        .args(&apart.arguments)
        // A template is a stranger's program: it gets no password of ours.
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let answer = thread::scope(|scope| {
        let given = scope.spawn(move || give(job, data, input));
        let mut answer = Vec::new();
        output.map_or(Ok(0), |output| {
            output.take(LARGEST).read_to_end(&mut answer)
        })?;
        // Only now its input ends.
        drop(given.join().unwrap_or_else(|panic| resume_unwind(panic)));
        Ok::<_, io::Error>(answer)
    })?;
    Ok((child.wait()?, answer))
}

/// Gives back the process's input, which must not end before the process does.
fn give(job: &Job, data: &[u8], mut input: Option<ChildStdin>) -> Option<ChildStdin> {
    if let Some(input) = &mut input {
        // A process that has ended reads no more; how it ended says why.
        let _ = write(job, data, input);
    }
    input
}

fn write(job: &Job, data: &[u8], input: &mut ChildStdin) -> io::Result<()> {
    serde_json::to_writer(&mut *input, job)?;
    input.write_all(b"\n")?;
    input.write_all(data)?;
    input.flush()
}

fn first_line<T: for<'d> Deserialize<'d>>(from: &mut impl BufRead) -> io::Result<T> {
    let mut line = Vec::new();
    from.read_until(b'\n', &mut line)?;
    Ok(serde_json::from_slice(&line)?)
}

/// Why a process without an answer ended.
fn ended(status: ExitStatus, job: &Job) -> Error {
    let document = job.template.name();
    let Limits { seconds, bytes } = job.limits;
    let why = match status.code() {
        Some(code) if code == Exceeded::Time as i32 => {
            format!("takes longer than {seconds} s: it may be a loop without an end")
        }
        Some(code) if code == Exceeded::Memory as i32 => {
            format!("takes more than {} MiB of memory", bytes >> 20)
        }
        _ => format!("ended the process that laid it out ({status})"),
    };
    let own: Vec<&str> = job.own.keys().map(String::as_str).collect();
    Error::new(format_args!(
        "`{document}` with your own `templates/` {why}"
    ))
    .hint(format_args!(
        "move these out of `templates/` one by one to find which: {}",
        own.join(", ")
    ))
}

/// The other process's part: reads a job, lays it out, and answers. `watch` is called with the
/// limits before anything else is done; `alone` is called when nobody waits for the answer any more.
pub fn serve(
    input: impl Read + Send + 'static,
    mut output: impl Write,
    watch: impl FnOnce(Limits),
    alone: impl FnOnce() + Send + 'static,
) -> io::Result<()> {
    let mut input = BufReader::new(input);
    let job: Job = first_line(&mut input)?;
    watch(job.limits);
    let mut data = Vec::new();
    input.by_ref().take(job.data).read_to_end(&mut data)?;
    thread::spawn(move || {
        let _ = io::copy(&mut input, &mut io::sink());
        alone();
    });
    let setting = Setting {
        template: job.template,
        now: job.now,
        ident: &job.ident,
        creator: job.creator,
    };
    let (answer, pdf) = match compile(&setting, data, &Templates::of_texts(job.own)) {
        Ok(pdf) => (Answer::Done, pdf),
        Err(Error { message, hint }) => (Answer::Failed { message, hint }, Vec::new()),
    };
    serde_json::to_writer(&mut output, &answer)?;
    output.write_all(b"\n")?;
    output.write_all(&pdf)?;
    output.flush()
}
