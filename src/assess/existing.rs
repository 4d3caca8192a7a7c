//! What is known to exist and has no verdict: recorded resources, targets of relationships, and what
//! other rules judge. A rule that judges every resource of its types has not seen them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::TimeDelta;

use crate::catalogue::{Judges, ManagedRule, Reach};
use crate::evidence::{Identity, ListingIndex, Text, identity};
use crate::time::{AwsTime, Moment};

use super::Subject;
use super::finding::{Findings, Judged};
use super::verdict::{GLOBAL, Hold};

/// A resource that appeared within so long of an answer may have been judged after it.
const GRACE: TimeDelta = TimeDelta::days(1);

/// Resources of a rule at a place that exist and have no verdict of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unjudged {
    /// How many.
    pub count: usize,
    /// One of them: type and id.
    pub example: String,
    /// The input that shows it.
    pub input: String,
}

/// Account, and region or `global`, with the type.
type Kind = (Text, Text, Text);

/// Where and when a resource is known to exist.
#[derive(Clone, Copy)]
struct Known {
    since: Option<Moment>,
    listing: ListingIndex,
}

/// A recorded resource that no rule judges, without its id.
struct Recorded {
    identity: Identity,
    index: usize,
    known: Known,
}

/// What exists, by account, region and type.
pub struct Existing<'e, 'f> {
    subject: &'e Subject<'e>,
    /// Findings of one rule, place and type.
    judged: BTreeMap<Kind, Vec<&'f [Judged]>>,
    gone: HashSet<(&'f str, &'f str, &'f str)>,
    mentioned: BTreeMap<Kind, Vec<(Text, Known)>>,
    recorded: BTreeMap<Kind, Vec<Recorded>>,
}

impl<'e, 'f> Existing<'e, 'f> {
    /// Gathers what is known to exist of the types that mapped rules judge.
    pub fn new(subject: &'e Subject<'e>, findings: &'f Findings) -> Self {
        let types = subject.catalogue.rules.values();
        let types: BTreeSet<&str> = (types.flat_map(|rule| &rule.resource_types))
            .map(String::as_str)
            .collect();
        let mut existing = Self {
            subject,
            judged: BTreeMap::new(),
            gone: HashSet::new(),
            mentioned: BTreeMap::new(),
            recorded: BTreeMap::new(),
        };
        for alike in findings.alike() {
            let of = &alike[0].finding.of;
            if types.contains(of.resource_type.as_str()) {
                let kind = kind(&of.account, &of.region, &of.resource_type);
                existing.judged.entry(kind).or_default().push(alike);
            }
        }
        for gone in &findings.gone {
            let key = (
                &*gone.of.account,
                &*gone.of.resource_type,
                &*gone.resource_id,
            );
            existing.gone.insert(key);
        }
        existing.note_mentions(&types);
        existing.note_recorded(&types);
        existing
    }

    fn note_mentions(&mut self, types: &BTreeSet<&str>) {
        let evidence = self.subject.evidence;
        for mention in &evidence.mentions {
            let path = &evidence.listing(mention.at).path_place;
            let account = mention.place.account.as_ref().or(path.account.as_ref());
            let region = mention.place.region.as_ref().or(path.region.as_ref());
            if let (Some(account), Some(region)) = (account, region)
                && types.contains(&*mention.resource_type)
            {
                let key = (
                    account.clone(),
                    region.clone(),
                    mention.resource_type.clone(),
                );
                let known = Known {
                    since: mention
                        .seen_at
                        .or_else(|| self.subject.taken(mention.at.listing)),
                    listing: mention.at.listing,
                };
                let id = mention.resource_id.clone();
                self.mentioned.entry(key).or_default().push((id, known));
            }
        }
    }

