//! The signature value.

use super::{ALGORITHM, INVALID, UNKNOWN, messages};
use crate::forge::der::{context, int, null, oid, seq, set_of};
use crate::forge::key::{Hash, Key};
use crate::forge::message::PROTECTION;
use crate::table::Row;

/// The signature value.
pub fn values() -> Vec<Row> {
    messages(vec![
        (
            "value: by another key under the same certificate",
            |m| m.signer().key = Key::P256("other"),
            &[INVALID, UNKNOWN],
        ),
        (
            "value: by the authority's key",
            |m| m.signer().key = Key::P256("middle"),
            &[INVALID, UNKNOWN],
        ),
        (
            "value: empty",
            |m| m.signer().value = Some(Vec::new()),
            &[INVALID, UNKNOWN],
        ),
        (
            "value: two zeros (CVE-2022-21449)",
            |m| m.signer().value = Some(seq(&[int(0), int(0)])),
            &[INVALID, UNKNOWN],
        ),
        (
            "value: the raw pair, not in DER",
            |m| m.signer().value = Some(vec![0x11; 64]),
            &[INVALID, UNKNOWN],
        ),
        (
            "value: with bytes behind it",
            |m| {
                let mut value = m.signer().value();
                value.push(0);
                m.signer().value = Some(value);
            },
            &[INVALID, UNKNOWN],
        ),
        (
            "value: over the content, not the attributes",
            |m| {
                let value = m.signer().key.sign(Hash::Sha256, b"bagit.txt");
                m.signer().value = Some(value);
            },
            &[INVALID, UNKNOWN],
        ),
        (
            "value: over the attributes with the tag that they have in the message",
            |m| {
                let mut all: Vec<Vec<u8>> = Vec::new();
                for one in m.signer().attributes.clone().expect("there") {
                    all.push(seq(&[oid(one.oid), set_of(one.values)]));
                }
                all.sort();
                let value = m.signer().key.sign(Hash::Sha256, &context(0, &all));
                m.signer().value = Some(value);
            },
            &[INVALID, UNKNOWN],
        ),
        (
            "value: called RSA",
            |m| {
                m.signer().algorithm = Some(Key::Rsa.algorithm(Hash::Sha256));
                m.signer().drop_attribute(PROTECTION);
            },
            &[INVALID, UNKNOWN],
        ),
        (
            "value: called ECDSA with SHA-1",
            |m| {
                m.signer().algorithm = Some(Key::P256("").algorithm(Hash::Sha1));
                m.signer().drop_attribute(PROTECTION);
            },
            &[INVALID, UNKNOWN],
        ),
        (
            "value: ECDSA with parameters",
            |m| {
                m.signer().algorithm = Some(seq(&[oid("1.2.840.10045.4.3.2"), null()]));
                m.signer().drop_attribute(PROTECTION);
            },
            &[INVALID, UNKNOWN],
        ),
        (
            "value: an algorithm beside the one that was protected",
            |m| {
                m.signer().hash = Hash::Sha384;
            },
            &[ALGORITHM],
        ),
    ])
}
