//! Chains: from the signer's certificate up to one that is trusted (RFC 5280 section 6).

use super::forge::Forge;
use super::forge::certificate::{BASIC_CONSTRAINTS, EXTENDED_KEY_USAGE, KEY_USAGE};
use super::forge::certificate::{
    CERT_SIGN, CRL_SIGN, Certificate, DIGITAL_SIGNATURE, EMAIL, Extension, KEY_ENCIPHERMENT,
    NON_REPUDIATION, SERVER, TIME_STAMPING, any, authority, leaf, middle, no_authority, purposes,
    root, usage,
};
use super::forge::der::{context, null, octets, oid, seq, utf8};
use super::forge::key::{Hash, Key};
use super::table::{Row, row};

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

/// Which certificates there are, and in what order.
#[expect(clippy::too_many_lines, reason = "a list")]
fn sets() -> Vec<Row> {
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

/// Whom the verifier trusts.
fn trusted() -> Vec<Row> {
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

/// What the authority between may do (RFC 5280 sections 4.2.1.3, 4.2.1.9 and 4.2.1.12).
#[expect(clippy::too_many_lines, reason = "a list")]
fn authorities() -> Vec<Row> {
    let mut rows = table(vec![
        (
            "authority: no basic constraints",
            || vec![leaf(), middle().without(BASIC_CONSTRAINTS)],
            BAD,
        ),
        ("authority: CA:FALSE", || middle_with(no_authority()), BAD),
        (
            "authority: of version 1",
            || {
                vec![
                    leaf(),
                    Certificate {
                        extensions: vec![],
                        ..middle()
                    },
                ]
            },
            BAD,
        ),
        (
            "authority: basic constraints not critical",
            || middle_with(authority(None).not_critical()),
            GOOD,
        ),
        (
            "authority: allows none below, and has none",
            || middle_with(authority(Some(0))),
            GOOD,
        ),
        (
            "authority: no key usage",
            || vec![leaf(), middle().without(KEY_USAGE)],
            GOOD,
        ),
        (
            "authority: a key usage for signatures alone",
            || middle_with(usage(DIGITAL_SIGNATURE)),
            BAD,
        ),
        (
            "authority: a key usage for revocation lists alone",
            || middle_with(usage(CRL_SIGN)),
            BAD,
        ),
        (
            "authority: a key usage for certificates alone",
            || middle_with(usage(CERT_SIGN)),
            GOOD,
        ),
        (
            "authority: for servers",
            || middle_with(purposes(&[SERVER])),
            BAD,
        ),
        (
            "authority: for time-stamps",
            || middle_with(purposes(&[TIME_STAMPING])),
            BAD,
        ),
        (
            "authority: for mail",
            || middle_with(purposes(&[EMAIL])),
            GOOD,
        ),
        (
            "authority: for any purpose",
            || middle_with(purposes(&["2.5.29.37.0"])),
            GOOD,
        ),
        (
            "authority: an unknown critical extension",
            || middle_with(any("1.2.3.4.5", null())),
            BAD,
        ),
        (
            "authority: an unknown extension, not critical",
            || middle_with(any("1.2.3.4.5", null()).not_critical()),
            GOOD,
        ),
        (
            "authority: names constrained, critical",
            || middle_with(constrained()),
            BAD,
        ),
        (
            "authority: names constrained, not critical",
            || middle_with(constrained().not_critical()),
            BAD,
        ),
        (
            "authority: basic constraints twice",
            || {
                let mut twice = middle();
                twice.extensions.push(authority(None));
                vec![leaf(), twice]
            },
            BAD,
        ),
        (
            "authority: the signer of another bundle",
            || {
                let below = Certificate {
                    issuer: "TEST clerk",
                    by: Key::P256("clerk"),
                    ..leaf()
                };
                let clerk = Certificate {
                    subject: "TEST clerk",
                    serial: 9,
                    key: Key::P256("clerk"),
                    ..leaf()
                };
                vec![below, clerk, middle()]
            },
            BAD,
        ),
    ]);
    rows.push(
        chained("authority: the one above allows none below", || {
            let mut chain = ladder(2);
            chain[2] = chain[2].clone().with(authority(Some(0)));
            chain
        })
        .no(BAD),
    );
    rows.push(chained("authority: the one above allows one below", || {
        let mut chain = ladder(2);
        chain[2] = chain[2].clone().with(authority(Some(1)));
        chain
    }));
    rows.push(chained(
        "authority: it issued itself anew, which does not count",
        || {
            let anew = Certificate {
                issuer: "TEST middle",
                serial: 8,
                key: Key::P256("anew"),
                by: Key::P256("middle"),
                ..middle()
            };
            let below = Certificate {
                by: Key::P256("anew"),
                ..leaf()
            };
            vec![below, anew, middle().with(authority(Some(0)))]
        },
    ));
    rows
}

/// Name constraints that permit one mail domain.
fn constrained() -> Extension {
    let domain = super::forge::der::tlv(0x81, &[b"example.kr".to_vec()]);
    any("2.5.29.30", seq(&[context(0, &[seq(&[domain])])]))
}

/// What the signer's certificate may be used for.
#[expect(clippy::too_many_lines, reason = "a list")]
fn signers() -> Vec<Row> {
    table(vec![
        (
            "signer: no basic constraints",
            || vec![leaf().without(BASIC_CONSTRAINTS), middle()],
            GOOD,
        ),
        (
            "signer: an authority itself",
            || signer_with(authority(None)),
            GOOD,
        ),
        (
            "signer: no key usage",
            || vec![leaf().without(KEY_USAGE), middle()],
            GOOD,
        ),
        (
            "signer: digitalSignature alone",
            || signer_with(usage(DIGITAL_SIGNATURE)),
            GOOD,
        ),
        (
            "signer: nonRepudiation alone",
            || signer_with(usage(NON_REPUDIATION)),
            GOOD,
        ),
        (
            "signer: keyEncipherment alone",
            || signer_with(usage(KEY_ENCIPHERMENT)),
            BAD,
        ),
        (
            "signer: keyCertSign alone",
            || signer_with(usage(CERT_SIGN)),
            BAD,
        ),
        (
            "signer: no extended key usage",
            || vec![leaf().without(EXTENDED_KEY_USAGE), middle()],
            GOOD,
        ),
        (
            "signer: for servers",
            || signer_with(purposes(&[SERVER])),
            BAD,
        ),
        (
            "signer: for time-stamps",
            || signer_with(purposes(&[TIME_STAMPING])),
            BAD,
        ),
        (
            "signer: for servers and mail",
            || signer_with(purposes(&[SERVER, EMAIL])),
            GOOD,
        ),
        (
            "signer: for documents (RFC 9336)",
            || signer_with(purposes(&["1.3.6.1.5.5.7.3.36"])),
            GOOD,
        ),
        (
            "signer: for any purpose",
            || signer_with(purposes(&["2.5.29.37.0"])),
            GOOD,
        ),
        (
            "signer: an unknown critical extension",
            || signer_with(any("1.2.3.4.5", null())),
            BAD,
        ),
        (
            "signer: an unknown extension, not critical",
            || signer_with(any("1.2.3.4.5", null()).not_critical()),
            GOOD,
        ),
        (
            "signer: a critical policy",
            || signer_with(any("2.5.29.32", seq(&[seq(&[oid("1.2.410.200004.2.1")])]))),
            GOOD,
        ),
        (
            "signer: a key usage that is no bit string",
            || signer_with(any(KEY_USAGE, utf8("x"))),
            BAD,
        ),
        (
            "signer: basic constraints twice",
            || {
                let mut twice = leaf();
                twice.extensions.push(no_authority());
                vec![twice, middle()]
            },
            BAD,
        ),
        (
            "signer: another authority's key identifier",
            || {
                let named = context(0, &[b"nobody".to_vec()]);
                let named = [vec![0x80], named[1..].to_vec()].concat();
                signer_with(any("2.5.29.35", seq(&[named])).not_critical())
            },
            GOOD,
        ),
        (
            "signer: a subject key identifier of no meaning",
            || signer_with(any("2.5.29.14", octets(b"nothing")).not_critical()),
            GOOD,
        ),
    ])
}

/// Keys and hashes of each certificate.
fn algorithms() -> Vec<Row> {
    const WEAK: &[&str] = &["signature_invalid", UNKNOWN];
    let keyed = |key: Key| vec![Certificate { key, ..leaf() }, middle()];
    let below = |key: Key, hash: Hash| {
        let middle = Certificate { key, ..middle() };
        vec![
            Certificate {
                by: key,
                hash,
                ..leaf()
            },
            middle,
        ]
    };
    let mut rows = Vec::new();
    for (name, key, codes) in [
        ("P-256", Key::P256("another"), GOOD),
        ("P-384", Key::P384("signer"), GOOD),
        ("RSA 3072", Key::Rsa, GOOD),
        ("RSA 3072 with PSS", Key::Pss, GOOD),
        ("RSA 1024", Key::Short, WEAK),
    ] {
        rows.push(chained(&format!("key: the signer's is {name}"), move || keyed(key)).no(codes));
    }
    for (name, key, hash, codes) in [
        (
            "P-256 with SHA-384",
            Key::P256("middle"),
            Hash::Sha384,
            GOOD,
        ),
        (
            "P-256 with SHA-512",
            Key::P256("middle"),
            Hash::Sha512,
            GOOD,
        ),
        ("P-256 with SHA-1", Key::P256("middle"), Hash::Sha1, BAD),
        (
            "P-384 with SHA-256",
            Key::P384("middle"),
            Hash::Sha256,
            GOOD,
        ),
        (
            "P-384 with SHA-384",
            Key::P384("middle"),
            Hash::Sha384,
            GOOD,
        ),
        ("RSA with SHA-256", Key::Rsa, Hash::Sha256, GOOD),
        ("RSA with SHA-512", Key::Rsa, Hash::Sha512, GOOD),
        ("RSA with SHA-1", Key::Rsa, Hash::Sha1, BAD),
        ("RSA with PSS", Key::Pss, Hash::Sha256, GOOD),
        ("RSA with PSS and SHA-512", Key::Pss, Hash::Sha512, GOOD),
        ("RSA 1024 with SHA-256", Key::Short, Hash::Sha256, BAD),
    ] {
        let chain = move || below(key, hash);
        rows.push(chained(&format!("algorithm: the authority signs by {name}"), chain).no(codes));
    }
    rows.push(
        chained("algorithm: inside and outside differ", || {
            let outer = Some(Key::P256("middle").algorithm(Hash::Sha384));
            vec![Certificate { outer, ..leaf() }, middle()]
        })
        .no(BAD),
    );
    rows.push(
        chained("algorithm: the authority's on SHA-1", || {
            vec![
                leaf(),
                Certificate {
                    hash: Hash::Sha1,
                    ..middle()
                },
            ]
        })
        .no(BAD),
    );
    rows.push(
        row(
            FAMILY,
            "algorithm: the trusted root's own on SHA-1, which nobody asks",
            |_| {},
        )
        .trust(vec![Certificate {
            hash: Hash::Sha1,
            ..root()
        }]),
    );
    rows
}

/// The report's signer beside the bundle's.
fn reports() -> Vec<Row> {
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

pub fn rows() -> Vec<Row> {
    [
        sets(),
        trusted(),
        authorities(),
        signers(),
        algorithms(),
        reports(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
