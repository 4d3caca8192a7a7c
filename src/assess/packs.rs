//! Conformance packs: which deployed rules are of which pack, and what the pack lets them judge.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::{ConformancePack, ListingIndex, Scope, Text};

use super::Subject;
use super::page::{Answer, Answers};

const DETAILS: &str = "get-conformance-pack-compliance-details";
/// How the names of a pack's rules end, before nine letters and digits.
const SUFFIX: &str = "-conformance-pack-";

/// A pack at its place: account, region, and its name there.
type PackKey = (Text, Text, Text);

/// All packs of which any export tells.
#[derive(Default)]
pub struct Packs<'e> {
    described: BTreeMap<PackKey, Vec<&'e ConformancePack>>,
    /// The ids with which the names of a pack's rules end; several where exports disagree.
    ids: BTreeMap<PackKey, BTreeSet<Text>>,
    /// Answers about a pack's rules, by account and region.
    answers: BTreeMap<(Text, Text), Vec<PackAnswer>>,
}

/// An answer about all rules of a pack.
pub struct PackAnswer {
    /// The pack's name.
    pub pack: Text,
    /// Its first list.
    pub listing: ListingIndex,
    /// Whether its last page is there, and none is missing.
    pub whole: bool,
    /// When it was taken, if it says so.
    pub taken: Option<crate::time::Moment>,
    /// Whether a row does not fail: a filter that keeps failures only would have taken it away.
    pub unfiltered: bool,
}

impl<'e> Packs<'e> {
    /// From the packs' descriptions, and from the names of the rules in answers about packs.
    pub fn new(subject: &Subject<'e>, answers: &Answers) -> Self {
        let evidence = subject.evidence;
        let mut packs = Self::default();
        for pack in &evidence.packs {
            let path = &evidence.listing(pack.at).path_place;
            let account = pack.place.account.as_ref().or(path.account.as_ref());
            let region = pack.place.region.as_ref().or(path.region.as_ref());
            if let (Some(account), Some(region)) = (account, region) {
                let key = (account.clone(), region.clone(), pack.name.clone());
                packs
                    .ids
                    .entry(key.clone())
                    .or_default()
                    .insert(pack.id.clone());
                packs.described.entry(key).or_default().push(pack);
            }
        }
        packs.note_answers(subject, answers);
        packs.note_rows(subject, answers);
        packs
    }

    fn note_answers(&mut self, subject: &Subject<'_>, answers: &Answers) {
        let listings = &subject.evidence.listings;
        let first = |answer: &Answer| answer.listings[0];
        for answer in answers.iter() {
            let listing = &listings[first(answer).0 as usize];
            let place = &listing.path_place;
            if let (Some(pack), Some(account), Some(region), DETAILS) = (
                &listing.pack,
                &place.account,
                &place.region,
                listing.operation,
            ) {
                let place = (account.clone(), region.clone());
                self.answers.entry(place).or_default().push(PackAnswer {
                    pack: pack.clone(),
                    listing: first(answer),
                    whole: answer.whole,
                    taken: answers.taken(answers.of(first(answer)), subject),
                    unfiltered: false,
                });
            }
        }
    }

    /// A pack that is not described is known by the names of the rules in its answers.
    fn note_rows(&mut self, subject: &Subject<'_>, answers: &Answers) {
        use crate::evidence::ComplianceType::NonCompliant;
        let evidence = subject.evidence;
        if self.answers.is_empty() {
            return;
        }
        let mut unfiltered: BTreeSet<ListingIndex> = BTreeSet::new();
        for rows in evidence
            .evaluations
            .chunk_by(|a, b| a.at.listing == b.at.listing && a.of == b.of)
        {
            let (row, listing) = (&rows[0], evidence.listing(rows[0].at));
            let place = &listing.path_place;
            let (Some(pack), Some(account), Some(region)) =
                (&listing.pack, &place.account, &place.region)
            else {
                continue;
            };
            if rows.iter().any(|row| row.compliance != NonCompliant) {
                unfiltered.insert(answers.get(answers.of(row.at.listing)).listings[0]);
            }
            if let Some((_, id)) = row.rule.rsplit_once(SUFFIX) {
                let key = (account.clone(), region.clone(), pack.clone());
                let id = Text::from(format!("{}{id}", &SUFFIX[1..]));
                self.ids.entry(key).or_default().insert(id);
            }
        }
        for answer in self.answers.values_mut().flatten() {
            answer.unfiltered = unfiltered.contains(&answer.listing);
        }
    }

    /// Whether a deployed rule of this name is of the pack; `None` where no export tells the pack's id
    /// and the name is that of some pack's rule.
    pub fn is_of(&self, (account, region): &(Text, Text), pack: &Text, rule: &str) -> Option<bool> {
        if !rule.contains(SUFFIX) {
            return Some(false);
        }
        let key = (account.clone(), region.clone(), pack.clone());
        let ids = self.ids.get(&key)?;
        Some(ids.iter().any(|id| rule.ends_with(&**id)))
    }

    /// The descriptions of the pack of which the rule is.
    fn descriptions(
        &self,
        at: &(Text, Text),
        rule: &str,
    ) -> impl Iterator<Item = &'e ConformancePack> {
        let first = (at.0.clone(), at.1.clone(), Text::from(""));
        let of_pack = rule.contains(SUFFIX);
        let here = self.described.range(first..);
        let here = here.take_while(move |(key, _)| of_pack && key.0 == at.0 && key.1 == at.1);
        let of_rule = here.filter(move |(key, _)| self.is_of(at, &key.2, rule) == Some(true));
        of_rule.flat_map(|(_, described)| described.iter().copied())
    }

    /// Whether the rule is of a pack that no export describes: its scope is not known.
    pub fn lacks_description(&self, at: &(Text, Text), rule: &str) -> bool {
        rule.contains(SUFFIX) && self.descriptions(at, rule).next().is_none()
    }

    /// The answers about packs of which a rule of this name may be.
    pub fn answers<'p>(
        &'p self,
        place: &'p (Text, Text),
        rule: Option<&'p str>,
    ) -> impl Iterator<Item = &'p PackAnswer> {
        let answers = self.answers.get(place).into_iter().flatten();
        answers.filter(move |answer| {
            rule.is_none_or(|rule| self.is_of(place, &answer.pack, rule) != Some(false))
        })
    }

    /// What keeps the rules of its pack from judging everything, with the list that says so.
    pub fn scope(&self, at: &(Text, Text), rule: &str) -> Option<(&'e Scope, ListingIndex)> {
        let mut described = self.descriptions(at, rule);
        let narrowed = described.find(|pack| !pack.scope.is_empty())?;
        Some((&narrowed.scope, narrowed.at.listing))
    }
}
