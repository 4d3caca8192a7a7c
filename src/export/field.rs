//! Fields of a row. Clients in typed languages write what AWS leaves out as null or as an empty text:
//! both are read like a field that is missing, in every format.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::value::{
    BorrowedStrDeserializer, MapAccessDeserializer, SeqAccessDeserializer, StrDeserializer,
};
use serde::de::{Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The message of a text that must not be empty; whoever knows the field names it.
pub const EMPTY: &str = "it is empty";

/// A field that AWS may leave out: `None` where it is missing, null or an empty text.
#[derive(Debug, Clone)]
pub struct Optional<T>(pub Option<T>);

impl<T> Default for Optional<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Deref for Optional<T> {
    type Target = Option<T>;

    fn deref(&self) -> &Option<T> {
        &self.0
    }
}

impl<'a> Optional<Text<'a>> {
    /// The text.
    pub fn text(self) -> Option<Cow<'a, str>> {
        self.0.map(|text| text.0)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Optional<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let one = deserializer.deserialize_option(Present(PhantomData))?;
        Ok(Self(one))
    }
}

/// A list, empty where it is missing, null or an empty text, as are elements of it that are not left
/// out. One element stands alone where a client unrolls lists of one.
#[derive(Debug, Clone)]
pub struct List<T>(pub Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list: Optional<Elements<T>> = Optional::deserialize(deserializer)?;
        Ok(Self(list.0.map(|list| list.0).unwrap_or_default()))
    }
}

/// A text that borrows where it can.
#[derive(Debug, Clone, Default)]
pub struct Text<'a>(pub Cow<'a, str>);

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Read)
    }
}

/// A text that must be there and must not be empty.
#[derive(Debug, Clone)]
pub struct Name<'a>(pub Cow<'a, str>);

impl Deref for Name<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Text(text) = Text::deserialize(deserializer)?;
        if text.is_empty() {
            return Err(Error::custom(EMPTY));
        }
        Ok(Self(text))
    }
}

/// Reads a `T` from whatever is no absent value.
struct Present<T>(PhantomData<T>);

/// Hands a simple value on.
macro_rules! hand_on {
    ($($method:ident: $type:ty),*) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<Option<T>, E> {
            T::deserialize(value.into_deserializer()).map(Some)
        }
    )*};
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Present<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, null or an empty string")
    }

    hand_on!(visit_bool: bool, visit_u64: u64, visit_i64: i64, visit_f64: f64);

    fn visit_none<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Option<T>, E> {
        if text.is_empty() {
            return Ok(None);
        }
        T::deserialize(BorrowedStrDeserializer::new(text)).map(Some)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Option<T>, E> {
        if text.is_empty() {
            return Ok(None);
        }
        T::deserialize(StrDeserializer::new(text)).map(Some)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Option<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Option<T>, A::Error> {
        T::deserialize(SeqAccessDeserializer::new(list)).map(Some)
    }
}

/// What a list holds, or the one element that stands for it.
struct Elements<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Elements<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Several(PhantomData)).map(Self)
    }
}

struct Several<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Several<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut elements = Vec::new();
        while let Some(Optional(element)) = list.next_element::<Optional<T>>()? {
            elements.extend(element);
        }
        Ok(elements)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Vec<T>, E> {
        let one = T::deserialize(BorrowedStrDeserializer::new(text))?;
        Ok(vec![one])
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<T>, E> {
        let one = T::deserialize(StrDeserializer::new(text))?;
        Ok(vec![one])
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<T>, A::Error> {
        let one = T::deserialize(MapAccessDeserializer::new(map))?;
        Ok(vec![one])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Row<'a> {
        #[serde(borrow)]
        name: Name<'a>,
        #[serde(borrow, alias = "Text")]
        text: Optional<Text<'a>>,
        count: Optional<u32>,
        flag: Optional<bool>,
        #[serde(borrow)]
        inner: Optional<Inner<'a>>,
        #[serde(borrow)]
        list: List<Text<'a>>,
        #[serde(borrow)]
        rows: List<Inner<'a>>,
    }

    #[derive(Debug, Deserialize)]
    struct Inner<'a> {
        #[serde(borrow)]
        text: Optional<Text<'a>>,
    }

    fn read(json: &str) -> Result<Row<'_>, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn null_and_an_empty_text_are_read_like_a_field_that_is_missing() {
        let absent = format!("{:?}", read(r#"{"name":"a"}"#).expect("a row"));
        for field in ["text", "Text", "count", "flag", "inner", "list", "rows"] {
            for value in ["null", "\"\""] {
                let json = format!(r#"{{"name":"a","{field}":{value}}}"#);
                let row = read(&json).expect("a row");
                assert_eq!(format!("{row:?}"), absent, "{json}");
            }
        }
    }

    #[test]
    fn what_is_there_is_read_and_borrowed_where_it_can_be() {
        let json = r#"{"name":"a","text":"b","count":3,"flag":true,"inner":{"text":"c"},"list":["d",null,"","e"],"rows":[{"text":"f"},null]}"#;
        let row = read(json).expect("a row");
        assert!(matches!(&row.text.0, Some(Text(Cow::Borrowed("b")))));
        assert_eq!((row.count.0, row.flag.0), (Some(3), Some(true)));
        let inner = row.inner.as_ref().and_then(|inner| inner.text.as_deref());
        assert_eq!(inner, Some("c"));
        assert_eq!(
            row.list.iter().map(|text| &**text).collect::<String>(),
            "de"
        );
        assert_eq!(row.rows.len(), 1);
        let escaped = read(r#"{"name":"\u0061"}"#).expect("a row");
        assert_eq!(&*escaped.name, "a");
    }

    #[test]
    fn rows_of_fields_are_read_without_serde_json_too() {
        let json = r#"{"name":"a","text":"","count":3,"inner":{"text":"c"},"list":["d",null],"rows":[{"text":"f"}]}"#;
        let (row, length) = crate::export::typed::read::<Row<'_>>(json).expect("it is usual");
        assert_eq!(
            format!("{row:?}"),
            format!("{:?}", read(json).expect("a row"))
        );
        assert_eq!(length, json.len());
    }

    #[test]
    fn an_element_that_stands_for_its_list_is_a_list_of_one() {
        let row = read(r#"{"name":"a","list":"d","rows":{"text":"f"}}"#).expect("a row");
        assert_eq!((row.list.len(), row.rows.len()), (1, 1));
    }

    #[test]
    fn what_is_needed_must_be_there_and_what_is_of_another_type_is_refused() {
        for json in [
            r"{}",
            r#"{"name":null}"#,
            r#"{"name":""}"#,
            r#"{"name":"a","text":1}"#,
            r#"{"name":"a","count":"many"}"#,
            r#"{"name":"a","inner":[]}"#,
            r#"{"name":"a","list":[1]}"#,
            r#"{"name":"a","list":1}"#,
        ] {
            assert!(read(json).is_err(), "{json}");
        }
    }
}
