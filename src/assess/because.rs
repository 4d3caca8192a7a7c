//! Why a rule is open: each reason with the deployed rule and the file that opened it, and what to ask
//! AWS Config.

use crate::evidence::{ListingIndex, Text};

use super::Subject;
use super::model::GapKind;

/// One reason, with the deployed rule and the file that opened it, and what would fill it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Because {
    /// Which.
    pub kind: GapKind,
    /// The deployed rule that it is about, where it is about one.
    pub copy: Option<Text>,
    /// What the user should know, such as a count.
    pub detail: String,
    /// The input that opened it, `E0001`; empty where it is that nothing tells.
    pub input: String,
    /// What to ask AWS.
    pub ask: Ask,
    /// Whether the input does not say when it was taken: no later answer certainly replaces it.
    pub undated: bool,
}

/// What to ask AWS Config.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ask {
    /// Nothing that it answers would help.
    Nothing,
    /// The evaluations of a deployed rule.
    Details(Text),
    /// Which rules are deployed, and what they are.
    Rules,
    /// The verdicts on whole rules.
    Levels,
    /// Whether rules ran.
    Status,
    /// What is recorded.
    Recorders,
    /// Whether they run.
    RecorderStatus,
    /// Which resources of a type there are, and which were deleted.
    Discovered(Text),
    /// Which conformance packs there are, and what each lets its rules judge.
    Packs,
}

impl Because {
    /// A reason without more.
    pub fn new(kind: GapKind, ask: Ask) -> Self {
        Self {
            kind,
            copy: None,
            detail: String::new(),
            input: String::new(),
            ask,
            undated: false,
        }
    }

    /// With what the user should know.
    pub fn detail(self, detail: String) -> Self {
        Self { detail, ..self }
    }

    /// Of a deployed rule.
    pub fn of(self, copy: &Text) -> Self {
        let copy = Some(copy.clone());
        Self { copy, ..self }
    }

    /// Opened by this list.
    pub fn from(self, subject: &Subject<'_>, listing: ListingIndex) -> Self {
        let input = subject.evidence.listings[listing.0 as usize].input;
        self.of_input(subject.evidence.inputs[input.0 as usize].id.as_deref())
    }

    /// Opened by this input.
    pub fn of_input(self, input: Option<&str>) -> Self {
        let input = input.unwrap_or_default().to_owned();
        Self { input, ..self }
    }

    /// By a file that does not say when it was taken.
    pub fn undated(self) -> Self {
        let undated = true;
        Self { undated, ..self }
    }
}
