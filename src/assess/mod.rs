//! From evidence to findings, gaps and control results: a pure function.
//!
//! | module | what it decides |
//! |---|---|
//! | `place` | to which account and region a record belongs |
//! | `attributed` | to which each evaluation belongs |
//! | `captures` | when an export was taken that does not say so |
//! | `identity` | which managed rule a deployed rule is |
//! | `nearer` | which of its descriptions its verdicts rest on |
//! | `page` | which lists are pages of one answer, and whether it is whole |
//! | `doubt` | which answer may be the last page of one that was cut off |
//! | `verdict` | whether an evaluation counts, and whether it holds in the period |
//! | `gone` | whether its resource is still there |
//! | `current` | the latest verdict of each copy |
//! | `finding` | the worst of the copies |
//! | `order` | in which order they stand |
//! | `parameters` | whether the rule was deployed with weaker parameters |
//! | `coverage` | whether a deployed rule judges everything that its rule could |
//! | `looked` | whether evaluations were looked for, so that none means that there are none |
//! | `copy`, `sight`, `seen` | what each copy tells, and whether a rule was seen at each place in scope |
//! | `status`, `absent` | whether a rule ran and found nothing, whether there is nothing to find |
//! | `decide` | which decisions are in force |
//! | `control` | what all that says of each control |
//! | `count` | whether AWS Config counts more failures than were read |
//! | `gap` | what was not seen |
//! | `cited` | which file a record of the statement cites |
//! | `objection` | what an auditor would object to in the statement |

mod absent;
mod asset;
mod attributed;
mod captures;
mod cited;
mod control;
mod copy;
mod count;
mod coverage;
mod current;
mod decide;
mod described;
mod doubt;
mod finding;
mod gap;
mod gone;
mod identity;
mod looked;
mod model;
mod nearer;
mod objection;
mod order;
mod page;
mod parameters;
mod people;
mod place;
mod seen;
mod sight;
mod status;
mod summary;
mod verdict;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, FixedOffset};

use crate::catalogue::Catalogue;
use crate::decision::Decision;
use crate::engagement::Engagement;
use crate::evidence::{Captured, Evidence, ListingIndex, Text};
use crate::manual::ManualEvidence;
use crate::statement::StatementRow;

use attributed::Attributions;
use captures::Captures;
use finding::{Findings, Judged};
use place::Deployments;
use seen::Sights;
use sight::{At, Sight};
use verdict::Verdicts;

pub use model::*;
pub use objection::{Objection, ObjectionKind, objections};

/// Everything that an assessment is concluded from.
#[derive(Clone, Copy)]
pub struct Subject<'s> {
    /// What is audited.
    pub engagement: &'s Engagement,
    /// The control table, the rules, the mapping.
    pub catalogue: &'s Catalogue,
    /// What the exports say.
    pub evidence: &'s Evidence,
    /// decisions.csv.
    pub decisions: &'s [Decision],
    /// statement.csv.
    pub statement: &'s [StatementRow],
    /// evidence/.
    pub manual: &'s [ManualEvidence],
    /// The signer's claimed time.
    pub generated_at: DateTime<FixedOffset>,
}

impl Subject<'_> {
    /// When the list was taken, where it says so: what is yet to come is no time at which it was.
    fn captured(&self, listing: ListingIndex) -> Option<Captured> {
        let told = self.evidence.listings[listing.0 as usize].captured;
        told.filter(|captured| captured.moment() <= self.generated_at)
    }
}

/// Concludes what the evidence shows.
pub fn assess(subject: &Subject<'_>) -> Assessment {
    let mut answers = page::Answers::new(subject.evidence);
    let (mut deployments, descriptions) = Deployments::new(subject);
    let attributions = Attributions::new(subject, &deployments);
    let told = (&attributions, &answers);
    let nearer = nearer::nearer(subject, &deployments, told, descriptions);
    deployments.rest_on(nearer);
    let captures = Captures::new(subject, &attributions);
    let placed = verdict::place_all(subject, &deployments, &attributions, &captures);
    drop(attributions);
    answers.doubt(doubt::doubts(subject, &placed, &answers));
    let mut counts = placed.counts;
    let gone = gone::Gone::new(subject, &placed, &answers);
    let mut findings = finding::join(&placed, &gone, subject, &mut counts);
    let sights = Sights::new(
        subject,
        &placed,
        &findings.copies,
        &answers,
        &deployments,
        &gone,
    );
    let decided = decide::apply(subject, &mut findings.judged);
    let seen = seen(&sights, subject);
    let gaps = gap::gaps(&gap::Sources {
        subject,
        sights: &seen,
        places: &places(&placed, &deployments, subject),
        findings: &findings.judged,
        placed: &placed,
        rule_level: &sights,
        counts: count::Failing::new(subject, &findings.copies, &findings.judged, &deployments)
            .gaps(subject, &deployments),
    });
    counts.rejected = rejected(subject, |records| records.evaluation_results);
    counts.read += counts.rejected;
    // As many verdicts as evaluations: nobody asks for them any more.
    drop(gone);
    drop(placed);
    let grounds = control::Grounds {
        subject,
        findings: by_rule(&findings),
        sights: &seen,
        decided: &decided,
    };
    let parts = summary::Parts {
        controls: grounds.rows(),
        seen: &seen,
        decided: &decided,
        gaps,
        captures: &captures,
        answers: &answers,
        deployments: &deployments,
        counts,
    };
    summary::assessment(subject, parts, findings)
}

/// What was seen of each mapped rule.
fn seen(sights: &Sights<'_>, subject: &Subject<'_>) -> BTreeMap<String, Vec<(At, Sight)>> {
    let rules = subject.catalogue.rules.values();
    let seen = rules.map(|rule| (rule.name.clone(), sights.of(rule, subject)));
    seen.collect()
}

fn by_rule(findings: &Findings) -> BTreeMap<&str, Vec<&Judged>> {
    let mut rules: BTreeMap<&str, Vec<&Judged>> = BTreeMap::new();
    for alike in findings.alike() {
        let rule: &str = &alike[0].finding.rule;
        rules.entry(rule).or_default().extend(alike);
    }
    rules
}

/// The places of which any record tells.
fn places(
    placed: &Verdicts<'_>,
    deployments: &Deployments<'_>,
    subject: &Subject<'_>,
) -> BTreeSet<(Text, Text)> {
    let verdicts = placed.judged_places();
    let rules = deployments
        .iter()
        .map(|((account, region, _), _)| (account.clone(), region.clone()));
    let kinds = subject.evidence.items.kinds().iter();
    let items =
        kinds.filter_map(|kind| Some((kind.place.account.clone()?, kind.place.region.clone()?)));
    let listings = subject
        .evidence
        .listings
        .iter()
        .map(|listing| &listing.path_place);
    let levels = subject.evidence.rule_compliances.iter();
    let told = listings.chain(levels.map(|level| &level.place));
    let told = told.filter_map(|place| Some((place.account.clone()?, place.region.clone()?)));
    verdicts.chain(rules).chain(items).chain(told).collect()
}

fn rejected(subject: &Subject<'_>, count: fn(&crate::evidence::RecordCounts) -> u64) -> u64 {
    let inputs = subject.evidence.inputs.iter();
    let rejected = inputs.filter(|input| input.status == crate::evidence::InputStatus::Rejected);
    rejected.map(|input| count(&input.records)).sum()
}

#[cfg(test)]
mod tests;
