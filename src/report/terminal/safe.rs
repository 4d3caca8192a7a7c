//! What goes to a terminal as it is: CSV and JSON, of which programs read the very same bytes
//! where there is no terminal.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::is_unsafe;

/// Passes text on to a terminal, with the characters that [`super::escape`] escapes as `\u001b`: in
/// JSON, where they stand in strings alone, that is the same value. Line ends and tabs stay.
pub struct Safe<W: Write> {
    inner: W,
    /// The beginning of a character, or of a line end, that may go on.
    held: Vec<u8>,
}

impl<W: Write> Safe<W> {
    /// Nothing written so far.
    pub fn new(inner: W) -> Self {
        Self {
            inner,
            held: Vec::new(),
        }
    }

    /// Writes the first `count` bytes that are held.
    fn pass(&mut self, count: usize) -> io::Result<()> {
        let bytes: Vec<u8> = self.held.drain(..count).collect();
        let text = String::from_utf8_lossy(&bytes);
        let mut safe = String::with_capacity(text.len());
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            let line_end = character == '\r' && characters.peek() == Some(&'\n');
            if line_end || matches!(character, '\n' | '\t') || !is_unsafe(character) {
                safe.push(character);
                continue;
            }
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(safe, "\\u{unit:04x}").expect("memory");
            }
        }
        self.inner.write_all(safe.as_bytes())
    }
}

impl<W: Write> Write for Safe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&self.held) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => self.held.len(),
        };
        let line_end = self.held[..whole].ends_with(b"\r");
        self.pass(whole - usize::from(line_end))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W: Write> Drop for Safe<W> {
    fn drop(&mut self) {
        // Whoever needs to know whether all was written has flushed.
        let _ = self.pass(self.held.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, piece: usize) -> String {
        let mut out = Vec::new();
        let mut safe = Safe::new(&mut out);
        for bytes in text.as_bytes().chunks(piece) {
            safe.write_all(bytes).expect("memory");
        }
        drop(safe);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn csv_and_json_on_a_terminal_cannot_move_its_cursor() {
        let csv = "가,\u{1b}[2J\u{7}\u{9b}\r\nb,\u{202e}\rc\u{e0041}\tx\r\n\r";
        for piece in 1..9 {
            assert_eq!(
                shown(csv, piece),
                "가,\\u001b[2J\\u0007\\u009b\r\nb,\\u202e\\u000dc\\udb40\\udc41\tx\r\n\\u000d"
            );
        }
        let value = "a\u{9b}\u{202e}\u{7f}\u{e0041}한";
        let json = serde_json::to_string(value).expect("JSON");
        let read: String = serde_json::from_str(&shown(&json, 3)).expect("JSON still");
        assert_eq!(read, value);
    }
}
