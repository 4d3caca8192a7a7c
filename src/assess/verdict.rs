//! From evaluations to verdicts: each attributed, recognised, in scope and placed in time, or
//! counted as what it is instead.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::catalogue::{ManagedRule, Reach, Trigger};
use crate::engagement::Policy;
use crate::evidence::{Captured, ComplianceType, EvaluationResult, Parameters, Text};
use crate::period::Period;
use crate::time::{AwsTime, Moment};

use super::Subject;
use super::attributed::Attributions;
use super::captures::Captures;
use super::identity::Identity;
use super::model::{AttributedBy, EvaluationReconciliation, WeakerParameter};
use super::parameters;
use super::place::{Attributed, CopyKey, Deployments};

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
    /// Its parameters that are weaker than the baseline.
    pub weaker: Vec<WeakerParameter>,
    /// Its parameters whose name or value is not known.
    pub unknown: Parameters,
}

impl Deployed<'_> {
    /// Account, region and name.
    pub fn key(&self) -> CopyKey {
        (self.account.clone(), self.region.clone(), self.name.clone())
    }
}

/// Parameters under which a verdict was given.
pub struct Terms {
    /// The parameters; `None` where no export tells them.
    pub parameters: Option<Parameters>,
    /// Those weaker than the baseline.
    pub weaker: Vec<WeakerParameter>,
    /// Those whose name or value is not known.
    pub unknown: Parameters,
}

impl<'s> Verdict<'s> {
    /// What orders it: when it was recorded, else when the rule was invoked.
    pub fn moment(&self) -> Option<Moment> {
        moment_of(self.evaluation)
    }

    /// Whether it says that the resource fails.
    pub fn fails(&self) -> bool {
        self.evaluation.compliance == ComplianceType::NonCompliant
    }

    /// The parameters that stand in the verdict itself, if any do.
    pub fn own_parameters(&self) -> Option<&'s Parameters> {
        self.evaluation.asff.as_deref()?.parameters.as_ref()
    }

    /// The parameters under which it was judged: its own go before what is known of the deployed rule.
    pub fn terms(&self, subject: &Subject<'_>) -> Terms {
        let (identity, own) = (&self.copy.identity, self.own_parameters());
        let Some(own) = own else {
            return Terms {
                parameters: identity.parameters.clone(),
                weaker: self.copy.weaker.clone(),
                unknown: self.copy.unknown.clone(),
            };
        };
        let deployed = identity.with(own);
        Terms {
            weaker: with_policy(parameters::weaker, identity, Some(&deployed), subject),
            unknown: with_policy(parameters::unknown, identity, Some(&deployed), subject),
            parameters: Some(deployed),
        }
    }

    /// How many of the parameters under which it was judged are weaker than the baseline, or not known.
    pub fn doubtful_parameters(&self, subject: &Subject<'_>) -> usize {
        if self.own_parameters().is_none() {
            return self.copy.weaker.len() + self.copy.unknown.len();
        }
        let terms = self.terms(subject);
        terms.weaker.len() + terms.unknown.len()
    }

    /// Whether it holds in the period only because its export was taken at some time that is not
    /// known, but not before it.
    pub fn holds_by_lower_bound(&self, subject: &Subject<'_>) -> bool {
        let period = &subject.engagement.period;
        let trigger = self.copy.identity.managed.map(|rule| rule.trigger);
        let taken = subject.captured(self.evaluation.at.listing);
        self.hold == Hold::InPeriod
            && trigger == Some(Trigger::ConfigurationChange)
            && !matches!(taken, Some(Captured::At(_)))
            && self.moment().is_some_and(|moment| !period.contains(moment))
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

/// What is to be said of the deployed parameters of a managed rule; nothing where they are not told.
fn with_policy<T: Default>(
    say: fn(&ManagedRule, &Parameters, Option<&Policy>) -> T,
    identity: &Identity<'_>,
    deployed: Option<&Parameters>,
    subject: &Subject<'_>,
) -> T {
    let (Some(rule), Some(deployed)) = (identity.managed, deployed) else {
        return T::default();
    };
    say(rule, deployed, subject.engagement.policy.get(&rule.name))
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
