//! The values of the CSV tables in words for reading: in the documents' language, in the
//! engagement's timezone.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use serde_json::Value;

use crate::assess::Assessment;
use crate::engagement::Language;
use crate::report::pdf::Templates;
use crate::time::in_zone;

/// How the values of a column are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// As they are.
    AsIs,
    /// By their words in this table of the texts, where it has them.
    Words(&'static str),
    /// A time: in the engagement's timezone.
    Time,
    /// Reasons: how many there are of each.
    Reasons,
    /// Parameters that are weaker than their baseline.
    Weaker,
    /// What the program said.
    Said,
    /// A message or a count.
    Detail,
}

/// What it takes to show them.
pub(super) struct Reading {
    texts: Value,
    language: Language,
    zone: FixedOffset,
}

impl Reading {
    pub(super) fn of(assessment: &Assessment) -> Self {
        let engagement = &assessment.engagement;
        Self {
            texts: Templates::default().texts(engagement.language),
            language: engagement.language,
            zone: engagement.period.zone(),
        }
    }

    /// The heading of a column: that of a time says of which timezone.
    pub(super) fn heading<'t>(&self, title: &'t str, shown: Shown) -> Cow<'t, str> {
        match shown {
            Shown::Time => Cow::Owned(format!("{title} (UTC{})", self.zone)),
            _ => Cow::Borrowed(title),
        }
    }

    pub(super) fn value<'v>(&'v self, value: &'v str, shown: Shown) -> Cow<'v, str> {
        match shown {
            Shown::Words(table) => Cow::Borrowed(self.word(table, value).unwrap_or(value)),
            Shown::Time => self.time(value),
            Shown::Reasons => Cow::Owned(self.reasons(value)),
            Shown::Weaker if self.language == Language::Ko => {
                Cow::Owned(value.replace(" (baseline ", " (기준 "))
            }
            Shown::AsIs | Shown::Weaker => Cow::Borrowed(value),
            Shown::Said => self.said(value),
            Shown::Detail => Cow::Borrowed(self.word("said", value).unwrap_or(value)),
        }
    }

    fn word(&self, table: &str, code: &str) -> Option<&str> {
        self.texts[table][code].as_str()
    }

    /// `2026-09-30 10:02:03`; as it was told where it has no timezone.
    fn time<'v>(&self, told: &'v str) -> Cow<'v, str> {
        let bare = told.strip_prefix("at least ");
        let Ok(time) = DateTime::parse_from_rfc3339(bare.unwrap_or(told)) else {
            return Cow::Borrowed(told);
        };
        let shown = in_zone(time, self.zone);
        let or_later = bare.and_then(|_| self.word("inputs", "at_least"));
        Cow::Owned(match or_later {
            Some(or_later) => format!("{shown} {or_later}"),
            None => shown,
        })
    }

    /// `확인하지 않음 72, 일부만 확인 13`: where each is stands in controls.csv.
    fn reasons(&self, cell: &str) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for reason in cell.split("; ").filter(|reason| !reason.is_empty()) {
            let kind = reason.split(' ').next().unwrap_or_default();
            *counts.entry(kind).or_default() += 1;
        }
        let word = |kind| self.word("reason", kind).unwrap_or(kind);
        let counts = counts
            .iter()
            .map(|(kind, count)| format!("{} {count}", word(kind)));
        counts.collect::<Vec<_>>().join(", ")
    }

    /// What it always says in the same words is in the documents' language; all else word for
    /// word, and named as what it is.
    fn said<'v>(&'v self, message: &'v str) -> Cow<'v, str> {
        match (self.word("said", message), self.word("inputs", "said")) {
            (Some(said), _) => Cow::Borrowed(said),
            (None, Some(label)) if self.language == Language::Ko && !message.is_empty() => {
                Cow::Owned(format!("{label}: {message}"))
            }
            _ => Cow::Borrowed(message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(language: Language) -> Reading {
        Reading {
            texts: Templates::default().texts(language),
            language,
            zone: FixedOffset::east_opt(9 * 3600).expect("a timezone"),
        }
    }

    #[test]
    fn times_are_in_the_engagements_timezone_which_the_heading_names() {
        let reading = reading(Language::Ko);
        for (told, shown) in [
            ("2026-09-30T01:02:03Z", "2026-09-30 10:02:03"),
            (
                "at least 2026-09-30T15:00:00Z",
                "2026-10-01 00:00:00 또는 그 뒤",
            ),
            ("2026-09-30T01:02:03", "2026-09-30T01:02:03"),
            ("", ""),
        ] {
            assert_eq!(reading.value(told, Shown::Time), shown);
        }
        let heading = reading.heading("평가 시각", Shown::Time);
        assert_eq!(heading, "평가 시각 (UTC+09:00)");
    }

    #[test]
    fn a_korean_cell_says_in_korean_what_it_can() {
        let reading = reading(Language::Ko);
        for (value, how, shown) in [
            ("NON_COMPLIANT", Shown::Words("verdict"), "미준수"),
            ("get-x", Shown::Words("input_kind"), "get-x"),
            ("a=180 (baseline 90)", Shown::Weaker, "a=180 (기준 90)"),
            (
                "partial a b c; partial a b d",
                Shown::Reasons,
                "일부만 확인 2",
            ),
            ("a log", Shown::Said, "로그"),
            ("it broke", Shown::Said, "프로그램 메시지: it broke"),
            ("a log", Shown::Detail, "로그"),
            ("COMPLIANT: 0 / 1", Shown::Detail, "COMPLIANT: 0 / 1"),
            ("", Shown::Said, ""),
        ] {
            assert_eq!(reading.value(value, how), shown);
        }
    }

    #[test]
    fn an_english_cell_stays_as_it_is() {
        let reading = reading(Language::En);
        for (value, how) in [
            ("a=1 (baseline 2)", Shown::Weaker),
            ("it broke", Shown::Said),
        ] {
            assert_eq!(reading.value(value, how), value);
        }
    }
}
