//! A signing identity: a private key, its certificate and the chain above it, from PKCS#12
//! (RFC 7292) or PEM (RFC 7468).

use std::fmt;

use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error as Pkcs12Error;

use super::algorithm::PrivateKey;
use super::certificate::{Certificate, Purpose};
use super::pem;
use crate::digest::Digest;
use crate::error::Error;
use crate::time::{Moment, rfc3339};

/// No chain is longer, the signer's certificate and the root included.
pub(super) const MAX_CHAIN: usize = 8;

/// Why a key file cannot sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// A PKCS#12 file that does not open with the empty password.
    #[error("the key file needs a password")]
    PasswordNeeded,
    /// A PKCS#12 file that does not open with the password given.
    #[error("the password does not open the key file")]
    WrongPassword,
    /// PEM with an encrypted key.
    #[error("the private key in the PEM file is encrypted")]
    EncryptedPem,
    /// A private key that cannot sign here; says which.
    #[error("a private key of this kind cannot sign here: {0}")]
    UnsupportedKey(String),
    /// A container with something that cannot be read here; says what.
    #[error("the key file cannot be read: {0}")]
    UnsupportedFile(String),
    /// No private key in the file.
    #[error("the key file holds no private key")]
    NoKey,
    /// More than one private key in the file.
    #[error("the key file holds {0} private keys, and it is not said which one signs")]
    SeveralKeys(usize),
    /// A private key and no certificate at all.
    #[error("the key file holds no certificate for its private key")]
    NoCertificate,
    /// Certificates, none of which is the private key's.
    #[error(
        "the private key does not belong to any certificate in the key file: the first is of `{0}`"
    )]
    KeyMismatch(String),
    /// Neither PKCS#12 nor PEM.
    #[error("the key file is neither PKCS#12 nor PEM")]
    Garbage,
    /// PKCS#12 or PEM with broken content; says where.
    #[error("the key file is damaged: {0}")]
    Unreadable(String),
    /// The certificate's validity begins later.
    #[error("the certificate of `{subject}` is not yet valid at {at}: it is valid from {from} to {to}",
        at = rfc3339(*at), from = rfc3339(*from), to = rfc3339(*to))]
    NotYetValid {
        /// Whose certificate.
        subject: String,
        /// When it should sign.
        at: Moment,
        /// Begin of its validity.
        from: Moment,
        /// End of its validity.
        to: Moment,
    },
    /// The certificate's validity has ended.
    #[error("the certificate of `{subject}` has expired at {at}: it was valid from {from} to {to}",
        at = rfc3339(*at), from = rfc3339(*from), to = rfc3339(*to))]
    Expired {
        /// Whose certificate.
        subject: String,
        /// When it should sign.
        at: Moment,
        /// Begin of its validity.
        from: Moment,
        /// End of its validity.
        to: Moment,
    },
    /// The certificate says that its key is for something else.
    #[error("the certificate is not for signing: {0}")]
    NotForSigning(String),
}

impl IdentityError {
    /// What to do next, where there is something.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::PasswordNeeded => "set KISMS_KEY_PASSWORD, or give --password-file",
            Self::EncryptedPem => {
                "make a PKCS#12 file of it: `openssl pkcs12 -export -in signer.pem -out signer.p12`"
            }
            Self::UnsupportedKey(_) => {
                "use an unencrypted PKCS#8 key on P-256 or of RSA with 2048 to 4096 bits; `kisms key new` makes one"
            }
            Self::UnsupportedFile(_) => {
                "write it anew with OpenSSL 3: `openssl pkcs12 -in OLD -nodes | openssl pkcs12 -export -out NEW`"
            }
            Self::NoCertificate | Self::KeyMismatch(_) => {
                "put the certificate of the private key, and those above it, into the same file"
            }
            Self::NotYetValid { .. } | Self::Expired { .. } => {
                "sign at a time within the validity, or with another certificate"
            }
            _ => return None,
        })
    }
}

impl From<IdentityError> for Error {
    fn from(error: IdentityError) -> Self {
        let plain = Self::new(&error);
        match error.hint() {
            Some(hint) => plain.hint(hint),
            None => plain,
        }
    }
}

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
    /// Reads PKCS#12, modern or legacy, or PEM with an unencrypted PKCS#8 key and certificates in
    /// any order. Without a password a PKCS#12 file is tried with the empty one.
    pub fn load(bytes: &[u8], password: Option<&str>) -> Result<Self, IdentityError> {
        if pem::is_pem(bytes) {
            Self::from_pem(bytes)
        } else if looks_like_pkcs12(bytes) {
            Self::from_pkcs12(bytes, password)
        } else {
            Err(IdentityError::Garbage)
        }
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
        let certificates = archive.certs.iter().map(|bag| bag.cert.as_der());
        Self::new(key, certificates)
    }

    fn from_pem(bytes: &[u8]) -> Result<Self, IdentityError> {
        let blocks = pem::blocks(bytes).map_err(IdentityError::Unreadable)?;
        let mut keys = Vec::new();
        let mut certificates = Vec::new();
        for block in &blocks {
            match block.label.as_str() {
                "ENCRYPTED PRIVATE KEY" => return Err(IdentityError::EncryptedPem),
                _ if block.encrypted => return Err(IdentityError::EncryptedPem),
                "PRIVATE KEY" => keys.push(block.der.as_slice()),
                "CERTIFICATE" | "X509 CERTIFICATE" => certificates.push(block.der.as_slice()),
                other if other.ends_with("PRIVATE KEY") => {
                    return Err(IdentityError::UnsupportedKey(format!(
                        "block `{other}`; PKCS#8 is block `PRIVATE KEY`, which `openssl pkcs8 -topk8 -nocrypt` makes"
                    )));
                }
                _ => {}
            }
        }
        let key = match keys.as_slice() {
            [] => return Err(IdentityError::NoKey),
            [key] => PrivateKey::from_pkcs8(key)?,
            several => return Err(IdentityError::SeveralKeys(several.len())),
        };
        Self::new(key, certificates.into_iter())
    }

    fn new<'a>(
        key: PrivateKey,
        certificates: impl Iterator<Item = &'a [u8]>,
    ) -> Result<Self, IdentityError> {
        let certificates = certificates
            .map(Certificate::from_der)
            .collect::<Result<Vec<_>, _>>()
            .map_err(IdentityError::Unreadable)?;
        let first = certificates.first().ok_or(IdentityError::NoCertificate)?;
        let leaf = certificates
            .iter()
            .find(|certificate| {
                let tbs = certificate.x509().tbs_certificate();
                key.belongs_to(tbs.subject_public_key_info())
            })
            .ok_or_else(|| IdentityError::KeyMismatch(first.subject()))?;
        let certificates = chain(leaf, &certificates);
        Ok(Self { key, certificates })
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
