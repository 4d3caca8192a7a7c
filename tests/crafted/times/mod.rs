//! Times: what is claimed, what is proven, when certificates are valid, and when it is judged.

mod claims;
mod stamps;

use crate::table::Row;

const FAMILY: &str = "times";

const FUTURE: &str = "signing_time_future";

const OUTSIDE: &str = "signing_time_outside";

const UNKNOWN: &str = "signer_unknown";

pub fn rows() -> Vec<Row> {
    [
        claims::claims(),
        claims::any_signer(),
        claims::validity(),
        stamps::expired(),
        stamps::tokens(),
        stamps::report(),
        stamps::authorities(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
