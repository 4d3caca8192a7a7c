//! `kisms check`: what is there, what is wrong and what is missing, without writing anything.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use chrono::{DateTime, FixedOffset};
use serde::Serialize;
use serde_json::json;

use crate::assess::{Assessment, Gap, InputRow, Objection, Reconciliation, Totals, write_gaps};
use crate::error::Result;
use crate::evidence::InputStatus;
use crate::report::json;
use crate::report::terminal::{self, escape};
use crate::report::words;

use super::load::{Loaded, print_refusing, print_rejected};
use super::{Exit, Screen, gaps, written};

/// What `--format json` says.
#[derive(Serialize)]
struct Document<'d> {
    inputs: &'d [InputRow],
    totals: &'d Totals,
    #[serde(flatten, serialize_with = "write_gaps")]
    gaps: &'d [Gap],
    reconciliation: &'d Reconciliation,
    faults: Vec<serde_json::Value>,
    notes: Vec<serde_json::Value>,
}

/// Checks the engagement in `dir`, judged at `now`. The answer is no where an input is rejected.
pub fn check(
    dir: &Path,
    as_json: bool,
    now: DateTime<FixedOffset>,
    screen: &mut Screen<'_>,
) -> Result<Exit> {
    let loaded = match Loaded::read_or_faults(dir, screen)? {
        Ok(loaded) => loaded,
        Err(faults) => {
            if as_json {
                let document = json!({ "inputs": [], "gaps": [], "faults": faults });
                written(json::pretty(&mut *screen.out, &document))?;
            }
            return Ok(Exit::No);
        }
    };
    let rejected = print_rejected(&loaded.evidence, screen)?;
    let assessment = loaded.assess(now);
    let objections = loaded.objections(&assessment);
    let refusing = print_refusing(&objections, screen)?;
    written(if as_json {
        let document = Document {
            inputs: &assessment.inputs,
            totals: &assessment.totals,
            reconciliation: &assessment.reconciliation,
            gaps: &assessment.gaps,
            faults: as_faults(&objections, true),
            notes: as_faults(&objections, false),
        };
        json::outlined(&mut *screen.out, &document)
    } else {
        print(&assessment, &objections, screen)
    })?;
    Ok(if rejected + refusing > 0 {
        Exit::No
    } else {
        Exit::Done
    })
}

/// Those that refuse a bundle or the others, each with its kind as `code`.
fn as_faults(objections: &[Objection], refusing: bool) -> Vec<serde_json::Value> {
    let chosen = objections.iter();
    let chosen = chosen.filter(|found| found.kind.refuses() == refusing);
    let faults = chosen.map(|Objection { kind, fault }| {
        json!({
            "code": kind,
            "file": fault.file,
            "line": fault.line,
            "column": fault.column,
            "message": fault.message,
            "hint": fault.hint,
        })
    });
    faults.collect()
}

fn print(
    assessment: &Assessment,
    objections: &[Objection],
    screen: &mut Screen<'_>,
) -> io::Result<()> {
    print_summary(assessment, screen)?;
    let label = screen.words("참고", "note");
    for Objection { kind, fault } in objections {
        if !kind.refuses() {
            print_note(&format!("{label} {fault}"), &fault.hint, screen)?;
        }
    }
    let open = assessment.inputs.iter();
    let open =
        open.filter(|input| matches!(input.status, InputStatus::Partial | InputStatus::Rejected));
    for input in open {
        let status = screen.term("input", &input.status);
        let reason = screen.said(input.reason.as_deref().unwrap_or_default());
        let of = format!("{status} {} {}", input.input, input.path);
        print_note(&of, &reason, screen)?;
    }
    print_notes(assessment, screen)?;
    gaps::print(&assessment.gaps, screen)
}

/// What, and under it why, or what to do.
fn print_note(what: &str, why: &str, screen: &mut Screen<'_>) -> io::Result<()> {
    writeln!(screen.out)?;
    terminal::paragraph(&mut screen.out, screen.width, 0, what)?;
    terminal::paragraph(&mut screen.out, screen.width, 2, why)
}

