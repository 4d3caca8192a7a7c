//! Chains: from the signer's certificate up to one that is trusted (RFC 5280 section 6).

mod algorithms;
mod authorities;
mod sets;
mod signers;
mod trusted;

use crate::forge::Forge;
use crate::forge::certificate::{Certificate, Extension, leaf, middle};
use crate::forge::key::Key;
use crate::table::{Row, row};

const FAMILY: &str = "chains";

const UNKNOWN: &str = "signer_unknown";

const GOOD: &[&str] = &[];

const BAD: &[&str] = &[UNKNOWN];

type Case = (
    &'static str,
    fn() -> Vec<Certificate>,
    &'static [&'static str],
);

fn chained(name: &str, chain: impl Fn() -> Vec<Certificate> + 'static) -> Row {
    let change = move |forge: &mut Forge| forge.chain = chain();
    row(FAMILY, name, change)
}

fn table(cases: Vec<Case>) -> Vec<Row> {
    let one = |(name, chain, codes): Case| chained(name, chain).no(codes);
    cases.into_iter().map(one).collect()
}

/// The good chain with another extension at its signer, or at its authority.
fn signer_with(extension: Extension) -> Vec<Certificate> {
    vec![leaf().with(extension), middle()]
}

fn middle_with(extension: Extension) -> Vec<Certificate> {
    vec![leaf(), middle().with(extension)]
}

/// Another authority of this name and key, below the root.
fn other(subject: &'static str, key: &'static str, serial: u64) -> Certificate {
    Certificate {
        subject,
        serial,
        key: Key::P256(key),
        ..middle()
    }
}

const RUNGS: [(&str, &str); 8] = [
    ("TEST rung 1", "rung 1"),
    ("TEST rung 2", "rung 2"),
    ("TEST rung 3", "rung 3"),
    ("TEST rung 4", "rung 4"),
    ("TEST rung 5", "rung 5"),
    ("TEST rung 6", "rung 6"),
    ("TEST rung 7", "rung 7"),
    ("TEST rung 8", "rung 8"),
];

/// A signer below so many authorities, the last of which the root issued.
fn ladder(authorities: usize) -> Vec<Certificate> {
    let rungs = &RUNGS[..authorities];
    let mut chain = vec![Certificate {
        issuer: rungs[0].0,
        by: Key::P256(rungs[0].1),
        ..leaf()
    }];
    for (number, (subject, key)) in rungs.iter().enumerate() {
        let (issuer, by) = rungs
            .get(number + 1)
            .copied()
            .unwrap_or(("TEST root", "root"));
        chain.push(Certificate {
            issuer,
            by: Key::P256(by),
            ..other(subject, key, 20)
        });
    }
    chain
}

pub fn rows() -> Vec<Row> {
    [
        sets::sets(),
        trusted::trusted(),
        authorities::authorities(),
        signers::signers(),
        algorithms::algorithms(),
        trusted::reports(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
