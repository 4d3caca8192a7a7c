//! Answers and notifications of AWS Config that hold no verdict and no resource: recognised, counted and
//! not looked into. Operations and keys are those of the API's model (`config/2014-11-12`).

use serde::de::IgnoredAny;

use crate::evidence::{ListingKind, Provenance};
use crate::export::element::{ElementError, element};
use crate::export::envelope::same_key;
use crate::export::staged::Staged;

use super::{Format, nothing_more};

/// Why a file that holds nothing else is no evidence.
pub const REASON: &str = "an answer that holds no verdict and no resource";

const fn unread(operation: &'static str, key: &'static str) -> Format {
    Format {
        operation,
        key,
        marks: &[],
        kind: ListingKind::Answer,
        read,
        counter: |records| &mut records.others,
        conclude: nothing_more,
    }
}

/// Known by the list that they hold.
pub const LISTS: &[Format] = &[
    unread(
        "describe-aggregation-authorizations",
        "AggregationAuthorizations",
    ),
    unread(
        "describe-configuration-aggregator-sources-status",
        "AggregatedSourceStatusList",
    ),
    unread(
        "describe-configuration-aggregators",
        "ConfigurationAggregators",
    ),
    unread(
        "describe-conformance-pack-status",
        "ConformancePackStatusDetails",
    ),
    unread("describe-delivery-channel-status", "DeliveryChannelsStatus"),
    unread("describe-delivery-channels", "DeliveryChannels"),
    unread(
        "describe-organization-config-rule-statuses",
        "OrganizationConfigRuleStatuses",
    ),
    unread(
        "describe-organization-config-rules",
        "OrganizationConfigRules",
    ),
    unread(
        "describe-organization-conformance-pack-statuses",
        "OrganizationConformancePackStatuses",
    ),
    unread(
        "describe-organization-conformance-packs",
        "OrganizationConformancePacks",
    ),
    unread(
        "describe-pending-aggregation-requests",
        "PendingAggregationRequests",
    ),
    unread(
        "describe-remediation-configurations",
        "RemediationConfigurations",
    ),
    unread("describe-remediation-exceptions", "RemediationExceptions"),
    unread(
        "describe-remediation-execution-status",
        "RemediationExecutionStatuses",
    ),
    unread(
        "describe-retention-configurations",
        "RetentionConfigurations",
    ),
    // Packs by verdict, of several accounts or regions at once.
    unread(
        "get-aggregate-conformance-pack-compliance-summary",
        "AggregateConformancePackComplianceSummaries",
    ),
    unread(
        "get-organization-config-rule-detailed-status",
        "OrganizationConfigRuleDetailedStatus",
    ),
    unread(
        "get-organization-conformance-pack-detailed-status",
        "OrganizationConformancePackDetailedStatuses",
    ),
    unread(
        "list-configuration-recorders",
        "ConfigurationRecorderSummaries",
    ),
    // A share of compliant rule and resource pairs, of unknown rules.
    unread(
        "list-conformance-pack-compliance-scores",
        "ConformancePackComplianceScores",
    ),
    // Of templates that are not deployed.
    unread("list-resource-evaluations", "ResourceEvaluations"),
    unread("list-stored-queries", "StoredQueryMetadata"),
];

/// An object that is known by its keys.
struct Object {
    format: Format,
    /// All of these are there.
    keys: &'static [&'static str],
    /// And none but these.
    others: &'static [&'static str],
}

const fn object(
    operation: &'static str,
    keys: &'static [&'static str],
    others: &'static [&'static str],
) -> Object {
    let format = unread(operation, "");
    Object {
        format,
        keys,
        others,
    }
}

/// What stands beside every answer.
const BESIDE: [&str; 2] = ["NextToken", "ResponseMetadata"];
/// What every notification says of itself.
const NOTIFIED: [&str; 3] = ["messageType", "recordVersion", "notificationCreationTime"];

static OBJECTS: &[Object] = &[
    object("deliver-config-snapshot", &["configSnapshotId"], &[]),
    object("get-custom-rule-policy", &["PolicyText"], &[]),
    // Of a template that is not deployed.
    object(
        "get-resource-evaluation-summary",
        &["ResourceEvaluationId", "EvaluationStatus"],
        &[
            "EvaluationMode",
            "EvaluationStartTimestamp",
            "Compliance",
            "EvaluationContext",
            "ResourceDetails",
        ],
    ),
    object("get-stored-query", &["StoredQuery"], &[]),
    object("list-tags-for-resource", &["Tags"], &[]),
    object("start-resource-evaluation", &["ResourceEvaluationId"], &[]),
    // Notifications that a delivery was started, made or failed, or that rules were started.
    object(
        "configuration-snapshot-notification",
        &["messageType", "configSnapshotId"],
        &["s3ObjectKey", "s3Bucket", "errorCode", "errorMessage"],
    ),
    object(
        "configuration-history-notification",
        &["messageType", "s3ObjectKey", "s3Bucket"],
        &[],
    ),
    object(
        "rules-evaluation-notification",
        &["messageType", "configRuleNames"],
        &["awsAccountId", "awsRegion"],
    ),
];

/// Whether the operation is one of these.
pub fn is_unread(operation: &str) -> bool {
    let objects = OBJECTS.iter().map(|object| &object.format);
    let mut formats = LISTS.iter().chain(objects);
    formats.any(|format| format.operation == operation)
}

/// The format of an object with these keys.
pub fn by_keys(keys: &[&str]) -> Option<&'static Format> {
    let known = OBJECTS.iter().find(|known| known.fits(keys))?;
    Some(&known.format)
}

impl Object {
    fn fits(&self, keys: &[&str]) -> bool {
        let beside = BESIDE.iter().chain(&NOTIFIED);
        let may = |key: &&str| {
            let mut known = self.keys.iter().chain(self.others).chain(beside.clone());
            known.any(|known| same_key(known, key))
        };
        let has = |known: &&str| keys.iter().any(|key| same_key(known, key));
        self.keys.iter().all(has) && keys.iter().all(may)
    }
}

fn read(text: &str, _: Provenance, _: &mut Staged) -> Result<usize, ElementError> {
    element::<IgnoredAny>(text, |_| Ok(()))
}
