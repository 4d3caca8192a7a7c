//! What an estate's own truth says of the controls, whatever was exported.

use std::collections::BTreeSet;

use super::clock::{DAY, FROM, TO, Time};
use super::estate::{Asked, Estate, Narrowed, Origin, Rule, Site};
use super::take::{Damage, Files, Saved};
use super::verdict::{Verdict, kinds, managed};
use crate::assess::{Automated, ControlRow};
use crate::catalogue::{Reach, Trigger};

/// The truth, looked at from the moments at which answers were given.
pub struct Truth<'t> {
    pub estate: &'t Estate,
    pub files: &'t Files,
    times: BTreeSet<Time>,
}

impl<'t> Truth<'t> {
    pub fn new(estate: &'t Estate, files: &'t Files) -> Self {
        let times = files.values().map(|saved| saved.time).collect();
        Self {
            estate,
            files,
            times,
        }
    }

    fn in_scope(&self) -> impl Iterator<Item = &'t Site> {
        self.estate.sites.iter().filter(|site| site.in_scope)
    }

    /// The deployed rules in scope that decide the control.
    fn copies(&self, row: &ControlRow) -> Vec<(&'t Site, &'t Rule)> {
        let all = self
            .in_scope()
            .flat_map(|site| site.rules.iter().map(move |rule| (site, rule)));
        all.filter(|(_, rule)| row.rules.iter().any(|name| name == rule.managed))
            .collect()
    }

    /// A resource that a deployed rule says fails at each of the moments.
    fn fails_throughout(&self, site: &Site, rule: &Rule) -> Option<String> {
        let mut failing: Option<BTreeSet<(&str, &str)>> = None;
        for time in &self.times {
            let rows = site.rows(rule, *time).into_iter().filter(Verdict::fails);
            let now = rows
                .map(|row| (row.resource.kind, row.resource.id.as_str()))
                .collect();
            failing = Some(match failing {
                Some(before) => before.intersection(&now).copied().collect(),
                None => now,
            });
        }
        let (kind, id) = failing?.into_iter().next()?;
        Some(format!(
            "{kind} {id} fails {} in {} {}",
            rule.name, site.account, site.region
        ))
    }

    /// The same; where one region is enough, only if no copy of the account says otherwise.
    fn fails_undeniably(&self, site: &Site, rule: &Rule) -> Option<String> {
        let found = self.fails_throughout(site, rule)?;
        let global = managed(rule.managed).reach == Reach::Global;
        let of_account = self
            .in_scope()
            .filter(|other| global && other.account == site.account);
        let mut copies =
            of_account.flat_map(|other| other.rules.iter().map(move |copy| (other, copy)));
        let all = copies.all(|(other, copy)| {
            copy.managed != rule.managed || self.fails_throughout(other, copy).is_some()
        });
        all.then_some(found)
    }

    /// What fails in the control's period at all moments although the result says that nothing does.
    pub fn acquitted(&self, row: &ControlRow, result: Automated) -> Option<String> {
        let passes = matches!(result, Automated::Compliant | Automated::NothingToCheck);
        if !passes || self.hidden(row) {
            return None;
        }
        let copies = self.copies(row).into_iter();
        let mut known = copies.filter(|(site, rule)| self.is_known(site, rule));
        known.find_map(|(site, rule)| self.fails_undeniably(site, rule))
    }

    /// Whether a filter that nothing shows may have taken failures away: the report says that it
    /// could have.
    fn hidden(&self, row: &ControlRow) -> bool {
        let copies = self.copies(row);
        let filtered = |saved: &Saved| {
            let here = copies
                .iter()
                .any(|(site, _)| site.account == saved.account && site.region == saved.region);
            here && saved.filtered.as_deref() == Some("COMPLIANT")
        };
        let shown = |filtered: &Saved| {
            self.files.values().any(|saved| {
                saved.operation == "describe-compliance-by-config-rule"
                    && saved.account == filtered.account
                    && saved.region == filtered.region
                    && saved.damage == Damage::None
                    && saved.time > filtered.time
                    && self.estate.dated
            })
        };
        self.files
            .values()
            .any(|saved| filtered(saved) && !shown(saved))
    }

    /// Whether a readable file shows which managed rule this is: by its description or its name.
    fn is_known(&self, site: &Site, rule: &Rule) -> bool {
        let here = |saved: &&Saved| {
            saved.account == site.account
                && saved.region == site.region
                && saved.damage == Damage::None
        };
        let name = format!("\"{}\"", rule.name);
        let mut files = self.files.values().filter(here);
        files.any(|saved| {
            let text = String::from_utf8_lossy(&saved.bytes);
            let described = saved.operation == "describe-config-rules";
            let named = rule.name.contains(rule.managed) && rule.origin != Origin::SecurityHub;
            (described || named) && text.contains(&name)
        })
    }

    /// Whether the result says that something fails although nothing ever did.
    pub fn convicted(&self, row: &ControlRow, result: Automated) -> Option<String> {
        if result != Automated::NonCompliant {
            return None;
        }
        let copied = self
            .files
            .values()
            .any(|saved| matches!(saved.damage, Damage::Copied(..)));
        let fails = |(site, rule): &(&Site, &Rule)| {
            self.times
                .iter()
                .any(|time| site.rows(rule, *time).iter().any(Verdict::fails))
        };
        let founded = copied || self.copies(row).iter().any(fails);
        (!founded).then(|| "nothing fails".to_owned())
    }

    /// The result that follows from the truth once everything was asked for, if it is certain.
    pub fn expects(&self, row: &ControlRow) -> Option<Automated> {
        let copies = self.copies(row);
        let now = *self.times.last()?;
        let told = || copies.iter().filter(|(_, rule)| rule.tells());
        let failing = told().any(|(site, rule)| {
            let in_period = |row: &Verdict<'_>| {
                row.recorded < TO && (row.invoked >= FROM || on_changes(rule) && self.estate.dated)
            };
            let rows = site.rows(rule, now);
            rows.iter().any(|row| row.fails() && in_period(row))
                && self.fails_undeniably(site, rule).is_some()
        });
        if failing {
            return Some(Automated::NonCompliant);
        }
        let fails = |(site, rule): &&(&Site, &Rule)| {
            self.times
                .iter()
                .any(|time| site.rows(rule, *time).iter().any(Verdict::fails))
        };
        if !self.is_plain(row, &copies) || told().any(|copy| fails(&copy)) {
            return None;
        }
        let any = told().any(|(site, rule)| !site.rows(rule, now).is_empty());
        Some(if any {
            Automated::Compliant
        } else {
            Automated::NothingToCheck
        })
    }

    /// Whether every rule of the control is deployed everywhere in scope, once or more, and each copy
    /// judges everything, asks for enough, and runs.
    fn is_plain(&self, row: &ControlRow, copies: &[(&Site, &Rule)]) -> bool {
        let deployed = |name: &String| {
            let at = |site: &Site| {
                copies.iter().any(|(there, rule)| {
                    there.account == site.account
                        && there.region == site.region
                        && rule.managed == name
                })
            };
            let global = managed(name).reach == Reach::Global;
            self.in_scope().all(|site| {
                let mut regions = self
                    .in_scope()
                    .filter(|other| other.account == site.account);
                at(site) || global && regions.any(at)
            })
        };
        let last = self.times.last().copied().unwrap_or_default();
        self.estate.dated
            && last < TO
            && !row.rules.is_empty()
            && row.rules.iter().all(deployed)
            && copies
                .iter()
                .all(|(site, rule)| self.is_plain_copy(site, rule))
    }

    fn is_plain_copy(&self, site: &Site, rule: &Rule) -> bool {
        let first = self.times.first().copied().unwrap_or_default();
        let tagged = matches!(rule.origin, Origin::Pack(pack) if site.packs[pack].tagged);
        let settled = |time: Time| time + 2 * DAY < first;
        let resources = site.resources.iter().filter(|one| site.judges(rule, one));
        let mut resources = resources.filter(|one| one.there(self.estate.now));
        let recorder = site.recorder.as_ref().is_some_and(|recorder| {
            settled(recorder.started)
                && recorder.started < FROM
                && recorder.stopped.is_none()
                && kinds(managed(rule.managed))
                    .iter()
                    .all(|kind| recorder.records(kind))
        });
        rule.tells()
            && rule.active
            && !tagged
            && rule.narrowed == Narrowed::No
            && matches!(rule.asked, Asked::Baseline | Asked::Stronger)
            && rule.broken.is_none()
            && settled(rule.created)
            && rule.created < FROM
            && (recorder || !on_changes(rule) && site.recorder.is_none())
            && resources.all(|one| settled(one.created))
    }
}

fn on_changes(rule: &Rule) -> bool {
    managed(rule.managed).trigger == Trigger::ConfigurationChange
}
