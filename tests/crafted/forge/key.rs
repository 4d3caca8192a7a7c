//! Keys of every kind, the same in every run.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use rsa::pkcs1::{DecodeRsaPrivateKey as _, EncodeRsaPublicKey as _};
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::signature::SignatureEncoding as _;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::der::{bits, context, int, null, oid, seq};
use crate::signed::repository;

/// What signs. Keys on a curve are known by a name: another name is another key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    P256(&'static str),
    P384(&'static str),
    /// RSA of 3,072 bits, PKCS#1 v1.5.
    Rsa,
    /// The same key with RSASSA-PSS.
    Pss,
    /// RSA of 1,024 bits, PKCS#1 v1.5.
    Short,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

pub const EC_KEY: &str = "1.2.840.10045.2.1";
const RSA_KEY: &str = "1.2.840.113549.1.1.1";
const PSS: &str = "1.2.840.113549.1.1.10";

static RSA_3072: LazyLock<rsa::PrivateKey> = LazyLock::new(|| {
    let pem = std::fs::read_to_string(repository("fixtures/keys/test-rsa-3072.pem"));
    let pem = pem.expect("a key");
    let (_, rest) = pem.split_once("-----BEGIN PRIVATE KEY-----").expect("it");
    let (base64, _) = rest.split_once("-----END").expect("its end");
    let der = STANDARD.decode(base64.replace('\n', "")).expect("base64");
    rsa::PrivateKey::from_pkcs8_der(&der).expect("a key")
});

/// A key that nobody may use any more, and that signs nothing outside these tests.
static RSA_1024: LazyLock<rsa::PrivateKey> = LazyLock::new(|| {
    let der = STANDARD.decode(include_str!("rsa-1024.b64").replace('\n', ""));
    rsa::PrivateKey::from_pkcs1_der(&der.expect("base64")).expect("a key")
});

impl Hash {
    pub fn of(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => sha1::Sha1::digest(message).to_vec(),
            Self::Sha256 => Sha256::digest(message).to_vec(),
            Self::Sha384 => Sha384::digest(message).to_vec(),
            Self::Sha512 => Sha512::digest(message).to_vec(),
        }
    }

    /// Its `AlgorithmIdentifier`, without parameters.
    pub fn algorithm(self) -> Vec<u8> {
        seq(&[oid(match self {
            Self::Sha1 => "1.3.14.3.2.26",
            Self::Sha256 => "2.16.840.1.101.3.4.2.1",
            Self::Sha384 => "2.16.840.1.101.3.4.2.2",
            Self::Sha512 => "2.16.840.1.101.3.4.2.3",
        })])
    }

    fn with_ecdsa(self) -> Vec<u8> {
        seq(&[oid(match self {
            Self::Sha1 => "1.2.840.10045.4.1",
            Self::Sha256 => "1.2.840.10045.4.3.2",
            Self::Sha384 => "1.2.840.10045.4.3.3",
            Self::Sha512 => "1.2.840.10045.4.3.4",
        })])
    }

    fn with_rsa(self) -> Vec<u8> {
        let name = match self {
            Self::Sha1 => "1.2.840.113549.1.1.5",
            Self::Sha256 => "1.2.840.113549.1.1.11",
            Self::Sha384 => "1.2.840.113549.1.1.12",
            Self::Sha512 => "1.2.840.113549.1.1.13",
        };
        seq(&[oid(name), null()])
    }
}

/// A private number that the name leads to, below the order of either curve.
fn secret(name: &str) -> [u8; 32] {
    let mut bytes: [u8; 32] = Sha256::digest(name).into();
    bytes[0] &= 0x7f;
    bytes
}

fn p256(name: &str) -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&secret(name)).expect("a number in range")
}

fn p384(name: &str) -> p384::ecdsa::SigningKey {
    let number = [[0; 16].as_slice(), &secret(name)].concat();
    p384::ecdsa::SigningKey::from_slice(&number).expect("a number in range")
}

