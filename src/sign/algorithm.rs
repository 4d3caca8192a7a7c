//! The algorithms in use: RSA PKCS#1 v1.5 and ECDSA on P-256, with SHA-2 (RFC 8017, FIPS 186-5).

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912;
use der::Decode;
use der::asn1::{Any, AnyRef};
use der::referenced::OwnedToRef;
use p256::ecdsa;
use rsa::pkcs1v15;
use rsa::pkcs8::{DecodePrivateKey, PrivateKeyInfoRef};
use rsa::signature::hazmat::PrehashVerifier;
use rsa::signature::{SignatureEncoding, Signer, Verifier};
use rsa::traits::PublicKeyParts;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

pub(super) use rfc5912::{ID_SHA_256, RSA_ENCRYPTION};

use super::identity::IdentityError;

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

/// A key that signs. Both kinds wipe themselves when dropped.
pub(super) enum PrivateKey {
    P256(ecdsa::SigningKey),
    Rsa(Box<pkcs1v15::SigningKey<Sha256>>),
}

impl PrivateKey {
    /// Reads PKCS#8 (RFC 5958), unencrypted.
    pub(super) fn from_pkcs8(der: &[u8]) -> Result<Self, IdentityError> {
        let info = PrivateKeyInfoRef::from_der(der)
            .map_err(|e| IdentityError::Unreadable(format!("the private key: {e}")))?;
        match info.algorithm.oid {
            rfc5912::ID_EC_PUBLIC_KEY => Self::ec(&info, der),
            RSA_ENCRYPTION => Self::rsa(der),
            other => Err(IdentityError::UnsupportedKey(format!("algorithm {other}"))),
        }
    }

    fn ec(info: &PrivateKeyInfoRef<'_>, der: &[u8]) -> Result<Self, IdentityError> {
        match info.algorithm.parameters_oid() {
            Ok(rfc5912::SECP_256_R_1) => ecdsa::SigningKey::from_pkcs8_der(der)
                .map(Self::P256)
                .map_err(|e| IdentityError::Unreadable(format!("the private key: {e}"))),
            Ok(curve) => Err(IdentityError::UnsupportedKey(format!(
                "elliptic curve {curve}"
            ))),
            Err(_) => Err(IdentityError::UnsupportedKey(
                "an elliptic curve without a name".into(),
            )),
        }
    }

    fn rsa(der: &[u8]) -> Result<Self, IdentityError> {
        let key = rsa::PrivateKey::from_pkcs8_der(der)
            .map_err(|e| IdentityError::Unreadable(format!("the private key: {e}")))?;
        let bits = key.n().bit_width();
        if !SIGNING_BITS.contains(&bits) {
            return Err(IdentityError::UnsupportedKey(format!("RSA of {bits} bits")));
        }
        Ok(Self::Rsa(Box::new(pkcs1v15::SigningKey::new(key))))
    }

    /// Whether a certificate with this public key is this key's.
    pub(super) fn belongs_to(&self, public: &SubjectPublicKeyInfoOwned) -> bool {
        match (self, PublicKey::read(public)) {
            (Self::P256(key), Ok(PublicKey::P256(public))) => *key.verifying_key() == public,
            (Self::Rsa(key), Ok(PublicKey::Rsa(public))) => {
                *key.as_ref().as_ref().as_public_key() == public
            }
            _ => false,
        }
    }

    /// The signature over `message`: the same bytes each time (RFC 6979, RFC 8017 section 8.2).
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rsa::signature::Error> {
        Ok(match self {
            Self::P256(key) => {
                let signature: ecdsa::Signature = key.try_sign(message)?;
                signature.to_der().as_bytes().to_vec()
            }
            Self::Rsa(key) => key.try_sign(message)?.to_vec(),
        })
    }

    /// What [`PrivateKey::sign`] does, for a signature's `signatureAlgorithm`.
    pub(super) fn algorithm(&self) -> AlgorithmIdentifierOwned {
        match self {
            Self::P256(_) => ecdsa_with_sha256(),
            Self::Rsa(_) => AlgorithmIdentifierOwned {
                oid: rfc5912::SHA_256_WITH_RSA_ENCRYPTION,
                parameters: Some(null()),
            },
        }
    }
}

/// ECDSA with SHA-256; without parameters (RFC 5758 section 3.2).
pub(super) fn ecdsa_with_sha256() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned {
        oid: rfc5912::ECDSA_WITH_SHA_256,
        parameters: None,
    }
}

