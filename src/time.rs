//! Times as AWS's clients write them.

mod utc;
mod zoned;

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, SecondsFormat, Utc};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment in UTC, to the millisecond: what AWS Config gives.
pub type Moment = DateTime<Utc>;

/// The message of every text that is no time ends with this.
pub const NO_TIME: &str = "is not a time that AWS writes";
/// And that of Python's `datetime.datetime(2026, 9, 20, 1, 2, 3, tzinfo=tzlocal())`.
pub const REPR: &str = "is a time as Python's `repr` writes it";
/// As much of such a text is shown.
const SHOWN: usize = 80;
/// The year 2201, in microseconds since 1970: what lies beyond was written in another unit.
const END: i64 = 7_289_654_400_000_000;

/// `2026-09-30 10:02:03`, for people, in this timezone.
pub fn in_zone(moment: impl Into<Moment>, zone: FixedOffset) -> String {
    let local = moment.into().with_timezone(&zone);
    local.format("%Y-%m-%d %H:%M:%S").to_string()
}

/// A time as it stands in an export: a moment, or a text without a zone, which orders nothing and
/// lies in no period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsTime(Form);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    /// Microseconds since 1970: finer than any client writes.
    Known(i64),
    Unzoned(Box<Unzoned>),
}

/// Behind a thin pointer: such times are rare, and others are millions.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Unzoned(Box<str>);

impl From<Moment> for AwsTime {
    fn from(moment: Moment) -> Self {
        Self(Form::Known(moment.timestamp_micros()))
    }
}

impl AwsTime {
    /// For people, in this timezone; a time without a zone stays as AWS told it.
    pub fn in_zone(&self, zone: FixedOffset) -> String {
        let told = || self.to_string().replacen('T', " ", 1);
        self.moment()
            .map_or_else(told, |moment| in_zone(moment, zone))
    }

    /// The moment, where the zone is known.
    pub fn moment(&self) -> Option<Moment> {
        match self.0 {
            Form::Known(micros) => DateTime::from_timestamp_micros(micros),
            Form::Unzoned(_) => None,
        }
    }

    /// Whether an export may tell of it: milliseconds that are taken for seconds lie outside.
    fn is_likely(&self) -> bool {
        match &self.0 {
            Form::Known(micros) => (0..END).contains(micros),
            Form::Unzoned(text) => {
                let time = unzoned(&text.0).map(|time| time.and_utc().timestamp_micros());
                time.is_some_and(|micros| (0..END).contains(&micros))
            }
        }
    }

    fn unzoned(text: &str) -> Self {
        Self(Form::Unzoned(Box::new(Unzoned(text.into()))))
    }

    /// Reads the forms of text: with a zone those of RFC 3339, ISO 8601, HTTP and of what Athena, Go, Java,
    /// JavaScript, `PostgreSQL` and PowerShell print; seconds since 1970 or smaller units; and times without
    /// a zone, which are kept as they are. Anything else is `None`.
    pub fn from_text(text: &str) -> Option<Self> {
        if let Some(time) = utc::read(text) {
            return Some(time.into());
        }
        if let Ok(time) = DateTime::parse_from_rfc3339(text) {
            return Some(time.to_utc().into());
        }
        if let Some(time) = text.strip_prefix("/Date(") {
            return Self::from_net(time.strip_suffix(")/")?);
        }
        if let Some(time) = zoned::read(text) {
            return Some(time.into());
        }
        if text.starts_with(|first: char| first.is_ascii_digit())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.')
        {
            // Fewer digits may be a date: `20260920`.
            let likely = text
                .split('.')
                .next()
                .is_some_and(|whole| whole.len() >= 10);
            return Self::from_count(text.parse().ok().filter(|_| likely)?);
        }
        unzoned(text).map(|_| Self::unzoned(text))
    }

    /// Reads milliseconds since 1970, as OCSF counts: thirteen digits, or it was another unit.
    pub fn from_millis(millis: i64) -> Option<Self> {
        let time = DateTime::from_timestamp_millis(millis).map(Self::from);
        time.filter(|time| millis >= 1_000_000_000_000 && time.is_likely())
    }

    /// `/Date(1450314635065)/` of PowerShell 5: milliseconds since 1970, an offset changes nothing.
    fn from_net(text: &str) -> Option<Self> {
        let sign = text.rfind(['+', '-']).filter(|at| *at > 0);
        let millis = text[..sign.unwrap_or(text.len())].parse().ok()?;
        DateTime::from_timestamp_millis(millis).map(Self::from)
    }

    /// What recorders of API answers (placebo) write, the parts of a Python `datetime` without its zone;
    /// and PowerShell's and `MongoDB`'s objects around a text.
    fn from_parts(parts: &Parts) -> Option<Self> {
        if let Some(text) = &parts.value {
            return Self::from_text(text);
        }
        let date = NaiveDate::from_ymd_opt(parts.year?, parts.month?, parts.day?)?;
        let time =
            date.and_hms_micro_opt(parts.hour, parts.minute, parts.second, parts.microsecond)?;
        Some(Self::unzoned(&time.to_string()))
    }

