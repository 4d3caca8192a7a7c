//! What a verdict is of: its place, its rule, its parameters.

use super::case::*;
use crate::assess::{Automated, FindingId, Fingerprint, Other, Relation};
use crate::evidence::{ComplianceType, Place, Scope};

const DEV: &str = "444455556666";
const IGW: &str = "no-unrestricted-route-to-igw";

fn place(account: &str, region: &str) -> Place {
    Place {
        account: Some(account.into()),
        region: Some(region.into()),
    }
}

/// The last list is filed under this place, and under another account too.
fn dispute(case: &mut Case, account: &str) {
    let list = case.evidence.listings.last_mut().expect("a list");
    list.disputed = Some(place(account, SEOUL));
    list.path_place.account = None;
}

#[test]
fn of_an_answer_filed_under_two_places_what_fails_counts_at_each_in_scope_and_what_passes_at_none()
{
    let filed = |in_scope: bool| {
        let mut case = Case::new();
        if in_scope {
            case.account(DEV, &[SEOUL]);
        }
        for account in [PROD, DEV] {
            let path = format!("exports/{account}/{SEOUL}/a.json");
            case.details_in(
                &path,
                IGW,
                &[("bad", NonCompliant, JULY), ("good", Compliant, JULY)],
            );
            dispute(&mut case, account);
        }
        case.assess()
    };
    for (in_scope, accounts) in [(true, [PROD, DEV].as_slice()), (false, &[PROD])] {
        let assessed = filed(in_scope);
        let found = assessed.0.findings.iter();
        let found: Vec<_> = found.map(|f| (&*f.account, &*f.resource_id)).collect();
        let expected: Vec<_> = accounts.iter().map(|account| (*account, "bad")).collect();
        assert_eq!(found, expected);
        assert_eq!(assessed.control("2.6.7").automated, Automated::NonCompliant);
        let counts = assessed.0.reconciliation.evaluation_results;
        assert_eq!(counts.unattributed, 2);
        assert_eq!(counts.out_of_scope, u64::from(!in_scope));
    }
}

#[test]
fn packs_are_known_by_account_region_and_name() {
    let mut case = Case::new();
    case.account(DEV, &[SEOUL]);
    for (account, id) in [(PROD, "pack-of-prod"), (DEV, "pack-of-dev")] {
        case.described_pack("one", id);
        case.evidence.packs.last_mut().expect("a pack").place = place(account, SEOUL);
        for of in ["pack-of-prod", "pack-of-dev"] {
            let path = format!("exports/{account}/{SEOUL}/{of}.json");
            case.details_in(&path, &format!("{IGW}-{of}"), &[(of, Compliant, JULY)]);
        }
    }
    let assessed = case.assess();
    let mapped = assessed
        .0
        .findings
        .iter()
        .filter(|finding| finding.rule == IGW);
    let mapped: Vec<_> = mapped.map(|f| (&*f.account, &*f.resource_id)).collect();
    assert_eq!(mapped, [(PROD, "pack-of-prod"), (DEV, "pack-of-dev")]);
}

#[test]
fn a_pack_that_was_made_anew_under_its_name_has_both_ids() {
    let mut case = Case::new();
    for id in ["older", "newer"] {
        case.described_pack("one", id);
        case.details(&format!("{IGW}-{id}"), &[(id, Compliant, JULY)]);
    }
    let assessed = case.assess();
    assert!(
        assessed
            .0
            .findings
            .iter()
            .all(|finding| finding.rule == IGW)
    );
}

#[test]
fn the_evaluations_of_an_internal_rule_are_counted_apart_and_the_rule_is_listed() {
    let described = |internal: &[bool]| {
        let mut case = Case::new();
        for internal in internal {
            case.deployed("theirs", "NO_UNRESTRICTED_ROUTE_TO_IGW", &[]);
            case.evidence
                .config_rules
                .last_mut()
                .expect("a rule")
                .internal = *internal;
        }
        case.details("theirs", &[("bad", NonCompliant, JULY)]);
        case.assess()
    };
    let assessed = described(&[true]);
    assert!(assessed.0.findings.is_empty());
    assert_eq!(assessed.0.reconciliation.evaluation_results.internal, 1);
    let rule = assessed.0.rules.iter().find(|row| row.rule == IGW);
    let state = rule.and_then(|row| row.deployed[0].state.as_deref());
    assert_eq!(state, Some("INTERNAL"));
    let assessed = described(&[true, false]);
    assert_eq!(
        assessed.finding("bad").rule,
        IGW,
        "nothing tells which is the latest"
    );
}

