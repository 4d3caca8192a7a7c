//! Where a record was read.

use std::borrow::Cow;
use std::sync::Arc;

use crate::digest::Digest;

/// Exactly where a record was read: which list of which file, and where in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// The list.
    pub list: Arc<SourceList>,
    /// The element's index in the list.
    pub element: u32,
    /// The element's first byte in the decoded stream.
    pub offset: u64,
}

/// A list of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceList {
    /// `E0001`.
    pub input: String,
    /// The file's path in the engagement.
    pub path: String,
    /// The file's digest.
    pub sha256: Option<Digest>,
    /// Which document of the file, from 0.
    pub document: u32,
    /// JSON pointer to the list.
    pub pointer: String,
    /// Whether its elements are documents of their own (JSON Lines): the pointer then leads to the
    /// element within its document.
    pub sequence: bool,
}

impl Source {
    /// `E0001`.
    pub fn input(&self) -> &str {
        &self.list.input
    }

    /// The file's path in the engagement.
    pub fn path(&self) -> &str {
        &self.list.path
    }

    /// The file's digest.
    pub fn sha256(&self) -> Option<Digest> {
        self.list.sha256
    }

    /// Which document of the file, from 0.
    pub fn document(&self) -> u32 {
        if self.list.sequence {
            self.list.document.saturating_add(self.element)
        } else {
            self.list.document
        }
    }

    /// JSON pointer to the element.
    pub fn pointer(&self) -> Cow<'_, str> {
        let list = &*self.list;
        if list.sequence {
            Cow::Borrowed(&list.pointer)
        } else {
            Cow::Owned(format!("{}/{}", list.pointer, self.element))
        }
    }
}
