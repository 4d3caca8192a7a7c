//! Names that a reader takes for something else.

use super::{TOML, zipped};
use crate::table::Row;

/// Names that a reader takes for something else.
pub fn names() -> Vec<Row> {
    const INSIDE: &[&str] = &["zip_path", "path_illegal"];
    const OUTSIDE: &[&str] = &["zip_path", "bag_layout"];
    let cases: [(&str, &str, &[&str]); 20] = [
        ("dots that lead out", "../out.txt", OUTSIDE),
        ("dots within", "{id}/data/../../out.txt", INSIDE),
        ("a dot", "{id}/./x", INSIDE),
        ("absolute", "/etc/x", OUTSIDE),
        ("two slashes", "{id}//x", INSIDE),
        ("a drive", "C:/x", OUTSIDE),
        ("a drive within", "{id}/C:/x", INSIDE),
        ("a share", "//server/x", OUTSIDE),
        ("a stream of NTFS", "{id}/data/report.pdf:x", INSIDE),
        ("a backslash", "{id}/data\\x", INSIDE),
        ("backslashes alone", "..\\x", OUTSIDE),
        ("a NUL", "{id}/data/report.pdf\0.txt", INSIDE),
        ("a line feed", "{id}/data/a\nb", INSIDE),
        ("an escape for the terminal", "{id}/data/\u{1b}[2J", INSIDE),
        ("a turned direction", "{id}/data/\u{202e}fdp.exe", INSIDE),
        ("Hangul", "{id}/data/\u{ac00}.txt", INSIDE),
        ("a device", "{id}/data/con.txt", INSIDE),
        ("a dot at the end", "{id}/data/x.", INSIDE),
        ("a space at the end", "{id}/data/x ", INSIDE),
        ("a percent sign", "{id}/data/%2e%2e", INSIDE),
    ];
    let mut rows: Vec<Row> = cases
        .map(|(what, name, codes)| {
            zipped(format!("name: {what}"), move |zip| {
                let name = name.replace("{id}", &zip.id());
                zip.add(&name, b"x");
            })
            .no(codes)
        })
        .into_iter()
        .collect();
    rows.push(
        zipped("name: no text", |zip| {
            let name = [zip.id().as_bytes(), b"/data/\xff\xfe"].concat();
            zip.add("x", b"x")
                .both(|header| header.name.clone_from(&name));
        })
        .no(INSIDE),
    );
    rows.push(
        zipped("name: of 121 characters", |zip| {
            let id = zip.id();
            let name = format!("{id}/data/{}", "x".repeat(121 - id.len() - 6));
            zip.add(&name, b"x");
        })
        .no(INSIDE),
    );
    rows.push(
        zipped("name: none", |zip| {
            zip.add("", b"x");
        })
        .no(OUTSIDE),
    );
    rows.push(
        zipped("name: two, one of them in an extra field", |zip| {
            zip.entry(TOML)
                .both(|header| header.extra = b"up\x06\0\x01\0\0\0\0x".to_vec());
        })
        .no(&["zip_mismatch"]),
    );
    rows
}