#[test]
fn a_failing_rule_that_maps_to_nothing_is_known_by_its_level_too() {
    let mut case = Case::new();
    case.rule_level("our-own", NonCompliant, None);
    case.rule_level("our-other", Compliant, None);
    case.rule_level("theirs", NonCompliant, None);
    case.rule_level(IGW, NonCompliant, None);
    case.deployed("theirs", "THEIRS", &[]);
    case.evidence
        .config_rules
        .last_mut()
        .expect("a rule")
        .internal = true;
    let assessed = case.assess();
    let gaps = assessed.gaps(crate::assess::GapKind::Unmapped);
    let rules: Vec<&str> = gaps.iter().map(|gap| gap.rule.as_str()).collect();
    assert_eq!(rules, ["our-own"]);
    assert_eq!(gaps[0].at.input, "E0001");
}

/// What undated descriptions of one rule decide, where files have these names.
fn decided(
    descriptions: &[usize],
    name: impl Fn(usize) -> String,
) -> Vec<(FindingId, Fingerprint, String)> {
    let mut case = Case::new();
    for (position, description) in descriptions.iter().enumerate() {
        case.deployed("keys", "ACCESS_KEYS_ROTATED", &[]);
        let rule = case.evidence.config_rules.last_mut().expect("a rule");
        let age = ["90", "180", "365"][description % 3];
        let name_of_age = ["maxAccessKeyAge", "MaxAccessKeyAge"][description / 3 % 2];
        rule.parameters = (*description < 10).then(|| [(name_of_age.into(), age.into())].into());
        rule.scope = Scope {
            tag_key: (description % 4 == 0).then(|| "Env".into()),
            ..Scope::default()
        };
        rule.state = Some(["ACTIVE", "DELETING"][description / 7 % 2].into());
        let list = case.evidence.listings.last().expect("a list").input.0 as usize;
        case.evidence.inputs[list].path = name(position);
    }
    case.details(
        "keys",
        &[("key", Compliant, JULY), ("old", NonCompliant, JULY)],
    );
    let assessment = case.assess().0;
    let shown = |finding: crate::assess::Finding| {
        let shown = (
            &finding.parameters,
            &finding.weaker_parameters,
            &finding.shortfall,
        );
        (finding.id, finding.fingerprint, format!("{shown:?}"))
    };
    let rules: Vec<String> = (assessment.rules.iter())
        .filter(|row| !row.deployed.is_empty())
        .map(|row| format!("{:?}", row.deployed))
        .collect();
    let mut found: Vec<_> = assessment.findings.into_iter().map(shown).collect();
    found[0].2.extend(rules);
    found
}

proptest::proptest! {
    #[test]
    fn the_names_and_order_of_files_decide_nothing_between_undated_descriptions(
        descriptions in proptest::collection::vec(0usize..14, 1..5),
        by in 0usize..5,
    ) {
        let expected = decided(&descriptions, |n| format!("exports/rules-{n}.json"));
        let mut others = descriptions.clone();
        others.rotate_left(by % descriptions.len());
        proptest::prop_assert_eq!(&expected, &decided(&others, |n| format!("exports/{}.json", 9 - n)));
        others.reverse();
        proptest::prop_assert_eq!(&expected, &decided(&others, |n| format!("exports/a{n}.json")));
    }
}

#[test]
fn parameters_that_stand_in_a_finding_of_security_hub_are_the_deployed_ones() {
    let found = |described: Option<&str>, own: Option<&str>| {
        let mut case = Case::new();
        let rule = "securityhub-acm-certificate-expiration-check-1a2b3c4d";
        if let Some(days) = described {
            let parameters = [("daysToExpiration", days)];
            case.deployed(rule, "ACM_CERTIFICATE_EXPIRATION_CHECK", &parameters);
        }
        case.security_hub("x", "certificate", Compliant, JULY, false);
        let verdict = case.last_evaluation();
        verdict.rule = rule.into();
        let parameters = own.map(|days| [("DaysToExpiration".into(), days.into())].into());
        verdict.asff.as_mut().expect("of Security Hub").parameters = parameters;
        let assessed = case.assess();
        let finding = assessed.finding("certificate");
        let parameters = finding.parameters.clone();
        let days = parameters.and_then(|known| known.get("daysToExpiration").cloned());
        (days, finding.weaker_parameters.len(), finding.fingerprint)
    };
    let weak = found(None, Some("7"));
    assert_eq!((weak.0.as_deref(), weak.1), (Some("7"), 1));
    assert_eq!(found(Some("90"), Some("7")), weak);
    assert_eq!(found(Some("7"), None), weak);
    let strong = found(Some("7"), Some("90"));
    assert_eq!((strong.0.as_deref(), strong.1), (Some("90"), 0));
    assert_ne!(strong.2, weak.2);
    assert_eq!(found(None, None).0, None);
}

