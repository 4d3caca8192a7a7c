//! Pagination: which lists are pages of one answer, and whether that answer is whole.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash, Hasher};

use chrono::TimeDelta;

use crate::catalogue::Catalogue;
use crate::evidence::{Captured, Evidence, Listing, ListingIndex, ListingKind, Text};
use crate::time::{AwsTime, Moment};

use super::Subject;
use super::place::CopyKey;
use super::series::{FIRST_PAGES, Unread, around_last_number, counts_pages, stem, without_number};
use super::topic::{Topic, topics};
use super::when::is_after;

/// What AWS answers about one rule has the same shape as what it answers about one resource.
const DETAILS: &str = "get-compliance-details-by-config-rule";
const BY_RESOURCE: &str = "by-resource";
/// Answers about one rule: a page names it in its rows only.
const OF_ONE_RULE: [&str; 3] = [
    DETAILS,
    "get-aggregate-compliance-details-by-config-rule",
    "get-conformance-pack-compliance-details",
];
/// The pages of one answer were taken within so long of one another.
const ONE_RUN: TimeDelta = TimeDelta::hours(12);

/// Index into [`Answers`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnswerIndex(usize);

/// One answer of AWS Config, in one page or in several.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Answer {
    /// Its pages.
    pub listings: Vec<ListingIndex>,
    /// Whether its last page is there, and no page is missing.
    pub whole: bool,
    /// Whether it is about one resource, not about a rule: then it is whole for no rule.
    pub by_resource: bool,
    /// Whether it is events or items one by one: what is absent may exist all the same.
    pub stream: bool,
    /// Whether its first page is missing: then it is never whole.
    headless: bool,
}

/// All answers, and to which each list belongs.
#[derive(Debug)]
pub struct Answers {
    all: Vec<Answer>,
    of_listing: Vec<AnswerIndex>,
}

impl Answers {
    /// Joins consecutive pages of one file, and numbered files of one folder.
    pub fn new(evidence: &Evidence, catalogue: &Catalogue) -> Self {
        let pages = Pages {
            evidence,
            topics: topics(evidence, catalogue),
            unread: Unread::new(evidence),
            rows: rows(evidence),
        };
        let mut all = pages.within_files();
        pages.across_files(&mut all);
        pages.of_one_job(&mut all);
        let mut of_listing = vec![AnswerIndex(0); evidence.listings.len()];
        for (index, answer) in all.iter_mut().enumerate() {
            for listing in &answer.listings {
                of_listing[listing.0 as usize] = AnswerIndex(index);
            }
            pages.describe(answer);
        }
        Self { all, of_listing }
    }

