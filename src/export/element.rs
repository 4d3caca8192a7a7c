//! One element of a list, from its bytes to a typed row.

use serde::Deserialize;
use serde_json::error::Category;

use super::fault::Code;
use super::field::EMPTY;
use super::typed;
use crate::time::{NO_TIME, REPR};

/// Why an element gave no record.
#[derive(Debug)]
pub enum ElementError {
    /// The window ends inside the element.
    Incomplete,
    /// It is not JSON: nothing behind it can be read. The offset counts from its first byte.
    Syntax {
        /// What the parser said.
        message: String,
        /// Where.
        offset: u64,
    },
    /// It is JSON but not what the format says.
    Meaning(Problem),
    /// It looks like the format and is what another wrote, as this says: nothing of its file is read.
    Refused(String),
}

/// What is wrong with an element's content.
#[derive(Debug)]
pub struct Problem {
    /// Which kind.
    pub code: Code,
    /// JSON pointer within the element, or empty.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
}

impl Problem {
    /// A problem at a field of the element.
    pub fn new(code: Code, pointer: &str, message: &impl ToString) -> Self {
        Self {
            code,
            pointer: pointer.to_owned(),
            message: message.to_string(),
        }
    }
}

/// Reads a row of type `T` from the start of `text` and hands it on; gives how many bytes it
/// took.
pub fn element<'a, T: Deserialize<'a>>(
    text: &'a str,
    hand_on: impl FnOnce(T) -> Result<(), Problem>,
) -> Result<usize, ElementError> {
    if let Some((row, length)) = typed::read(text) {
        hand_on(row).map_err(ElementError::Meaning)?;
        return Ok(length);
    }
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<T>();
    match stream.next() {
        None => Err(ElementError::Incomplete),
        Some(Err(error)) => Err(explain::<T>(text, &error)),
        Some(Ok(row)) => {
            let length = stream.byte_offset();
            hand_on(row).map_err(ElementError::Meaning)?;
            Ok(length)
        }
    }
}

fn explain<'a, T: Deserialize<'a>>(text: &'a str, error: &serde_json::Error) -> ElementError {
    match error.classify() {
        Category::Eof => ElementError::Incomplete,
        Category::Syntax | Category::Io => ElementError::Syntax {
            message: plain(error),
            offset: offset_of(text, error),
        },
        Category::Data => {
            let mut reader = serde_json::Deserializer::from_str(text);
            let pointer = match serde_path_to_error::deserialize::<_, T>(&mut reader) {
                Ok(_) => String::new(),
                Err(located) => pointer_of(located.path()),
            };
            let mut message = plain(error);
            if message == EMPTY {
                let field = pointer.rsplit('/').next().unwrap_or_default();
                message = format!("`{field}` is empty");
            }
            ElementError::Meaning(Problem {
                code: code_of(error),
                pointer,
                message,
            })
        }
    }
}

/// Of what kind an element's fault is.
pub fn code_of(error: &serde_json::Error) -> Code {
    match plain(error) {
        message if message.ends_with(NO_TIME) || message.ends_with(REPR) => Code::Time,
        message if message == EMPTY => Code::Value,
        _ => Code::Shape,
    }
}

/// The message without serde's own place, which counts from the element's start.
fn plain(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rfind(" at line ") {
        Some(place) => message[..place].to_owned(),
        None => message,
    }
}

/// Where in `text` the error stands.
fn offset_of(text: &str, error: &serde_json::Error) -> u64 {
    let lines = text.split_inclusive('\n');
    let before: usize = lines
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum();
    (before + error.column().saturating_sub(1)) as u64
}

fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        let part = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.replace('~', "~0").replace('/', "~1"),
            Segment::Enum { variant } => variant.clone(),
            Segment::Unknown => continue,
        };
        pointer.push('/');
        pointer.push_str(&part);
    }
    pointer
}
