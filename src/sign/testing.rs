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

pub(crate) fn demo() -> Identity {
    identity("demo-signer-not-secret.p12", None)
}

pub(crate) fn anchors(name: &str) -> Vec<TrustAnchor> {
    read_trust(&key_file(name)).expect(name)
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
