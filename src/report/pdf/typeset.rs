//! Data and template become a tagged PDF/A-3b and PDF/UA-1 file.

use std::num::NonZero;
use std::sync::Once;
use std::thread;

use chrono::{DateTime, Datelike, FixedOffset, Timelike, Utc};
use comemo::evict;
use rayon::ThreadPoolBuilder;
use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::{Datetime, Smart};
use typst::{World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::templates::Templates;
use super::world::{SealedWorld, Template};
use super::{About, apart, pack};
use crate::error::{Error, Result};
use crate::fault::listed;

/// What a document is laid out with, beside its data.
pub(super) struct Setting<'s> {
    /// Which one.
    pub template: Template,
    /// The signer's claimed time.
    pub now: DateTime<FixedOffset>,
    /// The bundle's name.
    pub ident: &'s str,
    /// What made it.
    pub creator: String,
}

/// The document of `template` with this `data.json`, packed. A warning of Typst is an error: it
/// says that something is not shown as it was meant.
///
/// An organisation's own templates are laid out by another process, within bounds.
pub(super) fn typeset(
    template: Template,
    data: Vec<u8>,
    now: DateTime<FixedOffset>,
    about: &About,
) -> Result<Vec<u8>> {
    let templates = &about.templates;
    let own = if templates.names().is_empty() {
        ""
    } else {
        ", with own templates"
    };
    let setting = Setting {
        template,
        now,
        ident: &about.bundle_id,
        creator: format!("kisms {}{own}", about.version),
    };
    let pdf = match templates.apart() {
        Some(apart) => apart::typeset(&setting, &data, templates, apart),
        None => compile(&setting, data, templates),
    };
    pack::pack(pdf?)
}

/// Bytes of a thread's stack, as the standard library has it.
const STACK: usize = 2 << 20;

/// Gives Typst as many threads as there are processors. Rayon, whose threads they are, would take any
/// number from the environment, and end the run where there cannot be so many.
fn prepare_threads() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let pool = ThreadPoolBuilder::new().num_threads(threads);
        // Whoever made threads before keeps them.
        let _ = pool.stack_size(STACK).build_global();
    });
}

/// The document, laid out by this process.
pub(super) fn compile(
    setting: &Setting<'_>,
    data: Vec<u8>,
    templates: &Templates,
) -> Result<Vec<u8>> {
    prepare_threads();
    let world = SealedWorld::new(setting.template, templates, data, setting.now);
    let result = lay_out(&world, setting).map_err(|said| said.error(templates));
    // Typst remembers every layout for the next compilation; there is none of the same document.
    evict(0);
    result
}

fn lay_out(world: &SealedWorld, setting: &Setting<'_>) -> std::result::Result<Vec<u8>, Said> {
    let Warned { output, warnings } = typst::compile::<PagedDocument>(world);
    let document = output.map_err(|errors| Said::of(world, "lay out", &errors))?;
    if !warnings.is_empty() {
        return Err(Said::of(world, "lay out", &warnings));
    }
    let options = options(setting).map_err(|error| Said {
        doing: "write",
        messages: vec![error],
    })?;
    typst_pdf::pdf(&document, &options).map_err(|errors| Said::of(world, "write", &errors))
}

fn options(setting: &Setting<'_>) -> std::result::Result<PdfOptions, String> {
    let standards = PdfStandards::new(&[PdfStandard::A_3b, PdfStandard::Ua_1]);
    Ok(PdfOptions {
        ident: Smart::Custom(setting.ident.to_owned()),
        creator: Smart::Custom(Some(setting.creator.clone())),
        timestamp: timestamp(setting.now.to_utc()),
        page_ranges: None,
        standards: standards.map_err(|error| error.message().to_string())?,
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

/// What Typst said that is in the way of a document.
struct Said {
    doing: &'static str,
    messages: Vec<String>,
}

impl Said {
    fn of(world: &SealedWorld, doing: &'static str, said: &[SourceDiagnostic]) -> Self {
        let messages = said.iter().map(|said| describe(world, said)).collect();
        Self { doing, messages }
    }

    fn error(&self, templates: &Templates) -> Error {
        let Self { doing, messages } = self;
        let error = Error::new(format_args!(
            "cannot {doing} the report: {}",
            messages.join("; ")
        ));
        match templates.names().as_slice() {
            [] => error.hint("this is a fault of kisms: please report it with this message"),
            own => error.hint(format_args!(
                "your own templates are {}: mend them, or move them out of `templates/`",
                listed(own)
            )),
        }
    }
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

/// `parts.typ:12:5`, `templates/parts.typ:12:5` if it is an organisation's own.
fn place(world: &SealedWorld, diagnostic: &SourceDiagnostic) -> Option<String> {
    let id = diagnostic.span.id()?;
    let range = world.range(diagnostic.span)?;
    let source = world.source(id).ok()?;
    let line = source.lines().byte_to_line(range.start)? + 1;
    let column = source.lines().byte_to_column(range.start)? + 1;
    let name = id.vpath().get_without_slash();
    let folder = if world.is_own(id) { "templates/" } else { "" };
    Some(format!("{folder}{name}:{line}:{column}"))
}
