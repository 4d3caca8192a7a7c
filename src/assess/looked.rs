//! Where evaluations were looked for: only where they were, does none mean that there are none.

use std::collections::{BTreeSet, HashSet};

use crate::evidence::{Captured, Listing, ListingIndex, Text};

use super::Subject;
use super::page::{Answer, Answers};
use super::place::{CopyKey, Deployments};

const OF_RULE: &str = "get-compliance-details-by-config-rule";
const OF_PACK: &str = "get-conformance-pack-compliance-details";
/// How the names of a pack's rules end, before nine letters and digits.
const PACK: &str = "-conformance-pack-";

/// What was asked of AWS Config, rule by rule or pack by pack, and answered whole.
pub struct Looked {
    rules: BTreeSet<CopyKey>,
    packs: BTreeSet<(Text, Text, String)>,
}

impl Looked {
    /// An empty answer names no rule: its file does, where it is named as the rule is. A pack's
    /// answer is known by the id of the pack, with which the names of its rules end.
    pub fn new(subject: &Subject<'_>, answers: &Answers, deployments: &Deployments<'_>) -> Self {
        let evidence = subject.evidence;
        let mut looked = Self {
            rules: BTreeSet::new(),
            packs: BTreeSet::new(),
        };
        for answer in answers.iter().filter(|answer| answer.whole) {
            let listing = &evidence.listings[answer.listings[0].0 as usize];
            let place = &listing.path_place;
            if is_before(listing, subject) {
                continue;
            }
            let (Some(account), Some(region)) = (&place.account, &place.region) else {
                continue;
            };
            match listing.operation {
                // Rows are of the rule that they name, whatever the file is called.
                OF_RULE if is_empty(answer, subject) => {
                    let path = &evidence.inputs[listing.input.0 as usize].path;
                    let key = (account.clone(), region.clone(), stem(path).into());
                    looked.rules.insert(key);
                }
                OF_PACK => {
                    let pack = listing.pack.as_deref().unwrap_or_default();
                    let ids = deployments.pack_ids(account, region, pack);
                    let key = |id: &str| (account.clone(), region.clone(), id.to_owned());
                    looked.packs.extend(ids.map(key));
                }
                _ => {}
            }
        }
        looked.note_pack_rules(subject, answers);
        looked
    }

    /// The ids of packs that are not described, from the names of the rules in their answers.
    fn note_pack_rules(&mut self, subject: &Subject<'_>, answers: &Answers) {
        let mut noted: HashSet<(ListingIndex, Text)> = HashSet::new();
        for evaluation in &subject.evidence.evaluations {
            let listing = subject.evidence.listing(evaluation.at);
            let place = &listing.path_place;
            if listing.operation != OF_PACK
                || is_before(listing, subject)
                || !answers.is_whole(answers.of(evaluation.at.listing))
                || !noted.insert((evaluation.at.listing, evaluation.rule.clone()))
            {
                continue;
            }
            let suffix = evaluation.rule.rsplit_once(PACK);
            if let (Some((_, id)), Some(account), Some(region)) =
                (suffix, &place.account, &place.region)
            {
                let id = format!("{}{id}", &PACK[1..]);
                self.packs.insert((account.clone(), region.clone(), id));
            }
        }
    }

    /// Whether the evaluations of this deployed rule would have been read, if there were any.
    pub fn at(&self, key: &CopyKey) -> bool {
        let (account, region, name) = key;
        let of_pack = |(a, r, id): &(Text, Text, String)| {
            a == account && r == region && name.ends_with(id.as_str())
        };
        self.rules.contains(key) || self.packs.iter().any(of_pack)
    }
}

/// Whether it was certainly taken before the period.
fn is_before(listing: &Listing, subject: &Subject<'_>) -> bool {
    let from = subject.engagement.period.from;
    matches!(listing.captured, Some(Captured::At(taken)) if taken < from)
}

fn is_empty(answer: &Answer, subject: &Subject<'_>) -> bool {
    let listings = &subject.evidence.listings;
    let mut pages = answer.listings.iter();
    pages.all(|page| listings[page.0 as usize].elements == 0)
}

/// `restricted-ssh` of `exports/a/restricted-ssh.json.gz`.
pub fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '!']).next().unwrap_or(path);
    let name = name.strip_suffix(".gz").unwrap_or(name);
    name.strip_suffix(".json").unwrap_or(name)
}
