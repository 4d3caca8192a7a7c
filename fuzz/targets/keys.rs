//! Key files and certificates.
#![no_main]

use kisms::sign::{certificate::Certificate, identity::Identity, trust::read_trust};
use kisms_fuzz::{PASSWORD, signing_time};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(identity) = Identity::load(bytes, Some(PASSWORD)) {
        drop(identity.check_valid_at(signing_time()));
        assert!(!format!("{identity:?}").contains("PRIVATE"));
    }
    if let Ok(certificate) = Certificate::from_der(bytes) {
        assert_eq!(certificate.der().len(), certificate.der().len().min(bytes.len()));
        drop(certificate.subject());
    }
    drop(read_trust(bytes));
});
