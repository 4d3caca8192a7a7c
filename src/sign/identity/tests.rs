use proptest::prelude::*;

use super::*;
use crate::digest::Digest;
use crate::error::Error;
use crate::sign::issue::{Issued, issue};
use crate::sign::testing::{Fixed, at, demo, identity, joint, key_file, kinds};

const TEST: Option<&str> = Some("test");

fn refused(name: &str, password: Option<&str>) -> IdentityError {
    Identity::load(&key_file(name), password).expect_err(name)
}

fn subjects(identity: &Identity) -> Vec<String> {
    identity
        .certificates()
        .iter()
        .map(Certificate::subject)
        .collect()
}

#[test]
fn an_empty_password_opens_without_being_asked_for() {
    let demo = demo();
    assert_eq!(
        subjects(&demo),
        [
            "CN=kisms DEMO key - proves nothing,O=kisms demo",
            "CN=kisms DEMO CA - proves nothing,O=kisms demo"
        ]
    );
    assert_eq!(demo.subject(), subjects(&demo)[0]);
    assert_eq!(demo.sha256(), Digest::of(demo.certificates()[0].der()));
}

#[test]
fn modern_and_legacy_pkcs12_hold_the_same_identity() {
    let modern = identity("test-foreign-p256.p12", TEST);
    let legacy = identity("test-legacy.p12", TEST);
    assert_eq!(modern.certificates(), legacy.certificates());
    assert_eq!(modern.certificates().len(), 2);
    assert_eq!(
        modern.key().sign(b"message").ok(),
        legacy.key().sign(b"message").ok()
    );
}

#[test]
fn a_pem_file_in_disorder_gives_the_chain_from_the_leaf_up_without_strangers() {
    let rsa = identity("test-rsa-3072.pem", None);
    assert_eq!(
        subjects(&rsa),
        [
            "CN=kisms TEST RSA 서명자\\, \\\"예시\\\",O=kisms test",
            "CN=kisms TEST RSA intermediate,O=kisms test",
            "CN=kisms TEST RSA CA,O=kisms test"
        ]
    );
}

#[test]
fn a_password_that_is_missing_is_told_from_one_that_is_wrong() {
    for name in ["test-foreign-p256.p12", "test-legacy.p12"] {
        assert_eq!(refused(name, None), IdentityError::PasswordNeeded);
        assert_eq!(refused(name, Some("Test")), IdentityError::WrongPassword);
    }
    assert_eq!(
        refused("demo-signer-not-secret.p12", TEST),
        IdentityError::WrongPassword
    );
}

#[test]
fn an_encrypted_key_in_pem_is_the_one_that_was_encrypted() {
    let encrypted = identity("test-encrypted.pem", TEST);
    let plain = identity("test-foreign-p256.p12", TEST);
    assert_eq!(encrypted.sha256(), plain.sha256());
    assert_eq!(
        encrypted.key().sign(b"message").ok(),
        plain.key().sign(b"message").ok()
    );
    assert_eq!(
        refused("test-encrypted.pem", None),
        IdentityError::PasswordNeeded
    );
    assert_eq!(
        refused("test-encrypted.pem", Some("Test")),
        IdentityError::WrongPassword
    );
    let old = String::from_utf8(key_file("test-encrypted.pem")).expect("text");
    let old = old.replace(
        "ENCRYPTED PRIVATE KEY-----\n",
        "PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n",
    );
    let old = old.replace(
        "-----END PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n",
        "-----END PRIVATE KEY-----\n",
    );
    assert_eq!(
        Identity::load(old.as_bytes(), TEST).err(),
        Some(IdentityError::EncryptedPem)
    );
}

#[test]
fn a_joint_certificate_is_the_same_key_as_its_pkcs12_file() {
    let (joint, plain) = (joint(), identity("test-rsa-2048.p12", TEST));
    assert_eq!(joint.certificate(), plain.certificate());
    assert_eq!(
        joint.key().sign(b"message").ok(),
        plain.key().sign(b"message").ok()
    );
    let key = key_file("test-joint/signPri.key");
    let with = |files: &[&str], password| {
        let files: Vec<Vec<u8>> = files.iter().map(|file| key_file(file)).collect();
        Identity::load_with(&key, &files, password)
    };
    let certificate = "test-joint/signCert.der";
    let chain = with(&[certificate, "test-kinds-ca.pem"], TEST).expect("with its authority");
    assert_eq!(chain.certificates(), plain.certificates());
    for (files, password, error) in [
        (&[certificate][..], None, IdentityError::PasswordNeeded),
        (&[certificate], Some("Test"), IdentityError::WrongPassword),
        (&[certificate], Some(""), IdentityError::WrongPassword),
        (&[], TEST, IdentityError::NoCertificate),
        (
            &["demo-signer.pem"],
            TEST,
            IdentityError::KeyMismatch("CN=kisms DEMO key - proves nothing,O=kisms demo".into()),
        ),
    ] {
        assert_eq!(with(files, password).err(), Some(error), "{files:?}");
    }
}

