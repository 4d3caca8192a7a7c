//! The words for results as the report spells them: one vocabulary for documents and screen.

use std::sync::LazyLock;

use serde_json::Value;

use crate::engagement::Language;

use super::pdf::Templates;

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
}
