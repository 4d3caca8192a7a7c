//! Absence: which types of resources do not exist at a place. A whole snapshot holds none of them, and
//! its recorder, as described nearest to its time and running then, records them.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::catalogue::{ManagedRule, Reach, Trigger};
use crate::evidence::{
    Captured, ListingIndex, ListingKind, Place, Provenance, Recorded, Recorder, RecorderStatus,
    Text,
};
use crate::time::{AwsTime, Moment};

use super::Subject;
use super::page::Answers;
use super::placed::Verdicts;
use super::shortfall::Shortfall;
use super::verdict::{GLOBAL, Hold};
use super::when::{replaces, settle};

type At = (Text, Text);

/// What the snapshots hold, and what the recorders record.
#[derive(Default)]
pub struct Absent<'e> {
    snapshots: BTreeMap<At, Snapshot<'e>>,
    recorders: BTreeMap<At, ByName<'e, Recorder>>,
    statuses: BTreeMap<At, ByName<'e, RecorderStatus>>,
    /// When answers about recorders were taken that name none of the customer's.
    without: BTreeMap<At, Vec<Option<Moment>>>,
    /// By account, and region or `global`: of which types anything shows a resource in the period.
    signs: BTreeMap<At, BTreeSet<Text>>,
}

/// By the recorder's name what was said of it, with the time of each.
type ByName<'e, T> = BTreeMap<&'e str, Vec<(&'e T, Option<Moment>)>>;

/// What tells of recorders.
const RECORDERS: [&str; 2] = [
    "describe-configuration-recorders",
    "describe-configuration-recorder-status",
];

/// Each VPC has a main route table, a default security group and a default network ACL; what is in a VPC
/// shows that there is one.
const OF_VPC: [&str; 3] = [
    "AWS::EC2::RouteTable",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::NetworkAcl",
];
const IN_VPC: [&str; 3] = [
    "AWS::EC2::VPC",
    "AWS::EC2::Subnet",
    "AWS::EC2::NetworkInterface",
];

/// The types of which each resource comes with one of this type.
pub fn implying(kind: &str) -> &'static [&'static str] {
    if OF_VPC.contains(&kind) { &IN_VPC } else { &[] }
}

/// Of global services, which a recorder may leave to another region, or cannot record in its own.
const GLOBAL_TYPES: &str = "AWS::IAM::";

/// The latest whole snapshot of a place that was not taken before the period.
#[derive(Default)]
struct Snapshot<'e> {
    taken: Option<Moment>,
    types: BTreeSet<&'e str>,
    listing: Option<ListingIndex>,
}

impl<'e> Absent<'e> {
    /// Looks through snapshots and recorders. Those that AWS's services keep for themselves prove
    /// nothing of the customer's.
    pub fn new(subject: &Subject<'e>, answers: &Answers, placed: &Verdicts<'e>) -> Self {
        let mut absent = Self::default();
        let evidence = subject.evidence;
        let at = |place: &Place, at: Provenance| {
            let path = &evidence.listing(at).path_place;
            let of = |place: &Place| Some((place.account.clone()?, place.region.clone()?));
            of(place).or_else(|| of(path))
        };
        let own = evidence.recorders.iter().filter(|one| !one.internal);
        for recorder in own {
            if let Some(place) = at(&recorder.place, recorder.at) {
                let known = absent.recorders.entry(place).or_default();
                let taken = subject.taken(recorder.at.listing);
                known
                    .entry(&recorder.name)
                    .or_default()
                    .push((recorder, taken));
            }
        }
        let own = evidence
            .recorder_statuses
            .iter()
            .filter(|one| !one.internal);
        for status in own {
            if let Some(place) = at(&status.place, status.at) {
                let known = absent.statuses.entry(place).or_default();
                let taken = subject.taken(status.at.listing);
                known.entry(&status.name).or_default().push((status, taken));
            }
        }
        absent.note_without(subject);
        absent.note_snapshots(subject, answers);
        absent.note_items(subject);
        absent.note_discovered(subject);
        absent.note_mentions(subject);
        absent.note_judged(placed);
        absent
    }

