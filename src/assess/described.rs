//! Where deployed rules are described, and where all of them are: what is not among these is not
//! deployed there, and no export of evaluations can tell of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::{ListingIndex, Text};

use super::Subject;
use super::page::Answers;
use super::place::{Deployments, place_of};

const OPERATION: &str = "describe-config-rules";

/// The places of descriptions, account and region.
#[derive(Default)]
pub struct Described {
    any: BTreeSet<(Text, Text)>,
    all: BTreeSet<(Text, Text)>,
}

impl Described {
    /// Looks for whole answers. One of a single rule may have been asked for by the rule's name.
    pub fn new(subject: &Subject<'_>, answers: &Answers, deployments: &Deployments<'_>) -> Self {
        let evidence = subject.evidence;
        let keys = deployments.iter().map(|(key, _)| key);
        let mut described = Self {
            any: keys.map(|(a, r, _)| (a.clone(), r.clone())).collect(),
            all: BTreeSet::new(),
        };
        let mut rules: BTreeMap<ListingIndex, Vec<(Text, Text)>> = BTreeMap::new();
        for rule in &evidence.config_rules {
            let known = rules.entry(rule.at.listing).or_default();
            known.extend(place_of(rule, evidence));
        }
        for answer in answers.iter().filter(|answer| answer.whole) {
            let first = &evidence.listings[answer.listings[0].0 as usize];
            if first.operation != OPERATION {
                continue;
            }
            let pages = answer.listings.iter().filter_map(|page| rules.get(page));
            let places: Vec<_> = pages.flatten().cloned().collect();
            let path = &first.path_place;
            match places.len() {
                // An answer without any rule: names that AWS does not know are an error.
                0 => described
                    .all
                    .extend(path.account.clone().zip(path.region.clone())),
                1 => {}
                _ => described.all.extend(places),
            }
        }
        described
    }

    /// Whether any rule is described there.
    pub fn any(&self, place: &(Text, Text)) -> bool {
        self.any.contains(place)
    }

    /// Whether every rule that is deployed there is described.
    pub fn all(&self, place: &(Text, Text)) -> bool {
        self.all.contains(place)
    }
}
