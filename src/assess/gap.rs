//! The gaps: what in scope was not seen, which kind of nothing it is, and what would fill it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::catalogue::ControlId;
use crate::evidence::{ComplianceType, Counted, InputStatus, Parameters, Place, Text};

use super::Subject;
use super::because::{Ask, Because};
use super::claims::{At, Claims};
use super::control::reason_of;
use super::counts::Exceeding;
use super::finding::Judged;
use super::known::Coverage;
use super::model::{Finding, Gap, GapAt, GapKind, GapOf, ReasonKind, Seen, shared};
use super::parameters::needs_parameters;
use super::placed::Verdicts;
use super::question::Questions;
use super::verdict::{GLOBAL, Hold};

/// What the gaps are gathered from.
pub struct Sources<'g, 's> {
    /// What is assessed.
    pub subject: &'g Subject<'s>,
    /// Which places any record tells of.
    pub places: &'g BTreeSet<(Text, Text)>,
    /// The findings.
    pub findings: &'g [Judged],
    /// What became of the other evaluations.
    pub placed: &'g Verdicts<'s>,
    /// What is said of deployed rules.
    pub claims: &'g Claims<'s, 'g>,
    /// Counts that are higher than what was read.
    pub exceeding: &'g [Exceeding],
    /// The commands that fill gaps.
    pub questions: Questions<'g>,
}

/// The gaps that were found so far, rule by rule.
pub struct Gaps<'g, 's> {
    sources: Sources<'g, 's>,
    found: Found,
    /// Rules, accounts and regions with a finding outside the period.
    outside: BTreeSet<(&'g str, &'g str, &'g str)>,
    /// How many rules were seen at a place without any verdict on the whole rule.
    unfiltered: BTreeMap<(At, Text), u32>,
    asked: HashMap<Asked, Arc<GapAt>>,
}

/// What makes the place of a gap: where the rule is open, the region that decides it, what to ask there, the
/// input that opened it, and whether that is undated.
type Asked = (At, Text, Ask, String, bool);

/// Gaps; what several have in common is there once.
#[derive(Default)]
struct Found {
    gaps: Vec<Gap>,
    of: HashSet<Arc<GapOf>>,
    at: HashSet<Arc<GapAt>>,
}

impl Found {
    fn insert(&mut self, of: GapOf, at: GapAt) {
        let at = shared(&mut self.at, at);
        self.insert_at(of, at);
    }

    fn insert_at(&mut self, of: GapOf, at: Arc<GapAt>) {
        let of = shared(&mut self.of, of);
        self.gaps.push(Gap { of, at });
    }
}

fn of_kind(kind: GapKind) -> GapOf {
    GapOf {
        kind,
        rule: String::new(),
        controls: Vec::new(),
        detail: String::new(),
    }
}

fn at_place(account: &str, region: &str) -> GapAt {
    GapAt {
        account: account.to_owned(),
        region: region.to_owned(),
        ..GapAt::default()
    }
}

/// What fills a gap of findings: their evaluations, or why AWS could not judge.
fn ask_of(kind: GapKind, deployed: &str) -> Ask {
    match kind {
        GapKind::OutsidePeriod | GapKind::UnknownTime => Ask::Details(deployed.into()),
        GapKind::InsufficientData => Ask::Status,
        GapKind::ParametersUnknown => Ask::Rules,
        _ => Ask::Nothing,
    }
}

/// `name=value` of each.
fn named(parameters: &Parameters) -> String {
    let named = parameters
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    named.collect::<Vec<_>>().join(", ")
}

/// The gap that a reason of a control is; none of what fails, or is excepted.
pub fn gap_kind(reason: ReasonKind) -> Option<GapKind> {
    REASONS
        .into_iter()
        .find(|(known, _)| *known == reason)
        .map(|(_, gap)| gap)
}

/// The reason that a gap gives a control, if it decides anything.
pub fn reason_kind(gap: GapKind) -> Option<ReasonKind> {
    REASONS
        .into_iter()
        .find(|(_, known)| *known == gap)
        .map(|(reason, _)| reason)
}

const REASONS: [(ReasonKind, GapKind); 17] = [
    (ReasonKind::Partial, GapKind::Partial),
    (ReasonKind::NotChecked, GapKind::NotChecked),
    (ReasonKind::NotDeployed, GapKind::NotDeployed),
    (ReasonKind::Unreadable, GapKind::Unreadable),
    (ReasonKind::InsufficientData, GapKind::InsufficientData),
    (ReasonKind::UnusualVerdict, GapKind::UnusualVerdict),
    (ReasonKind::OutsidePeriod, GapKind::OutsidePeriod),
    (ReasonKind::UnknownTime, GapKind::UnknownTime),
    (ReasonKind::WeakerParameters, GapKind::WeakerParameters),
    (ReasonKind::NarrowedScope, GapKind::NarrowedScope),
    (ReasonKind::RuleNotActive, GapKind::RuleNotActive),
    (ReasonKind::NotRecorded, GapKind::NotRecorded),
    (ReasonKind::CountsExceed, GapKind::CountsExceed),
    (ReasonKind::UnjudgedResource, GapKind::UnjudgedResource),
    (ReasonKind::OnlyGone, GapKind::OnlyGone),
    (ReasonKind::UnknownParameter, GapKind::UnknownParameter),
    (ReasonKind::RuleNotDescribed, GapKind::RuleNotDescribed),
];

impl<'g, 's> Gaps<'g, 's> {
    /// None so far.
    pub fn new(sources: Sources<'g, 's>) -> Self {
        let outside = (sources.findings.iter())
            .filter(|judged| judged.hold == Hold::Outside)
            .map(|judged| &judged.finding)
            .map(|finding| (&*finding.rule, &*finding.account, &*finding.region))
            .collect();
        Self {
            sources,
            found: Found::default(),
            outside,
            unfiltered: BTreeMap::new(),
            asked: HashMap::new(),
        }
    }

