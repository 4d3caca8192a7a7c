//! The signs between the elements of a document, and single values.

use std::io::BufRead;

use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::evidence::Fault;

use super::buffer::Buffer;
use super::element::{ElementError, element};
use super::fault::Code;
use super::refusal;

/// What a step through a document gives; a fault makes the rest unreadable.
pub type Walk<T> = Result<T, Fault>;

/// A document as a stream of signs and values.
pub struct Tokens<R> {
    buffer: Buffer<R>,
    /// Where the whole text stands, if it is a string within another document.
    within: Option<u64>,
    halves: usize,
}

/// Which separator is due.
#[derive(PartialEq)]
pub enum Separator {
    /// None: the first member.
    First,
    /// A comma.
    Next,
}

impl<R: BufRead> Tokens<R> {
    /// Of a stream.
    pub fn new(source: R) -> Self {
        Self {
            buffer: Buffer::new(source),
            within: None,
            halves: 0,
        }
    }

    /// Of a text of `length` bytes that is a string at byte `offset` of another document.
    pub fn within(source: R, length: usize, offset: u64) -> Self {
        Self {
            buffer: Buffer::with_room(source, length + 8),
            within: Some(offset),
            halves: 0,
        }
    }

    /// Where the window starts in the decoded stream of the file.
    pub fn offset(&self) -> u64 {
        self.within.unwrap_or_else(|| self.buffer.offset())
    }

    /// The place `further` bytes behind the window's start.
    pub fn offset_at(&self, further: u64) -> u64 {
        self.within
            .unwrap_or_else(|| self.buffer.offset() + further)
    }

    /// What is in the window.
    pub fn text(&self) -> &str {
        self.buffer.text()
    }

    /// Where the first of the next `count` bytes stands that is not UTF-8.
    pub fn bad_within(&self, count: usize) -> Option<u64> {
        self.buffer.bad_within(count)
    }

    /// Whether nothing follows the window.
    pub fn ended(&self) -> bool {
        self.buffer.ended()
    }

    /// Reads more into the window.
    pub fn fill(&mut self) -> Walk<()> {
        self.buffer.fill()
    }

    /// Replaces halves of surrogate pairs in the window, which no parser takes; gives whether there were
    /// any.
    pub fn replace_halves(&mut self) -> bool {
        let found = self.buffer.replace_halves();
        self.halves += found;
        found > 0
    }

    /// How many were replaced.
    pub fn halves(&self) -> usize {
        self.halves
    }

    /// Leaves bytes behind.
    pub fn consume(&mut self, count: usize) {
        self.buffer.consume(count);
    }

    /// The next byte that is not white space; it stays.
    pub fn peek(&mut self) -> Walk<Option<u8>> {
        self.buffer.peek()
    }

    /// The same behind what concatenating leaves between documents and at their end: byte order marks,
    /// and the end of a text in DOS.
    pub fn behind_padding(&mut self) -> Walk<Option<u8>> {
        loop {
            let next = self.peek()?;
            let mut chars = self.text().chars();
            match chars.next() {
                Some(padding @ ('\u{feff}' | '\u{1a}')) => self.consume(padding.len_utf8()),
                _ => return Ok(next),
            }
        }
    }

    /// The first bytes of the rest as text, at most `most`.
    pub fn start(&mut self, most: usize) -> Walk<String> {
        while self.text().len() < most && !self.ended() {
            self.fill()?;
        }
        let start = self.text();
        Ok(start[..start.floor_char_boundary(most)].to_owned())
    }

    /// The fault at which the walk ended, or what caused it.
    pub fn cause_of(&mut self, fault: Fault) -> Fault {
        let further = fault.offset.and_then(|at| at.checked_sub(self.offset()));
        let Some(further) = further.and_then(|further| usize::try_from(further).ok()) else {
            return fault;
        };
        if self.text().len() < further + refusal::BEHIND && !self.ended() && self.fill().is_err() {
            return fault;
        }
        let text = self.text();
        let (before, behind) = text.split_at(text.floor_char_boundary(further));
        refusal::of_rest(fault, before, behind)
    }

