//! Reads, hashes and decodes a file in one thread while another parses it: the two take about the
//! same time, and hashing alone is the floor.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use crate::digest::{Digest, Hashing};
use crate::evidence::Container;

use super::decode;

/// Bytes of a chunk: it stays in the processor's cache between the two threads.
const CHUNK: usize = 256 * 1024;
/// Chunks under way: what the faster thread may be ahead.
const AHEAD: usize = 8;

/// Gives the decoded content of `file` to `parse`, with how it is packed; `parse` may stop early.
/// Gives the digest and number of all bytes in any case, or why they could not be read to their
/// end. An error of decoding reaches `parse` as an error of reading.
pub fn read_through(
    file: Box<dyn Read + Send>,
    parse: impl FnOnce(Container, Chunks),
) -> io::Result<(Digest, u64)> {
    let (send, receive) = sync_channel(AHEAD);
    let (told, known) = sync_channel(1);
    thread::scope(|scope| {
        let reading = scope.spawn(move || produce(file, told, &send));
        // Where decoding fails at once nothing is told, and reading gives the error.
        let container = known.recv().unwrap_or_default();
        parse(container, Chunks::new(receive));
        reading.join().expect("reading does not panic")
    })
}

fn produce(
    file: Box<dyn Read + Send>,
    told: SyncSender<Container>,
    send: &SyncSender<io::Result<Vec<u8>>>,
) -> io::Result<(Digest, u64)> {
    let mut raw = Hashing::new(file);
    match decode::decode(&mut raw) {
        Ok(decoded) => {
            told.send(decoded.container)
                .expect("the parser waits for it");
            pass_on(decoded.content, send);
        }
        // Whoever no longer listens has found its own fault.
        Err(error) => {
            drop(told);
            drop(send.send(Err(error)));
        }
    }
    let drained = io::copy(&mut raw, &mut io::sink());
    let (_, digest, bytes) = raw.finish();
    drained.map(|_| (digest, bytes))
}

fn pass_on(mut text: impl Read, send: &SyncSender<io::Result<Vec<u8>>>) {
    loop {
        let mut chunk = Vec::with_capacity(CHUNK);
        let read = text.by_ref().take(CHUNK as u64).read_to_end(&mut chunk);
        // What was read before an error comes first: the parser may find its own fault in it.
        let (ended, failed) = match read {
            Ok(read) => (read == 0, None),
            Err(error) => (true, Some(error)),
        };
        if !chunk.is_empty() && send.send(Ok(chunk)).is_err() {
            return;
        }
        if let Some(error) = failed {
            drop(send.send(Err(error)));
        }
        if ended {
            return;
        }
    }
}

/// The text as it arrives.
pub struct Chunks {
    receive: Receiver<io::Result<Vec<u8>>>,
    chunk: Vec<u8>,
    taken: usize,
}

impl Chunks {
    fn new(receive: Receiver<io::Result<Vec<u8>>>) -> Self {
        Self {
            receive,
            chunk: Vec::new(),
            taken: 0,
        }
    }
}

impl Read for Chunks {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.chunk.len() {
            match self.receive.recv() {
                Ok(chunk) => (self.chunk, self.taken) = (chunk?, 0),
                // The sender is gone: the text has ended.
                Err(_) => return Ok(0),
            }
        }
        let count = buf.len().min(self.chunk.len() - self.taken);
        buf[..count].copy_from_slice(&self.chunk[self.taken..self.taken + count]);
        self.taken += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_arrives_whole_and_all_bytes_are_hashed() {
        let bytes: Vec<u8> = (0..CHUNK * 3 + 17)
            .map(|n| b'a' + u8::try_from(n % 26).expect("a letter"))
            .collect();
        let mut text = Vec::new();
        let passed = read_through(Box::new(io::Cursor::new(bytes.clone())), |_, mut chunks| {
            chunks.read_to_end(&mut text).expect("memory");
        });
        assert!(text == bytes);
        assert_eq!(
            passed.expect("memory"),
            (Digest::of(&bytes), bytes.len() as u64)
        );
    }

    #[test]
    fn whoever_stops_early_still_gets_the_digest() {
        let bytes = vec![b' '; CHUNK * 40];
        let passed = read_through(Box::new(io::Cursor::new(bytes.clone())), |_, _| {});
        assert_eq!(passed.expect("memory").0, Digest::of(&bytes));
    }

    #[test]
    fn what_was_read_before_an_error_comes_before_it() {
        struct Failing(bool);
        impl Read for Failing {
            fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
                if std::mem::replace(&mut self.0, true) {
                    return Err(io::Error::other("the disk failed"));
                }
                buf[..4].copy_from_slice(b"text");
                Ok(4)
            }
        }
        let mut text = String::new();
        let passed = read_through(Box::new(Failing(false)), |_, mut chunks| {
            let error = chunks.read_to_string(&mut text).expect_err("it fails");
            assert_eq!(error.to_string(), "the disk failed");
        });
        assert!(passed.is_err());
    }
}
