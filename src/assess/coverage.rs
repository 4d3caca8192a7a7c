//! Coverage: was a rule seen at each place in scope that its reach asks for, and if not, why not? The one
//! table from what copies say, and from what is known of their place, to a state with its reasons.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::{ManagedRule, Reach};
use crate::evidence::{InputStatus, ListingIndex, Text};
use crate::time::Moment;

use super::Subject;
use super::absent::Absent;
use super::claims::{At, Claims, Copy};
use super::counts::Exceeding;
use super::described::Described;
use super::existing::{self, Existing};
use super::model::{GapKind, Seen};
use super::packs::{PackAnswer, Packs};
use super::series::stem;
pub use super::shortfall::Shortfall;
use super::verdict::GLOBAL;
use super::when::is_after;
use super::word::{self, Hidden, Word};

/// What was seen of a rule at one place, and what leaves it open.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// The region of which it tells; of a global rule the one that decides, empty where unknown.
    pub region: Text,
    /// The state.
    pub state: Seen,
    /// Why it is open.
    pub because: Vec<Because>,
    /// What should be known and decides nothing.
    pub notes: Vec<Because>,
    /// Whether a verdict on the whole rule, or a snapshot, stands beside its rows.
    pub rule_level: bool,
    /// When the answer was taken that covers it, if that is known.
    taken: Option<Moment>,
    /// Something fails that the rows do not show.
    hidden: Option<Hidden>,
}

/// One reason, with the deployed rule and the file that opened it, and what would fill it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Because {
    /// Which.
    pub kind: GapKind,
    /// The deployed rule that it is about, where it is about one.
    pub copy: Option<Text>,
    /// What the user should know, such as a count.
    pub detail: String,
    /// The input that opened it, `E0001`; empty where it is that nothing tells.
    pub input: String,
    /// What to ask AWS.
    pub ask: Ask,
    /// Whether the input does not say when it was taken: no later answer certainly replaces it.
    pub undated: bool,
}

/// What to ask AWS Config.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ask {
    /// Nothing that it answers would help.
    Nothing,
    /// The evaluations of a deployed rule.
    Details(Text),
    /// Which rules are deployed, and what they are.
    Rules,
    /// The verdicts on whole rules.
    Levels,
    /// Whether rules ran.
    Status,
    /// What is recorded.
    Recorders,
}

impl Because {
    /// A reason without more.
    pub fn new(kind: GapKind, ask: Ask) -> Self {
        Self {
            kind,
            copy: None,
            detail: String::new(),
            input: String::new(),
            ask,
            undated: false,
        }
    }

    /// With what the user should know.
    pub fn detail(self, detail: String) -> Self {
        Self { detail, ..self }
    }

    /// Of a deployed rule.
    pub fn of(self, copy: &Text) -> Self {
        let copy = Some(copy.clone());
        Self { copy, ..self }
    }

    /// Opened by this list.
    pub fn from(self, subject: &Subject<'_>, listing: ListingIndex) -> Self {
        let input = subject.evidence.listings[listing.0 as usize].input;
        self.of_input(subject.evidence.inputs[input.0 as usize].id.as_deref())
    }

    /// Opened by this input.
    pub fn of_input(self, input: Option<&str>) -> Self {
        let input = input.unwrap_or_default().to_owned();
        Self { input, ..self }
    }

    /// By a file that does not say when it was taken.
    pub fn undated(self) -> Self {
        let undated = true;
        Self { undated, ..self }
    }
}

/// What is known of places, beside what deployed rules say.
pub struct Places<'p, 'e, 'b> {
    /// What is assessed.
    pub subject: &'p Subject<'e>,
    /// What is said of each deployed rule.
    pub claims: &'p Claims<'e, 'b>,
    /// The conformance packs.
    pub packs: &'p Packs<'e>,
    /// What does not exist.
    pub absent: &'p Absent<'e>,
    /// What exists.
    pub existing: &'p Existing<'p, 'b>,
    /// Where rules are described.
    pub described: &'p Described,
    /// The counts that are higher than what was read.
    pub exceeding: &'p [Exceeding],
    /// Failing rules that are described nowhere, by place and resource type.
    pub unknown: &'p BTreeMap<(Text, Text, Text), (Text, String)>,
    /// Inputs that could not be read.
    pub unread: &'p [UnreadInput],
}

