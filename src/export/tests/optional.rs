//! Null and empty texts in every field of every format: read like a field that is missing.

use serde_json::{Map, Value, json};

use super::*;
use crate::export::formats::{FORMATS, Format};

/// A full element of each format.
fn element(format: &Format) -> Value {
    match format.operation {
        "get-findings-v2" => open_finding(),
        "get-export-job-v2" => export_job(),
        _ => listed(format.key),
    }
}

/// The same, by the key of its list.
fn listed(key: &str) -> Value {
    match key {
        "EvaluationResults" | "ConformancePackRuleEvaluationResults" => evaluation(),
        "AggregateEvaluationResults" => placed(evaluation()),
        "ComplianceByConfigRules" => level(),
        "AggregateComplianceByConfigRules" => placed(level()),
        "ConformancePackRuleComplianceList" => {
            json!({"ConfigRuleName": "r", "ComplianceType": "NON_COMPLIANT", "Controls": ["c"]})
        }
        "ConfigRules" => config_rule(),
        "ConfigRulesEvaluationStatus" => evaluation_status(),
        "ConformancePackDetails" => json!({
            "ConformancePackName": "p", "ConformancePackId": "conformance-pack-abc123def",
            "ConformancePackArn": "arn:aws:config:us-east-1:111122223333:conformance-pack/p/x",
            "DeliveryS3Bucket": "b", "Scope": {"TagKey": "k", "TagValue": "v"},
        }),
        "ConfigurationRecorders" => recorder(),
        "ConfigurationRecordersStatus" => json!({
            "name": "default", "recording": true, "lastStatus": "SUCCESS",
            "arn": "arn:aws:config:us-east-1:111122223333:configuration-recorder/default/x",
            "lastStartTime": "2026-01-01T00:00:00Z", "lastStopTime": "2025-12-01T00:00:00Z",
            "lastErrorCode": "e", "servicePrincipal": "s.amazonaws.com",
        }),
        "configurationItems" | "BaseConfigurationItems" => item(),
        "Results" => query_result(),
        "complianceChangeNotifications" => notification(),
        "Findings" => finding(),
        _ => counted(key),
    }
}

/// Counts and lists of what exists.
fn counted(key: &str) -> Value {
    match key {
        "ComplianceSummary" => json!({"ComplianceSummary": summary()}),
        "ComplianceSummariesByResourceType" => {
            json!({"ResourceType": "AWS::S3::Bucket", "ComplianceSummary": summary()})
        }
        "AggregateComplianceCounts" => {
            json!({"GroupName": "111122223333", "ComplianceSummary": summary()})
        }
        "ComplianceByResources" => json!({
            "ResourceType": "AWS::S3::Bucket", "ResourceId": "b", "Compliance": compliance(),
        }),
        "AggregateComplianceByConformancePacks" => placed(json!({
            "ConformancePackName": "p", "Compliance": {
                "ComplianceType": "NON_COMPLIANT", "CompliantRuleCount": 1,
                "NonCompliantRuleCount": 2, "TotalRuleCount": 3,
            },
        })),
        "ConformancePackComplianceSummaryList" => json!({
            "ConformancePackName": "p", "ConformancePackComplianceStatus": "NON_COMPLIANT",
        }),
        "resourceCounts" => json!({"resourceType": "AWS::S3::Bucket", "count": 3}),
        "ResourceIdentifiers" => json!({
            "resourceType": "AWS::S3::Bucket", "resourceId": "b", "resourceName": "b",
            "resourceDeletionTime": "2026-07-01T00:00:00Z", "SourceAccountId": "111122223333",
            "SourceRegion": "us-east-1",
        }),
        _ => json!({"name": "default", "Score": "1.0"}),
    }
}

fn placed(mut row: Value) -> Value {
    row["AccountId"] = json!("111122223333");
    row["AwsRegion"] = json!("us-east-1");
    row
}

fn evaluation() -> Value {
    json!({
        "EvaluationResultIdentifier": {
            "EvaluationResultQualifier": {
                "ConfigRuleName": "r", "ResourceType": "AWS::S3::Bucket", "ResourceId": "b",
                "EvaluationMode": "DETECTIVE",
            },
            "OrderingTimestamp": "2026-07-01T00:00:00Z", "ResourceEvaluationId": "x",
        },
        "ComplianceType": "NON_COMPLIANT", "ResultRecordedTime": "2026-07-01T00:00:00Z",
        "ConfigRuleInvokedTime": "2026-07-01T00:00:00Z", "Annotation": "a", "ResultToken": "t",
    })
}

fn compliance() -> Value {
    json!({
        "ComplianceType": "NON_COMPLIANT",
        "ComplianceContributorCount": {"CappedCount": 2, "CapExceeded": true},
    })
}

