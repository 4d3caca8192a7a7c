//! A time-stamp token: CMS `SignedData` over a `TSTInfo` (RFC 3161 section 2.4.2).

use cms::cert::CertificateChoices;
use cms::signed_data::{SignedAttributes, SignedData, SignerInfo};
use const_oid::ObjectIdentifier;
use der::asn1::{Any, AnyRef, OctetString};
use der::{Decode, DecodeOwned, Encode, Reader, SliceReader, Tag, TagNumber, Tagged};
use sha1::{Digest as _, Sha1};
use sha2::{Sha256, Sha384, Sha512};
use x509_cert::ext::Extension;

use super::{ID_SIGNING_CERTIFICATE, ID_TST_INFO, LIMIT, MessageImprint, problem};
use crate::sign::algorithm;
use crate::sign::certificate::{Certificate, Purpose};
use crate::sign::cms::{
    EssCertIdV2, ID_CONTENT_TYPE, ID_MESSAGE_DIGEST, ID_SIGNING_CERTIFICATE_V2,
    SigningCertificateV2, decode,
};
use crate::sign::trust::TrustAnchor;
use crate::sign::verify::{Problem, Signer, identifies, is_future};
use crate::time::{Moment, rfc3339};

/// No more certificates are looked at.
const MAX_CERTIFICATES: usize = 16;

/// What a token says, and who says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timestamp {
    /// When the signature existed, without fractions of a second.
    pub time: Moment,
    /// The authority. It is trusted where a chain leads from it to a trust anchor.
    pub authority: Signer,
    /// The request's nonce, in the bytes of its INTEGER.
    pub(super) nonce: Option<Vec<u8>>,
}

impl Timestamp {
    /// Why it cannot be believed at `now`: its time is yet to come.
    pub(in crate::sign) fn future(&self, now: Moment) -> Option<String> {
        is_future(self.time, now).then(|| {
            format!(
                "the time-stamp is of {}, which is yet to come at {}",
                rfc3339(self.time),
                rfc3339(now)
            )
        })
    }
}

/// Judges a token over this signature value at `now`. Without a [`Timestamp`] there is at least one problem;
/// an authority that is not trusted is none.
pub fn check_token(
    token: &[u8],
    value: &[u8],
    trust: &[TrustAnchor],
    now: Moment,
) -> (Option<Timestamp>, Vec<Problem>) {
    let mut check = Check::default();
    let stamp = check.token(token, value, trust, now);
    (stamp, check.problems)
}

#[derive(Default)]
struct Check {
    problems: Vec<Problem>,
}

/// `TSTInfo`, as far as it is looked at.
struct Info {
    imprint: MessageImprint,
    time: Moment,
    nonce: Option<Vec<u8>>,
    /// The first extension that must not be passed over.
    critical: Option<ObjectIdentifier>,
}

impl Check {
    fn fault(&mut self, code: &'static str, message: &str) {
        self.problems.push(problem(code, message));
    }

