//! `kisms findings`: the findings of an engagement or a bundle, filtered.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;

use chrono::{DateTime, FixedOffset};

use crate::assess::{Assessment, Finding};
use crate::catalogue::{ControlId, Level, catalogue};
use crate::decision::DecisionKind;
use crate::engagement::Language;
use crate::error::{Error, Result};
use crate::evidence::ComplianceType;
use crate::fault::nearest;
use crate::report::csv::findings as csv;
use crate::report::{json, terminal};

use super::load::assessment_of;
use super::{Exit, Screen, written};

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Aligned columns.
    Table,
    /// As findings.csv.
    Csv,
    /// A JSON array.
    Json,
    /// A JSON object a line.
    Jsonl,
}

/// Which findings; an empty list is any.
#[derive(Debug, Default)]
pub struct Filter {
    /// The control, or any under this domain or area.
    pub controls: Vec<ControlId>,
    /// Managed or deployed names.
    pub rules: Vec<String>,
    /// Verdicts.
    pub statuses: Vec<ComplianceType>,
    /// Accounts.
    pub accounts: Vec<String>,
    /// Regions.
    pub regions: Vec<String>,
    /// A part of the resource's id or name.
    pub resource: Option<String>,
    /// `Some(None)` is without any decision.
    pub decision: Option<Option<DecisionKind>>,
}

/// What was typed, not yet read.
#[derive(Debug)]
pub struct Typed<'t> {
    /// Controls.
    pub controls: &'t [String],
    /// Verdicts.
    pub statuses: &'t [String],
    /// A kind of decision, or `none`.
    pub decision: Option<&'t str>,
}

impl Filter {
    /// Reads what was typed; what it does not know is an error.
    pub fn read(mut self, typed: &Typed<'_>) -> Result<Self> {
        for text in typed.controls {
            let id: ControlId = text.parse().map_err(Error::new)?;
            if catalogue().control(id).is_none() {
                let error = Error::new(format_args!("there is no control `{id}`"));
                return Err(error.hint("`kisms controls` lists them"));
            }
            self.controls.push(id);
        }
        for text in typed.statuses {
            let status = text.parse().map_err(|error| {
                Error::new(error)
                    .hint("give COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE or INSUFFICIENT_DATA")
            });
            self.statuses.push(status?);
        }
        if let Some(text) = typed.decision {
            let known = DecisionKind::ALL
                .into_iter()
                .find(|kind| kind.as_str() == text);
            if known.is_none() && text != "none" {
                let kinds: Vec<&str> = DecisionKind::ALL.iter().map(|kind| kind.as_str()).collect();
                return Err(
                    Error::new(format_args!("`{text}` is not a kind of decision"))
                        .hint(format_args!("give `none`, or one of {}", kinds.join(", "))),
                );
            }
            self.decision = Some(known);
        }
        Ok(self)
    }

    /// A rule, an account or a region that is not there at all is an error: nothing found of it
    /// would look like nothing wrong.
    fn check(&self, assessment: &Assessment) -> Result<()> {
        let [mut rules, mut accounts, mut regions] = known(assessment);
        if self.rules.is_empty() && self.accounts.is_empty() && self.regions.is_empty() {
            return Ok(());
        }
        for finding in assessment.findings.iter().chain(&assessment.gone) {
            rules.extend([&*finding.rule, &*finding.deployed_rule]);
            accounts.insert(&finding.account);
            regions.insert(&finding.region);
            regions.extend(finding.regions.iter().map(String::as_str));
        }
        for (what, wanted, known) in [
            ("rule", &self.rules, rules),
            ("account", &self.accounts, accounts),
            ("region", &self.regions, regions),
        ] {
            if let Some(unknown) = wanted.iter().find(|text| !known.contains(text.as_str())) {
                let error = Error::new(format_args!("there is no {what} `{unknown}` here"));
                return Err(error.hint(match nearest(unknown, known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => {
                        "`rules.csv` and `findings.csv` of a bundle list what is there".to_owned()
                    }
                }));
            }
        }
        Ok(())
    }

    fn fits(&self, finding: &Finding) -> bool {
        let any = |wanted: &[String], values: &[&str]| {
            wanted.is_empty()
                || wanted
                    .iter()
                    .any(|wanted| values.contains(&wanted.as_str()))
        };
        let under = |wanted: &ControlId| finding.controls.iter().any(|id| is_under(*id, *wanted));
        let mut regions: Vec<&str> = finding.regions.iter().map(String::as_str).collect();
        regions.push(&finding.region);
        let contains = |text: &str| {
            finding.resource_id.contains(text)
                || finding
                    .resource_name
                    .as_ref()
                    .is_some_and(|name| name.contains(text))
        };
        (self.controls.is_empty() || self.controls.iter().any(under))
            && any(&self.rules, &[&finding.rule, &finding.deployed_rule])
            && (self.statuses.is_empty() || self.statuses.contains(&finding.status))
            && any(&self.accounts, &[&finding.account])
            && any(&self.regions, &regions)
            && self.resource.as_deref().is_none_or(contains)
            && self
                .decision
                .is_none_or(|kind| self.decision_of(finding) == kind)
    }

