//! What a cell can hold, and what stands for the rest.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

use crate::report::terminal::escape;

/// UTF-16 code units of one cell: Excel's "Total number of characters that a cell can contain".
const MOST: usize = 32_767;

/// The text with every character that cannot be seen, or turns the direction of writing, as its
/// code; line ends and tabs stay what they are.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(['\n', '\t']) {
        return escape(text);
    }
    let kept = |part: &str| part.split('\t').map(escape).collect::<Vec<_>>().join("\t");
    let lines = text.split('\n');
    let lines = lines.map(|line| kept(line.strip_suffix('\r').unwrap_or(line)));
    Cow::Owned(lines.collect::<Vec<_>>().join("\n"))
}

/// The text as a cell shows it: visible, and no longer than `most` UTF-16 code units, with the
/// numbers of those shown and of all in the place of the rest.
pub(super) fn cell(text: &str, most: usize) -> Cow<'_, str> {
    let most = most.min(MOST);
    let shown = visible(text);
    let length = shown.encode_utf16().count();
    if length <= most {
        return shown;
    }
    let note = |kept: usize| format!("… [{kept} / {length}]");
    // The note for the longest beginning is the longest note.
    let room = most.saturating_sub(note(length).encode_utf16().count());
    let mut kept = 0;
    let mut end = 0;
    for (at, character) in shown.char_indices() {
        let next = kept + character.len_utf16();
        if next > room {
            break;
        }
        (kept, end) = (next, at + character.len_utf8());
    }
    Cow::Owned(format!("{}{}", &shown[..end], note(kept)))
}

/// How many lines the text takes in a column of this width.
pub(super) fn lines(text: &str, width: f64) -> usize {
    let mut wrap = Wrap::new(width);
    atoms(text, usize::MAX).for_each(|atom| wrap.add(atom));
    wrap.lines
}

/// The text in pieces of at most `most` lines each; together they are the text.
pub(super) fn pieces(text: &str, width: f64, most: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut end) = (0, 0);
    let mut wrap = Wrap::new(width);
    let longest = wrap.room * most;
    for atom in atoms(text, longest) {
        let mut longer = wrap;
        longer.add(atom);
        if longer.lines > most {
            pieces.push(&text[start..end]);
            start = end;
            longer = Wrap::new(width);
            longer.add(atom);
        }
        wrap = longer;
        end += atom.len();
    }
    pieces.push(&text[start..]);
    pieces
}

/// Words with the space, line end or hyphen behind them; none is wider than `longest`.
fn atoms(text: &str, longest: usize) -> impl Iterator<Item = &str> {
    let words = text.split_inclusive([' ', '\n', '-']);
    words.flat_map(move |word| {
        let mut rest = word;
        std::iter::from_fn(move || {
            let (atom, after) = rest.split_at(fitting(rest, longest));
            rest = after;
            Some(atom).filter(|atom| !atom.is_empty())
        })
    })
}

/// As wide as a space.
const SPACE: usize = 60;

/// How wide a character is, in hundredths of a digit, in a typeface without serifs of even width
/// such as the cells': Hangul takes 1.7 digits there, `i` half of one.
fn hundredths(character: char) -> usize {
    match character {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '`' => 50,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '{' | '}' | '/' | '\\' | '-' | '"' => 70,
        ' ' => SPACE,
        'm' | 'M' | 'W' | '@' | '%' => 165,
        'w' => 135,
        'A'..='Z' | '&' | '+' | '<' | '=' | '>' | '~' => 122,
        _ => match character.width() {
            Some(2) => 172,
            Some(1) => 100,
            _ => 0,
        },
    }
}

fn width_of(text: &str) -> usize {
    text.chars().map(hundredths).sum()
}

/// How many bytes of the word fit into this width: at least a character.
fn fitting(word: &str, longest: usize) -> usize {
    let mut width = 0;
    for (at, character) in word.char_indices() {
        width += hundredths(character);
        if width > longest && at > 0 {
            return at;
        }
    }
    word.len()
}

