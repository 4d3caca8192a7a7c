//! Keys that verify.

use const_oid::db::rfc5912;
use der::referenced::OwnedToRef;
use p256::ecdsa as p256_ecdsa;
use p384::ecdsa as p384_ecdsa;
use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::pkcs1v15;
use rsa::signature::hazmat::PrehashVerifier;
use rsa::traits::PublicKeyParts;
use sha2::{Sha256, Sha384, Sha512};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use super::pss::{ID_RSASSA_PSS, Pss};
use super::{Hash, RSA_ENCRYPTION, SIGNING_BITS, null};

/// A key that verifies.
pub(super) enum PublicKey {
    P256(p256_ecdsa::VerifyingKey),
    P384(p384_ecdsa::VerifyingKey),
    Rsa(rsa::PublicKey, Padding),
}

/// How an RSA key may be used.
pub(super) enum Padding {
    /// As a signature says.
    Any,
    /// For PSS alone, within these limits.
    Pss(Option<Pss>),
}

/// A signature algorithm.
enum Scheme {
    Ecdsa(Hash),
    Pkcs1(Hash),
    Pss(Pss),
}

impl PublicKey {
    pub(super) fn read(spki: &SubjectPublicKeyInfoOwned) -> Result<Self, String> {
        match spki.algorithm.oid {
            rfc5912::ID_EC_PUBLIC_KEY => Self::ec(spki),
            RSA_ENCRYPTION if spki.algorithm.parameters == Some(null()) => {
                Ok(Self::Rsa(rsa_key(spki)?, Padding::Any))
            }
            ID_RSASSA_PSS => {
                let limits = Pss::of_key(&spki.algorithm)?;
                Ok(Self::Rsa(rsa_key(spki)?, Padding::Pss(limits)))
            }
            other => Err(format!("a key of the unknown algorithm {other}")),
        }
    }

    fn ec(spki: &SubjectPublicKeyInfoOwned) -> Result<Self, String> {
        let key = spki.owned_to_ref();
        let read = match key.algorithm.parameters_oid() {
            Ok(rfc5912::SECP_256_R_1) => p256_ecdsa::VerifyingKey::try_from(key).map(Self::P256),
            Ok(rfc5912::SECP_384_R_1) => p384_ecdsa::VerifyingKey::try_from(key).map(Self::P384),
            _ => return Err("an elliptic curve key that is not on P-256 or P-384".into()),
        };
        read.map_err(|_| "an elliptic curve key that is no point of its curve".into())
    }
}

fn rsa_key(spki: &SubjectPublicKeyInfoOwned) -> Result<rsa::PublicKey, String> {
    let bytes = spki.subject_public_key.as_bytes();
    let bytes = bytes.ok_or("an RSA key that is not whole bytes")?;
    let key = rsa::PublicKey::from_pkcs1_der(bytes).map_err(|e| format!("RSA key: {e}"))?;
    let bits = key.n().bit_width();
    if bits < *SIGNING_BITS.start() {
        return Err(format!("an RSA key of {bits} bits is too short"));
    }
    Ok(key)
}

