//! `kisms verify`: what was found of a bundle, as JSON and for the screen.

pub(super) mod again;
pub(super) mod members;
mod notes;
mod screen;

pub use notes::Note;

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::build::{REPORT, REPORT_MOST};
use super::progress::{Progress, Stage};
use super::{Exit, Screen, written};
use crate::bundle::{self, Defect, Opened, SIGNATURE};
use crate::digest::Digest;
use crate::error::{Error, Result};
use crate::regular;
use crate::report::json;
use crate::sign::pades::verify_pdf;
use crate::sign::trust::{TrustAnchor, read_trust};
use crate::sign::verify::{self as signature, Problem, Verification, verify_detached};
use crate::time::Moment;

/// No file with certificates is longer, in bytes.
const TRUST_MOST: u64 = 16 << 20;

/// What was typed.
#[derive(Debug, Default)]
pub struct Options {
    /// Files with the certificates that are believed.
    pub trust: Vec<PathBuf>,
    /// What is asked of the signature.
    pub demands: Demands,
    /// One JSON document, not text.
    pub json: bool,
}

/// What is asked of a signature beside that it holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Demands {
    /// A signer who is not trusted is no defect.
    pub any_signer: bool,
    /// Without a time-stamp by a trusted authority there is a defect.
    pub timestamp: bool,
}

/// What was found of one signature.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SignatureCheck {
    /// Whose certificate it names; `None` where there is none.
    pub signer: Option<Signer>,
    /// `B-B` or `B-T`; `None` where it does not hold.
    pub level: Option<&'static str>,
    /// When the signer claims to have signed.
    pub signing_time: Option<Moment>,
    /// The time-stamp over it.
    pub timestamp: Option<TimestampCheck>,
    /// What is wrong with it: code and message.
    #[serde(skip)]
    pub problems: Vec<(&'static str, String)>,
    /// What of its times cannot be believed now: code and message.
    #[serde(skip)]
    pub doubts: Vec<(&'static str, String)>,
}

/// Who signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signer {
    /// The certificate's subject.
    pub subject: String,
    /// SHA-256 over the certificate.
    pub sha256: Digest,
    /// Whether a chain leads to a certificate that was given as trusted.
    pub trusted: bool,
    /// Why not.
    #[serde(skip)]
    pub why_not: Option<String>,
    /// The certificate, or one of its chain, is not valid any more.
    #[serde(skip)]
    pub expired: bool,
}

/// A time-stamp over a signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimestampCheck {
    /// When the signature existed at the latest, if the authority is to be believed.
    pub time: Moment,
    /// Who says so.
    pub authority: Signer,
}

/// The signatures of a bundle; `None` where there is none.
#[derive(Debug, Clone, Default)]
pub struct Signatures {
    /// The detached one, over everything.
    pub bundle: Option<SignatureCheck>,
    /// The report's own.
    pub report: Option<SignatureCheck>,
}

/// The answer of `verify`.
#[derive(Debug, Clone, Serialize)]
pub struct VerifyReport {
    /// Whether the bytes and the signatures' mathematics hold; whoever signed, or nobody.
    pub intact: bool,
    /// What is worth knowing and is no fault.
    pub notes: Vec<Note>,
    /// Who signed; `None` where nobody did, or none can be named.
    pub signer: Option<Signer>,
    /// `B-B` or `B-T`; `None` without a signature that holds.
    pub level: Option<&'static str>,
    /// The time-stamp over the signature.
    pub timestamp: Option<TimestampCheck>,
    /// The report's own signature; `None` where it has none, or is not the listed one.
    pub report: Option<SignatureCheck>,
    /// Everything that is wrong.
    pub defects: Vec<Defect>,
    /// The bundle's id.
    #[serde(skip)]
    pub id: String,
    /// The root digest.
    #[serde(skip)]
    pub root: Option<Digest>,
    /// The files that the manifests list.
    #[serde(skip)]
    pub files: usize,
    /// When the signer claims to have signed.
    #[serde(skip)]
    pub signing_time: Option<Moment>,
}