impl Key {
    /// `SubjectPublicKeyInfo`.
    pub fn public(self) -> Vec<u8> {
        let of_curve =
            |curve: &str, point: &[u8]| seq(&[seq(&[oid(EC_KEY), oid(curve)]), bits(0, point)]);
        let of_rsa = |key: &rsa::PrivateKey, algorithm: Vec<u8>| {
            let public = key.as_public_key().to_pkcs1_der().expect("a key");
            seq(&[algorithm, bits(0, public.as_bytes())])
        };
        let rsa = seq(&[oid(RSA_KEY), null()]);
        match self {
            Self::P256(name) => of_curve(
                "1.2.840.10045.3.1.7",
                p256(name).verifying_key().to_sec1_point(false).as_bytes(),
            ),
            Self::P384(name) => of_curve(
                "1.3.132.0.34",
                p384(name).verifying_key().to_sec1_point(false).as_bytes(),
            ),
            Self::Rsa => of_rsa(&RSA_3072, rsa),
            Self::Pss => of_rsa(&RSA_3072, seq(&[oid(PSS)])),
            Self::Short => of_rsa(&RSA_1024, rsa),
        }
    }

    /// The `AlgorithmIdentifier` of its signatures.
    pub fn algorithm(self, hash: Hash) -> Vec<u8> {
        match self {
            Self::P256(_) | Self::P384(_) => hash.with_ecdsa(),
            Self::Rsa | Self::Short => hash.with_rsa(),
            Self::Pss => {
                let inner = hash.algorithm();
                let mask = seq(&[oid("1.2.840.113549.1.1.8"), inner.clone()]);
                let salt = int(hash.of(b"").len() as u64);
                let parts = [
                    context(0, &[inner]),
                    context(1, &[mask]),
                    context(2, &[salt]),
                ];
                seq(&[oid(PSS), seq(&parts)])
            }
        }
    }

    pub fn sign(self, hash: Hash, message: &[u8]) -> Vec<u8> {
        let digest = hash.of(message);
        match self {
            Self::P256(name) => {
                let value: p256::ecdsa::Signature =
                    p256(name).sign_prehash(&digest).expect("it signs");
                value.to_der().as_bytes().to_vec()
            }
            Self::P384(name) => {
                let value: p384::ecdsa::Signature =
                    p384(name).sign_prehash(&digest).expect("it signs");
                value.to_der().as_bytes().to_vec()
            }
            Self::Rsa => pkcs1(&RSA_3072, hash, &digest),
            Self::Short => pkcs1(&RSA_1024, hash, &digest),
            Self::Pss => pss(hash, &digest),
        }
    }
}

fn pkcs1(key: &rsa::PrivateKey, hash: Hash, digest: &[u8]) -> Vec<u8> {
    use rsa::pkcs1v15::SigningKey;
    let key = key.clone();
    let value = match hash {
        Hash::Sha1 => SigningKey::<sha1::Sha1>::new_unprefixed(key).sign_prehash(&prefixed(digest)),
        Hash::Sha256 => SigningKey::<Sha256>::new(key).sign_prehash(digest),
        Hash::Sha384 => SigningKey::<Sha384>::new(key).sign_prehash(digest),
        Hash::Sha512 => SigningKey::<Sha512>::new(key).sign_prehash(digest),
    };
    value.expect("it signs").to_vec()
}

/// `DigestInfo` of SHA-1 (RFC 8017 section 9.2).
fn prefixed(digest: &[u8]) -> Vec<u8> {
    let algorithm = seq(&[oid("1.3.14.3.2.26"), null()]);
    seq(&[algorithm, super::der::octets(digest)])
}

/// RSASSA-PSS draws its salt: what was signed once keeps its signature.
fn pss(hash: Hash, digest: &[u8]) -> Vec<u8> {
    static SIGNED: Mutex<BTreeMap<Vec<u8>, Vec<u8>>> = Mutex::new(BTreeMap::new());
    let mut signed = SIGNED.lock().expect("one thread");
    let value = signed.entry(digest.to_vec());
    value.or_insert_with(|| drawn(hash, digest)).clone()
}

fn drawn(hash: Hash, digest: &[u8]) -> Vec<u8> {
    use rsa::pss::SigningKey;
    let key = RSA_3072.clone();
    let value = match hash {
        Hash::Sha1 | Hash::Sha256 => SigningKey::<Sha256>::new(key).sign_prehash(digest),
        Hash::Sha384 => SigningKey::<Sha384>::new(key).sign_prehash(digest),
        Hash::Sha512 => SigningKey::<Sha512>::new(key).sign_prehash(digest),
    };
    value.expect("it signs").to_vec()
}