#[test]
fn an_unknown_cipher_of_a_pkcs12_file_is_named_by_its_identifier_and_is_no_damage() {
    let mut file = key_file("test-foreign-p256.p12");
    let aes = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 0x2a];
    let place = file.windows(9).position(|window| window == aes);
    // The next but one of the same family.
    file[place.expect("AES-256-CBC") + 8] = 0x2c;
    let error = Identity::load(&file, TEST).expect_err("an unknown cipher");
    let named = "encrypted with the unknown algorithm 2.16.840.1.101.3.4.1.44, which is not read";
    assert!(error.to_string().contains(named), "{error}");
}

#[test]
fn rounds_without_end_are_not_begun() {
    let mut key = key_file("test-joint/signPri.key");
    let at = key
        .windows(4)
        .position(|window| window == [2, 2, 8, 0])
        .expect("2,048 rounds");
    // Two bytes longer, in each of the three sequences around the number.
    key.splice(at..at + 4, [2, 4, 0x7f, 0xff, 0xff, 0xff]);
    key[17] += 2;
    key[5] += 2;
    key[3] += 2;
    let error = Identity::load(&key, TEST).expect_err("too many rounds");
    assert!(error.to_string().contains("2147483647 rounds"), "{error}");
}

#[test]
fn a_key_whose_certificate_asks_for_pss_signs_so_whatever_its_own_file_says() {
    let pss = identity("test-pss.p12", TEST);
    let certificate = pss.certificate().public_key();
    let rsa = joint();
    let used = |key: PrivateKey| key.used_as(certificate).expect("a key").algorithm();
    assert_eq!(used(rsa.key), pss.key().algorithm());
    // Of two signatures over the same the salts differ, and so nearly all bytes.
    let sign = || pss.key().sign(b"message").expect("signed");
    assert_ne!(sign(), sign());
}

#[test]
fn every_kind_of_key_signs_within_its_validity() {
    for (name, identity, _) in kinds() {
        let checked = identity.check_valid_at(at("2026-10-15T09:30:00Z"));
        assert_eq!(checked, Ok(()), "{name}");
    }
}

#[test]
fn a_key_that_cannot_sign_here_is_refused_with_the_reason() {
    assert_eq!(
        refused("test-p521.pem", None),
        IdentityError::UnsupportedKey("elliptic curve 1.3.132.0.35".into())
    );
    assert_eq!(
        refused("test-mismatch.pem", None),
        IdentityError::KeyMismatch("CN=kisms DEMO key - proves nothing,O=kisms demo".into())
    );
    assert_eq!(refused("demo-signer.pem", None), IdentityError::NoKey);
    let pem = String::from_utf8(key_file("test-self-signed.pem")).expect("text");
    let (key, certificate) = pem.split_once("-----BEGIN CERT").expect("key, certificate");
    assert_eq!(
        Identity::load(key.as_bytes(), None).err(),
        Some(IdentityError::NoCertificate)
    );
    assert_eq!(
        Identity::load(format!("{key}{pem}").as_bytes(), None).err(),
        Some(IdentityError::SeveralKeys(2))
    );
    let sec1 = key.replace("PRIVATE KEY", "EC PRIVATE KEY");
    let error = Identity::load(
        format!("{sec1}-----BEGIN CERT{certificate}").as_bytes(),
        None,
    );
    assert!(matches!(error, Err(IdentityError::UnsupportedKey(_))));
}

#[test]
fn what_is_no_key_file_is_refused() {
    for bytes in [
        &b""[..],
        b"PK\x03\x04",
        b"0",
        &[0x30, 0xff],
        &[0x30, 3, 2, 1, 2],
    ] {
        assert_eq!(
            Identity::load(bytes, None).err(),
            Some(IdentityError::Garbage),
            "{bytes:?}"
        );
    }
    assert!(matches!(
        Identity::load(&[0x30, 0x80, 2, 1, 3], None),
        Err(IdentityError::UnsupportedFile(_))
    ));
    let mut cut = key_file("test-foreign-p256.p12");
    cut.truncate(700);
    assert!(matches!(
        Identity::load(&cut, TEST),
        Err(IdentityError::Unreadable(_))
    ));
}

#[test]
fn a_certificate_is_valid_from_its_first_to_its_last_second() {
    let demo = demo();
    for time in ["2020-01-01T00:00:00Z", "2049-12-31T23:59:59.999Z"] {
        assert_eq!(demo.check_valid_at(at(time)), Ok(()), "{time}");
    }
    assert_eq!(
        demo.check_valid_at(at("2019-12-31T23:59:59.999Z"))
            .expect_err("too early")
            .to_string(),
        "the certificate of `CN=kisms DEMO key - proves nothing,O=kisms demo` is not yet valid at \
         2019-12-31T23:59:59.999Z: it is valid from 2020-01-01T00:00:00Z to 2049-12-31T23:59:59Z"
    );
    assert!(matches!(
        demo.check_valid_at(at("2050-01-01T00:00:00Z")),
        Err(IdentityError::Expired { .. })
    ));
    let expired = identity("test-expired.p12", TEST);
    assert!(matches!(
        expired.check_valid_at(at("2026-01-01T00:00:00Z")),
        Err(IdentityError::Expired { .. })
    ));
    assert_eq!(expired.check_valid_at(at("2015-06-01T00:00:00Z")), Ok(()));
}

