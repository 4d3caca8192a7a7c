use std::sync::LazyLock;

use lopdf::xref::XrefType;
use lopdf::{Document, Object, Stream, dictionary};

use super::*;
use crate::sign::testing::{anchors, at, demo, identity, later};

const TIME: &str = "2026-10-15T09:30:00Z";

/// A document of one page, its text and `more` further objects.
fn document(more: usize) -> Vec<u8> {
    let mut document = Document::with_version("1.7");
    // As Typst writes it.
    document.reference_table.cross_reference_type = XrefType::CrossReferenceTable;
    let pages = document.new_object_id();
    let content = document.add_object(Stream::new(dictionary! {}, b"BT ET".to_vec()));
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    });
    let tree = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    document.objects.insert(pages, tree.into());
    for number in 0..more {
        document
            .add_object(dictionary! { "Text" => Object::string_literal(format!("{number:0500}")) });
    }
    let root = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", root);
    let mut pdf = Vec::new();
    document.save_to(&mut pdf).expect("memory");
    pdf
}

fn signed(pdf: Vec<u8>) -> Vec<u8> {
    sign_pdf(pdf, &demo(), at(TIME)).expect("a plain document")
}

static SIGNED: LazyLock<Vec<u8>> = LazyLock::new(|| signed(document(0)));

fn codes(pdf: &[u8]) -> Vec<&'static str> {
    let found = verify_pdf(pdf, &anchors("demo-ca.pem"), later()).expect("a signature");
    let signer = found.signer.as_ref();
    let untrusted = signer
        .is_none_or(|signer| !signer.trusted)
        .then_some("untrusted");
    found
        .problems
        .iter()
        .map(|p| p.code)
        .chain(untrusted)
        .collect()
}

#[test]
fn a_signed_document_holds_and_begins_with_the_unsigned_one() {
    let plain = document(0);
    assert!(SIGNED.starts_with(&plain));
    assert_eq!(verify_pdf(&plain, &[], later()), None);
    let found = verify_pdf(&SIGNED, &anchors("demo-ca.pem"), later()).expect("a signature");
    assert!(found.holds(), "{found:?}");
    assert_eq!(
        (found.level(), found.signing_time),
        (Some("B-B"), Some(at(TIME)))
    );
    assert_eq!(signed(plain), *SIGNED, "the same bytes twice");
    let rsa = identity("test-rsa-3072.pem", None);
    let rsa = sign_pdf(document(0), &rsa, at(TIME)).expect("a plain document");
    assert!(
        verify_pdf(&rsa, &anchors("test-rsa-ca.pem"), later()).is_some_and(|found| found.holds())
    );
}

#[test]
fn an_update_has_cross_references_of_the_documents_own_kind() {
    let mut packed = Vec::new();
    let options = lopdf::SaveOptions::builder()
        .use_object_streams(true)
        .use_xref_streams(true)
        .build();
    Document::load_mem(&document(20))
        .expect("a document")
        .save_with_options(&mut packed, options)
        .expect("memory");
    for (plain, table) in [(document(20), true), (packed, false)] {
        let pdf = signed(plain.clone());
        assert!(pdf.starts_with(&plain));
        assert_eq!(codes(&pdf), [""; 0]);
        let trailer = pdf[plain.len()..]
            .windows(8)
            .any(|word| word == b"trailer\n");
        assert_eq!(trailer, table);
        let read = Document::load_mem(&pdf).expect("a document");
        assert_eq!(read.get_pages().len(), 1);
        assert!(read.catalog().is_ok_and(|root| root.has(b"AcroForm")));
    }
}

#[test]
fn every_flipped_bit_is_noticed() {
    let hole = read_signature(&SIGNED).expect("one").expect("ours").hole;
    let ahead = (0..hole.start).step_by(5);
    let message = (hole.start..hole.start + 4000).step_by(7);
    let padding = (hole.start + 4000..hole.end).step_by(997);
    let behind = hole.end..SIGNED.len();
    for place in ahead.chain(message).chain(padding).chain(behind) {
        let mut pdf = SIGNED.clone();
        // A digit stays a digit; a letter becomes its capital, which is the same digit.
        pdf[place] ^= if pdf[place].is_ascii_alphabetic() {
            0x20
        } else {
            0x02
        };
        let found = verify_pdf(&pdf, &anchors("demo-ca.pem"), later());
        assert!(found.is_none_or(|found| !found.holds()), "byte {place}");
    }
}

#[test]
fn what_follows_the_signed_bytes_is_a_later_revision() {
    let mut pdf = SIGNED.clone();
    pdf.extend_from_slice(b"1 0 obj\n<<>>\nendobj\n");
    assert_eq!(codes(&pdf), ["pdf_revision", "untrusted"]);
    let mut twice = document(0);
    twice.extend_from_slice(&SIGNED[twice.len()..]);
    assert_eq!(twice, *SIGNED);
    pdf.extend_from_slice(b"/ByteRange[0 1 2 3]/Contents<00>");
    assert_eq!(codes(&pdf), ["pdf_byte_range", "untrusted"]);
    pdf.truncate(SIGNED.len() - 1);
    assert_eq!(codes(&pdf), ["pdf_byte_range", "untrusted"]);
}

#[test]
fn a_range_that_leaves_out_more_than_the_signature_is_noticed() {
    let hole = read_signature(&SIGNED).expect("one").expect("ours").hole;
    let text = format!("[0 {} {} ", hole.start, hole.end);
    let place = hole.start - "/Contents".len() - 1 - 40;
    assert!(SIGNED[place..].starts_with(text.as_bytes()));
    for (start, end) in [(hole.start - 1, hole.end), (hole.start, hole.end + 1)] {
        let mut pdf = SIGNED.clone();
        let text = format!("[0 {start} {end} {}", pdf.len() - end);
        pdf[place..place + text.len()].copy_from_slice(text.as_bytes());
        assert_eq!(codes(&pdf), ["pdf_byte_range", "untrusted"]);
    }
}

#[test]
fn nothing_may_hide_behind_the_message() {
    let found = read_signature(&SIGNED).expect("one").expect("ours");
    let mut longer = found.message.clone();
    longer.push(7);
    let pdf = replace_message(&SIGNED, &found, &longer).expect("there is place");
    assert_eq!(codes(&pdf), ["pdf_structure", "untrusted"]);
    let error = replace_message(&SIGNED, &found, &vec![0; RESERVED + 1]);
    assert!(
        error
            .expect_err("no place")
            .message
            .contains("place for 24576")
    );
}

#[test]
fn what_is_no_document_is_refused() {
    for bytes in [&b""[..], b"%PDF-1.7\n", b"PK\x03\x04"] {
        assert!(sign_pdf(bytes.to_vec(), &demo(), at(TIME)).is_err());
        assert_eq!(read_signature(bytes), None);
    }
    assert!(
        sign_pdf(SIGNED.clone(), &demo(), at(TIME)).is_err(),
        "signed already"
    );
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    #[test]
    fn hostile_documents_never_panic(text in "(/ByteRange ?\\[0 [0-9]{1,20} [0-9]{1,20} [0-9]{1,3}\\]/Contents<[0-9a-f]{0,9}>?.{0,9}){1,3}") {
        let text = format!("/SubFilter/ETSI.CAdES.detached/M(D:20260101000000Z){text}");
        let found = verify_pdf(text.as_bytes(), &[], later());
        proptest::prop_assert!(found.is_some_and(|found| !found.problems.is_empty()));
    }
}
