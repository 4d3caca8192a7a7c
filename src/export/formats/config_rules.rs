//! `describe-config-rules`: what each deployed rule is, with its ARN and parameters.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::evidence::{ConfigRule, ListingKind, Parameters, Provenance};
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
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Source<'a> {
    #[serde(borrow, alias = "owner")]
    owner: Cow<'a, str>,
    #[serde(borrow, alias = "sourceIdentifier")]
    source_identifier: Option<Cow<'a, str>>,
}

fn read(bytes: &[u8], at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(bytes, |row| {
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
        };
        staged.config_rules.push(rule);
        Ok(())
    })
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
