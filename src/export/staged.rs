//! What one file gives, held back until the file was read to its end without a fault.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::evidence::{
    ConfigRule, ConfigurationItem, ConformancePack, Discovered, Evaluated, EvaluationResult,
    FailingCount, Fault, Items, Listing, ListingIndex, Provenance, RecordCounts, Recorder,
    RecorderStatus, RuleCompliance, RuleStatus, Spool, Text,
};

use super::element::Problem;
use super::fault::Code;
use super::job::Job;
use super::named::Named;
use super::surrogate;

/// More faults than this are counted, not listed.
const FAULTS_LISTED: usize = 1000;
/// More unknown words of enumerations than these are not told, nor more characters of each.
const WORDS_LISTED: usize = 10;
const WORD: usize = 40;

/// The records and faults of one file. Records name their list by its index in this file.
#[derive(Default)]
pub struct Staged {
    /// The lists.
    pub listings: Vec<Listing>,
    /// Evaluations.
    pub evaluations: Vec<EvaluationResult>,
    /// Rule-level verdicts.
    pub rule_compliances: Vec<RuleCompliance>,
    /// Deployed rules.
    pub config_rules: Vec<ConfigRule>,
    /// Resources.
    pub items: Items,
    /// Whether rules ran.
    pub rule_statuses: Vec<RuleStatus>,
    /// Recorders.
    pub recorders: Vec<Recorder>,
    /// Whether recorders run.
    pub recorder_statuses: Vec<RecorderStatus>,
    /// Conformance packs.
    pub packs: Vec<ConformancePack>,
    /// Counts.
    pub counts: Vec<FailingCount>,
    /// Types of which resources exist.
    pub discovered: Vec<Discovered>,
    /// Export jobs of Security Hub.
    pub jobs: Vec<Job>,
    /// Resources that are named.
    pub named: Named,
    /// What the list that was begun last is of, whether or not an element of it could be read.
    pub begun: Option<&'static str>,
    /// Arrays without an element: nothing tells of what.
    pub empty_arrays: u32,
    /// How many elements of each kind stand in the file, with a fault or without.
    pub records: RecordCounts,
    /// How many halves of surrogate pairs were replaced.
    pub halves: usize,
    faults: Vec<Fault>,
    unlisted: usize,
    texts: HashSet<Text>,
    evaluated: HashSet<Arc<Evaluated>>,
    existing: HashSet<(ListingIndex, Text)>,
    /// Words of enumerations that AWS does not have, each with its field.
    unknown: BTreeSet<(&'static str, String)>,
    /// Products whose findings have a status of their own, with it.
    foreign: BTreeSet<(String, String)>,
}

impl Staged {
    /// For one file; what does not stay in memory goes into `spool`.
    pub fn new(spool: &Spool) -> Self {
        Self {
            items: Items::new(spool.clone()),
            named: Named::new(spool.clone()),
            ..Self::default()
        }
    }

    /// Keeps a resource.
    pub fn item(&mut self, item: &ConfigurationItem<'_>) -> Result<(), Problem> {
        let kept = self.items.push(item);
        kept.map_err(|error| Problem::new(Code::NoRoom, "", &no_room(&error)))
    }

    /// Notes that a resource is named.
    pub fn mention(&mut self, named: &ConfigurationItem<'_>) -> Result<(), Problem> {
        let noted = self.named.note(named);
        noted.map_err(|error| Problem::new(Code::NoRoom, "", &no_room(&error)))
    }

    /// Notes a word that the enumeration of this field does not have.
    pub fn unknown_word(&mut self, field: &'static str, word: &str) {
        if self.unknown.len() < WORDS_LISTED {
            let shown: String = word
                .chars()
                .take(WORD)
                .flat_map(char::escape_debug)
                .collect();
            self.unknown.insert((field, shown));
        }
    }

