//! Walks the JSON documents of one file: an object with one list that is known, or several such
//! objects one after the other. Elements are read one by one as they stream past.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::evidence::{Fault, InputIndex, Listing, ListingIndex, Place, Provenance, RecordCounts};
use crate::time::AwsTime;

use super::buffer::Buffer;
use super::element::{ElementError, element};
use super::fault::Code;
use super::formats::{self, Format};
use super::staged::Staged;

/// Values of an envelope larger than this are passed over.
const ENVELOPE_VALUE: usize = 64 * 1024;
/// How much of something that is no document is quoted.
const SHOWN: usize = 60;
/// No envelope has nearly as many keys.
const ENVELOPE_KEYS: usize = 1000;

/// What stands beside the list in a document: small values as JSON text, by key.
#[derive(Debug, Default)]
pub struct Envelope(BTreeMap<String, Box<RawValue>>);

impl Envelope {
    /// The value as a string, if it is one and not empty.
    pub fn string(&self, key: &str) -> Option<String> {
        let text: String = serde_json::from_str(self.0.get(key)?.get()).ok()?;
        Some(text).filter(|text| !text.is_empty())
    }

    /// Whether AWS said that more pages follow.
    fn next_token(&self) -> bool {
        self.string("NextToken")
            .or_else(|| self.string("nextToken"))
            .is_some()
    }

    /// When AWS answered, as boto3 keeps it.
    fn answered_at(&self) -> Option<AwsTime> {
        #[derive(serde::Deserialize)]
        struct Metadata {
            #[serde(rename = "HTTPHeaders")]
            headers: BTreeMap<String, String>,
        }
        let metadata: Metadata =
            serde_json::from_str(self.0.get("ResponseMetadata")?.get()).ok()?;
        let date = chrono::DateTime::parse_from_rfc2822(metadata.headers.get("date")?).ok()?;
        Some(AwsTime::Known(date.to_utc()))
    }
}

/// Reads all documents of `text` into `staged`. Stops at what makes the rest unreadable; that,
/// and every fault before it, is noted there.
pub fn read_documents(text: impl Read, staged: &mut Staged) {
    let mut walker = Walker {
        buffer: Buffer::new(text),
        staged,
        document: 0,
    };
    if let Err(fault) = walker.documents() {
        walker.staged.fault(fault);
    }
}

struct Walker<'s, R> {
    buffer: Buffer<R>,
    staged: &'s mut Staged,
    document: u32,
}

type Walk<T> = Result<T, Fault>;

