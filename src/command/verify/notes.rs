//! What is worth knowing of a bundle and is no fault.

use serde::Serialize;

use super::SignatureCheck;
use crate::bundle::{self, Opened};

/// What is worth knowing and is no fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// The files are not in the zip that kisms writes: they were zipped again, or unpacked.
    Repacked,
    /// The signer's certificate is not valid any more; a time-stamp shows that it was.
    SignerExpired,
    /// It is not, and that it was when it signed is the signer's word alone.
    SignerExpiredUnproven,
    /// The time-stamping authority's certificate is not valid any more.
    TimestampExpired,
}

/// The notes on a bundle and on its signatures, each once.
pub(super) fn notes<'c>(
    opened: &Opened,
    checks: impl Iterator<Item = &'c SignatureCheck>,
) -> Vec<Note> {
    let mut notes: Vec<Note> = opened
        .notes
        .iter()
        .map(|bundle::Note::Repacked| Note::Repacked)
        .collect();
    for check in checks {
        if check.has_expired_signer() {
            notes.push(if check.has_lasting_timestamp() {
                Note::SignerExpired
            } else {
                Note::SignerExpiredUnproven
            });
        }
        if check
            .timestamp
            .as_ref()
            .is_some_and(|stamp| stamp.authority.expired)
        {
            notes.push(Note::TimestampExpired);
        }
    }
    notes.sort_unstable();
    notes.dedup();
    notes
}
