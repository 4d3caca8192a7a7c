//! `[rules]` and `[policy]`: what the organisation says of managed rules.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::DeValue;

use super::Policy;
use super::table::{Entry, Reader, Table, kind};
use crate::catalogue::{ManagedRule, Parameter, Weaker, catalogue};
use crate::fault::{listed, nearest, shown};

/// Deployed rule name or ARN to the name of the managed rule.
pub(super) fn deployed(reader: &mut Reader<'_>, table: &Table<'_, '_>) -> BTreeMap<String, String> {
    let mut rules = BTreeMap::new();
    for Entry {
        key,
        key_span,
        value,
    } in table.entries()
    {
        if key.trim().is_empty() {
            let hint = "name the deployed rule as AWS Config shows it";
            reader.fault(key_span, "a key of `[rules]` is empty", hint);
        }
        let hint = "name the managed rule: \"restricted-ssh\"";
        let Some(text) = reader.as_text(key, value, hint) else {
            continue;
        };
        if let Some(rule) = managed(text) {
            rules.insert(key.to_owned(), rule.name.clone());
        } else {
            let message = format!("unknown managed rule `{}`", shown(text));
            reader.fault(value.span(), message, near_rule(text));
        }
    }
    rules
}

/// The managed rule with this name or `SourceIdentifier`.
fn managed(text: &str) -> Option<&'static ManagedRule> {
    let known = catalogue();
    known
        .rules
        .get(text)
        .or_else(|| known.rule_by_identifier(text))
}

fn near_rule(text: &str) -> String {
    let rules = catalogue().rules.values();
    let known = rules.flat_map(|rule| [rule.name.as_str(), rule.source_identifier.as_str()]);
    match nearest(text, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "the managed rules of the K-ISMS pack are in `kisms controls`".to_owned(),
    }
}

/// The organisation's own parameter values by managed rule.
pub(super) fn policy(reader: &mut Reader<'_>, table: &Table<'_, '_>) -> BTreeMap<String, Policy> {
    let mut policies = BTreeMap::new();
    for entry in table.entries() {
        let Some(rule) = catalogue().rules.get(entry.key) else {
            let message = format!("unknown managed rule `{}`", shown(entry.key));
            let hint = match managed(entry.key) {
                Some(rule) => format!("write it by its name, `{}`", rule.name),
                None => near_rule(entry.key),
            };
            reader.fault(entry.key_span, message, hint);
            continue;
        };
        if let Some(policy) = policy_of(reader, rule, &entry) {
            policies.insert(rule.name.clone(), policy);
        }
    }
    policies
}

fn policy_of(reader: &mut Reader<'_>, rule: &ManagedRule, entry: &Entry<'_, '_>) -> Option<Policy> {
    if rule.parameters.is_empty() {
        let message = format!("`{}` has no parameters", rule.name);
        reader.fault(entry.key_span.clone(), message, "remove it from `[policy]`");
        return None;
    }
    let table = reader.as_table(&format!("policy.{}", rule.name), entry.value)?;
    let names: Vec<&str> = rule.parameters.iter().map(|p| p.name.as_str()).collect();
    let known: Vec<&str> = names.iter().copied().chain(["document"]).collect();
    reader.only(&table, &known);
    let hint = "name the document that sets the values: \"계정관리지침 5.2\"";
    let document = reader.required(&table, "document", hint).map(str::to_owned);
    let given = rule
        .parameters
        .iter()
        .filter(|p| table.get(&p.name).is_some());
    if given.clone().next().is_none() {
        let message = format!("`{}` sets no parameter", table.name());
        let hint = format!("its parameters are {}", listed(&names));
        reader.fault(entry.key_span.clone(), message, hint);
    }
    let parameters = given
        .filter_map(|parameter| {
            let value = value(reader, parameter, table.get(&parameter.name)?)?;
            Some((parameter.name.clone(), value))
        })
        .collect();
    Some(Policy {
        parameters,
        document: document?,
    })
}

/// The value as AWS Config writes it; it must be comparable with the pack's own value.
fn value(
    reader: &mut Reader<'_>,
    parameter: &Parameter,
    value: &Spanned<DeValue<'_>>,
) -> Option<String> {
    let name = &parameter.name;
    let text = match value.get_ref() {
        DeValue::Integer(number) if number.radix() == 10 => number.as_str().to_owned(),
        DeValue::Boolean(yes) => yes.to_string(),
        DeValue::String(_) => reader.as_text(name, value, "write its value")?.to_owned(),
        other => {
            let message = format!("`{name}` is {}", kind(other));
            let hint = "write a decimal whole number, true, false, or a text in quotes";
            reader.fault(value.span(), message, hint);
            return None;
        }
    };
    let (fits, what) = match parameter.weaker {
        Weaker::Higher | Weaker::Lower => (text.parse::<u32>().is_ok(), "a whole number"),
        Weaker::False => {
            let truth = ["true", "false"]
                .iter()
                .any(|t| text.eq_ignore_ascii_case(t));
            (truth, "true or false")
        }
        _ => (true, ""),
    };
    if fits {
        return Some(text);
    }
    let message = format!("`{name}` `{}` is not {what}", shown(&text));
    let hint = match &*parameter.default {
        "" => format!("write {what}; AWS's default is none"),
        default => format!("the default is {default}"),
    };
    reader.fault(value.span(), message, hint);
    None
}
