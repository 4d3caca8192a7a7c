//! Which characters can be shown, and what stands for the others.
//!
//! PDF/A (ISO 19005-3, 6.2.11.8) forbids text without a glyph, so one emoji in a tag would make
//! the whole report impossible; and what cannot be seen, or turns the direction of writing,
//! can make a report say what its data do not.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::Value;
use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_properties::{GeneralCategoryGroup as Group, UnicodeGeneralCategory};

use super::world;

/// Whether there is a glyph for the character and a reader sees it as what it is.
fn is_legible(c: char) -> bool {
    c == ' '
        || c.is_ascii_graphic()
        || ('가'..='힣').contains(&c)
        || (is_visible(c) && is_covered(c))
}

/// Whether every weight of the text's family has it, or a family that stands in for what it lacks.
fn is_covered(c: char) -> bool {
    let covers = |family: &'static str| {
        let infos = world::fonts().iter().map(typst::text::Font::info);
        let mut of_family = infos.filter(move |info| info.family == family);
        of_family.all(|info| info.coverage.contains(u32::from(c)))
    };
    covers(world::FAMILY) || world::SUPPLEMENTS.into_iter().any(covers)
}

/// Letters, numbers, punctuation and symbols are; marks that cling to their neighbour,
/// separators, controls and private characters are not; nor are letters that are blank.
fn is_visible(c: char) -> bool {
    const BLANK_LETTERS: [char; 5] = ['\u{115F}', '\u{1160}', '\u{3164}', '\u{FFA0}', '\u{2800}'];
    let group = c.general_category_group();
    matches!(
        group,
        Group::Letter | Group::Number | Group::Punctuation | Group::Symbol
    ) && !BLANK_LETTERS.contains(&c)
}

/// The text as the report can show it: canonically composed (NFC), then every character that
/// cannot be seen written as `\u{202E}`. A `\u{` of the text itself becomes `\u{5C}u{`, so that
/// an escape is always ours.
pub fn legible(text: &str) -> Cow<'_, str> {
    let composed: Cow<'_, str> = if is_nfc(text) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    };
    if composed.chars().all(is_legible) && !composed.contains("\\u{") {
        return composed;
    }
    let mut shown = String::with_capacity(composed.len() + 16);
    for (at, c) in composed.char_indices() {
        if !is_legible(c) || composed[at..].starts_with("\\u{") {
            write!(shown, "\\u{{{:X}}}", u32::from(c)).expect("writing to a string cannot fail");
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Makes every string of `value` legible and no longer than `limit` characters; `note` says, in
/// the place of the rest, how many there were.
pub(super) fn make_legible(value: &mut Value, limit: usize, note: &dyn Fn(usize, usize) -> String) {
    match value {
        Value::String(text) => {
            let length = text.chars().count();
            let cut = if length > limit {
                let head: String = text.chars().take(limit).collect();
                legible(&head).into_owned() + &note(limit, length)
            } else {
                legible(text).into_owned()
            };
            *text = cut;
        }
        Value::Array(items) => {
            for item in items {
                make_legible(item, limit, note);
            }
        }
        Value::Object(fields) => {
            for (_, field) in fields.iter_mut() {
                make_legible(field, limit, note);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_fonts_show_stays_as_it_is() {
        for text in [
            "arn:aws:s3:::bucket/키?*_$#[]{}<>\\\"'`",
            "주식회사 예시 – “운영명세서” (2026Q3) · ■ ○ → ㈜",
            "個人情報保護 管理體系, 漢字 かな カナ",
            "deploy 🚀 team 👍 🔒",
            "",
        ] {
            assert_eq!(legible(text), text);
        }
    }

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        for (text, shown) in [
            ("two 👩\u{200D}💻", "two 👩\\u{200D}💻"),
            ("heart \u{2764}\u{FE0F}", "heart \u{2764}\\u{FE0F}"),
            (
                "العربية",
                "\\u{627}\\u{644}\\u{639}\\u{631}\\u{628}\\u{64A}\\u{629}",
            ),
            ("a\nb\tc\0", "a\\u{A}b\\u{9}c\\u{0}"),
            ("\u{202E}gpj.exe", "\\u{202E}gpj.exe"),
            ("zero\u{200B}width\u{FEFF}", "zero\\u{200B}width\\u{FEFF}"),
            ("no\u{A0}break\u{3000}", "no\\u{A0}break\\u{3000}"),
            ("soft\u{AD}hyphen", "soft\\u{AD}hyphen"),
            ("filler\u{3164}\u{115F}", "filler\\u{3164}\\u{115F}"),
            ("private\u{E000}", "private\\u{E000}"),
            ("x\u{336}", "x\\u{336}"),
        ] {
            assert_eq!(legible(text), shown);
        }
    }

    #[test]
    fn hangul_that_a_mac_took_apart_is_put_together() {
        assert_eq!(legible("\u{1100}\u{1161}\u{11A8}"), "각");
        assert_eq!(legible("e\u{301}"), "é");
    }

    #[test]
    fn a_text_that_looks_like_an_escape_is_not_taken_for_one() {
        assert_eq!(legible("\\u{202E}"), "\\u{5C}u{202E}");
        assert_eq!(legible("C:\\users"), "C:\\users");
    }

    #[test]
    fn long_strings_are_cut_with_a_note_at_any_depth() {
        let mut value = serde_json::json!({"a": [{"b": "가나다라\u{0}"}], "c": 1});
        make_legible(&mut value, 2, &|n, m| format!("… {n}/{m}"));
        assert_eq!(
            value,
            serde_json::json!({"a": [{"b": "가나… 2/5"}], "c": 1})
        );
    }
}
