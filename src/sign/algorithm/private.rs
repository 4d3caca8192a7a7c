//! Keys that sign.

use const_oid::db::rfc5912;
use der::Decode;
use p256::ecdsa as p256_ecdsa;
use p384::ecdsa as p384_ecdsa;
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::pkcs1v15;
use rsa::pkcs8::{DecodePrivateKey, PrivateKeyInfoRef};
use rsa::signature::hazmat::PrehashSigner;
use rsa::signature::{SignatureEncoding, Signer};
use rsa::traits::PublicKeyParts;
use sha2::Sha256;
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use super::pss::{ID_RSASSA_PSS, Pss};
use super::public::PublicKey;
use super::{Hash, RSA_ENCRYPTION, SIGNING_BITS, ecdsa_with_sha256, null, pss};
use crate::sign::identity::IdentityError;

/// A key that signs, always with SHA-256: that is the digest of the manifests as well, so a stronger
/// one would not make the bundle stronger. Every kind wipes itself when dropped.
pub(in crate::sign) enum PrivateKey {
    P256(p256_ecdsa::SigningKey),
    P384(p384_ecdsa::SigningKey),
    Rsa(Box<pkcs1v15::SigningKey<Sha256>>),
    Pss(Box<rsa::pss::SigningKey<Sha256>>),
}

impl PrivateKey {
    /// Reads PKCS#8 (RFC 5958), unencrypted. Attributes beside the key, such as the random number
    /// of Korean joint certificates, are passed over.
    pub(in crate::sign) fn from_pkcs8(der: &[u8]) -> Result<Self, IdentityError> {
        let info = PrivateKeyInfoRef::from_der(der).map_err(|e| unreadable(&e))?;
        match info.algorithm.oid {
            rfc5912::ID_EC_PUBLIC_KEY => Self::ec(&info, der),
            RSA_ENCRYPTION => {
                let key = rsa_key(&info)?;
                Ok(Self::Rsa(Box::new(pkcs1v15::SigningKey::new(key))))
            }
            ID_RSASSA_PSS => {
                let parameters = info.algorithm.parameters.map(Into::into);
                let oid = ID_RSASSA_PSS;
                check_pss(&AlgorithmIdentifierOwned { oid, parameters })?;
                let key = rsa_key(&info)?;
                Ok(Self::Pss(Box::new(rsa::pss::SigningKey::new(key))))
            }
            other => Err(IdentityError::UnsupportedKey(format!("algorithm {other}"))),
        }
    }

    fn ec(info: &PrivateKeyInfoRef<'_>, der: &[u8]) -> Result<Self, IdentityError> {
        match info.algorithm.parameters_oid() {
            Ok(rfc5912::SECP_256_R_1) => p256_ecdsa::SigningKey::from_pkcs8_der(der)
                .map(Self::P256)
                .map_err(|e| unreadable(&e)),
            Ok(rfc5912::SECP_384_R_1) => p384_ecdsa::SigningKey::from_pkcs8_der(der)
                .map(Self::P384)
                .map_err(|e| unreadable(&e)),
            Ok(curve) => Err(IdentityError::UnsupportedKey(format!(
                "elliptic curve {curve}"
            ))),
            Err(_) => Err(IdentityError::UnsupportedKey(
                "an elliptic curve without a name".into(),
            )),
        }
    }

    /// The key's kind, as [`key_name`](super::key_name) says it of a public one.
    pub(in crate::sign) fn name(&self) -> String {
        match self {
            Self::P256(_) => "ECDSA P-256".into(),
            Self::P384(_) => "ECDSA P-384".into(),
            Self::Rsa(key) => {
                let key: &rsa::PrivateKey = (**key).as_ref();
                format!("RSA {} bits", key.n().bit_width())
            }
            Self::Pss(key) => {
                let key: &rsa::PrivateKey = (**key).as_ref();
                format!("RSASSA-PSS {} bits", key.n().bit_width())
            }
        }
    }

