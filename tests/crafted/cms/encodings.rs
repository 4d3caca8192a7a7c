//! How the message is written.

use super::{FAMILY, UNKNOWN, UNREADABLE};
use crate::forge::certificate::leaf;
use crate::forge::der::{boolean, tlv};
use crate::table::{Row, row};

/// How the message is written.
pub fn encodings() -> Vec<Row> {
    let turned = |name: &str, change: fn(&mut Vec<u8>)| {
        row(FAMILY, format!("bytes: {name}"), move |forge| {
            forge.on_signature = Some(Box::new(change));
        })
        .no(&[UNREADABLE, UNKNOWN])
    };
    let mut rows = vec![
        turned("none", Vec::clear),
        turned("one", |der| der.truncate(1)),
        turned("without the last", |der| {
            der.pop();
        }),
        turned("a zero behind", |der| der.push(0)),
        turned("a second message behind", |der| der.extend(der.clone())),
        turned("a line feed before", |der| der.insert(0, b'\n')),
        turned("zeros alone", |der| der.fill(0)),
        turned("a text", |der| *der = b"signed\n".to_vec()),
        turned("as PEM", |der| {
            *der = ::der::pem::encode_string("CMS", ::der::pem::LineEnding::LF, der)
                .expect("a label")
                .into_bytes();
        }),
        turned("of indefinite length", |der| {
            der.splice(0..4, [0x30, 0x80]);
            der.extend([0, 0]);
        }),
        turned("a length in more bytes than needed", |der| {
            let (high, low) = (der[2], der[3]);
            der.splice(0..4, [0x30, 0x83, 0, high, low]);
        }),
        turned("the certificate in the place of the message", |der| {
            *der = leaf().der();
        }),
        turned("only what is signed, without its wrapping", |der| {
            drop(der.drain(..19));
        }),
    ];
    for part in [4, 19, 100, 400, 800, 1000] {
        rows.push(
            row(
                FAMILY,
                format!("bytes: cut off after {part}"),
                move |forge| {
                    forge.on_signature = Some(Box::new(move |der| der.truncate(part)));
                },
            )
            .no(&[UNREADABLE, UNKNOWN]),
        );
    }
    rows.push(
        row(FAMILY, "bytes: more than a mebibyte", |forge| {
            forge.on_signature = Some(Box::new(|der| *der = tlv(0x30, &[vec![0; (1 << 20) + 1]])));
        })
        .no(&["file_large", "signature_unreadable"]),
    );
    rows.push(
        row(
            FAMILY,
            "bytes: a truth that is neither 0 nor 255 in a certificate",
            |forge| {
                forge.on_signature = Some(Box::new(|der| {
                    let truth = boolean(true);
                    let at = der.windows(3).position(|window| window == truth);
                    der[at.expect("there") + 2] = 1;
                }));
            },
        )
        .no(&[UNREADABLE, UNKNOWN]),
    );
    rows
}
