//! What is recognised but cannot be evidence: what it is, and what to do instead. Data, one entry a line
//! of a list.

mod cause;
mod messages;
mod packed;
mod structures;
mod writings;

use crate::evidence::Fault;

use super::envelope::same_key;
use super::fault::Code;
use super::formats;

pub use cause::{BEHIND, of_element, of_rest, zeros};
pub use packed::{of_member, of_packed};

use messages::Message;
use structures::{OCSF, STRUCTURES};
use writings::WRITINGS;

/// More of a message is not shown.
const SHOWN: usize = 100;
/// More of a text is not looked through for marks of a terminal.
const START: usize = 4096;

const DUMPS: &str = "write it with `json.dumps(answer, default=str)`";
const PRINTED: &str = "an answer as Python prints it, not JSON";
const PROJECTED: &str = "a list from which `--query` took the fields that make it evidence";
const QUERY: &str = "take the export again without `--query`, which drops or renames fields";
const ALONE: &str = "something that is no JSON stands before or behind the answer: take the export again into a new file, with the answer alone in it";

fn refused(offset: u64, what: &str, shown: &str, instead: &str) -> Fault {
    let fault = Code::Refused.at(offset, format!("it is {what}{shown}"));
    fault.hinted(instead)
}

/// The refusal of what holds a client's message, of which this is the line.
fn refused_message(offset: u64, message: &Message, line: &str) -> Fault {
    let shown = if message.shown {
        let line: String = line.chars().take(SHOWN).flat_map(escaped).collect();
        format!(": `{line}`")
    } else {
        String::new()
    };
    refused(offset, message.what, &shown, message.instead)
}

/// As it is shown: the quotes and backslashes of a message are its own.
fn escaped(c: char) -> Vec<char> {
    match c {
        '\'' | '"' | '\\' => vec![c],
        _ => c.escape_debug().collect(),
    }
}

/// The refusal of an element that looks like AWS's and is what this says.
pub fn of_another(offset: u64, what: &str) -> Fault {
    refused(offset, what, "", OCSF).foreign()
}

/// The refusal of an object with these keys, if it is known.
pub fn of_keys(offset: u64, keys: &[&str]) -> Option<Fault> {
    let has = |key: &str| keys.iter().any(|have| same_key(have, key));
    let known = STRUCTURES
        .iter()
        .find(|known| known.keys.iter().all(|key| has(key)))?;
    let fault = refused(offset, known.what, "", known.instead);
    Some(if known.answer { fault } else { fault.foreign() })
}

/// The refusal of a text that starts like this, if it is known. Only an error message is shown: it
/// tells what to do, and anything else may be a secret.
pub fn of_text(offset: u64, start: &str) -> Option<Fault> {
    if let Some((message, line)) = messages::in_lines(start) {
        return Some(refused_message(offset, message, line));
    }
    if is_coloured(start) {
        return Some(refused(offset, cause::COLOURS, "", cause::PLAIN));
    }
    let damaged = cause::zeroed(offset, start).or_else(|| cause::mixed(offset, start));
    if damaged.is_some() {
        return damaged;
    }
    let known = WRITINGS.iter().find(|known| (known.fits)(start))?;
    let fault = refused(offset, known.what, "", known.instead);
    Some(if speaks_of_config(start) {
        fault
    } else {
        fault.foreign()
    })
}

/// Whether a terminal's marks stand in it, as bytes, as `cat -v` shows them, or without their first byte.
fn is_coloured(text: &str) -> bool {
    let start = &text[..text.floor_char_boundary(START)];
    let bare = text.strip_prefix('[').and_then(|rest| {
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        rest.chars().next()
    });
    start.contains('\u{1b}')
        || start.contains('\u{8}')
        || start.starts_with("^[[")
        || bare == Some('m')
}

/// Whether the text names a list or an operation of AWS Config, in whatever case.
fn speaks_of_config(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let mut names = formats::FORMATS
        .iter()
        .flat_map(|format| [format.key.to_owned(), format.operation.replace('-', "")]);
    let korean = ["규정 준수", "규정 미준수", "규칙 이름"];
    text.contains("compliant")
        || names.any(|name| text.contains(&name.to_ascii_lowercase()))
        || korean.iter().any(|word| text.contains(word))
}

/// Whether fields of an answer of AWS Config stand in JSON.
pub fn has_fields(text: &str) -> bool {
    const FIELDS: [&str; 5] = [
        "COMPLIANT\"",
        "omplianceType\"",
        "onfigRuleName\"",
        "onfigurationItemStatus\"",
        "EvaluationResultIdentifier\"",
    ];
    FIELDS.iter().any(|field| text.contains(field))
}

/// What kind of character a text begins with.
pub fn class_of_first(text: &str) -> &'static str {
    match text.chars().next() {
        Some(c) if c.is_ascii_alphabetic() => "a letter",
        Some(c) if c.is_ascii_digit() => "a digit",
        Some('"') => "a text in quotes",
        Some('#' | '/' | ';') => "a mark of a comment",
        Some(c) if c.is_ascii_punctuation() => "a punctuation mark",
        Some(c) if c.is_alphabetic() => "a letter outside ASCII",
        _ => "a character that no text begins with",
    }
}

/// The fault of a file in which an answer stands with something else.
pub fn beside_an_answer(fault: Fault) -> Fault {
    fault.hinted(ALONE)
}

/// The fault of a document that holds an answer's fields under another key.
pub fn renamed(fault: Fault) -> Fault {
    Fault {
        hint: QUERY.to_owned(),
        foreign: false,
        ..fault
    }
}

/// The refusal of a list from which `--query` took what makes it evidence.
pub fn projected(offset: u64) -> Fault {
    refused(offset, PROJECTED, "", QUERY)
}

/// The refusal of what Python's `print` made of an answer.
pub fn python(offset: u64) -> Fault {
    refused(offset, PRINTED, "", DUMPS)
}

/// Each text that tells what a file is or what to do, as it is told.
#[cfg(test)]
pub fn texts() -> Vec<String> {
    let structures = STRUCTURES.iter().map(|known| (known.what, known.instead));
    let writings = WRITINGS.iter().map(|known| (known.what, known.instead));
    let messages = messages::MESSAGES.iter();
    let messages = messages.map(|known| (known.what, known.instead));
    let known = structures.chain(writings).chain(messages);
    let known = known.chain([(PRINTED, DUMPS), (PROJECTED, QUERY), (PROJECTED, ALONE)]);
    let known = known.flat_map(|(what, next)| [format!("it is {what}"), next.to_owned()]);
    known.chain(cause::texts()).chain(packed::texts()).collect()
}
