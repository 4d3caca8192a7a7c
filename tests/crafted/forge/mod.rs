//! The forge: a good bundle is built once, and made again in memory for each case, with whatever
//! the case is about changed and everything around it right.

pub mod certificate;
pub mod der;
pub mod key;
pub mod message;
pub mod pdf;
pub mod stamp;
pub mod zip;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::sync::LazyLock;

use kisms::digest::Digest;
use kisms::time::Moment;

use self::certificate::{Certificate, leaf, middle};
use self::message::{Message, TOKEN, attribute};
use self::stamp::Stamp;
use self::zip::{Archive, Entry};
use crate::signed::BUILT;

pub const INFO: &str = "bag-info.txt";
pub const MANIFEST: &str = "manifest-sha256.txt";
pub const TAGMANIFEST: &str = "tagmanifest-sha256.txt";
pub const SIGNATURE: &str = "tagmanifest-sha256.txt.p7s";
pub const REPORT: &str = "data/report.pdf";
pub const INPUTS: &str = "data/csv/inputs.csv";

/// The folders whose files are inputs.
const INPUT_FOLDERS: [&str; 3] = ["data/exports/", "data/evidence/", "data/engagement/"];

/// When the cases' signer claims to have signed.
pub const CLAIMED: &str = "2026-10-15T00:30:00Z";

/// A bag's files by their paths.
pub type Files = BTreeMap<String, Vec<u8>>;
type Change<T> = Box<dyn Fn(&mut T)>;

/// The good bundle: its id, and its files without manifests and signature.
static GOOD: LazyLock<(String, Files)> = LazyLock::new(|| {
    let file = File::open(&BUILT.zip).expect("a bundle");
    let mut zip = ::zip::ZipArchive::new(file).expect("a zip");
    let mut id = String::new();
    let mut files = Files::new();
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        let (top, path) = name.split_once('/').expect("one folder");
        top.clone_into(&mut id);
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("readable");
        files.insert(path.to_owned(), bytes);
    }
    for name in [MANIFEST, TAGMANIFEST, SIGNATURE] {
        files.remove(name).expect("there");
    }
    shorten(&mut files);
    (id, files)
});

/// Tables and texts that `verify` compares with their digests and does not read: their beginnings do,
/// for the rows are many.
fn shorten(files: &mut Files) {
    let judged =
        |path: &str| path == INPUTS || INPUT_FOLDERS.iter().any(|folder| path.starts_with(folder));
    let texts = files.iter_mut().filter(|(path, _)| {
        [".csv", ".json"].iter().any(|end| path.ends_with(end)) && !judged(path)
    });
    for (_, bytes) in texts {
        bytes.truncate(2000);
    }
}

pub fn moment(text: &str) -> Moment {
    text.parse().expect("RFC 3339")
}

/// How one bundle is made: each change takes hold at its own step, and what follows is right again.
pub struct Forge {
    pub id: String,
    /// The signer's certificate first, as they are embedded.
    pub chain: Vec<Certificate>,
    /// The report's, where they are others.
    pub report_chain: Option<Vec<Certificate>>,
    pub claimed: String,
    /// The report's claimed time, where it is another.
    pub report_claimed: Option<String>,
    /// The time-stamps over the bundle's signature.
    pub stamps: Vec<Stamp>,
    /// The one over the report's.
    pub report_stamp: Option<Stamp>,
    /// Before the report is signed.
    pub on_files: Option<Change<Files>>,
    pub on_report_message: Option<Change<Message>>,
    /// After the report was signed and before anything is listed.
    pub on_signed: Option<Change<Files>>,
    pub on_info: Option<Change<String>>,
    pub on_manifest: Option<Change<String>>,
    pub on_tagmanifest: Option<Change<String>>,
    pub on_message: Option<Change<Message>>,
    pub on_signature: Option<Change<Vec<u8>>>,
    /// When all is listed and signed.
    pub on_bag: Option<Change<Files>>,
    pub on_archive: Option<Change<Archive>>,
    pub on_zip: Option<Change<Vec<u8>>>,
}

fn changed<T>(change: Option<&Change<T>>, mut value: T) -> T {
    if let Some(change) = change {
        change(&mut value);
    }
    value
}

impl Forge {
    pub fn new() -> Self {
        Self {
            id: GOOD.0.clone(),
            chain: vec![leaf(), middle()],
            report_chain: None,
            claimed: CLAIMED.to_owned(),
            report_claimed: None,
            stamps: Vec::new(),
            report_stamp: None,
            on_files: None,
            on_report_message: None,
            on_signed: None,
            on_info: None,
            on_manifest: None,
            on_tagmanifest: None,
            on_message: None,
            on_signature: None,
            on_bag: None,
            on_archive: None,
            on_zip: None,
        }
    }

