//! Coverage: was a rule seen at each place in scope that its reach asks for, and if not, why not?

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::catalogue::{ManagedRule, Reach};
use crate::evidence::Text;
use crate::period::Period;

use super::because::{Ask, Because};
use super::claims::At;
use super::existing::{self, Next};
use super::found::Found;
use super::gap::reason_kind;
use super::known::{Coverage, Hidden, Places};
use super::model::{GapKind, ReasonKind, Seen, SeenAt, Site};
use super::verdict::GLOBAL;
use super::when::replaces;

impl Places<'_, '_, '_> {
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
                    let mut best = best(all, &self.subject.engagement.period);
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
        let empty = copies
            .iter()
            .filter_map(|copy| self.subject.taken(copy.empty?));
        let taken = coverage.taken.max(empty.max());
        let Some(unjudged) = self.existing.unjudged(rule, at, taken) else {
            return;
        };
        let region = (at.0.clone(), region.clone());
        let ask = copies.first().map_or(Ask::Rules, |copy| {
            if self.packs.lacks_description(&region, &copy.name) {
                Ask::Packs
            } else {
                match unjudged.next {
                    Next::Answer => Ask::Details(copy.name.clone()),
                    Next::List => Ask::Discovered(unjudged.example.0.clone()),
                    Next::Nothing => Ask::Nothing,
                }
            }
        });
        let because = Because::new(GapKind::UnjudgedResource, ask);
        let (kind, id) = &unjudged.example;
        let because = because.detail(format!("{}: {kind} {id}", unjudged.count));
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
fn best(mut regions: Vec<Coverage>, period: &Period) -> Coverage {
    // A region that nothing names is no place of its own.
    regions.retain(|one| {
        !one.region.is_empty() || !matches!(one.state, Seen::NotChecked | Seen::Unreadable)
    });
    let is_good = |one: &Coverage| {
        matches!(one.state, Seen::Seen | Seen::CheckedNone) && one.because.is_empty()
    };
    let covered = |hidden: Hidden| {
        let mut good = regions.iter().filter(|one| is_good(one));
        good.any(|one| replaces(one.taken, hidden.0, period))
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

/// What was seen of each mapped rule, by its name.
pub type Coverages = BTreeMap<String, Covered>;

/// What is kept of a rule's coverage: there are as many as rules times places.
pub struct Covered {
    /// Its name.
    pub rule: Text,
    /// Its state at each place.
    pub seen: Vec<SeenAt>,
    /// What leaves it open, and where.
    pub open: Vec<(ReasonKind, Arc<Site>)>,
}

/// The places of which something was kept, each once.
#[derive(Default)]
pub struct Sites(HashMap<At, Arc<Site>>);

impl Sites {
    fn of(&mut self, at: &At) -> Arc<Site> {
        let new = || Site::new(&at.0, &at.1);
        self.0.entry(at.clone()).or_insert_with(new).clone()
    }

    /// What is kept of what was seen of a rule.
    pub fn covered(&mut self, rule: &str, seen: &[(At, Coverage)]) -> Covered {
        let mut covered = Covered {
            rule: rule.into(),
            seen: Vec::with_capacity(seen.len()),
            open: Vec::new(),
        };
        for (at, coverage) in seen {
            let at = self.of(at);
            let reasons = coverage
                .because
                .iter()
                .filter_map(|one| reason_kind(one.kind));
            covered
                .open
                .extend(reasons.map(|reason| (reason, at.clone())));
            covered.seen.push(SeenAt {
                at,
                state: coverage.state,
            });
        }
        covered.open.shrink_to_fit();
        covered
    }
}
