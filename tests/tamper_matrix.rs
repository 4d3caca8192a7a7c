//! Named changes to a good bundle: `kisms verify` notices each one, and so does at least one outside
//! tool, or it is said why none can. It prints the table.

mod signed;
mod tamper;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use kisms::command::verify::{self, Demands};
use kisms::command::{Exit, timestamp};
use kisms::sign::pades::verify_pdf;
use kisms::sign::trust::read_trust;
use signed::{Authority, BUILT, ca, now, on_screen, run, unpack};
use tamper::{Case, Mutation, Outside};

/// What kisms says: the codes of the defects, or that it cannot read the file; none where all is well.
fn kisms(case: &Case, bundle: &Path) -> Vec<String> {
    let options = verify::Options {
        trust: vec![ca(), case.tsa.clone()],
        demands: Demands {
            any_signer: false,
            timestamp: true,
        },
        json: true,
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut screen = kisms::command::Screen {
        out: &mut out,
        err: &mut err,
        language: kisms::engagement::Language::En,
        width: 80,
    };
    if verify::verify(bundle, &options, now(), &mut screen).is_err() {
        return vec!["(unreadable)".to_owned()];
    }
    let json: serde_json::Value = serde_json::from_slice(&out).expect("one document");
    let defects = json["defects"].as_array().expect("a list").iter();
    let mut codes: Vec<String> = defects
        .map(|defect| defect["code"].as_str().expect("a code").to_owned())
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// Whether verify.sh accepts an unpacked bundle.
fn script(case: &Case, root: &Path) -> bool {
    let (ca, tsa) = (ca(), case.tsa.clone());
    let arguments = ["verify.sh", &ca.to_string_lossy(), &tsa.to_string_lossy()];
    run(root, "sh", &arguments, "a POSIX shell").0
}

/// The folder to which `unzip` unpacks a bundle, if it does.
fn unpacked(bundle: &Path, folder: &Path) -> Option<PathBuf> {
    if bundle.is_dir() {
        return Some(bundle.to_owned());
    }
    let to = folder.join("by-unzip");
    fs::create_dir(&to).expect("space");
    run(
        &to,
        "unzip",
        &["-qo", &bundle.to_string_lossy()],
        signed::UNZIP,
    );
    let mut inside = fs::read_dir(&to).expect("a folder").flatten();
    let bag = |path: &Path| path.join("verify.sh").is_file();
    inside
        .find(|entry| bag(&entry.path()))
        .map(|entry| entry.path())
}

/// Whether the report holds, judged by itself.
fn report_holds(root: &Path) -> bool {
    let pdf = fs::read(root.join("data/report.pdf")).expect("a report");
    let anchors = read_trust(&fs::read(ca()).expect("a file")).expect("a CA");
    verify_pdf(&pdf, &anchors, now()).is_some_and(|found| found.holds())
}

/// One row of the table; whether it is as it must be.
fn judge(case: &Case, mutation: &Mutation) -> (String, bool) {
    let folder = tempfile::tempdir().expect("a folder");
    let bundle = (mutation.make)(case, folder.path());
    let codes = kisms(case, &bundle);
    let refused = unpacked(&bundle, folder.path()).is_none_or(|root| !script(case, &root));
    let (tool, caught) = match mutation.outside {
        Outside::Script => ("verify.sh", refused),
        Outside::Tool(name, accepts) => (name, !accepts(case, &bundle)),
        Outside::Nobody(why) => (why, !refused),
    };
    let caught = caught && !(mutation.name.starts_with("PDF") && report_holds(&bundle));
    let script = if refused { "no" } else { "yes" };
    let sign = if codes.is_empty() || !caught {
        "!!"
    } else {
        ""
    };
    let (name, codes) = (mutation.name, codes.join(" "));
    let row = format!("| {name} | {codes} | {script} | {tool} |{sign}");
    (row, sign.is_empty())
}

#[test]
fn every_change_is_noticed_by_kisms_and_by_somebody_else() {
    let authority = Authority::new();
    let answers = authority.answers(&BUILT.zip);
    let zip = authority.folder.path().join("bundle.zip");
    let (exit, said) = on_screen(|screen| {
        timestamp::attach(&BUILT.zip, &answers, Some(zip.clone()), now(), screen)
    });
    assert_eq!(exit, Exit::Done, "{said}");
    let root = unpack(&zip, &authority.folder.path().join("unpacked"));
    let case = Case::new(zip, root, authority.ca());

    assert_eq!(kisms(&case, &case.zip), [""; 0], "the good one");
    assert!(script(&case, &case.root), "the good one");
    assert!(report_holds(&case.root), "the good one");
    for (name, accepts) in tamper::tools() {
        assert!(
            accepts(&case, &case.zip) || accepts(&case, &case.root),
            "{name}: the good one"
        );
    }

    let mutations = tamper::mutations();
    assert!(mutations.len() >= 65, "{}", mutations.len());
    // Past the capture of tests' output: the table is for people.
    let mut screen = std::io::stderr();
    let mut say = |line: &str| writeln!(screen, "{line}").expect("a screen");
    say(
        "verify.sh sees the unpacked files alone: zips that unpack to the same files are the same to it.",
    );
    say(
        "| change | kisms verify | verify.sh accepts | noticed by, or why by nobody |\n|---|---|---|---|",
    );
    let mut wrong = Vec::new();
    for mutation in &mutations {
        let (row, right) = judge(&case, mutation);
        say(&row);
        if !right {
            wrong.push(row);
        }
    }
    assert_eq!(wrong, [""; 0]);
}
