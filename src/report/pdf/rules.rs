//! The rules of a control: what each evaluates and why, what it found, where it was seen.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::limits::{self, Limited};
use super::view::in_language;
use crate::assess::{
    Assessment, Counts, DeployedRule, PolicyValue, RuleRow, Seen, SeenAt, WeakerParameter,
};
use crate::catalogue::{Reach, RuleGuidance, Trigger, guidance};
use crate::engagement::Language;

type WeakerKey<'a> = (&'a str, &'a str, &'a str);

/// The assessment's rules, with their weaker and their unknown parameters, by name.
pub(super) struct Rules<'a> {
    by_name: BTreeMap<&'a str, &'a RuleRow>,
    weaker: BTreeMap<&'a str, BTreeMap<WeakerKey<'a>, (&'a WeakerParameter, usize)>>,
    unknown: BTreeMap<&'a str, BTreeSet<(&'a str, &'a str)>>,
    language: Language,
}

impl<'a> Rules<'a> {
    pub(super) fn of(assessment: &'a Assessment) -> Self {
        let mut weaker: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        let mut unknown: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for finding in &assessment.findings {
            for parameter in &finding.weaker_parameters {
                let of_rule = weaker.entry(&*finding.rule).or_default();
                let WeakerParameter {
                    name,
                    deployed,
                    baseline,
                    ..
                } = parameter;
                let key = (&**name, &**deployed, &**baseline);
                of_rule.entry(key).or_insert((parameter, 0)).1 += 1;
            }
            for (name, value) in &finding.unknown_parameters {
                let of_rule = unknown.entry(&*finding.rule).or_default();
                of_rule.insert((&**name, &**value));
            }
        }
        Self {
            by_name: assessment.rules.iter().map(|r| (&*r.rule, r)).collect(),
            weaker,
            unknown,
            language: assessment.engagement.language,
        }
    }

    /// Where the rule was seen, or looked for and found nothing to judge.
    pub(super) fn seen_at(&self, name: &str) -> impl Iterator<Item = &'a SeenAt> + use<'a> {
        let row = self.by_name.get(name).copied();
        let places = row.into_iter().flat_map(|row| &row.seen);
        places.filter(|place| matches!(place.state, Seen::Seen | Seen::CheckedNone))
    }

    /// What a sheet says of one rule.
    pub(super) fn line(&self, name: &'a str) -> RuleLine<'a> {
        let row = self.by_name.get(name).copied();
        let mut seen: BTreeMap<Seen, usize> = BTreeMap::new();
        for place in row.iter().flat_map(|row| &row.seen) {
            *seen.entry(place.state).or_default() += 1;
        }
        let copies = row.iter().flat_map(|row| &row.deployed);
        let deployed: BTreeSet<Cow<'_, str>> = copies
            .map(deployed_name)
            .filter(|deployed| *deployed != name)
            .collect();
        let weaker = self.weaker.get(name);
        let weaker = weaker.into_iter().flat_map(BTreeMap::values);
        let unknown = self.unknown.get(name).into_iter().flatten();
        let unknown = unknown.map(|(name, value)| format!("{name}={value}"));
        RuleLine {
            name,
            checks: checks(name, self.language),
            why: why(name, self.language),
            reach: row.and_then(|row| row.reach),
            trigger: row.and_then(|row| row.trigger),
            counts: row.map(|row| row.counts).unwrap_or_default(),
            seen: seen.into_iter().collect(),
            deployed: Limited::first(limits::NAMES_OF_A_RULE, deployed),
            policy: row.map(|row| &*row.policy).unwrap_or_default(),
            weaker: Limited::first(
                limits::WEAKER_PER_RULE,
                weaker.map(|&(parameter, findings)| WeakerLine {
                    parameter,
                    findings,
                }),
            ),
            unknown: Limited::first(limits::NAMES_OF_A_RULE, unknown),
        }
    }
}

/// One rule on a sheet.
#[derive(Serialize)]
pub(super) struct RuleLine<'a> {
    name: &'a str,
    /// What it evaluates.
    checks: Option<&'a str>,
    /// Why that supports the control.
    why: Option<&'a str>,
    reach: Option<Reach>,
    trigger: Option<Trigger>,
    counts: Counts,
    /// In how many places in which state, in the order of the states.
    seen: Vec<(Seen, usize)>,
    /// Names under which it is deployed, other than its own, with what each leaves out.
    deployed: Limited<Cow<'a, str>>,
    /// The organisation's baseline, where it is not the pack's.
    policy: &'a [PolicyValue],
    weaker: Limited<WeakerLine<'a>>,
    /// Deployed parameters whose name or value is not known.
    unknown: Limited<String>,
}

#[derive(Serialize)]
struct WeakerLine<'a> {
    #[serde(flatten)]
    parameter: &'a WeakerParameter,
    findings: usize,
}

fn deployed_name(copy: &DeployedRule) -> Cow<'_, str> {
    match &copy.shortfall {
        Some(shortfall) => format!("{} ({shortfall})", copy.name).into(),
        None => copy.name.as_str().into(),
    }
}

fn checks(rule: &str, language: Language) -> Option<&'static str> {
    let row: &RuleGuidance = guidance().rules.get(rule)?;
    Some(in_language(language, &row.checks_ko, &row.checks_en))
}

fn why(rule: &str, language: Language) -> Option<&'static str> {
    let row = guidance().rules.get(rule)?;
    Some(in_language(language, &row.why_ko, &row.why_en))
}

/// What to do when it fails.
pub(super) fn fix(rule: &str, language: Language) -> Option<&'static str> {
    let row = guidance().rules.get(rule)?;
    Some(in_language(language, &row.fix_ko, &row.fix_en))
}
