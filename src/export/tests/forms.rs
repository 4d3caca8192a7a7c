//! One evaluation in every form in which exports come, and what only looks like one.

use std::path::PathBuf;

use super::*;
use crate::evidence::{ListingKind, Origin};

const CAMEL: &str = r#"{"evaluationResultIdentifier":{"evaluationResultQualifier":{"configRuleName":"restricted-ssh","resourceType":"AWS::EC2::SecurityGroup","resourceId":"sg-1"},"orderingTimestamp":"Tue Jul 16 23:07:35 PDT 2019"},"complianceType":"NON_COMPLIANT","resultRecordedTime":1450314645.261,"configRuleInvokedTime":1450314642.948}"#;

fn one(text: &str) -> Evidence {
    let evidence = read_all(&[("a.json", text.as_bytes())]);
    let input = &evidence.inputs[0];
    assert_eq!(input.status, InputStatus::Complete, "{:?}", input.faults);
    evidence
}

fn shown(evidence: &Evidence) -> Vec<(String, String, String, Option<String>)> {
    let rows = evidence.evaluations.iter();
    rows.map(|e| {
        let time = e.recorded_at.as_ref().map(ToString::to_string);
        (
            e.rule.to_string(),
            e.resource_id.to_string(),
            e.compliance.to_string(),
            time,
        )
    })
    .collect()
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("text")
}

#[test]
fn wrapped_bare_concatenated_and_json_lines_forms_of_one_answer_are_the_same() {
    let plain = details(&[EVALUATION, EVALUATION]);
    let expected = shown(&one(&plain));
    let forms = [
        plain.clone(),
        details(&[CAMEL, CAMEL]).replace("EvaluationResults", "evaluationResults"),
        format!("[{EVALUATION},{EVALUATION}]"),
        format!("{EVALUATION}\n{EVALUATION}\n"),
        format!("{}\n{}", details(&[EVALUATION]), details(&[EVALUATION])),
        format!("[{},{}]", details(&[EVALUATION]), details(&[EVALUATION])),
        format!("{{\"status_code\":200,\"data\":{plain}}}"),
        format!("{{\"apiResponse\":{plain}}}"),
        format!(
            "{{\"Type\":\"Notification\",\"Message\":{}}}",
            quoted(&plain)
        ),
        format!("{{\"Type\":\"Notification\",\"Message\":{plain}}}"),
    ];
    for form in forms {
        assert_eq!(shown(&one(&form)), expected, "{form}");
    }
}

#[test]
fn the_lines_of_json_lines_are_one_list_and_each_leads_to_its_own_document() {
    let evidence = one(&format!("{EVALUATION}\n{EVALUATION}\n{EVALUATION}\n"));
    assert_eq!(evidence.listings.len(), 1);
    assert!(evidence.listings[0].sequence);
    let last = &evidence.evaluations[2];
    assert_eq!(last.at.element, 2);
    assert_eq!(last.at.offset, 2 * (EVALUATION.len() as u64 + 1));
}

#[test]
fn a_notification_is_a_verdict_with_account_and_region() {
    let detail = r#"{"awsAccountId":"111122223333","awsRegion":"us-east-1","configRuleName":"restricted-ssh","configRuleARN":"arn:aws:config:us-east-1:111122223333:config-rule/config-rule-abcdef","resourceType":"AWS::EC2::SecurityGroup","resourceId":"sg-1","newEvaluationResult":{"evaluationResultIdentifier":{},"complianceType":"NON_COMPLIANT","resultRecordedTime":"2026-07-01T00:00:00Z"},"messageType":"ComplianceChangeNotification","recordVersion":"1.0"}"#;
    let event = format!(
        "{{\"version\":\"0\",\"detail-type\":\"Config Rules Compliance Change\",\"source\":\"aws.config\",\"detail\":{detail}}}"
    );
    let sns = format!(
        "{{\"Type\":\"Notification\",\"Message\":{}}}",
        quoted(detail)
    );
    for form in [event, sns, detail.to_owned()] {
        let evidence = one(&form);
        let verdict = &evidence.evaluations[0];
        assert_eq!(verdict.place.account.as_deref(), Some("111122223333"));
        assert_eq!(verdict.place.region.as_deref(), Some("us-east-1"));
        assert_eq!(verdict.origin, Origin::Notification);
        assert_eq!(evidence.listing(verdict.at).kind, ListingKind::Stream);
    }
}

