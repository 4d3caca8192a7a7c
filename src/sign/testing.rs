//! What the tests of this module share.

use rsa::rand_core::{Infallible, TryCryptoRng, TryRng};
use sha2::{Digest as _, Sha256};

use super::identity::Identity;
use super::trust::{TrustAnchor, read_trust};
use crate::time::Moment;

/// A file of `fixtures/keys`.
pub(crate) fn key_file(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/keys")
        .join(name);
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

pub(crate) fn identity(name: &str, password: Option<&str>) -> Identity {
    Identity::load(&key_file(name), password).expect(name)
}

/// One key of each kind that signs: its name, itself, and whose certificate is to be trusted.
pub(crate) fn kinds() -> Vec<(&'static str, Identity, Vec<TrustAnchor>)> {
    let test = Some("test");
    let kind = |file, password, ca| (file, identity(file, password), anchors(ca));
    vec![
        kind("demo-signer-not-secret.p12", None, "demo-ca.pem"),
        kind("test-p384.p12", test, "test-kinds-ca.pem"),
        kind("test-rsa-2048.p12", test, "test-kinds-ca.pem"),
        kind("test-rsa-3072.pem", None, "test-rsa-ca.pem"),
        kind("test-rsa-4096.p12", test, "test-kinds-ca.pem"),
        kind("test-pss.p12", test, "test-pss-ca.pem"),
        ("test-joint", joint(), anchors("test-kinds-ca.pem")),
    ]
}

/// The joint certificate on disk.
pub(crate) fn joint() -> Identity {
    let key = key_file("test-joint/signPri.key");
    let certificates = [key_file("test-joint/signCert.der")];
    Identity::load_with(&key, &certificates, Some("test")).expect("a joint certificate")
}

pub(crate) fn demo() -> Identity {
    identity("demo-signer-not-secret.p12", None)
}

pub(crate) fn anchors(name: &str) -> Vec<TrustAnchor> {
    read_trust(&key_file(name)).expect(name)
}

/// When the tests judge: after all that they sign, and after most certificates.
pub(crate) fn later() -> Moment {
    at("2060-01-01T00:00:00Z")
}

pub(crate) fn at(text: &str) -> Moment {
    text.parse().expect("RFC 3339")
}

/// The same numbers each time: SHA-256 over a counter.
pub(crate) struct Fixed(pub(crate) u64);

impl TryRng for Fixed {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(32) {
            self.0 += 1;
            chunk.copy_from_slice(&Sha256::digest(self.0.to_be_bytes())[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Fixed {}
