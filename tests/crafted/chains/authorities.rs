//! What the authority between may do.

use super::{BAD, GOOD, chained, ladder, middle_with, table};
use crate::forge::certificate::{
    BASIC_CONSTRAINTS, CERT_SIGN, CRL_SIGN, Certificate, DIGITAL_SIGNATURE, EMAIL, Extension,
    KEY_USAGE, SERVER, TIME_STAMPING, any, authority, leaf, middle, no_authority, purposes, usage,
};
use crate::forge::der::{context, null, seq};
use crate::forge::key::Key;
use crate::table::Row;

/// What the authority between may do (RFC 5280 sections 4.2.1.3, 4.2.1.9 and 4.2.1.12).
#[expect(clippy::too_many_lines, reason = "a list")]
pub fn authorities() -> Vec<Row> {
    let mut rows = table(vec![
        (
            "authority: no basic constraints",
            || vec![leaf(), middle().without(BASIC_CONSTRAINTS)],
            BAD,
        ),
        ("authority: CA:FALSE", || middle_with(no_authority()), BAD),
        (
            "authority: of version 1",
            || {
                vec![
                    leaf(),
                    Certificate {
                        extensions: vec![],
                        ..middle()
                    },
                ]
            },
            BAD,
        ),
        (
            "authority: basic constraints not critical",
            || middle_with(authority(None).not_critical()),
            GOOD,
        ),
        (
            "authority: allows none below, and has none",
            || middle_with(authority(Some(0))),
            GOOD,
        ),
        (
            "authority: no key usage",
            || vec![leaf(), middle().without(KEY_USAGE)],
            GOOD,
        ),
        (
            "authority: a key usage for signatures alone",
            || middle_with(usage(DIGITAL_SIGNATURE)),
            BAD,
        ),
        (
            "authority: a key usage for revocation lists alone",
            || middle_with(usage(CRL_SIGN)),
            BAD,
        ),
        (
            "authority: a key usage for certificates alone",
            || middle_with(usage(CERT_SIGN)),
            GOOD,
        ),
        (
            "authority: for servers",
            || middle_with(purposes(&[SERVER])),
            BAD,
        ),
        (
            "authority: for time-stamps",
            || middle_with(purposes(&[TIME_STAMPING])),
            BAD,
        ),
        (
            "authority: for mail",
            || middle_with(purposes(&[EMAIL])),
            GOOD,
        ),
        (
            "authority: for any purpose",
            || middle_with(purposes(&["2.5.29.37.0"])),
            GOOD,
        ),
        (
            "authority: an unknown critical extension",
            || middle_with(any("1.2.3.4.5", null())),
            BAD,
        ),
        (
            "authority: an unknown extension, not critical",
            || middle_with(any("1.2.3.4.5", null()).not_critical()),
            GOOD,
        ),
        (
            "authority: names constrained, critical",
            || middle_with(constrained()),
            BAD,
        ),
        (
            "authority: names constrained, not critical",
            || middle_with(constrained().not_critical()),
            BAD,
        ),
        (
            "authority: basic constraints twice",
            || {
                let mut twice = middle();
                twice.extensions.push(authority(None));
                vec![leaf(), twice]
            },
            BAD,
        ),
        (
            "authority: the signer of another bundle",
            || {
                let below = Certificate {
                    issuer: "TEST clerk",
                    by: Key::P256("clerk"),
                    ..leaf()
                };
                let clerk = Certificate {
                    subject: "TEST clerk",
                    serial: 9,
                    key: Key::P256("clerk"),
                    ..leaf()
                };
                vec![below, clerk, middle()]
            },
            BAD,
        ),
    ]);
    rows.push(
        chained("authority: the one above allows none below", || {
            let mut chain = ladder(2);
            chain[2] = chain[2].clone().with(authority(Some(0)));
            chain
        })
        .no(BAD),
    );
    rows.push(chained("authority: the one above allows one below", || {
        let mut chain = ladder(2);
        chain[2] = chain[2].clone().with(authority(Some(1)));
        chain
    }));
    rows.push(chained(
        "authority: it issued itself anew, which does not count",
        || {
            let anew = Certificate {
                issuer: "TEST middle",
                serial: 8,
                key: Key::P256("anew"),
                by: Key::P256("middle"),
                ..middle()
            };
            let below = Certificate {
                by: Key::P256("anew"),
                ..leaf()
            };
            vec![below, anew, middle().with(authority(Some(0)))]
        },
    ));
    rows
}

/// Name constraints that permit one mail domain.
fn constrained() -> Extension {
    let domain = crate::forge::der::tlv(0x81, &[b"example.kr".to_vec()]);
    any("2.5.29.30", seq(&[context(0, &[seq(&[domain])])]))
}
