//! Which verdicts are about resources that are no longer there.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::evidence::{ComplianceType, Identity, Items, KeptItem, Origin, Text, identity};
use crate::time::Moment;

use super::Subject;
use super::batch::{Batch, Batches};
use super::page::{AnswerIndex, Answers};
use super::placed::Verdicts;
use super::verdict::{GLOBAL, Hold, Verdict};
use super::when::is_after;

/// What is needed to tell.
pub struct Gone<'v> {
    answers: &'v Answers,
    deleted: HashMap<ItemKey, Moment>,
    /// For verdicts that hold in the period: only what was answered in it.
    later: BTreeMap<Ending, Later<'v>>,
    /// For all others.
    later_ever: BTreeMap<Ending, Later<'v>>,
    end: Moment,
}

/// Account, region, and what the resource is known by there.
type ItemKey = (Text, Text, Identity);
/// What a later answer may end: the index of a deployed rule, whether its verdicts were recorded as
/// items, which are compared with each other only, and whether they fail. What fails is ended only by
/// an answer that was certainly taken later: a lower bound of a time ends nothing that fails.
type Ending = (usize, bool, bool);
/// AWS Config's own record of a resource's verdicts.
const COMPLIANCE: &str = "AWS::Config::ResourceCompliance";
type Resource<'v> = (&'v str, &'v str);

/// The latest whole answer of a deployed rule, and which other answers are earlier.
struct Later<'v> {
    earlier: BTreeSet<AnswerIndex>,
    resources: BTreeSet<Resource<'v>>,
}

impl<'v> Gone<'v> {
    /// Looks at deleted resources and at later answers.
    pub fn new(
        subject: &Subject<'_>,
        placed: &'v Verdicts<'_>,
        answers: &'v Answers,
        batches: &Batches,
    ) -> Self {
        let end = subject.end();
        Self {
            answers,
            deleted: deleted(&subject.evidence.items),
            later: later(placed, answers, batches, Some(end)),
            later_ever: later(placed, answers, batches, None),
            end,
        }
    }

    /// Whether AWS Config saw the resource deleted after the verdict, or a later whole answer of
    /// the same deployed rule no longer has it.
    pub fn is_gone(&self, verdict: &Verdict<'_>) -> bool {
        verdict.evaluation.is_archived() || self.was_deleted(verdict) || self.was_replaced(verdict)
    }

    /// Whether a later answer of the same deployed rule no longer has it, and nothing else tells
    /// why.
    pub fn has_vanished(&self, verdict: &Verdict<'_>) -> bool {
        self.was_replaced(verdict)
            && !verdict.evaluation.is_archived()
            && !self.was_deleted(verdict)
    }

    fn was_deleted(&self, verdict: &Verdict<'_>) -> bool {
        self.deletion(verdict).is_some()
    }

    /// When AWS Config saw the resource deleted, if that was after the verdict.
    pub fn deletion(&self, verdict: &Verdict<'_>) -> Option<Moment> {
        if self.deleted.is_empty() {
            return None;
        }
        let evaluation = verdict.evaluation;
        let (kind, id) = (&evaluation.resource_type, &evaluation.resource_id);
        let recorded = || identity(COMPLIANCE, &format!("{kind}/{id}"));
        self.deleted_after(verdict, identity(kind, id)).or_else(|| {
            let item = evaluation.origin == Origin::ResourceCompliance;
            item.then(|| self.deleted_after(verdict, recorded()))?
        })
    }

    fn deleted_after(&self, verdict: &Verdict<'_>, resource: Identity) -> Option<Moment> {
        [verdict.copy.region.clone(), GLOBAL.into()]
            .into_iter()
            .find_map(|region| {
                let key = (verdict.copy.account.clone(), region, resource);
                // A verdict of unknown time may be on a resource that came back.
                let (deleted, moment) = (*self.deleted.get(&key)?, verdict.moment()?);
                let in_time = verdict.hold != Hold::InPeriod || deleted < self.end;
                (moment <= deleted && in_time).then_some(deleted)
            })
    }

    fn was_replaced(&self, verdict: &Verdict<'_>) -> bool {
        let later = match verdict.hold {
            Hold::InPeriod => &self.later,
            Hold::Outside | Hold::UnknownTime => &self.later_ever,
        };
        let evaluation = verdict.evaluation;
        let resource = (&*evaluation.resource_type, &*evaluation.resource_id);
        later.get(&ending(verdict)).is_some_and(|later| {
            later
                .earlier
                .contains(&self.answers.of(evaluation.at.listing))
                && !later.resources.contains(&resource)
        })
    }
}

fn ending(verdict: &Verdict<'_>) -> Ending {
    use ComplianceType::{Compliant, NotApplicable};
    let evaluation = verdict.evaluation;
    let recorded = evaluation.origin == Origin::ResourceCompliance;
    let fails = !matches!(evaluation.compliance, Compliant | NotApplicable);
    (verdict.copy.index, recorded, fails)
}

