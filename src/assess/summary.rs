//! Puts the conclusions together as the one value that all documents are rendered from.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::{self, Level, ManagedRule};
use crate::evidence::{Captured, ConfigRule, Fault, Input, InputIndex, InputStatus, ListingIndex};
use crate::time::{Moment, rfc3339};

use super::captures::Captures;
use super::coverage::Coverages;
use super::decide::Decided;
use super::finding::Findings;
use super::model::{
    AccountSummary, Assessment, ControlRow, Counts, DeployedRule, EngagementSummary,
    EvaluationReconciliation, FORMAT, Gap, InputRow, MappingEntry, PolicyValue, Reconciliation,
    RuleRow, Totals,
};
use super::page::Answers;
use super::place::Deployments;
use super::{Subject, asset, order, parameters, people, rejected};

/// What was concluded, part by part.
pub struct Parts<'p, 'e> {
    /// Each control.
    pub controls: Vec<ControlRow>,
    /// What was seen of each mapped rule.
    pub coverages: &'p Coverages,
    /// The decisions.
    pub decided: &'p Decided,
    /// The gaps.
    pub gaps: Vec<Gap>,
    /// When exports were taken.
    pub captures: &'p Captures,
    /// Which lists are pages of one answer.
    pub answers: &'p Answers,
    /// Where rules are deployed.
    pub deployments: &'p Deployments<'e>,
    /// What became of the evaluations.
    pub counts: EvaluationReconciliation,
}

/// The whole.
pub fn assessment(
    subject: &Subject<'_>,
    parts: Parts<'_, '_>,
    mut findings: Findings,
) -> Assessment {
    order::sort(&mut findings);
    let (assets, mut items) = asset::inventory(subject);
    items.rejected = rejected(subject, |records| records.configuration_items);
    items.read += items.rejected;
    let rules = rule_rows(subject, &parts, &findings);
    let inputs = input_rows(subject, &parts);
    Assessment {
        format: FORMAT,
        engagement: engagement(subject),
        table: catalogue::TABLE.to_owned(),
        edition: catalogue::EDITION.to_owned(),
        generated_at: subject.generated_at,
        totals: totals(subject, &parts, &findings, &inputs, assets.count()),
        controls: parts.controls,
        rules,
        gaps: parts.gaps,
        inputs,
        assets,
        decisions: parts.decided.rows.clone(),
        manual_evidence: people::manual_evidence(subject),
        statement: people::statement(subject),
        reconciliation: Reconciliation {
            evaluation_results: parts.counts,
            configuration_items: items,
        },
        mapping: mapping(subject),
        findings: findings
            .judged
            .into_iter()
            .map(|judged| judged.finding)
            .collect(),
        gone: findings.gone,
    }
}

fn engagement(subject: &Subject<'_>) -> EngagementSummary {
    let engagement = subject.engagement;
    let account = |(account, known): (&String, &crate::engagement::Account)| AccountSummary {
        account: account.clone(),
        name: known.name.clone(),
        regions: known.regions.iter().cloned().collect(),
    };
    EngagementSummary {
        organization: engagement.organization.clone(),
        scope: engagement.scope.clone(),
        scheme: engagement.scheme,
        period: engagement.period.clone(),
        prepared_by: engagement.prepared_by.clone(),
        reviewed_by: engagement.reviewed_by.clone(),
        language: engagement.language,
        own_templates: Vec::new(),
        accounts: engagement.accounts.iter().map(account).collect(),
    }
}

fn tally<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, u32> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

fn totals(
    subject: &Subject<'_>,
    parts: &Parts<'_, '_>,
    findings: &Findings,
    inputs: &[InputRow],
    assets: u64,
) -> Totals {
    let items = parts
        .controls
        .iter()
        .filter(|control| control.level == Level::Item);
    let results = || items.clone().filter_map(|control| control.result.as_ref());
    let mut counts = Counts::default();
    for judged in &findings.judged {
        counts.add(judged.finding.counted_as(None));
    }
    let alike = findings.alike();
    let seen: BTreeSet<&str> = alike.map(|judged| &*judged[0].finding.rule).collect();
    let mapped = |rule: &&&str| subject.catalogue.rules.contains_key(**rule);
    Totals {
        controls: tally(results().map(|result| result.automated)),
        manual: tally(results().map(|result| result.manual)),
        findings: counts,
        gaps: tally(parts.gaps.iter().map(|gap| gap.kind)),
        inputs: tally(inputs.iter().map(|input| input.status)),
        assets,
        rules_seen: u32::try_from(seen.iter().filter(mapped).count()).unwrap_or(u32::MAX),
        rules_mapped: u32::try_from(subject.catalogue.rules.len()).unwrap_or(u32::MAX),
    }
}

