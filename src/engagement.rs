//! `kisms.toml`: what is audited, by whom, for which period, signed with what.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::catalogue::Scheme;
use crate::evidence::Parameters;
use crate::period::Period;

/// The documents' language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Korean.
    Ko,
    /// English.
    En,
}

/// A validated engagement: nothing is optional that must exist.
#[derive(Debug, Clone)]
pub struct Engagement {
    /// The applicant.
    pub organization: String,
    /// The certified service.
    pub scope: String,
    /// Which certification.
    pub scheme: Scheme,
    /// The period under audit, in the engagement's timezone.
    pub period: Period,
    /// Who prepares the package.
    pub prepared_by: String,
    /// Who reviews it.
    pub reviewed_by: String,
    /// The documents' language.
    pub language: Language,
    /// The accounts in scope, by their twelve digits.
    pub accounts: BTreeMap<String, Account>,
    /// Deployed rule name or ARN to managed rule name.
    pub rules: BTreeMap<String, String>,
    /// The organisation's own parameter values, by managed rule.
    pub policy: BTreeMap<String, Policy>,
    /// The key's path from the engagement's folder; `None` without `[signing]`.
    pub signing_key: Option<PathBuf>,
}

/// An account in scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What the organisation calls it.
    pub name: Option<String>,
    /// The regions in scope; at least one.
    pub regions: BTreeSet<String>,
}

/// The organisation's own parameter values of one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The values.
    pub parameters: Parameters,
    /// The document that sets them.
    pub document: String,
}

impl Engagement {
    /// Whether account and region are in scope; without a region, whether the account is.
    pub fn covers(&self, account: &str, region: Option<&str>) -> bool {
        let known = self.accounts.get(account);
        known.is_some_and(|known| region.is_none_or(|region| known.regions.contains(region)))
    }
}
