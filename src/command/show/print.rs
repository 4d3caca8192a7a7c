//! A finding on the screen.

use std::io;

use chrono::FixedOffset;
use serde_json::value::RawValue;

use crate::assess::{Finding, Other, Relation, Source};
use crate::catalogue::catalogue;
use crate::evidence::Parameters;
use crate::report::terminal::escape;
use crate::time::AwsTime;

use super::super::Screen;
use super::super::check::field;
use super::Shown;

type Line = (&'static str, String);

/// What is known first, then what AWS wrote, record by record.
pub fn print(shown: &Shown<'_>, zone: FixedOffset, screen: &mut Screen<'_>) -> io::Result<()> {
    let lines = [
        finding_lines(shown, zone, screen),
        related_lines(shown, zone, screen),
    ]
    .concat();
    for (label, value) in lines {
        field(screen, label, &escape(&value))?;
    }
    let label = screen.words("평가 원문", "evaluation");
    raw(label, &shown.finding.source, &shown.evaluation, screen)?;
    for other in &shown.others {
        let label = relation(other.other.relation, screen);
        raw(label, &other.other.source, &other.evaluation, screen)?;
    }
    match &shown.configuration_item {
        Some(item) => raw(
            screen.words("구성 항목", "item"),
            &item.source,
            &item.record,
            screen,
        ),
        None => Ok(()),
    }
}

/// In the engagement's timezone, which it names; a time without a zone as AWS told it.
fn time(time: Option<&AwsTime>, zone: FixedOffset) -> String {
    let Some(time) = time else {
        return String::new();
    };
    match time.moment() {
        Some(_) => format!("{} (UTC{zone})", time.in_zone(zone)),
        None => time.to_string(),
    }
}

fn finding_lines(shown: &Shown<'_>, zone: FixedOffset, screen: &Screen<'_>) -> Vec<Line> {
    let finding = shown.finding;
    let words = |ko, en| screen.words(ko, en);
    let controls: Vec<String> = finding.controls.iter().map(ToString::to_string).collect();
    let name = finding.resource_name.as_deref().unwrap_or_default();
    let state = match (shown.gone, finding.in_period) {
        (true, _) => words("지금은 없는 자원", "gone"),
        (false, true) => words("기간 안에 유효", "in the period"),
        (false, false) => words("기간 밖", "outside the period"),
    };
    let regions = finding.regions.join(", ");
    let place = match finding.region.as_str() {
        "global" => format!(
            "global ({} {regions})",
            words("기록된 리전:", "recorded in")
        ),
        region => region.to_owned(),
    };
    let deployed = words("배포된 이름:", "deployed as");
    vec![
        (words("판정 번호", "finding"), finding.id.to_string()),
        (
            words("판정 결과", "status"),
            format!("{}, {state}", finding.status),
        ),
        (
            words("규칙", "rule"),
            format!("{} ({deployed} {})", finding.rule, finding.deployed_rule),
        ),
        (words("통제항목", "controls"), controls.join(", ")),
        (
            words("위치", "place"),
            format!("{} {place}", finding.account),
        ),
        (
            words("자원", "resource"),
            format!("{} {} {name}", finding.resource_type, finding.resource_id),
        ),
        (
            words("평가", "evaluated"),
            time(finding.evaluated_at.as_ref(), zone),
        ),
        (
            words("기록", "recorded"),
            time(finding.recorded_at.as_ref(), zone),
        ),
        (
            words("지문", "fingerprint"),
            finding.fingerprint.to_string(),
        ),
    ]
}

fn related_lines(shown: &Shown<'_>, zone: FixedOffset, screen: &Screen<'_>) -> Vec<Line> {
    let finding = shown.finding;
    let words = |ko, en| screen.words(ko, en);
    let weaker = finding.weaker_parameters.iter().map(|weaker| {
        let baseline = words("기준", "baseline");
        let deployed = Some(&*weaker.deployed).filter(|deployed| !deployed.is_empty());
        let deployed = deployed.unwrap_or("–");
        let text = format!(
            "{} = {deployed} ({baseline} {})",
            weaker.name, weaker.baseline
        );
        (words("약한 값", "weaker"), text)
    });
    let unknown = Some(listed(&finding.unknown_parameters)).filter(|text| !text.is_empty());
    let unknown = unknown.map(|text| (words("알 수 없음", "unknown"), text));
    let set = parameters(finding, screen).map(|text| (words("매개변수", "parameters"), text));
    let shortfall = finding.shortfall.iter();
    let shortfall = shortfall.map(|text| (words("일부만", "judges only"), text.clone()));
    let others = shown.others.iter().map(|shown| {
        let other = shown.other;
        (relation(other.relation, screen), verdict(other, zone))
    });
    let decisions = shown.decisions.iter().map(|decision| {
        let until = decision.expires_on.map(|date| format!(" ~ {date}"));
        let text = format!(
            "{} {} ({}{}) {}: {}",
            decision.id,
            screen.term("decision_kind", &decision.kind),
            screen.term("decision_state", &decision.state),
            until.unwrap_or_default(),
            decision.owner,
            // Its lines, one behind the other.
            decision.reason.lines().collect::<Vec<_>>().join(" / ")
        );
        (words("결정", "decision"), text)
    });
    let also = shown.other_findings.iter().map(|other| {
        let text = format!(
            "{} {} {} {}",
            other.id, other.status, other.rule, other.region
        );
        (words("같은 자원", "also"), text)
    });
    let lines = set.into_iter().chain(weaker).chain(unknown);
    let lines = lines.chain(shortfall).chain(others);
    lines.chain(decisions).chain(also).collect()
}

/// The deployed parameters; that they are unknown is said where the rule has any.
fn parameters(finding: &Finding, screen: &Screen<'_>) -> Option<String> {
    let rule = catalogue().rules.get(&finding.rule);
    match &finding.parameters {
        Some(deployed) => Some(listed(deployed)).filter(|text| !text.is_empty()),
        None => rule.filter(|rule| !rule.parameters.is_empty()).map(|_| {
            let unknown = screen.words(
                "알 수 없음: describe-config-rules에 있습니다",
                "unknown: describe-config-rules tells them",
            );
            unknown.to_owned()
        }),
    }
}

fn listed(parameters: &Parameters) -> String {
    let set = parameters
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    set.collect::<Vec<_>>().join(", ")
}

fn verdict(other: &Other, zone: FixedOffset) -> String {
    let time = time(other.recorded_at.as_ref(), zone);
    let parameters = other.parameters.as_ref().map(listed).unwrap_or_default();
    let parts = [
        other.status.as_str(),
        &other.deployed_rule,
        &other.region,
        &time,
        &parameters,
    ];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

fn relation(relation: Relation, screen: &Screen<'_>) -> &'static str {
    match relation {
        Relation::Copy => screen.words("다른 배포", "copy"),
        Relation::Contradiction => screen.words("상충", "contradicts"),
        Relation::Same => screen.words("같은 판정", "same"),
        Relation::Older => screen.words("이전", "older"),
        Relation::Later => screen.words("기간 후", "later"),
        Relation::Gone => screen.words("없어짐", "gone"),
    }
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
