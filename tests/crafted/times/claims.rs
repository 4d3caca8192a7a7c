//! What the signer claims, and how long certificates are valid.

use super::{FAMILY, FUTURE, OUTSIDE, UNKNOWN};
use crate::forge::Forge;
use crate::forge::certificate::{Certificate, leaf, middle, root};
use crate::table::{Row, row};

type Chain = fn() -> Vec<Certificate>;

fn claimed(at: &'static str) -> impl Fn(&mut Forge) {
    move |forge| at.clone_into(&mut forge.claimed)
}

/// The signer is valid in 2026 and 2027.
pub fn claims() -> Vec<Row> {
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
pub fn any_signer() -> Vec<Row> {
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
pub fn validity() -> Vec<Row> {
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