    /// What is to be said of such words.
    fn unknown_words(&self) -> Option<String> {
        let words = self.unknown.iter();
        let words: Vec<String> = words
            .map(|(field, word)| format!("`{field}` is `{word}`"))
            .collect();
        (!words.is_empty()).then(|| {
            format!(
                "kisms does not know these values, and takes them for the worse case: {}",
                words.join(", ")
            )
        })
    }

    /// Notes a finding of another product than AWS's, with a status that ASFF does not have.
    pub fn foreign_status(&mut self, product: &str, status: &str) {
        if self.foreign.len() < WORDS_LISTED {
            let status = status.chars().take(WORD).flat_map(char::escape_debug);
            let product = product.chars().take(WORD).flat_map(char::escape_debug);
            self.foreign.insert((product.collect(), status.collect()));
        }
    }

    /// What is to be said of a file that is read, besides its status.
    pub fn remarks(&self) -> Vec<String> {
        let foreign = self.foreign.iter();
        let foreign = foreign.map(|(product, status)| {
            format!(
                "a finding of `{product}`, no product of AWS, has the status `{status}`, which ASFF does not have: it is left out"
            )
        });
        let halves = (self.halves > 0).then(|| {
            format!(
                "half a character, as a text that was cut leaves it, is read as U+FFFD ({} times)",
                self.halves
            )
        });
        let remarks = self.unknown_words().into_iter().chain(foreign);
        remarks.chain(halves).collect()
    }

    /// JSON text within a value without halves of surrogate pairs.
    pub fn without_halves<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        let (text, found) = surrogate::replaced(text);
        self.halves += found;
        text
    }

    /// Has everything where it stays until all files were read.
    pub fn seal(&mut self) {
        let sealed = self.items.seal();
        if let Err(error) = sealed.and_then(|()| self.named.seal(&self.items)) {
            self.fault(Code::NoRoom.fault(no_room(&error)));
        }
    }

    /// The text, shared with all its equals in the file.
    pub fn text(&mut self, text: &str) -> Text {
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        let new = Text::from(text);
        self.texts.insert(new.clone());
        new
    }

    /// What a verdict has in common with others, shared with all its equals in the file.
    pub fn evaluated(&mut self, evaluated: Evaluated) -> Arc<Evaluated> {
        if let Some(last) = self.evaluations.last().map(|last| &last.of)
            && **last == evaluated
        {
            return last.clone();
        }
        if let Some(known) = self.evaluated.get(&evaluated) {
            return known.clone();
        }
        let new = Arc::new(evaluated);
        self.evaluated.insert(new.clone());
        new
    }

    /// The same for what may be missing or empty.
    pub fn text_of(&mut self, text: Option<&str>) -> Option<Text> {
        text.filter(|text| !text.is_empty())
            .map(|text| self.text(text))
    }

    /// Notes that resources of this type exist, once a list.
    pub fn exists(&mut self, resource_type: &str, at: Provenance) {
        let resource_type = self.text(resource_type);
        if self.existing.insert((at.listing, resource_type.clone())) {
            self.discovered.push(Discovered { at, resource_type });
        }
    }

    /// Notes a fault.
    pub fn fault(&mut self, fault: Fault) {
        if self.faults.len() < FAULTS_LISTED {
            self.faults.push(fault);
        } else {
            self.unlisted += 1;
        }
    }

    /// Whether there is any.
    pub fn has_faults(&self) -> bool {
        !self.faults.is_empty()
    }

    /// All faults; the last counts those that are not listed.
    pub fn take_faults(&mut self) -> Vec<Fault> {
        let mut faults = std::mem::take(&mut self.faults);
        if self.unlisted > 0 {
            let count = self.unlisted;
            faults.push(
                Code::Shape.fault(format!("{count} more faults of this file are not listed")),
            );
        }
        faults
    }
}

fn no_room(error: &std::io::Error) -> String {
    format!("its resources could not be kept in a temporary file: {error}")
}
