//! What OpenSSL says of our signatures and keys, and we of its.

use std::path::{Path, PathBuf};
use std::process::Command;

use kisms::digest::Digest;
use kisms::sign::certificate::Purpose;
use kisms::sign::cms::sign_detached;
use kisms::sign::identity::Identity;
use kisms::sign::issue::issue;
use kisms::sign::trust::{TrustAnchor, check_chain, read_trust};
use kisms::sign::verify::{Verification, verify_detached};
use p256::elliptic_curve::common::getrandom::SysRng;
use tempfile::TempDir;

const CONTENT: &[u8] = b"e3b0c44298fc1c149afbf4c8996fb924  bagit.txt\n";

fn keys(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/keys")
        .join(name)
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).expect("a file of this test")
}

/// Runs openssl: whether it succeeded, and all that it said.
fn openssl(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new("openssl")
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("openssl 3 must be there: install it, on Debian with `apt-get install openssl`");
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

fn done(folder: &Path, arguments: &[&str]) -> String {
    let (success, said) = openssl(folder, arguments);
    assert!(success, "openssl {arguments:?}: {said}");
    said
}

/// A folder with the content, `name`'s signature over it, other content, and the authorities.
fn signed(name: &str, password: Option<&str>) -> TempDir {
    let identity = Identity::load(&read(&keys(name)), password).expect("an identity");
    let time = "2026-10-15T09:30:00Z".parse().expect("RFC 3339");
    let p7s = sign_detached(&identity, Digest::of(CONTENT), time).expect("signed");
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| {
        std::fs::write(folder.path().join(name), bytes).expect("written");
    };
    write("content", CONTENT);
    write("other", b"other");
    write("content.p7s", &p7s);
    for name in ["demo-ca.pem", "test-rsa-ca.pem", "test-foreign-ca.pem"] {
        write(name, &read(&keys(name)));
    }
    folder
}

fn verify_with_openssl(folder: &TempDir, content: &str, ca: &str) -> (bool, String) {
    let arguments = [
        "cms",
        "-verify",
        "-cades",
        "-binary",
        "-inform",
        "DER",
        "-content",
        content,
        "-in",
        "content.p7s",
        "-CAfile",
        ca,
        "-out",
        "out",
    ];
    openssl(folder.path(), &arguments)
}

#[test]
fn openssl_accepts_our_signatures_and_refuses_other_content_and_other_authorities() {
    for (name, password, ca, other_ca) in [
        (
            "demo-signer-not-secret.p12",
            None,
            "demo-ca.pem",
            "test-rsa-ca.pem",
        ),
        ("test-rsa-3072.pem", None, "test-rsa-ca.pem", "demo-ca.pem"),
        (
            "test-foreign-p256.p12",
            Some("test"),
            "test-foreign-ca.pem",
            "demo-ca.pem",
        ),
        (
            "test-legacy.p12",
            Some("test"),
            "test-foreign-ca.pem",
            "demo-ca.pem",
        ),
    ] {
        let folder = signed(name, password);
        let (success, said) = verify_with_openssl(&folder, "content", ca);
        assert!(success, "{name}: {said}");
        assert!(
            said.contains("CAdES Verification successful"),
            "{name}: {said}"
        );
        let (success, said) = verify_with_openssl(&folder, "other", ca);
        assert!(
            !success && said.contains("verification failure"),
            "{name}: {said}"
        );
        let (success, said) = verify_with_openssl(&folder, "content", other_ca);
        assert!(
            !success && said.contains("certificate verify error"),
            "{name}: {said}"
        );
    }
}

#[test]
fn openssl_reads_the_attributes_that_baseline_b_asks_for() {
    let folder = signed("demo-signer-not-secret.p12", None);
    let said = done(
        folder.path(),
        &[
            "cms",
            "-cmsout",
            "-print",
            "-inform",
            "DER",
            "-in",
            "content.p7s",
        ],
    );
    for part in [
        "object: contentType",
        "object: messageDigest",
        "object: signingTime",
        "object: id-smime-aa-signingCertificateV2",
        "UTCTIME:Oct 15 09:30:00 2026 GMT",
        "eContent: <ABSENT>",
        "unsignedAttrs:\n          <ABSENT>",
    ] {
        assert!(said.contains(part), "no `{part}` in {said}");
    }
}

/// What openssl signed with these options, verified by us.
fn of_openssl(options: &[&str], ca: &str) -> Verification {
    let trust = read_trust(&read(&keys(ca))).expect("certificates");
    of_openssl_with(options, &trust)
}

fn of_openssl_with(options: &[&str], trust: &[TrustAnchor]) -> Verification {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("content"), CONTENT).expect("written");
    let mut arguments = vec![
        "cms",
        "-sign",
        "-binary",
        "-outform",
        "DER",
        "-in",
        "content",
        "-out",
        "content.p7s",
    ];
    arguments.extend(options);
    done(folder.path(), &arguments);
    let p7s = read(&folder.path().join("content.p7s"));
    let later = "2060-01-01T00:00:00Z".parse().expect("RFC 3339");
    verify_detached(&p7s, Digest::of(CONTENT), trust, later)
}

