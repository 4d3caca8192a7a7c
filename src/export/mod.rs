//! Reads what AWS Config and its clients wrote: every file under `exports/`, by its structure,
//! never by its name. A file's records count only when it was read to its end without a fault.

mod alias;
mod archive;
mod buffer;
mod close;
mod commit;
mod decode;
mod document;
mod element;
mod envelope;
pub(crate) mod fault;
mod field;
mod formats;
mod job;
mod log;
mod named;
pub mod path;
mod pipeline;
mod raw;
mod refusal;
mod resource_id;
mod skip;
mod staged;
mod sums;
mod surrogate;
mod tar;
mod token;
mod twin;
mod typed;
mod walk;
mod wrapper;
mod zipped;

use std::collections::BTreeSet;
use std::io::{self, BufReader, Read};
use std::path::Path;

use crate::digest::Hashing;
use crate::error::Result;
use crate::evidence::{
    Container, Evidence, Fault, Input, InputStatus, ListingKind, RecordCounts, Spool,
};
use crate::regular;
use crate::threads::in_order;

pub use archive::in_member;
pub use raw::values_at;

use buffer::PIECE;
use commit::{Commit, ReadFile};
use decode::Content;
use fault::Code;
use formats::unread;
use log::Taken;
use staged::Staged;
use sums::Sums;
use walk::Found;

/// The folder of an engagement that holds the exports.
pub const FOLDER: &str = "exports";

/// A file of at least so many bytes is read, hashed and unpacked by a thread of its own.
const LONG: u64 = 4 << 20;

/// Opens a file for reading; tests put failing readers here.
pub type Open<'o> = &'o (dyn Fn(&Path) -> io::Result<Box<dyn Read + Send>> + Sync);

/// Opens files of the file system.
pub fn open_file(path: &Path) -> io::Result<Box<dyn Read + Send>> {
    Ok(Box::new(regular::open(path)?))
}

/// The operations whose output is read.
pub fn operations() -> impl Iterator<Item = &'static str> {
    formats::all().map(|format| format.operation)
}

/// Reads everything under `root/exports`, in the order of the paths' bytes.
///
/// What is wrong with a file is in its [`Input`]; an error means that the folder itself could
/// not be listed.
pub fn read(root: &Path, open: Open<'_>) -> Result<Evidence> {
    let mut files = walk::files(root, FOLDER)?;
    let sums = Sums::read(&files, open);
    let taken = Taken::read(&files, &sums, open);
    files.extend(sums.absent());
    files.sort();
    let spool = Spool::default();
    let mut commit = Commit::new(spool.clone(), taken);
    in_order(
        &files,
        |found| read_file(found, &sums, open, &spool),
        |read| commit.file(read),
    );
    commit.finish()
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
        plausible: true,
    }
}

fn read_file(found: &Found, sums: &Sums, open: Open<'_>, spool: &Spool) -> ReadFile {
    let (by_product, unfinished) = (walk::by_product(&found.path), walk::unfinished(&found.path));
    let named = by_product.is_some() || unfinished.is_some();
    // A name makes a by-product only of what is no answer of AWS.
    if named && found.refused.is_none() && !sums.is_absent(&found.path) {
        let (mut input, mut staged) = (blank(&found.path), Staged::new(spool));
        let members = open_and_read(found, open, true, &mut input, &mut staged);
        let cut = unfinished.is_some() && staged.has_faults();
        if is_answer(&staged, &members) && !cut {
            return read_export(found, None, sums, open, spool);
        }
    }
    match by_product {
        Some(why) => read_by_product(found, why, sums, open, spool),
        None => read_export(found, unfinished, sums, open, spool),
    }
}

