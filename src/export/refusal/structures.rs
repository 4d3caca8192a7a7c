//! JSON that is recognised and no evidence: what it is, and what to export instead.

/// JSON that is known by the keys of an object.
pub struct Structure {
    /// What it is.
    pub what: &'static str,
    /// All of these are there.
    pub keys: &'static [&'static str],
    /// What to export instead.
    pub instead: &'static str,
    /// Whether it stands where AWS Config's answer should.
    pub answer: bool,
}

/// The hint of what is near to a verdict.
pub const DETAILS: &str = "export the verdicts themselves: `aws configservice get-compliance-details-by-config-rule --config-rule-name NAME --output json`";
const ITEM: &str =
    "export the resource: `aws configservice get-resource-config-history`, or a snapshot";

/// The hint of findings that another product wrote.
pub const OCSF: &str =
    "export `aws securityhub get-findings-v2 --output json`, or AWS Config's own verdicts";

const FILES: &str = "copy the files themselves: `aws s3 cp s3://BUCKET/KEY .`, or `aws s3 sync` of AWS Config's folder";

const MESSAGE: &str = "a message of a queue or stream in which no answer of AWS Config stands";

/// The first that fits says what it is.
pub const STRUCTURES: &[Structure] = &[
    Structure {
        what: "OCSF of another kind than the findings of AWS Security Hub V2",
        keys: &["class_uid", "metadata"],
        instead: OCSF,
        answer: false,
    },
    Structure {
        what: "evidence of AWS Audit Manager",
        keys: &["evidenceAwsAccountId"],
        instead: DETAILS,
        answer: false,
    },
    Structure {
        what: "evidence of AWS Audit Manager",
        keys: &["evidenceByType"],
        instead: DETAILS,
        answer: false,
    },
    Structure {
        what: "evidence of AWS Audit Manager",
        keys: &["evidence"],
        instead: DETAILS,
        answer: false,
    },
    Structure {
        what: "evidence folders of AWS Audit Manager",
        keys: &["evidenceFolders"],
        instead: DETAILS,
        answer: false,
    },
    // These stand before CloudTrail's, whose keys they have too.
    Structure {
        what: "a notification of Amazon S3 that files were written: it holds nothing of them",
        keys: &["eventSource", "s3"],
        instead: FILES,
        answer: false,
    },
    Structure {
        what: "a notification of Amazon S3 that files were written: it holds nothing of them",
        keys: &["bucket", "object", "request-id"],
        instead: FILES,
        answer: false,
    },
    Structure {
        what: "the test message of Amazon S3",
        keys: &["Service", "Event", "Bucket"],
        instead: FILES,
        answer: false,
    },
    Structure {
        what: MESSAGE,
        keys: &["eventSourceARN"],
        instead: DETAILS,
        answer: false,
    },
    Structure {
        what: MESSAGE,
        keys: &["MessageId"],
        instead: DETAILS,
        answer: false,
    },
    Structure {
        what: MESSAGE,
        keys: &["partitionKey", "data"],
        instead: DETAILS,
        answer: false,
    },
    Structure {
        what: MESSAGE,
        keys: &["recordId", "data"],
        instead: DETAILS,
        answer: false,
    },
    Structure {
        what: "an API call that CloudTrail recorded",
        keys: &["eventVersion", "eventSource", "eventName"],
        instead: ITEM,
        answer: false,
    },
    Structure {
        what: "a CloudTrail log",
        keys: &["Records"],
        instead: ITEM,
        answer: false,
    },
    Structure {
        what: "an answer of the IAM policy simulator",
        keys: &["EvalActionName"],
        instead: DETAILS,
        answer: false,
    },
    Structure {
        what: "a notification that a rule was started or a delivery was made: it holds no verdict and no resource",
        keys: &["messageType", "recordVersion"],
        instead: DETAILS,
        answer: false,
    },
    Structure {
        what: "an error answer of AWS",
        keys: &["Error"],
        instead: "correct what it names and take the export again",
        answer: true,
    },
    Structure {
        what: "an error answer of AWS",
        keys: &["__type"],
        instead: "correct what it names and take the export again",
        answer: true,
    },
    // Other tools, and other services of AWS.
    other("a report of Prowler", &["CheckID", "Status"]),
    other("a report of Prowler", &["FindingUniqueId"]),
    other("a report of Prowler", &["Control ID", "Status"]),
    other("a report of Trivy", &["Target", "Class"]),
    other("a report of Checkov", &["check_type", "results"]),
    other("a report of ScoutSuite", &["provider_code", "services"]),
    other("a report of Steampipe or Powerpipe", &["groups", "summary"]),
    other("a report of Steampipe or Powerpipe", &["columns", "rows"]),
    other("a report of InSpec", &["profiles", "statistics"]),
    other("a report in SARIF", &["runs", "$schema"]),
    other("a state of Terraform", &["terraform_version"]),
    other(
        "findings of Amazon GuardDuty",
        &["Service", "Severity", "Type", "AccountId"],
    ),
    other(
        "findings of Amazon Inspector",
        &["findingArn", "awsAccountId"],
    ),
    other(
        "findings of IAM Access Analyzer",
        &["analyzedAt", "resourceOwnerAccount"],
    ),
    other("findings of Amazon Macie", &["classificationDetails"]),
];

const fn other(what: &'static str, keys: &'static [&'static str]) -> Structure {
    Structure {
        what,
        keys,
        instead: DETAILS,
        answer: false,
    }
}