#[test]
fn of_two_findings_of_one_moment_the_one_under_weaker_parameters_counts() {
    let found = |days: [&str; 2]| {
        let mut case = Case::new();
        for (id, days) in ["x", "y"].into_iter().zip(days) {
            case.security_hub(id, "certificate", Compliant, JULY, false);
            let verdict = case.last_evaluation();
            verdict.rule = "acm-certificate-expiration-check".into();
            let parameters = [("daysToExpiration".into(), days.into())].into();
            verdict.asff.as_mut().expect("of Security Hub").parameters = Some(parameters);
        }
        let finding = case.assess().finding("certificate").clone();
        let other = finding
            .others
            .iter()
            .map(|other: &Other| (other.relation, other.parameters.clone()));
        let other: Vec<_> = other.collect();
        assert_eq!(other[0].0, Relation::Same);
        assert_ne!(other[0].1, finding.parameters, "each has its own");
        (finding.parameters.clone(), finding.fingerprint)
    };
    let forth = found(["7", "90"]);
    assert_eq!(
        forth.0,
        Some([("daysToExpiration".to_owned(), "7".to_owned())].into())
    );
    assert_eq!(found(["90", "7"]), forth);
}

/// A rule that runs on changes.
const CHANGED: &str = "encrypted-volumes";
/// From before the period.
const MAY: &str = "2026-05-01T00:00:00Z";
const JUNE: &str = "2026-06-01T00:00:00Z";

#[test]
fn a_time_that_is_only_at_least_never_acquits() {
    let result = |taken: Option<&str>, passed: &str| {
        let mut case = Case::new();
        case.details(CHANGED, &[("rtb", Compliant, passed)]);
        if let Some(taken) = taken {
            case.captured(taken);
        }
        // Until here it certainly failed; what is exported without a time may be from before.
        case.details(CHANGED, &[("rtb", NonCompliant, "2026-05-20T00:00:00Z")]);
        case.captured(JUNE);
        // Something that was seen in the period at this place.
        case.details("vpc-flow-logs-enabled", &[("vpc", Compliant, AUGUST)]);
        let assessed = case.assess();
        let finding = assessed.finding("rtb");
        (finding.status, finding.in_period)
    };
    assert_eq!(result(None, MAY), (NonCompliant, false));
    assert_eq!(
        result(Some(AUGUST), MAY),
        (Compliant, true),
        "seen in August"
    );
    let since = "2026-06-10T00:00:00Z";
    assert_eq!(result(None, since), (Compliant, true), "it passed later");
    assert_eq!(result(None, JULY), (Compliant, true));
}

#[test]
fn a_verdict_alone_holds_as_long_as_its_export_was_taken_at_least() {
    let held = |verdict: ComplianceType| {
        let mut case = Case::new();
        case.details(CHANGED, &[("rtb", verdict, MAY)]);
        case.details("vpc-flow-logs-enabled", &[("vpc", Compliant, AUGUST)]);
        case.assess().finding("rtb").in_period
    };
    assert!(held(NonCompliant));
    assert!(
        held(Compliant),
        "a resource untouched for two years is current"
    );
}

#[test]
fn what_passes_after_the_period_in_another_region_undoes_no_failure_of_a_global_rule() {
    let result = |passed: &str, verdict: ComplianceType| {
        let mut case = Case::new();
        case.details("iam-user-mfa-enabled", &[("good", Compliant, JULY)]);
        let path = format!("exports/{PROD}/us-east-1/a.json");
        let rows = [("user", NonCompliant, JULY), ("user", verdict, passed)];
        case.details_in(&path, "iam-user-mfa-enabled", &rows);
        let assessed = case.assess();
        assessed
            .0
            .findings
            .iter()
            .any(|finding| &*finding.resource_id == "user")
    };
    assert!(result("2026-10-02T00:00:00Z", Compliant));
    assert!(!result(AUGUST, Compliant));
    assert!(
        result(AUGUST, InsufficientData),
        "not evaluated is not passed"
    );
}
