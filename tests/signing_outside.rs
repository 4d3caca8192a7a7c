//! What other people's tools say of our signatures and of the time-stamps attached to them.

mod signed;

use std::fs;
use std::path::{Path, PathBuf};

use kisms::command::verify::{self, Demands};
use kisms::command::{Exit, build, receipt, timestamp};
use signed::{
    Authority, BUILT, P7S, POPPLER, PYHANKO, QPDF, build_bundle, ca, foreign_ca, now, on_screen,
    openssl, openssl_does, pyhanko, python, repository, run, unpack,
};

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// `kisms verify`: whether it passed, and its JSON.
fn kisms(bundle: &Path, trust: &[&Path], timestamp: bool) -> (bool, serde_json::Value) {
    let options = verify::Options {
        trust: trust.iter().map(|path| path.to_path_buf()).collect(),
        demands: Demands {
            any_signer: false,
            timestamp,
        },
        json: true,
    };
    let (exit, said) = on_screen(|screen| verify::verify(bundle, &options, now(), screen));
    let json = serde_json::from_str(&said).expect("one document");
    (exit == Exit::Done, json)
}

fn cms_verify(root: &Path, ca: &Path) -> (bool, String) {
    let arguments = format!(
        "cms -verify -cades -binary -inform DER -content tagmanifest-sha256.txt -in {P7S} \
         -CAfile {} -out /dev/null",
        ca.display()
    );
    openssl(root, &arguments)
}

#[test]
fn pdfsig_and_qpdf_accept_the_signed_report() {
    let report = text(&BUILT.root.join("data/report.pdf"));
    let (_, said) = run(Path::new("/"), "pdfsig", &[&report], POPPLER);
    for line in [
        "Signature Validation: Signature is Valid.",
        "Total document signed",
        "Signature Type: ETSI.CAdES.detached",
        "Signing Hash Algorithm: SHA-256",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    let (clean, said) = run(Path::new("/"), "qpdf", &["--check", &report], QPDF);
    assert!(
        clean && said.contains("No syntax or stream encoding errors"),
        "{said}"
    );
}

#[test]
fn pyhanko_and_openssl_trust_our_root_and_no_other() {
    let report = BUILT.root.join("data/report.pdf");
    let (p7s, content) = (
        BUILT.root.join(P7S),
        BUILT.root.join("tagmanifest-sha256.txt"),
    );
    for (file, content) in [(&report, None), (&p7s, Some(content.as_path()))] {
        let (valid, said) = pyhanko(file, content, &[&ca()]);
        assert!(valid, "{said}");
        let (valid, said) = pyhanko(file, content, &[&foreign_ca()]);
        assert!(!valid && said.contains("judged INVALID"), "{said}");
    }
    let (_, said) = pyhanko(&report, None, &[&ca()]);
    assert!(
        said.contains("The signature covers the entire file."),
        "{said}"
    );
    let (valid, said) = cms_verify(&BUILT.root, &ca());
    assert!(
        valid && said.contains("CAdES Verification successful"),
        "{said}"
    );
    assert!(!cms_verify(&BUILT.root, &foreign_ca()).0);
}

#[test]
fn a_lost_receipt_is_made_anew_and_signed_by_the_bundles_signer_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let zip = folder.path().join("bundle.zip");
    fs::copy(&BUILT.zip, &zip).expect("space");
    let made = |engagement: Option<PathBuf>| {
        let options = receipt::Options {
            engagement,
            ..receipt::Options::default()
        };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut screen = signed::screen(&mut out, &mut err);
        receipt::receipt(&zip, &options, now(), &mut screen)
    };
    let beside = folder.path().join("bundle.receipt.pdf");
    let pdfsig = |said: &str| {
        let (_, found) = run(Path::new("/"), "pdfsig", &[&text(&beside)], POPPLER);
        assert!(found.contains(said), "{found}");
        let root = run(&BUILT.root, "sha256sum", &["tagmanifest-sha256.txt"], "").1;
        let (_, shown) = run(Path::new("/"), "pdftotext", &[&text(&beside), "-"], POPPLER);
        assert!(shown.contains(&root[24..32]), "{shown}");
    };

    assert_eq!(made(None), Ok(Exit::Done));
    pdfsig("does not contain any signatures");
    let error = made(None).expect_err("there already");
    assert!(error.message.contains("exists already"), "{error}");
    fs::remove_file(&beside).expect("there");

    let engagement = repository("fixtures/engagement/2026Q3");
    assert_eq!(made(Some(engagement.clone())), Ok(Exit::Done));
    pdfsig("Signature is Valid");
    fs::remove_file(&beside).expect("there");

    let toml = fs::read_to_string(engagement.join("kisms.toml")).expect("there");
    let toml = toml.replace("../../keys/demo-signer-not-secret.p12", "other.pem");
    fs::write(folder.path().join("kisms.toml"), toml).expect("space");
    let other = repository("fixtures/keys/test-self-signed.pem");
    fs::copy(other, folder.path().join("other.pem")).expect("space");
    let error = made(Some(folder.path().to_owned())).expect_err("another key");
    assert!(error.message.contains("not the one that signed"), "{error}");

    let mut bytes = fs::read(&zip).expect("there");
    bytes.push(0);
    fs::write(&zip, bytes).expect("space");
    assert_eq!(made(None), Ok(Exit::No));
    assert!(!beside.exists());
}

