//! What a time-stamp proves, and of whom.

use super::{FAMILY, UNKNOWN};
use crate::forge::certificate::{Certificate, root, tsa, tsa_root};
use crate::forge::stamp::Stamp;
use crate::table::{Row, row};

/// A signer who is not valid any more when it is judged: in 2028, or when the time-stamping authority's is not either, in 2031.
pub fn expired() -> Vec<Row> {
    const LATER: &str = "2028-06-01T00:00:00Z";
    const LAST: &str = "2031-06-01T00:00:00Z";
    let plain = |name: &str| row(FAMILY, format!("expired: {name}"), |_| {});
    let stamped = |name: &str, time: &'static str| {
        row(FAMILY, format!("expired: {name}"), move |forge| {
            forge.stamps = vec![Stamp::at(time)];
        })
    };
    vec![
        plain("nothing asked").at(LATER),
        plain("a time-stamp asked, none there")
            .at(LATER)
            .require_timestamp()
            .no(&["timestamp_missing", "signer_expired"]),
        plain("the same in the certificate's last second")
            .at("2027-12-31T23:59:59Z")
            .require_timestamp()
            .no(&["timestamp_missing"]),
        plain("the same, any signer")
            .at(LATER)
            .any_signer()
            .require_timestamp()
            .no(&["timestamp_missing", "signer_expired"]),
        stamped("stamped in time", "20261015003100Z")
            .at(LATER)
            .require_timestamp(),
        stamped("stamped in its last second", "20271231235959Z")
            .at(LATER)
            .require_timestamp(),
        stamped("stamped a second too late", "20280101000000Z")
            .at(LATER)
            .require_timestamp()
            .no(&[UNKNOWN]),
        stamped(
            "the authority's certificate too, nothing asked",
            "20261015003100Z",
        )
        .at(LAST),
        stamped("the authority's certificate too", "20261015003100Z")
            .at(LAST)
            .require_timestamp()
            .no(&["timestamp_expired", "signer_expired"]),
        stamped("stamped, its authority unknown", "20261015003100Z")
            .at(LATER)
            .require_timestamp()
            .trust(vec![root()])
            .no(&["timestamp_untrusted", "signer_expired"]),
    ]
}

/// A token's time beside the claim of 2026-10-15T00:30:00Z and the moment of judging.
pub fn tokens() -> Vec<Row> {
    let cases: [(&str, &str, &str, &[&str]); 11] = [
        (
            "the same second",
            "20261015003000Z",
            "2026-12-01T00:00:00Z",
            &[],
        ),
        (
            "a month later",
            "20261115003000Z",
            "2026-12-01T00:00:00Z",
            &[],
        ),
        (
            "five minutes before the claim",
            "20261015002500Z",
            "2026-12-01T00:00:00Z",
            &[],
        ),
        (
            "five minutes and a second before",
            "20261015002459Z",
            "2026-12-01T00:00:00Z",
            &["timestamp_before_claim"],
        ),
        (
            "a year before",
            "20251015003000Z",
            "2026-12-01T00:00:00Z",
            &["timestamp_before_claim", UNKNOWN],
        ),
        (
            "the moment of judging",
            "20261201000000Z",
            "2026-12-01T00:00:00Z",
            &[],
        ),
        (
            "a minute ahead of the clock",
            "20261201000100Z",
            "2026-12-01T00:00:00Z",
            &[],
        ),
        (
            "a minute and a second ahead",
            "20261201000101Z",
            "2026-12-01T00:00:00Z",
            &["timestamp_future", "timestamp_untrusted"],
        ),
        (
            "in 2041",
            "20410101000000Z",
            "2026-12-01T00:00:00Z",
            &["timestamp_future", "timestamp_untrusted"],
        ),
        (
            "before its authority's certificate",
            "20241231235959Z",
            "2026-12-01T00:00:00Z",
            &["timestamp_untrusted"],
        ),
        (
            "with a fraction of a second",
            "20261015003000.25Z",
            "2026-12-01T00:00:00Z",
            &[],
        ),
    ];
    let rows = cases.map(|(name, time, at, codes)| {
        row(FAMILY, format!("token: {name}"), move |forge| {
            forge.stamps = vec![Stamp::at(time)];
        })
        .at(at)
        .require_timestamp()
        .no(codes)
    });
    rows.into_iter().collect()
}

/// Times that the bundle's signature and the report's name apart.
pub fn report() -> Vec<Row> {
    let report = |name: &str, at: &'static str| {
        row(FAMILY, format!("report: {name}"), move |forge| {
            forge.report_claimed = Some(at.to_owned());
        })
    };
    vec![
        report("claimed a day before the bundle", "2026-10-14T00:30:00Z"),
        report("claimed in 2041", "2041-01-01T00:00:00Z").no(&[
            "signing_time_future data/report.pdf",
            "signing_time_outside data/report.pdf",
            "signer_unknown data/report.pdf",
        ]),
        report("claimed before the certificate", "2025-06-01T00:00:00Z").no(&[
            "signing_time_outside data/report.pdf",
            "signer_unknown data/report.pdf",
        ]),
        row(FAMILY, "report: stamped before its claim", |forge| {
            forge.report_stamp = Some(Stamp::at("20261014003000Z"));
        })
        .no(&["timestamp_before_claim data/report.pdf"]),
        row(FAMILY, "report: stamped in time", |forge| {
            forge.report_stamp = Some(Stamp::at("20261015003100Z"));
        }),
    ]
}

/// How long the time-stamping authority's certificates are valid, at a token of 2026-10-15.
pub fn authorities() -> Vec<Row> {
    let by = |name: &str, authority: fn() -> Certificate| {
        row(FAMILY, format!("authority: {name}"), move |forge| {
            let mut stamp = Stamp::at("20261015003000Z");
            stamp.chain = vec![authority()];
            forge.stamps = vec![stamp];
        })
        .require_timestamp()
    };
    let old = || tsa_root().valid("2020-01-01T00:00:00Z", "2026-09-30T23:59:59Z");
    vec![
        by("ended before the token", || {
            tsa().valid("2025-01-01T00:00:00Z", "2026-10-15T00:29:59Z")
        })
        .no(&["timestamp_untrusted"]),
        by("ended with the token", || {
            tsa().valid("2025-01-01T00:00:00Z", "2026-10-15T00:30:00Z")
        })
        .no(&["timestamp_expired"]),
        by("begins after the token", || {
            tsa().valid("2026-10-15T00:30:01Z", "2030-12-31T23:59:59Z")
        })
        .no(&["timestamp_untrusted"]),
        by("its root ended before the token", tsa)
            .trust(vec![root(), old()])
            .no(&["timestamp_untrusted"]),
    ]
}
