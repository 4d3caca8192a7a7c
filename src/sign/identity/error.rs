//! Why a key cannot sign.

use crate::error::Error;
use crate::time::{Moment, rfc3339};

/// Why a key file cannot sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// A PKCS#12 file that does not open with the empty password.
    #[error("the key file needs a password")]
    PasswordNeeded,
    /// A PKCS#12 file that does not open with the password given.
    #[error("the password does not open the key file")]
    WrongPassword,
    /// PEM with a key encrypted as OpenSSL did it before PKCS#8.
    #[error("the private key in the PEM file is encrypted in OpenSSL's old way")]
    EncryptedPem,
    /// A private key that cannot sign here; says which.
    #[error("a private key of this kind cannot sign here: {0}")]
    UnsupportedKey(String),
    /// A container with something that cannot be read here; says what.
    #[error("the key file cannot be read: {0}")]
    UnsupportedFile(String),
    /// A PKCS#12 file whose integrity is protected as RFC 9579 has it.
    #[error("the key file cannot be read: its integrity is protected by PBMAC1 (RFC 9579)")]
    Pbmac1,
    /// A private key by itself, encrypted with something that is not read here; says with what.
    #[error("the private key is encrypted with {0}, which is not read here")]
    UnsupportedCipher(String),
    /// No private key in the file.
    #[error("the key file holds no private key")]
    NoKey,
    /// More than one private key that signs equally well.
    #[error("the key file holds {0} private keys that may sign, and it is not said which one does")]
    SeveralKeys(usize),
    /// A private key and no certificate at all.
    #[error("the key file holds no certificate for its private key")]
    NoCertificate,
    /// Certificates, none of which is the private key's.
    #[error(
        "the private key does not belong to any certificate in the key file: the first is of `{0}`"
    )]
    KeyMismatch(String),
    /// None of the forms of a key file.
    #[error("the key file is neither PKCS#12, nor PEM, nor a joint certificate's `signPri.key`")]
    Garbage,
    /// One of these with broken content; says where.
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
            Self::WrongPassword => {
                "capitals and the spaces around it count; the password is the one in KISMS_KEY_PASSWORD, in --password-file, or typed"
            }
            Self::NoKey => {
                "name the file with the key: `kisms key new` writes it as `.p12` beside the certificate in `.pem`"
            }
            Self::EncryptedPem => {
                "write it as PKCS#8: `openssl pkcs8 -topk8 -in OLD.pem -out NEW.pem`, and the certificates after it"
            }
            Self::UnsupportedKey(_) => {
                "use a PKCS#8 key on P-256 or P-384, or of RSA with 2048 to 4096 bits; `kisms key new` makes one"
            }
            Self::UnsupportedFile(_) => {
                "write it as PEM with OpenSSL 3, and name that file: `openssl pkcs12 -legacy -in OLD.p12 -aes256 -out NEW.pem`"
            }
            // OpenSSL before 3.4 does not know PBMAC1 either; it reads the rest all the same.
            Self::Pbmac1 => {
                "write it as PEM with OpenSSL 3, and name that file: `openssl pkcs12 -nomacver -in OLD.p12 -aes256 -out NEW.pem`"
            }
            Self::UnsupportedCipher(_) => {
                "write it anew with OpenSSL 3: `openssl pkey -provider legacy -provider default -in OLD -aes256 -out NEW.pem`, and the certificates after it"
            }
            Self::SeveralKeys(_) => {
                "keep the key that is to sign, with its certificates, in a file of its own"
            }
            Self::NoCertificate | Self::KeyMismatch(_) => {
                "put the certificate of the private key, and those above it, into the same file, or name their file as `certificates`"
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
