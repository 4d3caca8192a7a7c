//! Which managed rule a deployed rule is: the steps in their order, the first that tells wins.

use std::collections::BTreeMap;

use crate::catalogue::{Catalogue, Judges, ManagedRule};
use crate::engagement::Policy;
use crate::evidence::{ConfigRule, Parameters};

use super::model::ResolvedBy;
use super::parameters;
use super::place::Packs;
use super::shortfall::Shortfall;

/// A deployed rule, recognised or not.
#[derive(Debug, Clone)]
pub struct Identity<'c> {
    /// The managed name; else the identifier, else the deployed name without known affixes.
    pub rule: String,
    /// The managed rule, if it is one of the catalogue.
    pub managed: Option<&'c ManagedRule>,
    /// Which step told.
    pub by: ResolvedBy,
    /// The deployed parameters, if known.
    pub parameters: Option<Parameters>,
    /// Why it judges less than its rule could, if that is known.
    pub shortfall: Option<Shortfall>,
}

impl Identity<'_> {
    /// The deployed parameters with these in their place. Security Hub spells some names in another
    /// case than AWS Config does; what it leaves empty is not set.
    pub fn with(&self, own: &Parameters) -> Parameters {
        let mut deployed = self.parameters.clone().unwrap_or_default();
        for (name, value) in own {
            let mut known = self.managed.iter().flat_map(|rule| &rule.parameters);
            let known = known.find(|known| known.name.eq_ignore_ascii_case(name));
            deployed.retain(|other, _| !other.eq_ignore_ascii_case(name));
            if !value.trim().is_empty() {
                let name = known.map_or(name, |known| &known.name);
                deployed.insert(name.clone(), value.clone());
            }
        }
        deployed
    }
}

/// What helps to recognise a rule.
pub struct Known<'k> {
    /// Its description, if one was exported; several where none is certainly the latest. Where they
    /// disagree which rule it is, none is believed.
    pub described: &'k [&'k ConfigRule],
    /// `[rules]` of kisms.toml.
    pub overrides: &'k BTreeMap<String, String>,
    /// `[policy]` of kisms.toml.
    pub policy: &'k BTreeMap<String, Policy>,
    /// The conformance packs of its place, where any is described.
    pub packs: Option<&'k Packs<'k>>,
}

/// Resolves a deployed rule by its name, and by what is known of it.
pub fn resolve<'c>(name: &str, known: &Known<'_>, catalogue: &'c Catalogue) -> Identity<'c> {
    let (described, overrides) = (known.described.last().copied(), known.overrides);
    let found = |rule: &'c ManagedRule, by| Identity {
        rule: rule.name.clone(),
        managed: Some(rule),
        by,
        parameters: weakest(rule, known),
        shortfall: (known.described.iter()).find_map(|one| Shortfall::of(one, rule)),
    };
    let is_that = |one: &&ConfigRule| {
        let other = described.map(|rule| (&rule.owner, &rule.source_identifier));
        other == Some((&one.owner, &one.source_identifier))
    };
    let agreed = known.described.iter().all(is_that);
    let identifier = described
        .filter(|rule| agreed && &*rule.owner == "AWS")
        .and_then(|rule| rule.source_identifier.as_deref());
    if let Some(rule) = identifier.and_then(|identifier| catalogue.rule_by_identifier(identifier)) {
        return found(rule, ResolvedBy::SourceIdentifier);
    }
    let arn = described.and_then(|rule| rule.arn.as_deref());
    let named = overrides.get(name).or_else(|| overrides.get(arn?));
    if let Some(rule) = named.and_then(|named| by_exact_name(named, catalogue)) {
        return found(rule, ResolvedBy::Override);
    }
    // What AWS describes as another rule, or as the customer's own, is not guessed by its name.
    if described.is_none()
        && let Some((rule, by)) = by_name(name, known, catalogue)
    {
        return found(rule, by);
    }
    let by = if identifier.is_some() {
        ResolvedBy::SourceIdentifier
    } else {
        ResolvedBy::Unmapped
    };
    Identity {
        rule: unmapped_name(name, identifier, known),
        managed: None,
        by,
        parameters: described.and_then(|rule| rule.parameters.clone()),
        shortfall: None,
    }
}

