//! What systems and programs leave among exports, and how Windows names the members of archives.

use super::containers::zip;
use super::*;

const PLACED: &str = "111122223333/ap-northeast-2/s3.json";
/// The start of an `AppleDouble` file.
const DOUBLE: &[u8] = b"\0\x05\x16\x07\0\x02\0\0Mac OS X        \0\x02";

fn statuses(evidence: &Evidence) -> Vec<(&str, InputStatus)> {
    let inputs = evidence.inputs.iter();
    inputs
        .map(|input| (&input.path[8..], input.status))
        .collect()
}

#[test]
fn what_is_left_beside_exports_is_ignored_in_folders_and_archives() {
    let answer = details(&[EVALUATION]);
    let left: [(&str, &[u8]); 9] = [
        ("__MACOSX/111122223333/._s3.json", DOUBLE),
        ("111122223333/._s3.json", DOUBLE),
        (
            "111122223333/s3.json:Zone.Identifier",
            b"[ZoneTransfer]\r\nZoneId=3\r\n",
        ),
        (".Spotlight-V100/VolumeConfiguration.plist", b"<plist/>"),
        ("$RECYCLE.BIN/S-1/$I0.json", b"\x02\0"),
        ("~$s3.xlsx", b"\x05HONG"),
        (".~lock.s3.csv#", b",hong,desk,"),
        (".s3.json.swp", b"b0VIM 8.2"),
        ("@eaDir/s3.json@SynoEAStream", b"\0"),
    ];
    let plain: Vec<_> = left
        .into_iter()
        .chain([(PLACED, answer.as_bytes())])
        .collect();
    for files in [plain.clone(), vec![("all.zip", &*zip(&plain))]] {
        let evidence = read_all(&files);
        for (path, status) in statuses(&evidence) {
            let whole = path.ends_with(PLACED) || path == "all.zip";
            let expected = if whole {
                InputStatus::Complete
            } else {
                InputStatus::Ignored
            };
            assert_eq!(status, expected, "{path}");
        }
        assert_eq!(evidence.evaluations.len(), 1);
        let left = evidence.inputs.iter().filter(|input| input.id.is_none());
        assert!(
            left.clone()
                .all(|input| !input.plausible && input.reason.is_some())
        );
        assert_eq!(left.count(), 9);
    }
}

#[test]
fn an_answer_under_the_name_of_a_by_product_is_read() {
    let answer = details(&[EVALUATION]);
    for name in ["s3.json~", "$RECYCLE.BIN/$R1.json", "s3.tmp", "._s3.json"] {
        let evidence = read_all(&[(name, answer.as_bytes())]);
        assert_eq!(statuses(&evidence), [(name, InputStatus::Complete)]);
        let cut = &answer.as_bytes()[..answer.len() - 20];
        let evidence = read_all(&[(name, cut)]);
        assert_eq!(statuses(&evidence), [(name, InputStatus::Rejected)]);
        assert!(evidence.inputs[0].plausible, "{name}");
    }
}

/// A zip archive whose names have `\` for `/`.
fn of_windows(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = zip(members);
    for (name, _) in members {
        let places: Vec<usize> = bytes
            .windows(name.len())
            .enumerate()
            .filter(|(_, window)| *window == name.as_bytes())
            .map(|(at, _)| at)
            .collect();
        let named = name.replace('/', "\\");
        for at in places {
            bytes[at..at + name.len()].copy_from_slice(named.as_bytes());
        }
    }
    bytes
}

#[test]
fn a_backslash_parts_the_names_of_members_as_a_slash_does() {
    let answer = details(&[EVALUATION]);
    let bytes = of_windows(&[
        ("111122223333/", b""),
        (PLACED, answer.as_bytes()),
        ("111122223333/Thumbs.db", b"\xd0\xcf"),
    ]);
    assert!(!bytes.windows(13).any(|window| window == b"111122223333/"));
    let evidence = read_all(&[("x.zip", &bytes)]);
    let shown = format!("x.zip!{PLACED}");
    assert_eq!(
        statuses(&evidence),
        [
            ("x.zip", InputStatus::Complete),
            (shown.as_str(), InputStatus::Complete),
            ("x.zip!111122223333/Thumbs.db", InputStatus::Ignored),
        ]
    );
    let place = &evidence.inputs[1].path_place;
    assert_eq!(place.account.as_deref(), Some("111122223333"));
    assert_eq!(place.region.as_deref(), Some("ap-northeast-2"));
    let look = |member: &mut (dyn Read + Send)| {
        let mut raw = Vec::new();
        member.read_to_end(&mut raw).map(|_| raw)
    };
    let raw = in_member(io::Cursor::new(&bytes), PLACED, look).expect("an archive");
    assert_eq!(raw.expect("there").expect("memory"), answer.as_bytes());
}

#[test]
fn a_backslash_leads_out_of_no_archive() {
    let answer = details(&[EVALUATION]);
    for (name, why) in [
        ("../s3.json", "its name leads out of the archive"),
        ("a/../../s3.json", "its name leads out of the archive"),
        ("/s3.json", "its name is absolute or empty"),
        ("//server/share/s3.json", "its name is absolute or empty"),
        ("C:/s3.json", "its name is absolute or empty"),
        ("C:s3.json", "its name is absolute or empty"),
    ] {
        let bytes = of_windows(&[(name, answer.as_bytes())]);
        let evidence = read_all(&[("x.zip", &bytes)]);
        assert_eq!(evidence.inputs[1].reason.as_deref(), Some(why), "{name}");
        assert!(evidence.evaluations.is_empty(), "{name}");
    }
    let both = of_windows(&[("a/s3.json", answer.as_bytes())]);
    let mut named = zip(&[
        ("a/s3.json", answer.as_bytes()),
        ("b/s3.json", answer.as_bytes()),
    ]);
    for at in 0..named.len() - 9 {
        if &named[at..at + 9] == b"b/s3.json" {
            named[at..at + 9].copy_from_slice(b"a\\s3.json");
        }
    }
    assert_eq!(read_all(&[("x.zip", &both)]).evaluations.len(), 1);
    let reason = read_all(&[("x.zip", &named)]).inputs[2].reason.clone();
    assert_eq!(reason.as_deref(), Some("another member has the same name"));
}