    /// An answer.
    pub fn get(&self, index: AnswerIndex) -> &Answer {
        &self.all[index.0]
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

    /// Whether the answer of which this list is a page has its last page, and none is missing.
    pub fn has_last_page(&self, listing: ListingIndex) -> bool {
        self.all[self.of(listing).0].whole
    }

    /// When all of the answer was there, if every page says when it was taken.
    pub fn taken(&self, answer: AnswerIndex, subject: &Subject<'_>) -> Option<Moment> {
        let times = self.times(answer, subject)?;
        times.into_iter().max()
    }

    /// Whether all of one answer was taken after all of the other; both must say when.
    pub fn is_later(&self, one: AnswerIndex, other: AnswerIndex, subject: &Subject<'_>) -> bool {
        let first = self.times(one, subject);
        let first = first.and_then(|times| times.into_iter().min());
        is_after(first, self.taken(other, subject))
    }

    fn times(&self, answer: AnswerIndex, subject: &Subject<'_>) -> Option<Vec<Moment>> {
        let pages = self.get(answer).listings.iter();
        pages.map(|page| subject.taken(*page)).collect()
    }

    /// Whether both answers are about the rules of one pack.
    pub fn are_of_one_pack(
        &self,
        one: AnswerIndex,
        other: AnswerIndex,
        evidence: &Evidence,
    ) -> bool {
        let first = |answer| &evidence.listings[self.get(answer).listings[0].0 as usize];
        let (one, other) = (first(one), first(other));
        one.pack.is_some() && one.pack == other.pack && one.operation == other.operation
    }

    /// All answers.
    pub fn iter(&self) -> impl Iterator<Item = &Answer> {
        self.all.iter()
    }
}

/// The rows of one page.
#[derive(Default)]
struct Rows {
    /// Of all of them in order.
    hash: u64,
    /// The latest time among them.
    newest: Option<Moment>,
}

/// The rows of each list, where any was cut off.
fn rows(evidence: &Evidence) -> HashMap<ListingIndex, Rows> {
    let mut found: HashMap<ListingIndex, Rows> = HashMap::new();
    if evidence.listings.iter().all(|listing| !listing.next_token) {
        return found;
    }
    let note = |rows: &mut Rows, what: &dyn Fn(&mut DefaultHasher)| {
        let mut hasher = DefaultHasher::new();
        rows.hash.hash(&mut hasher);
        what(&mut hasher);
        rows.hash = hasher.finish();
    };
    for one in &evidence.evaluations {
        let rows = found.entry(one.at.listing).or_default();
        rows.newest = rows
            .newest
            .max(one.recorded_at.as_ref().and_then(AwsTime::moment));
        let key = (
            &one.of.rule,
            &one.of.place,
            &one.of.resource_type,
            &one.resource_id,
        );
        note(rows, &|hasher| key.hash(hasher));
    }
    for one in &evidence.rule_compliances {
        let rows = found.entry(one.at.listing).or_default();
        note(rows, &|hasher| (&one.rule, &one.place).hash(hasher));
    }
    for one in &evidence.config_rules {
        let rows = found.entry(one.at.listing).or_default();
        note(rows, &|hasher| (&one.name, &one.arn).hash(hasher));
    }
    found
}

/// When the list was taken, if it says so.
fn exact(listing: &Listing) -> Option<Moment> {
    match listing.captured {
        Some(Captured::At(moment)) => Some(moment),
        Some(Captured::AtLeast(_)) | None => None,
    }
}

/// A file's name around its last number, with operation and pack.
type Series = (String, String, &'static str, Option<Text>);

/// What pages are joined by.
struct Pages<'e> {
    evidence: &'e Evidence,
    topics: Vec<Topic<'e>>,
    unread: Unread,
    rows: HashMap<ListingIndex, Rows>,
}

impl Pages<'_> {
    fn listing(&self, index: ListingIndex) -> &Listing {
        &self.evidence.listings[index.0 as usize]
    }

    fn path(&self, answer: &Answer) -> &str {
        let listing = self.listing(answer.listings[0]);
        &self.evidence.inputs[listing.input.0 as usize].path
    }

    /// Whether `next` can be the page after these: the same operation about the same. An empty page
    /// names no rule and ends no answer about one, unless its file is named as the rule is.
    fn follows(&self, pages: &[ListingIndex], next: ListingIndex) -> bool {
        let last = *pages.last().expect("an answer has a page");
        let (one, other) = (self.listing(last), self.listing(next));
        if one.operation != other.operation || one.pack != other.pack {
            return false;
        }
        if one.pack.is_some() || !OF_ONE_RULE.contains(&one.operation) {
            return true;
        }
        let mut topics = pages.iter().map(|page| &self.topics[page.0 as usize]);
        let Some(topic) = topics.find(|topic| !topic.rules.is_empty()) else {
            return true;
        };
        let next = &self.topics[next.0 as usize];
        if next.rules.is_empty() {
            let name = stem(&self.evidence.inputs[other.input.0 as usize].path);
            return topic.one_rule() == Some(without_number(name));
        }
        topic.is_that_of(next)
    }

