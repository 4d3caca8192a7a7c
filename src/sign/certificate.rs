//! One X.509 certificate (RFC 5280).

use std::fmt::Write as _;

use const_oid::db::{rfc5280, rfc5912};
use const_oid::{AssociatedOid, ObjectIdentifier};
use der::{Decode, Encode};
use spki::SubjectPublicKeyInfoOwned;
use x509_cert::Certificate as X509;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::Time;

use super::algorithm;
use crate::digest::Digest;
use crate::time::{Moment, rfc3339};

mod shown;

/// The critical extensions that are understood here, or that take nothing away where no policy is
/// asked for and no name is compared (RFC 5280 section 4.2), as OpenSSL has it too.
const UNDERSTOOD: [ObjectIdentifier; 6] = [
    rfc5280::ID_CE_BASIC_CONSTRAINTS,
    rfc5280::ID_CE_KEY_USAGE,
    rfc5280::ID_CE_EXT_KEY_USAGE,
    rfc5280::ID_CE_CERTIFICATE_POLICIES,
    rfc5280::ID_CE_POLICY_CONSTRAINTS,
    rfc5280::ID_CE_SUBJECT_ALT_NAME,
];

/// id-kp-documentSigning (RFC 9336) and the older names that Microsoft and Adobe gave it.
const DOCUMENT_SIGNING: [ObjectIdentifier; 3] = [
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36"),
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.10.3.12"),
    ObjectIdentifier::new_unwrap("1.2.840.113583.1.1.5"),
];

/// What a certificate at the end of a chain is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Signing documents and manifests.
    Signing,
    /// Signing time-stamps (RFC 3161 section 2.3).
    TimeStamping,
}

/// A certificate in canonical DER.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    x509: X509,
    der: Vec<u8>,
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate({}, {})", self.subject(), self.sha256())
    }
}

impl Certificate {
    /// Reads DER. `Err` says what is wrong with it.
    ///
    /// Encodings that would not be written back as they are get refused: what is verified later
    /// must be the bytes that were read.
    pub fn from_der(der: &[u8]) -> Result<Self, String> {
        let x509 = X509::from_der(der).map_err(|e| format!("not an X.509 certificate: {e}"))?;
        if x509.to_der().ok().as_deref() != Some(der) {
            return Err("the certificate is not in canonical DER".into());
        }
        let der = der.to_vec();
        Ok(Self { x509, der })
    }

    /// The bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// SHA-256 over the bytes.
    pub fn sha256(&self) -> Digest {
        Digest::of(&self.der)
    }

    /// The subject as RFC 4514 writes names.
    pub fn subject(&self) -> String {
        name_text(self.subject_name())
    }

    /// The issuer as RFC 4514 writes names.
    pub fn issuer(&self) -> String {
        name_text(self.issuer_name())
    }

    /// From and to when it is valid, both included.
    pub fn validity(&self) -> (Moment, Moment) {
        let validity = self.x509.tbs_certificate().validity();
        (moment(validity.not_before), moment(validity.not_after))
    }

    pub(super) fn x509(&self) -> &X509 {
        &self.x509
    }

    pub(super) fn public_key(&self) -> &SubjectPublicKeyInfoOwned {
        self.x509.tbs_certificate().subject_public_key_info()
    }

    pub(super) fn subject_name(&self) -> &Name {
        self.x509.tbs_certificate().subject()
    }

    pub(super) fn issuer_name(&self) -> &Name {
        self.x509.tbs_certificate().issuer()
    }

    pub(super) fn serial_number(&self) -> &SerialNumber {
        self.x509.tbs_certificate().serial_number()
    }

    pub(super) fn key_identifier(&self) -> Option<SubjectKeyIdentifier> {
        self.extension().ok().flatten()
    }

    pub(super) fn is_self_issued(&self) -> bool {
        self.subject_name() == self.issuer_name()
    }

    /// Whether `at` lies in the validity. `Err` says both dates.
    pub(super) fn check_valid_at(&self, at: Moment) -> Result<(), String> {
        let (from, to) = self.validity();
        // A certificate counts whole seconds: its last one is valid to its end.
        if at >= from && at.timestamp() <= to.timestamp() {
            return Ok(());
        }
        Err(format!(
            "`{}` is valid from {} to {}, not at {}",
            self.subject(),
            rfc3339(from),
            rfc3339(to),
            rfc3339(at)
        ))
    }

    /// Whether `issuer`'s key signed this certificate.
    pub(super) fn check_signed_by(&self, issuer: &Self) -> Result<(), String> {
        let tbs = self.x509.tbs_certificate();
        // RFC 5280 section 4.1.1.2: the two must be the same.
        if tbs.signature() != self.x509.signature_algorithm() {
            return Err(format!(
                "`{}` names two signature algorithms",
                self.subject()
            ));
        }
        let fault = |why: String| {
            format!(
                "the signature of `{}` on `{}` does not hold: {why}",
                issuer.subject(),
                self.subject()
            )
        };
        let message = tbs.to_der().map_err(|e| fault(e.to_string()))?;
        let signature = self
            .x509
            .signature()
            .as_bytes()
            .ok_or_else(|| fault("it is not whole bytes".into()))?;
        algorithm::verify(
            issuer.public_key(),
            self.x509.signature_algorithm(),
            &message,
            signature,
        )
        .map_err(fault)
    }

