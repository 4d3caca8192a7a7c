//! TOML with the place of every key and value, so that every fault can be named where it stands.

use std::fmt::Display;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::fault::{Faults, did_you_mean, shown};

/// The largest `kisms.toml`, in bytes.
pub(super) const FILE_BYTES: usize = 1 << 20;

/// A table of the file.
pub(super) struct Table<'a, 't> {
    /// `engagement`, `accounts."111122223333"`; empty for the file itself.
    path: String,
    span: Range<usize>,
    entries: &'a DeTable<'t>,
}

/// A key with its value.
pub(super) struct Entry<'a, 't> {
    pub key: &'a str,
    pub key_span: Range<usize>,
    pub value: &'a Spanned<DeValue<'t>>,
}

impl<'a, 't> Table<'a, 't> {
    pub(super) fn root(table: &'a Spanned<DeTable<'t>>) -> Self {
        Self {
            path: String::new(),
            span: table.span(),
            entries: table.get_ref(),
        }
    }

    /// The entries in the order of their keys.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'a, 't>> + use<'a, 't> {
        self.entries.iter().map(|(key, value)| Entry {
            key: key.get_ref().as_ref(),
            key_span: key.span(),
            value,
        })
    }

    pub(super) fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'t>>> {
        self.entries.get(key)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The table's header as people write it.
    pub(super) fn name(&self) -> String {
        format!("[{}]", self.path)
    }
}

/// Takes values out of tables and keeps what is wrong with them.
pub(super) struct Reader<'t> {
    text: &'t str,
    line_starts: Vec<usize>,
    pub faults: Faults,
}

impl<'t> Reader<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            text,
            line_starts: std::iter::once(0).chain(ends).collect(),
            faults: Faults::of(super::FILE),
        }
    }

    /// The whole file; `None`, with the faults, if it is no TOML.
    pub(super) fn parse(&mut self) -> Option<Spanned<DeTable<'t>>> {
        if self.text.len() > FILE_BYTES {
            let hint = "it holds something else than an engagement";
            self.faults.add(None, None, "is larger than 1 MiB", hint);
            return None;
        }
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let span = error.span().unwrap_or(0..0);
            let hint = "texts stand in double quotes; see https://toml.io/en/v1.0.0";
            self.fault(span, error.message(), hint);
        }
        errors.is_empty().then_some(table)
    }

    /// Adds a fault at the first byte of `span`.
    pub(super) fn fault(&mut self, span: Range<usize>, message: impl Display, hint: impl Display) {
        if self.faults.is_full() {
            self.faults.add(None, None, message, hint);
            return;
        }
        let at = self.text.floor_char_boundary(span.start);
        let line = self.line_starts.partition_point(|start| *start <= at);
        let start = self.line_starts[line - 1];
        let column = self.text[start..at].chars().count() + 1;
        self.faults
            .add(Some(line as u64), Some(column as u64), message, hint);
    }

    /// A fault for every key of the table that is not among the known.
    pub(super) fn only(&mut self, table: &Table<'_, '_>, known: &[&str]) {
        for entry in table.entries() {
            if known.contains(&entry.key) {
                continue;
            }
            let key = shown(entry.key);
            let message = match (table.path.is_empty(), entry.value.get_ref()) {
                (true, DeValue::Table(_)) => format!("unknown table `[{key}]`"),
                (true, _) => format!("unknown key `{key}`"),
                (false, _) => format!("unknown key `{key}` in `{}`", table.name()),
            };
            self.fault(entry.key_span, message, did_you_mean(entry.key, known));
        }
    }

    /// The table under `key`; a fault if there is none.
    pub(super) fn table<'a, 'd>(
        &mut self,
        within: &Table<'a, 'd>,
        key: &str,
        hint: &str,
    ) -> Option<Table<'a, 'd>> {
        if within.get(key).is_none() {
            self.fault(within.span(), format_args!("`[{key}]` is missing"), hint);
        }
        self.optional_table(within, key)
    }

    /// The table under `key`, if there is one.
    pub(super) fn optional_table<'a, 'd>(
        &mut self,
        within: &Table<'a, 'd>,
        key: &str,
    ) -> Option<Table<'a, 'd>> {
        self.as_table(key, within.get(key)?)
    }

    /// The value as a table with the path `path`.
    pub(super) fn as_table<'a, 'd>(
        &mut self,
        path: &str,
        value: &'a Spanned<DeValue<'d>>,
    ) -> Option<Table<'a, 'd>> {
        if let DeValue::Table(entries) = value.get_ref() {
            return Some(Table {
                path: path.to_owned(),
                span: value.span(),
                entries,
            });
        }
        let message = format!(
            "`{}` is {}, not a table",
            shown(path),
            kind(value.get_ref())
        );
        self.fault(
            value.span(),
            message,
            "see the file that `kisms init` writes",
        );
        None
    }

    /// The text under `key`, trimmed; a fault if there is none, or nothing in it.
    pub(super) fn required<'a>(
        &mut self,
        table: &Table<'a, '_>,
        key: &str,
        hint: &str,
    ) -> Option<&'a str> {
        let Some(value) = table.get(key) else {
            let message = format!("`{key}` is missing in `{}`", table.name());
            self.fault(table.span(), message, hint);
            return None;
        };
        self.as_text(key, value, hint)
    }

    /// The value as one line of text, trimmed; a fault if it is none or empty.
    pub(super) fn as_text<'a>(
        &mut self,
        name: &str,
        value: &'a Spanned<DeValue<'_>>,
        hint: &str,
    ) -> Option<&'a str> {
        let wrong = match value.get_ref() {
            DeValue::String(text) if text.trim().is_empty() => "is empty".to_owned(),
            DeValue::String(text) if text.trim().contains(char::is_control) => {
                "holds a line break or another control character".to_owned()
            }
            DeValue::String(text) => return Some(text.trim()),
            other => format!("is {}, not a text in quotes", kind(other)),
        };
        self.fault(
            value.span(),
            format_args!("`{}` {wrong}", shown(name)),
            hint,
        );
        None
    }
}

/// What a value is, as messages say it.
pub(super) fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a decimal number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
