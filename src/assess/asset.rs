//! The asset inventory: the latest item of each resource in scope.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::evidence::{ConfigurationItem, Text};
use crate::time::AwsTime;

use super::Subject;
use super::finding::{Names, source_lists};
use super::model::{Asset, Finding, ItemReconciliation, Source, SourceList};
use super::verdict::GLOBAL;

/// The inventory, and what became of every item.
pub fn inventory(subject: &Subject<'_>, findings: &[&Finding]) -> (Vec<Asset>, ItemReconciliation) {
    let mut counts = ItemReconciliation::default();
    let mut latest: BTreeMap<(&str, &str, &str, &str), &ConfigurationItem> = BTreeMap::new();
    for item in &subject.evidence.items {
        counts.read += 1;
        let (Some(account), Some(region)) = (&item.place.account, &item.place.region) else {
            counts.unattributed += 1;
            continue;
        };
        let in_scope = Some(&**region).filter(|region| *region != GLOBAL);
        if !subject.engagement.covers(account, in_scope) {
            counts.out_of_scope += 1;
            continue;
        }
        if is_verdict(item) {
            counts.compliance_items += 1;
            continue;
        }
        let key = (
            &**account,
            &**region,
            &*item.resource_type,
            &*item.resource_id,
        );
        match latest.get_mut(&key) {
            None => {
                latest.insert(key, item);
            }
            Some(known) => {
                counts.older += 1;
                if captured(item) > captured(known) {
                    *known = item;
                }
            }
        }
    }
    let failing = failing(findings);
    let lists = source_lists(subject.evidence);
    let mut assets = Vec::new();
    for item in latest.into_values() {
        if item.is_deleted() {
            counts.deleted += 1;
        } else {
            counts.assets += 1;
            assets.push(asset(item, &failing, &lists));
        }
    }
    (assets, counts)
}

/// AWS Config records its own verdicts as items; they are no resources.
fn is_verdict(item: &ConfigurationItem) -> bool {
    matches!(
        &*item.resource_type,
        "AWS::Config::ResourceCompliance" | "AWS::Config::ConformancePackCompliance"
    )
}

fn captured(item: &ConfigurationItem) -> Option<crate::time::Moment> {
    item.captured_at.as_ref().and_then(AwsTime::moment)
}

/// The names of resources by account, type and id.
pub fn names(items: &[ConfigurationItem]) -> Names<'_> {
    let mut names = Names::new();
    for item in items {
        if let (Some(account), Some(name)) = (&item.place.account, &item.resource_name) {
            names.insert((account, &item.resource_type, &item.resource_id), name);
        }
    }
    names
}

type Failing<'f> = BTreeMap<(&'f str, &'f str, &'f str), u32>;

fn failing<'f>(findings: &[&'f Finding]) -> Failing<'f> {
    let mut failing = Failing::new();
    for finding in findings {
        let key = (
            &*finding.account,
            &*finding.resource_type,
            &*finding.resource_id,
        );
        *failing.entry(key).or_default() += 1;
    }
    failing
}

fn asset(item: &ConfigurationItem, failing: &Failing<'_>, lists: &[Arc<SourceList>]) -> Asset {
    let text = |text: &Option<Text>| text.as_deref().map(str::to_owned);
    let account = text(&item.place.account).unwrap_or_default();
    let key = (&*account, &*item.resource_type, &*item.resource_id);
    Asset {
        failing_findings: failing.get(&key).copied().unwrap_or_default(),
        region: text(&item.place.region).unwrap_or_default(),
        resource_type: item.resource_type.to_string(),
        resource_id: item.resource_id.to_string(),
        resource_name: text(&item.resource_name),
        arn: text(&item.arn),
        created_at: item.created_at.clone(),
        captured_at: item.captured_at.clone(),
        status: item.status.to_string(),
        tags: tags(item),
        source: Source {
            list: lists[item.at.listing.0 as usize].clone(),
            element: item.at.element,
            offset: item.at.offset,
        },
        account,
    }
}

fn tags(item: &ConfigurationItem) -> String {
    let tags: Vec<String> = item
        .tags
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    tags.join(";")
}
