//! Files that are no JSON, or that of another: each is told for what it is, with what works next.

use super::causes::assert_told;
use super::*;

#[test]
fn tables_and_other_forms_are_told() {
    let json = "--output json";
    for (text, what, next) in [
        (
            "Id,ProductArn,Severity Label,Compliance Status,Title\r\n\"arn\",\"arn\",HIGH,FAILED,\"S3.14\"\r\n",
            "CSV",
            json,
        ),
        (
            "\u{feff}규칙 이름,규정 준수,리소스 ID\r\nr,미준수,sg-1\r\n",
            "CSV",
            json,
        ),
        ("규칙;상태;자원\nr;실패;b\n", "CSV", json),
        ("\"Rule\",\"Resource, ID\"\n\"a\",\"b\"\n", "CSV", json),
        ("AWS Config report\n\nRule,Status\na,b\n", "CSV", json),
        ("null\n", "`null`", "--query"),
        ("\"Resource ID\",\"Compliance\"\n", "CSV", json),
        (
            "Rule name\tCompliance\nrestricted-ssh\tNONCOMPLIANT\n",
            "tabs",
            json,
        ),
        ("EVALUATIONRESULTS\tCOMPLIANT\n", "--output text", json),
        ("----------\n|  Get  |\n", "--output table", json),
        (
            "EvaluationResults:\n- ComplianceType: COMPLIANT\n",
            "--output yaml",
            json,
        ),
        (
            "ConformancePackName: p\nConformancePackRuleEvaluationResults:\n- ComplianceType: COMPLIANT\n",
            "--output yaml",
            json,
        ),
        ("---\nEvaluationResults:\n", "--output yaml", json),
        ("<!DOCTYPE html><html>", "web page", "sign in"),
        (
            "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>",
            "Amazon S3",
            "aws s3 cp",
        ),
        ("AUTH_METHOD;TIMESTAMP;CHECK_ID\n", "Prowler", json),
        (
            "PROVIDER;DESCRIPTION;ACCOUNTID;REGION;ASSESSMENTDATE;REQUIREMENTS_ID\n",
            "Prowler",
            json,
        ),
        (
            r#"[{"AssessmentStartTime":"x","FindingUniqueId":"y","CheckID":"z","Status":"FAIL"}]"#,
            "Prowler",
            json,
        ),
        ("scoutsuite_results =\n{}", "ScoutSuite", json),
        (
            r#"{"Results":[{"Target":"x","Class":"config"}]}"#,
            "Trivy",
            json,
        ),
        (
            r#"{"Findings":[{"AccountId":"1","Service":{},"Severity":8,"Type":"x"}]}"#,
            "GuardDuty",
            json,
        ),
        (
            "H4sIAAAAAAAA/6tWKkktLlGyUlAqS8wpTtVRKi1OLYrPTFGyUlAqAQBLAh0WHgAAAA==",
            "Base64",
            "base64 -d",
        ),
    ] {
        assert_told(text.as_bytes(), what, next);
    }
    for sentence in [
        "Dear team, please see below",
        "Hello\nworld, and all\n",
        "a\n",
    ] {
        assert_eq!(codes(sentence.as_bytes()), ["KI-0401"], "{sentence}");
    }
    let passed = details(&[&EVALUATION.replace("NON_COMPLIANT", "FAIL")]);
    assert_told(passed.as_bytes(), "`FAIL`", "another tool");
}

#[test]
fn packed_files_that_are_not_read_are_told_with_what_to_do() {
    let padded = |mark: &[u8]| [mark, &[7; 600][..]].concat();
    for (mark, what) in [
        (&b"7z\xbc\xaf\x27\x1c\0\x04"[..], "7z"),
        (b"\xfd7zXZ\0\0\x04", "xz"),
        (b"Rar!\x1a\x07\x01\0", "rar"),
        (b"ALZ\x01\n\0\0\0", "alz"),
        (b"EGGA\0\x01", "egg"),
        (b"\x28\xb5\x2f\xfd\x04", "zstd"),
        (b"BZh91AY&SY", "bzip2"),
        (b"\x04\x22\x4d\x18d@", "lz4"),
        (b"MSCF\0\0\0\0", "cab"),
        (b"\x78\x01\x73\x0d\x62\x62\x60", "disk image"),
    ] {
        assert_told(&padded(mark), what, "unpack it");
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&padded(mark)).expect("memory");
        assert_told(&packed.finish().expect("memory"), what, "unpack it");
    }
    for (mark, what) in [
        (&b"%PDF-1.7\n"[..], "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
    ] {
        assert_told(&padded(mark), what, "evidence/");
        assert!(faults(&padded(mark))[0].foreign);
    }
}

#[test]
fn a_workbook_is_told_once_and_not_by_its_members() {
    let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for name in ["_rels/.rels", "[Content_Types].xml", "xl/workbook.xml"] {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .expect("memory");
        zip.write_all(b"<x/>").expect("memory");
    }
    let bytes = zip.finish().expect("memory").into_inner();
    let evidence = read_all(&[("a.xlsx", &bytes)]);
    assert_eq!(evidence.inputs.len(), 1);
    let fault = &evidence.inputs[0].faults[0];
    assert!(fault.message.contains("Excel"), "{fault:?}");
}
