//! Time-stamp tokens: what they are over, who made them, and how they are written (RFC 3161).

use super::forge::certificate::{
    Certificate, DIGITAL_SIGNATURE, EMAIL, EXTENDED_KEY_USAGE, KEY_ENCIPHERMENT, NON_REPUDIATION,
    TIME_STAMPING, authority, middle, purposes, root, tsa, tsa_root, usage,
};
use super::forge::der::{boolean, context, int, null, octets, oid, seq, tlv};
use super::forge::key::{Hash, Key};
use super::forge::message::{
    CONTENT_TYPE, MESSAGE_DIGEST, Message, PROTECTION, SIGNING_CERTIFICATE, names_of,
};
use super::forge::stamp::{Stamp, answer, extensions, redigest};
use super::table::{Row, row};

const FAMILY: &str = "tokens";
const UNTRUSTED: &str = "timestamp_untrusted";
const IMPRINT: &str = "timestamp_imprint";
const BROKEN: &str = "timestamp_signature";
const WHO: &str = "timestamp_authority";
const UNREADABLE: &str = "timestamp_unreadable";
const MISSING: &str = "timestamp_missing";
const TIME: &str = "20261015003100Z";

/// A row with one token, and one demanded.
fn stamped(name: &str, change: impl Fn(&mut Stamp) + 'static) -> Row {
    row(FAMILY, name, move |forge| {
        let mut stamp = Stamp::at(TIME);
        change(&mut stamp);
        forge.stamps = vec![stamp];
    })
    .require_timestamp()
}

/// A row whose token's message is changed before the authority signs it.
fn signed(name: &str, change: fn(&mut Message)) -> Row {
    stamped(name, move |stamp| stamp.change = Some(Box::new(change)))
}

/// A row whose token is changed when it is made.
fn turned(name: &str, change: fn(&mut Vec<u8>)) -> Row {
    stamped(name, move |stamp| stamp.turn = Some(Box::new(change)))
}

fn by(name: &str, chain: fn() -> Vec<Certificate>) -> Row {
    stamped(name, move |stamp| stamp.chain = chain())
}

/// What it is over, and what else it says.
fn infos() -> Vec<Row> {
    vec![
        stamped("info: good", |_| {}),
        stamped("info: over other content", |stamp| {
            stamp.over = Some(b"other".to_vec());
        })
        .no(&[IMPRINT, UNTRUSTED]),
        stamped("info: over nothing", |stamp| stamp.over = Some(Vec::new()))
            .no(&[IMPRINT, UNTRUSTED]),
        stamped("info: an imprint by SHA-512", |stamp| {
            stamp.hash = Hash::Sha512;
        }),
        stamped("info: an imprint by SHA-1", |stamp| stamp.hash = Hash::Sha1)
            .no(&[IMPRINT, UNTRUSTED]),
        stamped("info: a nonce", |stamp| stamp.nonce = Some(1 << 40)),
        stamped("info: another policy", |stamp| {
            stamp.policy = "1.2.410.200004.1";
        }),
        stamped("info: an accuracy of a second", |stamp| {
            stamp.accuracy = Some(1);
        }),
        stamped("info: version 2", |stamp| stamp.version = 2).no(&[UNREADABLE, MISSING]),
        stamped("info: a time without its zone", |stamp| {
            stamp.time = "20261015003100";
        })
        .no(&[UNREADABLE, MISSING]),
        stamped("info: a time with an offset", |stamp| {
            stamp.time = "20261015093100+0900";
        })
        .no(&[UNREADABLE, MISSING]),
        stamped("info: the thirteenth month", |stamp| {
            stamp.time = "20261315003100Z";
        })
        .no(&[UNREADABLE, MISSING]),
        stamped("info: a time without seconds", |stamp| {
            stamp.time = "202610150031Z";
        })
        .no(&[UNREADABLE, MISSING]),
        stamped("info: an unknown extension, not critical", |stamp| {
            stamp.more = extensions(&[seq(&[oid("1.2.3.4"), octets(&null())])]);
        }),
        stamped("info: an unknown critical extension", |stamp| {
            stamp.more = extensions(&[seq(&[oid("1.2.3.4"), boolean(true), octets(&null())])]);
        })
        .no(&[UNREADABLE, UNTRUSTED]),
        stamped("info: the authority's name", |stamp| {
            let name = super::forge::der::name("TEST time");
            stamp.more = context(0, &[context(4, &[name])]);
        }),
    ]
}

