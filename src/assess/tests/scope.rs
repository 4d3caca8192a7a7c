//! Deployed rules that judge less than their rule could.

use super::case::*;
use crate::assess::{Automated, GapKind, ReasonKind, Seen};
use crate::evidence::{ConfigRule, Scope};

/// Judges route tables; alone in its control.
const RULE: &str = "no-unrestricted-route-to-igw";
const IDENTIFIER: &str = "NO_UNRESTRICTED_ROUTE_TO_IGW";
const CONTROL: &str = "2.6.7";

fn types(names: &[&str]) -> Scope {
    Scope {
        resource_types: names.iter().map(ToString::to_string).collect(),
        ..Scope::default()
    }
}

fn tagged(value: Option<&str>) -> Scope {
    Scope {
        tag_key: Some("Env".into()),
        tag_value: value.map(str::to_owned),
        ..Scope::default()
    }
}

impl Case {
    fn changed(&mut self, change: impl FnOnce(&mut ConfigRule)) -> &mut Self {
        change(self.evidence.config_rules.last_mut().expect("a rule"));
        self
    }

    fn scoped(&mut self, name: &str, scope: Scope) -> &mut Self {
        self.deployed(name, IDENTIFIER, &[]);
        self.changed(|rule| rule.scope = scope)
    }
}

fn automated(case: &Case) -> Automated {
    case.assess().control(CONTROL).automated
}

#[test]
fn a_copy_whose_scope_leaves_resources_out_is_never_compliant_alone() {
    let only = |id: &str| Scope {
        resource_id: Some(id.into()),
        ..types(&["AWS::EC2::RouteTable"])
    };
    let unknown = Scope {
        other: vec!["ServicePrincipal".into()],
        ..Scope::default()
    };
    for (scope, shown) in [
        (tagged(None), "tag Env"),
        (tagged(Some("prod")), "tag Env=prod"),
        (only("rtb-1"), "resource rtb-1"),
        (types(&["AWS::EC2::Volume"]), "AWS::EC2::Volume"),
        (unknown, "ServicePrincipal"),
    ] {
        for verdict in [Compliant, NotApplicable] {
            let mut case = Case::new();
            case.scoped("igw", scope.clone());
            case.details("igw", &[("rtb", verdict, JULY)]);
            let assessed = case.assess();
            assert_eq!(automated(&case), Automated::Incomplete, "{shown}");
            assert_eq!(
                assessed.reasons(CONTROL),
                [(ReasonKind::NarrowedScope, RULE)]
            );
            assert_eq!(assessed.seen(RULE), [(SEOUL, Seen::Partial)]);
            let finding = assessed.finding("rtb");
            assert_eq!(finding.shortfall.as_deref(), Some(shown));
            let gap = assessed.gaps(GapKind::NarrowedScope)[0];
            assert_eq!(gap.detail, format!("igw: {shown}"));
            let command = "aws configservice describe-config-rules --region";
            assert!(gap.at.command.starts_with(command), "{}", gap.at.command);
            assert_eq!(gap.at.input, "E0001", "the description that says so");
        }
    }
}

#[test]
fn a_scope_of_all_types_that_the_rule_judges_leaves_nothing_out() {
    for scope in [
        Scope::default(),
        types(&["AWS::EC2::RouteTable"]),
        types(&["AWS::EC2::RouteTable", "AWS::EC2::Volume"]),
    ] {
        let mut case = Case::new();
        case.scoped("igw", scope);
        case.details("igw", &[("rtb", Compliant, JULY)]);
        assert_eq!(automated(&case), Automated::Compliant);
        assert_eq!(case.assess().finding("rtb").shortfall, None);
    }
    let mut case = Case::new();
    case.deployed("logs", "ELB_LOGGING_ENABLED", &[]);
    case.changed(|rule| rule.scope = types(&["AWS::ElasticLoadBalancing::LoadBalancer"]));
    case.details("logs", &[("elb", Compliant, JULY)]);
    assert_eq!(
        case.assess().seen("elb-logging-enabled"),
        [(SEOUL, Seen::Partial)],
        "one of two types"
    );
}

#[test]
fn a_failure_under_a_narrowed_scope_stays_a_failure() {
    let mut case = Case::new();
    case.scoped("igw", tagged(Some("prod")));
    case.details("igw", &[("rtb", NonCompliant, JULY)]);
    assert_eq!(automated(&case), Automated::NonCompliant);
}