const ITEM: &str = r#"{"configuration":CONFIGURATION,"configurationItemCaptureTime":"2026-07-01T00:00:00Z","awsAccountId":"111122223333","configurationItemStatus":"OK","resourceType":"AWS::Config::ResourceCompliance","resourceId":"AWS::S3::Bucket/b/1","awsRegion":"us-east-1"}"#;
const LIST: &str = r#"{"complianceType":"NON_COMPLIANT","targetResourceId":"b/1","targetResourceType":"AWS::S3::Bucket","configRuleList":[{"configRuleName":"one","complianceType":"COMPLIANT"},{"configRuleName":"two","complianceType":"NON_COMPLIANT"}]}"#;

#[test]
fn the_verdicts_of_a_compliance_item_are_read_in_every_form_of_the_item() {
    let object = ITEM.replace("CONFIGURATION", LIST);
    let text = ITEM.replace("CONFIGURATION", &quoted(LIST));
    let api = text.replace("awsAccountId", "accountId");
    let inner = quoted(&format!("{{\"configurationItem\":{object}}}"));
    let forms = [
        format!("{{\"configSnapshotId\":\"x\",\"configurationItems\":[{object}]}}"),
        format!("{{\"configurationItems\":[{api}],\"nextToken\":null}}"),
        format!(
            "{{\"configurationItem\":{object},\"messageType\":\"ConfigurationItemChangeNotification\"}}"
        ),
        format!("{{\"configurationItem\":[{object}]}}"),
        format!("{{\"baseConfigurationItems\":[{api}]}}"),
        format!("{{\"Results\":[{}],\"QueryInfo\":{{}}}}", quoted(&api)),
        format!("{{\"invokingEvent\":{inner}}}"),
        format!("[{object}]"),
        object.clone(),
    ];
    for form in forms {
        let evidence = one(&form);
        let verdicts: Vec<(&str, &str, ComplianceType)> = evidence
            .evaluations
            .iter()
            .map(|e| (&*e.rule, &*e.resource_id, e.compliance))
            .collect();
        let expected = [
            ("one", "b/1", ComplianceType::Compliant),
            ("two", "b/1", ComplianceType::NonCompliant),
        ];
        assert_eq!(verdicts, expected, "{form}");
        assert_eq!(evidence.items.len(), 1);
        for verdict in &evidence.evaluations {
            let recorded = verdict.recorded_at.as_ref().map(ToString::to_string);
            assert_eq!(recorded.as_deref(), Some("2026-07-01T00:00:00Z"));
            assert_eq!(verdict.evaluated_at, None, "{form}");
        }
    }
    let flattened = r#"{"configRuleList":{"configRuleName":"one","complianceType":"COMPLIANT"}}"#;
    let evidence = one(&ITEM.replace("CONFIGURATION", flattened));
    assert_eq!(evidence.evaluations.len(), 1);
}

