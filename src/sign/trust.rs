//! The certificates that a verifier believes, and the way up to one of them (RFC 5280 section 6).

use super::certificate::{Certificate, Purpose};
use super::identity::MAX_CHAIN;
use super::pem;
use crate::digest::Digest;
use crate::error::{Error, Result};
use crate::time::Moment;

/// Signatures that one search checks at most: certificates made to lead it in circles end it.
const MAX_CHECKS: usize = 32;

/// A certificate that is believed: an authority, or the signer's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustAnchor(Certificate);

impl TrustAnchor {
    /// The certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.0
    }

    /// Its subject as RFC 4514 writes names.
    pub fn subject(&self) -> String {
        self.0.subject()
    }

    /// SHA-256 over the certificate.
    pub fn sha256(&self) -> Digest {
        self.0.sha256()
    }
}

impl From<Certificate> for TrustAnchor {
    fn from(certificate: Certificate) -> Self {
        Self(certificate)
    }
}

/// Reads the certificates of a PEM file, at least one, or the one of a file in DER. Private keys in it
/// are an error: such a file is not to be handed around.
pub fn read_trust(bytes: &[u8]) -> Result<Vec<TrustAnchor>> {
    let unreadable = |why: String| {
        Error::new(format_args!(
            "the trusted certificates cannot be read: {why}"
        ))
        .hint("give a file with `-----BEGIN CERTIFICATE-----` blocks, or one certificate in DER")
    };
    if !pem::is_pem(bytes) && bytes.first() == Some(&0x30) {
        let certificate = Certificate::from_der(bytes).map_err(unreadable)?;
        return Ok(vec![certificate.into()]);
    }
    let mut anchors = Vec::new();
    for block in pem::blocks(bytes).map_err(unreadable)? {
        if block.label.ends_with("PRIVATE KEY") {
            return Err(
                Error::new("the file of trusted certificates holds a private key")
                    .hint("give the certificate only; whoever has this file can sign with the key"),
            );
        }
        if matches!(block.label.as_str(), "CERTIFICATE" | "X509 CERTIFICATE") {
            let certificate = Certificate::from_der(&block.der).map_err(unreadable)?;
            anchors.push(TrustAnchor(certificate));
        }
    }
    if anchors.is_empty() {
        return Err(unreadable("it holds no certificate".into()));
    }
    Ok(anchors)
}

/// Whether a chain leads from `leaf` over `others` to an anchor, everything valid at `at` and the
/// leaf for this purpose. `Err` says why not.
pub fn check_chain(
    leaf: &Certificate,
    others: &[Certificate],
    anchors: &[TrustAnchor],
    at: Moment,
    purpose: Purpose,
) -> std::result::Result<(), String> {
    leaf.check_purpose(purpose)?;
    let mut search = Search {
        purpose,
        others,
        anchors,
        at,
        path: Vec::new(),
        checks: 0,
        reason: None,
    };
    if search.climb(leaf, 0) {
        return Ok(());
    }
    Err(search.reason.unwrap_or_else(|| match anchors {
        [] => "no trusted certificate was given (`--trust`)".to_owned(),
        _ => format!(
            "no chain leads from `{}` to a trusted certificate",
            leaf.subject()
        ),
    }))
}

struct Search<'a> {
    purpose: Purpose,
    others: &'a [Certificate],
    anchors: &'a [TrustAnchor],
    at: Moment,
    path: Vec<Digest>,
    checks: usize,
    /// The first thing that was wrong with a chain that otherwise led on.
    reason: Option<String>,
}

impl Search<'_> {
    /// Whether an anchor is reached from `certificate`, with `below` authorities between it and
    /// the leaf that count for path lengths.
    fn climb(&mut self, certificate: &Certificate, below: usize) -> bool {
        if let Err(why) = certificate.check_valid_at(self.at) {
            return self.fail(why);
        }
        if self.anchors.iter().any(|anchor| anchor.0 == *certificate) {
            return true;
        }
        if self.path.len() + 1 >= MAX_CHAIN {
            return self.fail(format!("the chain is longer than {MAX_CHAIN} certificates"));
        }
        self.path.push(certificate.sha256());
        let (anchors, others) = (self.anchors, self.others);
        let issuers = anchors.iter().map(|anchor| &anchor.0).chain(others);
        let reached = issuers
            .filter(|issuer| issuer.subject_name() == certificate.issuer_name())
            .any(|issuer| self.step(certificate, issuer, below));
        self.path.pop();
        reached
    }

    fn step(&mut self, certificate: &Certificate, issuer: &Certificate, below: usize) -> bool {
        if self.path.contains(&issuer.sha256()) {
            return false;
        }
        self.checks += 1;
        if self.checks > MAX_CHECKS {
            return self.fail("the certificates lead into too many chains".into());
        }
        let link = issuer
            .check_authority(below, self.purpose)
            .and_then(|()| certificate.check_signed_by(issuer));
        match link {
            // RFC 5280 section 6.1.4 l: self-issued certificates do not count.
            Ok(()) => self.climb(issuer, below + usize::from(!issuer.is_self_issued())),
            Err(why) => self.fail(why),
        }
    }

    fn fail(&mut self, why: String) -> bool {
        self.reason.get_or_insert(why);
        false
    }
}

#[cfg(test)]
mod tests;
