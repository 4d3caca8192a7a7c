//! `relationships` of an item: resources that exist beside it, recorded or not.

use std::borrow::Cow;

use serde::Deserialize;

use crate::evidence::ConfigurationItem;
use crate::export::element::Problem;
use crate::export::staged::Staged;

use super::discovered::mentioned;

/// What these are related to may be in another account or region.
const LEADING_OUT: [&str; 3] = [
    "AWS::EC2::VPCPeeringConnection",
    "AWS::EC2::TransitGatewayAttachment",
    "AWS::CloudTrail::Trail",
];
/// What AWS Config calls the region of a resource that is in none.
const GLOBAL: &str = "global";

/// The other end of a relationship.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Relation<'a> {
    #[serde(borrow)]
    resource_type: Option<Cow<'a, str>>,
    #[serde(borrow)]
    resource_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    resource_name: Option<Cow<'a, str>>,
}

/// Notes what the item is related to, unless it is gone.
pub fn note(
    item: &ConfigurationItem<'_>,
    relations: Option<Vec<Relation<'_>>>,
    staged: &mut Staged,
) -> Result<(), Problem> {
    let leads_out = LEADING_OUT.contains(&&*item.resource_type);
    if item.is_deleted() || leads_out {
        return Ok(());
    }
    let service = |kind: &str| {
        kind.rsplit_once("::")
            .map_or("", |(service, _)| service)
            .to_owned()
    };
    let is_global = item.place.region.as_deref() == Some(GLOBAL);
    for relation in relations.into_iter().flatten() {
        let (Some(kind), Some(id)) = (relation.resource_type, relation.resource_id) else {
            continue;
        };
        // In which region a resource is to which a global one is related, nobody says.
        let elsewhere = is_global && service(&kind) != service(&item.resource_type);
        if kind.is_empty() || id.is_empty() || elsewhere {
            continue;
        }
        staged.mention(&ConfigurationItem {
            place: item.place.clone(),
            resource_name: relation.resource_name.filter(|name| !name.is_empty()),
            captured_at: item.captured_at.clone(),
            ..mentioned(item.at, kind, id)
        })?;
    }
    Ok(())
}
