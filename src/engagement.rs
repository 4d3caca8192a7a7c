//! `kisms.toml`: what is audited, by whom, for which period, signed with what.
//!
//! `language` is `ko` and `timezone` `+09:00` where the file does not say; `[rules]`, `[policy]`
//! and `[signing]` may be absent. Everything else must be there, and nothing else may.

mod accounts;
mod folder;
mod general;
mod rules;
mod signing;
mod table;
mod templates;
#[cfg(test)]
pub(crate) mod testing;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::catalogue::Scheme;
use crate::evidence::Parameters;
use crate::fault::InputFault;
use crate::period::Period;
use table::Reader;

pub use folder::{Folder, RawFile};
pub use templates::{FOLDER as TEMPLATES, TemplateFile};

/// The file's name in an engagement's folder.
pub const FILE: &str = "kisms.toml";

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
    /// The path of further certificates for it, from the engagement's folder.
    pub signing_certificates: Option<PathBuf>,
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
const TABLES: [&str; 5] = ["engagement", "accounts", "rules", "policy", "signing"];

impl Engagement {
    /// Reads and validates the text of `kisms.toml`: all its faults, if there are any. Where it is
    /// no TOML only that is said, for half a file has the wrong faults.
    pub fn load(toml_text: &str) -> Result<Self, Vec<InputFault>> {
        let text = toml_text.strip_prefix('\u{feff}').unwrap_or(toml_text);
        let mut reader = Reader::of(text);
        let root = reader.parse();
        let engagement = root.and_then(|root| read(&mut reader, &root));
        match engagement {
            Some(engagement) if reader.faults.is_empty() => Ok(engagement),
            _ => Err(reader.faults.into_list()),
        }
    }
}

/// The engagement; `None` where a fault leaves nothing to put in its place.
fn read(
    reader: &mut Reader<'_>,
    root: &toml::Spanned<toml::de::DeTable<'_>>,
) -> Option<Engagement> {
    let root = table::Table::root(root);
    reader.only(&root, &TABLES);
    let general = reader.table(
        &root,
        "engagement",
        "name the applicant, its service and the period",
    );
    let general = general.and_then(|table| general::read(reader, &table));
    let accounts = reader.table(&root, "accounts", accounts::HINT);
    let accounts = accounts.map(|table| accounts::read(reader, &table));
    let rules = reader.optional_table(&root, "rules");
    let rules = rules.map(|table| rules::deployed(reader, &table));
    let policy = reader.optional_table(&root, "policy");
    let policy = policy.map(|table| rules::policy(reader, &table));
    let signing = reader.optional_table(&root, "signing");
    let signing = signing.map(|table| signing::read(reader, &table));
    let signing = signing.unwrap_or_default();
    let general = general?;
    Some(Engagement {
        organization: general.organization,
        scope: general.scope,
        scheme: general.scheme,
        period: general.period,
        prepared_by: general.prepared_by,
        reviewed_by: general.reviewed_by,
        language: general.language,
        accounts: accounts?,
        rules: rules.unwrap_or_default(),
        policy: policy.unwrap_or_default(),
        signing_key: signing.key,
        signing_certificates: signing.certificates,
    })
}

#[cfg(test)]
mod tests;
