use std::time::Instant;

use super::samples::{about, hostile, large, small};
use super::*;
use crate::engagement::Language;

/// Renders without a warning, and writes the PDF where a person can look at it.
fn clean(assessment: &Assessment, about: &About) -> Vec<u8> {
    let (pdf, warnings) = render_with_warnings(assessment, about).expect("a report");
    assert_eq!(warnings, Vec::<String>::new());
    assert!(pdf.starts_with(b"%PDF-1."));
    pdf
}

#[test]
fn the_same_assessment_gives_the_same_bytes() {
    for language in [Language::Ko, Language::En] {
        let assessment = small(language);
        assert_eq!(clean(&assessment, &about()), clean(&assessment, &about()));
    }
}

#[test]
fn a_bundle_without_a_signature_has_a_report_too() {
    let unsigned = About {
        signer: None,
        ..about()
    };
    let signed = clean(&small(Language::Ko), &about());
    assert_ne!(clean(&small(Language::Ko), &unsigned), signed);
}

#[test]
fn hostile_texts_are_laid_out_without_a_warning() {
    for language in [Language::Ko, Language::En] {
        clean(&hostile(language), &about());
    }
}

#[test]
fn three_thousand_failing_findings_take_seconds() {
    let assessment = large(Language::Ko, 3_000);
    let start = Instant::now();
    clean(&assessment, &about());
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
