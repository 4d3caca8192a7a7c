//! What to know of each rule and control, in our own words: what a rule evaluates, why that
//! supports its controls, what to do when it fails, and what the rules leave unseen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::{Catalogue, CatalogueError, ControlId, catalogue, reference, rows};

const RULES: &str = include_str!("guidance.csv");
const CONTROLS: &str = include_str!("not-shown.csv");

/// One rule explained, in Korean and English; every text is one to three sentences.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleGuidance {
    /// The managed rule's name.
    pub rule: String,
    /// What AWS Config evaluates, with the parameters that matter.
    pub checks_ko: String,
    /// The same in English.
    pub checks_en: String,
    /// Why that supports the controls to which the rule is mapped.
    pub why_ko: String,
    /// The same in English.
    pub why_en: String,
    /// What to do when it fails, with the risk of that change.
    pub fix_ko: String,
    /// The same in English.
    pub fix_en: String,
}

/// What the rules of a control do not show.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlGuidance {
    /// The control, or a whole domain.
    pub control_id: ControlId,
    /// What has to be shown by other evidence.
    pub not_shown_ko: String,
    /// The same in English.
    pub not_shown_en: String,
}

/// The texts on all rules and on all controls that have rules.
#[derive(Debug)]
pub struct Guidance {
    /// By the managed rule's name.
    pub rules: BTreeMap<String, RuleGuidance>,
    /// By number.
    pub controls: BTreeMap<ControlId, ControlGuidance>,
}

/// The texts that are built in.
pub fn guidance() -> &'static Guidance {
    static BUILT_IN: LazyLock<Guidance> = LazyLock::new(|| {
        Guidance::read(RULES, CONTROLS, catalogue())
            .expect("the built-in texts are checked by a test")
    });
    &BUILT_IN
}

impl Guidance {
    /// Reads the two tables. An error names what is unknown to the catalogue, explained twice or
    /// not explained.
    pub fn read(
        rules: &str,
        controls: &str,
        catalogue: &Catalogue,
    ) -> Result<Self, CatalogueError> {
        let rules = by_key(
            "guidance",
            rows("guidance", rules)?,
            |row: &RuleGuidance| row.rule.clone(),
        )?;
        let controls = by_key(
            "not shown",
            rows("not shown", controls)?,
            |row: &ControlGuidance| row.control_id,
        )?;
        let mapped = catalogue.mapping.iter().map(|row| row.control_id);
        same_keys("guidance", &rules, catalogue.rules.keys().cloned())?;
        same_keys("not shown", &controls, mapped)?;
        Ok(Self { rules, controls })
    }
}

fn by_key<K: Ord + Clone + ToString, V>(
    table: &'static str,
    rows: Vec<V>,
    key: impl Fn(&V) -> K,
) -> Result<BTreeMap<K, V>, CatalogueError> {
    let mut read = BTreeMap::new();
    for row in rows {
        let name = key(&row);
        if read.insert(name.clone(), row).is_some() {
            return Err(reference(table, "explained twice:", &name.to_string()));
        }
    }
    Ok(read)
}

fn same_keys<K: Ord + ToString, V>(
    table: &'static str,
    explained: &BTreeMap<K, V>,
    known: impl Iterator<Item = K>,
) -> Result<(), CatalogueError> {
    let known: BTreeSet<K> = known.collect();
    if let Some(missing) = known.iter().find(|key| !explained.contains_key(key)) {
        return Err(reference(table, "nothing on", &missing.to_string()));
    }
    if let Some(unknown) = explained.keys().find(|key| !known.contains(key)) {
        return Err(reference(table, "unknown", &unknown.to_string()));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
