//! Every fault of a detached signature, and who signed.
//!
//! What is accepted is narrow, so that one meaning has one encoding: canonical DER without trailing
//! bytes, one signer, SHA-256, no certificate that the signature does not name, nothing unsigned but
//! a time-stamp. `openssl cms -sign -cades` writes such messages, too.

use cms::cert::CertificateChoices;
use cms::content_info::CmsVersion;
use cms::signed_data::{SignedAttributes, SignedData, SignerIdentifier, SignerInfo};
use const_oid::ObjectIdentifier;
use der::asn1::{Any, OctetString};
use der::{DecodeOwned, Encode};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::time::Time;

use super::algorithm;
use super::certificate::{Certificate, Purpose, asn1_time, moment};
use super::cms::{
    AlgorithmProtection, ID_ALGORITHM_PROTECTION, ID_CONTENT_TYPE, ID_DATA, ID_MESSAGE_DIGEST,
    ID_SIGNING_CERTIFICATE_V2, ID_SIGNING_TIME, ID_SMIME_CAPABILITIES, ID_TIME_STAMP_TOKEN,
    IssuerSerial, SigningCertificateV2, decode, to_der,
};
use super::trust::{TrustAnchor, check_chain};
use crate::digest::Digest;
use crate::time::Moment;

/// No signature is longer, in bytes; ours have 3,000, with a time-stamp 8,000.
const LIMIT: usize = 1 << 20;
/// No more certificates are looked at.
const MAX_CERTIFICATES: usize = 16;

/// One fault of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A stable name, in `snake_case`.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
}

/// Whose certificate the signature carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// The subject as RFC 4514 writes names.
    pub subject: String,
    /// SHA-256 over the certificate.
    pub sha256: Digest,
    /// The signature is this certificate's, and a chain leads from it to a trust anchor.
    pub trusted: bool,
    /// Why not.
    pub why_not: Option<String>,
}

/// What there is to say of a signature. It holds where there are no problems and the signer is
/// trusted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// `None` where no certificate is the signer's.
    pub signer: Option<Signer>,
    /// When the signer claims to have signed.
    pub signing_time: Option<Moment>,
    /// Every fault, in the order of the message.
    pub problems: Vec<Problem>,
    /// A time-stamp token over the signature value, in DER: it is handed on, not judged.
    pub timestamp_token: Option<Vec<u8>>,
}

/// Where the claimed signing time stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimedTime {
    /// In the signing-time attribute, as `CAdES` has it.
    Attribute,
    /// Elsewhere, as in a PDF's signature dictionary; the attribute must be absent (ETSI EN 319
    /// 142-1 section 6.3).
    Elsewhere(Moment),
}

/// Verifies a `.p7s` over content with this digest. Without anchors no signer is trusted.
pub fn verify_detached(p7s: &[u8], content: Digest, trust: &[TrustAnchor]) -> Verification {
    verify_at(p7s, content, ClaimedTime::Attribute, trust)
}

/// The same, with the claimed time where it stands.
pub fn verify_at(
    p7s: &[u8],
    content: Digest,
    claimed: ClaimedTime,
    trust: &[TrustAnchor],
) -> Verification {
    let mut report = Verification::default();
    if p7s.len() > LIMIT {
        report.problem("signature_too_long", format!("longer than {LIMIT} bytes"));
        return report;
    }
    let signed = match decode(p7s) {
        Ok(signed) => signed,
        Err(e) => {
            report.problem("signature_unreadable", format!("not a CMS SignedData: {e}"));
            return report;
        }
    };
    if to_der(&signed).ok().as_deref() != Some(p7s) {
        report.problem(
            "signature_not_canonical",
            "the bytes are not canonical DER of what they say",
        );
    }
    report.check_frame(&signed);
    let certificates = report.certificates(&signed);
    let [info] = signed.signer_infos.0.as_slice() else {
        let count = signed.signer_infos.0.len();
        report.problem(
            "signature_structure",
            format!("{count} signers, where one is expected"),
        );
        return report;
    };
    report.check_signer(info, &certificates, content, claimed, trust);
    report
}

impl Verification {
    /// No problems, and the signer is trusted.
    pub fn holds(&self) -> bool {
        self.problems.is_empty() && self.signer.as_ref().is_some_and(|signer| signer.trusted)
    }

    fn problem(&mut self, code: &'static str, message: impl Into<String>) {
        self.problems.push(Problem {
            code,
            message: message.into(),
        });
    }

    fn require(&mut self, holds: bool, code: &'static str, message: &str) {
        if !holds {
            self.problem(code, message);
        }
    }

