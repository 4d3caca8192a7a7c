//! What never makes a result better: less evidence, worse evidence, and the same evidence elsewhere.

use serde_json::{Value, json};

use super::World;
use super::clock::{SECOND, TO, http, iso};
use super::desk::Desk;
use super::estate::Estate;
use super::many::hold;
use super::outcome::Outcome;
use super::play::{Wrong, files};
use super::take::{Damage, Files, Saved, rows, text};
use super::verdict::managed;
use crate::assess::{Automated, ReasonKind};
use crate::catalogue::catalogue;

/// What goes wrong today, by the beginning of its kind.
const KNOWN: &[&str] = &[];

/// Looks at a world with each of its files changed in turn.
fn with_each(
    world: &World,
    what: &str,
    change: &dyn Fn(&str, &Saved) -> Option<Files>,
    worse: &dyn Fn(&Outcome, &Outcome, &Outcome, &Saved) -> Option<String>,
) -> Vec<Wrong> {
    let (estate, takes) = world;
    let files = files(estate, takes);
    let mut desk = Desk::new();
    let before = match Outcome::of(&mut desk, estate, &files) {
        Ok(before) => before,
        Err(wrong) => return vec![wrong],
    };
    let mut wrong = Vec::new();
    for (path, saved) in &files {
        let Some(changed) = change(path, saved) else {
            continue;
        };
        let mut without = files.clone();
        without.remove(path);
        let mut after = without.clone();
        after.extend(changed);
        let outcomes = [
            Outcome::of(&mut desk, estate, &after),
            Outcome::of(&mut desk, estate, &without),
        ];
        match outcomes {
            [Ok(after), Ok(without)] => {
                let how = worse(&before, &after, &without, saved);
                wrong.extend(how.map(|how| {
                    Wrong::new(
                        format!("{what}: {}", saved.operation),
                        format!("{path}: {how}"),
                    )
                }));
            }
            [Err(panics), _] | [_, Err(panics)] => wrong.push(panics),
        }
    }
    wrong
}

fn only(path: &str, saved: &Saved, bytes: Vec<u8>) -> Files {
    Files::from([(
        path.to_owned(),
        Saved {
            bytes,
            ..saved.clone()
        },
    )])
}

#[test]
fn a_token_on_any_answer_never_improves_a_result() {
    let token = |path: &str, saved: &Saved| {
        let mut answer: Value = serde_json::from_slice(&saved.bytes).ok()?;
        let delivered = saved.operation.starts_with("deliver-");
        answer
            .as_object_mut()
            .filter(|_| !delivered)?
            .insert("NextToken".into(), "x".into());
        Some(only(path, saved, text(&answer)))
    };
    let worse = |before: &Outcome, after: &Outcome, _: &Outcome, _: &Saved| {
        after
            .passes_beyond(&[before])
            .or_else(|| after.forgets(before))
    };
    hold(40, KNOWN, &|world| {
        with_each(world, "a token", &token, &worse)
    });
}

#[test]
fn a_file_that_cannot_be_read_is_never_better_than_the_file_nor_than_none() {
    let cut = |path: &str, saved: &Saved| {
        let half = saved.bytes[..saved.bytes.len() / 2].to_vec();
        Some(only(path, saved, half))
    };
    let worse = |before: &Outcome, after: &Outcome, without: &Outcome, _: &Saved| {
        after.passes_beyond(&[before, without])
    };
    hold(40, KNOWN, &|world| {
        with_each(world, "unreadable", &cut, &worse)
    });
}

#[test]
fn a_copy_of_any_file_anywhere_never_improves_a_result() {
    let look = |world: &World| {
        let (estate, _) = world;
        let folders: Vec<String> = estate
            .sites
            .iter()
            .map(|site| format!("exports/{}/{}", site.account, site.region))
            .collect();
        let folders = folders
            .into_iter()
            .chain(["exports".into(), "exports/222233334444/us-east-1".into()]);
        let mut wrong = Vec::new();
        for folder in folders {
            let copied = |path: &str, saved: &Saved| {
                let name = path.rsplit('/').next().unwrap_or_default();
                let mut both = only(path, saved, saved.bytes.clone());
                both.insert(format!("{folder}/copy-of-{name}"), saved.clone());
                Some(both)
            };
            let worse = |before: &Outcome, after: &Outcome, _: &Outcome, _: &Saved| {
                after
                    .passes_beyond(&[before])
                    .or_else(|| after.forgets(before))
            };
            wrong.extend(with_each(world, "copied", &copied, &worse));
        }
        wrong
    };
    hold(15, KNOWN, &look);
}

