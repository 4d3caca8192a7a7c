//! `bag-info.txt`: one `Label: value` a line (RFC 8493, section 2.2.2).

use super::{BAG_INFO, Defect, FORMAT, LABELS};
use crate::error::{Error, Result};

/// The identifier's label: the folder's name.
pub(super) const IDENTIFIER: &str = "External-Identifier";
/// The format's label.
pub(super) const FORMAT_LABEL: &str = "Kisms-Format";
/// The payload's size's label: bytes, a dot, files.
pub(super) const OXUM: &str = "Payload-Oxum";

/// More lines are not read: nothing is in them.
const LINES_MAX: usize = 1000;

/// The file's text. The writer's own fields follow ours in their order, and must not repeat
/// them; a value that cannot stand on one line is an error.
pub(super) fn compose(id: &str, oxum: &str, more: &[(String, String)]) -> Result<String> {
    let ours = [(IDENTIFIER, id), (FORMAT_LABEL, FORMAT), (OXUM, oxum)];
    let mut text = String::new();
    let mut line = |label: &str, value: &str| text.extend([label, ": ", value, "\n"]);
    for (label, value) in ours {
        line(label, value);
    }
    for (label, value) in more {
        let ours = ours.iter().any(|(own, _)| own.eq_ignore_ascii_case(label));
        if ours || !is_label(label) || !is_value(value) {
            return Err(Error::new(format_args!(
                "`{label}` with the value `{}` cannot stand in {BAG_INFO}",
                value.escape_debug()
            ))
            .hint("a value is one line without control characters or spaces at its ends"));
        }
        line(label, value);
    }
    Ok(text)
}

/// Reads the file; a line that we would not write is a defect.
pub(super) fn parse(bytes: &[u8], defects: &mut Vec<Defect>) -> Vec<(String, String)> {
    let mut malformed = |message: String| {
        defects.push(Defect::new("info_malformed", BAG_INFO, message));
    };
    let Ok(text) = std::str::from_utf8(bytes) else {
        malformed("is not UTF-8".to_owned());
        return Vec::new();
    };
    if !text.ends_with('\n') {
        malformed("does not end in LF".to_owned());
    }
    let mut fields = Vec::new();
    for (number, line) in text.lines().enumerate().take(LINES_MAX) {
        match line.split_once(": ") {
            Some((label, value)) if is_label(label) && is_value(value) => {
                fields.push((label.to_owned(), value.to_owned()));
            }
            _ => malformed(format!("line {} is not `Label: value`", number + 1)),
        }
    }
    for label in [IDENTIFIER, FORMAT_LABEL, OXUM] {
        let count = fields.iter().filter(|(own, _)| own == label).count();
        if count != 1 {
            malformed(format!("has `{label}` {count} times instead of once"));
        }
    }
    // RFC 8493 section 2.2.2 lets a label repeat. Of these one reader would take the first and another
    // the last.
    for label in LABELS {
        let count = fields.iter().filter(|(own, _)| own == label).count();
        if count > 1 {
            malformed(format!("has `{label}` {count} times instead of once"));
        }
    }
    fields
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn is_value(value: &str) -> bool {
    !value.is_empty() && value.trim() == value && !value.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(label: &str, value: &str) -> (String, String) {
        (label.to_owned(), value.to_owned())
    }

    #[test]
    fn bag_info_reads_back_what_it_says() {
        let more = [
            field("Source-Organization", "주식회사 예시"),
            field("Contact", "a: b"),
        ];
        let text = compose("x", "3.1", &more).expect("legal");
        assert!(text.starts_with("External-Identifier: x\nKisms-Format: 1\nPayload-Oxum: 3.1\n"));
        let mut defects = Vec::new();
        assert_eq!(parse(text.as_bytes(), &mut defects)[3..], more);
        assert_eq!(defects, []);
    }

    #[test]
    fn a_value_that_would_forge_a_line_is_refused() {
        for (label, value) in [
            ("A", "b\nKisms-Format: 2"),
            ("A", "b\r"),
            ("A", ""),
            ("A", " b"),
            ("A:", "b"),
            ("payload-oxum", "1.1"),
        ] {
            assert!(
                compose("x", "0.0", &[field(label, value)]).is_err(),
                "{label} {value}"
            );
        }
    }

    #[test]
    fn what_stands_twice_or_not_at_all_is_a_defect() {
        let mut defects = Vec::new();
        parse(
            b"External-Identifier: a\nExternal-Identifier: b\n  folded\n",
            &mut defects,
        );
        assert_eq!(defects.len(), 4, "{defects:?}");
        let twice = "External-Identifier: a\nKisms-Format: 1\nPayload-Oxum: 1.1\n\
                     Kisms-Inputs-Digest: a\nKisms-Inputs-Digest: b\nContact: x\nContact: y\n";
        let mut defects = Vec::new();
        parse(twice.as_bytes(), &mut defects);
        assert_eq!(defects.len(), 1, "{defects:?}");
    }
}
