//! The names that files may have in a bundle.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// A file's path inside the bag, without the bag's own folder: `data/report.pdf`.
///
/// A path can be written on every system, needs no escaping in a manifest (RFC 8493, section
/// 2.1.3) and none in the lines that `sha256sum` reads: printable ASCII without
/// `" % * : < > ? \ |`, segments that are not empty, not `.` or `..`, do not begin with a space
/// or end with a space or a dot, and are no device name of Windows. With the folder
/// [`id`](check_id) before it, it has at most [`FULL_MAX`] characters; so that this never
/// depends on the id, the path itself has at most [`BundlePath::MAX`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BundlePath(String);

/// The most characters of `<id>/<path>`.
pub const FULL_MAX: usize = 120;

/// The most characters of an id: `kisms-2026-07-01_2026-09-30-1a2b3c4d`.
pub const ID_MAX: usize = 36;

/// Why a text is no path in a bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// Longer than [`BundlePath::MAX`], or, of an id, than [`ID_MAX`].
    #[error("has {length} characters; at most {most} are allowed")]
    Long {
        /// Its characters.
        length: usize,
        /// The most that are allowed.
        most: usize,
    },
    /// A character that some system or tool takes for something else.
    #[error("contains `{}`", .0.escape_default())]
    Character(char),
    /// An empty segment: absolute, a folder, or two slashes.
    #[error("has an empty segment")]
    Empty,
    /// `.`, `..`, a space at either end, a dot at the end, or a device name of Windows.
    #[error("has the segment `{0}`")]
    Segment(String),
}

impl BundlePath {
    /// The most characters of a path.
    pub const MAX: usize = FULL_MAX - ID_MAX - 1;

    /// The path as it stands in a manifest.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the file is payload (RFC 8493, section 2.1.2), and no tag file.
    pub fn is_payload(&self) -> bool {
        self.0.starts_with("data/")
    }
}

impl FromStr for BundlePath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        check(text, Self::MAX)?;
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for BundlePath {
    type Error = PathError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        check(&text, Self::MAX)?;
        Ok(Self(text))
    }
}

impl fmt::Display for BundlePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for BundlePath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Whether `id` can be the name of a bag's folder: one legal segment of at most [`ID_MAX`]
/// characters.
pub fn check_id(id: &str) -> Result<(), PathError> {
    if id.contains('/') {
        return Err(PathError::Character('/'));
    }
    check(id, ID_MAX)
}

/// Whether `name` is a legal `<id>/<path>`, as far as its characters, segments and length go.
pub(super) fn check_name(name: &str) -> Result<(), PathError> {
    check(name, FULL_MAX)
}

fn check(text: &str, most: usize) -> Result<(), PathError> {
    let illegal = |c: char| !(' '..='~').contains(&c) || r#""%*:<>?\|"#.contains(c);
    if let Some(c) = text.chars().find(|&c| illegal(c)) {
        return Err(PathError::Character(c));
    }
    if text.len() > most {
        let length = text.len();
        return Err(PathError::Long { length, most });
    }
    text.split('/').try_for_each(check_segment)
}

fn check_segment(segment: &str) -> Result<(), PathError> {
    if segment.is_empty() {
        return Err(PathError::Empty);
    }
    // A trailing dot covers `.` and `..`.
    if segment.starts_with(' ') || segment.ends_with([' ', '.']) || is_device(segment) {
        return Err(PathError::Segment(segment.to_owned()));
    }
    Ok(())
}

/// Windows takes these names for devices, whatever extension follows.
fn is_device(segment: &str) -> bool {
    let stem = segment.split('.').next().unwrap_or(segment);
    let stem = stem.trim_end_matches(' ').to_ascii_lowercase();
    let numbered = |prefix| {
        stem.strip_prefix(prefix)
            .is_some_and(|n: &str| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()))
    };
    matches!(
        stem.as_str(),
        "con" | "prn" | "aux" | "nul" | "conin$" | "conout$"
    ) || numbered("com")
        || numbered("lpt")
}

/// The paths that cannot lie beside another one where upper and lower case are one, or where one
/// names a file that the other needs as a folder; each with that other. Paths are ASCII, so
/// no two differ in Unicode normalisation only.
pub(super) fn collisions<'a>(
    paths: impl IntoIterator<Item = &'a BundlePath>,
) -> Vec<(&'a BundlePath, String)> {
    let mut seen: BTreeMap<String, (&str, bool)> = BTreeMap::new();
    let mut found = Vec::new();
    for path in paths {
        let text = path.as_str();
        let folders = text.match_indices('/').map(|(end, _)| (&text[..end], true));
        for (name, folder) in folders.chain([(text, false)]) {
            let first = seen
                .entry(name.to_ascii_lowercase())
                .or_insert((name, folder));
            if *first != (name, folder) {
                found.push((path, first.0.to_owned()));
                break;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_legal_on_every_system() {
        for text in [
            "bagit.txt",
            "data/csv/findings.csv",
            "data/evidence/2.1.1/M0001.pdf",
            "data/a b/~c (1).json",
            "data/console.txt",
            "data/.hidden",
        ] {
            assert_eq!(
                text.parse::<BundlePath>().map(|p| p.to_string()),
                Ok(text.to_owned())
            );
        }
    }

    #[test]
    fn what_some_system_would_take_for_something_else_is_refused() {
        for text in [
            "",
            "/data/a",
            "data//a",
            "data/",
            "data/../a",
            "..",
            "./a",
            "data/.",
            "a\\b",
            "c:/a",
            "data/a.",
            "data/a ",
            "data/ a",
            "data/NUL",
            "data/com1.txt",
            "data/Lpt9 .x",
            "data/한",
            "data/a\nb",
            "data/a\u{7f}",
            "data/a%0A",
            "data/*",
            "data/what?",
            "aux/b",
            "conin$",
        ] {
            assert!(text.parse::<BundlePath>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_longest_path_fits_behind_the_longest_id() {
        let longest = "a".repeat(BundlePath::MAX);
        assert!(longest.parse::<BundlePath>().is_ok());
        assert!(format!("{longest}a").parse::<BundlePath>().is_err());
        let id = "kisms-2026-07-01_2026-09-30-1a2b3c4d";
        assert_eq!(check_id(id), Ok(()));
        assert_eq!(id.len() + 1 + longest.len(), FULL_MAX);
        assert!(check_id(&format!("{id}e")).is_err());
        assert!(check_id("a/b").is_err());
    }

    #[test]
    fn names_that_differ_in_case_or_kind_only_collide() {
        let paths: Vec<BundlePath> = ["data/A/b", "data/a/c", "data/x", "data/x/y", "data/z"]
            .iter()
            .map(|text| text.parse().expect("legal"))
            .collect();
        let found: Vec<(&str, String)> = collisions(&paths)
            .into_iter()
            .map(|(path, other)| (path.as_str(), other))
            .collect();
        assert_eq!(
            found,
            [
                ("data/a/c", "data/A".to_owned()),
                ("data/x/y", "data/x".to_owned())
            ]
        );
    }
}
