//! Deployed parameters against the baseline: which of them ask for less.

use std::collections::BTreeSet;

use crate::catalogue::{ManagedRule, Parameter, Weaker};
use crate::engagement::Policy;
use crate::evidence::Parameters;

use super::model::{PolicyValue, WeakerParameter};

/// The deployed parameters that are weaker than the organisation's policy, or where it says
/// nothing than the default. A parameter that is not deployed has that default: it can be weaker
/// than the policy only.
pub fn weaker(
    rule: &ManagedRule,
    deployed: &Parameters,
    policy: Option<&Policy>,
) -> Vec<WeakerParameter> {
    let own = |name: &str| {
        policy.and_then(|policy| Some((policy.parameters.get(name)?, &policy.document)))
    };
    let mut found = Vec::new();
    for parameter in &rule.parameters {
        let baseline = own(&parameter.name);
        // Where AWS's own default applies, the organisation may ask for more than that.
        let unset = baseline.map(|_| &parameter.default);
        // AWS tells the case of names apart; whoever wrote the rule may not have.
        let named = |name: &String| name.eq_ignore_ascii_case(&parameter.name);
        let set: Vec<&String> = (deployed.iter())
            .filter(|(name, _)| named(name))
            .map(|(_, value)| value)
            .collect();
        let unset = unset.filter(|_| set.is_empty());
        let wanted = baseline.map_or(parameter.default.as_str(), |(value, _)| value);
        let mut values = set.into_iter().chain(unset);
        if let Some(value) = values.find(|value| is_weaker(parameter, value, wanted, deployed)) {
            found.push(WeakerParameter {
                name: parameter.name.clone(),
                deployed: value.clone(),
                baseline: wanted.to_owned(),
                document: baseline.map(|(_, document)| document.clone()),
            });
        }
    }
    found
}

/// Where the organisation's baseline is not the pack's, parameter by parameter.
pub fn differing(rule: &ManagedRule, policy: &Policy) -> Vec<PolicyValue> {
    let own = |parameter: &Parameter| {
        let value = policy.parameters.get(&parameter.name)?;
        (*value != parameter.default).then(|| PolicyValue {
            parameter: parameter.name.clone(),
            value: value.clone(),
            pack_default: parameter.default.clone(),
            weaker: is_weaker(parameter, value, &parameter.default, &policy.parameters),
            document: policy.document.clone(),
        })
    };
    rule.parameters.iter().filter_map(own).collect()
}

fn is_weaker(parameter: &Parameter, value: &str, wanted: &str, deployed: &Parameters) -> bool {
    // Where nothing is asked for, only leaving something out is less than that.
    if wanted.trim().is_empty() && parameter.weaker != Weaker::Narrows {
        return false;
    }
    let is_true = |text: &str| text.eq_ignore_ascii_case("true");
    match parameter.weaker {
        Weaker::Higher => number_order(value, wanted).is_none_or(std::cmp::Ordering::is_gt),
        Weaker::Lower => number_order(value, wanted).is_none_or(std::cmp::Ordering::is_lt),
        Weaker::False => is_true(wanted) && !is_true(value),
        Weaker::MissingMember => !members(wanted).is_subset(&members(value)),
        Weaker::ExtraMember => {
            let allowed = members(value);
            allowed.is_empty() || !allowed.is_subset(&members(wanted))
        }
        Weaker::MissingFromRule => !deployed.values().any(|other| other.trim() == wanted.trim()),
        Weaker::Different => !value.eq_ignore_ascii_case(wanted),
        Weaker::Narrows => {
            let value = value.trim();
            !value.is_empty() && !value.eq_ignore_ascii_case("false") && value != wanted
        }
        Weaker::Never => false,
    }
}

/// `None` where either is no number, or below zero, which stands for none or for no limit: then it
/// cannot be said to be as strong.
fn number_order(value: &str, wanted: &str) -> Option<std::cmp::Ordering> {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|n| *n >= 0.0);
    number(value)?.partial_cmp(&number(wanted)?)
}

fn members(list: &str) -> BTreeSet<&str> {
    list.split(',')
        .map(str::trim)
        .filter(|member| !member.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
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
            names("access-keys-rotated", &[("maxAccessKeyAge", "often")], None),
            ["maxAccessKeyAge"]
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
        assert_eq!(
            names("iam-password-policy", &[("RequireNumbers", "True")], None),
            none
        );
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

    #[test]
    fn a_parameter_that_is_not_known_decides_nothing_and_is_told() {
        let rule = &catalogue().rules["rds-logging-enabled"];
        assert!(names(&rule.name, &[("x", "1")], None).is_empty());
        let deployed = ["AdditionalLogs", "x"].map(str::to_owned);
        assert_eq!(rule.unknown(&deployed).collect::<Vec<_>>(), ["x"]);
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
    fn a_parameter_that_is_not_deployed_can_be_weaker_than_the_policy_only() {
        let policy = |age: &str| Policy {
            parameters: Parameters::from([("maxAccessKeyAge".to_owned(), age.to_owned())]),
            document: "계정관리지침 5.2".to_owned(),
        };
        let rule = "access-keys-rotated";
        assert!(names(rule, &[], None).is_empty());
        assert!(names(rule, &[], Some(&policy("120"))).is_empty());
        assert_eq!(names(rule, &[], Some(&policy("60"))), ["maxAccessKeyAge"]);
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
}
