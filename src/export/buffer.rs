//! A window over a stream that grows to the largest JSON element and no further.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use crate::evidence::Fault;

use super::fault::{self, Code};
use super::surrogate;

const START: usize = 1 << 20;
/// No element may be larger than this.
pub const LIMIT: usize = 64 << 20;
/// As many bytes are checked at a time: they stay in the processor's cache until they are kept.
pub const PIECE: usize = 64 * 1024;
/// More places that are not UTF-8 than these are not remembered.
const BAD: usize = 1000;

/// Unread text of a stream, with the offset of its first byte. The parser need not ask again
/// whether it is UTF-8: what is not stands as `?`, and is remembered.
pub struct Buffer<R> {
    source: R,
    text: String,
    start: usize,
    room: usize,
    offset: u64,
    ended: bool,
    /// The first bytes of a character that may go on in what comes next.
    begun: Vec<u8>,
    /// Offsets of bytes that are not UTF-8.
    bad: VecDeque<u64>,
}

impl<R: BufRead> Buffer<R> {
    /// An empty window at the stream's start.
    pub fn new(source: R) -> Self {
        Self::with_room(source, START)
    }

    /// An empty window of another size, for a text that is known to be short.
    pub fn with_room(source: R, room: usize) -> Self {
        let room = room.max(8);
        Self {
            source,
            text: String::with_capacity(room),
            start: 0,
            room,
            offset: 0,
            ended: false,
            begun: Vec::new(),
            bad: VecDeque::new(),
        }
    }

    /// What is in the window.
    pub fn text(&self) -> &str {
        &self.text[self.start..]
    }

    /// The offset of the window's first byte in the stream.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether nothing follows the window.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// Where the first of the next `count` bytes stands that is not UTF-8.
    pub fn bad_within(&self, count: usize) -> Option<u64> {
        let end = self.offset + count as u64;
        self.bad.front().copied().filter(|bad| *bad < end)
    }

    /// Replaces what is half a surrogate pair in the window; gives how many there were.
    pub fn replace_halves(&mut self) -> usize {
        let found = surrogate::halves(self.text(), self.ended);
        let places = found.iter().map(|place| self.start + place);
        surrogate::replace(&mut self.text, places);
        found.len()
    }

    /// Leaves `count` bytes behind, which end where a character ends.
    pub fn consume(&mut self, count: usize) {
        self.start += count;
        self.offset += count as u64;
        while self.bad.front().is_some_and(|bad| *bad < self.offset) {
            self.bad.pop_front();
        }
    }

    /// Reads more; the window must be allowed to grow to [`LIMIT`].
    pub fn fill(&mut self) -> Result<(), Fault> {
        self.text.drain(..self.start);
        self.start = 0;
        // A character that has begun, and what comes with it, may not fit any more.
        if self.text.len() + 8 > self.room {
            if self.room >= LIMIT {
                let message = format!("one element is larger than {} MiB", LIMIT >> 20);
                return Err(Code::TooLarge.at(self.offset, message));
            }
            self.room *= 2;
            self.text.reserve(self.room - self.text.len());
        }
        // Full windows only: an element that is not complete is parsed again after each.
        while !self.ended && self.text.len() + 8 <= self.room {
            self.read()?;
        }
        Ok(())
    }

    /// Takes a piece of what the source has at hand.
    fn read(&mut self) -> Result<(), Fault> {
        let at_hand = match self.source.fill_buf() {
            Ok(at_hand) => at_hand,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(()),
            Err(error) => return Err(fault::of_io(&error)),
        };
        self.ended = at_hand.is_empty();
        let room = self.room - self.text.len();
        let mut checked = Checked {
            at: self.offset + (self.text.len() - self.start) as u64,
            text: &mut self.text,
            bad: &mut self.bad,
        };
        let taken = if self.begun.is_empty() {
            let piece = &at_hand[..at_hand.len().min(PIECE).min(room)];
            let left = checked.push(piece, false);
            self.begun.extend_from_slice(&piece[piece.len() - left..]);
            piece.len()
        } else {
            // No character is longer: what was begun ends here, or never.
            let more = &at_hand[..at_hand.len().min(3)];
            self.begun.extend_from_slice(more);
            let left = checked.push(&self.begun, self.ended);
            self.begun.drain(..self.begun.len() - left);
            more.len()
        };
        self.source.consume(taken);
        Ok(())
    }

    /// The next byte that is not JSON white space, left in the window; `None` at the end.
    pub fn peek(&mut self) -> Result<Option<u8>, Fault> {
        loop {
            let space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
            let skip = self.text().bytes().take_while(|byte| space(byte)).count();
            self.consume(skip);
            if let Some(byte) = self.text().bytes().next() {
                return Ok(Some(byte));
            }
            if self.ended {
                return Ok(None);
            }
            self.fill()?;
        }
    }
}

/// Text that was checked, byte for byte as long as what came.
struct Checked<'b> {
    text: &'b mut String,
    bad: &'b mut VecDeque<u64>,
    /// The offset of what comes next.
    at: u64,
}

impl Checked<'_> {
    /// Keeps bytes as text; gives how many at their end are left over, since their character may go on,
    /// unless these are the last ones.
    fn push(&mut self, mut bytes: &[u8], last: bool) -> usize {
        if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
            self.text.push_str(text);
            return 0;
        }
        loop {
            let error = match std::str::from_utf8(bytes) {
                Ok(text) => {
                    self.text.push_str(text);
                    return 0;
                }
                Err(error) => error,
            };
            let (good, rest) = bytes.split_at(error.valid_up_to());
            self.text
                .push_str(std::str::from_utf8(good).expect("it was just checked"));
            if error.error_len().is_none() && !last {
                return rest.len();
            }
            self.at += good.len() as u64;
            if self.bad.len() < BAD {
                self.bad.push_back(self.at);
            }
            self.text.push('?');
            self.at += 1;
            bytes = &rest[1..];
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read};

    use super::*;

    #[test]
    fn the_window_grows_to_its_limit_and_no_further() {
        let mut buffer = Buffer::new(BufReader::new(io::repeat(b'a')));
        let fault = loop {
            if let Err(fault) = buffer.fill() {
                break fault;
            }
        };
        assert_eq!(fault.code, Code::TooLarge.as_str());
        assert!(buffer.text().len() > LIMIT - 8);
    }

    #[test]
    fn what_is_not_utf8_is_remembered_and_characters_are_whole_in_any_piece() {
        struct OneByOne<'b>(&'b [u8]);
        impl Read for OneByOne<'_> {
            fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
                let most = buf.len().min(1);
                self.0.read(&mut buf[..most])
            }
        }
        let bytes = b"\xed\x95\x9cab\xff\xed\x95c\xf0\x9f\x9a\x80d\xed\x95";
        let mut buffer = Buffer::new(BufReader::new(OneByOne(bytes)));
        buffer.fill().expect("memory");
        assert_eq!(buffer.text(), "한ab???c🚀d??");
        assert_eq!(buffer.text().len(), bytes.len());
        assert_eq!(buffer.bad_within(5), None);
        assert_eq!(buffer.bad_within(6), Some(5));
        buffer.consume(6);
        assert_eq!(buffer.bad_within(3), Some(6));
    }

    #[test]
    fn white_space_is_left_behind_and_counted() {
        let mut buffer = Buffer::new(&b" \r\n\t{"[..]);
        assert_eq!(buffer.peek(), Ok(Some(b'{')));
        assert_eq!(buffer.offset(), 4);
        buffer.consume(1);
        assert_eq!(buffer.peek(), Ok(None));
    }
}