    /// Seconds since 1970, or milli-, micro- or nanoseconds: between the years 2001 and 2200 none can be
    /// mistaken for another. To the microsecond, which a double holds of seconds and milliseconds.
    fn from_count(count: f64) -> Option<Self> {
        const LAST: f64 = 7_289_654_400.0;
        let micros = match count {
            0.0..LAST => count * 1e6,
            _ if (1e12..LAST * 1e3).contains(&count) => count * 1e3,
            _ if (1e15..LAST * 1e6).contains(&count) => count,
            _ if (1e18..LAST * 1e9).contains(&count) => count / 1e3,
            _ => return None,
        };
        #[expect(clippy::cast_possible_truncation, reason = "below the year 2201")]
        DateTime::from_timestamp_micros(micros.round() as i64).map(Self::from)
    }
}

/// An object that stands for a time.
#[derive(Deserialize)]
struct Parts {
    #[serde(alias = "$date")]
    value: Option<String>,
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
    #[serde(default)]
    hour: u32,
    #[serde(default)]
    minute: u32,
    #[serde(default)]
    second: u32,
    #[serde(default)]
    microsecond: u32,
}

/// What a clock showed, of a time without a zone or with one whose name does not tell the offset.
fn unzoned(text: &str) -> Option<NaiveDateTime> {
    // As PowerShell writes it on a Korean Windows.
    let korean = text.replace("오전", "AM").replace("오후", "PM");
    let (plain, _) = zoned::without_name(&korean);
    let mut read = LOCAL.iter().filter_map(|format| {
        let whole = NaiveDateTime::parse_from_str(&korean, format);
        whole
            .or_else(|_| NaiveDateTime::parse_from_str(plain, format))
            .ok()
    });
    read.next().or_else(|| unix_date(text))
}

/// Which of day and month comes first in the third and the fourth, nobody knows: no zone is known either.
const LOCAL: [&str; 5] = [
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
    "%m/%d/%Y %I:%M:%S %p",
    "%d/%m/%Y %I:%M:%S %p",
    "%Y-%m-%d %p %I:%M:%S",
];

/// `Tue Jul 16 23:07:35 PDT 2019`: what `PDT` and its like mean is not certain.
fn unix_date(text: &str) -> Option<NaiveDateTime> {
    let words: Vec<&str> = text.split(' ').collect();
    let [_, month, day, time, _, year] = words[..] else {
        return None;
    };
    let date = format!("{month} {day} {time} {year}");
    NaiveDateTime::parse_from_str(&date, "%b %d %H:%M:%S %Y").ok()
}

/// RFC 3339 in UTC with milliseconds where there are any.
pub fn rfc3339(moment: Moment) -> String {
    moment.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

impl fmt::Display for AwsTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.moment(), &self.0) {
            (Some(moment), _) => f.write_str(&rfc3339(moment)),
            (None, Form::Unzoned(text)) => f.write_str(&text.0),
            (None, Form::Known(micros)) => write!(f, "{micros} microseconds since 1970"),
        }
    }
}

impl Serialize for AwsTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AwsTime {
    /// A text, a number or an object, of a year in which AWS may have written it.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Read)
    }
}

struct Read;

impl Read {
    fn checked<E: de::Error>(
        read: Option<AwsTime>,
        shown: impl fmt::Display,
    ) -> Result<AwsTime, E> {
        read.filter(AwsTime::is_likely)
            .ok_or_else(|| E::custom(format_args!("`{shown}` {NO_TIME}")))
    }
}

impl<'de> Visitor<'de> for Read {
    type Value = AwsTime;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<AwsTime, E> {
        let shown: String = text.chars().take(SHOWN).collect();
        if text.starts_with("datetime.") {
            return Err(E::custom(format_args!("`{shown:?}` {REPR}")));
        }
        Self::checked(AwsTime::from_text(text), format_args!("{shown:?}"))
    }

    fn visit_f64<E: de::Error>(self, count: f64) -> Result<AwsTime, E> {
        Self::checked(AwsTime::from_count(count), count)
    }

    #[expect(clippy::cast_precision_loss, reason = "a microsecond of nanoseconds")]
    fn visit_u64<E: de::Error>(self, count: u64) -> Result<AwsTime, E> {
        Self::checked(AwsTime::from_count(count as f64), count)
    }

