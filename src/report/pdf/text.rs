//! The report's own words, in Korean and English, and those that people wrote.

use serde_json::Value;

/// The note in the place of the rest of a text that was cut.
pub(super) fn cut_note(texts: &Value) -> impl Fn(usize, usize) -> String + use<> {
    let note = texts["note"]["cut"].as_str().unwrap_or_default().to_owned();
    move |shown, total| {
        note.replace("{n}", &grouped(shown))
            .replace("{m}", &grouped(total))
    }
}

/// 12345 as 12,345.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// What people wrote into one cell, line by line.
pub(super) fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.replace('\t', " "));
    lines.filter(|line| !line.trim().is_empty()).collect()
}

#[cfg(test)]
mod tests;
