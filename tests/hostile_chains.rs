//! Certificates and messages that somebody could make to be believed: signed by OpenSSL, refused by us.

mod signed;

use std::fs;
use std::path::Path;

use kisms::digest::Digest;
use kisms::sign::timestamp::check_token;
use kisms::sign::trust::read_trust;
use kisms::sign::verify::{Verification, verify_detached};
use signed::{now, openssl_does};
use tempfile::TempDir;

const CONTENT: &[u8] = b"e3b0c44298fc1c149afbf4c8996fb924  bagit.txt\n";
const EC: &str = "ec -pkeyopt ec_paramgen_curve:P-256";
const AUTHORITY: &str = "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign";
const SIGNER: &str = "basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature";

/// A root, an authority below it, and a signer below that: what is peculiar about each.
#[derive(Clone, Copy)]
struct Chain {
    root: &'static str,
    authority: &'static str,
    authority_key: &'static str,
    signer: &'static str,
    signer_key: &'static str,
    /// By which the authority signs the signer's certificate.
    hash: &'static str,
}

const GOOD: Chain = Chain {
    root: AUTHORITY,
    authority: AUTHORITY,
    authority_key: EC,
    signer: SIGNER,
    signer_key: EC,
    hash: "sha256",
};

impl Chain {
    /// Makes root.pem, authority.pem and signer.pem with their keys.
    fn make(&self) -> TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        let at = folder.path();
        let certify = |name: &str, key: &str, extensions: &str, by: &str| {
            fs::write(at.join("extensions"), extensions).expect("space");
            openssl_does(
                at,
                &format!(
                    "req -new -newkey {key} -nodes -keyout {name}.key -out {name}.csr -subj /CN=TEST-{name}"
                ),
            );
            openssl_does(
                at,
                &format!(
                    "x509 -req -in {name}.csr -out {name}.pem -days 30 -extfile extensions {by}"
                ),
            );
        };
        certify("root", EC, self.root, "-signkey root.key");
        let by = "-CA root.pem -CAkey root.key -CAcreateserial";
        certify("authority", self.authority_key, self.authority, by);
        let hash = self.hash;
        let by = format!("-CA authority.pem -CAkey authority.key -CAcreateserial -{hash}");
        certify("signer", self.signer_key, self.signer, &by);
        fs::write(at.join("content"), CONTENT).expect("space");
        folder
    }

    /// What is found of a signature by this chain.
    fn judge(&self) -> Verification {
        sign(self.make().path(), "-signer signer.pem -inkey signer.key")
    }
}

/// Signs as openssl does with these options; gives what we find of it.
fn sign(folder: &Path, options: &str) -> Verification {
    let arguments = format!("cms -sign -binary -cades -outform DER -in content -out p7s {options}");
    openssl_does(folder, &arguments);
    let p7s = fs::read(folder.join("p7s")).expect("signed");
    verify_detached(&p7s, Digest::of(CONTENT), &[], now())
}

/// Why the chain of this folder is not believed; `None` where it is.
fn refused(chain: &Chain) -> Option<String> {
    use kisms::sign::certificate::Purpose;
    let folder = chain.make();
    let read = |name: &str| {
        let pem = fs::read(folder.path().join(name)).expect("made");
        read_trust(&pem).expect("a certificate").remove(0)
    };
    let (root, authority, signer) = (read("root.pem"), read("authority.pem"), read("signer.pem"));
    let (now, _) = signer.certificate().validity();
    let others = [authority.certificate().clone()];
    kisms::sign::trust::check_chain(
        signer.certificate(),
        &others,
        &[root],
        now,
        Purpose::Signing,
    )
    .err()
}

#[test]
fn a_chain_is_believed_only_where_every_certificate_of_it_may_be_what_it_is() {
    assert_eq!(refused(&GOOD), None);
    let chains = [
        (
            "an authority below one that allows none",
            Chain {
                root: "basicConstraints=critical,CA:true,pathlen:0\nkeyUsage=critical,keyCertSign",
                ..GOOD
            },
            "allows fewer authorities",
        ),
        (
            "an authority for servers",
            Chain {
                authority: "basicConstraints=critical,CA:true\nextendedKeyUsage=serverAuth",
                ..GOOD
            },
            "for other purposes",
        ),
        (
            "an authority for other names, not critical",
            Chain {
                authority: "basicConstraints=critical,CA:true\nnameConstraints=permitted;email:x.kr",
                ..GOOD
            },
            "constrains the names",
        ),
        (
            "an authority with a key of 1,024 bits",
            Chain {
                authority_key: "rsa:1024",
                ..GOOD
            },
            "an RSA key of 1024 bits is too short",
        ),
        (
            "a signer whose certificate is signed with SHA-1",
            Chain {
                hash: "sha1",
                ..GOOD
            },
            "none of RSA and ECDSA with SHA-2",
        ),
    ];
    for (name, chain, reason) in chains {
        let why = refused(&chain);
        let why = why.unwrap_or_else(|| "believed".to_owned());
        assert!(why.contains(reason), "{name}: {why}");
    }
}

