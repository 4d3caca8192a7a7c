//! Changes to the bag's files and manifests.

use std::fs;
use std::path::{Path, PathBuf};

use kisms::digest::Digest;

use super::{Case, Mutation, Outside, bagit, edit, openssl_cms};

const BAGIT: Outside = Outside::Tool("bagit.py", bagit);
const OPENSSL: Outside = Outside::Tool("openssl cms", openssl_cms);
const MANIFEST: &str = "manifest-sha256.txt";
const TAGMANIFEST: &str = "tagmanifest-sha256.txt";
const FINDINGS: &str = "data/csv/findings.csv";
const GAPS: &str = "data/csv/gaps.csv";

/// A copy with a change made in it.
fn changed(case: &Case, to: &Path, change: impl FnOnce(&Path)) -> PathBuf {
    let root = case.copy(to);
    change(&root);
    root
}

/// Gives a file its right digest in its manifest.
fn relist(root: &Path, manifest: &str, path: &str) {
    let digest = Digest::of(&fs::read(root.join(path)).expect("a file"));
    lines(root, manifest, |line| {
        let own = line.ends_with(&format!("  {path}"));
        Some(if own {
            format!("{digest}  {path}")
        } else {
            line.to_owned()
        })
    });
}

fn lines(root: &Path, manifest: &str, change: impl Fn(&str) -> Option<String>) {
    let text = fs::read_to_string(root.join(manifest)).expect("a manifest");
    let text: String = text
        .lines()
        .filter_map(change)
        .map(|line| line + "\n")
        .collect();
    fs::write(root.join(manifest), text).expect("space");
}

fn flip(root: &Path, path: &str) {
    edit(&root.join(path), |bytes| bytes[10] ^= 1);
}

