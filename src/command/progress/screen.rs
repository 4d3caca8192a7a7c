//! The terminal as a bar sees it.

use std::io::Result;

use console::Term;
use indicatif::TermLike;

/// A bar fills its last line up, and there the terminal shows the `^C` that is typed: it must not
/// begin a new line, on which the bar could not be taken away any more.
const TYPED: u16 = 3;

/// Standard error, so much narrower.
#[derive(Debug)]
pub struct Narrower(Term);

impl Narrower {
    /// Of the terminal that standard error is.
    pub fn stderr() -> Self {
        Self(Term::buffered_stderr())
    }
}

impl TermLike for Narrower {
    fn width(&self) -> u16 {
        TermLike::width(&self.0).saturating_sub(TYPED)
    }

    fn height(&self) -> u16 {
        TermLike::height(&self.0)
    }

    fn move_cursor_up(&self, n: usize) -> Result<()> {
        self.0.move_cursor_up(n)
    }

    fn move_cursor_down(&self, n: usize) -> Result<()> {
        self.0.move_cursor_down(n)
    }

    fn move_cursor_right(&self, n: usize) -> Result<()> {
        self.0.move_cursor_right(n)
    }

    fn move_cursor_left(&self, n: usize) -> Result<()> {
        self.0.move_cursor_left(n)
    }

    fn write_line(&self, s: &str) -> Result<()> {
        self.0.write_line(s)
    }

    fn write_str(&self, s: &str) -> Result<()> {
        self.0.write_str(s)
    }

    fn clear_line(&self) -> Result<()> {
        self.0.clear_line()
    }

    fn flush(&self) -> Result<()> {
        self.0.flush()
    }
}
