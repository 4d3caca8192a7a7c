//! From evaluations to verdicts: each attributed, recognised, in scope and placed in time, or
//! counted as what it is instead.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::catalogue::Reach;
use crate::evidence::{Captured, ComplianceType, EvaluationResult, Text};
use crate::time::Moment;

use super::Subject;
use super::attributed::Attributions;
use super::captures::Captures;
use super::model::{AttributedBy, EvaluationReconciliation};
use super::parameters;
use super::place::{Attributed, CopyKey, Deployments};
use super::verdict::{Deployed, GLOBAL, Hold, Verdict, hold, with_policy};

/// What became of all evaluations before any is compared with another.
#[derive(Default)]
pub struct Verdicts<'s> {
    /// Those that count.
    pub counted: Vec<Verdict<'s>>,
    /// The deployed rules that gave any.
    pub copies: Vec<Arc<Deployed<'s>>>,
    /// Counts of the others.
    pub counts: EvaluationReconciliation,
    /// Those out of scope, by account and region.
    pub out_of_scope: BTreeMap<(Text, Text), u64>,
    /// Those of unknown account or region, by the index of their input.
    pub unattributed: BTreeMap<u32, u64>,
    known: HashMap<CopyKey, Option<Arc<Deployed<'s>>>>,
    /// Of global rules of accounts in scope, from regions that are not.
    elsewhere: Vec<Verdict<'s>>,
}

/// What all evaluations of one list and one deployed rule have in common.
enum Spot<'s> {
    /// Their account, or a region that would have to be known, is not.
    Unknown,
    /// They are of another account or region than those in scope.
    OutOfScope(Text, Text),
    /// They are of a rule whose evaluations AWS keeps to itself.
    Internal,
    /// They may count.
    Known {
        copy: Arc<Deployed<'s>>,
        by: AttributedBy,
        /// When their list was taken.
        taken: Option<Captured>,
        /// Whether their region is in scope: a global rule's may not be.
        covered: bool,
    },
}

/// Places all evaluations.
pub fn place_all<'s>(
    subject: &Subject<'s>,
    deployments: &Deployments<'s>,
    attributions: &Attributions,
    captures: &Captures,
) -> Verdicts<'s> {
    let mut placed = Verdicts {
        // Hardly any is set aside, and what grew would lie in memory twice.
        counted: Vec::with_capacity(subject.evidence.evaluations.len()),
        ..Verdicts::default()
    };
    let mut spots: Vec<Option<Spot<'s>>> = Vec::new();
    spots.resize_with(attributions.places.len(), || None);
    for (evaluation, index) in attributions.evaluations(subject) {
        placed.counts.read += 1;
        if evaluation.proactive {
            placed.counts.proactive += 1;
            continue;
        }
        let spot = spots[index].get_or_insert_with(|| {
            let at = &attributions.places[index];
            placed.spot(evaluation, at, (subject, deployments, captures))
        });
        placed.place(evaluation, spot, subject);
    }
    placed.count_elsewhere();
    placed
}

impl<'s> Verdicts<'s> {
    /// The places of which a verdict counts.
    pub fn judged_places(&self) -> impl Iterator<Item = (Text, Text)> {
        let mut judged = vec![false; self.copies.len()];
        for verdict in &self.counted {
            judged[verdict.copy.index] = true;
        }
        let copies = self.copies.iter().zip(judged);
        let copies = copies.filter(|(_, judged)| *judged);
        copies.map(|(copy, _)| (copy.account.clone(), copy.region.clone()))
    }

