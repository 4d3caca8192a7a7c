//! Whole files, from their bytes to records or faults.

mod alias;
mod beside;
mod bytes;
mod causes;
mod containers;
mod described;
mod forms;
mod left;
mod messages;
mod named;
mod names;
mod ocsf;
mod optional;
mod refused;
mod twin;
mod words;

use std::fs;
use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use super::*;
use crate::digest::Digest;
use crate::evidence::{ComplianceType, Fault};

const EVALUATION: &str = r#"{"EvaluationResultIdentifier":{"EvaluationResultQualifier":{"ConfigRuleName":"restricted-ssh","ResourceType":"AWS::EC2::SecurityGroup","ResourceId":"sg-1"},"OrderingTimestamp":1.0},"ComplianceType":"NON_COMPLIANT","ResultRecordedTime":1450314645.261,"ConfigRuleInvokedTime":"2015-12-17T10:10:42.948+09:00"}"#;

fn details(rows: &[&str]) -> String {
    format!("{{\"EvaluationResults\":[{}]}}", rows.join(","))
}

fn read_all(files: &[(&str, &[u8])]) -> Evidence {
    let root = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(root.path().join(FOLDER)).expect("a folder");
    for (name, bytes) in files {
        let path = root.path().join(FOLDER).join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    read(root.path(), &open_file).expect("a readable folder")
}

fn faults(bytes: &[u8]) -> Vec<Fault> {
    let evidence = read_all(&[("a.json", bytes)]);
    assert_eq!(evidence.inputs[0].status, InputStatus::Rejected);
    assert!(
        evidence.evaluations.is_empty(),
        "no record of a rejected file is used"
    );
    evidence.inputs[0].faults.clone()
}

fn codes(bytes: &[u8]) -> Vec<String> {
    faults(bytes).into_iter().map(|fault| fault.code).collect()
}

#[test]
fn an_evaluation_is_read_with_its_exact_place() {
    let text = format!("\u{feff}{}\n", details(&[EVALUATION, EVALUATION]));
    let evidence = read_all(&[("a.json", text.as_bytes())]);
    let second = &evidence.evaluations[1];
    assert_eq!(second.compliance, ComplianceType::NonCompliant);
    assert_eq!(
        second
            .recorded_at
            .as_ref()
            .map(ToString::to_string)
            .as_deref(),
        Some("2015-12-17T01:10:45.261Z")
    );
    assert_eq!(
        second
            .evaluated_at
            .as_ref()
            .map(ToString::to_string)
            .as_deref(),
        Some("2015-12-17T01:10:42.948Z")
    );
    assert_eq!(second.at.element, 1);
    let plain = details(&[EVALUATION, EVALUATION]);
    let offset = usize::try_from(second.at.offset).expect("small");
    assert_eq!(&plain[offset..offset + EVALUATION.len()], EVALUATION);
    assert_eq!(evidence.listing(second.at).pointer, "/EvaluationResults");
    assert_eq!(evidence.inputs[0].records.evaluation_results, 2);
}

#[test]
fn inputs_are_numbered_in_the_order_of_their_paths_and_by_products_are_not() {
    let one = details(&[EVALUATION]);
    let sums = format!("{}  b.json\n", Digest::of(one.as_bytes()));
    let evidence = read_all(&[
        ("b.json", one.as_bytes()),
        ("a/z.json", one.as_bytes()),
        ("SHA256SUMS", sums.as_bytes()),
        ("collect.log", b"x"),
        ("AWSLogs/ConfigWritabilityCheckFile", b""),
    ]);
    let shown: Vec<(Option<&str>, &str)> = evidence
        .inputs
        .iter()
        .map(|input| (input.id.as_deref(), input.path.as_str()))
        .collect();
    assert_eq!(
        shown,
        [
            (None, "exports/AWSLogs/ConfigWritabilityCheckFile"),
            (None, "exports/SHA256SUMS"),
            (Some("E0001"), "exports/a/z.json"),
            (Some("E0002"), "exports/b.json"),
            (None, "exports/collect.log"),
        ]
    );
}

#[test]
fn a_next_token_left_over_makes_the_input_partial() {
    let page =
        |token: &str| format!("{{\"NextToken\":{token},\"EvaluationResults\":[{EVALUATION}]}}");
    let status = |text: &str| read_all(&[("a.json", text.as_bytes())]).inputs[0].status;
    assert_eq!(status(&page("\"abc\"")), InputStatus::Partial);
    let long = format!("\"{}\"", "x".repeat(70_000));
    assert_eq!(status(&page(&long)), InputStatus::Partial);
    assert_eq!(status(&page("null")), InputStatus::Complete);
    assert_eq!(status(&page("\"\"")), InputStatus::Complete);
    assert_eq!(
        status(&(page("\"abc\"") + &page("null"))),
        InputStatus::Complete
    );
}

#[test]
fn all_faults_of_a_file_are_listed_with_pointer_and_offset() {
    let bad_type = EVALUATION.replace("NON_COMPLIANT", "FAILED");
    let no_id = EVALUATION.replace(",\"ResourceId\":\"sg-1\"", "");
    let number = EVALUATION.replace("\"sg-1\"", "1");
    let twice = EVALUATION.replace(
        "\"ComplianceType\"",
        "\"ComplianceType\":\"COMPLIANT\",\"ComplianceType\"",
    );
    let text = details(&[EVALUATION, &bad_type, &no_id, &number, &twice]);
    let faults = faults(text.as_bytes());
    let shown: Vec<(&str, &str)> = faults
        .iter()
        .map(|fault| {
            (
                fault.code.as_str(),
                fault.pointer.as_deref().expect("a pointer"),
            )
        })
        .collect();
    let qualifier = "EvaluationResultIdentifier/EvaluationResultQualifier";
    assert_eq!(
        shown,
        [
            ("KI-0302", "/EvaluationResults/1/ComplianceType"),
            (
                "KI-0301",
                format!("/EvaluationResults/2/{qualifier}").as_str()
            ),
            (
                "KI-0301",
                format!("/EvaluationResults/3/{qualifier}/ResourceId").as_str()
            ),
            ("KI-0301", "/EvaluationResults/4"),
        ]
    );
    let offset = usize::try_from(faults[0].offset.expect("an offset")).expect("small");
    assert!(text[offset..].starts_with(&bad_type));
    assert!(faults.iter().all(|fault| !fault.hint.is_empty()));
}

#[test]
fn broken_json_is_named_with_its_offset() {
    let good = details(&[EVALUATION]);
    assert_eq!(codes(&good.as_bytes()[..good.len() - 2]), ["KI-0201"]);
    assert_eq!(codes(&good.as_bytes()[..60]), ["KI-0201"]);
    assert_eq!(codes(good.replace("1.0}", "1.0,}").as_bytes()), ["KI-0202"]);
    assert_eq!(
        codes(format!("{{\"EvaluationResults\":[{EVALUATION} {EVALUATION}]}}").as_bytes()),
        ["KI-0202"]
    );
    assert_eq!(
        codes(format!("{{\"EvaluationResults\":[{EVALUATION},]}}").as_bytes()),
        ["KI-0202"]
    );
    let fault = &faults(b"{\"EvaluationResults\": nope}")[0];
    assert_eq!((fault.code.as_str(), fault.offset), ("KI-0202", Some(23)));
}

#[test]
fn what_is_no_export_says_what_it_looks_like() {
    assert_eq!(codes(b""), ["KI-0102"]);
    assert_eq!(codes(b" \n"), ["KI-0102"]);
    assert_eq!(codes(b"{}"), ["KI-0401"]);
    assert_eq!(codes(b"{\"Reservations\":[]}"), ["KI-0401"]);
    assert_eq!(
        codes(b"{\"EvaluationResults\":[],\"ConfigRules\":[]}"),
        ["KI-0402"]
    );
    let fault = &faults(b"\nAn error occurred (AccessDenied)\n")[0];
    assert!(
        fault.message.contains("`An error occurred (AccessDenied)`"),
        "{}",
        fault.message
    );
}

#[test]
fn what_is_not_recognised_is_told_by_its_kind_and_never_quoted() {
    for secret in [
        "AWS_SECRET_ACCESS_KEY=hunter2\n",
        "export TOKEN='hunter2'\n",
        "PASSWORD\thunter2\n",
        "hunter2:\n  x: 1\n",
        "[default]\naws_secret_access_key = hunter2\n",
        "<secret>hunter2</secret>",
        "| hunter2 |\n",
        "1hunter2",
        "\"hunter2\"",
        "{hunter2: 1}",
    ] {
        for fault in faults(secret.as_bytes()) {
            let said = format!("{} {}", fault.message, fault.hint);
            assert!(!said.contains("unter2"), "{said}");
        }
    }
    let fault = &faults(b"AWS_SECRET_ACCESS_KEY=x")[0];
    assert_eq!(
        (fault.code.as_str(), fault.message.as_str()),
        (
            "KI-0401",
            "it is not an object of an AWS Config export: it begins with a letter"
        )
    );
}

#[test]
fn korean_that_is_not_utf_8_is_named_and_so_is_hidden_damage() {
    let annotated = EVALUATION.replace(
        "\"ResultRecordedTime\"",
        "\"Annotation\":\"가나\",\"ResultRecordedTime\"",
    );
    let (cp949, ..) = encoding_rs::EUC_KR.encode(&annotated);
    let bytes = [b"{\"EvaluationResults\":[", &cp949[..], b"]}"].concat();
    assert!(
        codes(&bytes)
            .iter()
            .all(|code| code == "KI-0121" || code == "KI-0301" || code == "KI-0202")
    );
    let skipped = EVALUATION.replace(
        "\"ResultRecordedTime\"",
        "\"Other\":\"\u{1}\",\"ResultRecordedTime\"",
    );
    let mut bytes = details(&[&skipped]).into_bytes();
    let place = bytes.iter().position(|&b| b == 1).expect("the mark");
    bytes[place] = 0xff;
    assert_eq!(codes(&bytes), ["KI-0121"]);
}

#[test]
fn a_read_error_in_the_middle_is_named_and_loses_nothing_else() {
    struct Failing(u32);
    impl Read for Failing {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            self.0 += 1;
            if self.0 > 1 {
                return Err(io::Error::other("the disk failed"));
            }
            buf[0] = b'{';
            Ok(1)
        }
    }
    let root = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(root.path().join(FOLDER)).expect("a folder");
    for name in ["bad.json", "good.json"] {
        fs::write(root.path().join(FOLDER).join(name), details(&[EVALUATION])).expect("a file");
    }
    let open = |path: &Path| -> io::Result<Box<dyn Read + Send>> {
        if path.ends_with("bad.json") {
            return Ok(Box::new(Failing(0)));
        }
        open_file(path)
    };
    let evidence = read(root.path(), &open).expect("a readable folder");
    assert_eq!(evidence.inputs[0].faults[0].code, "KI-0101");
    assert!(
        evidence.inputs[0].faults[0]
            .message
            .contains("the disk failed")
    );
    assert_eq!(evidence.inputs[0].sha256, None);
    assert_eq!(evidence.evaluations.len(), 1);
}

