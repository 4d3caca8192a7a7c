//! Makes a bundle's tables and its `assessment.json`, on as many threads as there are processors.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::thread;

use crate::assess::Assessment;
use crate::bundle::{BundlePath, Content};
use crate::error::Result;
use crate::report::csv::{self, Document};

use super::build::path;

/// All of them, by their paths in the bundle.
pub fn documents(assessment: &Assessment) -> Result<BTreeMap<BundlePath, Content>> {
    // The largest are the last of the list: they begin first.
    let left = Mutex::new(csv::documents());
    let made = Mutex::new(Vec::new());
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(document) = take(&left) {
                    let content = make(document, assessment);
                    let mut made = made.lock().unwrap_or_else(PoisonError::into_inner);
                    made.push((document.path, content));
                }
            });
        }
    });
    let mut made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
    // So that of several faults the same is told whichever came first.
    made.sort_by_key(|(path, _)| *path);
    let made = made.into_iter();
    made.map(|(_, content)| content).collect()
}

fn take(left: &Mutex<Vec<Document>>) -> Option<Document> {
    left.lock().unwrap_or_else(PoisonError::into_inner).pop()
}

fn make(document: Document, assessment: &Assessment) -> Result<(BundlePath, Content)> {
    let path = path(document.path)?;
    let content = Content::made(&path, |out| (document.render)(assessment, out))?;
    Ok((path, content))
}
