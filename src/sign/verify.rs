//! Every fault of a detached signature, and who signed.
//!
//! What is accepted is narrow, so that one meaning has one encoding: canonical DER without trailing
//! bytes, one signer, SHA-256, no certificate that the signature does not name, nothing unsigned but
//! a time-stamp. `openssl cms -sign -cades` writes such messages, too.

use cms::cert::CertificateChoices;
use cms::content_info::CmsVersion;
use cms::signed_data::{SignedAttributes, SignedData, SignerIdentifier, SignerInfo};
use der::Encode;

use super::algorithm;
use super::certificate::{Certificate, Purpose};
use super::cms::{ID_DATA, ID_TIME_STAMP_TOKEN, decode, to_der};
use super::timestamp::{Timestamp, check_token};
use super::trust::TrustAnchor;
use crate::digest::Digest;
use crate::time::Moment;

mod attributes;
mod times;

pub use times::{TOLERANCE, is_future};

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
    /// The last moment of the certificate.
    pub valid_until: Moment,
    /// A certificate of the chain, or this one where there is no chain, is not valid any more when it
    /// is judged.
    pub expired: bool,
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
    /// Times that cannot be believed when it is judged; its mathematics may hold all the same.
    pub doubts: Vec<Problem>,
    /// What a time-stamp token over the signature value says; its faults are among the problems.
    pub timestamp: Option<Timestamp>,
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

/// Verifies a `.p7s` over content with this digest, judged at `now`. Without anchors no signer is trusted.
pub fn verify_detached(
    p7s: &[u8],
    content: Digest,
    trust: &[TrustAnchor],
    now: Moment,
) -> Verification {
    verify_at(p7s, content, ClaimedTime::Attribute, trust, now)
}

/// The same, with the claimed time where it stands.
pub fn verify_at(
    p7s: &[u8],
    content: Digest,
    claimed: ClaimedTime,
    trust: &[TrustAnchor],
    now: Moment,
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
    let judge = Judge { trust, now };
    report.check_signer(info, &certificates, content, claimed, judge);
    report
}

/// Whom the verifier believes, and when it judges.
#[derive(Clone, Copy)]
struct Judge<'t> {
    trust: &'t [TrustAnchor],
    now: Moment,
}

impl Verification {
    /// The level that was reached, whoever signed (ETSI EN 319 122-1 section 6, EN 319 142-1 section 6):
    /// never more than B-T, for nothing of revocation is looked at, and that only with the time-stamp
    /// of a trusted authority: another's says nothing. `None` where there is a problem or a doubt.
    pub fn level(&self) -> Option<&'static str> {
        let stamp = self.timestamp.as_ref();
        match (self.problems.as_slice(), self.doubts.as_slice()) {
            ([], []) if stamp.is_some_and(|stamp| stamp.authority.trusted) => Some("B-T"),
            ([], []) => Some("B-B"),
            _ => None,
        }
    }

    /// No problems, no doubts, and the signer is trusted.
    pub fn holds(&self) -> bool {
        let sound = self.problems.is_empty() && self.doubts.is_empty();
        sound && self.signer.as_ref().is_some_and(|signer| signer.trusted)
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
        judge: Judge<'_>,
    ) {
        self.check_signer_frame(info, judge);
        let leaf = certificates.iter().find(|c| identifies(&info.sid, c));
        let Some(attributes) = &info.signed_attrs else {
            self.problem("signature_attributes", "there are no signed attributes");
            return;
        };
        self.check_attributes(attributes, info, content);
        self.signing_time = self.claimed_time(attributes, claimed);
        let proven = self.proven_time();
        self.check_times(leaf, judge.now);
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
        let at = genuine
            .map_err(|_| "the signature is not this certificate's".to_owned())
            .and_then(|()| self.time_of_signing(proven, judge.now));
        self.signer = Some(Signer::judged(
            leaf,
            certificates,
            at,
            judge.trust,
            judge.now,
            Purpose::Signing,
        ));
    }

    /// What of the signer's record the signature does not cover (RFC 5652 section 5.3).
    fn check_signer_frame(&mut self, info: &SignerInfo, judge: Judge<'_>) {
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
                let token = only.values.get(0).and_then(|token| token.to_der().ok());
                let value = info.signature.as_bytes();
                let (stamp, problems) =
                    check_token(&token.unwrap_or_default(), value, judge.trust, judge.now);
                self.timestamp = stamp;
                self.problems.extend(problems);
            }
            _ => self.problem(
                "signature_attributes",
                "there are unsigned attributes other than one time-stamp",
            ),
        }
    }
}

pub(super) fn identifies(sid: &SignerIdentifier, certificate: &Certificate) -> bool {
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

/// Whether the signature value is the leaf's over the signed attributes (RFC 5652 section 5.4).
fn check_value(
    info: &SignerInfo,
    attributes: &SignedAttributes,
    leaf: &Certificate,
) -> Result<(), String> {
    let message = attributes.to_der().map_err(|e| e.to_string())?;
    algorithm::verify(
        leaf.public_key(),
        &algorithm::with_digest_named(&info.signature_algorithm, &info.digest_alg),
        &message,
        info.signature.as_bytes(),
    )
}

#[cfg(test)]
mod tests;
