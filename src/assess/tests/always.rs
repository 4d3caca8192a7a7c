//! What holds in every case, hand-made or not: above all that nothing which was not seen is
//! compliant.

use std::collections::BTreeMap;

use proptest::collection::vec;

use super::case::*;
use crate::assess::{Assessment, Automated, ControlRow, Finding, ReasonKind, Seen, SeenAt};
use crate::decision::DecisionKind;
use crate::evidence::{ComplianceType, Recorded, Scope};

/// Looks at the whole assessment.
pub fn holds(assessment: &Assessment) {
    adds_up(assessment);
    let mut findings: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in &assessment.findings {
        findings.entry(&finding.rule).or_default().push(finding);
    }
    let seen = assessment.rules.iter();
    let seen = seen.map(|row| (row.rule.as_str(), row.seen.as_slice()));
    let seen: BTreeMap<&str, &[SeenAt]> = seen.collect();
    for row in &assessment.controls {
        let rules = || row.rules.iter().map(String::as_str);
        let of_control = rules().flat_map(|rule| findings.get(rule).into_iter().flatten());
        let places = rules().flat_map(|rule| seen[rule]);
        is_founded(row, &of_control.copied().collect::<Vec<_>>(), places);
    }
}

fn adds_up(assessment: &Assessment) {
    let all = assessment.reconciliation.evaluation_results;
    let sum = all.findings + all.duplicates + all.contradictions + all.gone + all.out_of_scope;
    let sum = sum + all.unattributed + all.proactive + all.unmapped + all.rejected + all.internal;
    assert_eq!(
        sum, all.read,
        "every record read is in exactly one place: {all:?}"
    );
    let mapped = assessment
        .findings
        .iter()
        .filter(|finding| !finding.controls.is_empty());
    assert_eq!(mapped.count() as u64, all.findings);
    let followed = assessment.findings.iter().chain(&assessment.gone);
    let followed: u64 = followed.map(|f| 1 + f.others.len() as u64).sum();
    assert_eq!(
        followed,
        all.findings + all.duplicates + all.contradictions + all.gone + all.unmapped,
        "every verdict can be followed from a finding"
    );
    let items = assessment.reconciliation.configuration_items;
    let sum = items.assets + items.older + items.deleted + items.compliance_items;
    let sum = sum + items.out_of_scope + items.unattributed + items.rejected;
    assert_eq!(sum, items.read, "so is every item: {items:?}");
}

/// Whether the control's result is what its findings, and what was seen, bear out.
fn is_founded<'a>(
    row: &ControlRow,
    findings: &[&Finding],
    mut places: impl Iterator<Item = &'a SeenAt>,
) {
    let Some(result) = &row.result else {
        return;
    };
    let excepted = |finding: &Finding| finding.is_excepted(Some(row.id));
    let fails = |finding: &&&Finding| finding.in_period && finding.status == NonCompliant;
    let failing: Vec<_> = findings.iter().filter(fails).collect();
    let all_seen = places.all(|at| matches!(at.state, Seen::Seen | Seen::CheckedNone));
    let proven = findings.iter().all(|finding| {
        finding.in_period
            && finding.status != InsufficientData
            && (finding.status != Compliant
                || finding.weaker_parameters.is_empty() && finding.unknown_parameters.is_empty())
    });
    let any = |status| findings.iter().any(|finding| finding.status == status);
    let open = |kind| !matches!(kind, ReasonKind::NonCompliant | ReasonKind::Excepted);
    let open = result.reasons.iter().any(|reason| open(reason.reason));
    let unexcepted = failing.iter().any(|finding| !excepted(finding));
    let founded = match result.automated {
        Automated::NotCovered => row.rules.is_empty(),
        Automated::NonCompliant => !failing.is_empty(),
        Automated::Incomplete => open && !unexcepted,
        Automated::Excepted => all_seen && proven && !failing.is_empty() && !unexcepted,
        Automated::Compliant => all_seen && proven && failing.is_empty() && any(Compliant),
        Automated::NothingToCheck => {
            all_seen && proven && failing.is_empty() && !any(Compliant) && !row.rules.is_empty()
        }
    };
    assert!(founded, "{} {result:?} {findings:?}", row.id);
    for reason in &result.reasons {
        assert!(
            !reason.rule.is_empty()
                && !reason.at.account.is_empty()
                && !reason.at.region.is_empty(),
            "{reason:?}"
        );
    }
}

