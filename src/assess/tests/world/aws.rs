//! AWS, as far as it answers questions about an estate: each operation in its own shape.

use serde_json::{Map, Value, json};

use super::answers::{aggregate, counts, items, packs, recorders, rules, verdicts};
use super::clock::{Time, http};
use super::estate::{Estate, Site};
use super::request::Request;

/// Why AWS refuses to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub String);

impl From<String> for Refused {
    fn from(text: String) -> Self {
        Self(text)
    }
}

pub type Answer = Result<Value, Refused>;

/// One question: who asks where, and when.
#[derive(Clone, Copy)]
pub struct Asking<'e> {
    pub estate: &'e Estate,
    pub site: &'e Site,
    pub request: &'e Request,
    pub time: Time,
}

/// An operation, its options, and what answers it.
type Operation = (
    &'static str,
    &'static [&'static str],
    fn(&Asking<'_>) -> Answer,
);

const OPERATIONS: &[Operation] = &[
    (
        "describe-config-rules",
        &["config-rule-names"],
        rules::described,
    ),
    (
        "describe-config-rule-evaluation-status",
        &["config-rule-names"],
        rules::statuses,
    ),
    (
        "describe-compliance-by-config-rule",
        &["config-rule-names", "compliance-types"],
        rules::levels,
    ),
    (
        "get-compliance-details-by-config-rule",
        &["config-rule-name", "compliance-types", "limit"],
        verdicts::of_rule,
    ),
    (
        "get-compliance-details-by-resource",
        &["resource-type", "resource-id", "compliance-types"],
        verdicts::of_resource,
    ),
    (
        "describe-compliance-by-resource",
        &["resource-type", "resource-id", "compliance-types"],
        verdicts::by_resource,
    ),
    (
        "get-compliance-summary-by-config-rule",
        &[],
        counts::by_rule,
    ),
    (
        "get-compliance-summary-by-resource-type",
        &["resource-types"],
        counts::by_type,
    ),
    (
        "describe-conformance-packs",
        &["conformance-pack-names"],
        packs::described,
    ),
    (
        "get-conformance-pack-compliance-details",
        &["conformance-pack-name", "limit", "next-token"],
        packs::details,
    ),
    (
        "describe-conformance-pack-compliance",
        &["conformance-pack-name"],
        packs::levels,
    ),
    (
        "get-conformance-pack-compliance-summary",
        &["conformance-pack-names"],
        packs::summary,
    ),
    (
        "describe-configuration-recorders",
        &[],
        recorders::described,
    ),
    (
        "describe-configuration-recorder-status",
        &[],
        recorders::statuses,
    ),
    (
        "list-discovered-resources",
        &["resource-type", "include-deleted-resources"],
        items::listed,
    ),
    (
        "get-discovered-resource-counts",
        &["resource-types"],
        items::counted,
    ),
    ("select-resource-config", &["expression"], items::selected),
    (
        "get-resource-config-history",
        &["resource-type", "resource-id"],
        items::history_of,
    ),
    (
        "describe-aggregate-compliance-by-config-rules",
        &["configuration-aggregator-name", "filters"],
        aggregate::levels,
    ),
    (
        "get-aggregate-compliance-details-by-config-rule",
        &[
            "configuration-aggregator-name",
            "config-rule-name",
            "account-id",
            "aws-region",
        ],
        aggregate::details,
    ),
    (
        "get-aggregate-config-rule-compliance-summary",
        &["configuration-aggregator-name", "group-by-key"],
        aggregate::counts,
    ),
    ("deliver-configuration-snapshot", &[], items::snapshot),
    ("deliver-configuration-history", &[], items::history),
];

impl Estate {
    /// What AWS answers to the command when it is run in this account.
    pub fn call(&self, account: &str, request: &Request, time: Time) -> Answer {
        if request.service == "securityhub" && request.operation == "get-findings" {
            return self.ask(account, request, time, super::answers::hub::findings);
        }
        let found = OPERATIONS
            .iter()
            .find(|(name, ..)| *name == request.operation);
        let Some((_, options, answer)) = found.filter(|_| request.service == "configservice")
        else {
            return Err(Refused(format!(
                "no operation {} {}",
                request.service, request.operation
            )));
        };
        if let Some(option) = request.foreign(options) {
            return Err(Refused(format!("{} has no --{option}", request.operation)));
        }
        self.ask(account, request, time, *answer)
    }

    fn ask(
        &self,
        account: &str,
        request: &Request,
        time: Time,
        answer: fn(&Asking<'_>) -> Answer,
    ) -> Answer {
        let region = request.needed("region")?;
        let site = self.site(account, region);
        let site = site.ok_or_else(|| Refused(format!("no account {account} in {region}")))?;
        let asking = Asking {
            estate: self,
            site,
            request,
            time,
        };
        let mut answer = answer(&asking)?;
        let delivered = request.operation.starts_with("deliver-");
        if !delivered {
            self.spelling.spell(&mut answer);
        }
        if let Some(fields) = answer.as_object_mut().filter(|_| self.dated && !delivered) {
            fields.insert("ResponseMetadata".into(), metadata(time));
        }
        Ok(answer)
    }
}

/// What boto3 keeps of the answer's HTTP.
fn metadata(time: Time) -> Value {
    json!({"HTTPStatusCode": 200, "HTTPHeaders": {"date": http(time)}})
}

/// An answer that is one list.
pub fn list(key: &str, rows: impl IntoIterator<Item = Value>) -> Value {
    let mut answer = Map::new();
    answer.insert(key.to_owned(), rows.into_iter().collect());
    Value::Object(answer)
}
