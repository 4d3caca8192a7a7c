//! AWS's managed rules of the K-ISMS conformance pack, with what is known of each.

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

/// Which change of a parameter makes a rule ask for less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weaker {
    /// A higher number.
    Higher,
    /// A lower number.
    Lower,
    /// Not `true` where the baseline is.
    False,
    /// A member of the baseline's comma-separated list is missing.
    MissingMember,
    /// The comma-separated list allows what the baseline's does not; an empty one allows everything.
    ExtraMember,
    /// The value is found under none of the rule's parameters (they are slots of one set).
    MissingFromRule,
    /// Any other value: which is weaker cannot be told.
    Different,
    /// Any value but `false`: it exempts resources, or names the only ones that are judged. AWS's
    /// default is none.
    Narrows,
    /// Nothing: the value is a matter of taste.
    Never,
}

/// One parameter of a managed rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// As AWS spells it.
    pub name: String,
    /// The pack's value; where it sets none AWS's own default; empty where nothing is asked for
    /// then.
    pub default: String,
    /// In which direction it weakens.
    pub weaker: Weaker,
    /// Which of AWS's pages gives it: the pack's, or the rule's own.
    pub source: String,
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
    /// Its parameters with the pack's values.
    pub parameters: Vec<Parameter>,
    /// Which of AWS's pages names it.
    pub source: String,
}

impl ManagedRule {
    /// Of these parameters those of which it is not known what they do: AWS may have added them
    /// since. Nothing is concluded from them.
    pub fn unknown<'p>(
        &self,
        deployed: impl IntoIterator<Item = &'p String>,
    ) -> impl Iterator<Item = &'p str> {
        let known = |name: &str| {
            let mut known = self.parameters.iter();
            known.any(|parameter| parameter.name.eq_ignore_ascii_case(name))
        };
        let deployed = deployed.into_iter().map(String::as_str);
        deployed.filter(move |name| !known(name))
    }
}
