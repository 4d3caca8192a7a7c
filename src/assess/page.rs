//! Which lists belong together as pages of one answer, and whether that answer is whole.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::{Evidence, ListingIndex, ListingKind, Place, Text};

use super::doubt::Doubt;
use super::looked::stem;

/// What AWS answers about one rule has the same shape as what it answers about one resource.
const DETAILS: &str = "get-compliance-details-by-config-rule";
const BY_RESOURCE: &str = "by-resource";
/// Answers about one rule: a page names it in its rows only.
const OF_ONE_RULE: [&str; 3] = [
    DETAILS,
    "get-aggregate-compliance-details-by-config-rule",
    "get-conformance-pack-compliance-details",
];

/// Index into [`Answers`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnswerIndex(usize);

/// One answer of AWS Config, in one page or in several.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Answer {
    /// Its pages.
    pub listings: Vec<ListingIndex>,
    /// Whether its last page is there, and no page between.
    pub whole: bool,
    /// Whether it is about one resource, not about a rule: then it is whole for no rule.
    pub by_resource: bool,
    /// Whether it is events or items one by one: what is absent may exist all the same.
    pub stream: bool,
    /// Whether its numbered pages begin after the first: then it is never whole.
    headless: bool,
}

/// All answers, and to which each list belongs.
#[derive(Debug)]
pub struct Answers {
    all: Vec<Answer>,
    of_listing: Vec<AnswerIndex>,
    doubts: BTreeSet<Doubt>,
}

/// What a list is about, as far as it tells.
#[derive(Default)]
struct Subject<'e> {
    rules: BTreeSet<&'e str>,
    resources: BTreeSet<(&'e str, &'e str)>,
    places: Vec<&'e Place>,
}

impl Subject<'_> {
    fn note(&mut self, other: &Self)
    where
        Self: Sized,
    {
        // Two are enough to know that there are several.
        for rule in other.rules.iter().take(2) {
            self.rules.insert(rule);
        }
        for resource in other.resources.iter().take(2) {
            self.resources.insert(*resource);
        }
    }

    fn is_one_resource(&self) -> bool {
        self.rules.len() > 1 && self.resources.len() == 1
    }

    /// Whether both are about the one rule at the one place, or about the one resource.
    fn is_that_of(&self, other: &Self) -> bool {
        let one_rule = self.rules.len() == 1 && self.places.len() == 1;
        let several = self.rules.len() > 1 || other.rules.len() > 1;
        let one_resource = self.resources.len() == 1 && self.resources == other.resources;
        self.places == other.places
            && (one_rule && self.rules == other.rules || several && one_resource)
    }
}

impl Answers {
    /// Joins consecutive pages of one file, and numbered files of one folder.
    pub fn new(evidence: &Evidence) -> Self {
        let subjects = subjects(evidence);
        let mut groups = within_files(evidence, &subjects);
        across_files(&mut groups, evidence, &subjects);
        let mut of_listing = vec![AnswerIndex(0); evidence.listings.len()];
        for (index, answer) in groups.iter_mut().enumerate() {
            let mut subject = Subject::default();
            for listing in &answer.listings {
                of_listing[listing.0 as usize] = AnswerIndex(index);
                subject.note(&subjects[listing.0 as usize]);
            }
            let kind = evidence.listings[answer.listings[0].0 as usize].kind;
            answer.stream = kind == ListingKind::Stream;
            let first = &evidence.listings[answer.listings[0].0 as usize];
            let name = stem(&evidence.inputs[first.input.0 as usize].path);
            answer.by_resource = kind == ListingKind::Answer
                && first.operation == DETAILS
                && (subject.is_one_resource() || name.contains(BY_RESOURCE));
        }
        Self {
            all: groups,
            of_listing,
            doubts: BTreeSet::new(),
        }
    }

    /// Notes which answers may not tell everything of a deployed rule.
    pub fn doubt(&mut self, doubts: BTreeSet<Doubt>) {
        self.doubts = doubts;
    }

    /// An answer.
    pub fn get(&self, index: AnswerIndex) -> &Answer {
        &self.all[index.0]
    }

    /// Whether the answer tells everything about the deployed rule of this index.
    pub fn is_whole_of(&self, index: AnswerIndex, copy: usize) -> bool {
        self.is_whole(index) && !self.doubts.contains(&(index, copy))
    }

