//! The report: an assessment as a tagged PDF/A-3b (ISO 19005-3) and PDF/UA-1 (ISO 14289-1)
//! document.
//!
//! The templates in `report-templates/` only lay out; what is shown, in which order and how much
//! of it is decided here, in [`view`]. Texts from the data are strings to Typst, never markup,
//! and have passed through [`legible`].

mod apart;
mod appendix;
mod decisions;
mod failing;
mod gaps;
mod glyphs;
mod holdings;
mod inputs;
mod limits;
mod pack;
mod receipt;
mod rows;
mod rules;
mod sheets;
mod summary;
mod templates;
mod text;
mod typeset;
mod view;
mod world;

use std::cmp::Reverse;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::assess::Assessment;
use crate::digest::Digest;
use crate::error::Result;
use crate::time::Moment;

use failing::Failing;
use holdings::Holdings;

pub use apart::{Apart, Exceeded, Limits, serve};
pub use glyphs::legible;
pub use receipt::{Sealed, receipt};
pub use templates::{BUILT_IN, Templates};
use typeset::typeset;
use world::Template;

/// What the report says of the bundle in which it travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The bundle's name, `kisms-<period>-<8 hex>`.
    pub bundle_id: String,
    /// SHA-256 over the sorted manifest lines of exports, evidence and engagement.
    pub inputs_digest: Digest,
    /// The version of kisms.
    pub version: &'static str,
    /// Who will sign; `None` for a bundle without a signature.
    pub signer: Option<SignerAbout>,
    /// What it is laid out with.
    pub templates: Templates,
}

/// Who will sign the bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignerAbout {
    /// The certificate's subject.
    pub subject: String,
    /// SHA-256 of the certificate (DER).
    pub sha256: Digest,
    /// The certificate's last moment.
    pub valid_until: Moment,
}

/// A finished PDF of the bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Where it lies in the bundle, `data/report.pdf` or `data/appendix/…`.
    pub path: String,
    /// The file, unsigned.
    pub pdf: Vec<u8>,
}

/// Where the report lies in a bundle.
pub const REPORT: &str = "data/report.pdf";

/// How many documents are made at a time: each takes its share of the memory.
const THREADS: usize = 2;

/// The report, then the appendices for what would make it too long, in the engagement's language.
///
/// The same assessment and `about` give the same bytes. An error means that a template and the
/// data did not fit, which no data should bring about.
pub fn documents(assessment: &Assessment, about: &About) -> Result<Vec<Document>> {
    let failing = Failing::of(assessment);
    let holdings = Holdings::of(&failing);
    let appendices = appendix::appendices(assessment, &holdings);
    // The longest first, so that no thread waits for another's at the end.
    let mut order: Vec<usize> = (0..appendices.len()).collect();
    order.sort_by_key(|&at| Reverse(appendices[at].len()));
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            let (at, document) = match turn.checked_sub(1).map(|turn| order.get(turn)) {
                None => (0, report(assessment, about)),
                Some(Some(&at)) => {
                    let appendix = &appendices[at];
                    (at + 1, appendix::render(assessment, about, appendix))
                }
                Some(None) => return done,
            };
            let stop = document.is_err();
            done.push((at, document));
            if stop {
                return done;
            }
        }
    };
    let mut done: Vec<(usize, Result<Document>)> = thread::scope(|scope| {
        let others: Vec<_> = (1..THREADS).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, document)| document).collect()
}

/// The report alone.
pub fn report(assessment: &Assessment, about: &About) -> Result<Document> {
    let data = view::report(assessment, about)?;
    let pdf = typeset(Template::Report, data, assessment.generated_at, about)?;
    Ok(Document {
        path: REPORT.to_owned(),
        pdf,
    })
}

#[cfg(test)]
#[path = "../../../tests/samples/assessments.rs"]
mod samples;
#[cfg(test)]
mod tests;
