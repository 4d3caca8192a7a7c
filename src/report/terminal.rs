//! What the screen shows: aligned tables, and text that cannot move the cursor or turn lines.

mod safe;

use std::borrow::Cow;
use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

pub use safe::Safe;

/// Between two columns.
const BETWEEN: &str = "  ";
/// No column is made narrower than this: better a line too long than nothing to read.
const NARROWEST: usize = 6;
/// A cell that is longer than the room left goes to the next line if the room is smaller than this.
const READABLE: usize = 30;

/// Text from data, safe for a terminal: control characters (C0, DEL and C1, so also every escape
/// sequence) and those that turn, hide or break text (Unicode Standard Annex 9 and section 23.2)
/// become `\n`, `\u{1b}`, `\u{202e}`.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_unsafe(character) {
            escaped.extend(character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            // Directional marks, embeddings, overrides and isolates.
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            // Line and paragraph separators.
            | '\u{2028}' | '\u{2029}'
            // Invisible: zero-width space, word joiner and operators, byte order mark,
            // interlinear annotation, tags.
            | '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// Writes a table whose columns are aligned, Korean counted as two columns wide.
///
/// Nothing is ever cut. Where `width` has no room for all columns beside each other, the rest of
/// each row stands on further lines under its second column; a cell wider than the room goes on
/// under itself. `usize::MAX`, for anything that is not a terminal, keeps each row on one line.
/// Every cell is [`escape`]d.
pub fn table<C: AsRef<str>>(
    out: &mut impl Write,
    width: usize,
    headers: &[&str],
    rows: &[Vec<C>],
) -> io::Result<()> {
    let mut natural: Vec<usize> = headers.iter().map(|header| header.width()).collect();
    for row in rows {
        for (widest, cell) in natural.iter_mut().zip(row) {
            *widest = (*widest).max(escape(cell.as_ref()).width());
        }
    }
    let lines = layout(&natural, width);
    write_row(out, &lines, headers)?;
    rows.iter().try_for_each(|row| write_row(out, &lines, row))
}

/// Where a column stands: on which line of its row is told by the list that it is in.
#[derive(Debug, PartialEq, Eq)]
struct Column {
    index: usize,
    start: usize,
    width: usize,
}

/// The columns of each line of a row.
fn layout(natural: &[usize], width: usize) -> Vec<Vec<Column>> {
    let indent = natural.first().map_or(0, |first| first + BETWEEN.len());
    let indent = indent.min(width / 3);
    let mut lines: Vec<Vec<Column>> = vec![Vec::new()];
    let mut start = 0;
    for (index, wanted) in natural.iter().copied().enumerate() {
        let room = width.saturating_sub(start);
        if start > indent && wanted > room && room < READABLE.min(wanted) {
            lines.push(Vec::new());
            start = indent;
        }
        let room = width.saturating_sub(start).max(NARROWEST);
        let column = Column {
            index,
            start,
            width: wanted.min(room),
        };
        start += column.width + BETWEEN.len();
        lines.last_mut().expect("it begins with one").push(column);
    }
    lines
}

fn write_row<C: AsRef<str>>(
    out: &mut impl Write,
    lines: &[Vec<Column>],
    cells: &[C],
) -> io::Result<()> {
    for columns in lines {
        let pieces: Vec<(&Column, Vec<String>)> = columns
            .iter()
            .filter_map(|column| Some((column, cells.get(column.index)?)))
            .map(|(column, cell)| (column, wrapped(&escape(cell.as_ref()), column.width)))
            .collect();
        // A line of empty cells says nothing, but the first tells one row from the next.
        let first = columns.iter().any(|column| column.index == 0);
        if !first && pieces.iter().all(|(_, lines)| lines[0].is_empty()) {
            continue;
        }
        let height = pieces.iter().map(|(_, lines)| lines.len()).max();
        for number in 0..height.unwrap_or(0) {
            let mut line = String::new();
            for (column, pieces) in &pieces {
                let piece = pieces.get(number).map_or("", String::as_str);
                let pad = column.start.saturating_sub(line.width());
                line.extend(std::iter::repeat_n(' ', pad));
                line.push_str(piece);
            }
            writeln!(out, "{}", line.trim_end())?;
        }
    }
    Ok(())
}

/// Writes a text, [`escape`]d, in lines of at most `width` columns, `indent` of them empty.
pub fn paragraph(out: &mut impl Write, width: usize, indent: usize, text: &str) -> io::Result<()> {
    let room = width.saturating_sub(indent).max(NARROWEST);
    let lines = wrapped(&escape(text), room);
    let mut lines = lines.iter();
    lines.try_for_each(|line| writeln!(out, "{:indent$}{line}", ""))
}

/// The text in pieces of at most `width` columns, broken behind a space or a mark where one stands
/// in the second half of a piece; all pieces together are the text.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while rest.width() > width {
        // A sequence of characters may be narrower than its parts, so whole beginnings are
        // measured; none that fits has more characters than this, but for marks of no width.
        let ends = rest.char_indices().skip(1).map(|(end, _)| end);
        let fits = ends.take(width).filter(|end| rest[..*end].width() <= width);
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = fits.last().unwrap_or(first);
        let behind = |marks: &[char]| rest[..end].rfind(marks).filter(|at| at * 2 > end);
        let marks = behind(&[' ']).or_else(|| behind(&[',', ';', '/', ':', '-', '_']));
        let end = marks.map_or(end, |at| at + 1);
        pieces.push(rest[..end].trim_end().to_owned());
        rest = &rest[end..];
    }
    pieces.push(rest.to_owned());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(width: usize, rows: &[Vec<&str>]) -> String {
        let mut out = Vec::new();
        table(&mut out, width, &["id", "이름", "note"], rows).expect("memory");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn korean_is_two_columns_wide() {
        assert_eq!(
            shown(80, &[vec!["1", "가나다", "x"], vec!["22", "a", "y"]]),
            "id  이름    note\n1   가나다  x\n22  a       y\n"
        );
    }

    #[test]
    fn what_has_no_room_goes_on_below_and_nothing_is_cut() {
        let long = "가".repeat(60);
        let rows = [vec!["F-0123456789ab", long.as_str(), "short"]];
        let text = shown(40, &rows);
        assert_eq!(text.lines().next(), Some("id"));
        assert_eq!(text.lines().nth(1), Some("             이름"));
        assert!(
            text.contains("\nF-0123456789ab\n             가가가가"),
            "{text}"
        );
        assert!(text.lines().all(|line| line.width() <= 40), "{text}");
        assert_eq!(text.matches('가').count(), 60);
        assert!(text.ends_with("\n             short\n"), "{text}");
        assert!(shown(usize::MAX, &rows).contains(&long));
    }

    #[test]
    fn a_long_cell_wraps_under_itself_where_there_is_room_to_read() {
        let text = shown(60, &[vec!["1", "x", &"word-".repeat(16)]]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], format!("1   x     {}", "word-".repeat(10)));
        assert_eq!(lines[2], format!("          {}", "word-".repeat(6)));
    }

    #[test]
    fn a_table_too_narrow_for_anything_still_has_all_its_columns() {
        let text = shown(1, &[vec!["identifier", "second cell", "third cell"]]);
        let letters: String = text.split_whitespace().skip(3).collect();
        assert_eq!(letters, "identifiersecondcellthirdcell");
        assert_eq!(layout(&[], 10), [Vec::new()]);
    }

    #[test]
    fn control_and_bidirectional_characters_are_escaped() {
        assert_eq!(escape("\u{1b}[2J"), "\\u{1b}[2J");
        assert_eq!(escape("a\u{202e}b\u{2066}c"), "a\\u{202e}b\\u{2066}c");
        assert_eq!(
            escape("a\r\nb\tc\u{9b}d\u{7f}"),
            "a\\r\\nb\\tc\\u{9b}d\\u{7f}"
        );
        assert_eq!(escape("\0\u{feff}\u{200b}"), "\\u{0}\\u{feff}\\u{200b}");
        assert!(matches!(escape("한글 👨‍👩‍👧 é"), Cow::Borrowed(_)));
        assert_eq!(shown(80, &[vec!["a\nb", "", ""]]).lines().count(), 2);
    }
}
