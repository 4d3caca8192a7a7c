//! The templates and texts of the PDF documents: those that are built in, and an organisation's
//! own, file by file in their place.

mod judge;

use std::collections::BTreeMap;

use serde_json::Value;

use super::apart::Apart;
use crate::engagement::{Language, TemplateFile};
use crate::fault::InputFault;

/// A template by its name.
macro_rules! built_in {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!("../../../report-templates/", $name)),
        )
    };
}

/// The built-in files by their names in `templates/`.
pub const BUILT_IN: [(&str, &str); 11] = [
    built_in!("report.typ"),
    built_in!("appendix.typ"),
    built_in!("receipt.typ"),
    built_in!("parts.typ"),
    built_in!("summary.typ"),
    built_in!("controls.typ"),
    built_in!("findings.typ"),
    built_in!("sheets.typ"),
    built_in!("closing.typ"),
    built_in!("text/ko.toml"),
    built_in!("text/en.toml"),
];

/// Which files are an organisation's own; by default none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Templates {
    own: BTreeMap<String, String>,
    apart: Option<Apart>,
}

impl Templates {
    /// The files of `templates/`, to be laid out by another process. Those that are as they are
    /// built in are not an organisation's own. All faults, if there are any.
    pub fn own(files: &[TemplateFile], apart: Apart) -> Result<Self, Vec<InputFault>> {
        let mut faults = Vec::new();
        let mut own = BTreeMap::new();
        for file in files {
            match judge::text_of(file) {
                Ok((name, text)) if built_in(name) != text => {
                    own.insert(name.to_owned(), text.to_owned());
                }
                Ok(_) => {}
                Err(more) => faults.extend(more),
            }
        }
        if faults.is_empty() {
            let apart = Some(apart).filter(|_| !own.is_empty());
            Ok(Self { own, apart })
        } else {
            Err(faults)
        }
    }

    /// Texts that were judged already, to be laid out in this process.
    pub(super) fn of_texts(own: BTreeMap<String, String>) -> Self {
        Self { own, apart: None }
    }

    /// The names of those that are an organisation's own.
    pub fn names(&self) -> Vec<&str> {
        self.own.keys().map(String::as_str).collect()
    }

    pub(super) fn own_texts(&self) -> BTreeMap<String, String> {
        self.own.clone()
    }

    pub(super) fn apart(&self) -> Option<&Apart> {
        self.apart.as_ref()
    }

    /// An organisation's own file, if it has one of this name.
    pub(super) fn own_text(&self, name: &str) -> Option<&str> {
        self.own.get(name).map(String::as_str)
    }

    /// The report's own words, in a language.
    pub(in crate::report) fn texts(&self, language: Language) -> Value {
        let name = match language {
            Language::Ko => "text/ko.toml",
            Language::En => "text/en.toml",
        };
        let text = self.own_text(name).unwrap_or_else(|| built_in(name));
        toml::from_str(text).expect("texts are judged when they are read, and tested when built in")
    }
}

/// Whether a file holds words, not a template.
pub(super) fn is_texts(name: &str) -> bool {
    name.starts_with("text/")
}

/// The built-in file of a name that is known.
fn built_in(name: &str) -> &'static str {
    let mut files = BUILT_IN.iter();
    files
        .find(|(known, _)| *known == name)
        .map_or("", |(_, text)| text)
}
