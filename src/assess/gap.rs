//! The gaps: what in scope was not seen, which kind of nothing it is, and what would fill it.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::ControlId;
use crate::evidence::{InputStatus, Parameters, Text};

use super::Subject;
use super::control::{reason_of, reasons_of_sight};
use super::finding::Judged;
use super::model::{Finding, Gap, GapKind, ReasonKind, Seen};
use super::seen::Sights;
use super::sight::{At, Sight};
use super::verdict::{GLOBAL, Hold, Verdicts};

/// What the gaps are gathered from.
pub struct Sources<'g, 's> {
    /// What is assessed.
    pub subject: &'g Subject<'s>,
    /// What was seen of each mapped rule.
    pub sights: &'g BTreeMap<String, Vec<(At, Sight)>>,
    /// Which places any record tells of.
    pub places: &'g BTreeSet<(Text, Text)>,
    /// The findings.
    pub findings: &'g [Judged],
    /// What became of the other evaluations.
    pub placed: &'g Verdicts<'s>,
    /// Rule-level verdicts of unknown place.
    pub rule_level: &'g Sights<'s>,
    /// Counts that are higher than what was read.
    pub counts: BTreeSet<Gap>,
}

/// All gaps, in order.
pub fn gaps(sources: &Sources<'_, '_>) -> Vec<Gap> {
    let mut gaps = sources.counts.clone();
    sources.no_data(&mut gaps);
    sources.rejected(&mut gaps);
    sources.sights(&mut gaps);
    sources.findings(&mut gaps);
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
    }
}

/// `name=value` of each.
fn named(parameters: &Parameters) -> String {
    let named = parameters
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    named.collect::<Vec<_>>().join(", ")
}

/// The name as one word of a shell: people type the commands as they are printed.
fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@".contains(c);
    if !name.is_empty() && !name.starts_with('-') && name.chars().all(plain) {
        return name.to_owned();
    }
    format!("'{}'", name.replace('\'', "'\\''"))
}

/// What tells more of a deployed rule, or where none is known which are deployed; no export makes
/// weaker parameters stronger. Only commands that read: people type them as they are printed.
fn command(kind: GapKind, name: Option<&str>, region: &str) -> String {
    use GapKind::{
        InsufficientData, NarrowedScope, NotChecked, NotRecorded, OutsidePeriod, Partial,
        RuleNotActive, UnknownTime, Unreadable, UnusualVerdict,
    };
    let operation = match (kind, name) {
        (NotRecorded, _) => "describe-configuration-recorders".to_owned(),
        (RuleNotActive | NarrowedScope, Some(name)) => {
            format!("describe-config-rules --config-rule-names {}", quoted(name))
        }
        (Partial | Unreadable | NotChecked | OutsidePeriod | UnknownTime, Some(name)) => format!(
            "get-compliance-details-by-config-rule --config-rule-name {}",
            quoted(name)
        ),
        (NotChecked | Unreadable, None) => "describe-config-rules".to_owned(),
        (InsufficientData | UnusualVerdict, _) => {
            "describe-config-rule-evaluation-status".to_owned()
        }
        _ => return String::new(),
    };
    format!("aws configservice {operation}{region}")
}

fn gap_kind(reason: ReasonKind) -> Option<GapKind> {
    match reason {
        ReasonKind::NonCompliant | ReasonKind::Excepted => None,
        ReasonKind::Partial => Some(GapKind::Partial),
        ReasonKind::NotChecked => Some(GapKind::NotChecked),
        ReasonKind::NotDeployed => Some(GapKind::NotDeployed),
        ReasonKind::Unreadable => Some(GapKind::Unreadable),
        ReasonKind::InsufficientData => Some(GapKind::InsufficientData),
        ReasonKind::UnusualVerdict => Some(GapKind::UnusualVerdict),
        ReasonKind::OutsidePeriod => Some(GapKind::OutsidePeriod),
        ReasonKind::UnknownTime => Some(GapKind::UnknownTime),
        ReasonKind::WeakerParameters => Some(GapKind::WeakerParameters),
        ReasonKind::NarrowedScope => Some(GapKind::NarrowedScope),
        ReasonKind::RuleNotActive => Some(GapKind::RuleNotActive),
        ReasonKind::NotRecorded => Some(GapKind::NotRecorded),
        ReasonKind::CountsExceed => Some(GapKind::CountsExceed),
        ReasonKind::UnjudgedResource => Some(GapKind::UnjudgedResource),
        ReasonKind::OnlyGone => Some(GapKind::OnlyGone),
        ReasonKind::UnknownParameter => Some(GapKind::UnknownParameter),
        ReasonKind::RuleNotDescribed => Some(GapKind::RuleNotDescribed),
    }
}

impl Sources<'_, '_> {
    fn has_data(&self, account: &str, region: &str) -> bool {
        self.places.contains(&(account.into(), region.into()))
    }