    /// A rule at places of which something is known; a place without any data is one gap.
    pub fn rule(&mut self, rule: &str, seen: &[(At, Coverage)]) {
        let controls = self.sources.controls(rule);
        for (at, coverage) in seen {
            let (account, region) = at;
            if &**region != GLOBAL && !self.sources.has_data(account, region) {
                continue;
            }
            // Findings outside the period are counted where they are.
            let counted = self.outside.contains(&(rule, account, region));
            let all = coverage.because.iter().chain(&coverage.notes);
            for because in all.filter(|one| one.kind != GapKind::OutsidePeriod || !counted) {
                let of = GapOf {
                    rule: rule.to_owned(),
                    controls: controls.clone(),
                    detail: because.detail.clone(),
                    ..of_kind(because.kind)
                };
                let place = self.asked_at(at, &coverage.region, because);
                self.found.insert_at(of, place);
            }
            let is_seen = matches!(coverage.state, Seen::Seen | Seen::CheckedNone);
            if is_seen && !coverage.rule_level {
                let key = (at.clone(), coverage.region.clone());
                *self.unfiltered.entry(key).or_default() += 1;
            }
        }
    }

    /// The place at which a rule is open: as often as there are rules, and made once.
    fn asked_at(&mut self, at: &At, decides: &Text, because: &Because) -> Arc<GapAt> {
        let (ask, input) = (because.ask.clone(), because.input.clone());
        let key = (at.clone(), decides.clone(), ask, input, because.undated);
        let (sources, found) = (&self.sources, &mut self.found);
        let place = self.asked.entry(key);
        let new = || shared(&mut found.at, sources.asked_at(at, decides, because));
        place.or_insert_with(new).clone()
    }

    /// All gaps, in order.
    pub fn finish(mut self) -> Vec<Gap> {
        let (sources, found) = (&self.sources, &mut self.found);
        sources.unfiltered(self.unfiltered, found);
        sources.no_data(found);
        sources.unreadable(found);
        sources.counts(found);
        sources.findings(found);
        sources.unmapped(found);
        sources.elsewhere(found);
        let mut gaps = self.found.gaps;
        gaps.sort_unstable_by(|one, other| one.key().cmp(&other.key()));
        gaps.dedup();
        gaps
    }
}

impl Sources<'_, '_> {
    fn has_data(&self, account: &Text, region: &Text) -> bool {
        self.places.contains(&(account.clone(), region.clone()))
    }