#[test]
fn verify_sh_says_yes_with_our_root_and_no_with_another_or_none() {
    let script = |ca: Option<&Path>| {
        let ca = ca.map(text);
        let arguments: Vec<&str> = std::iter::once("verify.sh").chain(ca.as_deref()).collect();
        run(&BUILT.root, "sh", &arguments, "install a POSIX shell")
    };
    let (valid, said) = script(Some(&ca()));
    assert!(valid && said.contains("\nOK: "), "{said}");
    assert!(said.contains("kisms DEMO key"), "{said}");
    assert!(
        said.contains("a signature of its own, over the whole document"),
        "{said}"
    );
    for ca in [Some(foreign_ca()), None] {
        let (valid, said) = script(ca.as_deref());
        assert!(
            !valid && said.contains("BAD ") && said.contains("NOT OK"),
            "{said}"
        );
    }
    let (valid, said) = script(Some(Path::new("/nowhere/ca.pem")));
    assert!(
        !valid && said.contains("cannot read /nowhere/ca.pem"),
        "{said}"
    );
}

#[test]
fn kisms_says_b_b_with_our_root_and_no_with_another() {
    let (passed, json) = kisms(&BUILT.zip, &[&ca()], false);
    assert!(passed, "{json}");
    assert_eq!(
        (&json["level"], &json["report"]["level"]),
        (&"B-B".into(), &"B-B".into())
    );
    assert_eq!(json["timestamp"], serde_json::Value::Null);
    let (passed, json) = kisms(&BUILT.zip, &[&foreign_ca()], false);
    assert!(!passed);
    assert_eq!(json["defects"][0]["code"], "signer_unknown");
    let (passed, json) = kisms(&BUILT.zip, &[&ca()], true);
    assert!(!passed);
    assert_eq!(json["defects"][0]["code"], "timestamp_missing");
}

#[test]
fn the_same_build_gives_the_same_bytes() {
    let again = BUILT.folder.path().join("again.zip");
    build_bundle(&again);
    for (one, other) in [
        (again.clone(), BUILT.zip.clone()),
        (receipt(&again), receipt(&BUILT.zip)),
    ] {
        assert!(fs::read(one).expect("built") == fs::read(other).expect("built"));
    }
}

fn receipt(zip: &Path) -> PathBuf {
    zip.with_extension("receipt.pdf")
}

