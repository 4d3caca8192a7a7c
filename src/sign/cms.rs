//! A detached `CAdES` baseline B-B signature: CMS `SignedData` (RFC 5652) as ETSI EN 319 122-1 wants it.
//!
//! The signed attributes are content-type, message-digest, signing-time where the caller gives one
//! (`PAdES` puts it elsewhere), signing-certificate-v2 (RFC 5035) with the hash of every certificate
//! that is embedded, and CMS-algorithm-protection (RFC 6211), so that no byte of the message can
//! change unnoticed. The bytes depend on nothing but the arguments.

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::revocation::RevocationInfoChoices;
use cms::signed_data::{
    CertificateSet, DigestAlgorithmIdentifiers, EncapsulatedContentInfo, SignedAttributes,
    SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use const_oid::ObjectIdentifier;
pub(super) use const_oid::db::rfc5911::{
    ID_CONTENT_TYPE, ID_DATA, ID_MESSAGE_DIGEST, ID_SIGNED_DATA, ID_SIGNING_TIME,
};
use der::asn1::{Any, OctetString, SetOfVec};
use der::{Decode, Encode, Sequence};
use spki::AlgorithmIdentifierOwned;
use x509_cert::attr::Attribute;
use x509_cert::ext::pkix::name::GeneralNames;
use x509_cert::serial_number::SerialNumber;

use super::algorithm;
use super::certificate::{Certificate, asn1_time};
use super::identity::Identity;
use crate::digest::Digest;
use crate::error::{Error, Result};
use crate::time::{Moment, rfc3339};

/// id-aa-signingCertificateV2, RFC 5035 section 3.
pub(super) const ID_SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
/// id-aa-CMSAlgorithmProtection, RFC 6211 section 2.
pub(super) const ID_ALGORITHM_PROTECTION: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.52");
/// smimeCapabilities, RFC 8551 section 2.5.2.
pub(super) const ID_SMIME_CAPABILITIES: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.15");
/// id-aa-timeStampToken, RFC 3161 appendix A.
pub(super) const ID_TIME_STAMP_TOKEN: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");

/// `SigningCertificateV2` of RFC 5035 section 3, without looking into policies.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct SigningCertificateV2 {
    pub(super) certs: Vec<EssCertIdV2>,
    pub(super) policies: Option<Any>,
}

/// `ESSCertIDv2` of RFC 5035 section 4.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct EssCertIdV2 {
    /// Left out, it is SHA-256.
    pub(super) hash_algorithm: Option<AlgorithmIdentifierOwned>,
    pub(super) cert_hash: OctetString,
    pub(super) issuer_serial: Option<IssuerSerial>,
}

/// `IssuerSerial` of RFC 5035 section 4.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct IssuerSerial {
    pub(super) issuer: GeneralNames,
    pub(super) serial_number: SerialNumber,
}

/// `CMSAlgorithmProtection` of RFC 6211 section 2, with a signature.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct AlgorithmProtection {
    pub(super) digest_algorithm: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) signature_algorithm: Option<AlgorithmIdentifierOwned>,
}

/// The signature over content with this digest, in DER: what a `.p7s` file holds.
pub fn sign_detached(
    identity: &Identity,
    content: Digest,
    signing_time: Moment,
) -> Result<Vec<u8>> {
    encode(&signed_data(identity, content, Some(signing_time))?)
}

/// The same as a value; without `signing_time` there is no such attribute, as `PAdES` wants it
/// (ETSI EN 319 142-1 section 6.3).
pub fn signed_data(
    identity: &Identity,
    content: Digest,
    signing_time: Option<Moment>,
) -> Result<SignedData> {
    let attributes = signed_attributes(identity, content, signing_time)?;
    // RFC 5652 section 5.4: what is signed is the attributes' own DER with the tag of SET OF.
    let message = attributes.to_der().map_err(encoding)?;
    let signature = identity
        .key()
        .sign(&message)
        .map_err(|e| Error::new(format_args!("the private key cannot sign: {e}")))?;
    assemble(identity, attributes, signature).map_err(encoding)
}

/// DER of the whole message.
pub fn encode(signed: &SignedData) -> Result<Vec<u8>> {
    to_der(signed).map_err(encoding)
}

/// `SignedData` of RFC 5652 section 5.1, for writing: its certificates in the order of DER (X.690
/// section 11.6), which the type of `cms` does not keep.
#[derive(Sequence)]
struct Written {
    version: CmsVersion,
    digest_algorithms: DigestAlgorithmIdentifiers,
    content: EncapsulatedContentInfo,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    certificates: Option<SetOfVec<Any>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    crls: Option<RevocationInfoChoices>,
    signers: SignerInfos,
}

impl Written {
    fn new(signed: &SignedData) -> der::Result<Self> {
        let ordered = |set: &CertificateSet| {
            let all = set.0.iter().map(|one| Any::from_der(&one.to_der()?));
            SetOfVec::try_from(all.collect::<der::Result<Vec<_>>>()?)
        };
        Ok(Self {
            version: signed.version,
            digest_algorithms: signed.digest_algorithms.clone(),
            content: signed.encap_content_info.clone(),
            certificates: signed.certificates.as_ref().map(ordered).transpose()?,
            crls: signed.crls.clone(),
            signers: signed.signer_infos.clone(),
        })
    }
}

