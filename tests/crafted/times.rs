//! Times: what is claimed, what is proven, when certificates are valid, and when it is judged.

use super::forge::Forge;
use super::forge::certificate::{Certificate, leaf, middle, root, tsa, tsa_root};
use super::forge::stamp::Stamp;
use super::table::{Row, row};

const FAMILY: &str = "times";
const FUTURE: &str = "signing_time_future";
const OUTSIDE: &str = "signing_time_outside";
const UNKNOWN: &str = "signer_unknown";

type Chain = fn() -> Vec<Certificate>;

fn claimed(at: &'static str) -> impl Fn(&mut Forge) {
    move |forge| at.clone_into(&mut forge.claimed)
}

/// The signer is valid in 2026 and 2027.
fn claims() -> Vec<Row> {
    let cases: [(&str, &str, &str, &[&str]); 12] = [
        (
            "the first second of the certificate",
            "2026-01-01T00:00:00Z",
            "2026-12-01T00:00:00Z",
            &[],
        ),
        (
            "a second before the certificate",
            "2025-12-31T23:59:59Z",
            "2026-12-01T00:00:00Z",
            &[OUTSIDE, UNKNOWN],
        ),
        (
            "the last second of the certificate",
            "2027-12-31T23:59:59Z",
            "2028-01-01T00:00:00Z",
            &[],
        ),
        (
            "a second after the certificate",
            "2028-01-01T00:00:00Z",
            "2028-01-01T00:00:00Z",
            &[OUTSIDE, UNKNOWN],
        ),
        (
            "long before the certificate",
            "1999-12-31T23:59:59Z",
            "2026-12-01T00:00:00Z",
            &[OUTSIDE, UNKNOWN],
        ),
        (
            "the moment of judging",
            "2026-12-01T00:00:00Z",
            "2026-12-01T00:00:00Z",
            &[],
        ),
        (
            "a minute ahead of the clock",
            "2026-12-01T00:01:00Z",
            "2026-12-01T00:00:00Z",
            &[],
        ),
        (
            "a minute and a second ahead",
            "2026-12-01T00:01:01Z",
            "2026-12-01T00:00:00Z",
            &[FUTURE, UNKNOWN],
        ),
        (
            "a day ahead",
            "2026-12-02T00:00:00Z",
            "2026-12-01T00:00:00Z",
            &[FUTURE, UNKNOWN],
        ),
        (
            "in 2041, after the certificate",
            "2041-01-01T00:00:00Z",
            "2026-12-01T00:00:00Z",
            &[FUTURE, OUTSIDE, UNKNOWN],
        ),
        (
            "in 2050, a GeneralizedTime",
            "2050-01-01T00:00:00Z",
            "2026-12-01T00:00:00Z",
            &[FUTURE, OUTSIDE, UNKNOWN],
        ),
        (
            "judged before it was signed",
            "2026-10-15T00:30:00Z",
            "2026-06-01T00:00:00Z",
            &[FUTURE, UNKNOWN],
        ),
    ];
    let rows = cases.map(|(name, claim, at, codes)| {
        row(FAMILY, format!("claimed: {name}"), claimed(claim))
            .at(at)
            .no(codes)
    });
    rows.into_iter().collect()
}

/// Whoever takes any signer still wants times that can be.
fn any_signer() -> Vec<Row> {
    vec![
        row(
            FAMILY,
            "any signer: claimed in 2041",
            claimed("2041-01-01T00:00:00Z"),
        )
        .any_signer()
        .no(&[FUTURE, OUTSIDE]),
        row(
            FAMILY,
            "any signer: claimed before the certificate",
            claimed("2025-12-31T23:59:59Z"),
        )
        .any_signer()
        .no(&[OUTSIDE]),
    ]
}

/// How long certificates of the chain are valid, at a claim of 2026-10-15.
fn validity() -> Vec<Row> {
    let cases: [(&str, Chain, &[&str]); 6] = [
        (
            "the signer's begins after the claim",
            || {
                vec![
                    leaf().valid("2026-11-01T00:00:00Z", "2027-12-31T23:59:59Z"),
                    middle(),
                ]
            },
            &[OUTSIDE, UNKNOWN],
        ),
        (
            "the signer's is not valid yet when judged",
            || {
                vec![
                    leaf().valid("2027-01-01T00:00:00Z", "2027-12-31T23:59:59Z"),
                    middle(),
                ]
            },
            &[OUTSIDE, UNKNOWN],
        ),
        (
            "the signer's ended before the claim",
            || {
                vec![
                    leaf().valid("2026-01-01T00:00:00Z", "2026-10-15T00:29:59Z"),
                    middle(),
                ]
            },
            &[OUTSIDE, UNKNOWN],
        ),
        (
            "the signer's ends before it begins",
            || {
                vec![
                    leaf().valid("2027-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
                    middle(),
                ]
            },
            &[OUTSIDE, UNKNOWN],
        ),
        (
            "the authority's ended before the claim",
            || {
                vec![
                    leaf(),
                    middle().valid("2020-01-01T00:00:00Z", "2026-09-30T23:59:59Z"),
                ]
            },
            &[UNKNOWN],
        ),
        (
            "the authority's begins after the claim",
            || {
                vec![
                    leaf(),
                    middle().valid("2026-11-01T00:00:00Z", "2040-12-31T23:59:59Z"),
                ]
            },
            &[UNKNOWN],
        ),
    ];
    let mut rows: Vec<Row> = cases
        .map(|(name, chain, codes)| {
            let change = move |forge: &mut Forge| forge.chain = chain();
            row(FAMILY, format!("validity: {name}"), change).no(codes)
        })
        .into_iter()
        .collect();
    let old = root().valid("2020-01-01T00:00:00Z", "2026-09-30T23:59:59Z");
    rows.push(
        row(
            FAMILY,
            "validity: the trusted root ended before the claim",
            |_| {},
        )
        .trust(vec![old])
        .no(&[UNKNOWN]),
    );
    let without_end = "9999-12-31T23:59:59Z";
    rows.push(row(
        FAMILY,
        "validity: the signer's never ends",
        move |forge| {
            forge.chain = vec![leaf().valid("2026-01-01T00:00:00Z", without_end), middle()];
        },
    ));
    rows
}

/// A signer who is not valid any more when it is judged: in 2028, or when the time-stamping authority's is not either, in 2031.
fn expired() -> Vec<Row> {
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
fn tokens() -> Vec<Row> {
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
fn report() -> Vec<Row> {
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
fn authorities() -> Vec<Row> {
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

pub fn rows() -> Vec<Row> {
    [
        claims(),
        any_signer(),
        validity(),
        expired(),
        tokens(),
        report(),
        authorities(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
