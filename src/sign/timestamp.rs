//! Time-stamps over a signature (RFC 3161): what is asked of an authority, and what its answer is
//! worth.
//!
//! The request is made where there is no network and carried to where there is one. Its nonce is
//! taken from the signature value, so that the answer can be judged without keeping the request: an
//! answer to another signature has another nonce.

mod token;

use const_oid::ObjectIdentifier;
use der::asn1::{AnyRef, Int, OctetString};
use der::{Decode, Encode, Reader, Sequence, Tag, Tagged};
use sha2::{Digest as _, Sha256};
use spki::AlgorithmIdentifierOwned;

use super::algorithm;
use super::cms;
use super::verify::Problem;
use crate::digest::Digest;
use crate::error::{Error, Result};
use crate::time::Moment;

pub use token::{Timestamp, check_token};

/// No answer is longer, in bytes; usual ones have 2,000 to 8,000.
const LIMIT: usize = 1 << 20;

/// `MessageImprint`, RFC 3161 section 2.4.1.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct MessageImprint {
    algorithm: AlgorithmIdentifierOwned,
    hash: OctetString,
}

/// `TimeStampReq`, RFC 3161 section 2.4.1, without a policy.
#[derive(Sequence)]
struct TimeStampReq {
    version: u8,
    imprint: MessageImprint,
    nonce: Int,
    /// The authority's certificates shall come with the answer: they are needed offline.
    certificates: bool,
}

/// A request (`.tsq`) for the signature in this CMS message, in DER.
pub fn request(message: &[u8]) -> Result<Vec<u8>> {
    let value = signature_value(message)?;
    let build = || {
        TimeStampReq {
            version: 1,
            imprint: MessageImprint {
                algorithm: algorithm::sha256(),
                hash: OctetString::new(Sha256::digest(&value).as_slice())?,
            },
            nonce: Int::new(&nonce(&value))?,
            certificates: true,
        }
        .to_der()
    };
    build().map_err(|e: der::Error| {
        Error::new(format_args!(
            "the time-stamp request cannot be encoded: {e}"
        ))
    })
}

/// What [`attach`] makes: the message with the time-stamp, and what that says; or everything that
/// speaks against the answer.
pub type Attached = std::result::Result<(Vec<u8>, Timestamp), Vec<Problem>>;

/// The message with the token of this answer (`.tsr`) to its request. Trust in the authority is not
/// judged here.
pub fn attach(message: &[u8], answer: &[u8], now: Moment) -> Result<Attached> {
    let value = signature_value(message)?;
    let token = match read_answer(answer) {
        Ok(token) => token,
        Err(problem) => return Ok(Err(vec![problem])),
    };
    let (stamp, mut problems) = check_token(&token, &value, &[], now);
    let asked = Int::new(&nonce(&value)).ok();
    let asked = asked.as_ref().map(Int::as_bytes);
    if stamp
        .as_ref()
        .is_some_and(|stamp| stamp.nonce.as_deref() != asked)
    {
        let message = "the answer does not repeat the request's nonce: it answers another request";
        problems.push(problem("timestamp_nonce", message));
    }
    if let Some(message) = stamp.as_ref().and_then(|stamp| stamp.future(now)) {
        problems.push(problem("timestamp_future", &message));
    }
    match stamp {
        Some(stamp) if problems.is_empty() => {
            Ok(Ok((cms::with_timestamp(message, &token)?, stamp)))
        }
        _ => Ok(Err(problems)),
    }
}

fn signature_value(message: &[u8]) -> Result<Vec<u8>> {
    cms::signature_value(message)
        .map_err(|e| Error::new(format_args!("the signature cannot be read: {e}")))
}

/// 8 bytes, a positive number that does not begin with zeros.
fn nonce(value: &[u8]) -> [u8; 8] {
    let digest = Digest::of(&[b"kisms time-stamp nonce\n", value].concat());
    let mut nonce = [0; 8];
    nonce.copy_from_slice(&digest.as_bytes()[..8]);
    nonce[0] = nonce[0] & 0x3f | 0x40;
    nonce
}

/// `TimeStampResp`, RFC 3161 section 2.4.2: the token, where it was granted.
fn read_answer(answer: &[u8]) -> std::result::Result<Vec<u8>, Problem> {
    let unreadable = |_| {
        problem(
            "timestamp_unreadable",
            "the answer is not a TimeStampResp in DER (RFC 3161)",
        )
    };
    if answer.len() > LIMIT {
        return Err(problem("timestamp_unreadable", "the answer is too long"));
    }
    let (status, text, token) = parse_answer(answer).map_err(unreadable)?;
    // granted, grantedWithMods
    match (status, token) {
        (0 | 1, Some(token)) => Ok(token),
        (0 | 1, None) => Err(problem("timestamp_status", "the answer has no token")),
        (status, _) => Err(problem(
            "timestamp_status",
            &format!("the authority refused: status {status} `{text}`"),
        )),
    }
}

fn parse_answer(answer: &[u8]) -> der::Result<(u8, String, Option<Vec<u8>>)> {
    AnyRef::from_der(answer)?.sequence(|fields| {
        let (status, text) = fields.decode::<AnyRef<'_>>()?.sequence(|info| {
            let status: u8 = info.decode()?;
            let mut text = String::new();
            while !info.is_finished() {
                let field: AnyRef<'_> = info.decode()?;
                if field.tag() == Tag::Sequence {
                    text = String::from_utf8_lossy(field.value())
                        .escape_debug()
                        .to_string();
                }
            }
            Ok::<_, der::Error>((status, text))
        })?;
        let token = if fields.is_finished() {
            None
        } else {
            Some(fields.decode::<AnyRef<'_>>()?.to_der()?)
        };
        Ok((status, text, token))
    })
}

fn problem(code: &'static str, message: &str) -> Problem {
    Problem {
        code,
        message: message.to_owned(),
    }
}

/// id-ct-TSTInfo, RFC 3161 section 2.4.2.
const ID_TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
/// id-aa-signingCertificate, RFC 2634 section 5.4, with SHA-1: what older authorities write.
const ID_SIGNING_CERTIFICATE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");

#[cfg(test)]
mod tests;
