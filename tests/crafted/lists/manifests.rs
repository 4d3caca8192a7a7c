//! Manifests, as a whole and line by line.

use super::FAMILY;
use crate::forge::line;
use crate::table::{Row, row};

const MALFORMED: &[&str] = &["manifest_malformed manifest-sha256.txt"];

const TAGS: &[&str] = &["manifest_malformed tagmanifest-sha256.txt"];

const GAPS: &str = "data/csv/gaps.csv";

fn manifest(name: &str, change: fn(&mut String)) -> Row {
    row(FAMILY, format!("manifest: {name}"), move |forge| {
        forge.on_manifest = Some(Box::new(change));
    })
}

fn tagmanifest(name: &str, change: fn(&mut String)) -> Row {
    row(FAMILY, format!("tagmanifest: {name}"), move |forge| {
        forge.on_tagmanifest = Some(Box::new(change));
    })
}

/// Changes the one line of a file.
fn change_line(text: &mut String, path: &str, change: impl Fn(&str) -> String) {
    let ending = format!("  {path}");
    let lines = text.lines().map(|line| {
        if line.ends_with(&ending) {
            change(line)
        } else {
            format!("{line}\n")
        }
    });
    *text = lines.collect();
}

/// Puts a line where its path belongs.
fn insert(text: &mut String, path: &str) {
    let mut lines: Vec<String> = text.lines().map(|line| format!("{line}\n")).collect();
    lines.push(line(path, b"x"));
    lines.sort_by(|a, b| a[66..].cmp(&b[66..]));
    *text = lines.concat();
}

/// A line that lists its file no more: the file is then unlisted, too.
pub fn lines() -> Vec<Row> {
    const LOST: &[&str] = &[
        "manifest_malformed manifest-sha256.txt",
        "file_unlisted data/csv/gaps.csv",
    ];
    let turned = |name: &str, change: fn(&mut String)| manifest(name, change).no(LOST);
    vec![
        turned("a digest in capitals", |text| {
            change_line(text, GAPS, |line| {
                line[..64].to_uppercase() + &line[64..] + "\n"
            });
        }),
        turned("a digest one digit short", |text| {
            change_line(text, GAPS, |line| format!("{}\n", &line[1..]));
        }),
        turned("a digest one digit long", |text| {
            change_line(text, GAPS, |line| format!("0{line}\n"));
        }),
        turned("a digest of MD5", |text| {
            change_line(text, GAPS, |line| format!("{}\n", &line[32..]));
        }),
        turned("a digest that is no number", |text| {
            change_line(text, GAPS, |line| format!("g{}\n", &line[1..]));
        }),
        turned("one space", |text| {
            change_line(text, GAPS, |line| line.replacen("  ", " ", 1) + "\n");
        }),
        turned("three spaces", |text| {
            change_line(text, GAPS, |line| line.replacen("  ", "   ", 1) + "\n");
        }),
        turned("an asterisk", |text| {
            change_line(text, GAPS, |line| line.replacen("  ", " *", 1) + "\n");
        }),
        turned("a tab", |text| {
            change_line(text, GAPS, |line| line.replacen("  ", "\t", 1) + "\n");
        }),
        turned("a space before", |text| {
            change_line(text, GAPS, |line| format!(" {line}\n"));
        }),
        turned("a space behind", |text| {
            change_line(text, GAPS, |line| format!("{line} \n"));
        }),
        turned("CR LF", |text| {
            change_line(text, GAPS, |line| format!("{line}\r\n"));
        }),
        // It takes the next line with it.
        turned("CR alone", |text| {
            change_line(text, GAPS, |line| format!("{line}\r"));
        }),
        turned("a dot before the path", |text| {
            change_line(text, GAPS, |line| line.replacen("  ", "  ./", 1) + "\n");
        }),
        turned("a slash before the path", |text| {
            change_line(text, GAPS, |line| line.replacen("  ", "  /", 1) + "\n");
        }),
        turned("dots in the path", |text| {
            change_line(text, GAPS, |line| {
                line.replacen("data/", "data/../data/", 1) + "\n"
            });
        }),
        turned("a backslash in the path", |text| {
            change_line(text, GAPS, |line| {
                line.replacen("data/csv/", "data\\csv/", 1) + "\n"
            });
        }),
        turned("a letter in percents", |text| {
            change_line(text, GAPS, |line| line.replacen("gaps", "%67aps", 1) + "\n");
        }),
        turned("a NUL in the path", |text| {
            change_line(text, GAPS, |line| line.replacen("gaps", "ga\0ps", 1) + "\n");
        }),
        turned("a comment in its place", |text| {
            change_line(text, GAPS, |line| format!("# {line}\n"));
        }),
    ]
}

