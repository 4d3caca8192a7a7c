//! Which kinds of resources do not exist at a place: a whole snapshot holds none of them, and its
//! recorder records them.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::catalogue::{ManagedRule, Trigger};
use crate::evidence::{
    Captured, ListingIndex, ListingKind, Place, Provenance, Recorded, Recorder, RecorderStatus,
    Text,
};
use crate::time::Moment;

use super::Subject;
use super::coverage::Shortfall;
use super::page::Answers;
use super::place::keep_latest;
use super::verdict::{GLOBAL, Hold, Verdicts};

type At = (Text, Text);

/// What the snapshots hold, and what the recorders record.
#[derive(Default)]
pub struct Absent<'e> {
    snapshots: BTreeMap<At, Snapshot<'e>>,
    recorders: BTreeMap<At, ByName<'e, Recorder>>,
    statuses: BTreeMap<At, ByName<'e, RecorderStatus>>,
    /// By place, or account and `global`: of which types anything shows a resource in the period.
    signs: BTreeMap<At, BTreeSet<Text>>,
}

/// By the recorder's name what was seen of it; several where none is certainly the latest.
type ByName<'e, T> = BTreeMap<&'e str, Vec<&'e T>>;

/// Of global services, which a recorder may leave to another region, or cannot record in its own.
const GLOBAL_TYPES: &str = "AWS::IAM::";

/// The latest whole snapshot of a place that was not taken before the period.
#[derive(Default)]
struct Snapshot<'e> {
    taken: Option<Moment>,
    types: BTreeSet<&'e str>,
}

impl<'e> Absent<'e> {
    /// Looks through snapshots and recorders.
    pub fn new(subject: &Subject<'e>, answers: &Answers, placed: &Verdicts<'e>) -> Self {
        let mut absent = Self::default();
        let told = |place: &Place, at: Provenance| {
            let path = &subject.evidence.listing(at).path_place;
            let of = |place: &Place| Some((place.account.clone()?, place.region.clone()?));
            of(place).or_else(|| of(path))
        };
        let context = (subject, Some(&subject.engagement.period));
        for recorder in &subject.evidence.recorders {
            if let Some(at) = told(&recorder.place, recorder.at) {
                let known = absent.recorders.entry(at).or_default();
                let known = known.entry(&recorder.name).or_default();
                keep_latest(known, recorder, |one| one.at, context);
            }
        }
        for status in &subject.evidence.recorder_statuses {
            if let Some(at) = told(&status.place, status.at) {
                let known = absent.statuses.entry(at).or_default();
                let known = known.entry(&status.name).or_default();
                keep_latest(known, status, |one| one.at, context);
            }
        }
        absent.note_snapshots(subject, answers);
        absent.note_items(subject);
        absent.note_discovered(subject);
        absent.note_judged(placed);
        absent
    }

    fn sign(&mut self, place: &Place, kind: &Text) {
        if let (Some(account), Some(region)) = (&place.account, &place.region) {
            let known = self.signs.entry((account.clone(), region.clone()));
            known.or_default().insert(kind.clone());
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

    /// Whether anything shows a resource of this type there, whatever a snapshot lacks.
    fn shows(&self, (account, region): &At, kind: &str) -> bool {
        [region.clone(), GLOBAL.into()].into_iter().any(|region| {
            let known = self.signs.get(&(account.clone(), region));
            known.is_some_and(|known| known.contains(kind))
        })
    }

    fn note_snapshots(&mut self, subject: &Subject<'e>, answers: &Answers) {
        let mut found: BTreeMap<ListingIndex, (BTreeSet<At>, Snapshot<'e>)> = BTreeMap::new();
        for (index, listing) in subject.evidence.listings.iter().enumerate() {
            let index = ListingIndex(u32::try_from(index).expect("as many as were counted"));
            if listing.kind == ListingKind::Snapshot && answers.is_whole(answers.of(index)) {
                let place = &listing.path_place;
                let at = place.account.clone().zip(place.region.clone());
                let taken = listing.captured.map(Captured::moment);
                let types = BTreeSet::new();
                found.insert(index, (at.into_iter().collect(), Snapshot { taken, types }));
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

    /// Whether the place has no resource that the rule could judge.
    pub fn has_none(&self, rule: &ManagedRule, account: &str, region: &str) -> bool {
        let at = (Text::from(account), Text::from(region));
        let Some(snapshot) = self.snapshots.get(&at) else {
            return false;
        };
        // No account is without a role of AWS Config's own: one that shows none records none.
        let shows = |kind: &String| {
            !kind.starts_with(GLOBAL_TYPES)
                || (snapshot.types.iter()).any(|known| known.starts_with(GLOBAL_TYPES))
        };
        let none = |kind: &String| {
            !snapshot.types.contains(kind.as_str()) && shows(kind) && !self.shows(&at, kind)
        };
        rule.recorded
            && self.records_all(rule, &at) == Some(true)
            && rule.resource_types.iter().all(none)
    }

    /// What keeps a rule that runs on changes from running on all, if the place's recorders are known
    /// not to record all types that it judges.
    pub fn unrecorded(&self, rule: &ManagedRule, account: &str, region: &str) -> Option<Shortfall> {
        let at = (Text::from(account), Text::from(region));
        let on_changes = rule.trigger == Trigger::ConfigurationChange;
        let known = on_changes && self.records_all(rule, &at) == Some(false);
        known.then(|| Shortfall::NotRecorded(rule.resource_types.join(", ")))
    }

    /// Whether the place's recorders run and record all types that the rule judges; `None` where
    /// no export tells. Of descriptions of one recorder that differ the narrowest counts.
    fn records_all(&self, rule: &ManagedRule, at: &At) -> Option<bool> {
        let statuses = self.statuses.get(at);
        let stops = |seen: &Vec<&RecorderStatus>| seen.iter().any(|status| !status.works);
        let Some(recorders) = self.recorders.get(at) else {
            let mut seen = statuses.into_iter().flat_map(BTreeMap::values);
            return seen.any(stops).then_some(false);
        };
        let stopped = |name: &str| statuses.and_then(|of| of.get(name)).is_some_and(stops);
        let recorded = |kind: &String| {
            let mut running = recorders.iter().filter(|(name, _)| !stopped(name));
            running.any(|(_, seen)| seen.iter().all(|one| records(&one.recorded, kind)))
        };
        Some(rule.resource_types.iter().all(recorded))
    }
}

fn records(recorded: &Recorded, kind: &str) -> bool {
    match recorded {
        Recorded::All(global) => *global || !kind.starts_with(GLOBAL_TYPES),
        Recorded::Only(types) => types.iter().any(|known| &**known == kind),
        Recorded::Except(types) => types.iter().all(|known| &**known != kind),
    }
}
