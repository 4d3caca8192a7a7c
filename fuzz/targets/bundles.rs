//! A zip that says to be a bundle.
#![no_main]

use std::fs;

use kisms::bundle;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let path = kisms_fuzz::folder().join("bundle.zip");
    fs::write(&path, bytes).expect("a file");
    if let Ok(opened) = bundle::verify(&path) {
        for path in opened.files.keys() {
            drop(opened.read(path.as_str(), 1 << 20));
        }
    }
});
