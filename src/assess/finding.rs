//! From verdicts to findings: the latest of each deployed copy, the worst over the copies.

use std::collections::BTreeMap;

use serde_json::json;

use crate::digest::Digest;
use crate::evidence::{ComplianceType, Evidence, Parameters, Provenance, Text};

use super::Subject;
use super::coverage::Shortfall;
use super::current::Current;
use super::gone::Gone;
use super::model::{self, EvaluationReconciliation, Finding, ResolvedBy, Source, WeakerParameter};
use super::parameters;
use super::verdict::{Hold, Verdict, Verdicts};

/// A rule's copy at one place: account, region, deployed name.
pub type CopyKey = (Text, Text, Text);

/// The verdicts of all copies, counted by what they say now.
pub type CopyCounts = BTreeMap<CopyKey, BTreeMap<ComplianceType, u64>>;

/// A finding with what the documents do not show.
#[derive(Debug)]
pub struct Judged {
    /// As the documents show it.
    pub finding: Finding,
    /// Whether the verdict holds in the period, and if not, why.
    pub hold: Hold,
}

/// All findings, and what became of the verdicts behind them.
#[derive(Debug, Default)]
pub struct Findings {
    /// Of resources that are there.
    pub judged: Vec<Judged>,
    /// Of resources that are gone.
    pub gone: Vec<Finding>,
    /// What each deployed copy says.
    pub copies: CopyCounts,
}

/// Names of resources, from the snapshots.
pub type Names<'e> = BTreeMap<(&'e str, &'e str, &'e str), &'e Text>;

/// Joins the verdicts into findings and counts what became of each.
pub fn join<'s>(
    placed: &Verdicts<'s>,
    gone: &Gone<'_>,
    names: &Names<'_>,
    subject: &Subject<'s>,
    counts: &mut EvaluationReconciliation,
) -> Findings {
    let mut order: Vec<&Verdict<'s>> = placed.counted.iter().collect();
    order.sort_by(|a, b| {
        finding_key(a, placed)
            .cmp(&finding_key(b, placed))
            .then_with(|| copy_key(a).cmp(&copy_key(b)))
    });
    let mut findings = Findings::default();
    for group in order.chunk_by(|a, b| finding_key(a, placed) == finding_key(b, placed)) {
        let copies: Vec<Current<'_, 's>> = group
            .chunk_by(|a, b| copy_key(a) == copy_key(b))
            .map(|copy| Current::of(copy, gone))
            .collect();
        let builder = Builder {
            placed,
            names,
            subject,
        };
        builder.finding(&copies, &mut findings, counts);
    }
    findings
}

type FindingKey<'v> = (&'v str, &'v str, &'v str, &'v str, &'v str);

fn finding_key<'v>(verdict: &'v Verdict<'_>, placed: &'v Verdicts<'_>) -> FindingKey<'v> {
    let rule = placed.identities[verdict.identity].rule.as_str();
    let evaluation = verdict.evaluation;
    (
        &verdict.account,
        &verdict.finding_region,
        rule,
        &evaluation.resource_type,
        &evaluation.resource_id,
    )
}

fn copy_key<'v>(verdict: &'v Verdict<'_>) -> (&'v str, &'v str) {
    (&verdict.region, &verdict.evaluation.rule)
}

struct Builder<'b, 's> {
    placed: &'b Verdicts<'s>,
    names: &'b Names<'b>,
    subject: &'b Subject<'s>,
}

