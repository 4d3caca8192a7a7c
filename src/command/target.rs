//! Where a bundle may be written: neither over nor among what it is made from.

use std::path::{Path, PathBuf};

use crate::engagement::{self, Engagement, TEMPLATES};
use crate::error::{Error, Result};
use crate::{decision, export, manual, statement};

const FOLDERS: [&str; 3] = [export::FOLDER, manual::FOLDER, TEMPLATES];
const FILES: [&str; 3] = [engagement::FILE, decision::FILE, statement::FILE];

/// Refuses a target that the build in `dir` reads; of one whose folder is not there says whoever
/// writes it.
pub fn check(
    target: &Path,
    dir: &Path,
    engagement: &Engagement,
    password_file: Option<&Path>,
) -> Result<()> {
    let Some(target_is) = real(target) else {
        return Ok(());
    };
    let keys = [&engagement.signing_key, &engagement.signing_certificates];
    let keys = keys.into_iter().flatten().map(|path| dir.join(path));
    let files = FILES.iter().map(|name| dir.join(name));
    let named = files.chain(keys).chain(password_file.map(Path::to_owned));
    let folders = FOLDERS.iter().map(|name| dir.join(name));
    // A key may be a folder: that of a joint certificate.
    let read = named.chain(folders).filter_map(|path| real(&path));
    if read.into_iter().any(|path| target_is.starts_with(path)) {
        let error = Error::new(format_args!(
            "`{}` is among what the bundle is made from",
            target.display()
        ));
        return Err(error.hint("give `-o` another name; nothing was written"));
    }
    Ok(())
}

/// The path without links and `..`, of a file that may not be there yet.
fn real(path: &Path) -> Option<PathBuf> {
    if let Ok(real) = path.canonicalize() {
        return Some(real);
    }
    let folder = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
    Some(folder.join(path.file_name()?))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::engagement::testing::LEAST;

    #[test]
    fn a_bundle_is_written_neither_over_nor_among_what_it_is_made_from() {
        let dir = tempfile::tempdir().expect("a folder");
        let dir = dir.path();
        for folder in ["exports/a", "evidence", "out", "joint"] {
            fs::create_dir_all(dir.join(folder)).expect("a folder");
        }
        for file in ["kisms.toml", "joint/signPri.key", "pw"] {
            fs::write(dir.join(file), "").expect("a file");
        }
        let toml = format!("{LEAST}[signing]\nkey = \"joint\"\n");
        let engagement = Engagement::load(&toml).expect("an engagement");
        let may =
            |path: &str| check(&dir.join(path), dir, &engagement, Some(&dir.join("pw"))).is_ok();
        for path in [
            "kisms.toml",
            "decisions.csv",
            "exports/a/b.zip",
            "exports/new.zip",
            "out/../evidence/b.zip",
            "joint/signPri.key",
            "pw",
        ] {
            assert!(!may(path), "{path}");
        }
        for path in ["b.zip", "out/b.zip", "nowhere/b.zip", "exports.zip"] {
            assert!(may(path), "{path}");
        }
    }
}
