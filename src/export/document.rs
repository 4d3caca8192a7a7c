//! Walks the JSON documents of one file, whatever they are wrapped in. Elements of a list are read
//! one by one as they stream past.
//!
//! A document is an object with one list that is known by its key, an array or a single element
//! that are known by the element's keys, or an envelope around one of these: a recorded answer, a
//! notification, an event. Several may stand one after the other, or in an array.

use std::collections::BTreeSet;
use std::io::BufRead;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::evidence::{Fault, InputIndex, Listing, ListingIndex, ListingKind, Place, Provenance};
use crate::private;

use super::close::{ambiguous, conclude, count, unknown};
use super::element::ElementError;
use super::envelope::{Envelope, is_token};
use super::fault::Code;
use super::formats::{self, Format, unread};
use super::refusal;
use super::staged::Staged;
use super::surrogate;
use super::token::{Keys, Separator, Tokens, Walk};
use super::wrapper::{self, Wrapper, wrapper};

/// Values of an envelope larger than this are passed over, but for a token, which cuts its answer
/// however long it is, and the resources of a finding that stands alone.
const ENVELOPE_VALUE: usize = 64 * 1024;
/// No envelope has nearly as many keys.
const ENVELOPE_KEYS: usize = 1000;
/// Deeper than an event in a notification in a queue's message in a recorded answer, nothing is
/// unwrapped.
const DEPTH: usize = 8;

/// Reads all documents of `text` into `staged`. Stops at what makes the rest unreadable; that,
/// and every fault before it, is noted there.
pub fn read_documents(text: impl BufRead, staged: &mut Staged) {
    let mut walker = Walker {
        tokens: Tokens::new(text),
        staged,
        document: 0,
        pointer: String::new(),
        depth: 0,
        stream: false,
    };
    if let Err(fault) = walker.documents() {
        let fault = walker.tokens.cause_of(fault);
        walker.staged.fault(fault);
    }
    walker.staged.halves += walker.tokens.halves();
}

struct Walker<'s, R> {
    tokens: Tokens<R>,
    staged: &'s mut Staged,
    document: u32,
    /// JSON pointer to the object that is read.
    pointer: String,
    depth: usize,
    /// Whether an event or notification is around it.
    stream: bool,
}

/// What was found in an object.
#[derive(Default)]
struct Found {
    envelope: Envelope,
    lists: Vec<(&'static Format, usize)>,
    keys: BTreeSet<String>,
    wrapped: usize,
    /// Whether a value that was not kept holds fields of an answer.
    has_fields: bool,
}

impl Found {
    /// The fault of an object of which nothing is known.
    fn unknown(&self, offset: u64) -> Fault {
        let fault = unknown(offset, &self.keys);
        if self.has_fields || refusal::has_fields(&self.envelope.as_object()) {
            refusal::renamed(fault)
        } else {
            fault
        }
    }
}

impl<R: BufRead> Walker<'_, R> {
    fn documents(&mut self) -> Walk<()> {
        while let Some(byte) = self.tokens.behind_padding()? {
            match byte {
                b'{' => self.object()?,
                b'[' => self.array()?,
                _ => return Err(self.not_a_document()),
            }
            self.document += 1;
        }
        if self.document == 0 {
            return Err(Code::Empty.fault("the file is empty"));
        }
        Ok(())
    }

    fn not_a_document(&mut self) -> Fault {
        let offset = self.tokens.offset();
        let start = match self.tokens.start(private::START) {
            Ok(start) => start,
            Err(fault) => return fault,
        };
        if private::is_text(start.as_bytes()) {
            return Code::Key.at(offset, "it holds a private key").foreign();
        }
        if let Some(fault) = refusal::of_text(offset, &start) {
            return fault;
        }
        // Its text stays out of what is shown and handed in: it may be a secret.
        let first = refusal::class_of_first(&start);
        let message =
            format!("it is not an object of an AWS Config export: it begins with {first}");
        let fault = Code::Unknown.at(offset, message);
        // A client may have written a prompt in front of the answer.
        if formats::FORMATS
            .iter()
            .any(|format| start.contains(&format!("\"{}\"", format.key)))
            || self.staged.begun.is_some()
        {
            return refusal::beside_an_answer(fault);
        }
        fault.foreign()
    }

    fn object(&mut self) -> Walk<()> {
        let offset = self.tokens.offset();
        if self.depth == DEPTH {
            return Err(Code::Unknown.at(offset, "it is wrapped too many times"));
        }
        self.depth += 1;
        self.tokens.consume(1);
        let mut found = Found::default();
        let mut separator = Separator::First;
        while self.tokens.separated(&mut separator, b'}')? {
            let key = self.tokens.key()?;
            self.member(&key, &mut found)?;
            self.note_key(key, &mut found.keys)?;
        }
        self.depth -= 1;
        self.close(offset, &found)
    }

