//! To which account and region a record belongs, and what is not in scope.

use super::case::*;
use crate::assess::{AttributedBy, Gap, GapKind, Seen};

const BOTH: &str = "restricted-ssh";

/// What was seen of each rule, wherever.
fn states(case: &Case) -> Vec<Seen> {
    let rules = case.assess().0.rules;
    let seen = rules.iter().flat_map(|rule| &rule.seen);
    seen.map(|at| at.state).collect()
}

#[test]
fn a_record_is_attributed_by_element_then_arn_then_account_then_path() {
    let mut case = Case::new();
    case.account("444455556666", &["us-east-1"]);
    case.details_in(
        "exports/x",
        "restricted-ssh",
        &[("element", Compliant, JULY)],
    );
    case.last_evaluation().place.account = Some(PROD.into());
    case.last_evaluation().place.region = Some(SEOUL.into());
    case.deployed_at(
        "444455556666",
        "us-east-1",
        "ssh",
        "INCOMING_SSH_DISABLED",
        &[],
    );
    case.deployed("of-the-other-place", "ENCRYPTED_VOLUMES", &[]);
    case.details_in("exports/y", "ssh", &[("arn", Compliant, JULY)]);
    case.details_in(
        "exports/z",
        "root-account-mfa-enabled",
        &[(PROD, Compliant, JULY)],
    );
    case.last_evaluation().resource_type = "AWS::::Account".into();
    case.details(BOTH, &[("path", Compliant, JULY)]);
    case.details_in("exports/w", BOTH, &[("nowhere", NonCompliant, JULY)]);
    let assessed = case.assess();
    let by = |resource: &str| {
        let finding = assessed.finding(resource);
        (
            finding.attributed_by,
            finding.account.as_str(),
            finding.region.as_str(),
        )
    };
    assert_eq!(by("element"), (AttributedBy::Element, PROD, SEOUL));
    assert_eq!(
        by("arn"),
        (AttributedBy::ConfigRuleArn, "444455556666", "us-east-1")
    );
    assert_eq!(by(PROD), (AttributedBy::AccountResource, PROD, "global"));
    assert_eq!(by("path"), (AttributedBy::Path, PROD, SEOUL));
    assert_eq!(assessed.0.reconciliation.evaluation_results.unattributed, 1);
    assert_eq!(assessed.gaps(GapKind::Unattributed).len(), 1);
}

#[test]
fn what_tells_of_two_places_tells_of_none() {
    let other = "999988887777";
    let arn = |region: &str, account: &str| format!("arn:aws:ec2:{region}:{account}:x/y");
    let thing = "AWS::Test::Thing";
    for (kind, id, placed) in [
        (thing, arn(SEOUL, PROD), 1),
        (thing, arn("", PROD), 1),
        (thing, arn(SEOUL, other), 0),
        (thing, arn("us-east-1", PROD), 0),
        ("AWS::CloudTrail::Trail", arn("us-east-1", other), 1),
        ("AWS::::Account", PROD.to_owned(), 1),
        ("AWS::::Account", other.to_owned(), 0),
    ] {
        let mut case = Case::new();
        case.details(BOTH, &[(&id, Compliant, JULY)]);
        case.last_evaluation().resource_type = kind.into();
        let assessed = case.assess();
        assert_eq!(assessed.0.findings.len(), placed, "{kind} {id}");
        assert_eq!(assessed.gaps(GapKind::Unattributed).len(), 1 - placed);
        let by = assessed.0.findings.iter().map(|f| f.attributed_by);
        let account = by.filter(|by| *by == AttributedBy::AccountResource);
        assert_eq!(account.count(), usize::from(*id == *PROD));
    }
}

#[test]
fn a_rule_that_its_folder_describes_in_another_account_is_not_credited_to_the_folders() {
    let describe = |case: &mut Case, account: &str| {
        case.deployed_at(account, SEOUL, BOTH, "INCOMING_SSH_DISABLED", &[]);
        let listing = case.evidence.listings.last_mut().expect("a list");
        listing.path_place = crate::export::path::place(&Case::here("describe-config-rules"));
    };
    let mut case = Case::new();
    describe(&mut case, "999988887777");
    case.details(BOTH, &[("sg", Compliant, JULY)]);
    let assessed = case.assess();
    assert_eq!(assessed.0.reconciliation.evaluation_results.unattributed, 1);
    assert_eq!(assessed.gaps(GapKind::Unattributed).len(), 1);
    describe(&mut case, PROD);
    assert_eq!(
        case.assess().finding("sg").account,
        PROD,
        "the folder holds the descriptions of both"
    );
}

#[test]
fn a_name_that_people_gave_is_not_placed_while_the_rules_of_another_place_are_unknown() {
    let unique = "restricted-ssh-conformance-pack-abc123def";
    for (name, placed) in [
        ("ssh", 0),
        (unique, 1),
        ("OrgConfigRule-ssh-abcd1234", 1),
        ("securityhub-restricted-ssh-baa2cf8c", 1),
    ] {
        let mut case = Case::new();
        case.account("444455556666", &["us-east-1"]);
        case.deployed(name, "INCOMING_SSH_DISABLED", &[]);
        case.details_in("exports/x", name, &[("sg", Compliant, JULY)]);
        let assessed = case.assess();
        assert_eq!(assessed.0.findings.len(), placed, "{name}");
        assert_eq!(assessed.gaps(GapKind::Unattributed).len(), 1 - placed);
    }
}