#[test]
fn elements_that_cross_the_window_are_read_whole() {
    let annotation = "가".repeat(200_000);
    let long = EVALUATION.replace(
        "\"ResultRecordedTime\"",
        &format!("\"Annotation\":\"{annotation}\",\"ResultRecordedTime\""),
    );
    let rows: Vec<&str> = vec![&long; 7];
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(details(&rows).as_bytes()).expect("memory");
    let evidence = read_all(&[("a.json", &gzip.finish().expect("memory"))]);
    assert_eq!(evidence.evaluations.len(), 7);
    assert!(
        evidence
            .evaluations
            .iter()
            .all(|e| e.annotation.as_deref() == Some(&annotation))
    );
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_is_refused_and_named() {
    let root = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(root.path().join(FOLDER)).expect("a folder");
    std::os::unix::fs::symlink("/etc/passwd", root.path().join(FOLDER).join("a.json"))
        .expect("a link");
    std::os::unix::fs::symlink("..", root.path().join(FOLDER).join("loop")).expect("a link");
    let evidence = read(root.path(), &open_file).expect("a readable folder");
    assert_eq!(evidence.inputs.len(), 2);
    for input in &evidence.inputs {
        assert_eq!(input.faults[0].message, "it is a symbolic link");
    }
}

#[test]
fn deep_nesting_and_endless_keys_are_bounded() {
    let deep = format!("{{\"X\":{}{}}}", "[".repeat(20_000), "]".repeat(20_000));
    assert_eq!(codes(deep.as_bytes()), ["KI-0401"]);
    let keys: Vec<String> = (0..2000).map(|n| format!("\"k{n}\":1")).collect();
    assert_eq!(
        codes(format!("{{{}}}", keys.join(",")).as_bytes()),
        ["KI-0203"]
    );
    assert_eq!(codes(b"{\"a\":1,\"a\":2}"), ["KI-0301"]);
}

/// Status and fault codes of the inputs under these paths.
fn seen<'e>(evidence: &'e Evidence, paths: &[&str]) -> Vec<(InputStatus, Vec<&'e str>)> {
    let of = |path: &&str| {
        let path = format!("{FOLDER}/{path}");
        let input = evidence.inputs.iter().find(|input| input.path == path);
        let input = input.expect("an input of this path");
        let codes = input.faults.iter().map(|fault| fault.code.as_str());
        (input.status, codes.collect())
    };
    paths.iter().map(of).collect()
}