    fn no_data(&self, found: &mut Found) {
        let of = GapOf {
            controls: self.all_controls(),
            ..of_kind(GapKind::NoData)
        };
        for (account, known) in &self.subject.engagement.accounts {
            for region in &known.regions {
                let at: At = (account.as_str().into(), region.as_str().into());
                if self.has_data(&at.0, &at.1) {
                    continue;
                }
                let place = GapAt {
                    command: self.questions.command(&Ask::Levels, &at, region),
                    ..at_place(account, region)
                };
                found.insert(of.clone(), place);
            }
        }
    }

    fn unreadable(&self, found: &mut Found) {
        let inputs = self.subject.evidence.inputs.iter();
        for input in inputs.filter(|input| input.status == InputStatus::Rejected) {
            let of = GapOf {
                detail: input.reason.clone().unwrap_or_default(),
                ..of_kind(GapKind::Unreadable)
            };
            let Place { account, region } = &input.path_place;
            let text = |text: &Option<Text>| text.clone().unwrap_or_default();
            let place = GapAt {
                input: input.id.clone().unwrap_or_default(),
                ..at_place(&text(account), &text(region))
            };
            found.insert(of, place);
        }
    }

    /// Places at which nothing tells that no filter left rows out.
    fn unfiltered(&self, unfiltered: BTreeMap<(At, Text), u32>, found: &mut Found) {
        for ((at, region), rules) in unfiltered {
            let region = self.region(&at.0, &region);
            let of = GapOf {
                detail: rules.to_string(),
                ..of_kind(GapKind::FilterNotExcluded)
            };
            let place = GapAt {
                command: self.questions.command(&Ask::Levels, &at, &region),
                ..at_place(&at.0, &at.1)
            };
            found.insert(of, place);
        }
    }

    fn asked_at(&self, at: &At, decides: &Text, because: &Because) -> GapAt {
        let region = match &**decides {
            "" | GLOBAL => self.region(&at.0, &at.1),
            known => known.to_owned(),
        };
        let undated = because
            .undated
            .then(|| self.questions.path_of(&because.input));
        GapAt {
            input: because.input.clone(),
            command: self.questions.command(&because.ask, at, &region),
            remove: undated.unwrap_or_default(),
            ..at_place(&at.0, &at.1)
        }
    }

    /// Counts that are higher than what was read.
    fn counts(&self, found: &mut Found) {
        for exceeding in self.exceeding.iter().filter(|one| !one.outweighed) {
            let at = (exceeding.account.clone(), exceeding.region.clone());
            let because = Because::new(GapKind::CountsExceed, Ask::Levels);
            let because = because.from(self.subject, exceeding.listing);
            let of = GapOf {
                detail: exceeding.detail.clone(),
                ..of_kind(GapKind::CountsExceed)
            };
            let place = GapAt {
                input: because.input,
                command: match exceeding.of {
                    // Of several places each is asked by itself, rule by rule.
                    Counted::RulesOfGroup => String::new(),
                    _ if exceeding.asked => String::new(),
                    _ => self.questions.command(&Ask::Levels, &at, &at.1),
                },
                ..at_place(&at.0, &at.1)
            };
            found.insert(of, place);
        }
    }

    fn controls(&self, rule: &str) -> Vec<ControlId> {
        let scheme = self.subject.engagement.scheme;
        self.subject
            .catalogue
            .controls_of(rule)
            .filter(|id| scheme.includes(*id))
            .collect()
    }

    /// Every control that rules are mapped to: a place without data leaves all of them open.
    fn all_controls(&self) -> Vec<ControlId> {
        let rules = self.subject.catalogue.rules.keys();
        let controls: BTreeSet<_> = rules.flat_map(|rule| self.controls(rule)).collect();
        controls.into_iter().collect()
    }

    /// The region to ask in; for a global rule the first in scope.
    fn region(&self, account: &str, region: &str) -> String {
        let accounts = &self.subject.engagement.accounts;
        let first = || accounts.get(account)?.regions.first().cloned();
        match region {
            GLOBAL | "" => first().unwrap_or_default(),
            known => known.to_owned(),
        }
    }