    /// The answer of which this list is a page.
    pub fn of(&self, listing: ListingIndex) -> AnswerIndex {
        self.of_listing[listing.0 as usize]
    }

    /// Whether the answer tells everything about the rules that it names.
    pub fn is_whole(&self, index: AnswerIndex) -> bool {
        let answer = &self.all[index.0];
        answer.whole && !answer.by_resource && !answer.stream
    }

    /// Whether the answer of which this list is a page has its last page, and none missing before.
    pub fn has_last_page(&self, listing: ListingIndex) -> bool {
        self.all[self.of(listing).0].whole
    }

    /// All answers.
    pub fn iter(&self) -> impl Iterator<Item = &Answer> {
        self.all.iter()
    }
}

fn subjects(evidence: &Evidence) -> Vec<Subject<'_>> {
    let mut subjects: Vec<Subject<'_>> = Vec::new();
    subjects.resize_with(evidence.listings.len(), Subject::default);
    for evaluation in &evidence.evaluations {
        let subject = &mut subjects[evaluation.at.listing.0 as usize];
        if subject.rules.len() < 2 {
            subject.rules.insert(&evaluation.rule);
        }
        if subject.resources.len() < 2 {
            subject
                .resources
                .insert((&evaluation.resource_type, &evaluation.resource_id));
        }
        if subject.places.len() < 2 && !subject.places.contains(&&evaluation.place) {
            subject.places.push(&evaluation.place);
        }
    }
    subjects
}

