//! Rows from JSON text as `serde_json` reads them, but that what nobody keeps is passed over by
//! [`skip`](super::skip), and no byte is looked at twice.
//!
//! Only what is right is read here, and the same comes of it. Whatever is wrong, cut or unusual is an
//! error without a word: `serde_json` is asked again, and says what is the matter.

use std::iter::once;

use serde::de::value::{BorrowedStrDeserializer, MapDeserializer};
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, forward_to_deserialize_any};
use serde_json::Error;

use super::skip;

/// By this name `serde_json` asks for a value's text; without it a `RawValue` would be left to it.
const RAW: &str = "$serde_json::private::RawValue";
/// Deeper than any row, and less deep than `serde_json` goes.
const DEPTH: u8 = 100;

/// Reads a row from the start of `text`; gives how many bytes it took, too. `None` says nothing.
pub fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Option<(T, usize)> {
    // What delimits itself; where a number ends, what follows decides.
    if !text.starts_with('{') {
        return None;
    }
    let mut reader = Reader {
        text,
        at: 0,
        depth: DEPTH,
    };
    let row = T::deserialize(&mut reader).ok()?;
    Some((row, reader.at))
}

struct Reader<'de> {
    text: &'de str,
    at: usize,
    /// So many containers may still be opened.
    depth: u8,
}

fn unusual() -> Error {
    Error::custom("")
}

impl<'de> Reader<'de> {
    fn peek(&mut self) -> Result<u8, Error> {
        let (byte, at) = skip::peek(self.text.as_bytes(), self.at).ok_or_else(unusual)?;
        self.at = at;
        Ok(byte)
    }

    /// Leaves this byte behind, if it is the next.
    fn passed(&mut self, byte: u8) -> Result<bool, Error> {
        let is_next = self.peek()? == byte;
        self.at += usize::from(is_next);
        Ok(is_next)
    }

    fn pass(&mut self, byte: u8) -> Result<(), Error> {
        self.passed(byte)?.then_some(()).ok_or_else(unusual)
    }

    /// Leaves the first byte of a container behind; gives how many may be opened again at its end.
    fn open(&mut self, byte: u8) -> Result<u8, Error> {
        self.pass(byte)?;
        let depth = self.depth;
        self.depth = depth.checked_sub(1).ok_or_else(unusual)?;
        Ok(depth)
    }

    /// The text of the next value.
    fn value(&mut self) -> Result<&'de str, Error> {
        self.peek()?;
        let start = self.at;
        self.at = skip::value(self.text.as_bytes(), start).ok_or_else(unusual)?;
        Ok(&self.text[start..self.at])
    }

    /// The next string, where it stands as it is.
    fn plain(&mut self) -> Result<Option<&'de str>, Error> {
        if self.peek()? != b'"' {
            return Ok(None);
        }
        let (bytes, start) = (self.text.as_bytes(), self.at + 1);
        match skip::plain(bytes, start) {
            Some(end) if bytes[end] == b'"' => {
                self.at = end + 1;
                Ok(Some(&self.text[start..end]))
            }
            _ => Ok(None),
        }
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.peek()? {
            b'{' => return self.deserialize_map(visitor),
            b'[' => return self.deserialize_seq(visitor),
            _ => {}
        }
        if let Some(text) = self.plain()? {
            return visitor.visit_borrowed_str(text);
        }
        let value = self.value()?;
        serde_json::Deserializer::from_str(value).deserialize_any(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.value()?;
        visitor.visit_unit()
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.plain()? {
            Some(text) => visitor.visit_borrowed_str(text),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.peek()? == b'n' {
            self.value()?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        if name == RAW {
            let value = BorrowedStrDeserializer::new(self.value()?);
            return visitor.visit_map(MapDeserializer::new(once((name, value))));
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let depth = self.open(b'{')?;
        let mut members = Members::new(self, b'}');
        let value = visitor.visit_map(&mut members)?;
        let ended = members.ended.then_some(value).ok_or_else(unusual);
        self.depth = depth;
        ended
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let depth = self.open(b'[')?;
        let mut members = Members::new(self, b']');
        let value = visitor.visit_seq(&mut members)?;
        let ended = members.ended.then_some(value).ok_or_else(unusual);
        self.depth = depth;
        ended
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char unit unit_struct
        bytes byte_buf tuple tuple_struct enum
    }
}

/// What stands in an array or an object.
struct Members<'r, 'de> {
    reader: &'r mut Reader<'de>,
    close: u8,
    first: bool,
    ended: bool,
}

impl<'r, 'de> Members<'r, 'de> {
    fn new(reader: &'r mut Reader<'de>, close: u8) -> Self {
        Self {
            reader,
            close,
            first: true,
            ended: false,
        }
    }

    /// Whether another follows; leaves commas and the closing byte behind.
    fn follows(&mut self) -> Result<bool, Error> {
        let first = std::mem::replace(&mut self.first, false);
        if self.ended || self.reader.passed(self.close)? {
            self.ended = true;
            return Ok(false);
        }
        if !first {
            self.reader.pass(b',')?;
        }
        Ok(true)
    }
}

impl<'de> MapAccess<'de> for &mut Members<'_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        if !self.follows()? {
            return Ok(None);
        }
        let key = self.reader.plain()?.ok_or_else(unusual)?;
        seed.deserialize(Key(key)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        self.reader.pass(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}

impl<'de> SeqAccess<'de> for &mut Members<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        if !self.follows()? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

/// A key without escapes.
struct Key<'de>(&'de str);

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests;
