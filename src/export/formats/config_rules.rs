//! `describe-config-rules`: what each deployed rule is, with its ARN and parameters.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::evidence::{ConfigRule, ListingKind, Parameters, Provenance, Scope};
use crate::export::element::{ElementError, Problem, element};
use crate::export::fault::Code;
use crate::export::staged::Staged;

use super::{Format, nothing_more};

pub const FORMAT: Format = Format {
    operation: "describe-config-rules",
    key: "ConfigRules",
    marks: &["ConfigRuleName", "Source"],
    kind: ListingKind::Answer,
    read,
    counter: |records| &mut records.config_rules,
    conclude: nothing_more,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row<'a> {
    #[serde(borrow, alias = "configRuleName")]
    config_rule_name: Cow<'a, str>,
    #[serde(borrow, alias = "configRuleArn")]
    config_rule_arn: Option<Cow<'a, str>>,
    #[serde(borrow, alias = "source")]
    source: Source<'a>,
    #[serde(borrow, alias = "inputParameters")]
    input_parameters: Option<Cow<'a, str>>,
    #[serde(borrow, alias = "configRuleState")]
    config_rule_state: Option<Cow<'a, str>>,
    #[serde(alias = "scope")]
    scope: Option<Filter>,
    #[serde(borrow, alias = "evaluationModes")]
    evaluation_modes: Option<Vec<EvaluationMode<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Filter {
    #[serde(alias = "complianceResourceTypes")]
    compliance_resource_types: Option<Vec<String>>,
    #[serde(alias = "complianceResourceId")]
    compliance_resource_id: Option<String>,
    #[serde(alias = "tagKey")]
    tag_key: Option<String>,
    #[serde(alias = "tagValue")]
    tag_value: Option<String>,
    #[serde(flatten)]
    other: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct EvaluationMode<'a> {
    #[serde(borrow, alias = "mode")]
    mode: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Source<'a> {
    #[serde(borrow, alias = "owner")]
    owner: Cow<'a, str>,
    #[serde(borrow, alias = "sourceIdentifier")]
    source_identifier: Option<Cow<'a, str>>,
}

fn read(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(text, |row| {
        let parameters = row
            .input_parameters
            .as_deref()
            .map(parameters)
            .transpose()?;
        let rule = ConfigRule {
            at,
            name: staged.text(&row.config_rule_name),
            arn: staged.text_of(row.config_rule_arn.as_deref()),
            owner: staged.text(&row.source.owner),
            source_identifier: staged.text_of(row.source.source_identifier.as_deref()),
            parameters,
            state: staged.text_of(row.config_rule_state.as_deref()),
            scope: row.scope.map(scope).unwrap_or_default(),
            internal: false,
            detective: row.evaluation_modes.as_ref().is_none_or(|modes| {
                modes.is_empty() || modes.iter().any(|mode| mode.mode == "DETECTIVE")
            }),
        };
        staged.config_rules.push(rule);
        Ok(())
    })
}

/// Clients write an absent filter as null or empty, too.
fn scope(filter: Filter) -> Scope {
    let said = |text: Option<String>| text.filter(|text| !text.is_empty());
    let is_empty = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    };
    let other = filter
        .other
        .into_iter()
        .filter(|(_, value)| !is_empty(value));
    let mut resource_types = filter.compliance_resource_types.unwrap_or_default();
    resource_types.sort();
    Scope {
        resource_types,
        resource_id: said(filter.compliance_resource_id),
        tag_key: said(filter.tag_key),
        tag_value: said(filter.tag_value),
        other: other.map(|(name, _)| name).collect(),
    }
}

/// `InputParameters` is JSON in a string; values are strings, but people deploy numbers too.
fn parameters(text: &str) -> Result<Parameters, Problem> {
    let wrong = |message: String| Problem::new(Code::Value, "/InputParameters", &message);
    if text.trim().is_empty() {
        return Ok(Parameters::new());
    }
    let values: BTreeMap<String, Value> = serde_json::from_str(text).map_err(|error| {
        wrong(format!(
            "`InputParameters` is not an object in JSON: {error}"
        ))
    })?;
    let as_text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(values
        .into_iter()
        .map(|(name, value)| (name, as_text(value)))
        .collect())
}