#[test]
fn what_differs_from_its_sum_is_rejected_and_what_is_gone_is_named() {
    let one = details(&[EVALUATION]);
    let (same, other) = (Digest::of(one.as_bytes()), Digest::of(b"other"));
    let sums = format!(
        "{same}  good.json\r\n{other} *./bad.json\n{other}  collect.log\n\
         {same}  us-east-1/gone.json\n# a comment\n{other}  SHA256SUMS\n"
    );
    let evidence = read_all(&[
        ("111122223333/good.json", one.as_bytes()),
        ("111122223333/bad.json", one.as_bytes()),
        ("111122223333/unlisted.json", one.as_bytes()),
        ("111122223333/collect.log", b"x"),
        ("111122223333/SHA256SUMS", sums.as_bytes()),
    ]);
    let paths = [
        "111122223333/good.json",
        "111122223333/bad.json",
        "111122223333/unlisted.json",
        "111122223333/collect.log",
        "111122223333/SHA256SUMS",
        "111122223333/us-east-1/gone.json",
    ];
    assert_eq!(
        seen(&evidence, &paths),
        [
            (InputStatus::Complete, vec![]),
            (InputStatus::Rejected, vec!["KI-0501"]),
            (InputStatus::Complete, vec![]),
            (InputStatus::Rejected, vec!["KI-0501"]),
            (InputStatus::Ignored, vec![]),
            (InputStatus::Rejected, vec!["KI-0502"]),
        ]
    );
    assert_eq!(evidence.evaluations.len(), 2, "none of a rejected file");
    let order: Vec<&str> = evidence.inputs.iter().map(|i| i.path.as_str()).collect();
    assert!(order.is_sorted(), "{order:?}");
    let gone = evidence.inputs.last().expect("six");
    let place = (
        gone.path_place.account.as_deref(),
        gone.path_place.region.as_deref(),
    );
    assert_eq!(place, (Some("111122223333"), Some("us-east-1")));
}

