//! RFC 4180 with the place of every row, and with nothing repaired in silence.

/// The longest cell, in bytes.
pub(super) const CELL_BYTES: usize = 1 << 20;

/// What ails a row's cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// The file ends inside quotes.
    OpenQuote,
    /// Something stands between a closing quote and the next comma.
    AfterQuote,
    /// A cell is longer than [`CELL_BYTES`].
    TooLong,
}

/// The cells of one row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// How many cells it has.
    pub width: usize,
    /// Its cells, quotes undone; only the first [`super::WIDTH`] are kept.
    pub cells: Vec<String>,
    /// The first flaw, with the index of its cell.
    pub flaw: Option<(usize, Flaw)>,
}

/// The rows of a text, one after the other.
pub(super) struct Records<'t> {
    rest: &'t str,
    line: u64,
}

impl<'t> Records<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self {
            rest: text,
            line: 1,
        }
    }

    /// Takes one cell off the rest, up to but without the comma or line end behind it.
    fn cell(&mut self) -> (String, Option<Flaw>) {
        if let Some(quoted) = self.rest.strip_prefix('"') {
            return self.quoted(quoted);
        }
        let end = self.rest.find([',', '\r', '\n']);
        let (cell, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        (limited(cell), too_long(cell.len()))
    }

    /// The same for a quoted cell of which the first quote is taken already.
    fn quoted(&mut self, mut rest: &'t str) -> (String, Option<Flaw>) {
        let mut cell = String::new();
        let mut length = 0;
        loop {
            let Some(quote) = rest.find('"') else {
                self.rest = "";
                return (cell, Some(Flaw::OpenQuote));
            };
            let piece = &rest[..quote];
            self.line += line_ends(piece);
            length += piece.len();
            rest = &rest[quote + 1..];
            if cell.len() <= CELL_BYTES {
                cell.push_str(&limited(piece));
            }
            let Some(after) = rest.strip_prefix('"') else {
                break;
            };
            cell.push('"');
            length += 1;
            rest = after;
        }
        let end = rest.find([',', '\r', '\n']).unwrap_or(rest.len());
        let flaw = if end > 0 {
            Some(Flaw::AfterQuote)
        } else {
            too_long(length)
        };
        self.rest = &rest[end..];
        (cell, flaw)
    }

    /// Takes a line end off the rest: CRLF, LF, or the lone CR of old spreadsheets.
    fn line_end(&mut self) -> bool {
        let rest = self.rest.strip_prefix("\r\n");
        let rest = rest.or_else(|| self.rest.strip_prefix(['\r', '\n']));
        if let Some(rest) = rest {
            self.rest = rest;
            self.line += 1;
        }
        rest.is_some()
    }
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        if self.rest.is_empty() {
            return None;
        }
        let mut record = Record {
            line: self.line,
            width: 0,
            cells: Vec::new(),
            flaw: None,
        };
        loop {
            let (cell, flaw) = self.cell();
            let index = record.width;
            record.flaw = record.flaw.or(flaw.map(|flaw| (index, flaw)));
            record.width += 1;
            if index < super::WIDTH {
                record.cells.push(cell);
            }
            if let Some(rest) = self.rest.strip_prefix(',') {
                self.rest = rest;
            } else {
                self.line_end();
                return Some(record);
            }
        }
    }
}

fn too_long(length: usize) -> Option<Flaw> {
    (length > CELL_BYTES).then_some(Flaw::TooLong)
}

/// The text, cut where it is longer than a cell may be.
fn limited(text: &str) -> String {
    text[..text.floor_char_boundary(CELL_BYTES)].to_owned()
}

fn line_ends(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let ends = bytes.iter().enumerate().filter(|(index, byte)| {
        **byte == b'\n' || (**byte == b'\r' && bytes.get(index + 1) != Some(&b'\n'))
    });
    ends.count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        Records::of(text).map(|record| record.cells).collect()
    }

    #[test]
    fn quotes_commas_and_line_ends_follow_rfc_4180() {
        let read = cells("a,b\r\n\"x,\"\"y\"\"\r\nz\",\n,\"\"\r1\n");
        assert_eq!(
            read,
            [
                vec!["a", "b"],
                vec!["x,\"y\"\r\nz", ""],
                vec!["", ""],
                vec!["1"]
            ]
        );
    }

    #[test]
    fn a_row_knows_the_line_on_which_it_begins() {
        let lines: Vec<u64> = Records::of("a\n\"b\nc\r\nd\"\ne\r\nf")
            .map(|record| record.line)
            .collect();
        assert_eq!(lines, [1, 2, 5, 6]);
    }

    #[test]
    fn nothing_is_repaired_in_silence() {
        let flaw = |text: &str| Records::of(text).next().and_then(|record| record.flaw);
        assert_eq!(flaw("a,\"b"), Some((1, Flaw::OpenQuote)));
        assert_eq!(flaw("\"a\"b,c"), Some((0, Flaw::AfterQuote)));
        assert_eq!(flaw("a\"b\",c"), None);
        let long = "x".repeat(CELL_BYTES + 1);
        assert_eq!(flaw(&long), Some((0, Flaw::TooLong)));
        assert_eq!(flaw(&format!("a,\"{long}\"")), Some((1, Flaw::TooLong)));
        assert_eq!(flaw(&long[1..]), None);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "[a,\"\r\n가']{0,40}") {
            let rows = Records::of(&text).count();
            assert!(rows <= text.len());
        }
    }
}
