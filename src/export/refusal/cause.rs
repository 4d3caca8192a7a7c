//! Why a text is not the JSON that it begins as: told by what stands around the fault.

use crate::evidence::Fault;
use crate::time::REPR;

use super::super::fault::Code;
use super::{messages, python, refused, refused_message};

/// As much is looked at behind a fault, in bytes.
pub const BEHIND: usize = 4096;
/// As much of its line is looked at before it.
const BEFORE: usize = 400;

pub const COLOURS: &str = "an answer with a terminal's colours or a pager's marks in it";
pub const PLAIN: &str = "take the export again without them: `jq -M`, `--no-cli-pager`, `--color off`, and `> FILE` in place of a copy from the screen";
const MIXED: &str =
    "two encodings stand in one file, UTF-16 and another, as PowerShell's `>>` leaves them";
const APART: &str = "take the exports again, each into a file of its own: `>` in place of `>>`, in PowerShell 5 with `| Out-File -Encoding utf8`";
const CUT_OFF: &str = "the export was interrupted: take it again; if it stopped on Windows at a character that the code page lacks, set `AWS_CLI_OUTPUT_ENCODING=UTF-8`, `AWS_CLI_FILE_ENCODING=UTF-8` and `PYTHONUTF8=1` before, or use AWS CloudShell";
const ZEROS: &str = "zero bytes stand in it, as a copy that was cut or a crash leaves them";
const COPY: &str = "copy it from its source again; if the source ends with them, too, take them away: `tr -d '\\000' < FILE > NEW`, and look at what is left";
const SCRIPT: &str = "an answer as JavaScript prints it, not JSON";
const STRINGIFY: &str = "write it with `JSON.stringify(answer)`";

/// What PowerShell's `ConvertTo-Json` makes of an answer.
const OBJECTS: &str =
    "what PowerShell's `ConvertTo-Json` made of an answer: AWS's words stand in objects";
const DEPTH: &str = "what PowerShell's `ConvertTo-Json` made of an answer without `-Depth`: names of types stand in place of its fields";
const CLI: &str = "take the export with the AWS CLI in place of PowerShell's cmdlets: `aws configservice OPERATION --output json`";
const OTHERS: &str = "this is a word of another tool, not of AWS Config: export what AWS Config itself says, `aws configservice get-compliance-details-by-config-rule --config-rule-name NAME --output json`";

/// The same fault, or what caused it. `before` is what was read of the value, `behind` what follows.
pub fn of_rest(fault: Fault, before: &str, behind: &str) -> Fault {
    let syntax = [Code::JsonSyntax, Code::JsonTruncated].map(Code::as_str);
    if !syntax.contains(&fault.code.as_str()) {
        return fault;
    }
    let offset = fault.offset.unwrap_or_default();
    let behind = &behind[..behind.floor_char_boundary(BEHIND)];
    let known = zeroed(offset, behind)
        .or_else(|| message(offset, before, behind))
        .or_else(|| mixed(offset, behind))
        .or_else(|| colours(offset, before, behind))
        .or_else(|| literal(offset, before, behind));
    match known {
        Some(known) => known,
        None if behind.is_empty() && stops_at_a_text(before) => fault.hinted(CUT_OFF),
        None => fault,
    }
}

/// Zero bytes where text should stand.
pub fn zeros(offset: u64) -> Fault {
    Code::JsonTruncated.at(offset, ZEROS).hinted(COPY)
}

/// The same where a text goes on with them; some parsers name the place of the character before. Every
/// second byte is zero in UTF-16.
pub fn zeroed(offset: u64, text: &str) -> Option<Fault> {
    let first = text.bytes().take(2).position(|byte| byte == 0)?;
    let run = text.bytes().skip(first).take(2);
    { run }.all(|byte| byte == 0).then(|| zeros(offset))
}

/// A client's message. JSON has no line's end within a text, so that a line tells it.
fn message(offset: u64, before: &str, behind: &str) -> Option<Fault> {
    let from = before.ceil_char_boundary(before.len().saturating_sub(BEFORE));
    let line = before[from..].rsplit(['\r', '\n']).next();
    let begun = line.filter(|line| !line.trim().is_empty());
    // The line that ends here within a text may hold the message behind it; some parsers name the
    // place of the character before.
    let rest = behind.split(['\r', '\n']).next().unwrap_or_default();
    let ends = begun.filter(|_| rest.chars().count() <= 1);
    let ends = ends.map(|line| format!("{line}{rest}"));
    let stopped = ends.as_deref().and_then(|line| {
        let at = line.find("' codec can't")?;
        Some(&line[line[..at].rfind('\'')?..])
    });
    if let Some(line) = stopped {
        return Some(refused_message(offset, &messages::MESSAGES[0], line));
    }
    let lines = match begun {
        Some(_) => &behind[behind.find(['\r', '\n'])?..],
        None => behind,
    };
    let (message, line) = messages::in_lines(lines)?;
    Some(refused_message(offset, message, line))
}

/// Text in UTF-16 within text in UTF-8, or the other way round.
pub fn mixed(offset: u64, text: &str) -> Option<Fault> {
    let fault = || Code::Encoding.at(offset, MIXED).hinted(APART);
    (is_utf16(text) || is_garbled(text)).then(fault)
}

