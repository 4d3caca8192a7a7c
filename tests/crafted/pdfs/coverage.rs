//! What is before, behind, or within what was signed.

use super::{CHANGED, Change, RANGE, before, later, revise};
use crate::forge::pdf;
use crate::table::Row;

const REVISION: &[&str] = &["pdf_revision data/report.pdf"];

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
pub fn coverage() -> Vec<Row> {
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
pub fn ranges() -> Vec<Row> {
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