    /// The kind of its decision, if that bears on a control that is asked for.
    fn decision_of(&self, finding: &Finding) -> Option<DecisionKind> {
        let decision = finding.decision.as_ref()?;
        let concerned = |id: &&ControlId| decision.concerns(**id);
        let mut controls = finding.controls.iter().filter(concerned);
        let asked = |id: &ControlId| self.controls.iter().any(|wanted| is_under(*id, *wanted));
        (self.controls.is_empty() || controls.any(asked)).then_some(decision.kind)
    }
}

/// The rules, accounts and regions of which there need be no finding.
fn known(assessment: &Assessment) -> [BTreeSet<&str>; 3] {
    let rows = assessment.rules.iter();
    let rules = rows.flat_map(|row| {
        let deployed = row.deployed.iter().map(|deployed| &*deployed.name);
        deployed.chain([&*row.rule])
    });
    let accounts = &assessment.engagement.accounts;
    let regions = accounts.iter().flat_map(|account| &account.regions);
    [
        rules.collect(),
        accounts.iter().map(|account| &*account.account).collect(),
        regions.map(String::as_str).collect(),
    ]
}

fn is_under(id: ControlId, wanted: ControlId) -> bool {
    match wanted.level() {
        Level::Area => id.area() == wanted,
        Level::Domain => id.domain() == Some(wanted),
        Level::Item => id == wanted,
    }
}

/// Prints the findings that fit.
pub fn findings(
    path: &Path,
    filter: &Filter,
    format: Format,
    now: DateTime<FixedOffset>,
    screen: &mut Screen<'_>,
) -> Result<Exit> {
    // Whether a rule, account or region is there, all findings tell.
    let by_name = [&filter.rules, &filter.accounts, &filter.regions];
    let all = filter.statuses.is_empty() || !by_name.iter().all(|names| names.is_empty());
    let wanted = (!all).then_some(&filter.statuses[..]);
    let (assessment, left_out) = match assessment_of(path, wanted, now, screen)? {
        Ok(opening) => (opening.assessment, opening.left_out),
        Err(exit) => return Ok(exit),
    };
    filter.check(&assessment)?;
    let fitting: Vec<&Finding> = assessment
        .findings
        .iter()
        .filter(|f| filter.fits(f))
        .collect();
    written(match format {
        Format::Table => table(&fitting, screen),
        Format::Csv => csv::write(
            &mut screen.out,
            csv::rows(&assessment).filter(|row| filter.fits(row.finding)),
        ),
        Format::Json => json::array(&mut screen.out, fitting.iter()),
        Format::Jsonl => json::lines(&mut screen.out, fitting.iter()),
    })?;
    let all = assessment.findings.len() + left_out;
    written(count(fitting.len(), all, screen))?;
    Ok(Exit::Done)
}

fn count(shown: usize, all: usize, screen: &mut Screen<'_>) -> std::io::Result<()> {
    match screen.language {
        Language::Ko => writeln!(screen.err, "판정 {all}건 가운데 {shown}건"),
        Language::En => writeln!(screen.err, "{shown} of {all} findings"),
    }
}

fn table(findings: &[&Finding], screen: &mut Screen<'_>) -> std::io::Result<()> {
    let headers = match screen.language {
        Language::Ko => [
            "판정 번호",
            "판정 결과",
            "집계 구분",
            "규칙",
            "계정",
            "리전",
            "자원",
        ],
        Language::En => [
            "id",
            "status",
            "counted_as",
            "rule",
            "account",
            "region",
            "resource",
        ],
    };
    let rows: Vec<Vec<Cow<'_, str>>> = findings
        .iter()
        .map(|finding| {
            let name = finding.resource_name.as_deref();
            vec![
                finding.id.to_string().into(),
                finding.status.as_str().into(),
                screen
                    .term("counts", &finding.counted_as(None).as_str())
                    .into(),
                finding.rule.as_str().into(),
                finding.account.as_str().into(),
                finding.region.as_str().into(),
                name.unwrap_or(&finding.resource_id).into(),
            ]
        })
        .collect();
    terminal::table(&mut screen.out, screen.width, &headers, &rows)
}
