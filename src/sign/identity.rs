//! A signing identity: a private key, its certificate and the chain above it, from PKCS#12
//! (RFC 7292), PEM (RFC 7468), or a Korean joint certificate on disk.
//!
//! | file | what is in it |
//! |---|---|
//! | PKCS#12, modern (PBES2) or legacy (3DES, RC2) | the key and its certificates |
//! | PEM | a PKCS#8 key, encrypted or not, and certificates in any order |
//! | `signPri.key` | a PKCS#8 key in DER, encrypted, mostly with SEED; `signCert.der` lies beside it |

use std::fmt;

use der::Decode;
use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error as Pkcs12Error;
use rsa::pkcs8::PrivateKeyInfoRef;

use super::algorithm::PrivateKey;
use super::certificate::{Certificate, Purpose};
use super::pem::{self, Block};
use crate::digest::Digest;
use crate::time::Moment;

mod encrypted;
mod error;

pub use error::IdentityError;

/// No chain is longer, the signer's certificate and the root included.
pub(super) const MAX_CHAIN: usize = 8;

/// A private key with its certificates. The key is wiped when this is dropped, and never shown.
pub struct Identity {
    key: PrivateKey,
    certificates: Vec<Certificate>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("certificates", &self.certificates)
            .finish_non_exhaustive()
    }
}

impl Identity {
    /// Reads a key file with its certificates. Without a password a PKCS#12 file is tried with the
    /// empty one.
    pub fn load(bytes: &[u8], password: Option<&str>) -> Result<Self, IdentityError> {
        Self::load_with(bytes, &[], password)
    }

    /// The same with certificates from other files too, each one in DER or PEM.
    pub fn load_with(
        bytes: &[u8],
        certificates: &[Vec<u8>],
        password: Option<&str>,
    ) -> Result<Self, IdentityError> {
        let mut parts = if pem::is_pem(bytes) {
            Parts::from_pem(bytes, password)?
        } else if looks_like_pkcs12(bytes) {
            Parts::from_pkcs12(bytes, password)?
        } else if encrypted::is_encrypted(bytes) {
            let key = encrypted::decrypt(bytes, password)?;
            Parts::of_key(PrivateKey::from_pkcs8(&key)?)
        } else if PrivateKeyInfoRef::from_der(bytes).is_ok() {
            Parts::of_key(PrivateKey::from_pkcs8(bytes)?)
        } else {
            return Err(IdentityError::Garbage);
        };
        for file in certificates {
            parts.add_certificates(file)?;
        }
        parts.join()
    }

    /// The signer's certificate first, then each one's issuer as far as the file holds it.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// The signer's certificate.
    pub fn certificate(&self) -> &Certificate {
        self.certificates
            .first()
            .expect("an identity is built from its own certificate")
    }

    /// The signer's name as RFC 4514 writes it.
    pub fn subject(&self) -> String {
        self.certificate().subject()
    }

    /// SHA-256 over the signer's certificate.
    pub fn sha256(&self) -> Digest {
        self.certificate().sha256()
    }

    /// Whether the signer's certificate may sign at this moment.
    pub fn check_valid_at(&self, at: Moment) -> Result<(), IdentityError> {
        let certificate = self.certificate();
        if certificate.check_valid_at(at).is_err() {
            let (from, to) = certificate.validity();
            let subject = certificate.subject();
            return Err(if at < from {
                IdentityError::NotYetValid {
                    subject,
                    at,
                    from,
                    to,
                }
            } else {
                IdentityError::Expired {
                    subject,
                    at,
                    from,
                    to,
                }
            });
        }
        certificate
            .check_purpose(Purpose::Signing)
            .map_err(IdentityError::NotForSigning)
    }

    pub(super) fn key(&self) -> &PrivateKey {
        &self.key
    }
}

/// What lies in key files, before it is joined.
struct Parts {
    key: PrivateKey,
    certificates: Vec<Certificate>,
}

impl Parts {
    fn of_key(key: PrivateKey) -> Self {
        let certificates = Vec::new();
        Self { key, certificates }
    }

    fn from_pkcs12(bytes: &[u8], password: Option<&str>) -> Result<Self, IdentityError> {
        if bytes.get(1) == Some(&0x80) {
            return Err(IdentityError::UnsupportedFile(
                "it is written in BER with lengths left open, not in DER".into(),
            ));
        }
        let archive = Pkcs12Archive::from_pkcs12(bytes, password.unwrap_or(""))
            .map_err(|error| pkcs12_error(&error, password))?;
        let key = match archive.keys.as_slice() {
            [] => return Err(IdentityError::NoKey),
            [bag] => PrivateKey::from_pkcs8(bag.key.as_der())?,
            several => return Err(IdentityError::SeveralKeys(several.len())),
        };
        let mut parts = Self::of_key(key);
        for bag in &archive.certs {
            parts.add_certificate(bag.cert.as_der())?;
        }
        Ok(parts)
    }