impl<'s> Builder<'_, 's> {
    fn finding(
        &self,
        copies: &[Current<'_, 's>],
        findings: &mut Findings,
        counts: &mut EvaluationReconciliation,
    ) {
        let there: Vec<&Current<'_, 's>> = copies.iter().filter(|copy| !copy.gone).collect();
        self.count(copies, counts, &mut findings.copies);
        if there.is_empty() {
            let all: Vec<&Current<'_, 's>> = copies.iter().collect();
            findings.gone.push(self.build(&all).finding);
        } else {
            findings.judged.push(self.build(&there));
        }
    }

    fn count(
        &self,
        copies: &[Current<'_, 's>],
        counts: &mut EvaluationReconciliation,
        seen: &mut CopyCounts,
    ) {
        let mapped = self.placed.identities[copies[0].verdict.identity]
            .managed
            .is_some();
        let mut first = true;
        for copy in copies {
            if !mapped {
                counts.unmapped += copy.records();
            } else if copy.gone {
                counts.gone += copy.records();
            } else {
                counts.contradictions += copy.against.len() as u64;
                counts.duplicates += copy.duplicates + u64::from(!first);
                counts.findings += u64::from(first);
                first = false;
            }
            if !copy.gone {
                let evaluation = copy.verdict.evaluation;
                let key = (
                    copy.verdict.account.clone(),
                    copy.verdict.region.clone(),
                    evaluation.rule.clone(),
                );
                *seen
                    .entry(key)
                    .or_default()
                    .entry(evaluation.compliance)
                    .or_default() += 1;
            }
        }
    }

    fn build(&self, copies: &[&Current<'_, 's>]) -> Judged {
        let rank = |copy: &&&Current<'_, 's>| {
            let verdict = copy.verdict;
            let unknown_or_in = verdict.hold != Hold::Outside;
            let weaker = self.weaker(verdict).len();
            (
                unknown_or_in,
                verdict.evaluation.compliance,
                self.shortfall(verdict).is_none(),
                std::cmp::Reverse(weaker),
                std::cmp::Reverse(verdict.evaluation.at),
            )
        };
        // Of equally bad copies the one that judges all, with the strongest parameters, speaks.
        let winner = copies
            .iter()
            .max_by_key(|copy| rank(copy))
            .expect("a finding has a copy");
        let finding = self.describe(winner.verdict, copies);
        Judged {
            finding,
            hold: winner.verdict.hold,
        }
    }

    fn parameters(&self, verdict: &Verdict<'_>) -> Option<&Parameters> {
        self.placed.identities[verdict.identity].parameters.as_ref()
    }

    fn shortfall(&self, verdict: &Verdict<'_>) -> Option<&Shortfall> {
        self.placed.identities[verdict.identity].shortfall.as_ref()
    }

    fn weaker(&self, verdict: &Verdict<'_>) -> Vec<WeakerParameter> {
        let managed = self.placed.identities[verdict.identity].managed;
        let (Some(rule), Some(deployed)) = (managed, self.parameters(verdict)) else {
            return Vec::new();
        };
        parameters::weaker(
            rule,
            deployed,
            self.subject.engagement.policy.get(&rule.name),
        )
    }

    fn describe(&self, verdict: &Verdict<'_>, copies: &[&Current<'_, 's>]) -> Finding {
        let evaluation = verdict.evaluation;
        let identity = &self.placed.identities[verdict.identity];
        let (account, kind, id) = (
            &*verdict.account,
            &*evaluation.resource_type,
            &*evaluation.resource_id,
        );
        let finding_id = finding_id(&finding_key(verdict, self.placed));
        let parameters = self.parameters(verdict).cloned();
        Finding {
            fingerprint: fingerprint(&finding_id, evaluation.compliance, parameters.as_ref()),
            id: finding_id,
            status: evaluation.compliance,
            rule: identity.rule.clone(),
            deployed_rule: evaluation.rule.to_string(),
            resolved_by: if identity.managed.is_some() {
                identity.by
            } else {
                ResolvedBy::Unmapped
            },
            controls: self.subject.catalogue.controls_of(&identity.rule).collect(),
            account: account.to_owned(),
            region: verdict.finding_region.to_string(),
            regions: regions(copies),
            resource_type: kind.to_owned(),
            resource_id: id.to_owned(),
            resource_name: self
                .names
                .get(&(account, kind, id))
                .map(ToString::to_string),
            annotation: evaluation.annotation.as_deref().map(str::to_owned),
            evaluated_at: evaluation.evaluated_at.clone(),
            recorded_at: evaluation.recorded_at.clone(),
            weaker_parameters: self.weaker(verdict),
            shortfall: self.shortfall(verdict).map(Shortfall::detail),
            parameters,
            in_period: verdict.hold == Hold::InPeriod,
            decision: None,
            attributed_by: verdict.attributed_by,
            copies: self.copies(verdict, copies),
            source: source(evaluation.at, self.subject.evidence),
        }
    }

    fn copies(&self, winner: &Verdict<'_>, copies: &[&Current<'_, 's>]) -> Vec<model::Copy> {
        let others = copies
            .iter()
            .flat_map(|copy| copy.against.iter().copied().chain([copy.verdict]))
            .filter(|copy| !std::ptr::eq(*copy, winner));
        others
            .map(|copy| model::Copy {
                deployed_rule: copy.evaluation.rule.to_string(),
                region: copy.region.to_string(),
                status: copy.evaluation.compliance,
                parameters: self.parameters(copy).cloned(),
                source: source(copy.evaluation.at, self.subject.evidence),
            })
            .collect()
    }
}

fn regions(copies: &[&Current<'_, '_>]) -> Vec<String> {
    let mut regions: Vec<String> = copies
        .iter()
        .map(|copy| copy.verdict.region.to_string())
        .collect();
    regions.retain(|region| !region.is_empty());
    regions.dedup();
    regions
}

/// Exactly where a record stands.
pub fn source(at: Provenance, evidence: &Evidence) -> Source {
    let (listing, input) = (evidence.listing(at), evidence.input(at));
    let (document, pointer) = if listing.sequence {
        (listing.document + at.element, listing.pointer.clone())
    } else {
        (
            listing.document,
            format!("{}/{}", listing.pointer, at.element),
        )
    };
    Source {
        input: input.id.clone().unwrap_or_default(),
        path: input.path.clone(),
        sha256: input.sha256,
        document,
        pointer,
        offset: at.offset,
    }
}

/// `F-` and the first 12 hex digits of SHA-256 over the JSON array of account, region, rule,
/// resource type and resource id: the same in every quarter.
fn finding_id((account, region, rule, kind, id): &FindingKey<'_>) -> String {
    let text = json!([account, region, rule, kind, id]).to_string();
    format!("F-{}", Digest::of(text.as_bytes()).short(12))
}

/// The first 32 hex digits of SHA-256 over the JSON array of finding id, status and deployed
/// parameters; never times or annotation, which change without anything having changed.
fn fingerprint(id: &str, status: ComplianceType, parameters: Option<&Parameters>) -> String {
    let text = json!([id, status, parameters]).to_string();
    Digest::of(text.as_bytes()).short(32)
}
