//! What the evidence shows of each control.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::catalogue::{ControlId, Level};
use crate::evidence::Text;

use super::{Counts, Site};

/// What the automated evidence shows of a control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Automated {
    /// A finding fails without an effective exception.
    NonCompliant,
    /// Nothing fails, but something was not seen.
    Incomplete,
    /// Everything that fails has an effective exception.
    Excepted,
    /// Everything was seen and something is compliant.
    Compliant,
    /// Everything was seen and there is nothing to which a rule applies.
    NothingToCheck,
    /// No rule maps to the control.
    NotCovered,
}

/// What people have handed in for a control; never concluded from rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Manual {
    /// Somebody states how the control is operated, or attests it.
    Attested,
    /// There is manual evidence but nobody states what it shows.
    EvidenceOnly,
    /// Nothing.
    None,
    /// The control was not selected, with a reason.
    NotApplicable,
}

/// One area, domain or item.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ControlRow {
    /// Its number.
    pub id: ControlId,
    /// What it is.
    pub level: Level,
    /// Korean.
    pub title_ko: String,
    /// English.
    pub title_en: String,
    /// The rules mapped to this very number.
    pub rules: Vec<String>,
    /// `None` for areas and for domains without rules.
    pub result: Option<ControlResult>,
}

/// What all the evidence says of one control.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ControlResult {
    /// From rules.
    pub automated: Automated,
    /// From people.
    pub manual: Manual,
    /// The findings of its rules.
    pub counts: Counts,
    /// Everything that stands against `compliant`.
    pub reasons: Vec<Reason>,
    /// Rules mapped to the item's whole domain: common evidence that decides nothing here.
    pub support: Vec<String>,
}

/// Why a control is not compliant or not complete.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reason {
    /// Which.
    pub reason: ReasonKind,
    /// The managed rule.
    pub rule: Text,
    /// Where.
    pub at: Arc<Site>,
}

/// The kinds of reasons, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// A resource fails.
    NonCompliant,
    /// A resource fails, under an effective exception.
    Excepted,
    /// Only a part was seen.
    Partial,
    /// No source mentions the rule there.
    NotChecked,
    /// All deployed rules are described there, and it is none of them.
    NotDeployed,
    /// A source that could hold it could not be read.
    Unreadable,
    /// AWS had not enough data.
    InsufficientData,
    /// AWS's model has no such verdict at this level.
    UnusualVerdict,
    /// The verdict does not hold in the period.
    OutsidePeriod,
    /// The verdict's time has no zone.
    UnknownTime,
    /// Compliant, but under weaker parameters than the baseline.
    WeakerParameters,
    /// Only copies of the rule were seen whose scope leaves resources out.
    NarrowedScope,
    /// Only copies of the rule were seen that are being evaluated or deleted, or that judge nothing
    /// that is deployed.
    RuleNotActive,
    /// The resources that the rule judges are not all recorded, so that it does not run on them.
    NotRecorded,
    /// AWS counts more that fails than was read, and the rule may be among it.
    CountsExceed,
    /// Resources that the rule judges are known to exist, and no verdict on them was read.
    UnjudgedResource,
    /// All resources on which verdicts were read are gone, and nothing was seen since.
    OnlyGone,
    /// Compliant, but under a parameter or value that is not known: it may narrow the rule.
    UnknownParameter,
    /// A rule that is not described fails on a type that this rule judges: it may be this rule.
    RuleNotDescribed,
}
