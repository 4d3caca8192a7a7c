//! What the signer's certificate may be used for.

use super::{BAD, GOOD, signer_with, table};
use crate::forge::certificate::{
    BASIC_CONSTRAINTS, CERT_SIGN, DIGITAL_SIGNATURE, EMAIL, EXTENDED_KEY_USAGE, KEY_ENCIPHERMENT,
    KEY_USAGE, NON_REPUDIATION, SERVER, TIME_STAMPING, any, authority, leaf, middle, no_authority,
    purposes, usage,
};
use crate::forge::der::{context, null, octets, oid, seq, utf8};
use crate::table::Row;

/// What the signer's certificate may be used for.
#[expect(clippy::too_many_lines, reason = "a list")]
pub fn signers() -> Vec<Row> {
    table(vec![
        (
            "signer: no basic constraints",
            || vec![leaf().without(BASIC_CONSTRAINTS), middle()],
            GOOD,
        ),
        (
            "signer: an authority itself",
            || signer_with(authority(None)),
            GOOD,
        ),
        (
            "signer: no key usage",
            || vec![leaf().without(KEY_USAGE), middle()],
            GOOD,
        ),
        (
            "signer: digitalSignature alone",
            || signer_with(usage(DIGITAL_SIGNATURE)),
            GOOD,
        ),
        (
            "signer: nonRepudiation alone",
            || signer_with(usage(NON_REPUDIATION)),
            GOOD,
        ),
        (
            "signer: keyEncipherment alone",
            || signer_with(usage(KEY_ENCIPHERMENT)),
            BAD,
        ),
        (
            "signer: keyCertSign alone",
            || signer_with(usage(CERT_SIGN)),
            BAD,
        ),
        (
            "signer: no extended key usage",
            || vec![leaf().without(EXTENDED_KEY_USAGE), middle()],
            GOOD,
        ),
        (
            "signer: for servers",
            || signer_with(purposes(&[SERVER])),
            BAD,
        ),
        (
            "signer: for time-stamps",
            || signer_with(purposes(&[TIME_STAMPING])),
            BAD,
        ),
        (
            "signer: for servers and mail",
            || signer_with(purposes(&[SERVER, EMAIL])),
            GOOD,
        ),
        (
            "signer: for documents (RFC 9336)",
            || signer_with(purposes(&["1.3.6.1.5.5.7.3.36"])),
            GOOD,
        ),
        (
            "signer: for any purpose",
            || signer_with(purposes(&["2.5.29.37.0"])),
            GOOD,
        ),
        (
            "signer: an unknown critical extension",
            || signer_with(any("1.2.3.4.5", null())),
            BAD,
        ),
        (
            "signer: an unknown extension, not critical",
            || signer_with(any("1.2.3.4.5", null()).not_critical()),
            GOOD,
        ),
        (
            "signer: a critical policy",
            || signer_with(any("2.5.29.32", seq(&[seq(&[oid("1.2.410.200004.2.1")])]))),
            GOOD,
        ),
        (
            "signer: a key usage that is no bit string",
            || signer_with(any(KEY_USAGE, utf8("x"))),
            BAD,
        ),
        (
            "signer: basic constraints twice",
            || {
                let mut twice = leaf();
                twice.extensions.push(no_authority());
                vec![twice, middle()]
            },
            BAD,
        ),
        (
            "signer: another authority's key identifier",
            || {
                let named = context(0, &[b"nobody".to_vec()]);
                let named = [vec![0x80], named[1..].to_vec()].concat();
                signer_with(any("2.5.29.35", seq(&[named])).not_critical())
            },
            GOOD,
        ),
        (
            "signer: a subject key identifier of no meaning",
            || signer_with(any("2.5.29.14", octets(b"nothing")).not_critical()),
            GOOD,
        ),
    ])
}
