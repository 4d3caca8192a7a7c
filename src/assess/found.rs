//! What is found of one rule at one place: the one table from what copies say, and from what is known of
//! their place, to a state with its reasons.

use crate::catalogue::ManagedRule;
use crate::evidence::{ComplianceType, ListingIndex, Text};

use super::because::{Ask, Because};
use super::claims::{At, Copy, Level};
use super::counts::Exceeding;
use super::known::{Coverage, Hidden, Places};
use super::model::{GapKind, Seen};
use super::parameters::are_equal;
use super::place::ACCOUNT;
use super::shortfall::Shortfall;
use super::when::replaces;
use super::word::{self, Word};

/// What is found of one rule at one place.
pub struct Found<'f, 'p, 'e, 'b> {
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
    pub fn new(
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
    pub fn copies(&mut self) {
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
    pub fn place(&mut self) {
        self.exceeded();
        self.undescribed();
        self.only_gone();
    }

    /// A count that is higher than what was read leaves each rule open that it may concern, unless a
    /// verdict on the whole rule covers it that is not older.
    fn exceeded(&mut self) {
        let names: Vec<&Text> = self.copies.iter().map(|copy| &copy.name).collect();
        let period = &self.places.subject.engagement.period;
        let described = self.places.described.of(self.at);
        let packs = (self.places.packs, described.is_some_and(|one| one.all));
        let covered = |exceeding: &Exceeding| {
            let newer = |copy: &Copy<'_, '_>| {
                let is_newer = |level: &Level<'_>| {
                    let same = level.taken.is_some() && level.taken == exceeding.taken;
                    same || replaces(level.taken, exceeding.taken, period)
                };
                !copy.levels.is_empty() && copy.levels.iter().all(is_newer)
            };
            exceeding.outweighed || !self.copies.is_empty() && self.copies.iter().all(newer)
        };
        let fits =
            |one: &Exceeding| one.concerns(self.rule, self.at, &names, packs) && !covered(one);
        let Some(worst) = self.places.exceeding.latest(self.at, fits) else {
            return;
        };
        let ask = if worst.asked {
            Ask::Nothing
        } else {
            Ask::Levels
        };
        let because = Because::new(GapKind::CountsExceed, ask);
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
        let types = self.rule.resource_types.iter().map(String::as_str);
        let account = self.rule.resource_types.is_empty().then_some(ACCOUNT);
        for kind in types.chain(account) {
            let key = (self.at.0.clone(), self.at.1.clone(), kind.into());
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
        let ask = word::next_question(copy, self.places.subject);
        let because = Because::new(GapKind::OnlyGone, ask);
        let because = because.of(&copy.name);
        let batch = copy.batches.first();
        self.because.push(match batch {
            Some(batch) => because.from(self.places.subject, batch.listing),
            None => because,
        });
    }

    /// The state, by the first line that fits.
    pub fn conclude(mut self) -> Coverage {
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
        let told = |copy: &'f Copy<'e, 'b>| {
            let whole = copy.batches.iter().filter(|batch| batch.whole);
            let rows = whole.map(|batch| batch.taken);
            // What AWS says of a rule without rows was taken when that was said.
            let none = copy.levels.iter().filter(|_| copy.batches.is_empty());
            rows.chain(none.map(|level| level.taken))
        };
        let taken = self.good().flat_map(told).max().flatten();
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
        let ask = if places.absent.lacks_status(self.rule, self.at) {
            Ask::RecorderStatus
        } else {
            Ask::Rules
        };
        let all = described.filter(|described| described.all);
        if let Some(described) = all {
            let because = Because::new(GapKind::NotDeployed, ask);
            self.because.push(because.from(subject, described.listing));
            return Seen::NotChecked;
        }
        if let Some(input) = places.unreadable(self.at, [&self.rule.name; 2]) {
            let because = Because::new(GapKind::Unreadable, Ask::Rules);
            self.because.push(because.of_input(input.id.as_deref()));
            return Seen::Unreadable;
        }
        self.because.push(Because::new(GapKind::NotChecked, ask));
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
        .is_some_and(|((one, other), rule)| are_equal(rule, one, other));
    let more = |kind| copy.counts.get(kind) > good.counts.get(kind);
    let agrees = |level: &Level<'_>| {
        let fails = good.counts.contains_key(&ComplianceType::NonCompliant);
        match level.verdict.compliance {
            ComplianceType::NonCompliant => fails,
            ComplianceType::Compliant => !fails,
            ComplianceType::InsufficientData => good.counts.is_empty(),
            ComplianceType::NotApplicable => false,
        }
    };
    copy.described
        && good.described
        && equal
        && copy.shortfall.is_none()
        && !copy.counts.keys().any(more)
        && copy.levels.iter().all(agrees)
}
