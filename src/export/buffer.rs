//! A window over a stream that grows to the largest JSON element and no further.

use std::io::{self, Read};

use crate::evidence::Fault;

use super::fault::{self, Code};

const START: usize = 1 << 20;
/// No element may be larger than this.
pub const LIMIT: usize = 64 << 20;

/// Unread bytes of a stream, with the offset of the first.
pub struct Buffer<R> {
    source: R,
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    offset: u64,
    ended: bool,
}

impl<R: Read> Buffer<R> {
    /// An empty window at the stream's start.
    pub fn new(source: R) -> Self {
        Self::with_room(source, START)
    }

    /// An empty window of another size, for a text that is known to be short.
    pub fn with_room(source: R, room: usize) -> Self {
        Self {
            source,
            bytes: vec![0; room.max(1)],
            start: 0,
            end: 0,
            offset: 0,
            ended: false,
        }
    }

    /// What is in the window.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// The offset of the window's first byte in the stream.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether nothing follows the window.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// Leaves `count` bytes behind.
    pub fn consume(&mut self, count: usize) {
        self.start += count;
        self.offset += count as u64;
    }

    /// Reads more; the window must be allowed to grow to [`LIMIT`].
    pub fn fill(&mut self) -> Result<(), Fault> {
        if self.start > 0 {
            self.bytes.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.bytes.len() {
            if self.bytes.len() >= LIMIT {
                let message = format!("one element is larger than {} MiB", LIMIT >> 20);
                return Err(Code::TooLarge.at(self.offset, message));
            }
            self.bytes.resize(self.bytes.len() * 2, 0);
        }
        // Full windows only: an element that is not complete is parsed again after each.
        while !self.ended && self.end < self.bytes.len() {
            match self.source.read(&mut self.bytes[self.end..]) {
                Ok(0) => self.ended = true,
                Ok(read) => self.end += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(fault::of_io(&error)),
            }
        }
        Ok(())
    }

    /// The next byte that is not JSON white space, left in the window; `None` at the end.
    pub fn peek(&mut self) -> Result<Option<u8>, Fault> {
        loop {
            let space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
            let skip = self.bytes().iter().take_while(|byte| space(byte)).count();
            self.consume(skip);
            if let Some(&byte) = self.bytes().first() {
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
        assert_eq!(buffer.bytes().len(), LIMIT);
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
