//! What one deployed rule says of one resource now: the verdict that counts, and those that
//! disagree with it.

use std::cmp::{Ordering, Reverse};

use crate::evidence::{Captured, Origin};
use crate::time::Moment;

use super::Subject;
use super::gone::Gone;
use super::model::Relation;
use super::verdict::{Hold, Verdict};

/// One deployed copy's word on one resource.
pub struct Current<'v, 's> {
    /// The verdict that counts.
    pub verdict: &'v Verdict<'s>,
    /// Whether its resource is gone, or its source has put it away.
    pub gone: bool,
    /// All its other verdicts, and why they do not count.
    pub others: Vec<(&'v Verdict<'s>, Relation)>,
}

impl<'v, 's> Current<'v, 's> {
    /// The latest verdict that holds in the period, else the latest of all. A verdict whose time
    /// is unknown can be neither earlier nor later, and neither can those of one moment: between
    /// them the worst wins.
    pub fn of(copy: &[&'v Verdict<'s>], gone: &Gone<'_>, subject: &Subject<'_>) -> Self {
        let candidates = in_period(&not_put_away(copy), subject);
        let (recorded, told): (Vec<_>, Vec<_>) = candidates
            .iter()
            .copied()
            .partition(|verdict| verdict.evaluation.origin == Origin::ResourceCompliance);
        let latest = |candidates: &[_]| latest(candidates, subject);
        let (verdict, against) = match (latest(&told), latest(&recorded)) {
            (Some(told), Some(recorded)) => merge(told, recorded, subject),
            (one, other) => one.or(other).expect("a copy has a verdict"),
        };
        let others = copy.iter().filter(|other| !std::ptr::eq(**other, verdict));
        let others = others.map(|other| {
            let contradicts = against.iter().any(|one| std::ptr::eq(*one, *other));
            let relation = if contradicts {
                Relation::Contradiction
            } else {
                relation(other, verdict)
            };
            (*other, relation)
        });
        Self {
            verdict,
            gone: gone.is_gone(verdict),
            others: others.collect(),
        }
    }

    /// How many records stand behind it.
    pub fn records(&self) -> u64 {
        1 + self.others.len() as u64
    }

    /// How many of them contradict it.
    pub fn contradictions(&self) -> u64 {
        let others = self.others.iter();
        let against = others.filter(|(_, relation)| *relation == Relation::Contradiction);
        against.count() as u64
    }
}

/// Why a verdict does not count that does not contradict the one that does.
fn relation(other: &Verdict<'_>, counts: &Verdict<'_>) -> Relation {
    if other.evaluation.is_archived() {
        return Relation::Gone;
    }
    let order = other.moment().zip(counts.moment());
    let order = order.map(|(one, other)| one.cmp(&other));
    let agrees = other.evaluation.compliance == counts.evaluation.compliance;
    match order {
        Some(Ordering::Greater) => Relation::Later,
        Some(Ordering::Equal) | None if agrees => Relation::Same,
        _ => Relation::Older,
    }
}

type Word<'v, 's> = (&'v Verdict<'s>, Vec<&'v Verdict<'s>>);

/// A finding that Security Hub has archived takes back what the same finding said before; what
/// another standard's finding on the same rule says stands.
fn not_put_away<'v, 's>(copy: &[&'v Verdict<'s>]) -> Vec<&'v Verdict<'s>> {
    let put_away = |verdict: &Verdict<'s>| {
        let taken_back = |other: &&Verdict<'s>| {
            let order = other.moment().zip(verdict.moment());
            other.evaluation.is_archived()
                && (other.hold != Hold::Outside || verdict.hold != Hold::InPeriod)
                && other.evaluation.finding() == verdict.evaluation.finding()
                && order.is_some_and(|(archived, said)| archived > said)
        };
        verdict.evaluation.is_archived() || copy.iter().any(taken_back)
    };
    let standing: Vec<_> = copy.iter().copied().filter(|v| !put_away(v)).collect();
    if standing.is_empty() {
        copy.iter()
            .copied()
            .filter(|verdict| verdict.evaluation.is_archived())
            .collect()
    } else {
        standing
    }
}

