//! A new signer: a P-256 key, its certificate, and a certificate authority made for this signer
//! alone, whose key is gone once it has signed. Whoever trusts that authority trusts this signer.

use const_oid::db::rfc5912::ID_KP_EMAIL_PROTECTION;
use const_oid::{AssociatedOid, ObjectIdentifier};
use der::asn1::{BitString, OctetString, SetOfVec, Utf8StringRef};
use der::pem::{LineEnding, encode_string};
use der::{Any, Decode, Encode, Sequence};
use p12_keystore::{Certificate as P12Certificate, KeyStore, KeyStoreEntry, PrivateKeyChain};
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};
use p256::elliptic_curve::Generate;
use p256::pkcs8::EncodePrivateKey;
use rsa::rand_core::TryCryptoRng;
use spki::{AlgorithmIdentifierOwned, EncodePublicKey, SubjectPublicKeyInfoOwned};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages,
    SubjectKeyIdentifier,
};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::Validity;

use super::algorithm;
use super::certificate::{Certificate, asn1_time};
use crate::digest::Digest;
use crate::error::{Error, Result};
use crate::time::{Moment, rfc3339};

/// id-at-commonName, RFC 5280 appendix A; at most 64 characters.
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const COMMON_NAME_CHARS: usize = 64;

/// Rounds that turn the password into a key, for the MAC as for the content: guessing takes the
/// easier of the two. A few tenths of a second to the owner.
const ROUNDS: u32 = 250_000;

/// What [`issue()`] made. The key is wiped when this is dropped.
pub struct Issued {
    key: SigningKey,
    signer: Certificate,
    authority: Certificate,
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issued")
            .field("signer", &self.signer)
            .field("authority", &self.authority)
            .finish_non_exhaustive()
    }
}

/// A new signer of this name, valid from `not_before` to `not_after`, both included.
pub fn issue<R: TryCryptoRng + ?Sized>(
    name: &str,
    not_before: Moment,
    not_after: Moment,
    rng: &mut R,
) -> Result<Issued> {
    let name = name.trim();
    check_name(name)?;
    let validity = validity(not_before, not_after)?;
    let authority_key = new_key(rng)?;
    let key = new_key(rng)?;
    let serials = [new_serial(rng)?, new_serial(rng)?];
    certify(name, validity, &authority_key, key, serials).map_err(encoding)
}

fn certify(
    name: &str,
    validity: Validity,
    authority_key: &SigningKey,
    key: SigningKey,
    [authority_serial, serial]: [SerialNumber; 2],
) -> der::Result<Issued> {
    let authority_spki = public_key(authority_key)?;
    let authority_id = key_identifier(&authority_spki);
    let spki = public_key(&key)?;
    let issuer = common_name(&authority_name(name, &authority_spki))?;
    let authority = Tbs {
        version: 2,
        serial_number: authority_serial,
        signature: algorithm::ecdsa_with_sha256(),
        issuer: issuer.clone(),
        validity,
        subject: issuer.clone(),
        subject_public_key_info: authority_spki,
        extensions: authority_extensions(&authority_id)?,
    };
    let signer = Tbs {
        version: 2,
        serial_number: serial,
        signature: algorithm::ecdsa_with_sha256(),
        issuer,
        validity,
        subject: common_name(name)?,
        extensions: signer_extensions(&key_identifier(&spki), &authority_id)?,
        subject_public_key_info: spki,
    };
    Ok(Issued {
        signer: sign(signer, authority_key)?,
        authority: sign(authority, authority_key)?,
        key,
    })
}