    fn token(
        &mut self,
        token: &[u8],
        value: &[u8],
        trust: &[TrustAnchor],
        now: Moment,
    ) -> Option<Timestamp> {
        let Some((message, content, info)) = open(token) else {
            let message = "the token is not a signed TSTInfo in DER (RFC 3161)";
            self.fault("timestamp_unreadable", message);
            return None;
        };
        let imprint = &info.imprint;
        let expected = algorithm::digest(&imprint.algorithm, value);
        if expected.as_deref() != Ok(imprint.hash.as_bytes()) {
            let message = "the time-stamp is not over this signature: its imprint is another";
            self.fault("timestamp_imprint", message);
        }
        // RFC 5280 section 4.2, whose extensions these are; none is known here.
        if let Some(oid) = info.critical {
            let message = format!("the token has the unknown critical extension {oid}");
            self.fault("timestamp_unreadable", &message);
        }
        let certificates = certificates(&message);
        let [signer] = message.signer_infos.0.as_slice() else {
            self.fault("timestamp_signature", "the token has not one signer");
            return None;
        };
        let leaf = certificates.iter().find(|c| identifies(&signer.sid, c));
        let Some(leaf) = leaf else {
            let message = "the token holds no certificate of its authority";
            self.fault("timestamp_signature", message);
            return None;
        };
        if let Err(why) = check_signature(signer, leaf, &content) {
            self.fault("timestamp_signature", &why);
        }
        // RFC 3161 section 2.3: the purpose stands alone, and is critical.
        if let Err(why) = leaf.check_purpose(Purpose::TimeStamping) {
            self.fault("timestamp_authority", &why);
        }
        let at = if !self.problems.is_empty() {
            Err("the time-stamp does not hold".to_owned())
        } else if is_future(info.time, now) {
            Err("the time-stamp's time is yet to come".to_owned())
        } else {
            Ok(info.time)
        };
        let purpose = Purpose::TimeStamping;
        Some(Timestamp {
            time: info.time,
            authority: Signer::judged(leaf, &certificates, at, trust, now, purpose),
            nonce: info.nonce,
        })
    }
}

fn open(token: &[u8]) -> Option<(SignedData, Vec<u8>, Info)> {
    if token.len() > LIMIT {
        return None;
    }
    let signed = decode(token).ok()?;
    let content = &signed.encap_content_info;
    if content.econtent_type != ID_TST_INFO {
        return None;
    }
    let content: OctetString = content.econtent.as_ref()?.decode_as().ok()?;
    let content = content.as_bytes().to_vec();
    let info = read_info(&content).ok()?;
    Some((signed, content, info))
}

fn read_info(der: &[u8]) -> der::Result<Info> {
    AnyRef::from_der(der)?.sequence(|fields| {
        let version: u8 = fields.decode()?;
        let _policy: ObjectIdentifier = fields.decode()?;
        let imprint = fields.decode()?;
        let _serial: AnyRef<'_> = fields.decode()?;
        let time: AnyRef<'_> = fields.decode()?;
        let time = (time.tag() == Tag::GeneralizedTime)
            .then(|| general_time(time.value()))
            .flatten();
        let (mut nonce, mut critical) = (None, None);
        while !fields.is_finished() {
            let field: AnyRef<'_> = fields.decode()?;
            match field.tag() {
                Tag::Integer => nonce = Some(field.value().to_vec()),
                EXTENSIONS => critical = first_critical(field.value())?,
                _ => {}
            }
        }
        match time {
            Some(time) if version == 1 => Ok(Info {
                imprint,
                time,
                nonce,
                critical,
            }),
            _ => Err(Tag::GeneralizedTime.value_error().into()),
        }
    })
}

/// `[1] IMPLICIT Extensions`.
const EXTENSIONS: Tag = Tag::ContextSpecific {
    constructed: true,
    number: TagNumber(1),
};

fn first_critical(extensions: &[u8]) -> der::Result<Option<ObjectIdentifier>> {
    let mut reader = SliceReader::new(extensions)?;
    let mut critical = None;
    while !reader.is_finished() {
        let extension: Extension = reader.decode()?;
        if extension.critical {
            critical.get_or_insert(extension.extn_id);
        }
    }
    Ok(critical)
}

/// `YYYYMMDDhhmmss[.s...]Z` (RFC 3161 section 2.4.2); the fraction is left out.
fn general_time(text: &[u8]) -> Option<Moment> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if whole.len() != 14 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let time = chrono::NaiveDateTime::parse_from_str(whole, "%Y%m%d%H%M%S").ok()?;
    Some(time.and_utc())
}

fn certificates(signed: &SignedData) -> Vec<Certificate> {
    let embedded = signed.certificates.iter().flat_map(|set| set.0.iter());
    embedded
        .take(MAX_CERTIFICATES)
        .filter_map(|choice| match choice {
            CertificateChoices::Certificate(x509) => {
                Certificate::from_der(&x509.to_der().ok()?).ok()
            }
            CertificateChoices::Other(_) => None,
        })
        .collect()
}

