//! The exports that are read: one file and one line in a list for each.

mod aggregate_details;
mod config_rules;
mod details_by_rule;
mod evaluation;
mod pack_details;
mod rule_compliance;
mod snapshot;

use crate::evidence::{Provenance, RecordCounts};

use super::document::Envelope;
use super::element::ElementError;
use super::staged::Staged;

/// An export, known by the list that its documents hold.
pub struct Format {
    /// The AWS CLI's name of the operation, or what the file is called where none wrote it.
    pub operation: &'static str,
    /// The key of the list.
    pub key: &'static str,
    /// Reads one element from the start of the bytes into the staged records.
    pub read: fn(&[u8], Provenance, &mut Staged) -> Result<usize, ElementError>,
    /// Which records its elements are.
    pub counter: fn(&mut RecordCounts) -> &mut u64,
    /// Whether what stands beside the list fits; if not, what it is instead.
    pub accepts: fn(&Envelope) -> Result<(), String>,
}

/// All of them.
pub const FORMATS: &[Format] = &[
    aggregate_details::FORMAT,
    config_rules::FORMAT,
    details_by_rule::FORMAT,
    pack_details::FORMAT,
    rule_compliance::FORMAT,
    snapshot::FORMAT,
];

/// The format whose list has this key; AWS's pages print some keys with a small first letter.
pub fn by_key(key: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.key == key)
}

/// Nothing beside the list is needed.
#[expect(
    clippy::unnecessary_wraps,
    reason = "other formats look at the envelope"
)]
fn anything(_: &Envelope) -> Result<(), String> {
    Ok(())
}