impl Issued {
    /// The signer's certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.signer
    }

    /// Key and both certificates as PKCS#12, encrypted with AES-256 (PBES2, RFC 8018). Its salts
    /// come from the system: the bytes differ each time.
    pub fn p12(&self, password: &str) -> Result<Vec<u8>> {
        let failed = |e: &dyn std::fmt::Display| {
            Error::new(format_args!("the key file cannot be made: {e}"))
        };
        // The key derivation of PKCS#12 takes UCS-2 (RFC 7292 appendix B.1).
        if password.chars().any(|c| u32::from(c) > 0xffff) {
            return Err(
                failed(&"the password has characters outside Unicode's basic plane")
                    .hint("choose a password without emoji"),
            );
        }
        let pkcs8 = self.key.to_pkcs8_der().map_err(|e| failed(&e))?;
        let key = p12_keystore::PrivateKey::from_der(pkcs8.as_bytes()).map_err(|e| failed(&e))?;
        let certificates = [&self.signer, &self.authority]
            .into_iter()
            .map(|certificate| P12Certificate::from_der(certificate.der()))
            .collect::<std::result::Result<Vec<_>, _>>()
            .map_err(|e| failed(&e))?;
        let id = self.signer.sha256().as_bytes().to_vec();
        let mut store = KeyStore::new();
        store.add_entry(
            "kisms signer",
            KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new(id, key, certificates)),
        );
        store
            .writer(password)
            .encryption_iterations(ROUNDS)
            .mac_iterations(ROUNDS)
            .write()
            .map_err(|e| failed(&e))
    }

    /// The signer's certificate as PEM.
    pub fn signer_pem(&self) -> String {
        pem(&self.signer)
    }

    /// The authority's certificate as PEM: what others trust.
    pub fn ca_pem(&self) -> String {
        pem(&self.authority)
    }
}

/// RFC 5280 section 4.1.2, for writing.
#[derive(Sequence)]
struct Tbs {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    version: u8,
    serial_number: SerialNumber,
    signature: AlgorithmIdentifierOwned,
    issuer: Name,
    validity: Validity,
    subject: Name,
    subject_public_key_info: SubjectPublicKeyInfoOwned,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT")]
    extensions: Vec<Extension>,
}

/// RFC 5280 section 4.1.1, for writing.
#[derive(Sequence)]
struct Signed {
    tbs: Tbs,
    algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
}

fn sign(tbs: Tbs, key: &SigningKey) -> der::Result<Certificate> {
    let signature: Signature = key.sign(&tbs.to_der()?);
    let signed = Signed {
        tbs,
        algorithm: algorithm::ecdsa_with_sha256(),
        signature: BitString::from_bytes(signature.to_der().as_bytes())?,
    };
    let certificate = Certificate::from_der(&signed.to_der()?);
    Ok(certificate.expect("a certificate that was just written can be read"))
}

fn check_name(name: &str) -> Result<()> {
    let why = if name.is_empty() {
        "it is empty"
    } else if name.chars().count() > COMMON_NAME_CHARS {
        "it has more than 64 characters"
    } else if name.chars().any(char::is_control) {
        "it has control characters"
    } else {
        return Ok(());
    };
    Err(Error::new(format_args!(
        "`{}` cannot name a signer: {why}",
        name.escape_debug()
    ))
    .hint("give a person's or a team's name, as it should stand on the signature"))
}

fn validity(from: Moment, to: Moment) -> Result<Validity> {
    let time = |moment| {
        asn1_time(moment).ok_or_else(|| {
            Error::new(format_args!(
                "`{}` cannot stand in a certificate: it must lie in the years 1970 to 9999",
                rfc3339(moment)
            ))
        })
    };
    if from >= to {
        return Err(Error::new(format_args!(
            "a certificate cannot be valid from `{}` to `{}`",
            rfc3339(from),
            rfc3339(to)
        )));
    }
    Ok(Validity::new(time(from)?, time(to)?))
}

fn new_key<R: TryCryptoRng + ?Sized>(rng: &mut R) -> Result<SigningKey> {
    SigningKey::try_generate_from_rng(rng).map_err(|e| no_randomness(&e))
}

