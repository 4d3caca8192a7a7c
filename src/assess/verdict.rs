//! From evaluations to verdicts: each attributed, recognised, in scope and placed in time, or
//! counted as what it is instead.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::catalogue::{Reach, Trigger};
use crate::evidence::{Captured, ComplianceType, EvaluationResult, Text};
use crate::period::Period;
use crate::time::{AwsTime, Moment};

use super::Subject;
use super::identity::Identity;
use super::model::{AttributedBy, EvaluationReconciliation};
use super::place::{Attributed, Deployments, Record, attribute};

/// The region of a finding that one region of an account decides.
pub const GLOBAL: &str = "global";

/// Whether a verdict holds in the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hold {
    /// At some moment of it.
    InPeriod,
    /// At none.
    Outside,
    /// Its time has no zone, or is missing.
    UnknownTime,
}

/// An evaluation that counts.
#[derive(Debug)]
pub struct Verdict<'s> {
    /// As it was read.
    pub evaluation: &'s EvaluationResult,
    /// The deployed rule that gave it.
    pub copy: Arc<Deployed<'s>>,
    /// Which step told where it was recorded.
    pub attributed_by: AttributedBy,
    /// Whether it holds in the period.
    pub hold: Hold,
}

/// A deployed rule: what all its verdicts have in common.
#[derive(Debug)]
pub struct Deployed<'s> {
    /// Index into [`Verdicts::copies`].
    pub index: usize,
    /// Where it is deployed.
    pub account: Text,
    /// Where it is deployed; empty only for a global rule of which no region is known.
    pub region: Text,
    /// Its name there.
    pub name: Text,
    /// The finding's region: `global`, or where it is deployed.
    pub finding_region: Text,
    /// Which rule it is.
    pub identity: Identity<'s>,
}

impl Deployed<'_> {
    /// Account, region and name.
    pub fn key(&self) -> (Text, Text, Text) {
        (self.account.clone(), self.region.clone(), self.name.clone())
    }
}

impl Verdict<'_> {
    /// What orders it: when it was recorded, else when the rule was invoked.
    pub fn moment(&self) -> Option<Moment> {
        moment_of(self.evaluation)
    }
}

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
    known: HashMap<(Text, Text, Text), Option<Arc<Deployed<'s>>>>,
    /// Of global rules of accounts in scope, from regions that are not.
    elsewhere: Vec<Verdict<'s>>,
}

/// Places all evaluations.
pub fn place_all<'s>(
    subject: &Subject<'s>,
    deployments: &Deployments<'s>,
    captures: &Captures,
) -> Verdicts<'s> {
    let mut placed = Verdicts::default();
    for evaluation in &subject.evidence.evaluations {
        placed.counts.read += 1;
        if evaluation.proactive {
            placed.counts.proactive += 1;
        } else {
            placed.place(evaluation, subject, deployments, captures);
        }
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

    fn place(
        &mut self,
        evaluation: &'s EvaluationResult,
        subject: &Subject<'s>,
        deployments: &Deployments<'s>,
        captures: &Captures,
    ) {
        let listing = subject.evidence.listing(evaluation.at);
        let at = attribute_evaluation(evaluation, subject, deployments);
        let Some(account) = at.account else {
            return self.unattributed(listing.input.0);
        };
        let region = at.region.unwrap_or_default();
        let key = (account, region, evaluation.rule.clone());
        let Some(copy) = self.deployed(&key, subject, deployments) else {
            return self.unattributed(listing.input.0);
        };
        let (account, region, _) = key;
        let engagement = subject.engagement;
        let covered = engagement.covers(&account, Some(&*region).filter(|r| !r.is_empty()));
        let global = &*copy.finding_region == GLOBAL && engagement.covers(&account, None);
        if !covered && !global {
            self.out_of_scope(account, region);
            return;
        }
        let taken = captures.of(evaluation, &account, &region, subject);
        let trigger = copy.identity.managed.map(|rule| rule.trigger);
        let verdict = Verdict {
            evaluation,
            attributed_by: at.by,
            hold: hold(evaluation, trigger, taken, &subject.engagement.period),
            copy,
        };
        if covered {
            self.counted.push(verdict);
        } else {
            self.elsewhere.push(verdict);
        }
    }

    fn out_of_scope(&mut self, account: Text, region: Text) {
        self.counts.out_of_scope += 1;
        *self.out_of_scope.entry((account, region)).or_default() += 1;
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
        for verdict in elsewhere.iter().filter(|verdict| !fails(verdict)) {
            let latest = passed.entry(key(verdict)).or_default();
            *latest = verdict.moment().max(*latest);
        }
        for verdict in elsewhere {
            let moment = verdict.moment();
            let passed_since = || passed.get(&key(&verdict)).is_some_and(|at| *at > moment);
            let holds = verdict.hold != Hold::Outside && fails(&verdict);
            if holds && (moment.is_none() || !passed_since()) {
                self.counted.push(verdict);
            } else {
                let copy = &verdict.copy;
                self.out_of_scope(copy.account.clone(), copy.region.clone());
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
        key: &(Text, Text, Text),
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
                identity,
            })
        });
        self.copies.extend(copy.clone());
        self.known.insert(key.clone(), copy.clone());
        copy
    }
}

