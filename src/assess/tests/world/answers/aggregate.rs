//! What the organisation's aggregator holds of all sites.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::rules::{count, level};
use super::verdicts::row;
use crate::assess::tests::world::aws::{Answer, Asking, Refused, list};
use crate::assess::tests::world::estate::{Rule, Site};

pub const NAME: &str = "org";

fn aggregator(asking: &Asking<'_>) -> Result<(), Refused> {
    match asking.request.needed("configuration-aggregator-name")? {
        NAME => Ok(()),
        other => Err(Refused(format!(
            "NoSuchConfigurationAggregatorException: {other}"
        ))),
    }
}

fn placed(mut value: Value, site: &Site) -> Value {
    value["AccountId"] = site.account.into();
    value["AwsRegion"] = site.region.into();
    value
}

pub fn levels(asking: &Asking<'_>) -> Answer {
    aggregator(asking)?;
    let filters = asking.request.one("filters").unwrap_or_default();
    let filters: BTreeMap<&str, &str> = filters
        .split(',')
        .filter_map(|pair| pair.split_once('='))
        .collect();
    let lets = |key: &str, value: &str| filters.get(key).is_none_or(|named| *named == value);
    let mut rows = Vec::new();
    for site in &asking.estate.sites {
        for rule in site
            .rules
            .iter()
            .filter(|rule| rule.tells() && rule.created <= asking.time)
        {
            let compliance = level(&site.rows(rule, asking.time));
            let word = compliance["ComplianceType"].as_str().unwrap_or_default();
            if lets("AccountId", site.account)
                && lets("AwsRegion", site.region)
                && lets("ComplianceType", word)
                && lets("ConfigRuleName", &rule.name)
            {
                let row = json!({"ConfigRuleName": rule.name, "Compliance": compliance});
                rows.push(placed(row, site));
            }
        }
    }
    Ok(list("AggregateComplianceByConfigRules", rows))
}

pub fn details(asking: &Asking<'_>) -> Answer {
    aggregator(asking)?;
    let name = asking.request.needed("config-rule-name")?;
    let site = asking.estate.site(
        asking.request.needed("account-id")?,
        asking.request.needed("aws-region")?,
    );
    let rule_of = |site: &'_ Site| -> Option<Rule> {
        let mut there = site
            .rules
            .iter()
            .filter(|rule| rule.tells() && rule.created <= asking.time);
        there.find(|rule| rule.name == name).cloned()
    };
    let found = site.and_then(|site| Some((site, rule_of(site)?)));
    let (site, rule) =
        found.ok_or_else(|| Refused(format!("NoSuchConfigRuleException: {name}")))?;
    let rows = site.rows(&rule, asking.time).into_iter();
    Ok(list(
        "AggregateEvaluationResults",
        rows.map(|verdict| placed(row(&rule, &verdict), site)),
    ))
}

pub fn counts(asking: &Asking<'_>) -> Answer {
    aggregator(asking)?;
    let key = asking.request.one("group-by-key").unwrap_or("ACCOUNT_ID");
    let mut groups: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for site in &asking.estate.sites {
        let group = if key == "AWS_REGION" {
            site.region
        } else {
            site.account
        };
        let (passing, failing) = super::counts::rules(site, asking.time);
        let known = groups.entry(group).or_default();
        *known = (known.0 + passing, known.1 + failing);
    }
    let rows = groups.into_iter().map(|(name, (passing, failing))| {
        let summary = json!({"CompliantResourceCount": count(passing), "NonCompliantResourceCount": count(failing)});
        json!({"GroupName": name, "ComplianceSummary": summary})
    });
    let mut answer = list("AggregateComplianceCounts", rows);
    answer["GroupByKey"] = key.into();
    Ok(answer)
}
