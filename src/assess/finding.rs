//! From verdicts to findings: the latest of each deployed copy, the worst over the copies.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Serialize;

use crate::digest::Digest;
use crate::evidence::{ComplianceType, Evidence, Listing, Parameters, Provenance, Text, identity};

use super::Subject;
use super::coverage::Shortfall;
use super::current::Current;
use super::gone::Gone;
use super::model::{
    AttributedBy, CopyRule, EvaluationReconciliation, Finding, FindingId, FindingRule, Fingerprint,
    Other, Relation, ResolvedBy, Source, SourceList, WeakerParameter,
};
use super::parameters;
use super::verdict::{Deployed, GLOBAL, Hold, Verdict, Verdicts};

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

/// Joins the verdicts into findings and counts what became of each.
pub fn join<'s>(
    placed: &Verdicts<'s>,
    gone: &Gone<'_>,
    subject: &Subject<'s>,
    counts: &mut EvaluationReconciliation,
) -> Findings {
    let ranks = ranks(placed);
    let rank = |verdict: &Verdict<'s>| ranks[verdict.copy.index];
    let mut order: Vec<&Verdict<'s>> = placed.counted.iter().collect();
    order.sort_by(|a, b| {
        let by_rule = rank(a).finding.cmp(&rank(b).finding);
        by_rule
            .then_with(|| resource(a).cmp(&resource(b)))
            .then_with(|| rank(a).copy.cmp(&rank(b).copy))
    });
    let same_finding = |a: &&Verdict<'s>, b: &&Verdict<'s>| {
        rank(a).finding == rank(b).finding && resource(a) == resource(b)
    };
    let mut findings = Findings {
        // Hardly any finding has several verdicts, and what grew would lie in memory twice.
        judged: Vec::with_capacity(order.len()),
        ..Findings::default()
    };
    let mut builder = Builder::new(placed, subject);
    for group in order.chunk_by(same_finding) {
        let copies: Vec<Current<'_, 's>> = group
            .chunk_by(|a, b| a.copy.index == b.copy.index)
            .map(|copy| Current::of(copy, gone, subject))
            .collect();
        builder.finding(&copies, &mut findings, counts);
    }
    findings.copies = builder.copy_counts();
    findings
}

/// Where the verdicts of a deployed rule stand in the order of the findings, and among the copies
/// of one finding.
#[derive(Clone, Copy)]
struct Rank {
    finding: usize,
    copy: usize,
}

/// By account, the finding's region and rule; within a finding by region and deployed name.
fn ranks(placed: &Verdicts<'_>) -> Vec<Rank> {
    let mut order: Vec<&Deployed<'_>> = placed.copies.iter().map(|copy| &**copy).collect();
    let finding = |copy: &Deployed<'_>| {
        let rule = copy.identity.rule.clone();
        (copy.account.clone(), copy.finding_region.clone(), rule)
    };
    order.sort_by_cached_key(|copy| (finding(copy), copy.region.clone(), copy.name.clone()));
    let mut ranks = vec![
        Rank {
            finding: 0,
            copy: 0
        };
        order.len()
    ];
    for (number, group) in order.chunk_by(|a, b| finding(a) == finding(b)).enumerate() {
        for (place, copy) in group.iter().enumerate() {
            ranks[copy.index] = Rank {
                finding: number,
                copy: place,
            };
        }
    }
    ranks
}

fn resource<'v>(verdict: &Verdict<'v>) -> (&'v str, &'v str) {
    let evaluation = verdict.evaluation;
    (&evaluation.resource_type, &evaluation.resource_id)
}

struct Builder<'b, 's> {
    placed: &'b Verdicts<'s>,
    subject: &'b Subject<'s>,
    /// The lists by their index.
    lists: Vec<Arc<SourceList>>,
    /// What each deployed rule says, by its index.
    seen: Vec<BTreeMap<ComplianceType, u64>>,
    rules: HashMap<RuleKey, Arc<FindingRule>>,
    copies: HashMap<usize, Arc<CopyRule>>,
}

/// What makes the common part of a finding: the index of the deployed rule, the resource's type,
/// how the place was found, the regions.
type RuleKey = (usize, Text, AttributedBy, Vec<String>);

impl<'b, 's> Builder<'b, 's> {
    fn new(placed: &'b Verdicts<'s>, subject: &'b Subject<'s>) -> Self {
        Self {
            placed,
            subject,
            lists: source_lists(subject.evidence),
            seen: vec![BTreeMap::new(); placed.copies.len()],
            rules: HashMap::new(),
            copies: HashMap::new(),
        }
    }

