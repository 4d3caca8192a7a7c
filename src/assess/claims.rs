//! What the exports say of each deployed rule: claims that keep their source and time. Of claims on
//! one rule those are dropped that another certainly follows; the worst of the rest counts.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::{ComplianceType, ListingIndex, RuleCompliance, RuleStatus, Text};
use crate::time::Moment;

use super::Subject;
use super::batch::{Batch, Batches};
use super::failures::{self, Failures};
use super::finding::CopyCounts;
use super::gone::{Ended, Gone};
use super::identity::Identity;
use super::packs::Packs;
use super::place::{CopyKey, Deployments};
use super::placed::Verdicts;
use super::shortfall::Shortfall;
use super::status;
use super::when::{replaces, settle};

/// A deployed rule at its place, and all that is said of it.
pub struct Copy<'e, 'b> {
    /// Its name there.
    pub name: Text,
    /// Which rule it is.
    pub identity: Identity<'e>,
    /// Whether a description says what it is.
    pub described: bool,
    /// Why it judges less than its rule could, and the list that says so.
    pub shortfall: Option<(Shortfall, Option<ListingIndex>)>,
    /// Its rows, by answer.
    pub batches: &'b [Batch],
    /// Its verdicts on resources that are there.
    pub counts: BTreeMap<ComplianceType, u64>,
    /// Failing verdicts whose resource is gone, or no longer in a later answer.
    pub ended: &'b [Ended],
    /// Which of its resources failed when.
    pub failures: Failures,
    /// Verdicts on the whole rule.
    pub levels: Vec<Level<'e>>,
    /// Its evaluation status.
    pub statuses: Vec<&'e RuleStatus>,
    /// An answer without any row, in a file that is named as the rule is.
    pub empty: Option<ListingIndex>,
}

impl Copy<'_, '_> {
    /// The names that a file about it may have: its own, and the managed rule's.
    pub fn names(&self) -> [&str; 2] {
        let managed = self.identity.managed.map(|rule| rule.name.as_str());
        [&self.name, managed.unwrap_or(&self.name)]
    }
}

/// A verdict on a whole rule, and when its list was taken, if that is known.
#[derive(Clone, Copy)]
pub struct Level<'e> {
    /// The verdict.
    pub verdict: &'e RuleCompliance,
    /// The time.
    pub taken: Option<Moment>,
}

impl Level<'_> {
    fn fails_at_known_time(&self) -> bool {
        self.taken.is_some() && self.verdict.compliance == ComplianceType::NonCompliant
    }
}

/// A place: account and region.
pub type At = (Text, Text);

/// The deployed rules that are a managed rule, by place and rule.
pub struct Claims<'e, 'b> {
    copies: BTreeMap<At, BTreeMap<&'e str, Vec<Copy<'e, 'b>>>>,
    /// Verdicts on whole rules of unknown place, by the index of their input.
    pub unattributed: BTreeMap<u32, u64>,
    /// Deployed rules that fail as a whole and are mapped to nothing: place, rule, list.
    pub unmapped: BTreeMap<(At, String), ListingIndex>,
    /// Deployed rules that no description tells of, by place.
    pub undescribed: BTreeMap<At, BTreeSet<Text>>,
    failures: BTreeMap<usize, Failures>,
}

/// What claims are gathered from.
pub struct Sources<'s, 'e, 'b> {
    /// What is assessed.
    pub subject: &'s Subject<'e>,
    /// The verdicts.
    pub placed: &'b Verdicts<'e>,
    /// What each deployed rule says now.
    pub counts: &'s CopyCounts,
    /// The rows by answer.
    pub batches: &'b Batches,
    /// What is gone.
    pub gone: &'s Gone<'b>,
    /// Failing verdicts that no longer count.
    pub ended: &'b [Ended],
    /// Where rules are deployed.
    pub deployments: &'s Deployments<'e>,
    /// The conformance packs.
    pub packs: &'s Packs<'e>,
    /// Empty answers in files that are named as a rule is.
    pub empty: &'s BTreeMap<CopyKey, ListingIndex>,
}

/// What is said of a deployed rule before it is known which rule it is.
#[derive(Default)]
struct Said<'e> {
    copy: Option<usize>,
    levels: Vec<Level<'e>>,
    statuses: Vec<&'e RuleStatus>,
    described: bool,
}