fn level() -> Value {
    json!({"ConfigRuleName": "r", "Compliance": compliance()})
}

fn summary() -> Value {
    json!({
        "CompliantResourceCount": {"CappedCount": 1, "CapExceeded": true},
        "NonCompliantResourceCount": {"CappedCount": 2, "CapExceeded": true},
        "ComplianceSummaryTimestamp": "2026-07-01T00:00:00Z",
    })
}

fn config_rule() -> Value {
    json!({
        "ConfigRuleName": "r", "ConfigRuleId": "config-rule-x",
        "ConfigRuleArn": "arn:aws:config:us-east-1:111122223333:config-rule/config-rule-x",
        "Description": "d", "InputParameters": "{\"maxAccessKeyAge\":\"90\"}",
        "ConfigRuleState": "ACTIVE", "CreatedBy": "c", "RuleEvaluationVisibility": "INTERNAL",
        "MaximumExecutionFrequency": "One_Hour", "EvaluationModes": [{"Mode": "PROACTIVE"}],
        "Source": {
            "Owner": "CUSTOM_LAMBDA", "SourceIdentifier": "arn:aws:lambda:x",
            "SourceDetails": [{"EventSource": "aws.config", "MessageType": "m"}],
        },
        "Scope": {
            "ComplianceResourceTypes": ["AWS::S3::Bucket"], "ComplianceResourceId": "b",
            "TagKey": "k", "TagValue": "v", "ServicePrincipals": ["p"],
        },
    })
}

fn evaluation_status() -> Value {
    json!({
        "ConfigRuleName": "r", "ConfigRuleId": "x",
        "ConfigRuleArn": "arn:aws:config:us-east-1:111122223333:config-rule/config-rule-x",
        "LastSuccessfulInvocationTime": "2026-07-01T00:00:00Z",
        "LastFailedInvocationTime": "2026-07-02T00:00:00Z",
        "LastSuccessfulEvaluationTime": "2026-07-03T00:00:00Z",
        "LastFailedEvaluationTime": "2026-07-04T00:00:00Z",
        "FirstActivatedTime": "2026-01-01T00:00:00Z",
        "LastDeactivatedTime": "2026-01-02T00:00:00Z",
        "LastErrorCode": "c", "LastErrorMessage": "m", "FirstEvaluationStarted": true,
    })
}

fn recorder() -> Value {
    json!({
        "arn": "arn:aws:config:us-east-1:111122223333:configuration-recorder/default/x",
        "name": "default", "roleARN": "r", "recordingScope": "INTERNAL",
        "servicePrincipal": "s.amazonaws.com", "connectorArn": "a",
        "recordingMode": {"recordingFrequency": "DAILY", "recordingModeOverrides": []},
        "recordingGroup": {
            "allSupported": true, "includeGlobalResourceTypes": true,
            "resourceTypes": ["AWS::S3::Bucket"],
            "exclusionByResourceTypes": {"resourceTypes": ["AWS::EC2::VPC"]},
            "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
        },
    })
}

/// One that holds verdicts, too.
fn item() -> Value {
    json!({
        "awsAccountId": "111122223333", "awsRegion": "us-east-1",
        "resourceType": "AWS::Config::ResourceCompliance", "resourceId": "AWS::S3::Bucket/b",
        "resourceName": "n", "ARN": "arn:aws:s3:::b", "configurationItemStatus": "OK",
        "configurationItemCaptureTime": "2026-07-01T00:00:00Z",
        "resourceCreationTime": "2025-07-01T00:00:00Z", "availabilityZone": "a",
        "tags": {"k": "v"}, "supplementaryConfiguration": {"s": {}}, "relatedEvents": ["e"],
        "relationships": [{
            "resourceType": "AWS::S3::Bucket", "resourceId": "b", "resourceName": "b", "name": "n",
        }],
        "configuration": {
            "complianceType": "NON_COMPLIANT", "targetResourceType": "AWS::S3::Bucket",
            "targetResourceId": "b", "configRuleList": [{
                "configRuleName": "r", "complianceType": "NON_COMPLIANT", "configRuleId": "x",
            }],
        },
    })
}

fn query_result() -> Value {
    let mut row = item();
    for (theirs, ours) in [("awsAccountId", "accountId"), ("ARN", "arn")] {
        let row = row.as_object_mut().expect("an object");
        let value = row.remove(theirs).expect("a field");
        row.insert(ours.to_owned(), value);
    }
    row
}