#[test]
fn the_receipt_is_signed_and_says_the_digests_that_sha256sum_finds() {
    let receipt = receipt(&BUILT.zip);
    let file = text(&receipt);
    let (_, said) = run(Path::new("/"), "pdfsig", &[&file], POPPLER);
    assert!(
        said.contains("Signature is Valid.") && said.contains("Total document signed"),
        "{said}"
    );
    assert!(pyhanko(&receipt, None, &[&ca()]).0);
    assert!(!pyhanko(&receipt, None, &[&foreign_ca()]).0);
    let script = text(&repository("tests/pdf_rules.py"));
    let (met, said) = run(Path::new("/"), &python(), &[&script, &file], PYHANKO);
    assert!(met && said.contains("11 rules met"), "{said}");

    let (_, info) = run(Path::new("/"), "pdfinfo", &[&file], POPPLER);
    assert!(
        info.contains("Pages:           1") && info.contains("Tagged:          yes"),
        "{info}"
    );
    let (_, shown) = run(Path::new("/"), "pdftotext", &[&file, "-"], POPPLER);
    let shown: String = shown.split_whitespace().collect();
    for file in [&BUILT.zip, &BUILT.root.join("tagmanifest-sha256.txt")] {
        let (_, sum) = run(Path::new("/"), "sha256sum", &[&text(file)], "coreutils");
        let sum = sum.split(' ').next().expect("a digest");
        assert!(shown.contains(sum), "{sum} of {}: {shown}", file.display());
    }
    let info = fs::read_to_string(BUILT.root.join("bag-info.txt")).expect("a file");
    for field in ["Kisms-Inputs-Digest: ", "External-Identifier: "] {
        let line = info.lines().find_map(|line| line.strip_prefix(field));
        assert!(shown.contains(line.expect(field)), "{field}");
    }
    assert!(shown.contains("kismsDEMOkey"), "{shown}");
}

#[test]
fn a_receipt_is_never_overwritten_unasked_and_none_is_unsigned() {
    let folder = tempfile::tempdir().expect("a folder");
    let zip = folder.path().join("bundle.zip");
    fs::write(receipt(&zip), "another's").expect("space");
    let engagement = repository("fixtures/engagement/2026Q3");
    let mut options = build::Options {
        output: Some(zip.clone()),
        ..build::Options::default()
    };
    let now = signed::TIME.parse().expect("RFC 3339");
    let mut sink = (Vec::new(), Vec::new());
    let mut screen = signed::screen(&mut sink.0, &mut sink.1);
    let error = build::build(&engagement, &options, now, &mut screen).expect_err("there already");
    assert!(
        error.message.contains("bundle.receipt.pdf` exists already"),
        "{error}"
    );
    assert!(!zip.exists());
    assert_eq!(fs::read(receipt(&zip)).expect("there"), b"another's");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);

    options.unsigned = true;
    options.output = Some(folder.path().join("unsigned.zip"));
    build::build(&engagement, &options, now, &mut screen).expect("built");
    assert!(!folder.path().join("unsigned.receipt.pdf").exists());
}

#[test]
fn time_stamps_from_elsewhere_are_seen_by_everyone() {
    let authority = Authority::new();
    let folder = authority.answers(&BUILT.zip);
    let said = openssl_does(&folder, &format!("ts -query -text -in {P7S}.tsq"));
    assert!(
        said.contains("Certificate required: yes") && said.contains("sha256"),
        "{said}"
    );
    let target = authority.folder.path().join("stamped.zip");
    let (exit, said) = on_screen(|screen| {
        timestamp::attach(&BUILT.zip, &folder, Some(target.clone()), now(), screen)
    });
    assert_eq!(exit, Exit::Done, "{said}");
    let trust = [ca(), authority.ca()];
    let trust: Vec<&Path> = trust.iter().map(PathBuf::as_path).collect();

    let (passed, json) = kisms(&target, &trust, true);
    assert!(passed, "{json}");
    assert_eq!(
        (&json["level"], &json["report"]["level"]),
        (&"B-T".into(), &"B-B".into())
    );
    assert_eq!(json["timestamp"]["authority"]["subject"], "CN=TEST-TSA");
    let (passed, json) = kisms(&target, &trust[..1], true);
    assert!(!passed);
    assert_eq!(json["defects"][0]["code"], "timestamp_untrusted");

    let root = unpack(&target, &authority.folder.path().join("unpacked"));
    let pdf = authority.folder.path().join("stamped-report.pdf");
    let content = root.join("tagmanifest-sha256.txt");
    for (file, content) in [(&pdf, None), (&root.join(P7S), Some(content.as_path()))] {
        let (valid, said) = pyhanko(file, content, &trust);
        assert!(valid, "{said}");
        assert!(said.contains("Signature timestamp token"), "{said}");
        assert!(said.contains("The TSA certificate is trusted"), "{said}");
        assert!(!pyhanko(file, content, &trust[1..]).0);
    }
    let (_, said) = run(Path::new("/"), "pdfsig", &[&text(&pdf)], POPPLER);
    assert!(
        said.contains("Signature is Valid") && said.contains("Total document"),
        "{said}"
    );
    assert!(cms_verify(&root, &ca()).0);
    for name in [P7S, "report.pdf"] {
        let with = |ca: &Path| {
            let ca = ca.display();
            openssl(
                &folder,
                &format!("ts -verify -in {name}.tsr -queryfile {name}.tsq -CAfile {ca}"),
            )
        };
        assert!(with(&authority.ca()).0);
        assert!(!with(&foreign_ca()).0);
    }
}

