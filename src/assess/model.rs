//! The assessment as a value: what every document is rendered from, and `assessment.json`.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::catalogue::{ControlId, Level, Reach, Scheme, Trigger};
use crate::decision::DecisionKind;
use crate::digest::Digest;
use crate::engagement::Language;
use crate::evidence::{ComplianceType, Fault, InputStatus, Parameters, RecordCounts, Scope};
use crate::period::Period;
use crate::time::AwsTime;

/// The version of this shape.
pub const FORMAT: u32 = 1;

/// Everything that the documents say.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Assessment {
    /// [`FORMAT`].
    pub format: u32,
    /// What is audited.
    pub engagement: EngagementSummary,
    /// The control table and its edition.
    pub table: String,
    /// The day of the notice.
    pub edition: String,
    /// The signer's claimed time.
    pub generated_at: DateTime<FixedOffset>,
    /// Counts over everything, for the cover and the screen.
    pub totals: Totals,
    /// Every area, domain and item of the table that the scheme asks for, in order.
    pub controls: Vec<ControlRow>,
    /// Findings, worst and lowest control first.
    pub findings: Vec<Finding>,
    /// Verdicts on resources that are no longer there: listed, not counted.
    pub gone: Vec<Finding>,
    /// Every mapped rule, and every other rule that was seen.
    pub rules: Vec<RuleRow>,
    /// What in scope was not seen.
    pub gaps: Vec<Gap>,
    /// The files, in the order of their paths.
    pub inputs: Vec<InputRow>,
    /// The resources of the snapshots.
    pub assets: Vec<Asset>,
    /// Decisions with what became of them.
    pub decisions: Vec<DecisionRow>,
    /// Manual evidence.
    pub manual_evidence: Vec<ManualEvidenceRow>,
    /// The statement of operation, one row a control.
    pub statement: Vec<StatementOfOperation>,
    /// What became of every record.
    pub reconciliation: Reconciliation,
    /// AWS's mapping rows with their source.
    pub mapping: Vec<MappingEntry>,
}

/// What is audited, by whom, for which period.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EngagementSummary {
    /// The applicant.
    pub organization: String,
    /// The certified service.
    pub scope: String,
    /// Which certification.
    pub scheme: Scheme,
    /// The period under audit.
    pub period: Period,
    /// Who prepared the package.
    pub prepared_by: String,
    /// Who reviewed it.
    pub reviewed_by: String,
    /// The documents' language.
    pub language: Language,
    /// The accounts in scope.
    pub accounts: Vec<AccountSummary>,
}

/// An account in scope.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccountSummary {
    /// Twelve digits.
    pub account: String,
    /// What the organisation calls it.
    pub name: Option<String>,
    /// The regions in scope.
    pub regions: Vec<String>,
}

/// Counts over everything.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Totals {
    /// Items of the scheme by automated result.
    pub controls: BTreeMap<Automated, u32>,
    /// Items of the scheme by manual result.
    pub manual: BTreeMap<Manual, u32>,
    /// Findings by verdict.
    pub findings: Counts,
    /// Gaps by kind.
    pub gaps: BTreeMap<GapKind, u32>,
    /// Inputs by status.
    pub inputs: BTreeMap<InputStatus, u32>,
    /// Assets.
    pub assets: u64,
    /// Mapped rules of which at least one evaluation was seen in scope.
    pub rules_seen: u32,
    /// Mapped rules.
    pub rules_mapped: u32,
}

/// Findings by what they say. Every finding is counted once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// NON_COMPLIANT in the period, without an effective exception.
    pub non_compliant: u64,
    /// NON_COMPLIANT in the period, with an effective exception.
    pub excepted: u64,
    /// COMPLIANT in the period, under parameters no weaker than the baseline.
    pub compliant: u64,
    /// COMPLIANT in the period, but only under weaker parameters.
    pub compliant_weaker: u64,
    /// NOT_APPLICABLE in the period.
    pub not_applicable: u64,
    /// INSUFFICIENT_DATA in the period.
    pub insufficient_data: u64,
    /// Any verdict that does not hold in the period.
    pub outside_period: u64,
}

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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reason {
    /// Which.
    pub reason: ReasonKind,
    /// The managed rule.
    pub rule: String,
    /// The account.
    pub account: String,
    /// The region, or `global`.
    pub region: String,
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
}

