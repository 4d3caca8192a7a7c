//! Verdicts on resources: of one rule, of one resource, and counted by resource.

use serde_json::{Value, json};

use super::rules::count;
use crate::assess::tests::world::aws::{Answer, Asking, Refused, list};
use crate::assess::tests::world::clock::iso;
use crate::assess::tests::world::estate::{Resource, Rule};
use crate::assess::tests::world::verdict::Verdict;

/// `EvaluationResult`.
pub fn row(rule: &Rule, verdict: &Verdict<'_>) -> Value {
    json!({
        "EvaluationResultIdentifier": {
            "EvaluationResultQualifier": {
                "ConfigRuleName": rule.name,
                "ResourceType": verdict.resource.kind,
                "ResourceId": verdict.resource.id,
                "EvaluationMode": "DETECTIVE",
            },
            "OrderingTimestamp": iso(verdict.invoked),
        },
        "ComplianceType": verdict.word,
        "ResultRecordedTime": iso(verdict.recorded),
        "ConfigRuleInvokedTime": iso(verdict.invoked),
    })
}

pub fn of_rule(asking: &Asking<'_>) -> Answer {
    let rule = asking.rule(asking.request.needed("config-rule-name")?)?;
    if rule.internal {
        return Err(Refused(format!(
            "AWS keeps the evaluations of {} to itself",
            rule.name
        )));
    }
    let types = asking.request.all("compliance-types");
    let rows = asking.site.verdicts(rule, asking.time).into_iter();
    let rows = rows.filter(|row| match types {
        [] => row.word != "NOT_APPLICABLE",
        named => named.iter().any(|name| name == row.word),
    });
    Ok(list(
        "EvaluationResults",
        rows.map(|verdict| row(rule, &verdict)),
    ))
}

impl Asking<'_> {
    /// What the deployed rules that tell say of one resource.
    fn on<'a>(&'a self, resource: &Resource) -> Vec<(&'a Rule, Verdict<'a>)> {
        let rules = self.site.rules.iter();
        let told = rules.flat_map(|rule| {
            let rows = self.site.rows(rule, self.time).into_iter();
            rows.map(move |row| (rule, row))
        });
        told.filter(|(_, row)| row.resource.kind == resource.kind && row.resource.id == resource.id)
            .collect()
    }
}

pub fn of_resource(asking: &Asking<'_>) -> Answer {
    let kind = asking.request.needed("resource-type")?;
    let id = asking.request.needed("resource-id")?;
    let mut known = asking.site.resources.iter();
    let resource = known.find(|one| one.kind == kind && one.id == id);
    let resource = resource.ok_or_else(|| Refused(format!("no resource {kind} {id}")))?;
    let rows = asking.on(resource).into_iter();
    let rows = rows.filter(|(_, verdict)| asking.request.lets("compliance-types", verdict.word));
    Ok(list(
        "EvaluationResults",
        rows.map(|(rule, verdict)| row(rule, &verdict)),
    ))
}

pub fn by_resource(asking: &Asking<'_>) -> Answer {
    let there = asking.site.resources.iter().filter(|one| {
        one.there(asking.time)
            && asking.request.lets("resource-type", one.kind)
            && asking.request.lets("resource-id", &one.id)
    });
    let rows = there.filter_map(|one| {
        let told = asking.on(one);
        let failing = told.iter().filter(|(_, row)| row.fails()).count();
        let compliance = match (told.len(), failing) {
            (0, _) => return None,
            (_, 0) => json!({"ComplianceType": "COMPLIANT"}),
            _ => json!({"ComplianceType": "NON_COMPLIANT", "ComplianceContributorCount": count(failing)}),
        };
        Some(json!({"ResourceType": one.kind, "ResourceId": one.id, "Compliance": compliance}))
    });
    let asked = |row: &Value| {
        let word = row["Compliance"]["ComplianceType"]
            .as_str()
            .unwrap_or_default();
        asking.request.lets("compliance-types", word)
    };
    Ok(list("ComplianceByResources", rows.filter(asked)))
}
