//! The detached signature: what it is over, what it says, and how it is written (RFC 5652, RFC 5035).

mod attributes;
mod certificates;
mod contents;
mod encodings;
mod frames;
mod values;

use crate::forge::message::Message;
use crate::table::{Row, row};

const FAMILY: &str = "cms";

const STRUCTURE: &str = "signature_structure";

const ALGORITHM: &str = "signature_algorithm";

const ATTRIBUTES: &str = "signature_attributes";

const CERTIFICATES: &str = "signature_certificates";

const UNKNOWN: &str = "signer_unknown";

const UNREADABLE: &str = "signature_unreadable";

const INVALID: &str = "signature_invalid";

type Case = (&'static str, fn(&mut Message), &'static [&'static str]);

/// Rows whose message is changed before it is signed.
fn messages(cases: Vec<Case>) -> Vec<Row> {
    let one = |(name, change, codes): Case| {
        row(FAMILY, name, move |forge| {
            forge.on_message = Some(Box::new(change));
        })
        .no(codes)
    };
    cases.into_iter().map(one).collect()
}

pub fn rows() -> Vec<Row> {
    [
        attributes::attributes(),
        certificates::names(),
        contents::contents(),
        frames::frames(),
        values::values(),
        encodings::encodings(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
