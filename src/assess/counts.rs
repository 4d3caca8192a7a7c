//! AWS's counts against what was read: where AWS Config counts more that fails than the verdicts show,
//! some are missing. Counts never make anything compliant.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::catalogue::ManagedRule;
use crate::evidence::{Captured, ComplianceType, Counted, FailingCount, ListingIndex, Place, Text};
use crate::time::{AwsTime, Moment};

use super::Subject;
use super::captures::Captures;
use super::finding::{CopyCounts, Findings};
use super::model::{Finding, Other};
use super::packs::Packs;
use super::page::Answers;
use super::place::{ACCOUNT, Deployments};
use super::when::{is_after, replaces};

const LEVELS: &str = "describe-compliance-by-config-rule";

/// A count that is higher than what was read.
pub struct Exceeding {
    /// Of what.
    pub of: Counted,
    /// The account; empty for all of the region.
    pub account: Text,
    /// The region; empty for all of the account.
    pub region: Text,
    /// How many of how many.
    pub detail: String,
    /// When AWS counted, if that is known.
    pub taken: Option<Moment>,
    /// The list in which it stands.
    pub listing: ListingIndex,
    /// Whether a later answer tells the verdict on every rule there.
    pub outweighed: bool,
    /// Whether such an answer was taken, but after the period: what was counted in it nothing tells.
    pub asked: bool,
}

type At = (Text, Text);

/// What fails according to the verdicts.
#[derive(Default)]
struct Failing {
    /// Deployed rules by place.
    rules: BTreeMap<At, BTreeSet<Text>>,
    /// How many deployed rules fail on each resource, by place, type and id.
    resources: BTreeMap<At, BTreeMap<(Text, Text), usize>>,
    /// When verdicts on all rules were told, by place.
    told: BTreeMap<At, Vec<Captured>>,
}

/// All such counts, and which of them concern a place.
#[derive(Default)]
pub struct AllExceeding {
    /// In the order in which they were read.
    pub all: Vec<Exceeding>,
    /// Their indices, by account and region: of many resources of one type, counted at one time, the last
    /// stands for all.
    by_place: HashMap<At, Vec<usize>>,
}

impl AllExceeding {
    fn new(all: Vec<Exceeding>) -> Self {
        let mut by_place: HashMap<At, Vec<usize>> = HashMap::new();
        let mut alike = BTreeMap::new();
        for (index, one) in all.iter().enumerate() {
            let at = (one.account.clone(), one.region.clone());
            if let Counted::RulesOnResource(kind, _) = &one.of {
                alike.insert((at, kind, one.taken, one.outweighed), index);
            } else {
                by_place.entry(at).or_default().push(index);
            }
        }
        for ((at, ..), index) in alike {
            by_place.entry(at).or_default().push(index);
        }
        Self { all, by_place }
    }

    /// The latest that fits of those that may concern rules at a place; of several the one read last.
    pub fn latest(
        &self,
        (account, region): &At,
        fits: impl Fn(&Exceeding) -> bool,
    ) -> Option<&Exceeding> {
        let any = Text::default();
        let places = [(account, region), (account, &any), (&any, region)];
        let known = places
            .into_iter()
            .filter_map(|(account, region)| self.by_place.get(&(account.clone(), region.clone())));
        let fitting = known.flatten().filter(|index| fits(&self.all[**index]));
        let latest = fitting.max_by_key(|index| (self.all[**index].taken, **index));
        latest.map(|index| &self.all[*index])
    }
}

/// The counts that are higher than what was read.
pub fn exceeding(
    subject: &Subject<'_>,
    (answers, captures): (&Answers, &Captures),
    findings: &Findings,
    deployments: &Deployments<'_>,
    packs: &Packs<'_>,
) -> AllExceeding {
    if subject.evidence.counts.is_empty() {
        return AllExceeding::default();
    }
    let failing = Failing {
        told: told(
            subject,
            answers,
            captures,
            &named(subject, findings, deployments),
        ),
        ..Failing::new(subject, findings, deployments)
    };
    let counts = subject.evidence.counts.iter();
    let exceeding = counts.filter_map(|count| failing.exceeded_by(count, subject, packs));
    AllExceeding::new(exceeding.collect())
}