    /// Whether the certificate may be used at the end of a chain for this purpose.
    pub(super) fn check_purpose(&self, purpose: Purpose) -> Result<(), String> {
        self.check_extensions()?;
        let refuse = |what: &str| Err(format!("`{}` {what}", self.subject()));
        if let Some(usage) = self.extension::<KeyUsage>()?
            && !usage.digital_signature()
            && !usage.non_repudiation()
        {
            return refuse("has a key usage without digitalSignature and nonRepudiation");
        }
        match (purpose, self.extension::<ExtendedKeyUsage>()?) {
            (Purpose::Signing, None) => Ok(()),
            (Purpose::Signing, Some(usage)) if usage.0.iter().any(|oid| purpose.allows(*oid)) => {
                Ok(())
            }
            (Purpose::Signing, Some(_)) => {
                refuse("has an extended key usage without emailProtection or document signing")
            }
            // RFC 3161 section 2.3: nothing else, and critical.
            (Purpose::TimeStamping, Some(usage))
                if usage.0 == [rfc5912::ID_KP_TIME_STAMPING]
                    && self.is_critical(rfc5280::ID_CE_EXT_KEY_USAGE) =>
            {
                Ok(())
            }
            (Purpose::TimeStamping, _) => refuse("is not for time-stamping alone"),
        }
    }

    /// Whether the certificate may issue others, `below` of them between it and the end of the
    /// chain (RFC 5280 section 6.1.4 k to n), for this purpose.
    pub(super) fn check_authority(&self, below: usize, purpose: Purpose) -> Result<(), String> {
        self.check_extensions()?;
        let refuse = |what: &str| Err(format!("`{}` {what}", self.subject()));
        let Some(constraints) = self.extension::<BasicConstraints>()?.filter(|c| c.ca) else {
            return refuse("is not a certificate authority");
        };
        if constraints
            .path_len_constraint
            .is_some_and(|limit| below > usize::from(limit))
        {
            return refuse("allows fewer authorities below it");
        }
        if self
            .extension::<KeyUsage>()?
            .is_some_and(|usage| !usage.key_cert_sign())
        {
            return refuse("has a key usage without keyCertSign");
        }
        // An authority's extended key usage limits those that it issues, as OpenSSL and NSS have it.
        let usage = self.extension::<ExtendedKeyUsage>()?;
        if usage.is_some_and(|usage| !usage.0.iter().any(|oid| purpose.allows(*oid))) {
            return refuse("has an extended key usage for other purposes");
        }
        // They should be critical, and RFC 5280 section 4.2.1.10 wants them followed in any case.
        if self.has(rfc5280::ID_CE_NAME_CONSTRAINTS) {
            return refuse("constrains the names below it, which is not judged here");
        }
        Ok(())
    }

    /// Critical extensions that nobody here understands make a certificate unusable, and so does
    /// one that is there twice (RFC 5280 section 4.2).
    fn check_extensions(&self) -> Result<(), String> {
        let mut seen = Vec::new();
        for extension in self.extensions() {
            let (oid, subject) = (extension.extn_id, self.subject());
            if extension.critical && !UNDERSTOOD.contains(&oid) {
                return Err(format!(
                    "`{subject}` has the unknown critical extension {oid}"
                ));
            }
            if seen.contains(&oid) {
                return Err(format!("`{subject}` has the extension {oid} twice"));
            }
            seen.push(oid);
        }
        Ok(())
    }

    fn extensions(&self) -> impl Iterator<Item = &Extension> {
        let extensions = self.x509.tbs_certificate().extensions();
        extensions.into_iter().flatten()
    }

    fn has(&self, oid: ObjectIdentifier) -> bool {
        self.extensions().any(|extension| extension.extn_id == oid)
    }

    fn is_critical(&self, oid: ObjectIdentifier) -> bool {
        let mut extensions = self.extensions();
        extensions.any(|extension| extension.extn_id == oid && extension.critical)
    }

    fn extension<'a, T>(&'a self) -> Result<Option<T>, String>
    where
        T: Decode<'a> + AssociatedOid,
    {
        self.x509
            .tbs_certificate()
            .get_extension::<T>()
            .map(|found| found.map(|(_, extension)| extension))
            .map_err(|_| format!("`{}` has a broken extension {}", self.subject(), T::OID))
    }
}

impl Purpose {
    fn allows(self, usage: ObjectIdentifier) -> bool {
        usage == rfc5280::ANY_EXTENDED_KEY_USAGE
            || match self {
                Self::Signing => {
                    usage == rfc5912::ID_KP_EMAIL_PROTECTION || DOCUMENT_SIGNING.contains(&usage)
                }
                Self::TimeStamping => usage == rfc5912::ID_KP_TIME_STAMPING,
            }
    }
}

fn name_text(name: &Name) -> String {
    let mut text = String::new();
    match write!(text, "{name}") {
        Ok(()) if !text.is_empty() => text,
        Ok(()) => "(no name)".to_owned(),
        Err(_) => "(unreadable name)".to_owned(),
    }
}

/// A time of ASN.1 as a moment.
pub(super) fn moment(time: Time) -> Moment {
    let seconds = i64::try_from(time.to_unix_duration().as_secs());
    seconds
        .ok()
        .and_then(|seconds| Moment::from_timestamp(seconds, 0))
        .expect("the decoder takes the years 1970 to 9999 only")
}

/// A moment, its whole seconds, as certificates and attributes write times: `UTCTime` until 2049,
/// then `GeneralizedTime` (RFC 5280 section 4.1.2.5, RFC 5652 section 11.3). `None` outside the
/// years 1970 to 9999.
pub(super) fn asn1_time(moment: Moment) -> Option<Time> {
    let seconds = u64::try_from(moment.timestamp()).ok()?;
    der::DateTime::from_unix_duration(std::time::Duration::from_secs(seconds))
        .ok()
        .map(Time::from)
}
