//! How far a command is, on a terminal and on standard error only.

mod drawn;
mod screen;

use std::fs;
use std::io::{self, IsTerminal, Read};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::bundle::Watch;
use crate::engagement::Language;
use crate::regular;

use screen::Narrower;

/// A command that takes less than this shows nothing.
const SOON: Duration = Duration::from_secs(1);
/// Drawn so often a second.
const RATE: u8 = 5;
/// Without colours, so that there are none for `NO_COLOR` to turn off.
const BYTES: &str = "{msg} {bar:24} {binary_bytes} / {binary_total_bytes}";
const TIME: &str = "{spinner} {msg} {elapsed}";

/// A part of a command that may take long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The exports are read.
    Reading,
    /// Everything is concluded from them.
    Judging,
    /// The documents are laid out.
    LayingOut,
    /// The tables are made.
    Tables,
    /// The bundle is written.
    Writing,
    /// A bundle is copied with another signature.
    Copying,
    /// A bundle is read and checked.
    Verifying,
    /// A bundle's assessment is read.
    Opening,
}

impl Stage {
    fn name(self, language: Language) -> &'static str {
        let (ko, en) = match self {
            Self::Reading => ("내보내기 파일 읽는 중", "reading exports"),
            Self::Judging => ("평가하는 중", "assessing"),
            Self::LayingOut => ("보고서 조판하는 중", "laying out the report"),
            Self::Tables => ("표 만드는 중", "making the tables"),
            Self::Writing | Self::Copying => ("번들 쓰는 중", "writing the bundle"),
            Self::Verifying => ("번들 검증하는 중", "verifying the bundle"),
            Self::Opening => ("평가 결과 여는 중", "opening the assessment"),
        };
        match language {
            Language::Ko => ko,
            Language::En => en,
        }
    }

    /// What it is called once all its bytes have passed.
    fn last_steps(self, language: Language) -> String {
        let last = match language {
            Language::Ko => "마무리",
            Language::En => "finishing",
        };
        format!("{} ({last})", self.name(language))
    }

    /// Whether it is known how many bytes there are.
    fn counts_bytes(self) -> bool {
        matches!(self, Self::Reading | Self::Writing | Self::Verifying)
    }
}

/// Shows the stages of one command, once it has taken a while.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    language: Language,
    begun: Instant,
}

impl Progress {
    /// Of a command that begins now.
    pub fn new(language: Language) -> Self {
        let begun = Instant::now();
        Self { language, begun }
    }

    /// Shows the stage until its work is done.
    pub fn during<T>(self, stage: Stage, work: impl FnOnce(Watch<'_>) -> T) -> T {
        let shown = self.show(stage);
        work(&|more, of| shown.pass(more, of))
    }

    /// Shows the reading of everything under `folder`, through [`Shown::open`].
    pub fn reading(self, folder: &Path) -> Shown {
        let shown = self.show(Stage::Reading);
        shown.passing.bar.set_length(bytes_under(folder));
        shown
    }

    fn show(self, stage: Stage) -> Shown {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let template = if stage.counts_bytes() { BYTES } else { TIME };
        bar.set_style(style(template));
        bar.set_message(stage.name(self.language));
        let wait = SOON.saturating_sub(self.begun.elapsed());
        let waiting = io::stderr().is_terminal().then(|| {
            let (over, told) = channel();
            let bar = bar.clone();
            let draw = move || {
                if told.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                    drawn::draw(&bar, || {
                        let screen = Box::new(Narrower::stderr());
                        bar.set_draw_target(ProgressDrawTarget::term_like_with_hz(screen, RATE));
                        bar.enable_steady_tick(SOON / u32::from(RATE));
                    });
                }
            };
            (over, thread::spawn(draw))
        });
        let passing = Passing {
            bar,
            last_steps: stage.last_steps(self.language),
        };
        Shown { passing, waiting }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// A stage that is under way; when it is dropped, nothing of it stays on the screen.
pub struct Shown {
    passing: Passing,
    /// Whoever draws it later, and how to tell that it is over.
    waiting: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Shown {
    /// Opens a file whose bytes are counted as they are read.
    pub fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
        let (file, passing) = (regular::open(path)?, self.passing.clone());
        Ok(Box::new(Counted { file, passing }))
    }

    fn pass(&self, more: u64, of: u64) {
        let bar = &self.passing.bar;
        if bar.length() != Some(of) {
            bar.set_length(of);
        }
        self.passing.pass(more);
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Some((over, draw)) = self.waiting.take() {
            drop(over);
            // It has nothing to tell, and a panic in it has been shown.
            let _ = draw.join();
            drawn::clear();
        }
    }
}

/// Bytes that pass.
#[derive(Clone)]
struct Passing {
    bar: ProgressBar,
    last_steps: String,
}

impl Passing {
    /// A full bar would stand still: when all have passed, it gives way to the time that goes on.
    fn pass(&self, more: u64) {
        self.bar.inc(more);
        let all = self.bar.length().unwrap_or(u64::MAX);
        if more > 0 && self.bar.position() >= all {
            self.bar.set_message(self.last_steps.clone());
            self.bar.set_style(style(TIME));
        }
    }
}

struct Counted {
    file: fs::File,
    passing: Passing,
}

impl Read for Counted {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buf)?;
        self.passing.pass(read as u64);
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
        let reading = Progress::new(Language::En).reading(dir.path());
        assert_eq!(reading.passing.bar.length(), Some(8));
        for file in &files {
            let mut file = reading.open(file).expect("a file");
            io::copy(&mut file, &mut io::sink()).expect("memory");
        }
        assert_eq!(reading.passing.bar.position(), 8);
        assert!(reading.passing.bar.is_hidden(), "it was over at once");
    }

    #[test]
    fn what_passes_is_counted_of_all_that_there_is() {
        let shown = Progress::new(Language::Ko).show(Stage::Verifying);
        shown.pass(3, 10);
        shown.pass(4, 10);
        assert_eq!(
            (shown.passing.bar.position(), shown.passing.bar.length()),
            (7, Some(10))
        );
    }

    #[test]
    fn a_stage_gives_what_its_work_gives() {
        let progress = Progress::new(Language::En);
        let done = progress.during(Stage::Writing, |watch| {
            watch(1, 1);
            "done"
        });
        assert_eq!(done, "done");
    }
}
