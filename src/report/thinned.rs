//! `assessment.json` without the findings that nobody asked for: most of a million lines need not be
//! parsed.

use std::io::{self, BufRead, Read};

use crate::evidence::ComplianceType;

/// As [`json::assessment`](super::json::assessment) writes them.
const BEGIN: &[u8] = b"  \"findings\": [\n";
const END: &[u8] = b"  ]";
const ID: &[u8] = b"    {\"id\":\"";
const STATUS: &[u8] = b"\",\"status\":\"";
/// No line is kept beyond this: what is longer comes in pieces, none of which begins like a finding.
const LONGEST: u64 = 64 << 20;

/// The text of an `assessment.json`, but for findings that certainly have another verdict than those that are
/// wanted. What is not written as kisms writes it stays.
pub struct Thinned<'w, R> {
    inner: R,
    wanted: Option<&'w [ComplianceType]>,
    line: Vec<u8>,
    taken: usize,
    /// Whether the findings have begun and not ended.
    within: bool,
    /// Whether one of them was kept.
    kept: bool,
    /// How many were left out.
    pub left_out: usize,
}

impl<'w, R: BufRead> Thinned<'w, R> {
    /// With the findings of these verdicts alone; with all of them where nothing is said.
    pub fn new(inner: R, wanted: Option<&'w [ComplianceType]>) -> Self {
        Self {
            inner,
            wanted,
            line: Vec::new(),
            taken: 0,
            within: false,
            kept: false,
            left_out: 0,
        }
    }

    /// Makes the next line that stays; an empty one is the end.
    fn next(&mut self) -> io::Result<()> {
        loop {
            self.line.clear();
            self.taken = 0;
            self.inner
                .by_ref()
                .take(LONGEST)
                .read_until(b'\n', &mut self.line)?;
            if !self.within {
                self.within = self.line == BEGIN && self.wanted.is_some();
                self.kept = false;
                return Ok(());
            }
            if !self.line.starts_with(ID) {
                self.within &= !self.line.is_empty() && !self.line.starts_with(END);
                return Ok(());
            }
            if self
                .wanted
                .is_some_and(|wanted| is_other(&self.line, wanted))
            {
                self.left_out += 1;
                continue;
            }
            // The comma stands before each but the first: the last may be left out.
            let end = self.line.trim_ascii_end().len();
            let end = end - usize::from(self.line[..end].ends_with(b","));
            self.line.truncate(end);
            self.line.push(b'\n');
            if self.kept {
                self.line[0] = b',';
            }
            self.kept = true;
            return Ok(());
        }
    }
}

/// Whether the line is a finding of a verdict that is none of these.
fn is_other(line: &[u8], wanted: &[ComplianceType]) -> bool {
    let behind = line.get(ID.len()..).unwrap_or_default();
    let id = behind.iter().position(|&byte| byte == b'"');
    let status = id.and_then(|end| behind[end..].strip_prefix(STATUS));
    let Some(status) = status else { return false };
    let end = status.iter().position(|&byte| byte == b'"');
    let text = std::str::from_utf8(&status[..end.unwrap_or(0)]).unwrap_or_default();
    text.parse()
        .is_ok_and(|status: ComplianceType| !wanted.contains(&status))
}

impl<R: BufRead> Read for Thinned<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.line.len() {
            self.next()?;
        }
        let count = (&self.line[self.taken..]).read(buf)?;
        self.taken += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{\n  \"findings\": [\n    {\"id\":\"F-1\",\"status\":\"COMPLIANT\",\"a\":[]},\n    \
        {\"id\":\"F-2\",\"status\":\"NON_COMPLIANT\"},\n    {\"id\":\"F-3\",\"status\":\"UNHEARD\"},\n    \
        {\"id\":\"F-4\",\"status\":\"COMPLIANT\"}\n  ],\n  \"gone\": [\n    {\"id\":\"F-5\",\"status\":\"COMPLIANT\"}\n  ]\n}\n";

    fn thinned(text: &str, wanted: Option<&[ComplianceType]>) -> (String, usize) {
        let mut thinned = Thinned::new(text.as_bytes(), wanted);
        let mut left = String::new();
        thinned.read_to_string(&mut left).expect("UTF-8");
        (left, thinned.left_out)
    }

    fn ids(text: &str) -> Vec<String> {
        let json: serde_json::Value = serde_json::from_str(text).expect("JSON");
        let lists = ["findings", "gone"].map(|list| json[list].as_array().expect("a list").clone());
        let ids = lists
            .iter()
            .flatten()
            .map(|finding| finding["id"].to_string());
        ids.map(|id| id.trim_matches('"').to_owned()).collect()
    }

    #[test]
    fn findings_of_other_verdicts_are_left_out_and_what_is_unknown_stays() {
        let (text, left_out) = thinned(TEXT, Some(&[ComplianceType::NonCompliant]));
        assert_eq!(
            (ids(&text), left_out),
            (["F-2", "F-3", "F-5"].map(str::to_owned).into(), 2)
        );
        let (text, left_out) = thinned(TEXT, Some(&[]));
        assert_eq!(
            (ids(&text), left_out),
            (["F-3", "F-5"].map(str::to_owned).into(), 3)
        );
    }

    #[test]
    fn without_a_wish_or_in_another_layout_nothing_is_left_out() {
        assert_eq!(thinned(TEXT, None), (TEXT.to_owned(), 0));
        let other = TEXT.replace(":[", ": [").replace(",\"", ", \"");
        let (text, left_out) = thinned(&other, Some(&[ComplianceType::NonCompliant]));
        assert_eq!((ids(&text).len(), left_out), (5, 0));
    }
}
