//! Makes a bundle's tables and its `assessment.json`, on as many threads as there are processors.

use std::collections::BTreeMap;

use crate::assess::Assessment;
use crate::bundle::{BundlePath, Content};
use crate::error::Result;
use crate::report::csv::{self, Document, findings};
use crate::threads::in_order;

use super::build::path;

/// What has a row for each finding: none of it is waited for when all others are done.
const FIRST: [&str; 2] = ["data/assessment.json", findings::TABLE.path];

/// All of them, by their paths in the bundle.
pub fn documents(assessment: &Assessment) -> Result<BTreeMap<BundlePath, Content>> {
    let mut documents = csv::documents();
    documents.sort_by_key(|document| {
        let first = FIRST.iter().position(|path| *path == document.path);
        first.unwrap_or(FIRST.len())
    });
    let mut contents = Vec::new();
    in_order(
        &documents,
        |document| make(document, assessment),
        |content| contents.push(content),
    );
    contents.into_iter().collect()
}

fn make(document: &Document, assessment: &Assessment) -> Result<(BundlePath, Content)> {
    let path = path(document.path)?;
    let content = Content::made(&path, |out| (document.render)(assessment, out))?;
    Ok((path, content))
}
