//! The zip around the bag: written in one canonical form, read strictly.
//!
//! Zip readers disagree over archives that say something twice: the central directory and the
//! local headers, two entries of one name, an end record before another. [`scan`](scan::scan)
//! believes nothing twice: every byte of the file belongs to exactly one record, and
//! records that speak of the same thing say the same. Section numbers are those of PKWARE's
//! APPNOTE 6.3.10.
//!
//! The canonical form: the files in the byte order of their names and nothing else; all times
//! 1980-01-01 00:00; mode 0644; no flags, comments, data descriptors or extra fields but zip64's,
//! which stand where a file has [`ZIP64_FROM`](records::ZIP64_FROM) bytes or more; files that are
//! empty or already compressed by their name are stored, all others deflated: up to 1 MiB at
//! level 6, larger ones at level 3 in segments of 1 MiB, each for itself.

mod central;
mod deflate;
mod end;
mod records;
mod scan;
mod unpack;
mod writer;

#[cfg(test)]
mod tests;

pub(super) use records::ENTRIES_MAX;
pub(super) use scan::{Entry, scan};
pub(super) use unpack::unpack;
pub(super) use writer::{Packed, ZipWriter, method_of, pack};

/// Bytes moved at a time; no file is ever in memory as a whole.
pub(super) const BLOCK: usize = 64 * 1024;
