//! Which verdicts are about resources that are no longer there.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::evidence::{Captured, Identity, Items, KeptItem, Origin, Text, identity};
use crate::time::Moment;

use super::Subject;
use super::page::{AnswerIndex, Answers};
use super::verdict::{GLOBAL, Hold, Verdict, Verdicts};

/// What is needed to tell.
pub struct Gone<'v> {
    answers: &'v Answers,
    deleted: HashMap<ItemKey, Moment>,
    /// For verdicts that hold in the period: only what was answered in it.
    later: BTreeMap<CopyKey, Later<'v>>,
    /// For all others.
    later_ever: BTreeMap<CopyKey, Later<'v>>,
    end: Moment,
}

/// Account, region, and what the resource is known by there.
type ItemKey = (Text, Text, Identity);
/// The index of a deployed rule, and whether its verdicts were recorded as items: those are
/// compared with each other only.
type CopyKey = (usize, bool);
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
    pub fn new(subject: &Subject<'_>, placed: &'v Verdicts<'_>, answers: &'v Answers) -> Self {
        let end = end(subject);
        let times = times(subject, placed, answers);
        Self {
            answers,
            deleted: deleted(&subject.evidence.items),
            later: later(&times, placed, answers, Some(end)),
            later_ever: later(&times, placed, answers, None),
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
        if self.deleted.is_empty() {
            return false;
        }
        let evaluation = verdict.evaluation;
        let (kind, id) = (&evaluation.resource_type, &evaluation.resource_id);
        let recorded = || identity(COMPLIANCE, &format!("{kind}/{id}"));
        self.deleted_after(verdict, identity(kind, id))
            || (evaluation.origin == Origin::ResourceCompliance
                && self.deleted_after(verdict, recorded()))
    }

    fn deleted_after(&self, verdict: &Verdict<'_>, resource: Identity) -> bool {
        [verdict.copy.region.clone(), GLOBAL.into()]
            .into_iter()
            .any(|region| {
                let key = (verdict.copy.account.clone(), region, resource);
                // A verdict of unknown time may be on a resource that came back.
                let (deleted, moment) = (self.deleted.get(&key), verdict.moment());
                let in_time =
                    |deleted: Moment| verdict.hold != Hold::InPeriod || deleted < self.end;
                let after = |deleted: Moment| moment.is_some_and(|moment| moment <= deleted);
                deleted.is_some_and(|deleted| after(*deleted) && in_time(*deleted))
            })
    }

    fn was_replaced(&self, verdict: &Verdict<'_>) -> bool {
        let later = match verdict.hold {
            Hold::InPeriod => &self.later,
            Hold::Outside | Hold::UnknownTime => &self.later_ever,
        };
        let Some(later) = later.get(&copy_key(verdict)) else {
            return false;
        };
        let evaluation = verdict.evaluation;
        later
            .earlier
            .contains(&self.answers.of(evaluation.at.listing))
            && !later
                .resources
                .contains(&(&*evaluation.resource_type, &*evaluation.resource_id))
    }
}

fn copy_key(verdict: &Verdict<'_>) -> CopyKey {
    let recorded = verdict.evaluation.origin == Origin::ResourceCompliance;
    (verdict.copy.index, recorded)
}

