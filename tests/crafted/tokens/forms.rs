//! How a token is written, and how many there are.

use super::{FAMILY, IMPRINT, MISSING, TIME, UNREADABLE, signed, turned};
use crate::forge::certificate::{Certificate, tsa};
use crate::forge::der::{int, null, octets, oid, seq, tlv};
use crate::forge::key::Key;
use crate::forge::stamp::{Stamp, answer, redigest};
use crate::table::{Row, row};

/// How it is written, and what stands in its place.
pub fn forms() -> Vec<Row> {
    vec![
        turned("form: an answer that grants it", |der| {
            *der = answer(0, der);
        })
        .no(&[UNREADABLE, MISSING]),
        turned("form: an answer that rejects it", |der| {
            *der = answer(2, &[]);
        })
        .no(&[UNREADABLE, MISSING]),
        turned("form: a number", |der| *der = int(1)).no(&[UNREADABLE, MISSING]),
        turned("form: an empty sequence", |der| *der = seq(&[])).no(&[UNREADABLE, MISSING]),
        turned("form: octets around it", |der| *der = octets(der)).no(&[UNREADABLE, MISSING]),
        turned("form: its content alone", |der| {
            *der = seq(&[int(1), oid("1.2.3.4.1")]);
        })
        .no(&[UNREADABLE, MISSING]),
        signed("form: no content", |m| m.content = None).no(&[UNREADABLE, MISSING]),
        signed("form: content of type data", |m| {
            m.content_type = "1.2.840.113549.1.7.1";
        })
        .no(&[UNREADABLE, MISSING]),
        signed("form: content that is no TSTInfo", |m| {
            m.content = Some(octets(b"time"));
            redigest(m);
        })
        .no(&[UNREADABLE, MISSING]),
        signed("form: bytes behind the TSTInfo", |m| {
            m.content.as_mut().expect("there").push(0);
            redigest(m);
        })
        .no(&[UNREADABLE, MISSING]),
        signed("form: of type data", |m| m.kind = "1.2.840.113549.1.7.1")
            .no(&[UNREADABLE, MISSING]),
        turned("form: of indefinite length", |der| {
            let content = der.split_off(4);
            *der = [vec![0x30, 0x80], content, vec![0, 0]].concat();
        })
        .no(&["signature_unreadable", "signer_unknown", MISSING]),
        turned("form: wrapped in another tag", |der| {
            *der = tlv(0xa0, std::slice::from_ref(der));
        })
        .no(&[UNREADABLE, MISSING]),
    ]
}

/// More tokens than one, or one where none is asked.
pub fn several() -> Vec<Row> {
    let two = |name: &str, other: fn() -> Stamp| {
        row(FAMILY, name, move |forge| {
            forge.stamps = vec![Stamp::at(TIME), other()];
        })
        .require_timestamp()
    };
    let alone = |name: &str, change: fn(&mut Stamp)| {
        row(FAMILY, name, move |forge| {
            let mut stamp = Stamp::at(TIME);
            change(&mut stamp);
            forge.stamps = vec![stamp];
        })
    };
    vec![
        row(FAMILY, "several: none, none asked", |_| {}),
        row(FAMILY, "several: none", |_| {})
            .require_timestamp()
            .no(&[MISSING]),
        two("several: two good ones", || Stamp::at("20261016000000Z"))
            .no(&["signature_attributes", MISSING]),
        two("several: one of other content", || Stamp {
            over: Some(b"other".to_vec()),
            ..Stamp::at(TIME)
        })
        .no(&["signature_attributes", MISSING]),
        alone("not asked: an unknown authority is no fault", |stamp| {
            stamp.chain = vec![Certificate {
                by: Key::P256("nobody"),
                ..tsa()
            }];
        }),
        alone("not asked: over other content is one", |stamp| {
            stamp.over = Some(b"other".to_vec());
        })
        .no(&[IMPRINT]),
        alone("not asked: unreadable is one", |stamp| {
            stamp.turn = Some(Box::new(|der| *der = null()));
        })
        .no(&[UNREADABLE]),
        alone("not asked: in 2041 is one", |stamp| {
            stamp.time = "20410101000000Z";
        })
        .no(&["timestamp_future"]),
        row(FAMILY, "report: a token of other content", |forge| {
            forge.report_stamp = Some(Stamp {
                over: Some(b"other".to_vec()),
                ..Stamp::at(TIME)
            });
        })
        .no(&["timestamp_imprint data/report.pdf"]),
    ]
}
