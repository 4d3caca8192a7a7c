//! Which answers that seem whole may be the last page of one that was cut off: that one holds what
//! they lack.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::{Captured, Evidence, ListingKind, Origin};
use crate::time::Moment;

use super::Subject;
use super::page::{Answer, AnswerIndex, Answers};
use super::verdict::{Verdict, Verdicts};

/// An answer, and the index of a deployed rule of which it may not tell everything.
pub type Doubt = (AnswerIndex, usize);

type Resources<'v> = BTreeSet<(&'v str, &'v str)>;
type Held<'v> = BTreeMap<AnswerIndex, Resources<'v>>;

/// All doubts. Of two answers whose order is unknown neither is known to be the earlier; an answer
/// that was certainly taken after the one that was cut off stands.
pub fn doubts(subject: &Subject<'_>, placed: &Verdicts<'_>, answers: &Answers) -> BTreeSet<Doubt> {
    let evidence = subject.evidence;
    let mut found = BTreeSet::new();
    let mut of_pack = BTreeSet::new();
    for (copy, held) in held(evidence, placed, answers) {
        for (whole, cut) in pairs(&held, answers) {
            let (one, other) = (answers.get(whole), answers.get(cut));
            if held[&cut].is_subset(&held[&whole]) || is_later(one, other, subject) {
                continue;
            }
            found.insert((whole, copy));
            if is_of_one_pack(one, other, evidence) {
                of_pack.insert(whole);
            }
        }
    }
    let seen = placed.counted.iter();
    let seen = seen.map(|verdict| {
        (
            answers.of(verdict.evaluation.at.listing),
            verdict.copy.index,
        )
    });
    found.extend(seen.filter(|(answer, _)| of_pack.contains(answer)));
    found
}

/// What the answers hold of each deployed rule of which one was cut off.
fn held<'v>(
    evidence: &Evidence,
    placed: &'v Verdicts<'_>,
    answers: &Answers,
) -> BTreeMap<usize, Held<'v>> {
    let is_answer = |verdict: &&Verdict<'_>| {
        verdict.evaluation.origin == Origin::Evaluation
            && evidence.listing(verdict.evaluation.at).kind == ListingKind::Answer
    };
    let verdicts = || placed.counted.iter().filter(is_answer);
    let mut held: BTreeMap<usize, Held<'v>> = verdicts()
        .filter(|verdict| !answers.has_last_page(verdict.evaluation.at.listing))
        .map(|verdict| (verdict.copy.index, Held::new()))
        .collect();
    if held.is_empty() {
        return held;
    }
    for verdict in verdicts() {
        if let Some(held) = held.get_mut(&verdict.copy.index) {
            let evaluation = verdict.evaluation;
            let resource = (&*evaluation.resource_type, &*evaluation.resource_id);
            let answer = answers.of(evaluation.at.listing);
            held.entry(answer).or_default().insert(resource);
        }
    }
    held
}

/// Each answer that seems whole with each that was cut off.
fn pairs(held: &Held<'_>, answers: &Answers) -> Vec<(AnswerIndex, AnswerIndex)> {
    let whole = held.keys().filter(|answer| answers.is_whole(**answer));
    let cut = || held.keys().filter(|answer| !answers.get(**answer).whole);
    whole
        .flat_map(|whole| cut().map(|cut| (*whole, *cut)))
        .collect()
}

/// Whether all of one answer was taken after all of the other; both must say when.
fn is_later(one: &Answer, other: &Answer, subject: &Subject<'_>) -> bool {
    let taken = |answer: &Answer| -> Option<Vec<Moment>> {
        let listings = answer.listings.iter();
        let taken = listings.map(|listing| match subject.captured(*listing) {
            Some(Captured::At(moment)) => Some(moment),
            Some(Captured::AtLeast(_)) | None => None,
        });
        taken.collect()
    };
    let (Some(one), Some(other)) = (taken(one), taken(other)) else {
        return false;
    };
    one.iter().min() > other.iter().max()
}

/// Whether both may be pages of one pack's answer: then no rule of it is told whole.
fn is_of_one_pack(one: &Answer, other: &Answer, evidence: &Evidence) -> bool {
    let first = |answer: &Answer| &evidence.listings[answer.listings[0].0 as usize];
    let (one, other) = (first(one), first(other));
    one.pack.is_some() && one.pack == other.pack && one.operation == other.operation
}
