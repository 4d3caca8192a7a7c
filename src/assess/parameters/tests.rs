//! Directions of weakness, parameter by parameter, and what is left out or not known.

mod meaning;

use super::*;
use crate::catalogue::catalogue;

fn names(rule: &str, deployed: &[(&str, &str)], policy: Option<&Policy>) -> Vec<String> {
    let deployed = deployed
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect();
    let rule = &catalogue().rules[rule];
    weaker(rule, &deployed, policy)
        .into_iter()
        .map(|found| found.name)
        .collect()
}

#[test]
fn each_direction_of_weakness_is_known() {
    let none: [&str; 0] = [];
    assert_eq!(
        names("access-keys-rotated", &[("maxAccessKeyAge", "180")], None),
        ["maxAccessKeyAge"]
    );
    assert_eq!(
        names("access-keys-rotated", &[("maxAccessKeyAge", "30")], None),
        none
    );
    assert_eq!(
        names("access-keys-rotated", &[("maxAccessKeyAge", "-1")], None),
        ["maxAccessKeyAge"]
    );
    assert_eq!(
        names(
            "iam-password-policy",
            &[("MinimumPasswordLength", "8")],
            None
        ),
        ["MinimumPasswordLength"]
    );
    assert_eq!(
        names("iam-password-policy", &[("RequireNumbers", "false")], None),
        ["RequireNumbers"]
    );
    for (rule, name, weaker) in [
        // AWS's page of this rule: what is not `true` in small letters is taken for `false`.
        ("iam-password-policy", "RequireNumbers", true),
        ("ec2-volume-inuse-check", "deleteOnTermination", false),
    ] {
        assert_eq!(
            names(rule, &[(name, "True")], None).len(),
            usize::from(weaker)
        );
        assert_eq!(names(rule, &[(name, " true ")], None), none);
    }
    let kms = "iam-inline-policy-blocked-kms-actions";
    assert_eq!(
        names(kms, &[("blockedActionsPatterns", "kms:Decrypt")], None),
        ["blockedActionsPatterns"]
    );
    assert_eq!(
        names(
            kms,
            &[(
                "blockedActionsPatterns",
                "kms:ReEncryptFrom, kms:Decrypt,kms:X"
            )],
            None
        ),
        none
    );
    let policy = "elb-predefined-security-policy-ssl-check";
    assert_eq!(
        names(
            policy,
            &[("predefinedPolicyName", "ELBSecurityPolicy-2016-08")],
            None
        ),
        ["predefinedPolicyName"]
    );
}

#[test]
fn what_the_pack_leaves_to_aws_is_weaker_than_its_own_default() {
    for (rule, name, weak, strong) in [
        (
            "cw-loggroup-retention-period-check",
            "MinRetentionTime",
            "1",
            "400",
        ),
        ("ec2-stopped-instance", "AllowedDays", "3650", "30"),
        (
            "elasticache-redis-cluster-automatic-backup-check",
            "snapshotRetentionPeriod",
            "1",
            "15",
        ),
        (
            "cloudtrail-s3-dataevents-enabled",
            "S3BucketNames",
            "one",
            "",
        ),
        (
            "api-gw-execution-logging-enabled",
            "loggingLevel",
            "INFO,OFF",
            "ERROR",
        ),
    ] {
        assert_eq!(names(rule, &[(name, weak)], None), [name]);
        assert!(names(rule, &[(name, strong)], None).is_empty(), "{name}");
        assert!(names(rule, &[], None).is_empty(), "{name}");
    }
}

#[test]
fn where_aws_asks_for_nothing_only_the_policy_can_ask_for_more() {
    for (rule, name, value, weak) in [
        ("encrypted-volumes", "kmsId", "key-1", "key-2"),
        (
            "sns-encrypted-kms",
            "kmsKeyIds",
            "key-1,key-2",
            "key-2,key-3",
        ),
        (
            "db-instance-backup-enabled",
            "backupRetentionMinimum",
            "7",
            "1",
        ),
        (
            "s3-bucket-versioning-enabled",
            "isMfaDeleteEnabled",
            "true",
            "false",
        ),
    ] {
        let policy = Policy {
            parameters: Parameters::from([(name.to_owned(), value.to_owned())]),
            document: "암호통제지침 3.1".to_owned(),
        };
        assert!(names(rule, &[(name, weak)], None).is_empty(), "{name}");
        assert!(names(rule, &[(name, value)], Some(&policy)).is_empty());
        for deployed in [&[(name, weak)][..], &[]] {
            assert_eq!(names(rule, deployed, Some(&policy)), [name]);
        }
    }
}

