use super::*;
use crate::engagement::testing::LEAST;

const STATEMENT: &str = "control_id,selected,records\n";

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    for (path, bytes) in files {
        let place = dir.path().join(path);
        fs::create_dir_all(place.parent().expect("a parent")).expect("folders");
        fs::write(place, bytes).expect("a file");
    }
    dir
}

fn faults(dir: &tempfile::TempDir) -> Vec<String> {
    let faults = Folder::open(dir.path()).expect("readable");
    let faults = faults.expect_err("faults");
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn everything_that_people_wrote_is_read_together() {
    let statement = format!("{STATEMENT}2.1.1,Y,evidence/2.1.1/a.pdf; exports/b/c.json;대장\n");
    let dir = folder(&[
        ("kisms.toml", LEAST.as_bytes()),
        ("statement.csv", statement.as_bytes()),
        ("decisions.csv", b"id,kind,reason,owner\n1,plan,r,o\n"),
        ("evidence/2.1.1/a.pdf", b"abc"),
        ("exports/b/c.json", b"{}"),
    ]);
    let read = Folder::open(dir.path()).expect("readable").expect("valid");
    assert_eq!(read.engagement.organization, "o");
    assert_eq!(read.statement[0].records.len(), 3);
    assert_eq!(read.decisions[0].id, "1");
    assert_eq!(read.manual[0].sha256, Digest::of(b"abc"));
    let names: Vec<&str> = read.raw_files.iter().map(|file| file.name).collect();
    assert_eq!(names, ["decisions.csv", "kisms.toml", "statement.csv"]);
    assert_eq!(read.raw_files[1].bytes, LEAST.as_bytes());
    assert_eq!(read.raw_files[1].sha256, Digest::of(LEAST.as_bytes()));
}

#[test]
fn only_kisms_toml_must_be_there() {
    let read = Folder::open(folder(&[("kisms.toml", LEAST.as_bytes())]).path());
    let read = read.expect("readable").expect("valid");
    assert!(read.statement.is_empty() && read.decisions.is_empty() && read.manual.is_empty());
    assert_eq!(read.raw_files.len(), 1);
}

#[test]
fn a_folder_without_kisms_toml_is_an_error_that_names_init() {
    let dir = folder(&[("decisions.csv", b"x")]);
    for place in [dir.path().to_owned(), dir.path().join("absent")] {
        let error = Folder::open(&place).expect_err("an error");
        assert!(error.hint.expect("a hint").contains("`kisms init "));
    }
}

#[test]
fn the_faults_of_all_files_are_collected() {
    let dir = folder(&[
        ("kisms.toml", b"[engagement]\norganization = \"\xb0\xa1\"\n"),
        ("statement.csv", b"control_id;selected\n"),
        ("decisions.csv", b"id,kind,reason,owner\n1,plan,,o\n"),
        ("evidence/a.pdf", b"x"),
    ]);
    assert_eq!(
        faults(&dir),
        [
            "kisms.toml:2: is not UTF-8",
            "statement.csv:1: is separated by semicolons, not by commas",
            "decisions.csv:2:3: cell C2: `reason` is empty",
            "evidence/a.pdf: lies in no control's folder",
        ]
    );
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let dir = folder(&[("a.toml", LEAST.as_bytes()), ("outside/a", b"x")]);
    let link = |from: &str, to: &str| {
        std::os::unix::fs::symlink(dir.path().join(from), dir.path().join(to)).expect("a link");
    };
    link("a.toml", "kisms.toml");
    assert_eq!(faults(&dir), ["kisms.toml: is not a regular file"]);
}

#[test]
fn hostile_files_are_faults() {
    let large = vec![b'#'; (1 << 20) + 1];
    let dir = folder(&[("kisms.toml", &large), ("decisions.csv", b"\0\xff\xfe")]);
    assert_eq!(
        faults(&dir),
        [
            "kisms.toml: is larger than 1 MiB",
            "decisions.csv:1: holds a NUL byte: not text"
        ]
    );
    let dir = folder(&[
        ("kisms.toml", LEAST.as_bytes()),
        ("decisions.csv", b"\0\xff\xfe"),
    ]);
    assert_eq!(
        faults(&dir),
        ["decisions.csv:1: holds a NUL byte: not text"]
    );
}
