//! Findings. There may be millions: what many of them share, they share in memory.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::catalogue::ControlId;
use crate::decision::DecisionKind;
use crate::digest::{Digest, ParseDigestError, Prefix};
use crate::evidence::{ComplianceType, Parameters, Text};
use crate::time::AwsTime;

use super::{AttributedBy, CountedAs, ResolvedBy, Source};

/// The first 32 hex digits of SHA-256 over a finding's id, status and deployed parameters: what a
/// decision is bound to.
pub type Fingerprint = Prefix<16>;

/// `F-` and 12 hex digits of SHA-256 over account, region, rule, resource type and resource id:
/// the same in every quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FindingId(Prefix<6>);

/// One rule's latest verdict on one resource, with its controls and where it was read. What it has
/// in common with others of its rule and place reads as its own: `finding.account`.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The same in every quarter.
    pub id: FindingId,
    /// The verdict that counts.
    pub status: ComplianceType,
    /// Whether the verdict holds at some moment of the period.
    pub in_period: bool,
    /// The deployed rule, its place, and the type of the resource.
    pub of: Arc<FindingRule>,
    /// As AWS gives it.
    pub resource_id: Text,
    /// From the snapshot, if it is there.
    pub resource_name: Option<Text>,
    /// AWS's remark.
    pub annotation: Option<Text>,
    /// `ConfigRuleInvokedTime`.
    pub evaluated_at: Option<AwsTime>,
    /// `ResultRecordedTime`.
    pub recorded_at: Option<AwsTime>,
    /// What a decision is bound to.
    pub fingerprint: Fingerprint,
    /// The decision on it, if there is one.
    pub decision: Option<Box<FindingDecision>>,
    /// All other verdicts of the rule on the same resource: what every record that was read became
    /// can be followed here.
    pub others: Box<[Other]>,
    /// Where the verdict that counts was read.
    pub source: Source,
}

/// What all findings of one deployed rule on one type of resource have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FindingRule {
    /// The managed rule's name; for others its identifier or stripped deployed name.
    pub rule: String,
    /// The rule's name where it is deployed.
    pub deployed_rule: String,
    /// How the managed rule was found.
    pub resolved_by: ResolvedBy,
    /// The controls and domains to which the rule is mapped; empty if it is unmapped.
    pub controls: Vec<ControlId>,
    /// Twelve digits.
    pub account: String,
    /// The region, or `global`.
    pub region: String,
    /// For a global finding the regions in which it was recorded.
    pub regions: Vec<String>,
    /// Such as `AWS::S3::Bucket`.
    pub resource_type: String,
    /// The deployed parameters; `None` if no export tells them.
    pub parameters: Option<Parameters>,
    /// Those weaker than the baseline.
    pub weaker_parameters: Vec<WeakerParameter>,
    /// Those whose name or value is not known, and which the policy does not name.
    pub unknown_parameters: Parameters,
    /// Why the deployed rule judges less than its rule could, such as `tag Env=prod`; `None` if
    /// nothing is known to.
    pub shortfall: Option<String>,
    /// How account and region were found.
    pub attributed_by: AttributedBy,
}

/// A decision as a finding shows it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FindingDecision {
    /// Its id in decisions.csv.
    pub id: String,
    /// Which kind.
    pub kind: DecisionKind,
    /// Whether it changes the result now.
    pub effective: bool,
    /// Who answers for it.
    pub owner: String,
    /// Until when, inclusive.
    pub expires_on: Option<NaiveDate>,
    /// The controls for which alone the finding is excepted; empty where it is for all of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only_for: Vec<ControlId>,
}

impl FindingDecision {
    /// Whether it bears on the finding as one of this control, or of any.
    pub fn concerns(&self, control: ControlId) -> bool {
        self.only_for.is_empty() || self.only_for.contains(&control)
    }
}

impl Finding {
    /// Whether it fails in the period, excepted or not.
    pub fn is_failing(&self) -> bool {
        self.status == ComplianceType::NonCompliant && self.in_period
    }

    /// Whether an exception or a false positive in force holds for it as a finding of this control;
    /// `None` is all of its controls.
    pub fn is_excepted(&self, control: Option<ControlId>) -> bool {
        self.excepting(control).is_some()
    }

