//! bagit.txt.

use super::FAMILY;
use crate::forge::Files;
use crate::table::{Row, row};

/// Other contents for a tag file, listed and signed.
fn declared(name: &str, text: &'static [u8]) -> Row {
    row(FAMILY, format!("bagit.txt: {name}"), move |forge| {
        forge.on_signed = Some(Box::new(move |files: &mut Files| {
            files.insert("bagit.txt".to_owned(), text.to_vec());
        }));
    })
    .no(&["bagit_malformed bagit.txt"])
}

pub fn declarations() -> Vec<Row> {
    vec![
        declared(
            "of version 0.97",
            b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n",
        ),
        declared(
            "of version 2.0",
            b"BagIt-Version: 2.0\nTag-File-Character-Encoding: UTF-8\n",
        ),
        declared(
            "in UTF-16",
            b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-16\n",
        ),
        declared(
            "CR LF",
            b"BagIt-Version: 1.0\r\nTag-File-Character-Encoding: UTF-8\r\n",
        ),
        declared(
            "a mark of byte order",
            b"\xef\xbb\xbfBagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        ),
        declared(
            "no line feed at its end",
            b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8",
        ),
        declared(
            "one more line",
            b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nMore: x\n",
        ),
        declared(
            "its lines exchanged",
            b"Tag-File-Character-Encoding: UTF-8\nBagIt-Version: 1.0\n",
        ),
        declared("one line", b"BagIt-Version: 1.0\n"),
        declared("empty", b""),
        declared(
            "small letters",
            b"bagit-version: 1.0\ntag-file-character-encoding: utf-8\n",
        ),
    ]
}