#[test]
fn a_snapshot_a_history_and_an_api_answer_are_told_apart() {
    let kind = |text: &str| {
        let evidence = one(text);
        (evidence.listings[0].operation, evidence.listings[0].kind)
    };
    assert_eq!(
        kind(r#"{"fileVersion":"1.0","configSnapshotId":"x","configurationItems":[]}"#),
        ("configuration-snapshot", ListingKind::Snapshot)
    );
    assert_eq!(
        kind(r#"{"fileVersion":"1.0","configurationItems":[]}"#),
        ("configuration-history", ListingKind::Stream)
    );
    assert_eq!(
        kind(r#"{"configurationItems":[]}"#),
        ("get-resource-config-history", ListingKind::Stream)
    );
}

fn asff(status: &str, reason: &str, state: &str) -> String {
    format!(
        r#"{{"SchemaVersion":"2018-10-08","Id":"arn:aws:securityhub:us-east-1:111122223333:x","ProductArn":"arn:aws:securityhub:us-east-1::product/aws/securityhub","GeneratorId":"g","AwsAccountId":"111122223333","CreatedAt":"2026-07-01T00:00:00Z","UpdatedAt":"2026-07-02T00:00:00Z","Title":"t","Description":"d","ProductFields":{{"RelatedAWSResources:0/name":"securityhub-restricted-ssh-baa2cf8c","RelatedAWSResources:0/type":"AWS::Config::ConfigRule"}},"Resources":[{{"Type":"AwsEc2SecurityGroup","Id":"arn:aws:ec2:us-east-1:111122223333:security-group/sg-1"}}],"Compliance":{{"Status":"{status}","StatusReasons":[{{"ReasonCode":"{reason}"}}]}},"RecordState":"{state}"}}"#
    )
}

#[test]
fn security_hub_findings_are_verdicts_of_its_own_copy() {
    let read = |status: &str, reason: &str, state: &str| {
        let finding = asff(status, reason, state);
        let verdict = one(&format!("{{\"Findings\":[{finding}]}}")).evaluations[0].clone();
        assert_eq!(&*verdict.rule, "securityhub-restricted-ssh-baa2cf8c");
        assert_eq!(&*verdict.resource_type, "AWS::EC2::SecurityGroup");
        assert_eq!(&*verdict.resource_id, "sg-1");
        assert_eq!(verdict.place.region.as_deref(), Some("us-east-1"));
        (verdict.compliance, verdict.is_archived())
    };
    let cases = [
        ("PASSED", "", "ACTIVE", ComplianceType::Compliant),
        ("FAILED", "", "ARCHIVED", ComplianceType::NonCompliant),
        ("WARNING", "", "ACTIVE", ComplianceType::InsufficientData),
        (
            "NOT_AVAILABLE",
            "",
            "ACTIVE",
            ComplianceType::InsufficientData,
        ),
        (
            "NOT_AVAILABLE",
            "CONFIG_RETURNS_NOT_APPLICABLE",
            "ACTIVE",
            ComplianceType::NotApplicable,
        ),
        (
            "FAILED",
            "CONFIG_RETURNS_NOT_APPLICABLE",
            "ACTIVE",
            ComplianceType::NonCompliant,
        ),
        // Nothing was evaluated: that is no pass.
        (
            "PASSED",
            "CONFIG_EVALUATIONS_EMPTY",
            "ACTIVE",
            ComplianceType::NotApplicable,
        ),
    ];
    for (status, reason, state, verdict) in cases {
        assert_eq!(read(status, reason, state), (verdict, state == "ARCHIVED"));
    }
    let finding = asff("PASSED", "", "ACTIVE");
    let event =
        format!("{{\"source\":\"aws.securityhub\",\"detail\":{{\"findings\":[{finding}]}}}}");
    for form in [format!("[{finding}]"), finding.clone(), event] {
        assert_eq!(one(&form).evaluations.len(), 1, "{form}");
    }
}

#[test]
fn a_status_that_asff_lacks_is_left_out_of_others_findings_and_a_fault_of_security_hubs() {
    let own = asff("MANUAL", "", "ACTIVE");
    assert_eq!(codes(format!("[{own}]").as_bytes()), ["KI-0302"]);
    // It is about a rule of AWS Config, whoever wrote it.
    let product = |finding: &str| finding.replace("product/aws/securityhub", "product/scan/er");
    let on_rule = product(&own);
    assert_eq!(codes(format!("[{on_rule}]").as_bytes()), ["KI-0302"]);
    let other = |status: &str| {
        let finding = product(&asff(status, "", "ACTIVE"));
        finding.replace("AWS::Config::ConfigRule", "AWS::Other")
    };
    let evidence = one(&format!("[{},{}]", other("MANUAL"), other("FAILED")));
    assert_eq!(evidence.evaluations.len(), 1);
    let reason = evidence.inputs[0].reason.as_deref().unwrap_or_default();
    assert!(
        reason.contains("`scan/er`") && reason.contains("`MANUAL`"),
        "{reason}"
    );
    let without = other("FAILED").replace("\"Resources\":[", "\"Others\":[");
    assert_eq!(codes(format!("[{without}]").as_bytes()), ["KI-0301"]);
}

#[test]
fn exports_without_verdicts_are_known_for_what_they_are() {
    for (operation, text) in [
        (
            "describe-config-rule-evaluation-status",
            r#"{"ConfigRulesEvaluationStatus":[{"ConfigRuleName":"r"}]}"#,
        ),
        (
            "describe-conformance-packs",
            r#"{"ConformancePackDetails":[{"ConformancePackName":"p","ConformancePackId":"conformance-pack-abc123def"}]}"#,
        ),
        (
            "describe-configuration-recorders",
            r#"{"ConfigurationRecorders":[{"name":"default","recordingGroup":{"allSupported":true}}]}"#,
        ),
        (
            "describe-configuration-recorder-status",
            r#"{"ConfigurationRecordersStatus":[{"name":"default","recording":true}]}"#,
        ),
        (
            "get-compliance-summary-by-config-rule",
            r#"{"ComplianceSummary":{"NonCompliantResourceCount":{"CappedCount":1}}}"#,
        ),
        (
            "get-compliance-summary-by-resource-type",
            r#"{"ComplianceSummariesByResourceType":[{"ComplianceSummary":{}}]}"#,
        ),
        (
            "describe-compliance-by-resource",
            r#"{"ComplianceByResources":[{"ResourceType":"t","ResourceId":"i","Compliance":{"ComplianceType":"NON_COMPLIANT"}}]}"#,
        ),
        (
            "describe-conformance-pack-compliance",
            r#"{"ConformancePackName":"p","ConformancePackRuleComplianceList":[{"ConfigRuleName":"r","ComplianceType":"COMPLIANT"}]}"#,
        ),
        (
            "get-conformance-pack-compliance-summary",
            r#"{"ConformancePackComplianceSummaryList":[{"ConformancePackName":"p","ConformancePackComplianceStatus":"NON_COMPLIANT"}]}"#,
        ),
        (
            "describe-aggregate-compliance-by-config-rules",
            r#"{"AggregateComplianceByConfigRules":[{"ConfigRuleName":"r","Compliance":{"ComplianceType":"COMPLIANT"},"AccountId":"111122223333","AwsRegion":"us-east-1"}]}"#,
        ),
        (
            "describe-aggregate-compliance-by-conformance-packs",
            r#"{"AggregateComplianceByConformancePacks":[{"ConformancePackName":"p","Compliance":{"NonCompliantRuleCount":1},"AccountId":"111122223333","AwsRegion":"us-east-1"}]}"#,
        ),
        (
            "get-aggregate-config-rule-compliance-summary",
            r#"{"GroupByKey":"ACCOUNT_ID","AggregateComplianceCounts":[{}]}"#,
        ),
        (
            "get-discovered-resource-counts",
            r#"{"totalDiscoveredResources":1,"resourceCounts":[{}]}"#,
        ),
        (
            "list-discovered-resources",
            r#"{"resourceIdentifiers":[{}]}"#,
        ),
    ] {
        let evidence = one(text);
        assert_eq!(evidence.inputs[0].kinds, [operation]);
        assert!(
            evidence.evaluations.is_empty(),
            "{operation} is no verdict on a resource"
        );
    }
}

#[test]
fn what_cannot_be_evidence_is_named_with_what_to_export_instead() {
    for (text, what) in [
        (
            "An error occurred (AccessDenied) when calling",
            "error message of the AWS CLI",
        ),
        ("-----\n| GetCompliance |\n", "--output table"),
        ("EVALUATIONRESULTS\tCOMPLIANT\n", "--output text"),
        (
            "EvaluationResults:\n- ComplianceType: COMPLIANT\n",
            "--output yaml",
        ),
        ("AUTH_METHOD;TIMESTAMP\n", "Prowler"),
        ("<!DOCTYPE html>", "web page"),
        ("{'EvaluationResults': []}", "Python"),
        (r#"["COMPLIANT"]"#, "--query"),
        (r#"[{"Rule":"r","Verdict":"v"}]"#, "--query"),
        (r#"[{"class_uid":2004,"metadata":{}}]"#, "OCSF"),
        (r#"{"Findings":[{"class_uid":2004,"metadata":{}}]}"#, "OCSF"),
        (r#"{"evidence":[{"evidenceByType":"x"}]}"#, "Audit Manager"),
        (
            r#"{"Results":["{\"configuration\":{}}"]}"#,
            "the query selects no",
        ),
        (
            r#"{"detail":{"eventVersion":"1","eventSource":"s","eventName":"n"}}"#,
            "CloudTrail",
        ),
    ] {
        let fault = &faults(text.as_bytes())[0];
        assert!(fault.message.contains(what), "{text}: {}", fault.message);
        assert!(fault.hint.len() > 10, "{text}: {}", fault.hint);
    }
}

#[test]
fn an_empty_array_proves_nothing_and_loses_nothing() {
    let evidence = one("[]");
    assert!(evidence.listings.is_empty());
    let reason = evidence.inputs[0].reason.as_deref();
    assert!(reason.is_some_and(|why| why.contains("proves nothing")));
}

#[test]
fn the_cli_of_both_versions_and_boto3_give_the_same_verdicts() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/export");
    for operation in [
        "get-compliance-details-by-config-rule",
        "get-conformance-pack-compliance-details",
        "get-aggregate-compliance-details-by-config-rule",
    ] {
        let read = |name: &str| {
            let text = fs::read_to_string(folder.join(operation).join(name));
            shown(&one(&text.expect("a fixture")))
        };
        let first = read("ok-cli-v1.json");
        assert!(!first.is_empty());
        for name in ["ok-cli-v2.json", "ok-boto3.json"] {
            assert_eq!(read(name), first, "{operation} {name}");
        }
    }
}

#[test]
fn every_fixture_is_read_or_rejected_as_its_name_says() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/export");
    let mut seen = 0;
    for operation in fs::read_dir(folder).expect("fixtures") {
        let operation = operation.expect("an entry").path();
        if !operation.is_dir() {
            continue;
        }
        for file in fs::read_dir(&operation).expect("fixtures") {
            let file = file.expect("an entry").path();
            let name = file.file_name().and_then(|n| n.to_str()).expect("a name");
            let bytes = fs::read(&file).expect("a file");
            let evidence = read_all(&[(name, &bytes)]);
            let mut inputs = evidence.inputs.iter();
            let rejected = inputs.any(|input| input.status == InputStatus::Rejected);
            let faults = evidence.inputs.iter().flat_map(|input| &input.faults);
            let faults: Vec<&Fault> = faults.collect();
            let broken = name.starts_with("broken-");
            assert_eq!(rejected, broken, "{}: {faults:?}", file.display());
            let used = evidence.inputs.iter();
            let used = used.filter(|input| input.status != InputStatus::Rejected);
            let counted = used.fold((0, 0), |(verdicts, items), input| {
                let records = &input.records;
                (
                    verdicts + records.evaluation_results,
                    items + records.configuration_items,
                )
            });
            let read = (evidence.evaluations.len(), evidence.items.len());
            assert_eq!(
                counted,
                (read.0 as u64, read.1 as u64),
                "{}",
                file.display()
            );
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn a_rules_scope_state_and_modes_are_read_in_both_spellings() {
    let rule = |scope: &str, modes: &str| {
        format!(
            r#"{{"ConfigRules":[{{"ConfigRuleName":"r","Source":{{"Owner":"AWS","SourceIdentifier":"X"}},"Scope":{scope},"ConfigRuleState":"EVALUATING","EvaluationModes":{modes}}}]}}"#
        )
    };
    let read = |scope: &str, modes: &str| {
        let evidence = one(&rule(scope, modes));
        let rule = &evidence.config_rules[0];
        assert_eq!(rule.state.as_deref(), Some("EVALUATING"));
        (rule.scope.to_string(), rule.detective)
    };
    let both = r#"[{"Mode":"PROACTIVE"},{"mode":"DETECTIVE"}]"#;
    for (scope, shown) in [
        ("null", ""),
        ("{}", ""),
        (
            r#"{"ComplianceResourceTypes":[],"TagKey":null,"TagValue":""}"#,
            "",
        ),
        (
            r#"{"ComplianceResourceTypes":["B","A"],"TagKey":"Env","TagValue":"prod"}"#,
            "A, B; tag Env=prod",
        ),
        (
            r#"{"complianceResourceTypes":["A"],"complianceResourceId":"i-1","Later":["x"]}"#,
            "A; resource i-1; Later",
        ),
    ] {
        assert_eq!(read(scope, both), (shown.to_owned(), true), "{scope}");
    }
    assert!(!read("{}", r#"[{"Mode":"PROACTIVE"}]"#).1);
    let alone = r#"{"ComplianceResourceTypes":"A"}"#;
    assert_eq!(read(alone, both), ("A".to_owned(), true));
    let text = rule(r#"{"ComplianceResourceTypes":7}"#, both);
    let evidence = read_all(&[("a.json", text.as_bytes())]);
    let fault = &evidence.inputs[0].faults[0];
    assert_eq!(
        fault.pointer.as_deref(),
        Some("/ConfigRules/0/Scope/ComplianceResourceTypes")
    );
}

#[test]
fn as_many_rows_as_one_call_gives_are_whole_with_a_warning() {
    for (rows, warned) in [(9, false), (10, true), (11, false), (100, true)] {
        let evidence = one(&details(&vec![EVALUATION; rows]));
        let reason = evidence.inputs[0].reason.as_deref().unwrap_or_default();
        assert_eq!(reason.contains("rows"), warned, "{rows}: {reason}");
    }
}

#[test]
fn a_compliance_item_without_rules_or_configuration_holds_no_verdict() {
    let item = |status: &str, configuration: &str| {
        format!(
            r#"{{"fileVersion":"1.0","configSnapshotId":"x","configurationItems":[{{"configurationItemCaptureTime":"2026-09-20T00:00:00Z","configurationItemStatus":"{status}","awsAccountId":"111122223333","awsRegion":"ap-northeast-2","resourceType":"AWS::Config::ResourceCompliance","resourceId":"AWS::S3::Bucket/a","configuration":{configuration}}}]}}"#
        )
    };
    for (status, configuration) in [
        (
            "OK",
            r#"{"targetResourceType":"AWS::S3::Bucket","targetResourceId":"a","complianceType":"COMPLIANT","configRuleList":[]}"#,
        ),
        ("ResourceNotRecorded", "null"),
        ("ResourceDeleted", "null"),
    ] {
        let evidence = one(&item(status, configuration));
        assert!(evidence.evaluations.is_empty(), "{status}");
        assert_eq!(evidence.inputs[0].records.configuration_items, 1);
    }
    let evidence = read_all(&[("a.json", item("OK", "null").as_bytes())]);
    assert_eq!(evidence.inputs[0].status, InputStatus::Rejected);
}

#[test]
fn the_types_of_what_was_discovered_are_kept_once_a_list_without_what_is_none_or_deleted() {
    let types = |text: &str| {
        let discovered = one(text).discovered;
        let types = discovered.iter().map(|one| one.resource_type.to_string());
        types.collect::<Vec<_>>()
    };
    let counts = r#"{"totalDiscoveredResources":2,"resourceCounts":[{"resourceType":"AWS::EC2::VPC","count":2},{"resourceType":"AWS::EC2::Volume","count":0}]}"#;
    assert_eq!(types(counts), ["AWS::EC2::VPC"]);
    let list = r#"{"resourceIdentifiers":[{"resourceType":"AWS::EC2::VPC","resourceId":"a"},{"resourceType":"AWS::EC2::VPC","resourceId":"b"},{"resourceType":"AWS::EC2::Volume","resourceId":"c","resourceDeletionTime":1450314645.261}]}"#;
    assert_eq!(types(list), ["AWS::EC2::VPC"]);
    let judged = r#"{"ComplianceByResources":[{"ResourceType":"AWS::EC2::VPC","ResourceId":"a","Compliance":{"ComplianceType":"COMPLIANT"}},{"ResourceType":"AWS::EC2::Volume","ResourceId":"c","Compliance":{"ComplianceType":"NON_COMPLIANT"}},{"ResourceType":"AWS::EC2::VPC","ResourceId":"b","Compliance":{"ComplianceType":"COMPLIANT"}}]}"#;
    assert_eq!(types(judged), ["AWS::EC2::VPC", "AWS::EC2::Volume"]);
    let summary = |kind: &str, compliant: u32, failing: u32| {
        format!(
            r#"{{"ResourceType":"{kind}","ComplianceSummary":{{"CompliantResourceCount":{{"CappedCount":{compliant}}},"NonCompliantResourceCount":{{"CappedCount":{failing}}}}}}}"#
        )
    };
    let rows = [("a", 0, 0), ("b", 1, 0), ("c", 0, 2)];
    let rows = rows.map(|(kind, compliant, failing)| summary(kind, compliant, failing));
    let summaries = format!(
        "{{\"ComplianceSummariesByResourceType\":[{}]}}",
        rows.join(",")
    );
    assert_eq!(types(&summaries), ["b", "c"]);
}

#[test]
fn what_a_list_shows_as_deleted_is_an_item_that_says_so() {
    let list = r#"{"resourceIdentifiers":[{"resourceType":"AWS::EC2::Volume","resourceId":"a","resourceDeletionTime":"2026-08-03T11:12:01Z"},{"resourceType":"AWS::EC2::Volume","resourceId":"b","resourceDeletionTime":null},{"resourceType":"AWS::EC2::Volume","resourceId":"c","resourceDeletionTime":""}]}"#;
    let evidence = one(list);
    assert_eq!(evidence.items.len(), 1);
    assert!(evidence.items.get(0).kind.deleted);
    let mut items = evidence.items.reader_at_random();
    let item = items.read(0).expect("it is kept");
    assert_eq!(&*item.resource_id, "a");
    assert_eq!(evidence.mentions.len(), 2);
}

#[test]
fn a_group_of_an_aggregators_counts_is_an_account_or_a_region() {
    let row = |name: &str| {
        format!(
            r#"{{"GroupName":"{name}","ComplianceSummary":{{"NonCompliantResourceCount":{{"CappedCount":5,"CapExceeded":false}}}}}}"#
        )
    };
    let rows = ["111122223333", "ap-northeast-2", "ALL"].map(row);
    let text = format!("{{\"AggregateComplianceCounts\":[{}]}}", rows.join(","));
    let counts = one(&text).counts;
    let places = counts.iter().map(|count| &count.place);
    let places: Vec<_> = places
        .map(|place| (place.account.as_deref(), place.region.as_deref()))
        .collect();
    assert_eq!(
        places,
        [(Some("111122223333"), None), (None, Some("ap-northeast-2"))]
    );
    assert!(counts.iter().all(|count| count.failing.capped == 5));
}

#[test]
fn an_invocation_is_an_evaluation_only_where_nothing_ever_failed() {
    let succeeded = |more: &str| {
        let text = format!(
            r#"{{"ConfigRulesEvaluationStatus":[{{"ConfigRuleName":"r","LastSuccessfulInvocationTime":1450314645.261{more}}}]}}"#
        );
        let status = one(&text).rule_statuses.remove(0);
        status.succeeded.map(|time| time.to_string())
    };
    let time = Some("2015-12-17T01:10:45.261Z");
    assert_eq!(succeeded("").as_deref(), time);
    let evaluated = r#","LastSuccessfulEvaluationTime":1450314645.261"#;
    let failed = r#","LastFailedEvaluationTime":1450314642.261"#;
    assert_eq!(succeeded(&format!("{evaluated}{failed}")).as_deref(), time);
    assert_eq!(succeeded(failed), None);
    assert_eq!(succeeded(r#","LastErrorCode":"AccessDenied""#), None);
    let started = r#","FirstEvaluationStarted":true"#;
    assert_eq!(succeeded(started).as_deref(), time);
    let never = r#","FirstEvaluationStarted":false"#;
    assert_eq!(succeeded(&format!("{evaluated}{never}")), None);
}