/// An input of which nothing can be used: rejected, or cut off while it was collected.
pub struct UnreadInput {
    account: Option<Text>,
    region: Option<Text>,
    /// The only rule of which it can be, by its name.
    rule: Option<Text>,
    /// `E0001`.
    pub id: Option<String>,
}

/// The inputs of which nothing can be used, though they may be exports. A file that is named as a rule
/// can be of that rule only.
pub fn unread(subject: &Subject<'_>) -> Vec<UnreadInput> {
    let inputs = subject.evidence.inputs.iter();
    let unread = inputs.filter(|input| {
        let cut_off = input.status == InputStatus::Partial && input.kinds.is_empty();
        input.plausible && (input.status == InputStatus::Rejected || cut_off)
    });
    let rules = &subject.catalogue.rules;
    unread
        .map(|input| UnreadInput {
            account: input.path_place.account.clone(),
            region: input.path_place.region.clone(),
            rule: Some(stem(&input.path))
                .filter(|name| rules.contains_key(*name))
                .map(Into::into),
            id: input.id.clone(),
        })
        .collect()
}

impl Places<'_, '_, '_> {
    /// The input that could not be read and may hold rows of a rule of these names there.
    pub fn unreadable(&self, at: &At, names: [&str; 2]) -> Option<&UnreadInput> {
        let fits = |have: &Option<Text>, is: &Text| have.as_ref().is_none_or(|have| have == is);
        let mut unread = self.unread.iter();
        unread.find(|one| {
            fits(&one.account, &at.0)
                && fits(&one.region, &at.1)
                && one
                    .rule
                    .as_ref()
                    .is_none_or(|named| names.contains(&&**named))
        })
    }

    /// An answer about a pack that was cut off, and to which a rule of this name may belong.
    pub fn cut_pack<'p>(&'p self, at: &'p At, rule: Option<&'p Text>) -> Option<&'p PackAnswer> {
        let rule = rule.map(|rule| &**rule);
        let mut answers = self.packs.answers(at, rule);
        answers.find(|answer| !answer.whole)
    }

    /// The rule at all places in scope that its reach asks for.
    pub fn of(&self, rule: &ManagedRule) -> Vec<(At, Coverage)> {
        let mut seen = Vec::new();
        for (account, known) in &self.subject.engagement.accounts {
            let account: Text = account.as_str().into();
            let at = |region: &str| (account.clone(), Text::from(region));
            let regions = known.regions.iter().map(|region| at(region));
            match rule.reach {
                Reach::Regional => seen.extend(regions.map(|at| {
                    let coverage = self.at(rule, &at);
                    (at, coverage)
                })),
                Reach::Global => {
                    let regions = regions.chain([at("")]);
                    let all = regions.map(|at| self.at(rule, &at)).collect();
                    let mut best = best(all);
                    self.add_unjudged(rule, &at(GLOBAL), &mut best);
                    seen.push((at(GLOBAL), best));
                }
            }
        }
        seen
    }

    /// The rule at one place.
    fn at(&self, rule: &ManagedRule, at: &At) -> Coverage {
        let copies = self.claims.of(&rule.name, at);
        let none = self.absent.has_none(rule, at);
        let mut found = Found::new(self, rule, at, copies, none);
        found.copies();
        found.place();
        let mut coverage = found.conclude();
        if rule.reach == Reach::Regional {
            self.add_unjudged(rule, at, &mut coverage);
        }
        coverage
    }

    /// Resources that are known to exist and have no verdict leave a rule open that was otherwise seen.
    fn add_unjudged(&self, rule: &ManagedRule, at: &At, coverage: &mut Coverage) {
        if !matches!(coverage.state, Seen::Seen | Seen::CheckedNone) {
            return;
        }
        let region = if rule.reach == Reach::Global {
            &coverage.region
        } else {
            &at.1
        };
        let copies = self.claims.of(&rule.name, &(at.0.clone(), region.clone()));
        let shows = copies
            .iter()
            .flat_map(|copy| copy.batches)
            .any(|batch| batch.not_applicable);
        let Some(unjudged) = self.existing.unjudged(rule, at, coverage.taken) else {
            return;
        };
        let ask = copies
            .first()
            .map_or(Ask::Rules, |copy| Ask::Details(copy.name.clone()));
        let because = Because::new(GapKind::UnjudgedResource, ask);
        let because = because.detail(format!("{}: {}", unjudged.count, unjudged.example));
        let because = because.of_input(Some(&unjudged.input));
        if existing::decides(rule, shows) {
            coverage.state = Seen::Partial;
            coverage.because.push(because);
        } else {
            coverage.notes.push(because);
        }
    }
}

