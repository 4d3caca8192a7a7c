//! Changes to the detached signature and to its time-stamp.

use std::fs;
use std::path::{Path, PathBuf};

use cms::signed_data::SignerInfo;
use const_oid::ObjectIdentifier;
use kisms::digest::Digest;
use kisms::sign::cms::{decode, encode, sign_detached, signature_value, with_timestamp};
use kisms::sign::identity::Identity;

use super::{Case, Mutation, Outside, edit, find, openssl_cms, pyhanko_p7s};
use crate::signed::{Authority, P7S, repository};

const OPENSSL: Outside = Outside::Tool("openssl cms", openssl_cms);
const PYHANKO: Outside = Outside::Tool("pyHanko", pyhanko_p7s);

fn changed(case: &Case, to: &Path, change: impl FnOnce(&mut Vec<u8>)) -> PathBuf {
    let root = case.copy(to);
    edit(&root.join(P7S), change);
    root
}

/// A signature by one of the test keys.
fn signed_by(key: &str, password: Option<&str>, content: &[u8]) -> Vec<u8> {
    let key = fs::read(repository("fixtures/keys").join(key)).expect("a key");
    let identity = Identity::load(&key, password).expect("a signer");
    let time = "2026-10-15T00:30:00Z".parse().expect("RFC 3339");
    sign_detached(&identity, Digest::of(content), time).expect("signed")
}

fn tagmanifest(case: &Case) -> Vec<u8> {
    fs::read(case.root.join("tagmanifest-sha256.txt")).expect("a file")
}

/// The same signature without its time-stamp, which the fixed key and time make again.
fn bare(case: &Case) -> Vec<u8> {
    signed_by("demo-signer-not-secret.p12", None, &tagmanifest(case))
}

/// The answer of an authority made for this.
fn stamped_by(authority: &Authority, message: &[u8], request: &[u8]) -> Vec<u8> {
    let file = |name: &str| authority.folder.path().join(name);
    fs::write(file("x.tsq"), request).expect("space");
    authority.answer(&file("x.tsq"), &file("x.tsr"));
    let token = "ts -reply -in x.tsr -token_out -out x.token";
    crate::signed::openssl_does(authority.folder.path(), token);
    with_timestamp(message, &fs::read(file("x.token")).expect("a token")).expect("ours")
}

const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

/// Changes the one signer's record.
fn edit_signer(message: &mut Vec<u8>, change: impl FnOnce(&mut SignerInfo)) {
    let mut whole = decode(message).expect("a signature");
    let mut signer = whole.signer_infos.0.get(0).expect("one").clone();
    change(&mut signer);
    whole.signer_infos = vec![signer].try_into().expect("a set");
    *message = encode(&whole).expect("encodable");
}

