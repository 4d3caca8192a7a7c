//! Reads what AWS Config and its clients wrote: every file under `exports/`, by its structure,
//! never by its name. A file's records count only when it was read to its end without a fault.

mod buffer;
mod decode;
mod document;
mod element;
mod envelope;
mod fault;
mod formats;
pub mod path;
mod pipeline;
mod raw;
mod refusal;
mod staged;
mod token;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::num::NonZero;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

use crate::error::Result;
use crate::evidence::{
    Captured, Container, Evidence, Input, InputIndex, InputStatus, ListingIndex, Provenance,
    RecordCounts,
};

pub use raw::value_at;

use fault::Code;
use staged::Staged;
use walk::Found;

/// The folder of an engagement that holds the exports.
pub const FOLDER: &str = "exports";

/// Opens a file for reading; tests put failing readers here.
pub type Open<'o> = &'o (dyn Fn(&Path) -> io::Result<Box<dyn Read + Send>> + Sync);

/// Opens files of the file system.
pub fn open_file(path: &Path) -> io::Result<Box<dyn Read + Send>> {
    Ok(Box::new(std::fs::File::open(path)?))
}

/// The operations whose output is read.
pub fn operations() -> impl Iterator<Item = &'static str> {
    formats::FORMATS.iter().map(|format| format.operation)
}

/// Reads everything under `root/exports`, in the order of the paths' bytes.
///
/// What is wrong with a file is in its [`Input`]; an error means that the folder itself could
/// not be listed.
pub fn read(root: &Path, open: Open<'_>) -> Result<Evidence> {
    let mut evidence = Evidence::default();
    let mut number = 0;
    let files = walk::files(root, FOLDER)?;
    in_order(
        &files,
        |found| read_file(found, open),
        |(mut input, staged)| {
            if input.status != InputStatus::Ignored {
                number += 1;
                input.id = Some(format!("E{number:04}"));
            }
            commit(input, staged, &mut evidence);
        },
    );
    Ok(evidence)
}

/// Does the work for all items on as many threads as there are processors, and hands the results
/// on in the items' order.
fn in_order<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut hand_on: impl FnMut(R),
) {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let next = AtomicUsize::new(0);
    let (send, receive) = sync_channel(threads);
    thread::scope(|scope| {
        for _ in 0..threads.min(items.len()) {
            let (send, next, work) = (send.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    if send.send((index, work(item))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        let (mut early, mut due) = (BTreeMap::new(), 0);
        for (index, result) in receive {
            early.insert(index, result);
            while let Some(result) = early.remove(&due) {
                hand_on(result);
                due += 1;
            }
        }
    });
}

fn blank(found: &Found) -> Input {
    Input {
        id: None,
        path: found.path.clone(),
        sha256: None,
        bytes: 0,
        container: Container::Plain,
        archive: None,
        kinds: Vec::new(),
        status: InputStatus::Complete,
        reason: None,
        faults: Vec::new(),
        records: RecordCounts::default(),
        path_place: path::place(&found.path),
    }
}

fn read_file(found: &Found, open: Open<'_>) -> (Input, Staged) {
    let mut input = blank(found);
    if let Some(why) = walk::by_product(&found.path) {
        input.status = InputStatus::Ignored;
        input.reason = Some(why.to_owned());
        input.bytes = std::fs::symlink_metadata(&found.file).map_or(0, |data| data.len());
        return (input, Staged::default());
    }
    let mut staged = Staged::default();
    match found.refused {
        Some(why) => staged.fault(Code::Unreadable.fault(why)),
        None => match open(&found.file) {
            Ok(file) => read_bytes(file, &mut input, &mut staged),
            Err(error) => staged.fault(fault::of_io(&error)),
        },
    }
    conclude(&mut input, &mut staged);
    (input, staged)
}

/// Hashes all bytes of the file, whatever becomes of its content.
fn read_bytes(file: Box<dyn Read + Send>, input: &mut Input, staged: &mut Staged) {
    let passed = pipeline::read_through(file, |text| document::read_documents(text, staged));
    if passed.gzip {
        input.container = Container::Gzip;
    }
    match passed.digest {
        Ok((digest, bytes)) => (input.sha256, input.bytes) = (Some(digest), bytes),
        Err(error) => staged.fault(fault::of_io(&error)),
    }
}

fn conclude(input: &mut Input, staged: &mut Staged) {
    input.records = staged.records;
    input.faults = staged.take_faults();
    input.faults.dedup();
    let kinds: BTreeSet<&str> = staged
        .listings
        .iter()
        .map(|listing| listing.operation)
        .collect();
    input.kinds = kinds.into_iter().collect();
    if let Some(first) = input.faults.first() {
        input.status = InputStatus::Rejected;
        input.reason = Some(match input.faults.len() {
            1 => first.message.clone(),
            count => format!("{} (and {} more)", first.message, count - 1),
        });
    } else if staged.listings.is_empty() && staged.empty_arrays > 0 {
        input.reason =
            Some("an empty list that does not say of what: it proves nothing".to_owned());
    } else if staged
        .listings
        .last()
        .is_some_and(|listing| listing.next_token)
    {
        input.status = InputStatus::Partial;
        input.reason =
            Some("AWS said that more pages follow: its last page has a `NextToken`".to_owned());
    }
}

fn commit(input: Input, staged: Staged, evidence: &mut Evidence) {
    let index = u32::try_from(evidence.inputs.len()).expect("fewer than 2^32 files");
    let base = u32::try_from(evidence.listings.len()).expect("fewer than 2^32 lists");
    let rejected = input.status == InputStatus::Rejected;
    let place = input.path_place.clone();
    let named_time = path::snapshot_time(&input.path).map(Captured::At);
    evidence.inputs.push(input);
    if rejected {
        return;
    }
    let moved = |mut at: Provenance| {
        at.listing = ListingIndex(at.listing.0 + base);
        at
    };
    evidence
        .listings
        .extend(staged.listings.into_iter().map(|mut listing| {
            listing.input = InputIndex(index);
            listing.path_place = place.clone();
            listing.captured = listing.captured.or(named_time);
            listing
        }));
    macro_rules! take {
        ($field:ident) => {
            evidence
                .$field
                .extend(staged.$field.into_iter().map(|mut record| {
                    record.at = moved(record.at);
                    record
                }));
        };
    }
    take!(evaluations);
    take!(rule_compliances);
    take!(config_rules);
    take!(items);
    take!(rule_statuses);
    take!(recorders);
    take!(recorder_statuses);
    take!(packs);
    take!(counts);
}

#[cfg(test)]
mod tests;