/// One region is enough: the best state. But what fails in one region, and is not shown there, is
/// covered by another region's answer only if that was certainly taken later.
fn best(mut regions: Vec<Coverage>) -> Coverage {
    // A region that nothing names is no place of its own.
    regions.retain(|one| {
        !one.region.is_empty() || !matches!(one.state, Seen::NotChecked | Seen::Unreadable)
    });
    let is_good = |one: &Coverage| {
        matches!(one.state, Seen::Seen | Seen::CheckedNone) && one.because.is_empty()
    };
    let covered = |hidden: Hidden| {
        let mut good = regions.iter().filter(|one| is_good(one));
        good.any(|one| is_after(one.taken, hidden.0))
    };
    let hides = |one: &Coverage| one.hidden.is_some_and(|hidden| !covered(hidden));
    let rank = |one: &Coverage| {
        let not_deployed = one
            .because
            .iter()
            .any(|because| because.kind == GapKind::NotDeployed);
        let state = match one.state {
            _ if hides(one) => 0,
            Seen::Seen | Seen::CheckedNone if one.because.is_empty() => 1,
            Seen::Seen | Seen::CheckedNone => 2,
            Seen::Partial => 3,
            Seen::Unreadable => 4,
            Seen::NotChecked => 5,
        };
        // Of places alike the one whose exports could tell more.
        (state, not_deployed)
    };
    let ranks: Vec<_> = regions.iter().map(rank).collect();
    let first = (0..regions.len()).min_by_key(|index| ranks[*index]);
    let mut best = regions.swap_remove(first.expect("an account has regions"));
    // A region of which nothing tells may deploy it, even if another is known not to.
    let deployable = ranks.iter().any(|(_, not_deployed)| !not_deployed);
    if deployable
        && best
            .because
            .iter()
            .any(|because| because.kind == GapKind::NotDeployed)
    {
        best.because = vec![Because::new(GapKind::NotChecked, Ask::Rules)];
    }
    best
}

/// What is found of one rule at one place.
struct Found<'f, 'p, 'e, 'b> {
    places: &'f Places<'p, 'e, 'b>,
    rule: &'f ManagedRule,
    at: &'f At,
    copies: &'f [Copy<'e, 'b>],
    /// What keeps each copy from judging everything.
    shortfalls: Vec<Option<(Shortfall, Option<ListingIndex>)>>,
    words: Vec<Word>,
    /// The snapshot that shows that there is nothing to judge.
    none: Option<ListingIndex>,
    because: Vec<Because>,
    notes: Vec<Because>,
    hidden: Option<Hidden>,
}

impl<'f, 'p, 'e, 'b> Found<'f, 'p, 'e, 'b> {
    fn new(
        places: &'f Places<'p, 'e, 'b>,
        rule: &'f ManagedRule,
        at: &'f At,
        copies: &'f [Copy<'e, 'b>],
        none: Option<ListingIndex>,
    ) -> Self {
        let unrecorded = places.absent.unrecorded(rule, at, places.subject);
        let unrecorded = unrecorded.map(|(shortfall, by)| (shortfall, Some(by)));
        let words: Vec<Word> = copies
            .iter()
            .map(|copy| word::of(copy, places, at))
            .collect();
        let short = |(copy, word): (&Copy<'_, '_>, &Word)| {
            let mut whole = copy.batches.iter().filter(|batch| batch.whole);
            let outside = matches!(word, Word::Whole) && !whole.any(|batch| batch.in_period);
            let outside = outside.then_some((Shortfall::OutsidePeriod, None));
            copy.shortfall.clone().or(unrecorded.clone()).or(outside)
        };
        Self {
            shortfalls: copies.iter().zip(&words).map(short).collect(),
            places,
            rule,
            at,
            copies,
            words,
            none,
            because: Vec::new(),
            notes: Vec::new(),
            hidden: None,
        }
    }

