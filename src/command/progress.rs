//! How far the reading is, on a terminal and on standard error only.

use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::regular;

/// What takes less than this shows nothing.
const SOON: Duration = Duration::from_secs(1);
/// Drawn so often a second.
const RATE: u8 = 5;

/// The bytes of a folder's files as they are read.
pub struct Reading(Arc<Shared>);

struct Shared {
    bar: ProgressBar,
    shown: AtomicBool,
}

impl Reading {
    /// Of everything under `folder`; nothing is drawn yet.
    pub fn of(folder: &Path) -> Self {
        let hidden = ProgressDrawTarget::hidden();
        let bar = ProgressBar::with_draw_target(Some(bytes_under(folder)), hidden);
        // Without colours, so that there are none for `NO_COLOR` to turn off.
        let style = ProgressStyle::with_template("{bar:30} {binary_bytes} / {binary_total_bytes}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let shown = AtomicBool::new(false);
        Self(Arc::new(Shared { bar, shown }))
    }

    /// Opens a file whose bytes are counted as they are read.
    pub fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
        let (file, shared) = (regular::open(path)?, self.0.clone());
        Ok(Box::new(Counted { file, shared }))
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.bar.finish_and_clear();
    }
}

struct Counted {
    file: fs::File,
    shared: Arc<Shared>,
}

impl Read for Counted {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buf)?;
        let Shared { bar, shown } = &*self.shared;
        bar.inc(read as u64);
        if !shown.load(Ordering::Relaxed) && bar.elapsed() > SOON {
            shown.store(true, Ordering::Relaxed);
            // It draws nothing where standard error is no terminal.
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(RATE));
        }
        Ok(read)
    }
}

/// As far as it can be told: what cannot be listed is named by those who read it.
fn bytes_under(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(data) if data.is_dir() => bytes_under(&entry.path()),
            Ok(data) if data.is_file() => data.len(),
            _ => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_bytes_of_the_folder_are_counted_as_they_are_read() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::create_dir(dir.path().join("in")).expect("a folder");
        let files = [dir.path().join("a"), dir.path().join("in/b")];
        for file in &files {
            fs::write(file, "four").expect("space");
        }
        let reading = Reading::of(dir.path());
        assert_eq!(reading.0.bar.length(), Some(8));
        for file in &files {
            let mut file = reading.open(file).expect("a file");
            io::copy(&mut file, &mut io::sink()).expect("memory");
        }
        assert_eq!(reading.0.bar.position(), 8);
        assert!(reading.0.bar.is_hidden(), "it was over at once");
    }
}
