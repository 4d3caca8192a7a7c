//! What AWS Config's rules say of an estate's resources at a moment.

use crate::catalogue::{ManagedRule, Trigger, catalogue};

use super::clock::{DAY, SECOND, Time};
use super::estate::{ACCOUNT, Asked, Narrowed, Origin, Quality, Resource, Rule, Site};

/// One verdict, as it stands at the moment that was asked for.
#[derive(Debug, Clone)]
pub struct Verdict<'s> {
    pub resource: &'s Resource,
    pub word: &'static str,
    pub invoked: Time,
    pub recorded: Time,
}

impl Verdict<'_> {
    pub fn fails(&self) -> bool {
        self.word == "NON_COMPLIANT"
    }
}

pub fn managed(name: &str) -> &'static ManagedRule {
    &catalogue().rules[name]
}

/// The types that the rule judges; those of the account are the account itself.
pub fn kinds(rule: &ManagedRule) -> Vec<&'static str> {
    let types = managed(&rule.name).resource_types.iter();
    let types: Vec<&'static str> = types.map(String::as_str).collect();
    if types.is_empty() {
        vec![ACCOUNT]
    } else {
        types
    }
}

impl Rule {
    /// Whether AWS gives its evaluations, and they are about what is deployed.
    pub fn tells(&self) -> bool {
        !self.internal && !self.proactive
    }

    fn fails(&self, quality: Quality) -> bool {
        match self.asked {
            Asked::Baseline | Asked::LeftOut => quality <= Quality::Mild,
            Asked::Weaker | Asked::Unknown => quality <= Quality::Bad,
            Asked::Stronger => quality <= Quality::Good,
        }
    }

    /// When it last ran by the clock, up to this moment.
    pub fn last_run(&self, time: Time) -> Option<Time> {
        let first = self.created - self.created.rem_euclid(DAY) + self.runs_at;
        let first = if first < self.created {
            first + DAY
        } else {
            first
        };
        (time >= first).then(|| first + (time - first) / DAY * DAY)
    }
}

impl Site {
    /// Whether the customer's recorder recorded the type then.
    pub fn recorded(&self, kind: &str, time: Time) -> bool {
        let recorder = self.recorder.iter();
        let mut running = recorder.filter(|recorder| recorder.runs(time));
        running.any(|recorder| recorder.records(kind))
    }

    pub fn judges(&self, rule: &Rule, resource: &Resource) -> bool {
        let of_pack = matches!(rule.origin, Origin::Pack(pack) if self.packs.get(pack).is_some_and(|pack| pack.tagged));
        kinds(managed(rule.managed)).contains(&resource.kind)
            && (!of_pack || resource.tagged || resource.kind == ACCOUNT)
            && match &rule.narrowed {
                Narrowed::No => true,
                Narrowed::Tagged => resource.tagged,
                Narrowed::To(id) => resource.id == *id,
            }
    }

    /// When the rule last judged the resource, up to this moment.
    fn last_judged(&self, rule: &Rule, resource: &Resource, until: Time) -> Option<Time> {
        let until = until - rule.takes;
        let until = rule.broken.map_or(until, |broken| until.min(broken));
        let trigger = managed(rule.managed).trigger;
        let on_change = || {
            let changes = resource.quality.values().flatten().map(|(since, _)| *since);
            // A recorder that starts records what is there already.
            let started = self
                .recorder
                .as_ref()
                .map_or(0, |recorder| recorder.started);
            let seen = [rule.created.max(resource.created).max(started)].into_iter();
            let seen = seen.chain(changes.filter(|change| *change > rule.created));
            seen.filter(|time| *time <= until && self.recorded(resource.kind, *time))
                .max()
        };
        let by_clock = || rule.last_run(until).filter(|run| *run >= resource.created);
        match trigger {
            Trigger::ConfigurationChange => on_change(),
            Trigger::Periodic => by_clock(),
            Trigger::Both => on_change().max(by_clock()),
        }
    }

    /// All verdicts of the rule as they stand at this moment, those that AWS leaves out among them.
    pub fn verdicts(&self, rule: &Rule, time: Time) -> Vec<Verdict<'_>> {
        if !rule.tells() || rule.created > time {
            return Vec::new();
        }
        let judged = self.resources.iter();
        let judged = judged.filter(|one| one.there(time) && self.judges(rule, one));
        let verdict = |resource| {
            let run = self.last_judged(rule, resource, time)?;
            let quality = resource.quality_at(rule.managed, run);
            let word = match quality {
                Quality::Apart => "NOT_APPLICABLE",
                quality if rule.fails(quality) => "NON_COMPLIANT",
                _ => "COMPLIANT",
            };
            let (invoked, recorded) = (run + rule.takes / 2, run + rule.takes);
            Some(Verdict {
                resource,
                word,
                invoked,
                recorded,
            })
        };
        judged.filter_map(verdict).collect()
    }

    /// Without those that AWS leaves out.
    pub fn rows(&self, rule: &Rule, time: Time) -> Vec<Verdict<'_>> {
        let mut rows = self.verdicts(rule, time);
        rows.retain(|row| row.word != "NOT_APPLICABLE");
        rows
    }

    /// When the rule last evaluated without an error, up to this moment: a new rule does so once.
    pub fn succeeded(&self, rule: &Rule, time: Time) -> Option<Time> {
        let judged = self.resources.iter().filter(|one| self.judges(rule, one));
        let judged = judged.filter_map(|one| self.last_judged(rule, one, time));
        let until = rule.broken.map_or(time, |broken| time.min(broken)) - rule.takes;
        let run = match managed(rule.managed).trigger {
            Trigger::ConfigurationChange => None,
            Trigger::Periodic | Trigger::Both => rule.last_run(until),
        };
        // A rule that runs by the clock alone has a row of the account once it ran.
        let by_clock = managed(rule.managed).trigger == Trigger::Periodic;
        let first = Some(rule.created + 10 * SECOND).filter(|first| *first <= until && !by_clock);
        judged
            .chain(run)
            .chain(first)
            .max()
            .map(|run| run + rule.takes)
    }
}
