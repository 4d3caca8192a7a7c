//! `describe-config-rules`: what each deployed rule is, with its ARN and parameters.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::evidence::{self, ConfigRule, ListingKind, Parameters, Provenance, Scope};
use crate::export::element::{ElementError, Problem, element};
use crate::export::fault::Code;
use crate::export::field::{List, Name, Optional, Text};
use crate::export::staged::Staged;
use crate::export::surrogate;

use super::filter::Filter;
use super::words::{OWNER, RULE_MODE, RULE_STATE, RULE_VISIBILITY, Word};
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
    config_rule_name: Name<'a>,
    #[serde(borrow, alias = "configRuleArn")]
    config_rule_arn: Optional<Text<'a>>,
    #[serde(borrow, alias = "source")]
    source: Source<'a>,
    #[serde(borrow, alias = "inputParameters")]
    input_parameters: Optional<Text<'a>>,
    #[serde(borrow, alias = "configRuleState")]
    config_rule_state: Optional<Text<'a>>,
    #[serde(alias = "scope")]
    scope: Optional<Filter>,
    #[serde(borrow, alias = "evaluationModes")]
    evaluation_modes: List<EvaluationMode<'a>>,
    #[serde(borrow, alias = "ruleEvaluationVisibility")]
    rule_evaluation_visibility: Optional<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct EvaluationMode<'a> {
    #[serde(borrow, alias = "mode")]
    mode: Optional<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Source<'a> {
    #[serde(borrow, alias = "owner")]
    owner: Optional<Text<'a>>,
    #[serde(borrow, alias = "sourceIdentifier")]
    source_identifier: Optional<Text<'a>>,
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
            scope: row.scope.0.map(Scope::from).unwrap_or_default(),
        };
        staged.config_rules.push(rule);
        Ok(())
    })
}

/// Whose rule it is. Where that is not said, or unknown, a managed rule's identifier tells: those of
/// rules of one's own are ARNs.
fn owner(source: &Source<'_>, staged: &mut Staged) -> evidence::Text {
    let identifier = source.source_identifier.as_deref();
    match OWNER.read(source.owner.as_deref(), staged) {
        Word::Known(owner) => staged.text(owner),
        _ if identifier.is_some_and(|id| !id.starts_with("arn:")) => staged.text("AWS"),
        _ => staged.text(source.owner.as_deref().unwrap_or_default()),
    }
}

/// Whether it judges what is deployed.
fn is_detective(row: &Row<'_>, staged: &mut Staged) -> bool {
    let modes = row.evaluation_modes.iter();
    let modes: Vec<Word> = modes
        .map(|one| RULE_MODE.read(one.mode.as_deref(), staged))
        .filter(|mode| *mode != Word::Absent)
        .collect();
    modes.is_empty() || modes.iter().any(|mode| mode.is("DETECTIVE"))
}

/// `InputParameters` is JSON in a string; values are strings, but people deploy numbers too.
fn parameters(text: &str) -> Result<Parameters, Problem> {
    let wrong = |message: String| Problem::new(Code::Value, "/InputParameters", &message);
    if matches!(text.trim(), "" | "null") {
        return Ok(Parameters::new());
    }
    let (text, _) = surrogate::replaced(text);
    let values: BTreeMap<String, Value> = serde_json::from_str(&text).map_err(|error| {
        wrong(format!(
            "`InputParameters` is not an object in JSON: {error}"
        ))
    })?;
    let as_text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    let given = values.into_iter().filter(|(_, value)| !value.is_null());
    Ok(given.map(|(name, value)| (name, as_text(value))).collect())
}
