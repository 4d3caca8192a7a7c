//! Changes to the zip around an unchanged bag.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Case, Mutation, Outside, find, unzip, zipfile};
use crate::signed::{PYHANKO, python, run};

const UNZIP: Outside = Outside::Tool("unzip -t", unzip);
const ZIPFILE: Outside = Outside::Tool("python zipfile", zipfile);

fn changed(case: &Case, to: &Path, change: impl FnOnce(&mut Vec<u8>)) -> PathBuf {
    let zip = to.join("bundle.zip");
    let mut bytes = fs::read(&case.zip).expect("a bundle");
    change(&mut bytes);
    fs::write(&zip, bytes).expect("space");
    zip
}

/// Python adds an entry, or whatever the script does to the open zip `z` of the bundle `id`.
fn by_python(case: &Case, to: &Path, script: &str) -> PathBuf {
    let zip = changed(case, to, |_| ());
    let script = format!(
        "import sys, zipfile, warnings; warnings.simplefilter('ignore')\n\
         z = zipfile.ZipFile(sys.argv[1], 'a'); id = z.namelist()[0].split('/')[0]\n{script}\nz.close()"
    );
    let arguments = ["-c", &script, &zip.to_string_lossy()];
    let (done, said) = run(to, &python(), &arguments, PYHANKO);
    assert!(done, "{said}");
    zip
}

/// The offset of the central directory.
fn central(zip: &[u8]) -> usize {
    let end = find(zip, b"PK\x05\x06");
    let offset: [u8; 4] = zip[end + 16..end + 20].try_into().expect("four bytes");
    u32::from_le_bytes(offset) as usize
}

#[expect(clippy::too_many_lines, reason = "a list")]
pub fn mutations() -> Vec<Mutation> {
    vec![
        Mutation {
            name: "zip: bytes before the first entry",
            make: |case, to| changed(case, to, |zip| drop(zip.splice(0..0, *b"more"))),
            outside: UNZIP,
        },
        Mutation {
            name: "zip: bytes after the end",
            make: |case, to| changed(case, to, |zip| zip.extend_from_slice(b"more")),
            outside: Outside::Nobody("zip readers look for the end from behind and go on"),
        },
        Mutation {
            name: "zip: a comment",
            make: |case, to| by_python(case, to, "z.comment = b'more'"),
            outside: Outside::Nobody("a comment is a regular part of a zip"),
        },
        Mutation {
            name: "zip: a compressed byte",
            make: |case, to| {
                changed(case, to, |zip| {
                    let middle = central(zip) / 2;
                    zip[middle] ^= 0x55;
                })
            },
            outside: UNZIP,
        },
        Mutation {
            name: "zip: another CRC in the directory",
            make: |case, to| {
                changed(case, to, |zip| {
                    let at = central(zip);
                    zip[at + 16] ^= 1;
                })
            },
            outside: ZIPFILE,
        },
        Mutation {
            name: "zip: another name before the data",
            make: |case, to| changed(case, to, |zip| zip[30] ^= 1),
            outside: ZIPFILE,
        },
        Mutation {
            name: "zip: cut short",
            make: |case, to| changed(case, to, |zip| zip.truncate(zip.len() - 30)),
            outside: UNZIP,
        },
        Mutation {
            name: "zip: marked as encrypted",
            make: |case, to| {
                changed(case, to, |zip| {
                    let at = central(zip);
                    zip[at + 8] |= 1;
                    zip[6] |= 1;
                })
            },
            outside: ZIPFILE,
        },
        Mutation {
            name: "zip: an unknown method of compression",
            make: |case, to| {
                changed(case, to, |zip| {
                    let at = central(zip);
                    zip[at + 10] = 77;
                    zip[8] = 77;
                })
            },
            outside: UNZIP,
        },
        Mutation {
            name: "zip: an entry twice",
            make: |case, to| by_python(case, to, "z.writestr(id + '/data/csv/gaps.csv', b'other')"),
            outside: Outside::Script,
        },
        Mutation {
            name: "zip: a path that leads out",
            make: |case, to| by_python(case, to, "z.writestr('../out.txt', b'out')"),
            outside: Outside::Nobody("unzip leaves out the dots, and the file lies beside the bag"),
        },
        Mutation {
            name: "zip: an absolute path",
            make: |case, to| by_python(case, to, "z.writestr('/out.txt', b'out')"),
            outside: Outside::Nobody(
                "unzip leaves out the slash, and the file lies beside the bag",
            ),
        },
        Mutation {
            name: "zip: a file more in the bag",
            make: |case, to| by_python(case, to, "z.writestr(id + '/data/more.txt', b'more')"),
            outside: Outside::Script,
        },
        Mutation {
            name: "zip: a link in the bag",
            make: |case, to| {
                let script = "i = zipfile.ZipInfo(id + '/data/link'); i.create_system = 3\n\
                              i.external_attr = 0o120777 << 16; z.writestr(i, '/etc/passwd')";
                by_python(case, to, script)
            },
            outside: Outside::Script,
        },
        Mutation {
            name: "zip: a folder beside the bag",
            make: |case, to| by_python(case, to, "z.writestr('other/x.txt', b'x')"),
            outside: Outside::Nobody("the bag itself is whole; what lies beside it is not in it"),
        },
    ]
}
