//! What is recognised but cannot be evidence: what it is, and what to export instead. Data, one
//! entry a line of a list.

use crate::evidence::Fault;

use super::envelope::same_key;
use super::fault::Code;
use super::formats;

/// JSON that is known by the keys of an object.
struct Structure {
    what: &'static str,
    /// All of these are there.
    keys: &'static [&'static str],
    instead: &'static str,
    /// Whether it stands where AWS Config's answer should.
    answer: bool,
}

const DETAILS: &str = "export the verdicts themselves: `aws configservice get-compliance-details-by-config-rule --config-rule-name NAME --output json`";
const ITEM: &str =
    "export the resource: `aws configservice get-resource-config-history`, or a snapshot";

const OCSF: &str =
    "export `aws securityhub get-findings-v2 --output json`, or AWS Config's own verdicts";

const FILES: &str = "copy the files themselves: `aws s3 cp s3://BUCKET/KEY .`, or `aws s3 sync` of AWS Config's folder";

const MESSAGE: &str = "a message of a queue or stream in which no answer of AWS Config stands";

const STRUCTURES: &[Structure] = &[
    Structure {
        what: "OCSF of another kind than the findings of AWS Security Hub V2",
        keys: &["class_uid", "metadata"],
        instead: OCSF,
        answer: false,
    },
    Structure {
        what: "evidence of AWS Audit Manager",
        keys: &["evidenceAwsAccountId"],
        instead: DETAILS,
        answer: false,
    },
    Structure {
        what: "evidence of AWS Audit Manager",
        keys: &["evidenceByType"],
        instead: DETAILS,
        answer: false,
    },
    Structure {
        what: "evidence of AWS Audit Manager",
        keys: &["evidence"],
        instead: DETAILS,
        answer: false,
    },
    Structure {
        what: "evidence folders of AWS Audit Manager",
        keys: &["evidenceFolders"],
        instead: DETAILS,
        answer: false,
    },
    // These stand before CloudTrail's, whose keys they have too.
    Structure {
        what: "a notification of Amazon S3 that files were written: it holds nothing of them",
        keys: &["eventSource", "s3"],
        instead: FILES,
        answer: false,
    },
    Structure {
        what: "a notification of Amazon S3 that files were written: it holds nothing of them",
        keys: &["bucket", "object", "request-id"],
        instead: FILES,
        answer: false,
    },
    Structure {
        what: "the test message of Amazon S3",
        keys: &["Service", "Event", "Bucket"],
        instead: FILES,
        answer: false,
    },
    Structure {
        what: MESSAGE,
        keys: &["eventSourceARN"],
        instead: DETAILS,
        answer: false,
    },
    Structure {
        what: MESSAGE,
        keys: &["MessageId"],
        instead: DETAILS,
        answer: false,
    },
    Structure {
        what: MESSAGE,
        keys: &["partitionKey", "data"],
        instead: DETAILS,
        answer: false,
    },
    Structure {
        what: MESSAGE,
        keys: &["recordId", "data"],
        instead: DETAILS,
        answer: false,
    },
    Structure {
        what: "an API call that CloudTrail recorded",
        keys: &["eventVersion", "eventSource", "eventName"],
        instead: ITEM,
        answer: false,
    },
    Structure {
        what: "a CloudTrail log",
        keys: &["Records"],
        instead: ITEM,
        answer: false,
    },
    Structure {
        what: "an answer of the IAM policy simulator",
        keys: &["EvalActionName"],
        instead: DETAILS,
        answer: false,
    },
    Structure {
        what: "a notification that a rule was started or a delivery was made: it holds no verdict and no resource",
        keys: &["messageType", "recordVersion"],
        instead: DETAILS,
        answer: false,
    },
    Structure {
        what: "an error answer of AWS",
        keys: &["Error"],
        instead: "correct what it names and take the export again",
        answer: true,
    },
    Structure {
        what: "an error answer of AWS",
        keys: &["__type"],
        instead: "correct what it names and take the export again",
        answer: true,
    },
];

/// Text that is known by how it starts.
struct Writing {
    what: &'static str,
    fits: fn(&str) -> bool,
    instead: &'static str,
}

const JSON: &str = "take the export again with `--output json`";

