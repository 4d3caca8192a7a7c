//! Takes what the files gave into the evidence, in the files' order.

use std::collections::{HashMap, HashSet};

use crate::evidence::{
    Captured, Evidence, Input, InputIndex, InputStatus, ListingIndex, Provenance, Text,
};

use super::archive::Member;
use super::path;
use super::staged::Staged;

/// Takes one file in; nothing of a rejected one but that it was there.
pub fn commit(input: Input, staged: Staged, evidence: &mut Evidence) -> InputIndex {
    let index = u32::try_from(evidence.inputs.len()).expect("fewer than 2^32 files");
    let base = u32::try_from(evidence.listings.len()).expect("fewer than 2^32 lists");
    let rejected = input.status == InputStatus::Rejected;
    let place = input.path_place.clone();
    let named_time = path::snapshot_time(&input.path).map(Captured::At);
    evidence.inputs.push(input);
    if rejected {
        return InputIndex(index);
    }
    let moved = |mut at: Provenance| {
        at.listing = ListingIndex(at.listing.0 + base);
        at
    };
    evidence
        .listings
        .extend(staged.listings.into_iter().map(|mut listing| {
            listing.input = InputIndex(index);
            listing.path_place = place.clone();
            listing.captured = listing.captured.or(named_time);
            listing
        }));
    macro_rules! take {
        ($field:ident) => {
            evidence
                .$field
                .extend(staged.$field.into_iter().map(|mut record| {
                    record.at = moved(record.at);
                    record
                }));
        };
    }
    take!(evaluations);
    take!(rule_compliances);
    take!(config_rules);
    let first = evidence.items.len();
    take!(items);
    // Items of queries may lack what the path tells.
    for item in &mut evidence.items[first..] {
        let known = &mut item.place;
        known.account = known.account.take().or_else(|| place.account.clone());
        known.region = known.region.take().or_else(|| place.region.clone());
    }
    take!(rule_statuses);
    take!(recorders);
    take!(recorder_statuses);
    take!(packs);
    take!(counts);
    InputIndex(index)
}

/// Members are numbered within their archive: `E0007.0001`.
pub fn commit_members(
    members: Vec<Member>,
    (id, archive): &(Option<String>, InputIndex),
    evidence: &mut Evidence,
) {
    let mut number = 0;
    for (mut input, staged) in members {
        if let Some(id) = id.as_ref().filter(|_| input.status != InputStatus::Ignored) {
            number += 1;
            input.id = Some(format!("{id}.{number:04}"));
        }
        input.archive = Some(*archive);
        commit(input, staged, evidence);
    }
}

/// Security Hub names resources by ARN: where the resource was recorded, its item tells the type
/// and id under which AWS Config's own verdicts name it.
pub fn name_by_arn(evidence: &mut Evidence) {
    let wanted: HashSet<&str> = evidence
        .evaluations
        .iter()
        .filter_map(|evaluation| evaluation.resource_arn.as_deref())
        .collect();
    let items = evidence.items.iter();
    let known: HashMap<Text, (Text, Text)> = items
        .filter_map(|item| {
            let arn = item.arn.as_ref().filter(|arn| wanted.contains(&***arn))?;
            let named = (item.resource_type.clone(), item.resource_id.clone());
            Some((arn.clone(), named))
        })
        .collect();
    for evaluation in &mut evidence.evaluations {
        let arn = evaluation.resource_arn.as_ref();
        if let Some((kind, id)) = arn.and_then(|arn| known.get(arn)) {
            evaluation.resource_type = kind.clone();
            evaluation.resource_id = id.clone();
        }
    }
}
