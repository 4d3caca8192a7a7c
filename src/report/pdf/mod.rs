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

use appendix::Appendix;
use failing::Failing;
use holdings::Holdings;

pub use apart::{Apart, Exceeded, Limits, serve};
pub use glyphs::legible;
pub use receipt::{Anew, Sealed, receipt};
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
    pub version: String,
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

/// How many appendices are made at a time: each takes its share of the memory.
const THREADS: usize = 2;

/// The report, then the appendices for what would make it too long, in the engagement's language.
///
/// The same assessment and `about` give the same bytes. An error means that a template and the
/// data did not fit, which no data should bring about.
pub fn documents(assessment: &Assessment, about: &About) -> Result<Vec<Document>> {
    // Nothing is laid out beside the report: it takes all processors itself, and whoever is done with
    // a document gives back all that Typst remembers, of the others' too.
    let mut documents = vec![report(assessment, about)?];
    let failing = Failing::of(assessment);
    let holdings = Holdings::of(&failing);
    let appendices = appendix::appendices(assessment, &holdings);
    documents.extend(on_threads(&appendices, |appendix| {
        appendix::render(assessment, about, appendix)
    })?);
    Ok(documents)
}

/// What `render` makes of each appendix, in their order; the longest is begun first, so that no thread
/// waits for another's at the end.
fn on_threads(
    appendices: &[Appendix<'_, '_>],
    render: impl Fn(&Appendix<'_, '_>) -> Result<Document> + Sync,
) -> Result<Vec<Document>> {
    let mut order: Vec<usize> = (0..appendices.len()).collect();
    order.sort_by_key(|&at| Reverse(appendices[at].len()));
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some(&at) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            let document = render(&appendices[at]);
            let stop = document.is_err();
            done.push((at, document));
            if stop {
                break;
            }
        }
        done
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
