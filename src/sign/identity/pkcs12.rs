//! What a PKCS#12 file (RFC 7292) is made of, as far as it is seen without a password: names what
//! is not read here, which a decoder takes for damage.

use const_oid::ObjectIdentifier;
use pkcs5::pbes2::{
    AES_128_CBC_OID, AES_128_GCM_OID, AES_192_CBC_OID, AES_256_CBC_OID, AES_256_GCM_OID,
    DES_EDE3_CBC_OID,
};

use super::IdentityError;

const ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SHROUDED_KEY_BAG: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
/// id-PBMAC1 (RFC 8018 section 7.1), in PKCS#12 by RFC 9579.
const PBMAC1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.14");

/// Ciphers and password-based schemes that are not read, by the beginning of their identifier.
const CIPHERS: [(&str, &str); 19] = [
    ("1.2.410.200046.1.1.", "ARIA"),
    ("1.2.410.200004.1.", "SEED"),
    ("1.2.392.200011.61.1.1.1.", "Camellia"),
    ("1.2.840.113549.1.12.1.1", "128-bit RC4"),
    ("1.2.840.113549.1.12.1.2", "40-bit RC4"),
    ("1.2.840.113549.1.12.1.4", "two-key triple DES"),
    ("1.2.840.113549.1.12.1.5", "128-bit RC2"),
    ("1.2.840.113549.1.5.10", "DES"),
    ("1.2.840.113549.1.5.11", "RC2"),
    ("1.2.840.113549.1.5.1", "DES"),
    ("1.2.840.113549.1.5.3", "DES"),
    ("1.2.840.113549.1.5.4", "RC2"),
    ("1.2.840.113549.1.5.6", "RC2"),
    ("1.2.840.113549.3.2", "RC2"),
    ("1.2.840.113549.3.4", "RC4"),
    ("1.3.14.3.2.7", "DES"),
    ("1.3.6.1.4.1.3029.1.", "Blowfish"),
    ("1.2.840.113533.7.66.", "CAST5"),
    ("1.2.156.10197.1.104.", "SM4"),
];

/// The ciphers of PBES2 that the decoder decides on.
const DECODED: [ObjectIdentifier; 6] = [
    AES_128_CBC_OID,
    AES_192_CBC_OID,
    AES_256_CBC_OID,
    AES_128_GCM_OID,
    AES_256_GCM_OID,
    DES_EDE3_CBC_OID,
];

/// The name of a cipher that is not read everywhere; without one, its identifier.
pub(super) fn cipher_name(oid: ObjectIdentifier) -> String {
    match known(oid) {
        Some(name) => name.to_owned(),
        None => format!("the unknown algorithm {oid}"),
    }
}

fn known(oid: ObjectIdentifier) -> Option<&'static str> {
    let text = oid.to_string();
    let named = |(begin, _): &&(&str, &str)| {
        text == *begin || begin.ends_with('.') && text.starts_with(begin)
    };
    CIPHERS.iter().find(named).map(|(_, name)| *name)
}

/// What in this file is not read here; `None` where all may be, and where the file is broken.
pub(super) fn unsupported(file: &[u8]) -> Option<IdentityError> {
    match look(file) {
        Err(Stop::Because(error)) => Some(error),
        Ok(()) | Err(Stop::Broken) => None,
    }
}

/// Why the look at a file ended early.
enum Stop {
    /// Not PKCS#12 as RFC 7292 has it: the decoder says where.
    Broken,
    Because(IdentityError),
}

impl From<const_oid::Error> for Stop {
    fn from(_: const_oid::Error) -> Self {
        Self::Broken
    }
}

fn look(mut file: &[u8]) -> Result<(), Stop> {
    let mut pfx = take(&mut file, SEQUENCE)?;
    take(&mut pfx, INTEGER)?;
    let (content_type, mut content) = content_info(&mut pfx)?;
    if !pfx.is_empty() {
        let mut mac = take(&mut pfx, SEQUENCE)?;
        let mut digest_info = take(&mut mac, SEQUENCE)?;
        let (algorithm, _) = algorithm(&mut digest_info)?;
        if algorithm == PBMAC1 {
            return Err(Stop::Because(IdentityError::Pbmac1));
        }
    }
    if content_type != DATA {
        return Err(Stop::Broken);
    }
    let mut safes = take(&mut content, OCTETS)?;
    let mut safes = take(&mut safes, SEQUENCE)?;
    while !safes.is_empty() {
        safe(content_info(&mut safes)?)?;
    }
    Ok(())
}