    /// Whether both pages can be of one run: the later page was taken after the earlier one, and
    /// within hours of it, where both say when.
    fn are_of_one_run(&self, pages: &[ListingIndex], later: ListingIndex) -> bool {
        let earlier = *pages.last().expect("an answer has a page");
        let time = |page: ListingIndex| exact(self.listing(page));
        let rows = |page: ListingIndex| self.rows.get(&page);
        // Without a time a page is no older than its rows.
        let least = |page| time(page).or_else(|| rows(page)?.newest);
        let ascending = (least(earlier).zip(time(later))).is_none_or(|(one, other)| one <= other);
        let near =
            (time(earlier).zip(least(later))).is_none_or(|(one, other)| other - one <= ONE_RUN);
        // No page holds what another of the same run does: it is a copy.
        let copied = rows(later).is_some_and(|later| {
            let mut earlier = pages.iter().filter_map(|page| rows(*page));
            earlier.any(|one| one.hash == later.hash)
        });
        // An empty page ends nothing: nobody knows what it was asked for.
        let empty = self.listing(later).elements == 0;
        ascending && near && !copied && !empty
    }

    fn within_files(&self) -> Vec<Answer> {
        let mut answers: Vec<Answer> = Vec::new();
        for (index, listing) in self.evidence.listings.iter().enumerate() {
            let index = ListingIndex(u32::try_from(index).expect("as many as were counted"));
            let mut headless = false;
            if let Some(open) = answers.last_mut().filter(|answer| !answer.whole) {
                let last = *open.listings.last().expect("an answer has a page");
                let same_file = self.listing(last).input == listing.input;
                if same_file && self.follows(&open.listings, index) {
                    if self.are_of_one_run(&open.listings, index) {
                        open.listings.push(index);
                        open.whole = !listing.next_token && !open.headless;
                        continue;
                    }
                    headless = true;
                }
            }
            answers.push(Answer {
                listings: vec![index],
                whole: !listing.next_token && !headless,
                by_resource: false,
                stream: false,
                headless,
            });
        }
        answers
    }

    fn across_files(&self, answers: &mut Vec<Answer>) {
        let mut series: BTreeMap<Series, Vec<(u64, usize)>> = BTreeMap::new();
        for (index, answer) in answers.iter().enumerate() {
            if let Some((before, number, after)) = around_last_number(self.path(answer)) {
                let listing = self.listing(answer.listings[0]);
                let (operation, pack) = (listing.operation, listing.pack.clone());
                let key = (before.to_owned(), after.to_owned(), operation, pack);
                series.entry(key).or_default().push((number, index));
            }
        }
        let mut joined = Vec::new();
        for ((before, after, ..), mut pages) in series {
            pages.sort_unstable();
            self.behead(&before, &after, &pages, answers);
            self.join(&pages, answers, &mut joined);
        }
        joined.sort_unstable();
        for index in joined.into_iter().rev() {
            answers.remove(index);
        }
    }

    /// Joins the files that one export job wrote: what one holds, the others lack.
    fn of_one_job(&self, answers: &mut Vec<Answer>) {
        let mut begun: BTreeMap<&Text, usize> = BTreeMap::new();
        let mut joined = Vec::new();
        for index in 0..answers.len() {
            let Some(job) = &self.listing(answers[index].listings[0]).job else {
                continue;
            };
            let first = *begun.entry(job).or_insert(index);
            if first != index {
                let whole = answers[index].whole;
                let part = std::mem::take(&mut answers[index].listings);
                answers[first].listings.extend(part);
                answers[first].whole &= whole;
                joined.push(index);
            }
        }
        for index in joined.into_iter().rev() {
            answers.remove(index);
        }
    }

    /// Notes which pages lack the page before: it could not be read, or the name says that there are
    /// earlier ones and the first is not there.
    fn behead(&self, before: &str, after: &str, pages: &[(u64, usize)], answers: &mut [Answer]) {
        let first = pages.first().map_or(0, |(first, _)| *first);
        let later = (2..FIRST_PAGES).contains(&first);
        for &(number, index) in pages {
            let Some(last) = number.checked_sub(1) else {
                continue;
            };
            let of_rule = self.is_page_of_its_rule(&answers[index]);
            let is_empty = |page: &&(u64, usize)| page.0 == last && self.is_empty(&answers[page.1]);
            let unread = self.unread.has((before, last, after))
                || (of_rule && pages.iter().any(|page| is_empty(&page)));
            if unread || (later && (of_rule || counts_pages(before))) {
                answers[index].headless = true;
                answers[index].whole = false;
            }
        }
    }

