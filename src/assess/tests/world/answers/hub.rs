//! Security Hub's findings: what its own copies of rules say.

use serde_json::{Value, json};

use crate::assess::tests::world::aws::{Answer, Asking, list};
use crate::assess::tests::world::clock::iso;
use crate::assess::tests::world::estate::{ACCOUNT, Asked, Origin, Rule, Site};
use crate::assess::tests::world::verdict::Verdict;

pub fn findings(asking: &Asking<'_>) -> Answer {
    let site = asking.site;
    let own = site
        .rules
        .iter()
        .filter(|rule| rule.origin == Origin::SecurityHub);
    let rows = own.flat_map(|rule| {
        let rows = site.rows(rule, asking.time).into_iter();
        rows.map(move |verdict| finding(site, rule, &verdict))
    });
    Ok(list("Findings", rows))
}

fn finding(site: &Site, rule: &Rule, verdict: &Verdict<'_>) -> Value {
    let (kind, id) = match verdict.resource.kind {
        ACCOUNT => ("AwsAccount", format!("AWS::::Account:{}", site.account)),
        "AWS::EC2::Volume" => (
            "AwsEc2Volume",
            arn(site, "ec2", "volume", &verdict.resource.id),
        ),
        "AWS::EC2::RouteTable" => (
            "AwsEc2RouteTable",
            arn(site, "ec2", "route-table", &verdict.resource.id),
        ),
        "AWS::EC2::SecurityGroup" => (
            "AwsEc2SecurityGroup",
            arn(site, "ec2", "security-group", &verdict.resource.id),
        ),
        "AWS::KMS::Key" => ("AwsKmsKey", arn(site, "kms", "key", &verdict.resource.id)),
        other => (other, verdict.resource.id.clone()),
    };
    let mut compliance = json!({"Status": if verdict.fails() { "FAILED" } else { "PASSED" }, "SecurityControlId": "X.1"});
    if rule.asked == Asked::Weaker && rule.managed == "iam-password-policy" {
        compliance["SecurityControlParameters"] =
            json!([{"Name": "MinimumPasswordLength", "Value": ["8"]}]);
    }
    json!({
        "SchemaVersion": "2018-10-08",
        "Id": format!("arn:aws:securityhub:{}:{}:security-control/X.1/finding/{}-{}", site.region, site.account, rule.id, verdict.resource.id),
        "ProductArn": format!("arn:aws:securityhub:{}::product/aws/securityhub", site.region),
        "GeneratorId": "security-control/X.1",
        "AwsAccountId": site.account,
        "Region": site.region,
        "CreatedAt": iso(rule.created),
        "UpdatedAt": iso(verdict.recorded),
        "LastObservedAt": iso(verdict.recorded),
        "Title": "t",
        "Description": "d",
        "Types": ["Software and Configuration Checks"],
        "Severity": {"Label": "MEDIUM"},
        "Resources": [{"Type": kind, "Id": id, "Region": site.region}],
        "Compliance": compliance,
        "Workflow": {"Status": "NEW"},
        "RecordState": "ACTIVE",
        "ProductFields": {
            "RelatedAWSResources:0/name": rule.name,
            "RelatedAWSResources:0/type": "AWS::Config::ConfigRule",
        },
    })
}

fn arn(site: &Site, service: &str, kind: &str, id: &str) -> String {
    format!(
        "arn:aws:{service}:{}:{}:{kind}/{id}",
        site.region, site.account
    )
}