/// The foreign signer's key and certificate as openssl takes them.
fn foreign_pem(folder: &Path) -> String {
    let p12 = keys("test-foreign-p256.p12");
    let p12 = p12.to_str().expect("ASCII");
    let pem = folder
        .join("foreign.pem")
        .to_str()
        .expect("UTF-8")
        .to_owned();
    done(
        folder,
        &[
            "pkcs12",
            "-in",
            p12,
            "-passin",
            "pass:test",
            "-nodes",
            "-clcerts",
            "-out",
            &pem,
        ],
    );
    pem
}

#[test]
fn we_accept_what_openssl_signs_with_both_kinds_of_keys() {
    let folder = tempfile::tempdir().expect("a folder");
    let foreign = foreign_pem(folder.path());
    for options in [&[][..], &["-nosmimecap"], &["-keyid"]] {
        let options = [&["-cades", "-signer", foreign.as_str()], options].concat();
        let verification = of_openssl(&options, "test-foreign-ca.pem");
        assert!(verification.holds(), "{options:?}: {verification:?}");
        let stranger = of_openssl(&options, "demo-ca.pem");
        assert!(
            !stranger.holds() && stranger.problems.is_empty(),
            "{stranger:?}"
        );
    }
    let rsa = keys("test-rsa-3072.pem");
    let rsa = rsa.to_str().expect("UTF-8");
    let leaf = folder.path().join("leaf.pem");
    let identity = Identity::load(&read(Path::new(rsa)), None).expect("an identity");
    std::fs::write(folder.path().join("leaf.der"), identity.certificate().der()).expect("written");
    let leaf = leaf.to_str().expect("UTF-8");
    done(
        folder.path(),
        &["x509", "-inform", "DER", "-in", "leaf.der", "-out", leaf],
    );
    // Only the signer's certificate is embedded, so the intermediate is trusted in its place.
    let verification = of_openssl(
        &["-cades", "-signer", leaf, "-inkey", rsa],
        "test-rsa-ca.pem",
    );
    assert_eq!(verification.problems, []);
    assert!(!verification.holds(), "the intermediate is missing");
    let trust = [identity.certificates()[1].clone().into()];
    let again = of_openssl_with(&["-cades", "-signer", leaf, "-inkey", rsa], &trust);
    assert!(again.holds(), "{again:?}");
}

