//! Signed messages as somebody could make them (RFC 5652), every part to be changed.

use kisms::time::Moment;

use super::certificate::Certificate;
use super::der::{context, int, name, octets, oid, seq, set_of, time, tlv};
use super::key::{Hash, Key};

pub const DATA: &str = "1.2.840.113549.1.7.1";
pub const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
pub const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
pub const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
pub const SIGNING_TIME: &str = "1.2.840.113549.1.9.5";
pub const SIGNING_CERTIFICATE: &str = "1.2.840.113549.1.9.16.2.47";
pub const PROTECTION: &str = "1.2.840.113549.1.9.52";
pub const TOKEN: &str = "1.2.840.113549.1.9.16.2.14";

#[derive(Debug, Clone)]
pub struct Attribute {
    pub oid: &'static str,
    pub values: Vec<Vec<u8>>,
}

#[derive(Debug, Clone)]
pub struct Signer {
    pub version: u64,
    /// By which its certificate is found.
    pub id: Vec<u8>,
    pub digest: Vec<u8>,
    pub attributes: Option<Vec<Attribute>>,
    pub key: Key,
    pub hash: Hash,
    /// The signature algorithm, where it is not the key's.
    pub algorithm: Option<Vec<u8>>,
    /// The signature value, where it is not the key's.
    pub value: Option<Vec<u8>>,
    pub unsigned: Vec<Attribute>,
}

#[derive(Debug, Clone)]
pub struct Message {
    pub version: u64,
    pub digests: Vec<Vec<u8>>,
    pub content_type: &'static str,
    pub content: Option<Vec<u8>>,
    pub certificates: Vec<Vec<u8>>,
    pub crls: Option<Vec<u8>>,
    pub signers: Vec<Signer>,
    /// What the whole says to be.
    pub kind: &'static str,
}

pub fn attribute(oid: &'static str, value: Vec<u8>) -> Attribute {
    Attribute {
        oid,
        values: vec![value],
    }
}

/// Issuer and serial number.
pub fn id_of(certificate: &Certificate) -> Vec<u8> {
    seq(&[name(certificate.issuer), int(certificate.serial)])
}

/// `SigningCertificateV2`, each certificate by its SHA-256.
pub fn names_of(certificates: &[Vec<u8>]) -> Vec<u8> {
    let one = |der: &Vec<u8>| seq(&[octets(&Hash::Sha256.of(der))]);
    let all: Vec<Vec<u8>> = certificates.iter().map(one).collect();
    seq(&[seq(&all)])
}

impl Attribute {
    fn der(&self) -> Vec<u8> {
        seq(&[oid(self.oid), set_of(self.values.clone())])
    }
}

fn set_content(attributes: &[Attribute]) -> Vec<u8> {
    let mut all: Vec<Vec<u8>> = attributes.iter().map(Attribute::der).collect();
    all.sort();
    all.concat()
}

impl Signer {
    /// The signature over the attributes; over nothing where there are none.
    pub fn value(&self) -> Vec<u8> {
        let sign = || {
            let attributes = self.attributes.as_deref().unwrap_or_default();
            let message = tlv(0x31, &[set_content(attributes)]);
            self.key.sign(self.hash, &message)
        };
        self.value.clone().unwrap_or_else(sign)
    }

    fn der(&self) -> Vec<u8> {
        let optional =
            |number, attributes: &[Attribute]| context(number, &[set_content(attributes)]);
        let signed = self.attributes.as_deref().map(|all| optional(0, all));
        let unsigned = match self.unsigned.as_slice() {
            [] => Vec::new(),
            all => optional(1, all),
        };
        let algorithm = self.algorithm.clone();
        seq(&[
            int(self.version),
            self.id.clone(),
            self.digest.clone(),
            signed.unwrap_or_default(),
            algorithm.unwrap_or_else(|| self.key.algorithm(self.hash)),
            octets(&self.value()),
            unsigned,
        ])
    }

    /// The attribute of this kind.
    pub fn attribute(&mut self, oid: &str) -> &mut Attribute {
        let mut all = self.attributes.iter_mut().flatten();
        all.find(|attribute| attribute.oid == oid).expect("there")
    }

    /// Leaves an attribute out.
    pub fn drop_attribute(&mut self, oid: &str) {
        let all = self.attributes.as_mut().expect("there");
        all.retain(|attribute| attribute.oid != oid);
    }

    pub fn add_attribute(&mut self, oid: &'static str, value: Vec<u8>) {
        let all = self.attributes.as_mut().expect("there");
        all.push(attribute(oid, value));
    }
}

impl Message {
    /// As kisms signs a content with this digest; in a PDF `claimed` stands elsewhere.
    pub fn over(digest: &[u8], chain: &[Certificate], claimed: Option<Moment>) -> Self {
        let signer = &chain[0];
        let certificates: Vec<Vec<u8>> = chain.iter().map(Certificate::der).collect();
        let hash = Hash::Sha256;
        let protection = [hash.algorithm(), in_context(1, &signer.key.algorithm(hash))];
        let mut attributes = vec![
            attribute(CONTENT_TYPE, oid(DATA)),
            attribute(MESSAGE_DIGEST, octets(digest)),
            attribute(SIGNING_CERTIFICATE, names_of(&certificates)),
            attribute(PROTECTION, seq(&protection)),
        ];
        attributes.extend(claimed.map(|at| attribute(SIGNING_TIME, time(at))));
        Self {
            version: 1,
            digests: vec![hash.algorithm()],
            content_type: DATA,
            content: None,
            certificates,
            crls: None,
            signers: vec![Signer {
                version: 1,
                id: id_of(signer),
                digest: hash.algorithm(),
                attributes: Some(attributes),
                key: signer.key,
                hash,
                algorithm: None,
                value: None,
                unsigned: Vec::new(),
            }],
            kind: SIGNED_DATA,
        }
    }

    /// Its one signer.
    pub fn signer(&mut self) -> &mut Signer {
        &mut self.signers[0]
    }

    pub fn der(&self) -> Vec<u8> {
        let content = self
            .content
            .as_ref()
            .map(|content| context(0, &[octets(content)]));
        let mut certificates = self.certificates.clone();
        certificates.sort();
        let certificates = match certificates.as_slice() {
            [] => Vec::new(),
            all => context(0, all),
        };
        let signed = seq(&[
            int(self.version),
            set_of(self.digests.clone()),
            seq(&[oid(self.content_type), content.unwrap_or_default()]),
            certificates,
            self.crls.clone().unwrap_or_default(),
            set_of(self.signers.iter().map(Signer::der).collect()),
        ]);
        seq(&[oid(self.kind), context(0, &[signed])])
    }
}

/// The same element with a context's tag in the place of its own.
fn in_context(number: u8, element: &[u8]) -> Vec<u8> {
    let mut changed = element.to_vec();
    changed[0] = 0xa0 | number;
    changed
}
