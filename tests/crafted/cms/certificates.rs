//! Which certificates the signer named.

use super::{CERTIFICATES, UNKNOWN, UNREADABLE, messages};
use crate::forge::certificate::{Certificate, leaf, middle};
use crate::forge::der::{context, int, name, octets, seq};
use crate::forge::key::Hash;
use crate::forge::message::{SIGNING_CERTIFICATE, names_of};
use crate::table::Row;

/// Which certificates the signer named (RFC 5035 section 3).
#[expect(clippy::too_many_lines, reason = "a list")]
pub fn names() -> Vec<Row> {
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