const WRITINGS: &[Writing] = &[
    Writing {
        what: "an error message of the AWS CLI",
        fits: is_error_message,
        instead: "correct what it names and take the export again",
    },
    Writing {
        what: "the output of `--output table`",
        fits: |text| text.starts_with("----") || text.starts_with("+--") || text.starts_with('|'),
        instead: JSON,
    },
    Writing {
        what: "the output of `--output yaml`",
        fits: |text| {
            let first = first_line(text);
            first == "---"
                || first.starts_with("- ")
                || first
                    .strip_suffix(':')
                    .is_some_and(|key| key.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        },
        instead: JSON,
    },
    Writing {
        what: "the output of `--output text`",
        fits: |text| {
            let first = first_line(text).split('\t').next().unwrap_or_default();
            first.len() > 3 && first.bytes().all(|byte| byte.is_ascii_uppercase())
        },
        instead: JSON,
    },
    Writing {
        what: "an export of AWS Security Hub V2 as CSV, whose chosen columns do not tell a verdict for certain",
        fits: is_security_hub_csv,
        instead: "start the export job again with `Format` OCSF_JSON, which has each finding in full",
    },
    Writing {
        what: "a CSV report of Prowler",
        fits: |text| text.starts_with("AUTH_METHOD;") || first_line(text).contains(";CHECK_ID;"),
        instead: DETAILS,
    },
    Writing {
        what: "a web page or XML",
        fits: |text| text.starts_with('<'),
        instead: "sign in and take the export again",
    },
];

fn is_error_message(text: &str) -> bool {
    let errors = [
        "An error occurred",
        "Unable to locate credentials",
        "Could not connect",
        "usage:",
        "aws: error",
    ];
    errors.iter().any(|error| text.starts_with(error))
}

/// Its columns are the paths of OCSF's fields, as the job was asked for them.
fn is_security_hub_csv(text: &str) -> bool {
    const OBJECTS: [&str; 6] = [
        "cloud",
        "compliance",
        "finding_info",
        "metadata",
        "resources",
        "vulnerabilities",
    ];
    let path = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'.');
    let columns = || {
        let columns = first_line(text).trim_start_matches('\u{feff}').split(',');
        columns.map(|column| column.trim_matches('"'))
    };
    let of_finding = |column: &str| {
        let object = column.split_once('.').map(|(object, _)| object);
        object.is_some_and(|object| OBJECTS.contains(&object))
    };
    columns().all(|column| !column.is_empty() && column.bytes().all(path))
        && columns().any(of_finding)
}

fn first_line(text: &str) -> &str {
    text.split(['\r', '\n']).next().unwrap_or_default()
}

fn refused(offset: u64, what: &str, shown: &str, instead: &str) -> Fault {
    Fault {
        hint: instead.to_owned(),
        ..Code::Refused.at(offset, format!("it is {what}{shown}"))
    }
}

/// The refusal of an element that looks like AWS's and is what this says.
pub fn of_another(offset: u64, what: &str) -> Fault {
    refused(offset, what, "", OCSF).foreign()
}

/// The refusal of an object with these keys, if it is known.
pub fn of_keys(offset: u64, keys: &[&str]) -> Option<Fault> {
    let has = |key: &str| keys.iter().any(|have| same_key(have, key));
    let known = STRUCTURES
        .iter()
        .find(|known| known.keys.iter().all(|key| has(key)))?;
    let fault = refused(offset, known.what, "", known.instead);
    Some(if known.answer { fault } else { fault.foreign() })
}

/// The refusal of a text that starts like this, if it is known. Only an error message is shown: it
/// tells what to do, and anything else may be a secret.
pub fn of_text(offset: u64, start: &str) -> Option<Fault> {
    let known = WRITINGS.iter().find(|known| (known.fits)(start))?;
    let shown = if is_error_message(start) {
        let line: String = first_line(start).chars().take(60).collect();
        format!(": `{}`", line.escape_debug())
    } else {
        String::new()
    };
    let fault = refused(offset, known.what, &shown, known.instead);
    let is_answer = is_error_message(start) || speaks_of_config(start);
    Some(if is_answer { fault } else { fault.foreign() })
}

/// Whether the text names a list or an operation of AWS Config, in whatever case.
fn speaks_of_config(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let mut names = formats::FORMATS
        .iter()
        .flat_map(|format| [format.key.to_owned(), format.operation.replace('-', "")]);
    text.contains("compliant") || names.any(|name| text.contains(&name.to_ascii_lowercase()))
}

/// What kind of character a text begins with.
pub fn class_of_first(text: &str) -> &'static str {
    match text.chars().next() {
        Some(c) if c.is_ascii_alphabetic() => "a letter",
        Some(c) if c.is_ascii_digit() => "a digit",
        Some('"') => "a text in quotes",
        Some('#' | '/' | ';') => "a mark of a comment",
        Some(c) if c.is_ascii_punctuation() => "a punctuation mark",
        Some(c) if c.is_alphabetic() => "a letter outside ASCII",
        _ => "a character that no text begins with",
    }
}

/// The refusal of a list from which `--query` took what makes it evidence.
pub fn projected(offset: u64) -> Fault {
    let what = "a list from which `--query` took the fields that make it evidence";
    refused(
        offset,
        what,
        "",
        "take the export again without `--query`, which drops or renames fields",
    )
}

/// The refusal of what Python's `print` made of an answer.
pub fn python(offset: u64) -> Fault {
    let what = "an answer as Python prints it, not JSON";
    refused(
        offset,
        what,
        "",
        "write it with `json.dumps(answer, default=str)`",
    )
}
