//! To which account and region each evaluation belongs: found once, for all who ask.

use crate::evidence::{ComplianceType, EvaluationResult, Evidence, Place};

use super::Subject;
use super::place::{ACCOUNT, Attributed, Deployments, Record, attribute};

/// The place of each evaluation, in their order.
pub struct Attributions {
    /// Each of one list and one deployed rule. Evaluations that stand beside each other mostly share
    /// one; two may be the same place.
    pub places: Vec<Attributed>,
    /// The index of each evaluation's place.
    of: Vec<u32>,
}

impl Attributions {
    /// Attributes all evaluations.
    pub fn new(subject: &Subject<'_>, deployments: &Deployments<'_>) -> Self {
        let evaluations = &subject.evidence.evaluations;
        let (mut places, mut of) = (Vec::new(), Vec::with_capacity(evaluations.len()));
        let mut before: Option<&EvaluationResult> = None;
        for evaluation in evaluations {
            let evidence = subject.evidence;
            let alike = before.filter(|before| are_alike(before, evaluation, evidence));
            let told = alike.filter(|before| !tells(before) && !tells(evaluation));
            if told.is_none() {
                let place = attribute_evaluation(evaluation, subject, deployments);
                if alike.is_none() || places.last() != Some(&place) {
                    places.push(place);
                }
            }
            before = Some(evaluation);
            let last = places.len() - 1;
            of.push(u32::try_from(last).expect("fewer than 2^32 evaluations"));
        }
        Self { places, of }
    }

    /// All evaluations, each with the index of its place.
    pub fn evaluations<'e>(
        &self,
        subject: &Subject<'e>,
    ) -> impl Iterator<Item = (&'e EvaluationResult, usize)> {
        let of = self.of.iter().map(|index| *index as usize);
        subject.evidence.evaluations.iter().zip(of)
    }
}

/// Whether all but their resources tells the same of both.
fn are_alike(one: &EvaluationResult, other: &EvaluationResult, evidence: &Evidence) -> bool {
    one.at.listing == other.at.listing
        && one.of == other.of
        && std::ptr::eq(path_of(one, evidence), path_of(other, evidence))
}

/// What the path tells. Where the same answer is filed under another place too, nobody can tell of
/// which place is what passes; what fails, fails at each.
fn path_of<'e>(evaluation: &EvaluationResult, evidence: &'e Evidence) -> &'e Place {
    let listing = evidence.listing(evaluation.at);
    let fails = evaluation.compliance == ComplianceType::NonCompliant;
    let disputed = listing.disputed.as_ref().filter(|_| fails);
    disputed.unwrap_or(&listing.path_place)
}

/// Whether its resource may tell the account, or the region, that it is in.
fn tells(evaluation: &EvaluationResult) -> bool {
    evaluation.resource_id.starts_with("arn:") || &*evaluation.resource_type == ACCOUNT
}

fn attribute_evaluation(
    evaluation: &EvaluationResult,
    subject: &Subject<'_>,
    deployments: &Deployments<'_>,
) -> Attributed {
    let record = Record {
        element: &evaluation.place,
        path: path_of(evaluation, subject.evidence),
        rule: &evaluation.rule,
        resource: Some((&evaluation.resource_type, &evaluation.resource_id)),
    };
    attribute(&record, deployments)
}
