//! Who signs: the key that kisms.toml names, opened with its password.

use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};

use super::password::{self, Password};
use crate::engagement::Engagement;
use crate::error::{Error, Result};
use crate::regular;
use crate::sign::identity::{Identity, IdentityError};

/// The two files of a Korean joint certificate.
const JOINT_KEY: &str = "signPri.key";
const JOINT_CERTIFICATE: &str = "signCert.der";
/// No key or certificate file is longer, in bytes.
const MOST: u64 = 1 << 20;

/// Opens the engagement's key; its certificate must be one for signing, and valid at `now`.
pub fn open(
    dir: &Path,
    engagement: &Engagement,
    password_file: Option<&Path>,
    now: DateTime<FixedOffset>,
) -> Result<Identity> {
    let Some(key) = &engagement.signing_key else {
        return Err(Error::new("kisms.toml names no signing key").hint(
            "make one with `kisms key new` and name it under [signing], or give `--unsigned`",
        ));
    };
    let files = Files::read(dir, key, engagement.signing_certificates.as_deref())
        .map_err(|error| error.hint("paths under [signing] start at the engagement folder"))?;
    let named = |error| named(key, error);
    let given = password::given(password_file)?;
    let identity = files.open(key, given.as_ref(), |key, certificates, password| {
        Identity::load_at(key, certificates, password, now.to_utc())
    })?;
    let identity = identity.map_err(named)?;
    identity.check_valid_at(now.to_utc()).map_err(named)?;
    Ok(identity)
}

/// The error with the name of the key file.
pub(super) fn named(key: &Path, error: IdentityError) -> Error {
    let error = Error::from(error);
    Error {
        message: format!("`{}`: {}", key.display(), error.message),
        ..error
    }
}

/// The bytes of a key file, and of what belongs to it.
pub(super) struct Files {
    key: zeroize::Zeroizing<Vec<u8>>,
    certificates: Vec<Vec<u8>>,
}

impl Files {
    /// A joint certificate is named by its key or its folder, and its own certificate lies beside the
    /// key.
    pub(super) fn read(dir: &Path, key: &Path, certificates: Option<&Path>) -> Result<Self> {
        let mut path = dir.join(key);
        if path.is_dir() {
            path.push(JOINT_KEY);
        }
        let mut others: Vec<PathBuf> = certificates
            .map(|file| dir.join(file))
            .into_iter()
            .collect();
        let own = path.with_file_name(JOINT_CERTIFICATE);
        if path.file_name().is_some_and(|name| name == JOINT_KEY) && own.exists() {
            others.insert(0, own);
        }
        let read = |path: &PathBuf| read("read the certificate", path);
        Ok(Self {
            key: read_key(&path)?,
            certificates: others.iter().map(read).collect::<Result<_>>()?,
        })
    }

    /// Reads the key with the password that was given, or that is asked for where one is needed.
    pub(super) fn open<T>(
        &self,
        name: &Path,
        given: Option<&Password>,
        read: impl Fn(&[u8], &[Vec<u8>], Option<&str>) -> std::result::Result<T, IdentityError>,
    ) -> Result<std::result::Result<T, IdentityError>> {
        let load = |password: Option<&Password>| {
            read(&self.key, &self.certificates, password.map(|p| p.as_str()))
        };
        Ok(match load(given) {
            Err(IdentityError::PasswordNeeded) if given.is_none() => {
                let asked = password::ask(&format!("Password of {}: ", name.display()))?;
                load(asked.as_ref())
            }
            // A password in the environment may be another key's: this one may need none.
            Err(IdentityError::WrongPassword) => load(None).map_err(|error| match error {
                IdentityError::PasswordNeeded => IdentityError::WrongPassword,
                other => other,
            }),
            other => other,
        })
    }
}

fn read_key(path: &Path) -> Result<zeroize::Zeroizing<Vec<u8>>> {
    read("read the key", path).map(zeroize::Zeroizing::new)
}

fn read(doing: &str, path: &Path) -> Result<Vec<u8>> {
    regular::read(path, MOST).map_err(|error| Error::io(doing, path, &error))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::engagement::testing::LEAST;
    use crate::sign::testing::{at, joint};

    /// Opens the key that these lines of `[signing]` name, from the folder of the test keys.
    fn opened(signing: &str, password: &str, time: &str) -> Result<Identity> {
        let text = format!("{LEAST}[signing]\n{signing}\n");
        let engagement = Engagement::load(&text).expect("no fault");
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("password");
        fs::write(&file, password).expect("space");
        let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys");
        open(&keys, &engagement, Some(&file), at(time).into())
    }

    const NOW: &str = "2026-10-15T09:30:00Z";

    #[test]
    fn a_joint_certificate_is_named_by_its_folder_or_its_key() {
        for signing in ["key = \"test-joint\"", "key = \"test-joint/signPri.key\""] {
            let identity = opened(signing, "test\r\n", NOW).expect(signing);
            assert_eq!(identity.certificates(), joint().certificates());
        }
        let signing = "key = \"test-joint\"\ncertificates = \"test-kinds-ca.pem\"";
        let identity = opened(signing, "\u{feff}test\n", NOW).expect("with its authority");
        assert_eq!(identity.certificates().len(), 2);
    }

    #[test]
    fn a_key_that_cannot_be_used_is_named_with_the_reason_and_never_the_password() {
        for (signing, password, time, reason) in [
            (
                "key = \"test-joint\"",
                "Secret1!",
                NOW,
                "`test-joint`: the password does not open",
            ),
            (
                "key = \"test-joint\"",
                "",
                NOW,
                "the password does not open",
            ),
            ("key = \"no.p12\"", "test", NOW, "cannot read the key"),
            (
                "key = \"README.md\"",
                "test",
                NOW,
                "is neither PKCS#12, nor PEM",
            ),
            (
                "key = \"test-expired.p12\"",
                "test",
                NOW,
                "has expired at 2026-10-15",
            ),
            (
                "key = \"test-joint\"",
                "test",
                "2019-01-01T00:00:00Z",
                "is not yet valid at 2019",
            ),
            (
                "key = \"test-not-for-signing.pem\"",
                "test",
                NOW,
                "without digitalSignature and nonRepudiation",
            ),
            (
                "key = \"demo-signer.pem\"",
                "test",
                NOW,
                "holds no private key",
            ),
            (
                "key = \"test-joint\"\ncertificates = \"no.pem\"",
                "test",
                NOW,
                "cannot read the certificate",
            ),
        ] {
            let error = opened(signing, password, time).expect_err(signing);
            assert!(error.message.contains(reason), "{signing}: {error}");
            let hint = error.hint.clone().unwrap_or_default();
            assert!(!format!("{error}{hint}").contains("Secret1!"), "{error}");
            let says_next = !hint.is_empty();
            assert!(says_next || !reason.contains("the password"), "{error}");
        }
    }
}
