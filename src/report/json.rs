//! JSON: the assessment whole, and lists for other programs. UTF-8, LF.

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use crate::assess::Assessment;

/// `assessment.json`: everything that the documents were rendered from, a finding a line.
pub fn assessment(assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
    outlined(out, assessment)
}

/// One value, its two outermost levels indented, each in it on a line of its own.
pub fn outlined(out: impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    value.serialize(&mut Serializer::with_formatter(
        &mut out,
        Outline::default(),
    ))?;
    out.write_all(b"\n")?;
    out.flush()
}

/// How many levels have their values on lines of their own.
const LEVELS: usize = 2;

/// Indents the outermost levels only: what lies deeper, by the million, stays on one line.
#[derive(Default)]
struct Outline {
    /// How many arrays and objects are open.
    depth: usize,
    /// Whether the innermost of them has a value.
    filled: bool,
}

impl Outline {
    fn begin<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        out.write_all(bracket)
    }

    fn end<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if self.filled && self.depth < LEVELS {
            self.line(out)?;
        }
        out.write_all(bracket)
    }

    fn next<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if !first {
            out.write_all(b",")?;
        }
        if self.depth <= LEVELS {
            self.line(out)?;
        }
        Ok(())
    }

    fn line<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| out.write_all(b"  "))
    }
}

impl Formatter for Outline {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.next(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.next(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(if self.depth <= LEVELS { b": " } else { b":" })
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }
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
    fn of_an_assessment_each_element_of_a_list_is_a_line() {
        let value = serde_json::json!({
            "a": [{"x": [1, {}], "y": {"z": null}}, []], "b": {"c": [2, 3]}, "d": [], "e": {},
        });
        let text = written(|out| outlined(out, &value));
        assert_eq!(
            text,
            "{\n  \"a\": [\n    {\"x\":[1,{}],\"y\":{\"z\":null}},\n    []\n  ],\n  \
             \"b\": {\n    \"c\": [2,3]\n  },\n  \"d\": [],\n  \"e\": {}\n}\n"
        );
        let back: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(back, value);
    }

    #[test]
    fn a_single_value_is_indented_and_ends_its_line() {
        assert_eq!(written(|out| pretty(out, &[1])), "[\n  1\n]\n");
    }
}
