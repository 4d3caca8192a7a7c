//! The assessment as tables, for a spreadsheet and for other programs: one file a table, and
//! the list of them.

pub mod assets;
pub mod controls;
pub mod decisions;
pub mod findings;
pub mod gaps;
pub mod inputs;
pub mod mapping;
mod metadata;
pub mod rules;
pub mod statement;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use crate::assess::Assessment;
use crate::report::table::Heading;
use crate::report::{json, xlsx};

pub use metadata::columns_json;

/// Writes one document of an assessment.
pub type Render = fn(&Assessment, &mut dyn Write) -> io::Result<()>;

/// A CSV file.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Its path in the bundle.
    pub path: &'static str,
    /// What it lists, Korean.
    pub title_ko: &'static str,
    /// What it lists, English.
    pub title_en: &'static str,
    /// Its columns.
    pub headings: fn() -> Vec<Heading>,
    /// Its content.
    pub render: Render,
}

/// All tables, in the order in which `columns.json` describes them.
pub const TABLES: [Table; 9] = [
    statement::TABLE,
    controls::TABLE,
    findings::TABLE,
    gaps::TABLE,
    rules::TABLE,
    inputs::TABLE,
    assets::TABLE,
    decisions::TABLE,
    mapping::TABLE,
];

/// A document by its path in the bundle.
#[derive(Debug, Clone, Copy)]
pub struct Document {
    /// ASCII, `/` between parts.
    pub path: &'static str,
    /// Its content.
    pub render: Render,
}

/// The tables, their description, the workbook, and the assessment itself.
pub fn documents() -> Vec<Document> {
    let tables = TABLES.iter().map(|table| Document {
        path: table.path,
        render: table.render,
    });
    let others = [
        Document {
            path: metadata::PATH,
            render: |_, out| columns_json(out),
        },
        Document {
            path: xlsx::PATH,
            render: xlsx::statement_of_operation,
        },
        Document {
            path: "data/assessment.json",
            render: json::assessment,
        },
    ];
    tables.chain(others).collect()
}
