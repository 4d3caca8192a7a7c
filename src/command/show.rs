//! `kisms show`: one finding, with what AWS wrote and everything that belongs to it.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::assess::{ASSETS_FILE, Assessment, DecisionRow, Finding, InputRow, Source};
use crate::bundle::Opened;
use crate::digest::{Digest, Hashing};
use crate::error::{Error, Result};
use crate::export::{in_member, value_at};
use crate::report::csv::assets;
use crate::report::json;
use crate::report::terminal::escape;
use crate::time::AwsTime;

use super::check::field;
use super::load::{Opening, assessment_of};
use super::{Exit, Screen, written};

/// No export is larger than what `build` takes in; this bounds what is unpacked to look into it.
const EXPORT_MOST: u64 = 64 << 30;

/// Everything that belongs to one finding.
#[derive(Debug, Serialize)]
struct Shown<'a> {
    finding: &'a Finding,
    /// Whether its resource is gone: it is then not counted.
    gone: bool,
    /// As AWS wrote it.
    evaluation: Box<RawValue>,
    /// The resource's latest configuration item, and where it stands.
    configuration_item: Option<Recorded>,
    /// Other findings on the same resource.
    other_findings: Vec<&'a Finding>,
    decisions: Vec<&'a DecisionRow>,
}

/// A record as AWS wrote it, with its place.
#[derive(Debug, Serialize)]
struct Recorded {
    source: Source,
    record: Box<RawValue>,
}

/// Where the exports are.
enum Exports {
    Folder(PathBuf),
    Bundle(Box<Opened>),
}

/// Shows the finding with this id of an engagement folder or a bundle.
pub fn show(
    path: &Path,
    id: &str,
    as_json: bool,
    now: DateTime<FixedOffset>,
    screen: &mut Screen<'_>,
) -> Result<Exit> {
    let Opening { assessment, opened } = match assessment_of(path, now, screen)? {
        Ok(opening) => opening,
        Err(exit) => return Ok(exit),
    };
    let exports = match opened {
        Some(opened) => Exports::Bundle(Box::new(opened)),
        None => Exports::Folder(path.to_owned()),
    };
    let (finding, gone) = find(&assessment, id)?;
    let item = exports.asset_of(finding, &assessment)?;
    let item = item.map(|source| -> Result<Recorded> {
        let record = exports.record(&source, &assessment)?;
        Ok(Recorded { source, record })
    });
    let shown = Shown {
        finding,
        gone,
        evaluation: exports.record(&finding.source, &assessment)?,
        configuration_item: item.transpose()?,
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
    };
    written(if as_json {
        json::pretty(&mut screen.out, &shown)
    } else {
        print(&shown, screen)
    })?;
    Ok(Exit::Done)
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

impl Exports {
    /// Where the finding's resource was read: in the finding's region, else in any.
    fn asset_of(&self, finding: &Finding, assessment: &Assessment) -> Result<Option<Source>> {
        let kept = assessment.assets.find(finding);
        let kept = kept.map_err(|error| unreadable(&error))?;
        let mut assets: Vec<(String, Source)> = match (kept, self) {
            (Some(assets), _) => assets.into_iter().map(|a| (a.region, a.source)).collect(),
            (None, Self::Bundle(opened)) => of_table(opened, finding)?,
            (None, Self::Folder(_)) => Vec::new(),
        };
        // False comes first.
        assets.sort_by(|a, b| {
            let elsewhere = |region: &str| region != finding.region;
            (elsewhere(&a.0), &a.0).cmp(&(elsewhere(&b.0), &b.0))
        });
        Ok(assets.into_iter().next().map(|(_, source)| source))
    }

    /// The record as it stands in its export, once the whole export has the digest that the
    /// assessment knows.
    fn record(&self, source: &Source, assessment: &Assessment) -> Result<Box<RawValue>> {
        let input = input_of(source, assessment)?;
        let bytes = match self {
            Self::Folder(root) => {
                let path = root.join(&input.path);
                let failed = |error: io::Error| Error::io("read", &path, &error);
                record_in(File::open(&path).map_err(failed)?, input, source)?
            }
            Self::Bundle(opened) => {
                let bytes = opened.read(&input.bundle_path, EXPORT_MOST)?;
                record_in(Cursor::new(bytes), input, source)?
            }
        };
        serde_json::from_slice(&bytes).map_err(|error| {
            Error::new(format_args!(
                "`{}` at byte {}: {error}",
                source.path(),
                source.offset
            ))
        })
    }
}

/// The same out of a bundle's table, which is too large to be held in memory.
fn of_table(opened: &Opened, finding: &Finding) -> Result<Vec<(String, Source)>> {
    let mut table = tempfile::tempfile().map_err(|error| unreadable(&error))?;
    opened.copy(ASSETS_FILE, &mut table)?;
    let found = table
        .rewind()
        .and_then(|()| assets::find(BufReader::new(table), finding));
    found.map_err(|error| unreadable(&error))
}

fn unreadable(error: &io::Error) -> Error {
    Error::new(format_args!(
        "the assets cannot be read from a temporary file: {error}"
    ))
}

/// The record's bytes in the file that holds it, or in the archive of which that is a member.
fn record_in(
    mut file: impl Read + Seek + Send,
    input: &InputRow,
    source: &Source,
) -> Result<Vec<u8>> {
    let failed = |error: &io::Error| Error::io("read", Path::new(&input.path), error);
    let Some(member) = source.path().get(input.path.len() + 1..) else {
        return checked(&mut file, source.sha256(), source);
    };
    let mut whole = Hashing::new(&mut file);
    io::copy(&mut whole, &mut io::sink()).map_err(|error| failed(&error))?;
    unchanged(whole.finish().1, input.sha256, &input.path)?;
    file.rewind().map_err(|error| failed(&error))?;
    let look = |content: &mut (dyn Read + Send)| checked(content, source.sha256(), source);
    let found = in_member(file, member, look).map_err(|error| failed(&error))?;
    found.unwrap_or_else(|| {
        let path = &input.path;
        Err(Error::new(format_args!(
            "`{path}` has no member `{member}`"
        )))
    })
}

/// The record's bytes, and that all others are as they were.
fn checked(
    file: &mut (dyn Read + Send),
    digest: Option<Digest>,
    source: &Source,
) -> Result<Vec<u8>> {
    let mut file = Hashing::new(file);
    let bytes = value_at(&mut file, source.offset)?;
    let rest = io::copy(&mut file, &mut io::sink());
    rest.map_err(|error| Error::io("read", Path::new(source.path()), &error))?;
    unchanged(file.finish().1, digest, source.path())?;
    Ok(bytes)
}

/// The file that holds the record: for a member (`E0007.0001`) its archive (`E0007`).
fn input_of<'a>(source: &Source, assessment: &'a Assessment) -> Result<&'a InputRow> {
    let id = source.input().split('.').next().unwrap_or_default();
    let mut inputs = assessment.inputs.iter();
    inputs
        .find(|input| input.input == id)
        .ok_or_else(|| Error::new(format_args!("there is no input `{id}`")))
}