fn set(parameters: &[(&str, &str)]) -> Parameters {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    parameters.iter().map(owned).collect()
}

fn policy(parameters: &[(&str, &str)]) -> Policy {
    Policy {
        parameters: set(parameters),
        document: "계정관리지침 5.2".to_owned(),
    }
}

#[test]
fn what_is_not_known_is_told_until_the_policy_names_it_with_the_same_value() {
    let unknown = |rule: &str, deployed: &[(&str, &str)], own: &[(&str, &str)]| {
        let (rule, own) = (&catalogue().rules[rule], policy(own));
        unknown(rule, &set(deployed), Some(&own))
    };
    let keys = "access-keys-rotated";
    let deployed = [("maxAccessKeyAge", "30"), ("x", "1")];
    assert_eq!(unknown(keys, &deployed, &[]), set(&[("x", "1")]));
    assert!(unknown(keys, &deployed, &[("X", " 1")]).is_empty());
    assert_eq!(unknown(keys, &deployed, &[("x", "2")]).len(), 1);
    for (rule, name, value) in [
        (keys, "maxAccessKeyAge", "often"),
        (
            "backup-plan-min-frequency-and-min-retention-check",
            "requiredFrequencyUnit",
            "weeks",
        ),
        ("restricted-ssh", "ipType", "ipv4"),
    ] {
        let deployed = [(name, value)];
        assert_eq!(unknown(rule, &deployed, &[]), set(&deployed), "{name}");
    }
    assert!(unknown("rds-logging-enabled", &[("AdditionalLogs", "x")], &[]).is_empty());
    // What is not known is not weaker, too.
    assert!(names(keys, &[("maxAccessKeyAge", "often")], None).is_empty());
}

#[test]
fn what_the_policy_asks_of_a_parameter_that_is_not_known_is_missing_where_it_is_left_out() {
    let own = policy(&[("maxAcessKeyAge", "60")]);
    let keys = "access-keys-rotated";
    assert_eq!(
        names(keys, &[("maxAccessKeyAge", "90")], Some(&own)),
        ["maxAcessKeyAge"]
    );
    assert!(names(keys, &[("MaxAcessKeyAge", "60")], Some(&own)).is_empty());
}

#[test]
fn a_left_out_parameter_has_awss_own_default_not_the_packs() {
    let left_out = |rule: &str, own: Option<&Policy>| {
        let found = weaker(&catalogue().rules[rule], &Parameters::new(), own);
        let found = found
            .into_iter()
            .map(|less| (less.name, less.deployed, less.baseline));
        found.collect::<Vec<_>>()
    };
    let expected = |name: &str, aws: &str, pack: &str| {
        vec![(name.to_owned(), aws.to_owned(), pack.to_owned())]
    };
    let certificate = left_out("acm-certificate-expiration-check", None);
    assert_eq!(certificate, expected("daysToExpiration", "14", "90"));
    let volume = left_out("ec2-volume-inuse-check", None);
    assert_eq!(volume, expected("deleteOnTermination", "", "true"));
    assert_eq!(left_out("lambda-concurrency-check", None).len(), 2);
    assert!(
        left_out("iam-password-policy", None).is_empty(),
        "14 and 24 are more"
    );
    assert!(left_out("ec2-stopped-instance", None).is_empty());
    assert_eq!(
        left_out("iam-inline-policy-blocked-kms-actions", None).len(),
        1
    );
    let own = policy(&[("daysToExpiration", "14")]);
    assert!(left_out("acm-certificate-expiration-check", Some(&own)).is_empty());
}

#[test]
fn parameters_matter_where_one_has_a_direction() {
    let needs = |rule: &str| needs_parameters(&catalogue().rules[rule]);
    assert!(needs("iam-password-policy"));
    assert!(needs("no-unrestricted-route-to-igw"));
    assert!(!needs("restricted-ssh"));
}

