//! Whatever `check` accepts, `build --unsigned` packs and `verify` finds intact.
#![no_main]

use std::fs;
use std::io::sink;

use chrono::DateTime;
use kisms::command::{self, Exit, Screen};
use kisms::engagement::Language;

const SETTINGS: &str = r#"
[engagement]
organization = "한빛"
scope = "한빛 서비스"
scheme = "isms-p"
period = "2026Q3"
prepared_by = "강소연"
reviewed_by = "오은서"
language = "ko"
timezone = "+09:00"

[accounts]
"111122223333" = { name = "prod", regions = ["ap-northeast-2"] }
"#;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let dir = kisms_fuzz::folder();
    fs::create_dir_all(dir.join("exports")).expect("a folder");
    fs::write(dir.join("kisms.toml"), SETTINGS).expect("a file");
    fs::write(dir.join("exports/export.json"), bytes).expect("a file");
    let now = DateTime::from_timestamp(1_791_190_800, 0).expect("a time").fixed_offset();
    let (mut out, mut err) = (sink(), sink());
    let mut screen = Screen { out: &mut out, err: &mut err, language: Language::Ko, width: usize::MAX };
    let accepted = command::check::check(&dir, false, now, &mut screen).expect("the folder can be read");
    let output = dir.join("bundle.zip");
    let options = command::build::Options {
        output: Some(output.clone()),
        force: true,
        unsigned: true,
        ..Default::default()
    };
    let built = command::build::build(&dir, &options, now, &mut screen).expect("a bundle can be written");
    assert_eq!(matches!(accepted, Exit::Done), matches!(built, Exit::Done));
    if matches!(built, Exit::Done) {
        let opened = kisms::bundle::verify(&output).expect("it is a bundle");
        assert!(opened.defects.is_empty(), "{:?}", opened.defects);
    }
});
