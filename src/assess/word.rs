//! What one deployed copy of a rule says: everything, nothing, a part, or what contradicts itself.

use crate::evidence::{ComplianceType, ListingIndex};
use crate::time::{Moment, rfc3339};

use super::Subject;
use super::because::{Ask, Because};
use super::claims::{At, Copy, Level};
use super::known::{Hidden, Places};
use super::model::GapKind;
use super::packs::PackAnswer;
use super::status::{self, Failed};
use super::when::{is_after, replaces};

/// What a copy says at its place.
pub enum Word {
    /// AWS says of the whole rule, or showed before, what the rows do not hold; and since when something
    /// may fail unseen, if that is it.
    Contradicted(Because, Option<Hidden>),
    /// All its evaluations were read.
    Whole,
    /// It ran and has no evaluations.
    Nothing,
    /// A part was read, or its last evaluation failed.
    Partial(Because),
    /// Nothing of it was read.
    Unread(Because),
}

/// What a copy says.
pub fn of(copy: &Copy<'_, '_>, places: &Places<'_, '_, '_>, at: &At) -> Word {
    let subject = places.subject;
    if let Some(word) = contradicted(copy, places, at).or_else(|| vanished(copy, subject)) {
        return word;
    }
    if is_empty(copy, places, at) {
        return Word::Nothing;
    }
    let whole = copy.batches.iter().filter(|batch| batch.whole);
    if whole.clone().next().is_some() {
        return match failed_since(copy, subject) {
            None => Word::Whole,
            Some((failed, listing)) => {
                let time = match failed {
                    Failed::At(moment) => rfc3339(moment),
                    Failed::Once => "?".to_owned(),
                };
                let detail = format!("LastFailedEvaluationTime: {time}");
                let because = Because::new(GapKind::Partial, Ask::Status).detail(detail);
                Word::Partial(because.from(subject, listing).of(&copy.name))
            }
        };
    }
    if let Some(cut) = copy.batches.first() {
        // A later answer has no row: that of the cut one may be gone.
        let empty = copy.empty.and_then(|listing| subject.taken(listing));
        let ask = if is_after(empty, cut.taken) {
            next_question(copy, subject)
        } else {
            Ask::Details(copy.name.clone())
        };
        let because = Because::new(GapKind::Partial, ask).from(subject, cut.listing);
        return Word::Partial(because.of(&copy.name));
    }
    Word::Unread(unread(copy, places, at))
}

/// Why nothing was read of a copy, and what would tell more.
fn unread(copy: &Copy<'_, '_>, places: &Places<'_, '_, '_>, at: &At) -> Because {
    let subject = places.subject;
    let ask = next_question(copy, subject);
    // Of levels that may each be the latest the worst counts.
    let level = copy
        .levels
        .iter()
        .max_by_key(|level| level.verdict.compliance);
    let said = level.and_then(|level| {
        let kind = match level.verdict.compliance {
            ComplianceType::InsufficientData => GapKind::InsufficientData,
            ComplianceType::NotApplicable => GapKind::UnusualVerdict,
            ComplianceType::Compliant | ComplianceType::NonCompliant => return None,
        };
        Some((kind, level.verdict.at.listing))
    });
    let cut = places.cut_pack(at, Some(&copy.name));
    if let Some((kind, listing)) = said.filter(|_| cut.is_none()) {
        let because = Because::new(kind, ask).from(subject, listing);
        return because.of(&copy.name);
    }
    if let Some(pack) = cut {
        let because = Because::new(GapKind::Partial, ask).detail(pack.pack.to_string());
        return because.from(subject, pack.listing).of(&copy.name);
    }
    if let Some(input) = places.unreadable(at, copy.names()) {
        let because = Because::new(GapKind::Unreadable, ask).of(&copy.name);
        return because.of_input(input.id.as_deref());
    }
    Because::new(GapKind::NotChecked, ask).of(&copy.name)
}

/// What to ask for next of a copy without any row: its evaluations; where these are empty whether it
/// ran, and what AWS says of the whole rule.
pub fn next_question(copy: &Copy<'_, '_>, subject: &Subject<'_>) -> Ask {
    let judged_always = copy
        .identity
        .managed
        .is_some_and(|rule| rule.resource_types.is_empty());
    let has_rows = |level: &Level<'_>| {
        let compliance = level.verdict.compliance;
        matches!(
            compliance,
            ComplianceType::Compliant | ComplianceType::NonCompliant
        )
    };
    let looked = copy.empty.is_some() || !copy.levels.is_empty() && !judged_always;
    match ran(copy, subject) {
        _ if !looked => Ask::Details(copy.name.clone()),
        None => Ask::Status,
        // It must have a row, and the answer had none.
        Some(_) if judged_always || copy.levels.iter().any(has_rows) => {
            Ask::Details(copy.name.clone())
        }
        Some(_) => Ask::Levels,
    }
}

