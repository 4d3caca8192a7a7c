//! From verdicts to findings: the latest of each deployed copy, the worst over the copies.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Serialize;

use crate::digest::Digest;
use crate::evidence::{
    ComplianceType, Evidence, Identity, Listing, Parameters, Provenance, Text, identity,
};
use crate::threads::in_order;

use super::Subject;
use super::current::Current;
use super::gone::Gone;
use super::model::{
    AttributedBy, CopyRule, EvaluationReconciliation, Finding, FindingId, FindingRule, Fingerprint,
    Other, Relation, ResolvedBy, Source, SourceList,
};
use super::order::{Rank, groups, ranks};
use super::place::CopyKey;
use super::placed::Verdicts;
use super::shortfall::Shortfall;
use super::verdict::{Deployed, GLOBAL, Hold, Verdict};

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

impl Findings {
    /// The judged findings, those together that stand beside each other and have all in common
    /// that findings can.
    pub fn alike(&self) -> impl Iterator<Item = &[Judged]> {
        (self.judged).chunk_by(|a, b| Arc::ptr_eq(&a.finding.of, &b.finding.of))
    }
}

/// Joins the verdicts into findings and counts what became of each.
pub fn join<'s>(
    placed: &Verdicts<'s>,
    gone: &Gone<'_>,
    subject: &Subject<'s>,
    counts: &mut EvaluationReconciliation,
) -> Findings {
    let (ranks, lists) = (ranks(placed), source_lists(subject.evidence));
    let mut findings = Findings {
        // Hardly any finding has several verdicts, and what grew would lie in memory twice.
        judged: Vec::with_capacity(placed.counted.len()),
        ..Findings::default()
    };
    // One rule at one place has nothing to do with any other.
    in_order(
        &groups(placed, &ranks),
        |group| Builder::new(subject, &lists).join(group, &ranks, gone),
        |(part, became)| {
            findings.judged.extend(part.judged);
            findings.gone.extend(part.gone);
            findings.copies.extend(part.copies);
            counts.add(&became);
        },
    );
    findings
}

fn resource<'v>(verdict: &Verdict<'v>) -> (&'v str, &'v str) {
    let evaluation = verdict.evaluation;
    (&evaluation.resource_type, &evaluation.resource_id)
}

struct Builder<'b, 's> {
    subject: &'b Subject<'s>,
    /// The lists by their index.
    lists: &'b [Arc<SourceList>],
    findings: Findings,
    counts: EvaluationReconciliation,
    /// What each deployed rule says, by its index.
    seen: BTreeMap<usize, (CopyKey, BTreeMap<ComplianceType, u64>)>,
    rules: HashMap<RuleKey<'s>, Arc<FindingRule>>,
    copies: HashMap<(usize, Option<&'s Parameters>), Arc<CopyRule>>,
    /// Account and region of each deployed rule, and `global`, in texts of its own: threads that
    /// count who holds one text wait for each other.
    places: HashMap<usize, (Text, Text)>,
    global: Text,
}

/// What makes the common part of a finding: the index of the deployed rule, the resource's type,
/// how the place was found, the regions, and the parameters that stand in the verdict itself.
type RuleKey<'s> = (
    usize,
    Text,
    AttributedBy,
    Vec<String>,
    Option<&'s Parameters>,
);

impl<'b, 's> Builder<'b, 's> {
    fn new(subject: &'b Subject<'s>, lists: &'b [Arc<SourceList>]) -> Self {
        Self {
            subject,
            lists,
            findings: Findings::default(),
            counts: EvaluationReconciliation::default(),
            seen: BTreeMap::new(),
            rules: HashMap::new(),
            copies: HashMap::new(),
            places: HashMap::new(),
            global: GLOBAL.into(),
        }
    }