fn notification() -> Value {
    json!({
        "awsAccountId": "111122223333", "awsRegion": "us-east-1", "configRuleName": "r",
        "configRuleARN": "a", "resourceType": "AWS::S3::Bucket", "resourceId": "b",
        "notificationCreationTime": "2026-07-01T00:00:00Z", "oldEvaluationResult": {"x": "y"},
        "newEvaluationResult": {
            "evaluationResultIdentifier": {
                "evaluationResultQualifier": {"configRuleName": "r", "evaluationMode": "PROACTIVE"},
                "orderingTimestamp": "2026-07-01T00:00:00Z",
            },
            "complianceType": "NON_COMPLIANT", "resultRecordedTime": "2026-07-01T00:00:00Z",
            "configRuleInvokedTime": "2026-07-01T00:00:00Z", "annotation": "a",
        },
    })
}

fn finding() -> Value {
    json!({
        "SchemaVersion": "2018-10-08", "AwsAccountId": "111122223333", "Region": "us-east-1",
        "Id": "arn:aws:securityhub:us-east-1:111122223333:security-control/S3.14/finding/x",
        "ProductArn": "arn:aws:securityhub:us-east-1::product/aws/securityhub",
        "GeneratorId": "security-control/S3.14", "CreatedAt": "2026-07-01T00:00:00Z",
        "UpdatedAt": "2026-07-02T00:00:00Z", "LastObservedAt": "2026-07-03T00:00:00Z",
        "RecordState": "ARCHIVED", "Workflow": {"Status": "NEW"}, "Severity": {"Label": "LOW"},
        "ProductFields": {
            "RelatedAWSResources:0/name": "securityhub-r-a1b2c3d4",
            "RelatedAWSResources:0/type": "AWS::Config::ConfigRule",
        },
        "Resources": [{
            "Type": "AwsS3Bucket", "Id": "arn:aws:s3:::b", "Region": "us-east-1", "Tags": {"k": "v"},
        }],
        "Compliance": {
            "Status": "FAILED", "SecurityControlId": "S3.14", "RelatedRequirements": ["r"],
            "StatusReasons": [{"ReasonCode": "c", "Description": "d"}],
            "SecurityControlParameters": [{"Name": "n", "Value": ["1", "2"]}],
        },
    })
}

/// A finding in OCSF.
fn open_finding() -> Value {
    json!({
        "activity_id": 3, "activity_name": "Close", "class_uid": 2003, "status": "New",
        "cloud": {"account": {"uid": "111122223333"}, "region": "us-east-1", "provider": "AWS"},
        "compliance": {
            "control": "S3.14", "status": "Fail", "status_id": 3, "status_code": "c",
            "status_detail": "d", "status_details": ["e"], "standards": ["s"],
            "control_parameters": [
                {"name": "n", "value": "1"}, {"name": "m", "values": ["1", "2"]},
            ],
        },
        "finding_info": {
            "analytic": {"category": "AWS::Config::ConfigRule", "name": "r", "type_id": 1},
            "last_seen_time": 1_782_950_400_000_u64, "last_seen_time_dt": "2026-07-02T01:00:00Z",
            "modified_time": 1_782_950_400_123_u64, "modified_time_dt": "2026-07-03T00:00:00Z",
            "uid": "arn:aws:securityhub:us-east-1:111122223333:finding/1", "title": "t",
        },
        "metadata": {
            "product": {
                "name": "Security Hub", "vendor_name": "AWS",
                "uid": "arn:aws:securityhub:us-east-1::productv2/aws/securityhub",
            },
            "version": "1.6.0",
        },
        "resources": [{
            "owner": {"account": {"uid": "111122223333"}}, "region": "us-east-1",
            "type": "AWS::S3::Bucket", "uid": "b", "uid_alt": "arn:aws:s3:::b",
        }],
        "time": 1_782_950_400_456_u64, "time_dt": "2026-07-04T00:00:00Z", "type_uid": 200_302,
    })
}

/// How an export of findings was asked for.
fn export_job() -> Value {
    json!({
        "ExportJobId": "j", "Name": "quarter", "Status": "SUCCEEDED", "DataType": "FINDINGS",
        "OutputConfiguration": {"Findings": {
            "Format": "OCSF_JSON", "Filters": {"CompositeFilters": [{"x": "y"}]},
            "SelectedFields": ["uid"],
        }},
        "Destination": {"S3": {"BucketArn": "arn:aws:s3:::findings", "ObjectPrefix": "hub"}},
        "StartedAt": "2026-07-01T00:00:00Z", "EndedAt": "2026-07-01T01:00:00Z",
    })
}

