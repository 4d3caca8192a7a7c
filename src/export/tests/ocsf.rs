//! Findings of Security Hub V2: the verdicts that they are in ASFF, and whether they are all there are.

use serde_json::{Value, json};

use super::*;
use crate::evidence::{EvaluationResult, ListingKind};

const CLOUDY: &str = "arn:aws:securityhub:us-east-1:111122223333:security-control/EC2.13/finding/1";
const GROUP: &str = "arn:aws:ec2:us-east-1:111122223333:security-group/sg-1";
const RULE: &str = "securityhub-restricted-ssh-baa2cf8c";

fn asff() -> Value {
    json!({
        "SchemaVersion": "2018-10-08", "Id": CLOUDY, "AwsAccountId": "111122223333", "Region": "us-east-1",
        "ProductArn": "arn:aws:securityhub:us-east-1::product/aws/securityhub",
        "GeneratorId": "security-control/EC2.13", "RecordState": "ACTIVE",
        "CreatedAt": "2026-07-01T00:00:00Z", "UpdatedAt": "2026-07-02T00:00:00.123Z",
        "LastObservedAt": "2026-07-02T00:00:00Z", "Title": "t", "Description": "d",
        "ProductFields": {
            "RelatedAWSResources:0/name": RULE, "RelatedAWSResources:0/type": "AWS::Config::ConfigRule"
        },
        "Resources": [{"Type": "AwsEc2SecurityGroup", "Id": GROUP, "Region": "us-east-1"}],
        "Compliance": {"Status": "FAILED"}, "Workflow": {"Status": "SUPPRESSED"}
    })
}

fn ocsf() -> Value {
    json!({
        "activity_id": 2, "activity_name": "Update", "category_uid": 2, "class_uid": 2003,
        "cloud": {"account": {"uid": "111122223333"}, "provider": "AWS", "region": "us-east-1"},
        "compliance": {"control": "EC2.13", "status": "Fail", "status_id": 3},
        "finding_info": {
            "analytic": {"category": "AWS::Config::ConfigRule", "name": RULE, "type_id": 1},
            "created_time": 1_782_864_000_000_u64, "last_seen_time": 1_782_950_400_000_u64,
            "modified_time": 1_782_950_400_123_u64, "modified_time_dt": "2026-07-02T00:00:00.123Z",
            "title": "t", "uid": CLOUDY
        },
        "metadata": {
            "product": {
                "name": "Security Hub", "vendor_name": "AWS",
                "uid": "arn:aws:securityhub:us-east-1::productv2/aws/securityhub"
            },
            "version": "1.6.0"
        },
        "resources": [{
            "owner": {"account": {"uid": "111122223333"}}, "region": "us-east-1",
            "type": "AWS::EC2::SecurityGroup", "uid": "sg-1", "uid_alt": GROUP
        }],
        "severity_id": 3, "status": "Suppressed", "status_id": 3,
        "time": 1_782_950_400_123_u64, "type_uid": 200_302
    })
}

