//! A report with a signature in it.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    drop(kisms::sign::pades::verify_pdf(bytes, &kisms_fuzz::TRUST, kisms_fuzz::signing_time()));
});