#[test]
fn a_key_that_is_too_short_signs_nothing() {
    let weak = Chain {
        signer_key: "rsa:1024",
        ..GOOD
    };
    let found = weak.judge();
    let codes: Vec<&str> = found.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["signature_invalid"], "{found:?}");
    assert_eq!(GOOD.judge().problems, []);
}

#[test]
fn messages_with_two_signers_or_weak_digests_are_refused() {
    let folder = GOOD.make();
    let one = "-signer signer.pem -inkey signer.key";
    for (options, code) in [
        (
            format!("{one} -signer authority.pem -inkey authority.key"),
            "signature_structure",
        ),
        (format!("{one} -md sha1"), "signature_algorithm"),
        (
            format!("{one} -certfile authority.pem"),
            "signature_certificates",
        ),
    ] {
        let found = sign(folder.path(), &options);
        let codes: Vec<&str> = found.problems.iter().map(|problem| problem.code).collect();
        assert!(codes.contains(&code), "{options}: {found:?}");
        assert_eq!(found.level(), None);
    }
}

/// A token whose `TSTInfo` somebody else signs, who may be no time-stamping authority.
fn forged_token(folder: &Path, info: &[u8]) -> Vec<u8> {
    fs::write(folder.join("info"), info).expect("space");
    openssl_does(
        folder,
        "cms -sign -binary -cades -nodetach -nosmimecap -md sha256 -outform DER -in info -out token \
         -econtent_type 1.2.840.113549.1.9.16.1.4 -signer signer.pem -inkey signer.key",
    );
    fs::read(folder.join("token")).expect("signed")
}

#[test]
fn only_a_certificate_for_time_stamps_alone_makes_time_stamps() {
    let value = b"a signature value";
    let authority = signed::Authority::new();
    let at = authority.folder.path();
    fs::write(at.join("value"), value).expect("space");
    openssl_does(at, "ts -query -data value -sha256 -cert -out q.tsq");
    authority.answer(&at.join("q.tsq"), &at.join("q.tsr"));
    openssl_does(at, "ts -reply -in q.tsr -token_out -out q.token");
    openssl_does(
        at,
        "cms -verify -binary -inform DER -in q.token -noverify -out q.info",
    );
    let info = fs::read(at.join("q.info")).expect("a TSTInfo");
    let root = read_trust(&fs::read(authority.ca()).expect("a CA")).expect("a certificate");
    let token = fs::read(at.join("q.token")).expect("a token");
    let (stamp, problems) = check_token(&token, value, &root, now());
    assert_eq!(problems, []);
    assert!(stamp.is_some_and(|stamp| stamp.authority.trusted));
    let (_, problems) = check_token(&token, b"another value", &root, now());
    assert_eq!(problems[0].code, "timestamp_imprint");

    for (signer, right) in [
        (
            "keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping",
            true,
        ),
        (
            "keyUsage=critical,digitalSignature\nextendedKeyUsage=timeStamping",
            false,
        ),
        (
            "extendedKeyUsage=critical,timeStamping,emailProtection",
            false,
        ),
        (
            "keyUsage=critical,keyEncipherment\nextendedKeyUsage=critical,timeStamping",
            false,
        ),
        (SIGNER, false),
    ] {
        let folder = Chain { signer, ..GOOD }.make();
        let token = forged_token(folder.path(), &info);
        let (stamp, problems) = check_token(&token, value, &root, now());
        let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes.is_empty(), right, "{signer}: {problems:?}");
        assert!(
            right || codes == ["timestamp_authority"],
            "{signer}: {problems:?}"
        );
        // It may make them, but nobody trusts it.
        assert!(
            stamp.is_some_and(|stamp| !stamp.authority.trusted),
            "{signer}"
        );
    }
}
