//! Each kind of key that signs, judged by other people's tools: the PDF by pdfsig and pyHanko, the detached
//! signature by OpenSSL and pyHanko, its time-stamp by both; and keys that other people's tools wrote.

mod signed;

use std::fs;
use std::path::{Path, PathBuf};

use kisms::digest::Digest;
use kisms::sign::cms::sign_detached;
use kisms::sign::identity::Identity;
use kisms::sign::pades::sign_pdf;
use kisms::sign::timestamp;
use kisms::time::Moment;
use signed::{
    Authority, BUILT, POPPLER, PYHANKO, foreign_ca, now, openssl, openssl_does, pyhanko_many,
    python, repository, run,
};

const PASSWORD: Option<&str> = Some("test");
const CONTENT: &[u8] = b"e3b0c44298fc1c149afbf4c8996fb924  bagit.txt\n";

/// A key file of the fixtures, with further files, and whose certificate is to be trusted.
struct Kind {
    file: &'static str,
    certificates: &'static [&'static str],
    password: Option<&'static str>,
    ca: &'static str,
}

const fn kind(file: &'static str, ca: &'static str) -> Kind {
    Kind {
        file,
        certificates: &[],
        password: PASSWORD,
        ca,
    }
}

const KINDS: [Kind; 8] = [
    Kind {
        password: None,
        ..kind("demo-signer-not-secret.p12", "demo-ca.pem")
    },
    kind("test-p384.p12", "test-kinds-ca.pem"),
    kind("test-rsa-2048.p12", "test-kinds-ca.pem"),
    Kind {
        password: None,
        ..kind("test-rsa-3072.pem", "test-rsa-ca.pem")
    },
    kind("test-rsa-4096.p12", "test-kinds-ca.pem"),
    kind("test-pss.p12", "test-pss-ca.pem"),
    // Without the authority's certificate, as it lies on a disk.
    Kind {
        certificates: &["test-joint/signCert.der"],
        ..kind("test-joint/signPri.key", "test-kinds-ca.pem")
    },
    Kind {
        certificates: &["test-joint/signCert.der", "test-kinds-ca.pem"],
        ..kind("test-joint/signPri.key", "test-kinds-ca.pem")
    },
];

fn key(name: &str) -> Vec<u8> {
    fs::read(repository("fixtures/keys").join(name)).expect("a file of the fixtures")
}

impl Kind {
    fn identity(&self) -> Identity {
        let certificates: Vec<Vec<u8>> = self.certificates.iter().map(|name| key(name)).collect();
        Identity::load_with(&key(self.file), &certificates, self.password).expect(self.file)
    }

    fn ca(&self) -> PathBuf {
        repository("fixtures/keys").join(self.ca)
    }
}

fn time() -> Moment {
    "2026-10-15T09:30:00Z".parse().expect("RFC 3339")
}

/// The fixture's report without its signature: an update leaves what was before it.
fn unsigned_report() -> Vec<u8> {
    const END: &[u8] = b"%%EOF\n";
    let mut pdf = fs::read(BUILT.root.join("data/report.pdf")).expect("a report");
    let end = pdf.windows(END.len()).position(|window| window == END);
    pdf.truncate(end.expect("an end before the update") + END.len());
    pdf
}

/// The files of one kind, signed.
struct Signed {
    pdf: PathBuf,
    p7s: PathBuf,
    stamped: PathBuf,
    content: PathBuf,
}

fn sign(kind: &Kind, pdf: Vec<u8>, folder: &Path, authority: &Authority) -> Signed {
    let identity = kind.identity();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).expect("space");
        path
    };
    let p7s = sign_detached(&identity, Digest::of(CONTENT), time()).expect("signed");
    let tsq = write("tsq", &timestamp::request(&p7s).expect("a request"));
    authority.answer(&tsq, &folder.join("tsr"));
    let answer = fs::read(folder.join("tsr")).expect("answered");
    let (stamped, _) = timestamp::attach(&p7s, &answer, now())
        .expect("readable")
        .expect("ours");
    let pdf = sign_pdf(pdf, &identity, time()).expect("signed");
    Signed {
        pdf: write("report.pdf", &pdf),
        p7s: write("p7s", &p7s),
        stamped: write("stamped.p7s", &stamped),
        content: write("content", CONTENT),
    }
}