/// How a column breaks lines; widths are in hundredths of a digit.
///
/// Broken at spaces and hyphens only, as the programs that break most rarely do: rather a line too
/// many than one that is hidden.
#[derive(Clone, Copy)]
struct Wrap {
    room: usize,
    lines: usize,
    used: usize,
    /// A space or a line end that shows only if something follows.
    behind: Option<char>,
}

impl Wrap {
    fn new(width: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a column's width"
        )]
        let room = (width * 100.0).max(1.0) as usize;
        Self {
            room,
            lines: 1,
            used: 0,
            behind: None,
        }
    }

    fn add(&mut self, atom: &str) {
        let word = atom.strip_suffix([' ', '\n']).unwrap_or(atom);
        let width = width_of(word);
        match self.behind.take() {
            Some('\n') => self.new_line(),
            Some(_) if self.used + SPACE + width > self.room => self.new_line(),
            Some(_) => self.used += SPACE,
            None if self.used > 0 && self.used + width > self.room => self.new_line(),
            None => {}
        }
        self.used += width;
        self.lines += self.used.saturating_sub(1) / self.room;
        self.used = match self.used {
            0 => 0,
            used => (used - 1) % self.room + 1,
        };
        self.behind = atom[word.len()..].chars().next();
    }

    fn new_line(&mut self) {
        self.lines += 1;
        self.used = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_and_tabs_stay_and_what_cannot_be_seen_is_shown() {
        for (text, shown) in [
            ("가\r\n나\tb", "가\n나\tb"),
            ("a\rb\0\u{7}", "a\\rb\\u{0}\\u{7}"),
            ("\u{202e}gpj.exe", "\\u{202e}gpj.exe"),
            ("=1+1 漢字 🚀", "=1+1 漢字 🚀"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn what_a_cell_cannot_hold_is_cut_and_counted() {
        let long = "가".repeat(40_000);
        let shown = cell(&long, usize::MAX);
        assert!(
            shown.ends_with("가… [32750 / 40000]"),
            "{}",
            &shown[shown.len() - 40..]
        );
        assert!(shown.encode_utf16().count() <= MOST);
        assert_eq!(cell(&long[..3 * MOST], MOST).encode_utf16().count(), MOST);
        let emoji = "🚀".repeat(20);
        assert_eq!(cell(&emoji, 20), "🚀🚀🚀🚀… [8 / 40]");
    }

    #[test]
    fn lines_are_counted_as_a_narrow_column_breaks_them() {
        for (text, lines_of_9) in [
            ("", 1),
            ("123456789", 1),
            ("1234567890", 2),
            ("12345 6789", 2),
            ("1234 6789", 1),
            ("가나다라마", 1),
            ("가나다라마바", 2),
            ("iiiiiiiiiiiiiiiiii", 1),
            ("MMMMMM", 2),
            ("a\nb\n", 2),
            ("a\n\nb", 3),
            ("123456789 123456789", 2),
            ("1234567890123456789", 3),
            ("12345-67890-123", 2),
            ("12345-67890-1234", 3),
            ("123456-6789-1", 2),
        ] {
            assert_eq!(lines(text, 9.0), lines_of_9, "{text}");
        }
    }

    #[test]
    fn pieces_are_the_whole_text_and_none_is_higher_than_allowed() {
        let texts = [
            "가나다 라마바사 아자차카타파하\n둘째 줄 ".repeat(9),
            "x".repeat(1000),
            "가".repeat(100) + "\n\n\n\n" + &"a b ".repeat(50),
            String::new(),
            "\n".repeat(20),
        ];
        for text in texts {
            let pieces = pieces(&text, 9.0, 4);
            assert_eq!(pieces.concat(), text);
            assert!(
                pieces.iter().all(|piece| lines(piece, 9.0) <= 4),
                "{pieces:?}"
            );
        }
        assert_eq!(pieces("a b\nc", 9.0, 4), ["a b\nc"]);
    }
}
