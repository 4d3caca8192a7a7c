//! Data and template become a tagged PDF/A-3b and PDF/UA-1 file.

use chrono::{DateTime, Datelike, FixedOffset, Timelike, Utc};
use comemo::evict;
use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::{Datetime, Smart};
use typst::{World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::world::{SealedWorld, Template};
use super::{About, pack};
use crate::error::{Error, Result};

/// The document of `template` with this `data.json`, packed. A warning of Typst is an error: it
/// says that something is not shown as it was meant.
pub(super) fn typeset(
    template: Template,
    data: Vec<u8>,
    now: DateTime<FixedOffset>,
    about: &About,
) -> Result<Vec<u8>> {
    let result = compile(&SealedWorld::new(template, data, now), now, about);
    // Typst remembers every layout for the next compilation; there is none of the same document.
    evict(0);
    pack::pack(result?)
}

fn compile(world: &SealedWorld, now: DateTime<FixedOffset>, about: &About) -> Result<Vec<u8>> {
    let Warned { output, warnings } = typst::compile::<PagedDocument>(world);
    let document = output.map_err(|errors| failed(world, "lay out", &errors))?;
    if !warnings.is_empty() {
        return Err(failed(world, "lay out", &warnings));
    }
    let options = options(now, about)?;
    typst_pdf::pdf(&document, &options).map_err(|errors| failed(world, "write", &errors))
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