fn unchanged(digest: Digest, known: Option<Digest>, path: &str) -> Result<()> {
    if known == Some(digest) {
        return Ok(());
    }
    let error = Error::new(format_args!("`{path}` changed while it was read"));
    Err(error.hint("run the command again"))
}

fn print(shown: &Shown<'_>, screen: &mut Screen<'_>) -> io::Result<()> {
    for (label, value) in finding_lines(shown).into_iter().chain(related_lines(shown)) {
        field(screen, label, &escape(&value))?;
    }
    raw(
        "evaluation",
        &shown.finding.source,
        &shown.evaluation,
        screen,
    )?;
    match &shown.configuration_item {
        Some(item) => raw("item", &item.source, &item.record, screen),
        None => Ok(()),
    }
}

type Line = (&'static str, String);

fn finding_lines(shown: &Shown<'_>) -> Vec<Line> {
    let finding = shown.finding;
    let controls: Vec<String> = finding.controls.iter().map(ToString::to_string).collect();
    let time = |time: &Option<AwsTime>| time.as_ref().map(ToString::to_string).unwrap_or_default();
    let name = finding.resource_name.as_deref().unwrap_or_default();
    let state = match (shown.gone, finding.in_period) {
        (true, _) => "gone",
        (false, true) => "in the period",
        (false, false) => "outside the period",
    };
    let place = match finding.region.as_str() {
        "global" => format!("global, recorded in {}", finding.regions.join(", ")),
        region => region.to_owned(),
    };
    vec![
        ("finding", finding.id.to_string()),
        ("status", format!("{}, {state}", finding.status)),
        (
            "rule",
            format!("{} (deployed as {})", finding.rule, finding.deployed_rule),
        ),
        ("controls", controls.join(", ")),
        ("place", format!("{} {place}", finding.account)),
        (
            "resource",
            format!("{} {} {name}", finding.resource_type, finding.resource_id),
        ),
        ("evaluated", time(&finding.evaluated_at)),
        ("recorded", time(&finding.recorded_at)),
        ("fingerprint", finding.fingerprint.to_string()),
    ]
}

fn related_lines<'a>(shown: &'a Shown<'_>) -> impl Iterator<Item = Line> + 'a {
    let finding = shown.finding;
    let weaker = finding.weaker_parameters.iter().map(|weaker| {
        (
            "weaker",
            format!(
                "{} = {} (baseline {})",
                weaker.name, weaker.deployed, weaker.baseline
            ),
        )
    });
    let copies = finding.copies.iter().map(|copy| {
        let place = place(&copy.source);
        (
            "copy",
            format!(
                "{} {} {}: {place}",
                copy.status, copy.deployed_rule, copy.region
            ),
        )
    });
    let decisions = shown.decisions.iter().map(|decision| {
        (
            "decision",
            format!("{} {}: {}", decision.id, decision.owner, decision.reason),
        )
    });
    let others = shown.other_findings.iter().map(|other| {
        (
            "also",
            format!("{} {} {}", other.id, other.status, other.rule),
        )
    });
    weaker.chain(copies).chain(decisions).chain(others)
}

fn place(source: &Source) -> String {
    format!(
        "{} {} {} (byte {})",
        source.input(),
        source.path(),
        source.pointer(),
        source.offset
    )
}

/// The record, as it stands but for bytes that would move the cursor.
fn raw(label: &str, source: &Source, record: &RawValue, screen: &mut Screen<'_>) -> io::Result<()> {
    writeln!(screen.out)?;
    field(screen, label, &escape(&place(source)))?;
    for line in record.get().lines() {
        writeln!(screen.out, "{}", escape(line))?;
    }
    Ok(())
}