/// The arguments with which pyHanko judges a PDF, or a detached signature of the content.
fn validate(file: &Path, content: Option<&Path>, trust: &[&Path]) -> Vec<String> {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let mut arguments: Vec<String> = ["sign", "validate", "--no-revocation-check"]
        .map(str::to_owned)
        .into();
    for path in trust {
        arguments.extend(["--trust".to_owned(), text(path)]);
    }
    arguments.extend(["--trust-replace", "--pretty-print"].map(str::to_owned));
    match content {
        Some(content) => arguments.extend(["--detached".to_owned(), text(file), text(content)]),
        None => arguments.push(text(file)),
    }
    arguments
}

fn openssl_accepts(signed: &Signed, p7s: &Path, ca: &Path) -> bool {
    let arguments = format!(
        "cms -verify -cades -binary -inform DER -content {} -in {} -CAfile {} -no-CApath \
         -no-CAstore -out /dev/null",
        signed.content.display(),
        p7s.display(),
        ca.display()
    );
    let (success, said) = openssl(Path::new("/"), &arguments);
    assert_eq!(
        success,
        said.contains("CAdES Verification successful"),
        "{said}"
    );
    success
}

#[test]
fn every_tool_accepts_every_kind_of_key_with_its_root_and_with_no_other() {
    let (authority, pdf) = (Authority::new(), unsigned_report());
    let (tsa, foreign) = (authority.ca(), foreign_ca());
    let mut asked = Vec::new();
    let mut folders = Vec::new();
    for kind in &KINDS {
        let folder = tempfile::tempdir().expect("a folder");
        let signed = sign(kind, pdf.clone(), folder.path(), &authority);
        let name = kind.file;
        let (_, said) = run(
            folder.path(),
            "pdfsig",
            &[&signed.pdf.to_string_lossy()],
            POPPLER,
        );
        assert!(said.contains("- Total document signed"), "{name}: {said}");
        // NSS, by which pdfsig verifies, says no to every certificate whose key is named RSASSA-PSS, also to
        // what OpenSSL signed with it; pyHanko and OpenSSL judge these.
        if kind.ca != "test-pss-ca.pem" {
            assert!(said.contains("Signature is Valid."), "{name}: {said}");
        }
        for p7s in [&signed.p7s, &signed.stamped] {
            assert!(openssl_accepts(&signed, p7s, &kind.ca()), "{name}");
            assert!(!openssl_accepts(&signed, p7s, &foreign), "{name}");
        }
        let (p7s, content) = (&signed.stamped, Some(signed.content.as_path()));
        asked.extend([
            validate(&signed.pdf, None, &[&kind.ca()]),
            validate(&signed.pdf, None, &[&foreign]),
            validate(p7s, content, &[&kind.ca(), &tsa]),
            validate(p7s, content, &[&foreign, &tsa]),
        ]);
        folders.push(folder);
    }
    let answers = pyhanko_many(&asked);
    let (answers, []) = answers.as_chunks::<4>() else {
        unreachable!("four questions of each kind");
    };
    for (kind, [pdf, pdf_foreign, p7s, p7s_foreign]) in KINDS.iter().zip(answers) {
        let name = kind.file;
        assert!(pdf.0 && pdf.1.contains("judged VALID"), "{name}: {}", pdf.1);
        let whole = "The signature covers the entire file.";
        assert!(pdf.1.contains(whole), "{name}: {}", pdf.1);
        assert!(p7s.0 && p7s.1.contains("judged VALID"), "{name}: {}", p7s.1);
        let stamp = "The TSA certificate is trusted";
        assert!(p7s.1.contains(stamp), "{name}: {}", p7s.1);
        for (valid, said) in [pdf_foreign, p7s_foreign] {
            assert!(!valid && said.contains("judged INVALID"), "{name}: {said}");
        }
    }
}

