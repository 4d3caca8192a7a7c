//! A detached signature: whatever is not the very message that was signed must not hold.
#![no_main]

use std::sync::LazyLock;

use kisms::digest::Digest;
use kisms::sign::{cms, verify::verify_detached};
use kisms_fuzz::{SIGNER, TRUST, signing_time};

const CONTENT: &[u8] = b"what was signed\n";

static MESSAGE: LazyLock<Vec<u8>> =
    LazyLock::new(|| cms::sign_detached(&SIGNER, Digest::of(CONTENT), signing_time()).expect("it can be signed"));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let verified = verify_detached(bytes, Digest::of(CONTENT), &TRUST, signing_time());
    assert!(verify_detached(&MESSAGE, Digest::of(CONTENT), &TRUST, signing_time()).holds());
    let other = verify_detached(bytes, Digest::of(b"something else"), &TRUST, signing_time());
    assert!(!other.holds());
    drop(verified);
});