/// Whether what was read holds an answer of AWS; others write `Results` and `Findings`, too.
fn is_answer(staged: &Staged, members: &[archive::Member]) -> bool {
    const COMMON: [&str; 3] = ["select-resource-config", "get-findings", "get-findings-v2"];
    let listed = staged.listings.iter().map(|listing| listing.operation);
    let own = |operation: &str| !staged.has_faults() || !COMMON.contains(&operation);
    let holds_any = |(_, staged): &archive::Member| !staged.listings.is_empty();
    listed.chain(staged.begun).any(own) || members.iter().any(holds_any)
}

/// What no export is; it is compared with its sum, if it has one.
fn read_by_product(
    found: &Found,
    why: &str,
    sums: &Sums,
    open: Open<'_>,
    spool: &Spool,
) -> ReadFile {
    let (mut input, mut staged) = (blank(&found.path), Staged::new(spool));
    if !sums.lists(&found.path) {
        input.bytes = std::fs::symlink_metadata(&found.file).map_or(0, |data| data.len());
    } else if let Some(why) = &found.refused {
        staged.fault(Code::Unreadable.fault(why));
    } else if !sums.is_absent(&found.path) {
        open_and_read(found, open, false, &mut input, &mut staged);
    }
    for fault in sums.check(&found.path, input.sha256) {
        staged.fault(fault);
    }
    conclude(&mut input, &mut staged);
    input.plausible = false;
    if input.status == InputStatus::Complete {
        input.status = InputStatus::Ignored;
        input.reason = Some(why.to_owned());
    }
    (input, staged, Vec::new())
}

fn read_export(
    found: &Found,
    unfinished: Option<&str>,
    sums: &Sums,
    open: Open<'_>,
    spool: &Spool,
) -> ReadFile {
    let mut input = blank(&found.path);
    let evidence = unfinished.is_none();
    let (mut staged, mut members) = (Staged::new(spool), Vec::new());
    if let Some(why) = &found.refused {
        staged.fault(Code::Unreadable.fault(why));
    } else if !sums.is_absent(&found.path) {
        members = open_and_read(found, open, evidence, &mut input, &mut staged);
    }
    for fault in sums.check_export(&found.path, input.sha256) {
        staged.fault(fault);
        // An archive that is not what was collected holds nothing that is.
        members.clear();
    }
    conclude(&mut input, &mut staged);
    if let Some(why) = unfinished
        && input.status == InputStatus::Complete
    {
        input.status = InputStatus::Partial;
        input.reason = Some(why.to_owned());
    } else if input.container.is_archive() && input.status == InputStatus::Complete {
        input.kinds = vec!["archive"];
        input.reason = Some(format!("an archive of {} files", members.len()));
    }
    if evidence && input.status == InputStatus::Complete && input.reason.is_none() {
        let overlooking = sums.overlooking(&found.path);
        input.reason = overlooking.map(|sums| format!("`{sums}` does not list it"));
    }
    (input, staged, members)
}

/// Only evidence is looked into; everything is hashed.
fn open_and_read(
    found: &Found,
    open: Open<'_>,
    evidence: bool,
    input: &mut Input,
    staged: &mut Staged,
) -> Vec<archive::Member> {
    let file = match open(&found.file) {
        Ok(file) => file,
        Err(error) => {
            staged.fault(fault::of_io(&error));
            return Vec::new();
        }
    };
    let before = walk::stamp(&found.file);
    input.bytes = before.map_or(0, |(bytes, _)| bytes);
    let nesting = if evidence {
        Nesting::Outermost
    } else {
        Nesting::Closed
    };
    let mut members = read_bytes(file, input, staged, nesting);
    if input.container == Container::Zip && !staged.has_faults() {
        match regular::open(&found.file) {
            Ok(file) => members = zipped::read_zip(BufReader::new(file), input, staged),
            Err(error) => staged.fault(fault::of_io(&error)),
        }
    }
    let is_key = |fault: &Fault| fault.code == Code::Key.as_str();
    if members
        .iter()
        .any(|(member, _)| member.faults.iter().any(is_key))
    {
        // It would travel whole.
        let fault = Code::Key.fault("a file in it holds a private key");
        members = archive::damaged(fault, members, staged);
    }
    if before != walk::stamp(&found.file) {
        staged.fault(Code::Unreadable.fault("it changed while it was read"));
    }
    members
}

