//! Verdicts: evaluations with the deployed rule that gave them, the parameters under which it did, and
//! whether they hold in the period.

use std::sync::Arc;

use crate::catalogue::{ManagedRule, Trigger};
use crate::engagement::Policy;
use crate::evidence::{Captured, ComplianceType, EvaluationResult, Parameters, Text};
use crate::period::Period;
use crate::time::{AwsTime, Moment};

use super::Subject;
use super::identity::Identity;
use super::model::{AttributedBy, WeakerParameter};
use super::parameters;
use super::place::CopyKey;

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
    /// Index into the list of those that gave any.
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

/// What is to be said of the deployed parameters of a managed rule; nothing where they are not told.
pub fn with_policy<T: Default>(
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
pub fn hold(
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
