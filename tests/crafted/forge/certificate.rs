//! Certificates as somebody could make them (RFC 5280).

use super::der::{bits, boolean, context, int, name, octets, oid, seq, time};
use super::key::{Hash, Key};
use super::moment;

pub const EMAIL: &str = "1.3.6.1.5.5.7.3.4";
pub const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";
pub const SERVER: &str = "1.3.6.1.5.5.7.3.1";

/// Bits of a key usage, the first one leftmost.
pub const DIGITAL_SIGNATURE: u8 = 0x80;
pub const NON_REPUDIATION: u8 = 0x40;
pub const KEY_ENCIPHERMENT: u8 = 0x20;
pub const CERT_SIGN: u8 = 0x04;
pub const CRL_SIGN: u8 = 0x02;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    pub oid: &'static str,
    pub critical: bool,
    pub value: Vec<u8>,
}

#[derive(Debug, Clone)]
pub struct Certificate {
    pub subject: &'static str,
    pub issuer: &'static str,
    pub serial: u64,
    pub key: Key,
    /// Whose key signs it.
    pub by: Key,
    pub hash: Hash,
    pub from: &'static str,
    pub to: &'static str,
    /// None at all makes a certificate of version 1.
    pub extensions: Vec<Extension>,
    /// The algorithm that stands outside what is signed, where it is another.
    pub outer: Option<Vec<u8>>,
    /// Turns a bit of the signature.
    pub broken: bool,
}

impl Certificate {
    pub fn der(&self) -> Vec<u8> {
        let algorithm = self.by.algorithm(self.hash);
        let tbs = self.signed_part(&algorithm);
        let mut value = self.by.sign(self.hash, &tbs);
        if self.broken {
            let last = value.len() - 1;
            value[last] ^= 1;
        }
        let outer = self.outer.clone().unwrap_or(algorithm);
        seq(&[tbs, outer, bits(0, &value)])
    }

    fn signed_part(&self, algorithm: &[u8]) -> Vec<u8> {
        let validity = [self.from, self.to].map(|at| time(moment(at)));
        let mut parts = vec![
            int(self.serial),
            algorithm.to_vec(),
            name(self.issuer),
            seq(&validity),
            name(self.subject),
            self.key.public(),
        ];
        if !self.extensions.is_empty() {
            parts.insert(0, context(0, &[int(2)]));
            let extensions: Vec<Vec<u8>> = self.extensions.iter().map(Extension::der).collect();
            parts.push(context(3, &[seq(&extensions)]));
        }
        seq(&parts)
    }

    /// The same without the extension of this kind.
    pub fn without(mut self, oid: &str) -> Self {
        self.extensions.retain(|extension| extension.oid != oid);
        self
    }

    /// The same with this extension, in the place of one of its kind.
    pub fn with(self, extension: Extension) -> Self {
        let mut changed = self.without(extension.oid);
        changed.extensions.push(extension);
        changed
    }

    pub fn valid(mut self, from: &'static str, to: &'static str) -> Self {
        (self.from, self.to) = (from, to);
        self
    }
}

impl Extension {
    fn der(&self) -> Vec<u8> {
        let critical = if self.critical {
            boolean(true)
        } else {
            Vec::new()
        };
        seq(&[oid(self.oid), critical, octets(&self.value)])
    }

    pub fn not_critical(mut self) -> Self {
        self.critical = false;
        self
    }
}

pub const BASIC_CONSTRAINTS: &str = "2.5.29.19";
pub const KEY_USAGE: &str = "2.5.29.15";
pub const EXTENDED_KEY_USAGE: &str = "2.5.29.37";

fn extension(oid: &'static str, value: Vec<u8>) -> Extension {
    Extension {
        oid,
        critical: true,
        value,
    }
}

/// An authority with so many others below it at most.
pub fn authority(below: Option<u64>) -> Extension {
    let limit = below.map(int).unwrap_or_default();
    extension(BASIC_CONSTRAINTS, seq(&[boolean(true), limit]))
}

pub fn no_authority() -> Extension {
    extension(BASIC_CONSTRAINTS, seq(&[]))
}

pub fn usage(of: u8) -> Extension {
    let unused = u8::try_from(of.trailing_zeros()).expect("at most eight");
    extension(KEY_USAGE, bits(unused, &[of]))
}

pub fn purposes(of: &[&str]) -> Extension {
    let of: Vec<Vec<u8>> = of.iter().map(|purpose| oid(purpose)).collect();
    extension(EXTENDED_KEY_USAGE, seq(&of))
}

/// An extension of any kind.
pub fn any(oid: &'static str, value: Vec<u8>) -> Extension {
    extension(oid, value)
}

/// The root that a verifier of these bundles trusts.
pub fn root() -> Certificate {
    Certificate {
        subject: "TEST root",
        issuer: "TEST root",
        serial: 1,
        key: Key::P256("root"),
        by: Key::P256("root"),
        hash: Hash::Sha256,
        from: "2020-01-01T00:00:00Z",
        to: "2045-12-31T23:59:59Z",
        extensions: vec![authority(None), usage(CERT_SIGN | CRL_SIGN)],
        outer: None,
        broken: false,
    }
}

/// The authority below it.
pub fn middle() -> Certificate {
    Certificate {
        subject: "TEST middle",
        serial: 2,
        key: Key::P256("middle"),
        to: "2040-12-31T23:59:59Z",
        ..root()
    }
}

/// The signer's, valid in 2026 and 2027.
pub fn leaf() -> Certificate {
    Certificate {
        subject: "TEST signer",
        issuer: "TEST middle",
        serial: 3,
        key: Key::P256("signer"),
        by: Key::P256("middle"),
        from: "2026-01-01T00:00:00Z",
        to: "2027-12-31T23:59:59Z",
        extensions: vec![
            no_authority(),
            usage(DIGITAL_SIGNATURE | NON_REPUDIATION),
            purposes(&[EMAIL]).not_critical(),
        ],
        ..root()
    }
}

/// The root of a time-stamping authority, that a verifier trusts.
pub fn tsa_root() -> Certificate {
    Certificate {
        subject: "TEST time root",
        issuer: "TEST time root",
        serial: 4,
        key: Key::P256("time root"),
        by: Key::P256("time root"),
        ..root()
    }
}

/// A time-stamping authority, valid from 2025 to 2030.
pub fn tsa() -> Certificate {
    Certificate {
        subject: "TEST time",
        issuer: "TEST time root",
        serial: 5,
        key: Key::P256("time"),
        by: Key::P256("time root"),
        from: "2025-01-01T00:00:00Z",
        to: "2030-12-31T23:59:59Z",
        extensions: vec![usage(DIGITAL_SIGNATURE), purposes(&[TIME_STAMPING])],
        ..root()
    }
}