    fn copy_counts(&self) -> CopyCounts {
        let seen = self.placed.copies.iter().zip(&self.seen);
        let seen = seen.filter(|(_, counts)| !counts.is_empty());
        seen.map(|(copy, counts)| (copy.key(), counts.clone()))
            .collect()
    }

    fn finding(
        &mut self,
        copies: &[Current<'_, 's>],
        findings: &mut Findings,
        counts: &mut EvaluationReconciliation,
    ) {
        let there: Vec<&Current<'_, 's>> = copies.iter().filter(|copy| !copy.gone).collect();
        self.count(copies, counts);
        if there.is_empty() {
            let all: Vec<&Current<'_, 's>> = copies.iter().collect();
            findings.gone.push(self.build(&all, &[]).finding);
        } else {
            let gone: Vec<&Current<'_, 's>> = copies.iter().filter(|copy| copy.gone).collect();
            findings.judged.push(self.build(&there, &gone));
        }
    }

    fn count(&mut self, copies: &[Current<'_, 's>], counts: &mut EvaluationReconciliation) {
        let mapped = copies[0].verdict.copy.identity.managed.is_some();
        let mut first = true;
        for copy in copies {
            if !mapped {
                counts.unmapped += copy.records();
            } else if copy.gone {
                counts.gone += copy.records();
            } else {
                let against = copy.contradictions();
                counts.contradictions += against;
                counts.duplicates += copy.records() - 1 - against + u64::from(!first);
                counts.findings += u64::from(first);
                first = false;
            }
            if !copy.gone {
                let verdict = copy.verdict;
                let seen = &mut self.seen[verdict.copy.index];
                *seen.entry(verdict.evaluation.compliance).or_default() += 1;
            }
        }
    }

    fn build(&mut self, copies: &[&Current<'_, 's>], gone: &[&Current<'_, 's>]) -> Judged {
        let rank = |copy: &&&Current<'_, 's>| {
            let verdict = copy.verdict;
            let unknown_or_in = verdict.hold != Hold::Outside;
            let weaker = self.weaker(verdict).len();
            (
                unknown_or_in,
                verdict.evaluation.compliance,
                verdict.hold == Hold::InPeriod,
                verdict.copy.identity.shortfall.is_none(),
                std::cmp::Reverse(weaker),
                std::cmp::Reverse(verdict.evaluation.at),
            )
        };
        // Of equally bad copies the one that judges all, with the strongest parameters, speaks.
        let winner = copies
            .iter()
            .max_by_key(|copy| rank(copy))
            .expect("a finding has a copy");
        let mut finding = self.describe(winner.verdict, copies);
        finding.others = self.others(winner.verdict, copies, gone);
        Judged {
            finding,
            hold: winner.verdict.hold,
        }
    }

    fn weaker(&self, verdict: &Verdict<'_>) -> Vec<WeakerParameter> {
        let identity = &verdict.copy.identity;
        let (Some(rule), Some(deployed)) = (identity.managed, &identity.parameters) else {
            return Vec::new();
        };
        parameters::weaker(
            rule,
            deployed,
            self.subject.engagement.policy.get(&rule.name),
        )
    }

    fn describe(&mut self, verdict: &Verdict<'_>, copies: &[&Current<'_, 's>]) -> Finding {
        let evaluation = verdict.evaluation;
        let of = self.rule(verdict, copies);
        let id = finding_id(&of, &evaluation.resource_id);
        let resource = identity(&of.resource_type, &evaluation.resource_id);
        let (account, region) = (&verdict.copy.account, &verdict.copy.region);
        let named = |region: Text| {
            let names = &self.subject.evidence.names;
            names.get(&(account.clone(), region, resource)).cloned()
        };
        // What belongs to the whole account is recorded as `global`.
        let resource_name = named(region.clone()).or_else(|| named(GLOBAL.into()));
        Finding {
            id,
            fingerprint: fingerprint(id, evaluation.compliance, of.parameters.as_ref()),
            status: evaluation.compliance,
            in_period: verdict.hold == Hold::InPeriod,
            resource_id: evaluation.resource_id.clone(),
            resource_name,
            annotation: evaluation.annotation.clone(),
            evaluated_at: evaluation.evaluated_at.clone(),
            recorded_at: evaluation.recorded_at.clone(),
            decision: None,
            others: Box::default(),
            source: self.source(evaluation.at),
            of,
        }
    }

