//! What is known of places, for one rule after another to be looked at there; and what is then known of
//! the rule.

use std::collections::BTreeMap;

use crate::evidence::Text;
use crate::time::Moment;

use super::Subject;
use super::absent::Absent;
use super::because::Because;
use super::claims::{At, Claims};
use super::counts::AllExceeding;
use super::described::Described;
use super::existing::Existing;
use super::model::Seen;
use super::packs::{PackAnswer, Packs};
use super::unread::{Unread, UnreadInput};

/// Something fails, or may fail, that the rows do not show: as of when, if that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hidden(pub Option<Moment>);

/// What was seen of a rule at one place, and what leaves it open.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// The region of which it tells; of a global rule the one that decides, empty where unknown.
    pub region: Text,
    /// The state.
    pub state: Seen,
    /// Why it is open.
    pub because: Vec<Because>,
    /// What should be known and decides nothing.
    pub notes: Vec<Because>,
    /// Whether a verdict on the whole rule, or a snapshot, stands beside its rows.
    pub rule_level: bool,
    /// When the answer was taken that covers it, if that is known.
    pub taken: Option<Moment>,
    /// Something fails that the rows do not show.
    pub hidden: Option<Hidden>,
}

/// What is known of places, beside what deployed rules say.
pub struct Places<'p, 'e, 'b> {
    /// What is assessed.
    pub subject: &'p Subject<'e>,
    /// What is said of each deployed rule.
    pub claims: &'p Claims<'e, 'b>,
    /// The conformance packs.
    pub packs: &'p Packs<'e>,
    /// What does not exist.
    pub absent: &'p Absent<'e>,
    /// What exists.
    pub existing: &'p Existing<'p, 'b>,
    /// Where rules are described.
    pub described: &'p Described,
    /// The counts that are higher than what was read.
    pub exceeding: &'p AllExceeding,
    /// Failing rules that are described nowhere, by place and resource type.
    pub unknown: &'p BTreeMap<(Text, Text, Text), (Text, String)>,
    /// Inputs that could not be read.
    pub unread: &'p Unread,
}

impl Places<'_, '_, '_> {
    /// The input that could not be read and may hold rows of a rule of these names there.
    pub fn unreadable(&self, at: &At, names: [&str; 2]) -> Option<&UnreadInput> {
        self.unread.of(at, names)
    }

    /// An answer about a pack that was cut off, and to which a rule of this name may belong.
    pub fn cut_pack<'p>(&'p self, at: &'p At, rule: Option<&'p Text>) -> Option<&'p PackAnswer> {
        self.cut_packs(at, rule).next()
    }

    /// All such answers.
    pub fn cut_packs<'p>(
        &'p self,
        at: &'p At,
        rule: Option<&'p Text>,
    ) -> impl Iterator<Item = &'p PackAnswer> {
        let answers = self.packs.answers(at, rule.map(|rule| &**rule));
        answers.filter(|answer| !answer.whole)
    }
}