#[test]
fn damaged_sums_are_rejected_line_by_line() {
    let digest = Digest::of(b"x").to_string();
    let lines = format!(
        "{digest}  a.log\nnonsense\n{digest}  ../../etc/passwd\n{}",
        &digest[..30]
    );
    let evidence = read_all(&[("a.log", b"x"), ("SHA256SUMS", lines.as_bytes())]);
    let shown = seen(&evidence, &["SHA256SUMS", "a.log"]);
    assert_eq!(shown[0], (InputStatus::Rejected, vec!["KI-0503"; 3]));
    assert_eq!(shown[1], (InputStatus::Ignored, vec![]));
    let input = evidence
        .inputs
        .iter()
        .find(|i| i.path.ends_with(sums::NAME));
    let faults = &input.expect("it is listed").faults;
    assert!(faults[0].message.starts_with("line 2: "), "{faults:?}");
    assert!(
        faults[1].message.contains("`../../etc/passwd`"),
        "{faults:?}"
    );
    let empty = read_all(&[("SHA256SUMS", b"")]);
    assert_eq!(seen(&empty, &["SHA256SUMS"])[0].1, ["KI-0503"]);
    let utf16 = read_all(&[("SHA256SUMS", b"\xff\xfea\0\n\0")]);
    assert_eq!(seen(&utf16, &["SHA256SUMS"])[0].0, InputStatus::Rejected);
}

#[test]
fn two_sums_that_disagree_reject_the_file() {
    let one = details(&[EVALUATION]);
    let (same, other) = (Digest::of(one.as_bytes()), Digest::of(b"other"));
    let evidence = read_all(&[
        ("a/x.json", one.as_bytes()),
        ("a/SHA256SUMS", format!("{same}  x.json\n").as_bytes()),
        ("SHA256SUMS", format!("{other}  a/x.json\n").as_bytes()),
    ]);
    let input = &evidence.inputs[2];
    assert_eq!(input.status, InputStatus::Rejected);
    assert!(
        input.faults[0].message.contains("`exports/SHA256SUMS`"),
        "{:?}",
        input.faults
    );
}

#[test]
fn what_an_unfinished_collection_leaves_is_partial() {
    let evidence = read_all(&[
        ("111122223333/INCOMPLETE", b"x"),
        (
            "111122223333/collect-77-download.part",
            b"{\"EvaluationResults\":[",
        ),
    ]);
    let statuses: Vec<InputStatus> = evidence.inputs.iter().map(|i| i.status).collect();
    assert_eq!(statuses, [InputStatus::Partial; 2]);
    assert!(evidence.inputs.iter().all(|i| i.reason.is_some()));
}

#[test]
fn every_format_has_its_own_list_or_elements() {
    let own: BTreeSet<_> = formats::all()
        .map(|format| (format.key, format.marks))
        .collect();
    assert_eq!(own.len(), formats::all().count());
    let operations: BTreeSet<&str> = operations().collect();
    assert_eq!(operations.len(), formats::all().count());
}
