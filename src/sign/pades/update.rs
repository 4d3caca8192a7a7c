//! The update that carries the signature, with an empty place for it.

use std::io::Write as _;

use lopdf::{Dictionary, Document, Object, ObjectId, Writer, dictionary};

use super::{Hole, RESERVED};
use crate::error::{Error, Result};
use crate::time::Moment;

/// Widths of the numbers in `/ByteRange`, which are known only at the end.
const RANGE: usize = 40;

/// A PDF whose signature is still empty.
pub(super) struct Prepared {
    pub(super) bytes: Vec<u8>,
    pub(super) hole: Hole,
}

/// Adds the signature dictionary, its field, and the cross-references to them.
pub(super) fn prepare(pdf: Vec<u8>, signer: &str, time: Moment) -> Result<Prepared> {
    let document = Document::load_mem(&pdf).map_err(|e| unfit(&e))?;
    let mut update = Update::new(pdf)?;
    let (signature, field) = (update.next_id(), update.next_id());
    let [catalog, page] = [
        catalog(&document, signature, field)?,
        page(&document, field)?,
    ];
    let hole = update.signature(signature, signer, time)?;
    update.object(field, &widget(signature, page.0).into())?;
    update.object(catalog.0, &catalog.1.into())?;
    update.object(page.0, &page.1.into())?;
    update.finish(&document.trailer)?;
    let mut bytes = update.bytes;
    let range = [hole.start, hole.end, bytes.len() - hole.end];
    let range = format!("[0 {} {} {}", range[0], range[1], range[2]);
    let place = hole.start - "/Contents".len() - RANGE - 1;
    bytes[place..place + range.len()].copy_from_slice(range.as_bytes());
    Ok(Prepared { bytes, hole })
}

fn unfit(why: &dyn std::fmt::Display) -> Error {
    Error::new(format_args!("the PDF cannot be signed: {why}"))
        .hint("this is a fault of kisms: please report it with this message")
}

/// The document's first page, to which the field belongs.
fn page(document: &Document, field: ObjectId) -> Result<(ObjectId, Dictionary)> {
    let pages = document.get_pages();
    let id = *pages.get(&1).ok_or_else(|| unfit(&"it has no page"))?;
    let mut page = document.get_dictionary(id).map_err(|e| unfit(&e))?.clone();
    let mut annotations = match page.get(b"Annots") {
        Ok(there) => {
            let (_, there) = document.dereference(there).map_err(|e| unfit(&e))?;
            there.as_array().map_err(|e| unfit(&e))?.clone()
        }
        Err(_) => Vec::new(),
    };
    annotations.push(field.into());
    page.set("Annots", annotations);
    // ISO 14289-1 section 7.18.3.
    page.set("Tabs", "S");
    Ok((id, page))
}

/// The catalogue with the form, and with the signature as the one that certifies the document.
fn catalog(
    document: &Document,
    signature: ObjectId,
    field: ObjectId,
) -> Result<(ObjectId, Dictionary)> {
    let root = document.trailer.get(b"Root").and_then(Object::as_reference);
    let id = root.map_err(|e| unfit(&e))?;
    let mut catalog = document.get_dictionary(id).map_err(|e| unfit(&e))?.clone();
    if catalog.has(b"AcroForm") || catalog.has(b"Perms") {
        return Err(unfit(&"it has a form already"));
    }
    // SignaturesExist and AppendOnly, ISO 32000-1 table 219.
    let form = dictionary! { "Fields" => vec![field.into()], "SigFlags" => 3 };
    catalog.set("AcroForm", form);
    catalog.set("Perms", dictionary! { "DocMDP" => signature });
    Ok((id, catalog))
}

fn widget(signature: ObjectId, page: ObjectId) -> Dictionary {
    let name = |name: &str| Object::Name(name.into());
    dictionary! {
        "Type" => name("Annot"),
        "Subtype" => name("Widget"),
        "FT" => name("Sig"),
        "T" => Object::string_literal("KismsSignature1"),
        // What assistive technology reads out (ISO 14289-1 section 7.18.1).
        "TU" => Object::string_literal("Electronic signature of the applicant"),
        "V" => signature,
        // Print and Locked (ISO 19005-3 section 6.3.2).
        "F" => 132,
        "Rect" => vec![Object::Integer(-10); 4],
        "P" => page,
    }
}

/// The bytes so far, and where the new objects stand in them.
struct Update {
    bytes: Vec<u8>,
    previous: usize,
    /// Whether the cross-references are a stream: an update keeps the kind.
    streams: bool,
    next: u32,
    /// Object number and offset.
    places: Vec<(ObjectId, usize)>,
}

