//! Counts against what was read: where AWS Config counts more that fails than the verdicts show,
//! some are missing. Counts never make anything compliant.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::{ComplianceType, Counted, FailingCount, Place, Text};

use super::Subject;
use super::finding::{CopyCounts, Judged};
use super::model::{Gap, GapKind, Other};
use super::place::Deployments;

/// What fails according to the verdicts.
pub struct Failing<'f> {
    rules: BTreeMap<(String, String), BTreeSet<String>>,
    findings: &'f [Judged],
}

impl<'f> Failing<'f> {
    /// Gathers the failing rules of each place.
    pub fn new(
        subject: &Subject<'_>,
        copies: &CopyCounts,
        findings: &'f [Judged],
        deployments: &Deployments<'_>,
    ) -> Self {
        let mut rules: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
        let mut note = |account: &str, region: &str, rule: &str| {
            let at = (account.to_owned(), region.to_owned());
            rules.entry(at).or_default().insert(rule.to_owned());
        };
        for ((account, region, rule), counts) in copies {
            if counts.contains_key(&ComplianceType::NonCompliant) {
                note(account, region, rule);
            }
        }
        for level in &subject.evidence.rule_compliances {
            let at = deployments.place_of_level(level, subject.evidence);
            if let (ComplianceType::NonCompliant, Some(account), Some(region)) =
                (level.compliance, &at.account, &at.region)
            {
                note(account, region, &level.rule);
            }
        }
        Self { rules, findings }
    }

    /// The counts that are higher than what was read.
    pub fn gaps(&self, subject: &Subject<'_>, deployments: &Deployments<'_>) -> BTreeSet<Gap> {
        let counts = subject.evidence.counts.iter();
        counts
            .filter_map(|count| self.gap(count, subject, deployments))
            .collect()
    }

    fn gap(
        &self,
        count: &FailingCount,
        subject: &Subject<'_>,
        deployments: &Deployments<'_>,
    ) -> Option<Gap> {
        let (account, region) = place_of(count, subject)?;
        let found = self.found(&count.of, &account, &region, deployments);
        let expected = count.failing.capped as usize;
        let missing = found < expected || (count.failing.exceeded && found == expected);
        let at_least = if count.failing.exceeded { ">= " } else { "" };
        missing.then(|| Gap {
            kind: GapKind::Partial,
            account: account.to_string(),
            region: region.to_string(),
            rule: String::new(),
            controls: Vec::new(),
            input: subject
                .evidence
                .input(count.at)
                .id
                .clone()
                .unwrap_or_default(),
            detail: format!(
                "NON_COMPLIANT {}: {found} / {at_least}{expected}",
                what(&count.of)
            ),
            command: command(&count.of, &account, &region),
        })
    }

    fn found(
        &self,
        of: &Counted,
        account: &str,
        region: &str,
        deployments: &Deployments<'_>,
    ) -> usize {
        let at = (account.to_owned(), region.to_owned());
        let rules = self.rules.get(&at).into_iter().flatten();
        let here = self.findings.iter().map(|judged| &judged.finding);
        let here = here.filter(|finding| {
            finding.status == ComplianceType::NonCompliant
                && finding.account == account
                && finding.regions.iter().any(|known| known == region)
        });
        match of {
            Counted::Rules => rules.count(),
            Counted::RulesOfGroup => {
                let fits = |group: &str, name: &str| group.is_empty() || group == name;
                let places = self.rules.iter();
                let group = places.filter(|((a, r), _)| fits(account, a) && fits(region, r));
                group.map(|(_, rules)| rules.len()).sum()
            }
            Counted::RulesOfPack(pack) => {
                let mut ids: Vec<&str> = deployments.pack_ids(account, region, pack).collect();
                if ids.is_empty() {
                    ids.push("-conformance-pack-");
                }
                let of_pack = |rule: &&String| ids.iter().any(|id| rule.contains(id));
                rules.filter(of_pack).count()
            }
            Counted::Resources(kind) => here
                .filter(|finding| {
                    kind.as_deref()
                        .is_none_or(|kind| finding.resource_type == kind)
                })
                .map(|finding| (&finding.resource_type, &finding.resource_id))
                .collect::<BTreeSet<_>>()
                .len(),
            Counted::RulesOnResource(kind, id) => here
                .filter(|f| *f.resource_type == **kind && *f.resource_id == *id.trim())
                .map(|f| {
                    let fails = |c: &&Other| c.status == ComplianceType::NonCompliant;
                    1 + f.copies().filter(fails).count()
                })
                .sum(),
        }
    }
}

fn what(of: &Counted) -> String {
    match of {
        Counted::Rules | Counted::RulesOfGroup => "rules".to_owned(),
        Counted::RulesOfPack(pack) => format!("rules of {pack}"),
        Counted::Resources(None) => "resources".to_owned(),
        Counted::Resources(Some(kind)) => kind.to_string(),
        Counted::RulesOnResource(kind, id) => format!("rules on {kind} {id}"),
    }
}

/// What lists those that are counted, for people to type.
fn command(of: &Counted, account: &str, region: &str) -> String {
    let command = match of {
        Counted::Rules | Counted::Resources(_) => {
            "describe-compliance-by-config-rule --compliance-types NON_COMPLIANT".to_owned()
        }
        Counted::RulesOfGroup => {
            let (key, name) = match account {
                "" => ("AwsRegion", region),
                _ => ("AccountId", account),
            };
            return format!(
                "aws configservice describe-aggregate-compliance-by-config-rules --configuration-aggregator-name … --filters {key}={name},ComplianceType=NON_COMPLIANT"
            );
        }
        Counted::RulesOfPack(pack) => {
            format!("describe-conformance-pack-compliance --conformance-pack-name {pack}")
        }
        Counted::RulesOnResource(kind, id) => {
            format!("get-compliance-details-by-resource --resource-type {kind} --resource-id {id}")
        }
    };
    format!("aws configservice {command} --region {region}")
}

/// The account and region of a count in scope. A group is all regions of an account, or all accounts
/// of a region: the other is empty.
fn place_of(count: &FailingCount, subject: &Subject<'_>) -> Option<(Text, Text)> {
    let engagement = subject.engagement;
    let Place { account, region } = count.place.clone();
    if count.of == Counted::RulesOfGroup {
        let here = |region: &Text| {
            let mut accounts = engagement.accounts.values();
            accounts.any(|known| known.regions.contains(&**region))
        };
        let covered = match (&account, &region) {
            (Some(account), _) => engagement.covers(account, None),
            (None, region) => region.as_ref().is_some_and(here),
        };
        return covered.then(|| (account.unwrap_or_default(), region.unwrap_or_default()));
    }
    let path = &subject.evidence.listing(count.at).path_place;
    let account = account.or_else(|| path.account.clone())?;
    let region = region.or_else(|| path.region.clone())?;
    let covered = engagement.covers(&account, Some(&*region));
    covered.then_some((account, region))
}