#[test]
fn a_rule_of_one_name_in_two_places_is_not_guessed_to_be_in_either() {
    let mut case = Case::new();
    case.account("444455556666", &["us-east-1"]);
    case.deployed("ssh", "INCOMING_SSH_DISABLED", &[]);
    case.deployed_at(
        "444455556666",
        "us-east-1",
        "ssh",
        "INCOMING_SSH_DISABLED",
        &[],
    );
    case.details_in("exports/x", "ssh", &[("sg", NonCompliant, JULY)]);
    assert_eq!(
        case.assess()
            .0
            .reconciliation
            .evaluation_results
            .unattributed,
        1
    );
    case.evidence.evaluations.clear();
    case.details_in(
        "exports/444455556666/x",
        "ssh",
        &[("sg", NonCompliant, JULY)],
    );
    assert_eq!(
        case.assess().finding("sg").region,
        "us-east-1",
        "the path leaves one"
    );
}

#[test]
fn a_place_out_of_scope_is_listed_and_decides_nothing() {
    let mut case = Case::new();
    case.details_in(
        "exports/999999999999/us-east-1/x",
        BOTH,
        &[("sg", NonCompliant, JULY)],
    );
    case.details_in(
        &format!("exports/{PROD}/eu-west-1/x"),
        BOTH,
        &[("sg", NonCompliant, JULY)],
    );
    let assessed = case.assess();
    assert!(assessed.0.findings.is_empty());
    assert_eq!(assessed.0.reconciliation.evaluation_results.out_of_scope, 2);
    assert_eq!(assessed.gaps(GapKind::OutOfScope).len(), 2);
    assert!(states(&case).iter().all(|state| *state == Seen::NotChecked));
}

#[test]
fn a_verdict_on_a_whole_rule_of_another_or_an_unknown_place_decides_nothing() {
    let mut case = Case::new();
    case.details(BOTH, &[("sg", Compliant, JULY)]);
    for path in [
        format!("exports/{PROD}/eu-west-1/x"),
        "exports/999999999999/us-east-1/x".to_owned(),
        "exports/x".to_owned(),
    ] {
        case.rule_level(BOTH, NonCompliant, Some((3, false)));
        let listing = case.evidence.listings.last_mut().expect("a list");
        listing.path_place = crate::export::path::place(&path);
    }
    let assessed = case.assess();
    assert_eq!(assessed.seen(BOTH), [(SEOUL, Seen::Seen)]);
    assert_eq!(assessed.gaps(GapKind::Unattributed)[0].detail, "1");
}

#[test]
fn an_account_or_region_out_of_scope_is_listed_whatever_is_exported_of_it() {
    let listed = |export: fn(&mut Case)| {
        let mut case = Case::new();
        export(&mut case);
        let assessed = case.assess();
        let gaps = assessed.gaps(GapKind::OutOfScope);
        let shown = |gap: &&Gap| [&*gap.at.account, &gap.at.region, &gap.detail].join(" ");
        gaps.iter().map(shown).collect::<Vec<_>>()
    };
    let other = "999999999999 us-east-1 0";
    let rules = |case: &mut Case| {
        case.deployed_at(
            "999999999999",
            "us-east-1",
            BOTH,
            "INCOMING_SSH_DISABLED",
            &[],
        );
    };
    assert_eq!(listed(rules), [other]);
    let empty = |case: &mut Case| {
        case.listing(
            "exports/999999999999/us-east-1/d.json",
            "configuration-snapshot",
        );
    };
    assert_eq!(listed(empty), [other]);
    let level = |case: &mut Case| {
        case.rule_level(BOTH, Compliant, None);
        let level = case.evidence.rule_compliances.last_mut().expect("a level");
        level.place.account = Some("999999999999".into());
        level.place.region = Some("us-east-1".into());
    };
    assert_eq!(listed(level), [other]);
    let region = |case: &mut Case| {
        let path = format!("exports/{PROD}/eu-west-1/d.json");
        case.listing(&path, "describe-config-rules");
    };
    assert_eq!(listed(region), [format!("{PROD} eu-west-1 0")]);
    let here = |case: &mut Case| {
        case.other_details();
    };
    assert!(listed(here).is_empty());
}

#[test]
fn what_is_unattributed_decides_nothing_and_is_a_gap_with_its_input() {
    let mut case = Case::new();
    case.details_in(
        "exports/x",
        BOTH,
        &[("sg", NonCompliant, JULY), ("b", Compliant, JULY)],
    );
    let assessed = case.assess();
    assert!(assessed.0.findings.is_empty());
    assert_eq!(assessed.control("2.6").counts.non_compliant, 0);
    let gap = assessed.gaps(GapKind::Unattributed)[0];
    assert_eq!((&*gap.at.input, &*gap.detail), ("E0001", "2"));
    assert!(states(&case).iter().all(|state| *state == Seen::NotChecked));
}

#[test]
fn a_resource_of_the_type_of_accounts_tells_its_account_only_by_twelve_digits() {
    for (id, placed) in [(PROD, 1), ("123", 0), ("not-an-account", 0)] {
        let mut case = Case::new();
        let path = format!("exports/{SEOUL}/x.json");
        case.details_in(&path, BOTH, &[(id, Compliant, JULY)]);
        case.last_evaluation().resource_type = "AWS::::Account".into();
        let assessed = case.assess();
        assert_eq!(assessed.0.findings.len(), placed, "{id}");
        assert_eq!(assessed.gaps(GapKind::Unattributed).len(), 1 - placed);
    }
}