/// The manifest as a whole.
pub fn manifests() -> Vec<Row> {
    let mut rows = vec![
        manifest("empty", String::clear).no(&["file_unlisted", "inputs_mismatch"]),
        manifest("an empty line at the end", |text| text.push('\n')).no(MALFORMED),
        manifest("an empty line at the beginning", |text| {
            text.insert(0, '\n');
        })
        .no(MALFORMED),
        manifest("a line twice", |text| {
            let again = line(GAPS, b"x");
            change_line(text, GAPS, |line| format!("{line}\n{again}"));
        })
        .no(MALFORMED),
        manifest("the same line twice", |text| {
            change_line(text, GAPS, |line| format!("{line}\n{line}\n"));
        })
        .no(MALFORMED),
        manifest("a mark of byte order", |text| text.insert(0, '\u{feff}')).no(&[
            "manifest_malformed manifest-sha256.txt",
            "file_unlisted data/assessment.json",
        ]),
        manifest("the last line feed gone", |text| {
            text.pop();
        })
        .no(&[
            "manifest_malformed manifest-sha256.txt",
            "file_unlisted data/statement-of-operation.xlsx",
        ]),
        manifest("a file that is not there", |text| {
            insert(text, "data/z.txt");
        })
        .no(&["file_missing data/z.txt"]),
        manifest("a file's digest is another's", |text| {
            let other = line(GAPS, b"other");
            change_line(text, GAPS, |_| other.clone());
        })
        .no(&["file_changed data/csv/gaps.csv"]),
        manifest("a file is not listed", |text| {
            change_line(text, GAPS, |_| String::new());
        })
        .no(&["file_unlisted data/csv/gaps.csv"]),
        tagmanifest("it lists itself", |text| {
            text.push_str(&line("tagmanifest-sha256.txt", b"x"));
        })
        .no(TAGS),
        tagmanifest("it lists the signature", |text| {
            insert(text, "tagmanifest-sha256.txt.p7s");
        })
        .no(TAGS),
        tagmanifest("it lists payload", |text| insert(text, GAPS)).no(TAGS),
        tagmanifest("a file is not listed", |text| {
            change_line(text, "verify.sh", |_| String::new());
        })
        .no(&["file_unlisted verify.sh"]),
        tagmanifest("the manifest is not listed", |text| {
            change_line(text, "manifest-sha256.txt", |_| String::new());
        })
        .no(&["file_unlisted manifest-sha256.txt"]),
        tagmanifest("the manifest's digest is another's", |text| {
            let other = line("manifest-sha256.txt", b"other");
            change_line(text, "manifest-sha256.txt", |_| other.clone());
        })
        .no(&["file_changed manifest-sha256.txt"]),
        tagmanifest("a file that is not there", |text| insert(text, "x.txt"))
            .no(&["file_missing x.txt"]),
        tagmanifest("empty", String::clear).no(&["file_unlisted"]),
        tagmanifest("CR LF throughout", |text| {
            *text = text.replace('\n', "\r\n");
        })
        .no(&["manifest_malformed tagmanifest-sha256.txt", "file_unlisted"]),
    ];
    for path in [
        "data/../x",
        "/etc/passwd",
        "data//x",
        "data/x/",
        "../x",
        "C:/x",
        "data/con",
        "data/x.",
        "README",
    ] {
        let name = format!("manifest: it lists {path}");
        let change = move |text: &mut String| text.push_str(&line(path, b"x"));
        rows.push(
            row(FAMILY, name, move |forge| {
                forge.on_manifest = Some(Box::new(change));
            })
            .no(MALFORMED),
        );
    }
    rows
}
