//! Changes to the signed report. kisms says `file_changed`, for its manifest knows of none of them, and finds
//! the PDF wanting by itself.

use std::path::{Path, PathBuf};

use kisms::sign::identity::Identity;
use kisms::sign::pades::{read_signature, replace_message, sign_pdf};

use super::{Case, Mutation, Outside, edit, find, pdfsig, pyhanko_pdf};
use crate::signed::{P7S, repository};

const POPPLER: Outside = Outside::Tool("pdfsig", pdfsig);
const PYHANKO: Outside = Outside::Tool("pyHanko", pyhanko_pdf);

fn change(case: &Case, to: &Path, change: impl FnOnce(&mut Vec<u8>)) -> PathBuf {
    let root = case.copy(to);
    edit(&root.join("data/report.pdf"), change);
    root
}

/// Writes other digits over the last number of `/ByteRange`, or the first two.
fn range(pdf: &mut [u8], numbers: impl FnOnce(usize, usize, usize) -> [usize; 3]) {
    let at = find(pdf, b"/ByteRange[0 ") + "/ByteRange[0 ".len();
    let hole = find(pdf, b"/Contents<") + "/Contents".len();
    let end = hole
        + pdf[hole..]
            .iter()
            .position(|byte| *byte == b'>')
            .expect("an end")
        + 1;
    let [a, b, c] = numbers(hole, end, pdf.len() - end);
    let text = format!("{a} {b} {c}");
    pdf[at..at + text.len()].copy_from_slice(text.as_bytes());
}

#[expect(clippy::too_many_lines, reason = "a list")]
pub fn mutations() -> Vec<Mutation> {
    vec![
        Mutation {
            name: "PDF: a byte of the first object",
            make: |case, to| change(case, to, |pdf| pdf[200] ^= 1),
            outside: POPPLER,
        },
        Mutation {
            name: "PDF: a byte of the signature value",
            make: |case, to| {
                change(case, to, |pdf| {
                    let padding = find(pdf, b"0000000000000000000000000>");
                    let last = pdf[..padding].iter().rposition(|byte| *byte != b'0');
                    pdf[last.expect("a signature")] ^= 1;
                })
            },
            outside: PYHANKO,
        },
        Mutation {
            name: "PDF: bytes after the end",
            make: |case, to| change(case, to, |pdf| pdf.extend_from_slice(b"\n% more\n")),
            outside: POPPLER,
        },
        Mutation {
            name: "PDF: a later revision with another title",
            make: |case, to| {
                change(case, to, |pdf| {
                    let previous = find(pdf, b"startxref\n");
                    let start = pdf.len();
                    let previous: String = String::from_utf8_lossy(&pdf[previous + 10..])
                        .chars()
                        .take_while(char::is_ascii_digit)
                        .collect();
                    let update = format!(
                        "1 0 obj\n<</Title(Other)>>\nendobj\nxref\n1 1\n{start:010} 00000 n \n\
                         trailer\n<</Size 9999/Prev {previous}>>\nstartxref\n{}\n%%EOF\n",
                        start + 35
                    );
                    pdf.extend_from_slice(update.as_bytes());
                })
            },
            outside: POPPLER,
        },
        Mutation {
            name: "PDF: cut short by ten bytes",
            make: |case, to| change(case, to, |pdf| pdf.truncate(pdf.len() - 10)),
            outside: POPPLER,
        },
        Mutation {
            name: "PDF: ByteRange ends early",
            make: |case, to| change(case, to, |pdf| range(pdf, |a, b, c| [a, b, c - 20])),
            outside: PYHANKO,
        },
        Mutation {
            name: "PDF: ByteRange leaves out more than Contents",
            make: |case, to| change(case, to, |pdf| range(pdf, |a, b, c| [a - 30, b, c])),
            outside: PYHANKO,
        },
        Mutation {
            name: "PDF: Contents emptied",
            make: |case, to| {
                change(case, to, |pdf| {
                    let start = find(pdf, b"/Contents<") + "/Contents<".len();
                    let end = start + 9000;
                    pdf[start..end].fill(b'0');
                })
            },
            outside: PYHANKO,
        },
        Mutation {
            name: "PDF: the bundle's signature in the place of its own",
            make: |case, to| {
                change(case, to, |pdf| {
                    let found = read_signature(pdf).expect("one").expect("ours");
                    let message = std::fs::read(case.root.join(P7S)).expect("a signature");
                    *pdf = replace_message(pdf, &found, &message).expect("there is place");
                })
            },
            outside: PYHANKO,
        },
        Mutation {
            name: "PDF: another time of signing",
            make: |case, to| {
                change(case, to, |pdf| {
                    let at = find(pdf, b"/M(D:2026");
                    pdf[at + 8] = b'5';
                })
            },
            outside: POPPLER,
        },
        Mutation {
            name: "PDF: the signature taken away",
            make: |case, to| {
                change(case, to, |pdf| {
                    let update = find(pdf, b"<</Type/Sig/");
                    let end = find(&pdf[..update], b"%%EOF");
                    pdf.truncate(end + 6);
                })
            },
            outside: POPPLER,
        },
        Mutation {
            name: "PDF: signed again by another",
            make: |case, to| {
                change(case, to, |pdf| {
                    let update = find(pdf, b"<</Type/Sig/");
                    let end = find(&pdf[..update], b"%%EOF");
                    let key = repository("fixtures/keys/test-foreign-p256.p12");
                    let key = std::fs::read(key).expect("a key");
                    let other = Identity::load(&key, Some("test")).expect("a signer");
                    let time = "2026-10-15T00:30:00Z".parse().expect("RFC 3339");
                    *pdf = sign_pdf(pdf[..end + 6].to_vec(), &other, time).expect("signed");
                })
            },
            outside: PYHANKO,
        },
    ]
}
