//! Work on all processors, of which nobody sees that it was.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read, Write};
use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// Chunks under way: what the faster of two threads may be ahead.
pub const AHEAD: usize = 8;

/// Does the work for all items on as many threads as there are processors, and hands the results
/// on in the items' order.
pub fn in_order<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut hand_on: impl FnMut(R),
) {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let next = AtomicUsize::new(0);
    let (send, receive) = sync_channel(threads);
    thread::scope(|scope| {
        for _ in 0..threads.min(items.len()) {
            let (send, next, work) = (send.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    if send.send((index, work(item))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        let (mut early, mut due) = (BTreeMap::new(), 0);
        for (index, result) in receive {
            early.insert(index, result);
            while let Some(result) = early.remove(&due) {
                hand_on(result);
                due += 1;
            }
        }
    });
}

/// Has `read` read what `write` writes, as another thread writes it, some way ahead; gives what both
/// give. What is not read is written all the same.
pub fn piped<W: Send, R>(
    write: impl FnOnce(&mut dyn Write) -> W + Send,
    read: impl FnOnce(&mut dyn Read) -> R,
) -> (W, R) {
    let (send, receive) = sync_channel(AHEAD);
    thread::scope(|scope| {
        let writer = scope.spawn(move || write(&mut Sender(send)));
        let mut chunks = Chunks::new(receive);
        let value = read(&mut chunks);
        while chunks.receive.recv().is_ok() {}
        let written = writer.join().unwrap_or_else(|panic| resume_unwind(panic));
        (written, value)
    })
}

struct Sender(SyncSender<io::Result<Vec<u8>>>);

impl Write for Sender {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.send(Ok(bytes.to_vec()));
        sent.map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Bytes as they arrive from another thread.
pub struct Chunks {
    receive: Receiver<io::Result<Vec<u8>>>,
    chunk: Vec<u8>,
    taken: usize,
}

impl Chunks {
    /// The bytes of all chunks, until the sender is gone.
    pub fn new(receive: Receiver<io::Result<Vec<u8>>>) -> Self {
        Self {
            receive,
            chunk: Vec::new(),
            taken: 0,
        }
    }
}

impl BufRead for Chunks {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.taken == self.chunk.len() {
            match self.receive.recv() {
                Ok(chunk) => (self.chunk, self.taken) = (chunk?, 0),
                // The sender is gone: that was all.
                Err(_) => break,
            }
        }
        Ok(&self.chunk[self.taken..])
    }

    fn consume(&mut self, count: usize) {
        self.taken += count;
    }
}

impl Read for Chunks {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buf)?;
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_what_is_not_read_is_written() {
        let bytes: Vec<u8> = (0..=255).cycle().take(1_000_000).collect();
        let write =
            |out: &mut dyn Write| bytes.chunks(999).try_for_each(|part| out.write_all(part));
        let (written, read) = piped(write, |input| {
            let mut read = Vec::new();
            input.read_to_end(&mut read).map(|_| read)
        });
        written.expect("read to its end");
        assert!(read.expect("memory") == bytes);
        let (written, first) = piped(write, |input| {
            let mut first = [0; 3];
            input.read_exact(&mut first).map(|()| first)
        });
        written.expect("read by nobody");
        assert_eq!(first.expect("memory"), [0, 1, 2]);
    }

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..100).collect();
        let mut done = Vec::new();
        in_order(&items, |item| item * 2, |result| done.push(result));
        assert_eq!(done, (0..100).map(|item| item * 2).collect::<Vec<_>>());
        in_order(&[0_u8; 0], |_| (), |()| panic!("there is nothing to do"));
    }
}