/// 20 bytes at most, positive, not guessable (RFC 5280 section 4.1.2.2).
fn new_serial<R: TryCryptoRng + ?Sized>(rng: &mut R) -> Result<SerialNumber> {
    let mut bytes = [0; 20];
    rng.try_fill_bytes(&mut bytes)
        .map_err(|e| no_randomness(&e))?;
    // The first bit is the sign; the second keeps the number from beginning with zeros.
    bytes[0] = bytes[0] & 0x7f | 0x40;
    SerialNumber::new(&bytes).map_err(encoding)
}

fn no_randomness(error: &dyn std::fmt::Display) -> Error {
    Error::new(format_args!("the system gives no random numbers: {error}"))
}

fn encoding(error: der::Error) -> Error {
    Error::new(format_args!("the certificate cannot be encoded: {error}"))
}

fn public_key(key: &SigningKey) -> der::Result<SubjectPublicKeyInfoOwned> {
    let document = key
        .verifying_key()
        .to_public_key_der()
        .map_err(|_| der::ErrorKind::Failed)?;
    SubjectPublicKeyInfoOwned::from_der(document.as_bytes())
}

/// The first 160 bits of SHA-256 over the key (RFC 7093 section 2, method 1).
fn key_identifier(spki: &SubjectPublicKeyInfoOwned) -> Vec<u8> {
    Digest::of(spki.subject_public_key.raw_bytes()).as_bytes()[..20].to_vec()
}

/// Two signers of one name have authorities of different names, so that chains are not mixed up.
fn authority_name(name: &str, key: &SubjectPublicKeyInfoOwned) -> String {
    let mark = Digest::of(key.subject_public_key.raw_bytes()).short(8);
    let short: String = name.chars().take(COMMON_NAME_CHARS - 20).collect();
    format!("{short} - kisms CA {mark}")
}

fn common_name(text: &str) -> der::Result<Name> {
    let attribute = AttributeTypeAndValue {
        oid: COMMON_NAME,
        value: Any::encode_from(&Utf8StringRef::new(text)?)?,
    };
    let part = RelativeDistinguishedName::from(SetOfVec::try_from(vec![attribute])?);
    Name::from_der(&RdnSequence::from(vec![part]).to_der()?)
}

fn authority_extensions(id: &[u8]) -> der::Result<Vec<Extension>> {
    Ok(vec![
        extension(
            true,
            &BasicConstraints {
                ca: true,
                path_len_constraint: Some(0),
            },
        )?,
        extension(true, &KeyUsage(KeyUsages::KeyCertSign.into()))?,
        extension(false, &SubjectKeyIdentifier(OctetString::new(id)?))?,
    ])
}

fn signer_extensions(id: &[u8], authority: &[u8]) -> der::Result<Vec<Extension>> {
    let usage = KeyUsages::DigitalSignature | KeyUsages::NonRepudiation;
    let authority = AuthorityKeyIdentifier {
        key_identifier: Some(OctetString::new(authority)?),
        ..Default::default()
    };
    Ok(vec![
        extension(
            true,
            &BasicConstraints {
                ca: false,
                path_len_constraint: None,
            },
        )?,
        extension(true, &KeyUsage(usage))?,
        extension(false, &ExtendedKeyUsage(vec![ID_KP_EMAIL_PROTECTION]))?,
        extension(false, &SubjectKeyIdentifier(OctetString::new(id)?))?,
        extension(false, &authority)?,
    ])
}

fn extension<T: AssociatedOid + Encode>(critical: bool, value: &T) -> der::Result<Extension> {
    Ok(Extension {
        extn_id: T::OID,
        critical,
        extn_value: OctetString::new(value.to_der()?)?,
    })
}

fn pem(certificate: &Certificate) -> String {
    encode_string("CERTIFICATE", LineEnding::LF, certificate.der())
        .expect("a certificate is short, and its label is one")
}

#[cfg(test)]
mod tests;
