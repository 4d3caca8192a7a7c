//! The asset inventory: the latest item of each resource in scope.

use std::collections::BTreeMap;

use crate::evidence::{Identity, Items, Kind};

use super::Subject;
use super::finding::source_lists;
use super::model::{Inventory, ItemReconciliation};
use super::verdict::GLOBAL;

/// The inventory, and what became of every item.
pub fn inventory(subject: &Subject<'_>) -> (Inventory, ItemReconciliation) {
    let items = &subject.evidence.items;
    let mut counts = ItemReconciliation::default();
    let places = places(items.kinds());
    let mut order: Vec<Place> = Vec::with_capacity(items.len());
    for (item, index) in items.iter().zip(0_u32..) {
        counts.read += 1;
        if let Some(count) = set_aside(item.kind, subject, &mut counts) {
            *count += 1;
        } else {
            order.push((places[item.kind_index], item.identity, index));
        }
    }
    order.sort_unstable();
    let mut assets = Vec::new();
    for group in order.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        counts.older += group.len() as u64 - 1;
        let latest = latest(group, items);
        if items.get(latest as usize).kind.deleted {
            counts.deleted += 1;
        } else {
            counts.assets += 1;
            assets.push(latest);
        }
    }
    let lists = source_lists(subject.evidence);
    (Inventory::new(items.clone(), assets, lists), counts)
}

/// The number of the account, region and type, the resource, and the index of an item.
type Place = (u32, Identity, u32);

/// The first of those that were captured last.
fn latest(group: &[Place], items: &Items) -> u32 {
    let mut latest = group[0].2;
    for (_, _, index) in &group[1..] {
        if items
            .get(*index as usize)
            .is_later_than(&items.get(latest as usize))
        {
            latest = *index;
        }
    }
    latest
}

/// Where an item is counted that is no asset.
fn set_aside<'c>(
    kind: &Kind,
    subject: &Subject<'_>,
    counts: &'c mut ItemReconciliation,
) -> Option<&'c mut u64> {
    let (Some(account), Some(region)) = (&kind.place.account, &kind.place.region) else {
        return Some(&mut counts.unattributed);
    };
    let in_scope = Some(&**region).filter(|region| *region != GLOBAL);
    if !subject.engagement.covers(account, in_scope) {
        return Some(&mut counts.out_of_scope);
    }
    is_verdict(kind).then_some(&mut counts.compliance_items)
}

/// AWS Config records its own verdicts as items; they are no resources.
fn is_verdict(kind: &Kind) -> bool {
    matches!(
        &*kind.resource_type,
        "AWS::Config::ResourceCompliance" | "AWS::Config::ConformancePackCompliance"
    )
}

type Key<'k> = (Option<&'k str>, Option<&'k str>, &'k str);

/// Account, region and type.
fn key(kind: &Kind) -> Key<'_> {
    let place = &kind.place;
    (
        place.account.as_deref(),
        place.region.as_deref(),
        &kind.resource_type,
    )
}

/// The account, region and type of each kind, as a number in their order.
fn places(kinds: &[Kind]) -> Vec<u32> {
    let mut numbers: BTreeMap<Key<'_>, u32> = kinds.iter().map(|kind| (key(kind), 0)).collect();
    for (number, place) in (0..).zip(numbers.values_mut()) {
        *place = number;
    }
    kinds.iter().map(|kind| numbers[&key(kind)]).collect()
}
