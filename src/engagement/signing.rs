//! `[signing]`: where the key is. It is opened by whoever signs, not here.

use std::path::PathBuf;

use super::table::{Reader, Table};
use crate::fault::shown;

/// What the bundle takes from the folder: a key must not lie there.
const TRAVELS: [&str; 3] = ["exports", "evidence", "templates"];

/// Paths from the engagement's folder.
#[derive(Default)]
pub(super) struct Signing {
    pub(super) key: Option<PathBuf>,
    pub(super) certificates: Option<PathBuf>,
}

pub(super) fn read(reader: &mut Reader<'_>, table: &Table<'_, '_>) -> Signing {
    const KEY: &str = "key";
    const CERTIFICATES: &str = "certificates";
    reader.only(table, &[KEY, CERTIFICATES]);
    let mut path = |name: &str, hint| {
        let text = reader.required(table, name, hint)?;
        let Some((message, hint)) = flaw(text) else {
            return Some(PathBuf::from(text));
        };
        let span = table.get(name).map_or(table.span(), toml::Spanned::span);
        let message = format!("`{name}` `{}` {message}", shown(text));
        reader.fault(span, message, hint);
        None
    };
    let key = path(KEY, "name the key's file: \"signer.p12\"");
    let given = table.get(CERTIFICATES).is_some();
    let hint = "name a file with certificates, PEM or DER, or leave it out";
    let certificates = given.then(|| path(CERTIFICATES, hint)).flatten();
    Signing { key, certificates }
}

/// What is wrong with the path, if anything: it leads inside the folder, or up and from there down.
fn flaw(text: &str) -> Option<(&'static str, &'static str)> {
    const INSIDE: &str =
        "write it from the engagement's folder: \"signer.p12\" or \"../keys/signer.p12\"";
    if text.contains('\\') {
        return Some(("has a `\\` in it", "separate folders with `/`"));
    }
    let drive = text.as_bytes().get(1) == Some(&b':');
    if text.starts_with(['/', '~']) || drive {
        return Some(("is not a path from the engagement's folder", INSIDE));
    }
    let mut above = text;
    while let Some(rest) = above.strip_prefix("../") {
        above = rest;
    }
    let mut parts = above.split('/').filter(|part| *part != ".");
    if parts.clone().any(|part| part == ".." || part.is_empty()) {
        return Some(("goes down and up again", INSIDE));
    }
    let first = parts.next()?;
    let travels = |folder: &&str| first.eq_ignore_ascii_case(folder);
    if above.len() == text.len() && TRAVELS.iter().any(travels) {
        return Some((
            "lies in a folder that goes into the bundle",
            "move the key out of it: a bundle never holds a key",
        ));
    }
    None
}
