//! Time-stamp tokens: what they are over, who made them, and how they are written (RFC 3161).

mod authorities;
mod forms;
mod infos;
mod signatures;

use crate::forge::certificate::Certificate;
use crate::forge::message::Message;
use crate::forge::stamp::Stamp;
use crate::table::{Row, row};

const FAMILY: &str = "tokens";

const UNTRUSTED: &str = "timestamp_untrusted";

const IMPRINT: &str = "timestamp_imprint";

const BROKEN: &str = "timestamp_signature";

const WHO: &str = "timestamp_authority";

const UNREADABLE: &str = "timestamp_unreadable";

const MISSING: &str = "timestamp_missing";

const TIME: &str = "20261015003100Z";

/// A row with one token, and one demanded.
fn stamped(name: &str, change: impl Fn(&mut Stamp) + 'static) -> Row {
    row(FAMILY, name, move |forge| {
        let mut stamp = Stamp::at(TIME);
        change(&mut stamp);
        forge.stamps = vec![stamp];
    })
    .require_timestamp()
}

/// A row whose token's message is changed before the authority signs it.
fn signed(name: &str, change: fn(&mut Message)) -> Row {
    stamped(name, move |stamp| stamp.change = Some(Box::new(change)))
}

/// A row whose token is changed when it is made.
fn turned(name: &str, change: fn(&mut Vec<u8>)) -> Row {
    stamped(name, move |stamp| stamp.turn = Some(Box::new(change)))
}

fn by(name: &str, chain: fn() -> Vec<Certificate>) -> Row {
    stamped(name, move |stamp| stamp.chain = chain())
}

pub fn rows() -> Vec<Row> {
    [
        infos::infos(),
        authorities::authorities(),
        signatures::signatures(),
        forms::forms(),
        forms::several(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