    /// Of each recorded resource that no rule judges the latest item, unless that says it was deleted.
    fn note_recorded(&mut self, types: &BTreeSet<&str>) {
        let items = &self.subject.evidence.items;
        let of_types: Vec<bool> = (items.kinds().iter())
            .map(|kind| types.contains(&*kind.resource_type))
            .collect();
        if !of_types.contains(&true) {
            return;
        }
        let unjudged = self.subject.evidence.unjudged();
        let mut latest: HashMap<Identity, usize> = HashMap::new();
        let mut earliest: HashMap<Identity, Moment> = HashMap::new();
        for index in unjudged.iter().map(|index| *index as usize) {
            let item = items.get(index);
            if !of_types[item.kind_index] {
                continue;
            }
            if let Some(captured) = item.captured_at() {
                let known = earliest.entry(item.identity).or_insert(captured);
                *known = captured.min(*known);
            }
            let known = latest.entry(item.identity).or_insert(index);
            if item.is_later_than(&items.get(*known)) {
                *known = index;
            }
        }
        let mut indices: Vec<usize> = latest.into_values().collect();
        indices.sort_unstable();
        for index in indices {
            let item = items.get(index);
            let place = &item.kind.place;
            if let (Some(account), Some(region), false) =
                (&place.account, &place.region, item.kind.deleted)
            {
                let kind = (
                    account.clone(),
                    region.clone(),
                    item.kind.resource_type.clone(),
                );
                self.recorded.entry(kind).or_default().push(Recorded {
                    identity: item.identity,
                    index,
                    known: Known {
                        since: earliest.get(&item.identity).copied(),
                        listing: item.kind.listing,
                    },
                });
            }
        }
    }

    /// What a rule has not judged at a place of its reach, by an answer that was taken at this moment.
    pub fn unjudged(
        &self,
        rule: &ManagedRule,
        (account, region): &(Text, Text),
        taken: Option<Moment>,
    ) -> Option<Unjudged> {
        let mut found = Missing::default();
        for resource_type in &rule.resource_types {
            let kinds = |region: &Text| {
                (
                    account.clone(),
                    region.clone(),
                    resource_type.as_str().into(),
                )
            };
            let here = match rule.reach {
                Reach::Regional => vec![kinds(region), kinds(&GLOBAL.into())],
                Reach::Global => self.kinds_of(account, resource_type),
            };
            let judged: HashSet<&str> = (here.iter())
                .flat_map(|kind| self.judged.get(kind).into_iter().flatten())
                .filter(|alike| alike[0].finding.of.rule == rule.name)
                .flat_map(|alike| alike.iter().map(|judged| &*judged.finding.resource_id))
                .collect();
            for kind in &here {
                self.by_other_rules(kind, rule, (&judged, taken), &mut found);
                self.by_name(kind, (&judged, taken), &mut found);
                self.by_record(kind, taken, &mut found);
            }
        }
        found.conclude(self.subject)
    }

    /// All regions of an account in which a type is known.
    fn kinds_of(&self, account: &Text, resource_type: &str) -> Vec<Kind> {
        let judged = self.judged.keys();
        let known = judged
            .chain(self.mentioned.keys())
            .chain(self.recorded.keys());
        let here = known.filter(|kind| kind.0 == *account && *kind.2 == *resource_type);
        let here: BTreeSet<&Kind> = here.collect();
        here.into_iter().cloned().collect()
    }

    fn by_other_rules(
        &self,
        kind: &Kind,
        rule: &ManagedRule,
        (judged, taken): (&HashSet<&str>, Option<Moment>),
        found: &mut Missing,
    ) {
        let others = self.judged.get(kind).into_iter().flatten();
        for alike in others.filter(|alike| alike[0].finding.of.rule != rule.name) {
            for other in alike.iter().filter(|other| other.hold == Hold::InPeriod) {
                let id: &str = &other.finding.resource_id;
                let key = (&*kind.0, &*kind.2, id);
                let moment = other.finding.recorded_at.as_ref().and_then(AwsTime::moment);
                if !judged.contains(id) && !self.gone.contains(&key) && self.counts(moment, taken) {
                    let input = other.finding.source.input();
                    found.note(identity(&kind.2, id), &kind.2, id, input);
                }
            }
        }
    }

