//! Files that are packed as they are made.

use std::sync::Mutex;

use super::*;

/// Empty; of one segment; of three; and already compressed, by its name.
fn files() -> [(&'static str, Vec<u8>); 4] {
    let long: Vec<u8> = (0..(2_u32 << 20) + 17)
        .map(|n| n.to_le_bytes()[(n % 3) as usize])
        .collect();
    [
        ("data/csv/gaps.csv", Vec::new()),
        ("data/csv/rules.csv", b"rule\r\nrestricted-ssh\r\n".to_vec()),
        ("data/assessment.json", long.clone()),
        ("data/statement.xlsx", long),
    ]
}

fn with(content: impl Fn(&BundlePath, Vec<u8>) -> Content) -> Bag {
    let mut bag = bag();
    for (name, bytes) in files() {
        bag.payload.insert(path(name), content(&path(name), bytes));
    }
    bag
}

fn made(path: &BundlePath, bytes: &[u8]) -> Content {
    // Whoever makes a file writes it in pieces of any length.
    let write = |out: &mut dyn Write| {
        bytes
            .chunks(70_001)
            .try_for_each(|piece| out.write_all(piece))
    };
    Content::made(path, write).expect("space")
}

#[test]
fn what_is_made_stands_in_the_zip_as_what_was_at_hand() {
    let at_hand = zip_of(&with(|_, bytes| Content::Bytes(bytes)));
    assert!(at_hand == zip_of(&with(|path, bytes| made(path, &bytes))));
}

#[test]
fn what_is_made_knows_its_size_and_digest() {
    for (name, bytes) in files() {
        let content = made(&path(name), &bytes);
        assert_eq!(content.size(), bytes.len() as u64, "{name}");
        assert_eq!(content.digest(), Digest::of(&bytes), "{name}");
    }
}

#[test]
fn what_cannot_be_made_is_named() {
    let fail = |_: &mut dyn Write| Err(std::io::Error::other("no column"));
    let error = Content::made(&path("data/csv/gaps.csv"), fail).expect_err("it failed");
    assert_eq!(
        error.message,
        "cannot render `data/csv/gaps.csv`: no column"
    );
}

#[test]
fn whoever_watches_is_told_of_every_byte() {
    let told = Mutex::new((0, 0));
    let watch = |more: u64, of: u64| {
        let mut told = told.lock().expect("nobody panics");
        *told = (told.0 + more, of);
    };
    let whole = |told: &Mutex<(u64, u64)>| {
        let (passed, all) = std::mem::take(&mut *told.lock().expect("nobody panics"));
        assert_eq!(passed, all);
        all
    };
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("x.zip");
    let bag = with(|path, bytes| made(path, &bytes));
    let written = write_new_file(&target, false, |file| {
        write_watched(&bag, file, None, &watch)
    });
    let written = written.expect("a good bag");
    assert!((1..=written.bytes).contains(&whole(&told)));
    let opened = verify_watched(&target, &watch).expect("a zip");
    assert_eq!(found(&opened), []);
    let read_whole = bag.payload.values().map(Content::size).sum::<u64>();
    assert!(whole(&told) >= read_whole);
}
