//! Finds the files under `exports/`: regular files only, links are never followed.

use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{fs, io};

use crate::by_product;
use crate::error::{Error, Result};

/// Deeper folders are refused: no layout of AWS's is nearly as deep.
const DEPTH: usize = 64;

/// A directory entry that is not a folder.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// From the engagement's folder, `/` between parts; escaped where it is not UTF-8.
    pub path: String,
    /// To open it.
    pub file: PathBuf,
    /// Why it must not be read, if so.
    pub refused: Option<String>,
}

/// Everything under `root`/`folder` that is not a folder, sorted by the bytes of the path.
pub fn files(root: &Path, folder: &str) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    let dir = root.join(folder);
    descend(&dir, folder, 0, &mut found).map_err(|error| Error::io("list", &dir, &error))?;
    found.sort();
    Ok(found)
}

/// What tells that a file was changed: its size and when it was written.
pub fn stamp(file: &Path) -> Option<(u64, Option<SystemTime>)> {
    let data = fs::symlink_metadata(file).ok()?;
    Some((data.len(), data.modified().ok()))
}

fn descend(dir: &Path, shown: &str, depth: usize, found: &mut Vec<Found>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let name = entry.file_name();
        let name_text = name.to_str();
        let path = match name_text {
            Some(name) => format!("{shown}/{name}"),
            None => format!("{shown}/{}", name.to_string_lossy().escape_debug()),
        };
        let refused = if kind.is_symlink() {
            Some("it is a symbolic link".to_owned())
        } else if name_text.is_none() {
            Some("its name is not UTF-8".to_owned())
        } else if kind.is_dir() && depth == DEPTH {
            Some(format!("it is nested more than {DEPTH} folders deep"))
        } else if kind.is_dir() {
            match descend(&entry.path(), &path, depth + 1, found) {
                Ok(()) => continue,
                Err(error) => Some(format!("it could not be listed: {error}")),
            }
        } else if !kind.is_file() {
            Some("it is not a regular file".to_owned())
        } else {
            None
        };
        found.push(Found {
            path,
            file: entry.path(),
            refused,
        });
    }
    Ok(())
}

/// Why a file of this name shows that a collection has not ended, if it does.
pub fn unfinished(path: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name {
        "INCOMPLETE" => Some(
            "the collect script was cut off, or some of its calls failed: run it again with the same folder",
        ),
        _ if name.starts_with("collect-")
            && Path::new(name).extension().is_some_and(|ext| ext == "part") =>
        {
            Some("a download that was cut off: run the collect script again with the same folder")
        }
        _ => None,
    }
}

/// Why a file of this name is no evidence, if it is a known by-product.
pub fn by_product(path: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name {
        "SHA256SUMS" => Some("checksums of the other files"),
        "ConfigWritabilityCheckFile" => Some("AWS Config's test of its bucket"),
        _ if Path::new(name)
            .extension()
            .is_some_and(|ext| ext.eq_ignore_ascii_case("log")) =>
        {
            Some("a log")
        }
        _ => by_product::of(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engagement::Language;
    use crate::report::words::word;

    #[test]
    fn what_a_name_tells_is_told_in_korean_too() {
        let by_products = ["a/SHA256SUMS", "ConfigWritabilityCheckFile", "x.LOG"];
        let told = by_products.map(by_product).into_iter();
        for message in told.chain(["INCOMPLETE", "collect-1.part"].map(unfinished)) {
            let message = message.expect("a known name");
            assert!(word(Language::Ko, "said", message).is_some(), "{message}");
        }
        assert_eq!(by_product("a.json"), None);
    }
}