/// Whether a file may be an archive: the member of one may not. What is no evidence stays closed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nesting {
    Outermost,
    Member,
    Closed,
}

/// Hashes all bytes of the file, whatever becomes of its content; gives its members, if it is an
/// archive.
fn read_bytes(
    file: impl Read + Send,
    input: &mut Input,
    staged: &mut Staged,
    nesting: Nesting,
) -> Vec<archive::Member> {
    let mut raw = Hashing::new(file);
    let mut members = Vec::new();
    if nesting != Nesting::Closed {
        members = look_into(&mut raw, input, staged, nesting);
    }
    let drained = io::copy(&mut raw, &mut io::sink());
    let (_, digest, bytes) = raw.finish();
    input.bytes = bytes;
    match drained {
        Ok(_) => input.sha256 = Some(digest),
        Err(error) => staged.fault(fault::of_io(&error)),
    }
    members
}

fn look_into(
    raw: &mut (impl Read + Send),
    input: &mut Input,
    staged: &mut Staged,
    nesting: Nesting,
) -> Vec<archive::Member> {
    let decoded = match decode::decode(raw) {
        Ok(decoded) => decoded,
        Err(error) => {
            staged.fault(fault::of_io(&error));
            return Vec::new();
        }
    };
    input.container = decoded.container;
    match decoded.content {
        // Other files keep the other processors busy.
        Content::Text(text) if nesting == Nesting::Outermost && input.bytes < LONG => {
            document::read_documents(BufReader::with_capacity(PIECE, text), staged);
            Vec::new()
        }
        Content::Text(text) => {
            pipeline::ahead(text, |text| document::read_documents(text, staged));
            Vec::new()
        }
        Content::Tar(_) | Content::Zip if nesting == Nesting::Member => {
            staged.fault(Code::Archive.fault("it is an archive in an archive"));
            Vec::new()
        }
        Content::Tar(tar) => archive::read_tar(tar, input, staged),
        // Its members are read once all of it was hashed.
        Content::Zip => Vec::new(),
    }
}

fn conclude(input: &mut Input, staged: &mut Staged) {
    staged.seal();
    input.records = staged.records;
    input.faults = staged.take_faults();
    input.faults.dedup();
    let foreign = !input.faults.is_empty() && input.faults.iter().all(|fault| fault.foreign);
    input.plausible = !foreign || !staged.listings.is_empty();
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
    } else if holds_nothing(staged) {
        input.status = InputStatus::Ignored;
        input.reason = Some(unread::REASON.to_owned());
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
    } else if let [listing] = &staged.listings[..]
        && listing.kind == ListingKind::Answer
        && ONE_PAGE.contains(&(listing.operation, listing.elements))
    {
        let rows = listing.elements;
        input.reason = Some(format!(
            "exactly {rows} rows: a client that asks for one page only leaves out the others"
        ));
    }
    let remarks = staged.remarks();
    if input.status != InputStatus::Rejected && !remarks.is_empty() {
        let reasons: Vec<String> = input.reason.take().into_iter().chain(remarks).collect();
        input.reason = Some(reasons.join("; "));
    }
}

/// Whether all that stands in a file are answers without a verdict and a resource.
fn holds_nothing(staged: &Staged) -> bool {
    let mut listings = staged.listings.iter();
    !staged.listings.is_empty() && listings.all(|listing| unread::is_unread(listing.operation))
}

/// So many rows are what one call gives if it is not asked for more: of boto3, and of the CLI for
/// the operation that it does not page.
const ONE_PAGE: [(&str, u32); 4] = [
    ("get-compliance-details-by-config-rule", 10),
    ("get-compliance-details-by-config-rule", 100),
    ("get-conformance-pack-compliance-details", 10),
    ("get-conformance-pack-compliance-details", 100),
];

#[cfg(test)]
mod tests;
