//! The members of zip archives (APPNOTE.TXT), read where they stand: neither the archive nor its
//! directory is held in memory, however large they are.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{self, Read, Seek};

use zip::ZipReadOptions;
use zip::read::{Config, ZipFileEntry};
use zip::result::ZipResult;
use zip::unstable::read::ZipIterable;

use crate::evidence::{Fault, Input};

use super::archive::{Around, MEMBERS, Member, damaged, escaped, read_member, rejected, too_many};
use super::decode::Bounded;
use super::fault::Code;
use super::refusal;
use super::staged::Staged;

/// The kind of file in a Unix mode, and that of a regular one.
const KIND: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;

/// Reads the members of a zip archive; each has its own checksum, so that one that is damaged
/// loses no other.
pub fn read_zip(
    file: impl Read + Seek + Send,
    archive: &Input,
    staged: &mut Staged,
) -> Vec<Member> {
    let mut members = Vec::new();
    let spool = staged.items.spool().clone();
    match read_members(file, &Around { archive, spool }, &mut members) {
        Ok(()) => members,
        Err(fault) => damaged(fault, members, staged),
    }
}

fn read_members(
    file: impl Read + Seek + Send,
    around: &Around<'_>,
    members: &mut Vec<Member>,
) -> Result<(), Fault> {
    let mut zip = ZipIterable::try_new(file, Config::default()).map_err(|error| broken(&error))?;
    if zip.len() > MEMBERS {
        return Err(too_many());
    }
    let (mut names, mut packed) = (BTreeSet::new(), 0);
    let entries = zip.files().map_err(|error| broken(&error))?;
    while let Some(entry) = entries.next() {
        let entry = entry.map_err(|error| broken(&error))?;
        packed += entry.compressed_size();
        if packed > around.archive.bytes {
            return Err(Code::Archive.fault("its members overlap: they are larger than itself"));
        }
        if entry.is_dir() {
            continue;
        }
        let name = name_of(&entry, members.len());
        if let Some(fault) = refusal::of_member(&name) {
            members.clear();
            return Err(fault);
        }
        members.push(if names.insert(escaped(&name)) {
            read_entry(&name, entry, entries.reader_mut(), around)
        } else {
            rejected(&name, "another member has the same name", around)
        });
    }
    Ok(())
}

fn broken(error: &zip::result::ZipError) -> Fault {
    Code::Archive.fault(format!("the zip archive cannot be read: {error}"))
}

/// The name with `/` between its parts (APPNOTE 4.4.17.1); some archivers of Windows write `\`.
fn name_of(entry: &ZipFileEntry<'_>, index: usize) -> String {
    let name = entry.name().map(Cow::into_owned);
    let name = name.unwrap_or_else(|_| format!("member {index}"));
    name.replace('\\', "/")
}

fn read_entry<R: Read + Seek + Send>(
    name: &str,
    entry: ZipFileEntry<'_>,
    file: &mut R,
    archive: &Around<'_>,
) -> Member {
    let kind = entry.unix_mode().map_or(0, |mode| mode & KIND);
    let refused = (kind != 0 && kind != REGULAR).then_some("it is not a regular file");
    match content(entry, file) {
        Ok(mut content) => read_member(name, refused, &mut content, archive),
        Err(error) => rejected(name, &format!("it cannot be unpacked: {error}"), archive),
    }
}

fn content<'f, R: Read + Seek + Send>(
    entry: ZipFileEntry<'f>,
    file: &'f mut R,
) -> ZipResult<Bounded<impl Read + Send + 'f>> {
    let packed = entry.compressed_size();
    let unpacked = entry.with_reader(file, ZipReadOptions::new())?;
    Ok(Bounded::of_packed(unpacked, packed))
}

/// Gives the content of the member that is shown under this name to `look`.
pub fn in_member<T>(
    file: impl Read + Seek + Send,
    shown: &str,
    look: impl FnOnce(&mut (dyn Read + Send)) -> T,
) -> io::Result<Option<T>> {
    let mut zip = ZipIterable::try_new(file, Config::default())?;
    let entries = zip.files()?;
    let mut index = 0;
    while let Some(entry) = entries.next() {
        let entry = entry?;
        if entry.is_dir() {
            continue;
        }
        if escaped(&name_of(&entry, index)) == shown {
            let mut content = content(entry, entries.reader_mut())?;
            return Ok(Some(look(&mut content)));
        }
        index += 1;
    }
    Ok(None)
}