/// Verifies the bundle at `path`, judged at `now`.
pub fn verify(
    path: &Path,
    options: &Options,
    now: Moment,
    screen: &mut Screen<'_>,
) -> Result<Exit> {
    let anchors = anchors(&options.trust)?;
    let progress = Progress::new(screen.language);
    let mut opened = progress.during(Stage::Verifying, |watch| {
        bundle::verify_watched(path, watch)
    })?;
    let missing = members::missing(&opened)?;
    opened.defects.extend(missing);
    let report = report(
        &opened,
        signatures(&opened, &anchors, now)?,
        options.demands,
    );
    written(if options.json {
        json::pretty(&mut screen.out, &report)
    } else {
        report.write_text(screen.language, &mut screen.out)
    })?;
    Ok(if report.passed() {
        Exit::Done
    } else {
        Exit::No
    })
}

/// The certificates in these files.
pub(super) fn anchors(trust: &[PathBuf]) -> Result<Vec<TrustAnchor>> {
    let mut anchors = Vec::new();
    for file in trust {
        let bytes =
            regular::read(file, TRUST_MOST).map_err(|error| Error::io("read", file, &error))?;
        let read = read_trust(&bytes).map_err(|error| Error {
            message: format!("`{}`: {}", file.display(), error.message),
            ..error
        })?;
        anchors.extend(read);
    }
    Ok(anchors)
}

/// Judges the signatures of an opened bundle at `now`.
pub fn signatures(opened: &Opened, anchors: &[TrustAnchor], now: Moment) -> Result<Signatures> {
    let signed = opened.signature.as_deref().zip(opened.root);
    let bundle =
        signed.map(|(signature, root)| verify_detached(signature, root, anchors, now).into());
    let report = if has_whole_report(opened) {
        verify_pdf(&opened.read(REPORT, REPORT_MOST)?, anchors, now).map(Into::into)
    } else {
        None
    };
    Ok(Signatures { bundle, report })
}

/// A report that is not the listed one is a defect already, and is not read.
fn has_whole_report(opened: &Opened) -> bool {
    opened.is_whole(REPORT) && !has_large_report(opened)
}

/// A report that is larger than any is not judged, and so not read.
fn has_large_report(opened: &Opened) -> bool {
    opened.size(REPORT).is_some_and(|size| size > REPORT_MOST)
}

impl From<Verification> for SignatureCheck {
    fn from(found: Verification) -> Self {
        let level = found.level();
        let listed = |problems: Vec<Problem>| {
            let problems = problems.into_iter();
            problems.map(|p| (p.code, p.message)).collect()
        };
        Self {
            level,
            problems: listed(found.problems),
            doubts: listed(found.doubts),
            signer: found.signer.map(Signer::from),
            signing_time: found.signing_time,
            timestamp: found.timestamp.map(|stamp| TimestampCheck {
                time: stamp.time,
                authority: stamp.authority.into(),
            }),
        }
    }
}

impl From<signature::Signer> for Signer {
    fn from(signer: signature::Signer) -> Self {
        Self {
            subject: signer.subject,
            sha256: signer.sha256,
            trusted: signer.trusted,
            why_not: signer.why_not,
            expired: signer.expired,
        }
    }
}