impl<R: Read> Walker<'_, R> {
    fn documents(&mut self) -> Walk<()> {
        while let Some(byte) = self.buffer.peek()? {
            if byte != b'{' {
                return Err(self.not_a_document());
            }
            self.object()?;
            self.document += 1;
        }
        if self.document == 0 {
            return Err(Code::Empty.fault("the file is empty"));
        }
        Ok(())
    }

    fn not_a_document(&mut self) -> Fault {
        while self.buffer.bytes().len() < SHOWN && !self.buffer.ended() {
            if let Err(fault) = self.buffer.fill() {
                return fault;
            }
        }
        let start = self.buffer.bytes();
        let start = String::from_utf8_lossy(&start[..start.len().min(SHOWN)]);
        let start = start
            .split(['\r', '\n'])
            .next()
            .unwrap_or_default()
            .escape_debug()
            .to_string();
        Code::Unknown.at(
            self.buffer.offset(),
            format!("it is not an object of an AWS Config export: `{start}`"),
        )
    }

    fn object(&mut self) -> Walk<()> {
        let offset = self.buffer.offset();
        self.buffer.consume(1);
        let mut envelope = Envelope::default();
        let mut lists: Vec<(&'static Format, usize)> = Vec::new();
        let mut keys = BTreeSet::new();
        let mut separator = Separator::First;
        while self.separated(&mut separator, b'}')? {
            let key = self.key()?;
            if let Some(format) = self.known_list(&key)? {
                lists.push((format, self.staged.listings.len()));
                self.list(format, &key)?;
            } else {
                self.envelope_value(&key, &mut envelope)?;
            }
            self.note_key(key, &mut keys)?;
        }
        self.close(offset, &envelope, &lists, &keys);
        Ok(())
    }

    fn note_key(&self, key: String, keys: &mut BTreeSet<String>) -> Walk<()> {
        if keys.len() == ENVELOPE_KEYS {
            return Err(Code::TooLarge.at(self.buffer.offset(), "the document has too many keys"));
        }
        match keys.replace(key) {
            None => Ok(()),
            Some(key) => {
                let message = format!(
                    "the key `{}` stands twice in one document",
                    key.escape_debug()
                );
                Err(Code::Shape.at(self.buffer.offset(), message))
            }
        }
    }

    /// What the whole document says of its list.
    fn close(
        &mut self,
        offset: u64,
        envelope: &Envelope,
        lists: &[(&'static Format, usize)],
        keys: &BTreeSet<String>,
    ) {
        let [(format, index)] = lists else {
            let fault = if lists.is_empty() {
                unknown(offset, keys)
            } else {
                ambiguous(offset, lists)
            };
            self.staged.fault(fault);
            return;
        };
        if let Err(message) = (format.accepts)(envelope) {
            self.staged.fault(Code::Unknown.at(offset, message));
        }
        let pack = envelope.string("ConformancePackName");
        let pack = self.staged.text_of(pack.as_deref());
        let listing = &mut self.staged.listings[*index];
        listing.next_token = envelope.next_token();
        listing.pack = pack;
        let answered = envelope.answered_at().and_then(|time| time.moment());
        listing.captured = answered.map(crate::evidence::Captured::At);
    }

    fn known_list(&mut self, key: &str) -> Walk<Option<&'static Format>> {
        let Some(format) = formats::by_key(key) else {
            return Ok(None);
        };
        Ok((self.buffer.peek()? == Some(b'[')).then_some(format))
    }

    fn list(&mut self, format: &'static Format, key: &str) -> Walk<()> {
        self.buffer.consume(1);
        let index = self.staged.listings.len();
        self.staged.listings.push(Listing {
            input: InputIndex(0),
            document: self.document,
            operation: format.operation,
            pointer: format!("/{key}"),
            elements: 0,
            next_token: false,
            pack: None,
            path_place: Place::default(),
            captured: None,
        });
        let mut at = Provenance {
            listing: ListingIndex(u32::try_from(index).map_err(|_| self.too_many())?),
            element: 0,
            offset: 0,
        };
        let mut separator = Separator::First;
        while self.separated(&mut separator, b']')? {
            self.buffer.peek()?;
            at.offset = self.buffer.offset();
            self.element(format, key, at)?;
            count(&mut self.staged.records, format);
            at.element = at.element.checked_add(1).ok_or_else(|| self.too_many())?;
        }
        self.staged.listings[index].elements = at.element;
        Ok(())
    }

    fn too_many(&self) -> Fault {
        Code::TooLarge.at(self.buffer.offset(), "more elements than can be counted")
    }

    fn element(&mut self, format: &Format, key: &str, at: Provenance) -> Walk<()> {
        loop {
            match (format.read)(self.buffer.bytes(), at, self.staged) {
                Ok(length) => {
                    self.pass(length, &format!("/{key}/{}", at.element));
                    return Ok(());
                }
                Err(ElementError::Incomplete) if !self.buffer.ended() => self.buffer.fill()?,
                Err(ElementError::Incomplete) => return Err(self.truncated()),
                Err(ElementError::Syntax { message, offset }) => {
                    return Err(Code::JsonSyntax.at(at.offset + offset, message));
                }
                Err(ElementError::Meaning(problem)) => {
                    let pointer = format!("/{key}/{}{}", at.element, problem.pointer);
                    self.staged.fault(Fault {
                        pointer: Some(pointer.clone()),
                        ..problem.code.at(at.offset, problem.message)
                    });
                    let length = self.value::<IgnoredAny, _>(|_, length| length)?;
                    self.pass(length, &pointer);
                    return Ok(());
                }
            }
        }
    }

    /// Leaves an element behind, once its bytes are known to be UTF-8: the parser checks only
    /// what it keeps.
    fn pass(&mut self, length: usize, pointer: &str) {
        if let Err(error) = std::str::from_utf8(&self.buffer.bytes()[..length]) {
            let offset = self.buffer.offset() + error.valid_up_to() as u64;
            self.staged.fault(Fault {
                pointer: Some(pointer.to_owned()),
                ..Code::Encoding.at(offset, "the text is not UTF-8")
            });
        }
        self.buffer.consume(length);
    }

    /// The next value of the window as a `T`, with its length; the window stays where it is.
    fn value<T, U>(&mut self, keep: impl Fn(T, usize) -> U) -> Walk<U>
    where
        T: for<'a> serde::Deserialize<'a>,
    {
        loop {
            let bytes = self.buffer.bytes();
            let mut read = None;
            let result = element::<T>(bytes, |value| {
                read = Some(value);
                Ok(())
            });
            match (result, read) {
                // A number that touches the window's end may go on behind it.
                (Ok(length), _) if length == bytes.len() && !self.buffer.ended() => {}
                (Ok(length), Some(value)) => return Ok(keep(value, length)),
                (Err(ElementError::Syntax { message, offset }), _) => {
                    return Err(Code::JsonSyntax.at(self.buffer.offset() + offset, message));
                }
                (Err(ElementError::Meaning(problem)), _) => {
                    return Err(Code::JsonSyntax.at(self.buffer.offset(), problem.message));
                }
                (Err(ElementError::Incomplete) | Ok(_), _) if self.buffer.ended() => {
                    return Err(self.truncated());
                }
                (Err(ElementError::Incomplete) | Ok(_), _) => {}
            }
            self.buffer.fill()?;
        }
    }

    fn truncated(&self) -> Fault {
        let end = self.buffer.offset() + self.buffer.bytes().len() as u64;
        Code::JsonTruncated.at(end, "the JSON ends in the middle of a value")
    }

    fn key(&mut self) -> Walk<String> {
        if self.buffer.peek()? != Some(b'"') {
            return Err(self.unexpected("a key in double quotes"));
        }
        let (key, length) = self.value::<String, _>(|key, length| (key, length))?;
        self.buffer.consume(length);
        if self.buffer.peek()? != Some(b':') {
            return Err(self.unexpected("`:`"));
        }
        self.buffer.consume(1);
        self.buffer.peek()?;
        Ok(key)
    }

    fn envelope_value(&mut self, key: &str, envelope: &mut Envelope) -> Walk<()> {
        let (value, length) = self.value::<Box<RawValue>, _>(|value, length| (value, length))?;
        if length <= ENVELOPE_VALUE {
            envelope.0.insert(key.to_owned(), value);
        }
        self.pass(length, &format!("/{key}"));
        Ok(())
    }

    /// Whether another member follows; consumes commas and the closing byte.
    fn separated(&mut self, separator: &mut Separator, close: u8) -> Walk<bool> {
        let next = self.buffer.peek()?;
        let first = std::mem::replace(separator, Separator::Next) == Separator::First;
        match next {
            None => Err(self.truncated()),
            Some(byte) if byte == close => {
                self.buffer.consume(1);
                Ok(false)
            }
            Some(b',') if !first => {
                self.buffer.consume(1);
                self.after_comma(close)
            }
            Some(_) if first => Ok(true),
            Some(_) => Err(self.unexpected("`,` or the end of the list")),
        }
    }

    fn after_comma(&mut self, close: u8) -> Walk<bool> {
        match self.buffer.peek()? {
            None => Err(self.truncated()),
            Some(byte) if byte == close || byte == b',' => Err(self.unexpected("a value")),
            Some(_) => Ok(true),
        }
    }

    fn unexpected(&self, expected: &str) -> Fault {
        match self.buffer.bytes().first() {
            None => self.truncated(),
            Some(_) => Code::JsonSyntax.at(self.buffer.offset(), format!("expected {expected}")),
        }
    }
}

#[derive(PartialEq)]
enum Separator {
    First,
    Next,
}

fn count(records: &mut RecordCounts, format: &Format) {
    *(format.counter)(records) += 1;
}

fn unknown(offset: u64, keys: &BTreeSet<String>) -> Fault {
    let shown: Vec<String> = keys
        .iter()
        .take(5)
        .map(|key| format!("`{}`", key.escape_debug()))
        .collect();
    let message = if keys.is_empty() {
        "the document is an empty object".to_owned()
    } else {
        format!(
            "no list of an AWS Config export that is read; its keys are {}",
            shown.join(", ")
        )
    };
    Code::Unknown.at(offset, message)
}

fn ambiguous(offset: u64, lists: &[(&'static Format, usize)]) -> Fault {
    let keys: Vec<String> = lists
        .iter()
        .map(|(format, _)| format!("`{}`", format.key))
        .collect();
    Code::Ambiguous.at(
        offset,
        format!("the lists {} stand in one document", keys.join(" and ")),
    )
}
