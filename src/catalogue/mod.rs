//! The control table, the managed rules and which rule supports which control: data, read once
//! into types that cannot be wrong.

mod control;
mod guidance;
mod rule;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

pub use control::{Control, ControlId, Level, ParseControlIdError, Scheme};
pub use guidance::{ControlGuidance, Guidance, RuleGuidance, guidance};
pub use rule::{Judges, JudgesSource, ManagedRule, Parameter, Reach, Trigger, Weaker};

/// The control table's name; other tables of the scheme are numbered differently.
pub const TABLE: &str = "isms-p";
/// The edition: the day of the joint notice whose annex 7 it is.
pub const EDITION: &str = "2023-10-31";

const CONTROLS: &str = include_str!("isms-p-2023-10-31.csv");
const RULES: &str = include_str!("managed-rules.csv");
const PARAMETERS: &str = include_str!("parameters.csv");
const MAPPING: &str = include_str!("mapping.csv");
const OTHER_NAMES: &str = include_str!("other-names.csv");

/// One row of AWS's mapping.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MappingRow {
    /// The control, or a whole domain.
    pub control_id: ControlId,
    /// The managed rule's name.
    pub rule: String,
    /// Which page has the row: `aws-kisms-page`, or `aws-kisms-page-en` for the rows that only
    /// the English page has.
    pub source: String,
}

/// Everything that is known before any export is read.
#[derive(Debug)]
pub struct Catalogue {
    /// All areas, domains and items, in numerical order.
    pub controls: Vec<Control>,
    /// The managed rules by name.
    pub rules: BTreeMap<String, ManagedRule>,
    /// AWS's rows, by control, then rule.
    pub mapping: Vec<MappingRow>,
    controls_of_rule: BTreeMap<String, BTreeSet<ControlId>>,
    rules_of_control: BTreeMap<ControlId, BTreeSet<String>>,
    name_of_identifier: BTreeMap<String, String>,
    other_names: BTreeMap<(String, String), String>,
}

/// What is wrong with the data.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// A row cannot be read.
    #[error("{table}: {message}")]
    Row {
        /// Which file.
        table: &'static str,
        /// What the reader said.
        message: String,
    },
    /// A row names something that another table does not have, or names it twice.
    #[error("{table}: {message} `{name}`")]
    Reference {
        /// Which file.
        table: &'static str,
        /// What is wrong.
        message: &'static str,
        /// The name.
        name: String,
    },
}

/// The catalogue that is built in.
pub fn catalogue() -> &'static Catalogue {
    static BUILT_IN: LazyLock<Catalogue> = LazyLock::new(|| {
        Catalogue::read(CONTROLS, RULES, PARAMETERS, MAPPING, OTHER_NAMES)
            .expect("the built-in tables are checked by a test")
    });
    &BUILT_IN
}

#[derive(Deserialize)]
struct RuleRow {
    rule: String,
    source_identifier: String,
    resource_types: String,
    recorded: String,
    trigger: String,
    reach: Reach,
    reach_reason: String,
    judges: Judges,
    judges_source: JudgesSource,
    source: String,
}

#[derive(Deserialize)]
struct ParameterRow {
    rule: String,
    parameter: String,
    default: String,
    aws_default: String,
    required: String,
    weaker: Weaker,
    source: String,
    page: String,
    compared: String,
}

impl Catalogue {
    /// Reads the five tables and checks that they agree.
    pub fn read(
        controls: &str,
        rules: &str,
        parameters: &str,
        mapping: &str,
        other_names: &str,
    ) -> Result<Self, CatalogueError> {
        let controls = read_controls(controls)?;
        let rules = read_rules(rules, parameters)?;
        let mapping: Vec<MappingRow> = rows("mapping", mapping)?;
        let mut built = Self {
            name_of_identifier: identifiers(&rules)?,
            other_names: read_other_names(other_names, &rules)?,
            controls,
            rules,
            mapping: Vec::new(),
            controls_of_rule: BTreeMap::new(),
            rules_of_control: BTreeMap::new(),
        };
        for row in &mapping {
            built.link(row)?;
        }
        built.mapping = mapping;
        Ok(built)
    }

    fn link(&mut self, row: &MappingRow) -> Result<(), CatalogueError> {
        let wrong = |message, name: String| CatalogueError::Reference {
            table: "mapping",
            message,
            name,
        };
        if self.control(row.control_id).is_none() {
            return Err(wrong("unknown control", row.control_id.to_string()));
        }
        if !self.rules.contains_key(&row.rule) {
            return Err(wrong("unknown rule", row.rule.clone()));
        }
        let of_rule = self.controls_of_rule.entry(row.rule.clone()).or_default();
        if !of_rule.insert(row.control_id) {
            return Err(wrong("the same row twice for", row.rule.clone()));
        }
        self.rules_of_control
            .entry(row.control_id)
            .or_default()
            .insert(row.rule.clone());
        Ok(())
    }

    /// The control with this number.
    pub fn control(&self, id: ControlId) -> Option<&Control> {
        let index = self.controls.binary_search_by_key(&id, |c| c.id).ok()?;
        self.controls.get(index)
    }

