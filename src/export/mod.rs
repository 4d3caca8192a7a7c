//! Reads what AWS Config and its clients wrote: every file under `exports/`, by its structure,
//! never by its name. A file's records count only when it was read to its end without a fault.

mod archive;
mod buffer;
mod close;
mod commit;
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
mod tar;
mod token;
mod walk;
mod wrapper;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::num::NonZero;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

use crate::error::Result;
use crate::evidence::{Container, Evidence, Input, InputStatus, RecordCounts};

pub use archive::member_bytes;
pub use raw::value_at;

use archive::Member;
use commit::{commit, commit_members, name_by_arn};
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
        |(mut input, staged, members)| {
            if input.status != InputStatus::Ignored {
                number += 1;
                input.id = Some(format!("E{number:04}"));
            }
            let archive = (input.id.clone(), commit(input, staged, &mut evidence));
            commit_members(members, &archive, &mut evidence);
        },
    );
    name_by_arn(&mut evidence);
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

fn blank(path: &str) -> Input {
    Input {
        id: None,
        path: path.to_owned(),
        sha256: None,
        bytes: 0,
        container: Container::Plain,
        archive: None,
        kinds: Vec::new(),
        status: InputStatus::Complete,
        reason: None,
        faults: Vec::new(),
        records: RecordCounts::default(),
        path_place: path::place(path),
    }
}

fn read_file(found: &Found, open: Open<'_>) -> (Input, Staged, Vec<Member>) {
    let mut input = blank(&found.path);
    if let Some(why) = walk::by_product(&found.path) {
        input.status = InputStatus::Ignored;
        input.reason = Some(why.to_owned());
        input.bytes = std::fs::symlink_metadata(&found.file).map_or(0, |data| data.len());
        return (input, Staged::default(), Vec::new());
    }
    let mut staged = Staged::default();
    let mut members = Vec::new();
    match &found.refused {
        Some(why) => staged.fault(Code::Unreadable.fault(why)),
        None => match open(&found.file) {
            Ok(file) => {
                let before = walk::stamp(&found.file);
                members = read_bytes(file, &mut input, &mut staged);
                if before != walk::stamp(&found.file) {
                    staged.fault(Code::Unreadable.fault("it changed while it was read"));
                }
            }
            Err(error) => staged.fault(fault::of_io(&error)),
        },
    }
    conclude(&mut input, &mut staged);
    if input.container.is_archive() && input.status == InputStatus::Complete {
        input.kinds = vec!["archive"];
        input.reason = Some(format!("an archive of {} files", members.len()));
    }
    (input, staged, members)
}

/// Hashes all bytes of the file, whatever becomes of its content; gives its members, if it is an
/// archive.
fn read_bytes(file: Box<dyn Read + Send>, input: &mut Input, staged: &mut Staged) -> Vec<Member> {
    let mut members = Vec::new();
    let passed = pipeline::read_through(file, |container, text| {
        input.container = container;
        match container {
            Container::Zip => members = archive::read_zip(text, input, staged),
            Container::Tar | Container::TarGzip => {
                members = archive::read_tar(text, input, staged);
            }
            Container::Plain | Container::Gzip => document::read_documents(text, staged),
        }
    });
    match passed {
        Ok((digest, bytes)) => (input.sha256, input.bytes) = (Some(digest), bytes),
        Err(error) => staged.fault(fault::of_io(&error)),
    }
    members
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

#[cfg(test)]
mod tests;
