//! What was seen of a rule at one place: from the words of its copies, and over regions.

use std::collections::BTreeSet;

use crate::evidence::Text;

use super::copy::Told;
use super::coverage::Shortfall;
use super::model::{GapKind, ReasonKind, Seen};
use super::place::CopyKey;

/// What was seen of a rule at one place, and what stands against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// The region of which it tells; of a global rule the one that decides, empty where unknown.
    pub region: Text,
    /// The state.
    pub state: Seen,
    /// Reasons beyond the state, such as a rule-level INSUFFICIENT_DATA.
    pub reasons: BTreeSet<ReasonKind>,
    /// What the user should know, such as a count.
    pub detail: String,
    /// The deployed copies there.
    pub deployed: BTreeSet<Text>,
    /// Whether a rule-level source stands beside the details.
    pub rule_level: bool,
    /// The copy that judges less than its rule could, where no other covers it.
    pub short: Option<(Text, Shortfall)>,
    /// A copy that judges everything, seen or not.
    pub whole_copy: Option<Text>,
    /// The copy whose word the state is.
    pub told_by: Option<Text>,
    /// Whether AWS says that something fails which was not exported.
    pub hidden_failure: bool,
    /// Whether all deployed rules are described, and it is none of them.
    pub not_deployed: bool,
}

impl Sight {
    /// What the user should know of a gap of this kind.
    pub fn detail_of(&self, kind: GapKind) -> String {
        match (kind, &self.short) {
            (
                GapKind::NarrowedScope | GapKind::RuleNotActive | GapKind::NotRecorded,
                Some((name, shortfall)),
            ) => format!("{name}: {}", shortfall.detail()),
            _ => self.detail.clone(),
        }
    }
}

/// A place: account, and region or `global`.
pub type At = (String, String);

/// What a copy tells, and what keeps it from telling everything.
pub type Word<'c> = (&'c CopyKey, Option<&'c Shortfall>, Told);

/// A contradicted copy makes the rule partial whatever another copy shows; one that was cut off, or
/// that judges less than the rule could, is covered by one that judges everything.
pub fn conclude(sight: &mut Sight, told: &[Word<'_>]) {
    let rank = |(_, shortfall, told): &&Word<'_>| match (told.state, shortfall.is_some()) {
        (Seen::Partial, _) if !told.cut => 0,
        (Seen::Seen, false) => 1,
        (Seen::Partial, _) => 2,
        (Seen::Seen, true) => 3,
        (_, false) => 4,
        (_, true) => 5,
    };
    let Some((key, shortfall, told)) = told.iter().min_by_key(rank) else {
        return;
    };
    sight.state = told.state;
    sight.told_by = Some(key.2.clone());
    sight.hidden_failure = told.hidden_failure;
    sight.detail.clone_from(&told.detail);
    if let (Seen::Seen | Seen::CheckedNone, Some(shortfall)) = (told.state, *shortfall) {
        if *shortfall != Shortfall::OutsidePeriod {
            sight.state = Seen::Partial;
        }
        sight.reasons.insert(shortfall.reason());
        sight.short = Some((key.2.clone(), shortfall.clone()));
    }
}

/// One region is enough: the best state; reasons of a place that was seen outweigh the others'. But
/// what fails in one region, and is not shown there, outweighs what all the others show.
pub fn best(mut sights: Vec<Sight>) -> Sight {
    let deployed = sights
        .iter()
        .flat_map(|sight| sight.deployed.clone())
        .collect();
    let rank = |sight: &Sight| match (sight.state, sight.reasons.is_empty()) {
        _ if sight.hidden_failure => 0,
        (Seen::Seen | Seen::CheckedNone, true) => 1,
        (Seen::Seen | Seen::CheckedNone, false) => 2,
        (Seen::Partial, _) => 3,
        (Seen::Unreadable, _) => 4,
        (Seen::NotChecked, _) => 5,
    };
    // Of places alike the one whose exports could tell more.
    sights.sort_by_key(|sight| (rank(sight), sight.not_deployed));
    let mut best = sights.swap_remove(0);
    best.deployed = deployed;
    best
}