/// One rule's latest verdict on one resource, with its controls and where it was read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Finding {
    /// `F-` and 12 hex digits, from account, region, rule, resource type and resource id.
    pub id: String,
    /// The verdict that counts.
    pub status: ComplianceType,
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
    /// As AWS gives it.
    pub resource_id: String,
    /// From the snapshot, if it is there.
    pub resource_name: Option<String>,
    /// AWS's remark.
    pub annotation: Option<String>,
    /// `ConfigRuleInvokedTime`.
    pub evaluated_at: Option<AwsTime>,
    /// `ResultRecordedTime`.
    pub recorded_at: Option<AwsTime>,
    /// The deployed parameters; `None` if no export tells them.
    pub parameters: Option<Parameters>,
    /// Those weaker than the baseline.
    pub weaker_parameters: Vec<WeakerParameter>,
    /// Why the deployed rule judges less than its rule could, such as `tag Env=prod`; `None` if
    /// nothing is known to.
    #[serde(default)]
    pub shortfall: Option<String>,
    /// Whether the verdict holds at some moment of the period.
    pub in_period: bool,
    /// SHA-256 over id, status and deployed parameters: what a decision is bound to.
    pub fingerprint: String,
    /// The decision on it, if there is one.
    pub decision: Option<FindingDecision>,
    /// How account and region were found.
    pub attributed_by: AttributedBy,
    /// The other deployed copies of the rule that judged the same resource.
    pub copies: Vec<Copy>,
    /// Where the verdict that counts was read.
    pub source: Source,
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
}

/// A verdict of another deployed copy of the same managed rule.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Copy {
    /// The rule's name where it is deployed.
    pub deployed_rule: String,
    /// Where it is deployed.
    pub region: String,
    /// Its verdict.
    pub status: ComplianceType,
    /// Its parameters, if any export tells them.
    pub parameters: Option<Parameters>,
    /// Where it was read.
    pub source: Source,
}

/// A deployed parameter that asks for less than the baseline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// Exactly where a record was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Source {
    /// `E0001`.
    pub input: String,
    /// The file's path in the engagement.
    pub path: String,
    /// The file's digest.
    pub sha256: Option<Digest>,
    /// Which document of the file, from 0.
    pub document: u32,
    /// JSON pointer to the element.
    pub pointer: String,
    /// The element's first byte in the decoded stream.
    pub offset: u64,
}

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
    /// Its findings.
    pub counts: Counts,
    /// Where it is deployed, and with which parameters.
    pub deployed: Vec<DeployedRule>,
    /// Whether it was seen, for each account and region in scope.
    pub seen: Vec<SeenAt>,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenAt {
    /// The account.
    pub account: String,
    /// The region, or `global`.
    pub region: String,
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

/// Something in scope that was not seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Gap {
    /// Which kind of nothing.
    pub kind: GapKind,
    /// The account; empty if it concerns none or all.
    pub account: String,
    /// The region, `global`, or empty.
    pub region: String,
    /// The rule; empty if it concerns all.
    pub rule: String,
    /// The controls that it leaves open.
    pub controls: Vec<ControlId>,
    /// The input it concerns, `E0001`; empty if none.
    pub input: String,
    /// A detail from the data, such as a count; may be empty.
    pub detail: String,
    /// The command whose output would fill it; empty where none would.
    pub command: String,
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
    /// Results that cannot be attributed to an account and region.
    Unattributed,
    /// Results of accounts and regions that are not in scope.
    OutOfScope,
    /// A rule that no table maps to a control.
    Unmapped,
    /// No rule-level export stands beside the details: a filter cannot be excluded.
    FilterNotExcluded,
}

/// A file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InputRow {
    /// `E0001`; empty for ignored files.
    pub input: String,
    /// From the engagement's folder.
    pub path: String,
    /// Its path in the bundle; empty if it does not travel.
    pub bundle_path: String,
    /// Of its bytes.
    pub sha256: Option<Digest>,
    /// Its size.
    pub bytes: u64,
    /// The operations whose output it holds.
    pub kind: String,
    /// What became of it.
    pub status: InputStatus,
    /// Why it is not complete.
    pub reason: Option<String>,
    /// When it was taken, RFC 3339; `at least` in front where it does not say so itself.
    pub captured_at: Option<String>,
    /// Its records.
    pub records: RecordCounts,
    /// What is wrong in it.
    pub faults: Vec<Fault>,
}