/// A key that verifies.
enum PublicKey {
    P256(ecdsa::VerifyingKey),
    Rsa(rsa::PublicKey),
}

impl PublicKey {
    fn read(spki: &SubjectPublicKeyInfoOwned) -> Result<Self, String> {
        let key = spki.owned_to_ref();
        match spki.algorithm.oid {
            rfc5912::ID_EC_PUBLIC_KEY => ecdsa::VerifyingKey::try_from(key)
                .map(Self::P256)
                .map_err(|_| "an elliptic curve key that is not on P-256".into()),
            RSA_ENCRYPTION => {
                let key = rsa::PublicKey::try_from(key).map_err(|e| format!("RSA key: {e}"))?;
                let bits = key.n().bit_width();
                if bits < *SIGNING_BITS.start() {
                    return Err(format!("an RSA key of {bits} bits is too short"));
                }
                Ok(Self::Rsa(key))
            }
            other => Err(format!("a key of the unknown algorithm {other}")),
        }
    }
}

/// The hash of a signature algorithm.
#[derive(Clone, Copy, PartialEq, Eq)]
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
}

/// The digest of `message` by an algorithm of the SHA-2 family. `Err` says which it is instead.
pub(super) fn digest(
    algorithm: &AlgorithmIdentifierOwned,
    message: &[u8],
) -> Result<Vec<u8>, String> {
    let hash = match algorithm.oid {
        ID_SHA_256 => Hash::Sha256,
        rfc5912::ID_SHA_384 => Hash::Sha384,
        rfc5912::ID_SHA_512 => Hash::Sha512,
        other => return Err(format!("unknown digest algorithm {other}")),
    };
    Ok(hash.of(message))
}

/// Whether `signature` over `message` is that of the key. `Err` says why not.
///
/// The algorithm is one of RFC 4055 section 5 with NULL parameters, or RFC 5758 section 3.2 without.
pub(super) fn verify(
    spki: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifierOwned,
    message: &[u8],
    signature: &[u8],
) -> Result<(), String> {
    use rfc5912::{
        ECDSA_WITH_SHA_256, ECDSA_WITH_SHA_384, ECDSA_WITH_SHA_512, SHA_256_WITH_RSA_ENCRYPTION,
        SHA_384_WITH_RSA_ENCRYPTION, SHA_512_WITH_RSA_ENCRYPTION,
    };
    let hash = match algorithm.oid {
        ECDSA_WITH_SHA_256 | SHA_256_WITH_RSA_ENCRYPTION => Hash::Sha256,
        ECDSA_WITH_SHA_384 | SHA_384_WITH_RSA_ENCRYPTION => Hash::Sha384,
        ECDSA_WITH_SHA_512 | SHA_512_WITH_RSA_ENCRYPTION => Hash::Sha512,
        other => return Err(format!("unknown signature algorithm {other}")),
    };
    let ec = [ECDSA_WITH_SHA_256, ECDSA_WITH_SHA_384, ECDSA_WITH_SHA_512].contains(&algorithm.oid);
    let expected = if ec { None } else { Some(null()) };
    if algorithm.parameters != expected {
        return Err(format!(
            "signature algorithm {} has parameters that it must not have",
            algorithm.oid
        ));
    }
    let holds = match (PublicKey::read(spki)?, ec) {
        (PublicKey::P256(key), true) => ecdsa::Signature::from_der(signature)
            .and_then(|signature| key.verify_prehash(&hash.of(message), &signature)),
        (PublicKey::Rsa(key), false) => pkcs1v15::Signature::try_from(signature)
            .and_then(|signature| verify_rsa(key, hash, message, &signature)),
        _ => return Err("the signature algorithm is not one of the key's".into()),
    };
    holds.map_err(|_| "the signature value is not the key's over these bytes".into())
}

fn verify_rsa(
    key: rsa::PublicKey,
    hash: Hash,
    message: &[u8],
    signature: &pkcs1v15::Signature,
) -> rsa::signature::Result<()> {
    match hash {
        Hash::Sha256 => pkcs1v15::VerifyingKey::<Sha256>::new(key).verify(message, signature),
        Hash::Sha384 => pkcs1v15::VerifyingKey::<Sha384>::new(key).verify(message, signature),
        Hash::Sha512 => pkcs1v15::VerifyingKey::<Sha512>::new(key).verify(message, signature),
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
