//! The same answer filed under several places: one file was copied into the folder of another, and
//! nobody can tell which. What passes in it is of neither place; what fails, fails where each file
//! lies. Equal answers are found by their rows, however a client spells, splits or packs them.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::digest::Digest;
use crate::evidence::{EvaluationResult, Evidence, InputIndex, ListingIndex, Place};
use crate::time::AwsTime;

/// So many equal rows are no chance, even where times are known to the second only.
const NO_CHANCE: u32 = 3;

/// Lists that hold the same rows as others, with those whose paths name another place.
type Twins = BTreeMap<ListingIndex, BTreeSet<ListingIndex>>;

/// Takes from the place of each such list what the paths disagree on, keeps the whole as disputed,
/// and notes why.
pub fn dispute_places(evidence: &mut Evidence) {
    let mut notes: BTreeMap<InputIndex, InputIndex> = BTreeMap::new();
    let input = |listing: ListingIndex| evidence.listings[listing.0 as usize].input;
    let agreed = twins(evidence).into_iter().map(|(listing, others)| {
        if let Some(first) = others.first() {
            notes.entry(input(listing)).or_insert(input(*first));
        }
        let places = others.iter().map(|other| place(evidence, *other));
        let own = place(evidence, listing).clone();
        (listing, places.fold(own, agreed_on))
    });
    for (listing, agreed) in agreed.collect::<Vec<_>>() {
        let list = &mut evidence.listings[listing.0 as usize];
        list.disputed = Some(std::mem::replace(&mut list.path_place, agreed));
    }
    for (input, other) in notes {
        let path = &evidence.inputs[other.0 as usize].path;
        let note = format!(
            "`{path}` holds the same verdicts, and its path names another account or region: neither path tells of which they are; until the copy is removed, what passes counts for neither and what fails for each in scope"
        );
        let reason = &mut evidence.inputs[input.0 as usize].reason;
        *reason = Some(match reason.take() {
            Some(reason) => format!("{reason}; {note}"),
            None => note,
        });
    }
}

fn place(evidence: &Evidence, listing: ListingIndex) -> &Place {
    &evidence.listings[listing.0 as usize].path_place
}

/// What is left of a place without what another contradicts.
fn agreed_on(place: Place, other: &Place) -> Place {
    Place {
        account: place
            .account
            .filter(|own| other.account.as_ref().is_none_or(|o| o == own)),
        region: place
            .region
            .filter(|own| other.region.as_ref().is_none_or(|o| o == own)),
    }
}

fn differ(one: &Place, other: &Place) -> bool {
    agreed_on(one.clone(), other) != *one
}

/// A verdict of which nothing but its list's path tells where it was given, as short as it can be
/// compared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    known: u64,
    listing: ListingIndex,
    kind: RowKind,
}

/// What two equal rows of two places prove.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum RowKind {
    /// Recorded at the same fraction of a second: one is a copy of the other.
    Exact,
    /// Recorded in the same second.
    Round,
    /// The same, on a resource that every region of its account judges: nothing within one account.
    RoundOfAccount,
    /// The same, on what is shown with the same times at many places: nothing.
    Anywhere,
}

/// How many rows a list has, or two lists have in common, of each kind.
#[derive(Clone, Copy, Default)]
struct Counted([u32; 4]);

impl Counted {
    fn add(&mut self, kind: RowKind) {
        self.0[kind as usize] += 1;
    }

    fn exact(self) -> u32 {
        self.0[RowKind::Exact as usize]
    }

    /// How many count between places of one account, or of two.
    fn counting(self, of_one_account: bool) -> u32 {
        let [exact, round, of_account, _] = self.0;
        exact + round + if of_one_account { 0 } else { of_account }
    }
}

fn twins(evidence: &Evidence) -> Twins {
    let mut twins = Twins::new();
    if !has_several_places(evidence) {
        return twins;
    }
    let rows = rows(evidence);
    let mut all: BTreeMap<ListingIndex, Counted> = BTreeMap::new();
    for row in &rows {
        all.entry(row.listing).or_default().add(row.kind);
    }
    for ((one, other), common) in common(&rows, evidence) {
        let (place, of_other) = (place(evidence, one), place(evidence, other));
        let of_one_account = agreed_on(place.clone(), of_other).account == place.account;
        if are_twins(common, all[&one], all[&other], of_one_account) {
            twins.entry(one).or_default().insert(other);
            twins.entry(other).or_default().insert(one);
        }
    }
    same_bytes(evidence, &rows, &mut twins);
    twins
}

