//! A bundle: a `BagIt` 1.0 bag (RFC 8493) in a zip, format 1. This page is the format's
//! specification; paths, bytes and digests are all that this module knows.
//!
//! # The bag
//!
//! ```text
//! <id>/bagit.txt                       exactly the two lines of BagIt 1.0, UTF-8
//! <id>/bag-info.txt                    who and what; see below
//! <id>/manifest-sha256.txt             every file under data/
//! <id>/tagmanifest-sha256.txt          every other file but itself and the next
//! <id>/tagmanifest-sha256.txt.p7s      detached signature over the bytes of the tagmanifest
//! <id>/VERIFY.txt verify.sh verify.ps1  further tag files
//! <id>/data/...                        the payload
//! ```
//!
//! - The id is one path segment of at most 36 characters; `<id>/<path>` has at most 120, so a
//!   [`BundlePath`] has at most 83. What characters and names it may have, it says itself. No
//!   two paths are the same where case does not count.
//! - A manifest has one line a file, `<64 lower-case hex>  <path>` and LF, in the byte order of the
//!   paths: what `sha256sum -c` reads in the bag's folder. Nothing needs percent-encoding.
//! - `bag-info.txt` has one `Label: value` a line, not folded: `External-Identifier` (the id, which
//!   is the folder's name too), `Kisms-Format: 1`, `Payload-Oxum` (bytes and files of the payload,
//!   joined by a dot), then what the writer adds.
//! - The **root digest** is SHA-256 of `tagmanifest-sha256.txt`: through it and
//!   `manifest-sha256.txt` it fixes every file but the signature.
//! - The **inputs' digest** is SHA-256 over the manifest's lines of `data/exports/`,
//!   `data/evidence/` and `data/engagement/`: [`inputs_digest`].
//! - What every bundle of the format holds is [`MEMBERS`], and in `bag-info.txt` [`LABELS`]; what it
//!   holds besides, its inputs and `data/csv/inputs.csv` tell.
//! - Other manifests, `fetch.txt`, and links are not used, and are defects.
//!
//! # The zip
//!
//! One canonical form (see the container's module): the same bag gives the same bytes. The bag is
//! judged, not its wrapping: the same files zipped again by another program, or unpacked into a
//! folder, are intact with the note [`Note::Repacked`]. What zip readers could see
//! differently is a defect.
//!
//! # Reading
//!
//! [`verify`] believes nothing that a bundle says of itself: every listed file is there and
//! every file is listed (complete), all digests hold over the bytes that were read (valid), and
//! what `bag-info.txt` says is counted again. Faults are collected as [`Defect`]s, whose codes
//! [`CODES`] lists.

mod aside;
mod check;
mod container;
mod defect;
mod info;
mod instructions;
mod made;
mod manifest;
mod output;
mod path;
mod read;
mod verify;
mod write;

#[cfg(test)]
mod tests;

pub use aside::Aside;
pub use defect::{CODES, Code, Defect};
pub use instructions::{instructions, verify_txt};
pub use manifest::inputs_digest;
pub use output::{NewFile, write_new_file};
pub use path::{BundlePath, FULL_MAX, ID_MAX, PathError, check_id};
pub use verify::{Note, Opened, open, verify, verify_content, verify_file, verify_watched};
pub use write::{Bag, Content, Sign, Written, write, write_watched};

/// Is told how many more bytes were done, and of how many.
pub type Watch<'w> = &'w (dyn Fn(u64, u64) + Sync);

/// The declaration of the bag.
pub const BAGIT: &str = "bagit.txt";
/// Who and what.
pub const BAG_INFO: &str = "bag-info.txt";
/// The payload's manifest.
pub const MANIFEST: &str = "manifest-sha256.txt";
/// The tag files' manifest.
pub const TAGMANIFEST: &str = "tagmanifest-sha256.txt";
/// The detached signature over the tagmanifest.
pub const SIGNATURE: &str = "tagmanifest-sha256.txt.p7s";

/// The files that every bundle holds beside the five above, the signature of a signed one among those.
pub const MEMBERS: [&str; 17] = [
    "VERIFY.txt",
    "verify.ps1",
    "verify.sh",
    "data/assessment.json",
    "data/csv/assets.csv",
    "data/csv/columns.json",
    "data/csv/controls.csv",
    "data/csv/decisions.csv",
    "data/csv/findings.csv",
    "data/csv/gaps.csv",
    INPUTS,
    "data/csv/mapping.csv",
    "data/csv/rules.csv",
    "data/engagement/kisms.toml",
    "data/report.pdf",
    "data/statement-of-operation.csv",
    "data/statement-of-operation.xlsx",
];
/// The table of the inputs, which names all files of exports and of manual evidence.
pub const INPUTS: &str = "data/csv/inputs.csv";
/// The fields that every bundle's `bag-info.txt` has beside the three of the bag itself.
pub const LABELS: [&str; 6] = [
    "Bagging-Date",
    "Bag-Software-Agent",
    "Kisms-Period",
    "Kisms-Scheme",
    "Kisms-Generated-At",
    INPUTS_DIGEST,
];
/// The field that holds the inputs' digest.
pub const INPUTS_DIGEST: &str = "Kisms-Inputs-Digest";

/// What `bagit.txt` says, exactly (RFC 8493, section 2.1.1).
const BAGIT_TEXT: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
/// The format that this version writes and knows.
const FORMAT: &str = "1";
