//! The faults of inputs: stable codes, each with what to do next.

use std::io;

use crate::evidence::Fault;

/// What is wrong with an input, apart from the details.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The file could not be read to its end.
    Unreadable,
    /// The gzip stream ends too early.
    GzipTruncated,
    /// The gzip stream's checksum or structure is wrong.
    GzipDamaged,
    /// Something that is not gzip follows the gzip stream.
    GzipTrailing,
    /// The text is not UTF-8 (or UTF-16 with a byte order mark).
    Encoding,
    /// The file has no content.
    Empty,
    /// The JSON ends too early.
    JsonTruncated,
    /// The text is not JSON.
    JsonSyntax,
    /// One element is larger than the limit.
    TooLarge,
    /// A field that is needed is missing, or has another type.
    Shape,
    /// A `ComplianceType` that AWS Config does not have.
    ComplianceType,
    /// A value that cannot be what AWS wrote.
    Value,
    /// A time that AWS cannot have written.
    Time,
    /// The content is not an export that is read.
    Unknown,
    /// Two lists of different exports stand in one document.
    Ambiguous,
    /// It is known what the content is, and that it is no evidence.
    Refused,
    /// A query selected too little of each resource.
    Projected,
    /// An archive, or a name in it, is not what is read.
    Archive,
    /// The bytes are not those that a `SHA256SUMS` lists.
    Digest,
    /// A `SHA256SUMS` lists the file, but it is not there.
    Absent,
    /// A `SHA256SUMS` cannot be read.
    Sums,
    /// A private key, or an archive that holds one: it never travels.
    Key,
    /// There is no room for what was read.
    NoRoom,
}

impl Code {
    /// The stable code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "KI-0101",
            Self::Empty => "KI-0102",
            Self::GzipTruncated => "KI-0111",
            Self::GzipDamaged => "KI-0112",
            Self::GzipTrailing => "KI-0113",
            Self::Encoding => "KI-0121",
            Self::JsonTruncated => "KI-0201",
            Self::JsonSyntax => "KI-0202",
            Self::TooLarge => "KI-0203",
            Self::Shape => "KI-0301",
            Self::ComplianceType => "KI-0302",
            Self::Value => "KI-0303",
            Self::Time => "KI-0304",
            Self::Unknown => "KI-0401",
            Self::Ambiguous => "KI-0402",
            Self::Refused => "KI-0403",
            Self::Projected => "KI-0404",
            Self::Key => "KI-0405",
            Self::Archive => "KI-0131",
            Self::Digest => "KI-0501",
            Self::Absent => "KI-0502",
            Self::Sums => "KI-0503",
            Self::NoRoom => "KI-0103",
        }
    }

    /// What to do next.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Unreadable => "check the file and the disk, or copy it from its source again",
            Self::Empty => "remove it, or take the export again: it may have been interrupted",
            Self::GzipTruncated => "the copy is incomplete: copy it from its source again",
            Self::GzipDamaged => "the file is damaged: copy it from its source again",
            Self::GzipTrailing => "copy it from its source again, without appending to it",
            Self::Encoding => {
                "take the export again into a new file, in one encoding: on Windows with `AWS_CLI_OUTPUT_ENCODING=UTF-8` and `PYTHONUTF8=1` set, so that the AWS CLI writes UTF-8; UTF-16 needs its byte order mark"
            }
            Self::JsonTruncated => "the export was interrupted: take it again",
            Self::JsonSyntax => "take the export again with `--output json`, and do not edit it",
            Self::TooLarge => "no element of AWS Config is as large: check what wrote the file",
            Self::Shape => "take the export again without `--query`, which drops or renames fields",
            Self::ComplianceType => "the export was edited or damaged: take it again",
            Self::Value => "take the export again, and do not edit it",
            Self::Time => {
                "take the export again as AWS writes it: times are ISO 8601, or seconds or milliseconds since 1970"
            }
            Self::Unknown => {
                "move it out of `exports/`; what is read there is listed in the README"
            }
            Self::Ambiguous => "keep the output of each command in a file of its own",
            Self::Refused => "export what AWS Config itself says, with `--output json`",
            Self::Projected => {
                "run `aws configservice select-resource-config --expression \"SELECT accountId, awsRegion, resourceType, resourceId, arn, configuration, configurationItemCaptureTime, configurationItemStatus\"`"
            }
            Self::Key => "move it out of `exports/`: a bundle never holds a key",
            Self::Archive => "unpack it into `exports/`, or pack it again with `zip -r` or `tar`",
            Self::Digest => "it was changed or damaged since: copy it from its source again",
            Self::NoRoom => {
                "make room in the folder for temporary files, or name another in TMPDIR"
            }
            Self::Absent => {
                "copy it from its source again, or take the export again into a new folder"
            }
            Self::Sums => {
                "copy `SHA256SUMS` from its source again, or remove it: the files are then not compared"
            }
        }
    }

    /// A fault of this kind, for the whole file.
    pub fn fault(self, message: impl Into<String>) -> Fault {
        Fault {
            code: self.as_str().to_owned(),
            message: message.into(),
            pointer: None,
            offset: None,
            hint: self.hint().to_owned(),
            foreign: false,
        }
    }

    /// A fault of this kind at a byte of the decoded stream.
    pub fn at(self, offset: u64, message: impl Into<String>) -> Fault {
        Fault {
            offset: Some(offset),
            ..self.fault(message)
        }
    }
}

/// A fault on its way through [`io::Read`].
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.message)]
pub struct Carried(pub Fault);

impl Carried {
    /// As an I/O error, so that it passes through readers.
    pub fn into_io(fault: Fault) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, Self(fault))
    }
}

/// The fault that an I/O error carries, or that it is.
pub fn of_io(error: &io::Error) -> Fault {
    let carried = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<Carried>());
    match carried {
        Some(Carried(fault)) => fault.clone(),
        None => Code::Unreadable.fault(format!("it could not be read to its end: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engagement::Language;
    use crate::export::refusal;
    use crate::report::words::word;

    #[test]
    fn what_is_refused_and_what_to_do_is_said_in_korean_too() {
        let codes = [
            Code::Unreadable,
            Code::GzipTruncated,
            Code::GzipDamaged,
            Code::GzipTrailing,
            Code::Encoding,
            Code::Empty,
            Code::JsonTruncated,
            Code::JsonSyntax,
            Code::TooLarge,
            Code::Shape,
            Code::ComplianceType,
            Code::Value,
            Code::Time,
            Code::Unknown,
            Code::Ambiguous,
            Code::Refused,
            Code::Projected,
            Code::Archive,
            Code::Digest,
            Code::Absent,
            Code::Sums,
            Code::Key,
            Code::NoRoom,
        ];
        let hints = codes.iter().map(|code| code.hint().to_owned());
        for text in refusal::texts().into_iter().chain(hints) {
            let korean = word(Language::Ko, "said", &text);
            assert!(korean.is_some_and(|korean| korean != text), "{text}");
        }
    }
}