#[test]
fn a_certificate_for_something_else_does_not_sign() {
    assert!(matches!(
        identity("test-not-for-signing.pem", None).check_valid_at(at("2026-01-01T00:00:00Z")),
        Err(IdentityError::NotForSigning(_))
    ));
}

/// The same key each time: a certificate of it that is valid in this year.
fn issued_in(year: i32) -> Issued {
    let moment = |year| at(&format!("{year}-01-01T00:00:00Z"));
    issue("a", moment(year), moment(year + 1), &mut Fixed(0)).expect("issued")
}

#[test]
fn of_a_keys_certificates_the_one_that_is_valid_when_it_signs_is_taken() {
    let (old, new) = (issued_in(2020), issued_in(2026));
    let p12 = old.p12("test").expect("a key");
    let renewed = [new.signer_pem().into_bytes()];
    for (time, expected) in [
        ("2020-06-01T00:00:00Z", &old),
        ("2026-06-01T00:00:00Z", &new),
        // None is: the first says why not.
        ("2024-06-01T00:00:00Z", &old),
    ] {
        let chosen = Identity::load_at(&p12, &renewed, TEST, at(time)).expect(time);
        assert_eq!(chosen.certificate(), expected.certificate(), "{time}");
        let valid = chosen.check_valid_at(at(time)).is_ok();
        assert_eq!(valid, !time.starts_with("2024"), "{time}");
    }
}

#[test]
fn of_two_keys_the_one_whose_certificate_may_sign_is_taken() {
    let files = ["test-not-for-signing.pem", "test-self-signed.pem"].map(key_file);
    let [encrypts, signs] = &files;
    let now = at("2026-10-15T09:30:00Z");
    let expected = Identity::load(signs, None).expect("a key");
    for both in [
        [&encrypts[..], signs].concat(),
        [&signs[..], encrypts].concat(),
    ] {
        for loaded in [
            Identity::load(&both, None),
            Identity::load_at(&both, &[], None, now),
        ] {
            let chosen = loaded.expect("one that signs");
            assert_eq!(chosen.certificate(), expected.certificate());
            assert_eq!(chosen.check_valid_at(now), Ok(()));
        }
    }
    let other = key_file("test-rsa-3072.pem");
    let both = [&signs[..], &other].concat();
    let error = Identity::load_at(&both, &[], None, now).expect_err("two that sign");
    assert_eq!(error, IdentityError::SeveralKeys(2));
    assert!(error.hint().is_some_and(|hint| hint.contains("of its own")));
}

#[test]
fn the_contents_name_certificates_and_keys_as_openssl_does_and_say_which_one_signs() {
    let (old, new) = (issued_in(2020), issued_in(2026));
    let p12 = old.p12("test").expect("a key");
    let renewed = [new.signer_pem().into_bytes()];
    let read = |time| Contents::read(&p12, &renewed, TEST, at(time)).expect(time);
    let contents = read("2026-06-01T00:00:00Z");
    assert_eq!(contents.kind, FileKind::Pkcs12);
    assert_eq!(contents.keys, ["ECDSA P-256"]);
    let signer = contents.signer.map(|place| &contents.certificates[place]);
    assert_eq!(signer, Ok(new.certificate()));
    let none = read("2024-06-01T00:00:00Z").signer;
    assert!(
        matches!(none, Err(IdentityError::Expired { .. })),
        "{none:?}"
    );
    let certificate = identity("test-rsa-2048.p12", TEST).certificate().clone();
    assert_eq!(certificate.key_name(), "RSA 2048 bits");
    assert!(certificate.serial().starts_with("13:9B:2A:72"));
    let usages = ["digitalSignature", "nonRepudiation", "emailProtection"];
    assert_eq!(certificate.usages(), usages);
    let alone = Contents::read(certificate.der(), &[], None, at("2026-06-01T00:00:00Z"));
    let alone = alone.expect("a certificate");
    assert_eq!(alone.kind, FileKind::Certificate);
    assert_eq!(alone.signer, Err(IdentityError::NoKey));
}

#[test]
fn nothing_of_the_key_is_shown() {
    let shown = format!("{:?}", demo());
    assert!(shown.starts_with("Identity { certificates: [Certificate(CN=kisms DEMO"));
    assert!(!shown.contains("key:"), "{shown}");
}

#[test]
fn an_error_keeps_its_hint() {
    let error = Error::from(IdentityError::PasswordNeeded);
    assert_eq!(error.message, "the key file needs a password");
    assert!(error.hint.expect("a hint").contains("KISMS_KEY_PASSWORD"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_key_files_are_refused_without_panic(
        which in 0..4_usize,
        place: prop::sample::Index,
        byte: u8,
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let name = ["test-legacy.p12", "test-self-signed.pem", "test-encrypted.pem", "test-joint/signPri.key"][which];
        let mut bytes = key_file(name);
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = Identity::load(&bytes, TEST);
    }
}
