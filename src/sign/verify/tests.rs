use std::sync::LazyLock;

use proptest::prelude::*;

use cms::cert::CertificateChoices;
use der::asn1::{Any, OctetString};

use super::*;
use crate::sign::cms::{ID_SIGNING_TIME, attribute, encode, sign_detached, signed_data};
use crate::sign::identity::Identity;
use crate::sign::testing::{anchors, at, demo, identity, kinds, later};

const CONTENT: &[u8] = b"0000  data/report.pdf\n";
const TIME: &str = "2026-10-15T09:30:00Z";

struct Case {
    p7s: Vec<u8>,
    trust: Vec<TrustAnchor>,
}

static P256: LazyLock<Case> = LazyLock::new(|| case(&demo(), "demo-ca.pem"));
static RSA: LazyLock<Case> =
    LazyLock::new(|| case(&identity("test-rsa-3072.pem", None), "test-rsa-ca.pem"));

fn case(identity: &Identity, ca: &str) -> Case {
    Case {
        p7s: sign_detached(identity, Digest::of(CONTENT), at(TIME)).expect("signed"),
        trust: anchors(ca),
    }
}

fn check(case: &Case) -> Verification {
    verify_detached(&case.p7s, Digest::of(CONTENT), &case.trust, later())
}

fn codes(verification: &Verification) -> Vec<&'static str> {
    verification.problems.iter().map(|p| p.code).collect()
}

/// The message with one change made to it, and verified.
fn altered(change: impl FnOnce(&mut SignedData)) -> Verification {
    let mut signed = decode(&P256.p7s).expect("ours");
    change(&mut signed);
    let p7s = encode(&signed).expect("encodable");
    verify_detached(&p7s, Digest::of(CONTENT), &P256.trust, later())
}

fn with_signer(change: impl FnOnce(&mut SignerInfo)) -> Verification {
    altered(|signed| {
        let mut info = signed.signer_infos.0.get(0).expect("one").clone();
        change(&mut info);
        signed.signer_infos = vec![info].try_into().expect("a set");
    })
}

#[test]
fn our_signature_holds_for_every_kind_of_key_and_no_other_content() {
    for (name, identity, trust) in kinds() {
        let p7s = sign_detached(&identity, Digest::of(CONTENT), at(TIME)).expect("signed");
        let verification = verify_detached(&p7s, Digest::of(CONTENT), &trust, later());
        assert_eq!(verification.problems, [], "{name}");
        assert!(verification.holds(), "{name}: {verification:?}");
        assert_eq!(verification.signing_time, Some(at(TIME)));
        let signer = verification.signer.expect("a signer");
        assert_eq!(signer.why_not, None);
        let other = verify_detached(&p7s, Digest::of(b"other"), &trust, later());
        assert_eq!(codes(&other), ["content_changed"], "{name}");
        let mut flipped = p7s.clone();
        *flipped.last_mut().expect("long") ^= 1;
        let flipped = verify_detached(&flipped, Digest::of(CONTENT), &trust, later());
        assert!(codes(&flipped).contains(&"signature_invalid"), "{name}");
    }
    let signer = check(&P256).signer.expect("a signer");
    assert_eq!(signer.subject, demo().subject());
    assert_eq!(signer.sha256, demo().sha256());
}

#[test]
fn the_same_arguments_give_the_same_bytes() {
    assert_eq!(case(&demo(), "demo-ca.pem").p7s, P256.p7s);
    assert_eq!(
        case(&identity("test-rsa-3072.pem", None), "test-rsa-ca.pem").p7s,
        RSA.p7s
    );
}

/// X.690 section 11.6: other programs write a set in this order, and the bytes of ours are those.
#[test]
fn certificates_stand_in_the_order_of_der_and_in_no_other() {
    for (name, identity, trust) in kinds() {
        let p7s = sign_detached(&identity, Digest::of(CONTENT), at(TIME)).expect("signed");
        let certificates = identity.certificates().iter();
        let mut ordered: Vec<&[u8]> = certificates.map(Certificate::der).collect();
        ordered.sort_unstable();
        let set = ordered.concat();
        let place = p7s.windows(set.len()).position(|window| window == set);
        let place = place.expect(name);
        ordered.reverse();
        let mut reversed = p7s.clone();
        reversed[place..place + set.len()].copy_from_slice(&ordered.concat());
        let found = verify_detached(&reversed, Digest::of(CONTENT), &trust, later());
        let expected: &[&str] = match ordered.len() {
            1 => &[],
            _ => &["signature_not_canonical"],
        };
        assert_eq!(codes(&found), expected, "{name}");
    }
}

