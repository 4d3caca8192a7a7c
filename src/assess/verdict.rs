//! From evaluations to verdicts: each attributed, recognised, in scope and placed in time, or
//! counted as what it is instead.

use std::collections::BTreeMap;

use crate::catalogue::{Reach, Trigger};
use crate::evidence::{Captured, EvaluationResult, Text};
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
    /// Where it was recorded.
    pub account: Text,
    /// Where it was recorded; empty only for a global rule of which no region is known.
    pub region: Text,
    /// The finding's region: `global`, or where it was recorded.
    pub finding_region: Text,
    /// Which step told.
    pub attributed_by: AttributedBy,
    /// Index into [`Verdicts::identities`].
    pub identity: usize,
    /// What orders it: when it was recorded, else when the rule was invoked.
    pub moment: Option<Moment>,
    /// When its export was taken, if that is known exactly.
    pub taken: Option<Moment>,
    /// Whether it holds in the period.
    pub hold: Hold,
}

/// What became of all evaluations before any is compared with another.
#[derive(Default)]
pub struct Verdicts<'s> {
    /// Those that count.
    pub counted: Vec<Verdict<'s>>,
    /// The rules they belong to.
    pub identities: Vec<Identity<'s>>,
    /// Counts of the others.
    pub counts: EvaluationReconciliation,
    /// Those out of scope, by account and region.
    pub out_of_scope: BTreeMap<(Text, Text), u64>,
    /// Those of unknown account or region, by the index of their input.
    pub unattributed: BTreeMap<u32, u64>,
    known: BTreeMap<(Text, Text, Text), usize>,
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
    placed
}

impl<'s> Verdicts<'s> {
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
        let identity = self.identity(&account, &region, &evaluation.rule, subject, deployments);
        let managed = self.identities[identity].managed;
        let global = managed.is_some_and(|rule| rule.reach == Reach::Global);
        if region.is_empty() && !global {
            return self.unattributed(listing.input.0);
        }
        if !subject
            .engagement
            .covers(&account, Some(&*region).filter(|r| !r.is_empty()))
        {
            self.counts.out_of_scope += 1;
            *self.out_of_scope.entry((account, region)).or_default() += 1;
            return;
        }
        let taken = captures.of(evaluation, &account, &region, subject);
        let trigger = managed.map(|rule| rule.trigger);
        self.counted.push(Verdict {
            evaluation,
            finding_region: if global {
                GLOBAL.into()
            } else {
                region.clone()
            },
            account,
            region,
            attributed_by: at.by,
            identity,
            moment: moment_of(evaluation),
            taken: match taken {
                Some(Captured::At(moment)) => Some(moment),
                Some(Captured::AtLeast(_)) | None => None,
            },
            hold: hold(evaluation, trigger, taken, &subject.engagement.period),
        });
    }

    fn unattributed(&mut self, input: u32) {
        self.counts.unattributed += 1;
        *self.unattributed.entry(input).or_default() += 1;
    }

    /// The rule deployed under this name at this place.
    fn identity(
        &mut self,
        account: &Text,
        region: &Text,
        name: &Text,
        subject: &Subject<'s>,
        deployments: &Deployments<'s>,
    ) -> usize {
        let key = (account.clone(), region.clone(), name.clone());
        if let Some(&known) = self.known.get(&key) {
            return known;
        }
        let identity = deployments.identify((account, region, name), subject);
        self.identities.push(identity);
        self.known.insert(key, self.identities.len() - 1);
        self.identities.len() - 1
    }
}

fn attribute_evaluation(
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

fn moment_of(evaluation: &EvaluationResult) -> Option<Moment> {
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
/// same account and region.
#[derive(Debug, Default)]
pub struct Captures {
    latest: BTreeMap<(Text, Text), Moment>,
}

impl Captures {
    /// Looks through all records that tell a time.
    pub fn new(subject: &Subject<'_>, deployments: &Deployments<'_>) -> Self {
        let mut captures = Self::default();
        for evaluation in &subject.evidence.evaluations {
            let at = attribute_evaluation(evaluation, subject, deployments);
            let times = [&evaluation.recorded_at, &evaluation.evaluated_at];
            captures.note(at.account, at.region, times.into_iter().flatten());
        }
        for item in &subject.evidence.items {
            let (account, region) = (item.place.account.clone(), item.place.region.clone());
            captures.note(account, region, item.captured_at.iter());
        }
        captures
    }

    fn note<'t>(
        &mut self,
        account: Option<Text>,
        region: Option<Text>,
        times: impl Iterator<Item = &'t AwsTime>,
    ) {
        let (Some(account), Some(region)) = (account, region) else {
            return;
        };
        if let Some(latest) = times.filter_map(AwsTime::moment).max() {
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
        let told = subject.evidence.listing(evaluation.at).captured;
        told.or_else(|| self.at_least(account, region))
    }

    /// The latest time seen at a place.
    pub fn at_least(&self, account: &Text, region: &Text) -> Option<Captured> {
        let latest = self.latest.get(&(account.clone(), region.clone()));
        latest.copied().map(Captured::AtLeast)
    }
}
