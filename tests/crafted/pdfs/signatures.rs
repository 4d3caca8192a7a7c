//! The signature's dictionary and message, and something else in the report's place.

use super::{CHANGED, Change, FAMILY, RANGE, before, later, report, revise};
use crate::forge::der::{null, time};
use crate::forge::message::{Message, SIGNING_TIME, attribute};
use crate::forge::{CLAIMED, SIGNATURE, moment, pdf};
use crate::table::{Row, row};

const STRUCTURE: &[&str] = &["pdf_structure data/report.pdf"];

const UNSIGNED: &[&str] = &["pdf_unsigned data/report.pdf"];

/// Puts other bytes in the place of the last ones like these.
fn replace(pdf: &mut Vec<u8>, old: &[u8], new: &[u8]) {
    let end = pdf::after(pdf, old).expect("there");
    pdf.splice(end - old.len()..end, new.iter().copied());
}

/// The signature dictionary's other entries, and the digits of the signature.
pub fn dictionaries() -> Vec<Row> {
    let capitals: Change = |pdf| {
        let (start, end) = pdf::hole(pdf).expect("there");
        pdf[start..end].make_ascii_uppercase();
    };
    vec![
        before("SubFilter: adbe.pkcs7.detached", |pdf| {
            replace(pdf, b"/ETSI.CAdES.detached", b"/adbe.pkcs7.detached");
        })
        .no(STRUCTURE),
        before("SubFilter: another that is as long", |pdf| {
            replace(
                pdf,
                b"/ETSI.CAdES.detached",
                b"/ETSI.RFC3161.letters"[..20].as_ref(),
            );
        })
        .no(STRUCTURE),
        before("M: gone", |pdf| replace(pdf, b"/M(D:", b"/X(D:")).no(STRUCTURE),
        later("M: with an offset", |pdf| {
            let at = pdf::after(pdf, b"/M(D:").expect("there") + 14;
            pdf[at] = b'+';
        })
        .no(STRUCTURE),
        later("M: another time", |pdf| {
            pdf::set_time(pdf, moment("2026-10-14T00:30:00Z"));
        })
        .no(CHANGED),
        later("M: the thirtieth of February", |pdf| {
            let at = pdf::after(pdf, b"/M(D:2026").expect("there");
            pdf[at..at + 4].copy_from_slice(b"0230");
        })
        .no(STRUCTURE),
        later("Contents: in capitals", capitals).no(RANGE),
        later("Contents: a space between digits", |pdf| {
            let (start, _) = pdf::hole(pdf).expect("there");
            pdf[start + 1] = b' ';
        })
        .no(RANGE),
        later("Contents: zeros alone", |pdf| {
            let (start, end) = pdf::hole(pdf).expect("there");
            pdf[start + 1..end - 1].fill(b'0');
        })
        .no(STRUCTURE),
        later("Contents: something behind the signature", |pdf| {
            let (_, end) = pdf::hole(pdf).expect("there");
            pdf[end - 2] = b'1';
        })
        .no(STRUCTURE),
        later("Contents: a length that does not fit", |pdf| {
            let (start, _) = pdf::hole(pdf).expect("there");
            pdf[start + 1..start + 9].copy_from_slice(b"3082ffff");
        })
        .no(STRUCTURE),
        later("Contents: a literal string", |pdf| {
            let (start, end) = pdf::hole(pdf).expect("there");
            (pdf[start], pdf[end - 1]) = (b'(', b')');
        })
        .no(RANGE),
    ]
}

/// The message in the report.
pub fn messages() -> Vec<Row> {
    let message = |name: &str, change: fn(&mut Message)| {
        row(FAMILY, format!("message: {name}"), move |forge| {
            forge.on_report_message = Some(Box::new(change));
        })
    };
    vec![
        message("the attribute signing-time, which PAdES forbids", |m| {
            m.signer()
                .add_attribute(SIGNING_TIME, time(moment(CLAIMED)));
        })
        .no(&["signature_attributes data/report.pdf"]),
        message("content of its own", |m| m.content = Some(b"%PDF".to_vec()))
            .no(&["signature_structure data/report.pdf"]),
        message("no signer", |m| m.signers.clear()).no(&["signature_structure data/report.pdf"]),
        message("by another key under the same certificate", |m| {
            m.signer().key = crate::forge::key::Key::P256("other");
        })
        .no(&[
            "signature_invalid data/report.pdf",
            "signer_unknown data/report.pdf",
        ]),
        message("of type data", |m| m.kind = "1.2.840.113549.1.7.1")
            .no(&["signature_unreadable data/report.pdf"]),
        message("an unsigned attribute that is no time-stamp", |m| {
            m.signer().unsigned.push(attribute("1.2.3.4", null()));
        })
        .no(&["signature_attributes data/report.pdf"]),
    ]
}

/// Something else in the report's place.
pub fn replaced() -> Vec<Row> {
    vec![
        later("replaced: empty", Vec::clear).no(UNSIGNED),
        later("replaced: a text", |pdf| *pdf = b"report\n".to_vec()).no(UNSIGNED),
        later("replaced: an image", |pdf| {
            *pdf = b"\x89PNG\r\n\x1a\n".to_vec();
        })
        .no(UNSIGNED),
        later("replaced: a PDF without a signature", |pdf| {
            *pdf = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n%%EOF\n".to_vec();
        })
        .no(UNSIGNED),
        later("replaced: the revision before the signature", |pdf| {
            let (start, _) = pdf::hole(pdf).expect("there");
            let end = pdf::after(&pdf[..start], b"%%EOF").expect("an earlier end");
            pdf.truncate(end);
        })
        .no(UNSIGNED),
        later("replaced: the word ByteRange alone", |pdf| {
            *pdf = b"/ByteRange".to_vec();
        })
        .no(RANGE),
        row(
            FAMILY,
            "replaced: unsigned, in a bundle that is not signed either",
            |forge| {
                forge.on_signed = Some(Box::new(|files| *report(files) = b"report\n".to_vec()));
                forge.on_bag = Some(Box::new(|files| {
                    files.remove(SIGNATURE);
                }));
            },
        )
        .no(&["unsigned tagmanifest-sha256.txt.p7s"]),
        row(
            FAMILY,
            "replaced: by bytes that no manifest lists",
            |forge| {
                forge.on_bag = Some(Box::new(|files| revise(report(files))));
            },
        )
        .no(&["file_changed data/report.pdf", "oxum_mismatch"]),
    ]
}
