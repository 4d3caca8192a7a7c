//! Which earlier descriptions of a deployed rule its verdicts may rest on. Nothing tells when
//! between two descriptions the rule was changed: verdicts from between are no better than under
//! the description that stands nearer to them.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::{Captured, ConfigRule, Evidence};
use crate::time::Moment;

use super::Subject;
use super::attributed::Attributions;
use super::page::Answers;
use super::place::{CopyKey, Deployments, Descriptions};
use super::verdict::moment_of;

/// Of all descriptions those that a later one replaced, that differ from it, and that stand as
/// near to the rule's verdicts, which are older than the later one.
pub fn nearer<'e>(
    subject: &Subject<'e>,
    deployments: &Deployments<'e>,
    (attributions, answers): (&Attributions, &Answers),
    all: Descriptions<'e>,
) -> Descriptions<'e> {
    let evidence = subject.evidence;
    let mut replaced = all;
    replaced.retain(|(account, region, name), descriptions| {
        let latest = deployments.get(account, region, name);
        descriptions.retain(|one| latest.iter().any(|latest| differ(one, latest)));
        descriptions.retain(|one| !latest.iter().any(|latest| std::ptr::eq(*one, *latest)));
        !descriptions.is_empty()
    });
    let said = said(subject, attributions, answers, &replaced);
    replaced.retain(|key, descriptions| {
        let latest = deployments.get(&key.0, &key.1, &key.2);
        let latest = latest.iter().filter_map(|one| taken(one, evidence)).max();
        let Some((said, latest)) = said.get(key).copied().zip(latest) else {
            return false;
        };
        let near = |one: Moment| said < latest && (said - one).abs() <= latest - said;
        descriptions.retain(|one| taken(one, evidence).is_some_and(near));
        !descriptions.is_empty()
    });
    replaced
}

/// Whether they describe the rule as it judges otherwise.
fn differ(one: &ConfigRule, other: &ConfigRule) -> bool {
    let judges = |rule: &ConfigRule| {
        (
            rule.owner.clone(),
            rule.source_identifier.clone(),
            rule.parameters.clone(),
            rule.state.clone(),
            rule.scope.clone(),
            rule.detective,
        )
    };
    judges(one) != judges(other)
}

fn taken(rule: &ConfigRule, evidence: &Evidence) -> Option<Moment> {
    match evidence.listing(rule.at).captured {
        Some(Captured::At(moment)) => Some(moment),
        Some(Captured::AtLeast(_)) | None => None,
    }
}

/// When the latest whole answer with verdicts of each of these rules was taken, else the latest of
/// any; where an answer does not say, when its verdicts were recorded.
fn said(
    subject: &Subject<'_>,
    attributions: &Attributions,
    answers: &Answers,
    rules: &Descriptions<'_>,
) -> BTreeMap<CopyKey, Moment> {
    let evidence = subject.evidence;
    let names: BTreeSet<&str> = rules.keys().map(|(_, _, name)| &**name).collect();
    let mut said: BTreeMap<CopyKey, (bool, Moment)> = BTreeMap::new();
    let of_these = (attributions.evaluations(subject))
        .filter(|(evaluation, _)| names.contains(&*evaluation.rule) && !evaluation.proactive);
    for (evaluation, place) in of_these {
        let at = attributions.places[place].clone();
        let moment = match evidence.listing(evaluation.at).captured {
            Some(Captured::At(moment)) => Some(moment),
            Some(Captured::AtLeast(_)) | None => moment_of(evaluation),
        };
        if let (Some(account), Some(region), Some(moment)) = (at.account, at.region, moment) {
            let whole = answers.is_whole(answers.of(evaluation.at.listing));
            let latest = said.entry((account, region, evaluation.rule.clone()));
            let latest = latest.or_insert((whole, moment));
            *latest = (*latest).max((whole, moment));
        }
    }
    let said = said.into_iter();
    said.map(|(key, (_, moment))| (key, moment)).collect()
}
