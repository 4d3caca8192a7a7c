use super::*;
use crate::digest::Digest;
use crate::sign::certificate::Purpose;
use crate::sign::cms::sign_detached;
use crate::sign::identity::Identity;
use crate::sign::testing::{Fixed, at, later};
use crate::sign::trust::{check_chain, read_trust};
use crate::sign::verify::verify_detached;

const FROM: &str = "2026-01-01T00:00:00Z";
const TO: &str = "2029-01-01T00:00:00Z";

fn issued(seed: u64) -> Issued {
    issue("홍길동 (정보보호팀)", at(FROM), at(TO), &mut Fixed(seed)).expect("issued")
}

#[test]
fn a_new_signer_signs_and_is_trusted_by_its_authority() {
    let issued = issued(7);
    let p12 = issued.p12("비밀번호").expect("a file");
    let identity = Identity::load(&p12, Some("비밀번호")).expect("an identity");
    assert_eq!(identity.subject(), "CN=홍길동 (정보보호팀)");
    assert_eq!(identity.certificates().len(), 2);
    assert_eq!(identity.certificates()[0], *issued.certificate());
    assert_eq!(identity.check_valid_at(at(FROM)), Ok(()));
    assert!(identity.check_valid_at(at("2030-01-01T00:00:00Z")).is_err());
    let content = Digest::of(b"content");
    let p7s = sign_detached(&identity, content, at("2026-06-01T00:00:00Z")).expect("signed");
    let trust = read_trust(issued.ca_pem().as_bytes()).expect("a certificate");
    let verification = verify_detached(&p7s, content, &trust, later());
    assert!(verification.holds(), "{verification:?}");
}

#[test]
fn the_certificates_depend_on_the_random_numbers_alone() {
    assert_eq!(issued(7).ca_pem(), issued(7).ca_pem());
    assert_eq!(issued(7).signer_pem(), issued(7).signer_pem());
    assert_ne!(issued(7).signer_pem(), issued(8).signer_pem());
}

#[test]
fn serial_numbers_are_positive_and_of_at_most_twenty_bytes() {
    for seed in 0..50 {
        let serial = new_serial(&mut Fixed(seed * 100)).expect("a number");
        assert_eq!(serial.as_bytes().len(), 20);
        assert!(serial.as_bytes()[0] < 0x80);
    }
}

#[test]
fn names_that_no_certificate_takes_are_refused() {
    for name in ["", "  ", "a\nb", &"가".repeat(65)] {
        assert!(
            issue(name, at(FROM), at(TO), &mut Fixed(1)).is_err(),
            "{name:?}"
        );
    }
    let long = issue(&"가".repeat(64), at(FROM), at(TO), &mut Fixed(1)).expect("64 fit");
    assert_eq!(
        long.certificate().subject(),
        format!("CN={}", "가".repeat(64))
    );
    assert!(long.certificate().issuer().chars().count() <= "CN=".len() + COMMON_NAME_CHARS);
}

#[test]
fn a_validity_must_have_a_length_and_fit() {
    assert!(issue("a", at(TO), at(FROM), &mut Fixed(1)).is_err());
    assert!(issue("a", at("1960-01-01T00:00:00Z"), at(TO), &mut Fixed(1)).is_err());
}

#[test]
fn a_password_outside_the_basic_plane_is_refused() {
    assert!(issued(1).p12("🔑").is_err());
}

/// Whether a signer with these extensions is believed under an authority with those.
fn believed(authority: Vec<Extension>, signer: Vec<Extension>) -> std::result::Result<(), String> {
    let rng = &mut Fixed(3);
    let keys = [new_key(rng), new_key(rng)].map(|key| key.expect("a key"));
    let issuer = common_name("authority").expect("a name");
    let certificate = |key: &SigningKey, subject: &Name, extensions| Tbs {
        version: 2,
        serial_number: SerialNumber::new(&[1]).expect("a number"),
        signature: algorithm::ecdsa_with_sha256(),
        issuer: issuer.clone(),
        validity: validity(at(FROM), at(TO)).expect("a validity"),
        subject: subject.clone(),
        subject_public_key_info: public_key(key).expect("a key"),
        extensions,
    };
    let subject = common_name("signer").expect("a name");
    let anchor = sign(certificate(&keys[0], &issuer, authority), &keys[0]).expect("signed");
    let leaf = sign(certificate(&keys[1], &subject, signer), &keys[0]).expect("signed");
    check_chain(&leaf, &[], &[anchor.into()], at(FROM), Purpose::Signing)
}

#[test]
fn extensions_decide_what_a_certificate_may_do() {
    let ca = |ca| {
        let constraints = BasicConstraints {
            ca,
            path_len_constraint: None,
        };
        extension(true, &constraints).expect("encodable")
    };
    let usage = |usage: KeyUsages| extension(true, &KeyUsage(usage.into())).expect("encodable");
    let purpose = |oid| extension(false, &ExtendedKeyUsage(vec![oid])).expect("encodable");
    let named = |oid, critical| Extension {
        extn_id: ObjectIdentifier::new_unwrap(oid),
        critical,
        extn_value: OctetString::new(&[5, 0][..]).expect("short"),
    };
    let name_constraints = "2.5.29.30";
    let server = const_oid::db::rfc5912::ID_KP_SERVER_AUTH;
    for (authority, signer, refusal) in [
        (vec![ca(true)], vec![], None),
        (vec![ca(true)], vec![usage(KeyUsages::NonRepudiation)], None),
        (vec![ca(true)], vec![named("1.2.3.4", false)], None),
        (vec![], vec![], Some("is not a certificate authority")),
        (
            vec![ca(false)],
            vec![],
            Some("is not a certificate authority"),
        ),
        (
            vec![ca(true), usage(KeyUsages::CRLSign)],
            vec![],
            Some("without keyCertSign"),
        ),
        (
            vec![ca(true), named(name_constraints, true)],
            vec![],
            Some("critical extension 2.5.29.30"),
        ),
        (
            vec![ca(true), named("1.2.3.4", false), named("1.2.3.4", false)],
            vec![],
            Some("extension 1.2.3.4 twice"),
        ),
        (
            vec![ca(true), ca(true)],
            vec![],
            Some("extension 2.5.29.19 twice"),
        ),
        (
            vec![ca(true)],
            vec![named("1.2.3.4", true)],
            Some("critical extension 1.2.3.4"),
        ),
        (
            vec![ca(true)],
            vec![usage(KeyUsages::KeyAgreement)],
            Some("without digitalSignature"),
        ),
        (
            vec![ca(true)],
            vec![purpose(server)],
            Some("extended key usage"),
        ),
        (
            vec![ca(true)],
            vec![named("2.5.29.15", true)],
            Some("broken extension 2.5.29.15"),
        ),
    ] {
        match (believed(authority, signer), refusal) {
            (Ok(()), None) => {}
            (Err(why), Some(part)) => assert!(why.contains(part), "{why}"),
            (result, expected) => panic!("{result:?} instead of {expected:?}"),
        }
    }
}
