//! The period under audit: half-open, [from, to), in the engagement's timezone.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::time::{Moment, rfc3339};

/// A half-open stretch of time with the name the engagement gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// `2026Q3`, or `2026-07-01_2026-09-30`: part of the bundle's name.
    pub label: String,
    /// The first moment inside.
    pub from: DateTime<FixedOffset>,
    /// The first moment after.
    pub to: DateTime<FixedOffset>,
}

/// The text names no period.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// Not a quarter.
    #[error("`{0}` is not a quarter such as `2026Q3`")]
    Quarter(String),
    /// Not a date of the calendar.
    #[error("`{0}` is not a date such as `2026-07-01`")]
    Date(String),
    /// The last day lies before the first.
    #[error("the period ends before it begins")]
    Reversed,
}

impl Period {
    /// A calendar quarter, written `2026Q3`, in `zone`.
    pub fn quarter(text: &str, zone: FixedOffset) -> Result<Self, PeriodError> {
        let wrong = || PeriodError::Quarter(text.to_owned());
        let (year, quarter) = text.split_once('Q').ok_or_else(wrong)?;
        if year.len() != 4 || quarter.len() != 1 {
            return Err(wrong());
        }
        // `+202` is a number too, but no year.
        let digits = year.bytes().all(|b| b.is_ascii_digit());
        let year: i32 = year.parse().ok().filter(|_| digits).ok_or_else(wrong)?;
        let quarter: u32 = quarter
            .parse()
            .ok()
            .filter(|q| (1..=4).contains(q))
            .ok_or_else(wrong)?;
        let first = |quarter: u32, year| NaiveDate::from_ymd_opt(year, quarter * 3 - 2, 1);
        let from = first(quarter, year).ok_or_else(wrong)?;
        let next = if quarter == 4 {
            first(1, year + 1)
        } else {
            first(quarter + 1, year)
        };
        Self::days(text.to_owned(), from, next.ok_or_else(wrong)?, zone)
    }

    /// From the first to the last day, both inclusive as people say it, each `2026-07-01`.
    pub fn between(first: &str, last: &str, zone: FixedOffset) -> Result<Self, PeriodError> {
        let date = |text: &str| day(text).ok_or_else(|| PeriodError::Date(text.to_owned()));
        let after = date(last)?
            .checked_add_days(Days::new(1))
            .ok_or_else(|| PeriodError::Date(last.to_owned()))?;
        Self::days(format!("{first}_{last}"), date(first)?, after, zone)
    }

    fn days(
        label: String,
        from: NaiveDate,
        to: NaiveDate,
        zone: FixedOffset,
    ) -> Result<Self, PeriodError> {
        if to <= from {
            return Err(PeriodError::Reversed);
        }
        let midnight = |day: NaiveDate| {
            day.and_time(NaiveTime::MIN)
                .and_local_timezone(zone)
                .single()
                .ok_or_else(|| PeriodError::Date(day.to_string()))
        };
        Ok(Self {
            label,
            from: midnight(from)?,
            to: midnight(to)?,
        })
    }

    /// Whether the moment lies inside.
    pub fn contains(&self, moment: Moment) -> bool {
        self.from <= moment && moment < self.to
    }

    /// Whether something that held from `start` until and including `end` held at some moment
    /// of the period.
    pub fn meets(&self, start: Moment, end: Moment) -> bool {
        start < self.to && end >= self.from
    }

    /// Whether the moment lies after the period.
    pub fn is_before(&self, moment: Moment) -> bool {
        self.to <= moment
    }

    /// The timezone in which the period is meant.
    pub fn zone(&self) -> FixedOffset {
        *self.from.offset()
    }
}

/// A day written exactly `2026-07-01`: four, two and two digits (RFC 3339, `full-date`).
pub fn day(text: &str) -> Option<NaiveDate> {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    shaped.then(|| NaiveDate::from_str(text).ok())?
}

/// The day that a text in another common form means, as it should be written: `2026.9.30`,
/// `2026/9/30` and `2026. 9. 30.` are all `2026-09-30`.
pub fn rewritten(text: &str) -> Option<String> {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .take(20)
        .collect();
    let parts: Vec<&str> = plain.trim_end_matches('.').split(['.', '/', '-']).collect();
    let [year, month, date] = parts.as_slice() else {
        return None;
    };
    let written = format!("{year:0>4}-{month:0>2}-{date:0>2}");
    day(&written).filter(|_| year.len() == 4)?;
    Some(written)
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} to {}",
            rfc3339(self.from.to_utc()),
            rfc3339(self.to.to_utc())
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seoul() -> FixedOffset {
        FixedOffset::east_opt(9 * 3600).expect("nine hours")
    }

    fn at(text: &str) -> Moment {
        text.parse().expect("a time")
    }

    #[test]
    fn a_period_is_half_open_in_the_engagements_timezone() {
        let period = Period::quarter("2026Q3", seoul()).expect("a quarter");
        assert!(period.contains(at("2026-06-30T15:00:00Z")));
        assert!(!period.contains(at("2026-06-30T14:59:59.999Z")));
        assert!(period.contains(at("2026-09-30T14:59:59.999Z")));
        assert!(!period.contains(at("2026-09-30T15:00:00Z")));
        assert!(period.is_before(at("2026-09-30T15:00:00Z")));
    }

    #[test]
    fn a_quarter_and_its_days_are_the_same_time() {
        let quarter = Period::quarter("2026Q4", seoul()).expect("a quarter");
        let days = Period::between("2026-10-01", "2026-12-31", seoul()).expect("days");
        assert_eq!((quarter.from, quarter.to), (days.from, days.to));
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in [
            "2026Q5", "2026Q0", "26Q3", "2026q3", "2026Q33", "+202Q3", "",
        ] {
            assert!(Period::quarter(text, seoul()).is_err(), "{text}");
        }
        assert_eq!(
            Period::between("2026-09-30", "2026-07-01", seoul()),
            Err(PeriodError::Reversed)
        );
        assert!(Period::between("2026-02-30", "2026-07-01", seoul()).is_err());
        assert!(Period::between("2026-7-1", "2026-09-30", seoul()).is_err());
        assert!(Period::between("2026-07-01", "2026 -09-30", seoul()).is_err());
    }
}
