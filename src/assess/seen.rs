//! Was a rule seen? For each mapped rule, by its reach, at each place in scope.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::catalogue::{ManagedRule, Reach};
use crate::evidence::{Captured, ComplianceType, InputStatus, RuleCompliance, Text};
use crate::time::Moment;

use super::absent::Absent;
use super::copy::{CopyEvidence, Told, Whole};
use super::described::Described;
use super::finding::CopyCounts;
use super::gone::Gone;
use super::looked::Looked;
use super::model::Seen;
use super::page::{AnswerIndex, Answers};
use super::place::{CopyKey, Deployments, keep_latest};
use super::sight::{At, Sight, best, conclude};
use super::verdict::{GLOBAL, Hold, Verdicts};
use super::{Subject, status};

/// Everything that is needed to tell what was seen.
pub struct Sights<'e> {
    copies: BTreeMap<String, BTreeMap<CopyKey, CopyEvidence<'e>>>,
    /// Places where a conformance pack's answer was cut off, with the pack.
    cut_packs: BTreeMap<(Text, Text), String>,
    /// What does not exist.
    absent: Absent<'e>,
    /// Where evaluations were looked for.
    looked: Looked,
    /// Places whose deployed rules are described.
    described: Described,
    /// Places of rejected inputs; `None` is any.
    rejected: BTreeSet<(Option<Text>, Option<Text>)>,
    /// Rule-level verdicts of unknown place, by the index of their input.
    pub unattributed: BTreeMap<u32, u64>,
}

impl<'e> Sights<'e> {
    /// Gathers what the exports tell.
    pub fn new(
        subject: &Subject<'e>,
        placed: &Verdicts<'e>,
        counts: &CopyCounts,
        answers: &Answers,
        deployments: &Deployments<'e>,
        gone: &Gone<'_>,
    ) -> Self {
        let mut sights = Self {
            copies: BTreeMap::new(),
            cut_packs: cut_packs(subject, answers),
            absent: Absent::new(subject, answers, placed),
            looked: Looked::new(subject, answers, deployments),
            described: Described::new(subject, answers, deployments),
            rejected: rejected(subject),
            unattributed: BTreeMap::new(),
        };
        sights.note_details(placed, counts, answers);
        sights.note_vanished(subject, placed, gone);
        sights.note_rule_level(subject, deployments);
        sights.note_deployed(subject, deployments);
        sights.note_statuses(subject, deployments);
        sights
    }

    fn note_details(&mut self, placed: &Verdicts<'e>, counts: &CopyCounts, answers: &Answers) {
        let mut noted: HashSet<(usize, AnswerIndex, bool)> = HashSet::new();
        let latest = latest(placed);
        for verdict in &placed.counted {
            let deployed = &verdict.copy;
            let Some(rule) = deployed.identity.managed else {
                continue;
            };
            let answer = answers.of(verdict.evaluation.at.listing);
            let outside = verdict.hold == Hold::Outside;
            if !noted.insert((deployed.index, answer, outside)) {
                continue;
            }
            let key = deployed.key();
            let copy = self.copy(&rule.name, key.clone());
            copy.latest = latest[deployed.index];
            let whole = answers.is_whole_of(answer, deployed.index);
            match (whole, outside) {
                (true, true) => copy.whole = copy.whole.max(Whole::Outside),
                (true, false) => copy.whole = Whole::InPeriod,
                (false, _) => copy.cut = true,
            }
            if let Some(counts) = counts.get(&key) {
                copy.counts.clone_from(counts);
            }
        }
    }

    fn note_vanished(&mut self, subject: &Subject<'e>, placed: &Verdicts<'e>, gone: &Gone<'_>) {
        for verdict in &placed.counted {
            let fails = verdict.evaluation.compliance == ComplianceType::NonCompliant;
            let managed = verdict.copy.identity.managed;
            if let Some(rule) = managed.filter(|_| fails && gone.has_vanished(verdict)) {
                let copy = self.copy(&rule.name, verdict.copy.key());
                copy.vanished += 1;
                let shown = match subject.evidence.listing(verdict.evaluation.at).captured {
                    Some(Captured::At(moment)) => Some(moment),
                    Some(Captured::AtLeast(_)) | None => None,
                };
                copy.vanished_at = copy.vanished_at.max(verdict.moment()).max(shown);
            }
        }
    }

