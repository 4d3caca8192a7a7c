//! Files that are no text, known by their first bytes.

use crate::evidence::Fault;

use super::super::fault::Code;

/// What a file is that begins like this.
struct Packed {
    what: &'static str,
    /// Where the mark stands.
    at: usize,
    mark: &'static [u8],
    holds: Holds,
}

/// Whether exports may be in it.
enum Holds {
    Exports,
    Nothing,
}
use Holds::{Exports, Nothing};

const UNPACK: &str = "unpack it, and put the files that were in it into `exports/`; zip, gzip and tar are read as they are";
/// The hint of what people wrote or drew.
const DOCUMENT: &str = "take the export as JSON: `aws configservice get-compliance-details-by-config-rule --config-rule-name NAME --output json`; documents and pictures that are evidence belong into `evidence/`";

const fn packed(what: &'static str, mark: &'static [u8]) -> Packed {
    Packed {
        what,
        at: 0,
        mark,
        holds: Exports,
    }
}

const fn document(what: &'static str, mark: &'static [u8]) -> Packed {
    Packed {
        what,
        at: 0,
        mark,
        holds: Nothing,
    }
}

const PACKED: &[Packed] = &[
    packed("a 7z archive", b"7z\xbc\xaf\x27\x1c"),
    packed("an xz archive", b"\xfd7zXZ\0"),
    packed("a rar archive", b"Rar!\x1a\x07"),
    packed("an alz archive", b"ALZ\x01"),
    packed("an egg archive", b"EGGA"),
    packed("a zstd archive", b"\x28\xb5\x2f\xfd"),
    Packed {
        what: "a bzip2 archive",
        at: 4,
        mark: b"1AY&SY",
        holds: Exports,
    },
    packed("an lz4 archive", b"\x04\x22\x4d\x18"),
    packed("an lz4 archive", b"\x02\x21\x4c\x18"),
    packed("an lzip archive", b"LZIP\x01"),
    packed("an lzma archive", b"\x5d\0\0"),
    packed("an archive of `compress`", b"\x1f\x9d"),
    packed("a snappy archive", b"\xff\x06\0\0sNaPpY"),
    packed("a cab archive", b"MSCF\0\0\0\0"),
    packed("an arj archive", b"\x60\xea"),
    packed("a xar archive", b"xar!"),
    packed("a part of a zip archive that was split", b"PK\x07\x08"),
    // A disk image of macOS has its mark at its end; its first block is packed by zlib, bzip2 or LZFSE.
    packed("a disk image of macOS", b"\x78\x01\x73\x0d\x62\x62\x60"),
    packed("a stream of zlib without the header of gzip", b"\x78\x9c"),
    packed("a stream of zlib without the header of gzip", b"\x78\xda"),
    Packed {
        what: "an lzh archive",
        at: 2,
        mark: b"-lh",
        holds: Exports,
    },
    document("a PDF", b"%PDF-"),
    document(
        "an older Office or HWP document, or one with a password",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ),
    document("a picture", b"\x89PNG\r\n"),
    document("a picture", b"\xff\xd8\xff"),
    document("a picture", b"GIF8"),
    document("a Parquet table", b"PAR1"),
    document("a database of SQLite", b"SQLite format 3\0"),
    document("an RTF document", b"{\\rtf"),
];

/// The refusal of a file that begins with these bytes, if they are no text.
pub fn of_packed(start: &[u8]) -> Option<Fault> {
    let known = PACKED.iter().find(|known| {
        let rest = start.get(known.at..);
        rest.is_some_and(|rest| rest.starts_with(known.mark))
    })?;
    let fault = Code::Refused.at(0, format!("it is {}", known.what));
    Some(match known.holds {
        Exports => Fault {
            hint: UNPACK.to_owned(),
            ..fault
        },
        Nothing => Fault {
            hint: DOCUMENT.to_owned(),
            ..fault
        }
        .foreign(),
    })
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
    Some(
        Fault {
            hint: DOCUMENT.to_owned(),
            ..fault
        }
        .foreign(),
    )
}

/// Each text, as it is told.
#[cfg(test)]
pub fn texts() -> Vec<String> {
    let whats = PACKED.iter().map(|known| known.what);
    let whats = whats.chain(MEMBERS.map(|(_, what)| what));
    let told = whats.map(|what| format!("it is {what}"));
    told.chain([UNPACK, DOCUMENT].map(str::to_owned)).collect()
}
