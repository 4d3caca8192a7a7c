//! Reads, hashes and decodes a file in one thread while another parses it: the two take about the
//! same time, and hashing alone is the floor.

use std::io::{self, Read};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use crate::threads::{AHEAD, Chunks};

/// Bytes of a chunk: it stays in the processor's cache between the two threads.
const CHUNK: usize = 256 * 1024;

/// Gives `source` to `parse` as another thread reads it, some way ahead. An error of reading comes
/// behind what was read before it; `parse` may stop early.
pub fn ahead(source: impl Read + Send, parse: impl FnOnce(Chunks)) {
    let (send, receive) = sync_channel(AHEAD);
    thread::scope(|scope| {
        scope.spawn(move || pass_on(source, &send));
        parse(Chunks::new(receive));
    });
}

fn pass_on(mut text: impl Read, send: &SyncSender<io::Result<Vec<u8>>>) {
    loop {
        let mut chunk = Vec::with_capacity(CHUNK);
        let read = text.by_ref().take(CHUNK as u64).read_to_end(&mut chunk);
        // What was read before an error comes first: the parser may find its own fault in it.
        let (ended, failed) = match read {
            // Less than was asked for is the end: a file that grows is not run after.
            Ok(read) => (read < CHUNK, None),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_arrives_whole() {
        let bytes: Vec<u8> = (0..CHUNK * 3 + 17)
            .map(|n| b'a' + u8::try_from(n % 26).expect("a letter"))
            .collect();
        let mut text = Vec::new();
        ahead(bytes.as_slice(), |mut chunks| {
            chunks.read_to_end(&mut text).expect("memory");
        });
        assert!(text == bytes);
    }

    #[test]
    fn whoever_stops_early_is_not_waited_for() {
        ahead(io::repeat(b' '), drop);
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
        ahead(Failing(false), |mut chunks| {
            let error = chunks.read_to_string(&mut text).expect_err("it fails");
            assert_eq!(error.to_string(), "the disk failed");
        });
        assert_eq!(text, "text");
    }
}
