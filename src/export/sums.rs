//! `SHA256SUMS`: the digests that `sha256sum`, `shasum -a 256` or the collect script left beside
//! the exports. What it lists must be there and must be what it was.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use crate::digest::Digest;
use crate::evidence::Fault;

use super::Open;
use super::fault::{self, Code};
use super::walk::Found;

/// The name of such a file.
pub const NAME: &str = "SHA256SUMS";
/// All of them together are no larger: some hundred thousand files.
const BYTES_MOST: u64 = 64 << 20;
/// More damaged lines of one file are counted, not listed.
const FAULTS_LISTED: usize = 100;

/// What one line says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Listed {
    /// The path of the `SHA256SUMS` that says it.
    by: String,
    /// What the file's digest was.
    digest: Digest,
}

/// What all `SHA256SUMS` under `exports/` say.
#[derive(Debug, Default)]
pub struct Sums {
    listed: BTreeMap<String, BTreeSet<Listed>>,
    faults: BTreeMap<String, Vec<Fault>>,
    there: BTreeSet<String>,
}

impl Sums {
    /// Reads every `SHA256SUMS` among the files that were found.
    pub fn read(found: &[Found], open: Open<'_>) -> Self {
        let mut sums = Self {
            there: found.iter().map(|found| found.path.clone()).collect(),
            ..Self::default()
        };
        let mut room = BYTES_MOST;
        for found in found {
            let (folder, name) = found.path.rsplit_once('/').unwrap_or(("", &found.path));
            if name != NAME {
                continue;
            }
            let faults = match text(found, open, &mut room) {
                Ok(bytes) => sums.lines(&bytes, folder, &found.path),
                Err(fault) => vec![fault],
            };
            sums.faults.insert(found.path.clone(), faults);
        }
        sums
    }

    /// Notes what the lines say; gives what is wrong with them.
    fn lines(&mut self, bytes: &[u8], folder: &str, by: &str) -> Vec<Fault> {
        let (mut faults, mut unlisted, mut offset, mut entries) = (Vec::new(), 0, 0, 0);
        for (number, raw) in bytes.split_inclusive(|&byte| byte == b'\n').enumerate() {
            let start = offset;
            offset += raw.len() as u64;
            let raw = raw.strip_suffix(b"\n").unwrap_or(raw);
            let raw = raw.strip_suffix(b"\r").unwrap_or(raw);
            if raw.is_empty() || raw.starts_with(b"#") {
                continue;
            }
            match entry(raw, folder) {
                // `sha256sum * > SHA256SUMS` lists the file that it is about to fill.
                Ok((path, _)) if path == by => entries += 1,
                Ok((path, digest)) => {
                    entries += 1;
                    let by = by.to_owned();
                    let all = self.listed.entry(path).or_default();
                    all.insert(Listed { by, digest });
                }
                Err(why) if faults.len() < FAULTS_LISTED => {
                    faults.push(Code::Sums.at(start, format!("line {}: {why}", number + 1)));
                }
                Err(_) => unlisted += 1,
            }
        }
        if unlisted > 0 {
            faults.push(Code::Sums.fault(format!("{unlisted} more lines are damaged")));
        } else if entries == 0 && faults.is_empty() {
            faults.push(Code::Sums.fault("it lists no file"));
        }
        faults
    }

    /// Whether any `SHA256SUMS` lists the file.
    pub fn lists(&self, path: &str) -> bool {
        self.listed.contains_key(path)
    }

    /// The nearest `SHA256SUMS` beside or above the file, where none lists it: it came later.
    pub fn overlooking(&self, path: &str) -> Option<String> {
        if self.lists(path) {
            return None;
        }
        let mut folder = path;
        while let Some((above, _)) = folder.rsplit_once('/') {
            let sums = format!("{above}/{NAME}");
            if self.faults.contains_key(&sums) {
                return Some(sums);
            }
            folder = above;
        }
        None
    }

    /// Whether the file is only listed.
    pub fn is_absent(&self, path: &str) -> bool {
        !self.there.contains(path)
    }

    /// Listed files that are not there, as if they had been found.
    pub fn absent(&self) -> impl Iterator<Item = Found> {
        let paths = self.listed.keys();
        let absent = paths.filter(|path| !self.there.contains(*path));
        absent.map(|path| Found {
            path: path.clone(),
            file: std::path::PathBuf::new(),
            refused: None,
        })
    }

    /// The same of an export, which may have the name of sums.
    pub fn check_export(&self, path: &str, digest: Option<Digest>) -> Vec<Fault> {
        if self.faults.contains_key(path) {
            return Vec::new();
        }
        self.check(path, digest)
    }

