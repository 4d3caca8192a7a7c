//! Archives and hostile files.

use std::fs::File;
use std::io::{Cursor, Seek};

use super::*;
use crate::evidence::{Container, InputIndex};

pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated);
        writer.start_file(*name, options).expect("memory");
        writer.write_all(bytes).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}

/// A `ustar` archive; a member of type `5` is a folder, `2` a link.
fn tar(members: &[(&str, u8, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, kind, content) in members {
        let mut header = [0_u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        let size = format!("{:011o}\0", content.len());
        header[124..136].copy_from_slice(size.as_bytes());
        header[148..156].fill(b' ');
        header[156] = *kind;
        header[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        bytes.extend(header);
        bytes.extend(*content);
        bytes.resize(bytes.len().next_multiple_of(512), 0);
    }
    bytes.resize(bytes.len() + 1024, 0);
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

const PATH: &str = "111122223333/ap-northeast-2/a.json";

#[test]
fn the_members_of_every_archive_are_inputs_of_their_own() {
    let plain = details(&[EVALUATION]);
    let packed = gzip(plain.as_bytes());
    let tarred = tar(&[("111122223333/", b'5', b""), (PATH, b'0', &packed)]);
    let cases = [
        (zip(&[(PATH, plain.as_bytes())]), Container::Zip),
        (tarred.clone(), Container::Tar),
        (gzip(&tarred), Container::TarGzip),
    ];
    for (bytes, container) in cases {
        let evidence = read_all(&[("x.bin", &bytes)]);
        let [archive, member] = &evidence.inputs[..] else {
            panic!("{:?}", evidence.inputs);
        };
        assert_eq!(archive.container, container);
        assert_eq!(archive.sha256, Some(Digest::of(&bytes)));
        assert_eq!(member.path, format!("exports/x.bin!{PATH}"));
        assert_eq!(member.id.as_deref(), Some("E0001.0001"));
        assert_eq!(member.archive, Some(InputIndex(0)));
        assert_eq!(member.path_place.account.as_deref(), Some("111122223333"));
        let content = if container == Container::Zip {
            plain.as_bytes()
        } else {
            &packed
        };
        assert_eq!(member.sha256, Some(Digest::of(content)));
        let verdict = evidence.evaluations[0].at;
        assert_eq!(evidence.input(verdict).path, member.path);
        let look = |member: &mut (dyn Read + Send)| {
            let mut raw = Vec::new();
            member.read_to_end(&mut raw).map(|_| raw)
        };
        let raw = in_member(Cursor::new(&bytes), PATH, look).expect("an archive");
        let raw = raw.expect("the member is there").expect("memory");
        assert_eq!(raw, content, "the way back to the member");
        let value = values_at(raw.as_slice(), &[verdict.offset]).expect("the record");
        assert_eq!(value, [EVALUATION.as_bytes()]);
    }
}

#[test]
fn a_member_that_is_refused_is_named_and_loses_no_other() {
    let plain = details(&[EVALUATION]);
    let inner = zip(&[("a.json", plain.as_bytes())]);
    let members: [(&str, u8, &[u8]); 5] = [
        ("../a.json", b'0', plain.as_bytes()),
        ("/a.json", b'0', plain.as_bytes()),
        ("link", b'2', b""),
        ("inner.zip", b'0', &inner),
        ("good.json", b'0', plain.as_bytes()),
    ];
    let evidence = read_all(&[("x.tar", &tar(&members))]);
    let shown: Vec<(&str, Option<&str>)> = evidence.inputs[1..]
        .iter()
        .map(|input| (input.path.as_str(), input.reason.as_deref()))
        .collect();
    assert_eq!(
        shown,
        [
            (
                "exports/x.tar!../a.json",
                Some("its name leads out of the archive")
            ),
            (
                "exports/x.tar!/a.json",
                Some("its name is absolute or empty")
            ),
            ("exports/x.tar!link", Some("it is not a regular file")),
            (
                "exports/x.tar!inner.zip",
                Some("it is an archive in an archive")
            ),
            ("exports/x.tar!good.json", None),
        ]
    );
    assert_eq!(evidence.evaluations.len(), 1);
}

#[test]
fn a_tar_archive_that_is_cut_off_gives_nothing_and_loses_no_other_file() {
    let plain = details(&[EVALUATION]);
    let whole = tar(&[("a", b'0', plain.as_bytes()), ("b", b'0', plain.as_bytes())]);
    let cut = &whole[..whole.len() - 1024 - 700];
    let evidence = read_all(&[("x.tar", cut), ("y.json", plain.as_bytes())]);
    assert_eq!(evidence.inputs[0].faults[0].code, "KI-0131");
    assert_eq!(evidence.inputs[1].status, InputStatus::Rejected, "member a");
    assert_eq!(evidence.evaluations.len(), 1, "only that of y.json");
    let damaged = gzip(&whole);
    let evidence = read_all(&[("x.tgz", &damaged[..damaged.len() - 4])]);
    assert!(
        evidence.evaluations.is_empty(),
        "the checksum was never seen"
    );
}

#[test]
fn an_archive_bomb_is_stopped_and_named() {
    let bomb = vec![b' '; 20 << 20];
    let evidence = read_all(&[
        ("a.json.gz", &gzip(&bomb)),
        ("b.zip", &zip(&[("b.json", &bomb)])),
        ("c.json", details(&[EVALUATION]).as_bytes()),
    ]);
    let stopped: Vec<&str> = evidence
        .inputs
        .iter()
        .filter(|input| {
            input
                .faults
                .iter()
                .any(|f| f.message.contains("it unpacks to more"))
        })
        .map(|input| input.path.as_str())
        .collect();
    assert_eq!(stopped, ["exports/a.json.gz", "exports/b.zip!b.json"]);
    assert_eq!(evidence.evaluations.len(), 1);
}

/// Reads the file, and appends to it at its end.
struct Changing(std::path::PathBuf, File);
impl Read for Changing {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.1.read(buf)?;
        if read == 0 {
            fs::OpenOptions::new()
                .append(true)
                .open(&self.0)?
                .write_all(b" ")?;
        }
        Ok(read)
    }
}

#[test]
fn a_file_that_changes_while_it_is_read_is_not_used() {
    let root = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(root.path().join(FOLDER)).expect("a folder");
    for name in ["changes.json", "stays.json"] {
        fs::write(root.path().join(FOLDER).join(name), details(&[EVALUATION])).expect("a file");
    }
    let open = |path: &Path| -> io::Result<Box<dyn Read + Send>> {
        let file = File::open(path)?;
        if path.ends_with("changes.json") {
            return Ok(Box::new(Changing(path.to_owned(), file)));
        }
        Ok(Box::new(file))
    };
    let evidence = read(root.path(), &open).expect("a readable folder");
    let reason = evidence.inputs[0].reason.as_deref();
    assert_eq!(reason, Some("it changed while it was read"));
    assert_eq!(evidence.evaluations.len(), 1);
}

#[cfg(unix)]
#[test]
fn a_fifo_a_folder_too_deep_and_a_loop_are_refused_and_named() {
    let root = tempfile::tempdir().expect("a temporary folder");
    let exports = root.path().join(FOLDER);
    let deep: std::path::PathBuf = std::iter::repeat_n("d", 70).collect();
    fs::create_dir_all(exports.join(deep)).expect("folders");
    fs::write(exports.join("good.json"), details(&[EVALUATION])).expect("a file");
    std::os::unix::fs::symlink(".", exports.join("loop")).expect("a link");
    let made = std::process::Command::new("mkfifo")
        .arg(exports.join("pipe"))
        .status();
    assert!(made.expect("mkfifo, of coreutils").success());
    let evidence = read(root.path(), &open_file).expect("a readable folder");
    let reasons: Vec<&str> = evidence
        .inputs
        .iter()
        .filter_map(|input| input.reason.as_deref())
        .collect();
    assert_eq!(
        reasons,
        [
            "it is nested more than 64 folders deep",
            "it is a symbolic link",
            "it is not a regular file"
        ]
    );
    assert_eq!(evidence.evaluations.len(), 1);
}

/// Ends after 200 MiB of one string.
struct Endless(usize);
impl Read for Endless {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let start = b"{\"EvaluationResults\":[{\"Annotation\":\"";
        let count = buf.len().min(200 << 20);
        buf[..count].fill(b'a');
        if self.0 == 0 {
            buf[..start.len()].copy_from_slice(start);
        }
        self.0 += count;
        Ok(if self.0 > 200 << 20 { 0 } else { count })
    }
}

#[test]
fn deep_nesting_and_a_huge_string_within_an_element_are_bounded() {
    let deep = EVALUATION.replace(
        "\"ResultRecordedTime\"",
        &format!(
            "\"X\":{}{},\"ResultRecordedTime\"",
            "[".repeat(20_000),
            "]".repeat(20_000)
        ),
    );
    let evidence = read_all(&[("deep.json", details(&[&deep]).as_bytes())]);
    assert_eq!(evidence.evaluations.len(), 1);
    let root = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(root.path().join(FOLDER)).expect("a folder");
    fs::write(root.path().join(FOLDER).join("a.json"), b"").expect("a file");
    let open = |_: &Path| -> io::Result<Box<dyn Read + Send>> { Ok(Box::new(Endless(0))) };
    let evidence = read(root.path(), &open).expect("a readable folder");
    assert_eq!(evidence.inputs[0].faults[0].code, "KI-0203");
}

/// A member that is not packed, and where the directory begins.
fn stored(name: &str, content: &[u8]) -> (Vec<u8>, usize) {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    writer.start_file(name, options).expect("memory");
    writer.write_all(content).expect("memory");
    let bytes = writer.finish().expect("memory").into_inner();
    let directory = bytes
        .windows(4)
        .position(|window| window == b"PK\x01\x02")
        .expect("a directory");
    (bytes, directory)
}

#[test]
fn a_zip_archive_is_read_where_it_stands_however_large_it_is() {
    let root = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(root.path().join(FOLDER)).expect("a folder");
    let path = root.path().join(FOLDER).join("large.zip");
    let mut file = File::create(&path).expect("a file");
    file.write_all(b"PK\x03\x04").expect("a disk");
    file.set_len(300 << 20).expect("a disk with holes");
    let member = zip(&[("a.json", details(&[EVALUATION]).as_bytes())]);
    file.seek(io::SeekFrom::End(0)).expect("a file");
    file.write_all(&member).expect("a disk");
    let evidence = read(root.path(), &open_file).expect("a readable folder");
    assert_eq!(evidence.inputs[0].bytes, (300 << 20) + member.len() as u64);
    assert_eq!(evidence.inputs[1].path, "exports/large.zip!a.json");
    assert_eq!(evidence.evaluations.len(), 1, "{:?}", evidence.inputs);
}

#[test]
fn members_that_overlap_make_a_zip_archive_a_bomb() {
    let (bytes, directory) = stored("a.json", details(&[EVALUATION]).as_bytes());
    let end = bytes.len() - 22;
    let entry = &bytes[directory..end];
    let mut bomb = bytes[..end].to_vec();
    bomb.extend_from_slice(&renamed(entry, b"b.json"));
    let mut record = bytes[end..].to_vec();
    for field in [8, 10] {
        record[field] = 2;
    }
    let size = u32::try_from(2 * entry.len()).expect("small");
    record[12..16].copy_from_slice(&size.to_le_bytes());
    bomb.extend_from_slice(&record);
    let evidence = read_all(&[("bomb.zip", &bomb), ("b.json", details(&[]).as_bytes())]);
    let fault = &evidence.inputs[1].faults[0];
    assert!(fault.message.contains("overlap"), "{}", fault.message);
    assert!(evidence.evaluations.is_empty());
}

/// A directory entry with another name of the same length, which stands behind 46 bytes.
fn renamed(entry: &[u8], name: &[u8]) -> Vec<u8> {
    let mut entry = entry.to_vec();
    entry[46..46 + name.len()].copy_from_slice(name);
    entry
}

#[test]
fn of_two_members_of_one_name_the_second_is_refused_and_named() {
    let plain = details(&[EVALUATION]);
    let mut bytes = zip(&[("a.json", plain.as_bytes()), ("b.json", plain.as_bytes())]);
    for at in 0..bytes.len() - 6 {
        if &bytes[at..at + 6] == b"b.json" {
            bytes[at] = b'a';
        }
    }
    let evidence = read_all(&[("x.zip", &bytes)]);
    let reasons: Vec<Option<&str>> = evidence
        .inputs
        .iter()
        .map(|input| input.reason.as_deref())
        .collect();
    assert_eq!(reasons[2], Some("another member has the same name"));
    assert_eq!(evidence.evaluations.len(), 1);
}

#[test]
fn a_private_key_is_refused_in_every_wrapping_and_takes_its_archive_with_it() {
    let pem = b"# note\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n";
    let dashes = b"-----BEGIN PRIVATE KEY-----\nMIIE\n";
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys");
    let p12 = fs::read(folder.join("test-rsa-2048.p12")).expect("a test key");
    let behind = [details(&[EVALUATION]).as_bytes(), dashes].concat();
    for bytes in [
        pem.to_vec(),
        dashes.to_vec(),
        gzip(dashes),
        p12.clone(),
        behind,
    ] {
        assert_eq!(codes(&bytes), ["KI-0405"]);
    }
    let plain = details(&[EVALUATION]);
    for (name, key) in [("key.pem", &dashes[..]), ("key.p12", &p12)] {
        let members = [(PATH, plain.as_bytes()), (name, key)];
        let evidence = read_all(&[("x.zip", &zip(&members))]);
        assert!(evidence.evaluations.is_empty());
        let [archive, ..] = &evidence.inputs[..] else {
            panic!("an archive and its members")
        };
        assert_eq!(archive.faults[0].code, "KI-0405");
        let all = evidence.inputs.iter();
        assert!(all.into_iter().all(|i| i.status == InputStatus::Rejected));
    }
}
