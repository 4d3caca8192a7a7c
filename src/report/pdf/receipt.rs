//! The receipt: one page about a finished bundle, to be kept elsewhere than the bundle.

use serde_json::{Value, json};

use super::typeset::typeset;
use super::view::about_the_bundle;
use super::world::Template;
use super::{About, glyphs, text};
use crate::assess::Assessment;
use crate::digest::Digest;
use crate::error::{Error, Result};

/// Characters of one text from the data: with more, the receipt would not be one page.
const CHARACTERS: usize = 120;
/// The same once they are legible: an escape is longer than what it stands for.
const SHOWN: usize = 200;

/// A bundle as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    /// SHA-256 of its tagmanifest.
    pub root: Digest,
    /// SHA-256 of the zip.
    pub zip: Digest,
    /// The zip's bytes.
    pub bytes: u64,
}

/// The receipt as PDF, in the engagement's language, unsigned. `about` must name a signer: what nobody
/// signs is no receipt.
///
/// The same arguments give the same bytes. An error means that the template and the data did not
/// fit, which no data should bring about.
pub fn receipt(assessment: &Assessment, about: &About, sealed: &Sealed) -> Result<Vec<u8>> {
    let engagement = &assessment.engagement;
    let texts = about.templates.texts(engagement.language);
    let mut data = json!({
        "lang": engagement.language,
        "about": about_the_bundle(assessment, about),
        "engagement": {
            "organization": engagement.organization,
            "scope": engagement.scope,
            "period": engagement.period.label,
        },
        "receipt": {
            "root": sealed.root,
            "zip": sealed.zip,
            "bytes": sealed.bytes,
        },
    });
    let note = text::cut_note(&texts);
    glyphs::make_legible(&mut data, CHARACTERS, &note);
    for place in [
        "/engagement/organization",
        "/engagement/scope",
        "/about/signer/subject",
    ] {
        if let Some(Value::String(text)) = data.pointer_mut(place) {
            cut(text);
        }
    }
    data["text"] = texts;
    let data = serde_json::to_vec(&data)
        .map_err(|e| Error::new(format_args!("cannot write the receipt: {e}")))?;
    typeset(Template::Receipt, data, assessment.generated_at, about)
}

fn cut(text: &mut String) {
    if let Some((end, _)) = text.char_indices().nth(SHOWN) {
        text.truncate(end);
        text.push_str(" ...");
    }
}

#[cfg(test)]
mod tests;
