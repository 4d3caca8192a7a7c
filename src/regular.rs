//! Files that people name, read within bounds: a device has no end, and a pipe may have nobody who writes.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// Opens a regular file, or what a link to one leads to.
pub fn open(path: &Path) -> io::Result<File> {
    // Before it is opened, for opening a pipe waits; and what was opened may be another by then.
    check(&fs::metadata(path)?)?;
    let file = File::open(path)?;
    check(&file.metadata()?)?;
    Ok(file)
}

/// All bytes of a regular file that has no more than `most` of them.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    bounded(open(path)?, most)
}

/// All bytes of a file or pipe, or an error once there are more than `most`.
pub fn bounded(from: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let message = format!("it has more than {most} bytes, and no such file has");
        return Err(io::Error::other(message));
    }
    Ok(bytes)
}

fn check(found: &fs::Metadata) -> io::Result<()> {
    if found.is_file() {
        return Ok(());
    }
    Err(io::Error::other("it is not a regular file"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_whole_and_a_longer_one_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        fs::write(&path, "four").expect("space");
        assert_eq!(read(&path, 4).expect("it fits"), b"four");
        let error = read(&path, 3).expect_err("too long");
        assert!(error.to_string().contains("more than 3 bytes"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_pipes_are_refused_without_waiting() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.expect("mkfifo of coreutils").success());
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/dev/zero", &link).expect("a link");
        for path in [Path::new("/dev/zero"), &pipe, &link, folder.path()] {
            let error = read(path, 10).expect_err("no file");
            assert_eq!(error.to_string(), "it is not a regular file");
        }
        let error = bounded(File::open("/dev/zero").expect("a device"), 10).expect_err("no end");
        assert!(error.to_string().contains("more than 10 bytes"), "{error}");
    }
}