impl Exceeding {
    /// Whether what is counted at a place, and was not read, may be of this rule.
    pub fn concerns(
        &self,
        rule: &ManagedRule,
        at: &At,
        names: &[&Text],
        (packs, described): (&Packs<'_>, bool),
    ) -> bool {
        let judges = |kind: &Text| {
            rule.resource_types.iter().any(|known| **known == **kind)
                || (rule.resource_types.is_empty() && &**kind == ACCOUNT)
        };
        match &self.of {
            Counted::Rules | Counted::RulesOfGroup | Counted::Resources(None) => true,
            Counted::RulesOfPack(pack) => {
                let of_pack = |name: &&&Text| packs.is_of(at, pack, name) != Some(false);
                // Where not all rules are described, the pack may have another copy of it.
                names.is_empty() || !described || names.iter().any(|name| of_pack(&name))
            }
            Counted::Resources(Some(kind)) | Counted::RulesOnResource(kind, _) => judges(kind),
        }
    }
}

impl Failing {
    fn new(subject: &Subject<'_>, findings: &Findings, deployments: &Deployments<'_>) -> Self {
        let mut failing = Self::default();
        failing.note_copies(&findings.copies);
        for level in &subject.evidence.rule_compliances {
            let at = deployments.place_of_level(level, subject.evidence);
            if let (ComplianceType::NonCompliant, Some(account), Some(region)) =
                (level.compliance, at.account, at.region)
            {
                let rules = failing.rules.entry((account, region)).or_default();
                rules.insert(level.rule.clone());
            }
        }
        let counted = &subject.evidence.counts;
        let by_rules = |count: &FailingCount| {
            matches!(
                count.of,
                Counted::Rules | Counted::RulesOfGroup | Counted::RulesOfPack(_)
            )
        };
        if counted.iter().all(by_rules) {
            return failing;
        }
        for judged in &findings.judged {
            failing.note_resource(&judged.finding);
        }
        failing
    }

    fn note_copies(&mut self, copies: &CopyCounts) {
        for ((account, region, rule), counts) in copies {
            if counts.contains_key(&ComplianceType::NonCompliant) {
                let rules = self
                    .rules
                    .entry((account.clone(), region.clone()))
                    .or_default();
                rules.insert(rule.clone());
            }
        }
    }

    fn note_resource(&mut self, finding: &Finding) {
        if finding.status != ComplianceType::NonCompliant {
            return;
        }
        let fails = |other: &&Other| other.status == ComplianceType::NonCompliant;
        let rules = 1 + finding.copies().filter(fails).count();
        for region in &finding.regions {
            let at = (finding.account.as_str().into(), region.as_str().into());
            let kind: Text = finding.resource_type.as_str().into();
            let key = (kind, finding.resource_id.clone());
            *self
                .resources
                .entry(at)
                .or_default()
                .entry(key)
                .or_default() += rules;
        }
    }

    fn exceeded_by(
        &self,
        count: &FailingCount,
        subject: &Subject<'_>,
        packs: &Packs<'_>,
    ) -> Option<Exceeding> {
        let at = place_of(count, subject)?;
        let found = self.found(&count.of, &at, packs);
        let expected = count.failing.capped as usize;
        let missing = found < expected || (count.failing.exceeded && found == expected);
        let at_least = if count.failing.exceeded { ">= " } else { "" };
        let taken = count.taken.as_ref().and_then(AwsTime::moment);
        let taken = taken.or_else(|| subject.taken(count.at.listing));
        let period = &subject.engagement.period;
        let later = |told: &Captured| match told {
            Captured::At(told) => replaces(Some(*told), taken, period),
            // It may have been told after the period.
            Captured::AtLeast(told) => taken.is_some_and(|at| at < *told && at < period.from),
        };
        let places = places(&at, subject);
        let all = |fits: &dyn Fn(&Captured) -> bool| {
            let told = places
                .iter()
                .map(|place| self.told.get(place).into_iter().flatten());
            !places.is_empty() && told.into_iter().all(|mut told| told.any(fits))
        };
        let asked = |told: &Captured| {
            let (Captured::At(told) | Captured::AtLeast(told)) = told;
            is_after(Some(*told), taken)
        };
        missing.then(|| Exceeding {
            outweighed: all(&later),
            asked: all(&asked),
            detail: format!(
                "NON_COMPLIANT {}: {found} / {at_least}{expected}",
                what(&count.of)
            ),
            of: count.of.clone(),
            account: at.0,
            region: at.1,
            taken,
            listing: count.at.listing,
        })
    }

