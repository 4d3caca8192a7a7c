//! The files that were found, and what became of each.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;

use super::{InputIndex, Place};

/// What became of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputStatus {
    /// Read to its end, and AWS said nothing of more pages.
    Complete,
    /// Read to its end, but AWS said that more pages follow.
    Partial,
    /// Not used: something in it is wrong.
    Rejected,
    /// A known by-product that is no evidence.
    Ignored,
}

/// One thing that is wrong in an input.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fault {
    /// Stable, `KI-0101`.
    pub code: String,
    /// What is wrong, in lower case.
    pub message: String,
    /// JSON pointer to the element or field, where there is one.
    pub pointer: Option<String>,
    /// Byte offset in the decoded stream (or in the file, for faults of its compression).
    pub offset: Option<u64>,
    /// What to do next.
    pub hint: String,
    /// Whether it shows that the content is none of AWS Config's, so that no export can be missing there.
    #[serde(skip)]
    pub foreign: bool,
}

impl Fault {
    /// The same fault with what is to be done for its real cause.
    #[must_use]
    pub fn hinted(self, hint: &str) -> Self {
        let hint = hint.to_owned();
        Self { hint, ..self }
    }

    /// The same, of content that is none of AWS Config's.
    #[must_use]
    pub fn foreign(self) -> Self {
        Self {
            foreign: true,
            ..self
        }
    }
}

/// How many records of each kind an input gave.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordCounts {
    /// Configuration items.
    pub configuration_items: u64,
    /// Evaluation results.
    pub evaluation_results: u64,
    /// Rule-level verdicts.
    pub rule_compliances: u64,
    /// Deployed rules.
    pub config_rules: u64,
    /// Statuses, recorders, packs, counts, lists of resources, notifications and findings of
    /// Security Hub; the verdicts in the last two are counted above as well.
    #[serde(default)]
    pub others: u64,
}

/// How a file's content is packed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Container {
    /// Not at all.
    #[default]
    Plain,
    /// gzip (RFC 1952).
    Gzip,
    /// zip (APPNOTE.TXT).
    Zip,
    /// tar (POSIX.1, pax).
    Tar,
    /// tar in gzip.
    TarGzip,
}

impl Container {
    /// Whether it holds files.
    pub fn is_archive(self) -> bool {
        matches!(self, Self::Zip | Self::Tar | Self::TarGzip)
    }

    /// The extension of such a file.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Plain => "json",
            Self::Gzip => "json.gz",
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::TarGzip => "tar.gz",
        }
    }
}

/// One file as it was found under `exports/`, or a member of an archive there.
#[derive(Debug, Clone)]
pub struct Input {
    /// `E0001`; ignored files have none.
    pub id: Option<String>,
    /// From the engagement's folder, `/` between parts.
    pub path: String,
    /// Of the file's bytes as they are; `None` where they could not be read.
    pub sha256: Option<Digest>,
    /// The file's size.
    pub bytes: u64,
    /// How its content is packed, by its first bytes.
    pub container: Container,
    /// The archive of which it is a member; a member travels in its archive.
    pub archive: Option<InputIndex>,
    /// The operations whose output it holds, sorted.
    pub kinds: Vec<&'static str>,
    /// What became of it.
    pub status: InputStatus,
    /// Why it is not complete.
    pub reason: Option<String>,
    /// What is wrong in it; only a rejected input has any.
    pub faults: Vec<Fault>,
    /// The records it holds; those of a rejected input are counted but not used.
    pub records: RecordCounts,
    /// What its path says of where it was taken.
    pub path_place: Place,
    /// Whether it is, or was meant to be, an export, for all that its content and name tell.
    pub plausible: bool,
}