/// Values by the pointers at which they are put.
type Changes<'c> = &'c [(&'c str, Value)];

fn changed(mut finding: Value, changes: Changes<'_>) -> Value {
    for (pointer, value) in changes {
        let (object, key) = pointer.rsplit_once('/').expect("a pointer");
        finding.pointer_mut(object).expect("an object")[key] = value.clone();
    }
    finding
}

fn rows(text: &str) -> Vec<EvaluationResult> {
    let evidence = read_all(&[("a.json", text.as_bytes())]);
    let input = &evidence.inputs[0];
    assert_eq!(input.status, InputStatus::Complete, "{:?}", input.faults);
    evidence.evaluations
}

fn told(finding: &Value) -> Vec<String> {
    let rows = rows(&json!({"Findings": [finding]}).to_string());
    let shown = rows.iter().map(|row| {
        let what = (&row.of, &row.resource_id, row.compliance, &row.annotation);
        let times = (&row.recorded_at, &row.evaluated_at);
        format!("{what:?} {times:?} {:?}", row.asff)
    });
    shown.collect()
}

#[test]
fn a_finding_in_ocsf_is_the_same_verdict_as_its_twin_in_asff() {
    let empty = "CONFIG_EVALUATIONS_EMPTY";
    let reason = |code: &str| json!([{"ReasonCode": code}]);
    let parameters = json!([{"Name": "blockedPort1", "Value": ["22"]}]);
    let pairs: &[(Changes<'_>, Changes<'_>)] = &[
        (&[], &[]),
        (
            &[("/Compliance/Status", "PASSED".into())],
            &[
                ("/compliance/status", "Pass".into()),
                ("/compliance/status_id", 1.into()),
            ],
        ),
        (
            &[("/Compliance/Status", "WARNING".into())],
            &[
                ("/compliance/status", "Warning".into()),
                ("/compliance/status_id", 2.into()),
            ],
        ),
        (
            &[("/Compliance/Status", "NOT_AVAILABLE".into())],
            &[
                ("/compliance/status", "N/A".into()),
                ("/compliance/status_id", 99.into()),
            ],
        ),
        (
            &[("/Compliance/Status", Value::Null)],
            &[
                ("/compliance/status", "".into()),
                ("/compliance/status_id", Value::Null),
            ],
        ),
        (
            &[
                ("/Compliance/Status", "PASSED".into()),
                ("/Compliance/StatusReasons", reason(empty)),
            ],
            &[
                ("/compliance/status", Value::Null),
                ("/compliance/status_id", 1.into()),
                ("/compliance/status_code", empty.into()),
            ],
        ),
        (
            &[("/RecordState", "ARCHIVED".into())],
            &[
                ("/activity_id", 3.into()),
                ("/activity_name", "Close".into()),
            ],
        ),
        (
            &[("/Compliance/SecurityControlParameters", parameters)],
            &[(
                "/compliance/control_parameters",
                json!([{"name": "blockedPort1", "values": ["22"]}]),
            )],
        ),
        // A control that asks no rule of AWS Config.
        (
            &[("/ProductFields", json!({}))],
            &[("/finding_info/analytic", Value::Null)],
        ),
        (
            &[(
                "/Resources",
                json!([{"Type": "AwsAccount", "Id": "AWS::::Account:111122223333"}]),
            )],
            &[(
                "/resources",
                json!([{"type": "AWS::::Account", "uid": "111122223333"}]),
            )],
        ),
    ];
    for (of_asff, of_ocsf) in pairs {
        let (one, other) = (
            told(&changed(asff(), of_asff)),
            told(&changed(ocsf(), of_ocsf)),
        );
        assert_eq!(one.len(), 1, "{of_asff:?}");
        assert_eq!(one, other);
    }
}

#[test]
fn of_a_status_and_its_number_the_worse_counts() {
    let verdict = |status: Value, id: Value| {
        let changes = [
            ("/compliance/status", status),
            ("/compliance/status_id", id),
        ];
        rows(&changed(ocsf(), &changes).to_string())[0].compliance
    };
    assert_eq!(
        verdict("Pass".into(), 3.into()),
        ComplianceType::NonCompliant
    );
    assert_eq!(
        verdict("Fail".into(), 1.into()),
        ComplianceType::NonCompliant
    );
    assert_eq!(
        verdict("Pass".into(), 0.into()),
        ComplianceType::InsufficientData
    );
    assert_eq!(
        verdict("Pass".into(), Value::Null),
        ComplianceType::Compliant
    );
}

#[test]
fn findings_in_ocsf_are_read_in_every_form_and_of_other_products_none() {
    let other = changed(
        ocsf(),
        &[(
            "/metadata/product/uid",
            "arn:aws:securityhub:us-east-1::productv2/aws/guardduty".into(),
        )],
    );
    let unnamed = changed(ocsf(), &[("/metadata/product/uid", Value::Null)]);
    let (one, other, unnamed) = (ocsf().to_string(), other.to_string(), unnamed.to_string());
    for (form, count) in [
        (
            format!("{{\"Findings\":[{one},{other}],\"NextToken\":null}}"),
            1,
        ),
        (format!("[{one},{unnamed}]"), 2),
        (format!("{one}\n{other}\n{one}\n"), 2),
        (
            format!(
                "{{\"detail-type\":\"Findings Imported V2\",\"detail\":{{\"findings\":[{one}]}}}}"
            ),
            1,
        ),
        (other, 0),
    ] {
        assert_eq!(rows(&form).len(), count, "{form}");
    }
    // What a resource holds may be large.
    let data = json!({"policy": "x".repeat(100_000)});
    let large = changed(ocsf(), &[("/resources/0/data", data)]);
    assert_eq!(rows(&large.to_string()).len(), 1);
}

#[test]
fn a_pass_of_the_whole_account_without_a_reason_is_no_verdict_of_a_rule() {
    let account = json!([{"type": "AWS::::Account", "uid": "111122223333"}]);
    let passes = ("/compliance/status_id", 1.into());
    let silent = [
        ("/resources", account.clone()),
        passes,
        ("/compliance/status", "Pass".into()),
    ];
    assert!(rows(&changed(ocsf(), &silent).to_string()).is_empty());
    assert_eq!(
        rows(&changed(ocsf(), &[("/resources", account)]).to_string()).len(),
        1
    );
}

#[test]
fn ocsf_of_another_tool_is_refused_once_by_its_products_name() {
    let product = json!({"name": "Prowler", "uid": "prowler", "vendor_name": "Prowler"});
    let seconds = ("/time", 1_782_950_400.into());
    let foreign = [
        ("/metadata/product", product),
        ("/class_uid", 2004.into()),
        seconds,
    ];
    let finding = changed(ocsf(), &foreign).to_string();
    for form in [
        format!("[{finding},{finding}]"),
        format!("{finding}\n{finding}\n"),
    ] {
        let evidence = read_all(&[("a.json", form.as_bytes())]);
        let [fault] = &evidence.inputs[0].faults[..] else {
            panic!("{:?}", evidence.inputs[0].faults);
        };
        assert_eq!(fault.code, "KI-0403");
        assert!(fault.message.contains("`Prowler`"), "{}", fault.message);
        assert!(!evidence.inputs[0].plausible);
    }
    // Its columns are chosen freely: how a cell holds several resources is documented nowhere.
    let csv = "\u{feff}\"finding_info.uid\",\"severity\",\"compliance.status\"\r\n\"f\",\"High\",\"Fail\"\r\n";
    let fault = &faults(csv.as_bytes())[0];
    assert_eq!(fault.code, "KI-0403");
    assert!(fault.hint.contains("OCSF_JSON"), "{}", fault.hint);
}

#[test]
fn what_a_finding_in_ocsf_lacks_is_a_fault_at_its_place() {
    for (change, value, code) in [
        ("/resources", json!([]), "KI-0301"),
        ("/resources/0/type", Value::Null, "KI-0301"),
        ("/compliance/status", "OK".into(), "KI-0302"),
        (
            "/finding_info/modified_time",
            1_782_950_400.into(),
            "KI-0304",
        ),
    ] {
        let found = faults(changed(ocsf(), &[(change, value)]).to_string().as_bytes());
        let shown = (found[0].pointer.as_deref(), &*found[0].code);
        assert_eq!(shown, (Some(change), code));
    }
}

fn job(id: &str, status: &str, findings: &Value) -> String {
    let job = json!({
        "ExportJobId": id, "Status": status, "DataType": "FINDINGS",
        "OutputConfiguration": {"Findings": findings},
        "Destination": {"S3": {"BucketArn": "arn:aws:s3:::b", "KmsKeyArn": "k"}},
        "StartedAt": "2026-09-30T01:00:00Z", "ResponseMetadata": {"HTTPStatusCode": 200}
    });
    job.to_string()
}

/// Whether the lines in `hub/lines.jsonl` are all findings that there are, or why not.
fn proven(beside: &[(&str, &str)]) -> std::result::Result<(), String> {
    let lines = ocsf().to_string() + "\n";
    let files = beside.iter().map(|(name, text)| (*name, text.as_bytes()));
    let files: Vec<_> = files
        .chain([("hub/lines.jsonl", lines.as_bytes())])
        .collect();
    let evidence = read_all(&files);
    let listing = evidence.listing(evidence.evaluations[0].at);
    let whole = listing.kind == ListingKind::Answer;
    assert_eq!(listing.job.is_some(), whole);
    match &evidence.input(evidence.evaluations[0].at).reason {
        None if whole => {
            assert!(listing.captured.is_some());
            Ok(())
        }
        reason => Err(reason.clone().expect("why not")),
    }
}

#[test]
fn lines_are_all_findings_beside_a_job_that_succeeded_without_a_filter() {
    let all =
        json!({"Format": "OCSF_JSON", "Filters": {"CompositeFilters": []}, "SelectedFields": null});
    let done = job("0a1b", "SUCCEEDED", &all);
    let running = job("0a1b", "RUNNING", &all);
    assert_eq!(proven(&[("hub/job.json", &done)]), Ok(()));
    assert_eq!(
        proven(&[("hub/before.json", &running), ("hub/job.json", &done)]),
        Ok(())
    );
    let filter = json!({"CompositeFilters": [{"StringFilters": [{"FieldName": "severity"}]}]});
    let filtered = json!({"Format": "OCSF_JSON", "Filters": filter});
    let later = json!({"Format": "OCSF_JSON", "MaxFindings": 10});
    let cases = [
        (vec![], "no answer"),
        (vec![("job.json", done.clone())], "no answer"),
        (vec![("hub/job.json", running)], "succeeded"),
        (
            vec![("hub/job.json", job("0a1b", "FAILED", &all))],
            "succeeded",
        ),
        (
            vec![("hub/job.json", job("0a1b", "CANCELLED", &all))],
            "succeeded",
        ),
        (
            vec![("hub/job.json", job("0a1b", "PAUSED", &all))],
            "succeeded",
        ),
        (
            vec![("hub/job.json", job("0a1b", "SUCCEEDED", &filtered))],
            "not asked for all",
        ),
        (
            vec![("hub/job.json", job("0a1b", "SUCCEEDED", &later))],
            "not asked for all",
        ),
        (
            vec![("hub/job.json", job("0a1b", "SUCCEEDED", &Value::Null))],
            "not asked for all",
        ),
        (
            vec![(
                "hub/job.json",
                job("0a1b", "SUCCEEDED", &json!({"Format": "CSV"})),
            )],
            "not asked for all",
        ),
        (
            vec![
                ("hub/a.json", done.clone()),
                ("hub/b.json", job("0a1b", "FAILED", &all)),
            ],
            "succeeded",
        ),
        (
            vec![
                ("hub/a.json", done.clone()),
                ("hub/b.json", job("9f8e", "SUCCEEDED", &all)),
            ],
            "several",
        ),
        (
            vec![
                ("hub/job.json", done),
                ("hub/part.json", "{\"Findings\":[".to_owned()),
            ],
            "could not be read",
        ),
    ];
    for (beside, why) in cases {
        let beside: Vec<(&str, &str)> =
            beside.iter().map(|(name, text)| (*name, &**text)).collect();
        let told = proven(&beside).expect_err(why);
        assert!(told.contains(why), "{told}: {beside:?}");
    }
}

#[test]
fn a_path_that_names_its_job_leads_to_it_and_answers_of_get_findings_v2_prove_nothing() {
    let all = json!({"Format": "OCSF_JSON"});
    let (done, other) = (
        job("0a1b", "SUCCEEDED", &all),
        job("9f8e", "SUCCEEDED", &all),
    );
    let (line, list) = (
        ocsf().to_string(),
        json!({"Findings": [ocsf()]}).to_string(),
    );
    let evidence = read_all(&[
        ("jobs/a.json", done.as_bytes()),
        ("jobs/b.json", other.as_bytes()),
        ("hub/0a1b/part-1.jsonl", line.as_bytes()),
        ("jobs/list.json", list.as_bytes()),
    ]);
    let kinds: Vec<_> = evidence
        .evaluations
        .iter()
        .map(|row| evidence.listing(row.at).kind)
        .collect();
    assert_eq!(kinds, [ListingKind::Answer, ListingKind::Stream]);
}
