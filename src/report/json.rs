//! JSON: the assessment whole, and lists for other programs. UTF-8, LF.

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use crate::assess::Assessment;

/// `assessment.json`: everything that the documents were rendered from, two spaces a level.
pub fn assessment(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    pretty(out, assessment)
}

/// One value, two spaces a level, with a newline at its end.
pub fn pretty(out: impl Write, value: &impl Serialize) -> io::Result<()> {
    // serde_json writes token by token.
    let mut out = BufWriter::new(out);
    serde_json::to_writer_pretty(&mut out, value)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// An array with one element a line.
pub fn array<T: Serialize>(
    out: impl Write,
    elements: impl IntoIterator<Item = T>,
) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let mut before = "[\n";
    for element in elements {
        out.write_all(before.as_bytes())?;
        serde_json::to_writer(&mut out, &element)?;
        before = ",\n";
    }
    let end = if before == "[\n" { "[]\n" } else { "\n]\n" };
    out.write_all(end.as_bytes())?;
    out.flush()
}

/// JSON lines: one element a line, nothing around them.
pub fn lines<T: Serialize>(
    out: impl Write,
    elements: impl IntoIterator<Item = T>,
) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    for element in elements {
        serde_json::to_writer(&mut out, &element)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).expect("memory");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn an_array_is_one_document_with_an_element_a_line() {
        assert_eq!(
            written(|out| array(out, ["가\n", "b"])),
            "[\n\"가\\n\",\n\"b\"\n]\n"
        );
        assert_eq!(written(|out| array(out, [0; 0])), "[]\n");
    }

    #[test]
    fn json_lines_are_one_document_a_line() {
        assert_eq!(
            written(|out| lines(out, ["a\nb", "c"])),
            "\"a\\nb\"\n\"c\"\n"
        );
        assert_eq!(written(|out| lines(out, [0; 0])), "");
    }

    #[test]
    fn a_single_value_is_indented_and_ends_its_line() {
        assert_eq!(written(|out| pretty(out, &[1])), "[\n  1\n]\n");
    }
}
