//! Documents in the messages of Amazon SNS, SQS, Kinesis, Firehose and `EventBridge`, and in the events of
//! AWS Lambda; answers and notifications that hold nothing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::*;
use crate::engagement::Language;
use crate::evidence::{ListingKind, Origin};
use crate::export::formats::unread;
use crate::report::words::word;

/// A compliance-change notification, as AWS Config hands it to SNS.
fn change(compliance: &str) -> Value {
    json!({
        "awsAccountId": "111122223333",
        "awsRegion": "ap-northeast-2",
        "configRuleName": "restricted-ssh",
        "resourceType": "AWS::EC2::SecurityGroup",
        "resourceId": "sg-1",
        "newEvaluationResult": {
            "complianceType": compliance,
            "resultRecordedTime": "2026-09-20T01:02:03.123Z",
            "configRuleInvokedTime": "2026-09-20T01:02:03.123Z",
        },
        "messageType": "ComplianceChangeNotification",
        "recordVersion": "1.0",
        "notificationCreationTime": "2026-09-20T01:02:03.123Z",
    })
}

fn sns(message: &Value) -> Value {
    json!({
        "Type": "Notification",
        "MessageId": "m",
        "TopicArn": "arn:aws:sns:ap-northeast-2:111122223333:config",
        "Message": message.to_string(),
        "Timestamp": "2026-09-20T01:02:03.123Z",
        "MessageAttributes": {},
    })
}

fn event(detail: &Value) -> Value {
    json!({
        "version": "0",
        "detail-type": "Config Rules Compliance Change",
        "source": "aws.config",
        "account": "111122223333",
        "detail": detail,
    })
}

fn of_lambda(sns: &Value) -> Value {
    json!({"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": sns}]})
}

fn queued(body: &Value) -> Value {
    json!({
        "messageId": "m",
        "receiptHandle": "r",
        "body": body.to_string(),
        "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:ap-northeast-2:111122223333:q",
        "awsRegion": "ap-northeast-2",
    })
}

fn base64(value: &Value) -> String {
    STANDARD.encode(value.to_string() + "\n")
}

fn streamed(data: &Value) -> Value {
    json!({
        "kinesis": {"kinesisSchemaVersion": "1.0", "partitionKey": "p", "data": base64(data)},
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventName": "aws:kinesis:record",
        "eventSourceARN": "arn:aws:kinesis:ap-northeast-2:111122223333:stream/s",
    })
}

fn compliances(text: &str) -> Vec<ComplianceType> {
    let evidence = read_all(&[("a.json", text.as_bytes())]);
    let input = &evidence.inputs[0];
    assert_eq!(input.status, InputStatus::Complete, "{text}: {input:?}");
    let mut listings = evidence.listings.iter();
    assert!(
        listings.all(|listing| listing.kind == ListingKind::Stream),
        "{text}"
    );
    let mut verdicts = evidence.evaluations.iter();
    assert!(
        verdicts.all(|verdict| verdict.origin == Origin::Notification),
        "{text}"
    );
    let verdicts = evidence.evaluations.iter();
    verdicts.map(|verdict| verdict.compliance).collect()
}

#[test]
fn a_notification_is_read_out_of_every_message_and_event_around_it() {
    let change = change("NON_COMPLIANT");
    for message in [
        change.clone(),
        sns(&change),
        event(&change),
        sns(&event(&change)),
    ] {
        for around in [
            message.clone(),
            of_lambda(&sns(&message)),
            json!({"Records": [queued(&message)]}),
            json!([queued(&message)]),
            json!({"Messages": [{"MessageId": "m", "MD5OfBody": "x", "Body": message.to_string()}]}),
            json!({"Records": [streamed(&message)]}),
            json!([streamed(&message)]),
            json!({
                "Records": [{"SequenceNumber": "1", "Data": base64(&message), "PartitionKey": "p"}],
                "NextShardIterator": "i",
                "MillisBehindLatest": 0,
            }),
            json!({
                "invocationId": "i",
                "deliveryStreamArn": "arn:aws:firehose:ap-northeast-2:111122223333:deliverystream/d",
                "records": [{"recordId": "1", "data": base64(&message)}],
            }),
        ] {
            let text = around.to_string();
            assert_eq!(compliances(&text), [ComplianceType::NonCompliant], "{text}");
        }
    }
}

