//! What `build` asks of the bundle that it wrote.

use std::fs::File;
use std::path::Path;

use super::super::build::{REPORT, REPORT_MOST};
use super::members;
use crate::bundle::{self, Watch};
use crate::error::{Error, Result};
use crate::sign::identity::Identity;
use crate::sign::pades::verify_pdf;
use crate::sign::trust::TrustAnchor;
use crate::sign::verify::{Verification, verify_detached};
use crate::time::Moment;

/// A bundle and its receipt that were written and are not yet kept.
pub(in crate::command) struct Made<'m> {
    /// What messages call the bundle.
    pub(in crate::command) target: &'m Path,
    /// Its zip.
    pub(in crate::command) bundle: File,
    /// The receipt's bytes.
    pub(in crate::command) receipt: Vec<u8>,
}

/// What was written is read back and judged as an auditor would at `now`; gives the number of files
/// that the manifests list.
pub(in crate::command) fn verify_again(
    made: Made<'_>,
    identity: Option<&Identity>,
    now: Moment,
    watch: Watch<'_>,
) -> Result<usize> {
    let target = made.target;
    let opened = bundle::verify_file(made.bundle, target, watch)?;
    let broken = |what: &str| {
        Error::new(format_args!(
            "`{}` does not verify after writing: {what}",
            target.display()
        ))
        .hint("it was not kept; check the disk and build again")
    };
    let missing = members::missing(&opened)?;
    if let Some(defect) = opened.defects.iter().chain(&missing).next() {
        return Err(broken(&format!("`{}`: {}", defect.path, defect.message)));
    }
    let Some(identity) = identity else {
        return Ok(opened.files.len());
    };
    let signed = opened.signature.as_deref().zip(opened.root);
    let (signature, root) = signed.ok_or_else(|| broken("it has no signature"))?;
    let anchor = identity
        .certificates()
        .last()
        .unwrap_or(identity.certificate());
    let anchors = [TrustAnchor::from(anchor.clone())];
    let report = verify_pdf(&opened.read(REPORT, REPORT_MOST)?, &anchors, now)
        .ok_or_else(|| broken("its report has no signature"))?;
    let receipt = verify_pdf(&made.receipt, &anchors, now);
    let receipt = receipt.ok_or_else(|| broken("its receipt has no signature"))?;
    for verification in [
        verify_detached(signature, root, &anchors, now),
        report,
        receipt,
    ] {
        if !verification.holds() {
            return Err(broken(&why_not(verification)));
        }
    }
    Ok(opened.files.len())
}

fn why_not(verification: Verification) -> String {
    let problem = verification.problems.into_iter().next();
    let problem = problem.map(|problem| problem.message);
    let untrusted = verification.signer.and_then(|signer| signer.why_not);
    problem.or(untrusted).unwrap_or_default()
}
