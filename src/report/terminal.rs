//! What the screen shows: aligned tables, and text that cannot move the cursor or turn lines.

use std::borrow::Cow;
use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

/// Between two columns.
const BETWEEN: &str = "  ";
/// No column is made narrower than this: better a line too long than nothing to read.
const NARROWEST: usize = 6;

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
/// Lines are fitted to `width` by cutting the longest cells with `…`; `usize::MAX`, for anything
/// that is not a terminal, cuts nothing. Every cell is [`escape`]d.
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
    let widths = fit(&natural, width);
    line(out, &widths, headers)?;
    rows.iter().try_for_each(|row| line(out, &widths, row))
}

/// Widths of which none is more than it needs, and of which the widest give way first.
fn fit(natural: &[usize], width: usize) -> Vec<usize> {
    let gaps = BETWEEN.len() * natural.len().saturating_sub(1);
    let room = width.saturating_sub(gaps);
    let taken = |cap: usize| natural.iter().map(|w| (*w).min(cap)).sum::<usize>();
    let widest = natural.iter().copied().max().unwrap_or(0);
    if taken(widest) <= room {
        return natural.to_vec();
    }
    // `taken` grows with its cap: the largest that fits lies below the first that does not.
    let mut cap = NARROWEST;
    while cap < widest && taken(cap + 1) <= room {
        cap += 1;
    }
    let mut left = room.saturating_sub(taken(cap));
    let mut widths = Vec::with_capacity(natural.len());
    for wanted in natural {
        let extra = usize::from(*wanted > cap && left > 0);
        left -= extra;
        widths.push((*wanted).min(cap + extra));
    }
    widths
}

fn line<C: AsRef<str>>(out: &mut impl Write, widths: &[usize], cells: &[C]) -> io::Result<()> {
    let mut line = String::new();
    for (index, (cell, width)) in cells.iter().zip(widths).enumerate() {
        if index > 0 {
            line.push_str(BETWEEN);
        }
        let escaped = escape(cell.as_ref());
        let shown = cut(&escaped, *width);
        line.push_str(&shown);
        line.extend(std::iter::repeat_n(' ', width - shown.width()));
    }
    writeln!(out, "{}", line.trim_end())
}

/// The text, or as much of it as fits in `width` columns with `…` behind.
fn cut(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    // A sequence of characters may be narrower than its parts, so whole beginnings are measured;
    // none that fits has more characters than this, but for marks of no width.
    let ends = text.char_indices().map(|(end, _)| end).take(width + 1);
    let fits = ends.filter(|end| text[..*end].width() < width);
    Cow::Owned(format!("{}…", &text[..fits.last().unwrap_or(0)]))
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
    fn only_the_longest_cells_are_cut() {
        let long = "가".repeat(60);
        let rows = [vec!["F-0123456789ab", long.as_str(), "short"]];
        let text = shown(40, &rows);
        let line = text.lines().nth(1).expect("a row");
        assert!(line.starts_with("F-0123456789ab  가가"), "{line}");
        assert!(line.contains("가…") && line.ends_with("short"), "{line}");
        assert!(text.lines().all(|line| line.width() <= 40), "{text}");
        assert!(shown(usize::MAX, &rows).contains(&long));
    }

    #[test]
    fn a_table_too_narrow_for_anything_still_has_all_its_columns() {
        let text = shown(1, &[vec!["identifier", "second cell", "third cell"]]);
        assert_eq!(text.lines().nth(1), Some("ident…  secon…  third…"));
        let widths = fit(&[5, 30, 100], 60);
        assert_eq!(widths.iter().sum::<usize>() + 4, 60);
        assert_eq!(fit(&[], 10), Vec::<usize>::new());
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