    fn found(&self, of: &Counted, at: &At, packs: &Packs<'_>) -> usize {
        let rules = self.rules.get(at).into_iter().flatten();
        let resources = self.resources.get(at);
        match of {
            Counted::Rules => rules.count(),
            Counted::RulesOfGroup => {
                let fits = |group: &Text, name: &Text| group.is_empty() || group == name;
                let places = self.rules.iter();
                let group = places.filter(|((a, r), _)| fits(&at.0, a) && fits(&at.1, r));
                group.map(|(_, rules)| rules.len()).sum()
            }
            Counted::RulesOfPack(pack) => {
                let of_pack = |rule: &&Text| packs.is_of(at, pack, rule) != Some(false);
                rules.filter(of_pack).count()
            }
            Counted::Resources(None) => resources.map_or(0, BTreeMap::len),
            Counted::Resources(Some(kind)) => {
                let of_kind = |key: &&(Text, Text)| key.0 == *kind;
                resources.map_or(0, |known| known.keys().filter(of_kind).count())
            }
            Counted::RulesOnResource(kind, id) => {
                let key = (kind.clone(), Text::from(id.trim()));
                let rules = resources.and_then(|known| known.get(&key));
                rules.copied().unwrap_or_default()
            }
        }
    }
}

/// The deployed rules that anything names, by place.
fn named(
    subject: &Subject<'_>,
    findings: &Findings,
    deployments: &Deployments<'_>,
) -> BTreeMap<At, BTreeSet<Text>> {
    let mut named: BTreeMap<At, BTreeSet<Text>> = BTreeMap::new();
    // AWS keeps what it says of its own rules to itself, and says nothing of those that judge only what is
    // not deployed.
    let described = deployments.iter().filter(|(key, rules)| {
        !deployments.is_internal(key) && rules.iter().any(|rule| rule.detective)
    });
    let described = described.map(|(key, _)| key);
    for (account, region, rule) in described.chain(findings.copies.keys()) {
        let here = named.entry((account.clone(), region.clone())).or_default();
        here.insert(rule.clone());
    }
    for level in &subject.evidence.rule_compliances {
        let at = deployments.place_of_level(level, subject.evidence);
        if let (Some(account), Some(region)) = (at.account, at.region) {
            let here = named.entry((account, region)).or_default();
            here.insert(level.rule.clone());
        }
    }
    named
}

/// When whole answers told the verdicts on all rules of a place: each when its first page was taken. One
/// that lacks a rule was asked for by name.
fn told(
    subject: &Subject<'_>,
    answers: &Answers,
    captures: &Captures,
    named: &BTreeMap<At, BTreeSet<Text>>,
) -> BTreeMap<At, Vec<Captured>> {
    let mut rules: BTreeMap<ListingIndex, BTreeSet<&Text>> = BTreeMap::new();
    for level in &subject.evidence.rule_compliances {
        rules
            .entry(level.at.listing)
            .or_default()
            .insert(&level.rule);
    }
    let mut told: BTreeMap<At, Vec<Captured>> = BTreeMap::new();
    for answer in answers.iter().filter(|answer| answer.whole) {
        let first = answer.listings[0];
        let list = &subject.evidence.listings[first.0 as usize];
        let place = &list.path_place;
        let place = place.account.clone().zip(place.region.clone());
        let holds = |rule: &Text| {
            let mut pages = answer.listings.iter().filter_map(|page| rules.get(page));
            pages.any(|page| page.contains(rule))
        };
        if let (LEVELS, Some(place)) = (list.operation, place)
            && named.get(&place).into_iter().flatten().all(holds)
        {
            let taken = subject
                .captured(first)
                .or_else(|| captures.at_least(&place.0, &place.1));
            told.entry(place).or_default().extend(taken);
        }
    }
    told
}

fn what(of: &Counted) -> String {
    match of {
        Counted::Rules | Counted::RulesOfGroup => "rules".to_owned(),
        Counted::RulesOfPack(pack) => format!("rules of {pack}"),
        Counted::Resources(None) => "resources".to_owned(),
        Counted::Resources(Some(kind)) => kind.to_string(),
        Counted::RulesOnResource(kind, id) => format!("rules on {kind} {id}"),
    }
}

/// The account and region of a count in scope. A group is all regions of an account, or all accounts
/// of a region: the other is empty.
fn place_of(count: &FailingCount, subject: &Subject<'_>) -> Option<At> {
    let engagement = subject.engagement;
    let Place { account, region } = count.place.clone();
    if count.of == Counted::RulesOfGroup {
        let here = |region: &Text| {
            let mut accounts = engagement.accounts.values();
            accounts.any(|known| known.regions.contains(&**region))
        };
        let covered = match (&account, &region) {
            (Some(account), _) => engagement.covers(account, None),
            (None, region) => region.as_ref().is_some_and(here),
        };
        return covered.then(|| (account.unwrap_or_default(), region.unwrap_or_default()));
    }
    let path = &subject.evidence.listing(count.at).path_place;
    let account = account.or_else(|| path.account.clone())?;
    let region = region.or_else(|| path.region.clone())?;
    let covered = engagement.covers(&account, Some(&*region));
    covered.then_some((account, region))
}

/// The places in scope of which a count is: an empty account or region stands for all.
fn places((account, region): &At, subject: &Subject<'_>) -> Vec<At> {
    let accounts = subject.engagement.accounts.iter();
    let accounts = accounts.filter(|(known, _)| account.is_empty() || known.as_str() == &**account);
    let regions = accounts.flat_map(|(account, known)| {
        let here = known
            .regions
            .iter()
            .filter(|known| region.is_empty() || known.as_str() == &**region);
        here.map(|region| (account.as_str().into(), region.as_str().into()))
    });
    regions.collect()
}
