use std::borrow::Cow;
use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::*;
use crate::export::skip::tests::{damaged, json, telling};

/// Of every kind that the formats ask for.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    #[serde(borrow, alias = "arn")]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    raw: Option<&'a RawValue>,
    owned: Option<Box<RawValue>>,
    #[serde(borrow, default)]
    map: BTreeMap<Text<'a>, Option<Text<'a>>>,
    #[serde(borrow)]
    rows: Option<Vec<Row<'a>>>,
    count: Option<u64>,
    share: Option<f64>,
    flag: Option<bool>,
    any: Option<serde_json::Value>,
    words: Option<Vec<String>>,
}

#[derive(Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

const KEYS: [&str; 13] = [
    "name", "arn", "kind", "raw", "owned", "map", "rows", "count", "share", "flag", "any", "words",
    "other",
];

/// An object of which some values fit their keys.
fn row() -> impl Strategy<Value = String> {
    let map = prop::collection::btree_map("[a-z]{0,3}", "(null|\"[a-z]{0,3}\")", 0..3);
    let map = map.prop_map(|map| {
        let members = map.iter().map(|(key, value)| format!("\"{key}\":{value}"));
        format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
    });
    let value = prop_oneof![
        json(),
        "\"[a-z]{0,20}\"",
        "[0-9]{1,3}",
        "(true|false|null|\\[\\]|\\{\\})",
        "\\[(\"a\",\"b\\\\n\")?\\]",
        map,
    ];
    let members = prop::collection::vec((prop::sample::select(&KEYS[..]), value), 0..8);
    members
        .prop_recursive(2, 8, 2, |inner| {
            let rows = prop::collection::vec(inner, 0..3).prop_map(|rows| {
                let rows = rows.iter().map(|row| object(row));
                format!("[{}]", rows.collect::<Vec<_>>().join(","))
            });
            let value = prop_oneof![json(), "\"[a-z]{0,20}\"", rows];
            prop::collection::vec((prop::sample::select(&KEYS[..]), value), 0..6)
        })
        .prop_map(|members| object(&members))
}

fn object(members: &[(&str, String)]) -> String {
    let members = members
        .iter()
        .map(|(key, value)| format!("\"{key}\":{value}"));
    let kind = members.clone().any(|member| member.starts_with("\"kind\""));
    let kind = (!kind).then(|| "\"kind\":\"k\"".to_owned());
    format!("{{{}}}", members.chain(kind).collect::<Vec<_>>().join(","))
}

fn of_serde<'a, T: Deserialize<'a>>(text: &'a str) -> Option<(T, usize)> {
    let mut rows = serde_json::Deserializer::from_str(text).into_iter::<T>();
    let row = rows.next()?.ok()?;
    Some((row, rows.byte_offset()))
}

/// A row in words: raw values as they stand.
fn shown(read: Option<(Row<'_>, usize)>) -> Option<(String, usize)> {
    let (row, length) = read?;
    Some((serde_json::to_string(&row).expect("a row"), length))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_read_is_what_serde_json_reads(
        row in row(),
        damage in prop::option::of((any::<prop::sample::Index>(), telling(), 0_u8..5)),
    ) {
        let text = match damage {
            Some((place, byte, how)) => damaged(&row, place, byte, how),
            None => row,
        };
        let text = format!("{text},");
        let read = shown(read::<Row<'_>>(&text));
        if read.is_some() {
            prop_assert_eq!(read, shown(of_serde(&text)), "{}", text);
        }
        let ignored = super::read::<IgnoredAny>(&text);
        if let Some((_, length)) = ignored {
            let end = of_serde::<IgnoredAny>(&text).map(|(_, end)| end);
            prop_assert_eq!(Some(length), end, "{}", text);
        }
    }
}

#[test]
fn what_is_usual_is_not_read_twice() {
    let text = r#"{ "name":null, "kind":"k\n", "raw":{"a":[1,"\u00e9"]}, "owned":"b", "map":{"a":"b","c":null},
        "rows":[{"kind":"한"},{"kind":"l","count":3}], "count":7, "share":0.5, "flag":true, "any":{"c":[]},
        "words":["d"], "other":{"e":[]} } , "#;
    let (row, length) = read::<Row<'_>>(text).expect("it is usual");
    assert_eq!(length, text.len() - 3);
    assert_eq!(row.raw.map(RawValue::get), Some(r#"{"a":[1,"\u00e9"]}"#));
    assert_eq!(shown(Some((row, length))), shown(of_serde(text)));
}

#[test]
fn what_is_wrong_or_unusual_is_left_to_serde_json() {
    for text in [
        r#"{"kind":"k""#,
        r#"{"kind":"k",}"#,
        r#"{"kind":"k","kind":"l"}"#,
        r#"{"kind":"k","name":"a","arn":"b"}"#,
        r#"{"kind":7}"#,
        r#"{"name":"a"}"#,
        r#"{"kind":"\ud800"}"#,
        r#"{"kind":"k","k\u0069nd":"l"}"#,
        r#"{"kind":"k","rows":[{"kind":"l"},]}"#,
        r#" {"kind":"k"}"#,
        "null",
        "",
    ] {
        assert!(read::<Row<'_>>(text).is_none(), "{text}");
    }
    for depth in [90, 150, 100_000] {
        let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let text = format!("{{\"kind\":\"k\",\"any\":{nested}}}");
        assert_eq!(read::<Row<'_>>(&text).is_some(), depth == 90, "{depth}");
    }
}
