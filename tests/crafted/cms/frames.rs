//! The signers, and the message around them.

use super::{
    ALGORITHM, ATTRIBUTES, CERTIFICATES, INVALID, STRUCTURE, UNKNOWN, UNREADABLE, messages,
};
use crate::forge::certificate::{Certificate, leaf, middle};
use crate::forge::der::{context, null, seq, tlv};
use crate::forge::key::{Hash, Key};
use crate::forge::message::{DATA, TOKEN, attribute, id_of};
use crate::table::Row;

/// The signers, and the message around them.
#[expect(clippy::too_many_lines, reason = "a list")]
pub fn frames() -> Vec<Row> {
    messages(vec![
        (
            "frame: nobody signed",
            |m| m.signers.clear(),
            &[STRUCTURE, UNKNOWN],
        ),
        (
            "frame: signed twice by the same",
            |m| {
                let again = m.signer().clone();
                m.signers.push(again);
            },
            &[STRUCTURE, UNKNOWN],
        ),
        (
            "frame: signed by two",
            |m| {
                let mut other = m.signer().clone();
                other.key = Key::P256("other");
                m.signers.push(other);
            },
            &[STRUCTURE, UNKNOWN],
        ),
        ("frame: version 3", |m| m.version = 3, &[STRUCTURE]),
        (
            "frame: the signer's version 3",
            |m| m.signer().version = 3,
            &[STRUCTURE],
        ),
        (
            "frame: version 9",
            |m| m.version = 9,
            &[UNREADABLE, UNKNOWN],
        ),
        (
            "frame: two digest algorithms",
            |m| m.digests.push(Hash::Sha512.algorithm()),
            &[ALGORITHM],
        ),
        (
            "frame: no digest algorithm",
            |m| m.digests.clear(),
            &[ALGORITHM],
        ),
        (
            "frame: a revocation list beside",
            |m| m.crls = Some(context(1, &[])),
            &[STRUCTURE],
        ),
        (
            "frame: of type data",
            |m| m.kind = DATA,
            &[UNREADABLE, UNKNOWN],
        ),
        (
            "frame: of type enveloped-data",
            |m| m.kind = "1.2.840.113549.1.7.3",
            &[UNREADABLE, UNKNOWN],
        ),
        (
            "frame: the signer known by nobody's number",
            |m| {
                m.signer().id = id_of(&Certificate {
                    serial: 99,
                    ..leaf()
                });
            },
            &[CERTIFICATES, UNKNOWN],
        ),
        (
            "frame: the signer known by its authority's number",
            |m| m.signer().id = id_of(&middle()),
            &[CERTIFICATES, INVALID, UNKNOWN, "pdf_signer_differs"],
        ),
        (
            "frame: the signer known by a key identifier that it lacks",
            |m| {
                m.signer().id = tlv(0x80, &[b"key".to_vec()]);
                m.signer().version = 3;
                m.version = 3;
            },
            &[CERTIFICATES, UNKNOWN],
        ),
        (
            "frame: an unsigned attribute that is no time-stamp",
            |m| {
                m.signer().unsigned.push(attribute("1.2.3.4", null()));
            },
            &[ATTRIBUTES],
        ),
        (
            "frame: an unsigned counter-signature",
            |m| {
                m.signer()
                    .unsigned
                    .push(attribute("1.2.840.113549.1.9.6", seq(&[])));
            },
            &[ATTRIBUTES],
        ),
        (
            "frame: a time-stamp attribute without a token",
            |m| {
                m.signer().unsigned.push(attribute(TOKEN, null()));
                m.signer().unsigned[0].values.clear();
            },
            &[ATTRIBUTES],
        ),
    ])
}
