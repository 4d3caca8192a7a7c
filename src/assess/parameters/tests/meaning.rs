//! Values, compared by what they mean.

use super::*;

/// The rule, the parameter, what is asked for, and values that are as much and that are less.
type Meaning<'m> = (&'m str, &'m str, &'m str, &'m [&'m str], &'m [&'m str]);

const KEY: &str = "arn:aws:kms:ap-northeast-2:111122223333:key/1234abcd";

const MEANINGS: &[Meaning<'_>] = &[
    (
        "iam-customer-policy-blocked-kms-actions",
        "blockedActionsPatterns",
        "kms:Decrypt,kms:ReEncrypt*",
        &[
            "kms:*",
            "*",
            "KMS:decrypt, kms:Re*",
            "kms:?e*",
            "kms:*t,kms:ReEncrypt*,kms:X",
        ],
        &[
            "kms:Decrypt",
            "kms:D*",
            "kms:Decrypt,kms:ReEncrypt",
            "s3:*",
            "",
            "kms:?ecrypt",
        ],
    ),
    (
        "vpc-sg-open-only-to-authorized-ports",
        "authorizedTcpPorts",
        "443, 1020-1025",
        &["1020-1022,1023,1025", "443", "", "1021"],
        &["443,22", "1019-1021", "1-65535", "1020-1026", "https"],
    ),
    (
        "cloudtrail-s3-dataevents-enabled",
        "S3BucketNames",
        "a,b",
        &["b, a", "a,b,c", ""],
        &["a", "c"],
    ),
    (
        "no-unrestricted-route-to-igw",
        "routeTableIds",
        "rtb-1,rtb-2",
        &["rtb-2", "", "rtb-2 ,rtb-1"],
        &["rtb-3", "rtb-1,rtb-3"],
    ),
    (
        "vpc-flow-logs-enabled",
        "trafficType",
        "REJECT",
        &["ALL", "reject"],
        &["ACCEPT", ""],
    ),
    (
        "s3-bucket-default-lock-enabled",
        "mode",
        "GOVERNANCE",
        &["COMPLIANCE", "GOVERNANCE"],
        &[""],
    ),
    (
        "s3-bucket-default-lock-enabled",
        "mode",
        "COMPLIANCE",
        &["COMPLIANCE"],
        &["GOVERNANCE"],
    ),
    (
        "rds-logging-enabled",
        "additionalLogs",
        "oracle: alert, audit",
        &[
            "mysql: slowquery ; oracle: audit, alert",
            "Oracle:alert,audit",
        ],
        &["oracle: alert", "mysql: alert, audit", ""],
    ),
    (
        "rds-enhanced-monitoring-enabled",
        "monitoringInterval",
        "30",
        &["30", "15", "1", "30.0"],
        &["60", "0", ""],
    ),
    (
        "iam-password-policy",
        "MaxPasswordAge",
        "0",
        &["0", "365"],
        &[],
    ),
    (
        "ec2-resources-protected-by-backup-plan",
        "resourceTags",
        r#"{"a":"1","b":"2"}"#,
        &[r#"{ "b" : "2", "a":"1" }"#, ""],
        &[r#"{"a":"1"}"#],
    ),
    (
        "encrypted-volumes",
        "kmsId",
        "1234abcd",
        &[KEY, "1234abcd"],
        &["1234", ""],
    ),
    (
        "dynamodb-table-encrypted-kms",
        "kmsKeyArns",
        KEY,
        &[KEY, "1234abcd"],
        &["x", ""],
    ),
];

#[test]
fn values_are_compared_by_meaning_and_a_stronger_one_is_never_called_weaker() {
    for (rule, name, wanted, enough, less) in MEANINGS {
        let own = policy(&[(name, wanted)]);
        let is_weaker = |value: &str| names(rule, &[(name, value)], Some(&own)) == [*name];
        for value in *enough {
            assert!(!is_weaker(value), "{name} {value} for {wanted}");
        }
        for value in *less {
            assert!(is_weaker(value), "{name} {value} for {wanted}");
        }
    }
}

#[test]
fn units_are_converted() {
    let rule = "backup-plan-min-frequency-and-min-retention-check";
    let frequency = |value: &str, unit: &str, own: Option<&Policy>| {
        let deployed = [
            ("requiredFrequencyValue", value),
            ("requiredFrequencyUnit", unit),
        ];
        let found = weaker(&catalogue().rules[rule], &set(&deployed), own);
        let found = found.into_iter().map(|less| (less.deployed, less.baseline));
        found.collect::<Vec<_>>()
    };
    assert!(
        frequency("12", "hours", None).is_empty(),
        "more often than daily"
    );
    assert!(frequency("24", "Hours", None).is_empty());
    assert!(frequency("1", "days", None).is_empty());
    let weak = [("2 days".to_owned(), "1 days".to_owned())];
    assert_eq!(frequency("2", "days", None), weak);
    assert_eq!(frequency("25", "hours", None).len(), 1);
    assert_eq!(frequency("1", "weeks", None).len(), 1);
    let own = policy(&[("requiredFrequencyUnit", "hours")]);
    let hourly = weaker(&catalogue().rules[rule], &Parameters::new(), Some(&own));
    assert_eq!(hourly[0].document.as_deref(), Some("계정관리지침 5.2"));
    assert!(frequency("1", "hours", Some(&own)).is_empty());
}

#[test]
fn actions_are_one_set_whatever_slot_they_stand_in() {
    let rule = "cloudwatch-alarm-action-check";
    let own = policy(&[("action1", "sns-1"), ("action3", "sns-2")]);
    let names = |deployed: &[(&str, &str)]| names(rule, deployed, Some(&own));
    assert!(names(&[("action2", "sns-2")]).is_empty(), "asks for more");
    assert!(names(&[("action1", "sns-2"), ("action5", "sns-1")]).is_empty());
    assert_eq!(
        names(&[("action2", "sns-2"), ("action4", "sns-3")]),
        ["action4"]
    );
    assert_eq!(names(&[]), ["action1", "action3"], "any action will do");
}

#[test]
fn two_sets_of_parameters_are_equal_where_they_mean_the_same() {
    let equal = |rule: &str, one: &[(&str, &str)], other: &[(&str, &str)]| {
        let rule = &catalogue().rules[rule];
        let (equal, back) = (
            are_equal(rule, &set(one), &set(other)),
            are_equal(rule, &set(other), &set(one)),
        );
        assert_eq!(equal, back);
        equal
    };
    let keys = "access-keys-rotated";
    assert!(equal(
        keys,
        &[("maxAccessKeyAge", "90")],
        &[("MaxAccessKeyAge", " 90.0")]
    ));
    assert!(
        equal(keys, &[("maxAccessKeyAge", "90")], &[]),
        "AWS's own default"
    );
    assert!(!equal(
        keys,
        &[("maxAccessKeyAge", "90")],
        &[("maxAccessKeyAge", "91")]
    ));
    assert!(!equal(
        keys,
        &[("maxAccessKeyAge", "often")],
        &[("maxAccessKeyAge", "rarely")]
    ));
    assert!(!equal(keys, &[("x", "1")], &[]));
    assert!(equal(keys, &[("x", "1")], &[("X", "1 ")]));
    let volumes = "ec2-volume-inuse-check";
    assert!(!equal(volumes, &[("deleteOnTermination", "true")], &[]));
    let swapped = [("blockedPort1", "21"), ("blockedPort2", "20")];
    assert!(equal("restricted-common-ports", &swapped, &[]));
    let backup = "backup-plan-min-frequency-and-min-retention-check";
    let hours = [
        ("requiredFrequencyValue", "24"),
        ("requiredFrequencyUnit", "hours"),
    ];
    assert!(equal(backup, &hours, &[]));
    let window = "redshift-cluster-maintenancesettings-check";
    let at = |when| [("preferredMaintenanceWindow", when)];
    assert!(!equal(
        window,
        &at("sat:16:00-sat:16:30"),
        &at("sun:16:00-sun:16:30")
    ));
    let lists = [("kmsKeyArns", "a,b")];
    assert!(equal(
        "secretsmanager-using-cmk",
        &lists,
        &[("kmsKeyArns", "b, a")]
    ));
    assert!(!equal("secretsmanager-using-cmk", &lists, &[]));
}
