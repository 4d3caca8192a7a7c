//! `[rules]` and `[policy]`: what the organisation says of managed rules.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::Policy;
use super::table::{Entry, Reader, Table, kind};
use crate::catalogue::{ManagedRule, Parameter, Weaker, catalogue};
use crate::evidence::Parameters;
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
    let table = reader.as_table(&format!("policy.{}", rule.name), entry.value)?;
    let hint = "name the document that sets the values: \"계정관리지침 5.2\"";
    let document = reader.required(&table, "document", hint).map(str::to_owned);
    let given: Vec<Entry<'_, '_>> = table
        .entries()
        .filter(|given| given.key != "document" && !is_slip(reader, rule, given))
        .collect();
    if given.is_empty() {
        let names: Vec<&str> = rule.parameters.iter().map(|p| p.name.as_str()).collect();
        let message = format!("`{}` sets no parameter", table.name());
        let hint = if names.is_empty() {
            "name the parameter as AWS Config shows it".to_owned()
        } else {
            format!("its parameters are {}", listed(&names))
        };
        reader.fault(entry.key_span.clone(), message, hint);
    }
    let mut parameters = Parameters::new();
    for given in given {
        if let Some(value) = value(reader, rule, &given) {
            parameters.insert(given.key.to_owned(), value);
        }
    }
    Some(Policy {
        parameters,
        document: document?,
    })
}

/// Whether the name is that of a known parameter but for its case or one letter within, with the
/// fault. AWS adds parameters, but tells them apart by more, or at the end of their names.
fn is_slip(reader: &mut Reader<'_>, rule: &ManagedRule, given: &Entry<'_, '_>) -> bool {
    let name = given.key.to_lowercase();
    let is_near = |known: &&Parameter| {
        let known = known.name.to_lowercase();
        let ends_alike = known.chars().last() == name.chars().last();
        name.len() <= 200 && ends_alike && strsim::osa_distance(&known, &name) <= 1
    };
    let mut known = rule.parameters.iter();
    let Some(near) = known.find(is_near).filter(|near| near.name != given.key) else {
        return false;
    };
    let message = format!("unknown parameter `{}`", shown(given.key));
    let hint = format!("did you mean `{}`?", near.name);
    reader.fault(given.key_span.clone(), message, hint);
    true
}

/// The value as AWS Config writes it; that of a known parameter must be comparable with the pack's
/// own.
fn value(reader: &mut Reader<'_>, rule: &ManagedRule, given: &Entry<'_, '_>) -> Option<String> {
    let (name, value) = (shown(given.key), given.value);
    let text = match value.get_ref() {
        DeValue::Integer(number) if number.radix() == 10 => number.as_str().to_owned(),
        DeValue::Boolean(yes) => yes.to_string(),
        DeValue::String(_) => reader
            .as_text(given.key, value, "write its value")?
            .to_owned(),
        other => {
            let message = format!("`{name}` is {}", kind(other));
            let hint = "write a decimal whole number, true, false, or a text in quotes";
            reader.fault(value.span(), message, hint);
            return None;
        }
    };
    let mut known = rule.parameters.iter();
    let Some(parameter) = known.find(|known| known.name == given.key) else {
        return Some(text);
    };
    let (fits, what) = match parameter.weaker {
        Weaker::Higher | Weaker::HigherOrZero | Weaker::Lower => {
            (text.parse::<u32>().is_ok(), "a whole number")
        }
        Weaker::Unit => (["hours", "days"].contains(&&*text), "hours or days"),
        Weaker::False | Weaker::NotExactlyTrue | Weaker::True => {
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
