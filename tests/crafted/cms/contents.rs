//! The content, and what is signed of it.

use super::{ALGORITHM, ATTRIBUTES, INVALID, STRUCTURE, UNKNOWN, messages};
use crate::forge::der::{int, null, octets, oid, seq};
use crate::forge::key::Hash;
use crate::forge::message::{CONTENT_TYPE, MESSAGE_DIGEST, Message, PROTECTION};
use crate::table::Row;

/// The content, and what is signed of it.
pub fn contents() -> Vec<Row> {
    messages(vec![
        (
            "content: of other bytes",
            |m| {
                m.signer().attribute(MESSAGE_DIGEST).values =
                    vec![octets(&Hash::Sha256.of(b"other"))];
            },
            &["content_changed"],
        ),
        (
            "content: a digest cut short",
            |m| {
                let digest = m.signer().attribute(MESSAGE_DIGEST).values[0].clone();
                m.signer().attribute(MESSAGE_DIGEST).values = vec![octets(&digest[2..22])];
            },
            &["content_changed"],
        ),
        (
            "content: attached, other bytes",
            |m| m.content = Some(b"other".to_vec()),
            &[STRUCTURE],
        ),
        (
            "content: attached, no bytes",
            |m| m.content = Some(Vec::new()),
            &[STRUCTURE],
        ),
        (
            "content: of another type",
            |m| m.content_type = "1.2.840.113549.1.7.2",
            &[STRUCTURE],
        ),
        (
            "content: type and attribute of a time-stamp",
            |m| {
                m.content_type = "1.2.840.113549.1.9.16.1.4";
                m.signer().attribute(CONTENT_TYPE).values = vec![oid("1.2.840.113549.1.9.16.1.4")];
            },
            &[STRUCTURE, ATTRIBUTES],
        ),
        (
            "content: digested by SHA-1",
            |m| digested(m, Hash::Sha1),
            &[ALGORITHM, "content_changed", INVALID, UNKNOWN],
        ),
        (
            "content: digested by SHA-512",
            |m| digested(m, Hash::Sha512),
            &[ALGORITHM, "content_changed"],
        ),
        (
            "content: named as MD5",
            |m| {
                m.digests = vec![seq(&[oid("1.2.840.113549.2.5")])];
                m.signer().digest = m.digests[0].clone();
            },
            &[ALGORITHM],
        ),
        (
            "content: SHA-256 with NULL for parameters",
            |m| {
                let named = seq(&[oid("2.16.840.1.101.3.4.2.1"), null()]);
                m.digests = vec![named.clone()];
                m.signer().digest = named;
                m.signer().drop_attribute(PROTECTION);
            },
            &[],
        ),
        (
            "content: SHA-256 with a number for parameters",
            |m| {
                m.digests = vec![seq(&[oid("2.16.840.1.101.3.4.2.1"), int(1)])];
            },
            &[ALGORITHM],
        ),
    ])
}

/// Names another hash everywhere, and signs by it.
fn digested(message: &mut Message, hash: Hash) {
    message.digests = vec![hash.algorithm()];
    let signer = message.signer();
    (signer.hash, signer.digest) = (hash, hash.algorithm());
    signer.attribute(MESSAGE_DIGEST).values = vec![octets(&hash.of(b"whatever"))];
    signer.drop_attribute(PROTECTION);
}
