//! The exports that are read: one file and one line in a list for each.

mod aggregate_details;
mod aggregate_rule_compliance;
mod base_items;
mod compliance_item;
mod config_rules;
mod counts;
mod details_by_rule;
mod discovered;
mod evaluation;
mod evaluation_status;
mod export_job;
mod filter;
mod item;
mod notification;
pub(super) mod ocsf;
mod pack_compliance;
mod pack_details;
mod packs;
mod query;
mod recorder_status;
mod recorders;
mod relation;
mod rule_compliance;
mod security_hub;
mod snapshot;
pub(super) mod unread;
pub(super) mod words;

use crate::evidence::{Listing, ListingKind, Provenance, RecordCounts};

use super::element::ElementError;
use super::envelope::{Envelope, same_key};
use super::staged::Staged;

/// An export, known by the list that its documents hold, or by the keys of its elements.
pub struct Format {
    /// The AWS CLI's name of the operation, or what the file is called where none wrote it.
    pub operation: &'static str,
    /// The key of the list; the case of its first letter is free.
    pub key: &'static str,
    /// Keys by which an element is known that stands alone or in an array; without any, none is.
    pub marks: &'static [&'static str],
    /// What a list of it tells by being there.
    pub kind: ListingKind,
    /// Reads one element from the start of the text into the staged records.
    pub read: fn(&str, Provenance, &mut Staged) -> Result<usize, ElementError>,
    /// Which records its elements are.
    pub counter: fn(&mut RecordCounts) -> &mut u64,
    /// What stands beside the list may tell more of it.
    pub conclude: fn(&Envelope, &mut Listing),
}

/// All that may be evidence.
pub const FORMATS: &[Format] = &[
    aggregate_details::FORMAT,
    aggregate_rule_compliance::FORMAT,
    base_items::FORMAT,
    config_rules::FORMAT,
    counts::BY_PACK,
    counts::BY_RESOURCE,
    counts::BY_RULE,
    counts::BY_GROUP,
    counts::BY_TYPE,
    counts::OF_PACKS,
    details_by_rule::FORMAT,
    discovered::COUNTS,
    discovered::LIST,
    evaluation_status::FORMAT,
    export_job::FORMAT,
    notification::FORMAT,
    pack_compliance::FORMAT,
    pack_details::FORMAT,
    packs::FORMAT,
    query::FORMAT,
    recorder_status::FORMAT,
    recorders::FORMAT,
    rule_compliance::FORMAT,
    security_hub::FORMAT,
    // Its elements tell it from the one before, which has the same key.
    ocsf::FORMAT,
    snapshot::FORMAT,
];

/// All of them, and those that hold nothing.
pub fn all() -> impl Iterator<Item = &'static Format> {
    FORMATS.iter().chain(unread::LISTS)
}

/// The format whose list has this key.
pub fn by_key(key: &str) -> Option<&'static Format> {
    // A notification of 2014 has its item in an array.
    let key = if key == "configurationItem" {
        snapshot::FORMAT.key
    } else {
        key
    };
    all().find(|format| same_key(format.key, key))
}

/// The format of an element with these keys: the one of which most are there.
pub fn by_marks(keys: &[&str]) -> Option<&'static Format> {
    let has = |mark: &&str| keys.iter().any(|key| same_key(key, mark));
    FORMATS
        .iter()
        .filter(|format| !format.marks.is_empty() && format.marks.iter().all(has))
        .max_by_key(|format| format.marks.len())
}

/// What stands beside the list tells no more.
fn nothing_more(_: &Envelope, _: &mut Listing) {}
