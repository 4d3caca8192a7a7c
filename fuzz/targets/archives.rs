//! One zip, tar or gzip file of an exports folder.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // What is no archive is the business of another target.
    if bytes.starts_with(b"PK") || bytes.starts_with(&[0x1f, 0x8b]) || bytes.get(257..262) == Some(b"ustar") {
        kisms_fuzz::read_export("exports.zip", bytes);
    }
});
