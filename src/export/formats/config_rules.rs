//! `describe-config-rules`: what each deployed rule is, with its ARN and parameters.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::evidence::{ConfigRule, ListingKind, Parameters, Provenance, Scope, Text};
use crate::export::element::{ElementError, Problem, element};
use crate::export::fault::Code;
use crate::export::staged::Staged;

use super::filter::Filter;
use super::words::{OWNER, RULE_MODE, RULE_STATE, RULE_VISIBILITY, Word, said};
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
    #[serde(borrow, alias = "ruleEvaluationVisibility")]
    rule_evaluation_visibility: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct EvaluationMode<'a> {
    #[serde(borrow, alias = "mode")]
    mode: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Source<'a> {
    #[serde(borrow, alias = "owner")]
    owner: Option<Cow<'a, str>>,
    #[serde(borrow, alias = "sourceIdentifier")]
    source_identifier: Option<Cow<'a, str>>,
}

fn read(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(text, |row| {
        // AWS leaves the field out where none is set.
        let parameters = parameters(row.input_parameters.as_deref().unwrap_or_default())?;
        let visibility = row.rule_evaluation_visibility.as_deref();
        let visibility = RULE_VISIBILITY.read(visibility, staged);
        let rule = ConfigRule {
            at,
            name: staged.text(&row.config_rule_name),
            arn: staged.text_of(row.config_rule_arn.as_deref()),
            owner: owner(&row.source, staged),
            source_identifier: staged.text_of(row.source.source_identifier.as_deref()),
            parameters: Some(parameters),
            state: match RULE_STATE.read(row.config_rule_state.as_deref(), staged) {
                Word::Known(state) => Some(staged.text(state)),
                _ => staged.text_of(row.config_rule_state.as_deref()),
            },
            internal: visibility.is("INTERNAL"),
            detective: is_detective(&row, staged),
            scope: row.scope.map(Scope::from).unwrap_or_default(),
        };
        staged.config_rules.push(rule);
        Ok(())
    })
}

/// Whose rule it is. Where that is not said, or unknown, a managed rule's identifier tells: those of
/// rules of one's own are ARNs.
fn owner(source: &Source<'_>, staged: &mut Staged) -> Text {
    let identifier = said(source.source_identifier.as_deref());
    match OWNER.read(source.owner.as_deref(), staged) {
        Word::Known(owner) => staged.text(owner),
        _ if identifier.is_some_and(|id| !id.starts_with("arn:")) => staged.text("AWS"),
        _ => staged.text(source.owner.as_deref().unwrap_or_default()),
    }
}

/// Whether it judges what is deployed.
fn is_detective(row: &Row<'_>, staged: &mut Staged) -> bool {
    let modes = row.evaluation_modes.iter().flatten();
    let modes: Vec<Word> = modes
        .map(|one| RULE_MODE.read(one.mode.as_deref(), staged))
        .filter(|mode| *mode != Word::Absent)
        .collect();
    modes.is_empty() || modes.iter().any(|mode| mode.is("DETECTIVE"))
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