/// What may stand beside a list.
fn beside() -> Map<String, Value> {
    let beside = json!({
        "ConformancePackName": "p", "fileVersion": "1.0", "configSnapshotId": "x",
        "NextToken": "t", "ResponseMetadata": {
            "RequestId": "r",
            "HTTPHeaders": {"date": "Wed, 01 Jul 2026 00:00:00 GMT", "server": "s"},
        },
    });
    beside.as_object().expect("an object").clone()
}

/// JSON pointers to all members of objects within, and to all elements of lists.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
            let members = members.iter();
            members.map(|(key, value)| (escaped(key), value)).collect()
        }
        Value::Array(elements) => {
            let elements = elements.iter().enumerate();
            elements
                .map(|(index, value)| (index.to_string(), value))
                .collect()
        }
        _ => Vec::new(),
    };
    for (key, value) in members {
        let pointer = format!("{at}/{key}");
        pointers(value, &pointer, found);
        found.push(pointer);
    }
}

fn without(document: &Value, pointer: &str) -> Value {
    let mut document = document.clone();
    let (parent, last) = pointer.rsplit_once('/').expect("a pointer");
    let last = last.replace("~1", "/").replace("~0", "~");
    match document.pointer_mut(parent).expect("a parent") {
        Value::Object(members) => drop(members.remove(&last)),
        Value::Array(elements) => drop(elements.remove(last.parse().expect("an index"))),
        _ => unreachable!("a parent holds something"),
    }
    document
}

fn with(document: &Value, pointer: &str, value: &str) -> Value {
    let mut document = document.clone();
    *document.pointer_mut(pointer).expect("a field") = serde_json::from_str(value).expect("JSON");
    document
}

/// What a document gives, apart from where it stands; `None` with a fault.
fn outcome(document: &Value) -> Option<String> {
    let evidence = read_all(&[("a.json", document.to_string().as_bytes())]);
    let input = &evidence.inputs[0];
    if input.status == InputStatus::Rejected {
        return None;
    }
    let items: Vec<String> = evidence
        .items
        .iter()
        .map(|item| format!("{item:?}"))
        .collect();
    let shown = format!(
        "{:?} {:?} {:?} {:?} {items:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        evidence.listings,
        evidence.evaluations,
        evidence.rule_compliances,
        evidence.config_rules,
        evidence.rule_statuses,
        evidence.recorders,
        evidence.recorder_statuses,
        evidence.packs,
        evidence.counts,
        evidence.discovered,
        evidence.mentions,
        input.status,
        input.reason,
        input.records,
    );
    // Bytes before the element move it.
    let parts = shown.split("offset: ");
    let parts = parts.map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit()));
    Some(parts.collect::<Vec<_>>().join("offset: "))
}

#[test]
fn null_and_an_empty_text_in_any_field_of_any_format_are_read_like_a_missing_field() {
    let mut other = Vec::new();
    for format in FORMATS {
        let mut document = beside();
        document.insert(format.key.to_owned(), json!([element(format)]));
        let document = Value::Object(document);
        assert!(
            outcome(&document).is_some(),
            "{}: {:?}",
            format.key,
            document
        );
        let mut fields = Vec::new();
        pointers(&document, "", &mut fields);
        let list = [format!("/{}", format.key), format!("/{}/0", format.key)];
        fields.retain(|field| !list.contains(field));
        for field in fields {
            let absent = outcome(&without(&document, &field));
            for value in ["null", "\"\""] {
                let given = outcome(&with(&document, &field, value));
                if given != absent {
                    other.push(format!("{field} {value}: {given:?}, absent {absent:?}"));
                }
            }
        }
    }
    assert!(other.is_empty(), "{}", other.join("\n"));
}

#[test]
fn what_is_needed_is_missed_in_every_format() {
    for (key, field) in [
        (
            "EvaluationResults",
            "EvaluationResultIdentifier/EvaluationResultQualifier/ResourceId",
        ),
        ("AggregateEvaluationResults", "AccountId"),
        ("ComplianceByConfigRules", "ConfigRuleName"),
        ("ComplianceByResources", "ResourceId"),
        ("ConformancePackRuleComplianceList", "ComplianceType"),
        ("ConfigRules", "Source"),
        ("ConfigurationRecorders", "name"),
        ("configurationItems", "resourceType"),
        ("complianceChangeNotifications", "awsRegion"),
        ("Findings", "Resources"),
        ("Findings", "UpdatedAt"),
    ] {
        let document = json!({key: [listed(key)]});
        let pointer = format!("/{key}/0/{field}");
        for value in ["null", "\"\""] {
            let text = with(&document, &pointer, value).to_string();
            let fault = &faults(text.as_bytes())[0];
            assert!(fault.code.starts_with("KI-030"), "{key} {field}: {fault:?}");
        }
    }
}