#[test]
fn a_name_in_another_case_hides_no_weakness() {
    let rule = "access-keys-rotated";
    let weak = ("MaxAccessKeyAge", "9000");
    assert_eq!(names(rule, &[weak], None), ["maxAccessKeyAge"]);
    let both = [weak, ("maxAccessKeyAge", "90")];
    assert_eq!(names(rule, &both, None), ["maxAccessKeyAge"]);
    assert!(names(rule, &[("MAXACCESSKEYAGE", "30")], None).is_empty());
}

#[test]
fn ports_are_one_set_whatever_slot_they_stand_in() {
    let swapped = [
        ("blockedPort1", "21"),
        ("blockedPort2", "20"),
        ("blockedPort3", "3389"),
    ];
    assert!(names("restricted-common-ports", &swapped, None).is_empty());
    assert_eq!(
        names("restricted-common-ports", &[("blockedPort1", "21")], None),
        ["blockedPort1"]
    );
}

#[test]
fn the_organisations_own_value_is_the_baseline_where_it_has_one() {
    let policy = Policy {
        parameters: Parameters::from([("maxAccessKeyAge".to_owned(), "60".to_owned())]),
        document: "계정관리지침 5.2".to_owned(),
    };
    assert_eq!(
        names(
            "access-keys-rotated",
            &[("maxAccessKeyAge", "90")],
            Some(&policy)
        ),
        ["maxAccessKeyAge"]
    );
    assert!(
        names(
            "access-keys-rotated",
            &[("maxAccessKeyAge", "60")],
            Some(&policy)
        )
        .is_empty()
    );
}

#[test]
fn a_parameter_that_exempts_resources_is_weaker_whatever_it_names() {
    let rule = "no-unrestricted-route-to-igw";
    assert_eq!(
        names(rule, &[("routeTableIds", "rtb-1")], None),
        ["routeTableIds"]
    );
    let rule = "iam-policy-no-statements-with-full-access";
    assert!(names(rule, &[("excludePermissionBoundaryPolicy", "false")], None).is_empty());
}

#[test]
fn awss_own_default_can_be_weaker_than_the_policy() {
    let own = |age: &str| policy(&[("maxAccessKeyAge", age)]);
    let rule = "access-keys-rotated";
    assert!(names(rule, &[], None).is_empty());
    assert!(names(rule, &[], Some(&own("120"))).is_empty());
    assert_eq!(names(rule, &[], Some(&own("60"))), ["maxAccessKeyAge"]);
}

#[test]
fn where_the_organisation_asks_for_something_else_than_the_pack_it_is_said_whether_for_less() {
    let policy = |value: &str| Policy {
        parameters: Parameters::from([("maxAccessKeyAge".to_owned(), value.to_owned())]),
        document: "계정관리지침 5.2".to_owned(),
    };
    let differing = |value: &str| {
        differing(&catalogue().rules["access-keys-rotated"], &policy(value))
            .into_iter()
            .map(|own| (own.value, own.pack_default, own.weaker))
            .collect::<Vec<_>>()
    };
    let expected = |value: &str, weaker| vec![(value.to_owned(), "90".to_owned(), weaker)];
    assert_eq!(differing("180"), expected("180", true));
    assert_eq!(differing("60"), expected("60", false));
    assert_eq!(differing("90"), []);
}

#[test]
fn a_policys_document_stands_only_beside_what_the_policy_sets() {
    let own = policy(&[("MinimumPasswordLength", "16")]);
    let deployed = set(&[("MinimumPasswordLength", "8"), ("RequireNumbers", "false")]);
    let found = weaker(
        &catalogue().rules["iam-password-policy"],
        &deployed,
        Some(&own),
    );
    let documents = found
        .iter()
        .map(|less| (less.name.as_str(), less.document.is_some()));
    assert_eq!(
        documents.collect::<Vec<_>>(),
        [("MinimumPasswordLength", true), ("RequireNumbers", false)]
    );
}

#[test]
fn a_value_that_the_policy_gives_to_another_parameter_makes_none_known() {
    let rule = &catalogue().rules["access-keys-rotated"];
    let own = policy(&[("y", "1")]);
    assert_eq!(unknown(rule, &set(&[("x", "1")]), Some(&own)).len(), 1);
}
