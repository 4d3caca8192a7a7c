//! Manifests: `<hex>  <path>` a line (RFC 8493, section 2.1.3).

use std::collections::BTreeMap;

use super::path::BundlePath;
use super::{Defect, MANIFEST, SIGNATURE, TAGMANIFEST};
use crate::digest::Digest;

/// After so many malformed lines a manifest is read no further: it is none.
const FAULTS_MAX: usize = 1000;

/// The folders whose files are inputs.
const INPUTS: [&str; 3] = ["data/exports/", "data/evidence/", "data/engagement/"];

/// A manifest's text, in the byte order of the paths.
pub(super) fn compose(files: &BTreeMap<BundlePath, Digest>) -> String {
    let mut text = String::new();
    for (path, digest) in files {
        text.extend([&digest.to_string(), "  ", path.as_str(), "\n"]);
    }
    text
}

/// The inputs' digest: SHA-256 over the sorted manifest lines of those files that lie in
/// `data/exports/`, `data/evidence/` or `data/engagement/`; others do not count.
pub fn inputs_digest(files: impl IntoIterator<Item = (BundlePath, Digest)>) -> Digest {
    let is_input = |path: &str| INPUTS.iter().any(|folder| path.starts_with(folder));
    let inputs = files
        .into_iter()
        .filter(|(path, _)| is_input(path.as_str()))
        .collect();
    Digest::of(compose(&inputs).as_bytes())
}

/// Reads the manifest `name` strictly; what is malformed becomes a defect and lists nothing.
pub(super) fn parse(
    bytes: &[u8],
    name: &str,
    defects: &mut Vec<Defect>,
) -> BTreeMap<BundlePath, Digest> {
    let mut files: BTreeMap<BundlePath, Digest> = BTreeMap::new();
    let mut faults = 0;
    for (number, line) in bytes.split_inclusive(|&b| b == b'\n').enumerate() {
        let problem = match parse_line(line, name) {
            Ok((path, digest)) => match files.last_key_value() {
                Some((last, _)) if *last >= path => {
                    format!("`{path}` does not stand in the order of the paths, or twice")
                }
                _ => {
                    files.insert(path, digest);
                    continue;
                }
            },
            Err(problem) => problem,
        };
        faults += 1;
        let message = format_args!("line {}: {problem}", number + 1);
        defects.push(Defect::new("manifest_malformed", name, message));
        if faults == FAULTS_MAX {
            let message = format_args!("after {FAULTS_MAX} such lines nothing more was read");
            defects.push(Defect::new("manifest_malformed", name, message));
            break;
        }
    }
    files
}

fn parse_line(line: &[u8], name: &str) -> Result<(BundlePath, Digest), String> {
    let line = line.strip_suffix(b"\n").ok_or("does not end in LF")?;
    let line = std::str::from_utf8(line).map_err(|_| "is not UTF-8")?;
    let (hex, path) = line.split_once("  ").ok_or("is not `<hex>  <path>`")?;
    let digest: Digest = hex.parse().map_err(|e| format!("{e}"))?;
    if hex.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err("the digest is not in lower case".to_owned());
    }
    let path: BundlePath = path.parse().map_err(|e| format!("the path {e}"))?;
    if path.is_payload() != (name == MANIFEST) || [TAGMANIFEST, SIGNATURE].contains(&path.as_str())
    {
        return Err(format!("`{path}` does not belong in this manifest"));
    }
    Ok((path, digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> BundlePath {
        text.parse().expect("legal")
    }

    fn faults(text: &str) -> usize {
        let mut defects = Vec::new();
        parse(text.as_bytes(), MANIFEST, &mut defects);
        defects.len()
    }

    #[test]
    fn a_manifest_reads_back_what_it_lists() {
        let files = BTreeMap::from([
            (path("data/b"), Digest::of(b"b")),
            (path("data/a c"), Digest::of(b"a")),
        ]);
        let mut defects = Vec::new();
        let text = compose(&files);
        assert_eq!(parse(text.as_bytes(), MANIFEST, &mut defects), files);
        assert_eq!(defects, []);
    }

    #[test]
    fn a_manifest_is_read_strictly() {
        let hex = Digest::of(b"x").to_string();
        assert_eq!(faults(&format!("{hex}  data/a\n{hex}  data/b\n")), 0);
        for text in [
            format!("{hex}  data/a"),
            format!("{hex}  data/a\r\n"),
            format!("{hex} data/a\n"),
            format!("{hex} *data/a\n"),
            format!("{hex}   data/a\n"),
            format!("{}  data/a\n", hex.to_uppercase()),
            format!("{}  data/a\n", &hex[1..]),
            format!("{hex}  data/../a\n"),
            format!("{hex}  VERIFY.txt\n"),
            format!("{hex}  data/a\n{hex}  data/a\n"),
            format!("{hex}  data/b\n{hex}  data/a\n"),
            format!("{hex}  data/a\n\n"),
        ] {
            assert_eq!(faults(&text), 1, "{text:?}");
        }
        assert_eq!(faults(&"\n".repeat(5000)), FAULTS_MAX + 1);
    }

    #[test]
    fn the_inputs_digest_is_that_of_the_inputs_manifest_lines() {
        let files = || {
            [
                (path("data/exports/E0002.json.gz"), Digest::of(b"2")),
                (path("data/exports/E0001.json.gz"), Digest::of(b"1")),
                (path("data/engagement/kisms.toml"), Digest::of(b"t")),
            ]
        };
        let lines = format!(
            "{}  data/engagement/kisms.toml\n{}  data/exports/E0001.json.gz\n{}  data/exports/E0002.json.gz\n",
            Digest::of(b"t"),
            Digest::of(b"1"),
            Digest::of(b"2")
        );
        let digest = inputs_digest(files());
        assert_eq!(digest, Digest::of(lines.as_bytes()));
        let report = (path("data/report.pdf"), Digest::of(b"r"));
        assert_eq!(
            inputs_digest(files().into_iter().rev().chain([report])),
            digest
        );
    }
}