/// A resource of the inventory.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Asset {
    /// Twelve digits.
    pub account: String,
    /// The region, or `global`.
    pub region: String,
    /// Such as `AWS::S3::Bucket`.
    pub resource_type: String,
    /// As AWS gives it.
    pub resource_id: String,
    /// Its name.
    pub resource_name: Option<String>,
    /// Its ARN.
    pub arn: Option<String>,
    /// `resourceCreationTime`.
    pub created_at: Option<AwsTime>,
    /// `configurationItemCaptureTime`.
    pub captured_at: Option<AwsTime>,
    /// `configurationItemStatus`.
    pub status: String,
    /// `key=value`, `;` between.
    pub tags: String,
    /// Its failing findings.
    pub failing_findings: u32,
    /// Where it was read.
    pub source: Source,
}

/// A decision and what became of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DecisionRow {
    /// Its id.
    pub id: String,
    /// Which kind.
    pub kind: DecisionKind,
    /// What became of it.
    pub state: DecisionState,
    /// The control, if it names one.
    pub control_id: Option<ControlId>,
    /// The findings it fits.
    pub findings: Vec<String>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Who approved it.
    pub approver: String,
    /// When.
    pub approved_on: Option<NaiveDate>,
    /// Until when, inclusive.
    pub expires_on: Option<NaiveDate>,
    /// Documents.
    pub evidence: String,
}

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionState {
    /// In force.
    Effective,
    /// In force, but not bound to a fingerprint.
    Unbound,
    /// In force when judged, but expired since.
    ExpiredSince,
    /// Its last day had passed when it was judged.
    Expired,
    /// It was approved only after the moment at which it is judged.
    ApprovedLater,
    /// What it judged has changed.
    FingerprintChanged,
    /// It fits no finding and no control in scope.
    Unmatched,
    /// A plan: kept, and changes nothing.
    Noted,
}

/// A file of manual evidence.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ManualEvidenceRow {
    /// `M0001`.
    pub id: String,
    /// The control in whose folder it lies.
    pub control_id: ControlId,
    /// Its path in the engagement.
    pub path: String,
    /// Its path in the bundle.
    pub bundle_path: String,
    /// Its digest.
    pub sha256: Digest,
    /// Its size.
    pub bytes: u64,
}

/// One row of the 운영명세서.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StatementOfOperation {
    /// The control.
    pub control_id: ControlId,
    /// Korean title.
    pub title_ko: String,
    /// English title.
    pub title_en: String,
    /// `Y`, `N`, or empty where the applicant has not said.
    pub selected: String,
    /// How it is operated, or why it was not selected.
    pub operation: String,
    /// Policies with clause numbers.
    pub documents: String,
    /// Records, each resolved to its evidence id and short digest where it is a file.
    pub records: String,
}

/// What became of every record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// Evaluation results.
    pub evaluation_results: EvaluationReconciliation,
    /// Configuration items.
    pub configuration_items: ItemReconciliation,
}

/// Every evaluation result that was read is in exactly one of these.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvaluationReconciliation {
    /// All that were read: the sum of the others.
    pub read: u64,
    /// The verdict of a finding of a mapped rule.
    pub findings: u64,
    /// An equal or older verdict, or another copy's or region's, of a finding.
    pub duplicates: u64,
    /// A verdict of the same time that says otherwise.
    pub contradictions: u64,
    /// On a resource that is no longer there.
    pub gone: u64,
    /// Of an account or region that is not in scope.
    pub out_of_scope: u64,
    /// Of an unknown account or region.
    pub unattributed: u64,
    /// About a resource that is not deployed.
    pub proactive: u64,
    /// Of a rule that maps to no control.
    pub unmapped: u64,
    /// In a rejected input.
    pub rejected: u64,
}

/// Every configuration item that was read is in exactly one of these.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemReconciliation {
    /// All that were read: the sum of the others.
    pub read: u64,
    /// The latest of an existing resource.
    pub assets: u64,
    /// An equal or older one.
    pub older: u64,
    /// The latest of a resource that was deleted.
    pub deleted: u64,
    /// A verdict that AWS Config recorded as an item: no resource.
    pub compliance_items: u64,
    /// Of an account or region that is not in scope.
    pub out_of_scope: u64,
    /// Of an unknown account or region.
    pub unattributed: u64,
    /// In a rejected input.
    pub rejected: u64,
}

/// A row of AWS's mapping.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MappingEntry {
    /// The control or domain.
    pub control_id: ControlId,
    /// Korean title.
    pub title_ko: String,
    /// English title.
    pub title_en: String,
    /// The rule.
    pub rule: String,
    /// Its identifier.
    pub source_identifier: String,
    /// Which page has the row.
    pub source: String,
}
