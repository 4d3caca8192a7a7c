//! A file that is there whole or not at all.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Error, Result};

/// A new file that is there only once it is kept: until then its bytes are in a file `.kisms-*.partial`
/// beside it, which goes away when this is dropped. Whoever is killed meanwhile leaves that file and no
/// target; the next that writes there removes it.
#[derive(Debug)]
pub struct NewFile {
    target: PathBuf,
    force: bool,
    /// What to do where the target exists.
    hint: &'static str,
    partial: NamedTempFile,
}

impl NewFile {
    /// Begins the file. An existing target is an error without `force`, found now, and again, without
    /// a race, when the file is kept.
    pub fn create(target: &Path, force: bool) -> Result<Self> {
        Self::begin(target, force, FORCE)
    }

    /// Whether it could be begun, for those with work to do before they begin it.
    pub fn check(target: &Path, force: bool) -> Result<()> {
        Self::may_begin(target, force, FORCE)
    }

    /// Begins the file, with what to do about an existing target.
    fn begin(target: &Path, force: bool, hint: &'static str) -> Result<Self> {
        Self::may_begin(target, force, hint)?;
        let folder = folder(target);
        remove_left_over(folder);
        let partial = locked_in(folder).map_err(|e| Error::io("write", target, &e))?;
        Ok(Self {
            target: target.to_owned(),
            force,
            hint,
            partial,
        })
    }

    fn may_begin(target: &Path, force: bool, hint: &'static str) -> Result<()> {
        let there = target.symlink_metadata();
        if !force && there.is_ok() {
            return Err(exists(target).hint(hint));
        }
        if there.is_ok_and(|there| !there.is_file()) {
            let target = target.display();
            return Err(Error::new(format_args!(
                "`{target}` is no regular file, and is not replaced"
            ))
            .hint("give another name"));
        }
        let folder = folder(target);
        if !folder.is_dir() {
            let folder = folder.display();
            return Err(
                Error::new(format_args!("there is no folder `{folder}` to write to"))
                    .hint("make it first, or give another name"),
            );
        }
        Ok(())
    }

    /// Its bytes so far.
    pub fn file(&mut self) -> &mut File {
        self.partial.as_file_mut()
    }

    /// Flushes its bytes so far to the disk.
    pub fn flush(&self) -> Result<()> {
        let flushed = self.partial.as_file().sync_all();
        flushed.map_err(|e| Error::io("write", &self.target, &e))
    }

    /// Flushes it to the disk and gives it its name.
    pub fn keep(self) -> Result<()> {
        self.flush()?;
        let Self {
            target,
            force,
            hint,
            partial,
        } = self;
        let failed = |e: &std::io::Error| Error::io("write", &target, e);
        if force {
            partial.persist(&target).map_err(|e| failed(&e.error))?;
        } else {
            partial.persist_noclobber(&target).map_err(|e| {
                if e.error.kind() == std::io::ErrorKind::AlreadyExists {
                    exists(&target).hint(hint)
                } else {
                    failed(&e.error)
                }
            })?;
        }
        sync_folder(folder(&target)).map_err(|e| failed(&e))
    }
}

/// Writes the new file `target` through `write`: see [`NewFile`].
pub fn write_new_file<T>(
    target: &Path,
    force: bool,
    write: impl FnOnce(&mut File) -> Result<T>,
) -> Result<T> {
    let mut new = NewFile::begin(target, force, "give another name, or move it away")?;
    let value = write(new.file())?;
    new.keep()?;
    Ok(value)
}

fn exists(target: &Path) -> Error {
    Error::new(format_args!("`{}` exists already", target.display()))
}