    /// Whether a certificate with this public key is this key's.
    pub(in crate::sign) fn belongs_to(&self, public: &SubjectPublicKeyInfoOwned) -> bool {
        match (self, PublicKey::read(public)) {
            (Self::P256(key), Ok(PublicKey::P256(public))) => *key.verifying_key() == public,
            (Self::P384(key), Ok(PublicKey::P384(public))) => *key.verifying_key() == public,
            (Self::Rsa(key), Ok(PublicKey::Rsa(public, _))) => {
                *key.as_ref().as_ref().as_public_key() == public
            }
            (Self::Pss(key), Ok(PublicKey::Rsa(public, _))) => {
                *(**key).as_ref().as_public_key() == public
            }
            _ => false,
        }
    }

    /// The same key, as the certificate with this public key wants it used: an RSA key that a
    /// certificate names as one of RSASSA-PSS signs in no other way (RFC 4055 section 1.2).
    pub(in crate::sign) fn used_as(
        self,
        public: &SubjectPublicKeyInfoOwned,
    ) -> Result<Self, IdentityError> {
        if public.algorithm.oid != ID_RSASSA_PSS {
            return Ok(self);
        }
        check_pss(&public.algorithm)?;
        Ok(match self {
            Self::Rsa(key) => {
                let key: &rsa::PrivateKey = (*key).as_ref();
                Self::Pss(Box::new(rsa::pss::SigningKey::new(key.clone())))
            }
            other => other,
        })
    }

    /// The signature over `message`: the same bytes each time (RFC 6979, RFC 8017 section 8.2), but
    /// for PSS, whose salt the system draws.
    pub(in crate::sign) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rsa::signature::Error> {
        Ok(match self {
            Self::P256(key) => {
                let signature: p256_ecdsa::Signature = key.try_sign(message)?;
                signature.to_der().as_bytes().to_vec()
            }
            Self::P384(key) => {
                let hash = Hash::Sha256.of(message);
                let signature: p384_ecdsa::Signature = key.sign_prehash(&hash)?;
                signature.to_der().as_bytes().to_vec()
            }
            Self::Rsa(key) => key.try_sign(message)?.to_vec(),
            Self::Pss(key) => key.try_sign(message)?.to_vec(),
        })
    }

    /// What [`PrivateKey::sign`] does, for a signature's `signatureAlgorithm`.
    pub(in crate::sign) fn algorithm(&self) -> AlgorithmIdentifierOwned {
        match self {
            Self::P256(_) | Self::P384(_) => ecdsa_with_sha256(),
            Self::Rsa(_) => AlgorithmIdentifierOwned {
                oid: rfc5912::SHA_256_WITH_RSA_ENCRYPTION,
                parameters: Some(null()),
            },
            Self::Pss(_) => pss::ours(),
        }
    }
}

fn unreadable(error: &dyn std::fmt::Display) -> IdentityError {
    IdentityError::Unreadable(format!("the private key: {error}"))
}

fn rsa_key(info: &PrivateKeyInfoRef<'_>) -> Result<rsa::PrivateKey, IdentityError> {
    let key = rsa::PrivateKey::from_pkcs1_der(info.private_key.as_bytes());
    let key = key.map_err(|e| unreadable(&e))?;
    let bits = key.n().bit_width();
    if !SIGNING_BITS.contains(&bits) {
        return Err(IdentityError::UnsupportedKey(format!("RSA of {bits} bits")));
    }
    Ok(key)
}

/// Whether a key with these parameters may sign as we do.
fn check_pss(algorithm: &AlgorithmIdentifierOwned) -> Result<(), IdentityError> {
    let limits = Pss::of_key(algorithm).map_err(IdentityError::UnsupportedKey)?;
    if Pss::OURS.fits(limits) {
        return Ok(());
    }
    Err(IdentityError::UnsupportedKey(
        "RSASSA-PSS that is limited to another hash than SHA-256, or a longer salt than its".into(),
    ))
}
