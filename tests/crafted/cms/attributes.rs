//! What is signed: the attributes.

use super::{ALGORITHM, ATTRIBUTES, UNKNOWN, messages};
use crate::forge::der::{context, null, octets, oid, seq, tlv, utf8};
use crate::forge::key::Hash;
use crate::forge::message::{
    CONTENT_TYPE, MESSAGE_DIGEST, PROTECTION, SIGNING_CERTIFICATE, SIGNING_TIME,
};
use crate::table::Row;

/// What is signed: the attributes.
#[expect(clippy::too_many_lines, reason = "a list")]
pub fn attributes() -> Vec<Row> {
    messages(vec![
        (
            "attributes: none at all",
            |m| m.signer().attributes = None,
            &[ATTRIBUTES, UNKNOWN],
        ),
        (
            "attributes: no content-type",
            |m| m.signer().drop_attribute(CONTENT_TYPE),
            &[ATTRIBUTES],
        ),
        (
            "attributes: no message-digest",
            |m| m.signer().drop_attribute(MESSAGE_DIGEST),
            &[ATTRIBUTES],
        ),
        (
            "attributes: no signing-time",
            |m| m.signer().drop_attribute(SIGNING_TIME),
            &[ATTRIBUTES, UNKNOWN],
        ),
        (
            "attributes: no signing-certificate-v2",
            |m| m.signer().drop_attribute(SIGNING_CERTIFICATE),
            &[ATTRIBUTES],
        ),
        (
            "attributes: no algorithm protection, which is optional",
            |m| m.signer().drop_attribute(PROTECTION),
            &[],
        ),
        (
            "attributes: content-type twice",
            |m| m.signer().add_attribute(CONTENT_TYPE, oid("1.2.3.4")),
            &[ATTRIBUTES],
        ),
        (
            "attributes: message-digest twice, one of other content",
            |m| {
                m.signer()
                    .add_attribute(MESSAGE_DIGEST, octets(&Hash::Sha256.of(b"other")));
            },
            &[ATTRIBUTES],
        ),
        (
            "attributes: message-digest with two values",
            |m| {
                m.signer()
                    .attribute(MESSAGE_DIGEST)
                    .values
                    .push(octets(&Hash::Sha256.of(b"other")));
            },
            &[ATTRIBUTES],
        ),
        (
            "attributes: message-digest without a value",
            |m| m.signer().attribute(MESSAGE_DIGEST).values.clear(),
            &[ATTRIBUTES],
        ),
        (
            "attributes: signing-time twice",
            |m| {
                let again = m.signer().attribute(SIGNING_TIME).values[0].clone();
                m.signer().add_attribute(SIGNING_TIME, again);
            },
            &[ATTRIBUTES, UNKNOWN],
        ),
        (
            "attributes: signing-time is a text",
            |m| m.signer().attribute(SIGNING_TIME).values = vec![utf8("2026-10-15")],
            &[ATTRIBUTES, UNKNOWN],
        ),
        (
            "attributes: signing-time of 2026 as GeneralizedTime",
            |m| {
                let time = crate::forge::der::general_time("20261015003000Z");
                m.signer().attribute(SIGNING_TIME).values = vec![time];
            },
            &[ATTRIBUTES],
        ),
        (
            "attributes: signing-time without seconds",
            |m| {
                m.signer().attribute(SIGNING_TIME).values =
                    vec![tlv(0x17, &[b"2610150030Z".to_vec()])];
            },
            &[ATTRIBUTES, UNKNOWN],
        ),
        (
            "attributes: signing-time with an offset",
            |m| {
                m.signer().attribute(SIGNING_TIME).values =
                    vec![tlv(0x17, &[b"261015093000+0900".to_vec()])];
            },
            &[ATTRIBUTES, UNKNOWN],
        ),
        (
            "attributes: an unknown one",
            |m| m.signer().add_attribute("1.2.3.4", null()),
            &[ATTRIBUTES],
        ),
        (
            "attributes: smimeCapabilities, as OpenSSL adds them",
            |m| {
                m.signer().add_attribute("1.2.840.113549.1.9.15", seq(&[]));
            },
            &[],
        ),
        (
            "attributes: content-type of a time-stamp",
            |m| {
                m.signer().attribute(CONTENT_TYPE).values = vec![oid("1.2.840.113549.1.9.16.1.4")];
            },
            &[ATTRIBUTES],
        ),
        (
            "attributes: protection of another digest",
            |m| {
                let other = [
                    Hash::Sha512.algorithm(),
                    context(1, &[oid("1.2.840.10045.4.3.2")]),
                ];
                m.signer().attribute(PROTECTION).values = vec![seq(&other)];
            },
            &[ALGORITHM],
        ),
        (
            "attributes: an empty set",
            |m| m.signer().attributes = Some(Vec::new()),
            &[ATTRIBUTES, UNKNOWN],
        ),
    ])
}
