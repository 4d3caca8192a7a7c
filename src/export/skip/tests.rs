use proptest::prelude::*;
use serde::de::IgnoredAny;

use super::*;

/// JSON values as people and programs lay them out.
pub fn json() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|value| value.to_string()),
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,3})?",
        text(),
    ];
    scalar.prop_recursive(5, 60, 6, |inner| {
        let member = (space(), text(), space(), space(), inner.clone(), space());
        let member =
            member.prop_map(|(a, key, b, c, value, d)| format!("{a}{key}{b}:{c}{value}{d}"));
        let element = (space(), inner, space()).prop_map(|(a, value, b)| format!("{a}{value}{b}"));
        prop_oneof![
            (prop::collection::vec(member, 0..6), space())
                .prop_map(|(members, space)| format!("{{{}}}", joined(&members, &space))),
            (prop::collection::vec(element, 0..6), space())
                .prop_map(|(elements, space)| format!("[{}]", joined(&elements, &space))),
        ]
    })
}

fn joined(members: &[String], space: &str) -> String {
    if members.is_empty() {
        return space.to_owned();
    }
    members.join(",")
}

fn space() -> impl Strategy<Value = String> {
    prop_oneof![4 => Just(String::new()), 1 => "[ \t\r\n]{1,3}"]
}

/// A string of JSON: plain, escaped, beyond ASCII, long and short.
fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        6 => "[a-zA-Z0-9:/_{},. \\[\\]-]{0,24}",
        2 => "\\\\[\"\\\\/bfnrt]",
        1 => "\\\\u[0-9a-fA-F]{4}",
        1 => "[가-힣é🚀\u{7f}\u{80}]{1,5}",
    ];
    prop::collection::vec(part, 0..4).prop_map(|parts| format!("\"{}\"", parts.concat()))
}

/// Changes one place of a text: what results is mostly wrong.
pub fn damaged(json: &str, place: prop::sample::Index, byte: u8, how: u8) -> String {
    let mut bytes = json.as_bytes().to_vec();
    let at = place.index(bytes.len());
    match how {
        0 => bytes[at] = byte,
        1 => bytes.insert(at, byte),
        2 => drop(bytes.remove(at)),
        3 => bytes.truncate(at),
        _ => bytes[at] ^= 1 << (byte % 8),
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A byte that means something in JSON, or any.
pub fn telling() -> impl Strategy<Value = u8> {
    let signs = b"{}[]:,\"\\ \n\0\x1f0-+.eEtfnu/".to_vec();
    prop_oneof![3 => prop::sample::select(signs), 1 => any::<u8>()]
}

/// What `serde_json` says of the same: where the first value ends.
fn of_serde(text: &str) -> Option<usize> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    Some(values.byte_offset())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_value_ends_where_serde_json_says(json in json(), next in "[,\\]} \n]") {
        let text = format!("{json}{next}");
        prop_assert_eq!(value(text.as_bytes(), 0), of_serde(&text), "{}", text);
    }

    #[test]
    fn what_serde_json_refuses_is_not_passed_over(
        json in json(),
        place in any::<prop::sample::Index>(),
        byte in telling(),
        how in 0_u8..5,
    ) {
        let text = format!("[{}]", damaged(&json, place, byte, how));
        let end = value(text.as_bytes(), 0);
        if end.is_some() {
            prop_assert_eq!(end, of_serde(&text), "{}", text);
        } else {
            // It is left to serde_json only where something is wrong, or cut.
            prop_assert_eq!(of_serde(&text), None, "{}", text);
        }
    }
}

#[test]
fn what_is_nested_deeper_than_any_resource_is_left_to_serde_json() {
    let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(value(nested(64).as_bytes(), 0), Some(128));
    assert_eq!(value(nested(65).as_bytes(), 0), None);
    assert_eq!(of_serde(&nested(65)), Some(130));
}

#[test]
fn a_value_that_may_go_on_behind_the_text_has_no_end() {
    for text in [
        "", " ", "1", "-", "1.", "1e", "1e+", "tru", "\"a", "\"a\\", "\"\\u12", "[1", "{\"a\":1",
    ] {
        assert_eq!(value(text.as_bytes(), 0), None, "{text}");
    }
}
