//! RSASSA-PSS and its parameters (RFC 4055 section 3.1, RFC 4056).

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::ID_MGF_1;
use der::asn1::Any;
use der::{Decode, Encode, Sequence};
use spki::AlgorithmIdentifierOwned;

use super::{Hash, ID_SHA_256, null, null_or_absent};

/// id-RSASSA-PSS: of a key, and of a signature.
pub(super) const ID_RSASSA_PSS: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");

/// `RSASSA-PSS-params`. What is left out is SHA-1 and its mask, a salt of 20 bytes, and the one
/// trailer there is.
#[derive(Sequence)]
struct Parameters {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    hash: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    mask: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    salt: Option<u16>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    trailer: Option<u8>,
}

/// Parameters whose two hashes are one, of the SHA-2 family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pss {
    pub(super) hash: Hash,
    /// In bytes; of a key, the least that is allowed.
    pub(super) salt: u16,
}

impl Pss {
    /// What our own signatures have: a salt as long as the hash.
    pub(super) const OURS: Self = Self {
        hash: Hash::Sha256,
        salt: 32,
    };

    /// Reads the parameters in canonical DER. `Err` says what is wrong with them.
    pub(super) fn read(parameters: &Any) -> Result<Self, String> {
        let der = parameters.to_der().map_err(|e| e.to_string())?;
        let read = Parameters::from_der(&der);
        let read = read.map_err(|e| format!("the parameters of RSASSA-PSS: {e}"))?;
        let canonical = read.to_der().is_ok_and(|again| again == der);
        if !canonical || read.trailer.is_some() {
            return Err("the parameters of RSASSA-PSS are not in canonical DER".into());
        }
        match (
            read.hash.as_ref().and_then(hash),
            read.mask.as_ref().and_then(mask),
        ) {
            (Some(hash), Some(mask)) if hash == mask => Ok(Self {
                hash,
                salt: read.salt.unwrap_or(20),
            }),
            _ => Err("RSASSA-PSS with other hashes than one of SHA-2".into()),
        }
    }

    /// The parameters of a key; `None` where it has none, and so leaves the choice.
    pub(super) fn of_key(algorithm: &AlgorithmIdentifierOwned) -> Result<Option<Self>, String> {
        algorithm.parameters.as_ref().map(Self::read).transpose()
    }

    /// Whether a signature with these parameters is one that a key with those of `key` may make
    /// (RFC 4055 section 3.3).
    pub(super) fn fits(self, key: Option<Self>) -> bool {
        key.is_none_or(|key| key.hash == self.hash && key.salt <= self.salt)
    }
}

fn hash(algorithm: &AlgorithmIdentifierOwned) -> Option<Hash> {
    Hash::named(algorithm.oid).filter(|_| null_or_absent(algorithm))
}

/// The hash of MGF1.
fn mask(algorithm: &AlgorithmIdentifierOwned) -> Option<Hash> {
    let parameters = algorithm.parameters.as_ref();
    let parameters = parameters.filter(|_| algorithm.oid == ID_MGF_1)?;
    hash(&parameters.decode_as().ok()?)
}

/// The algorithm of our own signatures.
pub(super) fn ours() -> AlgorithmIdentifierOwned {
    let build = || {
        let sha256 = AlgorithmIdentifierOwned {
            oid: ID_SHA_256,
            // RFC 4055 section 2.1 writes it out.
            parameters: Some(null()),
        };
        Any::encode_from(&Parameters {
            mask: Some(AlgorithmIdentifierOwned {
                oid: ID_MGF_1,
                parameters: Some(Any::encode_from(&sha256)?),
            }),
            hash: Some(sha256),
            salt: Some(Pss::OURS.salt),
            trailer: None,
        })
    };
    AlgorithmIdentifierOwned {
        oid: ID_RSASSA_PSS,
        parameters: Some(build().expect("a few numbers and names can be encoded")),
    }
}