const RULES: [&str; 6] = [
    "vpc-flow-logs-enabled",
    "encrypted-volumes",
    "no-unrestricted-route-to-igw",
    "iam-password-policy",
    "encrypted-volumes-conformance-pack-abc123def",
    "our-own-check",
];
const IDENTIFIERS: [&str; 6] = [
    "VPC_FLOW_LOGS_ENABLED",
    "ENCRYPTED_VOLUMES",
    "NO_UNRESTRICTED_ROUTE_TO_IGW",
    "IAM_PASSWORD_POLICY",
    "ENCRYPTED_VOLUMES",
    "OWN_CHECK",
];
const TIMES: [&str; 6] = [
    "2026-06-01T00:00:00Z",
    JULY,
    AUGUST,
    SEPTEMBER,
    "2026-10-03T00:00:00Z",
    "2026-08-01 00:00:00",
];
const RESOURCES: [&str; 3] = ["a", "b", PROD];

/// Something that is exported or decided: what, then of which rule, resource, verdict and time.
type Step = (u8, usize, usize, usize, usize);

fn add(case: &mut Case, (what, rule, resource, verdict, time): Step) {
    let (name, id, at) = (RULES[rule], RESOURCES[resource], TIMES[time]);
    let verdict = ComplianceType::ALL[verdict];
    let other = ComplianceType::ALL[(resource + time) % 4];
    match what {
        0 | 1 => {
            case.details(name, &[(id, verdict, at), ("c", other, at)]);
        }
        2 => {
            case.details(name, &[(id, verdict, at)]).next_token();
        }
        3 => {
            case.details_in("exports/d.json", name, &[(id, verdict, at)]);
        }
        4 => {
            case.item(id, "ResourceDeleted", at);
        }
        5 => {
            case.rule_level(name, verdict, Some((1, resource == 0)));
        }
        6 => {
            case.empty_details(name).status(name, at, None);
        }
        7 => {
            case.recorder(Recorded::All(true), resource != 0);
            case.item("other", "OK", at);
        }
        8 => {
            case.notified(name, id, verdict);
        }
        9 => {
            case.recorded(name, id, verdict, at);
        }
        10 => {
            case.rejected(&Case::here("broken.json"), 2);
        }
        11 => {
            case.deployed(name, IDENTIFIERS[rule], &[]);
            let described = case.evidence.config_rules.last_mut().expect("a rule");
            described.scope = Scope {
                tag_key: (resource == 0).then(|| "Env".into()),
                ..Scope::default()
            };
        }
        12 => {
            let exception = case.decision(DecisionKind::Exception);
            exception.rule = Some(name.into());
            exception.resource_id = (resource == 0).then(|| id.into());
        }
        13 => {
            case.status(name, at, Some(TIMES[verdict as usize]));
        }
        14 => {
            let path = format!("exports/{PROD}/us-east-1/d.json");
            case.details_in(&path, name, &[(id, verdict, at)]);
        }
        _ => {
            case.details(name, &[(id, verdict, at)]);
            case.last_evaluation().proactive = true;
        }
    }
    // No answer was taken before what it tells of.
    let taken = TIMES[((resource + verdict as usize) % 5)
        .max(time % 5)
        .max(verdict as usize)];
    let lists = !matches!(what, 10 | 12);
    if lists && resource == 2 {
        case.captured(taken);
    }
}

proptest::proptest! {
    #[test]
    fn whatever_is_exported_results_are_founded_and_the_numbers_add_up(
        steps in vec((0u8..16, 0usize..6, 0usize..3, 0usize..4, 0usize..6), 0..14)
    ) {
        let mut case = Case::new();
        for step in steps {
            add(&mut case, step);
        }
        // Every case is looked at by `holds`.
        case.assess();
        case.decisions.clear();
        case.security_hub("x", "fails", NonCompliant, JULY, false);
        let assessed = case.assess();
        proptest::prop_assert_eq!(assessed.control("2.6").automated, Automated::NonCompliant);
    }

    #[test]
    fn results_are_the_same_in_whatever_order_the_exports_are_read(
        steps in vec((0u8..16, 0usize..6, 0usize..3, 0usize..4, 0usize..6), 0..10)
    ) {
        let concluded = |steps: &mut dyn Iterator<Item = &Step>| {
            let mut case = Case::new();
            for step in steps {
                add(&mut case, *step);
            }
            let assessment = case.assess().0;
            let results = assessment.controls.into_iter().filter_map(|row| row.result);
            let results = results.filter(|result| result.automated != Automated::NotCovered);
            let results: Vec<_> = results.map(|r| (r.automated, r.counts, r.reasons)).collect();
            let findings = assessment.findings.into_iter();
            let findings = findings.map(|f| (f.id, f.status, f.in_period));
            let mut findings: Vec<_> = findings.collect();
            findings.sort();
            let seen: Vec<_> = assessment.rules.into_iter().map(|row| row.seen).collect();
            (results, findings, seen)
        };
        let (forth, back) = (concluded(&mut steps.iter()), concluded(&mut steps.iter().rev()));
        proptest::prop_assert_eq!(forth, back);
    }
}
