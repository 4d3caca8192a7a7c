//! The members of a tar archive (POSIX.1 `ustar` and pax, and GNU's long names), one after the
//! other as they stream past.

use std::io::{self, Read};

use crate::evidence::Fault;

use super::fault::{self, Code};

const BLOCK: usize = 512;
/// No name of AWS's is nearly as long.
const EXTENSION: u64 = 64 * 1024;

/// What a member is.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file with content.
    File,
    /// A folder.
    Folder,
    /// A link, a device or the like.
    Other,
}

/// A member's header.
#[derive(Debug)]
pub struct Member {
    /// Its path as it stands in the archive.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// How many bytes of content follow.
    pub size: u64,
}

/// Whether the start of a file is a tar header: `ustar` stands at byte 257.
pub fn is_tar(start: &[u8]) -> bool {
    start.get(257..262) == Some(b"ustar")
}

/// Reads members.
pub struct Members<R> {
    source: R,
    /// Padding behind the last member's content.
    padding: u64,
}

/// What extended headers say of the member that follows.
#[derive(Default)]
struct Extended {
    name: Option<String>,
    size: Option<u64>,
}

impl<R: Read> Members<R> {
    /// From the first header on.
    pub fn new(source: R) -> Self {
        Self { source, padding: 0 }
    }

    /// The next member, whose content is then read from [`Self::content`]; `None` at the end.
    pub fn next(&mut self) -> Result<Option<Member>, Fault> {
        let mut extended = Extended::default();
        loop {
            let padding = std::mem::take(&mut self.padding);
            self.skip(padding)?;
            let Some(header) = self.header()? else {
                return Ok(None);
            };
            let size = number(&header[124..136]).ok_or_else(|| broken("a size is no number"))?;
            match header[156] {
                b'x' | b'L' => {
                    let text = self.extension(size)?;
                    extended.take(header[156], &text)?;
                }
                // Global headers and long link names tell nothing that is needed.
                b'g' | b'K' => drop(self.extension(size)?),
                flag => return Ok(Some(self.member(&header, flag, size, extended))),
            }
        }
    }

    fn member(&mut self, header: &[u8; BLOCK], flag: u8, size: u64, extended: Extended) -> Member {
        let kind = match flag {
            b'0' | b'7' | 0 => Kind::File,
            b'5' => Kind::Folder,
            _ => Kind::Other,
        };
        // Links and folders have no content, whatever their size field says.
        let size = match kind {
            Kind::File => extended.size.unwrap_or(size),
            Kind::Folder | Kind::Other => 0,
        };
        self.padding = padding(size);
        Member {
            name: extended.name.unwrap_or_else(|| name(header)),
            kind,
            size,
        }
    }

    /// The content of the member that [`Self::next`] gave; all of it must be read.
    pub fn content(&mut self, member: &Member) -> impl Read + '_ {
        Exactly {
            left: member.size,
            source: &mut self.source,
        }
    }

    /// Reads on behind the last member: only there a compressed archive shows that it is whole.
    pub fn finish(&mut self) -> Result<(), Fault> {
        let mut rest = [0; 4096];
        loop {
            match self.source.read(&mut rest) {
                Ok(0) => return Ok(()),
                Ok(read) if rest[..read].iter().all(|&byte| byte == 0) => {}
                Ok(_) => return Err(broken("something follows its end")),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(fault::of_io(&error)),
            }
        }
    }

    fn header(&mut self) -> Result<Option<[u8; BLOCK]>, Fault> {
        let mut header = [0; BLOCK];
        let mut filled = 0;
        while filled < BLOCK {
            match self.source.read(&mut header[filled..]) {
                Ok(0) if filled == 0 => return Ok(None),
                Ok(0) => return Err(cut()),
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(fault::of_io(&error)),
            }
        }
        if header.iter().all(|&byte| byte == 0) {
            return Ok(None);
        }
        let sum: u64 = header
            .iter()
            .enumerate()
            .map(|(at, &byte)| u64::from(if (148..156).contains(&at) { b' ' } else { byte }))
            .sum();
        if number(&header[148..156]) != Some(sum) {
            return Err(broken("a header's checksum is wrong"));
        }
        Ok(Some(header))
    }

    fn extension(&mut self, size: u64) -> Result<Vec<u8>, Fault> {
        if size > EXTENSION {
            return Err(broken("an extended header is too long"));
        }
        let mut text = Vec::new();
        let read = (&mut self.source).take(size).read_to_end(&mut text);
        let read = read.map_err(|error| fault::of_io(&error))?;
        if (read as u64) < size {
            return Err(cut());
        }
        self.padding = padding(size);
        Ok(text)
    }

    fn skip(&mut self, count: u64) -> Result<(), Fault> {
        let skipped = io::copy(&mut (&mut self.source).take(count), &mut io::sink());
        match skipped {
            Ok(skipped) if skipped == count => Ok(()),
            Ok(_) => Err(cut()),
            Err(error) => Err(fault::of_io(&error)),
        }
    }
}

