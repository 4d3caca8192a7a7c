//! Counts of what passes and fails at a place.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::rules::count;
use crate::assess::tests::world::aws::{Answer, Asking, list};
use crate::assess::tests::world::clock::{Time, iso};
use crate::assess::tests::world::estate::Site;
use crate::assess::tests::world::verdict::Verdict;

fn summary(passing: usize, failing: usize, time: Time) -> Value {
    json!({
        "CompliantResourceCount": count(passing),
        "NonCompliantResourceCount": count(failing),
        "ComplianceSummaryTimestamp": iso(time),
    })
}

/// How many rules pass and fail.
pub fn rules(site: &Site, time: Time) -> (usize, usize) {
    let told = site.rules.iter().map(|rule| site.rows(rule, time));
    let told = told.filter(|rows| !rows.is_empty());
    let (failing, passing): (Vec<_>, Vec<_>) =
        told.partition(|rows| rows.iter().any(Verdict::fails));
    (passing.len(), failing.len())
}

pub fn by_rule(asking: &Asking<'_>) -> Answer {
    let (passing, failing) = rules(asking.site, asking.time);
    Ok(json!({"ComplianceSummary": summary(passing, failing, asking.time)}))
}

pub fn by_type(asking: &Asking<'_>) -> Answer {
    let (mut judged, mut failing) = (BTreeSet::new(), BTreeSet::new());
    for rule in &asking.site.rules {
        for row in asking.site.rows(rule, asking.time) {
            let key = (row.resource.kind, row.resource.id.as_str());
            judged.insert(key);
            if row.fails() {
                failing.insert(key);
            }
        }
    }
    let kinds: BTreeSet<&str> = judged.iter().map(|(kind, _)| *kind).collect();
    let kinds = kinds
        .into_iter()
        .filter(|kind| asking.request.lets("resource-types", kind));
    let rows = kinds.map(|kind| {
        let of = |set: &BTreeSet<(&str, &str)>| set.iter().filter(|(one, _)| *one == kind).count();
        let (all, failing) = (of(&judged), of(&failing));
        json!({"ResourceType": kind, "ComplianceSummary": summary(all - failing, failing, asking.time)})
    });
    Ok(list("ComplianceSummariesByResourceType", rows))
}
