//! Which certificates there are, and in what order.

use super::{BAD, GOOD, chained, ladder, other, table};
use crate::forge::certificate::{Certificate, leaf, middle, root};
use crate::forge::key::Key;
use crate::table::Row;

/// Which certificates there are, and in what order.
#[expect(clippy::too_many_lines, reason = "a list")]
pub fn sets() -> Vec<Row> {
    let mut rows = table(vec![
        (
            "whole: signer and authority",
            || vec![leaf(), middle()],
            GOOD,
        ),
        (
            "whole: the root embedded too",
            || vec![leaf(), middle(), root()],
            GOOD,
        ),
        (
            "whole: a stranger's certificate that was signed for",
            || vec![leaf(), middle(), other("TEST stranger", "stranger", 9)],
            GOOD,
        ),
        ("missing: the authority", || vec![leaf()], BAD),
        (
            "missing: another authority in its place",
            || vec![leaf(), other("TEST stranger", "stranger", 9)],
            BAD,
        ),
        (
            "name: the authority has the issuer's name and another key",
            || vec![leaf(), other("TEST middle", "stranger", 2)],
            BAD,
        ),
        (
            "name: the issuer's name is another's",
            || {
                vec![
                    Certificate {
                        issuer: "TEST nobody",
                        ..leaf()
                    },
                    middle(),
                ]
            },
            BAD,
        ),
        (
            "name: upper and lower case differ",
            || {
                vec![
                    Certificate {
                        issuer: "TEST MIDDLE",
                        ..leaf()
                    },
                    middle(),
                ]
            },
            BAD,
        ),
        (
            "signed: by a stranger in the authority's name",
            || {
                vec![
                    Certificate {
                        by: Key::P256("stranger"),
                        ..leaf()
                    },
                    middle(),
                ]
            },
            BAD,
        ),
        (
            "signed: the signer's certificate, a bit turned",
            || {
                vec![
                    Certificate {
                        broken: true,
                        ..leaf()
                    },
                    middle(),
                ]
            },
            BAD,
        ),
        (
            "signed: the authority's certificate, a bit turned",
            || {
                vec![
                    leaf(),
                    Certificate {
                        broken: true,
                        ..middle()
                    },
                ]
            },
            BAD,
        ),
        (
            "loop: two authorities that issued each other",
            || {
                let up = Certificate {
                    issuer: "TEST loop",
                    by: Key::P256("loop"),
                    ..middle()
                };
                let down = Certificate {
                    issuer: "TEST middle",
                    by: Key::P256("middle"),
                    ..other("TEST loop", "loop", 9)
                };
                vec![leaf(), up, down]
            },
            BAD,
        ),
        (
            "loop: two authorities that issued each other, and a way out",
            || {
                let up = Certificate {
                    issuer: "TEST loop",
                    by: Key::P256("loop"),
                    serial: 8,
                    ..middle()
                };
                let down = Certificate {
                    issuer: "TEST middle",
                    by: Key::P256("middle"),
                    ..other("TEST loop", "loop", 9)
                };
                vec![leaf(), up, down, middle()]
            },
            GOOD,
        ),
        (
            "loop: the signer issued itself",
            || {
                vec![
                    Certificate {
                        issuer: "TEST signer",
                        by: Key::P256("signer"),
                        ..leaf()
                    },
                    middle(),
                ]
            },
            BAD,
        ),
        (
            "renewed: two certificates of the authority, one out of date",
            || {
                let old = Certificate {
                    serial: 8,
                    ..middle()
                }
                .valid("2020-01-01T00:00:00Z", "2025-12-31T23:59:59Z");
                vec![leaf(), old, middle()]
            },
            GOOD,
        ),
    ]);
    rows.push(chained("long: eight certificates", || ladder(6)).no(GOOD));
    rows.push(chained("long: nine certificates", || ladder(7)).no(BAD));
    rows
}
