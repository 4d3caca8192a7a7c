//! What in scope was not seen. There may be as many gaps as rules times places: what many of them share, they
//! share in memory.

use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::catalogue::ControlId;

/// Something in scope that was not seen, at one place. What it has in common with the gaps of other places
/// reads as its own: `gap.rule`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// What was not seen.
    pub of: Arc<GapOf>,
    /// Where.
    pub at: Arc<GapAt>,
}

/// What was not seen, wherever that is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GapOf {
    /// Which kind of nothing.
    pub kind: GapKind,
    /// The rule; empty if it concerns all.
    pub rule: String,
    /// The controls that it leaves open.
    pub controls: Vec<ControlId>,
    /// A detail from the data, such as a count; may be empty.
    pub detail: String,
}

/// The place of a gap, with the file that opened it and what would fill it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct GapAt {
    /// The account; empty if it concerns none or all.
    pub account: String,
    /// The region, `global`, or empty.
    pub region: String,
    /// The input it concerns, `E0001`; empty if none.
    pub input: String,
    /// The command whose output would fill it, with the file in which to save that; empty where none
    /// would.
    pub command: String,
    /// The file that opened it and does not say when it was taken: no later answer certainly replaces
    /// it, and it has to be removed once that is there. Empty if there is none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub remove: String,
}

impl Deref for Gap {
    type Target = GapOf;

    fn deref(&self) -> &GapOf {
        &self.of
    }
}

impl Gap {
    /// Gaps stand in this order: by kind, place and rule.
    pub fn key(&self) -> impl Ord + use<'_> {
        let (of, at) = (&*self.of, &*self.at);
        (of.kind, &at.account, &at.region, of, at)
    }
}

/// The kinds of gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapKind {
    /// An account and region in scope of which no file tells anything.
    NoData,
    /// A file could not be read.
    Unreadable,
    /// AWS said that more pages follow, or counts more than was exported.
    Partial,
    /// No source mentions the rule there.
    NotChecked,
    /// The same, and all deployed rules are described: it is none of them, and no export can fill
    /// that.
    NotDeployed,
    /// AWS had not enough data to judge.
    InsufficientData,
    /// A verdict at a level at which AWS's model has none.
    UnusualVerdict,
    /// Verdicts exist but hold at no moment of the period.
    OutsidePeriod,
    /// Verdicts exist whose time has no zone.
    UnknownTime,
    /// Compliant only under weaker parameters.
    WeakerParameters,
    /// The rule was let judge only some of the resources.
    NarrowedScope,
    /// The rule was being evaluated or deleted, or judges nothing that is deployed.
    RuleNotActive,
    /// The recorder leaves out resources that the rule judges on changes, or does not run.
    NotRecorded,
    /// AWS counts more that fails than was read.
    CountsExceed,
    /// Resources that the rule judges are known to exist, and no verdict on them was read.
    UnjudgedResource,
    /// All resources on which verdicts were read are gone, and nothing was seen since.
    OnlyGone,
    /// Compliant under a parameter or value that is not known.
    UnknownParameter,
    /// A rule that is not described fails on a type that a mapped rule judges.
    RuleNotDescribed,
    /// No export tells the parameters of a rule of which some would be weaker; it decides nothing.
    ParametersUnknown,
    /// A deployed copy was not read, and an identical one was; it decides nothing.
    CopyNotRead,
    /// Results that cannot be attributed to an account and region.
    Unattributed,
    /// Results of accounts and regions that are not in scope.
    OutOfScope,
    /// A rule that no table maps to a control.
    Unmapped,
    /// No rule-level export stands beside the details: a filter cannot be excluded.
    FilterNotExcluded,
}
