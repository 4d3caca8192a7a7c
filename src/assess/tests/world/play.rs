//! A person who follows every suggestion: runs each command, saves its answer where it says, and
//! reads again, until nothing new is suggested.

use std::collections::BTreeSet;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::clock::{SECOND, Time};
use super::desk::Desk;
use super::estate::Estate;
use super::request::Request;
use super::take::{Damage, Files, Saved, Take, text};
use super::truth::Truth;
use crate::assess::tests::assessed::Assessed;
use crate::assess::{Automated, Gap, GapKind, ReasonKind};
use crate::evidence::Evidence;

/// Nobody follows suggestions for so long.
const ROUNDS: usize = 12;

/// What went wrong: its kind, and what shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub kind: String,
    pub shown: String,
}

impl Wrong {
    pub fn new(kind: impl Into<String>, shown: impl fmt::Display) -> Self {
        Self {
            kind: kind.into(),
            shown: shown.to_string(),
        }
    }
}

/// The files with which an estate's people begin.
pub fn files(estate: &Estate, takes: &[Take]) -> Files {
    let mut files = Files::new();
    for take in takes {
        take.save(estate, &mut files);
    }
    files
}

/// The whole play, and all that goes wrong in it; the files at its end are left in `files`.
pub fn play(estate: &Estate, files: &mut Files) -> Vec<Wrong> {
    let mut desk = Desk::new();
    let (mut asked, mut wrong) = (BTreeSet::new(), Vec::new());
    let mut clock = estate.now;
    for _ in 0..ROUNDS {
        let (assessed, evidence) = match conclude(&mut desk, estate, files) {
            Ok(concluded) => concluded,
            Err(panics) => {
                wrong.push(panics);
                return wrong;
            }
        };
        wrong.extend(unsound(&Truth::new(estate, files), &assessed));
        let mut is_new = |gap: &&Gap| asked.insert((gap.at.account.clone(), asks(gap).to_owned()));
        let new: Vec<&Gap> = suggested(&assessed).filter(&mut is_new).collect();
        for gap in &new {
            clock += SECOND;
            if let Err(refused) = follow(estate, gap, clock, files)
                && !remove_copied(gap, &evidence, files)
            {
                wrong.push(refused);
            }
        }
        if new.is_empty() && !remove(&assessed, &evidence, files) {
            wrong.extend(ended(&Truth::new(estate, files), &assessed, clock));
            return wrong;
        }
    }
    wrong.push(Wrong::new("endless", "suggestions go on and on"));
    wrong
}

/// Reads and assesses; an assertion that fails within is wrong, too.
pub fn conclude(
    desk: &mut Desk,
    estate: &Estate,
    files: &Files,
) -> Result<(Assessed, Evidence), Wrong> {
    let concluded = catch_unwind(AssertUnwindSafe(|| desk.assess(estate, files)));
    concluded.map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
        let text = text.unwrap_or_default();
        Wrong::new(
            format!("panics: {}", text.chars().take(40).collect::<String>()),
            text,
        )
    })
}

/// No state may say that nothing fails where something does, nor the other way about.
fn unsound(truth: &Truth<'_>, assessed: &Assessed) -> Vec<Wrong> {
    let results = assessed.0.controls.iter();
    let results = results.filter_map(|row| Some((row, row.result.as_ref()?.automated)));
    let wrong = results.filter_map(|(row, result)| {
        if let Some(failing) = truth.acquitted(row, result) {
            let kind = format!("acquitted: {}", word(result));
            return Some(Wrong::new(kind, format!("{}: {failing}", row.id)));
        }
        let why = truth.convicted(row, result)?;
        Some(Wrong::new("convicted", format!("{}: {why}", row.id)))
    });
    wrong.collect()
}

pub fn word(result: Automated) -> &'static str {
    match result {
        Automated::NonCompliant => "non_compliant",
        Automated::Incomplete => "incomplete",
        Automated::Excepted => "excepted",
        Automated::Compliant => "compliant",
        Automated::NothingToCheck => "nothing_to_check",
        Automated::NotCovered => "not_covered",
    }
}

fn suggested(assessed: &Assessed) -> impl Iterator<Item = &Gap> {
    assessed
        .0
        .gaps
        .iter()
        .filter(|gap| !gap.at.command.is_empty())
}

/// What the command asks for, wherever the answer is saved: the next time that is another file.
pub fn asks(gap: &Gap) -> &str {
    gap.at.command.split(" > ").next().unwrap_or_default()
}

