//! What a token is over, and what else it says.

use super::{IMPRINT, MISSING, UNREADABLE, UNTRUSTED, stamped};
use crate::forge::der::{boolean, context, null, octets, oid, seq};
use crate::forge::key::Hash;
use crate::forge::stamp::extensions;
use crate::table::Row;

/// What it is over, and what else it says.
pub fn infos() -> Vec<Row> {
    vec![
        stamped("info: good", |_| {}),
        stamped("info: over other content", |stamp| {
            stamp.over = Some(b"other".to_vec());
        })
        .no(&[IMPRINT, UNTRUSTED]),
        stamped("info: over nothing", |stamp| stamp.over = Some(Vec::new()))
            .no(&[IMPRINT, UNTRUSTED]),
        stamped("info: an imprint by SHA-512", |stamp| {
            stamp.hash = Hash::Sha512;
        }),
        stamped("info: an imprint by SHA-1", |stamp| stamp.hash = Hash::Sha1)
            .no(&[IMPRINT, UNTRUSTED]),
        stamped("info: a nonce", |stamp| stamp.nonce = Some(1 << 40)),
        stamped("info: another policy", |stamp| {
            stamp.policy = "1.2.410.200004.1";
        }),
        stamped("info: an accuracy of a second", |stamp| {
            stamp.accuracy = Some(1);
        }),
        stamped("info: version 2", |stamp| stamp.version = 2).no(&[UNREADABLE, MISSING]),
        stamped("info: a time without its zone", |stamp| {
            stamp.time = "20261015003100";
        })
        .no(&[UNREADABLE, MISSING]),
        stamped("info: a time with an offset", |stamp| {
            stamp.time = "20261015093100+0900";
        })
        .no(&[UNREADABLE, MISSING]),
        stamped("info: the thirteenth month", |stamp| {
            stamp.time = "20261315003100Z";
        })
        .no(&[UNREADABLE, MISSING]),
        stamped("info: a time without seconds", |stamp| {
            stamp.time = "202610150031Z";
        })
        .no(&[UNREADABLE, MISSING]),
        stamped("info: an unknown extension, not critical", |stamp| {
            stamp.more = extensions(&[seq(&[oid("1.2.3.4"), octets(&null())])]);
        }),
        stamped("info: an unknown critical extension", |stamp| {
            stamp.more = extensions(&[seq(&[oid("1.2.3.4"), boolean(true), octets(&null())])]);
        })
        .no(&[UNREADABLE, UNTRUSTED]),
        stamped("info: the authority's name", |stamp| {
            let name = crate::forge::der::name("TEST time");
            stamp.more = context(0, &[context(4, &[name])]);
        }),
    ]
}