/// The signed attributes and the signature over them (RFC 5652 section 5.4).
fn check_signature(signer: &SignerInfo, leaf: &Certificate, content: &[u8]) -> Result<(), String> {
    let attributes = signer
        .signed_attrs
        .as_ref()
        .ok_or("the token has no signed attributes")?;
    let content_type: Option<ObjectIdentifier> = single(attributes, ID_CONTENT_TYPE);
    if content_type != Some(ID_TST_INFO) {
        return Err("the token's attribute content-type is not TSTInfo".into());
    }
    let digest = algorithm::digest(&signer.digest_alg, content)?;
    let expected: Option<OctetString> = single(attributes, ID_MESSAGE_DIGEST);
    if expected.is_none_or(|expected| expected.as_bytes() != digest) {
        return Err("the token's content is not the one that was signed".into());
    }
    if !names(attributes, leaf) {
        return Err("the token does not name its authority's certificate".into());
    }
    let message = attributes.to_der().map_err(|e| e.to_string())?;
    algorithm::verify(
        leaf.public_key(),
        &algorithm::with_digest_named(&signer.signature_algorithm, &signer.digest_alg),
        &message,
        signer.signature.as_bytes(),
    )
}

fn single<T: DecodeOwned>(attributes: &SignedAttributes, oid: ObjectIdentifier) -> Option<T> {
    let mut found = attributes.iter().filter(|attribute| attribute.oid == oid);
    let (only, None) = (found.next()?, found.next()) else {
        return None;
    };
    match only.values.as_slice() {
        [value] => T::from_der(&value.to_der().ok()?).ok(),
        _ => None,
    }
}

/// Whether the signed attributes name this certificate first (RFC 5816 section 2.2.1; RFC 2634
/// section 5.4 with SHA-1).
fn names(attributes: &SignedAttributes, leaf: &Certificate) -> bool {
    let v2: Option<SigningCertificateV2> = single(attributes, ID_SIGNING_CERTIFICATE_V2);
    if let Some(first) = v2.as_ref().and_then(|names| names.certs.first()) {
        return first.cert_hash.as_bytes() == hash_of(first, leaf.der());
    }
    // SigningCertificate ::= SEQUENCE { certs SEQUENCE OF ESSCertID, ... }
    let v1: Option<Any> = single(attributes, ID_SIGNING_CERTIFICATE);
    let first = v1.and_then(|names| first_of(&names).ok());
    first.is_some_and(|hash| hash == Sha1::digest(leaf.der()).as_slice())
}

fn hash_of(name: &EssCertIdV2, der: &[u8]) -> Vec<u8> {
    let oid = name.hash_algorithm.as_ref().map(|algorithm| algorithm.oid);
    match oid {
        Some(const_oid::db::rfc5912::ID_SHA_384) => Sha384::digest(der).to_vec(),
        Some(const_oid::db::rfc5912::ID_SHA_512) => Sha512::digest(der).to_vec(),
        Some(const_oid::db::rfc5912::ID_SHA_256) | None => Sha256::digest(der).to_vec(),
        Some(_) => Vec::new(),
    }
}

fn first_of(names: &Any) -> der::Result<Vec<u8>> {
    let first = names.to_ref().sequence(|fields| {
        let certs: AnyRef<'_> = fields.decode()?;
        while !fields.is_finished() {
            let _: AnyRef<'_> = fields.decode()?;
        }
        certs.sequence(|certs| {
            let first: AnyRef<'_> = certs.decode()?;
            while !certs.is_finished() {
                let _: AnyRef<'_> = certs.decode()?;
            }
            Ok::<_, der::Error>(first)
        })
    })?;
    first.sequence(|fields| {
        let hash: OctetString = fields.decode()?;
        while !fields.is_finished() {
            let _: AnyRef<'_> = fields.decode()?;
        }
        Ok(hash.as_bytes().to_vec())
    })
}
