//! `kisms check`: what is there, what is wrong and what is missing, without writing anything.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use chrono::{DateTime, FixedOffset};
use serde_json::json;

use crate::assess::{Assessment, Automated, GapKind, Objection};
use crate::error::Result;
use crate::evidence::InputStatus;
use crate::report::json;
use crate::report::terminal::{self, escape};

use super::load::{Loaded, print_refusing, print_rejected};
use super::{Exit, Screen, written};

/// Gaps shown on a screen; all are in the JSON.
const GAPS_SHOWN: usize = 12;

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
        let document = json!({
            "inputs": assessment.inputs,
            "totals": assessment.totals,
            "reconciliation": assessment.reconciliation,
            "gaps": assessment.gaps,
            "faults": as_faults(&objections, true),
            "notes": as_faults(&objections, false),
        });
        json::pretty(&mut *screen.out, &document)
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
    for Objection { kind, fault } in objections {
        if !kind.refuses() {
            let (note, hint) = (fault.to_string(), &fault.hint);
            writeln!(screen.out, "\nnote {}\n  {}", escape(&note), escape(hint))?;
        }
    }
    let open = assessment.inputs.iter();
    let open =
        open.filter(|input| matches!(input.status, InputStatus::Partial | InputStatus::Rejected));
    for input in open {
        let status = word(&input.status);
        let reason = input.reason.as_deref().unwrap_or_default();
        writeln!(
            screen.out,
            "\n{status} {} {}\n  {}",
            input.input,
            escape(&input.path),
            escape(reason)
        )?;
    }
    print_gaps(assessment, screen)
}

/// The lines that `check` and `build` both show.
pub fn print_summary(assessment: &Assessment, screen: &mut Screen<'_>) -> io::Result<()> {
    let engagement = &assessment.engagement;
    let period = &engagement.period.label;
    let organization = escape(&engagement.organization).into_owned();
    writeln!(
        screen.out,
        "{organization} · {} · {period}",
        engagement.scheme.as_str()
    )?;
    let totals = &assessment.totals;
    let records = &assessment.reconciliation;
    let lines = [
        (screen.words("입력", "inputs"), tally(&totals.inputs)),
        (
            screen.words("기록", "records"),
            format!(
                "{} evaluation_results, {} configuration_items",
                records.evaluation_results.read, records.configuration_items.read
            ),
        ),
        (
            screen.words("규칙", "rules"),
            format!("{} / {}", totals.rules_seen, totals.rules_mapped),
        ),
        (screen.words("발견사항", "findings"), findings(assessment)),
        (
            screen.words("통제항목", "controls"),
            tally(&totals.controls),
        ),
        (screen.words("수기 증적", "manual"), tally(&totals.manual)),
        (screen.words("미확인", "gaps"), tally(&totals.gaps)),
    ];
    for (label, value) in lines {
        field(screen, label, &value)?;
    }
    if !engagement.own_templates.is_empty() {
        let label = screen.words("자체 양식", "templates");
        field(screen, label, &engagement.own_templates.join(", "))?;
    }
    Ok(())
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
    let mut label = label.to_owned();
    for line in lines {
        let pad = " ".repeat(VALUES.saturating_sub(label.width()));
        writeln!(screen.out, "{label}{pad}{line}")?;
        label.clear();
    }
    Ok(())
}

fn findings(assessment: &Assessment) -> String {
    let counts = &assessment.totals.findings;
    let named = [
        ("non_compliant", counts.non_compliant),
        ("excepted", counts.excepted),
        ("compliant", counts.compliant),
        ("compliant_weaker", counts.compliant_weaker),
        ("not_applicable", counts.not_applicable),
        ("insufficient_data", counts.insufficient_data),
        ("outside_period", counts.outside_period),
    ];
    let shown = named.into_iter().filter(|(_, count)| *count > 0);
    let shown: Vec<String> = shown
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    if shown.is_empty() {
        "0".to_owned()
    } else {
        shown.join(", ")
    }
}

/// As the JSON spells it: the same word in every output.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn tally<K: serde::Serialize + Ord>(counts: &BTreeMap<K, u32>) -> String {
    let shown: Vec<String> = counts
        .iter()
        .map(|(key, count)| format!("{count} {}", word(key)))
        .collect();
    if shown.is_empty() {
        "0".to_owned()
    } else {
        shown.join(", ")
    }
}

/// Gaps grouped by what would fill them, those of the most rules first.
fn print_gaps(assessment: &Assessment, screen: &mut Screen<'_>) -> io::Result<()> {
    let mut groups: BTreeMap<(GapKind, &str, &str), Vec<&str>> = BTreeMap::new();
    for gap in &assessment.gaps {
        let rule = if gap.rule.is_empty() {
            gap.input.as_str()
        } else {
            &gap.rule
        };
        groups
            .entry((gap.kind, &gap.account, &gap.region))
            .or_default()
            .push(rule);
    }
    if groups.is_empty() {
        return Ok(());
    }
    let rows: Vec<Vec<String>> = groups
        .iter()
        .map(|((kind, account, region), rules)| {
            let named: Vec<&str> = rules
                .iter()
                .copied()
                .filter(|rule| !rule.is_empty())
                .collect();
            vec![
                word(kind),
                (*account).to_owned(),
                (*region).to_owned(),
                rules.len().to_string(),
                some(&named),
            ]
        })
        .collect();
    writeln!(screen.out)?;
    let headers = ["gap", "account", "region", "n", "rules or inputs"];
    terminal::table(
        &mut screen.out,
        screen.width,
        &headers,
        &rows[..rows.len().min(GAPS_SHOWN)],
    )?;
    if rows.len() > GAPS_SHOWN {
        let all = screen.words(
            "전체는 --format json 으로",
            "all of them with --format json",
        );
        writeln!(screen.out, "{GAPS_SHOWN} / {}: {all}", rows.len())?;
    }
    Ok(())
}

/// The first few names, and how many more there are.
fn some(names: &[&str]) -> String {
    const SHOWN: usize = 2;
    let shown = names
        .iter()
        .take(SHOWN)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown}, +{more}"),
    }
}

/// Kept for the table of controls: the automated result as the JSON spells it.
pub fn automated_word(automated: Automated) -> String {
    word(&automated)
}
