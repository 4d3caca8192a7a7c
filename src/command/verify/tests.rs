//! What the report says of a bundle and its signature.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use unicode_width::UnicodeWidthStr;

use super::screen::{EN, KO, WIDTH};
use super::*;
use crate::bundle::{Bag, BundlePath, Content, verify, write, write_new_file};
use crate::engagement::Language;

fn opened(signed: bool, spoil: impl FnOnce(&Path)) -> Opened {
    opened_with(BTreeMap::new(), signed, spoil)
}

fn opened_with(
    payload: BTreeMap<BundlePath, Content>,
    signed: bool,
    spoil: impl FnOnce(&Path),
) -> Opened {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("x.zip");
    let bag = Bag {
        id: "kisms-2026Q3-1a2b3c4d".to_owned(),
        payload,
        ..Bag::default()
    };
    let sign = |_: &[u8]| Ok(vec![0; 9]);
    let sign: Option<bundle::Sign> = if signed { Some(&sign) } else { None };
    write_new_file(&target, false, |file| write(&bag, file, sign)).expect("a good bag");
    spoil(&target);
    verify(&target).expect("a zip")
}

fn now() -> Moment {
    "2026-11-01T00:00:00Z".parse().expect("a time")
}

fn check(trusted: bool) -> SignatureCheck {
    SignatureCheck {
        signer: Some(Signer {
            subject: "CN=홍길동\u{202e}\u{1b}[2J,O=주식회사 예시".to_owned(),
            sha256: Digest::of(b"certificate"),
            trusted,
            why_not: (!trusted).then(|| "no chain leads to an anchor".to_owned()),
            expired: false,
        }),
        level: Some("B-B"),
        signing_time: Some("2026-10-01T00:00:00Z".parse().expect("a time")),
        ..SignatureCheck::default()
    }
}

fn judged(opened: &Opened, bundle: Option<SignatureCheck>, any_signer: bool) -> VerifyReport {
    let demands = Demands {
        any_signer,
        timestamp: false,
    };
    report(
        opened,
        Signatures {
            bundle,
            report: None,
        },
        demands,
    )
}

fn codes(report: &VerifyReport) -> Vec<&str> {
    report.defects.iter().map(|defect| defect.code).collect()
}

#[test]
fn a_trusted_signature_over_an_intact_bag_passes() {
    let report = judged(&opened(true, |_| ()), Some(check(true)), false);
    assert!(report.passed() && report.intact);
    let json = serde_json::to_value(&report).expect("plain fields");
    let expected = serde_json::json!({
        "intact": true, "notes": [], "level": "B-B", "timestamp": null, "report": null,
        "defects": [],
        "signer": {
            "subject": "CN=홍길동\u{202e}\u{1b}[2J,O=주식회사 예시",
            "sha256": Digest::of(b"certificate"),
            "trusted": true,
        },
    });
    assert_eq!(json, expected);
}

#[test]
fn an_unknown_signer_is_a_defect_unless_any_may_sign() {
    let opened = opened(true, |_| ());
    let strict = judged(&opened, Some(check(false)), false);
    assert_eq!(
        (codes(&strict), strict.intact),
        (vec!["signer_unknown"], true)
    );
    assert_eq!(strict.defects[0].path, SIGNATURE);
    assert!(judged(&opened, Some(check(false)), true).passed());
    let nobody = judged(&opened, Some(SignatureCheck::default()), false);
    assert_eq!(codes(&nobody), ["signer_unknown"]);
}

#[test]
fn an_unsigned_bundle_is_intact_and_says_so() {
    for any_signer in [false, true] {
        let report = judged(&opened(false, |_| ()), None, any_signer);
        assert_eq!((codes(&report), report.intact), (vec!["unsigned"], true));
    }
}

#[test]
fn what_is_wrong_with_bytes_or_mathematics_is_not_intact() {
    let mut wrong = check(true);
    wrong
        .problems
        .push(("digest_mismatch", "another content".to_owned()));
    let broken = judged(&opened(true, |_| ()), Some(wrong), true);
    assert_eq!(
        (codes(&broken), broken.intact),
        (vec!["digest_mismatch"], false)
    );
    assert_eq!(broken.defects[0].path, SIGNATURE);
    let longer = opened(true, |zip| {
        let mut bytes = fs::read(zip).expect("there");
        bytes.push(0);
        fs::write(zip, bytes).expect("space");
    });
    let longer = judged(&longer, Some(check(true)), false);
    assert_eq!(
        (codes(&longer), longer.intact),
        (vec!["zip_trailing"], false)
    );
}

#[test]
fn the_screen_shows_everything_within_80_columns_and_no_control_characters() {
    let mut wrong = check(false);
    wrong
        .problems
        .push(("strange", "word ".repeat(40) + &"x".repeat(200)));
    let report = judged(&opened(true, |_| ()), Some(wrong), false);
    for (language, words) in [(Language::Ko, KO), (Language::En, EN)] {
        let mut out = Vec::new();
        report.write_text(language, &mut out).expect("memory");
        let text = String::from_utf8(out).expect("text");
        assert!(text.lines().all(|line| line.width() <= WIDTH), "{text}");
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
        let shown = [
            words.no,
            words.untrusted,
            "signer_unknown",
            "strange",
            r"\u{202e}",
        ];
        for shown in shown {
            assert!(text.contains(shown), "{shown} in {text}");
        }
        assert_eq!(text.matches("word").count(), 40);
    }
}