    /// The next value of the window as a `T`, with its length; the window stays where it is.
    pub fn value<T: DeserializeOwned>(&mut self) -> Walk<(T, usize)> {
        loop {
            let text = self.buffer.text();
            let mut read = None;
            let result = element::<T>(text, |value| {
                read = Some(value);
                Ok(())
            });
            match (result, read) {
                // A number that touches the window's end may go on behind it.
                (Ok(length), _) if length == text.len() && !self.ended() => {}
                (Ok(length), Some(value)) => return Ok((value, length)),
                (Err(ElementError::Syntax { message, offset }), _) => {
                    if self.replace_halves() {
                        continue;
                    }
                    return Err(Code::JsonSyntax.at(self.offset_at(offset), message));
                }
                (Err(ElementError::Meaning(problem)), _) => {
                    return Err(Code::JsonSyntax.at(self.offset(), problem.message));
                }
                (Err(ElementError::Refused(what)), _) => {
                    return Err(refusal::of_another(self.offset(), &what));
                }
                (Err(ElementError::Incomplete) | Ok(_), _) if self.ended() => {
                    return Err(self.truncated());
                }
                (Err(ElementError::Incomplete) | Ok(_), _) => {}
            }
            self.fill()?;
        }
    }

    /// The key of the next member; its colon is left behind.
    pub fn key(&mut self) -> Walk<String> {
        match self.peek()? {
            Some(b'"') => {}
            Some(b'\'') => return Err(refusal::python(self.offset())),
            _ => return Err(self.unexpected("a key in double quotes")),
        }
        let (key, length) = self.value::<String>()?;
        self.consume(length);
        if self.peek()? != Some(b':') {
            return Err(self.unexpected("`:`"));
        }
        self.consume(1);
        self.peek()?;
        Ok(key)
    }

    /// Whether another member follows; leaves commas and the closing byte behind.
    pub fn separated(&mut self, separator: &mut Separator, close: u8) -> Walk<bool> {
        let next = self.peek()?;
        let first = std::mem::replace(separator, Separator::Next) == Separator::First;
        match next {
            None => Err(self.truncated()),
            Some(byte) if byte == close => {
                self.consume(1);
                Ok(false)
            }
            Some(b',') if !first => {
                self.consume(1);
                self.after_comma(close)
            }
            Some(_) if first => Ok(true),
            Some(_) => Err(self.unexpected("`,` or the end of the list")),
        }
    }

    fn after_comma(&mut self, close: u8) -> Walk<bool> {
        match self.peek()? {
            None => Err(self.truncated()),
            Some(byte) if byte == close || byte == b',' => Err(self.unexpected("a value")),
            Some(_) => Ok(true),
        }
    }

    /// The document ends too early.
    pub fn truncated(&self) -> Fault {
        let end = self.offset_at(self.text().len() as u64);
        Code::JsonTruncated.at(end, "the JSON ends in the middle of a value")
    }

    fn unexpected(&self, expected: &str) -> Fault {
        match self.text().chars().next() {
            None => self.truncated(),
            Some(_) => Code::JsonSyntax.at(self.offset(), format!("expected {expected}")),
        }
    }
}

/// The keys of an object, of which no more than [`Keys::MOST`] are kept.
#[derive(Debug, Default)]
pub struct Keys(pub Vec<String>);

impl Keys {
    const MOST: usize = 100;
}

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Keys;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut keys = Keys::default();
                while let Some((key, _)) = map.next_entry::<String, IgnoredAny>()? {
                    if keys.0.len() < Keys::MOST {
                        keys.0.push(key);
                    }
                }
                Ok(keys)
            }
        }
        deserializer.deserialize_map(Collect)
    }
}
