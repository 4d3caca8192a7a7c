//! A signing identity: a private key, its certificate and the chain above it, from PKCS#12
//! (RFC 7292), PEM (RFC 7468), or a Korean joint certificate on disk.
//!
//! | file | what is in it |
//! |---|---|
//! | PKCS#12, modern (PBES2) or legacy (3DES, RC2) | the key and its certificates |
//! | PEM | a PKCS#8 key, encrypted or not, and certificates in any order |
//! | `signPri.key` | a PKCS#8 key in DER, encrypted, mostly with SEED; `signCert.der` lies beside it |

use std::fmt;

use super::algorithm::PrivateKey;
use super::certificate::{Certificate, Purpose};
use crate::digest::Digest;
use crate::time::Moment;

mod contents;
mod encrypted;
mod error;
mod parts;
mod pkcs12;

use parts::Parts;

pub use contents::{Contents, FileKind};
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
        Parts::read(bytes, certificates, password)?.join(None)
    }

    /// The same, to sign at this moment: of several certificates and keys the one that may sign and
    /// is valid then is taken.
    pub fn load_at(
        bytes: &[u8],
        certificates: &[Vec<u8>],
        password: Option<&str>,
        at: Moment,
    ) -> Result<Self, IdentityError> {
        Parts::read(bytes, certificates, password)?.join(Some(at))
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