    fn is_empty(&self, answer: &Answer) -> bool {
        let mut pages = answer.listings.iter().map(|page| self.listing(*page));
        answer.whole && pages.all(|page| page.elements == 0)
    }

    /// Whether the file is named after the one rule of its rows, with a number behind.
    fn is_page_of_its_rule(&self, answer: &Answer) -> bool {
        let name = stem(self.path(answer));
        let rule = self.topics[answer.listings[0].0 as usize].one_rule();
        rule.is_some_and(|rule| rule != name && without_number(name) == rule)
    }

    /// Joins each run of pages: from a page with a token to the first without. A run with a number
    /// missing, or of which a page was taken in another run, stays as it is, and its end is no whole
    /// answer.
    fn join(&self, pages: &[(u64, usize)], answers: &mut [Answer], joined: &mut Vec<usize>) {
        let mut open: Option<(u64, usize)> = None;
        for &(number, index) in pages {
            let Some((last, first)) = open else {
                open = begin(number, index, answers);
                continue;
            };
            let next = answers[index].listings[0];
            if !self.follows(&answers[first].listings, next) {
                open = begin(number, index, answers);
                continue;
            }
            if number != last + 1 || !self.are_of_one_run(&answers[first].listings, next) {
                answers[index].whole = false;
                answers[index].headless = true;
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

    /// What an answer is about, and whether it can tell everything.
    fn describe(&self, answer: &mut Answer) {
        let mut topic = Topic::default();
        for listing in &answer.listings {
            topic.note(&self.topics[listing.0 as usize]);
        }
        let first = self.listing(answer.listings[0]);
        let name = stem(self.path(answer));
        answer.stream = first.kind == ListingKind::Stream;
        answer.by_resource = first.kind == ListingKind::Answer
            && first.operation == DETAILS
            && (topic.is_one_resource(name) || name.contains(BY_RESOURCE));
        // Nobody knows to which of its places an answer belongs that is filed under several.
        let mut pages = answer.listings.iter().map(|page| self.listing(*page));
        answer.whole &= pages.all(|page| page.disputed.is_none());
    }
}

/// Begins a run of pages at an answer whose next page is not in its file. Pages are counted from 0
/// or 1: a run that begins later lacks its first.
fn begin(number: u64, index: usize, answers: &mut [Answer]) -> Option<(u64, usize)> {
    if answers[index].whole {
        return None;
    }
    answers[index].headless |= (2..FIRST_PAGES).contains(&number);
    Some((number, index))
}

/// Whole answers without any row: a file names the deployed rule of which it holds none, for the answer
/// itself does not. Of several about one rule the latest.
pub fn empty(subject: &Subject<'_>, answers: &Answers) -> BTreeMap<CopyKey, ListingIndex> {
    let evidence = subject.evidence;
    let mut found: BTreeMap<CopyKey, ListingIndex> = BTreeMap::new();
    for answer in answers.iter().filter(|answer| answer.whole) {
        let listing = answer.listings[0];
        let first = &evidence.listings[listing.0 as usize];
        let mut pages = answer.listings.iter();
        let none = pages.all(|page| evidence.listings[page.0 as usize].elements == 0);
        let place = &first.path_place;
        if let (DETAILS, true, Some(account), Some(region)) =
            (first.operation, none, &place.account, &place.region)
        {
            let name = stem(&evidence.inputs[first.input.0 as usize].path).into();
            let known = found.entry((account.clone(), region.clone(), name));
            let known = known.or_insert(listing);
            if subject.taken(listing) > subject.taken(*known) {
                *known = listing;
            }
        }
    }
    found
}
