//! Files that are no text, known by their first bytes.

use crate::evidence::Fault;

use super::super::fault::Code;
use super::refused;

/// What a file is that has these bytes at this place.
struct Mark {
    what: &'static str,
    at: usize,
    bytes: &'static [u8],
}

const UNPACK: &str = "unpack it, and put the files that were in it into `exports/`; zip, gzip and tar are read as they are";
/// The hint of what people wrote or drew.
const DOCUMENT: &str = "take the export as JSON: `aws configservice get-compliance-details-by-config-rule --config-rule-name NAME --output json`; documents and pictures that are evidence belong into `evidence/`";

const fn begins(what: &'static str, bytes: &'static [u8]) -> Mark {
    marked(what, 0, bytes)
}

const fn marked(what: &'static str, at: usize, bytes: &'static [u8]) -> Mark {
    Mark { what, at, bytes }
}

/// In these exports may be.
const PACKED: &[Mark] = &[
    begins("a 7z archive", b"7z\xbc\xaf\x27\x1c"),
    begins("an xz archive", b"\xfd7zXZ\0"),
    begins("a rar archive", b"Rar!\x1a\x07"),
    begins("an alz archive", b"ALZ\x01"),
    begins("an egg archive", b"EGGA"),
    begins("a zstd archive", b"\x28\xb5\x2f\xfd"),
    marked("a bzip2 archive", 4, b"1AY&SY"),
    begins("an lz4 archive", b"\x04\x22\x4d\x18"),
    begins("an lz4 archive", b"\x02\x21\x4c\x18"),
    begins("an lzip archive", b"LZIP\x01"),
    begins("an lzma archive", b"\x5d\0\0"),
    begins("an archive of `compress`", b"\x1f\x9d"),
    begins("a snappy archive", b"\xff\x06\0\0sNaPpY"),
    begins("a cab archive", b"MSCF\0\0\0\0"),
    begins("an arj archive", b"\x60\xea"),
    begins("a xar archive", b"xar!"),
    begins("a part of a zip archive that was split", b"PK\x07\x08"),
    // A disk image of macOS has its mark at its end; its first block is packed by zlib, bzip2 or LZFSE.
    begins("a disk image of macOS", b"\x78\x01\x73\x0d\x62\x62\x60"),
    begins("a stream of zlib without the header of gzip", b"\x78\x9c"),
    begins("a stream of zlib without the header of gzip", b"\x78\xda"),
    marked("an lzh archive", 2, b"-lh"),
];

/// What people wrote or drew, and tables.
const DOCUMENTS: &[Mark] = &[
    begins("a PDF", b"%PDF-"),
    begins(
        "an older Office or HWP document, or one with a password",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ),
    begins("a picture", b"\x89PNG\r\n"),
    begins("a picture", b"\xff\xd8\xff"),
    begins("a picture", b"GIF8"),
    begins("a Parquet table", b"PAR1"),
    begins("a database of SQLite", b"SQLite format 3\0"),
    begins("an RTF document", b"{\\rtf"),
];

/// The refusal of a file that begins with these bytes, if they are no text.
pub fn of_packed(start: &[u8]) -> Option<Fault> {
    let find = |marks: &'static [Mark]| {
        marks.iter().find(|known| {
            let rest = start.get(known.at..);
            rest.is_some_and(|rest| rest.starts_with(known.bytes))
        })
    };
    let packed = find(PACKED).map(|known| refused(0, known.what, "", UNPACK));
    packed.or_else(|| find(DOCUMENTS).map(|known| refused(0, known.what, "", DOCUMENT).foreign()))
}

/// Documents that are zip archives, each with a member that no other archive has.
const MEMBERS: [(&str, &str); 2] = [
    (
        "[Content_Types].xml",
        "an Office document, such as an Excel workbook",
    ),
    ("mimetype", "an OpenDocument or HWPX document"),
];

/// The refusal of a zip archive that is a document, known by the name of a member.
pub fn of_member(name: &str) -> Option<Fault> {
    let (_, what) = MEMBERS.iter().find(|(member, _)| *member == name)?;
    let fault = Code::Refused.fault(format!("it is {what}"));
    Some(fault.hinted(DOCUMENT).foreign())
}

/// Each text, as it is told.
#[cfg(test)]
pub fn texts() -> Vec<String> {
    let whats = PACKED.iter().chain(DOCUMENTS).map(|known| known.what);
    let whats = whats.chain(MEMBERS.map(|(_, what)| what));
    let told = whats.map(|what| format!("it is {what}"));
    told.chain([UNPACK, DOCUMENT].map(str::to_owned)).collect()
}
