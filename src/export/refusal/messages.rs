//! What clients and terminals write in front of an answer, into it, behind it or in its place.

/// Lines that one kind of writer leaves.
pub struct Message {
    /// What it is.
    pub what: &'static str,
    /// What stands in such a line; behind `^` what it begins with.
    marks: &'static [&'static str],
    /// What to do next.
    pub instead: &'static str,
    /// Whether the line is shown: others may hold a secret.
    pub shown: bool,
}

/// The AWS CLI 2 asks the first variable which encoding it writes, and the second which it reads; the
/// AWS CLI 1 asks the third.
pub const UTF8: &str = "run it again with `AWS_CLI_OUTPUT_ENCODING=UTF-8`, `AWS_CLI_FILE_ENCODING=UTF-8` and `PYTHONUTF8=1` set (`set` in cmd, `$env:` in PowerShell), or in AWS CloudShell, and save it to a new file";
const FIX: &str = "correct what it names and take the export again";
const ALONE: &str =
    "take the export again with the answer alone in its file: `> FILE`, without `2>&1`";

/// The first that fits says what it is.
pub const MESSAGES: &[Message] = &[
    Message {
        what: "cut off by the AWS CLI, which stopped at a character that its code page lacks",
        marks: &[
            "codec can't encode",
            "codec can't decode",
            "UnicodeEncodeError",
            "UnicodeDecodeError",
            "illegal multibyte sequence",
            "character maps to <undefined>",
        ],
        instead: UTF8,
        shown: true,
    },
    Message {
        what: "an error message of the AWS CLI",
        marks: &[
            "An error occurred (",
            "^An error occurred",
            "^usage:",
            "^aws: error",
            "aws: [ERROR]",
            "Unable to locate credentials",
            "Unable to parse config file",
            "Partial credentials found",
            "^Could not connect",
            "Could not connect to the endpoint",
            "Connect timeout on endpoint",
            "Read timeout on endpoint",
            "Connection was closed before we received a valid response",
            "SSL validation failed",
            "^The config profile",
            "^Error loading SSO Token",
            "^Error when retrieving",
            "^The SSO session",
            "Token has expired and refresh failed",
            "^You must specify a region",
            "^Unknown options:",
            "^Parameter validation failed",
            "^Invalid endpoint",
            "^Bad value for --query",
            "^Bad jmespath expression",
            "^Unknown output type",
            "Unable to redirect output to pager",
            "botocore.exceptions.",
            "^Traceback (most recent call last)",
            "^[Errno ",
        ],
        instead: FIX,
        shown: true,
    },
    Message {
        what: "a shell's message that it has no such command",
        marks: &[
            "command not found",
            "is not recognized as an internal",
            "is not recognized as the name of",
            "is not recognized as a name of",
            "내부 또는 외부 명령",
            "cmdlet, 함수, 스크립트 파일",
        ],
        instead: "install the AWS CLI, or take the export in AWS CloudShell",
        shown: true,
    },
    Message {
        what: "an error that PowerShell recorded beside the answer",
        marks: &[
            "NativeCommandError",
            "+ CategoryInfo",
            "^At line:",
            "^위치 줄:",
        ],
        instead: ALONE,
        shown: false,
    },
    Message {
        what: "a warning of Python or of a client beside the answer",
        marks: &[
            "Warning:",
            "warnings.warn(",
            "Boto3 will no longer support",
            "^WARN",
            "^Warning",
            "^warning",
            "^경고",
        ],
        instead: ALONE,
        shown: false,
    },
    Message {
        what: "what a terminal showed beside the answer: a prompt, a command or a notice",
        marks: &[
            "Enter MFA code for",
            "MFA token code",
            "^Attempting to automatically open",
            "^Attempting to open your default browser",
            "^Script started",
            "^Script done",
            "^upload: ",
            "^download: ",
            "^+ aws ",
            "^$ aws ",
            "^# aws ",
            "^> aws ",
            "^% aws ",
            "^aws configservice ",
            "^aws securityhub ",
            "$ aws ",
            "% aws ",
            "^PS C:\\",
            "^C:\\",
            "^[cloudshell-user",
            "^INFO",
            "^DEBUG",
            "^[INFO",
            "^[DEBUG",
            "- botocore.",
            "- awscli.",
            "^A new release of the AWS CLI",
            "^Note: AWS CLI",
        ],
        instead: ALONE,
        shown: false,
    },
];

/// As many lines are looked at.
const LINES: usize = 60;

/// The message in these lines, up to the JSON that follows them, and its line.
pub fn in_lines(text: &str) -> Option<(&'static Message, &str)> {
    let lines = text.split(['\r', '\n']).map(str::trim);
    let lines = lines.filter(|line| !line.is_empty()).take(LINES);
    let lines: Vec<&str> = lines.take_while(|line| !is_json(line)).collect();
    MESSAGES.iter().find_map(|message| {
        let line = lines.iter().find(|line| message.fits(line))?;
        Some((message, *line))
    })
}

/// Whether a line may be one of JSON, of which no text is a message.
fn is_json(line: &str) -> bool {
    let rest = line.trim_start_matches(['[', '{', '}', ']', ',', ' ']);
    rest.is_empty() && !line.is_empty() || rest.starts_with('"')
}

impl Message {
    fn fits(&self, line: &str) -> bool {
        self.marks.iter().any(|mark| match mark.strip_prefix('^') {
            Some(start) => line.starts_with(start),
            None => line.contains(mark),
        })
    }
}
