//! The bag's tag files, signed by their own signer: manifests, bagit.txt and bag-info.txt (RFC 8493).

mod declarations;
mod infos;
mod manifests;

use crate::table::Row;

const FAMILY: &str = "lists";

pub fn rows() -> Vec<Row> {
    [
        manifests::lines(),
        manifests::manifests(),
        declarations::declarations(),
        infos::infos(),
        infos::fields(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
