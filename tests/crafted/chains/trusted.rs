//! Whom the verifier trusts, and by whom the report is signed.

use super::{BAD, FAMILY, chained};
use crate::forge::certificate::{Certificate, authority, leaf, middle, no_authority, root};
use crate::forge::key::Key;
use crate::table::{Row, row};

/// Whom the verifier trusts.
pub fn trusted() -> Vec<Row> {
    let own = || Certificate {
        issuer: "TEST signer",
        by: Key::P256("signer"),
        ..leaf()
    };
    let good = |name: &str| row(FAMILY, name, |_| {});
    let second = Certificate {
        subject: "TEST root 2",
        issuer: "TEST root 2",
        key: Key::P256("root 2"),
        by: Key::P256("root 2"),
        ..root()
    };
    let twin = Certificate {
        key: Key::P256("root 2"),
        by: Key::P256("root 2"),
        ..root()
    };
    vec![
        good("trusted: nobody").trust(vec![]).no(BAD),
        good("trusted: nobody, any signer")
            .trust(vec![])
            .any_signer(),
        good("trusted: another root")
            .trust(vec![second.clone()])
            .no(BAD),
        good("trusted: another root of the same name")
            .trust(vec![twin.clone()])
            .no(BAD),
        good("trusted: that one and the right one").trust(vec![twin, root()]),
        good("trusted: two roots").trust(vec![second, root()]),
        good("trusted: the authority alone").trust(vec![middle()]),
        good("trusted: the signer alone").trust(vec![leaf()]),
        chained(
            "trusted: a signer of his own making, not known",
            move || vec![own()],
        )
        .no(BAD),
        chained("trusted: a signer of his own making, known", move || {
            vec![own()]
        })
        .trust(vec![own()]),
        chained(
            "trusted: the authority alone, not embedded",
            || vec![leaf()],
        )
        .trust(vec![middle()]),
        chained("trusted: a root that is no authority", || {
            vec![leaf(), middle()]
        })
        .trust(vec![root().with(no_authority())])
        .no(BAD),
        chained("trusted: a root of version 1", || vec![leaf(), middle()])
            .trust(vec![Certificate {
                extensions: vec![],
                ..root()
            }])
            .no(BAD),
        chained("trusted: a root that allows no authority below", || {
            vec![leaf(), middle()]
        })
        .trust(vec![root().with(authority(Some(0)))])
        .no(BAD),
        chained("trusted: a root that allows one below", || {
            vec![leaf(), middle()]
        })
        .trust(vec![root().with(authority(Some(1)))]),
        chained(
            "trusted: a signer of his own making, in another's name",
            || {
                vec![Certificate {
                    subject: "TEST root",
                    issuer: "TEST root",
                    by: Key::P256("signer"),
                    ..leaf()
                }]
            },
        )
        .no(BAD),
    ]
}

/// The report's signer beside the bundle's.
pub fn reports() -> Vec<Row> {
    let report = |name: &str, chain: fn() -> Vec<Certificate>| {
        row(FAMILY, name, move |forge| {
            forge.report_chain = Some(chain());
        })
    };
    vec![
        report("report: by another signer of the same authority", || {
            vec![
                Certificate {
                    subject: "TEST other",
                    serial: 9,
                    key: Key::P256("other"),
                    ..leaf()
                },
                middle(),
            ]
        })
        .no(&["pdf_signer_differs data/report.pdf"]),
        report("report: by the same key under another certificate", || {
            vec![
                Certificate {
                    serial: 9,
                    ..leaf()
                },
                middle(),
            ]
        })
        .no(&["pdf_signer_differs data/report.pdf"]),
        report("report: the same signer without the chain", || vec![leaf()])
            .no(&["signer_unknown data/report.pdf"]),
        report(
            "report: the same signer without the chain, any signer",
            || vec![leaf()],
        )
        .any_signer()
        .no(&["signer_unknown data/report.pdf"]),
    ]
}
