//! The one bar on the screen. Whoever ends the program takes it away first.

use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::ProgressBar;

static DRAWN: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Draws the bar; until [`clear`] it is the one on the screen.
pub fn draw(bar: &ProgressBar, draw: impl FnOnce()) {
    let mut drawn = drawn();
    clear_on_signals();
    draw();
    *drawn = Some(bar.clone());
}

/// Takes the bar away, if one is drawn.
pub fn clear() {
    take(&mut drawn());
}

fn drawn() -> MutexGuard<'static, Option<ProgressBar>> {
    DRAWN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn take(drawn: &mut Option<ProgressBar>) {
    if let Some(bar) = drawn.take() {
        bar.finish_and_clear();
    }
}

/// From now on a signal that ends the program, such as Ctrl-C, ends it as before, but for the bar.
/// One that was ignored, as `nohup` and `trap "" INT` have it, goes on being ignored.
#[cfg(unix)]
fn clear_on_signals() {
    use std::fs;
    use std::sync::Once;
    use std::thread;

    use signal_hook::consts::{SIGINT, SIGQUIT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Where the system does not tell, none is known to be ignored.
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ending = [SIGINT, SIGTERM, SIGQUIT].into_iter();
        let ending = ending.filter(|signal| !is_ignored(*signal, &status));
        // Where it cannot be listened for them, they end the program and the bar stays.
        if let Ok(mut signals) = Signals::new(ending) {
            thread::spawn(move || {
                for signal in signals.forever() {
                    let mut drawn = drawn();
                    take(&mut drawn);
                    // It does not return: with the lock held nothing is drawn any more.
                    let _ = emulate_default_handler(signal);
                }
            });
        }
    });
}

/// Whether a signal is ignored, by the program's status as Linux tells it: `SigIgn` is a number in
/// base 16 with a bit for each signal, from 1.
#[cfg(unix)]
fn is_ignored(signal: i32, status: &str) -> bool {
    let ignored = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    let bit = u32::try_from(signal - 1).ok();
    let bit = bit.and_then(|bit| 1_u64.checked_shl(bit));
    ignored
        .zip(bit)
        .is_some_and(|(ignored, bit)| ignored & bit != 0)
}

/// Elsewhere the bar stays where it was.
#[cfg(not(unix))]
fn clear_on_signals() {}

#[cfg(test)]
mod tests {
    use std::io::Result;
    use std::sync::Arc;

    use indicatif::{ProgressDrawTarget, TermLike};

    use super::*;

    /// A terminal that remembers what it was told.
    #[derive(Debug, Clone, Default)]
    struct Paper(Arc<Mutex<Vec<String>>>);

    impl Paper {
        fn note(&self, what: &str) {
            self.0.lock().expect("no panic").push(what.to_owned());
        }
    }

    impl TermLike for Paper {
        fn width(&self) -> u16 {
            40
        }

        fn move_cursor_up(&self, _: usize) -> Result<()> {
            Ok(())
        }

        fn move_cursor_down(&self, _: usize) -> Result<()> {
            Ok(())
        }

        fn move_cursor_right(&self, _: usize) -> Result<()> {
            Ok(())
        }

        fn move_cursor_left(&self, _: usize) -> Result<()> {
            Ok(())
        }

        fn write_line(&self, text: &str) -> Result<()> {
            self.write_str(text)
        }

        fn write_str(&self, text: &str) -> Result<()> {
            self.note(text);
            Ok(())
        }

        fn clear_line(&self) -> Result<()> {
            self.note("CLEAR");
            Ok(())
        }

        fn flush(&self) -> Result<()> {
            Ok(())
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_signal_that_is_ignored_is_told_from_one_that_is_not() {
        use signal_hook::consts::{SIGINT, SIGQUIT, SIGTERM};

        let ignored = |mask: &str| {
            let status = format!("Name:\tkisms\nSigBlk:\tffffffffffffffff\nSigIgn:\t{mask}\n");
            [SIGINT, SIGQUIT, SIGTERM].map(|signal| is_ignored(signal, &status))
        };
        assert_eq!(ignored("0000000000001000"), [false, false, false]);
        assert_eq!(ignored("0000000000001002"), [true, false, false]);
        assert_eq!(ignored("0000000000004004"), [false, true, true]);
        assert_eq!(ignored("no number"), [false, false, false]);
        assert!(!is_ignored(SIGINT, ""));
    }

    #[test]
    fn what_is_drawn_is_taken_away_and_not_drawn_again() {
        let (bar, paper) = (ProgressBar::new(10), Paper::default());
        let target = || ProgressDrawTarget::term_like(Box::new(paper.clone()));
        draw(&bar, || bar.set_draw_target(target()));
        bar.tick();
        let told = || paper.0.lock().expect("no panic").clone();
        assert!(
            told().iter().any(|text| text.contains("0/10")),
            "{:?}",
            told()
        );
        clear();
        bar.inc(1);
        assert_eq!(told().last().map(String::as_str), Some("CLEAR"));
        clear();
    }
}
