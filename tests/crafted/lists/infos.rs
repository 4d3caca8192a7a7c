//! bag-info.txt.

use super::FAMILY;
use crate::forge::{Files, with_field};
use crate::table::{Row, row};

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
pub fn infos() -> Vec<Row> {
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
pub fn fields() -> Vec<Row> {
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
