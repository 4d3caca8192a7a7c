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
#[cfg(unix)]
fn clear_on_signals() {
    use std::sync::Once;
    use std::thread;

    use signal_hook::consts::{SIGINT, SIGQUIT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Where it cannot be listened for them, they end the program and the bar stays.
        if let Ok(mut signals) = Signals::new([SIGINT, SIGTERM, SIGQUIT]) {
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