    fn spot(
        &mut self,
        evaluation: &'s EvaluationResult,
        at: &Attributed,
        (subject, deployments, captures): (&Subject<'s>, &Deployments<'s>, &Captures),
    ) -> Spot<'s> {
        let Some(account) = at.account.clone() else {
            return Spot::Unknown;
        };
        let region = at.region.clone().unwrap_or_default();
        let key = (account, region, evaluation.rule.clone());
        if deployments.is_internal(&key) {
            let (account, region, _) = key;
            return if subject.engagement.covers(&account, Some(&*region)) {
                Spot::Internal
            } else {
                Spot::OutOfScope(account, region)
            };
        }
        let Some(copy) = self.deployed(&key, subject, deployments) else {
            return Spot::Unknown;
        };
        let (account, region, _) = key;
        let engagement = subject.engagement;
        let covered = engagement.covers(&account, Some(&*region).filter(|r| !r.is_empty()));
        let global = &*copy.finding_region == GLOBAL && engagement.covers(&account, None);
        if !covered && !global {
            return Spot::OutOfScope(account, region);
        }
        Spot::Known {
            copy,
            by: at.by,
            taken: captures.of(evaluation, &account, &region, subject),
            covered,
        }
    }

    fn place(&mut self, evaluation: &'s EvaluationResult, spot: &Spot<'s>, subject: &Subject<'s>) {
        match spot {
            Spot::Unknown => self.unattributed(subject.evidence.listing(evaluation.at).input.0),
            Spot::OutOfScope(account, region) => self.out_of_scope(account, region),
            Spot::Internal => self.counts.internal += 1,
            Spot::Known {
                copy,
                by,
                taken,
                covered,
            } => {
                let trigger = copy.identity.managed.map(|rule| rule.trigger);
                let verdict = Verdict {
                    evaluation,
                    copy: copy.clone(),
                    attributed_by: *by,
                    hold: hold(evaluation, trigger, *taken, &subject.engagement.period),
                };
                if *covered {
                    self.counted.push(verdict);
                } else {
                    self.elsewhere.push(verdict);
                }
            }
        }
    }

    fn out_of_scope(&mut self, account: &Text, region: &Text) {
        self.counts.out_of_scope += 1;
        let place = (account.clone(), region.clone());
        *self.out_of_scope.entry(place).or_default() += 1;
    }

    /// What a global rule judges belongs to the account: it fails in whatever region AWS Config saw
    /// it fail last. That it passes, or once failed, in a region out of scope proves nothing.
    fn count_elsewhere(&mut self) {
        let elsewhere = std::mem::take(&mut self.elsewhere);
        let key = |verdict: &Verdict<'s>| {
            let of = verdict.evaluation;
            (
                verdict.copy.index,
                of.resource_type.clone(),
                of.resource_id.clone(),
            )
        };
        let mut passed: HashMap<_, Option<Moment>> = HashMap::new();
        // What is recorded after the period undoes nothing in it.
        let acquits = |verdict: &&Verdict<'s>| {
            verdict.evaluation.compliance <= ComplianceType::Compliant
                && verdict.hold == Hold::InPeriod
        };
        for verdict in elsewhere.iter().filter(acquits) {
            let latest = passed.entry(key(verdict)).or_default();
            *latest = verdict.moment().max(*latest);
        }
        for verdict in elsewhere {
            let moment = verdict.moment();
            let passed_since = || passed.get(&key(&verdict)).is_some_and(|at| *at > moment);
            let holds = verdict.hold != Hold::Outside && verdict.fails();
            if holds && (moment.is_none() || !passed_since()) {
                self.counted.push(verdict);
            } else {
                let copy = &verdict.copy;
                self.out_of_scope(&copy.account, &copy.region);
            }
        }
    }

    fn unattributed(&mut self, input: u32) {
        self.counts.unattributed += 1;
        *self.unattributed.entry(input).or_default() += 1;
    }

    /// The rule deployed under this name at this place; `None` where a region would have to be
    /// known and is not.
    fn deployed(
        &mut self,
        key: &CopyKey,
        subject: &Subject<'s>,
        deployments: &Deployments<'s>,
    ) -> Option<Arc<Deployed<'s>>> {
        if let Some(known) = self.known.get(key) {
            return known.clone();
        }
        let (account, region, name) = key;
        let identity = deployments.identify((account, region, name), subject);
        let global = identity
            .managed
            .is_some_and(|rule| rule.reach == Reach::Global);
        let copy = (global || !region.is_empty()).then(|| {
            let known = identity.parameters.as_ref();
            Arc::new(Deployed {
                index: self.copies.len(),
                account: account.clone(),
                region: region.clone(),
                name: name.clone(),
                finding_region: if global {
                    GLOBAL.into()
                } else {
                    region.clone()
                },
                weaker: with_policy(parameters::weaker, &identity, known, subject),
                unknown: with_policy(parameters::unknown, &identity, known, subject),
                identity,
            })
        });
        self.copies.extend(copy.clone());
        self.known.insert(key.clone(), copy.clone());
        copy
    }
}
