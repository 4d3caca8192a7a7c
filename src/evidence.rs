//! What the exports say, in AWS Config's own words, before anything is concluded from it.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::time::{AwsTime, Moment};

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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Twelve digits.
    pub account: Option<Text>,
    /// Such as `ap-northeast-2`, or `global` for items of global services.
    pub region: Option<Text>,
}

/// Index into [`Evidence::inputs`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct InputIndex(pub u32);

/// Index into [`Evidence::listings`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

/// One list of one JSON document: the unit that AWS pages.
#[derive(Debug, Clone)]
pub struct Listing {
    /// The file.
    pub input: InputIndex,
    /// Which document of the file, from 0: exports are sometimes concatenated.
    pub document: u32,
    /// What wrote it.
    pub operation: &'static str,
    /// JSON pointer to the list.
    pub pointer: String,
    /// How many elements it has.
    pub elements: u32,
    /// Whether AWS said that more pages follow (a `NextToken` was left).
    pub next_token: bool,
    /// The conformance pack, where the document names one.
    pub pack: Option<Text>,
    /// What the file's path says of where it was taken.
    pub path_place: Place,
    /// When it was taken, where the document itself says so.
    pub captured: Option<Captured>,
}

/// One evaluation: `EvaluationResult`, `AggregateEvaluationResult` or
/// `ConformancePackEvaluationResult` of AWS Config's API.
#[derive(Debug, Clone)]
pub struct EvaluationResult {
    /// Where it stands.
    pub at: Provenance,
    /// `ConfigRuleName`: the rule's name where it is deployed.
    pub rule: Text,
    /// What the element itself says of its account and region (aggregator exports).
    pub place: Place,
    /// `ResourceType`, such as `AWS::S3::Bucket`.
    pub resource_type: Text,
    /// `ResourceId`.
    pub resource_id: Text,
    /// The verdict.
    pub compliance: ComplianceType,
    /// `EvaluationMode` PROACTIVE: about a resource that is not deployed.
    pub proactive: bool,
    /// `ConfigRuleInvokedTime`.
    pub evaluated_at: Option<AwsTime>,
    /// `ResultRecordedTime`.
    pub recorded_at: Option<AwsTime>,
    /// `Annotation`.
    pub annotation: Option<Text>,
}

/// How many resources stand behind a rule-level verdict (`ComplianceContributorCount`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContributorCount {
    /// At most 25 as AWS caps it.
    pub capped: u32,
    /// Whether there are more than `capped`: it is then a lower bound.
    pub exceeded: bool,
}

/// A verdict on a whole rule (`ComplianceByConfigRule`).
#[derive(Debug, Clone)]
pub struct RuleCompliance {
    /// Where it stands.
    pub at: Provenance,
    /// `ConfigRuleName`.
    pub rule: Text,
    /// What the element itself says of its account and region.
    pub place: Place,
    /// The verdict.
    pub compliance: ComplianceType,
    /// How many resources it rests on, where said.
    pub count: Option<ContributorCount>,
}

/// A deployed rule (`ConfigRule` of describe-config-rules).
#[derive(Debug, Clone)]
pub struct ConfigRule {
    /// Where it stands.
    pub at: Provenance,
    /// `ConfigRuleName`.
    pub name: Text,
    /// `ConfigRuleArn`.
    pub arn: Option<Text>,
    /// `Source.Owner`: `AWS`, `CUSTOM_LAMBDA` or `CUSTOM_POLICY`.
    pub owner: Text,
    /// `Source.SourceIdentifier`.
    pub source_identifier: Option<Text>,
    /// `InputParameters`, read from their JSON text; `None` where the export has none.
    pub parameters: Option<Parameters>,
    /// `ConfigRuleState`, such as `ACTIVE`.
    pub state: Option<Text>,
}

/// A rule's parameters by name, values as text.
pub type Parameters = std::collections::BTreeMap<String, String>;

/// A resource as AWS Config recorded it (`ConfigurationItem`).
#[derive(Debug, Clone)]
pub struct ConfigurationItem {
    /// Where it stands.
    pub at: Provenance,
    /// `awsAccountId` and `awsRegion`.
    pub place: Place,
    /// `resourceType`.
    pub resource_type: Text,
    /// `resourceId`.
    pub resource_id: Text,
    /// `resourceName`.
    pub resource_name: Option<Text>,
    /// `ARN`.
    pub arn: Option<Text>,
    /// `configurationItemStatus`, such as `OK` or `ResourceDeleted`.
    pub status: Text,
    /// `configurationItemCaptureTime`.
    pub captured_at: Option<AwsTime>,
    /// `resourceCreationTime`.
    pub created_at: Option<AwsTime>,
    /// `tags`, sorted by key.
    pub tags: Vec<(Text, Text)>,
}

impl ConfigurationItem {
    /// Whether AWS Config saw the resource deleted.
    pub fn is_deleted(&self) -> bool {
        matches!(
            &*self.status,
            "ResourceDeleted" | "ResourceDeletedNotRecorded"
        )
    }
}

/// What became of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputStatus {
    /// Read to its end, and AWS said nothing of more pages.
    Complete,
    /// Read to its end, but AWS said that more pages follow.
    Partial,
    /// Not used: something in it is wrong.
    Rejected,
    /// A known by-product that is no evidence.
    Ignored,
}

/// One thing that is wrong in an input.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fault {
    /// Stable, `KI-0101`.
    pub code: String,
    /// What is wrong, in lower case.
    pub message: String,
    /// JSON pointer to the element or field, where there is one.
    pub pointer: Option<String>,
    /// Byte offset in the decoded stream (or in the file, for faults of its compression).
    pub offset: Option<u64>,
    /// What to do next.
    pub hint: String,
}

/// How many records of each kind an input gave.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordCounts {
    /// Configuration items.
    pub configuration_items: u64,
    /// Evaluation results.
    pub evaluation_results: u64,
    /// Rule-level verdicts.
    pub rule_compliances: u64,
    /// Deployed rules.
    pub config_rules: u64,
}

/// One file as it was found under `exports/`.
#[derive(Debug, Clone)]
pub struct Input {
    /// `E0001`; ignored files have none.
    pub id: Option<String>,
    /// From the engagement's folder, `/` between parts.
    pub path: String,
    /// Of the file's bytes as they are; `None` where they could not be read.
    pub sha256: Option<Digest>,
    /// The file's size.
    pub bytes: u64,
    /// Whether the file is gzip, by its first bytes.
    pub gzip: bool,
    /// The operations whose output it holds, sorted.
    pub kinds: Vec<&'static str>,
    /// What became of it.
    pub status: InputStatus,
    /// Why it is not complete.
    pub reason: Option<String>,
    /// What is wrong in it; only a rejected input has any.
    pub faults: Vec<Fault>,
    /// The records it holds; those of a rejected input are counted but not used.
    pub records: RecordCounts,
    /// What its path says of where it was taken.
    pub path_place: Place,
}

/// Everything that was read, in the order of the inputs' paths.
#[derive(Debug, Clone, Default)]
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
    pub items: Vec<ConfigurationItem>,
}

impl Evidence {
    /// The list in which a record stands.
    pub fn listing(&self, at: Provenance) -> &Listing {
        &self.listings[at.listing.0 as usize]
    }

    /// The file in which a record stands.
    pub fn input(&self, at: Provenance) -> &Input {
        &self.inputs[self.listing(at).input.0 as usize]
    }
}