    /// A copy that was read whole and judges everything, or ran and found nothing.
    fn good(&self) -> impl Iterator<Item = &'f Copy<'e, 'b>> {
        let copies = self.copies.iter().zip(&self.words).zip(&self.shortfalls);
        copies
            .filter(|((_, word), short)| {
                short.is_none() && matches!(word, Word::Whole | Word::Nothing)
            })
            .map(|((copy, _), _)| copy)
    }

    /// Each copy must have been read, or be identical to one that was.
    fn copies(&mut self) {
        let good: Vec<&Copy<'_, '_>> = self.good().collect();
        let (mut because, mut notes) = (Vec::new(), Vec::new());
        for ((copy, word), short) in self.copies.iter().zip(&self.words).zip(&self.shortfalls) {
            // Where there is nothing to judge, a copy that was not read misses nothing.
            let judged = !copy.batches.is_empty() || self.none.is_none();
            let proactive =
                matches!(short, Some((Shortfall::NotActive(why), _)) if why == "PROACTIVE");
            match word {
                Word::Contradicted(why, hidden) => {
                    self.hidden = (*hidden).or(self.hidden);
                    because.push(why.clone());
                }
                Word::Partial(why) | Word::Unread(why) if judged => {
                    let alike = good.iter().find(|good| are_identical(copy, good));
                    if let Some(alike) = alike {
                        let note = Because::new(GapKind::CopyNotRead, why.ask.clone());
                        notes.push(note.detail(alike.name.to_string()).of(&copy.name));
                    } else if !proactive {
                        because.push(why.clone());
                    } else if good.is_empty() {
                        // It has no evaluations to be had.
                        because.extend(short.as_ref().map(|short| self.short(copy, short)));
                    }
                }
                Word::Whole | Word::Nothing if good.is_empty() && judged => {
                    because.extend(short.as_ref().map(|short| self.short(copy, short)));
                }
                Word::Partial(_) | Word::Unread(_) | Word::Whole | Word::Nothing => {}
            }
        }
        self.because.append(&mut because);
        self.notes.append(&mut notes);
    }

    fn short(&self, copy: &Copy<'_, '_>, short: &(Shortfall, Option<ListingIndex>)) -> Because {
        let (shortfall, by) = short;
        let ask = match shortfall {
            Shortfall::NotRecorded(_) => Ask::Recorders,
            Shortfall::OutsidePeriod => Ask::Details(copy.name.clone()),
            Shortfall::Narrowed(_) | Shortfall::NotActive(_) => Ask::Rules,
        };
        let because = Because::new(shortfall.gap(), ask).of(&copy.name);
        let because = match by {
            Some(by) => because.from(self.places.subject, *by),
            None => because,
        };
        match shortfall {
            Shortfall::OutsidePeriod => because,
            other => because.detail(format!("{}: {}", copy.name, other.detail())),
        }
    }

    /// What is known of the place.
    fn place(&mut self) {
        self.exceeded();
        self.undescribed();
        self.only_gone();
    }

    /// A count that is higher than what was read leaves each rule open that it may concern, unless a
    /// verdict on the whole rule covers it that is not older.
    fn exceeded(&mut self) {
        let names: Vec<&Text> = self.copies.iter().map(|copy| &copy.name).collect();
        let packs = self.places.packs;
        let covered = |exceeding: &Exceeding| {
            let newer = |copy: &Copy<'_, '_>| {
                !copy.levels.is_empty()
                    && copy.levels.iter().all(|level| {
                        level
                            .taken
                            .zip(exceeding.taken)
                            .is_some_and(|(level, count)| level >= count)
                    })
            };
            !self.copies.is_empty() && self.copies.iter().all(newer)
        };
        let concerns = |one: &&Exceeding| one.concerns(self.rule, self.at, &names, packs);
        let found = self.places.exceeding.iter().filter(concerns);
        let Some(worst) = found
            .filter(|one| !covered(one))
            .max_by_key(|one| one.taken)
        else {
            return;
        };
        let because = Because::new(GapKind::CountsExceed, Ask::Levels);
        let because = because.detail(worst.detail.clone());
        let because = because.from(self.places.subject, worst.listing);
        self.because.push(match worst.taken {
            Some(_) => because,
            None => because.undated(),
        });
        self.hidden = self.hidden.or(Some(Hidden(worst.taken)));
    }

    /// A failing rule that is described nowhere may be this one under another name.
    fn undescribed(&mut self) {
        for kind in &self.rule.resource_types {
            let key = (self.at.0.clone(), self.at.1.clone(), kind.as_str().into());
            if let Some((name, input)) = self.places.unknown.get(&key) {
                let because = Because::new(GapKind::RuleNotDescribed, Ask::Rules).of(name);
                let because = because.detail(format!("{name}: {kind}"));
                self.because.push(because.of_input(Some(input)));
                self.hidden = self.hidden.or(Some(Hidden(None)));
                return;
            }
        }
    }

    /// Where all resources on which there were verdicts are gone, nothing shows what is there now.
    fn only_gone(&mut self) {
        let mut good = self.good().peekable();
        if self.none.is_some() || good.peek().is_none() {
            return;
        }
        let all: Vec<&Copy<'_, '_>> = good.collect();
        let nothing = self.words.iter().any(|word| matches!(word, Word::Nothing));
        if nothing || all.iter().any(|copy| !copy.counts.is_empty()) {
            return;
        }
        let copy = all[0];
        let because = Because::new(GapKind::OnlyGone, Ask::Details(copy.name.clone()));
        let because = because.of(&copy.name);
        let batch = copy.batches.first();
        self.because.push(match batch {
            Some(batch) => because.from(self.places.subject, batch.listing),
            None => because,
        });
    }

    /// The state, by the first line that fits.
    fn conclude(mut self) -> Coverage {
        let rows = self.good().any(|copy| !copy.counts.is_empty());
        let read = self
            .words
            .iter()
            .any(|word| !matches!(word, Word::Unread(_)));
        let outside = |because: &Because| because.kind == GapKind::OutsidePeriod;
        let is_open = self.because.iter().any(|because| !outside(because));
        let state = if is_open {
            self.state_of_open(read)
        } else if self.none.is_some() && !rows {
            Seen::CheckedNone
        } else if self.copies.is_empty() {
            self.without_copies()
        } else if self.good().next().is_some() && !rows {
            Seen::CheckedNone
        } else {
            Seen::Seen
        };
        let taken = self
            .good()
            .flat_map(|copy| copy.batches.iter().filter(|batch| batch.whole));
        let taken = taken.map(|batch| batch.taken).max().flatten();
        let rule_level = self.copies.iter().any(|copy| !copy.levels.is_empty());
        Coverage {
            region: self.at.1.clone(),
            state,
            rule_level: rule_level || self.none.is_some(),
            because: self.because,
            notes: self.notes,
            taken,
            hidden: self.hidden,
        }
    }

    /// A rule of which nothing was read at all stays so; of any other a part was seen.
    fn state_of_open(&self, read: bool) -> Seen {
        let only = |kind: GapKind| self.because.iter().all(|because| because.kind == kind);
        if read {
            Seen::Partial
        } else if only(GapKind::Unreadable) {
            Seen::Unreadable
        } else if only(GapKind::NotChecked) {
            Seen::NotChecked
        } else {
            Seen::Partial
        }
    }

    /// The state of a rule that no source mentions. A pack that was cut off could hold it, unless the
    /// deployed rules are described and it is none of them.
    fn without_copies(&mut self) -> Seen {
        let (places, subject) = (self.places, self.places.subject);
        let described = places.described.of(self.at);
        let possible = described.is_none();
        if let Some(pack) = places.cut_pack(self.at, None).filter(|_| possible) {
            let because = Because::new(GapKind::Partial, Ask::Rules);
            let because = because.detail(pack.pack.to_string());
            self.because.push(because.from(subject, pack.listing));
            return Seen::Partial;
        }
        let all = described.filter(|described| described.all);
        if let Some(described) = all {
            let because = Because::new(GapKind::NotDeployed, Ask::Rules);
            self.because.push(because.from(subject, described.listing));
            return Seen::NotChecked;
        }
        if let Some(input) = places.unreadable(self.at, [&self.rule.name; 2]) {
            let because = Because::new(GapKind::Unreadable, Ask::Rules);
            self.because.push(because.of_input(input.id.as_deref()));
            return Seen::Unreadable;
        }
        self.because
            .push(Because::new(GapKind::NotChecked, Ask::Rules));
        Seen::NotChecked
    }
}

