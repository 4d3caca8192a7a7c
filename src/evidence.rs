//! What the exports say, in AWS Config's own words, before anything is concluded from it.

mod input;
mod item;
mod record;
mod rule;
mod scope;
mod spool;

use std::collections::HashMap;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::time::{AwsTime, Moment};

pub use input::{Container, Fault, Input, InputStatus, RecordCounts};
pub use item::{ConfigurationItem, Identity, ItemReader, Items, KeptItem, Kind, identity};
pub use rule::{
    ConfigRule, ConformancePack, ContributorCount, Counted, Discovered, FailingCount, Mention,
    Parameters, Recorded, Recorder, RecorderStatus, RuleCompliance, RuleStatus,
};
pub use scope::Scope;
pub use spool::Spool;

/// A text that many records share.
pub type Text = Arc<str>;

/// AWS Config's verdict (`ComplianceType` of its API).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ComplianceType {
    /// The rule does not apply to the resource; AWS gives it for evaluations only.
    NotApplicable,
    /// The resource meets the rule.
    Compliant,
    /// The rule could not be evaluated; AWS gives it for whole rules only.
    InsufficientData,
    /// The resource does not meet the rule.
    NonCompliant,
}

impl ComplianceType {
    /// All four, from the best to the worst: the order in which the worst wins.
    pub const ALL: [Self; 4] = [
        Self::NotApplicable,
        Self::Compliant,
        Self::InsufficientData,
        Self::NonCompliant,
    ];

    /// As AWS spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotApplicable => "NOT_APPLICABLE",
            Self::Compliant => "COMPLIANT",
            Self::InsufficientData => "INSUFFICIENT_DATA",
            Self::NonCompliant => "NON_COMPLIANT",
        }
    }
}

impl fmt::Display for ComplianceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is no `ComplianceType` of AWS Config.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a ComplianceType: AWS Config has COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE and INSUFFICIENT_DATA"
)]
pub struct UnknownComplianceType(String);

impl FromStr for ComplianceType {
    type Err = UnknownComplianceType;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|known| known.as_str() == text)
            .ok_or_else(|| UnknownComplianceType(text.to_owned()))
    }
}

/// Where something was recorded, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// Twelve digits.
    pub account: Option<Text>,
    /// Such as `ap-northeast-2`, or `global` for items of global services.
    pub region: Option<Text>,
}

impl Place {
    /// Whether it is of a global service, which is in no region.
    pub fn is_global(&self) -> bool {
        self.region.as_deref() == Some("global")
    }
}

/// Index into [`Evidence::inputs`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct InputIndex(pub u32);

/// Index into [`Evidence::listings`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListingIndex(pub u32);

/// Exactly where a record stands: which list of which document of which input, and where in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Provenance {
    /// The list.
    pub listing: ListingIndex,
    /// The element's index in the list.
    pub element: u32,
    /// The element's first byte, counted in the decoded (decompressed, UTF-8) stream.
    pub offset: u64,
}

/// When an export was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Captured {
    /// The export says so.
    At(Moment),
    /// Not before this: the latest time seen in it.
    AtLeast(Moment),
}

impl Captured {
    /// The moment, exact or the earliest possible.
    pub fn moment(self) -> Moment {
        match self {
            Self::At(moment) | Self::AtLeast(moment) => moment,
        }
    }
}

/// What a list tells by being there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListingKind {
    /// An answer of an API operation, or a page of one: whole once its last page is there.
    Answer,
    /// A configuration snapshot: everything that was recorded at one moment.
    Snapshot,
    /// Items, events or notifications, one by one: what is absent may exist all the same.
    Stream,
}

/// One list of one JSON document: the unit that AWS pages.
#[derive(Debug, Clone)]
pub struct Listing {
    /// The file.
    pub input: InputIndex,
    /// Which document of the file, from 0: exports are sometimes concatenated.
    pub document: u32,
    /// What wrote it.
    pub operation: &'static str,
    /// What it tells by being there.
    pub kind: ListingKind,
    /// JSON pointer to the list.
    pub pointer: String,
    /// Whether its elements are documents of their own (JSON Lines): the pointer then leads to the
    /// element within its document.
    pub sequence: bool,
    /// How many elements it has.
    pub elements: u32,
    /// Whether AWS said that more pages follow (a `NextToken` was left).
    pub next_token: bool,
    /// The conformance pack, where the document names one.
    pub pack: Option<Text>,
    /// What the file's path says of where it was taken.
    pub path_place: Place,
    /// Where the path puts it, if the same answer is filed under another place too: `path_place` then
    /// lacks what the paths disagree on.
    pub disputed: Option<Place>,
    /// The export job of which it is a part, where AWS's answer on that tells that nothing was left out:
    /// all parts are one answer.
    pub job: Option<Text>,
    /// When it was taken, where the document itself says so.
    pub captured: Option<Captured>,
}