pub(super) fn folder(target: &Path) -> &Path {
    match target.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

/// What to do about an existing target where there is such an option.
const FORCE: &str = "give another name, or `--force` to replace it";
const PREFIX: &str = ".kisms-";
const SUFFIX: &str = ".partial";

/// Removes what was left by those who were killed: whoever lives has locked its file, or, where it
/// has not yet, begins another one. What cannot be removed stays, and harms nobody.
fn remove_left_over(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let ours = name.starts_with(PREFIX) && name.ends_with(SUFFIX);
        if !ours || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        let Ok(file) = File::options().write(true).open(entry.path()) else {
            continue;
        };
        // Locked until it is gone, for who begins it must not lock it between.
        if file.try_lock().is_ok() {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// A new file, locked for as long as this process writes it. Where a file system has no locks,
/// nobody gets one, and nothing is removed either.
fn locked_in(folder: &Path) -> std::io::Result<NamedTempFile> {
    loop {
        let partial = partial_in(folder)?;
        let taken = matches!(partial.as_file().try_lock(), Err(TryLockError::WouldBlock));
        // Before it was locked, another may have taken it for one that was left.
        if !taken && partial.path().symlink_metadata().is_ok() {
            return Ok(partial);
        }
    }
}

/// Names for what is not to be seen yet, or not any more.
pub(super) fn hidden() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    builder
}

/// With the rights that any new file gets, not a temporary file's.
fn partial_in(folder: &Path) -> std::io::Result<NamedTempFile> {
    #[cfg_attr(
        not(unix),
        expect(unused_mut, reason = "elsewhere it has no rights to set")
    )]
    let mut builder = hidden();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// The rename itself is on the disk only when the folder is.
#[cfg(unix)]
pub(super) fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Elsewhere a folder cannot be opened as a file.
#[cfg(not(unix))]
pub(super) fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn put(target: &Path, force: bool, text: &str) -> Result<()> {
        write_new_file(target, force, |file| {
            file.write_all(text.as_bytes())
                .map_err(|e| Error::io("write", target, &e))
        })
    }

    #[test]
    fn a_failed_write_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("x.zip");
        let failed: Result<()> = write_new_file(&target, false, |file| {
            file.write_all(b"half").expect("space");
            Err(Error::new("stopped"))
        });
        assert_eq!(failed, Err(Error::new("stopped")));
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }

    #[test]
    fn what_the_killed_left_is_removed_and_what_the_living_write_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let dead = [".kisms-dead.partial", ".kisms-empty.partial"];
        let dead = dead.map(|name| folder.path().join(name));
        fs::write(&dead[0], "half").expect("space");
        fs::write(&dead[1], "").expect("space");
        let other = folder.path().join("kisms-notes.partial");
        fs::write(&other, "mine").expect("space");
        let mut living = NewFile::create(&folder.path().join("a.zip"), false).expect("a place");
        assert!(dead.iter().all(|dead| !dead.exists()));
        put(&folder.path().join("b.zip"), false, "b").expect("a place");
        living.file().write_all(b"half").expect("space");
        put(&folder.path().join("c.zip"), false, "c").expect("a place");
        living.keep().expect("still there");
        let text = fs::read_to_string(folder.path().join("a.zip"));
        assert_eq!(text.expect("kept"), "half");
        assert!(other.exists());
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 4);
    }

    #[test]
    fn those_who_begin_at_once_do_not_remove_each_others_files() {
        let folder = tempfile::tempdir().expect("a folder");
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let folder = folder.path();
                scope.spawn(move || {
                    for file in 0..50 {
                        let target = folder.join(format!("{thread}-{file}"));
                        put(&target, false, "whole").expect("its own file");
                    }
                });
            }
        });
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 200);
    }

    #[test]
    fn an_existing_file_stays_without_force() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("x.zip");
        put(&target, false, "one").expect("nothing there");
        let error = put(&target, false, "two").expect_err("there already");
        assert!(error.message.contains("exists already"), "{error}");
        assert_eq!(fs::read_to_string(&target).expect("one file"), "one");
        put(&target, true, "two").expect("forced");
        assert_eq!(fs::read_to_string(&target).expect("one file"), "two");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn a_file_that_appears_meanwhile_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("x.zip");
        let result = write_new_file(&target, false, |_| {
            fs::write(&target, "other").map_err(|e| Error::io("write", &target, &e))
        });
        assert!(
            result
                .expect_err("a race")
                .message
                .contains("exists already")
        );
        assert_eq!(fs::read_to_string(&target).expect("one file"), "other");
    }
}
