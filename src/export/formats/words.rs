//! AWS's enumerations as far as exports use them. A word that is empty or null is absent; one that AWS
//! does not have is noted, and its record counts as the worse case.

use crate::export::staged::Staged;

/// A field whose value is one of a few words.
pub struct Enumeration {
    /// The field.
    pub field: &'static str,
    /// Its words.
    pub words: &'static [&'static str],
    /// Whether the case of letters is free: not where a word takes a record away.
    pub any_case: bool,
}

const fn words(field: &'static str, words: &'static [&'static str]) -> Enumeration {
    Enumeration {
        field,
        words,
        any_case: true,
    }
}

/// Spelled as AWS does, for one of the words takes a record away.
const fn exact(field: &'static str, words: &'static [&'static str]) -> Enumeration {
    Enumeration {
        field,
        words,
        any_case: false,
    }
}

pub const EVALUATION_MODE: Enumeration = exact("EvaluationMode", &["DETECTIVE", "PROACTIVE"]);
pub const RULE_MODE: Enumeration = words("Mode", &["DETECTIVE", "PROACTIVE"]);
pub const RULE_STATE: Enumeration = words(
    "ConfigRuleState",
    &["ACTIVE", "DELETING", "DELETING_RESULTS", "EVALUATING"],
);
pub const RULE_VISIBILITY: Enumeration =
    exact("RuleEvaluationVisibility", &["EXTERNAL", "INTERNAL"]);
pub const OWNER: Enumeration = words("Owner", &["AWS", "CUSTOM_LAMBDA", "CUSTOM_POLICY"]);
pub const RECORDING_SCOPE: Enumeration = words("recordingScope", &["INTERNAL", "PAID"]);
pub const RECORDING_STRATEGY: Enumeration = words(
    "useOnly",
    &[
        "ALL_SUPPORTED_RESOURCE_TYPES",
        "INCLUSION_BY_RESOURCE_TYPES",
        "EXCLUSION_BY_RESOURCE_TYPES",
    ],
);
pub const RECORDER_STATUS: Enumeration = words(
    "lastStatus",
    &["Pending", "Success", "Failure", "NotApplicable"],
);
pub const ITEM_STATUS: Enumeration = exact(
    "configurationItemStatus",
    &[
        "OK",
        "ResourceDiscovered",
        "ResourceNotRecorded",
        "ResourceDeleted",
        "ResourceDeletedNotRecorded",
    ],
);
pub const RECORD_STATE: Enumeration = exact("RecordState", &["ACTIVE", "ARCHIVED"]);
pub const EXPORT_STATUS: Enumeration =
    exact("Status", &["RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"]);

/// All of them. A verdict's own word is none of these: what is no verdict of AWS's is a fault.
#[cfg(test)]
pub const ENUMERATIONS: &[Enumeration] = &[
    EVALUATION_MODE,
    RULE_MODE,
    RULE_STATE,
    RULE_VISIBILITY,
    OWNER,
    RECORDING_SCOPE,
    RECORDING_STRATEGY,
    RECORDER_STATUS,
    ITEM_STATUS,
    RECORD_STATE,
    EXPORT_STATUS,
];

/// A value of an enumeration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// Missing, null or empty.
    Absent,
    /// One of AWS's, as the enumeration spells it.
    Known(&'static str),
    /// Another.
    Unknown,
}

impl Word {
    /// Whether it is this word.
    pub fn is(self, word: &str) -> bool {
        matches!(self, Self::Known(known) if known == word)
    }
}

impl Enumeration {
    /// Which of the words `text` is; an unknown one is noted.
    pub fn read(&self, text: Option<&str>, staged: &mut Staged) -> Word {
        let Some(text) = said(text) else {
            return Word::Absent;
        };
        let known = self
            .words
            .iter()
            .find(|word| **word == text || self.any_case && word.eq_ignore_ascii_case(text));
        known.map_or_else(
            || {
                staged.unknown_word(self.field, text);
                Word::Unknown
            },
            |word| Word::Known(word),
        )
    }
}

/// The text, if there is any: clients write what is absent as null or empty, too.
fn said(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}
