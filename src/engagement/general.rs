//! `[engagement]`: what is audited, by whom and when.

use chrono::FixedOffset;
use toml::Spanned;
use toml::de::DeValue;

use super::Language;
use super::table::{Reader, Table, kind};
use crate::catalogue::Scheme;
use crate::fault::{did_you_mean, shown};
use crate::period::{Period, PeriodError, rewritten};

const KEYS: [&str; 8] = [
    "organization",
    "scope",
    "scheme",
    "period",
    "prepared_by",
    "reviewed_by",
    "language",
    "timezone",
];
const SCHEMES: [(&str, Scheme); 2] = [("isms", Scheme::Isms), ("isms-p", Scheme::IsmsP)];
const LANGUAGES: [(&str, Language); 2] = [("ko", Language::Ko), ("en", Language::En)];
const ZONE_HINT: &str = "write it as in `+09:00`";
const PERIOD_HINT: &str =
    "write a quarter, `2026Q3`, or days, { from = \"2026-07-01\", to = \"2026-09-30\" }";

/// The table's values.
pub(super) struct General {
    pub organization: String,
    pub scope: String,
    pub scheme: Scheme,
    pub period: Period,
    pub prepared_by: String,
    pub reviewed_by: String,
    pub language: Language,
}

/// The values; `None` where a fault leaves nothing to put in their place.
pub(super) fn read(reader: &mut Reader<'_>, table: &Table<'_, '_>) -> Option<General> {
    reader.only(table, &KEYS);
    let mut text = |key, hint| reader.required(table, key, hint).map(str::to_owned);
    let organization = text(
        "organization",
        "fill in the applicant's name: \"주식회사 예시\"",
    );
    let scope = text(
        "scope",
        "fill in the service under certification: \"예시몰 서비스 운영\"",
    );
    let prepared_by = text(
        "prepared_by",
        "fill in who prepares the package: \"홍길동 (정보보호팀)\"",
    );
    let reviewed_by = text("reviewed_by", "fill in who reviews it: \"김감사 (CISO)\"");
    let scheme = choice(reader, table, "scheme", &SCHEMES, None);
    let language = choice(reader, table, "language", &LANGUAGES, Some(Language::Ko));
    let zone = zone(reader, table);
    let period = period(reader, table, zone);
    Some(General {
        organization: organization?,
        scope: scope?,
        scheme: scheme?,
        period: period?,
        prepared_by: prepared_by?,
        reviewed_by: reviewed_by?,
        language: language?,
    })
}

/// One of the known words; `absent` where the key is not there, a fault if there is no such.
fn choice<T: Copy>(
    reader: &mut Reader<'_>,
    table: &Table<'_, '_>,
    key: &str,
    known: &[(&str, T)],
    absent: Option<T>,
) -> Option<T> {
    if absent.is_some() && table.get(key).is_none() {
        return absent;
    }
    let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
    let hint = format!("write \"{}\"", words.join("\" or \""));
    let text = reader.required(table, key, &hint)?;
    let found = known.iter().find(|(word, _)| *word == text);
    if found.is_none() {
        let span = table.get(key).map_or(table.span(), Spanned::span);
        let message = format!("`{key}` does not know `{}`", shown(text));
        reader.fault(span, message, did_you_mean(text, &words));
    }
    found.map(|(_, meaning)| *meaning)
}

/// The timezone. After a fault it is Korea's, so that the period can still be checked.
fn zone(reader: &mut Reader<'_>, table: &Table<'_, '_>) -> FixedOffset {
    let korea = FixedOffset::east_opt(9 * 3600).expect("nine hours");
    let Some(value) = table.get("timezone") else {
        return korea;
    };
    let Some(text) = reader.as_text("timezone", value, ZONE_HINT) else {
        return korea;
    };
    offset(text).unwrap_or_else(|| {
        let message = format!("`timezone` `{}` is not an offset from UTC", shown(text));
        reader.fault(value.span(), message, ZONE_HINT);
        korea
    })
}

/// RFC 3339's `time-numoffset`, no further from UTC than any place on earth.
fn offset(text: &str) -> Option<FixedOffset> {
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, text.strip_prefix('+')?),
        b'-' => (-1, text.strip_prefix('-')?),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let number = |digits: &str, most| {
        let plain = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
        digits.parse::<i32>().ok().filter(|n| plain && *n <= most)
    };
    let seconds = number(hours, 14)? * 3600 + number(minutes, 59)? * 60;
    FixedOffset::east_opt(sign * seconds)
}

fn period(reader: &mut Reader<'_>, table: &Table<'_, '_>, zone: FixedOffset) -> Option<Period> {
    let Some(value) = table.get("period") else {
        let message = format!("`period` is missing in `{}`", table.name());
        reader.fault(table.span(), message, PERIOD_HINT);
        return None;
    };
    let period = match value.get_ref() {
        DeValue::Table(_) => {
            let days = reader.as_table("engagement.period", value)?;
            reader.only(&days, &["from", "to"]);
            let from = day(reader, &days, "from");
            let to = day(reader, &days, "to");
            Period::between(&from?, &to?, zone)
        }
        _ => Period::quarter(reader.as_text("period", value, PERIOD_HINT)?, zone),
    };
    period
        .inspect_err(|error| reader.fault(value.span(), error, PERIOD_HINT))
        .ok()
}

/// A day, in quotes or as TOML's own date (section "Local Date").
fn day(reader: &mut Reader<'_>, days: &Table<'_, '_>, key: &str) -> Option<String> {
    let hint = "write year, month and day: \"2026-07-01\"";
    let text = match days.get(key).map(|value| (value.get_ref(), value)) {
        Some((DeValue::Datetime(date), _)) => date.to_string(),
        Some((DeValue::String(_), value)) => reader.as_text(key, value, hint)?.to_owned(),
        Some((other, value)) => {
            let message = format!("`{key}` is {}, not a date", kind(other));
            reader.fault(value.span(), message, hint);
            return None;
        }
        None => {
            reader.fault(days.span(), format_args!("`period` lacks `{key}`"), hint);
            return None;
        }
    };
    if crate::period::day(&text).is_some() {
        return Some(text);
    }
    let span = days.get(key).map_or(days.span(), Spanned::span);
    let hint = rewritten(&text).map_or(hint.to_owned(), |day| format!("write it \"{day}\""));
    reader.fault(span, PeriodError::Date(shown(&text)), hint);
    None
}