/// A signature by an RSA key is the same bytes whichever file the key was in.
fn detached(key: &[u8]) -> Vec<u8> {
    let certificates = [self::key("test-joint/signCert.der")];
    let identity = Identity::load_with(key, &certificates, PASSWORD).expect("a key");
    sign_detached(&identity, Digest::of(CONTENT), time()).expect("signed")
}

#[test]
fn joint_keys_by_openssl_and_by_pypinksign_open() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let p12 = repository("fixtures/keys/test-rsa-2048.p12");
    openssl_does(
        at,
        &format!(
            "pkcs12 -in {} -passin pass:test -nodes -nocerts -out key.pem",
            p12.display()
        ),
    );
    openssl_does(
        at,
        "pkcs8 -topk8 -nocrypt -in key.pem -outform DER -out key.der",
    );
    let plain = detached(&fs::read(at.join("key.der")).expect("written"));
    // OpenSSL's legacy provider has SEED, always by PBES2.
    for prf in ["hmacWithSHA1", "hmacWithSHA256", "hmacWithSHA512"] {
        openssl_does(
            at,
            &format!(
                "pkcs8 -topk8 -in key.pem -outform DER -out seed.key -v2 seed-cbc -v2prf {prf} \
                 -passout pass:test -provider legacy -provider default"
            ),
        );
        assert!(
            detached(&fs::read(at.join("seed.key")).expect("written")) == plain,
            "{prf}"
        );
    }
    let script = repository("tests/joint_keys.py");
    let arguments = [&script.to_string_lossy(), "key.der", "test", "."];
    let (done, said) = run(at, &python(), &arguments, PYHANKO);
    assert!(done, "{said}\n{PYHANKO}");
    for name in ["pinksign.key", "fixed.key", "pbes2.key", "plain.key"] {
        let key = fs::read(at.join(name)).expect("written");
        assert!(detached(&key) == plain, "{name}");
        let encrypted = name != "plain.key";
        let refused = Identity::load(&key, Some("other")).expect_err("no certificate");
        let wrong = refused.to_string().contains("password");
        assert_eq!(wrong, encrypted, "{name}: {refused}");
    }
}

#[test]
fn keys_in_pem_that_openssl_encrypted_open() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let p12 = repository("fixtures/keys/test-rsa-2048.p12");
    openssl_does(
        at,
        &format!(
            "pkcs12 -in {} -passin pass:test -nodes -nocerts -out key.pem",
            p12.display()
        ),
    );
    let plain = detached(&fs::read(at.join("key.pem")).expect("written"));
    for scheme in [
        "",
        "-v2 aes-128-cbc -v2prf hmacWithSHA1",
        "-v2 des3",
        "-scrypt",
    ] {
        openssl_does(
            at,
            &format!("pkcs8 -topk8 -in key.pem -out encrypted.pem -passout pass:test {scheme}"),
        );
        let key = fs::read(at.join("encrypted.pem")).expect("written");
        assert!(detached(&key) == plain, "{scheme}");
        assert!(Identity::load(&key, Some("other")).is_err(), "{scheme}");
    }
}

/// Makes a PKCS#12 file with these arguments of OpenSSL, from the key and certificates in all.pem.
fn exported(at: &Path, arguments: &str) -> Vec<u8> {
    let inputs = "-export -in all.pem -out OLD.p12 -passout pass:test";
    openssl_does(at, &format!("pkcs12 {inputs} {arguments}"));
    fs::read(at.join("OLD.p12")).expect("written")
}