impl Update {
    fn new(mut bytes: Vec<u8>) -> Result<Self> {
        let previous = number_after(&bytes, b"startxref", true);
        let previous = previous.ok_or_else(|| unfit(&"it has no startxref"))?;
        let streams = !bytes
            .get(previous..)
            .is_some_and(|end| end.starts_with(b"xref"));
        let size = bytes
            .get(previous..)
            .and_then(|end| number_after(end, b"/Size", false))
            .and_then(|size| u32::try_from(size).ok());
        let next = size.ok_or_else(|| unfit(&"it has no size"))?;
        if !bytes.ends_with(b"\n") {
            bytes.push(b'\n');
        }
        Ok(Self {
            bytes,
            previous,
            streams,
            next,
            places: Vec::new(),
        })
    }

    fn next_id(&mut self) -> ObjectId {
        self.next += 1;
        (self.next - 1, 0)
    }

    fn put(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn begin(&mut self, id: ObjectId) {
        self.places.push((id, self.bytes.len()));
        self.put(&format!("{} {} obj\n", id.0, id.1));
    }

    fn write(&mut self, object: &Object) -> Result<()> {
        Writer::write_object(&mut self.bytes, object).map_err(|e| unfit(&e))
    }

    fn object(&mut self, id: ObjectId, object: &Object) -> Result<()> {
        self.begin(id);
        self.write(object)?;
        self.put("\nendobj\n");
        Ok(())
    }

    /// The signature dictionary (ISO 32000-1 table 252), with `DocMDP` that permits nothing (table 254).
    fn signature(&mut self, id: ObjectId, signer: &str, time: Moment) -> Result<Hole> {
        self.begin(id);
        self.put("<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/Name");
        self.write(&lopdf::text_string(signer))?;
        let time = time.format("%Y%m%d%H%M%SZ");
        self.put(&format!("/M(D:{time})"));
        self.put("/Reference[<</Type/SigRef/TransformMethod/DocMDP");
        self.put("/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]");
        self.put(&format!("/ByteRange{:RANGE$}]/Contents", "["));
        let start = self.bytes.len();
        self.put("<");
        self.bytes.resize(start + 1 + 2 * RESERVED, b'0');
        self.put(">");
        let end = self.bytes.len();
        self.put(">>\nendobj\n");
        Ok(Hole { start, end })
    }

    /// The cross-references and the trailer.
    fn finish(&mut self, old: &Dictionary) -> Result<()> {
        let mut trailer = Dictionary::new();
        for key in [b"Root".as_slice(), b"Info", b"ID"] {
            if let Ok(value) = old.get(key) {
                trailer.set(key, value.clone());
            }
        }
        let previous = i64::try_from(self.previous).map_err(|e| unfit(&e))?;
        trailer.set("Prev", previous);
        let start = self.bytes.len();
        if self.streams {
            let id = self.next_id();
            self.places.push((id, start));
            self.stream(id, trailer)?;
        } else {
            self.table(trailer)?;
        }
        self.put(&format!("startxref\n{start}\n%%EOF\n"));
        Ok(())
    }

    /// ISO 32000-1 section 7.5.4.
    fn table(&mut self, mut trailer: Dictionary) -> Result<()> {
        self.places.sort_unstable();
        self.put("xref\n");
        for ((number, generation), at) in std::mem::take(&mut self.places) {
            self.put(&format!("{number} 1\n{at:010} {generation:05} n \n"));
        }
        self.put("trailer\n");
        trailer.set("Size", self.next);
        self.write(&trailer.into())?;
        self.put("\n");
        Ok(())
    }

    /// ISO 32000-1 section 7.5.8.
    fn stream(&mut self, id: ObjectId, mut trailer: Dictionary) -> Result<()> {
        self.places.sort_unstable();
        let mut index: Vec<Object> = Vec::new();
        let mut entries = Vec::new();
        for ((number, generation), at) in &self.places {
            index.extend([(*number).into(), 1.into()]);
            let at = u32::try_from(*at).map_err(|e| unfit(&e))?;
            entries.push(1);
            entries.extend_from_slice(&at.to_be_bytes());
            entries.extend_from_slice(&generation.to_be_bytes());
        }
        trailer.set("Type", Object::Name("XRef".into()));
        trailer.set("W", vec![1.into(), 4.into(), 2.into()]);
        trailer.set("Index", index);
        trailer.set("Size", self.next);
        trailer.set(
            "Length",
            i64::try_from(entries.len()).map_err(|e| unfit(&e))?,
        );
        self.put(&format!("{} {} obj\n", id.0, id.1));
        self.write(&trailer.into())?;
        self.put("\nstream\n");
        self.bytes
            .write_all(&entries)
            .expect("memory takes everything");
        self.put("\nendstream\nendobj\n");
        Ok(())
    }
}

/// The number after the first or the last place of this word.
fn number_after(bytes: &[u8], word: &[u8], last: bool) -> Option<usize> {
    let mut places = bytes.windows(word.len());
    let found = |window: &[u8]| window == word;
    let at = if last {
        places.rposition(found)
    } else {
        places.position(found)
    }?;
    let rest = bytes[at + word.len()..].trim_ascii_start();
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()
}