#[test]
fn signing_times_are_written_as_their_year_demands() {
    for (time, tag) in [
        ("2049-12-31T23:59:59Z", &b"\x17\x0d491231235959Z"[..]),
        ("2050-01-01T00:00:00Z", b"\x18\x0f20500101000000Z"),
    ] {
        let p7s = sign_detached(&demo(), Digest::of(CONTENT), at(time)).expect("signed");
        assert!(p7s.windows(tag.len()).any(|window| window == tag), "{time}");
        let verification = verify_detached(&p7s, Digest::of(CONTENT), &P256.trust, later());
        assert_eq!(verification.problems, []);
        assert_eq!(verification.signing_time, Some(at(time)));
    }
    assert!(sign_detached(&demo(), Digest::of(CONTENT), at("1969-12-31T23:59:59Z")).is_err());
}

#[test]
fn other_content_is_seen_and_the_signer_still_known() {
    let verification = verify_detached(&P256.p7s, Digest::of(b"other"), &P256.trust, later());
    assert_eq!(codes(&verification), ["content_changed"]);
    assert!(
        verification
            .signer
            .as_ref()
            .is_some_and(|signer| signer.trusted)
    );
    assert!(!verification.holds());
}

#[test]
fn nobody_is_trusted_without_the_right_anchor() {
    for (trust, reason) in [
        (vec![], "no trusted certificate was given (`--trust`)"),
        (
            anchors("test-rsa-ca.pem"),
            "no chain leads from `CN=kisms DEMO key - proves nothing,O=kisms demo` to a trusted certificate",
        ),
    ] {
        let verification = verify_detached(&P256.p7s, Digest::of(CONTENT), &trust, later());
        assert_eq!(verification.problems, []);
        let signer = verification.signer.expect("a signer");
        assert!(!signer.trusted);
        assert_eq!(signer.why_not.as_deref(), Some(reason));
    }
}

#[test]
fn a_time_outside_the_validity_leaves_the_signer_untrusted() {
    let p7s = sign_detached(&demo(), Digest::of(CONTENT), at("2050-01-01T00:00:00Z"));
    let signer = verify_detached(
        &p7s.expect("signed"),
        Digest::of(CONTENT),
        &P256.trust,
        later(),
    )
    .signer
    .expect("a signer");
    assert!(!signer.trusted);
    assert!(
        signer
            .why_not
            .expect("a reason")
            .contains("not at 2050-01-01T00:00:00Z")
    );
}

#[test]
fn without_the_attribute_the_time_comes_from_elsewhere() {
    let signed = signed_data(&demo(), Digest::of(CONTENT), None).expect("signed");
    let p7s = encode(&signed).expect("encodable");
    let digest = Digest::of(CONTENT);
    let elsewhere = verify_at(
        &p7s,
        digest,
        ClaimedTime::Elsewhere(at(TIME)),
        &P256.trust,
        later(),
    );
    assert!(elsewhere.holds(), "{elsewhere:?}");
    let missing = verify_detached(&p7s, digest, &P256.trust, later());
    assert_eq!(codes(&missing), ["signature_attributes"]);
    assert!(missing.signer.is_some_and(|signer| !signer.trusted));
    let both = verify_at(
        &P256.p7s,
        digest,
        ClaimedTime::Elsewhere(at(TIME)),
        &P256.trust,
        later(),
    );
    assert_eq!(codes(&both), ["signature_attributes"]);
}

#[test]
fn every_flipped_bit_is_a_problem_or_an_unknown_signer() {
    for (case, bits) in [(&*P256, &[0_u8, 3, 6][..]), (&*RSA, &[1])] {
        let mut p7s = case.p7s.clone();
        for place in 0..p7s.len() {
            for bit in bits {
                p7s[place] ^= 1 << bit;
                let verification = verify_detached(&p7s, Digest::of(CONTENT), &case.trust, later());
                assert!(!verification.holds(), "bit {bit} of byte {place}");
                p7s[place] ^= 1 << bit;
            }
        }
    }
}

