//! The way back to the very bytes of a record, in a folder's exports or in a bundle's.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use serde_json::value::RawValue;

use crate::assess::{ASSETS_FILE, Assessment, Finding, InputRow, Source};
use crate::bundle::Opened;
use crate::digest::{Digest, Hashing};
use crate::error::{Error, Result};
use crate::export::{in_member, values_at};
use crate::report::csv::assets;

/// The region of what belongs to the whole account.
const GLOBAL: &str = "global";

/// No export is larger than what `build` takes in; this bounds what is unpacked to look into it.
const EXPORT_MOST: u64 = 64 << 30;

/// Where the exports are.
pub enum Exports {
    /// In an engagement's folder.
    Folder(PathBuf),
    /// In a bundle whose bytes were checked.
    Bundle(Box<Opened>),
}

/// Places in one file: the offset of each, and its number in what was asked for.
type Places = Vec<(u64, usize)>;

impl Exports {
    /// Those of a bundle if one was opened, else of the folder.
    pub fn of(path: &Path, opened: Option<Opened>) -> Self {
        match opened {
            Some(opened) => Self::Bundle(Box::new(opened)),
            None => Self::Folder(path.to_owned()),
        }
    }

    /// Where the finding's resource was read: in the finding's region, or as one of the whole
    /// account. A global finding's may be recorded in any.
    pub fn asset_of(&self, finding: &Finding, assessment: &Assessment) -> Result<Option<Source>> {
        let kept = assessment.assets.find(finding);
        let kept = kept.map_err(|error| unreadable(&error))?;
        let mut assets: Vec<(String, Source)> = match (kept, self) {
            (Some(assets), _) => assets.into_iter().map(|a| (a.region, a.source)).collect(),
            (None, Self::Bundle(opened)) => of_table(opened, finding)?,
            (None, Self::Folder(_)) => Vec::new(),
        };
        let global = finding.region == GLOBAL;
        assets.retain(|(region, _)| global || *region == finding.region || region == GLOBAL);
        // False comes first.
        assets.sort_by(|a, b| {
            let elsewhere = |region: &str| region != finding.region;
            (elsewhere(&a.0), &a.0).cmp(&(elsewhere(&b.0), &b.0))
        });
        Ok(assets.into_iter().next().map(|(_, source)| source))
    }

    /// The records as they stand in their exports, once each export has the digest that the
    /// assessment knows; in the order in which they were asked for.
    pub fn records(
        &self,
        sources: &[&Source],
        assessment: &Assessment,
    ) -> Result<Vec<Box<RawValue>>> {
        let mut files: BTreeMap<&str, (&Source, Places)> = BTreeMap::new();
        for (number, source) in sources.iter().enumerate() {
            let file = files.entry(source.path());
            let (_, places) = file.or_insert((source, Places::new()));
            places.push((source.offset, number));
        }
        let mut records: Vec<Option<Box<RawValue>>> = vec![None; sources.len()];
        for (source, mut places) in files.into_values() {
            places.sort_unstable();
            let offsets: Vec<u64> = places.iter().map(|(offset, _)| *offset).collect();
            let found = self.in_file(source, &offsets, assessment)?;
            for ((offset, number), bytes) in places.into_iter().zip(found) {
                let path = source.path();
                let record = serde_json::from_slice(&bytes).map_err(|error| {
                    Error::new(format_args!("`{path}` at byte {offset}: {error}"))
                })?;
                records[number] = Some(record);
            }
        }
        let records = records
            .into_iter()
            .map(|record| record.expect("every place was read"));
        Ok(records.collect())
    }

    fn in_file(
        &self,
        source: &Source,
        offsets: &[u64],
        assessment: &Assessment,
    ) -> Result<Vec<Vec<u8>>> {
        let input = input_of(source, assessment)?;
        match self {
            Self::Folder(root) => {
                let path = root.join(&input.path);
                let failed = |error: io::Error| Error::io("read", &path, &error);
                values(File::open(&path).map_err(failed)?, input, source, offsets)
            }
            Self::Bundle(opened) => {
                let bytes = opened.read(&input.bundle_path, EXPORT_MOST)?;
                values(Cursor::new(bytes), input, source, offsets)
            }
        }
    }
}

/// The same out of a bundle's table, which is too large to be held in memory.
fn of_table(opened: &Opened, finding: &Finding) -> Result<Vec<(String, Source)>> {
    let mut table = tempfile::tempfile().map_err(|error| unreadable(&error))?;
    opened.copy(ASSETS_FILE, &mut table)?;
    let found = table
        .rewind()
        .and_then(|()| assets::find(BufReader::new(table), finding));
    found.map_err(|error| unreadable(&error))
}

fn unreadable(error: &io::Error) -> Error {
    Error::new(format_args!(
        "the assets cannot be read from a temporary file: {error}"
    ))
}

/// The records' bytes in the file that holds them, or in the archive of which that is a member.
fn values(
    mut file: impl Read + Seek + Send,
    input: &InputRow,
    source: &Source,
    offsets: &[u64],
) -> Result<Vec<Vec<u8>>> {
    let failed = |error: &io::Error| Error::io("read", Path::new(&input.path), error);
    let Some(member) = source.path().get(input.path.len() + 1..) else {
        return checked(&mut file, source, offsets);
    };
    let mut whole = Hashing::new(&mut file);
    io::copy(&mut whole, &mut io::sink()).map_err(|error| failed(&error))?;
    unchanged(whole.finish().1, input.sha256, &input.path)?;
    file.rewind().map_err(|error| failed(&error))?;
    let look = |content: &mut (dyn Read + Send)| checked(content, source, offsets);
    let found = in_member(file, member, look).map_err(|error| failed(&error))?;
    found.unwrap_or_else(|| {
        let path = &input.path;
        Err(Error::new(format_args!(
            "`{path}` has no member `{member}`"
        )))
    })
}

/// The records' bytes, and that all others are as they were.
fn checked(file: &mut (dyn Read + Send), source: &Source, offsets: &[u64]) -> Result<Vec<Vec<u8>>> {
    let mut file = Hashing::new(file);
    let bytes = values_at(&mut file, offsets)?;
    let rest = io::copy(&mut file, &mut io::sink());
    rest.map_err(|error| Error::io("read", Path::new(source.path()), &error))?;
    unchanged(file.finish().1, source.sha256(), source.path())?;
    Ok(bytes)
}

/// The file that holds the record: for a member (`E0007.0001`) its archive (`E0007`).
fn input_of<'a>(source: &Source, assessment: &'a Assessment) -> Result<&'a InputRow> {
    let id = source.input().split('.').next().unwrap_or_default();
    let mut inputs = assessment.inputs.iter();
    inputs
        .find(|input| input.input == id)
        .ok_or_else(|| Error::new(format_args!("there is no input `{id}`")))
}

fn unchanged(digest: Digest, known: Option<Digest>, path: &str) -> Result<()> {
    if known == Some(digest) {
        return Ok(());
    }
    let error = Error::new(format_args!("`{path}` changed while it was read"));
    Err(error.hint("run the command again"))
}