#[expect(clippy::too_many_lines, reason = "a list")]
pub fn mutations() -> Vec<Mutation> {
    vec![
        Mutation {
            name: "payload: a byte",
            make: |case, to| changed(case, to, |root| flip(root, FINDINGS)),
            outside: BAGIT,
        },
        Mutation {
            name: "payload: a file emptied",
            make: |case, to| changed(case, to, |root| edit(&root.join(GAPS), Vec::clear)),
            outside: BAGIT,
        },
        Mutation {
            name: "payload: a file removed",
            make: |case, to| {
                changed(case, to, |root| {
                    fs::remove_file(root.join(GAPS)).expect("there");
                })
            },
            outside: BAGIT,
        },
        Mutation {
            name: "payload: a file added",
            make: |case, to| {
                changed(case, to, |root| {
                    fs::write(root.join("data/x.csv"), "x").expect("space");
                })
            },
            outside: BAGIT,
        },
        Mutation {
            name: "payload: a file renamed",
            make: |case, to| {
                changed(case, to, |root| {
                    fs::rename(root.join(GAPS), root.join("data/csv/gap.csv")).expect("space");
                })
            },
            outside: BAGIT,
        },
        Mutation {
            name: "payload: two files exchanged",
            make: |case, to| {
                changed(case, to, |root| {
                    let other = root.join("data/other");
                    fs::rename(root.join(GAPS), &other).expect("space");
                    fs::rename(root.join(FINDINGS), root.join(GAPS)).expect("space");
                    fs::rename(other, root.join(FINDINGS)).expect("space");
                })
            },
            outside: BAGIT,
        },
        Mutation {
            name: "payload: a link in the place of a file",
            make: |case, to| {
                changed(case, to, |root| {
                    fs::rename(root.join(GAPS), to.join("gaps")).expect("space");
                    std::os::unix::fs::symlink(to.join("gaps"), root.join(GAPS)).expect("a link");
                })
            },
            outside: Outside::Script,
        },
        Mutation {
            name: "payload: a changed file with its new digest",
            make: |case, to| {
                changed(case, to, |root| {
                    flip(root, FINDINGS);
                    relist(root, MANIFEST, FINDINGS);
                })
            },
            outside: BAGIT,
        },
        Mutation {
            name: "payload: a changed file with both manifests made anew",
            make: |case, to| {
                changed(case, to, |root| {
                    flip(root, FINDINGS);
                    relist(root, MANIFEST, FINDINGS);
                    relist(root, TAGMANIFEST, MANIFEST);
                })
            },
            outside: OPENSSL,
        },
        Mutation {
            name: "manifest: a file and its line removed",
            make: |case, to| {
                changed(case, to, |root| {
                    fs::remove_file(root.join(GAPS)).expect("there");
                    lines(root, MANIFEST, |line| {
                        (!line.ends_with(GAPS)).then(|| line.to_owned())
                    });
                })
            },
            outside: BAGIT,
        },
        Mutation {
            name: "manifest: a file and its line removed, all made anew",
            make: |case, to| {
                changed(case, to, |root| {
                    fs::remove_file(root.join(GAPS)).expect("there");
                    lines(root, MANIFEST, |line| {
                        (!line.ends_with(GAPS)).then(|| line.to_owned())
                    });
                    relist(root, TAGMANIFEST, MANIFEST);
                })
            },
            outside: OPENSSL,
        },
        Mutation {
            name: "manifest: removed",
            make: |case, to| {
                changed(case, to, |root| {
                    fs::remove_file(root.join(MANIFEST)).expect("there");
                })
            },
            outside: BAGIT,
        },
        Mutation {
            name: "manifest: its digests in capitals",
            make: |case, to| {
                changed(case, to, |root| {
                    lines(root, MANIFEST, |line| {
                        Some(line[..64].to_uppercase() + &line[64..])
                    });
                })
            },
            outside: BAGIT,
        },
        Mutation {
            name: "tagmanifest: a line removed",
            make: |case, to| {
                changed(case, to, |root| {
                    lines(root, TAGMANIFEST, |line| {
                        (!line.ends_with("verify.ps1")).then(|| line.to_owned())
                    });
                })
            },
            outside: OPENSSL,
        },
        Mutation {
            name: "tagmanifest: an empty line at its end",
            make: |case, to| {
                changed(case, to, |root| {
                    edit(&root.join(TAGMANIFEST), |text| text.push(b'\n'));
                })
            },
            outside: OPENSSL,
        },
        Mutation {
            name: "tagmanifest: removed",
            make: |case, to| {
                changed(case, to, |root| {
                    fs::remove_file(root.join(TAGMANIFEST)).expect("there");
                })
            },
            outside: OPENSSL,
        },
        Mutation {
            name: "bag-info.txt: another organisation, listed anew",
            make: |case, to| {
                changed(case, to, |root| {
                    edit(&root.join("bag-info.txt"), |text| {
                        text.extend_from_slice(b"Contact-Name: X\n");
                    });
                    relist(root, TAGMANIFEST, "bag-info.txt");
                })
            },
            outside: OPENSSL,
        },
        Mutation {
            name: "bagit.txt: another version",
            make: |case, to| {
                changed(case, to, |root| {
                    edit(&root.join("bagit.txt"), |text| text[15] = b'2');
                })
            },
            outside: BAGIT,
        },
        Mutation {
            name: "VERIFY.txt: a byte",
            make: |case, to| changed(case, to, |root| flip(root, "VERIFY.txt")),
            outside: BAGIT,
        },
        Mutation {
            name: "folder: renamed",
            make: |case, to| {
                let other = to.join("kisms-2026Q4-00000000");
                fs::rename(case.copy(to), &other).expect("space");
                other
            },
            outside: Outside::Script,
        },
        Mutation {
            name: "folder: a file beside data/",
            make: |case, to| {
                changed(case, to, |root| {
                    fs::write(root.join("README"), "x").expect("space");
                })
            },
            outside: Outside::Script,
        },
    ]
}
