//! The commands that fill gaps: only such as read, each with the file in which to save its answer. People
//! type them as they are printed.

use std::collections::{BTreeSet, HashMap};

use super::Subject;
use super::because::Ask;
use super::claims::At;

/// Knows which files are there already: no answer is saved over another.
pub struct Questions<'q> {
    paths: BTreeSet<&'q str>,
    by_id: HashMap<&'q str, &'q str>,
}

impl<'q> Questions<'q> {
    /// Before these inputs.
    pub fn new(subject: &Subject<'q>) -> Self {
        let inputs = subject.evidence.inputs.iter();
        let by_id = inputs.clone();
        Self {
            paths: inputs.map(|input| input.path.as_str()).collect(),
            by_id: by_id
                .filter_map(|input| Some((input.id.as_deref()?, input.path.as_str())))
                .collect(),
        }
    }

    /// Where the input of this id is.
    pub fn path_of(&self, input: &str) -> String {
        let path = self.by_id.get(input).copied();
        path.unwrap_or_default().to_owned()
    }

    /// What to run in a region of the account; empty where nothing helps.
    pub fn command(&self, ask: &Ask, (account, _): &At, region: &str) -> String {
        let operation = match ask {
            Ask::Nothing => return String::new(),
            Ask::Details(copy) => {
                let name = quoted(copy);
                let words =
                    format!("get-compliance-details-by-config-rule --config-rule-name {name}");
                return self.saved(&words, (account, region), &copy.replace('/', "_"));
            }
            Ask::Discovered(kind) => {
                let operation = "list-discovered-resources";
                let words = format!(
                    "{operation} --resource-type {} --include-deleted-resources",
                    quoted(kind)
                );
                let file = format!("{operation}-{}", dashed(kind));
                return self.saved(&words, (account, region), &file);
            }
            Ask::Rules => "describe-config-rules",
            Ask::Levels => "describe-compliance-by-config-rule",
            Ask::Status => "describe-config-rule-evaluation-status",
            Ask::Recorders => "describe-configuration-recorders",
            Ask::RecorderStatus => "describe-configuration-recorder-status",
            Ask::Packs => "describe-conformance-packs",
        };
        self.saved(operation, (account, region), operation)
    }

    fn saved(&self, words: &str, (account, region): (&str, &str), name: &str) -> String {
        let file = self.free(account, region, name);
        format!(
            "aws configservice {words} --region {region} > {}",
            quoted(&file)
        )
    }

    /// The first file of this name that is not there: in the place's folder, else in one beside it.
    fn free(&self, account: &str, region: &str, name: &str) -> String {
        let folder = format!("exports/{account}/{region}");
        let again = (2..).map(|number| format!("{folder}/again-{number}/{name}.json"));
        let mut files = [
            format!("{folder}/{name}.json"),
            format!("{folder}/again/{name}.json"),
        ]
        .into_iter()
        .chain(again);
        let free = files.find(|file| !self.paths.contains(file.as_str()));
        free.expect("there are more numbers than files")
    }
}

/// The text as a part of a file's name.
fn dashed(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    text.chars().map(plain).collect()
}

/// The text as one word of a shell.
pub fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@".contains(c);
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}
