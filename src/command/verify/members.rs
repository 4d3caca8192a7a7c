//! What a bundle of this format must hold: its own signer may have left something out.

use std::io::Read;

use crate::bundle::{
    self, BAG_INFO, BundlePath, Defect, INPUTS, INPUTS_DIGEST, LABELS, MANIFEST, MEMBERS, Opened,
    TAGMANIFEST,
};
use crate::digest::Digest;
use crate::error::Result;

/// No table of inputs is longer, in bytes.
const INPUTS_MOST: u64 = 256 << 20;

/// What is missing of an opened bundle, and what of its inputs is not as it says. What its manifests
/// list and is not there is a defect already, and not repeated.
pub fn missing(opened: &Opened) -> Result<Vec<Defect>> {
    let is_listed = |path: &str| opened.size(path).is_some() || lists(opened, path).is_some();
    let can_list = |path: &str| {
        let payload = path.starts_with("data/");
        opened
            .size(if payload { MANIFEST } else { TAGMANIFEST })
            .is_some()
    };
    let mut defects: Vec<Defect> = MEMBERS
        .into_iter()
        .filter(|path| can_list(path) && !is_listed(path))
        .map(|path| {
            member(
                path,
                "every bundle of this format has it, and no manifest lists it",
            )
        })
        .collect();
    if opened.is_whole(BAG_INFO) {
        defects.extend(missing_fields(opened));
    }
    if opened.size(INPUTS).is_some_and(|size| size > INPUTS_MOST) {
        let message = format_args!("has more than {} MiB: it was not read", INPUTS_MOST >> 20);
        defects.push(Defect::new("file_large", INPUTS, message));
    } else if opened.is_whole(INPUTS) {
        defects.extend(missing_inputs(opened)?);
    }
    defects.sort();
    Ok(defects)
}

fn member(path: &str, message: &str) -> Defect {
    Defect::new("member_missing", path, message)
}

/// The digest that a manifest lists for a file.
fn lists(opened: &Opened, path: &str) -> Option<Digest> {
    let path: BundlePath = path.parse().ok()?;
    opened.files.get(&path).copied()
}

/// Of `bag-info.txt`.
fn missing_fields(opened: &Opened) -> Vec<Defect> {
    let field = |label: &str| {
        let mut fields = opened.info.iter();
        fields.find(|(own, _)| own == label).map(|(_, said)| said)
    };
    let missing = LABELS.into_iter().filter(|label| field(label).is_none());
    let mut defects: Vec<Defect> = missing
        .map(|label| {
            member(
                BAG_INFO,
                &format!("has no `{label}`, which every bundle has"),
            )
        })
        .collect();
    let files = opened.files.iter();
    let inputs = bundle::inputs_digest(files.map(|(path, digest)| (path.clone(), *digest)));
    if let Some(said) = field(INPUTS_DIGEST).filter(|said| **said != inputs.to_string()) {
        let message = format!("`{INPUTS_DIGEST}` says `{said}`, the inputs are `{inputs}`");
        defects.push(Defect::new("inputs_mismatch", BAG_INFO, message));
    }
    defects
}

/// The files that the table of inputs names.
fn missing_inputs(opened: &Opened) -> Result<Vec<Defect>> {
    opened.stream(INPUTS, INPUTS_MOST, |bytes| {
        let mut defects = Vec::new();
        if let Err(error) = read_inputs(bytes, |path, sha256| {
            defects.extend(judge(opened, path, sha256));
        }) {
            let message = format!("cannot be read as the table of the inputs: {error}");
            defects.push(Defect::new("inputs_mismatch", INPUTS, message));
        }
        defects
    })
}

fn judge(opened: &Opened, path: &str, sha256: &str) -> Option<Defect> {
    match lists(opened, path) {
        None => {
            let message = format!("{INPUTS} names it, and no manifest lists it");
            Some(member(path, &message))
        }
        Some(digest) if digest.to_string() != sha256 => {
            let message = format!("{INPUTS} names the SHA-256 `{sha256}`, the manifest {digest}");
            Some(Defect::new("inputs_mismatch", path, message))
        }
        Some(_) => None,
    }
}

/// Tells each row's path in the bundle, where it has one, and its digest.
fn read_inputs(bytes: &mut dyn Read, mut tell: impl FnMut(&str, &str)) -> csv::Result<()> {
    let mut table = csv::Reader::from_reader(bytes);
    let headings = table.headers()?;
    let column = |name: &str| {
        let found = headings.iter().position(|heading| heading == name);
        found.ok_or_else(|| csv::Error::from(std::io::Error::other(format!("no column `{name}`"))))
    };
    let (path, sha256) = (column("bundle_path")?, column("sha256")?);
    for row in table.records() {
        let row = row?;
        if let (Some(path), Some(sha256)) = (row.get(path), row.get(sha256))
            && !path.is_empty()
        {
            tell(path, sha256);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::report::csv;
    use crate::report::pdf::REPORT;

    /// A document more would make a defect of every bundle that was built without it: it belongs to what
    /// a bundle may hold, or to a new format.
    #[test]
    fn the_members_are_the_documents_that_build_writes() {
        let documents = csv::documents();
        let tables = documents.iter().map(|document| document.path);
        let instructions = bundle::instructions("x").map(|(name, _)| name);
        let others = ["data/engagement/kisms.toml", REPORT];
        let built: BTreeSet<&str> = tables.chain(instructions).chain(others).collect();
        assert_eq!(built, BTreeSet::from(MEMBERS));
    }

    #[test]
    fn a_table_of_inputs_is_read_by_its_headings() {
        let read = |text: &str| {
            let mut told = Vec::new();
            let tell = |path: &str, sha256: &str| told.push(format!("{path} {sha256}"));
            read_inputs(&mut text.as_bytes(), tell).map(|()| told)
        };
        let text = "\u{feff}input,sha256,bundle_path\r\nE0001,12,data/exports/x\r\nE0002,34,\r\n";
        assert_eq!(read(text).expect("a table"), ["data/exports/x 12"]);
        for broken in ["", "input,path\r\n", "sha256,bundle_path\r\n1\r\n"] {
            assert!(read(broken).is_err(), "{broken}");
        }
    }
}