#[test]
fn answers_that_are_not_to_our_requests_are_refused() {
    let authority = Authority::new();
    let folder = authority.answers(&BUILT.zip);
    let (own, other) = (
        folder.join(format!("{P7S}.tsr")),
        folder.join("report.pdf.tsr"),
    );
    let good = fs::read(&own).expect("answered");
    let refusal = |answer: &[u8]| {
        fs::write(&own, answer).expect("space");
        let target = authority.folder.path().join("never.zip");
        let (exit, said) = on_screen(|screen| {
            timestamp::attach(&BUILT.zip, &folder, Some(target.clone()), now(), screen)
        });
        assert_eq!(exit, Exit::No, "{said}");
        assert!(!target.exists());
        said
    };
    let said = refusal(&fs::read(&other).expect("answered"));
    assert!(
        said.contains("timestamp_imprint") && said.contains("timestamp_nonce"),
        "{said}"
    );
    // A request for the right bytes, but not ours.
    let tsq = folder.join("theirs.tsq");
    let hash = openssl_does(&folder, &format!("ts -query -in {P7S}.tsq -text"));
    let hex: String = hash
        .lines()
        .filter_map(|line| line.trim().split_once(" - "))
        .map(|(_, bytes)| {
            bytes
                .split("   ")
                .next()
                .unwrap_or_default()
                .replace(['-', ' '], "")
        })
        .collect();
    openssl_does(
        &folder,
        &format!("ts -query -digest {hex} -sha256 -cert -out {}", text(&tsq)),
    );
    authority.answer(&tsq, &folder.join("theirs.tsr"));
    let said = refusal(&fs::read(folder.join("theirs.tsr")).expect("answered"));
    assert!(
        said.contains("timestamp_nonce") && !said.contains("imprint"),
        "{said}"
    );
    let mut flipped = good.clone();
    *flipped.last_mut().expect("long") ^= 1;
    assert!(refusal(&flipped).contains("timestamp_signature"));
    assert!(refusal(b"<html>").contains("timestamp_unreadable"));
    // PKIStatus rejection, RFC 3161 section 2.4.2.
    assert!(refusal(&[0x30, 5, 0x30, 3, 2, 1, 2]).contains("timestamp_status"));
}

/// The rules of PDF/A-3b and PDF/UA-1 that a signature can break, with pyHanko's own PDF reader.
#[test]
fn the_signed_report_still_meets_the_rules_of_pdf_a_and_pdf_ua() {
    let report = text(&BUILT.root.join("data/report.pdf"));
    let script = text(&repository("tests/pdf_rules.py"));
    let (met, said) = run(Path::new("/"), &python(), &[&script, &report], PYHANKO);
    assert!(met && said.contains("11 rules met"), "{said}\n{PYHANKO}");
}