    /// What is wrong with a file as far as `SHA256SUMS` tell: a listed file, or one of themselves.
    /// `digest` is of its bytes as they are, `None` where they could not be read.
    pub fn check(&self, path: &str, digest: Option<Digest>) -> Vec<Fault> {
        if let Some(faults) = self.faults.get(path) {
            return faults.clone();
        }
        let listed = self.listed.get(path).into_iter().flatten();
        if !self.there.contains(path) {
            return listed
                .map(|listed| {
                    Code::Absent.fault(format!("`{}` lists it, but it is not there", listed.by))
                })
                .collect();
        }
        let Some(digest) = digest else {
            return Vec::new();
        };
        listed
            .filter(|listed| listed.digest != digest)
            .map(|listed| {
                Code::Digest.fault(format!(
                    "its bytes are not those that `{}` lists: {} there, {} here",
                    listed.by,
                    listed.digest.short(12),
                    digest.short(12)
                ))
            })
            .collect()
    }
}

/// The bytes of a small file, of which all together take no more than `room`.
pub fn text(found: &Found, open: Open<'_>, room: &mut u64) -> Result<Vec<u8>, Fault> {
    if let Some(why) = &found.refused {
        return Err(Code::Unreadable.fault(why));
    }
    let file = open(&found.file).map_err(|error| fault::of_io(&error))?;
    let mut bytes = Vec::new();
    let read = file.take(*room + 1).read_to_end(&mut bytes);
    let length = read.map_err(|error| fault::of_io(&error))? as u64;
    if length > *room {
        let most = BYTES_MOST >> 20;
        return Err(
            Code::TooLarge.fault(format!("all `{NAME}` together are larger than {most} MiB"))
        );
    }
    *room -= length;
    Ok(bytes)
}

/// The path from the engagement's folder, and the digest.
fn entry(line: &[u8], folder: &str) -> Result<(String, Digest), String> {
    let line = std::str::from_utf8(line).map_err(|_| "it is not UTF-8".to_owned())?;
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    // GNU coreutils marks a line with an escaped name by a backslash before the digest.
    let (escaped, line) = match line.strip_prefix('\\') {
        Some(rest) => (true, rest),
        None => (false, line),
    };
    let (digest, name) = gnu(line)
        .or_else(|| bsd(line))
        .ok_or("it is not a SHA-256 digest with a file's name")?;
    let name = if escaped {
        unescaped(name)
    } else {
        name.to_owned()
    };
    Ok((below(folder, &name)?, digest))
}

/// `<digest>  <name>`, or `<digest> *<name>` as in binary mode.
fn gnu(line: &str) -> Option<(Digest, &str)> {
    let digest = line.get(..64)?.parse().ok()?;
    let name = line[64..].strip_prefix(' ')?;
    let name = name.strip_prefix([' ', '*'])?;
    Some((digest, name))
}

/// `SHA256 (<name>) = <digest>`, as `shasum --tag` and BSD's `sha256` write.
fn bsd(line: &str) -> Option<(Digest, &str)> {
    let (name, digest) = line.strip_prefix("SHA256 (")?.rsplit_once(") = ")?;
    Some((digest.parse().ok()?, name))
}

fn unescaped(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut rest = name.chars();
    while let Some(char) = rest.next() {
        plain.push(match char {
            '\\' => match rest.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                other => other.unwrap_or('\\'),
            },
            other => other,
        });
    }
    plain
}

/// The name as a path from the engagement's folder; a name leads nowhere but below its own folder.
fn below(folder: &str, name: &str) -> Result<String, String> {
    let mut path = folder.to_owned();
    let mut parts = 0;
    if name.starts_with('/') || name.split('/').any(|part| part == "..") {
        return Err(format!("`{}` leads out of the folder", name.escape_debug()));
    }
    for part in name.split('/').filter(|part| !matches!(*part, "" | ".")) {
        path.push('/');
        path.push_str(part);
        parts += 1;
    }
    if parts == 0 {
        return Err("it names no file".to_owned());
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn path(line: &str) -> Result<String, String> {
        entry(line.as_bytes(), "exports/1").map(|(path, digest)| {
            assert_eq!(digest, Digest::of(b"abc"));
            path
        })
    }

    #[test]
    fn the_lines_of_all_three_tools_are_read() {
        for line in [
            format!("{HEX}  a/b.json"),
            format!("{HEX} *./a//b.json"),
            format!("SHA256 (a/b.json) = {HEX}"),
            format!("\u{feff}{}  a/b.json", HEX.to_uppercase()),
        ] {
            assert_eq!(path(&line).as_deref(), Ok("exports/1/a/b.json"), "{line}");
        }
        let escaped = path(&format!("\\{HEX}  a\\nb\\\\c"));
        assert_eq!(escaped.as_deref(), Ok("exports/1/a\nb\\c"));
    }

    #[test]
    fn a_line_that_leads_elsewhere_or_is_cut_is_damaged() {
        for line in [
            format!("{HEX}  ../2/a.json"),
            format!("{HEX}  /etc/passwd"),
            format!("{HEX}  ./"),
            format!("{HEX}  "),
            format!("{HEX} a.json"),
            format!("{}  a.json", &HEX[1..]),
            HEX[..40].to_owned(),
            "가".repeat(30),
        ] {
            assert!(path(&line).is_err(), "{line}");
        }
    }
}
