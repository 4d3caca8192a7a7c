//! What is signed: the attributes of the signer (RFC 5652 section 11, RFC 5035, RFC 6211).

use cms::signed_data::{SignedAttributes, SignerInfo};
use const_oid::ObjectIdentifier;
use der::asn1::{Any, OctetString};
use der::{DecodeOwned, Encode};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::time::Time;

use super::super::algorithm;
use super::super::certificate::{Certificate, asn1_time, moment};
use super::super::cms::{
    AlgorithmProtection, EssCertIdV2, ID_ALGORITHM_PROTECTION, ID_CONTENT_TYPE, ID_DATA,
    ID_MESSAGE_DIGEST, ID_SIGNING_CERTIFICATE_V2, ID_SIGNING_TIME, ID_SMIME_CAPABILITIES,
    IssuerSerial, SigningCertificateV2,
};
use super::{ClaimedTime, Verification};
use crate::digest::Digest;
use crate::time::Moment;

const CODE: &str = "signature_attributes";
const CERTIFICATES: &str = "signature_certificates";

/// Ours, and `smimeCapabilities`, which OpenSSL adds and which changes nothing.
const EXPECTED: [ObjectIdentifier; 6] = [
    ID_CONTENT_TYPE,
    ID_MESSAGE_DIGEST,
    ID_SIGNING_TIME,
    ID_SIGNING_CERTIFICATE_V2,
    ID_ALGORITHM_PROTECTION,
    ID_SMIME_CAPABILITIES,
];

impl Verification {
    pub(super) fn check_attributes(
        &mut self,
        attributes: &SignedAttributes,
        info: &SignerInfo,
        content: Digest,
    ) {
        for attribute in attributes.iter().filter(|a| !EXPECTED.contains(&a.oid)) {
            self.problem(
                CODE,
                format!("unexpected signed attribute {}", attribute.oid),
            );
        }
        match self.single::<ObjectIdentifier>(attributes, ID_CONTENT_TYPE, "content-type") {
            Some(content_type) => self.require(
                content_type == ID_DATA,
                CODE,
                "the attribute content-type is not data",
            ),
            None => self.problem(CODE, "there is no attribute content-type"),
        }
        match self.single::<OctetString>(attributes, ID_MESSAGE_DIGEST, "message-digest") {
            Some(digest) => self.require(
                digest.as_bytes() == content.as_bytes(),
                "content_changed",
                "the content is not the one that was signed",
            ),
            None => self.problem(CODE, "there is no attribute message-digest"),
        }
        self.check_protection(attributes, info);
    }

    /// RFC 6211: the algorithms that stand outside what is signed are repeated inside.
    fn check_protection(&mut self, attributes: &SignedAttributes, info: &SignerInfo) {
        const NAME: &str = "CMS-algorithm-protection";
        let signed = self.single(attributes, ID_ALGORITHM_PROTECTION, NAME);
        let expected = AlgorithmProtection {
            digest_algorithm: info.digest_alg.clone(),
            signature_algorithm: Some(info.signature_algorithm.clone()),
        };
        self.require(
            signed.is_none_or(|signed: AlgorithmProtection| signed == expected),
            "signature_algorithm",
            "the algorithms are not the ones that were signed",
        );
    }

    /// The one value of the one attribute of this type (RFC 5652 section 11 allows no more).
    fn single<T: DecodeOwned>(
        &mut self,
        attributes: &SignedAttributes,
        oid: ObjectIdentifier,
        name: &str,
    ) -> Option<T> {
        let values: Vec<&Any> = attributes
            .iter()
            .filter(|attribute| attribute.oid == oid)
            .flat_map(|attribute| attribute.values.iter())
            .collect();
        let read = match values.as_slice() {
            [] => return None,
            [only] => decode_any(only),
            _ => None,
        };
        if read.is_none() {
            self.problem(
                CODE,
                format!("the attribute {name} has not one proper value"),
            );
        }
        read
    }

    pub(super) fn claimed_time(
        &mut self,
        attributes: &SignedAttributes,
        claimed: ClaimedTime,
    ) -> Option<Moment> {
        let time = self.single::<Time>(attributes, ID_SIGNING_TIME, "signing-time");
        match (claimed, time) {
            (ClaimedTime::Attribute, Some(time)) => {
                let at = moment(time);
                // RFC 5652 section 11.3 leaves no choice between the two types.
                self.require(
                    asn1_time(at) == Some(time),
                    CODE,
                    "the attribute signing-time is of the wrong type for its year",
                );
                Some(at)
            }
            (ClaimedTime::Attribute, None) => {
                self.problem(CODE, "there is no attribute signing-time");
                None
            }
            (ClaimedTime::Elsewhere(at), time) => {
                self.require(
                    time.is_none(),
                    CODE,
                    "the attribute signing-time is not allowed here",
                );
                Some(at)
            }
        }
    }

    /// Every embedded certificate is named by its hash and every name is embedded, the signer's
    /// first (RFC 5035 section 3).
    pub(super) fn check_names(
        &mut self,
        attributes: &SignedAttributes,
        certificates: &[Certificate],
        leaf: Option<&Certificate>,
    ) {
        const NAME: &str = "signing-certificate-v2";
        let signed = self.single(attributes, ID_SIGNING_CERTIFICATE_V2, NAME);
        let Some(SigningCertificateV2 { certs: names, .. }) = signed else {
            self.problem(CODE, format!("there is no attribute {NAME}"));
            return;
        };
        let embedded: Vec<_> = certificates.iter().map(|c| (c, c.sha256())).collect();
        for (certificate, hash) in &embedded {
            if !names.iter().any(|name| is_name_of(name, *hash)) {
                let subject = certificate.subject();
                let message = format!("the certificate of `{subject}` is not one that was signed");
                self.problem(CERTIFICATES, message);
            }
        }
        for (number, name) in (1..).zip(&names) {
            let found = embedded.iter().find(|(_, hash)| is_name_of(name, *hash));
            self.check_name(number, name, found.map(|(certificate, _)| *certificate));
        }
        if let (Some(leaf), Some(first)) = (leaf, names.first()) {
            self.require(
                is_name_of(first, leaf.sha256()),
                CERTIFICATES,
                "the first certificate that was signed is not the signer's",
            );
        }
        self.require(
            names.len() == certificates.len(),
            CERTIFICATES,
            "not as many certificates are embedded as were signed",
        );
    }

    fn check_name(&mut self, number: usize, name: &EssCertIdV2, found: Option<&Certificate>) {
        let Some(certificate) = found else {
            let message = format!("certificate {number} of those that were signed is not embedded");
            self.problem(CERTIFICATES, message);
            return;
        };
        let same = name
            .issuer_serial
            .as_ref()
            .is_none_or(|issuer| issued(issuer, certificate));
        self.require(
            same,
            CERTIFICATES,
            "a signed issuer and serial number are another certificate's",
        );
    }
}

fn is_name_of(name: &EssCertIdV2, hash: Digest) -> bool {
    name.hash_algorithm
        .as_ref()
        .is_none_or(algorithm::is_sha256)
        && name.cert_hash.as_bytes() == hash.as_bytes()
}

fn decode_any<T: DecodeOwned>(any: &Any) -> Option<T> {
    T::from_der(&any.to_der().ok()?).ok()
}

fn issued(name: &IssuerSerial, certificate: &Certificate) -> bool {
    let issuer = matches!(name.issuer.as_slice(), [GeneralName::DirectoryName(issuer)]
        if issuer == certificate.issuer_name());
    issuer && name.serial_number == *certificate.serial_number()
}
