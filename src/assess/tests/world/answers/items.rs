//! What AWS Config records of resources: snapshots, histories, inventories and queries.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::assess::tests::world::aws::{Answer, Asking, Refused, list};
use crate::assess::tests::world::clock::{Time, iso};
use crate::assess::tests::world::estate::{ACCOUNT, Resource, Site};

/// What there is now, of what the recorder records.
fn recorded<'a>(asking: &'a Asking<'_>) -> impl Iterator<Item = &'a Resource> {
    let there = asking
        .site
        .resources
        .iter()
        .filter(|one| one.there(asking.time) && one.kind != ACCOUNT);
    there.filter(|one| asking.site.recorded(one.kind, asking.time))
}

fn region_of(site: &Site, one: &Resource) -> &'static str {
    if one.kind.starts_with("AWS::IAM::") {
        "global"
    } else {
        site.region
    }
}

fn last_change(one: &Resource, time: Time) -> Time {
    let changes = one.quality.values().flatten().map(|(since, _)| *since);
    changes
        .filter(|since| *since <= time)
        .chain([one.created])
        .max()
        .unwrap_or(one.created)
}

/// Route tables are of the first network there.
fn relationships(site: &Site, one: &Resource, time: Time) -> Value {
    let of = |kind: &str| {
        let there = site.resources.iter().filter(move |other| other.there(time));
        let there: Vec<&Resource> = there.filter(|other| other.kind == kind).collect();
        there
    };
    let related = match one.kind {
        "AWS::EC2::VPC" => of("AWS::EC2::RouteTable"),
        "AWS::EC2::RouteTable" => of("AWS::EC2::VPC"),
        _ => Vec::new(),
    };
    let rows = related.iter().map(|other| {
        let name = format!(
            "Is related to {}",
            other.kind.rsplit(':').next().unwrap_or_default()
        );
        json!({"resourceId": other.id, "resourceType": other.kind, "name": name})
    });
    rows.collect()
}

fn item(asking: &Asking<'_>, one: &Resource, status: &str, time: Time) -> Value {
    let tags = if one.tagged {
        json!({"Env": "prod"})
    } else {
        json!({})
    };
    json!({
        "relatedEvents": [],
        "relationships": relationships(asking.site, one, asking.time),
        "configuration": if status == "ResourceDeleted" { Value::Null } else { json!({}) },
        "supplementaryConfiguration": {},
        "tags": tags,
        "configurationItemVersion": "1.3",
        "configurationItemCaptureTime": iso(time),
        "configurationStateId": time,
        "awsAccountId": asking.site.account,
        "configurationItemStatus": status,
        "resourceType": one.kind,
        "resourceId": one.id,
        "awsRegion": region_of(asking.site, one),
        "resourceCreationTime": iso(one.created),
    })
}

/// What all rules say of a resource is an item of its own.
fn compliance_items(asking: &Asking<'_>) -> Vec<Value> {
    let site = asking.site;
    let mut told: BTreeMap<(&str, &str), (Time, Vec<Value>, bool)> = BTreeMap::new();
    for rule in &site.rules {
        for row in site.rows(rule, asking.time) {
            let key = (row.resource.kind, row.resource.id.as_str());
            let entry = told.entry(key).or_insert((row.recorded, Vec::new(), false));
            entry.0 = entry.0.max(row.recorded);
            entry.2 |= row.fails();
            entry.1.push(json!({
                "configRuleArn": super::rules::arn(site, rule),
                "configRuleId": rule.id,
                "configRuleName": rule.name,
                "complianceType": row.word,
            }));
        }
    }
    let items = told.into_iter().map(|((kind, id), (time, rules, fails))| {
        json!({
            "relationships": [{"resourceId": id, "resourceType": kind, "name": "Is associated with "}],
            "configuration": {
                "complianceType": if fails { "NON_COMPLIANT" } else { "COMPLIANT" },
                "targetResourceId": id,
                "targetResourceType": kind,
                "configRuleList": rules,
            },
            "supplementaryConfiguration": {},
            "tags": {},
            "configurationItemVersion": "1.3",
            "configurationItemCaptureTime": iso(time),
            "configurationStateId": time,
            "awsAccountId": site.account,
            "configurationItemStatus": "OK",
            "resourceType": "AWS::Config::ResourceCompliance",
            "resourceId": format!("{kind}/{id}"),
            "awsRegion": site.region,
        })
    });
    items.collect()
}

