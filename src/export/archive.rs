//! The members of archives, each read as a file of its own. Nothing is ever unpacked
//! to the disk, and no name in an archive is used as a path.

use std::io::{self, Read, Seek};

use crate::evidence::{Fault, Input, InputStatus, Spool};

use super::decode::{Content, decode};
use super::fault::{self, Carried, Code};
use super::staged::Staged;
use super::tar::{Kind, Members};
use super::{Nesting, blank, conclude, is_answer, read_bytes, walk, zipped};

/// More members than any export of a quarter has.
pub const MEMBERS: usize = 100_000;
/// Longer names are cut where they are shown; they are refused.
const NAME: usize = 1024;

/// What a member gave.
pub type Member = (Input, Staged);

/// What is around a member.
pub struct Around<'a> {
    /// The archive.
    pub archive: &'a Input,
    /// Where the resources go.
    pub spool: Spool,
}

/// Reads the members of a tar archive. What is wrong with the archive itself is noted in `staged`,
/// and none of its members is then used.
pub fn read_tar(stream: impl Read + Send, archive: &Input, staged: &mut Staged) -> Vec<Member> {
    let spool = staged.items.spool().clone();
    let archive = &Around { archive, spool };
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

/// Reads one member, unless it is refused.
pub fn read_member(
    name: &str,
    refused: Option<&str>,
    content: &mut (impl Read + Send),
    archive: &Around<'_>,
) -> Member {
    if let Some(why) = refused.or_else(|| leads_out(name)) {
        return rejected(name, why, archive);
    }
    let (mut input, mut staged) = member(name, archive);
    let inner = read_bytes(content, &mut input, &mut staged, Nesting::Member);
    debug_assert!(inner.is_empty(), "archives in archives are refused");
    // A name tells only of what is no answer of AWS, or was cut off.
    let unfinished = walk::unfinished(name);
    let unfinished = unfinished.filter(|_| staged.has_faults() || !is_answer(&staged, &[]));
    if let Some(why) = unfinished {
        let (mut closed, mut nothing) = member(name, archive);
        (closed.sha256, closed.bytes) = (input.sha256, input.bytes);
        conclude(&mut closed, &mut nothing);
        closed.status = InputStatus::Partial;
        closed.reason = Some(why.to_owned());
        return (closed, nothing);
    }
    let answers = is_answer(&staged, &[]);
    conclude(&mut input, &mut staged);
    let is_key = |fault: &Fault| fault.code == Code::Key.as_str();
    let matters = answers || input.faults.iter().any(is_key);
    if let Some(why) = walk::by_product(name).filter(|_| !matters) {
        (input, staged) = member(name, archive);
        input.status = InputStatus::Ignored;
        input.reason = Some(why.to_owned());
        input.plausible = false;
    }
    (input, staged)
}

/// The name as it is shown.
pub fn escaped(name: &str) -> String {
    name.chars()
        .take(NAME)
        .flat_map(char::escape_debug)
        .collect()
}

fn member(name: &str, around: &Around<'_>) -> Member {
    let input = blank(&format!("{}!{}", around.archive.path, escaped(name)));
    (input, Staged::new(&around.spool))
}

/// A member that is not read, and why.
pub fn rejected(name: &str, why: &str, archive: &Around<'_>) -> Member {
    let (mut input, mut staged) = member(name, archive);
    staged.fault(Code::Archive.fault(why));
    conclude(&mut input, &mut staged);
    (input, staged)
}

/// Gives the content of the member that is shown under this name to `look`, of an archive that was
/// read before; `None` if there is none.
pub fn in_member<T>(
    mut archive: impl Read + Seek + Send,
    shown: &str,
    look: impl FnOnce(&mut (dyn Read + Send)) -> T,
) -> io::Result<Option<T>> {
    let content = decode(&mut archive)?.content;
    if let Content::Tar(tar) = content {
        return in_tarred(tar, shown, look);
    }
    drop(content);
    archive.rewind()?;
    zipped::in_member(archive, shown, look)
}

fn in_tarred<T>(
    stream: impl Read + Send,
    shown: &str,
    look: impl FnOnce(&mut (dyn Read + Send)) -> T,
) -> io::Result<Option<T>> {
    let mut tar = Members::new(stream);
    while let Some(member) = tar.next().map_err(Carried::into_io)? {
        let fits = member.kind == Kind::File && escaped(&member.name) == shown;
        let mut content = tar.content(&member);
        if fits {
            return Ok(Some(look(&mut content)));
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
    } else if name.len() > NAME {
        Some("its name is too long")
    } else {
        None
    }
}

/// The fault of an archive with more than [`MEMBERS`].
pub fn too_many() -> Fault {
    Code::Archive.fault(format!("the archive has more than {MEMBERS} members"))
}

/// An archive that is not used, nor any of its members.
pub fn damaged(fault: Fault, mut members: Vec<Member>, staged: &mut Staged) -> Vec<Member> {
    staged.fault(fault);
    for (input, member) in &mut members {
        if input.status != InputStatus::Ignored {
            member.fault(Code::Archive.fault("the archive around it is rejected"));
            for fault in input.faults.drain(..) {
                member.fault(fault);
            }
            conclude(input, member);
        }
    }
    members
}
