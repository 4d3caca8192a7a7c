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
