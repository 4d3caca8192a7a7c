//! `describe-conformance-packs`: the ids with which the names of a pack's rules end.

use std::borrow::Cow;

use serde::Deserialize;

use crate::evidence::{ConformancePack, ListingKind, Place, Provenance, Scope};
use crate::export::element::{ElementError, element};
use crate::export::staged::Staged;

use super::{Format, nothing_more};

pub const FORMAT: Format = Format {
    operation: "describe-conformance-packs",
    key: "ConformancePackDetails",
    marks: &["ConformancePackName", "ConformancePackId"],
    kind: ListingKind::Answer,
    read,
    counter: |records| &mut records.others,
    conclude: nothing_more,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row<'a> {
    #[serde(borrow, alias = "conformancePackName")]
    conformance_pack_name: Cow<'a, str>,
    #[serde(borrow, alias = "conformancePackId")]
    conformance_pack_id: Cow<'a, str>,
}

fn read(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(text, |row| {
        let pack = ConformancePack {
            at,
            name: staged.text(&row.conformance_pack_name),
            id: staged.text(&row.conformance_pack_id),
            place: Place::default(),
            scope: Scope::default(),
        };
        staged.packs.push(pack);
        Ok(())
    })
}
