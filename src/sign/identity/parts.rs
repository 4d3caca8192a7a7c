//! What lies in key files, and which of it signs.

use der::Decode;
use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error as Pkcs12Error;
use rsa::pkcs8::PrivateKeyInfoRef;

use super::{FileKind, Identity, IdentityError, chain, encrypted, pkcs12};
use crate::sign::algorithm::PrivateKey;
use crate::sign::certificate::{Certificate, Purpose};
use crate::sign::pem::{self, Block};
use crate::time::Moment;

/// What lies in key files, before it is joined.
pub(super) struct Parts {
    kind: FileKind,
    keys: Vec<PrivateKey>,
    /// Why further keys cannot be used here.
    unusable: Vec<IdentityError>,
    certificates: Vec<Certificate>,
}

impl Parts {
    /// A key file, and the certificates of other files.
    pub(super) fn read(
        bytes: &[u8],
        certificates: &[Vec<u8>],
        password: Option<&str>,
    ) -> Result<Self, IdentityError> {
        let mut parts = if pem::is_pem(bytes) {
            Self::from_pem(bytes, password)?
        } else if looks_like_pkcs12(bytes) {
            Self::from_pkcs12(bytes, password)?
        } else if encrypted::is_encrypted(bytes) {
            let key = encrypted::decrypt(bytes, password)?;
            Self::of_keys(FileKind::Pkcs8, [PrivateKey::from_pkcs8(&key)])?
        } else if PrivateKeyInfoRef::from_der(bytes).is_ok() {
            Self::of_keys(FileKind::Pkcs8, [PrivateKey::from_pkcs8(bytes)])?
        } else if let Ok(certificate) = Certificate::from_der(bytes) {
            Self {
                kind: FileKind::Certificate,
                keys: Vec::new(),
                unusable: Vec::new(),
                certificates: vec![certificate],
            }
        } else {
            return Err(IdentityError::Garbage);
        };
        for file in certificates {
            parts.add_certificates(file)?;
        }
        Ok(parts)
    }

    pub(super) fn kind(&self) -> FileKind {
        self.kind
    }

    pub(super) fn key_names(&self) -> Vec<String> {
        let unusable = self.unusable.iter().map(|error| match error {
            IdentityError::UnsupportedKey(kind) => kind.clone(),
            other => other.to_string(),
        });
        let usable = self.keys.iter().map(PrivateKey::name);
        usable.chain(unusable).collect()
    }

    pub(super) fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// A key that cannot be used here may be one for encryption, beside another that signs.
    fn of_keys(
        kind: FileKind,
        read: impl IntoIterator<Item = Result<PrivateKey, IdentityError>>,
    ) -> Result<Self, IdentityError> {
        let (mut keys, mut unusable) = (Vec::new(), Vec::new());
        for key in read {
            match key {
                Ok(key) => keys.push(key),
                Err(error @ IdentityError::UnsupportedKey(_)) => unusable.push(error),
                Err(error) => return Err(error),
            }
        }
        Ok(Self {
            kind,
            keys,
            unusable,
            certificates: Vec::new(),
        })
    }

    fn from_pkcs12(bytes: &[u8], password: Option<&str>) -> Result<Self, IdentityError> {
        if let Some(error) = pkcs12::unsupported(bytes) {
            return Err(error);
        }
        let archive = Pkcs12Archive::from_pkcs12(bytes, password.unwrap_or(""))
            .map_err(|error| pkcs12_error(&error, password))?;
        let keys = archive.keys.iter();
        let keys = keys.map(|bag| PrivateKey::from_pkcs8(bag.key.as_der()));
        let mut parts = Self::of_keys(FileKind::Pkcs12, keys)?;
        for bag in &archive.certs {
            parts.add_certificate(bag.cert.as_der())?;
        }
        Ok(parts)
    }

    fn from_pem(bytes: &[u8], password: Option<&str>) -> Result<Self, IdentityError> {
        let blocks = pem::blocks(bytes).map_err(IdentityError::Unreadable)?;
        let keys = blocks
            .iter()
            .filter(|block| block.label.ends_with("PRIVATE KEY"));
        let keys = keys.map(|block| pem_key(block, password));
        let mut parts = Self::of_keys(FileKind::Pem, keys)?;
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

    /// The certificate that signs with its key, and those above it.
    pub(super) fn join(self, at: Option<Moment>) -> Result<Identity, IdentityError> {
        let (key, leaf) = self.chosen(at)?;
        let Self {
            keys, certificates, ..
        } = self;
        let leaf = &certificates[leaf];
        let key = keys.into_iter().nth(key).expect("chosen among these");
        let key = key.used_as(leaf.public_key())?;
        let certificates = chain(leaf, &certificates);
        Ok(Identity { key, certificates })
    }

    /// The key and its certificate, by their places: the first that may sign and is valid at that
    /// moment, else the first that may sign, else the first.
    fn chosen(&self, at: Option<Moment>) -> Result<(usize, usize), IdentityError> {
        if self.keys.is_empty() {
            let why = self.unusable.first().cloned();
            return Err(why.unwrap_or(IdentityError::NoKey));
        }
        let first = self.certificates.first();
        let first = first.ok_or(IdentityError::NoCertificate)?;
        let mut pairs = Vec::new();
        for (k, key) in self.keys.iter().enumerate() {
            for (c, certificate) in self.certificates.iter().enumerate() {
                if key.belongs_to(certificate.public_key()) {
                    pairs.push((fitness(certificate, at), k, c));
                }
            }
        }
        let best = pairs.iter().map(|(fitness, ..)| *fitness).max();
        pairs.retain(|(fitness, ..)| Some(*fitness) == best);
        let mut keys: Vec<usize> = pairs.iter().map(|(_, key, _)| *key).collect();
        keys.dedup();
        match (pairs.first(), keys.len()) {
            (None, _) => Err(IdentityError::KeyMismatch(first.subject())),
            (Some((_, key, certificate)), 1) => Ok((*key, *certificate)),
            (Some(_), several) => Err(IdentityError::SeveralKeys(several)),
        }
    }
}

/// Whether a certificate may sign, then whether it is valid.
fn fitness(certificate: &Certificate, at: Option<Moment>) -> (bool, bool) {
    (
        certificate.check_purpose(Purpose::Signing).is_ok(),
        at.is_some_and(|at| certificate.check_valid_at(at).is_ok()),
    )
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
