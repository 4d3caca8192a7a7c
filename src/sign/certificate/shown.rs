//! What people want to know of a certificate.

use const_oid::ObjectIdentifier;
use const_oid::db::DB;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};

use super::Certificate;
use crate::sign::algorithm::key_name;

impl Certificate {
    /// The serial number in hexadecimal bytes, as OpenSSL writes it.
    pub fn serial(&self) -> String {
        self.serial_number().to_string()
    }

    /// The kind of its key: `ECDSA P-256`, `RSA 2048 bits`.
    pub fn key_name(&self) -> String {
        key_name(self.public_key())
    }

    /// What its key is for, as RFC 5280 sections 4.2.1.3, 4.2.1.9 and 4.2.1.12 name it; empty where
    /// the certificate does not limit it.
    pub fn usages(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        if let Ok(Some(constraints)) = self.extension::<BasicConstraints>()
            && constraints.ca
        {
            names.push("cA".into());
        }
        if let Ok(Some(usage)) = self.extension::<KeyUsage>() {
            let set = bits(usage).into_iter().filter(|(is_set, _)| *is_set);
            names.extend(set.map(|(_, name)| name.to_owned()));
        }
        if let Ok(Some(usage)) = self.extension::<ExtendedKeyUsage>() {
            names.extend(usage.0.iter().map(|oid| purpose(*oid)));
        }
        names
    }
}

fn bits(usage: KeyUsage) -> [(bool, &'static str); 7] {
    [
        (usage.digital_signature(), "digitalSignature"),
        (usage.non_repudiation(), "nonRepudiation"),
        (usage.key_encipherment(), "keyEncipherment"),
        (usage.data_encipherment(), "dataEncipherment"),
        (usage.key_agreement(), "keyAgreement"),
        (usage.key_cert_sign(), "keyCertSign"),
        (usage.crl_sign(), "cRLSign"),
    ]
}

fn purpose(oid: ObjectIdentifier) -> String {
    match DB.by_oid(&oid) {
        Some(name) => name.trim_start_matches("id-kp-").to_owned(),
        None => oid.to_string(),
    }
}