impl Scheme {
    /// One of RFC 4055 section 5 with NULL parameters, of RFC 5758 section 3.2 without, or PSS.
    fn read(algorithm: &AlgorithmIdentifierOwned) -> Result<Self, String> {
        use rfc5912::{
            ECDSA_WITH_SHA_256, ECDSA_WITH_SHA_384, ECDSA_WITH_SHA_512,
            SHA_256_WITH_RSA_ENCRYPTION, SHA_384_WITH_RSA_ENCRYPTION, SHA_512_WITH_RSA_ENCRYPTION,
        };
        let (scheme, expected) = match algorithm.oid {
            ECDSA_WITH_SHA_256 => (Self::Ecdsa(Hash::Sha256), None),
            ECDSA_WITH_SHA_384 => (Self::Ecdsa(Hash::Sha384), None),
            ECDSA_WITH_SHA_512 => (Self::Ecdsa(Hash::Sha512), None),
            SHA_256_WITH_RSA_ENCRYPTION => (Self::Pkcs1(Hash::Sha256), Some(null())),
            SHA_384_WITH_RSA_ENCRYPTION => (Self::Pkcs1(Hash::Sha384), Some(null())),
            SHA_512_WITH_RSA_ENCRYPTION => (Self::Pkcs1(Hash::Sha512), Some(null())),
            ID_RSASSA_PSS => {
                let parameters = algorithm.parameters.as_ref();
                let parameters = parameters.ok_or("RSASSA-PSS without parameters means SHA-1")?;
                return Pss::read(parameters).map(Self::Pss);
            }
            other => {
                return Err(format!(
                    "the signature algorithm {other} is none of RSA and ECDSA with SHA-2"
                ));
            }
        };
        if algorithm.parameters != expected {
            return Err(format!(
                "signature algorithm {} has parameters that it must not have",
                algorithm.oid
            ));
        }
        Ok(scheme)
    }
}

/// Whether `signature` over `message` is that of the key. `Err` says why not.
pub(in crate::sign) fn verify(
    spki: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifierOwned,
    message: &[u8],
    signature: &[u8],
) -> Result<(), String> {
    let holds = match (PublicKey::read(spki)?, Scheme::read(algorithm)?) {
        (PublicKey::P256(key), Scheme::Ecdsa(hash)) => p256_ecdsa::Signature::from_der(signature)
            .and_then(|signature| key.verify_prehash(&hash.of(message), &signature)),
        (PublicKey::P384(key), Scheme::Ecdsa(hash)) => p384_ecdsa::Signature::from_der(signature)
            .and_then(|signature| key.verify_prehash(&hash.of(message), &signature)),
        (PublicKey::Rsa(key, Padding::Any), Scheme::Pkcs1(hash)) => {
            pkcs1(key, hash, &hash.of(message), signature)
        }
        (PublicKey::Rsa(key, Padding::Any), Scheme::Pss(pss)) => {
            verify_pss(key, pss, &pss.hash.of(message), signature)
        }
        (PublicKey::Rsa(key, Padding::Pss(limits)), Scheme::Pss(pss)) if pss.fits(limits) => {
            verify_pss(key, pss, &pss.hash.of(message), signature)
        }
        _ => return Err("the signature algorithm is not one of the key's".into()),
    };
    holds.map_err(|_| "the signature value is not the key's over these bytes".into())
}

fn pkcs1(
    key: rsa::PublicKey,
    hash: Hash,
    digest: &[u8],
    signature: &[u8],
) -> rsa::signature::Result<()> {
    use pkcs1v15::VerifyingKey;
    let signature = &pkcs1v15::Signature::try_from(signature)?;
    match hash {
        Hash::Sha256 => VerifyingKey::<Sha256>::new(key).verify_prehash(digest, signature),
        Hash::Sha384 => VerifyingKey::<Sha384>::new(key).verify_prehash(digest, signature),
        Hash::Sha512 => VerifyingKey::<Sha512>::new(key).verify_prehash(digest, signature),
    }
}

fn verify_pss(
    key: rsa::PublicKey,
    pss: Pss,
    digest: &[u8],
    signature: &[u8],
) -> rsa::signature::Result<()> {
    use rsa::pss::VerifyingKey;
    let signature = &rsa::pss::Signature::try_from(signature)?;
    let salt = usize::from(pss.salt);
    match pss.hash {
        Hash::Sha256 => {
            VerifyingKey::<Sha256>::new_with_salt_len(key, salt).verify_prehash(digest, signature)
        }
        Hash::Sha384 => {
            VerifyingKey::<Sha384>::new_with_salt_len(key, salt).verify_prehash(digest, signature)
        }
        Hash::Sha512 => {
            VerifyingKey::<Sha512>::new_with_salt_len(key, salt).verify_prehash(digest, signature)
        }
    }
}