    /// The bag's files with manifests and signature.
    pub fn bag(&self) -> Files {
        let mut files = changed(self.on_files.as_ref(), GOOD.1.clone());
        self.sign_report(&mut files);
        let mut files = changed(self.on_signed.as_ref(), files);
        self.write_info(&mut files);
        let manifest = listed(&files, true);
        let manifest = changed(self.on_manifest.as_ref(), manifest);
        files.insert(MANIFEST.to_owned(), manifest.into_bytes());
        let tagmanifest = listed(&files, false);
        let tagmanifest = changed(self.on_tagmanifest.as_ref(), tagmanifest);
        let signature = self.signature(tagmanifest.as_bytes());
        files.insert(TAGMANIFEST.to_owned(), tagmanifest.into_bytes());
        files.insert(SIGNATURE.to_owned(), signature);
        changed(self.on_bag.as_ref(), files)
    }

    /// The same as a zip whose entries are stored.
    pub fn zip(&self) -> Vec<u8> {
        let files = self.bag();
        let entry = |(path, bytes): (&String, &Vec<u8>)| {
            Entry::stored(&format!("{}/{path}", self.id), bytes)
        };
        let archive = Archive {
            entries: files.iter().map(entry).collect(),
            ..Archive::default()
        };
        let archive = changed(self.on_archive.as_ref(), archive);
        changed(self.on_zip.as_ref(), archive.bytes())
    }

    fn sign_report(&self, files: &mut Files) {
        let Some(report) = files.get_mut(REPORT) else {
            return;
        };
        let claimed = self.report_claimed.as_ref().unwrap_or(&self.claimed);
        pdf::set_time(report, moment(claimed));
        let Some(digest) = pdf::digest(report) else {
            return;
        };
        let chain = self.report_chain.as_ref().unwrap_or(&self.chain);
        let message = Message::over(&digest, chain, None);
        let mut message = changed(self.on_report_message.as_ref(), message);
        stamped(&mut message, self.report_stamp.as_ref());
        pdf::fill(report, &message.der());
    }

    fn write_info(&self, files: &mut Files) {
        let Some(bytes) = files.get(INFO) else {
            return;
        };
        let text = String::from_utf8(bytes.clone()).expect("text");
        let payload = files.iter().filter(|(path, _)| path.starts_with("data/"));
        let (count, bytes) = payload.fold((0, 0), |(count, bytes), (_, file)| {
            (count + 1, bytes + file.len())
        });
        let text = with_field(&text, "Payload-Oxum", &format!("{bytes}.{count}"));
        let text = with_field(&text, "Kisms-Inputs-Digest", &inputs_digest(files));
        let text = with_field(&text, "External-Identifier", &self.id);
        let text = changed(self.on_info.as_ref(), text);
        files.insert(INFO.to_owned(), text.into_bytes());
    }

    fn signature(&self, tagmanifest: &[u8]) -> Vec<u8> {
        let digest = Digest::of(tagmanifest);
        let claimed = Some(moment(&self.claimed));
        let message = Message::over(digest.as_bytes(), &self.chain, claimed);
        let mut message = changed(self.on_message.as_ref(), message);
        stamped(&mut message, &self.stamps);
        changed(self.on_signature.as_ref(), message.der())
    }
}

/// Puts tokens over the signature value into one attribute.
fn stamped<'s>(message: &mut Message, stamps: impl IntoIterator<Item = &'s Stamp>) {
    let mut stamps = stamps.into_iter().peekable();
    if stamps.peek().is_none() {
        return;
    }
    let value = message.signer().value();
    let tokens: Vec<Vec<u8>> = stamps.map(|stamp| stamp.token(&value)).collect();
    let mut unsigned = attribute(TOKEN, Vec::new());
    unsigned.values = tokens;
    message.signer().unsigned.push(unsigned);
}

/// A manifest of the payload, or of the tag files.
pub fn listed(files: &Files, payload: bool) -> String {
    let files = files.iter();
    let own = files.filter(|(path, _)| path.starts_with("data/") == payload);
    own.map(|(path, bytes)| line(path, bytes)).collect()
}

/// A manifest's line.
pub fn line(path: &str, bytes: &[u8]) -> String {
    format!("{}  {path}\n", Digest::of(bytes))
}

fn inputs_digest(files: &Files) -> String {
    let is_input = |path: &str| INPUT_FOLDERS.iter().any(|folder| path.starts_with(folder));
    let files = files.iter().filter(|(path, _)| is_input(path));
    let lines: String = files.map(|(path, bytes)| line(path, bytes)).collect();
    Digest::of(lines.as_bytes()).to_string()
}

/// The text with another value for a field that it has.
pub fn with_field(text: &str, label: &str, value: &str) -> String {
    let own = format!("{label}: ");
    let lines = text.lines().map(|line| {
        if line.starts_with(&own) {
            format!("{own}{value}\n")
        } else {
            format!("{line}\n")
        }
    });
    lines.collect()
}
