//! Where deployed rules are described, and where all of them are: what is not among these is not
//! deployed there, and no export of evaluations can tell of it.

use std::collections::BTreeMap;

use crate::evidence::{ListingIndex, Text};

use super::Subject;
use super::claims::Claims;
use super::page::Answers;
use super::place::{Deployments, place_of};

const OPERATION: &str = "describe-config-rules";

/// A description of a place's rules.
#[derive(Clone, Copy)]
pub struct Description {
    /// A list in which rules of the place are described.
    pub listing: ListingIndex,
    /// Whether every rule that is deployed there is described.
    pub all: bool,
}

/// The places of descriptions, account and region.
#[derive(Default)]
pub struct Described(BTreeMap<(Text, Text), Description>);

impl Described {
    /// Looks for whole answers. Where anything tells of another deployed rule, not all are described: they
    /// were asked for by name.
    pub fn new(
        subject: &Subject<'_>,
        answers: &Answers,
        deployments: &Deployments<'_>,
        claims: &Claims<'_, '_>,
    ) -> Self {
        let evidence = subject.evidence;
        let mut described = Self::default();
        for ((account, region, _), rules) in deployments.iter() {
            if let Some(rule) = rules.last() {
                let at = (account.clone(), region.clone());
                described.note(at, rule.at.listing, false);
            }
        }
        let mut rules: BTreeMap<ListingIndex, Vec<(Text, Text)>> = BTreeMap::new();
        for rule in &evidence.config_rules {
            let known = rules.entry(rule.at.listing).or_default();
            known.extend(place_of(rule, evidence));
        }
        for answer in answers.iter().filter(|answer| answer.whole) {
            let listing = answer.listings[0];
            let first = &evidence.listings[listing.0 as usize];
            if first.operation != OPERATION {
                continue;
            }
            let pages = answer.listings.iter().filter_map(|page| rules.get(page));
            let places: Vec<_> = pages.flatten().cloned().collect();
            let path = &first.path_place;
            match places.len() {
                // An answer without any rule: names that AWS does not know are an error.
                0 => {
                    let at = path.account.clone().zip(path.region.clone());
                    if let Some(at) = at {
                        described.note(at, listing, true);
                    }
                }
                _ => {
                    for at in places {
                        described.note(at, listing, true);
                    }
                }
            }
        }
        for at in claims.undescribed.keys() {
            if let Some(description) = described.0.get_mut(at) {
                description.all = false;
            }
        }
        described
    }

    fn note(&mut self, at: (Text, Text), listing: ListingIndex, all: bool) {
        let known = self.0.entry(at).or_insert(Description { listing, all });
        if all && !known.all {
            *known = Description { listing, all };
        }
    }

    /// The description of the place's rules, if there is any.
    pub fn of(&self, at: &(Text, Text)) -> Option<Description> {
        self.0.get(at).copied()
    }
}
