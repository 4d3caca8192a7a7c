//! Times as AWS's clients write them.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, SecondsFormat, Utc};
use serde::de;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// A moment in UTC, to the millisecond: what AWS Config gives.
pub type Moment = DateTime<Utc>;

/// The message of every text that is no time ends with this.
pub const NO_TIME: &str = "is not a time that AWS writes";
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

    /// Reads the text forms: RFC 3339, the same with a space (Python), and zone-less forms,
    /// which are kept as they are. Anything else is `None`.
    pub fn from_text(text: &str) -> Option<Self> {
        if let Ok(time) = DateTime::parse_from_rfc3339(text) {
            return Some(time.to_utc().into());
        }
        if let Some(time) = text.strip_prefix("/Date(") {
            return Self::from_net(time.strip_suffix(")/")?);
        }
        for format in ["%Y-%m-%d %H:%M:%S%.f%:z", "%Y-%m-%dT%H:%M:%S%.f%z"] {
            if let Ok(time) = DateTime::parse_from_str(text, format) {
                return Some(time.to_utc().into());
            }
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

    /// What recorders of API answers (placebo) write: the parts of a Python `datetime`, without
    /// its zone.
    fn from_parts(parts: &Parts) -> Option<Self> {
        let date = NaiveDate::from_ymd_opt(parts.year, parts.month, parts.day)?;
        let time =
            date.and_hms_micro_opt(parts.hour, parts.minute, parts.second, parts.microsecond)?;
        Some(Self::unzoned(&time.to_string()))
    }

    /// Reads seconds since 1970 from their decimal text, exactly to the millisecond.
    pub fn from_epoch(text: &str) -> Option<Self> {
        let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
        let plain = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit());
        if !plain(seconds.strip_prefix('-').unwrap_or(seconds)) || !plain(fraction) {
            return Self::from_exponent(text);
        }
        let millis: i64 = format!("{fraction:0<3}")[..3].parse().ok()?;
        let sign = if seconds.starts_with('-') { -1 } else { 1 };
        let seconds: i64 = seconds.parse().ok()?;
        let total = seconds.checked_mul(1000)?.checked_add(sign * millis)?;
        DateTime::from_timestamp_millis(total).map(Self::from)
    }

    /// `1.450314635065E9`, as some JSON writers print a double.
    fn from_exponent(text: &str) -> Option<Self> {
        let seconds: f64 = text.parse().ok()?;
        let millis = (seconds * 1000.0).round();
        // Beyond this a double no longer holds whole milliseconds, nor chrono the year.
        if !millis.is_finite() || millis.abs() > 8.0e15 {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "bounded just above")]
        DateTime::from_timestamp_millis(millis as i64).map(Self::from)
    }
}

#[derive(Deserialize)]
struct Parts {
    year: i32,
    month: u32,
    day: u32,
    #[serde(default)]
    hour: u32,
    #[serde(default)]
    minute: u32,
    #[serde(default)]
    second: u32,
    #[serde(default)]
    microsecond: u32,
}

/// What a clock showed, of a time without a zone.
fn unzoned(text: &str) -> Option<NaiveDateTime> {
    let formats = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"];
    let mut read = formats
        .iter()
        .filter_map(|format| NaiveDateTime::parse_and_remainder(text, format).ok());
    read.next()
        .map(|(time, _)| time)
        .or_else(|| unix_date(text))
}

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
    /// A JSON string or number, of a year in which AWS may have written it; the number is read from
    /// its own digits, not through a double.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        let read = if raw.starts_with('{') {
            serde_json::from_str(raw)
                .ok()
                .and_then(|parts| Self::from_parts(&parts))
        } else if raw.starts_with('"') {
            let text: Cow<'_, str> = serde_json::from_str(raw).map_err(de::Error::custom)?;
            Self::from_text(&text)
        } else {
            Self::from_epoch(raw)
        };
        read.filter(Self::is_likely)
            .ok_or_else(|| de::Error::custom(format_args!("`{raw}` {NO_TIME}")))
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
        ] {
            assert_eq!(read(json), "2015-12-17T01:10:35.065Z", "{json}");
        }
        assert_eq!(
            read("\"2015-12-17 10:10:45+09:00\""),
            "2015-12-17T01:10:45Z"
        );
    }

    #[test]
    fn a_time_without_a_zone_is_kept_as_text() {
        for text in [
            "2025-02-14 14:27:03.913874",
            "2025-02-14T14:27:03",
            "Tue Jul 16 23:07:35 PDT 2019",
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
        for json in ["\"yesterday\"", "true", "1e999", "\"\"", "{}"] {
            assert!(serde_json::from_str::<AwsTime>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn milliseconds_and_other_years_than_aws_has_are_no_time() {
        for json in [
            "1450314635065",
            "1450314635065.0",
            "1.450314635065E12",
            "1450314635065000",
            "100000000000",
            "-1.5",
            "\"1450314635\"",
            "\"1450314635.065\"",
            "\"1450314635065\"",
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
