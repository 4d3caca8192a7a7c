use super::pss::{ID_RSASSA_PSS, Pss, ours};
use super::*;
use crate::sign::testing::kinds;

const MESSAGE: &[u8] = b"message";

fn parameters(hex: &str) -> Any {
    let digits = hex.as_bytes().as_chunks::<2>().0;
    let byte = |pair: &[u8; 2]| {
        let pair = std::str::from_utf8(pair).expect("ASCII");
        u8::from_str_radix(pair, 16).expect("hexadecimal")
    };
    let der: Vec<u8> = digits.iter().map(byte).collect();
    der::Decode::from_der(&der).expect("DER")
}

const SHA_256: &str = "300d06096086480165030402010500";
const SHA_1: &str = "300906052b0e03021a0500";

/// SHA-256 or SHA-1, MGF1 with the like, and a salt of so many bytes.
fn pss(hash: &str, mask: &str, salt: &str, rest: &str) -> Result<Pss, String> {
    let explicit = |tag: &str, content: &str| format!("{tag}{:02x}{content}", content.len() / 2);
    let sequence = |content: &str| explicit("30", content);
    let mask = sequence(&format!("06092a864886f70d010108{mask}"));
    let fields = [
        explicit("a0", hash),
        explicit("a1", &mask),
        explicit("a2", salt),
        rest.to_owned(),
    ];
    Pss::read(&parameters(&sequence(&fields.concat())))
}

#[test]
fn our_parameters_of_pss_are_read_as_what_they_are() {
    let ours = ours().parameters.expect("parameters");
    assert_eq!(Pss::read(&ours), Ok(Pss::OURS));
    assert_eq!(pss(SHA_256, SHA_256, "020120", ""), Ok(Pss::OURS));
    let long = pss(SHA_256, SHA_256, "0202015e", "").expect("as OpenSSL writes it");
    assert_eq!(long.salt, 350);
}

#[test]
fn weak_mixed_and_unusual_parameters_of_pss_are_refused() {
    for (hash, mask, salt, rest) in [
        (SHA_1, SHA_1, "020114", ""),
        (SHA_256, SHA_1, "020120", ""),
        (SHA_256, SHA_256, "020120", "a303020101"),
        (SHA_256, SHA_256, "020120", "a303020102"),
        (SHA_256, SHA_256, "02020020", ""),
    ] {
        assert!(
            pss(hash, mask, salt, rest).is_err(),
            "{hash} {mask} {salt} {rest}"
        );
    }
    // All defaults: SHA-1.
    assert!(Pss::read(&parameters("3000")).is_err());
}

#[test]
fn a_key_limits_its_signatures() {
    let limit = |salt| Some(Pss { salt, ..Pss::OURS });
    assert!(Pss::OURS.fits(None) && Pss::OURS.fits(limit(32)) && Pss::OURS.fits(limit(0)));
    assert!(!Pss::OURS.fits(limit(33)));
    let other = Pss {
        hash: Hash::Sha512,
        ..Pss::OURS
    };
    assert!(!Pss::OURS.fits(Some(other)));
}

#[test]
fn no_key_verifies_by_an_algorithm_of_another_kind() {
    let kinds = kinds();
    for (name, identity, _) in &kinds {
        let public = identity.certificate().public_key();
        let signature = identity.key().sign(MESSAGE).expect("signed");
        let own = identity.key().algorithm();
        assert_eq!(verify(public, &own, MESSAGE, &signature), Ok(()), "{name}");
        assert!(
            verify(public, &own, b"Message", &signature).is_err(),
            "{name}"
        );
        for (other, identity, _) in &kinds {
            let algorithm = identity.key().algorithm();
            let same = algorithm == own;
            let holds = verify(public, &algorithm, MESSAGE, &signature).is_ok();
            assert_eq!(holds, same, "{name} by {other}");
        }
    }
}

#[test]
fn sha_1_and_missing_parameters_are_no_algorithms() {
    let (_, identity, _) = kinds().swap_remove(2);
    let public = identity.certificate().public_key();
    let signature = identity.key().sign(MESSAGE).expect("signed");
    for oid in [
        rfc5912::SHA_1_WITH_RSA_ENCRYPTION,
        RSA_ENCRYPTION,
        ID_RSASSA_PSS,
        ID_SHA_256,
        rfc5912::SHA_256_WITH_RSA_ENCRYPTION,
    ] {
        let parameters = None;
        let algorithm = AlgorithmIdentifierOwned { oid, parameters };
        assert!(
            verify(public, &algorithm, MESSAGE, &signature).is_err(),
            "{oid}"
        );
    }
    let sha1 = AlgorithmIdentifierOwned {
        oid: rfc5912::ID_SHA_1,
        parameters: None,
    };
    assert!(digest(&sha1, MESSAGE).is_err());
}
