//! DER written by hand (X.690): forged messages have to be able to be wrong anywhere.

use const_oid::ObjectIdentifier;
use kisms::time::Moment;

/// A tag, the length, and the parts one after another.
pub fn tlv(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    let content = parts.concat();
    let length = content.len().to_be_bytes();
    let mut out = vec![tag];
    if content.len() < 0x80 {
        out.push(length[7]);
    } else {
        let used = length.iter().position(|byte| *byte != 0).expect("not zero");
        out.push(0x80 | u8::try_from(8 - used).expect("at most eight"));
        out.extend_from_slice(&length[used..]);
    }
    out.extend(content);
    out
}

pub fn seq(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, parts)
}

/// A SET OF in the order that DER wants.
pub fn set_of(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort();
    tlv(0x31, &parts)
}

pub fn oid(dotted: &str) -> Vec<u8> {
    let oid = ObjectIdentifier::new(dotted).expect("an identifier");
    tlv(6, &[oid.as_bytes().to_vec()])
}

/// A number that is not negative.
pub fn int(number: u64) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let used = bytes.iter().position(|byte| *byte != 0).unwrap_or(7);
    let sign = if bytes[used] & 0x80 == 0 {
        vec![]
    } else {
        vec![0]
    };
    tlv(2, &[sign, bytes[used..].to_vec()])
}

pub fn octets(bytes: &[u8]) -> Vec<u8> {
    tlv(4, &[bytes.to_vec()])
}

pub fn bits(unused: u8, bytes: &[u8]) -> Vec<u8> {
    tlv(3, &[vec![unused], bytes.to_vec()])
}

pub fn boolean(value: bool) -> Vec<u8> {
    tlv(1, &[vec![if value { 0xff } else { 0 }]])
}

pub fn utf8(text: &str) -> Vec<u8> {
    tlv(12, &[text.as_bytes().to_vec()])
}

pub fn null() -> Vec<u8> {
    tlv(5, &[])
}

/// A constructed element of a context: `[n]` around, or in the place of, what is inside.
pub fn context(number: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0xa0 | number, parts)
}

/// `UTCTime` until 2049, then `GeneralizedTime` (RFC 5280 section 4.1.2.5).
pub fn time(at: Moment) -> Vec<u8> {
    let year: i32 = at.format("%Y").to_string().parse().expect("a number");
    if year < 2050 {
        tlv(0x17, &[at.format("%y%m%d%H%M%SZ").to_string().into_bytes()])
    } else {
        general_time(&at.format("%Y%m%d%H%M%SZ").to_string())
    }
}

pub fn general_time(text: &str) -> Vec<u8> {
    tlv(0x18, &[text.as_bytes().to_vec()])
}

/// A name of one common name.
pub fn name(common: &str) -> Vec<u8> {
    seq(&[set_of(vec![seq(&[oid("2.5.4.3"), utf8(common)])])])
}