    /// Rules that fail as a whole, and are mapped to nothing.
    fn unmapped(&self, found: &mut Found) {
        let listed: BTreeSet<(&str, &str, &str)> = (self.findings.iter())
            .map(|judged| &judged.finding)
            .filter(|finding| finding.controls.is_empty())
            .map(|finding| (&*finding.rule, &*finding.account, &*finding.region))
            .collect();
        for ((at, rule), listing) in &self.claims.unmapped {
            let covers = self.subject.engagement.covers(&at.0, Some(&at.1));
            if !covers || listed.contains(&(rule, &at.0, &at.1)) {
                continue;
            }
            let because = Because::new(GapKind::Unmapped, Ask::Nothing);
            let of = GapOf {
                rule: rule.clone(),
                detail: "NON_COMPLIANT".to_owned(),
                ..of_kind(GapKind::Unmapped)
            };
            let place = GapAt {
                input: because.from(self.subject, *listing).input,
                ..at_place(&at.0, &at.1)
            };
            found.insert(of, place);
        }
    }

    /// What is missing of a finding, if anything is.
    fn kind_of(&self, judged: &Judged) -> Option<GapKind> {
        let finding = &judged.finding;
        if finding.controls.is_empty() {
            return Some(GapKind::Unmapped);
        }
        let reason = reason_of(judged, false);
        if reason.is_some() {
            return reason.and_then(gap_kind);
        }
        let passes = finding.status == ComplianceType::Compliant && finding.parameters.is_none();
        let rule = self.subject.catalogue.rules.get(&finding.rule);
        let asks = rule.filter(|_| passes).is_some_and(needs_parameters);
        asks.then_some(GapKind::ParametersUnknown)
    }

    fn findings(&self, found: &mut Found) {
        let mut counted: BTreeMap<(GapKind, &str, &str, &str), (&Finding, u64)> = BTreeMap::new();
        for judged in self.findings {
            let finding = &judged.finding;
            if let Some(kind) = self.kind_of(judged) {
                let key = (kind, &*finding.account, &*finding.region, &*finding.rule);
                counted.entry(key).or_insert((finding, 0)).1 += 1;
            }
        }
        for ((kind, account, region, rule), (first, count)) in counted {
            let in_region = first.regions.first().map_or(region, String::as_str);
            let at: At = (account.into(), region.into());
            let ask = ask_of(kind, &first.deployed_rule);
            let of = GapOf {
                rule: rule.to_owned(),
                controls: self.controls(rule),
                detail: match kind {
                    GapKind::UnknownParameter => named(&first.unknown_parameters),
                    _ => count.to_string(),
                },
                ..of_kind(kind)
            };
            let in_region = self.region(account, in_region);
            let place = GapAt {
                input: first.source.input().to_owned(),
                command: self.questions.command(&ask, &at, &in_region),
                ..at_place(account, region)
            };
            found.insert(of, place);
        }
    }

    /// Places that are not in scope, with how many verdicts; the engagement may have forgotten them.
    fn out_of_scope(&self) -> BTreeMap<(Text, Text), u64> {
        let mut found = self.placed.out_of_scope.clone();
        let counted: BTreeSet<(Text, Text)> = self.placed.judged_places().collect();
        for place in self.places.difference(&counted) {
            let (account, region) = place;
            let region = Some(&**region).filter(|region| *region != GLOBAL);
            if !self.subject.engagement.covers(account, region) {
                found.entry(place.clone()).or_default();
            }
        }
        found
    }

    /// Out of scope, and of unknown place.
    fn elsewhere(&self, found: &mut Found) {
        for ((account, region), count) in self.out_of_scope() {
            let of = GapOf {
                detail: count.to_string(),
                ..of_kind(GapKind::OutOfScope)
            };
            found.insert(of, at_place(&account, &region));
        }
        let mut unattributed = self.placed.unattributed.clone();
        for (input, count) in &self.claims.unattributed {
            *unattributed.entry(*input).or_default() += count;
        }
        for (input, count) in unattributed {
            let input = &self.subject.evidence.inputs[input as usize];
            let of = GapOf {
                detail: count.to_string(),
                ..of_kind(GapKind::Unattributed)
            };
            let place = GapAt {
                input: input.id.clone().unwrap_or_default(),
                ..GapAt::default()
            };
            found.insert(of, place);
        }
    }
}
