//! Two values of a parameter, compared by what they mean.

use std::collections::BTreeSet;
use std::iter::Sum;

use crate::catalogue::Weaker;

/// Whether the value asks for less than what is wanted; an empty one asks for nothing.
pub fn asks_less(weaker: Weaker, value: &str, wanted: &str) -> bool {
    let members = |text| Members::of(weaker, text);
    match weaker {
        Weaker::Unit | Weaker::Never | Weaker::MissingFromRule | Weaker::ExtraInRule => false,
        Weaker::Narrows => {
            !value.is_empty() && (wanted.is_empty() || !members(value).include(&members(wanted)))
        }
        Weaker::Exempts => !members(wanted).include(&members(value)),
        Weaker::True => !is_false(value) && is_false(wanted),
        // Where nothing is asked for, nothing is less than that.
        _ if wanted.is_empty() => false,
        Weaker::False => is_true(wanted) && !is_true(value),
        Weaker::NotExactlyTrue => is_true(wanted) && value != "true",
        Weaker::MissingMember => !members(value).include(&members(wanted)),
        Weaker::MissingEntry => !entries(wanted).is_subset(&entries(value)),
        Weaker::ExtraMember => {
            members(value).is_empty() || !members(wanted).include(&members(value))
        }
        Weaker::Different => !is_same(value, wanted),
        Weaker::Higher | Weaker::HigherOrZero | Weaker::Lower => {
            !is_same(value, wanted) && is_weaker_number(weaker, value, wanted)
        }
    }
}

/// Whether it is known what the value does.
pub fn is_known(weaker: Weaker, value: &str) -> bool {
    let value = value.trim();
    match weaker {
        _ if value.is_empty() => true,
        Weaker::Higher | Weaker::HigherOrZero | Weaker::Lower => number(value).is_some(),
        Weaker::Unit => hours(value).is_some(),
        _ => true,
    }
}

/// How many hours the unit has.
pub fn hours(unit: &str) -> Option<f64> {
    match unit.to_ascii_lowercase().as_str() {
        "hours" => Some(1.0),
        "days" => Some(24.0),
        _ => None,
    }
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// What is no number is never as strong as one.
fn is_weaker_number(weaker: Weaker, value: &str, wanted: &str) -> bool {
    let limit = |text| {
        let number = number(text)?;
        // Below zero, and at zero where AWS says so, there is no limit.
        let none = number < 0.0 || weaker == Weaker::HigherOrZero && number == 0.0;
        Some(if none { f64::INFINITY } else { number })
    };
    let (value, wanted) = match weaker {
        Weaker::Lower => (number(wanted), number(value)),
        _ => (limit(value), limit(wanted)),
    };
    value
        .zip(wanted)
        .is_none_or(|(value, wanted)| value > wanted)
}

fn is_true(text: &str) -> bool {
    text.eq_ignore_ascii_case("true")
}

fn is_false(text: &str) -> bool {
    text.is_empty() || text.eq_ignore_ascii_case("false")
}

/// The same text, or a key of KMS by its ARN and by its id.
fn is_same(one: &str, other: &str) -> bool {
    let is_of = |arn: &str, id: &str| arn.split_once(":key/").is_some_and(|(_, key)| key == id);
    one == other || is_of(one, other) || is_of(other, one)
}

/// Engine and log of `engine: log, log; engine: log`.
fn entries(text: &str) -> BTreeSet<(String, String)> {
    let engines = text.split(';').filter_map(|engine| engine.split_once(':'));
    let entries = engines.flat_map(|(engine, logs)| {
        let engine = engine.trim().to_lowercase();
        let logs = logs.split(',').map(|log| log.trim().to_lowercase());
        logs.map(move |log| (engine.clone(), log))
    });
    entries.filter(|(_, log)| !log.is_empty()).collect()
}

/// The members of a comma-separated list.
#[derive(Default)]
pub struct Members {
    texts: BTreeSet<String>,
    /// The first and the last of each range.
    ports: BTreeSet<(u16, u16)>,
}

impl Members {
    pub fn of(weaker: Weaker, text: &str) -> Self {
        let mut members = Self::default();
        // Tags are one object in JSON, however it is laid out.
        if let Ok(object @ serde_json::Value::Object(_)) = serde_json::from_str(text) {
            members.texts.insert(object.to_string());
            return members;
        }
        let has_ports = matches!(weaker, Weaker::Exempts | Weaker::MissingFromRule);
        let listed = text.split(',').map(str::trim);
        for member in listed.filter(|member| !member.is_empty()) {
            if let Some(ports) = ports(member).filter(|_| has_ports) {
                members.ports.insert(ports);
            } else if weaker == Weaker::MissingMember {
                // Actions and AWS's own words are the same in any case.
                members.texts.insert(member.to_lowercase());
            } else {
                members.texts.insert(member.to_owned());
            }
        }
        members
    }

    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.ports.is_empty()
    }

    /// Whether every one of the others is among these, or stood for by one of these.
    pub fn include(&self, others: &Self) -> bool {
        let ranges = self.ranges();
        let has_ports = |(first, last): &(u16, u16)| {
            let before = ranges.partition_point(|range| range.0 <= *first);
            before > 0 && ranges[before - 1].1 >= *last
        };
        let has_text = |other: &String| {
            self.texts.contains(other) || self.texts.iter().any(|member| includes(member, other))
        };
        others.ports.iter().all(has_ports) && others.texts.iter().all(has_text)
    }

    /// The ranges, joined where they overlap or meet.
    fn ranges(&self) -> Vec<(u16, u16)> {
        let mut ranges: Vec<(u16, u16)> = Vec::new();
        for (first, last) in &self.ports {
            match ranges.last_mut() {
                Some(before) if *first <= before.1.saturating_add(1) => {
                    before.1 = before.1.max(*last);
                }
                _ => ranges.push((*first, *last)),
            }
        }
        ranges
    }
}

impl Sum for Members {
    fn sum<I: Iterator<Item = Self>>(lists: I) -> Self {
        lists.fold(Self::default(), |mut all, list| {
            all.texts.extend(list.texts);
            all.ports.extend(list.ports);
            all
        })
    }
}

/// `443`, `1020-1025`.
fn ports(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let ports = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (ports.0 <= ports.1).then_some(ports)
}

/// Whether a member stands for another, too.
fn includes(member: &str, other: &str) -> bool {
    match (member, other) {
        // AWS's word for every kind of traffic or event; and what is locked in the one mode nobody
        // can delete, in the other some can.
        ("all", _) | ("compliance", "governance") => true,
        _ => is_same(member, other) || matches(member.as_bytes(), other.as_bytes()),
    }
}

/// Whether the pattern matches all that the other one does: `*` is any text, `?` one character.
fn matches(pattern: &[u8], other: &[u8]) -> bool {
    let (mut at, mut next) = (0, 0);
    // The last `*`, and from where on it has been tried.
    let mut star = None;
    while let Some(byte) = other.get(next) {
        match (pattern.get(at), star) {
            (Some(b'*'), _) => {
                star = Some((at, next));
                at += 1;
            }
            (Some(own), _) if own == byte || *own == b'?' && *byte != b'*' => {
                (at, next) = (at + 1, next + 1);
            }
            (_, Some((before, tried))) => {
                star = Some((before, tried + 1));
                (at, next) = (before + 1, tried + 1);
            }
            (_, None) => return false,
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}
