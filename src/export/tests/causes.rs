//! Files that clients, terminals and other programs spoilt, or that are none: each is told for what it is,
//! with what works next.

use super::*;

/// An answer over several lines, as the AWS CLI prints it.
fn printed() -> String {
    let value: serde_json::Value = serde_json::from_str(&details(&[EVALUATION])).expect("JSON");
    serde_json::to_string_pretty(&value).expect("JSON")
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// That the first fault says `what` and its hint says `next`; no hint sends an answer away.
pub fn assert_told(bytes: &[u8], what: &str, next: &str) {
    let shown = String::from_utf8_lossy(bytes);
    let fault = &faults(bytes)[0];
    let said = &fault.message;
    assert!(said.contains(what), "{shown}\nnot `{what}`: {said}");
    let hint = &fault.hint;
    assert!(hint.contains(next), "{shown}\nnot `{next}`: {hint}");
    assert!(!hint.contains("move it out"), "{shown}\n{hint}");
}

const CODEC: &str =
    "'cp949' codec can't encode character '\\u2713' in position 2466: illegal multibyte sequence";

#[test]
fn a_character_that_a_code_page_lacks_is_the_cause_wherever_it_is_told() {
    let good = printed();
    let value = good.find("\"NON_COMPLIANT\"").expect("a value");
    for message in [
        CODEC,
        "'ascii' codec can't encode characters in position 0-3: ordinal not in range(128)",
        "aws: [ERROR]: 'charmap' codec can't encode character '\\u2192' in position 249: character maps to <undefined>",
        "UnicodeEncodeError: 'latin-1' codec can't encode character '\\uac00' in position 1: ordinal not in range(256)",
    ] {
        for (before, behind) in [
            ("", ""),
            ("\r\n", "\r\n"),
            (&good[..value], "\n"),
            (&good[..value + 4], "\n"),
            (&good[..value], &format!("\n{good}")),
            (&good[..], "\n"),
        ] {
            let text = format!("{before}\r\n{message}{behind}");
            assert_told(
                text.as_bytes(),
                "code page",
                "AWS_CLI_OUTPUT_ENCODING=UTF-8",
            );
        }
    }
    let in_line = format!("{}{CODEC}\r\n", &good[..value + 4]);
    assert_told(in_line.as_bytes(), "`'cp949' codec", "PYTHONUTF8=1");
    let mut wide = vec![0xff, 0xfe];
    wide.extend(utf16(&format!("{}\r\n{CODEC}\r\n", &good[..value])));
    assert_told(&wide, "code page", "CloudShell");
}

#[test]
fn an_answer_that_stops_at_a_text_may_have_stopped_at_a_character() {
    let good = printed();
    let value = good.find("\"NON_COMPLIANT\"").expect("a value");
    for end in [value, value + 4] {
        assert_told(
            &good.as_bytes()[..end],
            "ends in the middle",
            "AWS_CLI_FILE_ENCODING=UTF-8",
        );
    }
    let comma = value + "\"NON_COMPLIANT\",".len();
    let fault = &faults(&good.as_bytes()[..comma])[0];
    assert_eq!(fault.hint, Code::JsonTruncated.hint());
}

const ERROR: &str = "error message of the AWS CLI";
const SHELL: &str = "no such command";
const WARNING: &str = "warning of Python";
const TERMINAL: &str = "what a terminal showed";

/// Lines, what they are and what to do next.
const LINES: [(&str, &str, &str); 20] = [
    (
        "An error occurred (ThrottlingException) when calling the X operation: Rate exceeded",
        ERROR,
        "correct",
    ),
    (
        "aws: [ERROR]: An error occurred (AccessDenied) when calling",
        ERROR,
        "correct",
    ),
    (
        "aws.exe : An error occurred (AccessDenied) when calling\nAt line:1 char:1\n+ CategoryInfo",
        ERROR,
        "correct",
    ),
    (
        "Unable to locate credentials. You can configure credentials by running \"aws configure\".",
        ERROR,
        "correct",
    ),
    (
        "usage: aws [options] <command> <subcommand>\naws: error: the following arguments are required",
        ERROR,
        "correct",
    ),
    (
        "Could not connect to the endpoint URL: \"https://config.ap-northeast-2.amazonaws.com/\"",
        ERROR,
        "correct",
    ),
    (
        "The config profile (audit) could not be found",
        ERROR,
        "correct",
    ),
    (
        "Error loading SSO Token: Token for x does not exist",
        ERROR,
        "correct",
    ),
    ("Token has expired and refresh failed", ERROR, "correct"),
    (
        "Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>",
        ERROR,
        "correct",
    ),
    ("-bash: aws: command not found", SHELL, "install"),
    (
        "'aws' is not recognized as an internal or external command,",
        SHELL,
        "install",
    ),
    (
        "/usr/lib/python3/site-packages/urllib3/__init__.py:35: NotOpenSSLWarning: urllib3 v2 only supports OpenSSL 1.1.1+\n  warnings.warn(",
        WARNING,
        "2>&1",
    ),
    (
        "PythonDeprecationWarning: Boto3 will no longer support Python 3.8",
        WARNING,
        "2>&1",
    ),
    (
        "urllib3/connectionpool.py:1: InsecureRequestWarning: Unverified HTTPS request",
        WARNING,
        "2>&1",
    ),
    ("위치 줄:1 문자:1", "PowerShell recorded", "2>&1"),
    (
        "Enter MFA code for arn:aws:iam::111122223333:mfa/kim: ",
        TERMINAL,
        "2>&1",
    ),
    (
        "Attempting to automatically open the SSO authorization page in your default browser.",
        TERMINAL,
        "2>&1",
    ),
    (
        "+ aws configservice describe-config-rules",
        TERMINAL,
        "2>&1",
    ),
    (
        "[cloudshell-user@ip-10-0-0-1 ~]$ aws configservice describe-config-rules",
        TERMINAL,
        "2>&1",
    ),
];

#[test]
fn what_a_client_writes_before_behind_or_within_an_answer_is_told() {
    let good = printed();
    for (lines, what, next) in LINES {
        for text in [
            lines.to_owned(),
            format!("{lines}\n{good}\n"),
            format!("{lines}\r\n\r\n[{EVALUATION}]"),
            format!("{good}\n\n{lines}\n"),
            format!("{good}\n{lines}\n{good}"),
            format!("{}\n{lines}\n", &good[..good.len() - 4].trim_end()),
        ] {
            // Within an answer, `[` begins a list.
            if !(lines.starts_with('[') && text.starts_with('{')) {
                assert_told(text.as_bytes(), what, next);
            }
        }
    }
}

#[test]
fn a_text_of_an_answer_is_no_message() {
    let text = EVALUATION.replace(
        "\"ResultRecordedTime\"",
        "\"Annotation\":\"Warning: usage: 'cp949' codec can't encode\",\"ResultRecordedTime\"",
    );
    let good = details(&[&text]);
    assert_eq!(
        read_all(&[("a.json", good.as_bytes())]).evaluations.len(),
        1
    );
    let broken = good.replace("1.0}", "1.0,}");
    assert_eq!(faults(broken.as_bytes())[0].hint, Code::JsonSyntax.hint());
}

#[test]
fn an_answer_beside_something_else_is_never_sent_away() {
    let good = printed();
    for text in [
        format!("hello\n{good}"),
        format!("{good}\nhello"),
        format!("{good}\n-- \n{good}"),
        format!("\u{1}{good}"),
        format!("{{\"rules\":[{EVALUATION}]}}"),
        format!("{{\"rules\":[{}]}}", vec![EVALUATION; 400].join(",")),
    ] {
        let fault = &faults(text.as_bytes())[0];
        assert!(!fault.hint.contains("move it out"), "{text}: {fault:?}");
        assert!(!fault.foreign, "{text}");
        assert!(
            fault.hint.contains("take the export again"),
            "{text}: {fault:?}"
        );
    }
    let other = &faults(br#"{"Reservations":[]}"#)[0];
    assert!(other.foreign && other.hint == Code::Unknown.hint());
}

#[test]
fn a_terminals_colours_and_a_pagers_marks_are_told() {
    let good = printed();
    let coloured = good
        .replace('{', "\u{1b}[1;39m{\u{1b}[0m")
        .replace('"', "\u{1b}[0;32m\"");
    for text in [
        coloured.clone(),
        coloured.replace('\u{1b}', "^["),
        coloured.replace('\u{1b}', ""),
        format!("{{{}", &coloured["\u{1b}[1;39m{".len()..]),
        good.replacen('"', "\u{1b}[34;1m\"", 1),
        good.replace("\"NON", "\u{1b}[32m\"NON"),
        format!("\u{1b}[?1h\u{1b}=\r{good}"),
        format!("{good}\u{1b}[K\u{1b}[?1l\u{1b}>"),
        format!("{good}\n\u{1b}[7m(END)\u{1b}[27m"),
    ] {
        assert_told(text.as_bytes(), "terminal's colours", "jq -M");
    }
}

#[test]
fn two_encodings_in_one_file_are_told() {
    let good = printed() + "\r\n";
    let (narrow, wide) = (good.as_bytes().to_vec(), utf16(&good));
    let swapped: Vec<u8> = good.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let (little, big) = (vec![0xff, 0xfe], vec![0xfe, 0xff]);
    let value = good.find("\"NON_COMPLIANT\"").expect("a value");
    let half = narrow[..value].to_vec();
    for parts in [
        vec![&narrow, &wide],
        vec![&narrow, &little, &wide],
        vec![&narrow, &swapped],
        vec![&narrow, &big, &swapped],
        vec![&half, &wide],
        vec![&little, &wide, &narrow],
        vec![&big, &swapped, &narrow],
        vec![&little, &wide, &half],
        vec![&little, &wide, &vec![b' '], &narrow],
    ] {
        let bytes: Vec<u8> = parts.into_iter().flatten().copied().collect();
        let fault = &faults(&bytes)[0];
        assert_eq!(fault.code, "KI-0121", "{fault:?}");
        assert!(
            fault.hint.contains("own") || fault.hint.contains("one encoding"),
            "{fault:?}"
        );
    }
}

#[test]
fn what_powershell_made_of_an_answer_is_told() {
    let objects = |word: &str| details(&[&EVALUATION.replace("\"NON_COMPLIANT\"", word)]);
    let shallow = |word: &str| {
        let qualifier = EVALUATION.find("{\"ConfigRuleName").expect("a qualifier");
        let end = EVALUATION.find("},\"OrderingTimestamp").expect("its end") + 1;
        format!("[{}{word}{}]", &EVALUATION[..qualifier], &EVALUATION[end..])
    };
    for (text, what) in [
        (objects(r#"{"Value":"NON_COMPLIANT"}"#), "AWS's words stand in objects"),
        (objects("{\n  \"Value\": \"NON_COMPLIANT\"\n }"), "AWS's words stand in objects"),
        (objects(r#"{"value":"NON_COMPLIANT"}"#), "AWS's words stand in objects"),
        (shallow(r#""Amazon.ConfigService.Model.EvaluationResultQualifier""#), "without `-Depth`"),
        (shallow(r#""@{ConfigRuleName=r; ResourceId=b}""#), "without `-Depth`"),
        (shallow(r#""System.Object[]""#), "without `-Depth`"),
        ("\r\n\r\nAnnotation                 : \r\nComplianceType             : NON_COMPLIANT\r\n".to_owned(), "shows it on the screen"),
        ("ComplianceType ConfigRuleInvokedTime\n-------------- ---------------------\nNON_COMPLIANT  2026-09-20\n".to_owned(), "shows it on the screen"),
        ("#TYPE Amazon.ConfigService.Model.EvaluationResult\n\"Annotation\",\"ComplianceType\"\n".to_owned(), "Export-Csv"),
        ("<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">".to_owned(), "Export-Clixml"),
        ("@{ComplianceType=NON_COMPLIANT}".to_owned(), "hash table"),
    ] {
        assert_told(text.as_bytes(), what, "with the AWS CLI");
    }
}

#[test]
fn what_python_and_javascript_print_is_told() {
    let time = "datetime.datetime(2026, 9, 20, 1, 2, 3, tzinfo=tzlocal())";
    let printed = |text: &str| text.replace('"', "'").replace("1450314645.261", time);
    let dumped = |value: &str| details(&[&EVALUATION.replace("1450314645.261", value)]);
    for text in [
        printed(&details(&[EVALUATION])),
        printed(&format!("[{EVALUATION}]")),
        printed(EVALUATION),
        format!("b'{}'", details(&[EVALUATION])),
        "OrderedDict([('EvaluationResults', [])])".to_owned(),
        dumped(time),
        dumped("None"),
        dumped("True"),
        dumped(&format!("\"{time}\"")),
        "['restricted-ssh']".to_owned(),
    ] {
        assert_told(text.as_bytes(), "Python", "json.dumps(answer, default=str)");
    }
    let script = "{\n  EvaluationResults: [ { ComplianceType: 'NON_COMPLIANT' } ]\n}";
    assert_told(script.as_bytes(), "JavaScript", "JSON.stringify");
    let twice = serde_json::to_string(&details(&[EVALUATION])).expect("JSON");
    assert_told(twice.as_bytes(), "once more", "json.dumps");
}
