//! In which order findings stand: as they are joined, and as they are shown.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use super::finding::Findings;
use super::model::{Finding, FindingRule};
use super::placed::Verdicts;
use super::verdict::{Deployed, Verdict};

/// Where the verdicts of a deployed rule stand in the order of the findings, and among the copies
/// of one finding.
#[derive(Clone, Copy)]
pub struct Rank {
    /// Of the finding's rule and place.
    finding: usize,
    /// Among the copies of one finding.
    pub copy: usize,
}

/// By account, the finding's region and rule; within a finding by region and deployed name.
pub fn ranks(placed: &Verdicts<'_>) -> Vec<Rank> {
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

/// The verdicts of each rule at each place of findings, in the order of these.
pub fn groups<'v, 's>(placed: &'v Verdicts<'s>, ranks: &[Rank]) -> Vec<Vec<&'v Verdict<'s>>> {
    let finding = |verdict: &Verdict<'_>| ranks[verdict.copy.index].finding;
    let mut sizes = vec![0; ranks.len()];
    for verdict in &placed.counted {
        sizes[finding(verdict)] += 1;
    }
    let mut groups: Vec<Vec<_>> = sizes.into_iter().map(Vec::with_capacity).collect();
    for verdict in &placed.counted {
        groups[finding(verdict)].push(verdict);
    }
    groups.retain(|group| !group.is_empty());
    groups
}

/// Sorts them as they are shown: the worst first, then by control, rule, place and resource. They come
/// as they were joined, those of one rule, place and type by resource: only what findings share is
/// left to compare.
pub fn sort(findings: &mut Findings) {
    let mut rules: Vec<&Arc<FindingRule>> = (findings.alike())
        .map(|alike| &alike[0].finding.of)
        .collect();
    rules.sort_by(|one, other| shared(one).cmp(&shared(other)));
    let mut ranks: HashMap<*const FindingRule, u32> = HashMap::new();
    let equal = rules.chunk_by(|one, other| shared(one) == shared(other));
    for (rank, rules) in (0..).zip(equal) {
        ranks.extend(rules.iter().map(|rule| (Arc::as_ptr(rule), rank)));
    }
    let key = |finding: &Finding| (Reverse(finding.status), ranks[&Arc::as_ptr(&finding.of)]);
    findings
        .judged
        .sort_by_cached_key(|judged| key(&judged.finding));
    let all = |one: &Finding, other: &Finding| {
        let worst = other.status.cmp(&one.status);
        let by_rule = worst.then_with(|| shared(&one.of).cmp(&shared(&other.of)));
        by_rule.then_with(|| one.resource_id.cmp(&other.resource_id))
    };
    findings.gone.sort_unstable_by(all);
}

fn shared(of: &FindingRule) -> impl Ord + '_ {
    (
        of.controls.is_empty(),
        &of.controls,
        &of.rule,
        &of.account,
        &of.region,
        &of.resource_type,
    )
}
