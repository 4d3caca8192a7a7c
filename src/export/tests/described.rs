//! What describes rules, packs and recorders, and what counts them.

use super::*;
use crate::evidence::{ConformancePack, Counted, FailingCount, Recorded};

fn one(text: &str) -> Evidence {
    let evidence = read_all(&[("a.json", text.as_bytes())]);
    let input = &evidence.inputs[0];
    assert_eq!(input.status, InputStatus::Complete, "{:?}", input.faults);
    evidence
}

#[test]
fn a_recorder_of_a_service_is_not_the_customers_in_either_spelling() {
    let internal = |field: &str| {
        let text = format!(
            r#"{{"ConfigurationRecorders":[{{"name":"r","recordingGroup":{{"allSupported":true}}{field}}}]}}"#
        );
        one(&text).recorders[0].internal
    };
    for field in [
        "",
        r#","recordingScope":"PAID""#,
        r#","recordingScope":null,"servicePrincipal":"""#,
        r#","servicePrincipal":null"#,
    ] {
        assert!(!internal(field), "{field}");
    }
    for field in [
        r#","recordingScope":"INTERNAL""#,
        r#","RecordingScope":"internal""#,
        r#","recordingScope":"PAID","servicePrincipal":"observability.amazonaws.com""#,
        r#","ServicePrincipal":"observability.amazonaws.com""#,
        r#","connectorArn":"arn:aws:config:us-east-1:111122223333:connector/azure""#,
    ] {
        assert!(internal(field), "{field}");
    }
    let without_group = r#"{"ConfigurationRecorders":[{"name":"r","recordingGroup":null}]}"#;
    let recorded = one(without_group).recorders.remove(0).recorded;
    assert_eq!(recorded, Recorded::Only(Vec::new()));
}

