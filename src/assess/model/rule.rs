//! Rules: how they were recognised, where they are deployed, and whether they were seen.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::catalogue::{ControlId, Reach, Trigger};
use crate::evidence::{Parameters, Scope};

use super::{Counts, Site};

/// How a deployed rule was recognised, in the order in which it is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResolvedBy {
    /// describe-config-rules gives the `SourceIdentifier`.
    SourceIdentifier,
    /// `[rules]` of kisms.toml.
    Override,
    /// The name is a managed name or identifier.
    ManagedName,
    /// The name without a conformance pack's or organisation rule's known affix is one.
    StrippedName,
    /// The table of other services' names.
    NameTable,
    /// Nothing tells.
    Unmapped,
}

/// How account and region of a record were found, in the order in which it is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributedBy {
    /// The record says so.
    Element,
    /// The ARN of the rule in describe-config-rules.
    ConfigRuleArn,
    /// The resource is the account itself.
    AccountResource,
    /// The file's path.
    Path,
    /// Nothing tells.
    Unattributed,
}

/// A rule and where it was seen.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RuleRow {
    /// Its managed name; for others as in [`Finding::rule`].
    pub rule: String,
    /// `SourceIdentifier`, if it is a managed rule of the pack.
    pub source_identifier: Option<String>,
    /// The controls and domains.
    pub controls: Vec<ControlId>,
    /// When it runs, if known.
    pub trigger: Option<Trigger>,
    /// How far a verdict reaches, if known.
    pub reach: Option<Reach>,
    /// The organisation's own baseline (`[policy]`), where it differs from the pack's.
    #[serde(default)]
    pub policy: Vec<PolicyValue>,
    /// Its findings.
    pub counts: Counts,
    /// Where it is deployed, and with which parameters.
    pub deployed: Vec<DeployedRule>,
    /// Whether it was seen, for each account and region in scope.
    pub seen: Vec<SeenAt>,
}

/// What the organisation asks of a parameter instead of the pack's default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyValue {
    /// The parameter.
    pub parameter: String,
    /// The organisation's value: the baseline.
    pub value: String,
    /// The pack's default.
    pub pack_default: String,
    /// Whether the organisation asks for less than the pack does.
    pub weaker: bool,
    /// The organisation's document that sets it.
    pub document: String,
}

/// A deployed copy of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DeployedRule {
    /// The account; empty if unknown.
    pub account: String,
    /// The region; empty if unknown.
    pub region: String,
    /// Its name there.
    pub name: String,
    /// How it was recognised.
    pub resolved_by: ResolvedBy,
    /// Its parameters, if any export tells them.
    pub parameters: Option<Parameters>,
    /// Which resources it is let judge; `None` if no export tells.
    #[serde(default)]
    pub scope: Option<Scope>,
    /// Its state, such as `ACTIVE`.
    #[serde(default)]
    pub state: Option<String>,
    /// Why it judges less than its rule could, such as `tag Env=prod`; `None` if nothing is known to.
    #[serde(default)]
    pub shortfall: Option<String>,
}

/// Whether a rule was seen at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenAt {
    /// Where.
    pub at: Arc<Site>,
    /// The state.
    pub state: Seen,
}

/// Whether a rule was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// Whole evaluations exist.
    Seen,
    /// It ran, or could have, and there was nothing.
    CheckedNone,
    /// Only a part of the evaluations is there.
    Partial,
    /// No source mentions it.
    NotChecked,
    /// A file that could hold it could not be read.
    Unreadable,
}
