//! Recorded resources on which no rule has a verdict where they are, and those that were deleted.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::evidence::{Identity, ListingIndex, Text, identity};
use crate::time::Moment;

use super::Subject;
use super::finding::Judged;
use super::verdict::{GLOBAL, Hold};

/// Account, and region or `global`, with the type.
pub type Kind = (Text, Text, Text);

/// Where and when a resource is known to exist.
#[derive(Clone, Copy)]
pub struct Known {
    /// Since when, if that is known.
    pub since: Option<Moment>,
    /// The list that shows it.
    pub listing: ListingIndex,
}

/// What is recorded.
#[derive(Default)]
pub struct Records {
    /// Resources that no rule judges where they are.
    pub there: BTreeMap<Kind, Vec<Recorded>>,
    /// What was deleted, by account.
    pub deleted: HashSet<(Text, Identity)>,
}

/// A recorded resource that no rule judges, without its id.
pub struct Recorded {
    /// What it is known by.
    pub identity: Identity,
    /// Of its latest item.
    pub index: usize,
    /// Where it is known from.
    pub known: Known,
}

/// What records are compared with.
pub struct Sources<'s, 'f> {
    /// What is assessed.
    pub subject: &'s Subject<'s>,
    /// Of which types resources matter.
    pub types: &'s BTreeSet<&'s str>,
    /// Findings of one rule, place and type.
    pub judged: &'s BTreeMap<Kind, Vec<&'f [Judged]>>,
}

impl Records {
    /// Of each recorded resource that no rule judges where it is the latest item, unless that says it was
    /// deleted.
    pub fn find(sources: &Sources<'_, '_>) -> Self {
        let items = &sources.subject.evidence.items;
        let mut places: BTreeMap<Kind, u32> = BTreeMap::new();
        let places_of: Vec<Option<u32>> = (items.kinds().iter())
            .map(|kind| {
                let place = kind.place.account.clone().zip(kind.place.region.clone());
                let (account, region) =
                    place.filter(|_| sources.types.contains(&*kind.resource_type))?;
                let next = u32::try_from(places.len()).expect("fewer than 2^32 places");
                let key = (account, region, kind.resource_type.clone());
                Some(*places.entry(key).or_insert(next))
            })
            .collect();
        if places.is_empty() {
            return Self::default();
        }
        let judged = sources.judged_at(&places);
        let mut order: Vec<(u32, Identity, u32)> = Vec::new();
        for (item, index) in items.iter().zip(0..) {
            let place = places_of[item.kind_index];
            let place =
                place.filter(|place| judged.binary_search(&(*place, item.identity)).is_err());
            order.extend(place.map(|place| (place, item.identity, index)));
        }
        drop(judged);
        order.sort_unstable();
        let mut kinds: Vec<&Kind> = places.keys().collect();
        kinds.sort_unstable_by_key(|kind| places[*kind]);
        let mut found = Self::default();
        for of_one in order.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let all = of_one.iter().map(|(.., index)| *index as usize);
            let latest = all.clone().reduce(|known, index| {
                let is_later = items.get(index).is_later_than(&items.get(known));
                if is_later { index } else { known }
            });
            let index = latest.expect("a chunk has an element");
            let (item, kind) = (items.get(index), kinds[of_one[0].0 as usize]);
            if item.kind.deleted {
                found.deleted.insert((kind.0.clone(), item.identity));
                continue;
            }
            let captured = all.filter_map(|index| items.get(index).captured_at());
            let recorded = Recorded {
                identity: item.identity,
                index,
                known: Known {
                    since: captured.min(),
                    listing: item.kind.listing,
                },
            };
            match found.there.get_mut(kind) {
                Some(known) => known.push(recorded),
                None => drop(found.there.insert(kind.clone(), vec![recorded])),
            }
        }
        found
    }
}

impl Sources<'_, '_> {
    /// What rules judge at these places, in order: a verdict on what has the same id elsewhere, or from
    /// outside the period, is none.
    fn judged_at(&self, places: &BTreeMap<Kind, u32>) -> Vec<(u32, Identity)> {
        let mut judged = Vec::new();
        for (kind, findings) in self.judged {
            let here: Vec<u32> = if &*kind.1 == GLOBAL {
                let of_account = of_account(places, &kind.0);
                let of_type = of_account.filter(|place| place.2 == kind.2);
                of_type.map(|place| places[place]).collect()
            } else {
                let global = (kind.0.clone(), GLOBAL.into(), kind.2.clone());
                [kind, &global]
                    .iter()
                    .filter_map(|kind| places.get(*kind).copied())
                    .collect()
            };
            let findings = findings.iter().flat_map(|alike| alike.iter());
            for one in findings.filter(|one| one.hold != Hold::Outside) {
                let known = identity(&kind.2, &one.finding.resource_id);
                judged.extend(here.iter().map(|place| (*place, known)));
            }
        }
        judged.sort_unstable();
        judged
    }
}

/// The keys of an account.
pub fn of_account<'k, T>(
    known: &'k BTreeMap<Kind, T>,
    account: &'k Text,
) -> impl Iterator<Item = &'k Kind> {
    let first = (account.clone(), Text::from(""), Text::from(""));
    let here = known.range(first..).map(|(kind, _)| kind);
    here.take_while(move |kind| kind.0 == *account)
}
