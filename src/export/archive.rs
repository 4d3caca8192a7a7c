//! The members of zip and tar archives, each read as a file of its own. Nothing is ever unpacked
//! to the disk, and no name in an archive is used as a path.

use std::borrow::Cow;
use std::io::{self, Cursor, Read};

use zip::ZipArchive;

use crate::evidence::{Input, InputStatus};

use super::decode::{Bounded, Content, decode};
use super::fault::{self, Carried, Code};
use super::staged::Staged;
use super::tar::{Kind, Members};
use super::{Nesting, blank, conclude, read_bytes, walk};

/// More members than any export of a quarter has.
const MEMBERS: usize = 100_000;
/// A zip's directory stands at its end: larger ones would have to be held in memory whole.
const ZIP: u64 = 256 << 20;

/// What a member gave.
pub type Member = (Input, Staged);

/// Reads the members of a tar archive. What is wrong with the archive itself is noted in `staged`,
/// and none of its members is then used.
pub fn read_tar(stream: impl Read + Send, archive: &Input, staged: &mut Staged) -> Vec<Member> {
    let mut tar = Members::new(stream);
    let mut members = Vec::new();
    loop {
        let member = match tar.next() {
            Ok(Some(member)) => member,
            Ok(None) => break,
            Err(fault) => return damaged(fault, members, staged),
        };
        if members.len() == MEMBERS {
            return damaged(too_many(), members, staged);
        }
        if member.kind == Kind::Folder {
            continue;
        }
        let mut content = tar.content(&member);
        let refused = (member.kind == Kind::Other).then_some("it is not a regular file");
        members.push(read_member(&member.name, refused, &mut content, archive));
        if let Err(error) = io::copy(&mut content, &mut io::sink()) {
            return damaged(fault::of_io(&error), members, staged);
        }
    }
    match tar.finish() {
        Ok(()) => members,
        Err(fault) => damaged(fault, members, staged),
    }
}

/// Reads the members of a zip archive; each has its own checksum, so that one that is damaged
/// loses no other.
pub fn read_zip(stream: impl Read + Send, archive: &Input, staged: &mut Staged) -> Vec<Member> {
    let mut bytes = Vec::new();
    if let Err(error) = stream.take(ZIP + 1).read_to_end(&mut bytes) {
        staged.fault(fault::of_io(&error));
        return Vec::new();
    }
    if bytes.len() as u64 > ZIP {
        let message = format!("the zip archive is larger than {} MiB", ZIP >> 20);
        staged.fault(Code::Archive.fault(message));
        return Vec::new();
    }
    let mut zip = match ZipArchive::new(Cursor::new(bytes)) {
        Ok(zip) if zip.len() <= MEMBERS => zip,
        Ok(_) => {
            staged.fault(too_many());
            return Vec::new();
        }
        Err(error) => {
            let message = format!("the zip archive cannot be read: {error}");
            staged.fault(Code::Archive.fault(message));
            return Vec::new();
        }
    };
    let indices = 0..zip.len();
    indices
        .filter_map(|index| zip_member(&mut zip, index, archive))
        .collect()
}

fn zip_name(zip: &ZipArchive<Cursor<Vec<u8>>>, index: usize) -> String {
    let name = zip.name_for_index(index).and_then(Result::ok);
    name.map_or_else(|| format!("member {index}"), Cow::into_owned)
}

fn zip_member(
    zip: &mut ZipArchive<Cursor<Vec<u8>>>,
    index: usize,
    archive: &Input,
) -> Option<Member> {
    const TYPE: u32 = 0o170_000;
    const FILE: u32 = 0o100_000;
    let named = zip_name(zip, index);
    let file = match zip.by_index(index) {
        Ok(file) => file,
        Err(error) => {
            let why = format!("it cannot be unpacked: {error}");
            return Some(rejected(&named, &why, archive));
        }
    };
    if file.is_dir() {
        return None;
    }
    let kind = file.unix_mode().map_or(0, |mode| mode & TYPE);
    let refused = (kind != 0 && kind != FILE).then_some("it is not a regular file");
    let packed = file.compressed_size();
    let mut content = Bounded::of_packed(file, packed);
    Some(read_member(&named, refused, &mut content, archive))
}