/// When each resource was deleted whose latest item says so.
fn deleted(items: &Items) -> HashMap<ItemKey, Moment> {
    let known = |item: &KeptItem<'_>| {
        let place = &item.kind.place;
        let (account, region) = (place.account.clone()?, place.region.clone()?);
        Some(((account, region, item.identity), item.captured_at()?))
    };
    let deletions = items.iter().filter(|item| item.kind.deleted);
    let mut deleted: HashMap<ItemKey, Moment> = HashMap::new();
    for (key, moment) in deletions.filter_map(|item| known(&item)) {
        let latest = deleted.entry(key).or_insert(moment);
        *latest = moment.max(*latest);
    }
    if deleted.is_empty() {
        return deleted;
    }
    for (key, moment) in items
        .iter()
        .filter(|i| !i.kind.deleted)
        .filter_map(|i| known(&i))
    {
        // Of two items of one moment the one that is there counts.
        if deleted.get(&key).is_some_and(|deleted| *deleted <= moment) {
            deleted.remove(&key);
        }
    }
    deleted
}

/// The latest whole answer of each deployed rule with several; with an `end`, of those before it.
fn later<'v>(
    placed: &'v Verdicts<'_>,
    answers: &Answers,
    batches: &Batches,
    end: Option<Moment>,
) -> BTreeMap<Ending, Later<'v>> {
    let mut found: BTreeMap<Ending, Later<'v>> = BTreeMap::new();
    let mut ends: BTreeMap<(usize, AnswerIndex), Vec<Ending>> = BTreeMap::new();
    let copies = (0..placed.copies.len()).filter(|copy| batches.of(*copy).len() > 1);
    for (copy, recorded) in copies.flat_map(|copy| [(copy, false), (copy, true)]) {
        let alike = |batch: &&Batch| batch.recorded == recorded && batch.lists_all;
        let of_copy: Vec<&Batch> = batches.of(copy).iter().filter(alike).collect();
        for fails in [false, true] {
            let Some(latest) = latest(&of_copy, end, fails) else {
                continue;
            };
            let is_earlier = |other: &&&Batch| {
                if fails {
                    is_after(latest.taken, other.taken)
                } else {
                    latest.seems_later_than(other)
                }
            };
            let earlier = of_copy.iter().filter(is_earlier);
            let later = Later {
                earlier: earlier.map(|batch| batch.answer).collect(),
                resources: BTreeSet::new(),
            };
            if !later.earlier.is_empty() {
                let ending = (copy, recorded, fails);
                found.insert(ending, later);
                ends.entry((copy, latest.answer)).or_default().push(ending);
            }
        }
    }
    if found.is_empty() {
        return found;
    }
    for verdict in &placed.counted {
        let evaluation = verdict.evaluation;
        let key = (verdict.copy.index, answers.of(evaluation.at.listing));
        for ending in ends.get(&key).into_iter().flatten() {
            let later = found.get_mut(ending).expect("it was found with its answer");
            let resource = (&*evaluation.resource_type, &*evaluation.resource_id);
            later.resources.insert(resource);
        }
    }
    found
}

/// The latest of the whole answers: by when they were taken, if all say so, else by their rows. What
/// ends a failure must say when it was taken.
fn latest<'b>(of_copy: &[&'b Batch], end: Option<Moment>, fails: bool) -> Option<&'b Batch> {
    let dated = fails || of_copy.iter().all(|batch| batch.taken.is_some());
    let order = |batch: &Batch| {
        if dated {
            (batch.taken, batch.newest)
        } else {
            (batch.newest, batch.taken)
        }
    };
    let whole = of_copy.iter().filter(|batch| batch.whole);
    let whole = whole.filter(|batch| !fails || batch.taken.is_some());
    let whole =
        whole.filter(|batch| end.is_none_or(|end| batch.taken.or(batch.newest) < Some(end)));
    whole
        .max_by_key(|batch| (order(batch), batch.answer))
        .copied()
}

/// A failing verdict that no longer counts, and why.
#[derive(Debug)]
pub struct Ended {
    /// The index of the deployed rule.
    pub copy: usize,
    /// When AWS Config saw the resource deleted; `None` where a later answer lacks it for no reason that
    /// is known.
    pub deleted: Option<Moment>,
    /// When it last failed for all that is known: the latest of when it was recorded and when it was
    /// shown.
    pub last_shown: Option<Moment>,
    /// Whether it failed in the period.
    pub in_period: bool,
}

/// All failing verdicts whose resource is gone, by deployed rule; of one resource the last shown.
pub fn ended(subject: &Subject<'_>, placed: &Verdicts<'_>, gone: &Gone<'_>) -> Vec<Ended> {
    let mut found: BTreeMap<(usize, Resource<'_>), Ended> = BTreeMap::new();
    let failing = placed.counted.iter();
    let failing = failing.filter(|v| v.evaluation.compliance == ComplianceType::NonCompliant);
    for verdict in failing {
        let deleted = gone.deletion(verdict);
        if deleted.is_none() && !gone.has_vanished(verdict) {
            continue;
        }
        let evaluation = verdict.evaluation;
        let shown = subject.taken(evaluation.at.listing).max(verdict.moment());
        let resource = (&*evaluation.resource_type, &*evaluation.resource_id);
        let key = (verdict.copy.index, resource);
        let known = found.entry(key).or_insert(Ended {
            copy: verdict.copy.index,
            deleted,
            last_shown: shown,
            in_period: false,
        });
        known.last_shown = known.last_shown.max(shown);
        known.in_period |= verdict.hold == Hold::InPeriod;
    }
    found.into_values().collect()
}