/// What AWS says of the whole rule, and the rows do not hold. A level contradicts only answers that it
/// is not older than, and counts what was there then. Of several levels the worst counts.
fn contradicted(copy: &Copy<'_, '_>, places: &Places<'_, '_, '_>, at: &At) -> Option<Word> {
    let subject = places.subject;
    let period = &subject.engagement.period;
    let outweighed = |level: &&Level<'_>| {
        let mut whole = copy.batches.iter().filter(|batch| batch.whole);
        // Where the rule had no result, one that was recorded later is the first.
        let none = level.verdict.compliance == ComplianceType::InsufficientData;
        whole.any(|batch| {
            let first = !batch.in_period || replaces(batch.newest, level.taken, period);
            replaces(batch.taken, level.taken, period)
                || none && first && is_after(batch.newest, level.taken)
        })
    };
    let levels = copy.levels.iter().filter(|level| !outweighed(level));
    let against = levels.filter_map(|level| Some((level, contradiction(copy, level)?)));
    let (level, detail) =
        against.max_by_key(|(level, detail)| (level.verdict.compliance, detail.clone()))?;
    let ask = ask_against(copy, level, places, at);
    let kind = match level.verdict.compliance {
        ComplianceType::InsufficientData => GapKind::InsufficientData,
        ComplianceType::NotApplicable => GapKind::UnusualVerdict,
        ComplianceType::Compliant | ComplianceType::NonCompliant => GapKind::Partial,
    };
    let fails = level.verdict.compliance == ComplianceType::NonCompliant;
    let because = Because::new(kind, ask).detail(detail).of(&copy.name);
    let because = because.from(subject, level.verdict.at.listing);
    let because = match level.taken {
        None => because.undated(),
        Some(_) => because,
    };
    Some(Word::Contradicted(
        because,
        fails.then_some(Hidden(level.taken)),
    ))
}

/// What to ask for where a level says otherwise than the rows.
fn ask_against(
    copy: &Copy<'_, '_>,
    level: &Level<'_>,
    places: &Places<'_, '_, '_>,
    at: &At,
) -> Ask {
    let details = || Ask::Details(copy.name.clone());
    // Nobody knows whether an undated level or the rows are older: it is asked for anew.
    let read = copy.batches.iter().any(|batch| batch.whole);
    if level.taken.is_none() && read {
        return Ask::Levels;
    }
    // A later answer has no row either: what was judged may have been deleted since.
    let empty = copy.empty.and_then(|listing| places.subject.taken(listing));
    let newest = copy.batches.iter().filter_map(|batch| batch.taken).max();
    let none = level.verdict.compliance == ComplianceType::InsufficientData;
    let rule = copy
        .identity
        .managed
        .filter(|_| none && is_after(empty, newest));
    let kind = rule.and_then(|rule| places.existing.judged_type(rule, at));
    kind.map_or_else(details, Ask::Discovered)
}

/// What a level says that the rows do not. AWS says INSUFFICIENT_DATA of a rule without resources.
fn contradiction(copy: &Copy<'_, '_>, level: &Level<'_>) -> Option<String> {
    let verdict = level.verdict;
    let rows: u64 = copy.counts.values().sum();
    match verdict.compliance {
        ComplianceType::InsufficientData | ComplianceType::NotApplicable => {
            return (rows > 0).then(String::new);
        }
        ComplianceType::Compliant | ComplianceType::NonCompliant => {}
    }
    let now = copy
        .counts
        .get(&verdict.compliance)
        .copied()
        .unwrap_or_default();
    let then = match verdict.compliance {
        ComplianceType::NonCompliant => now.max(copy.failures.at(level.taken)),
        _ => now,
    };
    let counted = verdict
        .count
        .map_or(1, |count| u64::from(count.capped))
        .max(1);
    let more = verdict.count.is_some_and(|count| count.exceeded);
    let missing = then < counted || (more && then == counted);
    let at_least = if more { ">= " } else { "" };
    missing.then(|| format!("{}: {then} / {at_least}{counted}", verdict.compliance))
}

