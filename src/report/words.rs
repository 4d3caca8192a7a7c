//! The words for results as the report spells them: one vocabulary for documents and screen.

use std::sync::LazyLock;

use serde_json::Value;

use crate::engagement::Language;

use super::pdf::Templates;

/// What findings are called in Korean, on paper and on the screen: one word for one thing.
pub const FINDINGS: &str = "판정";
/// What gaps are called.
pub const GAPS: &str = "증적 공백";
/// What inputs are called.
pub const INPUTS: &str = "입력 파일";
/// What controls are called.
pub const CONTROLS: &str = "통제항목";

static KO: LazyLock<Value> = LazyLock::new(|| Templates::default().texts(Language::Ko));
static EN: LazyLock<Value> = LazyLock::new(|| Templates::default().texts(Language::En));

/// What the report calls `code`, a word of the JSON (`not_checked`), in its table of such words
/// (`gap`); `None` where it has none.
pub fn word(language: Language, table: &str, code: &str) -> Option<&'static str> {
    let texts: &'static Value = match language {
        Language::Ko => &KO,
        Language::En => &EN,
    };
    texts.get(table)?.get(code)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_in_its_table_alone() {
        let word = |table, code| word(Language::Ko, table, code);
        assert_eq!(word("gap", "not_checked"), Some("확인하지 않음"));
        assert_eq!(word("gap", "nothing"), None);
        assert_eq!(word("nothing", "not_checked"), None);
    }

    #[test]
    fn the_report_calls_things_by_their_one_word() {
        let word = |table, code| word(Language::Ko, table, code);
        for (name, table, code) in [
            (FINDINGS, "summary", "verdicts"),
            (FINDINGS, "sheets", "finding"),
            (GAPS, "gaps", "heading"),
            (GAPS, "summary", "gap"),
            (INPUTS, "inputs", "heading"),
            (CONTROLS, "controls", "heading"),
        ] {
            assert_eq!(word(table, code), Some(name), "{table}.{code}");
        }
    }
}