#[test]
fn a_copy_that_judges_everything_covers_a_narrowed_one_in_its_place_only() {
    let mut case = Case::new();
    case.scoped("igw-prod", tagged(Some("prod")));
    case.details("igw-prod", &[("rtb", Compliant, JULY)]);
    case.scoped("igw", Scope::default());
    assert_eq!(automated(&case), Automated::Incomplete);
    let assessed = case.assess();
    let gaps = assessed.gaps(GapKind::NotChecked);
    let gap = gaps.iter().find(|gap| gap.rule == RULE).expect("a gap");
    let command = &gap.at.command;
    assert!(
        command.contains("get-compliance-details-by-config-rule --config-rule-name igw --region"),
        "the copy that would cover it is deployed: {command}"
    );
    case.details("igw", &[("rtb", Compliant, JULY)]);
    assert_eq!(automated(&case), Automated::Compliant);
    assert_eq!(case.assess().finding("rtb").deployed_rule, "igw");
    case.account(PROD, &[SEOUL, "us-east-1"]);
    case.deployed_at(PROD, "us-east-1", "igw-prod", IDENTIFIER, &[]);
    case.changed(|rule| rule.scope = tagged(Some("prod")));
    let path = format!("exports/{PROD}/us-east-1/igw-prod.json");
    case.details_in(&path, "igw-prod", &[("rtb-2", Compliant, JULY)]);
    assert_eq!(
        case.assess().seen(RULE),
        [(SEOUL, Seen::Seen), ("us-east-1", Seen::Partial)]
    );
}

#[test]
fn a_copy_that_was_cut_off_is_covered_by_a_whole_one_and_a_contradicted_one_is_not() {
    let mut case = Case::new();
    case.scoped("igw", Scope::default());
    case.scoped("igw-2", Scope::default());
    case.details("igw", &[("rtb", Compliant, JULY)])
        .next_token();
    case.details("igw-2", &[("rtb", Compliant, JULY)]);
    assert_eq!(automated(&case), Automated::Compliant);
    case.rule_level("igw-2", NonCompliant, None);
    assert_eq!(
        automated(&case),
        Automated::Incomplete,
        "something fails that was not exported"
    );
    let assessed = case.assess();
    let gaps = assessed.gaps(GapKind::Partial);
    let old = Case::here("rule-level");
    let gap = gaps.iter().find(|gap| gap.at.remove == old);
    let gap = gap.expect("nobody knows how old the verdict on the whole rule is");
    assert!(
        gap.at
            .command
            .contains(" describe-compliance-by-config-rule ")
    );
}

#[test]
fn the_status_of_a_narrowed_rule_does_not_prove_that_there_is_nothing() {
    let mut case = Case::new();
    case.scoped("igw", tagged(Some("prod")));
    case.ran_empty("igw", SEPTEMBER, None);
    assert_eq!(automated(&case), Automated::Incomplete);
    assert_eq!(
        case.assess().reasons(CONTROL),
        [(ReasonKind::NarrowedScope, RULE)]
    );
    case.scoped("igw-all", Scope::default());
    case.ran_empty("igw-all", SEPTEMBER, None);
    assert_eq!(automated(&case), Automated::NothingToCheck);
    let mut case = Case::new();
    case.recorder(crate::evidence::Recorded::All(true), true)
        .item("other", "OK", SEPTEMBER);
    case.scoped("igw", tagged(Some("prod")));
    case.status("igw", SEPTEMBER, None).empty_details("igw");
    assert_eq!(
        automated(&case),
        Automated::NothingToCheck,
        "a whole snapshot has no route table"
    );
}

#[test]
fn a_rule_that_is_not_active_or_judges_only_what_is_not_deployed_proves_nothing() {
    for state in ["DELETING", "DELETING_RESULTS", "EVALUATING", "NEW"] {
        let mut case = Case::new();
        case.scoped("igw", Scope::default());
        case.changed(|rule| rule.state = Some(state.into()));
        case.details("igw", &[("rtb", Compliant, JULY)]);
        let assessed = case.assess();
        assert_eq!(automated(&case), Automated::Incomplete, "{state}");
        assert_eq!(
            assessed.reasons(CONTROL),
            [(ReasonKind::RuleNotActive, RULE)]
        );
        let gap = assessed.gaps(GapKind::RuleNotActive)[0];
        assert_eq!(gap.detail, format!("igw: {state}"));
        assert!(gap.at.command.contains(" describe-config-rules --region"));
    }
    let mut case = Case::new();
    case.scoped("igw", Scope::default());
    case.changed(|rule| rule.detective = false);
    case.details("igw", &[("rtb", Compliant, JULY)]);
    assert_eq!(automated(&case), Automated::Incomplete);
    case.details("igw", &[("rtb-2", NonCompliant, JULY)]);
    assert_eq!(automated(&case), Automated::NonCompliant);
}

