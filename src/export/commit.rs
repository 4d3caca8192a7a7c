//! From the files, one by one in their order, to the evidence as a whole.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::evidence::{
    Captured, Evidence, Input, InputIndex, InputStatus, Items, ListingIndex, Provenance, Spool,
    Text,
};

use super::alias;
use super::archive::Member;
use super::fault::Code;
use super::job::{self, Told};
use super::log::Taken;
use super::named::Named;
use super::path;
use super::staged::Staged;
use super::twin;

/// What was read of one file: its members too, if it is an archive.
pub type ReadFile = (Input, Staged, Vec<Member>);

/// The evidence as far as it is there.
pub struct Commit {
    evidence: Evidence,
    items: Items,
    named: Named,
    /// What the files tell of export jobs.
    jobs: Vec<Told>,
    /// The ids of resources on which there is a verdict: several rules judge each.
    ids: HashSet<Text>,
    taken: Taken,
    number: u32,
    failed: Option<io::Error>,
}

impl Commit {
    /// Nothing so far; `taken` tells when files were taken.
    pub fn new(spool: Spool, taken: Taken) -> Self {
        Self {
            evidence: Evidence::default(),
            items: Items::new(spool.clone()),
            named: Named::new(spool),
            jobs: Vec::new(),
            ids: HashSet::new(),
            taken,
            number: 0,
            failed: None,
        }
    }

    /// Takes in the next file. Files are numbered `E0001`, members within their archive:
    /// `E0007.0001`.
    pub fn file(&mut self, (mut input, staged, members): ReadFile) {
        if input.status != InputStatus::Ignored {
            self.number += 1;
            input.id = Some(format!("E{:04}", self.number));
        }
        let id = input.id.clone();
        let archive = self.take(input, staged);
        let mut number = 0;
        for (mut input, staged) in members {
            if let Some(id) = id.as_ref().filter(|_| input.status != InputStatus::Ignored) {
                number += 1;
                input.id = Some(format!("{id}.{number:04}"));
            }
            input.archive = Some(archive);
            self.take(input, staged);
        }
    }

    /// All of it, once every file was taken in.
    pub fn finish(mut self) -> Result<Evidence> {
        twin::dispute_places(&mut self.evidence);
        job::prove(&mut self.evidence, &self.jobs);
        let named = match self.failed.take() {
            Some(error) => Err(error),
            None => alias::join(&mut self.evidence, &self.items).and_then(|()| self.find_names()),
        };
        let unseen = named.and_then(|()| self.named.mentions(&self.evidence, &self.items));
        self.evidence.mentions = unseen.map_err(|error| no_room(&error))?;
        self.evidence.items = Arc::new(self.items);
        Ok(self.evidence)
    }

    /// Has the ids in memory once, though each file brings its own.
    fn share_ids(&mut self, staged: &mut Staged) {
        for evaluation in &mut staged.evaluations {
            let id = &mut evaluation.resource_id;
            if let Some(known) = self.ids.get(id) {
                *id = known.clone();
            } else {
                self.ids.insert(id.clone());
            }
        }
    }

    fn take(&mut self, input: Input, mut staged: Staged) -> InputIndex {
        let evidence = &mut self.evidence;
        let index = u32::try_from(evidence.inputs.len()).expect("fewer than 2^32 files");
        let base = u32::try_from(evidence.listings.len()).expect("fewer than 2^32 lists");
        let rejected = input.status == InputStatus::Rejected;
        let place = input.path_place.clone();
        // What the file's name or the collect log says goes before what its documents say.
        let taken = path::snapshot_time(&input.path).or_else(|| self.taken.at(&input.path));
        let taken = taken.map(Captured::At);
        evidence.inputs.push(input);
        if rejected {
            return InputIndex(index);
        }
        let told = |job| Told {
            job,
            input: InputIndex(index),
        };
        self.jobs.extend(staged.jobs.drain(..).map(told));
        self.share_ids(&mut staged);
        let evidence = &mut self.evidence;
        let moved = |mut at: Provenance| {
            at.listing = ListingIndex(at.listing.0 + base);
            at
        };
        // Items of queries may lack what the path tells.
        let kept = self.items.append(staged.items, base, &place);
        let kept = kept.and_then(|()| self.named.append(staged.named, base, &place));
        if let Err(error) = kept {
            self.failed.get_or_insert(error);
        }
        evidence
            .listings
            .extend(staged.listings.into_iter().map(|mut listing| {
                listing.input = InputIndex(index);
                listing.path_place = place.clone();
                listing.captured = taken.or(listing.captured);
                listing
            }));
        macro_rules! take {
            ($($field:ident)*) => {
                $(evidence
                    .$field
                    .extend(staged.$field.into_iter().map(|mut record| {
                        record.at = moved(record.at);
                        record
                    }));)*
            };
        }
        take!(evaluations rule_compliances config_rules);
        take!(rule_statuses recorders recorder_statuses packs counts discovered);
        InputIndex(index)
    }

    /// The names of the resources on which there is a verdict; of several the last counts.
    fn find_names(&mut self) -> io::Result<()> {
        if self.items.is_empty() {
            return Ok(());
        }
        let judged = self.evidence.judged();
        let mut reader = self.items.reader();
        for (index, recorded) in self.items.iter().enumerate() {
            let place = &recorded.kind.place;
            let (Some(account), Some(region)) = (&place.account, &place.region) else {
                continue;
            };
            if judged.binary_search(&recorded.identity).is_ok()
                && let Some(name) = reader.read(index)?.resource_name
            {
                let key = (account.clone(), region.clone(), recorded.identity);
                self.evidence.names.insert(key, (&*name).into());
            }
        }
        Ok(())
    }
}

fn no_room(error: &io::Error) -> Error {
    let message = format_args!("resources could not be kept in a temporary file: {error}");
    Error::new(message).hint(Code::NoRoom.hint())
}