    fn copy(&mut self, rule: &str, key: CopyKey) -> &mut CopyEvidence<'e> {
        self.copies
            .entry(rule.to_owned())
            .or_default()
            .entry(key)
            .or_default()
    }

    fn note_rule_level(&mut self, subject: &Subject<'e>, deployments: &Deployments<'e>) {
        for level in &subject.evidence.rule_compliances {
            let listing = subject.evidence.listing(level.at);
            let at = deployments.place_of_level(level, subject.evidence);
            let (Some(account), Some(region)) = (at.account, at.region) else {
                *self.unattributed.entry(listing.input.0).or_default() += 1;
                continue;
            };
            let identity = deployments.identify((&account, &region, &level.rule), subject);
            let Some(rule) = identity.managed else {
                continue;
            };
            let copy = self.copy(&rule.name, (account, region, level.rule.clone()));
            keep_latest(&mut copy.levels, level, |level| level.at, (subject, None));
            let taken = |level: &&RuleCompliance| subject.captured(level.at.listing);
            let taken = copy.levels.iter().map(taken);
            copy.level_at = (taken.map(|taken| taken.map(Captured::moment)))
                .collect::<Option<Vec<Moment>>>()
                .and_then(|taken| taken.into_iter().max());
        }
    }

    /// Rules that ran, whether they found anything or not.
    fn note_statuses(&mut self, subject: &Subject<'e>, deployments: &Deployments<'e>) {
        for ((account, region, name), status) in status::latest(subject) {
            let identity = deployments.identify((&account, &region, &name), subject);
            let Some(rule) = identity.managed else {
                continue;
            };
            let ran = status::ran(status, rule.trigger, subject);
            let copy = self.copy(&rule.name, (account, region, name));
            copy.ran |= ran;
            copy.fails_since = status::fails_since(status, &subject.engagement.period);
        }
    }

    /// Rules that are deployed although nothing else mentions them.
    fn note_deployed(&mut self, subject: &Subject<'e>, deployments: &Deployments<'e>) {
        for ((account, region, name), _) in deployments.iter() {
            let identity = deployments.identify((account, region, name), subject);
            if let Some(rule) = identity.managed {
                let key = (account.clone(), region.clone(), name.clone());
                self.copy(&rule.name, key).shortfall = identity.shortfall;
            }
        }
    }

    /// The rule at all places in scope that its reach asks for.
    pub fn of(&self, rule: &ManagedRule, subject: &Subject<'_>) -> Vec<(At, Sight)> {
        let mut seen = Vec::new();
        for (account, known) in &subject.engagement.accounts {
            let regions: Vec<Sight> = known
                .regions
                .iter()
                .map(|region| self.at(rule, account, region))
                .collect();
            if rule.reach == Reach::Global {
                let nowhere = regions.iter().all(|sight| sight.not_deployed);
                let mut all: Vec<Sight> = regions;
                all.push(self.at(rule, account, ""));
                let best = Sight {
                    not_deployed: nowhere,
                    ..best(all)
                };
                seen.push(((account.clone(), GLOBAL.to_owned()), best));
            } else {
                let places = known
                    .regions
                    .iter()
                    .map(|region| (account.clone(), region.clone()));
                seen.extend(places.zip(regions));
            }
        }
        seen
    }

    fn at(&self, rule: &ManagedRule, account: &str, region: &str) -> Sight {
        let here = |key: &CopyKey| &*key.0 == account && &*key.1 == region;
        let copies = self.copies.get(&rule.name).into_iter().flatten();
        let copies: Vec<(&CopyKey, &CopyEvidence<'_>)> =
            copies.filter(|(key, _)| here(key)).collect();
        let place = (Text::from(account), Text::from(region));
        let mut sight = Sight {
            region: place.1.clone(),
            state: self.state_without(account, region, !copies.is_empty()),
            reasons: BTreeSet::new(),
            detail: String::new(),
            deployed: copies.iter().map(|(key, _)| key.2.clone()).collect(),
            rule_level: copies.iter().any(|(_, copy)| !copy.levels.is_empty()),
            short: None,
            whole_copy: (copies.iter())
                .find(|(_, copy)| copy.shortfall.is_none())
                .map(|(key, _)| key.2.clone()),
            told_by: None,
            hidden_failure: false,
            not_deployed: copies.is_empty() && self.described.all(&place),
        };
        if sight.state == Seen::Partial {
            sight.detail = self.cut_packs.get(&place).cloned().unwrap_or_default();
        }
        let none = self.absent.has_none(rule, account, region);
        if none {
            sight.state = Seen::CheckedNone;
            sight.detail = String::new();
            sight.rule_level = true;
        }
        let unrecorded = self.absent.unrecorded(rule, account, region);
        let mut told = Vec::new();
        for (key, copy) in copies {
            // Where there is nothing to judge, a copy that judges less misses nothing.
            let short = copy.shortfall().or(unrecorded.as_ref()).filter(|_| !none);
            if copy.is_empty() && (none || self.proves_none(key, copy, sight.state, &place)) {
                told.push((key, short, Told::none()));
            } else {
                let copy = copy.told(&mut sight.reasons);
                told.extend(copy.map(|copy| (key, short, copy)));
            }
        }
        conclude(&mut sight, &told);
        sight
    }

    /// Whether a rule of which no evaluation tells ran without finding anything: its status says
    /// that it ran, and its evaluations were looked for, or AWS itself says that there are none.
    fn proves_none(
        &self,
        key: &CopyKey,
        copy: &CopyEvidence<'_>,
        without: Seen,
        place: &(Text, Text),
    ) -> bool {
        let of_pack = key.2.contains("-conformance-pack-");
        let cut = of_pack && self.cut_packs.contains_key(place);
        let looked = !copy.levels.is_empty() || self.looked.at(key);
        copy.ran && without != Seen::Unreadable && !cut && looked
    }

    /// The state of a rule of which no evaluation tells anything. A pack that was cut off could
    /// hold it, unless the deployed rules are described and it is none of them.
    fn state_without(&self, account: &str, region: &str, deployed: bool) -> Seen {
        let place = (Text::from(account), Text::from(region));
        let possible = deployed || !self.described.any(&place);
        if possible && self.cut_packs.contains_key(&place) {
            return Seen::Partial;
        }
        let fits = |have: &Option<Text>, is: &str| have.as_deref().is_none_or(|have| have == is);
        let unreadable = self
            .rejected
            .iter()
            .any(|(a, r)| fits(a, account) && fits(r, region));
        if unreadable {
            Seen::Unreadable
        } else {
            Seen::NotChecked
        }
    }
}