#[test]
fn the_other_name_of_the_rsa_algorithm_is_noticed() {
    // sha256WithRSAEncryption and rsaEncryption differ in one byte and mean the same here.
    let name = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b";
    let mut p7s = RSA.p7s.clone();
    let places: Vec<usize> = (0..p7s.len() - name.len())
        .filter(|at| p7s[*at..].starts_with(name))
        .collect();
    assert!(
        places.len() > 2,
        "certificates, the attribute and the signer name it"
    );
    for place in places {
        p7s[place + 8] = 1;
        let verification = verify_detached(&p7s, Digest::of(CONTENT), &RSA.trust, later());
        assert!(!verification.holds());
        p7s[place + 8] = 0x0b;
    }
}

#[test]
fn bytes_after_the_end_are_seen() {
    let mut p7s = P256.p7s.clone();
    p7s.push(0);
    assert_eq!(
        codes(&verify_detached(
            &p7s,
            Digest::of(CONTENT),
            &P256.trust,
            later()
        )),
        ["signature_unreadable"]
    );
}

#[test]
fn a_length_in_more_bytes_than_needed_is_seen() {
    // The outermost length, 0x82 xx xx, written as 0x83 00 xx xx.
    let mut p7s = P256.p7s.clone();
    assert_eq!(p7s[1], 0x82);
    p7s[1] = 0x83;
    p7s.insert(2, 0);
    assert!(!verify_detached(&p7s, Digest::of(CONTENT), &P256.trust, later()).holds());
}

#[test]
fn what_the_signature_does_not_cover_must_be_as_expected() {
    let seen = altered(|signed| signed.version = CmsVersion::V3);
    assert_eq!(codes(&seen), ["signature_structure"]);
    let seen = altered(|signed| signed.encap_content_info.econtent_type = ID_TIME_STAMP_TOKEN);
    assert_eq!(codes(&seen), ["signature_structure"]);
    let seen = altered(|signed| {
        let content = OctetString::new(CONTENT).expect("short");
        signed.encap_content_info.econtent = Some(Any::encode_from(&content).expect("encodable"));
    });
    assert_eq!(codes(&seen), ["signature_structure"]);
    let seen = altered(|signed| signed.signer_infos = vec![].try_into().expect("a set"));
    assert_eq!(codes(&seen), ["signature_structure"]);
    assert_eq!(seen.signer, None);
    let seen = with_signer(|info| info.version = CmsVersion::V3);
    assert_eq!(codes(&seen), ["signature_structure", "signature_structure"]);
    let seen = with_signer(|info| info.digest_alg.oid = ID_DATA);
    assert_eq!(codes(&seen), ["signature_algorithm", "signature_algorithm"]);
}

#[test]
fn a_certificate_that_was_not_signed_for_is_seen() {
    let stranger = identity("test-self-signed.pem", None);
    let seen = altered(|signed| {
        let set = signed.certificates.as_mut().expect("certificates");
        let x509 = stranger.certificate().x509().clone();
        set.0
            .insert(CertificateChoices::Certificate(x509))
            .expect("a set");
    });
    assert_eq!(
        codes(&seen),
        ["signature_certificates", "signature_certificates"]
    );
    let seen = altered(|signed| signed.certificates = None);
    assert!(codes(&seen).contains(&"signature_certificates"));
    assert_eq!(seen.signer, None);
}

#[test]
fn unsigned_attributes_are_refused_but_for_one_time_stamp() {
    let of = |oid| {
        let attribute = attribute(oid, &der::asn1::Null).expect("encodable");
        vec![attribute].try_into().expect("a set")
    };
    let seen = with_signer(|info| info.unsigned_attrs = Some(of(ID_TIME_STAMP_TOKEN)));
    assert_eq!(codes(&seen), ["timestamp_unreadable"]);
    assert_eq!(seen.timestamp, None);
    let seen = with_signer(|info| info.unsigned_attrs = Some(of(ID_SIGNING_TIME)));
    assert_eq!(codes(&seen), ["signature_attributes"]);
}

#[test]
fn another_key_under_the_same_certificates_is_not_the_signer() {
    let foreign = identity("test-foreign-p256.p12", Some("test"));
    let seen = with_signer(|info| {
        let message = info.signed_attrs.to_der().expect("encodable");
        let value = foreign.key().sign(&message).expect("signed");
        info.signature = OctetString::new(value).expect("short");
    });
    assert_eq!(codes(&seen), ["signature_invalid"]);
    assert!(seen.signer.is_some_and(|signer| !signer.trusted));
}

