//! The receipt: one page about a finished bundle, to be kept elsewhere than the bundle.

use serde_json::{Value, json};

use super::typeset::typeset;
use super::view::about_the_bundle;
use super::world::Template;
use super::{About, glyphs, text};
use crate::assess::Assessment;
use crate::digest::Digest;
use crate::error::{Error, Result};
use crate::time::{Moment, in_zone};

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
    /// Of a receipt that was made later than its bundle; `None` for one that was made with it.
    pub anew: Option<Anew>,
}

/// A receipt that is made for a bundle that has lost its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anew {
    /// When it is made.
    pub at: Moment,
    /// Whether it will be signed.
    pub signed: bool,
}

/// The receipt as PDF, in the engagement's language, unsigned. `about` must name the bundle's signer: what
/// nobody signed has no receipt.
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
            "anew": sealed.anew.map(|anew| in_zone(anew.at, engagement.period.zone())),
            "signed": sealed.anew.is_none_or(|anew| anew.signed),
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
    let made = sealed.anew.map(|anew| anew.at.fixed_offset());
    let made = made.unwrap_or(assessment.generated_at);
    typeset(Template::Receipt, data, made, about)
}

fn cut(text: &mut String) {
    if let Some((end, _)) = text.char_indices().nth(SHOWN) {
        text.truncate(end);
        text.push_str(" ...");
    }
}

#[cfg(test)]
mod tests;
