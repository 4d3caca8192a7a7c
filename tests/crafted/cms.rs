//! The detached signature: what it is over, what it says, and how it is written (RFC 5652, RFC 5035).

use super::forge::certificate::{Certificate, leaf, middle};
use super::forge::der::{boolean, context, int, name, null, octets, oid, seq, set_of, tlv, utf8};
use super::forge::key::{Hash, Key};
use super::forge::message::{
    CONTENT_TYPE, DATA, MESSAGE_DIGEST, Message, PROTECTION, SIGNING_CERTIFICATE, SIGNING_TIME,
    TOKEN, attribute, id_of, names_of,
};
use super::table::{Row, row};

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

/// What is signed: the attributes.
#[expect(clippy::too_many_lines, reason = "a list")]
fn attributes() -> Vec<Row> {
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
                let time = super::forge::der::general_time("20261015003000Z");
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

/// Which certificates the signer named (RFC 5035 section 3).
#[expect(clippy::too_many_lines, reason = "a list")]
fn names() -> Vec<Row> {
    messages(vec![
        (
            "names: another certificate's hash",
            |m| {
                m.signer().attribute(SIGNING_CERTIFICATE).values =
                    vec![names_of(&[b"other".to_vec()])];
            },
            &[CERTIFICATES],
        ),
        (
            "names: the authority first",
            |m| {
                let turned = [middle().der(), leaf().der()];
                m.signer().attribute(SIGNING_CERTIFICATE).values = vec![names_of(&turned)];
            },
            &[CERTIFICATES],
        ),
        (
            "names: the signer's alone, both embedded",
            |m| {
                m.signer().attribute(SIGNING_CERTIFICATE).values = vec![names_of(&[leaf().der()])];
            },
            &[CERTIFICATES],
        ),
        (
            "names: both, the signer's alone embedded",
            |m| m.certificates = vec![leaf().der()],
            &[CERTIFICATES, UNKNOWN],
        ),
        (
            "names: nothing embedded",
            |m| m.certificates.clear(),
            &[CERTIFICATES, UNKNOWN],
        ),
        (
            "names: an empty list",
            |m| {
                m.signer().attribute(SIGNING_CERTIFICATE).values = vec![seq(&[seq(&[])])];
            },
            &[CERTIFICATES],
        ),
        (
            "names: a hash by SHA-512",
            |m| {
                let one =
                    |der: Vec<u8>| seq(&[Hash::Sha512.algorithm(), octets(&Hash::Sha512.of(&der))]);
                let all = [leaf().der(), middle().der()].map(one);
                m.signer().attribute(SIGNING_CERTIFICATE).values = vec![seq(&[seq(&all)])];
            },
            &[CERTIFICATES],
        ),
        (
            "names: another's serial number",
            |m| {
                let issuer = seq(&[context(4, &[name("TEST middle")])]);
                let first = seq(&[
                    octets(&Hash::Sha256.of(&leaf().der())),
                    seq(&[issuer, int(99)]),
                ]);
                let second = seq(&[octets(&Hash::Sha256.of(&middle().der()))]);
                m.signer().attribute(SIGNING_CERTIFICATE).values =
                    vec![seq(&[seq(&[first, second])])];
            },
            &[CERTIFICATES],
        ),
        (
            "names: issuer and serial number too",
            |m| {
                let issuer = seq(&[context(4, &[name("TEST middle")])]);
                let first = seq(&[
                    octets(&Hash::Sha256.of(&leaf().der())),
                    seq(&[issuer, int(3)]),
                ]);
                let second = seq(&[octets(&Hash::Sha256.of(&middle().der()))]);
                m.signer().attribute(SIGNING_CERTIFICATE).values =
                    vec![seq(&[seq(&[first, second])])];
            },
            &[],
        ),
        (
            "names: a stranger's certificate slipped in",
            |m| {
                m.certificates.push(
                    Certificate {
                        subject: "TEST stranger",
                        ..middle()
                    }
                    .der(),
                );
            },
            &[CERTIFICATES],
        ),
        (
            "names: the authority's certificate embedded twice",
            |m| m.certificates.push(middle().der()),
            &[CERTIFICATES],
        ),
        (
            "names: seventeen certificates",
            |m| {
                let one = |serial| Certificate { serial, ..middle() }.der();
                m.certificates = (100..115)
                    .map(one)
                    .chain([leaf().der(), middle().der()])
                    .collect();
            },
            &[CERTIFICATES, UNKNOWN],
        ),
        (
            "names: a certificate that is none",
            |m| m.certificates.push(seq(&[int(1)])),
            &[UNREADABLE, UNKNOWN],
        ),
    ])
}

/// The content, and what is signed of it.
fn contents() -> Vec<Row> {
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

/// The signers, and the message around them.
#[expect(clippy::too_many_lines, reason = "a list")]
fn frames() -> Vec<Row> {
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

/// The signature value.
fn values() -> Vec<Row> {
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

/// How the message is written.
fn encodings() -> Vec<Row> {
    let turned = |name: &str, change: fn(&mut Vec<u8>)| {
        row(FAMILY, format!("bytes: {name}"), move |forge| {
            forge.on_signature = Some(Box::new(change));
        })
        .no(&[UNREADABLE, UNKNOWN])
    };
    let mut rows = vec![
        turned("none", Vec::clear),
        turned("one", |der| der.truncate(1)),
        turned("without the last", |der| {
            der.pop();
        }),
        turned("a zero behind", |der| der.push(0)),
        turned("a second message behind", |der| der.extend(der.clone())),
        turned("a line feed before", |der| der.insert(0, b'\n')),
        turned("zeros alone", |der| der.fill(0)),
        turned("a text", |der| *der = b"signed\n".to_vec()),
        turned("as PEM", |der| {
            *der = ::der::pem::encode_string("CMS", ::der::pem::LineEnding::LF, der)
                .expect("a label")
                .into_bytes();
        }),
        turned("of indefinite length", |der| {
            der.splice(0..4, [0x30, 0x80]);
            der.extend([0, 0]);
        }),
        turned("a length in more bytes than needed", |der| {
            let (high, low) = (der[2], der[3]);
            der.splice(0..4, [0x30, 0x83, 0, high, low]);
        }),
        turned("the certificate in the place of the message", |der| {
            *der = leaf().der();
        }),
        turned("only what is signed, without its wrapping", |der| {
            drop(der.drain(..19));
        }),
    ];
    for part in [4, 19, 100, 400, 800, 1000] {
        rows.push(
            row(
                FAMILY,
                format!("bytes: cut off after {part}"),
                move |forge| {
                    forge.on_signature = Some(Box::new(move |der| der.truncate(part)));
                },
            )
            .no(&[UNREADABLE, UNKNOWN]),
        );
    }
    rows.push(
        row(FAMILY, "bytes: more than a mebibyte", |forge| {
            forge.on_signature = Some(Box::new(|der| *der = tlv(0x30, &[vec![0; (1 << 20) + 1]])));
        })
        .no(&["file_large", "signature_unreadable"]),
    );
    rows.push(
        row(
            FAMILY,
            "bytes: a truth that is neither 0 nor 255 in a certificate",
            |forge| {
                forge.on_signature = Some(Box::new(|der| {
                    let truth = boolean(true);
                    let at = der.windows(3).position(|window| window == truth);
                    der[at.expect("there") + 2] = 1;
                }));
            },
        )
        .no(&[UNREADABLE, UNKNOWN]),
    );
    rows
}

pub fn rows() -> Vec<Row> {
    [
        attributes(),
        names(),
        contents(),
        frames(),
        values(),
        encodings(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