fn read_member(
    name: &str,
    refused: Option<&str>,
    content: &mut (impl Read + Send),
    archive: &Input,
) -> Member {
    if let Some(why) = refused.or_else(|| leads_out(name)) {
        return rejected(name, why, archive);
    }
    let (mut input, mut staged) = member(name, archive);
    if let Some(why) = walk::by_product(name) {
        input.status = InputStatus::Ignored;
        input.reason = Some(why.to_owned());
        return (input, staged);
    }
    let inner = read_bytes(content, &mut input, &mut staged, Nesting::Member);
    debug_assert!(inner.is_empty(), "archives in archives are refused");
    conclude(&mut input, &mut staged);
    (input, staged)
}

fn member(name: &str, archive: &Input) -> Member {
    let shown = name.escape_debug().to_string();
    let input = blank(&format!("{}!{shown}", archive.path));
    (input, Staged::default())
}

fn rejected(name: &str, why: &str, archive: &Input) -> Member {
    let (mut input, mut staged) = member(name, archive);
    staged.fault(Code::Archive.fault(why));
    conclude(&mut input, &mut staged);
    (input, staged)
}

/// The bytes of the member that is shown under this name, of an archive that was read before.
pub fn member_bytes(archive: impl Read + Send, shown: &str) -> io::Result<Option<Vec<u8>>> {
    match decode(archive)?.content {
        Content::Zip(zip) => zipped_bytes(zip, shown),
        Content::Tar(tar) => tarred_bytes(tar, shown),
        Content::Text(_) => Ok(None),
    }
}

fn zipped_bytes(stream: impl Read, shown: &str) -> io::Result<Option<Vec<u8>>> {
    let mut whole = Vec::new();
    stream.take(ZIP).read_to_end(&mut whole)?;
    let mut zip = ZipArchive::new(Cursor::new(whole))?;
    let mut indices = 0..zip.len();
    let fits = |index: &usize| zip_name(&zip, *index).escape_debug().to_string() == shown;
    let Some(index) = indices.find(fits) else {
        return Ok(None);
    };
    let file = zip.by_index(index)?;
    let (packed, mut bytes) = (file.compressed_size(), Vec::new());
    Bounded::of_packed(file, packed).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

fn tarred_bytes(stream: impl Read, shown: &str) -> io::Result<Option<Vec<u8>>> {
    let mut tar = Members::new(stream);
    while let Some(member) = tar.next().map_err(Carried::into_io)? {
        let fits = member.kind == Kind::File && member.name.escape_debug().to_string() == shown;
        let mut content = tar.content(&member);
        if fits {
            let mut bytes = Vec::new();
            content.read_to_end(&mut bytes)?;
            return Ok(Some(bytes));
        }
        io::copy(&mut content, &mut io::sink())?;
    }
    Ok(None)
}

/// Names that would lead out of the archive where it is unpacked: they come from no archiver.
fn leads_out(name: &str) -> Option<&'static str> {
    let parts: Vec<&str> = name.split(['/', '\\']).collect();
    if parts.contains(&"..") {
        Some("its name leads out of the archive")
    } else if parts[0].is_empty() || name.as_bytes().get(1) == Some(&b':') {
        Some("its name is absolute or empty")
    } else if name.len() > 1024 {
        Some("its name is too long")
    } else {
        None
    }
}

fn too_many() -> crate::evidence::Fault {
    Code::Archive.fault(format!("the archive has more than {MEMBERS} members"))
}

fn damaged(
    fault: crate::evidence::Fault,
    mut members: Vec<Member>,
    staged: &mut Staged,
) -> Vec<Member> {
    staged.fault(fault);
    for (input, member) in &mut members {
        if input.status != InputStatus::Ignored {
            member.fault(Code::Archive.fault("the archive around it is damaged"));
            for fault in input.faults.drain(..) {
                member.fault(fault);
            }
            conclude(input, member);
        }
    }
    members
}
