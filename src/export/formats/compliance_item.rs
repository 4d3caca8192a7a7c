//! The verdicts that AWS Config records as items: `AWS::Config::ResourceCompliance`, one resource
//! and all its rules, and `AWS::Config::ConformancePackCompliance`, one pack and its rules.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::evidence::{
    ComplianceType, ConfigurationItem, Evaluated, EvaluationResult, Origin, RuleCompliance,
};
use crate::export::element::Problem;
use crate::export::fault::Code;
use crate::export::field::{List, Name, Optional, Text};
use crate::export::staged::Staged;

/// One resource and its rules.
pub const RESOURCE: &str = "AWS::Config::ResourceCompliance";
/// One conformance pack and its rules.
pub const PACK: &str = "AWS::Config::ConformancePackCompliance";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Configuration<'a> {
    #[serde(borrow)]
    target_resource_type: Optional<Text<'a>>,
    #[serde(borrow)]
    target_resource_id: Optional<Text<'a>>,
    /// One rule alone in flattened query results.
    #[serde(borrow)]
    config_rule_list: List<Rule<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'a> {
    #[serde(borrow)]
    config_rule_name: Name<'a>,
    #[serde(borrow)]
    compliance_type: Text<'a>,
}

/// Reads the item's verdicts, if it holds any: `configuration` is an object, or its text.
pub fn read(
    item: &ConfigurationItem<'_>,
    configuration: Option<&RawValue>,
    staged: &mut Staged,
) -> Result<(), Problem> {
    let kind = &*item.resource_type;
    if (kind != RESOURCE && kind != PACK) || item.is_deleted() {
        return Ok(());
    }
    let raw = configuration.map_or("null", RawValue::get);
    let raw = if raw == "\"\"" { "null" } else { raw };
    // What was discovered but is not recorded has no configuration, and no verdict.
    if raw == "null" && item.status != "OK" {
        return Ok(());
    }
    let raw = staged.without_halves(raw);
    let inner: String;
    let text = if raw.starts_with('"') {
        inner = serde_json::from_str(&raw).map_err(|error| wrong(&error))?;
        staged.without_halves(&inner)
    } else {
        raw
    };
    let configuration: Configuration<'_> =
        serde_json::from_str(&text).map_err(|error| wrong(&error))?;
    let rules = configuration.config_rule_list.iter();
    let verdicts: Vec<(&str, ComplianceType)> = rules
        .map(|rule| Ok((&*rule.config_rule_name, verdict(rule)?)))
        .collect::<Result<_, Problem>>()?;
    if kind == PACK {
        of_pack(item, &verdicts, staged);
        return Ok(());
    }
    let of_id = item.resource_id.split_once('/');
    let target_type = configuration.target_resource_type.as_deref();
    let target_id = configuration.target_resource_id.as_deref();
    let (Some(target_type), Some(target_id)) = (
        target_type.or(of_id.map(|(kind, _)| kind)),
        target_id.or(of_id.map(|(_, id)| id)),
    ) else {
        return Err(wrong(&"it names no target resource"));
    };
    of_resource(item, (target_type, target_id), &verdicts, staged);
    Ok(())
}

fn wrong(error: &impl ToString) -> Problem {
    let message = format!(
        "the configuration of a compliance item is not what AWS Config records: {}",
        error.to_string()
    );
    Problem::new(Code::Shape, "/configuration", &message)
}

fn verdict(rule: &Rule<'_>) -> Result<ComplianceType, Problem> {
    let pointer = "/configuration/configRuleList";
    rule.compliance_type
        .parse()
        .map_err(|error| Problem::new(Code::ComplianceType, pointer, &error))
}

fn of_pack(item: &ConfigurationItem<'_>, verdicts: &[(&str, ComplianceType)], staged: &mut Staged) {
    staged.records.rule_compliances += verdicts.len() as u64;
    for (rule, compliance) in verdicts {
        let level = RuleCompliance {
            at: item.at,
            rule: staged.text(rule),
            place: item.place.clone(),
            compliance: *compliance,
            count: None,
        };
        staged.rule_compliances.push(level);
    }
}

fn of_resource(
    item: &ConfigurationItem<'_>,
    (kind, id): (&str, &str),
    verdicts: &[(&str, ComplianceType)],
    staged: &mut Staged,
) {
    staged.records.evaluation_results += verdicts.len() as u64;
    for (rule, compliance) in verdicts {
        let evaluated = Evaluated {
            rule: staged.text(rule),
            place: item.place.clone(),
            resource_type: staged.text(kind),
            origin: Origin::ResourceCompliance,
            proactive: false,
        };
        let evaluation = EvaluationResult {
            at: item.at,
            of: staged.evaluated(evaluated),
            resource_id: staged.text(id),
            compliance: *compliance,
            evaluated_at: None,
            recorded_at: item.captured_at.clone(),
            annotation: None,
            asff: None,
        };
        staged.evaluations.push(evaluation);
    }
}