/// Every mapped rule, then every other that was seen, by name.
fn rule_rows(subject: &Subject<'_>, parts: &Parts<'_, '_>, findings: &Findings) -> Vec<RuleRow> {
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    for alike in findings.alike() {
        let of_rule = counts.entry(&alike[0].finding.rule).or_default();
        for judged in alike {
            of_rule.add(judged.finding.counted_as(None));
        }
    }
    let mut deployed = deployed(subject, parts.deployments, findings);
    let mut names: BTreeSet<String> = subject.catalogue.rules.keys().cloned().collect();
    names.extend(counts.keys().map(ToString::to_string));
    names.extend(deployed.keys().cloned());
    let row = |rule: String| {
        let managed = subject.catalogue.rules.get(&rule);
        let seen = parts.coverages.get(&rule);
        RuleRow {
            source_identifier: managed.map(|managed| managed.source_identifier.clone()),
            controls: subject.catalogue.controls_of(&rule).collect(),
            trigger: managed.map(|managed| managed.trigger),
            reach: managed.map(|managed| managed.reach),
            policy: managed
                .map(|managed| policy(subject, managed))
                .unwrap_or_default(),
            counts: counts.get(rule.as_str()).copied().unwrap_or_default(),
            deployed: deployed
                .remove(&rule)
                .unwrap_or_default()
                .into_iter()
                .collect(),
            seen: seen.map_or_else(Vec::new, |covered| covered.seen.clone()),
            rule,
        }
    };
    names.into_iter().map(row).collect()
}

fn policy(subject: &Subject<'_>, rule: &ManagedRule) -> Vec<PolicyValue> {
    let own = subject.engagement.policy.get(&rule.name);
    own.map(|own| parameters::differing(rule, own))
        .unwrap_or_default()
}

fn deployed(
    subject: &Subject<'_>,
    deployments: &Deployments<'_>,
    findings: &Findings,
) -> BTreeMap<String, BTreeSet<DeployedRule>> {
    let mut rules: BTreeMap<String, BTreeSet<DeployedRule>> = BTreeMap::new();
    for ((account, region, name), described) in deployments.iter() {
        let identity = deployments.identify((account, region, name), subject);
        let latest = described.last();
        rules
            .entry(identity.rule)
            .or_default()
            .insert(DeployedRule {
                account: account.to_string(),
                region: region.to_string(),
                name: name.to_string(),
                resolved_by: identity.by,
                parameters: identity.parameters,
                scope: latest.map(|rule| rule.scope.clone()),
                state: latest.and_then(|rule| state(rule)),
                shortfall: identity.shortfall.map(|shortfall| shortfall.detail()),
            });
    }
    for alike in findings.alike() {
        let finding = &alike[0].finding;
        let regions = finding
            .regions
            .iter()
            .map(String::as_str)
            .chain(finding.regions.is_empty().then_some(""));
        for region in regions {
            let known = deployments.get(
                &finding.account.as_str().into(),
                &region.into(),
                &finding.deployed_rule.as_str().into(),
            );
            if known.is_empty() {
                rules
                    .entry(finding.rule.clone())
                    .or_default()
                    .insert(DeployedRule {
                        account: finding.account.clone(),
                        region: region.to_owned(),
                        name: finding.deployed_rule.clone(),
                        resolved_by: finding.resolved_by,
                        parameters: finding.parameters.clone(),
                        scope: None,
                        state: None,
                        shortfall: None,
                    });
            }
        }
    }
    rules
}

/// `INTERNAL` where AWS keeps the rule's evaluations to itself, else its own state.
fn state(rule: &ConfigRule) -> Option<String> {
    let own = rule.state.as_deref().map(str::to_owned);
    if rule.internal {
        Some("INTERNAL".to_owned())
    } else {
        own
    }
}

