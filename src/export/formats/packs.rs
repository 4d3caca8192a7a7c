//! `describe-conformance-packs`: the ids with which the names of a pack's rules end.

use serde::Deserialize;

use crate::evidence::{ConformancePack, ListingKind, Provenance, Scope};
use crate::export::element::{ElementError, element};
use crate::export::field::{Name, Optional, Text};
use crate::export::path;
use crate::export::staged::Staged;

use super::filter::Filter;
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
    conformance_pack_name: Name<'a>,
    #[serde(borrow, alias = "conformancePackId")]
    conformance_pack_id: Name<'a>,
    #[serde(borrow, alias = "conformancePackArn")]
    conformance_pack_arn: Optional<Text<'a>>,
    #[serde(alias = "scope")]
    scope: Optional<Filter>,
}

fn read(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(text, |row| {
        let pack = ConformancePack {
            at,
            name: staged.text(&row.conformance_pack_name),
            id: staged.text(&row.conformance_pack_id),
            place: path::place_of_arn(row.conformance_pack_arn.as_deref().unwrap_or_default())
                .unwrap_or_default(),
            scope: row.scope.0.map(Scope::from).unwrap_or_default(),
        };
        staged.packs.push(pack);
        Ok(())
    })
}
