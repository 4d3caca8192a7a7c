//! Export jobs of AWS Security Hub V2. A job writes findings line by line, which do not show what they
//! were asked for; its answer, of `get-export-job-v2`, does. Beside the answer of a job that succeeded
//! and was not filtered, the lines are all findings that there were.

use std::collections::BTreeSet;

use crate::evidence::{Captured, Evidence, InputIndex, InputStatus, ListingKind, Text};
use crate::time::Moment;

use super::formats::ocsf;

/// How far a job came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It still writes.
    Running,
    /// It wrote everything.
    Succeeded,
    /// It failed, was cancelled, or nobody knows.
    Failed,
}

/// What one answer tells of a job.
#[derive(Debug, Clone)]
pub struct Job {
    /// `ExportJobId`.
    pub id: Text,
    /// `Status`.
    pub state: State,
    /// Whether it was asked for all findings, each in full.
    pub asked_for_all: bool,
    /// `StartedAt`.
    pub started: Option<Moment>,
}

/// An answer on a job, with the file in which it stands.
#[derive(Debug)]
pub struct Told {
    /// The answer.
    pub job: Job,
    /// The file.
    pub input: InputIndex,
}

/// Why lines are not all findings.
const ALONE: &str =
    "no answer of `get-export-job-v2` stands beside it: findings may have been left out";
const SEVERAL: &str = "the answers of several export jobs stand beside it, and its path names none: findings may have been left out";
const FILTERED: &str = "its export job was not asked for all findings: some may have been left out";
const UNFINISHED: &str = "its export job has not succeeded: findings may be missing";
const UNREAD: &str = "a file beside it could not be read, and may be a part of the same export: findings may be missing";

/// Tells of every file of such lines whether it is all that there is, and notes why not.
pub fn prove(evidence: &mut Evidence, told: &[Told]) {
    let lines: Vec<usize> = (0..evidence.listings.len())
        .filter(|index| {
            let listing = &evidence.listings[*index];
            let written = listing.sequence && listing.pointer.is_empty();
            written && listing.operation == ocsf::FORMAT.operation
        })
        .collect();
    for index in lines {
        let input = evidence.listings[index].input;
        match job_of(evidence, input, told) {
            Ok((id, started)) => {
                let listing = &mut evidence.listings[index];
                listing.kind = ListingKind::Answer;
                listing.job = Some(id);
                // Findings that were changed since may be missing.
                listing.captured = listing.captured.or(started.map(Captured::At));
            }
            Err(why) => {
                let reason = &mut evidence.inputs[input.0 as usize].reason;
                *reason = Some(match reason.take() {
                    Some(reason) => format!("{reason}; {why}"),
                    None => why.to_owned(),
                });
            }
        }
    }
}

/// The job that wrote all findings into this file and its like, and when that was started.
fn job_of(
    evidence: &Evidence,
    input: InputIndex,
    told: &[Told],
) -> Result<(Text, Option<Moment>), &'static str> {
    let path = |input: InputIndex| &*evidence.inputs[input.0 as usize].path;
    let (own, beside) = (path(input), folder(path(input)));
    let named = told.iter().filter(|told| names(own, &told.job.id));
    let near = told
        .iter()
        .filter(|told| folder(path(told.input)) == beside);
    let ids = |all: &mut dyn Iterator<Item = &Told>| -> BTreeSet<Text> {
        all.map(|told| told.job.id.clone()).collect()
    };
    let (named, near) = (ids(&mut { named }), ids(&mut { near }));
    let ids = if named.is_empty() { near } else { named };
    let Some(id) = ids.first() else {
        return Err(ALONE);
    };
    if ids.len() > 1 {
        return Err(SEVERAL);
    }
    let jobs = || {
        told.iter()
            .map(|told| &told.job)
            .filter(|job| job.id == *id)
    };
    if !jobs().all(|job| job.asked_for_all) {
        return Err(FILTERED);
    }
    // A job that has succeeded was running before.
    let ended = jobs().filter(|job| job.state == State::Succeeded);
    if jobs().any(|job| job.state == State::Failed) || ended.clone().next().is_none() {
        return Err(UNFINISHED);
    }
    let unread = evidence.inputs.iter().any(|other| {
        let rejected = other.status == InputStatus::Rejected && other.plausible;
        rejected && folder(&other.path) == beside
    });
    if unread {
        return Err(UNREAD);
    }
    Ok((id.clone(), ended.filter_map(|job| job.started).min()))
}

/// The folder, or the archive, in which the file lies.
fn folder(path: &str) -> &str {
    path.rfind(['/', '!']).map_or("", |end| &path[..end])
}

/// Whether a part of the path has the id as a word of its own.
fn names(path: &str, id: &str) -> bool {
    let mut words = path.split(|c: char| !c.is_ascii_alphanumeric());
    !id.is_empty() && words.any(|word| word == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engagement::Language;
    use crate::report::words::word;

    #[test]
    fn why_lines_are_not_all_findings_is_told_in_korean_too() {
        for why in [ALONE, SEVERAL, FILTERED, UNFINISHED, UNREAD] {
            assert!(word(Language::Ko, "said", why).is_some(), "{why}");
        }
    }
}
