//! The bag's tag files, signed by their own signer: manifests, bagit.txt and bag-info.txt (RFC 8493).

use super::forge::{Files, line, with_field};
use super::table::{Row, row};

const FAMILY: &str = "lists";
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
fn lines() -> Vec<Row> {
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
fn manifests() -> Vec<Row> {
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

/// Other contents for a tag file, listed and signed.
fn declared(name: &str, text: &'static [u8]) -> Row {
    row(FAMILY, format!("bagit.txt: {name}"), move |forge| {
        forge.on_signed = Some(Box::new(move |files: &mut Files| {
            files.insert("bagit.txt".to_owned(), text.to_vec());
        }));
    })
    .no(&["bagit_malformed bagit.txt"])
}

fn declarations() -> Vec<Row> {
    vec![
        declared(
            "of version 0.97",
            b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n",
        ),
        declared(
            "of version 2.0",
            b"BagIt-Version: 2.0\nTag-File-Character-Encoding: UTF-8\n",
        ),
        declared(
            "in UTF-16",
            b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-16\n",
        ),
        declared(
            "CR LF",
            b"BagIt-Version: 1.0\r\nTag-File-Character-Encoding: UTF-8\r\n",
        ),
        declared(
            "a mark of byte order",
            b"\xef\xbb\xbfBagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        ),
        declared(
            "no line feed at its end",
            b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8",
        ),
        declared(
            "one more line",
            b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nMore: x\n",
        ),
        declared(
            "its lines exchanged",
            b"Tag-File-Character-Encoding: UTF-8\nBagIt-Version: 1.0\n",
        ),
        declared("one line", b"BagIt-Version: 1.0\n"),
        declared("empty", b""),
        declared(
            "small letters",
            b"bagit-version: 1.0\ntag-file-character-encoding: utf-8\n",
        ),
    ]
}

fn info(name: impl Into<String>, change: impl Fn(&mut String) + Clone + 'static) -> Row {
    let name: String = name.into();
    row(FAMILY, format!("bag-info.txt: {name}"), move |forge| {
        forge.on_info = Some(Box::new(change.clone()));
    })
}

/// Without the line of a label.
fn without(text: &str, label: &str) -> String {
    let own = format!("{label}: ");
    let lines = text.lines().filter(|line| !line.starts_with(&own));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Its lines as such.
fn infos() -> Vec<Row> {
    const BROKEN: &[&str] = &["info_malformed bag-info.txt"];
    let broken = |name: &str, change: fn(&mut String)| info(name, change).no(BROKEN);
    vec![
        info("one more label", |text| text.push_str("Contact-Name: x\n")),
        info("one more label, twice", |text| {
            text.push_str("Contact-Name: x\nContact-Name: y\n");
        }),
        info("a colon in a value", |text| {
            text.push_str("Contact-Name: a: b\n");
        }),
        broken("no value", |text| text.push_str("Contact-Name: \n")),
        broken("no space", |text| text.push_str("Contact-Name:x\n")),
        broken("no colon", |text| text.push_str("Contact\n")),
        broken("a folded line", |text| {
            text.push_str("Contact-Name: x\n  y\n");
        }),
        broken("a space before the colon", |text| {
            text.push_str("Contact-Name : x\n");
        }),
        broken("a space behind the value", |text| {
            text.push_str("Contact-Name: x \n");
        }),
        broken("an escape in a value", |text| {
            text.push_str("Contact-Name: \u{1b}[2J\n");
        }),
        broken("an empty line", |text| text.push('\n')),
        broken("no line feed at its end", |text| {
            text.pop();
        }),
        row(FAMILY, "bag-info.txt: no text", |forge| {
            forge.on_bag = Some(Box::new(|files: &mut Files| {
                files.get_mut("bag-info.txt").expect("there").push(0xff);
            }));
        })
        .no(&["info_malformed bag-info.txt", "file_changed bag-info.txt"]),
    ]
}

/// Its fields.
fn fields() -> Vec<Row> {
    let mut rows = Vec::new();
    for label in ["External-Identifier", "Kisms-Format", "Payload-Oxum"] {
        rows.push(
            info(format!("without {label}"), move |text| {
                *text = without(text, label);
            })
            .no(&["info_malformed bag-info.txt"]),
        );
        rows.push(
            info(format!("{label} twice"), move |text| again(text, label))
                .no(&["info_malformed bag-info.txt"]),
        );
        let small = label.to_lowercase();
        rows.push(
            info(format!("{label} in small letters"), move |text| {
                *text = text.replace(label, &small);
            })
            .no(&["info_malformed bag-info.txt"]),
        );
    }
    for label in kisms::bundle::LABELS {
        rows.push(
            info(format!("without {label}"), move |text| {
                *text = without(text, label);
            })
            .no(&["member_missing bag-info.txt"]),
        );
        rows.push(
            info(format!("{label} twice"), move |text| again(text, label))
                .no(&["info_malformed bag-info.txt"]),
        );
    }
    for (label, value, code) in [
        ("Kisms-Format", "2", "format_unknown bag-info.txt"),
        ("Kisms-Format", "01", "format_unknown bag-info.txt"),
        ("Kisms-Format", "1.0", "format_unknown bag-info.txt"),
        ("Kisms-Format", "one", "format_unknown bag-info.txt"),
        ("Payload-Oxum", "1.1", "oxum_mismatch bag-info.txt"),
        ("Payload-Oxum", "many", "oxum_mismatch bag-info.txt"),
        (
            "Payload-Oxum",
            "18446744073709551616.1",
            "oxum_mismatch bag-info.txt",
        ),
        (
            "External-Identifier",
            "kisms-2026Q4-00000000",
            "id_mismatch bag-info.txt",
        ),
        ("External-Identifier", "../x", "id_mismatch bag-info.txt"),
        ("Kisms-Inputs-Digest", "0", "inputs_mismatch bag-info.txt"),
    ] {
        rows.push(
            info(format!("{label} is {value}"), move |text| {
                *text = with_field(text, label, value);
            })
            .no(&[code]),
        );
    }
    rows
}

/// A second line of the same label with another value.
fn again(text: &mut String, label: &str) {
    text.extend([label, ": other\n"]);
}

pub fn rows() -> Vec<Row> {
    [lines(), manifests(), declarations(), infos(), fields()]
        .into_iter()
        .flatten()
        .collect()
}
