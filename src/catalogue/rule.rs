//! AWS's managed rules of the K-ISMS conformance pack, with what is known of each.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// When AWS Config evaluates the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    /// When a resource's configuration changes: a verdict holds until the next.
    ConfigurationChange,
    /// Every so often: a verdict tells of its own time.
    Periodic,
    /// Both: counted as periodic.
    Both,
}

/// Whether one region of an account tells all, or each region only of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// One region of an account is enough.
    Global,
    /// Every region in scope must be seen.
    Regional,
}

/// On which resources of its types a rule gives a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judges {
    /// On every one.
    All,
    /// Not on every one: for others it answers `NOT_APPLICABLE`, or says nothing.
    Some,
    /// On the account itself, always.
    Account,
}

/// What tells on which resources a rule gives a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum JudgesSource {
    /// AWS's page of the rule says so.
    #[serde(rename = "rule page")]
    RulePage,
    /// Every resource of the type has what the rule asks for, or lacks it.
    #[serde(rename = "type")]
    Type,
    /// Nothing: some could be left out.
    #[serde(rename = "not said")]
    NotSaid,
}

/// Which change of a parameter makes a rule ask for less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weaker {
    /// A higher number.
    Higher,
    /// A higher number, or 0, which stands for none.
    HigherOrZero,
    /// A lower number.
    Lower,
    /// Not `true`, in any case, where the baseline is.
    False,
    /// Not `true` in small letters where the baseline is: AWS takes `True` for `false` there.
    NotExactlyTrue,
    /// Not `false` where the baseline is: it exempts resources.
    True,
    /// A member of the baseline's comma-separated list is missing, and no other includes it: `*` in
    /// a member stands for anything.
    MissingMember,
    /// A log of the baseline's `engine: log, log; engine: log` is missing.
    MissingEntry,
    /// The comma-separated list allows what the baseline's does not; an empty one allows everything.
    ExtraMember,
    /// A member is found under none of the rule's parameters of this kind: they are slots of one
    /// list.
    MissingFromRule,
    /// As [`ExtraMember`](Self::ExtraMember), of the list of which the rule's parameters of this
    /// kind are slots.
    ExtraInRule,
    /// Any other value: which is weaker cannot be told.
    Different,
    /// The comma-separated list names the only resources that are judged, and leaves out what the
    /// baseline judges; an empty one judges all.
    Narrows,
    /// The comma-separated list exempts what the baseline's does not.
    Exempts,
    /// Nothing by itself: it is the unit of the parameter whose name ends with `Value` instead of
    /// `Unit`.
    Unit,
    /// Nothing: the value is a matter of taste.
    Never,
}

/// One parameter of a managed rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// As AWS spells it.
    pub name: String,
    /// The baseline: the pack's value; where it sets none AWS's own default; empty where nothing is
    /// asked for then.
    pub default: String,
    /// What AWS takes where a deployed rule leaves the parameter out; empty where it then asks for
    /// nothing.
    pub aws_default: String,
    /// Whether AWS's page asks for the parameter: then no rule can be deployed without it.
    pub required: bool,
    /// In which direction it weakens.
    pub weaker: Weaker,
    /// Which of AWS's pages gives the baseline: the pack's, or the rule's own.
    pub source: String,
    /// AWS's page of the rule with which default and direction were compared.
    pub page: String,
    /// The day on which they were compared.
    pub compared: NaiveDate,
}

/// A managed rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedRule {
    /// Its managed name, such as `restricted-ssh`.
    pub name: String,
    /// `SourceIdentifier`, such as `INCOMING_SSH_DISABLED`.
    pub source_identifier: String,
    /// The resource types that it evaluates; empty for the account itself.
    pub resource_types: Vec<String>,
    /// Whether AWS Config can record all of these types (`ResourceType` of its API): where it cannot,
    /// a snapshot without any tells nothing.
    pub recorded: bool,
    /// When it runs.
    pub trigger: Trigger,
    /// How far one verdict reaches.
    pub reach: Reach,
    /// Why.
    pub reach_reason: String,
    /// On which resources it gives a verdict.
    pub judges: Judges,
    /// What tells that.
    pub judges_source: JudgesSource,
    /// Its parameters with the pack's values.
    pub parameters: Vec<Parameter>,
    /// Which of AWS's pages names it.
    pub source: String,
}