    fn no_data(&self, gaps: &mut BTreeSet<Gap>) {
        for (account, known) in &self.subject.engagement.accounts {
            for region in known
                .regions
                .iter()
                .filter(|region| !self.has_data(account, region))
            {
                gaps.insert(Gap {
                    account: account.clone(),
                    region: region.clone(),
                    command: format!(
                        "aws configservice describe-compliance-by-config-rule --region {region}"
                    ),
                    controls: self.all_controls(),
                    ..blank(GapKind::NoData)
                });
            }
        }
    }

    fn rejected(&self, gaps: &mut BTreeSet<Gap>) {
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
    fn sights(&self, gaps: &mut BTreeSet<Gap>) {
        let mut unfiltered: BTreeMap<At, u32> = BTreeMap::new();
        let outside: BTreeSet<(&str, &str, &str)> = (self.findings.iter())
            .filter(|judged| judged.hold == Hold::Outside)
            .map(|judged| &judged.finding)
            .map(|finding| (&*finding.rule, &*finding.account, &*finding.region))
            .collect();
        for (rule, places) in self.sights {
            for (at, sight) in places {
                let (account, region) = at;
                if region != GLOBAL && !self.has_data(account, region) {
                    continue;
                }
                let kinds = reasons_of_sight(sight).into_iter().filter_map(gap_kind);
                // Findings outside the period are counted where they are.
                let kinds = kinds.filter(|kind| {
                    *kind != GapKind::OutsidePeriod || !outside.contains(&(rule, account, region))
                });
                for kind in kinds {
                    gaps.insert(Gap {
                        account: account.clone(),
                        region: region.clone(),
                        rule: rule.clone(),
                        controls: self.controls(rule),
                        detail: sight.detail_of(kind),
                        command: self.command_of(kind, at, sight),
                        ..blank(kind)
                    });
                }
                if matches!(sight.state, Seen::Seen | Seen::CheckedNone) && !sight.rule_level {
                    *unfiltered.entry(at.clone()).or_default() += 1;
                }
            }
        }
        for ((account, region), rules) in unfiltered {
            gaps.insert(Gap {
                command: format!(
                    "aws configservice describe-compliance-by-config-rule{}",
                    self.region(&account, &region)
                ),
                account,
                region,
                detail: rules.to_string(),
                ..blank(GapKind::FilterNotExcluded)
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

    /// The option that names the region; for a global rule the first in scope.
    fn region(&self, account: &str, region: &str) -> String {
        let accounts = &self.subject.engagement.accounts;
        let first = || {
            accounts
                .get(account)
                .and_then(|known| known.regions.first().cloned())
        };
        let region = if region == GLOBAL {
            first().unwrap_or_default()
        } else {
            region.to_owned()
        };
        format!(" --region {region}")
    }

    /// What tells more of a rule that was not seen.
    fn command_of(&self, kind: GapKind, (account, region): &At, sight: &Sight) -> String {
        let region = match &*sight.region {
            "" => region,
            known => known,
        };
        // Where a copy that judges everything is deployed, its evaluations are what is missing.
        let narrowed = kind == GapKind::NarrowedScope;
        let (kind, name) = match &sight.whole_copy {
            Some(whole) if narrowed => (GapKind::NotChecked, Some(whole)),
            _ => (kind, sight.told_by.as_ref()),
        };
        let name = name.or_else(|| sight.deployed.first()).map(|name| &**name);
        // What is described already tells no more; the file that could not be read is named itself.
        if kind == GapKind::Unreadable && sight.not_deployed {
            return String::new();
        }
        if kind == GapKind::Partial && name.is_none() {
            return format!(
                "aws configservice get-conformance-pack-compliance-details --conformance-pack-name {}{} --next-token …",
                quoted(&sight.detail),
                self.region(account, region)
            );
        }
        command(kind, name, &self.region(account, region))
    }

    fn findings(&self, gaps: &mut BTreeSet<Gap>) {
        let mut counted: BTreeMap<(GapKind, &str, &str, &str), (&Finding, u64)> = BTreeMap::new();
        for judged in self.findings {
            let finding = &judged.finding;
            let kind = if finding.controls.is_empty() {
                Some(GapKind::Unmapped)
            } else {
                reason_of(judged, false).and_then(gap_kind)
            };
            if let Some(kind) = kind {
                let key = (kind, &*finding.account, &*finding.region, &*finding.rule);
                counted.entry(key).or_insert((finding, 0)).1 += 1;
            }
        }
        for ((kind, account, region, rule), (first, count)) in counted {
            let at = first.regions.first().map_or(region, String::as_str);
            gaps.insert(Gap {
                account: account.to_owned(),
                region: region.to_owned(),
                rule: rule.to_owned(),
                controls: self.controls(rule),
                detail: match kind {
                    GapKind::UnknownParameter => named(&first.unknown_parameters),
                    _ => count.to_string(),
                },
                command: command(kind, Some(&first.deployed_rule), &self.region(account, at)),
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
        for (input, count) in &self.rule_level.unattributed {
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
