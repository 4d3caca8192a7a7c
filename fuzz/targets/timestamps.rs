//! An authority's answer to a request for a time-stamp.
#![no_main]

use std::sync::LazyLock;

use kisms::digest::Digest;
use kisms::sign::{cms, timestamp};
use kisms_fuzz::{SIGNER, TRUST, signing_time};

static MESSAGE: LazyLock<Vec<u8>> =
    LazyLock::new(|| cms::sign_detached(&SIGNER, Digest::of(b"signed\n"), signing_time()).expect("it can be signed"));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let attached = timestamp::attach(&MESSAGE, bytes, signing_time()).expect("the message is a signature");
    // Nobody signed an answer for it.
    assert!(attached.is_err());
    let value = cms::signature_value(&MESSAGE).expect("the message is a signature");
    drop(timestamp::check_token(bytes, &value, &TRUST, signing_time()));
});
