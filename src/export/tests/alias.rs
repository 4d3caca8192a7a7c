//! Resources that several exports name in different ways.

use super::*;

const HERE: &str = "111122223333/ap-northeast-2";

fn row(kind: &str, id: &str) -> String {
    format!(
        r#"{{"EvaluationResultIdentifier":{{"EvaluationResultQualifier":{{"ConfigRuleName":"r","ResourceType":"{kind}","ResourceId":"{id}"}}}},"ComplianceType":"COMPLIANT","ResultRecordedTime":"2026-09-10T00:00:00Z"}}"#
    )
}

/// A recorded resource: its type, id, name, ARN, and the region in which it was recorded.
fn item((kind, id, name, arn, region): (&str, &str, &str, &str, &str)) -> String {
    format!(
        r#"{{"awsAccountId":"111122223333","awsRegion":"{region}","resourceType":"{kind}","resourceId":"{id}","resourceName":"{name}","ARN":"{arn}","configurationItemStatus":"OK","configurationItemCaptureTime":"2026-09-10T00:00:00Z"}}"#
    )
}

const SEOUL: &str = "ap-northeast-2";
const DATABASE: &str = "AWS::RDS::DBInstance";
const SHOP: &str = "arn:aws:rds:ap-northeast-2:111122223333:db:shop";
const RECORDED: (&str, &str, &str, &str, &str) = (DATABASE, "db-ABC", "shop", SHOP, SEOUL);

/// The ids by which verdicts on these resources, in this folder, are known beside these items.
fn ids(folder: &str, items: &[(&str, &str, &str, &str, &str)], of: &[(&str, &str)]) -> Vec<String> {
    let items: Vec<String> = items.iter().copied().map(item).collect();
    let items = format!("{{\"configurationItems\": [{}]}}", items.join(","));
    let rows: Vec<String> = of.iter().map(|(kind, id)| row(kind, id)).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let rows = details(&rows);
    let path = format!("{folder}/a.json");
    let evidence = read_all(&[
        (&path, rows.as_bytes()),
        ("snapshot.json", items.as_bytes()),
    ]);
    let verdicts = evidence.evaluations.iter();
    verdicts
        .map(|verdict| verdict.resource_id.to_string())
        .collect()
}

#[test]
fn what_one_export_names_by_arn_or_name_and_another_by_id_is_one() {
    let all = [(DATABASE, "db-ABC"), (DATABASE, SHOP), (DATABASE, "shop")];
    assert_eq!(ids(HERE, &[RECORDED], &all), ["db-ABC"; 3]);
    let user = "AWS::IAM::User";
    let arn = "arn:aws:iam::111122223333:user/path/kim";
    let recorded = (user, "AIDAEXAMPLE", "kim", arn, "global");
    let all = [(user, arn), (user, "kim"), (user, "AIDAEXAMPLE")];
    assert_eq!(ids(HERE, &[recorded], &all), ["AIDAEXAMPLE"; 3]);
    assert_eq!(
        ids(HERE, &[], &all),
        ["kim", "kim", "AIDAEXAMPLE"],
        "by its shape"
    );
    let bucket = "AWS::S3::Bucket";
    let all = [(bucket, "arn:aws:s3:::logs"), (bucket, "logs")];
    assert_eq!(ids(HERE, &[], &all), ["logs"; 2]);
}

#[test]
fn a_name_that_leads_to_two_resources_joins_nothing() {
    let other = (DATABASE, "db-XYZ", "shop", SHOP, SEOUL);
    let all = [(DATABASE, SHOP), (DATABASE, "shop")];
    assert_eq!(ids(HERE, &[RECORDED, other], &all), ["shop"; 2]);
    let named_so = (DATABASE, "shop", "x", "", SEOUL);
    assert_eq!(ids(HERE, &[RECORDED, named_so], &all[1..]), ["shop"]);
    assert_eq!(
        ids(HERE, &[RECORDED, RECORDED], &all),
        ["db-ABC"; 2],
        "twice the same"
    );
}

#[test]
fn a_name_is_that_of_its_place_and_type_only() {
    let elsewhere = (DATABASE, "db-XYZ", "shop", "", "us-east-1");
    let named = [(DATABASE, "shop"), ("AWS::RDS::DBCluster", "shop")];
    assert_eq!(
        ids(HERE, &[RECORDED, elsewhere], &named),
        ["db-ABC", "shop"]
    );
    assert_eq!(
        ids("111122223333/us-east-1", &[RECORDED, elsewhere], &named),
        ["db-XYZ", "shop"]
    );
    assert_eq!(ids("somewhere", &[RECORDED], &named), ["shop", "shop"]);
    let foreign = [(DATABASE, SHOP)];
    assert_eq!(
        ids("444455556666/ap-northeast-2", &[RECORDED], &foreign),
        [SHOP]
    );
}
