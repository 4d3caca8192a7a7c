//! A token's own signature.

use super::{BROKEN, MISSING, UNTRUSTED, signed, turned};
use crate::forge::certificate::tsa_root;
use crate::forge::der::{octets, oid};
use crate::forge::key::{Hash, Key};
use crate::forge::message::{
    CONTENT_TYPE, MESSAGE_DIGEST, PROTECTION, SIGNING_CERTIFICATE, names_of,
};
use crate::table::Row;

/// Its own signature.
pub fn signatures() -> Vec<Row> {
    vec![
        signed("signature: by another key", |m| {
            m.signer().key = Key::P256("other");
        })
        .no(&[BROKEN, UNTRUSTED]),
        signed("signature: no certificate embedded", |m| {
            m.certificates.clear();
        })
        .no(&[BROKEN, MISSING]),
        signed("signature: nobody's", |m| m.signers.clear()).no(&[BROKEN, MISSING]),
        signed("signature: two", |m| {
            let mut other = m.signer().clone();
            other.key = Key::P256("other");
            m.signers.push(other);
        })
        .no(&[BROKEN, MISSING]),
        signed("signature: no attributes", |m| m.signer().attributes = None)
            .no(&[BROKEN, UNTRUSTED]),
        signed("signature: no message-digest", |m| {
            m.signer().drop_attribute(MESSAGE_DIGEST);
        })
        .no(&[BROKEN, UNTRUSTED]),
        signed("signature: a digest of other content", |m| {
            m.signer().attribute(MESSAGE_DIGEST).values = vec![octets(&Hash::Sha256.of(b"other"))];
        })
        .no(&[BROKEN, UNTRUSTED]),
        signed("signature: content-type of data", |m| {
            m.signer().attribute(CONTENT_TYPE).values = vec![oid("1.2.840.113549.1.7.1")];
        })
        .no(&[BROKEN, UNTRUSTED]),
        signed("signature: no certificate named", |m| {
            m.signer().drop_attribute(SIGNING_CERTIFICATE);
        })
        .no(&[BROKEN, UNTRUSTED]),
        signed("signature: another certificate named", |m| {
            m.signer().attribute(SIGNING_CERTIFICATE).values = vec![names_of(&[b"other".to_vec()])];
        })
        .no(&[BROKEN, UNTRUSTED]),
        signed("signature: no algorithm protection", |m| {
            m.signer().drop_attribute(PROTECTION);
        }),
        signed("signature: the authority's root embedded too", |m| {
            m.certificates.push(tsa_root().der());
        }),
        signed("signature: by SHA-512", |m| {
            let content = m.content.clone().expect("there");
            let signer = m.signer();
            signer.hash = Hash::Sha512;
            signer.digest = Hash::Sha512.algorithm();
            signer.attribute(MESSAGE_DIGEST).values = vec![octets(&Hash::Sha512.of(&content))];
            signer.drop_attribute(PROTECTION);
            m.digests = vec![Hash::Sha512.algorithm()];
        }),
        signed("signature: by SHA-1", |m| {
            let content = m.content.clone().expect("there");
            let signer = m.signer();
            signer.hash = Hash::Sha1;
            signer.digest = Hash::Sha1.algorithm();
            signer.attribute(MESSAGE_DIGEST).values = vec![octets(&Hash::Sha1.of(&content))];
            signer.drop_attribute(PROTECTION);
            m.digests = vec![Hash::Sha1.algorithm()];
        })
        .no(&[BROKEN, UNTRUSTED]),
        turned("signature: its last bit turned", |der| {
            let last = der.len() - 1;
            der[last] ^= 1;
        })
        .no(&[BROKEN, UNTRUSTED]),
    ]
}