/// Those that hold in the period, if any does. What passes there only by a lower bound of when its
/// export was taken ends no failure: one from before the end of the period stands beside it.
fn in_period<'v, 's>(copy: &[&'v Verdict<'s>], subject: &Subject<'_>) -> Vec<&'v Verdict<'s>> {
    let holds = |verdict: &&&Verdict<'s>| verdict.hold == Hold::InPeriod;
    let certainly =
        |verdict: &Verdict<'s>| verdict.fails() || !verdict.holds_by_lower_bound(subject);
    let any = copy.iter().any(|verdict| holds(&verdict));
    let certain = copy.iter().filter(holds).any(|verdict| certainly(verdict));
    let end = subject.engagement.period.to;
    let stands = |verdict: &Verdict<'s>| {
        let before = verdict.moment().is_some_and(|moment| moment < end);
        !certain && verdict.fails() && before
    };
    let fits = |verdict: &&Verdict<'s>| !any || verdict.hold != Hold::Outside || stands(verdict);
    copy.iter().copied().filter(fits).collect()
}

/// The worst of the latest, and those of the same time that say otherwise.
fn latest<'v, 's>(candidates: &[&'v Verdict<'s>], subject: &Subject<'_>) -> Option<Word<'v, 's>> {
    let latest = candidates
        .iter()
        .filter_map(|verdict| verdict.moment())
        .max();
    let current = candidates
        .iter()
        .copied()
        .filter(|verdict| verdict.moment().is_none() || verdict.moment() == latest);
    let worst = current
        .clone()
        .max_by_key(|verdict| badness(verdict, subject))?;
    let otherwise =
        |verdict: &&Verdict<'s>| verdict.evaluation.compliance != worst.evaluation.compliance;
    Some((worst, current.filter(otherwise).collect()))
}

/// Of equally bad ones that which is best known to hold in the period, then the one that proves
/// less; where it was read decides only between those that say the same.
fn badness<'s>(verdict: &Verdict<'s>, subject: &Subject<'_>) -> impl Ord + use<'s> {
    let evaluation = verdict.evaluation;
    (
        evaluation.compliance,
        verdict.hold != Hold::Outside,
        verdict.hold == Hold::InPeriod,
        verdict.doubtful_parameters(subject),
        verdict.own_parameters(),
        evaluation.annotation.as_deref(),
        Reverse(evaluation.at),
    )
}

/// Where a recorded item and an evaluation disagree, the later capture wins: the item's own, and
/// that of the evaluation's export. Which is later must be certain, else the worse wins.
fn merge<'v, 's>(
    told: Word<'v, 's>,
    recorded: Word<'v, 's>,
    subject: &Subject<'_>,
) -> Word<'v, 's> {
    let (one, other) = (told.0, recorded.0);
    let mut against: Vec<_> = told.1.into_iter().chain(recorded.1).collect();
    let order = match captured_after(one, other.moment(), subject) {
        Ordering::Equal => one.evaluation.compliance.cmp(&other.evaluation.compliance),
        order => order,
    };
    let (winner, loser) = if order == Ordering::Less {
        (other, one)
    } else {
        (one, other)
    };
    against.push(loser);
    against.retain(|verdict| verdict.evaluation.compliance != winner.evaluation.compliance);
    (winner, against)
}

fn captured_after(told: &Verdict<'_>, item: Option<Moment>, subject: &Subject<'_>) -> Ordering {
    let Some(item) = item else {
        return Ordering::Equal;
    };
    if let Some(Captured::At(taken)) = subject.captured(told.evaluation.at.listing) {
        return taken.cmp(&item);
    }
    // An evaluation that was recorded after the item was captured is certainly the later one.
    if told.moment() > Some(item) {
        Ordering::Greater
    } else {
        Ordering::Equal
    }
}