impl Extended {
    fn take(&mut self, flag: u8, text: &[u8]) -> Result<(), Fault> {
        if flag == b'L' {
            self.name = Some(until_nul(text));
            return Ok(());
        }
        // pax records: `<length> <key>=<value>\n`, the length counting the whole record.
        let mut rest = text;
        while !rest.is_empty() {
            let record = pax_record(rest).ok_or_else(|| broken("a pax header is malformed"))?;
            let (length, key, value) = record;
            match key {
                b"path" => self.name = Some(String::from_utf8_lossy(value).into_owned()),
                b"size" => {
                    let size = std::str::from_utf8(value).ok().and_then(|v| v.parse().ok());
                    self.size = Some(size.ok_or_else(|| broken("a size is no number"))?);
                }
                _ => {}
            }
            rest = &rest[length..];
        }
        Ok(())
    }
}

fn pax_record(text: &[u8]) -> Option<(usize, &[u8], &[u8])> {
    let space = text.iter().position(|&byte| byte == b' ')?;
    let length: usize = std::str::from_utf8(&text[..space]).ok()?.parse().ok()?;
    let record = text.get(space + 1..length)?.strip_suffix(b"\n")?;
    let equals = record.iter().position(|&byte| byte == b'=')?;
    Some((length, &record[..equals], &record[equals + 1..]))
}

fn padding(size: u64) -> u64 {
    let block = BLOCK as u64;
    (block - size % block) % block
}

fn until_nul(text: &[u8]) -> String {
    let end = text.iter().position(|&byte| byte == 0);
    String::from_utf8_lossy(&text[..end.unwrap_or(text.len())]).into_owned()
}

fn name(header: &[u8; BLOCK]) -> String {
    let name = until_nul(&header[..100]);
    let prefix = until_nul(&header[345..500]);
    // GNU's own format has times where POSIX has the prefix.
    if prefix.is_empty() || header[257..263] != *b"ustar\0" {
        name
    } else {
        format!("{prefix}/{name}")
    }
}

/// Octal digits, or big-endian binary where the first bit is set (GNU, for large sizes).
fn number(field: &[u8]) -> Option<u64> {
    if field[0] & 0x80 != 0 {
        let start = u64::from(field[0] & 0x7f);
        return field[1..].iter().try_fold(start, |value, &byte| {
            value.checked_mul(256)?.checked_add(u64::from(byte))
        });
    }
    let text = std::str::from_utf8(field).ok()?;
    let text = text.trim_matches(|c| c == ' ' || c == '\0');
    if text.is_empty() {
        return Some(0);
    }
    u64::from_str_radix(text, 8).ok()
}

fn broken(what: &str) -> Fault {
    Code::Archive.fault(format!("the tar archive is malformed: {what}"))
}

fn cut() -> Fault {
    Code::Archive.fault("the tar archive ends too early")
}

/// Reads so many bytes; an end before that is an error, not an end.
struct Exactly<R> {
    left: u64,
    source: R,
}

impl<R: Read> Read for Exactly<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        if most == 0 || buf.is_empty() {
            return Ok(0);
        }
        let most = buf.len().min(most);
        let read = self.source.read(&mut buf[..most])?;
        if read == 0 {
            return Err(fault::Carried::into_io(cut()));
        }
        self.left -= read as u64;
        Ok(read)
    }
}