/// Runs one command in its account and saves the answer.
fn follow(estate: &Estate, gap: &Gap, time: Time, files: &mut Files) -> Result<(), Wrong> {
    let refused = |why: String| {
        let operation = gap.at.command.split(' ').nth(2).unwrap_or_default();
        let kind = format!("unanswerable: {:?} {operation}", gap.kind);
        Wrong::new(
            kind,
            format!("{}: {why}\n{}", gap.at.account, gap.at.command),
        )
    };
    let request = Request::parse(&gap.at.command).map_err(refused)?;
    let first = estate
        .sites
        .iter()
        .find(|site| site.in_scope)
        .expect("something is in scope");
    let account = if gap.at.account.is_empty() {
        first.account
    } else {
        &gap.at.account
    };
    let region = request.one("region").unwrap_or(first.region);
    let site = estate
        .site(account, region)
        .ok_or_else(|| refused("no such place".into()))?;
    let answer = estate
        .call(account, &request, time)
        .map_err(|why| refused(why.0))?;
    let path = request
        .file
        .clone()
        .unwrap_or_else(|| named(&request, account, region));
    if !path.starts_with("exports/") {
        return Err(refused(format!("its answer is saved as {path}")));
    }
    let saved = Saved {
        bytes: text(&answer),
        time,
        account: site.account,
        region: site.region,
        operation: request.operation.clone(),
        filtered: request.all("compliance-types").first().cloned(),
        damage: Damage::None,
    };
    files.insert(path, saved);
    Ok(())
}

/// AWS does not know a rule that a file names which lies in the wrong folder: people remove the file that
/// the gap names.
fn remove_copied(gap: &Gap, evidence: &Evidence, files: &mut Files) -> bool {
    let mut inputs = evidence.inputs.iter();
    let named = inputs.find(|input| input.id.as_ref() == Some(&gap.at.input));
    let Some(path) = named.map(|input| &input.path) else {
        return false;
    };
    let copied = files
        .get(path)
        .is_some_and(|saved| matches!(saved.damage, Damage::Copied(..)));
    copied && files.remove(path).is_some()
}

/// A name for an answer of which the command does not say where it is saved.
fn named(request: &Request, account: &str, region: &str) -> String {
    let of = request
        .one("config-rule-name")
        .or(request.one("conformance-pack-name"));
    let of = of
        .or(request.one("config-rule-names"))
        .or(request.one("resource-id"));
    let name = match of {
        Some(name) if request.operation == "get-compliance-details-by-config-rule" => {
            name.to_owned()
        }
        Some(name) => format!("{}-{name}", request.operation),
        None => request.operation.clone(),
    };
    format!("exports/{account}/{region}/{name}.json")
}

/// Where no command helps, people remove the file that they are told to, or a damaged one that is
/// named as the one at fault.
fn remove(assessed: &Assessed, evidence: &Evidence, files: &mut Files) -> bool {
    let gaps = || assessed.0.gaps.iter();
    let named: BTreeSet<&str> = gaps().map(|gap| gap.at.input.as_str()).collect();
    let before = files.len();
    for gap in gaps() {
        files.remove(&gap.at.remove);
    }
    for input in &evidence.inputs {
        let is_named = input.id.as_deref().is_some_and(|id| named.contains(id));
        let damaged = |saved: &Saved| !matches!(saved.damage, Damage::None | Damage::Paged(_));
        if is_named && files.get(&input.path).is_some_and(damaged) {
            files.remove(&input.path);
        }
    }
    files.len() < before
}

/// What people have to change in AWS before the command tells anything new: it stays.
const WAITING: [GapKind; 5] = [
    GapKind::NotDeployed,
    GapKind::NarrowedScope,
    GapKind::RuleNotActive,
    GapKind::NotRecorded,
    GapKind::OutsidePeriod,
];

/// So does what asks whether a rule ran that AWS cannot evaluate, or has not yet run.
fn waits(gap: &Gap, estate: &Estate, now: Time) -> bool {
    let asks_status = asks(gap).contains(" describe-config-rule-evaluation-status ");
    let sites = estate.sites.iter().filter(|site| {
        site.account == gap.at.account
            && (gap.at.region == "global" || site.region == gap.at.region)
    });
    let mut rules = sites.flat_map(|site| &site.rules);
    let waits = rules.any(|rule| {
        let broken = rule.broken.is_some_and(|broken| broken <= now);
        rule.managed == gap.rule && (broken || rule.last_run(now).is_none())
    });
    WAITING.contains(&gap.kind) || asks_status && waits
}

/// What must hold once nothing new is suggested.
fn ended(truth: &Truth<'_>, assessed: &Assessed, now: Time) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    for row in &assessed.0.controls {
        let Some(result) = &row.result else { continue };
        let expected = truth.expects(row);
        let Some(expected) = expected.filter(|expected| *expected != result.automated) else {
            continue;
        };
        let open = result.reasons.iter().map(|reason| reason.reason);
        let open = open.filter(|reason| *reason != ReasonKind::NonCompliant);
        let open: BTreeSet<String> = open.map(|reason| format!("{reason:?}")).collect();
        let open: Vec<String> = open.into_iter().collect();
        let kind = format!(
            "ends {} instead of {}: {}",
            word(result.automated),
            word(expected),
            open.join(" ")
        );
        wrong.push(Wrong::new(
            kind,
            format!("{}: {:?}", row.id, result.reasons),
        ));
    }
    let open = suggested(assessed).filter(|gap| !waits(gap, truth.estate, now));
    wrong.extend(open.map(|gap| {
        let operation = gap.at.command.split(' ').nth(2).unwrap_or_default();
        Wrong::new(
            format!("unfilled: {:?} {operation}", gap.kind),
            format!("{gap:?}"),
        )
    }));
    wrong
}
