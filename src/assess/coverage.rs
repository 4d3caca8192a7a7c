//! Coverage: was a rule seen at each place in scope that its reach asks for, and if not, why not?

use std::collections::BTreeMap;

use crate::catalogue::{ManagedRule, Reach};
use crate::evidence::Text;
use crate::time::Moment;

use super::Subject;
use super::absent::Absent;
use super::because::{Ask, Because};
use super::claims::{At, Claims};
use super::counts::Exceeding;
use super::described::Described;
use super::existing::{self, Existing};
use super::found::Found;
use super::model::{GapKind, Seen};
use super::packs::{PackAnswer, Packs};
use super::unread::UnreadInput;
use super::verdict::GLOBAL;
use super::when::is_after;
use super::word::Hidden;

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
    pub taken: Option<Moment>,
    /// Something fails that the rows do not show.
    pub hidden: Option<Hidden>,
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

impl Places<'_, '_, '_> {
    /// The input that could not be read and may hold rows of a rule of these names there.
    pub fn unreadable(&self, at: &At, names: [&str; 2]) -> Option<&UnreadInput> {
        self.unread.iter().find(|one| one.may_hold(at, names))
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
        let region = (at.0.clone(), region.clone());
        let ask = copies.first().map_or(Ask::Rules, |copy| {
            if self.packs.lacks_description(&region, &copy.name) {
                Ask::Packs
            } else {
                Ask::Details(copy.name.clone())
            }
        });
        let because = Because::new(GapKind::UnjudgedResource, ask);
        let because = because.detail(format!("{}: {}", unjudged.count, unjudged.example));
        let because = because.of_input(Some(&unjudged.input));
        if existing::decides(rule, shows) {
            coverage.state = Seen::Partial;
            coverage.because.push(because);
        } else {
            // AWS leaves out of its answers what a rule does not apply to: no command tells more.
            let ask = Ask::Nothing;
            coverage.notes.push(Because { ask, ..because });
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

/// The coverage of each mapped rule at its places.
pub type Coverages = BTreeMap<String, Vec<(At, Coverage)>>;
