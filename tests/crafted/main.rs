//! Bundles as somebody could craft them, each with its verdict: a good one is 0; every no is 1 with its
//! named defects in JSON, and never 2. The table is data; what it expects comes from the standards and the contract.

mod chains;
mod cms;
mod folders;
mod forge;
mod lists;
mod members;
mod pdfs;
#[path = "../signed/mod.rs"]
mod signed;
mod table;
mod times;
mod tokens;
mod zips;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use kisms::command::Exit;
use kisms::command::verify::{self, Demands};
use kisms::digest::Digest;
use serde_json::Value;

use forge::moment;
use table::{Form, Row};

/// The rows are at least so many.
const LEAST: usize = 700;
/// Every so many rows one goes through the binary as well.
const SAMPLE: usize = 25;

fn rows() -> Vec<Row> {
    [
        times::rows(),
        chains::rows(),
        cms::rows(),
        tokens::rows(),
        zips::rows(),
        pdfs::rows(),
        members::rows(),
        lists::rows(),
        folders::rows(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Puts a row's bundle into `folder`.
fn write(row: &Row, folder: &Path) -> PathBuf {
    match (row.make)() {
        Form::Zip(bytes) => {
            let path = folder.join("bundle.zip");
            fs::write(&path, bytes).expect("space");
            path
        }
        Form::Folder(forge, change) => {
            let root = folder.join(&forge.id);
            table::unpack(&forge.bag(), &root);
            change(&root);
            root
        }
    }
}

/// The files with the certificates that a row trusts.
fn trust(row: &Row, folder: &Path) -> Vec<PathBuf> {
    let certificates = row.trust.iter().map(forge::certificate::Certificate::der);
    let file = |der: Vec<u8>| {
        let path = folder.join(format!("{}.der", Digest::of(&der).short(12)));
        fs::write(&path, der).expect("space");
        path
    };
    certificates.map(file).collect()
}

/// How kisms ends, as its exit code and its document.
fn judge(row: &Row, bundle: &Path, trust: Vec<PathBuf>) -> (i32, Vec<u8>) {
    let options = verify::Options {
        trust,
        demands: Demands {
            any_signer: row.any_signer,
            timestamp: row.timestamp,
        },
        json: true,
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut screen = signed::screen(&mut out, &mut err);
    let exit = verify::verify(bundle, &options, moment(row.at), &mut screen);
    let code = match exit {
        Ok(Exit::Done) => 0,
        Ok(Exit::No) => 1,
        Err(error) => {
            out = error.to_string().into_bytes();
            2
        }
    };
    (code, out)
}

/// The same through the binary.
fn judge_outside(row: &Row, bundle: &Path, trust: &[PathBuf]) -> (i32, Vec<u8>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kisms"));
    command.arg("verify").arg(bundle);
    for file in trust {
        command.arg("--trust").arg(file);
    }
    let demands = row.demands();
    command.args(demands.split(' ')).args(["--format", "json"]);
    let output = command.output().expect("it runs");
    (output.status.code().expect("it ends"), output.stdout)
}

/// What of a row's verdict is not as it must be.
fn wrong(row: &Row, exit: i32, document: &[u8]) -> Option<String> {
    let expected = i32::from(!row.codes.is_empty());
    if exit != expected {
        return Some(format!(
            "exit {exit}: {}",
            String::from_utf8_lossy(document)
        ));
    }
    let Ok(found) = serde_json::from_slice::<Value>(document) else {
        return Some("no JSON".to_owned());
    };
    let defects = found["defects"].as_array().expect("a list");
    let text = |defect: &Value, field: &str| defect[field].as_str().expect("text").to_owned();
    let pairs: Vec<(String, String)> = defects
        .iter()
        .map(|defect| (text(defect, "code"), text(defect, "path")))
        .collect();
    let known = |code: &str| kisms::bundle::CODES.iter().any(|known| known.code == code);
    let nameless = defects
        .iter()
        .any(|defect| text(defect, "message").is_empty());
    let codes: BTreeSet<&str> = pairs.iter().map(|(code, _)| code.as_str()).collect();
    let asked = row.codes.iter().map(|code| match code.split_once(' ') {
        Some((code, path)) => (code, Some(path)),
        None => (*code, None),
    });
    let asked: Vec<(&str, Option<&str>)> = asked.collect();
    let placed = asked.iter().all(|(code, path)| {
        let mut pairs = pairs.iter();
        path.is_none_or(|path| pairs.any(|(own, at)| own == code && at == path))
    });
    let expected: BTreeSet<&str> = asked.iter().map(|(code, _)| *code).collect();
    let right = codes == expected && placed && !nameless && codes.iter().all(|code| known(code));
    let first = defects.iter().take(5).map(Value::to_string);
    let said = || format!("{codes:?} {}", first.collect::<Vec<_>>().join(" "));
    (!right).then(said)
}

/// One row of the table, and whether it is as it must be.
fn check(row: &Row, outside: bool) -> (String, Option<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let bundle = write(row, folder.path());
    let trust = trust(row, folder.path());
    let (exit, document) = judge(row, &bundle, trust.clone());
    let mut fault = wrong(row, exit, &document);
    if outside && judge_outside(row, &bundle, &trust) != (exit, document) {
        fault = Some("the binary says something else".to_owned());
    }
    let (demands, codes) = (row.demands(), row.codes.join(", "));
    let mark = if fault.is_some() { "!!" } else { "" };
    let line = format!(
        "| {} | {} | {demands} | {exit} | {codes} |{mark}",
        row.family, row.name
    );
    (line, fault)
}

#[test]
fn every_crafted_bundle_has_its_verdict() {
    let rows = rows();
    // Past the capture of tests' output: the table is for people.
    let mut screen = std::io::stderr();
    let mut say = |line: &str| writeln!(screen, "{line}").expect("a screen");
    say("| family | bundle | asked | exit | defects |\n|---|---|---|---|---|");
    let mut faults = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let (line, fault) = check(row, number % SAMPLE == 0);
        say(&line);
        faults.extend(fault.map(|fault| format!("{}: {}: {fault}", row.family, row.name)));
    }
    let names: BTreeSet<_> = rows.iter().map(|row| (row.family, &row.name)).collect();
    assert_eq!(names.len(), rows.len(), "two rows of one name");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(rows.len() >= LEAST, "{}", rows.len());
}
