//! What is known to exist and has no verdict: recorded resources, targets of relationships, and what
//! other rules judge. A rule that judges every resource of its types has not seen them.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::TimeDelta;

use crate::catalogue::{Judges, ManagedRule, Reach};
use crate::evidence::{Identity, ListingIndex, Text, identity};
use crate::time::{AwsTime, Moment};

use super::Subject;
use super::absent::implying;
use super::finding::{Findings, Judged};
use super::records::{Kind, Known, Recorded, Records, Sources, of_account};
use super::verdict::{GLOBAL, Hold};
use super::when::is_after;

const DISCOVERED: &str = "list-discovered-resources";

/// A resource that appeared within so long of an answer may have been judged after it.
const GRACE: TimeDelta = TimeDelta::days(1);

/// Resources of a rule at a place that exist and have no verdict of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unjudged {
    /// How many.
    pub count: usize,
    /// One of them: its type and its id.
    pub example: (Text, Text),
    /// The input that shows it.
    pub input: String,
    /// What would tell more.
    pub next: Next,
}

/// What tells more of a resource without a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// A new answer: what shows the resource was taken later than the one that lacks it.
    Answer,
    /// A list of resources: it may have been deleted before the answer was taken.
    List,
    /// Nothing: AWS lists it, and does not judge it.
    Nothing,
}

/// What a rule says at a place of resources of one type.
#[derive(Default)]
struct Told<'f> {
    /// The ids of those that it judged in the period, or after it.
    judged: HashSet<&'f str>,
    /// Those that it judged only after it: the answer was taken too late, and lacks none.
    after: HashSet<Identity>,
    /// When its answer was taken, if that is known.
    taken: Option<Moment>,
}