fn has_several_places(evidence: &Evidence) -> bool {
    let places = || evidence.listings.iter().map(|list| &list.path_place);
    let accounts: BTreeSet<_> = places()
        .filter_map(|place| place.account.as_ref())
        .collect();
    let regions: BTreeSet<_> = places().filter_map(|place| place.region.as_ref()).collect();
    accounts.len() > 1 || regions.len() > 1
}

/// Whether one is a copy of the other, whole or in part: a part is told by exact times, or by more
/// rows than chance makes equal.
fn are_twins(common: Counted, one: Counted, other: Counted, of_one_account: bool) -> bool {
    let [common_rows, one_rows, other_rows] =
        [common, one, other].map(|counted| counted.counting(of_one_account));
    let all_of_both = common_rows == one_rows.max(other_rows);
    let all_of_one = common.exact() == one_rows.min(other_rows);
    common_rows >= NO_CHANCE || common_rows > 0 && (all_of_both || all_of_one)
}

/// The rows, each once a list, equal ones beside each other.
fn rows(evidence: &Evidence) -> Vec<Row> {
    let unplaced = evidence.evaluations.iter().filter(|row| {
        let placed = row.place.account.is_some() && row.place.region.is_some();
        !placed && *place(evidence, row.at.listing) != Place::default()
    });
    let mut rows: Vec<Row> = unplaced.map(row).collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

fn row(of: &EvaluationResult) -> Row {
    let kind = kind(of);
    let mut hasher = DefaultHasher::new();
    (&of.rule, &of.resource_type, &of.resource_id).hash(&mut hasher);
    of.recorded_at.as_ref().map(key).hash(&mut hasher);
    if kind != RowKind::Exact {
        of.evaluated_at.as_ref().map(key).hash(&mut hasher);
        of.compliance.hash(&mut hasher);
    }
    Row {
        known: hasher.finish(),
        listing: of.at.listing,
        kind,
    }
}

/// A moment, whatever its zone; a time without a zone as it is written.
fn key(time: &AwsTime) -> (Option<i64>, Option<String>) {
    let micros = time.moment().map(|moment| moment.timestamp_micros());
    (micros, micros.is_none().then(|| time.to_string()))
}

fn kind(row: &EvaluationResult) -> RowKind {
    let moment = row.recorded_at.as_ref().and_then(AwsTime::moment);
    if moment.is_some_and(|moment| moment.timestamp_subsec_micros() != 0) {
        return RowKind::Exact;
    }
    match &*row.resource_type {
        // A trail of several regions, or of an organization.
        "AWS::CloudTrail::Trail" => RowKind::Anywhere,
        "AWS::::Account" => RowKind::RoundOfAccount,
        kind if kind.starts_with("AWS::IAM::") => RowKind::RoundOfAccount,
        _ => RowKind::Round,
    }
}

/// How many rows each two lists have in common whose paths name different places.
fn common(rows: &[Row], evidence: &Evidence) -> BTreeMap<(ListingIndex, ListingIndex), Counted> {
    let mut common: BTreeMap<_, Counted> = BTreeMap::new();
    for equal in rows.chunk_by(|a, b| a.known == b.known) {
        for (at, one) in equal.iter().enumerate() {
            let others = equal[at + 1..].iter().filter(|other| {
                differ(place(evidence, one.listing), place(evidence, other.listing))
            });
            for other in others {
                let both = common.entry((one.listing, other.listing)).or_default();
                both.add(one.kind);
            }
        }
    }
    common
}

/// Files of the same bytes are copies whatever they tell of.
fn same_bytes(evidence: &Evidence, rows: &[Row], twins: &mut Twins) {
    let listings: BTreeSet<ListingIndex> = rows.iter().map(|row| row.listing).collect();
    let mut files: BTreeMap<Digest, Vec<ListingIndex>> = BTreeMap::new();
    for listing in listings {
        let input = evidence.listings[listing.0 as usize].input;
        if let Some(digest) = evidence.inputs[input.0 as usize].sha256 {
            files.entry(digest).or_default().push(listing);
        }
    }
    for copies in files.values() {
        for one in copies {
            let own = place(evidence, *one);
            let others = copies.iter().copied();
            let others: BTreeSet<_> = others
                .filter(|o| differ(own, place(evidence, *o)))
                .collect();
            if !others.is_empty() {
                twins.entry(*one).or_default().extend(others);
            }
        }
    }
}