/// Runs the command in the hint on the file at hand, and gives what it wrote.
fn by_the_hint(at: &Path, hint: &str) -> Vec<u8> {
    let command = hint.split('`').nth(1).expect("a command");
    let command = command.strip_prefix("openssl ").expect("of OpenSSL");
    let passwords = "-passin pass:test -passout pass:test";
    openssl_does(at, &format!("{command} {passwords}"));
    fs::read(at.join("NEW.pem")).expect("written")
}

#[test]
fn keys_that_are_not_read_are_named_and_the_command_in_the_hint_makes_one_that_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let p12 = repository("fixtures/keys/test-rsa-2048.p12");
    openssl_does(
        at,
        &format!(
            "pkcs12 -in {} -passin pass:test -nodes -out all.pem",
            p12.display()
        ),
    );
    let modern = exported(at, "");
    let expected = Identity::load(&modern, PASSWORD).expect("a key").sha256();
    let both = |cipher: &str| {
        exported(
            at,
            &format!("-legacy -macalg sha256 -keypbe {cipher} -certpbe {cipher}"),
        )
    };
    // OpenSSL has PBMAC1 from 3.4 on only; its identifier is as long as SHA-256's.
    let mut pbmac1 = modern.clone();
    let sha256 = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
    let mac = pbmac1.windows(9).rposition(|window| window == sha256);
    let mac = mac.expect("a MAC");
    pbmac1[mac..mac + 9].copy_from_slice(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 0x0e]);
    let ber = [&[0x30, 0x80], &modern[4..], &[0, 0]].concat();
    for (name, file) in [
        ("encrypted with ARIA,", both("aria-256-cbc")),
        ("encrypted with SEED,", both("seed-cbc")),
        ("encrypted with Camellia,", both("camellia-128-cbc")),
        ("encrypted with 128-bit RC2,", both("PBE-SHA1-RC2-128")),
        ("encrypted with 128-bit RC4,", both("PBE-SHA1-RC4-128")),
        // The certificates are read, the key is not.
        ("encrypted with ARIA,", exported(at, "-keypbe aria-128-cbc")),
        ("by PBMAC1 (RFC 9579)", pbmac1),
        ("in BER, not in DER", ber),
    ] {
        fs::write(at.join("OLD.p12"), &file).expect("space");
        for password in [PASSWORD, None, Some("other")] {
            let error = Identity::load(&file, password).expect_err(name);
            assert!(error.to_string().contains(name), "{name}: {error}");
        }
        let error = Identity::load(&file, PASSWORD).expect_err(name);
        let new = by_the_hint(at, error.hint().expect("a hint"));
        let opened = Identity::load(&new, PASSWORD).expect(name);
        assert_eq!(opened.sha256(), expected, "{name}");
    }
}

#[test]
fn a_private_key_by_itself_names_its_cipher_and_opens_after_the_command_in_the_hint() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let p12 = repository("fixtures/keys/test-rsa-2048.p12");
    openssl_does(
        at,
        &format!(
            "pkcs12 -in {} -passin pass:test -nodes -nocerts -out key.pem",
            p12.display()
        ),
    );
    let plain = detached(&fs::read(at.join("key.pem")).expect("written"));
    for (name, cipher) in [
        ("ARIA", "-v2 aria-256-cbc"),
        ("Camellia", "-v2 camellia-256-cbc -outform DER"),
        (
            "128-bit RC2",
            "-v1 PBE-SHA1-RC2-128 -provider legacy -provider default",
        ),
    ] {
        openssl_does(
            at,
            &format!("pkcs8 -topk8 -in key.pem -out OLD -passout pass:test {cipher}"),
        );
        let old = fs::read(at.join("OLD")).expect("written");
        let error = Identity::load(&old, PASSWORD).expect_err(name);
        let named = format!("the private key is encrypted with {name}, which is not read here");
        assert_eq!(error.to_string(), named);
        assert!(
            detached(&by_the_hint(at, error.hint().expect("a hint"))) == plain,
            "{name}"
        );
    }
}
