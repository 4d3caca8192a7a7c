//! What a key file holds, for people to look at.

use super::IdentityError;
use super::parts::Parts;
use crate::sign::certificate::Certificate;
use crate::time::Moment;

/// The form of a key file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// PKCS#12 (RFC 7292).
    Pkcs12,
    /// Blocks of PEM (RFC 7468).
    Pem,
    /// A PKCS#8 key in DER, such as a joint certificate's `signPri.key`.
    Pkcs8,
    /// A certificate in DER.
    Certificate,
}

/// What a key file holds; of the keys nothing but their kinds.
#[derive(Debug, PartialEq, Eq)]
pub struct Contents {
    /// The file's form.
    pub kind: FileKind,
    /// The kinds of its private keys, those that can be used here first.
    pub keys: Vec<String>,
    /// Its certificates, in the order of the file.
    pub certificates: Vec<Certificate>,
    /// The place of the certificate that signs, or why none does.
    pub signer: Result<usize, IdentityError>,
}

impl Contents {
    /// Reads a key file, with certificates from other files, to sign at this moment.
    pub fn read(
        bytes: &[u8],
        certificates: &[Vec<u8>],
        password: Option<&str>,
        at: Moment,
    ) -> Result<Self, IdentityError> {
        let parts = Parts::read(bytes, certificates, password)?;
        let (kind, keys) = (parts.kind(), parts.key_names());
        let certificates = parts.certificates().to_vec();
        let signer = parts.join(Some(at)).and_then(|identity| {
            identity.check_valid_at(at)?;
            let own = |certificate: &Certificate| certificate == identity.certificate();
            let place = certificates.iter().position(own);
            Ok(place.expect("chosen among these"))
        });
        Ok(Self {
            kind,
            keys,
            certificates,
            signer,
        })
    }
}
