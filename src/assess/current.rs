//! What one deployed rule says of one resource now: the verdict that counts, and those that
//! disagree with it.

use std::cmp::{Ordering, Reverse};

use crate::evidence::{Captured, Evidence, Origin};
use crate::time::Moment;

use super::gone::Gone;
use super::verdict::{Hold, Verdict};

/// One deployed copy's word on one resource.
pub struct Current<'v, 's> {
    /// The verdict that counts.
    pub verdict: &'v Verdict<'s>,
    /// Whether its resource is gone, or its source has put it away.
    pub gone: bool,
    /// Equal and older verdicts.
    pub duplicates: u64,
    /// Verdicts that are not older and say otherwise.
    pub against: Vec<&'v Verdict<'s>>,
}

impl<'v, 's> Current<'v, 's> {
    /// The latest verdict that holds in the period, else the latest of all. A verdict whose time
    /// is unknown can be neither earlier nor later, and neither can those of one moment: between
    /// them the worst wins.
    pub fn of(copy: &[&'v Verdict<'s>], gone: &Gone<'_>, evidence: &Evidence) -> Self {
        let candidates = in_period(&not_put_away(copy));
        let (recorded, told): (Vec<_>, Vec<_>) = candidates
            .iter()
            .copied()
            .partition(|verdict| verdict.evaluation.origin == Origin::ResourceCompliance);
        let (verdict, against) = match (latest(&told), latest(&recorded)) {
            (Some(told), Some(recorded)) => merge(told, recorded, evidence),
            (one, other) => one.or(other).expect("a copy has a verdict"),
        };
        Self {
            verdict,
            gone: gone.is_gone(verdict),
            duplicates: copy.len() as u64 - 1 - against.len() as u64,
            against,
        }
    }

    /// How many records stand behind it.
    pub fn records(&self) -> u64 {
        1 + self.duplicates + self.against.len() as u64
    }
}

type Word<'v, 's> = (&'v Verdict<'s>, Vec<&'v Verdict<'s>>);

/// A finding that Security Hub has archived takes back what the same finding said before; what
/// another standard's finding on the same rule says stands.
fn not_put_away<'v, 's>(copy: &[&'v Verdict<'s>]) -> Vec<&'v Verdict<'s>> {
    let put_away = |verdict: &Verdict<'s>| {
        copy.iter().any(|other| {
            other.evaluation.is_archived()
                && other.evaluation.finding() == verdict.evaluation.finding()
                && other.moment() >= verdict.moment()
        })
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

fn in_period<'v, 's>(copy: &[&'v Verdict<'s>]) -> Vec<&'v Verdict<'s>> {
    let any = copy.iter().any(|verdict| verdict.hold == Hold::InPeriod);
    let fits = |verdict: &&Verdict<'s>| !any || verdict.hold != Hold::Outside;
    copy.iter().copied().filter(fits).collect()
}

/// The worst of the latest, and those of the same time that say otherwise.
fn latest<'v, 's>(candidates: &[&'v Verdict<'s>]) -> Option<Word<'v, 's>> {
    let latest = candidates
        .iter()
        .filter_map(|verdict| verdict.moment())
        .max();
    let current = candidates
        .iter()
        .copied()
        .filter(|verdict| verdict.moment().is_none() || verdict.moment() == latest);
    let worst = current.clone().max_by_key(|verdict| badness(verdict))?;
    let otherwise =
        |verdict: &&Verdict<'s>| verdict.evaluation.compliance != worst.evaluation.compliance;
    Some((worst, current.filter(otherwise).collect()))
}

fn badness(verdict: &Verdict<'_>) -> impl Ord + use<> {
    (
        verdict.evaluation.compliance,
        Reverse(verdict.evaluation.at),
    )
}

/// Where a recorded item and an evaluation disagree, the later capture wins: the item's own, and
/// that of the evaluation's export. Which is later must be certain, else the worse wins.
fn merge<'v, 's>(told: Word<'v, 's>, recorded: Word<'v, 's>, evidence: &Evidence) -> Word<'v, 's> {
    let (one, other) = (told.0, recorded.0);
    let mut against: Vec<_> = told.1.into_iter().chain(recorded.1).collect();
    let order = match captured_after(one, other.moment(), evidence) {
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

fn captured_after(told: &Verdict<'_>, item: Option<Moment>, evidence: &Evidence) -> Ordering {
    let Some(item) = item else {
        return Ordering::Equal;
    };
    if let Some(Captured::At(taken)) = evidence.listing(told.evaluation.at).captured {
        return taken.cmp(&item);
    }
    // An evaluation that was recorded after the item was captured is certainly the later one.
    if told.moment() > Some(item) {
        Ordering::Greater
    } else {
        Ordering::Equal
    }
}