fn input_rows(subject: &Subject<'_>, parts: &Parts<'_, '_>) -> Vec<InputRow> {
    let mut told: BTreeMap<InputIndex, Moment> = BTreeMap::new();
    for listing in &subject.evidence.listings {
        if let Some(Captured::At(moment)) = listing.captured {
            let latest = told.entry(listing.input).or_insert(moment);
            *latest = moment.max(*latest);
        }
    }
    let (continued, cut) = pages(subject, parts.answers);
    let rows = subject.evidence.inputs.iter().zip(0..);
    let rows = rows.map(|(input, index)| {
        let index = InputIndex(index);
        let mut row = input_row(input, told.get(&index).copied(), parts.captures);
        if row.status == InputStatus::Partial && continued.contains(&index) {
            row.status = InputStatus::Complete;
            row.reason = None;
        } else if row.status == InputStatus::Complete && cut.contains(&index) {
            row.status = InputStatus::Partial;
            row.reason = Some("the last page of one of its answers is missing".to_owned());
        }
        row
    });
    rows.collect()
}

/// Inputs whose every list is a page of an answer of which the last page is there, in this file or
/// in a following one: nothing of them is missing. And those of which something is.
fn pages(subject: &Subject<'_>, answers: &Answers) -> (BTreeSet<InputIndex>, BTreeSet<InputIndex>) {
    let (mut continued, mut cut) = (BTreeSet::new(), BTreeSet::new());
    for (listing, index) in subject.evidence.listings.iter().zip(0..) {
        if answers.has_last_page(ListingIndex(index)) {
            continued.insert(listing.input);
        } else {
            cut.insert(listing.input);
        }
    }
    continued.retain(|input| !cut.contains(input));
    (continued, cut)
}

fn input_row(input: &Input, told: Option<Moment>, captures: &Captures) -> InputRow {
    let place = &input.path_place;
    let at_least = match (&place.account, &place.region) {
        (Some(account), Some(region)) => captures.at_least(account, region).map(Captured::moment),
        _ => None,
    };
    let taken = told.map(rfc3339);
    let used = matches!(input.status, InputStatus::Complete | InputStatus::Partial);
    InputRow {
        input: input.id.clone().unwrap_or_default(),
        path: input.path.clone(),
        bundle_path: bundle_path(input).unwrap_or_default(),
        sha256: input.sha256,
        bytes: input.bytes,
        kind: input.kinds.join(";"),
        status: input.status,
        reason: input.reason.clone(),
        captured_at: taken.or_else(|| {
            at_least
                .filter(|_| used)
                .map(|moment| format!("at least {}", rfc3339(moment)))
        }),
        records: input.records,
        faults: input.faults.clone(),
    }
}

/// `data/exports/E0001.json.gz`; what could not be read to its end does not travel, and neither does
/// what is no export at all: it may be anything, a key among them.
fn bundle_path(input: &Input) -> Option<String> {
    input.sha256?;
    let foreign = |fault: &Fault| {
        matches!(
            fault.code.as_str(),
            "KI-0121" | "KI-0401" | "KI-0403" | "KI-0405"
        )
    };
    if input.faults.iter().any(foreign) {
        return None;
    }
    if input.archive.is_some() {
        return None;
    }
    let extension = input.container.extension();
    let id = input.id.as_ref()?;
    Some(format!("data/exports/{id}.{extension}"))
}

fn mapping(subject: &Subject<'_>) -> Vec<MappingEntry> {
    let rows = subject.catalogue.mapping.iter();
    rows.filter(|row| subject.engagement.scheme.includes(row.control_id))
        .filter_map(|row| {
            let control = subject.catalogue.control(row.control_id)?;
            Some(MappingEntry {
                control_id: row.control_id,
                title_ko: control.title_ko.clone(),
                title_en: control.title_en.clone(),
                rule: row.rule.clone(),
                source_identifier: subject
                    .catalogue
                    .rules
                    .get(&row.rule)?
                    .source_identifier
                    .clone(),
                source: row.source.clone(),
            })
        })
        .collect()
}
