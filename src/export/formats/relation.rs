//! `relationships` of an item: resources that exist beside it, recorded or not.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::catalogue::catalogue;
use crate::evidence::ConfigurationItem;
use crate::export::element::Problem;
use crate::export::field::{List, Optional, Text};
use crate::export::staged::Staged;

use super::discovered::mentioned;

/// What these are related to may be in another account or region.
const LEADING_OUT: [&str; 3] = [
    "AWS::EC2::VPCPeeringConnection",
    "AWS::EC2::TransitGatewayAttachment",
    "AWS::CloudTrail::Trail",
];

/// What a mapped rule judges: no result rests on what else is there. A VPC, which others come with, is among
/// them.
static JUDGED: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let rules = catalogue().rules.values();
    let types = rules.flat_map(|rule| &rule.resource_types);
    types.map(String::as_str).collect()
});

/// The other end of a relationship.
#[derive(Deserialize)]
pub struct Relation<'a> {
    #[serde(borrow, rename = "resourceType")]
    kind: Optional<Text<'a>>,
    #[serde(borrow, rename = "resourceId")]
    id: Optional<Text<'a>>,
    #[serde(borrow, rename = "resourceName")]
    name: Optional<Text<'a>>,
}

/// Notes what the item is related to, unless it is gone.
pub fn note(
    item: &ConfigurationItem<'_>,
    relations: List<Relation<'_>>,
    staged: &mut Staged,
) -> Result<(), Problem> {
    let leads_out = LEADING_OUT.contains(&&*item.resource_type);
    if item.is_deleted() || leads_out {
        return Ok(());
    }
    let is_global = item.place.is_global();
    for relation in relations.0 {
        let (kind, name) = (relation.kind.text(), relation.name.text());
        // IAM's ids are not its names: by a name alone nobody finds a verdict.
        let by_name = kind
            .as_ref()
            .is_some_and(|kind| !kind.starts_with("AWS::IAM::"));
        let id = (relation.id.text()).or_else(|| name.clone().filter(|_| by_name));
        let (Some(kind), Some(id)) = (kind, id) else {
            continue;
        };
        // In which region a resource is to which a global one is related, nobody says.
        let elsewhere = is_global && service_of(&kind) != service_of(&item.resource_type);
        if elsewhere || !JUDGED.contains(&*kind) {
            continue;
        }
        staged.mention(&ConfigurationItem {
            place: item.place.clone(),
            resource_name: name,
            captured_at: item.captured_at.clone(),
            ..mentioned(item.at, kind, id)
        })?;
    }
    Ok(())
}

/// `AWS::EC2` of `AWS::EC2::VPC`.
fn service_of(kind: &str) -> &str {
    kind.rsplit_once("::").map_or("", |(service, _)| service)
}