#[test]
fn a_time_stamp_is_missed_where_it_is_asked_for() {
    let opened = opened(true, |_| ());
    let demands = Demands {
        any_signer: false,
        timestamp: true,
    };
    let judge = |timestamp| {
        let bundle = Some(SignatureCheck {
            timestamp,
            ..check(true)
        });
        let signatures = Signatures {
            bundle,
            report: None,
        };
        report(&opened, signatures, demands)
    };
    assert_eq!(codes(&judge(None)), ["timestamp_missing"]);
    let stamp = |trusted| {
        Some(TimestampCheck {
            time: "2026-10-01T00:00:01Z".parse().expect("a time"),
            authority: check(trusted).signer.expect("one"),
        })
    };
    assert_eq!(codes(&judge(stamp(false))), ["timestamp_untrusted"]);
    assert!(judge(stamp(true)).passed());
}

/// What is said of a signature whose certificates have expired or not: the defects' codes, and the notes.
fn expired(signer: bool, stamp: Option<bool>, timestamp: bool) -> (Vec<&'static str>, Vec<Note>) {
    let mut bundle = check(true);
    bundle.signer.as_mut().expect("one").expired = signer;
    bundle.timestamp = stamp.map(|expired| TimestampCheck {
        time: now(),
        authority: Signer {
            expired,
            ..check(true).signer.expect("one")
        },
    });
    let demands = Demands {
        any_signer: false,
        timestamp,
    };
    let signatures = Signatures {
        report: Some(bundle.clone()),
        bundle: Some(bundle),
    };
    let found = report(&opened(true, |_| ()), signatures, demands);
    assert!(found.intact);
    let defects = found.defects.iter().map(|defect| defect.code);
    (defects.collect(), found.notes)
}

#[test]
fn what_has_expired_is_told_and_fails_where_a_time_stamp_is_asked_for() {
    use Note::{SignerExpired, SignerExpiredUnproven, TimestampExpired};
    assert_eq!(expired(false, None, false), (vec![], vec![]));
    assert_eq!(
        expired(true, None, false),
        (vec![], vec![SignerExpiredUnproven])
    );
    assert_eq!(
        expired(true, None, true),
        (
            vec!["timestamp_missing", "signer_expired"],
            vec![SignerExpiredUnproven]
        )
    );
    assert_eq!(
        expired(true, Some(false), true),
        (vec![], vec![SignerExpired])
    );
    assert_eq!(
        expired(false, Some(true), false),
        (vec![], vec![TimestampExpired])
    );
    assert_eq!(
        expired(true, Some(true), true),
        (
            vec!["timestamp_expired", "signer_expired"],
            vec![SignerExpiredUnproven, TimestampExpired]
        )
    );
}

#[test]
fn a_time_that_is_yet_to_come_is_a_defect_of_intact_bytes_whoever_may_sign() {
    let mut future = check(false);
    let why = "yet to come".to_owned();
    future.doubts.push(("signing_time_future", why));
    let found = judged(&opened(true, |_| ()), Some(future), true);
    assert_eq!(
        (codes(&found), found.intact),
        (vec!["signing_time_future"], true)
    );
}

#[test]
fn a_report_that_another_signed_is_a_defect() {
    let opened = opened(true, |_| ());
    let mut other = check(true);
    let signer = other.signer.as_mut().expect("one");
    signer.sha256 = Digest::of(b"another certificate");
    let signatures = Signatures {
        bundle: Some(check(true)),
        report: Some(other),
    };
    let report = report(&opened, signatures, Demands::default());
    assert_eq!(
        (codes(&report), report.intact),
        (vec!["pdf_signer_differs"], true)
    );
}

#[test]
fn a_report_without_a_signature_in_a_signed_bundle_is_a_defect() {
    let path = REPORT.parse().expect("a path");
    let pdf = Content::Bytes(b"%PDF-1.7\n".to_vec());
    let opened = opened_with([(path, pdf)].into(), true, |_| ());
    let signatures = Signatures {
        bundle: Some(check(true)),
        report: signatures(&opened, &[], now()).expect("readable").report,
    };
    let report = report(&opened, signatures, Demands::default());
    assert_eq!(
        (codes(&report), report.intact),
        (vec!["pdf_unsigned"], true)
    );
}

#[test]
fn a_report_that_is_trusted_at_another_time_alone_is_a_defect() {
    let opened = opened(true, |_| ());
    let signatures = Signatures {
        bundle: Some(check(true)),
        report: Some(check(false)),
    };
    let report = report(&opened, signatures, Demands::default());
    assert_eq!(
        (codes(&report), report.defects[0].path.as_str()),
        (vec!["signer_unknown"], REPORT)
    );
}

#[test]
fn a_report_that_is_larger_than_any_is_a_defect_and_is_not_read() {
    let path: BundlePath = REPORT.parse().expect("a path");
    let made = Content::made(&path, |out| {
        let block = vec![0; 1 << 20];
        (0..257).try_for_each(|_| out.write_all(&block))
    });
    let payload = BTreeMap::from([(path, made.expect("space"))]);
    let opened = opened_with(payload, true, |_| ());
    let found = signatures(&opened, &[], now()).expect("readable");
    assert!(found.report.is_none());
    let report = judged(&opened, Some(check(true)), false);
    let codes: Vec<&str> = report.defects.iter().map(|defect| defect.code).collect();
    assert_eq!((codes, report.intact), (vec!["file_large"], false));
}
