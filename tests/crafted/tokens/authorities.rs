//! Who made a token.

use super::{BROKEN, UNTRUSTED, WHO, by, stamped};
use crate::forge::certificate::{
    Certificate, DIGITAL_SIGNATURE, EMAIL, EXTENDED_KEY_USAGE, KEY_ENCIPHERMENT, NON_REPUDIATION,
    TIME_STAMPING, authority, middle, purposes, root, tsa, tsa_root, usage,
};
use crate::forge::der::null;
use crate::forge::key::Key;
use crate::table::Row;

/// Who made it (RFC 3161 section 2.3).
#[expect(clippy::too_many_lines, reason = "a list")]
pub fn authorities() -> Vec<Row> {
    let purpose = |of: &[&str]| vec![tsa().with(purposes(of))];
    let mut rows = vec![
        by("authority: no purpose", || {
            vec![tsa().without(EXTENDED_KEY_USAGE)]
        })
        .no(&[WHO, UNTRUSTED]),
        by("authority: its purpose not critical", || {
            vec![tsa().with(purposes(&[TIME_STAMPING]).not_critical())]
        })
        .no(&[WHO, UNTRUSTED]),
        by("authority: a key usage of nonRepudiation", || {
            vec![tsa().with(usage(NON_REPUDIATION))]
        }),
        by("authority: both key usages", || {
            vec![tsa().with(usage(DIGITAL_SIGNATURE | NON_REPUDIATION))]
        }),
        by("authority: a key usage of keyEncipherment", || {
            vec![tsa().with(usage(KEY_ENCIPHERMENT))]
        })
        .no(&[WHO, UNTRUSTED]),
        by("authority: unknown", || {
            vec![Certificate {
                issuer: "TEST nobody",
                by: Key::P256("nobody"),
                ..tsa()
            }]
        })
        .no(&[UNTRUSTED]),
        by("authority: by a stranger in the root's name", || {
            vec![Certificate {
                by: Key::P256("nobody"),
                ..tsa()
            }]
        })
        .no(&[UNTRUSTED]),
        by("authority: of its own making", || {
            vec![Certificate {
                issuer: "TEST time",
                by: Key::P256("time"),
                ..tsa()
            }]
        })
        .no(&[UNTRUSTED]),
        by("authority: below one for time-stamps", || {
            below(purposes(&[TIME_STAMPING]))
        }),
        by("authority: below one for mail", || {
            below(purposes(&[EMAIL]))
        })
        .no(&[UNTRUSTED]),
        by("authority: its own authority not embedded", || {
            below(purposes(&[TIME_STAMPING]))[..1].to_vec()
        })
        .no(&[UNTRUSTED]),
        by("authority: the signer itself", || {
            vec![crate::forge::certificate::leaf(), middle()]
        })
        .no(&[WHO, UNTRUSTED]),
        by("authority: a key of 1,024 bits", || {
            vec![Certificate {
                key: Key::Short,
                ..tsa()
            }]
        })
        .no(&[BROKEN, UNTRUSTED]),
        by("authority: an RSA key", || {
            vec![Certificate {
                key: Key::Rsa,
                ..tsa()
            }]
        }),
        by("authority: P-384", || {
            vec![Certificate {
                key: Key::P384("time"),
                ..tsa()
            }]
        }),
        by("authority: an unknown critical extension", || {
            vec![tsa().with(crate::forge::certificate::any("1.2.3.4.5", null()))]
        })
        .no(&[WHO, UNTRUSTED]),
        stamped("authority: its root not trusted", |_| {})
            .trust(vec![root()])
            .no(&[UNTRUSTED]),
        stamped("authority: it alone trusted", |_| {}).trust(vec![root(), tsa()]),
        stamped("authority: trusted, the signer not", |_| {})
            .trust(vec![tsa_root()])
            .no(&["signer_unknown"]),
        stamped("authority: trusted, any signer", |_| {})
            .trust(vec![tsa_root()])
            .any_signer(),
    ];
    for other in [EMAIL, "2.5.29.37.0"] {
        rows.push(
            stamped(
                &format!("authority: the purpose {other} beside"),
                move |stamp| {
                    stamp.chain = purpose(&[TIME_STAMPING, other]);
                },
            )
            .no(&[WHO, UNTRUSTED]),
        );
    }
    rows
}

/// The authority's certificate below another one with this purpose.
fn below(purposes: crate::forge::certificate::Extension) -> Vec<Certificate> {
    let between = Certificate {
        subject: "TEST time middle",
        issuer: "TEST time root",
        serial: 9,
        key: Key::P256("time middle"),
        by: Key::P256("time root"),
        ..middle()
    };
    let between = between.with(authority(None)).with(purposes);
    let below = Certificate {
        issuer: "TEST time middle",
        by: Key::P256("time middle"),
        ..tsa()
    };
    vec![below, between]
}
