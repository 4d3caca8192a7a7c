//! The report: an assessment as a tagged PDF/A-3b (ISO 19005-3) and PDF/UA-1 (ISO 14289-1)
//! document.
//!
//! The templates in `report-templates/` only lay out; what is shown, in which order and how much
//! of it is decided here, in [`view`]. Texts from the data are strings to Typst, never markup,
//! and have passed through [`legible`].

mod glyphs;
mod limits;
mod sheets;
mod text;
mod view;
mod world;

use chrono::{DateTime, Datelike, FixedOffset, Timelike, Utc};
use comemo::evict;
use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::{Datetime, Smart};
use typst::{World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::assess::Assessment;
use crate::digest::Digest;
use crate::error::{Error, Result};
use crate::time::Moment;

pub use glyphs::legible;
pub(super) use text::texts;
use world::SealedWorld;

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

/// The report as PDF, in the engagement's language, unsigned.
///
/// The same assessment and `about` give the same bytes. An error means that the template and the
/// data did not fit, which no data should bring about.
pub fn render(assessment: &Assessment, about: &About) -> Result<Vec<u8>> {
    render_with_warnings(assessment, about).map(|(pdf, _)| pdf)
}

fn render_with_warnings(assessment: &Assessment, about: &About) -> Result<(Vec<u8>, Vec<String>)> {
    let data = view::data(assessment, about)?;
    let result = typeset(data, assessment.generated_at, about);
    // Typst remembers every layout for the next compilation; there is none of the same document.
    evict(0);
    result
}

fn typeset(
    data: Vec<u8>,
    now: DateTime<FixedOffset>,
    about: &About,
) -> Result<(Vec<u8>, Vec<String>)> {
    let world = SealedWorld::new(data, now);
    let Warned { output, warnings } = typst::compile::<PagedDocument>(&world);
    let document = output.map_err(|errors| failed(&world, "lay out", &errors))?;
    let options = options(now, about)?;
    let pdf =
        typst_pdf::pdf(&document, &options).map_err(|errors| failed(&world, "write", &errors))?;
    Ok((pdf, warnings.iter().map(|w| describe(&world, w)).collect()))
}

fn options(now: DateTime<FixedOffset>, about: &About) -> Result<PdfOptions> {
    let standards =
        PdfStandards::new(&[PdfStandard::A_3b, PdfStandard::Ua_1]).map_err(|error| {
            Error::new(format_args!("cannot write the report: {}", error.message()))
        })?;
    Ok(PdfOptions {
        ident: Smart::Custom(about.bundle_id.clone()),
        creator: Smart::Custom(Some(format!("kisms {}", about.version))),
        timestamp: timestamp(now.to_utc()),
        page_ranges: None,
        standards,
        tagged: true,
        pretty: false,
    })
}

/// `None` for times that a PDF cannot name.
fn timestamp(now: DateTime<Utc>) -> Option<Timestamp> {
    let part = |number: u32| u8::try_from(number).ok();
    let time = Datetime::from_ymd_hms(
        now.year(),
        part(now.month())?,
        part(now.day())?,
        part(now.hour())?,
        part(now.minute())?,
        part(now.second())?,
    )?;
    Some(Timestamp::new_utc(time))
}

fn failed(world: &SealedWorld, doing: &str, errors: &[SourceDiagnostic]) -> Error {
    let messages: Vec<String> = errors.iter().map(|e| describe(world, e)).collect();
    Error::new(format_args!(
        "cannot {doing} the report: {}",
        messages.join("; ")
    ))
    .hint("this is a fault of kisms: please report it with this message")
}

/// The message with the template's place and Typst's hints.
fn describe(world: &SealedWorld, diagnostic: &SourceDiagnostic) -> String {
    let mut text = diagnostic.message.to_string();
    if let Some(place) = place(world, diagnostic) {
        text = format!("{place}: {text}");
    }
    for hint in &diagnostic.hints {
        text.push_str(", ");
        text.push_str(&hint.v);
    }
    text
}

/// `parts.typ:12`.
fn place(world: &SealedWorld, diagnostic: &SourceDiagnostic) -> Option<String> {
    let id = diagnostic.span.id()?;
    let range = world.range(diagnostic.span)?;
    let source = world.source(id).ok()?;
    let line = source.lines().byte_to_line(range.start)?;
    Some(format!("{}:{}", id.vpath().get_without_slash(), line + 1))
}

#[cfg(test)]
#[path = "../../../tests/samples/assessments.rs"]
mod samples;
#[cfg(test)]
mod tests;