/// Who tells a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// `EvaluationResult`, `AggregateEvaluationResult` or `ConformancePackEvaluationResult` of
    /// AWS Config's API.
    Evaluation,
    /// An `AWS::Config::ResourceCompliance` item; its capture time stands as `recorded_at`.
    ResourceCompliance,
    /// `newEvaluationResult` of a `ComplianceChangeNotification`.
    Notification,
    /// A Security Hub finding on its own copy of the rule.
    SecurityHub,
}

/// One verdict of one deployed rule on one resource. There may be millions: what many of them
/// share, they share in memory, and it reads as their own: `evaluation.rule`.
#[derive(Debug, Clone)]
pub struct EvaluationResult {
    /// Where it stands.
    pub at: Provenance,
    /// What it has in common with others.
    pub of: Arc<Evaluated>,
    /// `ResourceId`.
    pub resource_id: Text,
    /// The verdict.
    pub compliance: ComplianceType,
    /// `ConfigRuleInvokedTime`.
    pub evaluated_at: Option<AwsTime>,
    /// `ResultRecordedTime`.
    pub recorded_at: Option<AwsTime>,
    /// `Annotation`.
    pub annotation: Option<Text>,
    /// What only Security Hub's findings tell.
    pub asff: Option<Box<Asff>>,
}

/// What the verdicts of one deployed rule on one type of resource have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Evaluated {
    /// `ConfigRuleName`: the rule's name where it is deployed.
    pub rule: Text,
    /// What the element itself says of its account and region (aggregator exports).
    pub place: Place,
    /// `ResourceType`, such as `AWS::S3::Bucket`.
    pub resource_type: Text,
    /// Who tells it.
    pub origin: Origin,
    /// `EvaluationMode` PROACTIVE: about a resource that is not deployed.
    pub proactive: bool,
}

/// What a finding of Security Hub tells besides its verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asff {
    /// The finding's own id.
    pub finding: Option<Text>,
    /// The resource's ARN, where the verdict names it by that: it leads to the recorded resource.
    pub resource_arn: Option<Text>,
    /// Whether its source has put it away (`RecordState` ARCHIVED): it is no longer current.
    pub archived: bool,
    /// The parameters under which it was judged (`SecurityControlParameters`), where it says so.
    pub parameters: Option<Parameters>,
}

impl Deref for EvaluationResult {
    type Target = Evaluated;

    fn deref(&self) -> &Evaluated {
        &self.of
    }
}

impl DerefMut for EvaluationResult {
    /// Others that share it keep what they have.
    fn deref_mut(&mut self) -> &mut Evaluated {
        Arc::make_mut(&mut self.of)
    }
}

impl EvaluationResult {
    /// Whether its source has put it away.
    pub fn is_archived(&self) -> bool {
        self.asff.as_ref().is_some_and(|asff| asff.archived)
    }

    /// The finding's own id, where it has one (Security Hub).
    pub fn finding(&self) -> Option<&Text> {
        self.asff.as_ref()?.finding.as_ref()
    }

    /// The resource's ARN, where the verdict names it by that.
    pub fn resource_arn(&self) -> Option<&Text> {
        self.asff.as_ref()?.resource_arn.as_ref()
    }
}

/// Everything that was read, in the order of the inputs' paths.
#[derive(Debug, Default)]
pub struct Evidence {
    /// The files.
    pub inputs: Vec<Input>,
    /// Their lists.
    pub listings: Vec<Listing>,
    /// Evaluations.
    pub evaluations: Vec<EvaluationResult>,
    /// Rule-level verdicts.
    pub rule_compliances: Vec<RuleCompliance>,
    /// Deployed rules.
    pub config_rules: Vec<ConfigRule>,
    /// Resources.
    pub items: Arc<Items>,
    /// Names of resources on which there is a verdict, by account, region and what they are known by.
    pub names: HashMap<(Text, Text, Identity), Text>,
    /// Whether rules ran.
    pub rule_statuses: Vec<RuleStatus>,
    /// Recorders.
    pub recorders: Vec<Recorder>,
    /// Whether recorders run.
    pub recorder_statuses: Vec<RecorderStatus>,
    /// Conformance packs.
    pub packs: Vec<ConformancePack>,
    /// Counts.
    pub counts: Vec<FailingCount>,
    /// Types of which resources exist.
    pub discovered: Vec<Discovered>,
    /// Resources that are only named.
    pub mentions: Vec<Mention>,
}

impl Evidence {
    /// The list in which a record stands.
    pub fn listing(&self, at: Provenance) -> &Listing {
        &self.listings[at.listing.0 as usize]
    }

    /// What the resources are known by on which there is a verdict, in order.
    pub fn judged(&self) -> Vec<Identity> {
        let evaluations = self.evaluations.iter();
        // Half of what a set would take.
        let mut judged: Vec<Identity> = evaluations
            .map(|evaluation| identity(&evaluation.resource_type, &evaluation.resource_id))
            .collect();
        judged.sort_unstable();
        judged.dedup();
        judged
    }

    /// The file in which a record stands.
    pub fn input(&self, at: Provenance) -> &Input {
        &self.inputs[self.listing(at).input.0 as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_evaluation_takes_no_more_memory_than_it_must() {
        assert!(size_of::<EvaluationResult>() <= 104);
    }
}
