//! What the fuzz targets share: a folder for the bytes of one run, and the keys that the fixtures hold.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use kisms::evidence::{Evidence, InputStatus};
use kisms::export;
use kisms::sign::identity::Identity;
use kisms::sign::trust::{TrustAnchor, read_trust};
use kisms::time::Moment;

/// The password of the fixtures' keys.
pub const PASSWORD: &str = "test";

/// Only the certificates of the fixtures are trusted.
pub static TRUST: LazyLock<Vec<TrustAnchor>> = LazyLock::new(|| {
    read_trust(include_bytes!("../../fixtures/keys/demo-ca.pem")).expect("a certificate of the fixtures")
});

/// Who signed what is mutated.
pub static SIGNER: LazyLock<Identity> = LazyLock::new(|| {
    let key = include_bytes!("../../fixtures/keys/demo-signer-not-secret.p12");
    Identity::load(key, None).expect("a key of the fixtures")
});

/// When it was signed: 2026-10-05T09:00:00Z.
pub fn signing_time() -> Moment {
    Moment::from_timestamp(1_791_190_800, 0).expect("a time")
}

/// A folder of this process that is made anew for every run.
pub fn folder() -> PathBuf {
    static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a folder for temporary files"));
    FOLDER.path().to_owned()
}

/// Reads these bytes as the only export of an engagement, whole and in small pieces, which must make
/// no difference; a rejected file must give no record.
pub fn read_export(name: &str, bytes: &[u8]) -> Evidence {
    let root = folder();
    let exports = root.join(export::FOLDER);
    fs::create_dir_all(&exports).expect("a folder");
    fs::write(exports.join(name), bytes).expect("a file");
    let read = export::read(&root, &export::open_file).expect("the folder can be listed");
    let pieces = export::read(&root, &open_in_pieces).expect("the folder can be listed");
    let statuses = |evidence: &Evidence| evidence.inputs.iter().map(|input| input.status).collect::<Vec<_>>();
    assert_eq!(statuses(&read), statuses(&pieces));
    // At which byte a damaged packing shows hangs on how much was unpacked at once.
    if !statuses(&read).contains(&InputStatus::Rejected) {
        assert_eq!(words(&read), words(&pieces));
    }
    let rejected = |input: &&_| -> bool { matches!(input, kisms::evidence::Input { status: InputStatus::Rejected, .. }) };
    if read.inputs.iter().filter(rejected).count() == read.inputs.len() {
        assert!(read.evaluations.is_empty() && read.config_rules.is_empty() && read.rule_compliances.is_empty());
    }
    read
}

/// What is shown of it, word by word in one order: hash maps print theirs in any.
fn words(evidence: &Evidence) -> Vec<String> {
    let text = format!("{evidence:?}");
    let mut words: Vec<String> = text.split([' ', ',', '{', '}', '[', ']', '(', ')']).map(str::to_owned).collect();
    words.sort_unstable();
    words
}

fn open_in_pieces(path: &Path) -> io::Result<Box<dyn Read + Send>> {
    let file = export::open_file(path)?;
    Ok(Box::new(InPieces { file, next: 1 }))
}

/// Gives one, two, three … bytes at a time.
struct InPieces {
    file: Box<dyn Read + Send>,
    next: usize,
}

impl Read for InPieces {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let most = self.next.min(buf.len());
        self.next = self.next % 997 + 1;
        self.file.read(&mut buf[..most])
    }
}
