//! `columns.json`: what the tables' columns mean, in Korean and English, as W3C's "Metadata
//! Vocabulary for Tabular Data" (CSVW) describes tables.

use std::io::{self, Write};

use serde::Serialize;

use super::{TABLES, Table};
use crate::report::json;
use crate::report::table::{Datatype, Heading};

/// Where the description lies in the bundle: its `url`s are relative to this.
pub(super) const PATH: &str = "data/csv/columns.json";

/// The namespace, and the language of strings that name none (section 5.2).
const CONTEXT: (&str, Language) = ("http://www.w3.org/ns/csvw", Language { language: "ko" });

#[derive(Serialize)]
struct Language {
    #[serde(rename = "@language")]
    language: &'static str,
}

/// A group of tables (section 5.3).
#[derive(Serialize)]
struct TableGroup {
    #[serde(rename = "@context")]
    context: (&'static str, Language),
    tables: Vec<TableDescription>,
}

/// One table (section 5.4).
#[derive(Serialize)]
struct TableDescription {
    url: String,
    #[serde(rename = "dc:title")]
    title: [LanguageString; 2],
    #[serde(rename = "tableSchema")]
    schema: Schema,
}

/// A string value of a common property (section 5.8).
#[derive(Serialize)]
struct LanguageString {
    #[serde(rename = "@value")]
    value: &'static str,
    #[serde(rename = "@language")]
    language: &'static str,
}

/// Section 5.5.
#[derive(Serialize)]
struct Schema {
    columns: Vec<ColumnDescription>,
}

/// One column (section 5.6).
#[derive(Serialize)]
struct ColumnDescription {
    name: &'static str,
    titles: Titles,
    datatype: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    separator: Option<&'static str>,
}

/// The header row holds ids, which are of no language: without a title that equals it a
/// validator would not take the description for that of the file (section 5.5.1).
#[derive(Serialize)]
struct Titles {
    und: &'static str,
    ko: &'static str,
    en: &'static str,
}

/// Writes `columns.json`; it is the same for every assessment.
pub fn columns_json(out: &mut dyn Write) -> io::Result<()> {
    let group = TableGroup {
        context: CONTEXT,
        tables: TABLES.iter().map(describe).collect(),
    };
    json::pretty(out, &group)
}

fn describe(table: &Table) -> TableDescription {
    let in_language = |language, value| LanguageString { value, language };
    let columns = (table.headings)().into_iter().map(describe_column);
    TableDescription {
        url: url(table.path),
        title: [
            in_language("ko", table.title_ko),
            in_language("en", table.title_en),
        ],
        schema: Schema {
            columns: columns.collect(),
        },
    }
}

/// The table's path as seen from `columns.json`.
fn url(path: &str) -> String {
    path.strip_prefix("data/csv/")
        .map_or_else(|| path.replacen("data/", "../", 1), str::to_owned)
}

fn describe_column(heading: Heading) -> ColumnDescription {
    let (datatype, separator) = match heading.datatype {
        Datatype::Text => ("string", None),
        Datatype::List => ("string", Some(";")),
        Datatype::Integer => ("integer", None),
        Datatype::Boolean => ("boolean", None),
        Datatype::Date => ("date", None),
        Datatype::Json => ("json", None),
    };
    ColumnDescription {
        name: heading.id,
        titles: Titles {
            und: heading.id,
            ko: heading.title_ko,
            en: heading.title_en,
        },
        datatype,
        separator,
    }
}
