use super::*;
use crate::engagement::Language;
use crate::report::pdf::samples::{hostile, small};
use crate::report::pdf::{SignerAbout, Templates};

fn about(subject: &str) -> About {
    About {
        bundle_id: "kisms-2026Q3-1a2b3c4d".into(),
        inputs_digest: Digest::of(b"inputs"),
        version: "0.1.0".to_owned(),
        signer: Some(SignerAbout {
            subject: subject.into(),
            sha256: Digest::of(b"certificate"),
            valid_until: "2028-01-01T00:00:00Z".parse().expect("RFC 3339"),
        }),
        templates: Templates::default(),
    }
}

fn sealed() -> Sealed {
    Sealed {
        root: Digest::of(b"root"),
        zip: Digest::of(b"zip"),
        bytes: 1_064_453,
        anew: None,
    }
}

/// The pages of a PDF.
fn pages(pdf: &[u8]) -> usize {
    let document = lopdf::Document::load_mem(pdf).expect("a document");
    document.get_pages().len()
}

#[test]
fn a_receipt_is_one_page_and_the_same_bytes_each_time() {
    for language in [Language::Ko, Language::En] {
        let make = || receipt(&small(language), &about("CN=서명자"), &sealed()).expect("a receipt");
        let pdf = make();
        assert_eq!(pages(&pdf), 1, "{language:?}");
        assert!(pdf == make(), "{language:?}");
    }
}

#[test]
fn a_receipt_that_is_made_anew_says_so_and_whether_it_is_signed() {
    let made = |anew| {
        let sealed = Sealed { anew, ..sealed() };
        let pdf = receipt(&small(Language::Ko), &about("CN=서명자"), &sealed).expect("a receipt");
        assert_eq!(pages(&pdf), 1);
        pdf
    };
    let at = "2027-03-01T00:00:00Z".parse().expect("RFC 3339");
    let [first, unsigned, signed] = [
        made(None),
        made(Some(Anew { at, signed: false })),
        made(Some(Anew { at, signed: true })),
    ];
    assert!(first != unsigned && unsigned != signed && first != signed);
    assert!(unsigned == made(Some(Anew { at, signed: false })));
}

#[test]
fn the_longest_texts_stay_on_one_page() {
    for language in [Language::Ko, Language::En] {
        let mut assessment = hostile(language);
        assessment.engagement.organization = "가".repeat(10_000);
        assessment.engagement.scope = "W".repeat(10_000);
        let subject = format!("CN={}", "M\u{202e}🚀#[]$".repeat(1_000));
        let pdf = receipt(&assessment, &about(&subject), &sealed()).expect("a receipt");
        assert_eq!(pages(&pdf), 1, "{language:?}");
    }
}