    fn visit_i64<E: de::Error>(self, count: i64) -> Result<AwsTime, E> {
        Self::checked(None, count)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<AwsTime, E> {
        Self::checked(None, value)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<AwsTime, A::Error> {
        let parts = Parts::deserialize(MapAccessDeserializer::new(map))?;
        Self::checked(AwsTime::from_parts(&parts), "an object")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> String {
        serde_json::from_str::<AwsTime>(json)
            .expect("a time")
            .to_string()
    }

    #[test]
    fn every_clients_form_of_one_moment_is_the_same_moment() {
        for json in [
            "1450314635.065",
            "1.450314635065E9",
            "\"2015-12-17T01:10:35.065Z\"",
            "\"2015-12-17T10:10:35.065000+09:00\"",
            "\"2015-12-17T10:10:35.065+0900\"",
            "\"2015-12-17 10:10:35.065000+09:00\"",
            "\"/Date(1450314635065)/\"",
            "\"/Date(1450314635065+0900)/\"",
            r#"{"value":"\/Date(1450314635065)\/","DateTime":"2015년 12월 17일"}"#,
            r#"{"$date":"2015-12-17T01:10:35.065Z"}"#,
            "1450314635065",
            "1450314635065.0",
            "1.450314635065E12",
            "1450314635065000",
            "1450314635065000000",
            "\"1450314635.065\"",
            "\"1450314635065\"",
            "\"2015-12-17T01:10:35.0650000Z\"",
            "\"2015-12-17T10:10:35.0650000+09:00\"",
            "\"2015-12-17 01:10:35.065 UTC\"",
            "\"2015-12-17 01:10:35.065 GMT\"",
            "\"2015-12-17 01:10:35.065 Z\"",
            "\"2015-12-17 10:10:35.065 Asia/Seoul\"",
            "\"2015-12-17 10:10:35.065 +09:00\"",
            "\"2015-12-17 10:10:35.065 +0900 KST\"",
            "\"2015-12-17 01:10:35.065+00\"",
            "\"2015-12-17T10:10:35.065+09:00[Asia/Seoul]\"",
        ] {
            assert_eq!(read(json), "2015-12-17T01:10:35.065Z", "{json}");
        }
        for json in [
            "1450314645",
            "\"1450314645\"",
            "\"2015-12-17 10:10:45+09:00\"",
            "\"20151217T011045Z\"",
            "\"Thu, 17 Dec 2015 01:10:45 GMT\"",
            "\"Thu, 17 Dec 2015 10:10:45 +0900\"",
            "\"Thu Dec 17 01:10:45 UTC 2015\"",
            "\"Thu Dec 17 2015 10:10:45 GMT+0900 (대한민국 표준시)\"",
        ] {
            assert_eq!(read(json), "2015-12-17T01:10:45Z", "{json}");
        }
        assert_eq!(read("\"2015-12-17T10:10+09:00\""), "2015-12-17T01:10:00Z");
        assert_eq!(read("1450314635.065123"), "2015-12-17T01:10:35.065123Z");
    }

    #[test]
    fn a_time_without_a_zone_is_kept_as_text() {
        for text in [
            "2025-02-14 14:27:03.913874",
            "2025-02-14T14:27:03",
            "2025-02-14T14:27:03.9138741",
            "Tue Jul 16 23:07:35 PDT 2019",
            "2/14/2025 2:27:03 PM",
            "2025-02-14 오후 2:27:03",
            "2025-02-14 14:27:03.913 America/New_York",
            "2025-02-14 14:27:03 KST",
        ] {
            let time: AwsTime = serde_json::from_str(&format!("\"{text}\"")).expect("a time");
            assert_eq!(time, AwsTime::unzoned(text));
            assert_eq!(time.moment(), None);
        }
    }

    #[test]
    fn the_parts_of_a_python_datetime_have_no_zone() {
        let json = r#"{"__class__":"datetime","year":2018,"month":7,"day":11,"hour":8,"minute":20,"second":23,"microsecond":955000}"#;
        let time: AwsTime = serde_json::from_str(json).expect("a time");
        assert_eq!(time, AwsTime::unzoned("2018-07-11 08:20:23.955"));
    }

    #[test]
    fn a_time_takes_two_words() {
        assert_eq!(size_of::<Option<AwsTime>>(), 16);
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for json in [
            "\"yesterday\"",
            "true",
            "1e999",
            "\"\"",
            "{}",
            "[]",
            "\"2025-02-14 14:27:03 of the third volume\"",
            "\"1.450314635065E9\"",
        ] {
            assert!(serde_json::from_str::<AwsTime>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn what_python_prints_of_a_datetime_is_named() {
        let json = "\"datetime.datetime(2026, 9, 20, 1, 2, 3, tzinfo=tzutc())\"";
        let error = serde_json::from_str::<AwsTime>(json).expect_err("no time");
        assert!(error.to_string().contains(REPR), "{error}");
    }

    #[test]
    fn other_years_than_aws_has_are_no_time() {
        for json in [
            "100000000000",
            "7289654400000",
            "10000000000",
            "-1",
            "-1.5",
            "\"20151217\"",
            "\"20151217011045\"",
            "\"1969-12-31T23:59:59Z\"",
            "\"0001-01-01T00:00:00\"",
            "\"2201-01-01T00:00:00Z\"",
            "\"2201-01-01 00:00:00\"",
            "\"+047928-11-02T05:37:45Z\"",
            "\"Tue Jul 16 23:07:35 PDT 9999\"",
            "\"/Date(-62135596800000)/\"",
            "\"/Date(1450314635065000)/\"",
            r#"{"year":1,"month":1,"day":1}"#,
        ] {
            assert!(serde_json::from_str::<AwsTime>(json).is_err(), "{json}");
        }
        for json in ["0", "7258118399", "\"2200-12-31T23:59:59Z\""] {
            assert!(serde_json::from_str::<AwsTime>(json).is_ok(), "{json}");
        }
    }
}