    /// The controls and domains to which a rule is mapped, in order.
    pub fn controls_of(&self, rule: &str) -> impl Iterator<Item = ControlId> + '_ {
        self.controls_of_rule
            .get(rule)
            .into_iter()
            .flatten()
            .copied()
    }

    /// The rules that are mapped to this very number, in order.
    pub fn rules_of(&self, id: ControlId) -> impl Iterator<Item = &ManagedRule> {
        let names = self.rules_of_control.get(&id).into_iter().flatten();
        names.filter_map(|name| self.rules.get(name))
    }

    /// The managed rule behind a name that Security Hub (`securityhub-<name>-<6 or 8>`) or
    /// Control Tower (`AWSControlTower_<name>`) gave it; only names of the table are known.
    pub fn rule_by_other_name(&self, deployed: &str) -> Option<&ManagedRule> {
        let (by, name) = match deployed.strip_prefix("AWSControlTower_") {
            Some(name) => ("control-tower", name),
            None => ("security-hub", security_hub_name(deployed)?),
        };
        self.rules
            .get(self.other_names.get(&(by.to_owned(), name.to_owned()))?)
    }

    /// The managed rule with this `SourceIdentifier`.
    pub fn rule_by_identifier(&self, identifier: &str) -> Option<&ManagedRule> {
        self.rules.get(self.name_of_identifier.get(identifier)?)
    }
}

fn security_hub_name(deployed: &str) -> Option<&str> {
    let (name, suffix) = deployed.strip_prefix("securityhub-")?.rsplit_once('-')?;
    let plain = suffix
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    (plain && matches!(suffix.len(), 6 | 8)).then_some(name)
}

#[derive(Deserialize)]
struct OtherName {
    deployed_by: String,
    name: String,
    rule: String,
}

fn read_other_names(
    text: &str,
    rules: &BTreeMap<String, ManagedRule>,
) -> Result<BTreeMap<(String, String), String>, CatalogueError> {
    let mut names = BTreeMap::new();
    for row in rows::<OtherName>("other names", text)? {
        if !rules.contains_key(&row.rule) {
            return Err(reference("other names", "unknown rule", &row.rule));
        }
        if names
            .insert((row.deployed_by, row.name.clone()), row.rule)
            .is_some()
        {
            return Err(reference("other names", "the same name twice:", &row.name));
        }
    }
    Ok(names)
}

fn rows<T: for<'de> Deserialize<'de>>(
    table: &'static str,
    text: &str,
) -> Result<Vec<T>, CatalogueError> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|error| CatalogueError::Row {
            table,
            message: error.to_string(),
        })
}

fn read_controls(text: &str) -> Result<Vec<Control>, CatalogueError> {
    let controls: Vec<Control> = rows("controls", text)?;
    for pair in controls.windows(2) {
        if pair[0].id >= pair[1].id {
            return Err(reference(
                "controls",
                "not in order at",
                &pair[1].id.to_string(),
            ));
        }
    }
    for control in &controls {
        let complete = !control.title_ko.is_empty() && !control.title_en.is_empty();
        if control.id.level() != control.level || !complete {
            return Err(reference(
                "controls",
                "wrong level or no title at",
                &control.id.to_string(),
            ));
        }
    }
    Ok(controls)
}

fn read_rules(
    rules: &str,
    parameters: &str,
) -> Result<BTreeMap<String, ManagedRule>, CatalogueError> {
    let mut read = BTreeMap::new();
    for row in rows::<RuleRow>("rules", rules)? {
        let name = row.rule.clone();
        if read.insert(row.rule.clone(), managed_rule(row)?).is_some() {
            return Err(reference("rules", "the same rule twice:", &name));
        }
    }
    for row in rows::<ParameterRow>("parameters", parameters)? {
        let rule = read
            .get_mut(&row.rule)
            .ok_or_else(|| reference("parameters", "unknown rule", &row.rule))?;
        rule.parameters.push(parameter(row)?);
    }
    Ok(read)
}

fn parameter(row: ParameterRow) -> Result<Parameter, CatalogueError> {
    let day = row.compared.parse();
    let compared = day.map_err(|_| reference("parameters", "no day at", &row.parameter))?;
    Ok(Parameter {
        required: yes("parameters", &row.required, &row.parameter)?,
        name: row.parameter,
        default: row.default,
        aws_default: row.aws_default,
        weaker: row.weaker,
        source: row.source,
        page: row.page,
        compared,
    })
}

fn yes(table: &'static str, text: &str, of: &str) -> Result<bool, CatalogueError> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(reference(table, "neither yes nor no at", of)),
    }
}

fn managed_rule(row: RuleRow) -> Result<ManagedRule, CatalogueError> {
    let trigger = match row.trigger.as_str() {
        "configuration-change" => Trigger::ConfigurationChange,
        "periodic" => Trigger::Periodic,
        "configuration-change;periodic" => Trigger::Both,
        _ => return Err(reference("rules", "unknown trigger of", &row.rule)),
    };
    let recorded = yes("rules", &row.recorded, &row.rule)?;
    let types = row.resource_types.split(';').filter(|t| !t.is_empty());
    Ok(ManagedRule {
        resource_types: types.map(str::to_owned).collect(),
        recorded,
        name: row.rule,
        source_identifier: row.source_identifier,
        trigger,
        reach: row.reach,
        reach_reason: row.reach_reason,
        judges: row.judges,
        judges_source: row.judges_source,
        parameters: Vec::new(),
        source: row.source,
    })
}

fn identifiers(
    rules: &BTreeMap<String, ManagedRule>,
) -> Result<BTreeMap<String, String>, CatalogueError> {
    let mut names = BTreeMap::new();
    for rule in rules.values() {
        let identifier = rule.source_identifier.clone();
        if names.insert(identifier, rule.name.clone()).is_some() {
            return Err(reference(
                "rules",
                "the same identifier twice:",
                &rule.source_identifier,
            ));
        }
    }
    Ok(names)
}

fn reference(table: &'static str, message: &'static str, name: &str) -> CatalogueError {
    CatalogueError::Reference {
        table,
        message,
        name: name.to_owned(),
    }
}

#[cfg(test)]
mod tests;
