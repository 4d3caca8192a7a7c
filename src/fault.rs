//! What is wrong in the files that people write: collected over all of them, never the first only.

use std::fmt;

/// One fault of one file that people write, with its place and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct InputFault {
    /// From the engagement's folder, `/` between parts.
    pub file: String,
    /// The line, from 1; `None` where the fault is the file's own.
    pub line: Option<u64>,
    /// The column, from 1: in TOML the character of the line, in CSV the cell of the row.
    pub column: Option<u64>,
    /// What is wrong: lower case, values in backticks.
    pub message: String,
    /// What to do next.
    pub hint: String,
}

impl InputFault {
    /// A fault of a whole file.
    pub fn of_file(file: &str, message: impl fmt::Display, hint: impl fmt::Display) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            column: None,
            message: message.to_string(),
            hint: hint.to_string(),
        }
    }
}

impl fmt::Display for InputFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.file)?;
        for number in [self.line, self.column].into_iter().flatten() {
            write!(f, "{number}:")?;
        }
        write!(f, " {}", self.message)
    }
}

/// The faults of one file, in the order of their places.
///
/// A hostile file can have as many faults as bytes; so only [`Faults::LISTED`] are kept, and the
/// rest is counted.
#[derive(Debug)]
pub struct Faults {
    file: String,
    listed: Vec<InputFault>,
    unlisted: u64,
}

impl Faults {
    /// How many faults of one file are listed.
    pub const LISTED: usize = 1000;

    /// None yet.
    pub fn of(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            listed: Vec::new(),
            unlisted: 0,
        }
    }

    /// Adds a fault; `line` and `column` count from 1.
    pub fn add(
        &mut self,
        line: Option<u64>,
        column: Option<u64>,
        message: impl fmt::Display,
        hint: impl fmt::Display,
    ) {
        if self.is_full() {
            self.unlisted += 1;
            return;
        }
        self.listed.push(InputFault {
            line,
            column,
            ..InputFault::of_file(&self.file, message, hint)
        });
    }

    /// Whether further faults are only counted.
    pub fn is_full(&self) -> bool {
        self.listed.len() == Self::LISTED
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// `value` if there is no fault, else all faults.
    pub fn or<T>(self, value: T) -> Result<T, Vec<InputFault>> {
        if self.is_empty() {
            return Ok(value);
        }
        Err(self.into_list())
    }

    /// All faults by line and column; the last one counts those that are not listed.
    pub fn into_list(mut self) -> Vec<InputFault> {
        self.listed.sort_by_key(|fault| (fault.line, fault.column));
        if self.unlisted > 0 {
            self.listed.push(InputFault::of_file(
                &self.file,
                format_args!("{} more faults are not listed", self.unlisted),
                "correct those above first",
            ));
        }
        self.listed
    }
}

/// The line, from 1, in which the byte at `at` stands.
pub fn line_at(bytes: &[u8], at: usize) -> u64 {
    bytes[..at].split(|byte| *byte == b'\n').count() as u64
}

/// Of the known words the one that `word` most likely means; `None` where none is near.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    // The measure's time grows with the product of the lengths, and no known word is this long.
    if word.len() > 200 {
        return None;
    }
    let word = word.to_lowercase();
    let mut best = None;
    for candidate in known {
        let score = strsim::jaro_winkler(&word, &candidate.to_lowercase());
        // Below 0.8 the suggestions name words that merely share letters.
        if score >= 0.8 && best.is_none_or(|(highest, _)| score > highest) {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The hint for an unknown word: the nearest known one, else all of them.
pub fn did_you_mean(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known are {}", listed(known)),
    }
}

/// The words in backticks, commas between.
pub fn listed<T: fmt::Display>(words: &[T]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

/// A value from a file as a message shows it: one line, and not more than people read.
pub fn shown(value: &str) -> String {
    const CHARACTERS: usize = 80;
    let mut text: String = value
        .chars()
        .take(CHARACTERS)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    if value.chars().nth(CHARACTERS).is_some() {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_shows_as_much_of_its_place_as_is_known() {
        let mut fault = InputFault::of_file("a.csv", "is wrong", "");
        assert_eq!(fault.to_string(), "a.csv: is wrong");
        fault.line = Some(3);
        assert_eq!(fault.to_string(), "a.csv:3: is wrong");
        fault.column = Some(9);
        assert_eq!(fault.to_string(), "a.csv:3:9: is wrong");
    }

    #[test]
    fn faults_beyond_the_limit_are_counted_not_kept() {
        let mut faults = Faults::of("a");
        for line in 0..1500 {
            faults.add(Some(1500 - line), None, "x", "");
        }
        let list = faults.into_list();
        assert_eq!(list.len(), Faults::LISTED + 1);
        assert!(list[0].line < list[1].line);
        assert_eq!(list[1000].message, "500 more faults are not listed");
    }

    #[test]
    fn the_nearest_word_is_near() {
        let known = ["organization", "scope", "period"];
        assert_eq!(nearest("organisation", known), Some("organization"));
        assert_eq!(nearest("Scope", known), Some("scope"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest(&"o".repeat(100_000), known), None);
    }

    #[test]
    fn a_shown_value_is_one_short_line() {
        assert_eq!(shown("a\nb"), "a\u{fffd}b");
        assert_eq!(shown(&"가".repeat(81)).chars().count(), 81);
        assert_eq!(shown(&"가".repeat(80)).chars().count(), 80);
    }
}