    /// What is around the signer (RFC 5652 section 5.1).
    fn check_frame(&mut self, signed: &SignedData) {
        const CODE: &str = "signature_structure";
        let by_key = signed
            .signer_infos
            .0
            .iter()
            .any(|info| info.version == CmsVersion::V3);
        let version = if by_key {
            CmsVersion::V3
        } else {
            CmsVersion::V1
        };
        self.require(
            signed.version == version,
            CODE,
            "the version is not the one that goes with the content",
        );
        let digests = signed.digest_algorithms.as_slice();
        self.require(
            matches!(digests, [only] if algorithm::is_sha256(only)),
            "signature_algorithm",
            "the digest algorithms are not SHA-256 alone",
        );
        let content = &signed.encap_content_info;
        self.require(
            content.econtent_type == ID_DATA,
            CODE,
            "the content is not of type data",
        );
        self.require(
            content.econtent.is_none(),
            CODE,
            "the signature carries content of its own",
        );
        self.require(
            signed.crls.is_none(),
            CODE,
            "the signature carries revocation lists, which nothing protects",
        );
    }

    /// The embedded certificates that can be read.
    fn certificates(&mut self, signed: &SignedData) -> Vec<Certificate> {
        const CODE: &str = "signature_certificates";
        let embedded = signed
            .certificates
            .as_ref()
            .map_or(&[][..], |set| set.0.as_slice());
        if embedded.len() > MAX_CERTIFICATES {
            self.problem(CODE, format!("more than {MAX_CERTIFICATES} certificates"));
        }
        let mut certificates = Vec::new();
        for choice in embedded.iter().take(MAX_CERTIFICATES) {
            let CertificateChoices::Certificate(x509) = choice else {
                self.problem(CODE, "something embedded is not an X.509 certificate");
                continue;
            };
            let read = x509.to_der().map_err(|e| e.to_string());
            match read.and_then(|der| Certificate::from_der(&der)) {
                Ok(certificate) => certificates.push(certificate),
                Err(why) => self.problem(CODE, why),
            }
        }
        certificates
    }

    fn check_signer(
        &mut self,
        info: &SignerInfo,
        certificates: &[Certificate],
        content: Digest,
        claimed: ClaimedTime,
        trust: &[TrustAnchor],
    ) {
        self.check_signer_frame(info);
        let leaf = certificates.iter().find(|c| identifies(&info.sid, c));
        let Some(attributes) = &info.signed_attrs else {
            self.problem("signature_attributes", "there are no signed attributes");
            return;
        };
        self.check_attributes(attributes, info, content);
        let at = self.claimed_time(attributes, claimed);
        self.check_names(attributes, certificates, leaf);
        let Some(leaf) = leaf else {
            self.problem(
                "signature_certificates",
                "no embedded certificate is the signer's",
            );
            return;
        };
        let genuine = check_value(info, attributes, leaf);
        if let Err(why) = &genuine {
            self.problem("signature_invalid", why.clone());
        }
        let others: Vec<_> = certificates
            .iter()
            .filter(|c| *c != leaf)
            .cloned()
            .collect();
        let trusted = match (genuine, at) {
            (Err(_), _) => Err("the signature is not this certificate's".to_owned()),
            (Ok(()), None) => Err("there is no signing time to judge its validity at".to_owned()),
            (Ok(()), Some(at)) => check_chain(leaf, &others, trust, at, Purpose::Signing),
        };
        self.signing_time = at;
        self.signer = Some(Signer {
            subject: leaf.subject(),
            sha256: leaf.sha256(),
            trusted: trusted.is_ok(),
            why_not: trusted.err(),
        });
    }

    /// What of the signer's record the signature does not cover (RFC 5652 section 5.3).
    fn check_signer_frame(&mut self, info: &SignerInfo) {
        let version = match info.sid {
            SignerIdentifier::IssuerAndSerialNumber(_) => CmsVersion::V1,
            SignerIdentifier::SubjectKeyIdentifier(_) => CmsVersion::V3,
        };
        self.require(
            info.version == version,
            "signature_structure",
            "the signer's version is not the one that goes with its identifier",
        );
        self.require(
            algorithm::is_sha256(&info.digest_alg),
            "signature_algorithm",
            "the signer's digest algorithm is not SHA-256",
        );
        let Some(unsigned) = &info.unsigned_attrs else {
            return;
        };
        match unsigned.as_slice() {
            [only] if only.oid == ID_TIME_STAMP_TOKEN && only.values.len() == 1 => {
                self.timestamp_token = only.values.get(0).and_then(|token| token.to_der().ok());
            }
            _ => self.problem(
                "signature_attributes",
                "there are unsigned attributes other than one time-stamp",
            ),
        }
    }

