//! Times with a zone, as other tools than AWS's print them.

use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};

/// With an offset, of which minutes may be missing.
const OFFSET: [&str; 7] = [
    "%Y-%m-%dT%H:%M:%S%.f%#z",
    // Python and others; Athena, Go.
    "%Y-%m-%d %H:%M:%S%.f%#z",
    "%Y-%m-%d %H:%M:%S%.f %#z",
    // Java leaves out seconds that are 0.
    "%Y-%m-%dT%H:%M%#z",
    "%Y%m%dT%H%M%S%#z",
    // JavaScript.
    "%a %b %d %Y %H:%M:%S GMT%#z",
    "%a, %d %b %Y %H:%M:%S %#z",
];
/// Without one, where a zone is named behind.
const NAMED: [&str; 3] = [
    "%Y-%m-%d %H:%M:%S%.f",
    "%a, %d %b %Y %H:%M:%S",
    "%a %b %d %H:%M:%S %Y",
];
/// Zones whose offset is certain at any time at which AWS Config wrote: Korea has had no summer time since
/// 1988. What `KST`, `PDT` and their like mean is not.
const ZONES: [(&str, i32); 6] = [
    ("UTC", 0),
    ("GMT", 0),
    ("Z", 0),
    ("Etc/UTC", 0),
    ("Universal", 0),
    ("Asia/Seoul", 9),
];

/// The moment, if the text names its zone.
pub fn read(text: &str) -> Option<DateTime<Utc>> {
    // Java repeats the zone's name in brackets, JavaScript in parentheses, Go without.
    let (plain, name) = without_name(text);
    let utc = plain.strip_suffix('Z').map(|plain| format!("{plain}+00"));
    let spelt = utc.as_deref().unwrap_or(plain);
    let mut moments = OFFSET
        .iter()
        .filter_map(|format| DateTime::parse_from_str(spelt, format).ok());
    moments
        .next()
        .map(|moment| moment.to_utc())
        .or_else(|| named(plain, name?))
        .or_else(|| unix(text))
}

/// A text without the name of a zone at its end, and the name.
pub fn without_name(text: &str) -> (&str, Option<&str>) {
    let bracket = text
        .strip_suffix([']', ')'])
        .and_then(|text| text.rsplit_once(['[', '(']));
    let Some((plain, name)) = bracket.or_else(|| text.rsplit_once(' ')) else {
        return (text, None);
    };
    let is_name = name.starts_with(char::is_alphabetic);
    if is_name {
        (plain.trim_end(), Some(name))
    } else {
        (text, None)
    }
}

fn named(plain: &str, name: &str) -> Option<DateTime<Utc>> {
    let (_, hours) = ZONES.iter().find(|(zone, _)| *zone == name)?;
    let zone = FixedOffset::east_opt(hours * 3600)?;
    let mut times = NAMED
        .iter()
        .filter_map(|format| NaiveDateTime::parse_from_str(plain, format).ok());
    let time = times.next()?.and_local_timezone(zone).single()?;
    Some(time.to_utc())
}

/// `Tue Jul 16 23:07:35 UTC 2019`: its zone stands in the middle.
fn unix(text: &str) -> Option<DateTime<Utc>> {
    let (before, year) = text.rsplit_once(' ')?;
    let (before, name) = before.rsplit_once(' ')?;
    named(&format!("{before} {year}"), name)
}
