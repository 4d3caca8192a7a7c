//! The report and its signature (ISO 32000-1 section 12.8, ETSI EN 319 142-1), listed and signed for as it is.

use super::forge::der::{null, time};
use super::forge::message::{Message, SIGNING_TIME, attribute};
use super::forge::{CLAIMED, Files, REPORT, SIGNATURE, moment, pdf};
use super::table::{Row, row};

const FAMILY: &str = "pdf";
const RANGE: &[&str] = &["pdf_byte_range data/report.pdf"];
const STRUCTURE: &[&str] = &["pdf_structure data/report.pdf"];
const REVISION: &[&str] = &["pdf_revision data/report.pdf"];
const UNSIGNED: &[&str] = &["pdf_unsigned data/report.pdf"];
const CHANGED: &[&str] = &["content_changed data/report.pdf"];

type Change = fn(&mut Vec<u8>);

fn report(files: &mut Files) -> &mut Vec<u8> {
    files.get_mut(REPORT).expect("there")
}

/// A report that is changed after it was signed.
fn later(name: &str, change: Change) -> Row {
    row(FAMILY, name, move |forge| {
        forge.on_signed = Some(Box::new(move |files| change(report(files))));
    })
}

/// A report that is changed before it is signed.
fn before(name: &str, change: Change) -> Row {
    row(FAMILY, name, move |forge| {
        forge.on_files = Some(Box::new(move |files| change(report(files))));
    })
}

/// Puts other bytes in the place of the last ones like these.
fn replace(pdf: &mut Vec<u8>, old: &[u8], new: &[u8]) {
    let end = pdf::after(pdf, old).expect("there");
    pdf.splice(end - old.len()..end, new.iter().copied());
}

/// An incremental update that gives the catalog another language.
fn revise(pdf: &mut Vec<u8>) {
    let update = "\n1 0 obj\n<</Type/Catalog/Lang(en)>>\nendobj\nxref\n1 1\n0000000009 00000 n \n\
                  trailer\n<</Size 2/Root 1 0 R>>\nstartxref\n0\n%%EOF\n";
    pdf.extend_from_slice(update.as_bytes());
}

/// The whole of `/ByteRange`, of the same length as the one that stands there.
fn set_range(pdf: &mut Vec<u8>, numbers: &str) {
    let word = b"/ByteRange";
    let start = pdf::after(pdf, word).expect("there");
    let length = pdf[start..].iter().position(|byte| *byte == b']');
    let length = length.expect("an end") + 1;
    let text = format!("[{numbers:<width$}]", width = length - 2);
    pdf.splice(start..start + length, text.into_bytes());
}

/// The numbers that are right.
fn range(pdf: &[u8]) -> [usize; 4] {
    let (start, end) = pdf::hole(pdf).expect("a signature");
    [0, start, end, pdf.len() - end]
}

/// Turns one of the right numbers.
fn turn_range(pdf: &mut Vec<u8>, change: fn(&mut [usize; 4])) {
    let mut numbers = range(pdf);
    change(&mut numbers);
    let numbers = numbers.map(|number| number.to_string()).join(" ");
    set_range(pdf, &numbers);
}

/// What is before, behind, or within what was signed.
fn coverage() -> Vec<Row> {
    vec![
        later("bytes behind: one line feed", |pdf| pdf.push(b'\n')).no(REVISION),
        later("bytes behind: a comment", |pdf| pdf.extend(b"%more\n")).no(REVISION),
        later("bytes behind: a second revision", revise).no(REVISION),
        later("bytes behind: two more revisions", |pdf| {
            revise(pdf);
            revise(pdf);
        })
        .no(REVISION),
        later("bytes before: one", |pdf| pdf.insert(0, b' ')).no(RANGE),
        later("bytes gone: the last", |pdf| {
            pdf.pop();
        })
        .no(RANGE),
        later("bytes gone: the first", |pdf| {
            pdf.remove(0);
        })
        .no(RANGE),
        later("a byte turned: of the version", |pdf| pdf[5] ^= 1).no(CHANGED),
        later("a byte turned: of the first object", |pdf| pdf[100] ^= 1).no(CHANGED),
        later("a byte turned: of an embedded file or stream", |pdf| {
            let middle = pdf.len() / 2;
            pdf[middle] ^= 1;
        })
        .no(CHANGED),
        later("a byte turned: in the last line", |pdf| {
            let last = pdf.len() - 3;
            pdf[last] ^= 1;
        })
        .no(CHANGED),
        before("changed before it was signed: its version", |pdf| {
            pdf[7] = b'6';
        }),
        before("changed before it was signed: a stream", |pdf| {
            let middle = pdf.len() / 2;
            pdf[middle] ^= 1;
        }),
    ]
}

/// `/ByteRange` and the place of `/Contents`, rightly signed where the signature is over them.
fn ranges() -> Vec<Row> {
    let turned =
        |name: &str, change: Change| before(&format!("ByteRange: {name}"), change).no(RANGE);
    vec![
        turned("it begins at one", |pdf| {
            turn_range(pdf, |range| range[0] = 1);
        }),
        turned("it leaves out a byte before", |pdf| {
            turn_range(pdf, |range| range[1] -= 1);
        }),
        turned("it takes in the bracket", |pdf| {
            turn_range(pdf, |range| range[1] += 1);
        }),
        turned("it leaves out a byte behind", |pdf| {
            turn_range(pdf, |range| range[2] += 1);
        }),
        turned("it takes in the bracket behind", |pdf| {
            turn_range(pdf, |range| range[2] -= 1);
        }),
        turned("it ends after the file", |pdf| {
            turn_range(pdf, |range| range[3] += 1);
        }),
        before("ByteRange: it ends before the file", |pdf| {
            turn_range(pdf, |range| range[3] -= 1);
        })
        .no(REVISION),
        turned("it leaves out the whole file", |pdf| {
            turn_range(pdf, |range| range[1] = 0);
        }),
        turned("all zeros", |pdf| set_range(pdf, "0 0 0 0")),
        turned("no numbers", |pdf| set_range(pdf, "")),
        turned("three numbers", |pdf| set_range(pdf, "0 1 2")),
        turned("six numbers", |pdf| set_range(pdf, "0 1 2 3 4 5")),
        turned("a negative number", |pdf| set_range(pdf, "0 -1 2 3")),
        turned("a number with a fraction", |pdf| {
            set_range(pdf, "0 1.5 2 3");
        }),
        turned("a number beyond any", |pdf| {
            set_range(pdf, "0 1 2 18446744073709551616");
        }),
        turned("numbers whose sum is beyond any", |pdf| {
            let [_, start, end, _] = range(pdf);
            set_range(pdf, &format!("0 {start} {end} {}", usize::MAX));
        }),
        turned("words", |pdf| set_range(pdf, "0 a b c")),
        before("ByteRange: one more in a comment at the end", |pdf| {
            pdf.extend(b"%/ByteRange[0 1 2 3]\n");
        })
        .no(RANGE),
    ]
}

/// The signature dictionary's other entries, and the digits of the signature.
fn dictionaries() -> Vec<Row> {
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
fn messages() -> Vec<Row> {
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
            m.signer().key = super::forge::key::Key::P256("other");
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
fn replaced() -> Vec<Row> {
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

pub fn rows() -> Vec<Row> {
    [coverage(), ranges(), dictionaries(), messages(), replaced()]
        .into_iter()
        .flatten()
        .collect()
}