pub(super) fn to_der(signed: &SignedData) -> der::Result<Vec<u8>> {
    ContentInfo {
        content_type: ID_SIGNED_DATA,
        content: Any::encode_from(&Written::new(signed)?)?,
    }
    .to_der()
}

/// Reads the whole message; nothing is verified.
pub fn decode(der: &[u8]) -> der::Result<SignedData> {
    let info = ContentInfo::from_der(der)?;
    info.content_type
        .eq(&ID_SIGNED_DATA)
        .then_some(())
        .ok_or(der::ErrorKind::OidUnknown {
            oid: info.content_type,
        })?;
    info.content.decode_as()
}

/// The signature value of a message with one signer: what a time-stamp is over.
pub fn signature_value(message: &[u8]) -> der::Result<Vec<u8>> {
    let signed = decode(message)?;
    match signed.signer_infos.0.as_slice() {
        [only] => Ok(only.signature.as_bytes().to_vec()),
        _ => Err(der::ErrorKind::Failed.into()),
    }
}

/// The message with this time-stamp token as the only unsigned attribute (ETSI EN 319 122-1 section
/// 5.3): level B-T. One that is there already is replaced.
pub fn with_timestamp(message: &[u8], token: &[u8]) -> Result<Vec<u8>> {
    let mut signed = decode(message).map_err(encoding)?;
    let mut stamped = || {
        let mut signers = signed.signer_infos.0.as_slice().to_vec();
        for signer in &mut signers {
            let token = Any::from_der(token)?;
            let attribute = attribute(ID_TIME_STAMP_TOKEN, &token)?;
            signer.unsigned_attrs = Some(SetOfVec::try_from(vec![attribute])?);
        }
        signed.signer_infos = SignerInfos::try_from(signers)?;
        to_der(&signed)
    };
    stamped().map_err(encoding)
}

fn encoding(error: der::Error) -> Error {
    Error::new(format_args!("the signature cannot be encoded: {error}"))
}

fn signed_attributes(
    identity: &Identity,
    content: Digest,
    signing_time: Option<Moment>,
) -> Result<SignedAttributes> {
    let digest = OctetString::new(content.as_bytes().as_slice()).map_err(encoding)?;
    let names = signing_certificates(identity.certificates()).map_err(encoding)?;
    let protection = AlgorithmProtection {
        digest_algorithm: algorithm::sha256(),
        signature_algorithm: Some(identity.key().algorithm()),
    };
    let mut attributes = vec![
        attribute(ID_CONTENT_TYPE, &ID_DATA),
        attribute(ID_MESSAGE_DIGEST, &digest),
        attribute(ID_SIGNING_CERTIFICATE_V2, &names),
        attribute(ID_ALGORITHM_PROTECTION, &protection),
    ];
    if let Some(moment) = signing_time {
        let time = asn1_time(moment).ok_or_else(|| {
            Error::new(format_args!(
                "`{}` cannot be a signing time: it must lie in the years 1970 to 9999",
                rfc3339(moment)
            ))
        })?;
        attributes.push(attribute(ID_SIGNING_TIME, &time));
    }
    attributes
        .into_iter()
        .collect::<der::Result<Vec<_>>>()
        .and_then(SetOfVec::try_from)
        .map_err(encoding)
}

/// The signer's certificate comes first (RFC 5035 section 3); SHA-256 is the default hash.
fn signing_certificates(certificates: &[Certificate]) -> der::Result<SigningCertificateV2> {
    let name = |certificate: &Certificate| {
        Ok(EssCertIdV2 {
            hash_algorithm: None,
            cert_hash: OctetString::new(certificate.sha256().as_bytes().as_slice())?,
            issuer_serial: None,
        })
    };
    Ok(SigningCertificateV2 {
        certs: certificates.iter().map(name).collect::<der::Result<_>>()?,
        policies: None,
    })
}

/// An attribute with one value.
pub(super) fn attribute<T: der::Tagged + der::EncodeValue>(
    oid: ObjectIdentifier,
    value: &T,
) -> der::Result<Attribute> {
    Ok(Attribute {
        oid,
        values: SetOfVec::try_from(vec![Any::encode_from(value)?])?,
    })
}

fn assemble(
    identity: &Identity,
    attributes: SignedAttributes,
    signature: Vec<u8>,
) -> der::Result<SignedData> {
    let leaf = identity.certificate();
    let signer = SignerInfo {
        // RFC 5652 section 5.3: version 1 goes with issuer and serial number.
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: leaf.issuer_name().clone(),
            serial_number: leaf.serial_number().clone(),
        }),
        digest_alg: algorithm::sha256(),
        signed_attrs: Some(attributes),
        signature_algorithm: identity.key().algorithm(),
        signature: OctetString::new(signature)?,
        unsigned_attrs: None,
    };
    let certificates = identity
        .certificates()
        .iter()
        .map(|certificate| CertificateChoices::Certificate(certificate.x509().clone()))
        .collect::<Vec<_>>();
    Ok(SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![algorithm::sha256()])?,
        encap_content_info: EncapsulatedContentInfo {
            econtent_type: ID_DATA,
            econtent: None,
        },
        certificates: Some(CertificateSet::try_from(certificates)?),
        crls: None,
        signer_infos: SignerInfos::try_from(vec![signer])?,
    })
}