/// As defects of the file at `path`.
fn defects(found: &[(&'static str, String)], path: &str) -> impl Iterator<Item = Defect> {
    let found = found.iter();
    found.map(move |(code, message)| Defect::new(code, path, message))
}

impl SignatureCheck {
    /// A time-stamp by a trusted authority whose own certificates are valid now.
    fn has_lasting_timestamp(&self) -> bool {
        let authority = self.timestamp.as_ref().map(|stamp| &stamp.authority);
        authority.is_some_and(|authority| authority.trusted && !authority.expired)
    }

    fn has_expired_signer(&self) -> bool {
        self.signer.as_ref().is_some_and(|signer| signer.expired)
    }

    fn sha256(&self) -> Option<Digest> {
        self.signer.as_ref().map(|signer| signer.sha256)
    }

    /// What the report's signature lacks of being the bundle's signer's, too.
    fn differs(&self, bundle: &Self) -> Option<Defect> {
        // Where one of the two names nobody, that is a defect already.
        let (own, bundles) = (self.sha256()?, bundle.sha256()?);
        if own != bundles {
            let message = "it is signed by another than the bundle";
            return Some(Defect::new("pdf_signer_differs", REPORT, message));
        }
        // The same certificate, and trusted at one of the two times alone.
        let trusted = |check: &Self| check.signer.as_ref().is_some_and(|signer| signer.trusted);
        let why = self
            .signer
            .as_ref()
            .and_then(|signer| signer.why_not.clone());
        (trusted(bundle) && !trusted(self))
            .then(|| Defect::new("signer_unknown", REPORT, why.unwrap_or_default()))
    }

    /// What the bundle's signature lacks of what is asked.
    fn lacks(&self, demands: Demands) -> Vec<Defect> {
        let mut defects = Vec::new();
        let mut defect = |code, why: &str| defects.push(Defect::new(code, SIGNATURE, why));
        let why = |signer: &Signer| signer.why_not.clone().unwrap_or_default();
        match &self.signer {
            _ if demands.any_signer => {}
            Some(signer) if signer.trusted => {}
            Some(signer) => defect("signer_unknown", &why(signer)),
            None => defect("signer_unknown", "no certificate names a signer"),
        }
        if !demands.timestamp || self.has_lasting_timestamp() {
            return defects;
        }
        match &self.timestamp {
            Some(stamp) if stamp.authority.trusted => defect(
                "timestamp_expired",
                "its authority's certificate, or one of the chain, is not valid any more",
            ),
            Some(stamp) => defect("timestamp_untrusted", &why(&stamp.authority)),
            None => defect(
                "timestamp_missing",
                "there is no time-stamp over the signature",
            ),
        }
        if self.has_expired_signer() {
            let why = "the signer's certificate is not valid any more, and nothing that is valid \
                       now shows that it was when it signed";
            defect("signer_expired", why);
        }
        defects
    }
}

/// Joins what was found of the bag and of its signatures.
pub fn report(opened: &Opened, signatures: Signatures, demands: Demands) -> VerifyReport {
    let mut defects = opened.defects.clone();
    let checks = [
        (SIGNATURE, &signatures.bundle),
        (REPORT, &signatures.report),
    ];
    let checks = checks.map(|(path, check)| check.as_ref().map(|check| (path, check)));
    let checks = || checks.into_iter().flatten();
    defects.extend(checks().flat_map(|(path, check)| self::defects(&check.problems, path)));
    if has_large_report(opened) {
        let message = format_args!(
            "has more than {} MiB: whether it is signed was not judged",
            REPORT_MOST >> 20
        );
        defects.push(Defect::new("file_large", REPORT, message));
    }
    let intact = defects.is_empty();
    defects.extend(checks().flat_map(|(path, check)| self::defects(&check.doubts, path)));
    let notes = notes::notes(opened, checks().map(|(_, check)| check));
    match &signatures.bundle {
        // Without a tagmanifest there is nothing that could be signed, and that is said.
        None if opened.root.is_none() => {}
        None if opened.size(SIGNATURE).is_none() => defects.push(Defect::new(
            "unsigned",
            SIGNATURE,
            "the bundle has no signature",
        )),
        None => defects.push(Defect::new(
            "signature_unreadable",
            SIGNATURE,
            "it is there and cannot be unpacked",
        )),
        Some(bundle) => {
            defects.extend(bundle.lacks(demands));
            match &signatures.report {
                Some(report) => defects.extend(report.differs(bundle)),
                None if has_whole_report(opened) => defects.push(Defect::new(
                    "pdf_unsigned",
                    REPORT,
                    "it has no signature of its own, though the bundle has one",
                )),
                None => {}
            }
        }
    }
    let check = signatures.bundle.unwrap_or_default();
    VerifyReport {
        intact,
        notes,
        signer: check.signer,
        level: check.level,
        timestamp: check.timestamp,
        report: signatures.report,
        defects,
        id: opened.id.clone(),
        root: opened.root,
        files: opened.files.len(),
        signing_time: check.signing_time,
    }
}

impl VerifyReport {
    /// Whether there is nothing to object to: `verify` then exits with 0.
    pub fn passed(&self) -> bool {
        self.defects.is_empty()
    }
}

#[cfg(test)]
mod tests;