    fn note_without(&mut self, subject: &Subject<'_>) {
        let recorders = self.recorders.values().flat_map(|of| of.values().flatten());
        let statuses = self.statuses.values().flat_map(|of| of.values().flatten());
        let naming: HashSet<u32> = recorders
            .map(|(one, _)| one.at.listing.0)
            .chain(statuses.map(|(one, _)| one.at.listing.0))
            .collect();
        for (listing, index) in subject.evidence.listings.iter().zip(0..) {
            let place = &listing.path_place;
            let at = place.account.clone().zip(place.region.clone());
            let about = RECORDERS.contains(&listing.operation) && !naming.contains(&index);
            if let Some(at) = at.filter(|_| about) {
                let taken = subject.taken(ListingIndex(index));
                self.without.entry(at).or_default().push(taken);
            }
        }
    }

    fn sign(&mut self, place: &Place, kind: &Text) {
        if let (Some(account), Some(region)) = (&place.account, &place.region) {
            let known = self
                .signs
                .entry((account.clone(), region.clone()))
                .or_default();
            if IN_VPC.contains(&&**kind) {
                known.extend(OF_VPC.map(Text::from));
            }
            known.insert(kind.clone());
        }
    }

    /// Resources that were there in the period, or may have been: an item tells of the last change,
    /// a snapshot of what is there when it is taken.
    fn note_items(&mut self, subject: &Subject<'_>) {
        let items = &subject.evidence.items;
        for (kind, latest) in items.kinds().iter().zip(items.latest_of_kinds()) {
            let listing = &subject.evidence.listings[kind.listing.0 as usize];
            let whole = listing.kind == ListingKind::Snapshot && !kind.deleted;
            let taken = listing.captured.filter(|_| whole).map(Captured::moment);
            let last = taken.max(latest);
            if last.is_none_or(|last| last >= subject.engagement.period.from) {
                self.sign(&kind.place, &kind.resource_type);
            }
        }
    }

    fn note_discovered(&mut self, subject: &Subject<'_>) {
        for discovered in &subject.evidence.discovered {
            let listing = subject.evidence.listing(discovered.at);
            let before = match listing.captured {
                Some(Captured::At(taken)) => taken < subject.engagement.period.from,
                Some(Captured::AtLeast(_)) | None => false,
            };
            if !before {
                self.sign(&listing.path_place, &discovered.resource_type);
            }
        }
    }

    /// What another resource is related to is there, or was named as such.
    fn note_mentions(&mut self, subject: &Subject<'_>) {
        for mention in &subject.evidence.mentions {
            let listing = subject.evidence.listing(mention.at);
            let before = subject.taken(mention.at.listing);
            if before.is_some_and(|taken| taken < subject.engagement.period.from) {
                continue;
            }
            let (own, path) = (mention.place.clone(), &listing.path_place);
            let place = Place {
                account: own.account.or_else(|| path.account.clone()),
                region: own.region.or_else(|| path.region.clone()),
            };
            self.sign(&place, &mention.resource_type);
        }
    }

    /// What was judged in the period was there.
    fn note_judged(&mut self, placed: &Verdicts<'_>) {
        let mut noted: HashSet<(usize, &str)> = HashSet::new();
        let judged = placed.counted.iter();
        for verdict in judged.filter(|verdict| verdict.hold != Hold::Outside) {
            let kind = &verdict.evaluation.resource_type;
            if noted.insert((verdict.copy.index, kind)) {
                let place = Place {
                    account: Some(verdict.copy.account.clone()),
                    region: Some(verdict.copy.region.clone()),
                };
                self.sign(&place, kind);
            }
        }
    }

    /// Whether anything shows a resource of this type there, whatever a snapshot lacks. What belongs to
    /// the whole account is there if any of its regions shows it.
    pub fn shows(&self, (account, region): &At, kind: &str, reach: Reach) -> bool {
        let has = |known: &BTreeSet<Text>| known.contains(kind);
        let of = |region: &str| self.signs.get(&(account.clone(), region.into()));
        match reach {
            Reach::Regional => of(region).is_some_and(has) || of(GLOBAL).is_some_and(has),
            Reach::Global => (self.signs.range((account.clone(), Text::from(""))..))
                .take_while(|((of, _), _)| of == account)
                .any(|(_, known)| has(known)),
        }
    }