/// When the latest verdict of each deployed rule was recorded, by its index.
fn latest(placed: &Verdicts<'_>) -> Vec<Option<Moment>> {
    let mut latest = vec![None; placed.copies.len()];
    for verdict in &placed.counted {
        let known = &mut latest[verdict.copy.index];
        *known = verdict.moment().max(*known);
    }
    latest
}

fn cut_packs(subject: &Subject<'_>, answers: &Answers) -> BTreeMap<(Text, Text), String> {
    let mut cut = BTreeMap::new();
    for answer in answers.iter().filter(|answer| !answer.whole) {
        let listing = &subject.evidence.listings[answer.listings[0].0 as usize];
        let place = &listing.path_place;
        if let (Some(pack), Some(account), Some(region)) =
            (&listing.pack, &place.account, &place.region)
        {
            cut.insert((account.clone(), region.clone()), pack.to_string());
        }
    }
    cut
}

fn rejected(subject: &Subject<'_>) -> BTreeSet<(Option<Text>, Option<Text>)> {
    let inputs = subject.evidence.inputs.iter();
    let rejected = inputs.filter(|input| input.status == InputStatus::Rejected);
    rejected
        .map(|input| {
            (
                input.path_place.account.clone(),
                input.path_place.region.clone(),
            )
        })
        .collect()
}
