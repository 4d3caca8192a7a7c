//! A sealed Typst world: templates, texts and fonts that are built in, and one file of data.
//!
//! Nothing else can be found from inside it: no file system, no package, no font of the system,
//! no clock. The same data therefore give the same document on every machine.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike, FixedOffset};
use serde::{Deserialize, Serialize};
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use super::templates::{BUILT_IN as BUILT_IN_FILES, Templates, is_texts};

/// The documents that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Template {
    /// `report.typ`.
    Report,
    /// `appendix.typ`.
    Appendix,
    /// `receipt.typ`.
    Receipt,
}

impl Template {
    /// The template's file.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Report => "report.typ",
            Self::Appendix => "appendix.typ",
            Self::Receipt => "receipt.typ",
        }
    }
}

const FONT_FILES: [&[u8]; 6] = [
    include_bytes!("../../../report-templates/fonts/Pretendard-Regular.otf"),
    include_bytes!("../../../report-templates/fonts/Pretendard-SemiBold.otf"),
    include_bytes!("../../../report-templates/fonts/Pretendard-Bold.otf"),
    include_bytes!("../../../report-templates/fonts/JetBrainsMono-Regular.ttf"),
    include_bytes!("../../../report-templates/fonts/NotoSansKR-Hanja.ttf"),
    include_bytes!("../../../report-templates/fonts/NotoEmoji-Symbols.ttf"),
];

/// The family of all text, in three weights.
pub(super) const FAMILY: &str = "Pretendard";
/// The families of what it lacks, in this order.
pub(super) const SUPPLEMENTS: [&str; 2] = ["Noto Sans KR", "Noto Emoji"];

/// What never changes from document to document.
struct BuiltIn {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    sources: Vec<Source>,
    data: FileId,
}

static BUILT_IN: LazyLock<BuiltIn> = LazyLock::new(|| {
    let fonts: Vec<Font> = FONT_FILES
        .iter()
        .flat_map(|file| Font::iter(Bytes::new(*file)))
        .collect();
    BuiltIn {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        sources: BUILT_IN_FILES
            .iter()
            .filter(|(path, _)| !is_texts(path))
            .map(|(path, text)| Source::new(file_id(path), (*text).to_owned()))
            .collect(),
        data: file_id("data.json"),
    }
});

fn file_id(path: &str) -> FileId {
    let path = VirtualPath::new(path).expect("the known paths are plain names");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// The fonts that are built in.
pub(super) fn fonts() -> &'static [Font] {
    &BUILT_IN.fonts
}

/// One document's world.
pub(super) struct SealedWorld {
    template: Template,
    /// An organisation's own, before those that are built in.
    own: Vec<Source>,
    data: Bytes,
    today: Option<Datetime>,
}

impl SealedWorld {
    /// The world of `template` whose `data.json` is `data` and whose day is that of `now`.
    pub(super) fn new(
        template: Template,
        templates: &Templates,
        data: Vec<u8>,
        now: DateTime<FixedOffset>,
    ) -> Self {
        let own = templates.own_texts().into_iter();
        Self {
            template,
            own: own
                .map(|(path, text)| Source::new(file_id(&path), text))
                .collect(),
            data: Bytes::new(data),
            today: day(now),
        }
    }
}

impl SealedWorld {
    /// Whether a file is an organisation's own.
    pub(super) fn is_own(&self, id: FileId) -> bool {
        self.own.iter().any(|source| source.id() == id)
    }
}

fn day(now: DateTime<FixedOffset>) -> Option<Datetime> {
    let part = |number: u32| u8::try_from(number).ok();
    Datetime::from_ymd(now.year(), part(now.month())?, part(now.day())?)
}

impl World for SealedWorld {
    fn library(&self) -> &LazyHash<Library> {
        &BUILT_IN.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BUILT_IN.book
    }

    fn main(&self) -> FileId {
        file_id(self.template.name())
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let mut sources = self.own.iter().chain(&BUILT_IN.sources);
        let known = sources.find(|source| source.id() == id);
        known.cloned().ok_or_else(|| not_found(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == BUILT_IN.data {
            Ok(self.data.clone())
        } else {
            Err(not_found(id))
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        BUILT_IN.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        self.today
    }
}

fn not_found(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_built_in_files_can_be_read() {
        let now = "2026-10-05T09:00:00+09:00".parse().expect("a time");
        let world = SealedWorld::new(Template::Report, &Templates::default(), b"{}".to_vec(), now);
        for path in ["etc/passwd", "Cargo.toml", "data.json.bak"] {
            assert!(world.file(file_id(path)).is_err(), "{path}");
            assert!(world.source(file_id(path)).is_err(), "{path}");
        }
        assert_eq!(
            world.file(file_id("data.json")),
            Ok(Bytes::new(b"{}".to_vec()))
        );
    }

    #[test]
    fn all_fonts_are_read() {
        let names: Vec<&str> = fonts().iter().map(|f| f.info().family.as_str()).collect();
        assert_eq!(
            names,
            [
                FAMILY,
                FAMILY,
                FAMILY,
                "JetBrains Mono",
                SUPPLEMENTS[0],
                SUPPLEMENTS[1]
            ]
        );
    }
}
