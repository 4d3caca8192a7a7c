//! What gives a private key away: no bundle ever holds one.

/// As much of a file is looked at, in bytes.
pub const START: usize = 64 << 10;

/// How keys in text end their first line: PEM (RFC 7468) and `OpenPGP` (RFC 9580, section 6.2).
const ARMOURS: [&[u8]; 2] = [b"PRIVATE KEY-----", b"PRIVATE KEY BLOCK-----"];
/// How keys in DER are encrypted: the beginnings of pkcs-5 and of the algorithms of KISA.
const ENCRYPTIONS: [&[u8]; 2] = [
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5],
    &[0x2a, 0x83, 0x1a, 0x8c, 0x9a, 0x44, 1],
];

/// Whether a file that begins like this holds a private key, as text or in DER.
pub fn holds_key(start: &[u8]) -> bool {
    is_der(start) || is_text(start)
}

/// Whether a key stands in the text.
pub fn is_text(text: &[u8]) -> bool {
    let stands = |armour: &&[u8]| text.windows(armour.len()).any(|window| window == *armour);
    ARMOURS.iter().any(stands)
}

/// Whether it begins as a key in DER does: PKCS#12 (RFC 7292, version 3), PKCS#1 (RFC 8017), SEC 1 (RFC 5915),
/// or PKCS#8 (RFC 5958), encrypted by PKCS#5 or as joint certificates are, or not at all.
pub fn is_der(start: &[u8]) -> bool {
    match sequence(start) {
        Some([2, 1, 3, ..] | [2, 1, 0, 2 | 0x30, ..] | [2, 1, 1, 4 | 0x30, ..]) => true,
        Some(inner) => match sequence(inner) {
            Some([6, _, oid @ ..]) => ENCRYPTIONS.iter().any(|known| oid.starts_with(known)),
            _ => false,
        },
        None => false,
    }
}

/// What stands in a sequence; its length may be left open, as BER allows.
fn sequence(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        [0x30, length, rest @ ..] if *length <= 0x80 => Some(rest),
        [0x30, length, rest @ ..] => rest.get(usize::from(length & 0x7f)..),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Vec<u8> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys");
        std::fs::read(folder.join(name)).expect(name)
    }

    #[test]
    fn keys_are_known_in_every_form_and_certificates_are_none() {
        for name in ["test-rsa-2048.p12", "test-joint/signPri.key"] {
            assert!(holds_key(&key(name)), "{name}");
        }
        assert!(holds_key(b"note\n-----BEGIN RSA PRIVATE KEY-----\n"));
        assert!(holds_key(b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n"));
        // PKCS#8 of an Ed25519 key, PKCS#1 of an RSA key, SEC 1.
        for der in [
            "302e020100300506032b6570",
            "308204a40201000282",
            "30770201010420",
        ] {
            let bytes: Vec<u8> = (0..der.len() / 2)
                .map(|at| u8::from_str_radix(&der[2 * at..2 * at + 2], 16).expect("hex"))
                .collect();
            assert!(holds_key(&bytes), "{der}");
        }
        assert!(!holds_key(&key("test-joint/signCert.der")));
        assert!(!holds_key(b"-----BEGIN CERTIFICATE-----\n"));
        assert!(!holds_key(b"0123456789"));
        assert!(!holds_key(b""));
    }
}
