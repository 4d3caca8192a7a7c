//! What people write: decisions, the statement, an organisation's own form of it, and the settings.
#![no_main]

use kisms::{decision, engagement::Engagement, statement};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b"PK") {
        drop(statement::form::read("form.xlsx", bytes));
        return;
    }
    drop(decision::load(bytes));
    drop(statement::load(bytes));
    if let Ok(text) = std::str::from_utf8(bytes) {
        drop(Engagement::load(text));
    }
});
