//! A window over a stream that grows to the largest JSON element and no further.

use std::collections::VecDeque;
use std::io::{self, Read};

use crate::evidence::Fault;

use super::fault::{self, Code};

const START: usize = 1 << 20;
/// No element may be larger than this.
pub const LIMIT: usize = 64 << 20;
/// As many bytes are checked at a time: they stay in the processor's cache until they are kept.
const PIECE: usize = 64 * 1024;
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
    piece: Box<[u8]>,
    /// Bytes at the start of `piece` that are the beginning of a character.
    begun: usize,
    /// Offsets of bytes that are not UTF-8.
    bad: VecDeque<u64>,
}

impl<R: Read> Buffer<R> {
    /// An empty window at the stream's start.
    pub fn new(source: R) -> Self {
        Self::with_room(source, START)
    }

    /// An empty window of another size, for a text that is known to be short.
    pub fn with_room(source: R, room: usize) -> Self {
        let room = room.max(4);
        Self {
            source,
            text: String::with_capacity(room),
            start: 0,
            room,
            offset: 0,
            ended: false,
            piece: vec![0; room.min(PIECE)].into(),
            begun: 0,
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
        // A character that has begun may not fit any more.
        if self.text.len() + 4 > self.room {
            if self.room >= LIMIT {
                let message = format!("one element is larger than {} MiB", LIMIT >> 20);
                return Err(Code::TooLarge.at(self.offset, message));
            }
            self.room *= 2;
            self.text.reserve(self.room - self.text.len());
        }
        // Full windows only: an element that is not complete is parsed again after each.
        while !self.ended && self.text.len() + 4 <= self.room {
            self.read()?;
        }
        Ok(())
    }

    /// Reads a piece.
    fn read(&mut self) -> Result<(), Fault> {
        let most = self.piece.len().min(self.room - self.text.len());
        match self.source.read(&mut self.piece[self.begun..most]) {
            Ok(0) => {
                self.ended = true;
                let begun = std::mem::take(&mut self.begun);
                self.keep(begun, true);
            }
            Ok(read) => {
                let filled = self.begun + read;
                self.begun = self.keep(filled, false);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(fault::of_io(&error)),
        }
        Ok(())
    }

    /// Keeps the first bytes of the piece as text; gives how many are left over at its start, since
    /// their character may go on in the next piece.
    fn keep(&mut self, filled: usize, last: bool) -> usize {
        let mut from = 0;
        while from < filled {
            let bytes = &self.piece[from..filled];
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
                let left = rest.len();
                self.piece.copy_within(filled - left..filled, 0);
                return left;
            }
            if self.bad.len() < BAD {
                let behind = (self.text.len() - self.start) as u64;
                self.bad.push_back(self.offset + behind);
            }
            self.text.push('?');
            from += good.len() + 1;
        }
        0
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_grows_to_its_limit_and_no_further() {
        let mut buffer = Buffer::new(io::repeat(b'a'));
        let fault = loop {
            if let Err(fault) = buffer.fill() {
                break fault;
            }
        };
        assert_eq!(fault.code, Code::TooLarge.as_str());
        assert!(buffer.text().len() > LIMIT - 4);
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
        let mut buffer = Buffer::new(OneByOne(bytes));
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
