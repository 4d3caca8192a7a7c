//! Encrypted private keys: `EncryptedPrivateKeyInfo` of PKCS#8 (RFC 5958 section 3), by PBES2 (RFC 8018
//! section 6.2) or as Korean joint certificates have it, with the cipher SEED (KCAC.TS.ENC).

use const_oid::ObjectIdentifier;
use der::asn1::{AnyRef, OctetStringRef};
use der::{Decode, Header, Reader, Sequence, SliceReader};
use pbkdf2::pbkdf2_hmac;
use pkcs5::EncryptionScheme;
use pkcs5::pbes2::{Kdf, PBES2_OID, Pbkdf2Params, Pbkdf2Prf};
use sha1::{Digest as _, Sha1};
use sha2::{Sha224, Sha256, Sha384, Sha512};
use spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use super::IdentityError;
use super::pkcs12::cipher_name;
use crate::sign::seed;

/// id-seedCBC: the cipher; by itself, PBES1 with a fixed initialisation vector.
const SEED_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.410.200004.1.4");
/// id-seedCBCWithSHA1: PBES1 with a vector derived from the password, too.
const SEED_CBC_WITH_SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.410.200004.1.15");
const FIXED_VECTOR: [u8; seed::BLOCK] = *b"0123456789012345";

/// No key file asks for more rounds; usual ones for 2,048 to 1,000,000.
const MAX_ROUNDS: u32 = 10_000_000;

#[derive(Sequence)]
struct EncryptedKey<'a> {
    algorithm: AlgorithmIdentifierRef<'a>,
    data: &'a OctetStringRef,
}

/// `PBEParameter`, RFC 8018 appendix A.3.
#[derive(Sequence)]
struct PbeParameter<'a> {
    salt: &'a OctetStringRef,
    rounds: u32,
}

/// Whether these bytes are an encrypted private key in DER.
pub(super) fn is_encrypted(der: &[u8]) -> bool {
    EncryptedKey::from_der(der).is_ok()
}

/// The private key in PKCS#8.
pub(super) fn decrypt(
    der: &[u8],
    password: Option<&str>,
) -> Result<Zeroizing<Vec<u8>>, IdentityError> {
    let key = EncryptedKey::from_der(der).map_err(|e| unreadable(&e))?;
    let password = password.ok_or(IdentityError::PasswordNeeded)?.as_bytes();
    let data = key.data.as_bytes();
    let plain = match key.algorithm.oid {
        SEED_CBC => {
            let derived = derive_1(&key.algorithm, password)?;
            seed::decrypt_cbc(&first(&*derived), &FIXED_VECTOR, data)
        }
        SEED_CBC_WITH_SHA1 => {
            let derived = derive_1(&key.algorithm, password)?;
            let vector = Zeroizing::new(<[u8; 20]>::from(Sha1::digest(&derived[seed::BLOCK..])));
            seed::decrypt_cbc(&first(&*derived), &first(&*vector), data)
        }
        PBES2_OID => pbes2(&key.algorithm, password, data)?,
        other => return Err(unsupported(other)),
    };
    plain
        .filter(|plain| is_one_sequence(plain))
        .ok_or(IdentityError::WrongPassword)
}

fn unreadable(error: &dyn std::fmt::Display) -> IdentityError {
    IdentityError::Unreadable(format!("the encrypted private key: {error}"))
}

fn unsupported(algorithm: ObjectIdentifier) -> IdentityError {
    IdentityError::UnsupportedCipher(cipher_name(algorithm))
}

/// With another password, one in 256 texts has a padding that looks right.
fn is_one_sequence(der: &[u8]) -> bool {
    let Ok(mut reader) = SliceReader::new(der) else {
        return false;
    };
    Header::peek(&reader).is_ok_and(|header| header.tag().is_constructed())
        && AnyRef::decode(&mut reader).is_ok()
        && reader.is_finished()
}

fn first(bytes: &[u8]) -> Zeroizing<[u8; seed::BLOCK]> {
    let block = bytes.first_chunk().expect("a digest is longer");
    Zeroizing::new(*block)
}

