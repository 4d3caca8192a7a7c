//! Keys and hashes.

use super::{BAD, FAMILY, GOOD, UNKNOWN, chained};
use crate::forge::certificate::{Certificate, leaf, middle, root};
use crate::forge::key::{Hash, Key};
use crate::table::{Row, row};

/// Keys and hashes of each certificate.
pub fn algorithms() -> Vec<Row> {
    const WEAK: &[&str] = &["signature_invalid", UNKNOWN];
    let keyed = |key: Key| vec![Certificate { key, ..leaf() }, middle()];
    let below = |key: Key, hash: Hash| {
        let middle = Certificate { key, ..middle() };
        vec![
            Certificate {
                by: key,
                hash,
                ..leaf()
            },
            middle,
        ]
    };
    let mut rows = Vec::new();
    for (name, key, codes) in [
        ("P-256", Key::P256("another"), GOOD),
        ("P-384", Key::P384("signer"), GOOD),
        ("RSA 3072", Key::Rsa, GOOD),
        ("RSA 3072 with PSS", Key::Pss, GOOD),
        ("RSA 1024", Key::Short, WEAK),
    ] {
        rows.push(chained(&format!("key: the signer's is {name}"), move || keyed(key)).no(codes));
    }
    for (name, key, hash, codes) in [
        (
            "P-256 with SHA-384",
            Key::P256("middle"),
            Hash::Sha384,
            GOOD,
        ),
        (
            "P-256 with SHA-512",
            Key::P256("middle"),
            Hash::Sha512,
            GOOD,
        ),
        ("P-256 with SHA-1", Key::P256("middle"), Hash::Sha1, BAD),
        (
            "P-384 with SHA-256",
            Key::P384("middle"),
            Hash::Sha256,
            GOOD,
        ),
        (
            "P-384 with SHA-384",
            Key::P384("middle"),
            Hash::Sha384,
            GOOD,
        ),
        ("RSA with SHA-256", Key::Rsa, Hash::Sha256, GOOD),
        ("RSA with SHA-512", Key::Rsa, Hash::Sha512, GOOD),
        ("RSA with SHA-1", Key::Rsa, Hash::Sha1, BAD),
        ("RSA with PSS", Key::Pss, Hash::Sha256, GOOD),
        ("RSA with PSS and SHA-512", Key::Pss, Hash::Sha512, GOOD),
        ("RSA 1024 with SHA-256", Key::Short, Hash::Sha256, BAD),
    ] {
        let chain = move || below(key, hash);
        rows.push(chained(&format!("algorithm: the authority signs by {name}"), chain).no(codes));
    }
    rows.push(
        chained("algorithm: inside and outside differ", || {
            let outer = Some(Key::P256("middle").algorithm(Hash::Sha384));
            vec![Certificate { outer, ..leaf() }, middle()]
        })
        .no(BAD),
    );
    rows.push(
        chained("algorithm: the authority's on SHA-1", || {
            vec![
                leaf(),
                Certificate {
                    hash: Hash::Sha1,
                    ..middle()
                },
            ]
        })
        .no(BAD),
    );
    rows.push(
        row(
            FAMILY,
            "algorithm: the trusted root's own on SHA-1, which nobody asks",
            |_| {},
        )
        .trust(vec![Certificate {
            hash: Hash::Sha1,
            ..root()
        }]),
    );
    rows
}