fn fails(verdict: &Verdict<'_>) -> bool {
    verdict.evaluation.compliance == ComplianceType::NonCompliant
}

/// To which account and region an evaluation belongs.
pub fn attribute_evaluation(
    evaluation: &EvaluationResult,
    subject: &Subject<'_>,
    deployments: &Deployments<'_>,
) -> Attributed {
    let record = Record {
        element: &evaluation.place,
        path: &subject.evidence.listing(evaluation.at).path_place,
        rule: &evaluation.rule,
        resource: Some((&evaluation.resource_type, &evaluation.resource_id)),
    };
    attribute(&record, deployments)
}

/// What orders it: when it was recorded, else when the rule was invoked.
pub fn moment_of(evaluation: &EvaluationResult) -> Option<Moment> {
    let time = evaluation
        .recorded_at
        .as_ref()
        .or(evaluation.evaluated_at.as_ref());
    time.and_then(AwsTime::moment)
}

/// A verdict of a change-triggered rule holds from when it was recorded until its export was
/// taken; any other counts when it was evaluated or recorded in the period.
fn hold(
    evaluation: &EvaluationResult,
    trigger: Option<Trigger>,
    captured: Option<Captured>,
    period: &Period,
) -> Hold {
    let Some(recorded) = moment_of(evaluation) else {
        return Hold::UnknownTime;
    };
    if period.is_before(recorded) {
        return Hold::Outside;
    }
    let evaluated = evaluation.evaluated_at.as_ref().and_then(AwsTime::moment);
    let holds = if trigger == Some(Trigger::ConfigurationChange) {
        let until = captured.map_or(recorded, |captured| captured.moment().max(recorded));
        period.meets(recorded, until)
    } else {
        period.contains(recorded) || evaluated.is_some_and(|moment| period.contains(moment))
    };
    if holds { Hold::InPeriod } else { Hold::Outside }
}

/// When exports were taken, where they do not say so: not before the latest time seen in the
/// same account and region. What is yet to come was not seen.
#[derive(Debug, Default)]
pub struct Captures {
    latest: BTreeMap<(Text, Text), Moment>,
}

impl Captures {
    /// Looks through all records that tell a time.
    pub fn new(subject: &Subject<'_>, deployments: &Deployments<'_>) -> Self {
        let mut captures = Self::default();
        let seen = |moment: &Moment| *moment <= subject.generated_at;
        for evaluation in &subject.evidence.evaluations {
            let at = attribute_evaluation(evaluation, subject, deployments);
            let times = [&evaluation.recorded_at, &evaluation.evaluated_at];
            let moments = times.into_iter().flatten().filter_map(AwsTime::moment);
            captures.note(at.account, at.region, moments.filter(seen).max());
        }
        let items = &subject.evidence.items;
        for (kind, latest) in items.kinds().iter().zip(items.latest_of_kinds()) {
            let place = &kind.place;
            let latest = latest.filter(seen);
            captures.note(place.account.clone(), place.region.clone(), latest);
        }
        captures
    }

    fn note(&mut self, account: Option<Text>, region: Option<Text>, latest: Option<Moment>) {
        if let (Some(account), Some(region), Some(latest)) = (account, region, latest) {
            let known = self.latest.entry((account, region)).or_insert(latest);
            *known = latest.max(*known);
        }
    }

    /// When the export of this evaluation was taken.
    fn of(
        &self,
        evaluation: &EvaluationResult,
        account: &Text,
        region: &Text,
        subject: &Subject<'_>,
    ) -> Option<Captured> {
        let told = subject.captured(evaluation.at.listing);
        told.or_else(|| self.at_least(account, region))
    }

    /// The latest time seen at a place.
    pub fn at_least(&self, account: &Text, region: &Text) -> Option<Captured> {
        let latest = self.latest.get(&(account.clone(), region.clone()));
        latest.copied().map(Captured::AtLeast)
    }
}
