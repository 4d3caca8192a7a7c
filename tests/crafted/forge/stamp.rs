//! Time-stamp tokens as somebody could make them (RFC 3161).

use super::certificate::{Certificate, tsa};
use super::der::{context, general_time, int, octets, oid, seq};
use super::key::Hash;
use super::message::{CONTENT_TYPE, MESSAGE_DIGEST, Message};

pub const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";

type Change<T> = Box<dyn Fn(&mut T)>;

/// What a token says, and who says it.
pub struct Stamp {
    /// `GeneralizedTime`.
    pub time: &'static str,
    /// The authority's certificate first.
    pub chain: Vec<Certificate>,
    pub version: u64,
    pub policy: &'static str,
    pub hash: Hash,
    /// What it is over; nothing: the signature value.
    pub over: Option<Vec<u8>>,
    pub nonce: Option<u64>,
    /// Seconds.
    pub accuracy: Option<u64>,
    /// More elements at the end of `TSTInfo`.
    pub more: Vec<u8>,
    /// Changes the message around it.
    pub change: Option<Change<Message>>,
    /// Changes the whole token.
    pub turn: Option<Change<Vec<u8>>>,
}

impl Stamp {
    pub fn at(time: &'static str) -> Self {
        Self {
            time,
            chain: vec![tsa()],
            version: 1,
            policy: "1.2.3.4.1",
            hash: Hash::Sha256,
            over: None,
            nonce: None,
            accuracy: None,
            more: Vec::new(),
            change: None,
            turn: None,
        }
    }

    fn info(&self, value: &[u8]) -> Vec<u8> {
        let over = self.over.as_deref().unwrap_or(value);
        let accuracy = self.accuracy.map(|seconds| seq(&[int(seconds)]));
        seq(&[
            int(self.version),
            oid(self.policy),
            seq(&[self.hash.algorithm(), octets(&self.hash.of(over))]),
            int(77),
            general_time(self.time),
            accuracy.unwrap_or_default(),
            self.nonce.map(int).unwrap_or_default(),
            self.more.clone(),
        ])
    }

    /// The token over a signature value.
    pub fn token(&self, value: &[u8]) -> Vec<u8> {
        let info = self.info(value);
        let mut message = Message::over(&Hash::Sha256.of(&info), &self.chain, None);
        message.version = 3;
        message.content_type = TST_INFO;
        message.content = Some(info);
        message.signer().attribute(CONTENT_TYPE).values = vec![oid(TST_INFO)];
        if let Some(change) = &self.change {
            change(&mut message);
        }
        let mut token = message.der();
        if let Some(turn) = &self.turn {
            turn(&mut token);
        }
        token
    }
}

/// An answer around a token: its status first (RFC 3161 section 2.4.2).
pub fn answer(status: u64, token: &[u8]) -> Vec<u8> {
    seq(&[seq(&[int(status)]), token.to_vec()])
}

/// The digest of the token's content anew, after its content was changed.
pub fn redigest(message: &mut Message) {
    let digest = Hash::Sha256.of(message.content.as_deref().unwrap_or_default());
    message.signer().attribute(MESSAGE_DIGEST).values = vec![octets(&digest)];
}

/// An extension of `TSTInfo`, whose field is `[1] IMPLICIT`.
pub fn extensions(all: &[Vec<u8>]) -> Vec<u8> {
    context(1, all)
}