/// Whether `next` can be the page after these: the same operation about the same. An empty page
/// names no rule and ends no answer about one, unless its file is named as the rule is.
fn follows(
    pages: &[ListingIndex],
    next: ListingIndex,
    evidence: &Evidence,
    subjects: &[Subject<'_>],
) -> bool {
    let last = pages.last().expect("an answer has a page");
    let one = &evidence.listings[last.0 as usize];
    let other = &evidence.listings[next.0 as usize];
    if one.operation != other.operation || one.pack != other.pack {
        return false;
    }
    if one.pack.is_some() || !OF_ONE_RULE.contains(&one.operation) {
        return true;
    }
    let mut told = pages.iter().map(|page| &subjects[page.0 as usize]);
    let Some(told) = told.find(|subject| !subject.rules.is_empty()) else {
        return true;
    };
    let next = &subjects[next.0 as usize];
    if next.rules.is_empty() {
        let name = stem(&evidence.inputs[other.input.0 as usize].path);
        return told.rules.len() == 1 && told.rules.contains(without_number(name));
    }
    told.is_that_of(next)
}

/// `restricted-ssh` of `restricted-ssh-2` and of `restricted-ssh`.
fn without_number(name: &str) -> &str {
    let before = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if before.len() == name.len() {
        return name;
    }
    before.trim_end_matches(['-', '_', '.', ' '])
}

fn within_files(evidence: &Evidence, subjects: &[Subject<'_>]) -> Vec<Answer> {
    let mut answers: Vec<Answer> = Vec::new();
    for (index, listing) in evidence.listings.iter().enumerate() {
        let index = ListingIndex(u32::try_from(index).expect("as many as were counted"));
        if let Some(open) = answers.last_mut().filter(|answer| !answer.whole) {
            let last = *open.listings.last().expect("an answer has a page");
            let same_file = evidence.listings[last.0 as usize].input == listing.input;
            if same_file && follows(&open.listings, index, evidence, subjects) {
                open.listings.push(index);
                open.whole = !listing.next_token;
                continue;
            }
        }
        answers.push(Answer {
            listings: vec![index],
            whole: !listing.next_token,
            by_resource: false,
            stream: false,
            headless: false,
        });
    }
    answers
}

/// A file's name around its last number, with folder and operation.
type Series = (String, String, &'static str, Option<Text>);

fn across_files(answers: &mut Vec<Answer>, evidence: &Evidence, subjects: &[Subject<'_>]) {
    let mut series: BTreeMap<Series, Vec<(u64, usize)>> = BTreeMap::new();
    for (index, answer) in answers.iter().enumerate() {
        let listing = &evidence.listings[answer.listings[0].0 as usize];
        let path = &evidence.inputs[listing.input.0 as usize].path;
        if let Some((before, number, after)) = around_last_number(path) {
            let key = (
                before.to_owned(),
                after.to_owned(),
                listing.operation,
                listing.pack.clone(),
            );
            series.entry(key).or_default().push((number, index));
        }
    }
    let mut joined = Vec::new();
    for ((before, ..), mut pages) in series {
        pages.sort_unstable();
        join(&pages, answers, evidence, subjects, &mut joined);
        behead(&before, &pages, answers);
    }
    joined.sort_unstable();
    for index in joined.into_iter().rev() {
        answers.remove(index);
    }
}

/// Numbers from here on are dates and the like, and count no pages.
const FIRST_PAGES: u64 = 10_000;

/// Begins a run of pages at an answer whose next page is not in its file. Pages are counted from 0
/// or 1: a run that begins later lacks its first.
fn begin(number: u64, index: usize, answers: &mut [Answer]) -> Option<(u64, usize)> {
    if answers[index].whole {
        return None;
    }
    answers[index].headless = (2..FIRST_PAGES).contains(&number);
    Some((number, index))
}

/// What names call a page, before its number.
const PAGE: [&str; 5] = ["page", "pages", "part", "p", "페이지"];

/// Whether the name says that the number counts pages: in most names it counts something else.
fn counts_pages(before: &str) -> bool {
    let before = before.trim_end_matches(['-', '_', '.', ' ']);
    let word = before.rsplit(|c: char| !c.is_alphabetic()).next();
    word.is_some_and(|word| PAGE.contains(&word.to_lowercase().as_str()))
}

/// Where files are numbered as pages and the first is not there, the last is no whole answer.
fn behead(before: &str, pages: &[(u64, usize)], answers: &mut [Answer]) {
    let Some(&(first, _)) = pages.first() else {
        return;
    };
    if counts_pages(before) && (2..FIRST_PAGES).contains(&first) {
        for (_, index) in pages {
            answers[*index].whole = false;
        }
    }
}

/// Joins each run of pages: from a page with a token to the first without. A run with a number
/// missing stays as it is, and its end is no whole answer.
fn join(
    pages: &[(u64, usize)],
    answers: &mut [Answer],
    evidence: &Evidence,
    subjects: &[Subject<'_>],
    joined: &mut Vec<usize>,
) {
    let mut open: Option<(u64, usize)> = None;
    for &(number, index) in pages {
        let Some((last, first)) = open else {
            open = begin(number, index, answers);
            continue;
        };
        let next = answers[index].listings[0];
        if !follows(&answers[first].listings, next, evidence, subjects) {
            open = begin(number, index, answers);
            continue;
        }
        if number != last + 1 {
            answers[index].whole = false;
            open = begin(number, index, answers);
            continue;
        }
        let page = std::mem::take(&mut answers[index].listings);
        let ended = answers[index].whole;
        answers[first].listings.extend(page);
        answers[first].whole = ended && !answers[first].headless;
        joined.push(index);
        open = (!ended).then_some((number, first));
    }
}

/// `exports/a/page-`, 12, `.json` of `exports/a/page-12.json`; folders' numbers do not count.
fn around_last_number(path: &str) -> Option<(&str, u64, &str)> {
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    let end = name + path[name..].rfind(|c: char| c.is_ascii_digit())? + 1;
    let digits = path[name..end]
        .bytes()
        .rev()
        .take_while(u8::is_ascii_digit)
        .count();
    let number = path[end - digits..end].parse().ok()?;
    Some((&path[..end - digits], number, &path[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_that_says_so_counts_pages() {
        for (before, counts) in [
            ("exports/a/page-", true),
            ("a/p", true),
            ("a/restricted-ssh_Page", true),
            ("a/restricted-ssh-", false),
            ("a/page/2026-09-", false),
            ("a/backup-", false),
        ] {
            assert_eq!(counts_pages(before), counts, "{before}");
        }
    }

    #[test]
    fn the_last_number_of_the_name_counts_pages() {
        assert_eq!(
            around_last_number("a/2026/page-12.json"),
            Some(("a/2026/page-", 12, ".json"))
        );
        assert_eq!(around_last_number("a/2026/page.json"), None);
        assert_eq!(around_last_number("7"), Some(("", 7, "")));
    }
}