/// The deployed parameters; where several descriptions may be the latest, those that ask for least,
/// as far as it is known what they ask for; of equals the last in their own order.
fn weakest(rule: &ManagedRule, known: &Known<'_>) -> Option<Parameters> {
    let policy = known.policy.get(&rule.name);
    let told = (known.described.iter()).filter_map(|one| one.parameters.as_ref());
    let proves_least = |set: &&Parameters| {
        parameters::weaker(rule, set, policy).len() + parameters::unknown(rule, set, policy).len()
    };
    told.max_by_key(|parameters| (proves_least(parameters), *parameters))
        .cloned()
}

fn by_name<'c>(
    name: &str,
    known: &Known<'_>,
    catalogue: &'c Catalogue,
) -> Option<(&'c ManagedRule, ResolvedBy)> {
    if let Some(rule) = by_exact_name(name, catalogue) {
        return Some((rule, ResolvedBy::ManagedName));
    }
    if let Some(rule) = stripped(name, known).and_then(|name| by_exact_name(name, catalogue)) {
        return Some((rule, ResolvedBy::StrippedName));
    }
    let rule = catalogue.rule_by_other_name(name)?;
    Some((rule, ResolvedBy::NameTable))
}

/// Whether the name alone says that the rule judges the account as a whole, which is one resource.
pub fn judges_account(name: &str, catalogue: &Catalogue) -> bool {
    let known = Known {
        described: &[],
        overrides: &BTreeMap::new(),
        policy: &BTreeMap::new(),
        packs: None,
    };
    by_name(name, &known, catalogue).is_some_and(|(rule, _)| rule.judges == Judges::Account)
}

fn by_exact_name<'c>(name: &str, catalogue: &'c Catalogue) -> Option<&'c ManagedRule> {
    catalogue
        .rules
        .get(name)
        .or_else(|| catalogue.rule_by_identifier(name))
}

/// One identifier is shared by all manual rules of AWS's packs: there the name tells more.
fn unmapped_name(name: &str, identifier: Option<&str>, known: &Known<'_>) -> String {
    let name = stripped(name, known).unwrap_or(name);
    match identifier {
        Some("AWS_CONFIG_PROCESS_CHECK") => format!("AWS_CONFIG_PROCESS_CHECK/{name}"),
        Some(identifier) => identifier.to_owned(),
        None => name.to_owned(),
    }
}

/// The name without the id of a pack that is known or a conformance pack's usual suffix
/// (`-conformance-pack-` and nine of a-z0-9), or without what an organisation rule adds (`OrgConfigRule-` and `-` with eight of a-z0-9).
fn stripped<'n>(name: &'n str, known: &Known<'_>) -> Option<&'n str> {
    let of_pack = |id: &str| name.strip_suffix(id)?.strip_suffix('-');
    let ids = known.packs.into_iter().flat_map(BTreeMap::values).flatten();
    // Where the id of one pack ends with that of another, the longer is meant.
    if let Some(rule) = ids
        .filter_map(|id| of_pack(id))
        .min_by_key(|rule| rule.len())
    {
        return Some(rule);
    }
    if let Some((rule, suffix)) = name.rsplit_once("-conformance-pack-") {
        return is_suffix(suffix, 9).then_some(rule);
    }
    let (rule, suffix) = name.strip_prefix("OrgConfigRule-")?.rsplit_once('-')?;
    is_suffix(suffix, 8).then_some(rule)
}

