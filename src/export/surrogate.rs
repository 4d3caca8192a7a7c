//! Escapes of half a surrogate pair, as clients leave them that cut a text within a character
//! (RFC 8259, section 8.2). No text can hold them: the replacement character stands in their place.

use std::borrow::Cow;

/// Of the escape `\ud83d`, and of what replaces it.
const ESCAPE: usize = 6;
const REPLACEMENT: &str = "\\ufffd";

/// Where such escapes stand in JSON text. `ended` tells whether what a pair needs may still follow.
pub fn halves(text: &str, ended: bool) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(further) = bytes[at..].iter().position(|&byte| byte == b'\\') {
        at += further;
        let whole = bytes.len() - at >= 2 * ESCAPE || ended;
        match (unit(bytes, at), unit(bytes, at + ESCAPE)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => at += 2 * ESCAPE,
            (Some(0xd800..0xe000), _) if whole => {
                found.push(at);
                at += ESCAPE;
            }
            // An escaped backslash begins no escape.
            _ => at = bytes.len().min(at + 2),
        }
    }
    found
}

/// The UTF-16 code unit that is escaped at this byte.
fn unit(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = bytes.get(at..at + ESCAPE)?.strip_prefix(b"\\u")?;
    let digits = std::str::from_utf8(digits).ok()?;
    let are_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    u16::from_str_radix(digits, 16).ok().filter(|_| are_hex)
}

/// Replaces the escapes at these places, byte for byte as long.
pub fn replace(text: &mut String, places: impl Iterator<Item = usize>) {
    for place in places {
        text.replace_range(place..place + ESCAPE, REPLACEMENT);
    }
}

/// A whole JSON text without such escapes, and how many it had.
pub fn replaced(text: &str) -> (Cow<'_, str>, usize) {
    let found = halves(text, true);
    if found.is_empty() {
        return (Cow::Borrowed(text), 0);
    }
    let mut owned = text.to_owned();
    replace(&mut owned, found.iter().copied());
    (Cow::Owned(owned), found.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_replaced_and_pairs_and_escaped_backslashes_stay() {
        for (text, right, count) in [
            (
                r#""\ud83d\ude00 \uD83D\uDE00""#,
                r#""\ud83d\ude00 \uD83D\uDE00""#,
                0,
            ),
            (r#""a\ud83d""#, r#""a\ufffd""#, 1),
            (r#""\ude00\ud83d""#, r#""\ufffd\ufffd""#, 2),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#, 1),
            (
                r#""\ud83d\uac00\uD83Dx\n""#,
                r#""\ufffd\uac00\ufffdx\n""#,
                2,
            ),
            (r#""\\ud83d \\\ud83d""#, r#""\\ud83d \\\ufffd""#, 1),
            (r#""\ud55c\ud7a3\u+83d""#, r#""\ud55c\ud7a3\u+83d""#, 0),
            (r"\ud83d", r"\ufffd", 1),
            ("\\", "\\", 0),
        ] {
            assert_eq!(replaced(text), (Cow::Borrowed(right), count), "{text}");
        }
    }

    #[test]
    fn the_second_half_may_still_come() {
        assert_eq!(halves(r#""\ud83d"#, false), [0; 0]);
        assert_eq!(halves(r#""\ud83d\u"#, false), [0; 0]);
        assert_eq!(halves(r#""\ud83d\u00"#, true), [1]);
        assert_eq!(halves(r#""\ud83d", "b""#, false), [1]);
    }
}
