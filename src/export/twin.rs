//! The same verdicts in files of several places. No two places give the same to the fraction of a
//! second: one was copied into the folder of another, and nobody can tell which. What their paths
//! disagree on, neither tells.

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::evidence::{EvaluationResult, Evidence, InputIndex, Place};
use crate::time::AwsTime;

/// Files by the verdicts of which nothing but their path tells where they were given.
type Twins = BTreeMap<Digest, Vec<InputIndex>>;

/// Forgets what the paths of such files say of their place, and notes why.
pub fn forget_places(evidence: &mut Evidence) {
    let twins = twins(evidence);
    let mut forgotten: BTreeMap<InputIndex, Disputed> = BTreeMap::new();
    for inputs in twins.values().filter(|inputs| inputs.len() > 1) {
        let disputed = Disputed::of(inputs.iter().map(|input| place(evidence, *input)));
        for input in inputs {
            if let Some(other) = other(*input, inputs, evidence) {
                let path = &evidence.inputs[other.0 as usize].path;
                let note = format!(
                    "`{path}` holds the same verdicts, and its path names another account or region: neither path tells of which they are; export each place anew"
                );
                let reason = &mut evidence.inputs[input.0 as usize].reason;
                *reason = Some(match reason.take() {
                    Some(reason) => format!("{reason}; {note}"),
                    None => note,
                });
                forgotten.insert(*input, disputed);
            }
        }
    }
    for listing in &mut evidence.listings {
        if let Some(disputed) = forgotten.get(&listing.input) {
            disputed.forget(&mut listing.path_place);
        }
    }
}

fn place(evidence: &Evidence, input: InputIndex) -> &Place {
    &evidence.inputs[input.0 as usize].path_place
}

/// The first of these files that is of another place than this one.
fn other(input: InputIndex, inputs: &[InputIndex], evidence: &Evidence) -> Option<InputIndex> {
    let places = |other| [place(evidence, input), place(evidence, other)].into_iter();
    let mut others = inputs.iter().copied();
    others.find(|other| Disputed::of(places(*other)).any())
}

/// What the paths of some files disagree on.
#[derive(Clone, Copy)]
struct Disputed {
    account: bool,
    region: bool,
}

impl Disputed {
    fn of<'p>(places: impl Iterator<Item = &'p Place> + Clone) -> Self {
        let mut accounts = places.clone().filter_map(|place| place.account.as_ref());
        let mut regions = places.filter_map(|place| place.region.as_ref());
        let (account, region) = (accounts.next(), regions.next());
        Self {
            account: accounts.any(|other| Some(other) != account),
            region: regions.any(|other| Some(other) != region),
        }
    }

    fn any(self) -> bool {
        self.account || self.region
    }

    fn forget(self, place: &mut Place) {
        if self.account {
            place.account = None;
        }
        if self.region {
            place.region = None;
        }
    }
}

fn twins(evidence: &Evidence) -> Twins {
    let input = |row: &EvaluationResult| evidence.listing(row.at).input;
    let files = evidence.evaluations.chunk_by(|a, b| input(a) == input(b));
    let mut twins = Twins::new();
    for rows in files {
        let placed =
            |row: &EvaluationResult| row.place.account.is_some() && row.place.region.is_some();
        if rows.iter().all(placed) {
            continue;
        }
        let index = input(&rows[0]);
        let known = if rows.iter().any(is_exact) {
            Some(by_rows(rows))
        } else {
            evidence.inputs[index.0 as usize].sha256
        };
        if let Some(known) = known {
            twins.entry(known).or_default().push(index);
        }
    }
    twins
}

/// Whether it tells when it was recorded to the fraction of a second.
fn is_exact(row: &EvaluationResult) -> bool {
    let moment = row.recorded_at.as_ref().and_then(AwsTime::moment);
    moment.is_some_and(|moment| moment.timestamp_subsec_nanos() != 0)
}

/// Which rule judged what and when, however the file spells it.
fn by_rows(rows: &[EvaluationResult]) -> Digest {
    rows.iter().fold(Digest::of(b""), |before, row| {
        let moment = row.recorded_at.as_ref().and_then(AwsTime::moment);
        let time = moment.map_or(0, |moment| moment.timestamp_micros());
        let texts = [&row.rule, &row.resource_type, &row.resource_id];
        // With the lengths it is certain where each ends.
        let lengths = texts.map(|text| (text.len() as u64).to_le_bytes()).concat();
        Digest::of_parts(&[
            before.as_bytes(),
            &lengths,
            row.rule.as_bytes(),
            row.resource_type.as_bytes(),
            row.resource_id.as_bytes(),
            &time.to_le_bytes(),
        ])
    })
}