#[test]
fn a_signer_is_trusted_within_the_validity_of_its_certificate_alone() {
    let expired = identity("test-expired.p12", Some("test"));
    let trust = anchors("test-foreign-ca.pem");
    for time in ["2015-06-01T00:00:00Z", "2020-06-01T00:00:00Z"] {
        let p7s = sign_detached(&expired, Digest::of(CONTENT), at(time)).expect("signed");
        let seen = verify_detached(&p7s, Digest::of(CONTENT), &trust, later());
        assert_eq!(seen.problems, [], "{time}");
        assert!(!seen.holds(), "{time}");
        let why = seen.signer.and_then(|signer| signer.why_not);
        assert!(
            why.is_some_and(|why| why.contains("is valid from")),
            "{time}"
        );
    }
    // The authority began in 2020; who pins the signer believes it in its own time.
    let pinned = [TrustAnchor::from(expired.certificate().clone())];
    let p7s = sign_detached(&expired, Digest::of(CONTENT), at("2015-06-01T00:00:00Z"));
    let seen = verify_detached(&p7s.expect("signed"), Digest::of(CONTENT), &pinned, later());
    assert!(seen.holds(), "{seen:?}");
}

#[test]
fn what_is_claimed_to_be_signed_after_now_is_not_believed() {
    for (now, early) in [
        ("2026-10-15T09:28:59Z", true),
        ("2026-10-15T09:29:00Z", false),
        (TIME, false),
        ("2049-12-31T23:59:59Z", false),
    ] {
        let seen = verify_detached(&P256.p7s, Digest::of(CONTENT), &P256.trust, at(now));
        assert_eq!(seen.problems, [], "{now}");
        let doubts: Vec<&str> = seen.doubts.iter().map(|doubt| doubt.code).collect();
        assert_eq!(doubts.contains(&"signing_time_future"), early, "{now}");
        assert_eq!((doubts.len(), seen.holds()), (usize::from(early), !early));
        assert_eq!(seen.level(), (!early).then_some("B-B"), "{now}");
        let signer = seen.signer.expect("a signer");
        assert_eq!((signer.trusted, signer.expired), (!early, false), "{now}");
    }
}

#[test]
fn a_signer_whose_certificate_has_expired_since_is_trusted_and_told() {
    for trust in [&P256.trust[..], &[]] {
        for (now, expired) in [
            ("2049-12-31T23:59:59Z", false),
            ("2050-01-01T00:00:00Z", true),
        ] {
            let seen = verify_detached(&P256.p7s, Digest::of(CONTENT), trust, at(now));
            assert_eq!((seen.problems.len(), seen.doubts.len()), (0, 0));
            let signer = seen.signer.expect("a signer");
            assert_eq!(
                (signer.expired, signer.trusted),
                (expired, !trust.is_empty())
            );
            assert_eq!(signer.valid_until, at("2049-12-31T23:59:59Z"));
        }
    }
}

#[test]
fn a_claim_outside_the_certificates_validity_is_a_doubt_whoever_is_trusted() {
    for time in ["2019-12-31T23:59:59Z", "2050-01-01T00:00:00Z"] {
        let p7s = sign_detached(&demo(), Digest::of(CONTENT), at(time)).expect("signed");
        for trust in [&P256.trust[..], &[]] {
            let seen = verify_detached(&p7s, Digest::of(CONTENT), trust, later());
            let doubts: Vec<&str> = seen.doubts.iter().map(|doubt| doubt.code).collect();
            assert_eq!(doubts, ["signing_time_outside"], "{time}");
            assert_eq!((seen.level(), seen.holds()), (None, false));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hostile_bytes_never_hold_and_never_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
        doubled in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut p7s = P256.p7s.clone();
        for (place, byte) in changes {
            let place = place.index(p7s.len());
            p7s[place] = byte;
        }
        if let Some(place) = doubled {
            let place = place.index(p7s.len());
            let tail = p7s[place..].to_vec();
            p7s.extend(tail);
        }
        if let Some(cut) = cut {
            p7s.truncate(cut.index(p7s.len()));
        }
        let holds = verify_detached(&p7s, Digest::of(CONTENT), &P256.trust, later()).holds();
        prop_assert!(!holds || p7s == P256.p7s);
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(!verify_detached(&bytes, Digest::of(CONTENT), &[], later()).holds());
    }
}
