//! Signatures: whose key, what is signed, and whether a signature holds.
//!
//! | module | what |
//! |---|---|
//! | [`identity`] | a private key and its certificates, from PKCS#12 or PEM |
//! | [`issue`](mod@issue) | a new signer with a certificate authority of its own |
//! | [`cms`] | a detached `CAdES` baseline B-B signature (RFC 5652, ETSI EN 319 122-1) |
//! | [`pades`] | the same in a PDF (ETSI EN 319 142-1) |
//! | [`timestamp`] | time-stamps from elsewhere (RFC 3161) |
//! | [`verify`] | every fault of such a signature, and who signed |
//! | [`trust`] | the certificates that a verifier believes, and the way up to them (RFC 5280) |
//! | [`certificate`] | one X.509 certificate |
//!
//! A signature proves "unchanged since the holder of this key signed", nothing more. Revocation is
//! not looked at: it cannot be known offline.

mod algorithm;
pub mod certificate;
pub mod cms;
pub mod identity;
pub mod issue;
pub mod pades;
mod pem;
mod seed;
pub mod timestamp;
pub mod trust;
pub mod verify;

#[cfg(test)]
pub(crate) mod testing;