    fn member(&mut self, key: &str, found: &mut Found) -> Walk<()> {
        let next = self.tokens.peek()?;
        if let (Some(b'['), Some(format)) = (next, formats::by_key(key)) {
            let index = self.staged.listings.len();
            let format = self.list(format, key)?;
            found.lists.push((format, index));
            return Ok(());
        }
        if next == Some(b'[') && wrapper::is_list(key) {
            found.wrapped += 1;
            return self.wrapped_list(key);
        }
        match (next, wrapper(key)) {
            (Some(b'{'), Some(wrapper)) => {
                found.wrapped += 1;
                self.inside(key, wrapper, Self::object)
            }
            (Some(b'"'), Some(wrapper)) => self.wrapped_text(key, wrapper, found),
            _ => self.envelope_value(key, found),
        }
    }

    /// Goes into the value of a key.
    fn inside<T>(
        &mut self,
        key: &str,
        wrapper: &Wrapper,
        read: impl FnOnce(&mut Self) -> Walk<T>,
    ) -> Walk<T> {
        let (length, stream) = (self.pointer.len(), self.stream);
        self.pointer.push('/');
        self.pointer.push_str(key);
        self.stream |= wrapper.stream;
        let read = read(self)?;
        self.pointer.truncate(length);
        self.stream = stream;
        Ok(read)
    }

    /// A document that stands as a string in another; every other string is passed over.
    fn wrapped_text(&mut self, key: &str, wrapper: &Wrapper, found: &mut Found) -> Walk<()> {
        let offset = self.tokens.offset();
        let (text, length) = self.tokens.value::<String>()?;
        self.pass(length, key);
        let Some(text) = wrapper::object_in(wrapper, text) else {
            return Ok(());
        };
        found.wrapped += 1;
        self.inside(key, wrapper, |outer| {
            let mut inner = Walker {
                tokens: Tokens::within(&*text, text.len(), offset),
                staged: outer.staged,
                document: outer.document,
                pointer: outer.pointer.clone(),
                depth: outer.depth,
                stream: outer.stream,
            };
            inner.tokens.peek()?;
            inner.object()?;
            inner.staged.halves += inner.tokens.halves();
            match inner.tokens.peek()? {
                None => Ok(()),
                Some(_) => Err(Code::JsonSyntax.at(offset, "something follows the object")),
            }
        })
    }

    /// A list of records or messages, each around a document.
    fn wrapped_list(&mut self, key: &str) -> Walk<()> {
        let offset = self.tokens.offset();
        self.tokens.consume(1);
        let keys = match self.tokens.peek()? {
            Some(b'{') => self.tokens.value::<Keys>()?.0.0.into_iter().collect(),
            Some(b']') => {
                self.tokens.consume(1);
                self.staged.empty_arrays += 1;
                return Ok(());
            }
            _ => BTreeSet::new(),
        };
        let shown: Vec<&str> = keys.iter().map(String::as_str).collect();
        if !wrapper::wraps(&shown) {
            let refused = refusal::of_keys(offset, &shown);
            let refused = refused.or_else(|| refusal::of_keys(offset, &[key]));
            return Err(refused.unwrap_or_else(|| unknown(offset, &keys)));
        }
        self.inside(key, &wrapper::EACH, Self::documents_of_array)
    }

    fn note_key(&self, key: String, keys: &mut BTreeSet<String>) -> Walk<()> {
        let offset = self.tokens.offset();
        if keys.len() == ENVELOPE_KEYS {
            return Err(Code::TooLarge.at(offset, "the document has too many keys"));
        }
        match keys.replace(key) {
            None => Ok(()),
            Some(key) => {
                let key = key.escape_debug();
                let message = format!("the key `{key}` stands twice in one document");
                Err(Code::Shape.at(offset, message))
            }
        }
    }

    /// What the whole object says of its list, or which element it is itself.
    fn close(&mut self, offset: u64, found: &Found) -> Walk<()> {
        match &found.lists[..] {
            [] if found.wrapped == 1 => {}
            [] if found.wrapped == 0 => return self.single(offset, found),
            [(format, index)] if found.wrapped == 0 => {
                conclude(format, *index, &found.envelope, self.staged);
            }
            lists => self.staged.fault(ambiguous(offset, lists)),
        }
        Ok(())
    }