/// PBKDF1 with SHA-1 (RFC 8018 section 5.1), all 20 bytes.
fn derive_1(
    algorithm: &AlgorithmIdentifierRef<'_>,
    password: &[u8],
) -> Result<Zeroizing<[u8; 20]>, IdentityError> {
    let parameters = algorithm.parameters.ok_or_else(|| unreadable(&"no salt"))?;
    let parameters: PbeParameter<'_> = parameters.decode_as().map_err(|e| unreadable(&e))?;
    check_rounds(parameters.rounds)?;
    let mut hash = Sha1::new();
    hash.update(password);
    hash.update(parameters.salt.as_bytes());
    let mut derived = Zeroizing::new(<[u8; 20]>::from(hash.finalize()));
    for _ in 1..parameters.rounds {
        *derived = Sha1::digest(*derived).into();
    }
    Ok(derived)
}

fn check_rounds(rounds: u32) -> Result<(), IdentityError> {
    if (1..=MAX_ROUNDS).contains(&rounds) {
        return Ok(());
    }
    Err(unreadable(&format_args!(
        "{rounds} rounds, where 1 to {MAX_ROUNDS} are possible"
    )))
}

/// `None` where the password is wrong.
fn pbes2(
    algorithm: &AlgorithmIdentifierRef<'_>,
    password: &[u8],
    data: &[u8],
) -> Result<Option<Zeroizing<Vec<u8>>>, IdentityError> {
    let parameters = algorithm
        .parameters
        .ok_or_else(|| unreadable(&"no parameters"))?;
    let (kdf, cipher) = parameters
        .sequence(|fields| {
            let kdf = AlgorithmIdentifierRef::decode(fields)?;
            Ok::<_, der::Error>((kdf, AlgorithmIdentifierRef::decode(fields)?))
        })
        .map_err(|e| unreadable(&e))?;
    let kdf = Kdf::try_from(kdf).map_err(|_| unsupported(kdf.oid))?;
    if let Kdf::Pbkdf2(parameters) = &kdf {
        check_rounds(parameters.iteration_count)?;
    }
    if cipher.oid == SEED_CBC {
        return seed_by_pbes2(&kdf, &cipher, password, data);
    }
    let scheme = EncryptionScheme::try_from(*algorithm).map_err(|_| unsupported(cipher.oid))?;
    match scheme.decrypt(password, data) {
        Ok(plain) => Ok(Some(Zeroizing::new(plain))),
        Err(pkcs5::Error::DecryptFailed) => Ok(None),
        Err(error) => Err(IdentityError::UnsupportedCipher(error.to_string())),
    }
}

fn seed_by_pbes2(
    kdf: &Kdf,
    cipher: &AlgorithmIdentifierRef<'_>,
    password: &[u8],
    data: &[u8],
) -> Result<Option<Zeroizing<Vec<u8>>>, IdentityError> {
    let Kdf::Pbkdf2(kdf) = kdf else {
        return Err(unsupported(kdf.oid()));
    };
    let vector = cipher.parameters.ok_or_else(|| unreadable(&"no vector"))?;
    let vector: &OctetStringRef = vector.decode_as().map_err(|e| unreadable(&e))?;
    let vector = vector.as_bytes().try_into();
    let vector = vector.map_err(|_| unreadable(&"its vector has not 16 bytes"))?;
    let key = derive_2(kdf, password)?;
    Ok(seed::decrypt_cbc(&key, vector, data))
}

/// PBKDF2 (RFC 8018 section 5.2).
fn derive_2(
    kdf: &Pbkdf2Params,
    password: &[u8],
) -> Result<Zeroizing<[u8; seed::BLOCK]>, IdentityError> {
    let mut key = Zeroizing::new([0; seed::BLOCK]);
    let (salt, rounds) = (kdf.salt.as_ref(), kdf.iteration_count);
    let derive = match kdf.prf {
        Pbkdf2Prf::HmacWithSha1 => pbkdf2_hmac::<Sha1>,
        Pbkdf2Prf::HmacWithSha224 => pbkdf2_hmac::<Sha224>,
        Pbkdf2Prf::HmacWithSha256 => pbkdf2_hmac::<Sha256>,
        Pbkdf2Prf::HmacWithSha384 => pbkdf2_hmac::<Sha384>,
        Pbkdf2Prf::HmacWithSha512 => pbkdf2_hmac::<Sha512>,
        other => return Err(unsupported(other.oid())),
    };
    derive(password, salt, rounds, key.as_mut());
    Ok(key)
}
