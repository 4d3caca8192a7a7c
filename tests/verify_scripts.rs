//! The scripts that check a bundle without kisms, beside what the tamper matrix does with verify.sh.

mod signed;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use kisms::bundle::{self, Bag, Content};
use kisms::digest::Digest;
use kisms::sign::cms::sign_detached;
use kisms::sign::identity::Identity;
use kisms::sign::issue::issue;
use kisms::time::Moment;
use p256::elliptic_curve::common::getrandom::SysRng;
use signed::{PYHANKO, python, repository, run, unpack};

const ID: &str = "kisms-2020Q2-00000000";

fn at(text: &str) -> Moment {
    text.parse().expect("RFC 3339")
}

/// A small bag without a report, signed at this time, unpacked.
fn bundle(folder: &Path, identity: &Identity, signing_time: &str) -> PathBuf {
    let path = |name: &str| name.parse().expect("a path");
    let files = bundle::instructions(ID).into_iter();
    let bag = Bag {
        id: ID.into(),
        payload: [(path("data/a.txt"), Content::Bytes(b"a\n".to_vec()))].into(),
        tag_files: files.map(|(name, bytes)| (path(name), bytes)).collect(),
        info: Vec::new(),
    };
    let sign = |text: &[u8]| sign_detached(identity, Digest::of(text), at(signing_time));
    let zip = folder.join("bundle.zip");
    bundle::write_new_file(&zip, false, |file| bundle::write(&bag, file, Some(&sign)))
        .expect("a bundle");
    unpack(&zip, &folder.join("unpacked"))
}

#[test]
fn verify_sh_judges_certificates_at_the_time_of_signing() {
    let (from, to) = (at("2020-01-01T00:00:00Z"), at("2020-12-31T00:00:00Z"));
    let issued = issue("서명자", from, to, &mut SysRng).expect("issued");
    let p12 = issued.p12("test").expect("a file");
    let identity = Identity::load(&p12, Some("test")).expect("a signer");
    for (time, holds) in [
        ("2020-02-29T23:59:59Z", true),
        ("2020-12-30T00:00:00Z", true),
        ("2021-01-01T00:00:00Z", false),
        ("2019-12-31T23:59:59Z", false),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let root = bundle(folder.path(), &identity, time);
        let ca = folder.path().join("ca.pem");
        fs::write(&ca, issued.ca_pem()).expect("space");
        let pinned = folder.path().join("signer.pem");
        let arguments = ["verify.sh", &ca.to_string_lossy()];
        for shell in ["sh", "bash"] {
            let (valid, said) = run(&root, shell, &arguments, "install a POSIX shell");
            assert_eq!(valid, holds, "{shell}, {time}: {said}");
            assert!(
                holds || said.contains("BAD  the signer is not trusted"),
                "{said}"
            );
            // Who was given the signer's own certificate believes the same.
            fs::write(&pinned, issued.signer_pem()).expect("space");
            let arguments = ["verify.sh", &pinned.to_string_lossy()];
            assert_eq!(
                run(&root, shell, &arguments, "install a POSIX shell").0,
                holds
            );
            let claimed = time.replace(['-', ':', 'T'], "");
            assert!(
                !holds || said.contains(&format!("ok   at {claimed}, as the signer claims")),
                "{said}"
            );
        }
    }
}

#[test]
fn verify_sh_has_no_fault_that_shellcheck_knows() {
    let script = repository("report-templates/verify.sh");
    let arguments = [
        "--shell=sh",
        "--severity=warning",
        &script.to_string_lossy(),
    ];
    let install = "install shellcheck (`apt-get install shellcheck`)";
    let (clean, said) = run(Path::new("/"), "shellcheck", &arguments, install);
    assert!(clean, "{said}");
}

/// No PowerShell can be had where these tests run: what can be said without one.
#[test]
fn verify_ps1_is_a_script_of_net_alone_as_windows_reads_it() {
    let files = bundle::instructions(ID);
    let (_, script) = files
        .iter()
        .find(|(name, _)| *name == "verify.ps1")
        .expect("one");
    let text = script
        .strip_prefix(b"\xef\xbb\xbf")
        .expect("a byte order mark");
    let text = std::str::from_utf8(text).expect("UTF-8");
    assert!(
        text.lines().count() > 50 && text.matches('\n').count() == text.matches("\r\n").count()
    );
    assert!(!text.replace("no openssl", "").contains("openssl"));

    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("verify.ps1");
    fs::write(&file, script).expect("space");
    let parse = repository("tests/powershell_syntax.py");
    let arguments = [&*parse.to_string_lossy(), &file.to_string_lossy()];
    let (clean, said) = run(folder.path(), &python(), &arguments, PYHANKO);
    assert!(clean, "{said}");
    // Its own functions, and cmdlets that every PowerShell has: no program is started.
    let known: BTreeSet<&str> = [
        "Add-Type",
        "Fault",
        "ForEach-Object",
        "FullPath",
        "Get-ChildItem",
        "Get-Item",
        "Good",
        "New-Object",
        "Resolve-Path",
        "Select-Object",
        "Set-StrictMode",
        "Sha256",
        "Split-Path",
        "Where-Object",
        "Write-Output",
    ]
    .into();
    let called: BTreeSet<&str> = said.lines().collect();
    assert!(called.contains("Sha256"), "{said}");
    assert_eq!(called.difference(&known).collect::<Vec<_>>(), [&""; 0]);
}
