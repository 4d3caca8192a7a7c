//! What a file's name makes of it, and what its content does.

use super::*;

fn input_of<'e>(evidence: &'e Evidence, path: &str) -> &'e Input {
    let path = format!("{FOLDER}/{path}");
    let mut inputs = evidence.inputs.iter();
    inputs.find(|input| input.path == path).expect("an input")
}

const BY_PRODUCTS: [&str; 8] = [
    "igw.log",
    "IGW.LOG",
    "collect.log",
    "SHA256SUMS",
    ".DS_Store",
    "Thumbs.db",
    "desktop.ini",
    "ConfigWritabilityCheckFile",
];

#[test]
fn a_file_that_is_an_answer_of_aws_is_read_whatever_its_name() {
    let answer = details(&[EVALUATION]);
    for name in BY_PRODUCTS {
        let evidence = read_all(&[(name, answer.as_bytes())]);
        let input = input_of(&evidence, name);
        assert_eq!(input.status, InputStatus::Complete, "{name}: {input:?}");
        assert!(input.id.is_some() && input.plausible, "{name}");
        assert_eq!(evidence.evaluations.len(), 1, "{name}");
        let cut = &answer.as_bytes()[..answer.len() - 20];
        let evidence = read_all(&[(name, cut)]);
        let input = input_of(&evidence, name);
        assert_eq!(input.status, InputStatus::Rejected, "{name}: {input:?}");
        assert_eq!(input.faults[0].code, "KI-0201", "{name}");
        assert!(input.plausible, "{name}");
    }
}

#[test]
fn a_name_makes_a_by_product_only_of_what_is_no_answer() {
    for content in [
        &b"2026-09-30T00:00:00Z\tbegin\tkisms collect\n"[..],
        b"",
        b"\0\0\0\x01Bud1",
        b"{\"level\":\"info\",\"msg\":\"x\"}\n{\"level\":\"info\",\"msg\":\"y\"}\n",
        b"{\"Results\":[{\"test\":\"passed\"}]}",
        b"{\"Findings\":[{\"severity\":\"high\"}]}",
        b"[1,2,3]",
        b"[]",
        b"{\"level\":\"info\"",
        b"An error occurred (AccessDenied)",
        b"\x1f\x8b broken",
    ] {
        for name in BY_PRODUCTS.iter().filter(|name| **name != "SHA256SUMS") {
            let evidence = read_all(&[(name, content)]);
            let input = input_of(&evidence, name);
            let shown = String::from_utf8_lossy(content);
            assert_eq!(input.status, InputStatus::Ignored, "{name}: {shown}");
            assert!(
                input.faults.is_empty() && !input.plausible,
                "{name}: {shown}"
            );
            assert_eq!(input.id, None, "{name}: {shown}");
        }
    }
}

#[test]
fn a_file_that_cannot_be_an_export_is_told_from_one_that_can() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0";
    for foreign in [
        &b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"[..],
        png,
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"\0\0\x01\0\x01\0\x20\x20",
        b"# Notes\n\nwhat was exported\n",
        b"hello",
        b"- one\n- two\n",
        b"<!DOCTYPE html><html></html>",
        b"[default]\nregion = us-east-1\n",
        b"{\"name\":\"package\",\"version\":\"1.0\"}",
        b"{\"Reservations\":[]}",
        b"AUTH_METHOD;TIMESTAMP\n",
        b"-----BEGIN PRIVATE KEY-----\nMIIE\n",
    ] {
        let evidence = read_all(&[("a.json", foreign)]);
        let input = &evidence.inputs[0];
        let shown = String::from_utf8_lossy(foreign);
        assert_eq!(input.status, InputStatus::Rejected, "{shown}");
        assert!(!input.plausible, "{shown}: {:?}", input.faults);
    }
    let answer = details(&[EVALUATION]);
    let (cp949, ..) = encoding_rs::EUC_KR.encode("{\"EvaluationResults\":[{\"가\":\"나\"}]}");
    let utf16: Vec<u8> = answer.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let followed = format!("{answer}\nbye\n");
    let prompted = format!("Enter MFA code: {answer}");
    for plausible in [
        &b""[..],
        b" \n",
        b"{}",
        &answer.as_bytes()[..60],
        b"{\"Reservations\":[",
        b"An error occurred (AccessDenied) when calling",
        b"Unable to locate credentials",
        b"---------\n|  DescribeConfigRules  |\n",
        b"EVALUATIONRESULTS\tNON_COMPLIANT\n",
        b"EvaluationResults:\n- ComplianceType: COMPLIANT\n",
        b"[\"COMPLIANT\"]",
        b"[[\"sg-1\",\"COMPLIANT\"]]",
        b"{'EvaluationResults': []}",
        b"{\"Error\":{\"Code\":\"AccessDenied\"}}",
        b"\x1f\x8b broken",
        b"PK\x03\x04 broken",
        &cp949,
        &utf16,
        followed.as_bytes(),
        prompted.as_bytes(),
    ] {
        let evidence = read_all(&[("a.json", plausible)]);
        let input = &evidence.inputs[0];
        let shown = String::from_utf8_lossy(plausible);
        assert_eq!(input.status, InputStatus::Rejected, "{shown}");
        assert!(input.plausible, "{shown}: {:?}", input.faults);
    }
}

#[test]
fn a_by_product_in_an_archive_is_looked_into_like_any_other() {
    let answer = details(&[EVALUATION]);
    let key = b"-----BEGIN PRIVATE KEY-----\nMIIE\n";
    let members = [("igw.log", answer.as_bytes()), ("other.log", &b"hello"[..])];
    let evidence = read_all(&[("x.zip", &containers::zip(&members))]);
    assert_eq!(evidence.evaluations.len(), 1);
    let other = input_of(&evidence, "x.zip!other.log");
    assert_eq!(other.status, InputStatus::Ignored);
    let members = [("key.log", &key[..]), ("a.json", answer.as_bytes())];
    let evidence = read_all(&[("x.zip", &containers::zip(&members))]);
    assert_eq!(evidence.inputs[0].faults[0].code, "KI-0405");
    assert!(evidence.evaluations.is_empty());
}
