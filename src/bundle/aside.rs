//! What stood in a place before something new comes there, kept until the new is sure to stay.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::output::{folder, hidden, sync_folder};
use crate::error::{Error, Result};

/// A second name for the file at a place, `.kisms-*.partial` beside it, which goes away when this is
/// dropped. Whoever is killed meanwhile leaves that name; the next that writes there removes it.
#[derive(Debug)]
pub struct Aside {
    target: PathBuf,
    kept: Option<Kept>,
}

#[derive(Debug)]
struct Kept {
    name: NamedTempFile<()>,
    /// Open and locked, where that is possible, so that nobody takes it for one that was left.
    _lock: Option<File>,
}

impl Aside {
    /// Gives what is at `target` a second name. Where there is nothing, or the file system has no second
    /// names, nothing is kept.
    pub fn of(target: &Path) -> Self {
        let link = |name: &Path| fs::hard_link(target, name);
        Self::new(target, hidden().make_in(folder(target), link).ok())
    }

    /// Takes what is at `target` away, keeping it under the second name alone.
    pub fn take(target: &Path) -> Result<Self> {
        let rename = |name: &Path| fs::rename(target, name);
        match hidden().make_in(folder(target), rename) {
            Ok(name) => Ok(Self::new(target, Some(name))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::new(target, None)),
            Err(error) => Err(Error::io("move", target, &error)),
        }
    }

    fn new(target: &Path, name: Option<NamedTempFile<()>>) -> Self {
        let locked = |name: &NamedTempFile<()>| {
            let file = File::open(name.path()).ok()?;
            file.try_lock().ok().map(|()| file)
        };
        Self {
            target: target.to_owned(),
            kept: name.map(|name| Kept {
                _lock: locked(&name),
                name,
            }),
        }
    }

    /// Whether there is something to put back.
    pub fn is_kept(&self) -> bool {
        self.kept.is_some()
    }

    /// Puts what was kept back into its place, whatever is there now; gives whether it is back.
    pub fn put_back(self) -> bool {
        let Some(Kept { name, .. }) = self.kept else {
            return false;
        };
        let hidden = name.path().to_owned();
        // A new name failed just now, it may be: any way back will do.
        let back = match name.persist(&self.target) {
            Ok(()) => {
                // Of two names of one file, which is still in its place, neither goes by itself.
                let _ = fs::remove_file(hidden);
                true
            }
            Err(failed) => {
                let name = failed.file;
                fs::hard_link(name.path(), &self.target).is_ok()
                    || fs::copy(name.path(), &self.target).is_ok()
            }
        };
        // It is back for whoever looks; that it is so after a crash is a further wish.
        let _ = sync_folder(folder(&self.target));
        back
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_comes_back_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("x.zip");
        let names = || fs::read_dir(folder.path()).expect("a folder").count();
        assert!(!Aside::of(&target).is_kept());
        fs::write(&target, "old").expect("space");
        drop(Aside::of(&target));
        assert_eq!(names(), 1);
        let aside = Aside::take(&target).expect("it goes");
        assert!(aside.is_kept() && !target.exists());
        assert!(aside.put_back());
        let aside = Aside::of(&target);
        fs::write(folder.path().join("new"), "new").expect("space");
        fs::rename(folder.path().join("new"), &target).expect("replaced");
        assert!(aside.put_back());
        assert_eq!(fs::read_to_string(&target).expect("there"), "old");
        assert_eq!(names(), 1);
    }

    #[test]
    fn what_is_kept_is_not_taken_for_what_the_killed_left() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("x.zip");
        fs::write(&target, "old").expect("space");
        let aside = Aside::take(&target).expect("it goes");
        let other = folder.path().join("other.zip");
        super::super::write_new_file(&other, false, |_| Ok(())).expect("space");
        assert!(aside.put_back());
        assert_eq!(fs::read_to_string(&target).expect("there"), "old");
    }
}