/// Whether each second byte is zero, as in ASCII in UTF-16.
fn is_utf16(text: &str) -> bool {
    let start = &text.as_bytes()[..text.len().min(200)];
    // A byte order mark or a part of a character may stand before it.
    let first = start.iter().position(|&byte| byte == 0).unwrap_or_default();
    let units = &start[first.min(start.len())..];
    let (zeros, others): (Vec<_>, Vec<_>) =
        units.chunks_exact(2).map(|unit| (unit[0], unit[1])).unzip();
    first < 8
        && units.len() >= 4
        && zeros.iter().all(|&byte| byte == 0)
        && others.iter().all(|&byte| is_ascii_text(byte))
}

/// Whether the characters are such as ASCII gives where it is taken for UTF-16.
fn is_garbled(text: &str) -> bool {
    let chars = text.chars().filter(|c| !c.is_whitespace());
    let units: Vec<u32> = chars.take(64).map(u32::from).collect();
    let doubled = |unit: &&u32| {
        let [0, 0, high, low] = unit.to_be_bytes() else {
            return false;
        };
        is_ascii_text(high) && is_ascii_text(low)
    };
    units.len() >= 4 && units.iter().filter(doubled).count() * 10 >= units.len() * 9
}

fn is_ascii_text(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\r' | b'\n' | b' '..=b'~')
}

fn colours(offset: u64, before: &str, behind: &str) -> Option<Fault> {
    let near = behind.chars().take(4).chain(before.chars().rev().take(4));
    let mut near = near.filter(|&c| matches!(c, '\u{1b}' | '\u{8}'));
    near.next()?;
    Some(refused(offset, COLOURS, "", PLAIN))
}

/// What another language prints where JSON has a key or a value.
fn literal(offset: u64, before: &str, behind: &str) -> Option<Fault> {
    const PYTHON: [&str; 8] = [
        "'",
        "None",
        "True",
        "False",
        "datetime.",
        "Decimal(",
        "OrderedDict(",
        "tzlocal(",
    ];
    let from = before.floor_char_boundary(before.len().saturating_sub(1));
    let starts = [
        behind.trim_start().to_owned(),
        format!("{}{behind}", &before[from..]),
    ];
    if PYTHON
        .iter()
        .any(|word| starts.iter().any(|text| text.starts_with(word)))
    {
        return Some(python(offset));
    }
    let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let of_script = |text: &String| {
        let rest = text.trim_start_matches(name);
        rest.len() < text.len()
            && text.starts_with(|c: char| c.is_ascii_alphabetic())
            && rest.starts_with(": ")
    };
    starts
        .iter()
        .any(of_script)
        .then(|| refused(offset, SCRIPT, "", STRINGIFY))
}

/// Whether the text ends within a string, or where one is due: the AWS CLI writes each as a whole.
fn stops_at_a_text(before: &str) -> bool {
    let (mut within, mut escaped) = (false, false);
    for byte in before.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = within,
            b'"' => within = !within,
            _ => {}
        }
    }
    within || before.trim_end().ends_with(':')
}

/// The fault of an element, or what it is that `element` holds.
pub fn of_element(fault: Fault, element: &str) -> Fault {
    const TYPES: [&str; 5] = [
        "\"@{",
        "\"Amazon.",
        "\"System.Collections.",
        "\"System.Object",
        "\"Amazon.Runtime.",
    ];
    const VALUES: [&str; 3] = ["Value", "value", "value__"];
    let shape = fault.code == Code::Shape.as_str();
    let what = if shape && TYPES.iter().any(|name| element.contains(name)) {
        DEPTH
    } else if shape && VALUES.iter().any(|key| is_object_of(element, key)) {
        OBJECTS
    } else {
        return with_hint(fault);
    };
    Fault {
        pointer: fault.pointer.clone(),
        ..refused(fault.offset.unwrap_or_default(), what, "", CLI)
    }
}

/// Whether an object stands in the text that holds a word of AWS under this key alone.
fn is_object_of(text: &str, key: &str) -> bool {
    let key = format!("\"{key}\"");
    text.match_indices(&key).any(|(at, _)| {
        let value = text[at + key.len()..].trim_start().strip_prefix(':');
        let word = value.and_then(|value| value.trim_start().strip_prefix('"'));
        let rest = word
            .map(|word| word.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_'));
        text[..at].trim_end().ends_with('{')
            && rest.is_some_and(|rest| {
                rest.starts_with('"') && rest[1..].trim_start().starts_with('}')
            })
    })
}

fn with_hint(fault: Fault) -> Fault {
    const WORDS: [&str; 8] = [
        "`PASS`", "`FAIL`", "`MANUAL`", "`INFO`", "`MUTED`", "`pass`", "`fail`", "`ok`",
    ];
    let hint = if fault.message.ends_with(REPR) {
        super::DUMPS
    } else if fault.code == Code::ComplianceType.as_str()
        && WORDS.iter().any(|word| fault.message.contains(word))
    {
        OTHERS
    } else {
        return fault;
    };
    fault.hinted(hint)
}

/// Each text, as it is told.
#[cfg(test)]
pub fn texts() -> Vec<String> {
    let whats = [COLOURS, SCRIPT, OBJECTS, DEPTH].map(|what| format!("it is {what}"));
    let told = [MIXED, PLAIN, APART, CUT_OFF, STRINGIFY, CLI, OTHERS].map(str::to_owned);
    whats.into_iter().chain(told).collect()
}