    fn note_snapshots(&mut self, subject: &Subject<'e>, answers: &Answers) {
        let mut found: BTreeMap<ListingIndex, (BTreeSet<At>, Snapshot<'e>)> = BTreeMap::new();
        for (index, listing) in subject.evidence.listings.iter().enumerate() {
            let index = ListingIndex(u32::try_from(index).expect("as many as were counted"));
            if listing.kind == ListingKind::Snapshot && answers.is_whole(answers.of(index)) {
                let place = &listing.path_place;
                let at = place.account.clone().zip(place.region.clone());
                let taken = listing.captured.map(Captured::moment);
                let snapshot = Snapshot {
                    taken,
                    types: BTreeSet::new(),
                    listing: Some(index),
                };
                found.insert(index, (at.into_iter().collect(), snapshot));
            }
        }
        let items = &subject.evidence.items;
        for (kind, latest) in items.kinds().iter().zip(items.latest_of_kinds()) {
            let Some((places, snapshot)) = found.get_mut(&kind.listing) else {
                continue;
            };
            let at = kind.place.account.clone().zip(kind.place.region.clone());
            places.extend(at.filter(|(_, region)| &**region != GLOBAL));
            snapshot.taken = snapshot.taken.max(latest);
            if !kind.deleted {
                snapshot.types.insert(&kind.resource_type);
            }
        }
        for (places, snapshot) in found.into_values() {
            // A snapshot of several places would have to be whole for each: none is known.
            if let (1, Some(at)) = (places.len(), places.into_iter().next()) {
                self.keep(at, snapshot, subject);
            }
        }
    }

    fn keep(&mut self, at: At, snapshot: Snapshot<'e>, subject: &Subject<'_>) {
        let period = &subject.engagement.period;
        // None is without any resource where AWS Config records: one that holds none tells nothing.
        if snapshot.types.is_empty() {
            return;
        }
        // Nor one that is yet to be taken.
        let in_time = |moment| period.from <= moment && moment <= subject.generated_at;
        if !snapshot.taken.is_some_and(in_time) {
            return;
        }
        let known = self.snapshots.entry(at).or_default();
        if snapshot.taken >= known.taken {
            *known = snapshot;
        }
    }

    /// The snapshot that shows that the place has no resource that the rule could judge.
    pub fn has_none(&self, rule: &ManagedRule, at: &At) -> Option<ListingIndex> {
        self.shows_none(rule, at, false)
    }

    /// Whether one would show that, if any status told that the recorder ran.
    pub fn lacks_status(&self, rule: &ManagedRule, at: &At) -> bool {
        !self.statuses.contains_key(at) && self.shows_none(rule, at, true).is_some()
    }

    fn shows_none(&self, rule: &ManagedRule, at: &At, supposed: bool) -> Option<ListingIndex> {
        let snapshot = self.snapshots.get(at)?;
        // No account is without a role of AWS Config's own: one that shows none records none.
        let shows = |kind: &String| {
            !kind.starts_with(GLOBAL_TYPES)
                || (snapshot.types.iter()).any(|known| known.starts_with(GLOBAL_TYPES))
        };
        let none = |kind: &String| {
            let global = kind.starts_with(GLOBAL_TYPES);
            let reach = if global { Reach::Global } else { rule.reach };
            !snapshot.types.contains(kind.as_str()) && shows(kind) && !self.shows(at, kind, reach)
        };
        let proven = rule.recorded
            && !rule.resource_types.is_empty()
            && self.recorded_all(rule, at, snapshot.taken, supposed)
            && rule.resource_types.iter().all(none);
        snapshot.listing.filter(|_| proven)
    }

    /// Whether the recorders of the place, as described nearest to this moment and running then,
    /// recorded all types that the rule judges. Of descriptions that are as near, or of which nobody
    /// knows how near, the narrowest counts.
    /// A recorder without a status is only supposed to have run.
    fn recorded_all(
        &self,
        rule: &ManagedRule,
        at: &At,
        moment: Option<Moment>,
        supposed: bool,
    ) -> bool {
        let statuses = self.statuses.get(at);
        let distance = |taken: Option<Moment>| Some((taken? - moment?).abs());
        // One that an answer as near does not name was not there.
        let there = |said: &[Option<Moment>]| {
            let mut without = self.without.get(at).into_iter().flatten();
            without.all(|bare| {
                let near = |one: &Option<Moment>| {
                    (distance(*one).zip(distance(*bare))).is_some_and(|(one, bare)| one < bare)
                };
                said.iter().any(near)
            })
        };
        let ran = |name: &str| {
            let said = statuses.and_then(|of| of.get(name)).into_iter().flatten();
            let times: Vec<Option<Moment>> = said.clone().map(|(_, taken)| *taken).collect();
            let said = nearest(said.copied().collect(), moment);
            if said.is_empty() {
                return supposed;
            }
            there(&times) && said.iter().all(|status| ran_at(status, moment))
        };
        let running = self
            .recorders
            .get(at)
            .into_iter()
            .flatten()
            .filter(|(name, said)| {
                let times: Vec<Option<Moment>> = said.iter().map(|(_, taken)| *taken).collect();
                ran(name) && there(&times)
            });
        let recorders: Vec<Vec<&Recorder>> = running
            .map(|(_, said)| nearest(said.clone(), moment))
            .collect();
        rule.resource_types.iter().all(|kind| {
            let records =
                |said: &Vec<&Recorder>| said.iter().all(|one| records(&one.recorded, kind));
            recorders.iter().any(records)
        })
    }

    /// What keeps a rule that runs on changes from running on all, if the place's recorders are known
    /// not to record all types that it judges.
    pub fn unrecorded(
        &self,
        rule: &ManagedRule,
        at: &At,
        subject: &Subject<'_>,
    ) -> Option<(Shortfall, ListingIndex)> {
        if rule.trigger != Trigger::ConfigurationChange {
            return None;
        }
        let by = self.leaves_out(rule, at, subject)?;
        Some((Shortfall::NotRecorded(rule.resource_types.join(", ")), by))
    }

    /// The list that shows that the place's recorders do not run, or do not record all types that the
    /// rule judges. Of descriptions of one recorder that differ the narrowest counts.
    fn leaves_out(
        &self,
        rule: &ManagedRule,
        at: &At,
        subject: &Subject<'_>,
    ) -> Option<ListingIndex> {
        let period = &subject.engagement.period;
        let stops = |said: &Vec<(&RecorderStatus, Option<Moment>)>| {
            let latest = settle(said.clone(), |one, other| replaces(one.1, other.1, period));
            let stopped = latest.iter().find(|(status, _)| !status.works);
            stopped.map(|(status, _)| status.at.listing)
        };
        let statuses = self.statuses.get(at);
        let stopped = |name: &str| statuses.and_then(|of| of.get(name)).and_then(stops);
        let Some(recorders) = self.recorders.get(at) else {
            return statuses
                .into_iter()
                .flatten()
                .find_map(|(_, said)| stops(said));
        };
        let of_kind = |kind: &String| {
            let mut short = None;
            for (name, said) in recorders {
                let latest = settle(said.clone(), |one, other| replaces(one.1, other.1, period));
                let narrow = latest.iter().find(|(one, _)| !records(&one.recorded, kind));
                match stopped(name).or(narrow.map(|(one, _)| one.at.listing)) {
                    Some(listing) => short = Some(listing),
                    None => return None,
                }
            }
            short
        };
        rule.resource_types.iter().find_map(of_kind)
    }
}

/// What was said nearest to a moment, and what may have been.
fn nearest<T>(said: Vec<(&T, Option<Moment>)>, moment: Option<Moment>) -> Vec<&T> {
    let distance = |taken: Option<Moment>| Some((taken? - moment?).abs());
    let nearer = |one: Option<Moment>, other: Option<Moment>| {
        distance(one)
            .zip(distance(other))
            .is_some_and(|(one, other)| one < other)
    };
    let said = settle(said, |one, other| nearer(one.1, other.1));
    said.into_iter().map(|(one, _)| one).collect()
}

/// Whether the recorder ran at this moment, as far as the status tells: it was not started since.
fn ran_at(status: &RecorderStatus, moment: Option<Moment>) -> bool {
    let started = status.started.as_ref().map(AwsTime::moment);
    status.works
        && started.is_none_or(|started| {
            started
                .zip(moment)
                .is_some_and(|(started, moment)| started <= moment)
        })
}

fn records(recorded: &Recorded, kind: &str) -> bool {
    match recorded {
        Recorded::All(global) => *global || !kind.starts_with(GLOBAL_TYPES),
        Recorded::Only(types) => types.iter().any(|known| &**known == kind),
        Recorded::Except(types) => types.iter().all(|known| &**known != kind),
    }
}