impl<'e, 'b> Claims<'e, 'b> {
    /// Gathers what the exports say, one source after the other.
    pub fn new(sources: &Sources<'_, 'e, 'b>) -> Self {
        let mut claims = Self {
            copies: BTreeMap::new(),
            unattributed: BTreeMap::new(),
            unmapped: BTreeMap::new(),
            undescribed: BTreeMap::new(),
            failures: BTreeMap::new(),
        };
        let mut said: BTreeMap<CopyKey, Said<'e>> = BTreeMap::new();
        for copy in &sources.placed.copies {
            if !sources.batches.of(copy.index).is_empty() {
                said.entry(copy.key()).or_default().copy = Some(copy.index);
            }
        }
        for (key, _) in sources.deployments.iter() {
            said.entry(key.clone()).or_default().described = true;
        }
        for status in &sources.subject.evidence.rule_statuses {
            if let Some(key) = status::copy_of(status, sources.subject) {
                said.entry(key).or_default().statuses.push(status);
            }
        }
        claims.note_levels(sources, &mut said);
        let failing = said
            .values()
            .filter(|said| said.levels.iter().any(Level::fails_at_known_time));
        let failing: BTreeSet<usize> = failing.filter_map(|said| said.copy).collect();
        claims.failures = failures::of_copies(&failing, sources.placed, sources.gone);
        // AWS keeps the evaluations of its own rules to itself: they are no copies.
        said.retain(|key, _| !sources.deployments.is_internal(key));
        for (key, said) in said {
            claims.note(sources, key, said);
        }
        claims
    }

    fn note_levels(
        &mut self,
        sources: &Sources<'_, 'e, '_>,
        said: &mut BTreeMap<CopyKey, Said<'e>>,
    ) {
        let (subject, evidence) = (sources.subject, sources.subject.evidence);
        for verdict in &evidence.rule_compliances {
            let at = sources.deployments.place_of_level(verdict, evidence);
            if let (Some(account), Some(region)) = (at.account, at.region) {
                let taken = subject.taken(verdict.at.listing);
                let key = (account, region, verdict.rule.clone());
                said.entry(key)
                    .or_default()
                    .levels
                    .push(Level { verdict, taken });
            } else {
                let input = evidence.listing(verdict.at).input.0;
                *self.unattributed.entry(input).or_default() += 1;
            }
        }
    }

    /// Settles what is said of one deployed rule.
    fn note(&mut self, sources: &Sources<'_, 'e, 'b>, key: CopyKey, said: Said<'e>) {
        let subject = sources.subject;
        let period = &subject.engagement.period;
        let (account, region, name) = key;
        let identity = match said.copy {
            Some(copy) => sources.placed.copies[copy].identity.clone(),
            None => sources
                .deployments
                .identify((&account, &region, &name), subject),
        };
        let levels = settle(said.levels, |one, other| {
            replaces(one.taken, other.taken, period)
        });
        let at = (account, region);
        if !said.described {
            let known = self.undescribed.entry(at.clone()).or_default();
            known.insert(name.clone());
        }
        let Some(rule) = identity.managed else {
            let fails =
                |level: &&Level<'_>| level.verdict.compliance == ComplianceType::NonCompliant;
            if let Some(level) = levels.iter().find(fails) {
                let key = (at, identity.rule);
                self.unmapped.entry(key).or_insert(level.verdict.at.listing);
            }
            return;
        };
        let key = (at.0.clone(), at.1.clone(), name.clone());
        let described = sources.deployments.get(&key.0, &key.1, &key.2);
        let of_description = || described.last().map(|one| one.at.listing);
        let own = identity
            .shortfall
            .clone()
            .map(|shortfall| (shortfall, of_description()));
        let of_pack = || sources.packs.scope(&at, &name);
        let of_pack =
            || of_pack().map(|(scope, by)| (Shortfall::Narrowed(scope.clone()), Some(by)));
        let ended = said
            .copy
            .map_or(&[][..], |copy| of_copy(sources.ended, copy));
        let copy = Copy {
            described: said.described,
            shortfall: own.or_else(of_pack),
            batches: said.copy.map_or(&[][..], |copy| sources.batches.of(copy)),
            counts: sources.counts.get(&key).cloned().unwrap_or_default(),
            ended,
            failures: self.failures_of(said.copy),
            levels,
            statuses: settle(said.statuses, |one, other| {
                status::is_later(one, other, subject)
            }),
            empty: sources.empty.get(&key).copied(),
            identity,
            name,
        };
        let here = self.copies.entry(at).or_default();
        here.entry(&rule.name).or_default().push(copy);
    }

    fn failures_of(&mut self, copy: Option<usize>) -> Failures {
        let failures = copy.and_then(|copy| self.failures.remove(&copy));
        failures.unwrap_or_default()
    }

    /// The copies of a rule at a place.
    pub fn of(&self, rule: &str, at: &At) -> &[Copy<'e, 'b>] {
        let here = self.copies.get(at).and_then(|here| here.get(rule));
        here.map(Vec::as_slice).unwrap_or_default()
    }
}

/// What ended of one deployed rule: the list is sorted by it.
fn of_copy(ended: &[Ended], copy: usize) -> &[Ended] {
    let start = ended.partition_point(|one| one.copy < copy);
    let end = ended.partition_point(|one| one.copy <= copy);
    &ended[start..end]
}