#[test]
fn a_recorders_status_tells_since_when_it_runs_and_whose_it_is() {
    let status = |fields: &str| {
        let text = format!(
            r#"{{"ConfigurationRecordersStatus":[{{"name":"r","recording":true,{fields}}}]}}"#
        );
        let status = one(&text).recorder_statuses.remove(0);
        let times = [status.started, status.stopped];
        let times = times.map(|time| time.map(|time| time.to_string()).unwrap_or_default());
        (times, status.internal)
    };
    let (started, stopped) = ("2026-07-01T00:00:00Z", "2026-08-01T00:00:00Z");
    let lower = format!(r#""lastStartTime":"{started}","lastStopTime":"{stopped}""#);
    let upper = format!(
        r#""LastStartTime":"{started}","LastStopTime":"{stopped}","ServicePrincipal":"x.amazonaws.com""#
    );
    let both = [started.to_owned(), stopped.to_owned()];
    assert_eq!(status(&lower), (both.clone(), false));
    assert_eq!(status(&upper), (both, true));
    let none = (["", ""].map(str::to_owned), false);
    assert_eq!(status(r#""servicePrincipal":"""#), none);
}

#[test]
fn a_rule_that_aws_keeps_to_itself_is_known_and_a_services_scope_stays() {
    let rule = |fields: &str| {
        let text = format!(
            r#"{{"ConfigRules":[{{"ConfigRuleName":"r","Source":{{"Owner":"AWS","SourceIdentifier":"X"}}{fields}}}]}}"#
        );
        let rule = one(&text).config_rules.remove(0);
        (rule.internal, rule.scope.other)
    };
    assert!(rule(r#","RuleEvaluationVisibility":"INTERNAL""#).0);
    assert!(rule(r#","ruleEvaluationVisibility":"INTERNAL""#).0);
    assert!(!rule(r#","RuleEvaluationVisibility":"EXTERNAL""#).0);
    assert!(!rule("").0);
    let scope = r#","Scope":{"ServicePrincipals":["x.amazonaws.com"]}"#;
    assert_eq!(rule(scope).1, ["ServicePrincipals"]);
    for empty in ["null", "\"\"", "[]", "{}"] {
        let scope = format!(r#","Scope":{{"ServicePrincipals":{empty}}}"#);
        assert!(rule(&scope).1.is_empty(), "{empty}");
    }
}

#[test]
fn a_rule_without_an_owner_is_aws_own_if_its_identifier_is_no_arn() {
    let owner = |source: &str| {
        let text = format!(r#"{{"ConfigRules":[{{"ConfigRuleName":"r","Source":{source}}}]}}"#);
        one(&text).config_rules.remove(0).owner.to_string()
    };
    assert_eq!(
        owner(r#"{"SourceIdentifier":"INCOMING_SSH_DISABLED"}"#),
        "AWS"
    );
    let lambda =
        r#"{"Owner":"","SourceIdentifier":"arn:aws:lambda:us-east-1:111122223333:function:f"}"#;
    assert_eq!(owner(lambda), "");
    assert_eq!(owner(r#"{"owner":"CUSTOM_POLICY"}"#), "CUSTOM_POLICY");
}

#[test]
fn a_conformance_pack_tells_its_place_and_scope_in_both_spellings() {
    let pack = |text: &str| -> ConformancePack { one(text).packs.remove(0) };
    let upper = r#"{"ConformancePackDetails":[{"ConformancePackName":"p","ConformancePackArn":"arn:aws:config:ap-northeast-2:111122223333:conformance-pack/p/conformance-pack-ab12cd34e","ConformancePackId":"conformance-pack-ab12cd34e","Scope":{"TagKey":"audit","TagValue":"yes"}}]}"#;
    let lower = r#"{"conformancePackDetails":[{"conformancePackName":"p","conformancePackArn":"arn:aws:config:ap-northeast-2:111122223333:conformance-pack/p/conformance-pack-ab12cd34e","conformancePackId":"conformance-pack-ab12cd34e","scope":{"tagKey":"audit","tagValue":"yes"}}]}"#;
    for text in [upper, lower] {
        let pack = pack(text);
        let place = (pack.place.account.as_deref(), pack.place.region.as_deref());
        assert_eq!(place, (Some("111122223333"), Some("ap-northeast-2")));
        assert_eq!(pack.scope.to_string(), "tag audit=yes");
    }
    let bare = upper.replace(r#","Scope":{"TagKey":"audit","TagValue":"yes"}"#, "");
    for text in [bare, upper.replace("audit", "").replace("yes", "")] {
        assert!(pack(&text).scope.is_empty(), "{text}");
    }
}

fn counts(text: &str) -> Vec<FailingCount> {
    one(text).counts
}

#[test]
fn a_count_is_dated_by_its_summary() {
    let time = "2026-09-30T00:00:00Z";
    let summary = format!(
        r#"{{"NonCompliantResourceCount":{{"CappedCount":2}},"ComplianceSummaryTimestamp":"{time}"}}"#
    );
    for text in [
        format!(r#"{{"ComplianceSummary":{summary}}}"#),
        format!(
            r#"{{"ComplianceSummariesByResourceType":[{{"ResourceType":"t","ComplianceSummary":{summary}}}]}}"#
        ),
        format!(
            r#"{{"AggregateComplianceCounts":[{{"GroupName":"111122223333","ComplianceSummary":{summary}}}]}}"#
        ),
    ] {
        let counts = counts(&text);
        let taken = counts[0].taken.as_ref().map(ToString::to_string);
        assert_eq!(taken.as_deref(), Some(time), "{text}");
        assert_eq!(counts[0].failing.capped, 2);
    }
}

#[test]
fn of_a_pack_that_fails_at_least_one_rule_does() {
    let failing = |compliance: &str| {
        let text = format!(
            r#"{{"AggregateComplianceByConformancePacks":[{{"ConformancePackName":"OrgConformsPack-p-ab12cd34","Compliance":{compliance},"AccountId":"111122223333","AwsRegion":"us-east-1"}}]}}"#
        );
        let counts = counts(&text);
        let of = Counted::RulesOfPack("OrgConformsPack-p-ab12cd34".into());
        assert_eq!(counts[0].of, of);
        counts[0].failing.capped
    };
    assert_eq!(failing(r#"{"ComplianceType":"NON_COMPLIANT"}"#), 1);
    let none = r#"{"ComplianceType":"NON_COMPLIANT","NonCompliantRuleCount":0}"#;
    assert_eq!(failing(none), 1);
    let three = r#"{"ComplianceType":"NON_COMPLIANT","NonCompliantRuleCount":3}"#;
    assert_eq!(failing(three), 3);
    assert_eq!(failing(r#"{"ComplianceType":"COMPLIANT"}"#), 0);
    assert_eq!(
        failing(r#"{"ComplianceType":"","NonCompliantRuleCount":null}"#),
        0
    );
}

#[test]
fn parameters_that_stand_in_the_finding_itself_are_the_deployed_ones() {
    let parameters = |compliance: &str| {
        let text = format!(
            r#"{{"Findings":[{{"SchemaVersion":"2018-10-08","Id":"x","ProductArn":"p","GeneratorId":"g","AwsAccountId":"111122223333","UpdatedAt":"2026-07-02T00:00:00Z","Resources":[{{"Type":"AwsEc2SecurityGroup","Id":"sg-1"}}],"Compliance":{{"Status":"PASSED"{compliance}}}}}]}}"#
        );
        let verdict = one(&text).evaluations.remove(0);
        verdict.asff.expect("a finding").parameters
    };
    let given = r#","SecurityControlParameters":[{"Name":"authorizedTcpPorts","Value":["80","443"]},{"Name":"authorizedUdpPorts","Value":[]}]"#;
    let read = parameters(given).expect("parameters");
    let read: Vec<(&str, &str)> = read
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    assert_eq!(
        read,
        [("authorizedTcpPorts", "80,443"), ("authorizedUdpPorts", "")]
    );
    assert_eq!(parameters(""), None);
    assert_eq!(parameters(r#","SecurityControlParameters":null"#), None);
}

#[test]
fn a_time_that_is_not_a_time_is_a_fault_of_its_element() {
    let row = EVALUATION.replace("1450314645.261", "145031464526");
    let fault = &faults(details(&[EVALUATION, &row]).as_bytes())[0];
    assert_eq!(fault.code, "KI-0304");
    let pointer = fault.pointer.as_deref();
    assert_eq!(pointer, Some("/EvaluationResults/1/ResultRecordedTime"));
    assert!(fault.hint.contains("milliseconds"), "{}", fault.hint);
    let offset = usize::try_from(fault.offset.expect("an offset")).expect("small");
    assert!(details(&[EVALUATION, &row])[offset..].starts_with(&row));
    for text in [
        r#"{"Results":["{\"resourceType\":\"t\",\"resourceId\":\"i\",\"configurationItemCaptureTime\":145031464526}"]}"#,
        r#"{"configurationItems":[{"resourceType":"t","resourceId":"i","configurationItemStatus":"OK","configurationItemCaptureTime":"14503146452"}]}"#,
        r#"{"ConfigRulesEvaluationStatus":[{"ConfigRuleName":"r","LastSuccessfulEvaluationTime":145031464526}]}"#,
        r#"{"ComplianceSummary":{"ComplianceSummaryTimestamp":145031464526}}"#,
        r#"{"ConfigurationRecordersStatus":[{"name":"r","recording":true,"lastStartTime":145031464526}]}"#,
    ] {
        assert_eq!(codes(text.as_bytes()), ["KI-0304"], "{text}");
    }
}
