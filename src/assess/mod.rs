//! From evidence to findings, gaps and control results: a pure function.
//!
//! | module | what it decides |
//! |---|---|
//! | `place`, `attributed` | to which account and region a record belongs |
//! | `identity`, `nearer` | which managed rule a deployed rule is, and on which description its verdicts rest |
//! | `series`, `topic`, `page` | pagination: which lists are pages of one answer, and whether it is whole |
//! | `captures` | when an export was taken that does not say so |
//! | `verdict` | whether an evaluation counts, and whether it holds in the period |
//! | `batch` | the rows of one answer about one deployed rule |
//! | `when` | what certainly comes after what |
//! | `gone`, `failures` | whether a resource is still there, and which failed when |
//! | `current`, `finding`, `order` | the latest verdict of each copy, the worst of the copies, their order |
//! | `parameters`, `shortfall` | whether the rule asks for less, or judges less than it could |
//! | `claims` | what is said of each deployed rule, from which source, as of when |
//! | `status`, `packs`, `described`, `absent`, `existing`, `counts` | one source each: what it may prove |
//! | `unread` | what is there and says nothing |
//! | `word`, `found`, `coverage` | what a copy says, a rule at one place, a rule at all places in scope |
//! | `because` | why a rule is open |
//! | `decide` | which decisions are in force |
//! | `control` | what all that says of each control |
//! | `gap`, `question` | what was not seen, and what to ask for |
//! | `cited`, `objection` | which file a record of the statement cites, what an auditor would object to |

mod absent;
mod asset;
mod attributed;
mod batch;
mod because;
mod captures;
mod cited;
mod claims;
mod control;
mod counts;
mod coverage;
mod current;
mod decide;
mod described;
mod existing;
mod failures;
mod finding;
mod found;
mod gap;
mod gone;
mod identity;
mod known;
mod model;
mod nearer;
mod objection;
mod order;
mod packs;
mod page;
mod parameters;
mod people;
mod place;
mod placed;
mod question;
mod records;
mod series;
mod shortfall;
mod status;
mod summary;
mod topic;
mod unread;
mod verdict;
mod when;
mod word;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, FixedOffset};

use crate::catalogue::Catalogue;
use crate::decision::Decision;
use crate::engagement::Engagement;
use crate::evidence::{Captured, Evidence, ListingIndex, Text};
use crate::manual::ManualEvidence;
use crate::statement::StatementRow;

use absent::Absent;
use attributed::Attributions;
use batch::Batches;
use captures::Captures;
use claims::Claims;
use coverage::{Coverages, Sites};
use described::Described;
use existing::Existing;
use finding::{Findings, Judged};
use known::Places;
use packs::Packs;
use place::Deployments;
use placed::Verdicts;
use question::Questions;

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
    let answers = page::Answers::new(subject.evidence, subject.catalogue);
    let (deployments, attributions) = deployed(subject, &answers);
    let captures = Captures::new(subject, &attributions);
    let placed = placed::place_all(subject, &deployments, &attributions, &captures);
    drop(attributions);
    let mut counts = placed.counts;
    let batches = Batches::new(subject, &placed, &answers);
    let gone = gone::Gone::new(subject, &placed, &answers, &batches);
    let mut findings = finding::join(&placed, &gone, subject, &mut counts);
    let ended = gone::ended(subject, &placed, &gone);
    let packs = Packs::new(subject, &answers);
    let exceeding = counts::exceeding(
        subject,
        (&answers, &captures),
        &findings,
        &deployments,
        &packs,
    );
    let claims = Claims::new(&claims::Sources {
        subject,
        placed: &placed,
        counts: &findings.copies,
        batches: &batches,
        gone: &gone,
        ended: &ended,
        deployments: &deployments,
        packs: &packs,
        empty: &page::empty(subject, &answers),
    });
    let rules_at = Places {
        subject,
        packs: &packs,
        absent: &Absent::new(subject, &answers, &placed),
        existing: &Existing::new(subject, &findings),
        described: &Described::new(subject, &answers, &deployments, &claims),
        exceeding: &exceeding,
        unknown: &unread::unknown(&placed, &deployments, subject),
        unread: &unread::Unread::new(subject),
        claims: &claims,
    };
    let told = places(&placed, &deployments, subject);
    let mut gaps = gap::Gaps::new(gap::Sources {
        subject,
        places: &told,
        findings: &findings.judged,
        placed: &placed,
        claims: &claims,
        exceeding: &exceeding.all,
        questions: Questions::new(subject),
    });
    let coverages = coverages(&rules_at, &mut gaps);
    let gaps = gaps.finish();
    let decided = decide::apply(subject, &mut findings.judged);
    counts.rejected = rejected(subject, |records| records.evaluation_results);
    counts.read += counts.rejected;
    // As many verdicts as evaluations: nobody asks for them any more.
    drop(claims);
    drop((ended, gone, batches));
    drop(placed);
    let grounds = control::Grounds {
        subject,
        findings: by_rule(&findings),
        coverages: &coverages,
        decided: &decided,
    };
    let parts = summary::Parts {
        controls: grounds.rows(),
        coverages: &coverages,
        decided: &decided,
        gaps,
        captures: &captures,
        answers: &answers,
        deployments: &deployments,
        counts,
    };
    summary::assessment(subject, parts, findings)
}

/// Where rules are deployed, and where the evaluations belong.
fn deployed<'e>(subject: &Subject<'e>, answers: &page::Answers) -> (Deployments<'e>, Attributions) {
    let (latest, descriptions) = Deployments::new(subject);
    let attributions = Attributions::new(subject, &latest);
    let read = (&attributions, answers);
    let nearer = nearer::nearer(subject, &latest, read, descriptions);
    (latest.beside(nearer), attributions)
}

/// What was seen of each mapped rule, one after the other; what was not is among the gaps.
fn coverages(places: &Places<'_, '_, '_>, gaps: &mut gap::Gaps<'_, '_>) -> Coverages {
    let rules = places.subject.catalogue.rules.values();
    let mut sites = Sites::default();
    let seen = rules.map(|rule| {
        let seen = places.of(rule);
        gaps.rule(&rule.name, &seen);
        (rule.name.clone(), sites.covered(&rule.name, &seen))
    });
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