    /// What the finding has in common with others: made once.
    fn rule(&mut self, verdict: &Verdict<'_>, copies: &[&Current<'_, 's>]) -> Arc<FindingRule> {
        let kind = &verdict.evaluation.resource_type;
        let key = (
            verdict.copy.index,
            kind.clone(),
            verdict.attributed_by,
            regions(copies),
        );
        if let Some(known) = self.rules.get(&key) {
            return known.clone();
        }
        let (deployed, identity) = (&verdict.copy, &verdict.copy.identity);
        let rule = Arc::new(FindingRule {
            rule: identity.rule.clone(),
            deployed_rule: deployed.name.to_string(),
            resolved_by: if identity.managed.is_some() {
                identity.by
            } else {
                ResolvedBy::Unmapped
            },
            controls: self.subject.catalogue.controls_of(&identity.rule).collect(),
            account: deployed.account.to_string(),
            region: deployed.finding_region.to_string(),
            regions: key.3.clone(),
            resource_type: kind.to_string(),
            parameters: identity.parameters.clone(),
            weaker_parameters: self.weaker(verdict),
            shortfall: identity.shortfall.as_ref().map(Shortfall::detail),
            attributed_by: verdict.attributed_by,
        });
        self.rules.insert(key, rule.clone());
        rule
    }

    /// All verdicts but the one that counts: of the copies first, then their history.
    fn others(
        &mut self,
        winner: &Verdict<'_>,
        copies: &[&Current<'_, 's>],
        gone: &[&Current<'_, 's>],
    ) -> Box<[Other]> {
        let there = copies.iter().map(|copy| (copy, Relation::Copy));
        let gone = gone.iter().map(|copy| (copy, Relation::Gone));
        let current = there.clone().chain(gone.clone());
        let current = current.map(|(copy, relation)| (copy.verdict, relation));
        let history = there.chain(gone).flat_map(|(copy, _)| copy.others.clone());
        let mut others: Vec<_> = (current.chain(history))
            .filter(|(verdict, _)| !std::ptr::eq(*verdict, winner))
            .collect();
        others.sort_by_key(|(verdict, relation)| (*relation, verdict.evaluation.at));
        others
            .into_iter()
            .map(|(verdict, relation)| Other {
                of: self.copy_rule(&verdict.copy),
                relation,
                status: verdict.evaluation.compliance,
                recorded_at: verdict.evaluation.recorded_at.clone(),
                source: self.source(verdict.evaluation.at),
            })
            .collect()
    }

    fn copy_rule(&mut self, copy: &Deployed<'_>) -> Arc<CopyRule> {
        let rule = || CopyRule {
            deployed_rule: copy.name.to_string(),
            region: copy.region.to_string(),
            parameters: copy.identity.parameters.clone(),
        };
        let known = self.copies.entry(copy.index);
        known.or_insert_with(|| Arc::new(rule())).clone()
    }

    fn source(&self, at: Provenance) -> Source {
        Source {
            list: self.lists[at.listing.0 as usize].clone(),
            element: at.element,
            offset: at.offset,
        }
    }
}

fn regions(copies: &[&Current<'_, '_>]) -> Vec<String> {
    let mut regions: Vec<String> = copies
        .iter()
        .map(|copy| copy.verdict.copy.region.to_string())
        .collect();
    regions.retain(|region| !region.is_empty());
    regions.dedup();
    regions
}

/// All lists as findings cite them, by their index.
pub fn source_lists(evidence: &Evidence) -> Vec<Arc<SourceList>> {
    let list = |listing: &Listing| {
        let input = &evidence.inputs[listing.input.0 as usize];
        Arc::new(SourceList {
            input: input.id.clone().unwrap_or_default(),
            path: input.path.clone(),
            sha256: input.sha256,
            document: listing.document,
            pointer: listing.pointer.clone(),
            sequence: listing.sequence,
        })
    };
    evidence.listings.iter().map(list).collect()
}

/// From SHA-256 over the JSON array of account, region, rule, resource type and resource id.
fn finding_id(of: &FindingRule, resource_id: &str) -> FindingId {
    let key = [
        &of.account,
        &of.region,
        &of.rule,
        &of.resource_type,
        resource_id,
    ];
    FindingId::from(digest_of_json(&key))
}

/// From SHA-256 over the JSON array of finding id, status and deployed parameters; never times or
/// annotation, which change without anything having changed.
fn fingerprint(
    id: FindingId,
    status: ComplianceType,
    parameters: Option<&Parameters>,
) -> Fingerprint {
    Fingerprint::from(digest_of_json(&(id, status, parameters)))
}

fn digest_of_json(value: &impl Serialize) -> Digest {
    let json = serde_json::to_vec(value).expect("maps of the assessment have text keys");
    Digest::of(&json)
}