#[test]
fn each_record_counts_and_stands_at_its_own_place() {
    let pair = [change("COMPLIANT"), change("NON_COMPLIANT")];
    let records: Vec<Value> = pair.iter().map(|change| queued(&sns(change))).collect();
    let text = json!({"Records": records}).to_string();
    let evidence = read_all(&[("a.json", text.as_bytes())]);
    let pointers: Vec<&str> = evidence
        .listings
        .iter()
        .map(|list| &*list.pointer)
        .collect();
    assert_eq!(
        pointers,
        ["/Records/0/body/Message", "/Records/1/body/Message"]
    );
    // As Firehose writes them: nothing stands between.
    let together: String = pair
        .iter()
        .map(|change| event(change).to_string())
        .collect();
    let both = [ComplianceType::Compliant, ComplianceType::NonCompliant];
    assert_eq!(compliances(&together), both);
    assert_eq!(compliances(&text), both);
}

#[test]
fn an_item_in_a_notification_in_an_event_in_a_queue_in_a_recording_is_read_and_nothing_deeper() {
    let item = json!({"configurationItem": {
        "resourceType": "AWS::EC2::VPC",
        "resourceId": "vpc-1",
        "awsAccountId": "111122223333",
        "awsRegion": "ap-northeast-2",
        "configurationItemCaptureTime": "2026-09-20T01:02:03.123Z",
        "configurationItemStatus": "OK",
    }});
    let deep = json!({"data": {"Messages": [{"Body": sns(&event(&item)).to_string()}]}});
    let evidence = read_all(&[("a.json", deep.to_string().as_bytes())]);
    assert_eq!(evidence.items.len(), 1, "{:?}", evidence.inputs);
    let mut deeper = change("COMPLIANT");
    for _ in 0..9 {
        deeper = sns(&deeper);
    }
    let fault = &faults(deeper.to_string().as_bytes())[0];
    assert!(
        fault.message.contains("too many times"),
        "{}",
        fault.message
    );
}