    fn from_pem(bytes: &[u8], password: Option<&str>) -> Result<Self, IdentityError> {
        let blocks = pem::blocks(bytes).map_err(IdentityError::Unreadable)?;
        let keys: Vec<&Block> = blocks
            .iter()
            .filter(|block| block.label.ends_with("PRIVATE KEY"))
            .collect();
        let key = match keys.as_slice() {
            [] => return Err(IdentityError::NoKey),
            [block] => pem_key(block, password)?,
            several => return Err(IdentityError::SeveralKeys(several.len())),
        };
        let mut parts = Self::of_key(key);
        parts.add_blocks(&blocks)?;
        Ok(parts)
    }

    fn add_certificates(&mut self, file: &[u8]) -> Result<(), IdentityError> {
        if !pem::is_pem(file) {
            return self.add_certificate(file);
        }
        let blocks = pem::blocks(file).map_err(IdentityError::Unreadable)?;
        self.add_blocks(&blocks)
    }

    fn add_blocks(&mut self, blocks: &[Block]) -> Result<(), IdentityError> {
        let certificates = blocks
            .iter()
            .filter(|block| matches!(block.label.as_str(), "CERTIFICATE" | "X509 CERTIFICATE"));
        for block in certificates {
            self.add_certificate(&block.der)?;
        }
        Ok(())
    }

    fn add_certificate(&mut self, der: &[u8]) -> Result<(), IdentityError> {
        let certificate = Certificate::from_der(der).map_err(IdentityError::Unreadable)?;
        self.certificates.push(certificate);
        Ok(())
    }

    /// The certificate that is the key's, and those above it.
    fn join(self) -> Result<Identity, IdentityError> {
        let Self { key, certificates } = self;
        let first = certificates.first().ok_or(IdentityError::NoCertificate)?;
        let own = |certificate: &&Certificate| key.belongs_to(certificate.public_key());
        let leaf = certificates
            .iter()
            .find(own)
            .ok_or_else(|| IdentityError::KeyMismatch(first.subject()))?;
        let key = key.used_as(leaf.public_key())?;
        let certificates = chain(leaf, &certificates);
        Ok(Identity { key, certificates })
    }
}

fn pem_key(block: &Block, password: Option<&str>) -> Result<PrivateKey, IdentityError> {
    match block.label.as_str() {
        _ if block.encrypted => Err(IdentityError::EncryptedPem),
        "ENCRYPTED PRIVATE KEY" => {
            let key = encrypted::decrypt(&block.der, password)?;
            PrivateKey::from_pkcs8(&key)
        }
        "PRIVATE KEY" => PrivateKey::from_pkcs8(&block.der),
        other => Err(IdentityError::UnsupportedKey(format!(
            "block `{other}`; PKCS#8 is block `PRIVATE KEY`, which `openssl pkcs8 -topk8 -nocrypt` makes"
        ))),
    }
}

/// A sequence that begins with version 3 (RFC 7292 section 4); the length may be BER's.
fn looks_like_pkcs12(bytes: &[u8]) -> bool {
    let content = match bytes {
        [0x30, length, rest @ ..] if *length <= 0x80 => rest,
        [0x30, length, rest @ ..] => rest.get(usize::from(length & 0x7f)..).unwrap_or_default(),
        _ => return false,
    };
    content.starts_with(&[2, 1, 3])
}

fn pkcs12_error(error: &Pkcs12Error, password: Option<&str>) -> IdentityError {
    match error {
        // Without a MAC a wrong password shows only in the padding.
        Pkcs12Error::MacError(_) | Pkcs12Error::UnpadError | Pkcs12Error::Pkcs5Error(_) => {
            match password {
                None => IdentityError::PasswordNeeded,
                Some(_) => IdentityError::WrongPassword,
            }
        }
        Pkcs12Error::UnsupportedEncryptionScheme
        | Pkcs12Error::UnsupportedMacAlgorithm
        | Pkcs12Error::UnsupportedContentType
        | Pkcs12Error::UnsupportedCertificateType
        | Pkcs12Error::InvalidParameters
        | Pkcs12Error::InvalidVersion => IdentityError::UnsupportedFile(error.to_string()),
        other => IdentityError::Unreadable(other.to_string()),
    }
}

/// From the leaf up: each time the certificate whose name and key issued the last one. What else
/// lies in the file is not the signer's and stays out of the signature.
fn chain(leaf: &Certificate, certificates: &[Certificate]) -> Vec<Certificate> {
    let mut chain = vec![leaf.clone()];
    while chain.len() < MAX_CHAIN {
        let Some(last) = chain.last().filter(|last| !last.is_self_issued()) else {
            break;
        };
        let issuer = certificates.iter().find(|candidate| {
            candidate.subject_name() == last.issuer_name()
                && !chain.contains(candidate)
                && last.check_signed_by(candidate).is_ok()
        });
        match issuer {
            Some(issuer) => chain.push(issuer.clone()),
            None => break,
        }
    }
    chain
}

#[cfg(test)]
mod tests;
