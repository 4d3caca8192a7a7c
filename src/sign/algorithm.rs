//! The algorithms in use: RSA, PKCS#1 v1.5 or PSS, and ECDSA on P-256 and P-384, with SHA-2
//! (RFC 8017, FIPS 186-5).

mod name;
mod private;
mod pss;
mod public;

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912;
use der::asn1::{Any, AnyRef};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use spki::AlgorithmIdentifierOwned;

pub(super) use name::key_name;
pub(super) use private::PrivateKey;
pub(super) use public::verify;
pub(super) use rfc5912::{ID_SHA_256, RSA_ENCRYPTION};

/// The moduli that sign, in bits; less is no longer safe, more is slow and not asked for.
const SIGNING_BITS: std::ops::RangeInclusive<u32> = 2048..=4096;

/// SHA-256 without parameters, as RFC 5754 section 2 wants it written.
pub(super) fn sha256() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned {
        oid: ID_SHA_256,
        parameters: None,
    }
}

/// Whether this is SHA-256; RFC 5754 section 2 has readers take absent and NULL parameters.
pub(super) fn is_sha256(algorithm: &AlgorithmIdentifierOwned) -> bool {
    algorithm.oid == ID_SHA_256 && null_or_absent(algorithm)
}

fn null_or_absent(algorithm: &AlgorithmIdentifierOwned) -> bool {
    algorithm
        .parameters
        .as_ref()
        .is_none_or(|parameters| *parameters == null())
}

fn null() -> Any {
    Any::from(AnyRef::NULL)
}

/// ECDSA with SHA-256; without parameters (RFC 5758 section 3.2).
pub(super) fn ecdsa_with_sha256() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned {
        oid: rfc5912::ECDSA_WITH_SHA_256,
        parameters: None,
    }
}

/// The hash of a signature algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn of(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(message).to_vec(),
            Self::Sha384 => Sha384::digest(message).to_vec(),
            Self::Sha512 => Sha512::digest(message).to_vec(),
        }
    }

    /// `None` for what is not of the SHA-2 family.
    fn named(oid: ObjectIdentifier) -> Option<Self> {
        match oid {
            ID_SHA_256 => Some(Self::Sha256),
            rfc5912::ID_SHA_384 => Some(Self::Sha384),
            rfc5912::ID_SHA_512 => Some(Self::Sha512),
            _ => None,
        }
    }
}

/// The digest of `message` by an algorithm of the SHA-2 family. `Err` says which it is instead.
pub(super) fn digest(
    algorithm: &AlgorithmIdentifierOwned,
    message: &[u8],
) -> Result<Vec<u8>, String> {
    match Hash::named(algorithm.oid) {
        Some(hash) if null_or_absent(algorithm) => Ok(hash.of(message)),
        _ => Err(format!(
            "the digest algorithm {} is not one of SHA-2",
            algorithm.oid
        )),
    }
}

/// `rsaEncryption` as a signer's signature algorithm means PKCS#1 v1.5 with the signer's digest
/// (RFC 3370 section 3.2); OpenSSL writes it so. Anything else is left as it is.
pub(super) fn with_digest_named(
    algorithm: &AlgorithmIdentifierOwned,
    digest: &AlgorithmIdentifierOwned,
) -> AlgorithmIdentifierOwned {
    let oid: ObjectIdentifier = match (algorithm.oid, digest.oid) {
        (RSA_ENCRYPTION, ID_SHA_256) => rfc5912::SHA_256_WITH_RSA_ENCRYPTION,
        (RSA_ENCRYPTION, rfc5912::ID_SHA_384) => rfc5912::SHA_384_WITH_RSA_ENCRYPTION,
        (RSA_ENCRYPTION, rfc5912::ID_SHA_512) => rfc5912::SHA_512_WITH_RSA_ENCRYPTION,
        (other, _) => other,
    };
    AlgorithmIdentifierOwned {
        oid,
        parameters: algorithm.parameters.clone(),
    }
}

#[cfg(test)]
mod tests;