    /// The object is no list's document: is it an element?
    fn single(&mut self, offset: u64, found: &Found) -> Walk<()> {
        let keys: Vec<&str> = found.keys.iter().map(String::as_str).collect();
        let known = formats::by_marks(&keys).or_else(|| unread::by_keys(&keys));
        let Some(format) = known else {
            let refused = refusal::of_keys(offset, &keys);
            self.staged
                .fault(refused.unwrap_or_else(|| found.unknown(offset)));
            return Ok(());
        };
        let at = Provenance {
            offset,
            ..self.next_in_sequence(format)
        };
        let text = found.envelope.as_object();
        count(self.staged, format);
        let problem = match (format.read)(&text, at, self.staged) {
            Ok(_) => return Ok(()),
            Err(ElementError::Meaning(problem)) => problem,
            Err(ElementError::Refused(what)) => return Err(self.refused(at, &what)),
            Err(_) => {
                self.staged.fault(self.tokens.truncated());
                return Ok(());
            }
        };
        let fault = Fault {
            pointer: Some(format!("{}{}", self.pointer, problem.pointer)),
            ..problem.code.at(offset, problem.message)
        };
        self.staged.fault(refusal::of_element(fault, &text));
        Ok(())
    }

    /// What another wrote is no list of its format.
    fn refused(&mut self, at: Provenance, what: &str) -> Fault {
        if at.element == 0 {
            self.staged.listings.pop();
        }
        refusal::of_another(at.offset, what)
    }

    /// The place of the next element that is a document of its own: consecutive ones of one kind
    /// are one list.
    fn next_in_sequence(&mut self, format: &'static Format) -> Provenance {
        let goes_on = self.staged.listings.last().is_some_and(|last| {
            last.sequence
                && last.operation == format.operation
                && last.pointer == self.pointer
                && last.document + last.elements == self.document
        });
        if !goes_on {
            let pointer = self.pointer.clone();
            self.open(format, pointer);
            let last = self.staged.listings.last_mut().expect("just opened");
            last.sequence = true;
        }
        let index = self.staged.listings.len() - 1;
        let listing = &mut self.staged.listings[index];
        let element = listing.elements;
        listing.elements += 1;
        Provenance {
            listing: ListingIndex(u32::try_from(index).expect("fewer than 2^32 lists")),
            element,
            offset: 0,
        }
    }

    fn open(&mut self, format: &'static Format, pointer: String) {
        self.staged.listings.push(Listing {
            input: InputIndex(0),
            document: self.document,
            operation: format.operation,
            kind: if self.stream {
                ListingKind::Stream
            } else {
                format.kind
            },
            pointer,
            sequence: false,
            elements: 0,
            next_token: false,
            pack: None,
            path_place: Place::default(),
            disputed: None,
            job: None,
            captured: None,
        });
    }

    /// An array at the root: of elements, as `--query` leaves it, or of documents.
    fn array(&mut self) -> Walk<()> {
        let offset = self.tokens.offset();
        self.tokens.consume(1);
        let keys = match self.tokens.peek()? {
            Some(b'{') => self.tokens.value::<Keys>()?.0.0,
            Some(b']') => {
                self.tokens.consume(1);
                self.staged.empty_arrays += 1;
                return Ok(());
            }
            None => return Err(self.tokens.truncated()),
            Some(first) => return Err(self.no_list(offset, first)),
        };
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        if let Some(format) = formats::by_marks(&keys) {
            return self.elements(format, "");
        }
        if wrapper::is_record(&keys) {
            return self.documents_of_array();
        }
        if let Some(refused) = refusal::of_keys(offset, &keys) {
            return Err(refused);
        }
        let is_list = |key: &&str| formats::by_key(key).is_some();
        if !wrapper::wraps(&keys) && !keys.iter().any(is_list) {
            return Err(refusal::projected(offset));
        }
        self.documents_of_array()
    }

    /// What an array is whose first element is no object; its first sign is behind.
    fn no_list(&mut self, offset: u64, first: u8) -> Fault {
        let rest = match self.tokens.start(ENVELOPE_VALUE) {
            Ok(rest) => rest,
            Err(fault) => return fault,
        };
        let known = refusal::of_text(offset, &format!("[{rest}"));
        let projected = refusal::projected(offset);
        known.unwrap_or_else(|| match first {
            b'"' | b'[' | b'0'..=b'9' | b'-' | b't' | b'f' | b'n' => projected,
            _ => projected.foreign(),
        })
    }

    /// The documents of an array whose first sign is behind.
    fn documents_of_array(&mut self) -> Walk<()> {
        let length = self.pointer.len();
        let mut separator = Separator::First;
        let mut index = 0_u32;
        while self.tokens.separated(&mut separator, b']')? {
            if self.tokens.peek()? != Some(b'{') {
                return Err(self.not_a_document());
            }
            self.pointer.push('/');
            self.pointer.push_str(&index.to_string());
            self.object()?;
            self.pointer.truncate(length);
            index = index.checked_add(1).ok_or_else(|| self.too_many())?;
        }
        Ok(())
    }