#[test]
fn we_say_what_is_wrong_with_other_messages_of_openssl() {
    let folder = tempfile::tempdir().expect("a folder");
    let foreign = foreign_pem(folder.path());
    for (options, code) in [
        (&["-cades", "-nodetach"][..], "signature_structure"),
        (&["-cades", "-nocerts"], "signature_certificates"),
        (&["-cades", "-md", "sha512"], "signature_algorithm"),
        (&["-noattr"], "signature_attributes"),
        (&[], "signature_attributes"),
    ] {
        let options = [&["-signer", foreign.as_str()], options].concat();
        let verification = of_openssl(&options, "test-foreign-ca.pem");
        assert!(!verification.holds());
        assert!(
            verification
                .problems
                .iter()
                .any(|problem| problem.code == code),
            "{options:?}: {verification:?}"
        );
    }
}

#[test]
fn openssl_opens_the_key_file_of_a_new_signer() {
    let moment = |text: &str| text.parse().expect("RFC 3339");
    let issued = issue(
        "홍길동 (정보보호팀)",
        moment("2020-01-01T00:00:00Z"),
        moment("2049-12-31T23:59:59Z"),
        &mut SysRng,
    )
    .expect("issued");
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| {
        std::fs::write(folder.path().join(name), bytes).expect("written");
    };
    write("signer.p12", &issued.p12("암호 1").expect("a file"));
    write("signer.pem", issued.signer_pem().as_bytes());
    write("ca.pem", issued.ca_pem().as_bytes());
    write("content", CONTENT);
    let said = done(
        folder.path(),
        &[
            "pkcs12",
            "-in",
            "signer.p12",
            "-passin",
            "pass:암호 1",
            "-info",
            "-nodes",
            "-out",
            "all.pem",
        ],
    );
    assert!(said.contains("PBES2, PBKDF2, AES-256-CBC"), "{said}");
    let (success, _) = openssl(
        folder.path(),
        &[
            "pkcs12",
            "-in",
            "signer.p12",
            "-passin",
            "pass:other",
            "-noout",
        ],
    );
    assert!(!success, "another password opens it");
    done(
        folder.path(),
        &[
            "verify",
            "-x509_strict",
            "-purpose",
            "smimesign",
            "-CAfile",
            "ca.pem",
            "signer.pem",
        ],
    );
    done(
        folder.path(),
        &["x509", "-in", "all.pem", "-noout", "-checkend", "0"],
    );
    let trust = read_trust(issued.ca_pem().as_bytes()).expect("a certificate");
    let pem = folder.path().join("all.pem");
    let verification =
        of_openssl_with(&["-cades", "-signer", pem.to_str().expect("UTF-8")], &trust);
    assert!(verification.holds(), "{verification:?}");
}

#[test]
fn every_hash_under_a_certificate_is_understood() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    for key in ["rsa:2048", "ec"] {
        for hash in ["-sha256", "-sha384", "-sha512"] {
            let make = |name: &str, subject: &str, issuer: &[&str]| {
                let fixed = ["req", "-x509", "-newkey", key, "-nodes", "-days", "2", hash];
                let curve = ["-pkeyopt", "ec_paramgen_curve:P-256"];
                let curve = if key == "ec" { &curve[..] } else { &[] };
                let out = [
                    "-subj",
                    subject,
                    "-out",
                    name,
                    "-keyout",
                    &format!("{name}.key"),
                ];
                done(folder, &[&fixed[..], curve, &out, issuer].concat());
            };
            make("ca.pem", "/CN=kisms TEST CA", &[]);
            let plain = ["-addext", "basicConstraints=CA:false"];
            let issuer = [&["-CA", "ca.pem", "-CAkey", "ca.pem.key"], &plain[..]].concat();
            make("leaf.pem", "/CN=kisms TEST", &issuer);
            let trust = read_trust(&read(&folder.join("ca.pem"))).expect("a certificate");
            let leaf = read_trust(&read(&folder.join("leaf.pem"))).expect("a certificate");
            let leaf = leaf[0].certificate();
            let (from, _) = leaf.validity();
            let chain = check_chain(leaf, &[], &trust, from, Purpose::Signing);
            assert_eq!(chain, Ok(()), "{key} {hash}");
        }
    }
}
