//! Deployed copies: what an identical one covers, what narrows one, and what is one under another name.

use super::case::*;
use crate::assess::{Automated, GapKind, ReasonKind, Seen};
use crate::evidence::{Recorded, Scope};

/// Alone in its control; judges route tables.
const RULE: &str = "no-unrestricted-route-to-igw";
const IDENTIFIER: &str = "NO_UNRESTRICTED_ROUTE_TO_IGW";
const CONTROL: &str = "2.6.7";
const TABLE: &str = "AWS::EC2::RouteTable";
const ACCOUNT: &str = "AWS::::Account";

fn tagged() -> Scope {
    Scope {
        tag_key: Some("Env".into()),
        tag_value: Some("prod".into()),
        ..Scope::default()
    }
}

fn automated(case: &Case) -> Automated {
    case.assess().control(CONTROL).automated
}

#[test]
fn an_identical_copy_covers_one_that_was_not_read_unless_anything_tells_them_apart() {
    let keys = "access-keys-rotated";
    let seen = |apart: fn(&mut Case)| {
        let mut case = Case::new();
        for name in ["read", "unread"] {
            case.deployed(name, "ACCESS_KEYS_ROTATED", &[("maxAccessKeyAge", "90")]);
        }
        case.details("read", &[("user", Compliant, JULY)]);
        apart(&mut case);
        let assessed = case.assess();
        let covered = assessed.gaps(GapKind::CopyNotRead).len();
        (assessed.seen(keys)[0].1, covered)
    };
    assert_eq!(seen(|_| ()), (Seen::Seen, 1));
    let apart: [fn(&mut Case); 5] = [
        |case| {
            let unread = case.evidence.config_rules.last_mut().expect("a rule");
            unread.parameters = Some([("maxAccessKeyAge".into(), "60".into())].into());
        },
        |case| case.evidence.config_rules[1].parameters = None,
        |case| case.evidence.config_rules[1].scope = tagged(),
        |case| {
            case.rule_level("unread", NonCompliant, None);
        },
        |case| {
            case.details("unread", &[("user", NotApplicable, JULY)])
                .next_token();
        },
    ];
    for (number, apart) in apart.into_iter().enumerate() {
        assert_eq!(seen(apart), (Seen::Partial, 0), "{number}");
    }
}

#[test]
fn a_scope_of_its_pack_narrows_a_rule() {
    let rule = format!("{RULE}-conformance-pack-abc123def");
    let case = |pack: &str, verdict| {
        let mut case = Case::new();
        case.described_pack("k", pack);
        case.evidence.packs[0].scope = tagged();
        case.details(&rule, &[("rtb", verdict, JULY)]);
        case
    };
    let own = "conformance-pack-abc123def";
    let narrowed = case(own, Compliant);
    assert_eq!(automated(&narrowed), Automated::Incomplete);
    let reasons = [(ReasonKind::NarrowedScope, RULE)];
    assert_eq!(narrowed.assess().reasons(CONTROL), reasons);
    assert_eq!(automated(&case(own, NonCompliant)), Automated::NonCompliant);
    let other = case("conformance-pack-xyz123def", Compliant);
    assert_eq!(automated(&other), Automated::Compliant);
}

#[test]
fn what_aws_keeps_for_itself_proves_nothing_and_is_not_asked_for() {
    for (internal, expected) in [(false, Seen::CheckedNone), (true, Seen::NotChecked)] {
        let mut case = Case::new();
        case.recorder(Recorded::All(true), true)
            .item("other", "OK", SEPTEMBER);
        case.evidence.recorders[0].internal = internal;
        case.evidence.recorder_statuses[0].internal = internal;
        assert_eq!(case.assess().seen(RULE), [(SEOUL, expected)]);
    }
    let mut case = Case::new();
    case.deployed("theirs", IDENTIFIER, &[]);
    case.evidence.config_rules[0].internal = true;
    let assessed = case.assess();
    assert_eq!(assessed.seen(RULE), [(SEOUL, Seen::NotChecked)]);
    let commands = assessed.0.gaps.iter().map(|gap| &gap.at.command);
    assert!(commands.clone().any(|command| !command.is_empty()));
    assert!(commands.clone().all(|command| !command.contains("theirs")));
}

#[test]
fn a_failing_rule_that_nothing_describes_leaves_open_what_it_could_be_under_another_name() {
    let case = |kind: &str, described: bool| {
        let mut case = Case::new();
        case.details(RULE, &[("rtb", Compliant, JULY)]);
        case.last_evaluation().resource_type = TABLE.into();
        case.details("our-routes", &[("rtb", NonCompliant, JULY)]);
        case.last_evaluation().resource_type = kind.into();
        if described {
            case.deployed("our-routes", "OUR_ROUTES", &[]);
        }
        case
    };
    let open = case(TABLE, false);
    assert_eq!(automated(&open), Automated::Incomplete);
    let assessed = open.assess();
    assert_eq!(
        assessed.reasons(CONTROL),
        [(ReasonKind::RuleNotDescribed, RULE)]
    );
    let gaps = assessed.gaps(GapKind::RuleNotDescribed);
    let gap = gaps.iter().find(|gap| gap.rule == RULE).expect("a gap");
    assert_eq!(gap.detail, "our-routes: AWS::EC2::RouteTable");
    assert!(gap.at.command.contains(" describe-config-rules "));
    assert_eq!(
        automated(&case("AWS::EC2::Volume", false)),
        Automated::Compliant
    );
    assert_eq!(automated(&case(TABLE, true)), Automated::Compliant);
}

#[test]
fn a_failing_rule_on_the_account_that_nothing_describes_leaves_open_what_it_could_be() {
    let mut case = Case::new();
    for (rule, verdict) in [
        ("iam-password-policy", Compliant),
        ("our-passwords", NonCompliant),
    ] {
        case.details(rule, &[(PROD, verdict, JULY)]);
        case.last_evaluation().resource_type = ACCOUNT.into();
    }
    assert_eq!(
        case.assess().control("2.5.4").automated,
        Automated::Incomplete
    );
}

#[test]
fn what_fails_under_descriptions_that_disagree_which_rule_it_is_acquits_neither() {
    let mut case = Case::new();
    for identifier in [IDENTIFIER, "ENCRYPTED_VOLUMES"] {
        case.deployed("igw", identifier, &[]);
    }
    case.details("igw", &[("rtb", NonCompliant, JULY)]);
    case.deployed("plain", IDENTIFIER, &[]);
    case.details("plain", &[("other", Compliant, JULY)]);
    assert_ne!(automated(&case), Automated::Compliant);
}