    fn check_attributes(
        &mut self,
        attributes: &SignedAttributes,
        info: &SignerInfo,
        content: Digest,
    ) {
        const CODE: &str = "signature_attributes";
        const EXPECTED: [ObjectIdentifier; 6] = [
            ID_CONTENT_TYPE,
            ID_MESSAGE_DIGEST,
            ID_SIGNING_TIME,
            ID_SIGNING_CERTIFICATE_V2,
            ID_ALGORITHM_PROTECTION,
            ID_SMIME_CAPABILITIES,
        ];
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
        let protection = self.single::<AlgorithmProtection>(
            attributes,
            ID_ALGORITHM_PROTECTION,
            "CMS-algorithm-protection",
        );
        if let Some(protection) = protection {
            let same = protection.digest_algorithm == info.digest_alg
                && protection.signature_algorithm.as_ref() == Some(&info.signature_algorithm);
            self.require(
                same,
                "signature_algorithm",
                "the algorithms are not the ones that were signed",
            );
        }
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
                "signature_attributes",
                format!("the attribute {name} has not one proper value"),
            );
        }
        read
    }

    fn claimed_time(
        &mut self,
        attributes: &SignedAttributes,
        claimed: ClaimedTime,
    ) -> Option<Moment> {
        const CODE: &str = "signature_attributes";
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
    fn check_names(
        &mut self,
        attributes: &SignedAttributes,
        certificates: &[Certificate],
        leaf: Option<&Certificate>,
    ) {
        const CODE: &str = "signature_certificates";
        let names = self.single::<SigningCertificateV2>(
            attributes,
            ID_SIGNING_CERTIFICATE_V2,
            "signing-certificate-v2",
        );
        let Some(names) = names else {
            self.problem(
                "signature_attributes",
                "there is no attribute signing-certificate-v2",
            );
            return;
        };
        let named = |certificate: &Certificate| {
            let hash = certificate.sha256();
            move |name: &super::cms::EssCertIdV2| {
                name.hash_algorithm
                    .as_ref()
                    .is_none_or(algorithm::is_sha256)
                    && name.cert_hash.as_bytes() == hash.as_bytes()
            }
        };
        for certificate in certificates {
            if !names.certs.iter().any(named(certificate)) {
                let subject = certificate.subject();
                self.problem(
                    CODE,
                    format!("the certificate of `{subject}` is not one that was signed"),
                );
            }
        }
        for (index, name) in names.certs.iter().enumerate() {
            match certificates.iter().find(|c| named(c)(name)) {
                None => self.problem(
                    CODE,
                    format!(
                        "certificate {} of those that were signed is not embedded",
                        index + 1
                    ),
                ),
                Some(certificate) => {
                    let same = name
                        .issuer_serial
                        .as_ref()
                        .is_none_or(|i| issued(i, certificate));
                    self.require(
                        same,
                        CODE,
                        "a signed issuer and serial number are another's",
                    );
                }
            }
        }
        if let (Some(leaf), Some(first)) = (leaf, names.certs.first()) {
            self.require(
                named(leaf)(first),
                CODE,
                "the first certificate that was signed is not the signer's",
            );
        }
        self.require(
            names.certs.len() == certificates.len(),
            CODE,
            "a certificate is embedded or named twice",
        );
    }
}

fn decode_any<T: DecodeOwned>(any: &Any) -> Option<T> {
    T::from_der(&any.to_der().ok()?).ok()
}

fn identifies(sid: &SignerIdentifier, certificate: &Certificate) -> bool {
    match sid {
        SignerIdentifier::IssuerAndSerialNumber(id) => {
            id.issuer == *certificate.issuer_name()
                && id.serial_number == *certificate.serial_number()
        }
        SignerIdentifier::SubjectKeyIdentifier(id) => {
            certificate.key_identifier().as_ref() == Some(id)
        }
    }
}

fn issued(name: &IssuerSerial, certificate: &Certificate) -> bool {
    let issuer = matches!(name.issuer.as_slice(), [GeneralName::DirectoryName(issuer)]
        if issuer == certificate.issuer_name());
    issuer && name.serial_number == *certificate.serial_number()
}

/// Whether the signature value is the leaf's over the signed attributes (RFC 5652 section 5.4).
fn check_value(
    info: &SignerInfo,
    attributes: &SignedAttributes,
    leaf: &Certificate,
) -> Result<(), String> {
    let message = attributes.to_der().map_err(|e| e.to_string())?;
    algorithm::verify(
        leaf.x509().tbs_certificate().subject_public_key_info(),
        &algorithm::with_digest_named(&info.signature_algorithm),
        &message,
        info.signature.as_bytes(),
    )
}

#[cfg(test)]
#[path = "verify_tests.rs"]
mod tests;