/// What exists, by account, region and type.
pub struct Existing<'e, 'f> {
    subject: &'e Subject<'e>,
    /// Findings of one rule, place and type.
    judged: BTreeMap<Kind, Vec<&'f [Judged]>>,
    mentioned: BTreeMap<Kind, Vec<(Text, Known)>>,
    /// Looked for only once a rule was seen.
    recorded: OnceCell<Records>,
    types: BTreeSet<&'e str>,
    /// When the last list of each input was taken, by its id.
    inputs: HashMap<&'e str, Moment>,
    /// When resources were listed, by place.
    listed: BTreeMap<(Text, Text), Moment>,
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
            mentioned: BTreeMap::new(),
            recorded: OnceCell::new(),
            types,
            inputs: HashMap::new(),
            listed: BTreeMap::new(),
        };
        for alike in findings.alike() {
            let of = &alike[0].finding.of;
            if existing.types.contains(of.resource_type.as_str()) {
                let kind = kind(&of.account, &of.region, &of.resource_type);
                existing.judged.entry(kind).or_default().push(alike);
            }
        }
        existing.note_mentions();
        existing.note_times();
        existing
    }

    fn note_times(&mut self) {
        let evidence = self.subject.evidence;
        for (list, index) in evidence.listings.iter().zip(0..) {
            let input = evidence.inputs[list.input.0 as usize].id.as_deref();
            let (Some(input), Some(taken)) = (input, self.subject.taken(ListingIndex(index)))
            else {
                continue;
            };
            let known = self.inputs.entry(input).or_insert(taken);
            *known = taken.max(*known);
            let place = &list.path_place;
            let place = place.account.clone().zip(place.region.clone());
            if let (DISCOVERED, Some(place)) = (list.operation, place) {
                let known = self.listed.entry(place).or_insert(taken);
                *known = taken.max(*known);
            }
        }
    }

    fn note_mentions(&mut self) {
        let evidence = self.subject.evidence;
        for mention in &evidence.mentions {
            let path = &evidence.listing(mention.at).path_place;
            let account = mention.place.account.as_ref().or(path.account.as_ref());
            let region = mention.place.region.as_ref().or(path.region.as_ref());
            if let (Some(account), Some(region)) = (account, region)
                && self.types.contains(&*mention.resource_type)
            {
                let key = (
                    account.clone(),
                    region.clone(),
                    mention.resource_type.clone(),
                );
                // A list names what is there, and not since when.
                let taken = self.subject.taken(mention.at.listing);
                let too_late = taken.filter(|taken| *taken >= self.subject.end());
                let known = Known {
                    since: mention.seen_at.or(too_late),
                    listing: mention.at.listing,
                };
                let id = mention.resource_id.clone();
                self.mentioned.entry(key).or_default().push((id, known));
            }
        }
    }

    fn recorded(&self) -> &Records {
        self.recorded.get_or_init(|| {
            Records::find(&Sources {
                subject: self.subject,
                types: &self.types,
                judged: &self.judged,
            })
        })
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
            let told = self.told(&here, rule, taken);
            if told.judged.is_empty() {
                self.by_implication(resource_type, &here, rule, &told, &mut found);
            }
            for kind in &here {
                self.exists(kind, rule, &told, &mut found);
            }
        }
        let unjudged = found.conclude(self.subject)?;
        let shown = self.inputs.get(&*unjudged.input).copied();
        let listed = self.listed(account, region);
        let next = match (taken, listed) {
            (None, _) => Next::Answer,
            (Some(taken), Some(listed)) if listed <= taken && taken - listed < GRACE => {
                Next::Nothing
            }
            _ if is_after(shown.max(listed), taken) => Next::Answer,
            _ => Next::List,
        };
        Some(Unjudged { next, ..unjudged })
    }

    /// When resources of a place were listed last; for a global rule of any of the account's.
    fn listed(&self, account: &Text, region: &Text) -> Option<Moment> {
        let first = (account.clone(), Text::from(""));
        let of_account = self
            .listed
            .range(first..)
            .take_while(|(at, _)| at.0 == *account);
        let here = of_account.filter(|(at, _)| &**region == GLOBAL || at.1 == *region);
        here.map(|(_, taken)| *taken).max()
    }

    /// The first type of which the rule judged a resource at a place.
    pub fn judged_type(
        &self,
        rule: &ManagedRule,
        (account, region): &(Text, Text),
    ) -> Option<Text> {
        let judged = |resource_type: &&String| {
            [region, &GLOBAL.into()].iter().any(|region| {
                let known = self.judged.get(&kind(account, region, resource_type));
                let mut known = known.into_iter().flatten();
                known.any(|alike| alike[0].finding.of.rule == rule.name)
            })
        };
        let found = rule.resource_types.iter().find(judged);
        found.map(|kind| kind.as_str().into())
    }

    /// All regions of an account in which a type is known.
    fn kinds_of(&self, account: &Text, resource_type: &str) -> Vec<Kind> {
        let judged = of_account(&self.judged, account);
        let known = judged
            .chain(of_account(&self.mentioned, account))
            .chain(of_account(&self.recorded().there, account));
        let here: BTreeSet<&Kind> = known.filter(|kind| *kind.2 == *resource_type).collect();
        here.into_iter().cloned().collect()
    }

    /// What is known of a place to exist and is not judged.
    fn exists(&self, kind: &Kind, rule: &ManagedRule, told: &Told<'_>, found: &mut Missing) {
        self.by_other_rules(kind, rule, told, found);
        self.by_name(kind, told, found);
        self.by_record(kind, told, found);
    }

    /// What exists only with one of this type beside it.
    fn by_implication(
        &self,
        resource_type: &str,
        here: &[Kind],
        rule: &ManagedRule,
        told: &Told<'_>,
        found: &mut Missing,
    ) {
        let mut others = Missing::default();
        for implying in implying(resource_type) {
            for (account, region, _) in here {
                let kind = kind(account, region, implying);
                self.exists(&kind, rule, told, &mut others);
            }
        }
        if let Some(one) = others.conclude(self.subject) {
            let id = format!("({})", one.example.1);
            let known = identity(resource_type, &id);
            found.note(known, &resource_type.into(), &id, &one.input);
        }
    }

    /// What the rule says of these kinds.
    fn told(&self, here: &[Kind], rule: &ManagedRule, taken: Option<Moment>) -> Told<'_> {
        let from = self.subject.engagement.period.from.to_utc();
        let mut told = Told {
            taken,
            ..Told::default()
        };
        let of_kinds = here.iter().filter_map(|kind| self.judged.get(kind));
        let of_rule = of_kinds
            .flatten()
            .filter(|alike| alike[0].finding.of.rule == rule.name);
        for one in of_rule.flat_map(|alike| alike.iter()) {
            let id: &str = &one.finding.resource_id;
            if one.hold == Hold::Outside {
                let recorded = one.finding.recorded_at.as_ref().and_then(AwsTime::moment);
                if recorded.is_some_and(|recorded| recorded < from) {
                    continue;
                }
                told.after
                    .insert(identity(&one.finding.of.resource_type, id));
            }
            // Relationships may name it otherwise.
            let tail = id
                .strip_prefix("arn:")
                .and_then(|arn| arn.rsplit(['/', ':']).next());
            let names = [Some(id), tail, one.finding.resource_name.as_deref()];
            told.judged.extend(names.into_iter().flatten());
        }
        told
    }

    /// Whether the account's own records say that it was deleted.
    fn is_deleted(&self, account: &Text, identity: Identity) -> bool {
        self.recorded()
            .deleted
            .contains(&(account.clone(), identity))
    }

    fn by_other_rules(
        &self,
        kind: &Kind,
        rule: &ManagedRule,
        told: &Told<'_>,
        found: &mut Missing,
    ) {
        let others = self.judged.get(kind).into_iter().flatten();
        for alike in others.filter(|alike| alike[0].finding.of.rule != rule.name) {
            for other in alike.iter().filter(|other| other.hold != Hold::Outside) {
                let id: &str = &other.finding.resource_id;
                let known = identity(&kind.2, id);
                let moment = other.finding.recorded_at.as_ref().and_then(AwsTime::moment);
                let open = !told.judged.contains(id) && self.counts(moment, told.taken);
                if open && !self.is_deleted(&kind.0, known) {
                    found.note(known, &kind.2, id, other.finding.source.input());
                }
            }
        }
    }

    fn by_name(&self, kind: &Kind, told: &Told<'_>, found: &mut Missing) {
        for (id, known) in self.mentioned.get(kind).into_iter().flatten() {
            let (same, input) = (identity(&kind.2, id), self.input(known.listing));
            let open = !told.judged.contains(&**id) && self.counts(known.since, told.taken);
            if open && !self.is_deleted(&kind.0, same) {
                found.note(same, &kind.2, id, input);
            }
        }
    }

    /// Recorded resources that no rule judges. Their creation is looked up only where it matters.
    fn by_record(&self, kind: &Kind, told: &Told<'_>, found: &mut Missing) {
        let items = &self.subject.evidence.items;
        for recorded in self.recorded().there.get(kind).into_iter().flatten() {
            if told.after.contains(&recorded.identity) {
                continue;
            }
            let mut since = recorded.known.since;
            if !self.counts(since, told.taken) {
                let mut reader = items.reader_at_random();
                let created = reader.read(recorded.index).ok();
                let created = created.and_then(|item| item.created_at?.moment());
                since = created.or(since);
            }
            if self.counts(since, told.taken) {
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
            example: (kind, id),
            input,
            next: Next::Answer,
        })
    }
}

fn kind(account: &str, region: &str, resource_type: &str) -> Kind {
    (account.into(), region.into(), resource_type.into())
}