/// What failed before and is missing from an answer in which nothing fails may have been filtered
/// away, unless a certainly later verdict on the whole rule says that nothing fails.
fn vanished(copy: &Copy<'_, '_>, subject: &Subject<'_>) -> Option<Word> {
    let gone = || copy.ended.iter().filter(|one| one.deleted.is_none());
    let count = gone().count();
    if count == 0 || copy.counts.contains_key(&ComplianceType::NonCompliant) {
        return None;
    }
    let period = &subject.engagement.period;
    // A rule of which AWS has no result has no rows either.
    let passes = |level: &&Level<'_>| match level.verdict.compliance {
        ComplianceType::Compliant => true,
        ComplianceType::InsufficientData => copy.counts.is_empty(),
        ComplianceType::NonCompliant | ComplianceType::NotApplicable => false,
    };
    let fails = |level: &Level<'_>| level.verdict.compliance == ComplianceType::NonCompliant;
    let vouched = |level: &Level<'_>| {
        gone().all(|one| {
            let inside = one.in_period && level.taken.is_some_and(|at| period.is_before(at));
            is_after(level.taken, one.last_shown) && !inside
        })
    };
    let all_pass = copy.levels.iter().all(|level| passes(&level));
    if all_pass && copy.levels.iter().any(vouched) {
        return None;
    }
    let last = gone().filter_map(|one| one.last_shown).max();
    let detail = format!("{}: 0 / {count}", ComplianceType::NonCompliant);
    // Where the rule still fails as a whole, its rows tell on what.
    let ask = if copy.levels.iter().any(fails) {
        Ask::Details(copy.name.clone())
    } else {
        Ask::Levels
    };
    let because = Because::new(GapKind::Partial, ask).detail(detail);
    Some(Word::Contradicted(
        because.of(&copy.name),
        Some(Hidden(last)),
    ))
}

/// Whether the copy ran and has no evaluations: what AWS says of the whole rule names no result, or a
/// whole answer about its pack holds none. Neither is older than the success, or than what was read of
/// the copy before.
fn is_empty(copy: &Copy<'_, '_>, places: &Places<'_, '_, '_>, at: &At) -> bool {
    let managed = copy.identity.managed;
    // Such a rule always judges the account.
    let always = managed.is_none_or(|rule| rule.resource_types.is_empty());
    if always || !copy.counts.is_empty() {
        return false;
    }
    let name = Some(&copy.name);
    if places.unreadable(at, copy.names()).is_some() {
        return false;
    }
    let Some(succeeded) = ran(copy, places.subject) else {
        return false;
    };
    let period = &places.subject.engagement.period;
    let fresh = |taken: Option<Moment>| {
        let mut before = copy.batches.iter();
        let mut cut = places.cut_packs(at, name);
        !is_after(Some(succeeded), taken)
            && cut.all(|answer| replaces(taken, answer.taken, period))
            && before.all(|batch| is_after(taken, batch.taken.max(batch.newest)))
    };
    let mut kinds = copy.levels.iter().map(|level| level.verdict.compliance);
    kinds.all(|kind| kind == ComplianceType::InsufficientData)
        && (copy.levels.iter().any(|level| fresh(level.taken))
            || is_empty_in_pack(copy, places, at, fresh))
}

/// Whether a whole answer about the copy's pack holds no row of it. One in which everything fails may have
/// been filtered to what fails.
fn is_empty_in_pack(
    copy: &Copy<'_, '_>,
    places: &Places<'_, '_, '_>,
    at: &At,
    fresh: impl Fn(Option<Moment>) -> bool,
) -> bool {
    let period = &places.subject.engagement.period;
    let proves = |answer: &PackAnswer| {
        let early = answer.taken.is_some_and(|taken| taken < period.from);
        let of_pack = places.packs.is_of(at, &answer.pack, &copy.name) == Some(true);
        of_pack && answer.whole && answer.unfiltered && !early && fresh(answer.taken)
    };
    places.packs.answers(at, Some(&copy.name)).any(proves)
}

/// When the copy last succeeded, if every status that may be the latest shows that it did.
fn ran(copy: &Copy<'_, '_>, subject: &Subject<'_>) -> Option<Moment> {
    let trigger = copy.identity.managed?.trigger;
    let all = copy
        .statuses
        .iter()
        .map(|status| status::ran(status, trigger, subject));
    all.collect::<Option<Vec<Moment>>>()?.into_iter().max()
}

/// That the copy failed to evaluate after all that it said in the period, or at a time that is not known.
fn failed_since(copy: &Copy<'_, '_>, subject: &Subject<'_>) -> Option<(Failed, ListingIndex)> {
    let newest = copy.batches.iter().filter_map(|batch| batch.newest).max();
    let mut whole = copy.batches.iter().filter(|batch| batch.whole);
    if !whole.any(|batch| batch.in_period) {
        return None;
    }
    let failed = copy.statuses.iter().filter_map(|one| {
        let failed = status::fails_since(one, &subject.engagement.period)?;
        Some((failed, one.at.listing))
    });
    let mut open = failed.filter(|(failed, _)| match failed {
        Failed::At(failed) => Some(*failed) > newest,
        Failed::Once => true,
    });
    open.next()
}