/// Whether the text is `length` of a-z0-9.
pub fn is_suffix(text: &str, length: usize) -> bool {
    text.len() == length
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::catalogue::catalogue;
    use crate::evidence::{ListingIndex, Provenance, Scope};

    fn described(owner: &str, identifier: &str) -> ConfigRule {
        ConfigRule {
            at: Provenance {
                listing: ListingIndex(0),
                element: 0,
                offset: 0,
            },
            name: "any".into(),
            arn: Some(
                "arn:aws:config:us-east-1:111122223333:config-rule/config-rule-abcdef".into(),
            ),
            owner: owner.into(),
            source_identifier: Some(identifier.into()),
            parameters: None,
            state: None,
            scope: Scope::default(),
            detective: true,
            internal: false,
        }
    }

    fn resolved(name: &str, rule: Option<&ConfigRule>) -> (String, ResolvedBy) {
        let overrides = BTreeMap::from([
            ("our-ssh-check".to_owned(), "restricted-ssh".to_owned()),
            ("restricted-ssh".to_owned(), "encrypted-volumes".to_owned()),
        ]);
        let packs = BTreeMap::from([("own", BTreeSet::from(["ours", "pack-of-ours"]))]);
        let known = Known {
            described: rule.as_slice(),
            overrides: &overrides,
            policy: &BTreeMap::new(),
            packs: Some(&packs),
        };
        let identity = resolve(name, &known, catalogue());
        (identity.rule, identity.by)
    }

    #[test]
    fn the_source_identifier_is_believed_before_any_name() {
        let rule = described("AWS", "INCOMING_SSH_DISABLED");
        for name in ["anything", "encrypted-volumes", "our-ssh-check"] {
            assert_eq!(
                resolved(name, Some(&rule)),
                ("restricted-ssh".into(), ResolvedBy::SourceIdentifier)
            );
        }
    }

    #[test]
    fn an_override_is_believed_before_the_name() {
        assert_eq!(
            resolved("our-ssh-check", None),
            ("restricted-ssh".into(), ResolvedBy::Override)
        );
        assert_eq!(
            resolved("restricted-ssh", None),
            ("encrypted-volumes".into(), ResolvedBy::Override)
        );
    }

    #[test]
    fn a_managed_name_or_identifier_is_taken_as_it_is() {
        assert_eq!(
            resolved("encrypted-volumes", None).1,
            ResolvedBy::ManagedName
        );
        assert_eq!(
            resolved("INSTANCES_IN_VPC", None),
            ("ec2-instances-in-vpc".into(), ResolvedBy::ManagedName)
        );
        assert_eq!(resolved("ENCRYPTED-volumes", None).1, ResolvedBy::Unmapped);
    }

    #[test]
    fn only_known_affixes_are_stripped() {
        let pack = "cloudwatch-log-group-encrypted-conformance-pack-6cruwvtg2";
        assert_eq!(
            resolved(pack, None),
            (
                "cloudwatch-log-group-encrypted".into(),
                ResolvedBy::StrippedName
            )
        );
        assert_eq!(
            resolved("encrypted-volumes-pack-of-ours", None),
            ("encrypted-volumes".into(), ResolvedBy::StrippedName),
            "the id of a pack that is described"
        );
        let org = "OrgConfigRule-s3-bucket-versioning-enabled-dbgzf8ba";
        assert_eq!(
            resolved(org, None),
            (
                "s3-bucket-versioning-enabled".into(),
                ResolvedBy::StrippedName
            )
        );
        for name in [
            "encrypted-volumes-conformance-pack-6cruwvtg",
            "encrypted-volumes-conformance-pack-6CRUWVTG2",
            "encrypted-volumes-2",
            "OrgConfigRule-encrypted-volumes",
            "OrgConfigRule-encrypted-volumes-dbgzf8b",
            "OrgConfigRule-encrypted-volumes-DBGZF8BA",
        ] {
            assert_eq!(resolved(name, None).1, ResolvedBy::Unmapped, "{name}");
        }
    }

    #[test]
    fn names_of_other_services_are_found_only_in_their_table() {
        assert_eq!(
            resolved("securityhub-restricted-ssh-baa2cf8c", None),
            ("restricted-ssh".into(), ResolvedBy::NameTable)
        );
        assert_eq!(
            resolved("AWSControlTower_AWS-GR_RESTRICTED_SSH", None),
            ("restricted-ssh".into(), ResolvedBy::NameTable)
        );
        let other = "securityhub-vpc-sg-restricted-common-ports-dadfg6";
        assert_eq!(
            resolved(other, None),
            (other.to_owned(), ResolvedBy::Unmapped)
        );
        assert_eq!(
            resolved("securityhub-restricted-ssh", None).1,
            ResolvedBy::Unmapped
        );
    }

    #[test]
    fn a_customers_own_rule_is_never_recognised_by_its_name() {
        let own = described(
            "CUSTOM_LAMBDA",
            "arn:aws:lambda:us-east-1:111122223333:function:x",
        );
        assert_eq!(
            resolved("encrypted-volumes", Some(&own)).1,
            ResolvedBy::Unmapped
        );
        assert_eq!(
            resolved("our-ssh-check", Some(&own)).1,
            ResolvedBy::Override
        );
    }

    #[test]
    fn an_unmapped_managed_rule_goes_by_its_identifier_and_manual_ones_by_name_too() {
        let other = described("AWS", "DESIRED_INSTANCE_TYPE");
        assert_eq!(
            resolved("x", Some(&other)),
            ("DESIRED_INSTANCE_TYPE".into(), ResolvedBy::SourceIdentifier)
        );
        let manual = described("AWS", "AWS_CONFIG_PROCESS_CHECK");
        assert_eq!(
            resolved("risk-assessment-conformance-pack-6cruwvtg2", Some(&manual)).0,
            "AWS_CONFIG_PROCESS_CHECK/risk-assessment"
        );
    }
}
