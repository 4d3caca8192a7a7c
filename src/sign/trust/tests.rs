use super::*;
use crate::sign::issue::issue;
use crate::sign::testing::{Fixed, anchors, at, demo, identity, key_file};

fn now() -> Moment {
    at("2026-10-15T00:00:00Z")
}

fn check(certificates: &[Certificate], anchors: &[TrustAnchor]) -> std::result::Result<(), String> {
    check_chain(
        &certificates[0],
        &certificates[1..],
        anchors,
        now(),
        Purpose::Signing,
    )
}

#[test]
fn a_chain_leads_over_an_intermediate_to_the_root() {
    let rsa = identity("test-rsa-3072.pem", None);
    let root = anchors("test-rsa-ca.pem");
    assert_eq!(check(rsa.certificates(), &root), Ok(()));
    assert_eq!(check(&rsa.certificates()[..2], &root), Ok(()));
    let leaf = &rsa.certificates()[..1];
    assert!(check(leaf, &root).is_err());
    let intermediate = TrustAnchor::from(rsa.certificates()[1].clone());
    assert_eq!(check(leaf, &[intermediate]), Ok(()));
}

#[test]
fn the_signers_own_certificate_can_be_trusted() {
    for signer in [identity("test-self-signed.pem", None), demo()] {
        let pinned = TrustAnchor::from(signer.certificate().clone());
        assert_eq!(check(signer.certificates(), &[pinned]), Ok(()));
    }
}

#[test]
fn a_signer_is_no_authority() {
    // A self-signed end certificate, tried as the issuer of itself under another anchor.
    let signer = identity("test-self-signed.pem", None);
    assert!(check(signer.certificates(), &anchors("demo-ca.pem")).is_err());
    assert!(
        signer
            .certificate()
            .check_authority(0, Purpose::Signing)
            .is_err()
    );
    assert!(
        anchors("demo-ca.pem")[0]
            .certificate()
            .check_authority(3, Purpose::Signing)
            .is_ok()
    );
}

#[test]
fn a_path_length_counts_the_authorities_below() {
    let issued = issue("서명자", now(), at("2027-01-01T00:00:00Z"), &mut Fixed(1)).expect("issued");
    let authority = &read_trust(issued.ca_pem().as_bytes()).expect("a certificate")[0];
    assert_eq!(
        authority.certificate().check_authority(0, Purpose::Signing),
        Ok(())
    );
    assert!(
        authority
            .certificate()
            .check_authority(1, Purpose::Signing)
            .is_err()
    );
}

#[test]
fn an_authority_of_the_same_name_and_another_key_is_not_the_issuer() {
    let make = |seed| {
        issue(
            "서명자",
            now(),
            at("2027-01-01T00:00:00Z"),
            &mut Fixed(seed),
        )
        .expect("issued")
    };
    let (one, other) = (make(1), make(2));
    let trust = |issued: &crate::sign::issue::Issued| {
        read_trust(issued.ca_pem().as_bytes()).expect("a certificate")
    };
    let leaf = [one.certificate().clone()];
    assert_eq!(check(&leaf, &trust(&one)), Ok(()));
    assert!(check(&leaf, &trust(&other)).is_err());
    assert!(
        one.certificate()
            .check_signed_by(trust(&other)[0].certificate())
            .is_err()
    );
}

#[test]
fn an_anchor_that_is_not_valid_at_the_time_is_not_believed() {
    let signer = demo();
    let early = at("2019-01-01T00:00:00Z");
    let others = &signer.certificates()[1..];
    let trust = anchors("demo-ca.pem");
    let chain = check_chain(
        signer.certificate(),
        others,
        &trust,
        early,
        Purpose::Signing,
    );
    assert!(
        chain
            .expect_err("too early")
            .contains("not at 2019-01-01T00:00:00Z")
    );
}

#[test]
fn a_signers_certificate_is_not_for_time_stamps() {
    let signer = demo();
    let trust = anchors("demo-ca.pem");
    let chain = check_chain(
        signer.certificate(),
        &[],
        &trust,
        now(),
        Purpose::TimeStamping,
    );
    assert!(
        chain
            .expect_err("another purpose")
            .contains("time-stamping")
    );
}

#[test]
fn trusted_certificates_come_from_pem_several_at_a_time() {
    let both = [key_file("demo-ca.pem"), key_file("test-rsa-ca.pem")].concat();
    let read = read_trust(&both).expect("two certificates");
    assert_eq!(read.len(), 2);
    assert_eq!(read[1], anchors("test-rsa-ca.pem")[0]);
    let der = read_trust(read[1].certificate().der()).expect("one in DER");
    assert_eq!(der, anchors("test-rsa-ca.pem"));
}

#[test]
fn a_trust_file_without_certificates_or_with_a_key_is_refused() {
    for bytes in [
        &b""[..],
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        assert!(read_trust(bytes).is_err());
    }
    let error = read_trust(&key_file("test-self-signed.pem")).expect_err("a key");
    assert!(error.message.contains("private key"));
}