#[test]
fn the_latest_description_counts_and_where_none_is_certainly_later_the_narrowest() {
    let case = |first: Option<&str>, second: Option<&str>| {
        let mut case = Case::new();
        for (time, scope) in [(first, tagged(None)), (second, Scope::default())] {
            case.scoped("igw", scope);
            if let Some(time) = time {
                case.captured(time);
            }
        }
        case.details("igw", &[("rtb", Compliant, SEPTEMBER)]);
        automated(&case)
    };
    assert_eq!(case(Some(JULY), Some(AUGUST)), Automated::Compliant);
    assert_eq!(case(Some(AUGUST), Some(JULY)), Automated::Incomplete);
    assert_eq!(case(None, Some(AUGUST)), Automated::Incomplete);
    assert_eq!(case(None, None), Automated::Incomplete);
}

#[test]
fn of_descriptions_without_order_that_disagree_which_rule_it_is_none_is_believed() {
    let described = |identifiers: &[&str], taken: &[&str]| {
        let mut case = Case::new();
        for (number, identifier) in identifiers.iter().enumerate() {
            case.deployed("igw", identifier, &[]);
            if let Some(time) = taken.get(number) {
                case.captured(time);
            }
        }
        case.details("igw", &[("rtb", Compliant, SEPTEMBER)]);
        automated(&case)
    };
    let other = "ENCRYPTED_VOLUMES";
    assert_eq!(
        described(&[IDENTIFIER, IDENTIFIER], &[]),
        Automated::Compliant
    );
    for identifiers in [[IDENTIFIER, other], [other, IDENTIFIER]] {
        let unknown = described(&identifiers, &[]);
        assert_eq!(unknown, Automated::Incomplete, "{identifiers:?}");
    }
    let latest = described(&[other, IDENTIFIER], &[JULY, AUGUST]);
    assert_eq!(latest, Automated::Compliant, "the latest is believed");
}

#[test]
fn of_two_descriptions_without_order_the_weaker_parameters_count() {
    let mut case = Case::new();
    for age in ["180", "90"] {
        case.deployed("keys", "ACCESS_KEYS_ROTATED", &[("maxAccessKeyAge", age)]);
    }
    case.details("keys", &[("user", Compliant, JULY)]);
    assert_eq!(case.assess().finding("user").weaker_parameters.len(), 1);
}

/// Two descriptions, of July and of September, and an answer with one verdict of July.
fn described_twice(descriptions: [(Scope, &str); 2], exported: Option<&str>) -> Case {
    let mut case = Case::new();
    for ((scope, identifier), time) in descriptions.into_iter().zip([JULY, SEPTEMBER]) {
        case.deployed("igw", identifier, &[]);
        case.changed(|rule| rule.scope = scope).captured(time);
    }
    case.details("igw", &[("rtb", Compliant, JULY)]);
    if let Some(time) = exported {
        case.captured(time);
    }
    case
}

#[test]
fn verdicts_from_before_a_description_rest_on_the_nearer_one_too() {
    let narrow = (tagged(None), IDENTIFIER);
    let whole = (Scope::default(), IDENTIFIER);
    let other = (Scope::default(), "ENCRYPTED_VOLUMES");
    let after = Some("2026-09-16T00:00:00Z");
    let nearer_september = Some("2026-09-01T00:00:00Z");
    let nearer_july = Some("2026-07-20T00:00:00Z");
    for earlier in [narrow.clone(), other] {
        for (exported, expected) in [
            (after, Automated::Compliant),
            (nearer_september, Automated::Compliant),
            (nearer_july, Automated::Incomplete),
            (None, Automated::Incomplete),
        ] {
            let mut case = described_twice([earlier.clone(), whole.clone()], exported);
            assert_eq!(automated(&case), expected, "{exported:?}");
            case.details("igw", &[("rtb", Compliant, SEPTEMBER)]);
            case.captured("2026-09-20T00:00:00Z");
            assert_eq!(automated(&case), Automated::Compliant, "judged again");
        }
    }
    let narrowed_later = described_twice([whole, narrow], nearer_july);
    assert_eq!(automated(&narrowed_later), Automated::Incomplete);
}

#[test]
fn a_parameter_that_was_made_stronger_later_is_not_credited_to_earlier_verdicts() {
    let weaker = |exported: &str| {
        let mut case = Case::new();
        for (age, time) in [("180", JULY), ("90", SEPTEMBER)] {
            case.deployed("keys", "ACCESS_KEYS_ROTATED", &[("maxAccessKeyAge", age)]);
            case.captured(time);
        }
        case.details("keys", &[("user", Compliant, JULY)]);
        case.captured(exported);
        case.assess().finding("user").weaker_parameters.len()
    };
    assert_eq!(weaker("2026-07-20T00:00:00Z"), 1);
    assert_eq!(weaker("2026-09-16T00:00:00Z"), 0);
}