/// Whether a copy that was not read says nothing else than one that was: both are described as the
/// same rule with equal parameters and without a scope, and nothing that is known of it disagrees.
fn are_identical(copy: &Copy<'_, '_>, good: &Copy<'_, '_>) -> bool {
    let parameters = copy
        .identity
        .parameters
        .as_ref()
        .zip(good.identity.parameters.as_ref());
    let rule = copy.identity.managed;
    let equal = parameters
        .zip(rule)
        .is_some_and(|((one, other), rule)| super::parameters::are_equal(rule, one, other));
    let more = |kind| copy.counts.get(kind) > good.counts.get(kind);
    let agrees = |level: &super::claims::Level<'_>| {
        let fails = level.verdict.compliance == crate::evidence::ComplianceType::NonCompliant;
        fails
            == good
                .counts
                .contains_key(&crate::evidence::ComplianceType::NonCompliant)
    };
    copy.described
        && good.described
        && equal
        && copy.shortfall.is_none()
        && !copy.counts.keys().any(more)
        && copy.levels.iter().all(agrees)
}

/// The coverage of each mapped rule at its places.
pub type Coverages = BTreeMap<String, Vec<(At, Coverage)>>;

/// Failing rules of which no description tells, by place and type of what fails: the name, and the input.
pub fn unknown(
    placed: &super::verdict::Verdicts<'_>,
    deployments: &super::place::Deployments<'_>,
    subject: &Subject<'_>,
) -> BTreeMap<(Text, Text, Text), (Text, String)> {
    use crate::evidence::{ComplianceType, Origin};
    let undescribed: BTreeSet<usize> = (placed.copies.iter())
        .filter(|copy| copy.identity.managed.is_none())
        .filter(|copy| {
            deployments
                .get(&copy.account, &copy.region, &copy.name)
                .is_empty()
        })
        .map(|copy| copy.index)
        .collect();
    let mut found: BTreeMap<_, (Text, String)> = BTreeMap::new();
    if undescribed.is_empty() {
        return found;
    }
    for verdict in placed
        .counted
        .iter()
        .filter(|v| undescribed.contains(&v.copy.index))
    {
        let evaluation = verdict.evaluation;
        let fails = evaluation.compliance == ComplianceType::NonCompliant
            && verdict.hold != super::verdict::Hold::Outside;
        // A finding of Security Hub that names no rule of AWS Config is none under another name.
        let of_config = evaluation.origin != Origin::SecurityHub
            || !evaluation.rule.starts_with("security-hub/");
        if fails && of_config && !evaluation.is_archived() {
            let copy = &verdict.copy;
            let key = (
                copy.account.clone(),
                copy.region.clone(),
                evaluation.resource_type.clone(),
            );
            let input = subject
                .evidence
                .input(evaluation.at)
                .id
                .clone()
                .unwrap_or_default();
            let new = (copy.name.clone(), input);
            let known = found.entry(key).or_insert_with(|| new.clone());
            *known = new.min(known.clone());
        }
    }
    found
}