pub fn snapshot(asking: &Asking<'_>) -> Answer {
    let runs = asking
        .site
        .recorder
        .as_ref()
        .is_some_and(|recorder| recorder.runs(asking.time));
    if !runs {
        return Err(Refused("NoRunningConfigurationRecorderException".into()));
    }
    let items = recorded(asking).map(|one| item(asking, one, "OK", last_change(one, asking.time)));
    let mut items: Vec<Value> = items.collect();
    if asking
        .site
        .recorded("AWS::Config::ResourceCompliance", asking.time)
    {
        items.extend(compliance_items(asking));
    }
    let id = format!(
        "245f8f3b-e380-448d-9ad7-{:012}",
        asking.time % 1_000_000_000_000
    );
    Ok(json!({"fileVersion": "1.0", "configSnapshotId": id, "configurationItems": items}))
}

/// What came and went, of what the recorder records.
pub fn history(asking: &Asking<'_>) -> Answer {
    let site = asking.site;
    let mut items = Vec::new();
    for one in &site.resources {
        if one.kind == ACCOUNT || !site.recorded(one.kind, one.created) || one.created > asking.time
        {
            continue;
        }
        items.push(item(asking, one, "ResourceDiscovered", one.created));
        if let Some(deleted) = one
            .deleted
            .filter(|deleted| *deleted <= asking.time && site.recorded(one.kind, *deleted))
        {
            items.push(item(asking, one, "ResourceDeleted", deleted));
        }
    }
    Ok(json!({"fileVersion": "1.0", "configurationItems": items}))
}

/// One resource as the API spells it.
pub fn history_of(asking: &Asking<'_>) -> Answer {
    let kind = asking.request.needed("resource-type")?;
    let id = asking.request.needed("resource-id")?;
    let mut known = asking.site.resources.iter();
    let one = known.find(|one| one.kind == kind && one.id == id && one.created <= asking.time);
    let one = one.filter(|one| asking.site.recorded(one.kind, one.created));
    let one = one.ok_or_else(|| Refused(format!("ResourceNotDiscoveredException: {kind} {id}")))?;
    let api = |status: &str, time: Time| {
        json!({
            "version": "1.3",
            "accountId": asking.site.account,
            "configurationItemCaptureTime": iso(time),
            "configurationItemStatus": status,
            "configurationStateId": time.to_string(),
            "resourceType": one.kind,
            "resourceId": one.id,
            "awsRegion": region_of(asking.site, one),
            "relationships": [],
            "configuration": "{}",
            "supplementaryConfiguration": {},
        })
    };
    let mut items = vec![api("OK", one.created)];
    if let Some(deleted) = one.deleted.filter(|deleted| *deleted <= asking.time) {
        items.insert(0, api("ResourceDeleted", deleted));
    }
    Ok(list("configurationItems", items))
}

pub fn listed(asking: &Asking<'_>) -> Answer {
    let kind = asking.request.needed("resource-type")?;
    let there = recorded(asking).filter(|one| one.kind == kind);
    let there = there.map(|one| json!({"resourceType": one.kind, "resourceId": one.id}));
    let mut rows: Vec<Value> = there.collect();
    if asking.request.has("include-deleted-resources") {
        rows.extend(deleted(asking, kind));
    }
    Ok(list("resourceIdentifiers", rows))
}

fn deleted<'a>(asking: &'a Asking<'_>, kind: &'a str) -> impl Iterator<Item = Value> + 'a {
    let of_kind = asking
        .site
        .resources
        .iter()
        .filter(move |one| one.kind == kind);
    of_kind.filter_map(|one| {
        let deleted = one.deleted.filter(|deleted| *deleted <= asking.time)?;
        if !asking.site.recorded(one.kind, deleted) {
            return None;
        }
        Some(json!({
            "resourceType": one.kind,
            "resourceId": one.id,
            "resourceDeletionTime": iso(deleted),
        }))
    })
}

pub fn counted(asking: &Asking<'_>) -> Answer {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for one in recorded(asking) {
        *counts.entry(one.kind).or_default() += 1;
    }
    let total: usize = counts.values().sum();
    let rows = counts
        .iter()
        .map(|(kind, count)| json!({"resourceType": kind, "count": count}));
    let mut answer = list("resourceCounts", rows);
    answer["totalDiscoveredResources"] = total.into();
    Ok(answer)
}

/// The one query that people ask here: what there is.
pub fn selected(asking: &Asking<'_>) -> Answer {
    asking.request.needed("expression")?;
    let rows = recorded(asking).map(|one| {
        let row = json!({
            "accountId": asking.site.account,
            "awsRegion": region_of(asking.site, one),
            "resourceType": one.kind,
            "resourceId": one.id,
            "configurationItemCaptureTime": iso(last_change(one, asking.time)),
        });
        Value::String(row.to_string())
    });
    let fields = ["accountId", "awsRegion", "resourceType", "resourceId"];
    let fields: Vec<Value> = fields.iter().map(|name| json!({"Name": name})).collect();
    let mut answer = list("Results", rows);
    answer["QueryInfo"] = json!({"SelectFields": fields});
    Ok(answer)
}
