//! One export in all forms: the same findings, and the way back to the bytes of each.

use std::collections::BTreeSet;
use std::io::{Cursor, Write};

use super::*;
use crate::time::{AwsTime, rfc3339};

const ROWS: [(&str, &str, u64); 3] = [
    ("vol-1", "NON_COMPLIANT", 1_784_073_600),
    ("vol-2", "COMPLIANT", 1_784_160_000),
    ("vol-3", "COMPLIANT", 1_784_246_400),
];

/// The clients write a time each in its own way; these are 123 milliseconds after a midnight in UTC.
type Client = fn(u64) -> String;

fn seoul(seconds: u64, between: char) -> String {
    let day = 15 + (seconds - ROWS[0].2) / 86_400;
    format!("\"2026-07-{day}{between}09:00:00.123000+09:00\"")
}

const CLI_V1: Client = |seconds| format!("{seconds}.123");
const CLI_V2: Client = |seconds| seoul(seconds, 'T');
const BOTO3: Client = |seconds| seoul(seconds, ' ');

fn rows(client: Client) -> Vec<String> {
    let row = |(resource, verdict, seconds): &(&str, &str, u64)| {
        evaluation("encrypted-volumes", resource, verdict, &client(*seconds))
    };
    ROWS.iter().map(row).collect()
}

/// An export as one or several files, and its text as it is decoded.
struct Form {
    name: &'static str,
    files: Vec<(String, Vec<u8>)>,
    text: String,
}

fn form(name: &'static str, file: &str, bytes: Vec<u8>, text: &str) -> Form {
    Form {
        name,
        files: vec![(format!("{HERE}/{file}"), bytes)],
        text: text.to_owned(),
    }
}

fn plain(name: &'static str, text: &str) -> Form {
    form(name, "a.json", text.as_bytes().to_vec(), text)
}

fn page(rows: &[String], more: bool) -> String {
    let token = if more { ",\"NextToken\":\"x\"" } else { "" };
    format!("{{\"EvaluationResults\":[{}]{token}}}", rows.join(","))
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(bytes).collect()
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(text).expect("memory");
    writer.finish().expect("memory")
}

fn zipped(text: &str) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    writer.start_file("a.json", options).expect("memory");
    writer.write_all(text.as_bytes()).expect("memory");
    writer.finish().expect("memory").into_inner()
}

/// A `ustar` header (POSIX.1, pax), the member, and the two empty blocks of the end.
fn tarred(text: &str) -> Vec<u8> {
    let mut header = [0_u8; 512];
    header[..6].copy_from_slice(b"a.json");
    header[124..135].copy_from_slice(format!("{:011o}", text.len()).as_bytes());
    header[156] = b'0';
    header[257..265].copy_from_slice(b"ustar\x0000");
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    let padding = vec![0; text.len().next_multiple_of(512) - text.len() + 1024];
    [&header[..], text.as_bytes(), &padding].concat()
}

/// What wraps, cuts or joins the rows.
fn wrapped() -> Vec<Form> {
    let rows = rows(CLI_V2);
    let whole = page(&rows, false);
    let pretty: serde_json::Value = serde_json::from_str(&whole).expect("JSON");
    let pretty = serde_json::to_string_pretty(&pretty).expect("memory");
    let pages = page(&rows[..1], true) + "\n" + &page(&rows[1..], false);
    let joined = page(&rows[..2], true) + &page(&rows[2..], false);
    let quoted = serde_json::to_string(&whole).expect("memory");
    let numbered = [
        (1, true, &rows[..1]),
        (2, true, &rows[1..2]),
        (3, false, &rows[2..]),
    ];
    let numbered = Form {
        name: "pages in numbered files",
        files: numbered
            .iter()
            .map(|(n, more, rows)| (format!("{HERE}/p-{n}.json"), page(rows, *more).into_bytes()))
            .collect(),
        text: whole.clone(),
    };
    vec![
        plain("as the CLI writes it", &pretty),
        plain("pages in one file", &pages),
        plain("concatenated", &joined),
        plain("a bare array", &format!("[{}]", rows.join(",\n"))),
        plain(
            "an array of answers",
            &format!("[{}]", pages.replacen('\n', ",", 1)),
        ),
        plain("JSON Lines", &rows.join("\n")),
        plain(
            "a recording",
            &format!("{{\"status_code\":200,\"data\":{whole}}}"),
        ),
        plain("wrapped", &format!("{{\"apiResponse\":{whole}}}")),
        plain(
            "SNS",
            &format!("{{\"Type\":\"Notification\",\"Message\":{quoted}}}"),
        ),
        numbered,
    ]
}

/// What encodes and packs the whole answer, and how clients write times.
fn packed() -> Vec<Form> {
    let whole = page(&rows(CLI_V2), false);
    let (one, other) = whole.as_bytes().split_at(whole.len() / 2);
    let members = [gzip(one), gzip(other)].concat();
    let marked = format!("\u{feff}{whole}").into_bytes();
    let lines = whole.replace(", ", ",\r\n");
    vec![
        form("UTF-8 with a mark", "a.json", marked, &whole),
        form(
            "UTF-16LE, CRLF",
            "a.json",
            utf16(&lines, u16::to_le_bytes),
            &lines,
        ),
        form(
            "UTF-16BE",
            "a.json",
            utf16(&whole, u16::to_be_bytes),
            &whole,
        ),
        form("gzip", "a.json", gzip(whole.as_bytes()), &whole),
        form("gzip of two members", "a.gz", members, &whole),
        form("zip", "a.zip", zipped(&whole), &whole),
        form("tar", "a.tar", tarred(&whole), &whole),
        form("tar.gz", "a.tgz", gzip(&tarred(&whole)), &whole),
        plain("AWS CLI 1", &page(&rows(CLI_V1), false)),
        plain("AWS CLI 2", &whole),
        plain("boto3", &page(&rows(BOTO3), false)),
    ]
}

fn findings(assessment: &Assessment) -> BTreeSet<(String, String, Vec<String>)> {
    let findings = assessment.findings.iter();
    findings
        .map(|finding| {
            let times = [&finding.evaluated_at, &finding.recorded_at];
            let times = times.map(|time| time.as_ref().and_then(AwsTime::moment));
            let times = times.map(|moment| rfc3339(moment.expect("a time with a zone")));
            let id = finding.id.to_string();
            (
                id,
                format!("{} {}", finding.resource_id, finding.status),
                times.into(),
            )
        })
        .collect()
}

#[test]
fn every_form_of_one_export_gives_the_same_findings_and_leads_back_to_its_bytes() {
    let expected =
        findings(&Engagement::new(&plain("", &page(&rows(CLI_V2), false)).files).assessment());
    assert_eq!(expected.len(), ROWS.len());
    for form in wrapped().into_iter().chain(packed()) {
        let engagement = Engagement::new(&form.files);
        let assessment = engagement.assessment();
        assert_eq!(findings(&assessment), expected, "{}", form.name);
        let bundle = engagement.bundle();
        for finding in &assessment.findings {
            for path in [engagement.0.path(), &bundle] {
                let answer = answer(path, &finding.id.to_string());
                let raw = answer.evaluation.get();
                assert!(form.text.contains(raw), "{}: {raw}", form.name);
                // Within a string the string is shown: its bytes are what was written.
                let text: String = serde_json::from_str(raw).unwrap_or_else(|_| raw.to_owned());
                let resource = format!("\"{}\"", finding.resource_id);
                assert!(text.contains(&resource), "{}: {raw}", form.name);
            }
        }
    }
}
