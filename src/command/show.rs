//! `kisms show`: one finding, with what AWS wrote and everything that belongs to it.

mod exports;
mod print;

use std::path::Path;

use chrono::{DateTime, FixedOffset};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::assess::{Assessment, DecisionRow, Finding, Other, Source};
use crate::error::{Error, Result};
use crate::report::json;

use super::load::{Opening, assessment_of};
use super::{Exit, Screen, written};

use exports::Exports;

/// Everything that belongs to one finding.
#[derive(Debug, Serialize)]
struct Shown<'a> {
    finding: &'a Finding,
    /// Whether its resource is gone: it is then not counted.
    gone: bool,
    /// As AWS wrote it.
    evaluation: Box<RawValue>,
    /// What other copies, older exports and other sources say of the same resource.
    others: Vec<OtherShown<'a>>,
    /// The resource's latest configuration item, and where it stands.
    configuration_item: Option<Recorded>,
    /// Other findings on the same resource.
    other_findings: Vec<&'a Finding>,
    decisions: Vec<&'a DecisionRow>,
}

/// Another verdict, as AWS wrote it.
#[derive(Debug, Serialize)]
struct OtherShown<'a> {
    #[serde(flatten)]
    other: &'a Other,
    evaluation: Box<RawValue>,
}

/// A record as AWS wrote it, with its place.
#[derive(Debug, Serialize)]
struct Recorded {
    source: Source,
    record: Box<RawValue>,
}

/// Shows the finding with this id of an engagement folder or a bundle.
pub fn show(
    path: &Path,
    id: &str,
    as_json: bool,
    now: DateTime<FixedOffset>,
    screen: &mut Screen<'_>,
) -> Result<Exit> {
    let Opening {
        assessment, opened, ..
    } = match assessment_of(path, None, now, screen)? {
        Ok(opening) => opening,
        Err(exit) => return Ok(exit),
    };
    let exports = Exports::of(path, opened);
    let (finding, gone) = find(&assessment, id)?;
    let shown = gather(finding, gone, &assessment, &exports)?;
    written(if as_json {
        json::pretty(&mut screen.out, &shown)
    } else {
        print::print(&shown, assessment.engagement.period.zone(), screen)
    })?;
    Ok(Exit::Done)
}

/// Each export is read once, whatever stands in it.
fn gather<'a>(
    finding: &'a Finding,
    gone: bool,
    assessment: &'a Assessment,
    exports: &Exports,
) -> Result<Shown<'a>> {
    let asset = exports.asset_of(finding, assessment)?;
    let others = finding.others.iter();
    let sources: Vec<&Source> = [&finding.source]
        .into_iter()
        .chain(others.clone().map(|other| &other.source))
        .chain(&asset)
        .collect();
    let mut records = exports.records(&sources, assessment)?.into_iter();
    let mut next = || records.next().expect("as many as were asked for");
    Ok(Shown {
        finding,
        gone,
        evaluation: next(),
        others: others
            .map(|other| OtherShown {
                other,
                evaluation: next(),
            })
            .collect(),
        configuration_item: asset.clone().map(|source| Recorded {
            source,
            record: next(),
        }),
        other_findings: assessment
            .findings
            .iter()
            .filter(|other| is_other(other, finding))
            .collect(),
        decisions: assessment
            .decisions
            .iter()
            .filter(|d| d.findings.contains(&finding.id))
            .collect(),
    })
}

fn find<'a>(assessment: &'a Assessment, id: &str) -> Result<(&'a Finding, bool)> {
    let there = assessment.findings.iter().map(|finding| (finding, false));
    let gone = assessment.gone.iter().map(|finding| (finding, true));
    there
        .chain(gone)
        .find(|(finding, _)| Ok(finding.id) == id.parse())
        .ok_or_else(|| {
            Error::new(format_args!("there is no finding `{id}`"))
                .hint("`kisms findings` lists them; an id is `F-` and 12 hexadecimal digits")
        })
}

fn is_other(other: &Finding, finding: &Finding) -> bool {
    other.id != finding.id
        && other.account == finding.account
        && other.resource_type == finding.resource_type
        && other.resource_id == finding.resource_id
}

#[cfg(test)]
mod tests;