/// One of the file's safes: encrypted as a whole, or bags with their own encryption.
fn safe((content_type, mut content): (ObjectIdentifier, &[u8])) -> Result<(), Stop> {
    if content_type == ENCRYPTED_DATA {
        let mut data = take(&mut content, SEQUENCE)?;
        take(&mut data, INTEGER)?;
        let mut info = take(&mut data, SEQUENCE)?;
        take(&mut info, IDENTIFIER)?;
        check(algorithm(&mut info)?)?;
        // Constructed, a string in pieces, is BER's.
        return if info.first() == Some(&EXPLICIT_0) {
            Err(ber())
        } else {
            Ok(())
        };
    }
    if content_type != DATA {
        return Ok(());
    }
    let mut bags = take(&mut content, OCTETS)?;
    let mut bags = take(&mut bags, SEQUENCE)?;
    while !bags.is_empty() {
        let mut bag = take(&mut bags, SEQUENCE)?;
        let (kind, mut value) = content_of(&mut bag)?;
        if kind == SHROUDED_KEY_BAG {
            check(algorithm(&mut take(&mut value, SEQUENCE)?)?)?;
        }
    }
    Ok(())
}

/// Refuses an encryption that is known not to be read.
fn check((oid, mut parameters): (ObjectIdentifier, &[u8])) -> Result<(), Stop> {
    if oid == PBES2 {
        let mut both = take(&mut parameters, SEQUENCE)?;
        algorithm(&mut both)?;
        let (cipher, _) = algorithm(&mut both)?;
        return if DECODED.contains(&cipher) {
            Ok(())
        } else {
            Err(encrypted(cipher))
        };
    }
    match known(oid) {
        None => Ok(()),
        Some(_) => Err(encrypted(oid)),
    }
}

fn encrypted(with: ObjectIdentifier) -> Stop {
    Stop::Because(IdentityError::UnsupportedFile(format!(
        "it is encrypted with {}, which is not read here",
        cipher_name(with)
    )))
}

fn content_info<'a>(input: &mut &'a [u8]) -> Result<(ObjectIdentifier, &'a [u8]), Stop> {
    let mut info = take(input, SEQUENCE)?;
    content_of(&mut info)
}

/// An identifier, and the content `[0]` that it is the type of.
fn content_of<'a>(input: &mut &'a [u8]) -> Result<(ObjectIdentifier, &'a [u8]), Stop> {
    let oid = ObjectIdentifier::from_bytes(take(input, IDENTIFIER)?)?;
    Ok((oid, take(input, EXPLICIT_0)?))
}

/// An `AlgorithmIdentifier`: its identifier and what is behind that.
fn algorithm<'a>(input: &mut &'a [u8]) -> Result<(ObjectIdentifier, &'a [u8]), Stop> {
    let mut algorithm = take(input, SEQUENCE)?;
    let oid = ObjectIdentifier::from_bytes(take(&mut algorithm, IDENTIFIER)?)?;
    Ok((oid, algorithm))
}

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 2;
const IDENTIFIER: u8 = 6;
const OCTETS: u8 = 4;
const EXPLICIT_0: u8 = 0xa0;
/// An octet string in pieces (X.690 section 8.7.3).
const OCTETS_IN_PIECES: u8 = 0x24;

fn ber() -> Stop {
    Stop::Because(IdentityError::UnsupportedFile(
        "it is written in BER, not in DER".into(),
    ))
}

/// The content of the element in front, which must have this tag.
fn take<'a>(input: &mut &'a [u8], tag: u8) -> Result<&'a [u8], Stop> {
    let [first, length, rest @ ..] = *input else {
        return Err(Stop::Broken);
    };
    if *length == 0x80 || (tag == OCTETS && *first == OCTETS_IN_PIECES) {
        return Err(ber());
    }
    let (length, rest) = match length {
        0..0x80 => (usize::from(*length), rest),
        _ => long(rest, usize::from(length & 0x7f))?,
    };
    match rest.split_at_checked(length) {
        Some((content, behind)) if *first == tag => {
            *input = behind;
            Ok(content)
        }
        _ => Err(Stop::Broken),
    }
}

/// A length in so many bytes; one that fits in fewer is BER's (X.690 section 10.1).
fn long(input: &[u8], bytes: usize) -> Result<(usize, &[u8]), Stop> {
    let (digits, rest) = input.split_at_checked(bytes).ok_or(Stop::Broken)?;
    if digits.len() > size_of::<u32>() {
        return Err(Stop::Broken);
    }
    let join = |length: usize, digit: &u8| length << 8 | usize::from(*digit);
    let length = digits.iter().fold(0, join);
    if length < 0x80 || digits.first() == Some(&0) {
        return Err(ber());
    }
    Ok((length, rest))
}
