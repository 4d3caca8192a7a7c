//! Batches: the rows of one answer about one deployed rule, the unit in which AWS speaks.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::evidence::{ComplianceType, ListingIndex, ListingKind, Origin};
use crate::time::Moment;

use super::Subject;
use super::page::{AnswerIndex, Answers};
use super::placed::Verdicts;
use super::verdict::{Hold, Verdict};

/// The rows of one answer about one deployed rule.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Batch {
    /// The index of the deployed rule.
    pub copy: usize,
    /// Whether they are items of AWS Config's own record: those are compared with each other only.
    pub recorded: bool,
    /// The answer.
    pub answer: AnswerIndex,
    /// Its first list with such a row.
    pub listing: ListingIndex,
    /// Whether they are all that there is of the deployed rule.
    pub whole: bool,
    /// When the answer was taken, if it says so.
    pub taken: Option<Moment>,
    /// The latest time in the rows.
    pub newest: Option<Moment>,
    /// Whether a row has no known time: it may be later than any other.
    pub untimed: bool,
    /// Whether a row may hold in the period.
    pub in_period: bool,
    /// Whether a row says that the rule does not apply: such rows were asked for.
    pub not_applicable: bool,
    /// Whether the rows come from an answer that lists what there is: Security Hub is asked through
    /// filters, and events come one by one.
    pub lists_all: bool,
}

impl Batch {
    /// Whether all its rows stand after all of the other's, as far as times tell. A whole answer that
    /// lacks another's latest row was taken before that row was recorded.
    pub fn seems_later_than(&self, other: &Self) -> bool {
        match (self.taken, other.taken) {
            (Some(one), Some(other)) => one > other,
            _ => self.newest > other.newest && !other.untimed,
        }
    }
}

/// All batches, by deployed rule.
#[derive(Debug, Default)]
pub struct Batches {
    all: Vec<Batch>,
    of_copy: Vec<Range<usize>>,
}

impl Batches {
    /// Gathers the rows in one pass.
    pub fn new(subject: &Subject<'_>, placed: &Verdicts<'_>, answers: &Answers) -> Self {
        let mut found: BTreeMap<(usize, bool, AnswerIndex), Batch> = BTreeMap::new();
        let of_one = |a: &Verdict<'_>, b: &Verdict<'_>| {
            a.evaluation.at.listing == b.evaluation.at.listing
                && a.copy.index == b.copy.index
                && a.evaluation.origin == b.evaluation.origin
        };
        for rows in placed.counted.chunk_by(of_one) {
            let (first, listing) = (&rows[0], rows[0].evaluation.at.listing);
            let recorded = first.evaluation.origin == Origin::ResourceCompliance;
            let answer = answers.of(listing);
            let batch = found.entry((first.copy.index, recorded, answer));
            let batch = batch.or_insert_with(|| Batch {
                copy: first.copy.index,
                recorded,
                answer,
                listing,
                whole: answers.is_whole(answer),
                taken: answers.taken(answer, subject),
                newest: None,
                untimed: false,
                in_period: false,
                not_applicable: false,
                lists_all: first.evaluation.origin != Origin::SecurityHub,
            });
            for row in rows {
                batch.note(row);
            }
        }
        let mut all: Vec<Batch> = found.into_values().collect();
        let of_copy = ranges(&all, placed.copies.len());
        for index in doubtful(subject, placed, answers, (&all, &of_copy)) {
            all[index].whole = false;
        }
        Self { all, of_copy }
    }

    /// The batches of a deployed rule.
    pub fn of(&self, copy: usize) -> &[Batch] {
        &self.all[self.of_copy[copy].clone()]
    }
}

impl Batch {
    fn note(&mut self, row: &Verdict<'_>) {
        let moment = row.moment();
        self.newest = self.newest.max(moment);
        self.untimed |= moment.is_none();
        self.in_period |= row.hold != Hold::Outside;
        self.not_applicable |= row.evaluation.compliance == ComplianceType::NotApplicable;
    }
}

fn ranges(all: &[Batch], copies: usize) -> Vec<Range<usize>> {
    let mut ranges = vec![0..0; copies];
    let mut start = 0;
    for batches in all.chunk_by(|a, b| a.copy == b.copy) {
        ranges[batches[0].copy] = start..start + batches.len();
        start += batches.len();
    }
    ranges
}

type Resources<'v> = BTreeSet<(&'v str, &'v str)>;

/// The batches that seem whole and may be the last page of an answer that was cut off: that one holds
/// what they lack, and was not certainly taken before them.
fn doubtful(
    subject: &Subject<'_>,
    placed: &Verdicts<'_>,
    answers: &Answers,
    (all, of_copy): (&[Batch], &[Range<usize>]),
) -> BTreeSet<usize> {
    let (mut found, mut of_pack) = (BTreeSet::new(), BTreeSet::new());
    for (copy, held) in held(subject, placed, answers) {
        let none = Resources::new();
        let rows = |index: usize| held.get(&all[index].answer).unwrap_or(&none);
        let here = || of_copy[copy].clone();
        let is_cut = |index: &usize| !answers.get(all[*index].answer).whole;
        for whole in here().filter(|index| all[*index].whole) {
            for cut in here().filter(is_cut) {
                let (one, other) = (all[whole].answer, all[cut].answer);
                if rows(cut).is_subset(rows(whole)) || answers.is_later(one, other, subject) {
                    continue;
                }
                found.insert(whole);
                if answers.are_of_one_pack(one, other, subject.evidence) {
                    of_pack.insert(one);
                }
            }
        }
    }
    // Both may be pages of one pack's answer: then it tells no rule of the pack whole.
    let pages = all.iter().enumerate();
    found.extend(
        pages
            .filter(|(_, batch)| of_pack.contains(&batch.answer))
            .map(|(index, _)| index),
    );
    found
}

/// What the answers hold of each deployed rule of which one was cut off.
fn held<'v>(
    subject: &Subject<'_>,
    placed: &'v Verdicts<'_>,
    answers: &Answers,
) -> BTreeMap<usize, BTreeMap<AnswerIndex, Resources<'v>>> {
    let is_answer = |verdict: &&Verdict<'_>| {
        verdict.evaluation.origin == Origin::Evaluation
            && subject.evidence.listing(verdict.evaluation.at).kind == ListingKind::Answer
    };
    let verdicts = || placed.counted.iter().filter(is_answer);
    let mut held: BTreeMap<usize, BTreeMap<AnswerIndex, Resources<'v>>> = verdicts()
        .filter(|verdict| !answers.has_last_page(verdict.evaluation.at.listing))
        .map(|verdict| (verdict.copy.index, BTreeMap::new()))
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