    /// Which kind of decision in force excepts it as a finding of this control, if one does.
    fn excepting(&self, control: Option<ControlId>) -> Option<DecisionKind> {
        let holds = |decision: &&FindingDecision| {
            decision.effective
                && decision.kind.excepts()
                && control.map_or(decision.only_for.is_empty(), |id| decision.concerns(id))
        };
        let decision = self.decision.as_deref().filter(holds);
        decision.map(|decision| decision.kind)
    }

    /// In which count it is among the findings of this control; `None` is among all.
    pub fn counted_as(&self, control: Option<ControlId>) -> CountedAs {
        match self.status {
            _ if !self.in_period => CountedAs::OutsidePeriod,
            ComplianceType::NonCompliant => match self.excepting(control) {
                Some(DecisionKind::FalsePositive) => CountedAs::FalsePositive,
                Some(_) => CountedAs::Excepted,
                None => CountedAs::NonCompliant,
            },
            ComplianceType::Compliant if self.weaker_parameters.is_empty() => CountedAs::Compliant,
            ComplianceType::Compliant => CountedAs::CompliantWeaker,
            ComplianceType::NotApplicable => CountedAs::NotApplicable,
            ComplianceType::InsufficientData => CountedAs::InsufficientData,
        }
    }
}

/// Another verdict of the same managed rule on the same resource.
#[derive(Debug, Clone)]
pub struct Other {
    /// The deployed rule that gave it.
    pub of: Arc<CopyRule>,
    /// Why it is not the one that counts.
    pub relation: Relation,
    /// The verdict.
    pub status: ComplianceType,
    /// `ResultRecordedTime`.
    pub recorded_at: Option<AwsTime>,
    /// Where it was read.
    pub source: Source,
}

/// Why a verdict is not the one that counts.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Another deployed copy of the rule says it now, and is not worse.
    #[default]
    Copy,
    /// It is of the same time, or of a time that cannot be compared, and says otherwise.
    Contradiction,
    /// It says the same.
    Same,
    /// The same deployed rule has said something later.
    Older,
    /// It was recorded after the period, and another holds in it.
    Later,
    /// Its copy no longer judges the resource, or its source has put it away.
    Gone,
}

/// What all verdicts of one deployed copy have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CopyRule {
    /// The rule's name where it is deployed.
    pub deployed_rule: String,
    /// Where it is deployed.
    pub region: String,
    /// Its parameters, if any export tells them.
    pub parameters: Option<Parameters>,
}

/// A deployed parameter that asks for less than the baseline.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WeakerParameter {
    /// The parameter.
    pub name: String,
    /// The value where the rule is deployed.
    pub deployed: String,
    /// The value asked for.
    pub baseline: String,
    /// The organisation's document that sets the baseline; `None` for the pack's default.
    pub document: Option<String>,
}

impl Deref for Finding {
    type Target = FindingRule;

    fn deref(&self) -> &FindingRule {
        &self.of
    }
}

impl Finding {
    /// What the other deployed copies of the rule say now.
    pub fn copies(&self) -> impl Iterator<Item = &Other> {
        (self.others.iter()).filter(|other| other.relation == Relation::Copy)
    }

    /// The verdicts that do not count any more, or are contradicted.
    pub fn history(&self) -> impl Iterator<Item = &Other> {
        (self.others.iter()).filter(|other| other.relation != Relation::Copy)
    }
}

impl Deref for Other {
    type Target = CopyRule;

    fn deref(&self) -> &CopyRule {
        &self.of
    }
}

impl From<Digest> for FindingId {
    fn from(digest: Digest) -> Self {
        Self(digest.into())
    }
}

impl fmt::Display for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "F-{}", self.0)
    }
}

impl FromStr for FindingId {
    type Err = ParseDigestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix("F-").ok_or(ParseDigestError)?;
        digits.parse().map(Self)
    }
}

impl Serialize for FindingId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FindingId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_takes_no_more_memory_than_it_must() {
        assert!(size_of::<Finding>() <= 160, "{}", size_of::<Finding>());
        assert!(size_of::<Other>() <= 64, "{}", size_of::<Other>());
    }

    #[test]
    fn an_id_reads_back_what_it_shows() {
        let id = FindingId::from(Digest::of(b"abc"));
        assert_eq!(id.to_string(), "F-ba7816bf8f01");
        assert_eq!(id.to_string().parse(), Ok(id));
        for other in [
            "F-",
            "F-ba7816bf8f0",
            "ba7816bf8f01",
            "F-ba7816bf8f0g",
            "F-가나다라",
        ] {
            assert!(other.parse::<FindingId>().is_err(), "{other}");
        }
    }
}
