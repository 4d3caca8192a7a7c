//! What exports tell of rules, recorders and packs: no verdict on a resource among it.

use crate::time::{AwsTime, Moment};

use super::{ComplianceType, Place, Provenance, Scope, Text};

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

/// Whether a deployed rule ran (`ConfigRuleEvaluationStatus`).
#[derive(Debug, Clone)]
pub struct RuleStatus {
    /// Where it stands.
    pub at: Provenance,
    /// `ConfigRuleName`.
    pub rule: Text,
    /// `ConfigRuleArn`.
    pub arn: Option<Text>,
    /// `LastSuccessfulEvaluationTime`; where it is missing and nothing ever failed,
    /// `LastSuccessfulInvocationTime`. None where `FirstEvaluationStarted` is false: it never ran.
    pub succeeded: Option<AwsTime>,
    /// The later of `LastFailedEvaluationTime` and `LastFailedInvocationTime`.
    pub failed: Option<AwsTime>,
    /// `LastErrorCode`.
    pub error: Option<Text>,
    /// `FirstActivatedTime`.
    pub activated: Option<AwsTime>,
    /// `LastDeactivatedTime`.
    pub deactivated: Option<AwsTime>,
}

/// Which resource types a configuration recorder records (`recordingGroup`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// Every supported type; those of global services only where `true`.
    All(bool),
    /// Exactly these.
    Only(Vec<Text>),
    /// Every supported type but these.
    Except(Vec<Text>),
}

/// A configuration recorder (`describe-configuration-recorders`).
#[derive(Debug, Clone)]
pub struct Recorder {
    /// Where it stands.
    pub at: Provenance,
    /// `name`.
    pub name: Text,
    /// What its ARN tells of account and region.
    pub place: Place,
    /// What it records.
    pub recorded: Recorded,
    /// Whether it is a service's own (`recordingScope` INTERNAL, or a `servicePrincipal`): it proves
    /// nothing of what the customer records.
    pub internal: bool,
}

/// Whether a recorder runs (`describe-configuration-recorder-status`).
#[derive(Debug, Clone)]
pub struct RecorderStatus {
    /// Where it stands.
    pub at: Provenance,
    /// `name`.
    pub name: Text,
    /// What its ARN tells of account and region.
    pub place: Place,
    /// `recording`, and `lastStatus` no failure.
    pub works: bool,
    /// `lastStartTime`.
    pub started: Option<AwsTime>,
    /// `lastStopTime`.
    pub stopped: Option<AwsTime>,
    /// Whether it is of a service's own recorder (`servicePrincipal`).
    pub internal: bool,
}

/// A conformance pack (`describe-conformance-packs`).
#[derive(Debug, Clone)]
pub struct ConformancePack {
    /// Where it stands.
    pub at: Provenance,
    /// `ConformancePackName`.
    pub name: Text,
    /// `ConformancePackId`: what the names of its rules end with.
    pub id: Text,
    /// What its ARN tells of account and region.
    pub place: Place,
    /// `Scope`: the resources that its rules judge.
    pub scope: Scope,
}

/// Of what a count counts the failing ones.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counted {
    /// Rules of an account and region.
    Rules,
    /// Rules of all regions of the account, or of all accounts in the region, that the element names.
    RulesOfGroup,
    /// Rules of the conformance pack.
    RulesOfPack(Text),
    /// Resources, of one type where it is named.
    Resources(Option<Text>),
    /// Rules that judge this resource (type, id).
    RulesOnResource(Text, Text),
}

/// How many fail: it tells whether verdicts are missing, and is none itself.
#[derive(Debug, Clone)]
pub struct FailingCount {
    /// Where it stands.
    pub at: Provenance,
    /// What the element itself says of its account and region.
    pub place: Place,
    /// Of what.
    pub of: Counted,
    /// How many, where `exceeded` at least.
    pub failing: ContributorCount,
    /// `ComplianceSummaryTimestamp`: as of when it counts, where it says so.
    pub taken: Option<AwsTime>,
}

/// That resources of a type exist (`get-discovered-resource-counts`, `list-discovered-resources`), or
/// that rules judge some (`describe-compliance-by-resource`, `get-compliance-summary-by-resource-type`).
#[derive(Debug, Clone)]
pub struct Discovered {
    /// Where it stands; of several of one type in a list the first.
    pub at: Provenance,
    /// The type.
    pub resource_type: Text,
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
    /// `Scope`.
    pub scope: Scope,
    /// Whether it judges resources that are deployed: `EvaluationModes` has DETECTIVE, or is absent.
    pub detective: bool,
    /// Whether AWS keeps its evaluations to itself (`RuleEvaluationVisibility` INTERNAL).
    pub internal: bool,
}

/// A resource that an export names without recording it: the target of a relationship, a row of
/// `list-discovered-resources` or of `describe-compliance-by-resource`. Kept only where neither an item
/// nor a verdict is about it.
#[derive(Debug, Clone)]
pub struct Mention {
    /// Where it stands.
    pub at: Provenance,
    /// What the element itself says of its account and region, else the file's path.
    pub place: Place,
    /// `resourceType`.
    pub resource_type: Text,
    /// `resourceId`.
    pub resource_id: Text,
    /// When the first was captured of the list's items that are related to it; `None` where its row has
    /// no time of its own.
    pub seen_at: Option<Moment>,
}

/// A rule's parameters by name, values as text.
pub type Parameters = std::collections::BTreeMap<String, String>;