    /// All findings of one rule at one place, and what became of its verdicts.
    fn join(
        mut self,
        group: &[&Verdict<'s>],
        ranks: &[Rank],
        gone: &Gone<'_>,
    ) -> (Findings, EvaluationReconciliation) {
        self.findings.judged.reserve_exact(group.len());
        let mut order = group.to_vec();
        order.sort_by_key(|verdict| (resource(verdict), ranks[verdict.copy.index].copy));
        for of_one in order.chunk_by(|a, b| resource(a) == resource(b)) {
            let copies: Vec<Current<'_, 's>> = of_one
                .chunk_by(|a, b| a.copy.index == b.copy.index)
                .map(|copy| Current::of(copy, gone, self.subject))
                .collect();
            self.finding(&copies);
        }
        self.findings.copies = self.seen.into_values().collect();
        (self.findings, self.counts)
    }

    fn finding(&mut self, copies: &[Current<'_, 's>]) {
        let there: Vec<&Current<'_, 's>> = copies.iter().filter(|copy| !copy.gone).collect();
        self.count(copies);
        if there.is_empty() {
            let all: Vec<&Current<'_, 's>> = copies.iter().collect();
            let finding = self.build(&all, &[]).finding;
            self.findings.gone.push(finding);
        } else {
            let gone: Vec<&Current<'_, 's>> = copies.iter().filter(|copy| copy.gone).collect();
            let judged = self.build(&there, &gone);
            self.findings.judged.push(judged);
        }
    }

    fn count(&mut self, copies: &[Current<'_, 's>]) {
        let counts = &mut self.counts;
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
                let seen = self.seen.entry(verdict.copy.index);
                let (_, seen) = seen.or_insert_with(|| (verdict.copy.key(), BTreeMap::new()));
                *seen.entry(verdict.evaluation.compliance).or_default() += 1;
            }
        }
    }

    fn build(&mut self, copies: &[&Current<'_, 's>], gone: &[&Current<'_, 's>]) -> Judged {
        let rank = |copy: &&&Current<'_, 's>| {
            let verdict = copy.verdict;
            let unknown_or_in = verdict.hold != Hold::Outside;
            let doubtful = verdict.doubtful_parameters(self.subject);
            (
                unknown_or_in,
                verdict.evaluation.compliance,
                verdict.hold == Hold::InPeriod,
                verdict.copy.identity.shortfall.is_none(),
                std::cmp::Reverse(doubtful),
            )
        };
        // Of equally bad copies the one that judges all, with the strongest parameters, speaks; of
        // equals the first by region and name, for an exception may name it.
        let winner = copies
            .iter()
            .rev()
            .max_by_key(|copy| rank(copy))
            .expect("a finding has a copy");
        let mut finding = self.describe(winner.verdict, copies);
        finding.others = self.others(winner.verdict, copies, gone);
        Judged {
            finding,
            hold: winner.verdict.hold,
        }
    }

    fn describe(&mut self, verdict: &Verdict<'s>, copies: &[&Current<'_, 's>]) -> Finding {
        let evaluation = verdict.evaluation;
        let of = self.rule(verdict, copies);
        let id = finding_id(&of, &evaluation.resource_id);
        let resource = identity(&of.resource_type, &evaluation.resource_id);
        let resource_name = self.name(&verdict.copy, resource);
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

    /// The resource's name; what belongs to the whole account is recorded as `global`.
    fn name(&mut self, copy: &Deployed<'_>, resource: Identity) -> Option<Text> {
        let place = self.places.entry(copy.index);
        let own = || ((*copy.account).into(), (*copy.region).into());
        let (account, region) = place.or_insert_with(own).clone();
        let names = &self.subject.evidence.names;
        let here = names.get(&(account.clone(), region, resource));
        let found = here.or_else(|| names.get(&(account, self.global.clone(), resource)));
        found.cloned()
    }

    /// What the finding has in common with others: made once.
    fn rule(&mut self, verdict: &Verdict<'s>, copies: &[&Current<'_, 's>]) -> Arc<FindingRule> {
        let kind = &verdict.evaluation.resource_type;
        let key = (
            verdict.copy.index,
            kind.clone(),
            verdict.attributed_by,
            regions(copies),
            verdict.own_parameters(),
        );
        if let Some(known) = self.rules.get(&key) {
            return known.clone();
        }
        let (deployed, identity) = (&verdict.copy, &verdict.copy.identity);
        let terms = verdict.terms(self.subject);
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
            parameters: terms.parameters,
            weaker_parameters: terms.weaker,
            unknown_parameters: terms.unknown,
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
                of: self.copy_rule(verdict),
                relation,
                status: verdict.evaluation.compliance,
                recorded_at: verdict.evaluation.recorded_at.clone(),
                source: self.source(verdict.evaluation.at),
            })
            .collect()
    }

    fn copy_rule(&mut self, verdict: &Verdict<'s>) -> Arc<CopyRule> {
        let copy = &verdict.copy;
        let rule = || CopyRule {
            deployed_rule: copy.name.to_string(),
            region: copy.region.to_string(),
            parameters: verdict.terms(self.subject).parameters,
        };
        let known = self.copies.entry((copy.index, verdict.own_parameters()));
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