/// Who made it (RFC 3161 section 2.3).
#[expect(clippy::too_many_lines, reason = "a list")]
fn authorities() -> Vec<Row> {
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
            vec![super::forge::certificate::leaf(), middle()]
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
            vec![tsa().with(super::forge::certificate::any("1.2.3.4.5", null()))]
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
fn below(purposes: super::forge::certificate::Extension) -> Vec<Certificate> {
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

/// Its own signature.
fn signatures() -> Vec<Row> {
    vec![
        signed("signature: by another key", |m| {
            m.signer().key = Key::P256("other");
        })
        .no(&[BROKEN, UNTRUSTED]),
        signed("signature: no certificate embedded", |m| {
            m.certificates.clear();
        })
        .no(&[BROKEN, MISSING]),
        signed("signature: nobody's", |m| m.signers.clear()).no(&[BROKEN, MISSING]),
        signed("signature: two", |m| {
            let mut other = m.signer().clone();
            other.key = Key::P256("other");
            m.signers.push(other);
        })
        .no(&[BROKEN, MISSING]),
        signed("signature: no attributes", |m| m.signer().attributes = None)
            .no(&[BROKEN, UNTRUSTED]),
        signed("signature: no message-digest", |m| {
            m.signer().drop_attribute(MESSAGE_DIGEST);
        })
        .no(&[BROKEN, UNTRUSTED]),
        signed("signature: a digest of other content", |m| {
            m.signer().attribute(MESSAGE_DIGEST).values = vec![octets(&Hash::Sha256.of(b"other"))];
        })
        .no(&[BROKEN, UNTRUSTED]),
        signed("signature: content-type of data", |m| {
            m.signer().attribute(CONTENT_TYPE).values = vec![oid("1.2.840.113549.1.7.1")];
        })
        .no(&[BROKEN, UNTRUSTED]),
        signed("signature: no certificate named", |m| {
            m.signer().drop_attribute(SIGNING_CERTIFICATE);
        })
        .no(&[BROKEN, UNTRUSTED]),
        signed("signature: another certificate named", |m| {
            m.signer().attribute(SIGNING_CERTIFICATE).values = vec![names_of(&[b"other".to_vec()])];
        })
        .no(&[BROKEN, UNTRUSTED]),
        signed("signature: no algorithm protection", |m| {
            m.signer().drop_attribute(PROTECTION);
        }),
        signed("signature: the authority's root embedded too", |m| {
            m.certificates.push(tsa_root().der());
        }),
        signed("signature: by SHA-512", |m| {
            let content = m.content.clone().expect("there");
            let signer = m.signer();
            signer.hash = Hash::Sha512;
            signer.digest = Hash::Sha512.algorithm();
            signer.attribute(MESSAGE_DIGEST).values = vec![octets(&Hash::Sha512.of(&content))];
            signer.drop_attribute(PROTECTION);
            m.digests = vec![Hash::Sha512.algorithm()];
        }),
        signed("signature: by SHA-1", |m| {
            let content = m.content.clone().expect("there");
            let signer = m.signer();
            signer.hash = Hash::Sha1;
            signer.digest = Hash::Sha1.algorithm();
            signer.attribute(MESSAGE_DIGEST).values = vec![octets(&Hash::Sha1.of(&content))];
            signer.drop_attribute(PROTECTION);
            m.digests = vec![Hash::Sha1.algorithm()];
        })
        .no(&[BROKEN, UNTRUSTED]),
        turned("signature: its last bit turned", |der| {
            let last = der.len() - 1;
            der[last] ^= 1;
        })
        .no(&[BROKEN, UNTRUSTED]),
    ]
}

/// How it is written, and what stands in its place.
fn forms() -> Vec<Row> {
    vec![
        turned("form: an answer that grants it", |der| {
            *der = answer(0, der);
        })
        .no(&[UNREADABLE, MISSING]),
        turned("form: an answer that rejects it", |der| {
            *der = answer(2, &[]);
        })
        .no(&[UNREADABLE, MISSING]),
        turned("form: a number", |der| *der = int(1)).no(&[UNREADABLE, MISSING]),
        turned("form: an empty sequence", |der| *der = seq(&[])).no(&[UNREADABLE, MISSING]),
        turned("form: octets around it", |der| *der = octets(der)).no(&[UNREADABLE, MISSING]),
        turned("form: its content alone", |der| {
            *der = seq(&[int(1), oid("1.2.3.4.1")]);
        })
        .no(&[UNREADABLE, MISSING]),
        signed("form: no content", |m| m.content = None).no(&[UNREADABLE, MISSING]),
        signed("form: content of type data", |m| {
            m.content_type = "1.2.840.113549.1.7.1";
        })
        .no(&[UNREADABLE, MISSING]),
        signed("form: content that is no TSTInfo", |m| {
            m.content = Some(octets(b"time"));
            redigest(m);
        })
        .no(&[UNREADABLE, MISSING]),
        signed("form: bytes behind the TSTInfo", |m| {
            m.content.as_mut().expect("there").push(0);
            redigest(m);
        })
        .no(&[UNREADABLE, MISSING]),
        signed("form: of type data", |m| m.kind = "1.2.840.113549.1.7.1")
            .no(&[UNREADABLE, MISSING]),
        turned("form: of indefinite length", |der| {
            let content = der.split_off(4);
            *der = [vec![0x30, 0x80], content, vec![0, 0]].concat();
        })
        .no(&["signature_unreadable", "signer_unknown", MISSING]),
        turned("form: wrapped in another tag", |der| {
            *der = tlv(0xa0, std::slice::from_ref(der));
        })
        .no(&[UNREADABLE, MISSING]),
    ]
}

/// More tokens than one, or one where none is asked.
fn several() -> Vec<Row> {
    let two = |name: &str, other: fn() -> Stamp| {
        row(FAMILY, name, move |forge| {
            forge.stamps = vec![Stamp::at(TIME), other()];
        })
        .require_timestamp()
    };
    let alone = |name: &str, change: fn(&mut Stamp)| {
        row(FAMILY, name, move |forge| {
            let mut stamp = Stamp::at(TIME);
            change(&mut stamp);
            forge.stamps = vec![stamp];
        })
    };
    vec![
        row(FAMILY, "several: none, none asked", |_| {}),
        row(FAMILY, "several: none", |_| {})
            .require_timestamp()
            .no(&[MISSING]),
        two("several: two good ones", || Stamp::at("20261016000000Z"))
            .no(&["signature_attributes", MISSING]),
        two("several: one of other content", || Stamp {
            over: Some(b"other".to_vec()),
            ..Stamp::at(TIME)
        })
        .no(&["signature_attributes", MISSING]),
        alone("not asked: an unknown authority is no fault", |stamp| {
            stamp.chain = vec![Certificate {
                by: Key::P256("nobody"),
                ..tsa()
            }];
        }),
        alone("not asked: over other content is one", |stamp| {
            stamp.over = Some(b"other".to_vec());
        })
        .no(&[IMPRINT]),
        alone("not asked: unreadable is one", |stamp| {
            stamp.turn = Some(Box::new(|der| *der = null()));
        })
        .no(&[UNREADABLE]),
        alone("not asked: in 2041 is one", |stamp| {
            stamp.time = "20410101000000Z";
        })
        .no(&["timestamp_future"]),
        row(FAMILY, "report: a token of other content", |forge| {
            forge.report_stamp = Some(Stamp {
                over: Some(b"other".to_vec()),
                ..Stamp::at(TIME)
            });
        })
        .no(&["timestamp_imprint data/report.pdf"]),
    ]
}

pub fn rows() -> Vec<Row> {
    [infos(), authorities(), signatures(), forms(), several()]
        .into_iter()
        .flatten()
        .collect()
}
