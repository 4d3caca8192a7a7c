//! Resources that exports name: which of them nothing else tells of.

use super::*;

const SEOUL: &str = "ap-northeast-2";
const PROD: &str = "111122223333";

fn item(kind: &str, id: &str, more: &str) -> String {
    placed(kind, id, SEOUL, "OK", more)
}

fn placed(kind: &str, id: &str, region: &str, status: &str, more: &str) -> String {
    format!(
        r#"{{"configurationItemCaptureTime":"2026-09-20T00:00:00Z","awsAccountId":"{PROD}","awsRegion":"{region}","configurationItemStatus":"{status}","resourceType":"{kind}","resourceId":"{id}"{more}}}"#
    )
}

fn related(to: &[&str]) -> String {
    format!(r#","relationships":[{}]"#, to.join(","))
}

fn snapshot(items: &[String]) -> String {
    format!(
        r#"{{"fileVersion":"1.0","configSnapshotId":"x","configurationItems":[{}]}}"#,
        items.join(",")
    )
}

/// Type, id, account and region of what is only named.
fn named(evidence: &Evidence) -> Vec<String> {
    let all = evidence.mentions.iter().map(|one| {
        let account = one.place.account.as_deref().unwrap_or("-");
        let region = one.place.region.as_deref().unwrap_or("-");
        let short = one.resource_type.rsplit("::").next().unwrap_or_default();
        format!("{short} {} {account} {region}", one.resource_id)
    });
    all.collect()
}

const TABLE: &str = r#"{"resourceId":"rtb-1","resourceType":"AWS::EC2::RouteTable","name":"Is attached to RouteTable"}"#;
const TABLE_OF_API: &str = r#"{"resourceId":"rtb-1","resourceType":"AWS::EC2::RouteTable","resourceName":null,"relationshipName":"Is attached to RouteTable"}"#;

#[test]
fn what_an_item_is_related_to_is_named_once_a_list_unless_it_is_recorded() {
    let subnets = |relation: &str| {
        ["subnet-1", "subnet-2"].map(|id| item("AWS::EC2::Subnet", id, &related(&[relation])))
    };
    for relation in [TABLE, TABLE_OF_API] {
        let text = snapshot(&subnets(relation));
        let evidence = read_all(&[("a.json", text.as_bytes())]);
        assert_eq!(
            named(&evidence),
            ["RouteTable rtb-1 111122223333 ap-northeast-2"]
        );
        let mention = &evidence.mentions[0];
        assert_eq!(mention.at.element, 0);
        let seen = mention.seen_at.map(crate::time::rfc3339);
        assert_eq!(seen.as_deref(), Some("2026-09-20T00:00:00Z"));
    }
    let [one, other] = subnets(TABLE);
    let table = item("AWS::EC2::RouteTable", "rtb-1", "");
    let gone = placed(
        "AWS::EC2::RouteTable",
        "rtb-1",
        SEOUL,
        "ResourceDeleted",
        "",
    );
    for known in [table, gone] {
        for items in [
            vec![known.clone(), one.clone(), other.clone()],
            vec![one.clone(), known.clone(), other.clone()],
        ] {
            let evidence = read_all(&[("a.json", snapshot(&items).as_bytes())]);
            assert!(evidence.mentions.is_empty(), "{:?}", named(&evidence));
        }
        // Whichever file comes first.
        let recorded = snapshot(&[known]);
        for (first, second) in [("a.json", "b.json"), ("b.json", "a.json")] {
            let subnets = snapshot(&[one.clone(), other.clone()]);
            let files = [(first, subnets.as_bytes()), (second, recorded.as_bytes())];
            assert!(read_all(&files).mentions.is_empty());
        }
    }
}

#[test]
fn what_there_is_a_verdict_on_is_not_only_named() {
    let subnet = snapshot(&[item("AWS::EC2::Subnet", "subnet-1", &related(&[TABLE]))]);
    let verdict = |id: &str| {
        let verdict = EVALUATION.replace("AWS::EC2::SecurityGroup", "AWS::EC2::RouteTable");
        details(&[&verdict.replace("sg-1", id)])
    };
    for (path, id, known) in [
        ("111122223333/ap-northeast-2/b.json", "rtb-1", true),
        ("111122223333/ap-northeast-2/b.json", "rtb-2", false),
        ("b.json", "rtb-1", true),
        // The short id may be of another resource there.
        ("444455556666/ap-northeast-2/b.json", "rtb-1", false),
        ("111122223333/us-east-1/b.json", "rtb-1", false),
    ] {
        let judged = verdict(id);
        let evidence = read_all(&[("a.json", subnet.as_bytes()), (path, judged.as_bytes())]);
        assert_eq!(evidence.mentions.is_empty(), known, "{path} {id}");
    }
}

#[test]
fn an_id_that_no_two_resources_have_is_known_wherever_it_is_recorded() {
    let peer = "vpc-0123456789abcdef0";
    let relation = format!(r#"{{"resourceId":"{peer}","resourceType":"AWS::EC2::VPC"}}"#);
    let text = snapshot(&[item("AWS::EC2::Subnet", "subnet-1", &related(&[&relation]))]);
    let owner = snapshot(&[item("AWS::EC2::VPC", peer, "")]).replace(PROD, "444455556666");
    let files = [("a.json", text.as_bytes()), ("b.json", owner.as_bytes())];
    assert!(read_all(&files).mentions.is_empty());
    assert_eq!(read_all(&files[..1]).mentions.len(), 1);
}

#[test]
fn a_resource_that_is_named_by_id_or_by_name_is_known_by_either() {
    let user = |relation: &str| {
        placed(
            "AWS::IAM::User",
            "AIDA1",
            "global",
            "OK",
            &related(&[relation]),
        )
    };
    let group = placed(
        "AWS::IAM::Group",
        "AGPA1",
        "global",
        "OK",
        r#","resourceName":"admins""#,
    );
    for relation in [
        r#"{"resourceType":"AWS::IAM::Group","resourceId":"AGPA1"}"#,
        r#"{"resourceType":"AWS::IAM::Group","resourceId":"admins"}"#,
        r#"{"resourceType":"AWS::IAM::Group","resourceId":"AGPA2","resourceName":"admins"}"#,
        r#"{"resourceType":"AWS::IAM::Group","resourceName":"others"}"#,
        r#"{"resourceType":"AWS::IAM::Group","resourceId":"","resourceName":"others"}"#,
    ] {
        let text = snapshot(&[user(relation), group.clone()]);
        let evidence = read_all(&[("a.json", text.as_bytes())]);
        assert!(evidence.mentions.is_empty(), "{relation}");
    }
    let other =
        r#"{"resourceType":"AWS::IAM::Group","resourceId":"AGPA2","resourceName":"others"}"#;
    let text = snapshot(&[user(other), group.clone()]);
    let evidence = read_all(&[("a.json", text.as_bytes())]);
    assert_eq!(named(&evidence), ["Group AGPA2 111122223333 global"]);
    let judged = EVALUATION
        .replace("AWS::EC2::SecurityGroup", "AWS::IAM::Group")
        .replace("sg-1", "others");
    let judged = details(&[&judged]);
    let files = [("a.json", text.as_bytes()), ("b.json", judged.as_bytes())];
    assert!(read_all(&files).mentions.is_empty());
}

#[test]
fn what_is_related_to_a_deleted_item_or_from_elsewhere_is_not_known_to_exist() {
    let deleted = placed(
        "AWS::EC2::Subnet",
        "subnet-1",
        SEOUL,
        "ResourceDeleted",
        &related(&[TABLE]),
    );
    let vpc = r#"{"resourceId":"vpc-1","resourceType":"AWS::EC2::VPC"}"#;
    let peering = item("AWS::EC2::VPCPeeringConnection", "pcx-1", &related(&[vpc]));
    let bucket = r#"{"resourceId":"b","resourceType":"AWS::S3::Bucket"}"#;
    let distribution = placed(
        "AWS::CloudFront::Distribution",
        "E1",
        "global",
        "OK",
        &related(&[bucket]),
    );
    let text = snapshot(&[deleted, peering, distribution]);
    assert!(read_all(&[("a.json", text.as_bytes())]).mentions.is_empty());
    let role = r#"{"resourceId":"AROA1","resourceType":"AWS::IAM::Role"}"#;
    let function = item("AWS::Lambda::Function", "f", &related(&[role]));
    let text = snapshot(&[function]);
    let here = read_all(&[("a.json", text.as_bytes())]);
    assert_eq!(named(&here), ["Role AROA1 111122223333 ap-northeast-2"]);
    let global = snapshot(&[placed("AWS::IAM::Role", "AROA1", "global", "OK", "")]);
    let files = [("a.json", text.as_bytes()), ("b.json", global.as_bytes())];
    assert!(read_all(&files).mentions.is_empty());
}

#[test]
fn what_a_list_of_resources_names_exists_unless_it_was_deleted() {
    let list = r#"{"resourceIdentifiers":[{"resourceType":"AWS::EC2::VPC","resourceId":"a"},{"resourceType":"AWS::EC2::VPC","resourceId":"b","resourceDeletionTime":1450314645.261},{"resourceType":"AWS::EC2::VPC","resourceId":"c","resourceDeletionTime":""},{"resourceType":"AWS::EC2::VPC"}]}"#;
    let path = "111122223333/us-east-1/list.json";
    let evidence = read_all(&[(path, list.as_bytes())]);
    let expected = [
        "VPC a 111122223333 us-east-1",
        "VPC c 111122223333 us-east-1",
    ];
    assert_eq!(named(&evidence), expected);
    let aggregate = r#"{"ResourceIdentifiers":[{"SourceAccountId":"444455556666","SourceRegion":"ap-northeast-2","ResourceId":"a","ResourceType":"AWS::EC2::VPC"},{"SourceAccountId":"444455556666","SourceRegion":"us-east-1","ResourceId":"a","ResourceType":"AWS::EC2::VPC"}]}"#;
    let evidence = read_all(&[(path, aggregate.as_bytes())]);
    let expected = [
        "VPC a 444455556666 ap-northeast-2",
        "VPC a 444455556666 us-east-1",
    ];
    assert_eq!(named(&evidence), expected);
    let judged = r#"{"ComplianceByResources":[{"ResourceType":"AWS::EC2::VPC","ResourceId":"a","Compliance":{"ComplianceType":"COMPLIANT"}}]}"#;
    let evidence = read_all(&[(path, judged.as_bytes())]);
    assert_eq!(named(&evidence), ["VPC a 111122223333 us-east-1"]);
    assert_eq!(evidence.mentions[0].seen_at, None);
}

#[test]
fn of_several_that_name_a_resource_the_earliest_tells_since_when_it_was_there() {
    let subnet = |id: &str, time: &str| {
        let subnet = item("AWS::EC2::Subnet", id, &related(&[TABLE]));
        subnet.replace("2026-09-20T00:00:00Z", time)
    };
    let text = snapshot(&[
        subnet("subnet-1", "2026-09-20T00:00:00Z"),
        subnet("subnet-2", "2026-07-20T00:00:00Z"),
        subnet("subnet-3", "2026-08-20 00:00:00"),
    ]);
    let evidence = read_all(&[("a.json", text.as_bytes())]);
    let seen = evidence.mentions[0].seen_at.map(crate::time::rfc3339);
    assert_eq!(seen.as_deref(), Some("2026-07-20T00:00:00Z"));
}

#[test]
fn of_what_an_item_is_related_to_only_what_a_rule_judges_is_named() {
    let image = r#"{"resourceId":"ami-1","resourceType":"AWS::EC2::Image"}"#;
    let text = snapshot(&[item(
        "AWS::EC2::Subnet",
        "subnet-1",
        &related(&[image, TABLE]),
    )]);
    let evidence = read_all(&[("a.json", text.as_bytes())]);
    assert_eq!(
        named(&evidence),
        ["RouteTable rtb-1 111122223333 ap-northeast-2"]
    );
}
