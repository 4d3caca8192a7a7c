//! What a document comes to at its end.

use std::collections::BTreeSet;

use crate::evidence::{Captured, Fault};
use crate::time::AwsTime;

use super::envelope::Envelope;
use super::fault::Code;
use super::formats::Format;
use super::staged::Staged;

/// Counts an element.
pub fn count(staged: &mut Staged, format: &Format) {
    *(format.counter)(&mut staged.records) += 1;
}

/// What the whole object says of its list.
pub fn conclude(format: &Format, index: usize, envelope: &Envelope, staged: &mut Staged) {
    let pack = envelope.string("ConformancePackName");
    let pack = staged.text_of(pack.as_deref());
    let listing = &mut staged.listings[index];
    listing.next_token = envelope.next_token();
    listing.pack = pack;
    let answered = envelope.answered_at();
    listing.captured = answered
        .as_ref()
        .and_then(AwsTime::moment)
        .map(Captured::At);
    (format.conclude)(envelope, listing);
}

/// The fault of an object that nothing is known of.
pub fn unknown(offset: u64, keys: &BTreeSet<String>) -> Fault {
    let shown: Vec<String> = keys
        .iter()
        .take(5)
        .map(|key| format!("`{}`", key.escape_debug()))
        .collect();
    if keys.is_empty() {
        let fault = Code::Unknown.at(offset, "the document is an empty object");
        return fault.hinted(Code::Empty.hint());
    }
    let message = format!(
        "no list of an AWS Config export that is read; its keys are {}",
        shown.join(", ")
    );
    Code::Unknown.at(offset, message).foreign()
}

/// The fault of an object that is several documents at once.
pub fn ambiguous(offset: u64, lists: &[(&'static Format, usize)]) -> Fault {
    let keys: Vec<String> = lists
        .iter()
        .map(|(format, _)| format!("`{}`", format.key))
        .collect();
    let message = match keys.len() {
        0 => "several documents are wrapped in one".to_owned(),
        1 => format!("the list {} stands beside a wrapped document", keys[0]),
        _ => format!("the lists {} stand in one document", keys.join(" and ")),
    };
    Code::Ambiguous.at(offset, message)
}
