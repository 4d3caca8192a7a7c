//! The gaps: what in scope was not seen, which kind of nothing it is, and what would fill it.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::ControlId;
use crate::evidence::{ComplianceType, Counted, InputStatus, Parameters, Text};

use super::Subject;
use super::because::{Ask, Because};
use super::claims::{At, Claims};
use super::control::reason_of;
use super::counts::Exceeding;
use super::coverage::Coverages;
use super::finding::Judged;
use super::model::{Finding, Gap, GapKind, ReasonKind, Seen};
use super::parameters::needs_parameters;
use super::placed::Verdicts;
use super::question::Questions;
use super::verdict::{GLOBAL, Hold};

/// What the gaps are gathered from.
pub struct Sources<'g, 's> {
    /// What is assessed.
    pub subject: &'g Subject<'s>,
    /// What was seen of each mapped rule.
    pub coverages: &'g Coverages,
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

/// All gaps, in order.
pub fn gaps(sources: &Sources<'_, '_>) -> Vec<Gap> {
    let mut gaps = BTreeSet::new();
    sources.no_data(&mut gaps);
    sources.unreadable(&mut gaps);
    sources.coverages(&mut gaps);
    sources.counts(&mut gaps);
    sources.findings(&mut gaps);
    sources.unmapped(&mut gaps);
    sources.elsewhere(&mut gaps);
    gaps.into_iter().collect()
}

fn blank(kind: GapKind) -> Gap {
    Gap {
        kind,
        account: String::new(),
        region: String::new(),
        rule: String::new(),
        controls: Vec::new(),
        input: String::new(),
        detail: String::new(),
        command: String::new(),
        remove: String::new(),
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

impl Sources<'_, '_> {
    fn has_data(&self, account: &Text, region: &Text) -> bool {
        self.places.contains(&(account.clone(), region.clone()))
    }

    fn no_data(&self, gaps: &mut BTreeSet<Gap>) {
        for (account, known) in &self.subject.engagement.accounts {
            for region in &known.regions {
                let at: At = (account.as_str().into(), region.as_str().into());
                if self.has_data(&at.0, &at.1) {
                    continue;
                }
                gaps.insert(Gap {
                    account: account.clone(),
                    region: region.clone(),
                    command: self.questions.command(&Ask::Levels, &at, region),
                    controls: self.all_controls(),
                    ..blank(GapKind::NoData)
                });
            }
        }
    }

    fn unreadable(&self, gaps: &mut BTreeSet<Gap>) {
        let inputs = self.subject.evidence.inputs.iter();
        for input in inputs.filter(|input| input.status == InputStatus::Rejected) {
            let text = |text: &Option<Text>| text.as_deref().unwrap_or_default().to_owned();
            gaps.insert(Gap {
                account: text(&input.path_place.account),
                region: text(&input.path_place.region),
                input: input.id.clone().unwrap_or_default(),
                detail: input.reason.clone().unwrap_or_default(),
                ..blank(GapKind::Unreadable)
            });
        }
    }

    /// Rules at places of which something is known; a place without any data is one gap.
    fn coverages(&self, gaps: &mut BTreeSet<Gap>) {
        let mut unfiltered: BTreeMap<(At, Text), u32> = BTreeMap::new();
        let outside: BTreeSet<(&str, &str, &str)> = (self.findings.iter())
            .filter(|judged| judged.hold == Hold::Outside)
            .map(|judged| &judged.finding)
            .map(|finding| (&*finding.rule, &*finding.account, &*finding.region))
            .collect();
        for (rule, places) in self.coverages {
            for (at, coverage) in places {
                let (account, region) = at;
                if &**region != GLOBAL && !self.has_data(account, region) {
                    continue;
                }
                // Findings outside the period are counted where they are.
                let counted = outside.contains(&(rule, account, region));
                let all = coverage.because.iter().chain(&coverage.notes);
                for because in all.filter(|one| one.kind != GapKind::OutsidePeriod || !counted) {
                    gaps.insert(self.gap(rule, at, &coverage.region, because));
                }
                let seen = matches!(coverage.state, Seen::Seen | Seen::CheckedNone);
                if seen && !coverage.rule_level {
                    let key = (at.clone(), coverage.region.clone());
                    *unfiltered.entry(key).or_default() += 1;
                }
            }
        }
        for ((at, region), rules) in unfiltered {
            let region = self.region(&at.0, &region);
            gaps.insert(Gap {
                command: self.questions.command(&Ask::Levels, &at, &region),
                account: at.0.to_string(),
                region: at.1.to_string(),
                detail: rules.to_string(),
                ..blank(GapKind::FilterNotExcluded)
            });
        }
    }

    fn gap(&self, rule: &str, at: &At, decides: &Text, because: &Because) -> Gap {
        let region = match &**decides {
            "" | GLOBAL => self.region(&at.0, &at.1),
            known => known.to_owned(),
        };
        let undated = because.undated.then(|| self.path_of(&because.input));
        Gap {
            account: at.0.to_string(),
            region: at.1.to_string(),
            rule: rule.to_owned(),
            controls: self.controls(rule),
            input: because.input.clone(),
            detail: because.detail.clone(),
            command: self.questions.command(&because.ask, at, &region),
            remove: undated.unwrap_or_default(),
            ..blank(because.kind)
        }
    }

    fn path_of(&self, input: &str) -> String {
        let mut inputs = self.subject.evidence.inputs.iter();
        let found = inputs.find(|one| one.id.as_deref() == Some(input));
        found.map(|one| one.path.clone()).unwrap_or_default()
    }

    /// Counts that are higher than what was read.
    fn counts(&self, gaps: &mut BTreeSet<Gap>) {
        for exceeding in self.exceeding.iter().filter(|one| !one.outweighed) {
            let at = (exceeding.account.clone(), exceeding.region.clone());
            let because = Because::new(GapKind::CountsExceed, Ask::Levels);
            let because = because.from(self.subject, exceeding.listing);
            gaps.insert(Gap {
                account: at.0.to_string(),
                region: at.1.to_string(),
                input: because.input,
                detail: exceeding.detail.clone(),
                command: match exceeding.of {
                    // Of several places each is asked by itself, rule by rule.
                    Counted::RulesOfGroup => String::new(),
                    _ if exceeding.asked => String::new(),
                    _ => self.questions.command(&Ask::Levels, &at, &at.1),
                },
                ..blank(GapKind::CountsExceed)
            });
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
    fn unmapped(&self, gaps: &mut BTreeSet<Gap>) {
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
            gaps.insert(Gap {
                account: at.0.to_string(),
                region: at.1.to_string(),
                rule: rule.clone(),
                input: because.from(self.subject, *listing).input,
                detail: "NON_COMPLIANT".to_owned(),
                ..blank(GapKind::Unmapped)
            });
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

    fn findings(&self, gaps: &mut BTreeSet<Gap>) {
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
            gaps.insert(Gap {
                account: account.to_owned(),
                region: region.to_owned(),
                rule: rule.to_owned(),
                controls: self.controls(rule),
                detail: match kind {
                    GapKind::UnknownParameter => named(&first.unknown_parameters),
                    _ => count.to_string(),
                },
                input: first.source.input().to_owned(),
                command: self
                    .questions
                    .command(&ask, &at, &self.region(account, in_region)),
                ..blank(kind)
            });
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
    fn elsewhere(&self, gaps: &mut BTreeSet<Gap>) {
        for ((account, region), count) in self.out_of_scope() {
            gaps.insert(Gap {
                account: account.to_string(),
                region: region.to_string(),
                detail: count.to_string(),
                ..blank(GapKind::OutOfScope)
            });
        }
        let mut unattributed = self.placed.unattributed.clone();
        for (input, count) in &self.claims.unattributed {
            *unattributed.entry(*input).or_default() += count;
        }
        for (input, count) in unattributed {
            let input = &self.subject.evidence.inputs[input as usize];
            gaps.insert(Gap {
                input: input.id.clone().unwrap_or_default(),
                detail: count.to_string(),
                ..blank(GapKind::Unattributed)
            });
        }
    }
}