#[expect(clippy::too_many_lines, reason = "a list")]
pub fn mutations() -> Vec<Mutation> {
    vec![
        Mutation {
            name: ".p7s: removed",
            make: |case, to| {
                let root = case.copy(to);
                fs::remove_file(root.join(P7S)).expect("there");
                root
            },
            outside: OPENSSL,
        },
        Mutation {
            name: ".p7s: emptied",
            make: |case, to| changed(case, to, Vec::clear),
            outside: OPENSSL,
        },
        Mutation {
            name: ".p7s: a byte of the signature value",
            make: |case, to| {
                changed(case, to, |p7s| {
                    let value = signature_value(p7s).expect("ours");
                    let at = find(p7s, &value);
                    p7s[at + value.len() - 1] ^= 1;
                })
            },
            outside: OPENSSL,
        },
        Mutation {
            name: ".p7s: a byte of the signed digest",
            make: |case, to| {
                changed(case, to, |p7s| {
                    let at = find(p7s, Digest::of(&tagmanifest(case)).as_bytes());
                    p7s[at] ^= 1;
                })
            },
            outside: OPENSSL,
        },
        Mutation {
            name: ".p7s: a byte of the signer's certificate",
            make: |case, to| {
                changed(case, to, |p7s| {
                    let at = find(p7s, b"proves nothing");
                    p7s[at] ^= 1;
                })
            },
            outside: OPENSSL,
        },
        Mutation {
            name: ".p7s: by another signer",
            make: |case, to| {
                let other = signed_by("test-foreign-p256.p12", Some("test"), &tagmanifest(case));
                changed(case, to, |p7s| *p7s = other)
            },
            outside: OPENSSL,
        },
        Mutation {
            name: ".p7s: by the same signer over something else",
            make: |case, to| {
                let other = signed_by("demo-signer-not-secret.p12", None, b"something else");
                changed(case, to, |p7s| *p7s = other)
            },
            outside: OPENSSL,
        },
        Mutation {
            name: ".p7s: cut short",
            make: |case, to| changed(case, to, |p7s| p7s.truncate(p7s.len() - 1)),
            outside: OPENSSL,
        },
        Mutation {
            name: ".p7s: a byte after its end",
            make: |case, to| changed(case, to, |p7s| p7s.push(0)),
            outside: Outside::Script,
        },
        Mutation {
            name: "token: a byte of its signature",
            make: |case, to| {
                changed(case, to, |p7s| {
                    let last = p7s.len() - 1;
                    p7s[last] ^= 1;
                })
            },
            outside: PYHANKO,
        },
        Mutation {
            name: "token: another time",
            make: |case, to| {
                changed(case, to, |p7s| {
                    // GeneralizedTime of this century, in the TSTInfo.
                    let at = p7s
                        .windows(4)
                        .position(|window| window[0] == 0x18 && &window[2..] == b"20");
                    p7s[at.expect("a time") + 5] ^= 1;
                })
            },
            outside: PYHANKO,
        },
        Mutation {
            name: "token: over another signature",
            make: |case, to| {
                let authority = Authority::new();
                let other = signed_by("demo-signer-not-secret.p12", None, b"something else");
                let request = kisms::sign::timestamp::request(&other).expect("ours");
                let stamped = stamped_by(&authority, &bare(case), &request);
                changed(case, to, |p7s| *p7s = stamped)
            },
            outside: PYHANKO,
        },
        Mutation {
            name: "token: by an authority that nobody knows",
            make: |case, to| {
                let authority = Authority::new();
                let request = kisms::sign::timestamp::request(&bare(case)).expect("ours");
                let stamped = stamped_by(&authority, &bare(case), &request);
                changed(case, to, |p7s| *p7s = stamped)
            },
            outside: Outside::Script,
        },
        Mutation {
            name: "token: something else in its place",
            make: |case, to| {
                let stamped = with_timestamp(&bare(case), &[4, 1, 0]).expect("encodable");
                changed(case, to, |p7s| *p7s = stamped)
            },
            outside: PYHANKO,
        },
        Mutation {
            name: "token: removed",
            make: |case, to| {
                let bare = bare(case);
                changed(case, to, |p7s| *p7s = bare)
            },
            outside: Outside::Script,
        },
        Mutation {
            name: ".p7s: something else unsigned beside the token",
            make: |case, to| {
                changed(case, to, |p7s| {
                    edit_signer(p7s, |signer| {
                        let unsigned = signer.unsigned_attrs.as_mut().expect("a token");
                        let mut more = unsigned.get(0).expect("it").clone();
                        more.oid = ObjectIdentifier::new_unwrap("1.2.3.4");
                        unsigned.insert(more).expect("another one");
                    });
                })
            },
            outside: Outside::Nobody(
                "what is not signed is not the signer's, and tools pass over what they do not know",
            ),
        },
        Mutation {
            name: ".p7s: the hash named another in what is not signed",
            make: |case, to| {
                changed(case, to, |p7s| {
                    edit_signer(p7s, |signer| signer.digest_alg.oid = SHA_512);
                })
            },
            outside: OPENSSL,
        },
    ]
}
