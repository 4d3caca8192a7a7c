//! What a list is about, as far as its rows tell: pages of one answer are about the same.

use std::collections::BTreeSet;

use crate::catalogue::Catalogue;
use crate::evidence::{Evidence, Place};

use super::identity::judges_account;
use super::place::ACCOUNT;
use super::series::names;

/// What a list is about, as far as its rows tell.
#[derive(Default)]
pub struct Topic<'e> {
    /// Their deployed rules; two are enough to know that there are several.
    pub rules: BTreeSet<&'e str>,
    resources: BTreeSet<(&'e str, &'e str)>,
    places: Vec<&'e Place>,
    /// Whether there is a row that is not that of the account on a rule that judges it as a whole.
    beside_account: bool,
}

impl<'e> Topic<'e> {
    /// Takes in what another page is about.
    pub fn note(&mut self, other: &Self) {
        // Two are enough to know that there are several.
        self.rules.extend(other.rules.iter().take(2));
        self.resources.extend(other.resources.iter().take(2));
        self.beside_account |= other.beside_account;
    }

    /// The rule that all rows are of.
    pub fn one_rule(&self) -> Option<&'e str> {
        self.rules
            .first()
            .filter(|_| self.rules.len() == 1)
            .copied()
    }

    /// Whether both are about the one rule at the one place, or about the one resource.
    pub fn is_that_of(&self, other: &Self) -> bool {
        let one_rule = self.rules.len() == 1 && self.places.len() == 1;
        let several = self.rules.len() > 1 || other.rules.len() > 1;
        let one_resource = self.resources.len() == 1 && self.resources == other.resources;
        self.places == other.places
            && (one_rule && self.rules == other.rules || several && one_resource)
    }

    /// Whether rows and file name show an answer about one resource: several rules judge it, or the
    /// file is named after it and not after the rule. A rule that judges the account has no other row: to
    /// it such an answer, or one merged of several rules, is whole.
    pub fn is_one_resource(&self, stem: &str) -> bool {
        let mut resources = self.resources.iter();
        let (Some((_, id)), None) = (resources.next(), resources.next()) else {
            return false;
        };
        if !self.beside_account {
            return false;
        }
        let of_rule = |rule: &&str| names(stem, rule);
        self.rules.len() > 1 || (names(stem, id) && !self.rules.iter().any(of_rule))
    }
}

/// What each list is about.
pub fn topics<'e>(evidence: &'e Evidence, catalogue: &Catalogue) -> Vec<Topic<'e>> {
    let mut topics: Vec<Topic<'_>> = Vec::new();
    topics.resize_with(evidence.listings.len(), Topic::default);
    for evaluation in &evidence.evaluations {
        let topic = &mut topics[evaluation.at.listing.0 as usize];
        topic.beside_account = topic.beside_account
            || *evaluation.resource_type != *ACCOUNT
            || !judges_account(&evaluation.rule, catalogue);
        if topic.rules.len() < 2 {
            topic.rules.insert(&evaluation.rule);
        }
        if topic.resources.len() < 2 {
            let resource = (&*evaluation.resource_type, &*evaluation.resource_id);
            topic.resources.insert(resource);
        }
        if topic.places.len() < 2 && !topic.places.contains(&&evaluation.place) {
            topic.places.push(&evaluation.place);
        }
    }
    topics
}
