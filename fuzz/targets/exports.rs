//! One file of an exports folder, of any content.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    kisms_fuzz::read_export("export.json", bytes);
});
