//! Reads what AWS Config and its clients wrote: every file under `exports/`, by its structure,
//! never by its name. A file's records count only when it was read to its end without a fault.

mod buffer;
mod decode;
mod document;
mod element;
mod fault;
mod formats;
pub mod path;
mod staged;
mod sums;
mod walk;

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::Path;

use crate::digest::Hashing;
use crate::error::Result;
use crate::evidence::{
    Captured, Evidence, Input, InputIndex, InputStatus, ListingIndex, Provenance, RecordCounts,
};

use fault::Code;
use staged::Staged;
use sums::Sums;
use walk::Found;

/// The folder of an engagement that holds the exports.
pub const FOLDER: &str = "exports";

/// Opens a file for reading; tests put failing readers here.
pub type Open<'o> = &'o dyn Fn(&Path) -> io::Result<Box<dyn Read>>;

/// Opens files of the file system.
pub fn open_file(path: &Path) -> io::Result<Box<dyn Read>> {
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
    let mut files = walk::files(root, FOLDER)?;
    let sums = Sums::read(&files, open);
    files.extend(sums.absent());
    files.sort();
    for found in files {
        let (mut input, staged) = read_file(&found, &sums, open);
        if input.status != InputStatus::Ignored {
            number += 1;
            input.id = Some(format!("E{number:04}"));
        }
        commit(input, staged, &mut evidence);
    }
    Ok(evidence)
}

fn blank(found: &Found) -> Input {
    Input {
        id: None,
        path: found.path.clone(),
        sha256: None,
        bytes: 0,
        gzip: false,
        kinds: Vec::new(),
        status: InputStatus::Complete,
        reason: None,
        faults: Vec::new(),
        records: RecordCounts::default(),
        path_place: path::place(&found.path),
    }
}

fn read_file(found: &Found, sums: &Sums, open: Open<'_>) -> (Input, Staged) {
    let mut input = blank(found);
    let by_product = walk::by_product(&found.path);
    let unfinished = walk::unfinished(&found.path);
    let evidence = by_product.or(unfinished).is_none();
    let mut staged = Staged::default();
    if by_product.is_some() && !sums.lists(&found.path) {
        input.bytes = std::fs::symlink_metadata(&found.file).map_or(0, |data| data.len());
    } else if let Some(why) = found.refused {
        staged.fault(Code::Unreadable.fault(why));
    } else if !sums.is_absent(&found.path) {
        match open(&found.file) {
            Ok(file) => read_bytes(file, evidence, &mut input, &mut staged),
            Err(error) => staged.fault(fault::of_io(&error)),
        }
    }
    for fault in sums.check(&found.path, input.sha256) {
        staged.fault(fault);
    }
    conclude(&mut input, &mut staged);
    if input.status == InputStatus::Complete && !evidence {
        let by_product = by_product.map(|why| (InputStatus::Ignored, why));
        let unfinished = unfinished.map(|why| (InputStatus::Partial, why));
        let (status, why) = by_product.or(unfinished).expect("one of them");
        input.status = status;
        input.reason = Some(why.to_owned());
    }
    (input, staged)
}

/// Hashes all bytes of the file, whatever becomes of its content; only evidence is looked into.
fn read_bytes(file: Box<dyn Read>, evidence: bool, input: &mut Input, staged: &mut Staged) {
    let mut raw = Hashing::new(file);
    if evidence {
        look_into(&mut raw, input, staged);
    }
    let drained = io::copy(&mut raw, &mut io::sink());
    let (_, digest, bytes) = raw.finish();
    input.bytes = bytes;
    match drained {
        Ok(_) => input.sha256 = Some(digest),
        Err(error) => staged.fault(fault::of_io(&error)),
    }
}

fn look_into(raw: &mut impl Read, input: &mut Input, staged: &mut Staged) {
    match decode::decode(raw) {
        Ok(decoded) => {
            input.gzip = decoded.gzip;
            document::read_documents(decoded.text, staged);
        }
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
}

#[cfg(test)]
mod tests;