/// What fails, or says that less is judged, stands against a result: without it the result may be
/// better. An answer about what there is may show what nobody judged.
fn stands_against(saved: &Saved, before: &Outcome) -> bool {
    let text = String::from_utf8_lossy(&saved.bytes);
    let unjudged = before
        .told
        .values()
        .any(|told| told.contains(&format!("{:?}", ReasonKind::UnjudgedResource)));
    let details = saved.operation.starts_with("get-compliance-details")
        || saved
            .operation
            .starts_with("get-conformance-pack-compliance-details");
    saved.damage != Damage::None
        || !details
        || text.contains("NON_COMPLIANT")
        || text.contains("NextToken")
        || unjudged
        || saved.filtered.is_some()
}

#[test]
fn without_an_answer_in_which_nothing_fails_no_result_is_better() {
    let gone = |_: &str, _: &Saved| Some(Files::new());
    let worse = |before: &Outcome, after: &Outcome, _: &Outcome, saved: &Saved| {
        let better = after.passes_beyond(&[before]);
        better.filter(|_| !stands_against(saved, before))
    };
    hold(60, KNOWN, &|world| {
        with_each(world, "taken away", &gone, &worse)
    });
}

/// An answer in which a new resource fails the rule, later than all others of the period.
fn late(estate: &Estate, files: &Files, name: &str) -> Option<Files> {
    let site = estate.sites.iter().find(|site| site.in_scope)?;
    let known = site.rules.iter().find(|rule| rule.name == name);
    let last = files
        .values()
        .map(|saved| saved.time)
        .max()
        .unwrap_or(estate.now);
    let time = last + 60 * SECOND;
    if time >= TO - 60 * SECOND || known.is_some_and(|rule| !rule.tells()) {
        return None;
    }
    let rule = managed(name);
    let of_account = rule.resource_types.is_empty();
    let kind = rule
        .resource_types
        .first()
        .map_or("AWS::::Account", String::as_str);
    let row = json!({
        "EvaluationResultIdentifier": {
            "EvaluationResultQualifier": {
                "ConfigRuleName": name,
                "ResourceType": kind,
                "ResourceId": if of_account || kind == "AWS::::Account" { site.account } else { "late-1" },
            },
            "OrderingTimestamp": iso(time),
        },
        "ComplianceType": "NON_COMPLIANT",
        "ResultRecordedTime": iso(time),
        "ConfigRuleInvokedTime": iso(time),
    });
    let mut answer = json!({"EvaluationResults": [row]});
    if rows(&mut answer).is_some() && estate.dated {
        answer["ResponseMetadata"] = json!({"HTTPHeaders": {"date": http(time + SECOND)}});
    }
    let saved = Saved {
        bytes: text(&answer),
        time,
        account: site.account,
        region: site.region,
        operation: "get-compliance-details-by-config-rule".into(),
        filtered: None,
        damage: Damage::None,
    };
    let path = format!(
        "exports/{}/{}/latest-of-all.json",
        site.account, site.region
    );
    Some(Files::from([(path, saved)]))
}

#[test]
fn a_failure_that_is_the_latest_of_the_period_makes_its_controls_non_compliant() {
    let look = |(estate, takes): &World| {
        let before = files(estate, takes);
        let mut desk = Desk::new();
        let names = [
            "iam-password-policy",
            "no-unrestricted-route-to-igw",
            "ec2-volume-inuse-check",
            "root-account-mfa-enabled",
            "codebuild-project-envvar-awscred-check",
        ];
        let mut wrong = Vec::new();
        for name in names {
            let Some(late) = late(estate, &before, name) else {
                continue;
            };
            let mut after = before.clone();
            after.extend(late);
            let outcome = match Outcome::of(&mut desk, estate, &after) {
                Ok(outcome) => outcome,
                Err(panics) => {
                    wrong.push(panics);
                    continue;
                }
            };
            for control in catalogue().controls_of(name) {
                let result = outcome.results.get(&control.to_string());
                if result.is_some_and(|result| *result != Automated::NonCompliant) {
                    wrong.push(Wrong::new(
                        "a late failure",
                        format!("{control} {name} is {result:?}"),
                    ));
                }
            }
        }
        wrong
    };
    hold(60, KNOWN, &look);
}
