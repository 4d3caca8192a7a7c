//! Parameters that are left out, and parameters that are not known.

use super::case::*;
use crate::assess::{Automated, GapKind, ReasonKind};

const SSH: &str = "restricted-ssh";
const IGW: &str = "no-unrestricted-route-to-igw";

/// A case in which the only rule of 2.6.7 passes, deployed with these parameters.
fn routes(parameters: &[(&str, &str)]) -> Case {
    let mut case = Case::new();
    case.deployed("igw", "NO_UNRESTRICTED_ROUTE_TO_IGW", parameters);
    case.details("igw", &[("rtb", Compliant, JULY)]);
    case
}

fn result(case: &Case) -> Automated {
    case.assess().control("2.6.7").automated
}

#[test]
fn a_parameter_that_is_left_out_is_weaker_where_awss_own_default_is() {
    let open = |identifier: &str, rule: &str, parameters: &[(&str, &str)]| {
        let mut case = Case::new();
        case.deployed("rule", identifier, parameters);
        case.details("rule", &[("resource", Compliant, JULY)]);
        let assessed = case.assess();
        let controls = assessed.finding("resource").controls.clone();
        let reasons = assessed.reasons(&controls[0].to_string());
        reasons.contains(&(ReasonKind::WeakerParameters, rule))
    };
    let volume = ("EC2_VOLUME_INUSE_CHECK", "ec2-volume-inuse-check");
    assert!(open(volume.0, volume.1, &[]));
    assert!(!open(
        volume.0,
        volume.1,
        &[("deleteOnTermination", "True")]
    ));
    let password = ("IAM_PASSWORD_POLICY", "iam-password-policy");
    assert!(
        !open(password.0, password.1, &[]),
        "AWS asks for more than the pack"
    );
}

#[test]
fn compliant_under_an_unknown_parameter_makes_the_control_incomplete_until_the_policy_names_it() {
    assert_eq!(result(&routes(&[])), Automated::Compliant);
    let mut case = routes(&[("exemptVpcs", "vpc-1")]);
    let assessed = case.assess();
    assert_eq!(assessed.control("2.6.7").automated, Automated::Incomplete);
    assert_eq!(
        assessed.reasons("2.6.7"),
        [(ReasonKind::UnknownParameter, IGW)]
    );
    let gaps = assessed.gaps(GapKind::UnknownParameter);
    assert_eq!((gaps.len(), &*gaps[0].detail), (1, "exemptVpcs=vpc-1"));
    let json = serde_json::to_value(assessed.finding("rtb")).expect("a finding");
    assert_eq!(json["unknown_parameters"]["exemptVpcs"], "vpc-1");
    for (value, expected) in [
        ("vpc-2", Automated::Incomplete),
        ("vpc-1", Automated::Compliant),
    ] {
        case.policy(IGW, "exemptVpcs", value);
        assert_eq!(result(&case), expected, "{value}");
    }
    let json = serde_json::to_value(case.assess().finding("rtb")).expect("a finding");
    assert!(json.get("unknown_parameters").is_none());
}

#[test]
fn what_fails_under_an_unknown_parameter_fails() {
    let mut case = routes(&[("exemptVpcs", "vpc-1")]);
    case.details("igw", &[("rtb", NonCompliant, AUGUST)]);
    assert_eq!(result(&case), Automated::NonCompliant);
}

#[test]
fn a_copy_without_unknown_parameters_speaks_for_what_passes_under_both() {
    let mut case = routes(&[("exemptVpcs", "vpc-1")]);
    case.deployed("plain", "NO_UNRESTRICTED_ROUTE_TO_IGW", &[]);
    case.details("plain", &[("rtb", Compliant, JULY)]);
    assert_eq!(case.assess().finding("rtb").deployed_rule, "plain");
    assert_eq!(result(&case), Automated::Compliant);
}

#[test]
fn of_two_descriptions_without_order_the_one_with_an_unknown_parameter_counts() {
    let mut case = routes(&[("exemptVpcs", "vpc-1")]);
    case.deployed("igw", "NO_UNRESTRICTED_ROUTE_TO_IGW", &[]);
    assert_eq!(result(&case), Automated::Incomplete);
}

#[test]
fn a_rule_without_parameters_of_its_own_can_have_an_unknown_one() {
    let mut case = Case::new();
    case.deployed("ssh", "INCOMING_SSH_DISABLED", &[("ipType", "ipv4")]);
    case.details("ssh", &[("sg", Compliant, JULY)]);
    let unknown = |case: &Case| !case.assess().finding("sg").unknown_parameters.is_empty();
    assert!(unknown(&case));
    case.policy(SSH, "ipType", "ipv4");
    assert!(!unknown(&case));
}

#[test]
fn parameters_that_no_export_tells_are_a_gap_that_decides_nothing() {
    let gap = |parameters: Option<&[(&str, &str)]>| {
        let mut case = Case::new();
        let rule = "iam-password-policy";
        if let Some(parameters) = parameters {
            case.deployed(rule, "IAM_PASSWORD_POLICY", parameters);
        }
        case.details(rule, &[(PROD, Compliant, JULY)]);
        let assessed = case.assess();
        assert_eq!(assessed.control("2.5.4").automated, Automated::Compliant);
        let gaps = assessed.gaps(GapKind::ParametersUnknown);
        gaps.first().map(|gap| gap.at.command.clone())
    };
    let command = gap(None).expect("a gap");
    assert!(command.contains(" describe-config-rules "), "{command}");
    assert_eq!(gap(Some(&[("MinimumPasswordLength", "14")])), None);
}