/// What is worth knowing of inputs that are whole: the first few, for it may be all of them.
fn print_notes(assessment: &Assessment, screen: &mut Screen<'_>) -> io::Result<()> {
    const SHOWN: usize = 5;
    let whole = assessment.inputs.iter();
    let whole = whole
        .filter(|input| input.status == InputStatus::Complete && input.kind != "archive")
        .filter_map(|input| Some((input, input.reason.as_deref()?)));
    let noted: Vec<_> = whole.collect();
    let label = screen.words("참고", "note");
    for (input, reason) in noted.iter().take(SHOWN) {
        print_note(
            &format!("{label} {} {}", input.input, input.path),
            &screen.said(reason),
            screen,
        )?;
    }
    if noted.len() > SHOWN {
        let all = screen.words("전체는 --format json", "all of them with --format json");
        writeln!(screen.out, "{SHOWN} / {}: {all}", noted.len())?;
    }
    Ok(())
}

/// The lines that `check` and `build` both show.
pub fn print_summary(assessment: &Assessment, screen: &mut Screen<'_>) -> io::Result<()> {
    let engagement = &assessment.engagement;
    let organization = escape(&engagement.organization).into_owned();
    let (scheme, period) = (engagement.scheme.as_str(), &engagement.period.label);
    writeln!(screen.out, "{organization} · {scheme} · {period}")?;
    for (label, value) in summary(assessment, screen) {
        field(screen, label, &value)?;
    }
    if !engagement.own_templates.is_empty() {
        let label = screen.words("자체 양식", "templates");
        field(screen, label, &engagement.own_templates.join(", "))?;
    }
    Ok(())
}

/// What there is of each, behind its label.
fn summary(assessment: &Assessment, screen: &Screen<'_>) -> [(&'static str, String); 7] {
    let totals = &assessment.totals;
    let records = &assessment.reconciliation;
    let read = |kind: &str, read| screen.counted("reconciliation", &kind, read);
    let results = read("evaluation_results", records.evaluation_results.read);
    let items = read("configuration_items", records.configuration_items.read);
    let rules = format!("{} / {}", totals.rules_seen, totals.rules_mapped);
    let controls = tally(&totals.controls, "automated", screen);
    let manual = tally(&totals.manual, "manual", screen);
    [
        (
            screen.words(words::INPUTS, "inputs"),
            tally(&totals.inputs, "input", screen),
        ),
        (
            screen.words("레코드", "records"),
            format!("{results}, {items}"),
        ),
        (screen.words("규칙", "rules"), rules),
        (
            screen.words(words::FINDINGS, "findings"),
            findings(assessment, screen),
        ),
        (screen.words(words::CONTROLS, "controls"), controls),
        (screen.words("수동 증적", "manual"), manual),
        (
            screen.words(words::GAPS, "gaps"),
            tally(&totals.gaps, "gap", screen),
        ),
    ]
}

/// A label and its value, which goes on under itself where the line is too narrow.
pub fn field(screen: &mut Screen<'_>, label: &str, value: &str) -> io::Result<()> {
    use unicode_width::UnicodeWidthStr;
    const VALUES: usize = 12;
    let mut line = String::new();
    let mut lines = Vec::new();
    for word in value.split(' ') {
        let room = screen.width.saturating_sub(VALUES).max(20);
        if !line.is_empty() && line.width() + 1 + word.width() > room {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    // They kept together what belongs together.
    let lines = lines.into_iter().map(|line| line.replace('\u{a0}', " "));
    let mut label = label.to_owned();
    for line in lines {
        let pad = " ".repeat(VALUES.saturating_sub(label.width()));
        writeln!(screen.out, "{label}{pad}{line}")?;
        label.clear();
    }
    Ok(())
}

fn findings(assessment: &Assessment, screen: &Screen<'_>) -> String {
    let counts = &assessment.totals.findings;
    let named = [
        ("non_compliant", counts.non_compliant),
        ("excepted", counts.excepted),
        ("false_positive", counts.false_positive),
        ("compliant", counts.compliant),
        ("compliant_weaker", counts.compliant_weaker),
        ("not_applicable", counts.not_applicable),
        ("insufficient_data", counts.insufficient_data),
        ("outside_period", counts.outside_period),
    ];
    let shown = named.into_iter().filter(|(_, count)| *count > 0);
    listed(shown.map(|(name, count)| screen.counted("counts", &name, count)))
}

fn tally<K: Serialize + Ord>(
    counts: &BTreeMap<K, u32>,
    table: &str,
    screen: &Screen<'_>,
) -> String {
    let counts = counts.iter();
    listed(counts.map(|(key, count)| screen.counted(table, key, count)))
}

fn listed(counted: impl Iterator<Item = String>) -> String {
    let counted: Vec<String> = counted.collect();
    if counted.is_empty() {
        return "0".to_owned();
    }
    counted.join(", ")
}