#[test]
fn messages_that_hold_nothing_of_aws_config_are_named() {
    let s3 = json!({"Records": [{
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "eventTime": "2026-09-20T01:02:03.123Z",
        "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": "b"}, "object": {"key": "k.json.gz"}},
    }]});
    let created = json!({"bucket": {"name": "b"}, "object": {"key": "k"}, "request-id": "r"});
    let test = json!({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b"});
    let call = json!({"Records": [{
        "eventVersion": "1.11",
        "eventTime": "2026-09-20T01:02:03Z",
        "eventSource": "config.amazonaws.com",
        "eventName": "PutEvaluations",
    }]});
    let other = json!({"Records": [{"kinesis": {"partitionKey": "p", "data": STANDARD.encode("hello")}, "eventName": "n",
        "eventSource": "aws:kinesis", "eventVersion": "1.0", "eventSourceARN": "arn"}]});
    for (text, what) in [
        (s3.clone(), "Amazon S3"),
        (of_lambda(&sns(&s3)), "Amazon S3"),
        (json!({"Messages": [{"Body": s3.to_string()}]}), "Amazon S3"),
        (event(&created), "Amazon S3"),
        (sns(&test), "Amazon S3"),
        (call, "CloudTrail"),
        (json!({"Records": [{"userIdentity": {}}]}), "CloudTrail"),
        (json!({"Records": ["x"]}), "CloudTrail"),
        (
            json!({"Records": [queued(&json!("hello"))]}),
            "a queue or stream",
        ),
        (
            json!({"Messages": [{"MessageId": "m", "Body": "hello"}]}),
            "a queue or stream",
        ),
        (other, "a queue or stream"),
        (sns(&json!("hello")), "a queue or stream"),
        (json!({"Messages": [{"role": "user"}]}), "`role`"),
    ] {
        let evidence = read_all(&[("a.json", text.to_string().as_bytes())]);
        let input = &evidence.inputs[0];
        assert_eq!(input.status, InputStatus::Rejected, "{text}");
        let message = &input.faults[0].message;
        assert!(message.contains(what), "{text}: {message}");
        assert!(!input.plausible, "{text}");
    }
}

fn assert_holds_nothing(text: &str, operation: &str) {
    let evidence = read_all(&[("a.json", text.as_bytes())]);
    let input = &evidence.inputs[0];
    assert_eq!(input.status, InputStatus::Ignored, "{text}: {input:?}");
    assert_eq!(input.reason.as_deref(), Some(unread::REASON), "{text}");
    assert_eq!(
        (&*input.kinds, &input.id),
        (&[operation][..], &None),
        "{text}"
    );
    assert_eq!(
        evidence.evaluations.len() + evidence.items.len(),
        0,
        "{text}"
    );
}

#[test]
fn answers_without_a_verdict_and_a_resource_are_known_and_ignored() {
    assert!(word(Language::Ko, "said", unread::REASON).is_some());
    for format in unread::LISTS {
        let key = format.key;
        for list in ["[]", r#"[{"Name":"n"}]"#, r#"[{"Name":null},{"Name":""}]"#] {
            let beside = r#""NextToken":"t","ResponseMetadata":{}"#;
            assert_holds_nothing(&format!(r#"{{"{key}":{list}}}"#), format.operation);
            let text = format!(r#"{{"{key}":{list},{beside}}}"#);
            assert_holds_nothing(&text, format.operation);
        }
    }
    for (text, operation) in [
        (
            r#"{"Tags":[{"Key":"k","Value":"v"}]}"#,
            "list-tags-for-resource",
        ),
        (r#"{"StoredQuery":{"QueryName":"q"}}"#, "get-stored-query"),
        (r#"{"PolicyText":"rule r {}"}"#, "get-custom-rule-policy"),
        (r#"{"configSnapshotId":"u"}"#, "deliver-config-snapshot"),
        (
            r#"{"ResourceEvaluationId":"u","EvaluationMode":"PROACTIVE","EvaluationStatus":{},"Compliance":"COMPLIANT"}"#,
            "get-resource-evaluation-summary",
        ),
    ] {
        assert_holds_nothing(text, operation);
    }
}

#[test]
fn notifications_without_a_verdict_and_a_resource_take_no_other_with_them() {
    let said = |keys: Value| {
        let mut keys = keys;
        for (key, value) in [
            ("messageType", "t"),
            ("recordVersion", "1.0"),
            ("notificationCreationTime", "t"),
        ] {
            keys[key] = json!(value);
        }
        keys
    };
    let started = said(json!({"awsAccountId": "1", "awsRegion": "r", "configRuleNames": ["n"]}));
    let delivered = said(json!({"s3ObjectKey": "k", "s3Bucket": "b"}));
    let snapshot = said(json!({"configSnapshotId": "u", "s3ObjectKey": "k", "s3Bucket": "b"}));
    for (message, operation) in [
        (&started, "rules-evaluation-notification"),
        (&delivered, "configuration-history-notification"),
        (&snapshot, "configuration-snapshot-notification"),
    ] {
        assert_holds_nothing(&of_lambda(&sns(message)).to_string(), operation);
        assert_holds_nothing(&event(message).to_string(), operation);
    }
    let all = [started, delivered, snapshot, change("COMPLIANT")];
    let messages: Vec<Value> = all.iter().map(|message| queued(&sns(message))).collect();
    let text = json!({"Records": messages}).to_string();
    assert_eq!(compliances(&text), [ComplianceType::Compliant]);
}

#[test]
fn what_has_such_keys_and_more_is_not_taken_for_an_answer_without_anything() {
    for text in [
        r#"{"Tags":[{"Key":"k"}],"VolumeId":"vol-1"}"#,
        r#"{"messageType":"t","configRuleNames":["n"],"secret":"s"}"#,
        r#"{"StoredQuery":{},"Other":1}"#,
    ] {
        let evidence = read_all(&[("a.json", text.as_bytes())]);
        assert_eq!(evidence.inputs[0].status, InputStatus::Rejected, "{text}");
    }
}
