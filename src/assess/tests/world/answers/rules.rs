//! Deployed rules: what they are, whether they run, and what they say as a whole.

use serde_json::{Value, json};

use crate::assess::tests::world::aws::{Answer, Asking, Refused, list};
use crate::assess::tests::world::clock::{HOUR, Time, iso};
use crate::assess::tests::world::estate::{Asked, Narrowed, Origin, Rule, Site};
use crate::assess::tests::world::parameters;
use crate::assess::tests::world::verdict::{Verdict, managed};

impl Asking<'_> {
    /// The deployed rules that the request names, or all.
    pub fn rules(&self) -> Result<Vec<&Rule>, Refused> {
        let names = self.request.all("config-rule-names");
        if let Some(unknown) = names.iter().find(|name| self.rule(name).is_err()) {
            return Err(no_rule(unknown));
        }
        let there = self
            .site
            .rules
            .iter()
            .filter(|rule| rule.created <= self.time);
        Ok(there
            .filter(|rule| self.request.lets("config-rule-names", &rule.name))
            .collect())
    }

    /// The deployed rule of this name.
    pub fn rule(&self, name: &str) -> Result<&Rule, Refused> {
        let mut there = self
            .site
            .rules
            .iter()
            .filter(|rule| rule.created <= self.time);
        there
            .find(|rule| rule.name == name)
            .ok_or_else(|| no_rule(name))
    }
}

fn no_rule(name: &str) -> Refused {
    Refused(format!("NoSuchConfigRuleException: {name}"))
}

pub fn described(asking: &Asking<'_>) -> Answer {
    let rows = asking
        .rules()?
        .into_iter()
        .map(|rule| description(asking.site, rule));
    Ok(list("ConfigRules", rows))
}

pub fn arn(site: &Site, rule: &Rule) -> String {
    let service = match rule.origin {
        Origin::People => "config-rule/",
        Origin::Pack(_) => "config-rule/aws-service-rule/config-conforms.amazonaws.com/",
        Origin::Organization => {
            "config-rule/aws-service-rule/config-multiaccountsetup.amazonaws.com/"
        }
        Origin::SecurityHub => "config-rule/aws-service-rule/securityhub.amazonaws.com/",
    };
    format!(
        "arn:aws:config:{}:{}:{service}{}",
        site.region, site.account, rule.id
    )
}

fn description(site: &Site, rule: &Rule) -> Value {
    let known = managed(rule.managed);
    let mut row = json!({
        "ConfigRuleName": rule.name,
        "ConfigRuleArn": arn(site, rule),
        "ConfigRuleId": rule.id,
        "Description": "",
        "Source": {"Owner": "AWS", "SourceIdentifier": known.source_identifier},
        "InputParameters": parameters::text(rule.managed, rule.asked),
        "ConfigRuleState": if rule.active { "ACTIVE" } else { "DELETING" },
        "EvaluationModes": [{"Mode": if rule.proactive { "PROACTIVE" } else { "DETECTIVE" }}],
    });
    let scope = match &rule.narrowed {
        Narrowed::Tagged => Some(json!({"TagKey": "Env", "TagValue": "prod"})),
        Narrowed::To(id) => {
            let kind = known.resource_types.first();
            Some(json!({"ComplianceResourceTypes": [kind], "ComplianceResourceId": id}))
        }
        Narrowed::No if known.resource_types.is_empty() => None,
        Narrowed::No => Some(json!({"ComplianceResourceTypes": known.resource_types})),
    };
    if let Some(scope) = scope {
        row["Scope"] = scope;
    }
    if let Some(service) = match rule.origin {
        Origin::People => None,
        Origin::Pack(_) => Some("config-conforms.amazonaws.com"),
        Origin::Organization => Some("config-multiaccountsetup.amazonaws.com"),
        Origin::SecurityHub => Some("securityhub.amazonaws.com"),
    } {
        row["CreatedBy"] = service.into();
    }
    if rule.internal {
        row["RuleEvaluationVisibility"] = "INTERNAL".into();
    }
    if rule.asked == Asked::LeftOut {
        row["InputParameters"] = "{}".into();
    }
    row
}

pub fn statuses(asking: &Asking<'_>) -> Answer {
    let rules = asking.rules()?.into_iter().filter(|rule| rule.tells());
    let rows = rules.map(|rule| status(asking.site, rule, asking.time));
    Ok(list("ConfigRulesEvaluationStatus", rows))
}

fn status(site: &Site, rule: &Rule, time: Time) -> Value {
    let succeeded = site.succeeded(rule, time);
    let mut row = json!({
        "ConfigRuleName": rule.name,
        "ConfigRuleArn": arn(site, rule),
        "ConfigRuleId": rule.id,
        "FirstActivatedTime": iso(rule.created),
        "FirstEvaluationStarted": succeeded.is_some(),
    });
    if let Some(succeeded) = succeeded {
        row["LastSuccessfulInvocationTime"] = iso(succeeded).into();
        row["LastSuccessfulEvaluationTime"] = iso(succeeded).into();
    }
    if let Some(broken) = rule.broken.filter(|broken| *broken < time) {
        let failed = iso(time.min(broken + HOUR));
        row["LastFailedInvocationTime"] = failed.clone().into();
        row["LastFailedEvaluationTime"] = failed.into();
        row["LastErrorCode"] = "InternalError".into();
        row["LastErrorMessage"] = "it could not be evaluated".into();
    }
    row
}

/// AWS counts to 25.
pub fn count(number: usize) -> Value {
    json!({"CappedCount": number.min(25), "CapExceeded": number > 25})
}

/// One verdict on a whole rule: without resources AWS says that it has no data.
pub fn level(rows: &[Verdict<'_>]) -> Value {
    let failing = rows.iter().filter(|row| row.fails()).count();
    match (rows.len(), failing) {
        (0, _) => json!({"ComplianceType": "INSUFFICIENT_DATA"}),
        (_, 0) => json!({"ComplianceType": "COMPLIANT"}),
        _ => {
            json!({"ComplianceType": "NON_COMPLIANT", "ComplianceContributorCount": count(failing)})
        }
    }
}

pub fn levels(asking: &Asking<'_>) -> Answer {
    let rules = asking.rules()?.into_iter().filter(|rule| rule.tells());
    let rows = rules.map(|rule| {
        json!({"ConfigRuleName": rule.name, "Compliance": level(&asking.site.rows(rule, asking.time))})
    });
    let asked = |row: &Value| {
        let word = row["Compliance"]["ComplianceType"]
            .as_str()
            .unwrap_or_default();
        asking.request.lets("compliance-types", word)
    };
    Ok(list("ComplianceByConfigRules", rows.filter(asked)))
}