/// From here on nothing undoes what holds in the period: its end, or when the package is made.
fn end(subject: &Subject<'_>) -> Moment {
    let made = subject.generated_at.to_utc();
    made.min(subject.engagement.period.to.to_utc())
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
    times: &BTreeMap<CopyKey, Times>,
    placed: &'v Verdicts<'_>,
    answers: &Answers,
    end: Option<Moment>,
) -> BTreeMap<CopyKey, Later<'v>> {
    let mut found: BTreeMap<CopyKey, (AnswerIndex, Later<'v>)> = BTreeMap::new();
    for (copy, times) in times {
        let copy = *copy;
        if let Some(latest) = latest(copy, times, answers, end) {
            let time = &times[&latest];
            let earlier = times.iter().filter(|(_, other)| time.is_later_than(other));
            let later = Later {
                earlier: earlier.map(|(answer, _)| *answer).collect(),
                resources: BTreeSet::new(),
            };
            found.insert(copy, (latest, later));
        }
    }
    if found.is_empty() {
        return BTreeMap::new();
    }
    for verdict in &placed.counted {
        let evaluation = verdict.evaluation;
        let of_latest = (found.get_mut(&copy_key(verdict)))
            .filter(|(latest, _)| answers.of(evaluation.at.listing) == *latest);
        if let Some((_, later)) = of_latest {
            let resource = (&*evaluation.resource_type, &*evaluation.resource_id);
            later.resources.insert(resource);
        }
    }
    let found = found.into_iter();
    found.map(|(copy, (_, later))| (copy, later)).collect()
}

type Times = BTreeMap<AnswerIndex, AnswerTime>;

/// When each answer was taken, of the deployed rules that several answers tell of.
fn times(
    subject: &Subject<'_>,
    placed: &Verdicts<'_>,
    answers: &Answers,
) -> BTreeMap<CopyKey, Times> {
    let mut times: BTreeMap<CopyKey, Times> = BTreeMap::new();
    let of_one_list = |a: &Verdict<'_>, b: &Verdict<'_>| {
        a.evaluation.at.listing == b.evaluation.at.listing
            && a.evaluation.origin == b.evaluation.origin
            && a.copy.index == b.copy.index
    };
    for verdicts in placed.counted.chunk_by(of_one_list) {
        let listing = verdicts[0].evaluation.at.listing;
        // Security Hub is asked through filters: what one answer lacks may still be there.
        if verdicts[0].evaluation.origin == Origin::SecurityHub {
            continue;
        }
        let of_copy = times.entry(copy_key(&verdicts[0])).or_default();
        let time = of_copy.entry(answers.of(listing)).or_default();
        for verdict in verdicts {
            time.note(subject.captured(listing), verdict.moment());
        }
    }
    times.retain(|_, answers| answers.len() > 1);
    times
}

/// The latest of the whole answers: by when they were taken, if all say so, else by their rows.
fn latest(
    copy: CopyKey,
    times: &Times,
    answers: &Answers,
    end: Option<Moment>,
) -> Option<AnswerIndex> {
    let dated = times.values().all(|time| time.at.is_some());
    let order = |time: &AnswerTime| {
        if dated {
            (time.at, time.rows)
        } else {
            (time.rows, time.at)
        }
    };
    let whole = (times.iter())
        .filter(|(answer, _)| answers.is_whole_of(**answer, copy.0))
        .filter(|(_, time)| end.is_none_or(|end| time.at.or(time.rows) < Some(end)));
    let latest = whole.max_by_key(|(answer, time)| (order(time), **answer));
    latest.map(|(answer, _)| *answer)
}

/// What orders the answers of one deployed rule.
#[derive(Debug, Default)]
struct AnswerTime {
    /// When it was taken, if it says so.
    at: Option<Moment>,
    /// The latest time in its rows.
    rows: Option<Moment>,
    /// Whether a row has no known time: it may be later than any other.
    unknown: bool,
}

impl AnswerTime {
    fn note(&mut self, captured: Option<Captured>, row: Option<Moment>) {
        if let Some(Captured::At(moment)) = captured {
            self.at = self.at.max(Some(moment));
        }
        self.rows = self.rows.max(row);
        self.unknown |= row.is_none();
    }

    /// By when they were taken, if both say so. Else by their rows: a whole answer that lacks
    /// another's latest row was taken before that row was recorded.
    fn is_later_than(&self, other: &Self) -> bool {
        match (self.at, other.at) {
            (Some(one), Some(other)) => one > other,
            _ => self.rows > other.rows && !other.unknown,
        }
    }
}