    fn by_name(
        &self,
        kind: &Kind,
        (judged, taken): (&HashSet<&str>, Option<Moment>),
        found: &mut Missing,
    ) {
        for (id, known) in self.mentioned.get(kind).into_iter().flatten() {
            let gone = self.gone.contains(&(&*kind.0, &*kind.2, &**id));
            if !judged.contains(&**id) && !gone && self.counts(known.since, taken) {
                found.note(
                    identity(&kind.2, id),
                    &kind.2,
                    id,
                    self.input(known.listing),
                );
            }
        }
    }

    /// Recorded resources that no rule judges. Their creation is looked up only where it matters.
    fn by_record(&self, kind: &Kind, taken: Option<Moment>, found: &mut Missing) {
        let items = &self.subject.evidence.items;
        for recorded in self.recorded.get(kind).into_iter().flatten() {
            let mut since = recorded.known.since;
            if !self.counts(since, taken) {
                let mut reader = items.reader_at_random();
                let created = reader.read(recorded.index).ok();
                let created = created.and_then(|item| item.created_at?.moment());
                since = created.or(since);
            }
            if self.counts(since, taken) {
                found.recorded(recorded.identity, &kind.2, recorded);
            }
        }
    }

    fn input(&self, listing: ListingIndex) -> &str {
        let evidence = self.subject.evidence;
        let input = evidence.listings[listing.0 as usize].input;
        evidence.inputs[input.0 as usize]
            .id
            .as_deref()
            .unwrap_or_default()
    }

    /// Whether a resource that exists since then should be in an answer of this time, or in a later one of
    /// the period: it did not appear just around the time of the answer, and not after the period.
    fn counts(&self, since: Option<Moment>, taken: Option<Moment>) -> bool {
        let Some(since) = since else { return true };
        since < self.subject.end() && taken.is_none_or(|taken| (since - taken).abs() >= GRACE)
    }
}

/// Whether what a rule has not judged leaves it open: it judges every resource of its types, or its
/// answer holds what it does not apply to as well.
pub fn decides(rule: &ManagedRule, shows_not_applicable: bool) -> bool {
    rule.judges == Judges::All || shows_not_applicable
}

/// What is missing, each resource once.
#[derive(Default)]
struct Missing {
    identities: HashSet<Identity>,
    example: Option<(Text, Text, String)>,
    recorded: Option<(Identity, Text, usize, ListingIndex)>,
}

impl Missing {
    /// The first by type and id serves as the example.
    fn note(&mut self, identity: Identity, resource_type: &Text, id: &str, input: &str) {
        self.identities.insert(identity);
        let new = (resource_type.clone(), Text::from(id), input.to_owned());
        match &mut self.example {
            Some(known) if *known <= new => {}
            example => *example = Some(new),
        }
    }

    fn recorded(&mut self, identity: Identity, resource_type: &Text, recorded: &Recorded) {
        self.identities.insert(identity);
        let new = (
            identity,
            resource_type.clone(),
            recorded.index,
            recorded.known.listing,
        );
        match &mut self.recorded {
            Some(known) if known.0 <= new.0 => {}
            example => *example = Some(new),
        }
    }

    fn conclude(self, subject: &Subject<'_>) -> Option<Unjudged> {
        let mut reader = subject.evidence.items.reader_at_random();
        let recorded = self.recorded.and_then(|(_, kind, index, listing)| {
            let item = reader.read(index).ok()?;
            let input = subject.evidence.listings[listing.0 as usize].input;
            let input = subject.evidence.inputs[input.0 as usize].id.clone();
            Some((
                kind,
                Text::from(&*item.resource_id),
                input.unwrap_or_default(),
            ))
        });
        let (kind, id, input) = self.example.or(recorded)?;
        Some(Unjudged {
            count: self.identities.len(),
            example: format!("{kind} {id}"),
            input,
        })
    }
}

fn kind(account: &str, region: &str, resource_type: &str) -> Kind {
    (account.into(), region.into(), resource_type.into())
}