    /// Gives the format of its elements: two have lists of the same key.
    fn list(&mut self, mut format: &'static Format, key: &str) -> Walk<&'static Format> {
        self.tokens.consume(1);
        self.staged.begun = Some(format.operation);
        if self.tokens.peek()? == Some(b'{') {
            let (keys, _) = self.tokens.value::<Keys>()?;
            let keys: Vec<&str> = keys.0.iter().map(String::as_str).collect();
            let marked = formats::by_marks(&keys).filter(|marked| marked.key == format.key);
            if let Some(marked) = marked {
                format = marked;
            } else if let Some(refused) = refusal::of_keys(self.tokens.offset(), &keys) {
                return Err(refused);
            }
        }
        let pointer = format!("{}/{key}", self.pointer);
        self.elements(format, &pointer)?;
        Ok(format)
    }

    fn elements(&mut self, format: &'static Format, pointer: &str) -> Walk<()> {
        let index = self.staged.listings.len();
        self.open(format, pointer.to_owned());
        let mut at = Provenance {
            listing: ListingIndex(u32::try_from(index).map_err(|_| self.too_many())?),
            element: 0,
            offset: 0,
        };
        let mut separator = Separator::First;
        while self.tokens.separated(&mut separator, b']')? {
            self.tokens.peek()?;
            at.offset = self.tokens.offset();
            self.element(format, pointer, at)?;
            count(self.staged, format);
            at.element = at.element.checked_add(1).ok_or_else(|| self.too_many())?;
        }
        self.staged.listings[index].elements = at.element;
        Ok(())
    }

    fn too_many(&self) -> Fault {
        Code::TooLarge.at(self.tokens.offset(), "more elements than can be counted")
    }

    fn element(&mut self, format: &Format, list: &str, at: Provenance) -> Walk<()> {
        loop {
            match (format.read)(self.tokens.text(), at, self.staged) {
                Ok(length) => {
                    self.check_element(length, list, at);
                    return Ok(());
                }
                Err(ElementError::Incomplete) if !self.tokens.ended() => self.tokens.fill()?,
                Err(ElementError::Incomplete) => return Err(self.tokens.truncated()),
                Err(ElementError::Syntax { message, offset }) => {
                    if self.tokens.replace_halves() {
                        continue;
                    }
                    return Err(Code::JsonSyntax.at(self.tokens.offset_at(offset), message));
                }
                Err(ElementError::Refused(what)) => return Err(self.refused(at, &what)),
                Err(ElementError::Meaning(problem)) => {
                    let pointer = format!("{list}/{}{}", at.element, problem.pointer);
                    let fault = Fault {
                        pointer: Some(pointer.clone()),
                        ..problem.code.at(at.offset, problem.message)
                    };
                    let (_, length) = self.tokens.value::<IgnoredAny>()?;
                    let element = &self.tokens.text()[..length];
                    self.staged.fault(refusal::of_element(fault, element));
                    self.check(length, &pointer);
                    return Ok(());
                }
            }
        }
    }

    /// The pointer is only made where it is needed.
    fn check_element(&mut self, length: usize, list: &str, at: Provenance) {
        if self.tokens.bad_within(length).is_some() {
            self.check(length, &format!("{list}/{}", at.element));
        } else {
            self.tokens.consume(length);
        }
    }

    fn pass(&mut self, length: usize, key: &str) {
        let pointer = format!("{}/{key}", self.pointer);
        self.check(length, &pointer);
    }

    /// Leaves a value behind, of which all bytes must be UTF-8.
    fn check(&mut self, length: usize, pointer: &str) {
        if let Some(offset) = self.tokens.bad_within(length) {
            self.staged.fault(Fault {
                pointer: Some(pointer.to_owned()),
                ..Code::Encoding.at(offset, "the text is not UTF-8")
            });
        }
        self.tokens.consume(length);
    }

    fn envelope_value(&mut self, key: &str, found: &mut Found) -> Walk<()> {
        let (value, length) = self.tokens.value::<Box<RawValue>>()?;
        // Its text was not read yet.
        if !surrogate::halves(value.get(), true).is_empty() && self.tokens.replace_halves() {
            return self.envelope_value(key, found);
        }
        if length <= ENVELOPE_VALUE || is_token(key) || key == "resources" {
            found.envelope.keep(key, value);
        } else {
            let start = &value.get()[..value.get().floor_char_boundary(ENVELOPE_VALUE)];
            found.has_fields |= refusal::has_fields(start);
        }
        self.pass(length, key);
        Ok(())
    }
}
