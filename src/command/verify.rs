//! `kisms verify`: what was found of a bundle, as JSON and for the screen.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Exit, Screen, written};
use crate::bundle::{self, CODES, Defect, Note, Opened, SIGNATURE};
use crate::digest::Digest;
use crate::engagement::Language;
use crate::error::{Error, Result};
use crate::report::json;
use crate::sign::trust::{TrustAnchor, read_trust};
use crate::sign::verify::verify_detached;
use crate::time::{Moment, rfc3339};

/// What was found of the detached signature.
#[derive(Debug, Clone, Default)]
pub struct SignatureCheck {
    /// Whose certificate it names; `None` where there is none.
    pub signer: Option<Signer>,
    /// When the signer claims to have signed.
    pub signing_time: Option<Moment>,
    /// What is wrong with it: code and message.
    pub problems: Vec<(&'static str, String)>,
}

/// Who signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signer {
    /// The certificate's subject.
    pub subject: String,
    /// SHA-256 over the certificate.
    pub sha256: Digest,
    /// Whether a chain leads to a certificate that was given as trusted.
    pub trusted: bool,
    /// Why not.
    #[serde(skip)]
    pub why_not: Option<String>,
}

/// The answer of `verify`.
#[derive(Debug, Clone, Serialize)]
pub struct VerifyReport {
    /// Whether the bytes and the signature's mathematics hold; whoever signed, or nobody.
    pub intact: bool,
    /// What is worth knowing and is no fault.
    pub notes: Vec<Note>,
    /// Who signed; `None` where nobody did, or none can be named.
    pub signer: Option<Signer>,
    /// The time-stamp; this version judges none.
    pub timestamp: (),
    /// Everything that is wrong.
    pub defects: Vec<Defect>,
    /// The bundle's id.
    #[serde(skip)]
    pub id: String,
    /// The root digest.
    #[serde(skip)]
    pub root: Option<Digest>,
    /// The files that the manifests list.
    #[serde(skip)]
    pub files: usize,
    /// When the signer claims to have signed.
    #[serde(skip)]
    pub signing_time: Option<Moment>,
}

/// Verifies the bundle at `path` against the certificates in the files `trust`.
pub fn verify(
    path: &Path,
    trust: &[PathBuf],
    any_signer: bool,
    as_json: bool,
    screen: &mut Screen<'_>,
) -> Result<Exit> {
    let anchors = anchors(trust)?;
    let opened = bundle::verify(path)?;
    let signed = opened.signature.as_deref().zip(opened.root);
    let check = signed.map(|(signature, root)| check(signature, root, &anchors));
    let report = report(&opened, check, any_signer);
    written(if as_json {
        json::pretty(&mut screen.out, &report)
    } else {
        report.write_text(screen.language, &mut screen.out)
    })?;
    Ok(if report.passed() {
        Exit::Done
    } else {
        Exit::No
    })
}

fn anchors(trust: &[PathBuf]) -> Result<Vec<TrustAnchor>> {
    let mut anchors = Vec::new();
    for file in trust {
        let bytes = fs::read(file).map_err(|error| Error::io("read", file, &error))?;
        let read = read_trust(&bytes).map_err(|error| Error {
            message: format!("`{}`: {}", file.display(), error.message),
            ..error
        })?;
        anchors.extend(read);
    }
    Ok(anchors)
}

fn check(signature: &[u8], root: Digest, anchors: &[TrustAnchor]) -> SignatureCheck {
    let found = verify_detached(signature, root, anchors);
    SignatureCheck {
        signer: found.signer.map(|signer| Signer {
            subject: signer.subject,
            sha256: signer.sha256,
            trusted: signer.trusted,
            why_not: signer.why_not,
        }),
        signing_time: found.signing_time,
        problems: found
            .problems
            .into_iter()
            .map(|problem| (problem.code, problem.message))
            .collect(),
    }
}

/// Joins what was found of the bag and of its signature: `signature` is `None` where there was
/// nothing to verify. With `any_signer` a signer who is not trusted is no defect.
pub fn report(
    opened: &Opened,
    signature: Option<SignatureCheck>,
    any_signer: bool,
) -> VerifyReport {
    let signature_defect = |code, message: &str| Defect::new(code, SIGNATURE, message);
    let mut defects = opened.defects.clone();
    if opened.signature.is_none() {
        defects.push(signature_defect("unsigned", "the bundle has no signature"));
    }
    let mut intact = opened.defects.is_empty();
    let trusted = |check: &SignatureCheck| check.signer.as_ref().is_some_and(|s| s.trusted);
    if let Some(check) = &signature {
        intact &= check.problems.is_empty();
        let problems = check.problems.iter();
        defects.extend(problems.map(|(code, message)| signature_defect(code, message)));
        if !any_signer && !trusted(check) {
            let why = check
                .signer
                .as_ref()
                .and_then(|signer| signer.why_not.as_deref());
            let why = why.unwrap_or("no certificate to trust leads to the signer");
            defects.push(signature_defect("signer_unknown", why));
        }
    }
    let check = signature.unwrap_or_default();
    VerifyReport {
        intact,
        notes: opened.notes.clone(),
        signer: check.signer,
        timestamp: (),
        defects,
        id: opened.id.clone(),
        root: opened.root,
        files: opened.files.len(),
        signing_time: check.signing_time,
    }
}

/// The screen's words in one language.
struct Words {
    root: &'static str,
    files: &'static str,
    intact: &'static str,
    yes: &'static str,
    no: &'static str,
    signer: &'static str,
    nobody: &'static str,
    trusted: &'static str,
    untrusted: &'static str,
    signed_at: &'static str,
    claimed: &'static str,
    note: &'static str,
    repacked: &'static str,
    defects: &'static str,
    none: &'static str,
    proves: &'static str,
}

const EN: Words = Words {
    root: "root digest",
    files: "files",
    intact: "intact",
    yes: "yes",
    no: "NO",
    signer: "signer",
    nobody: "none that can be named",
    trusted: "trusted",
    untrusted: "not trusted",
    signed_at: "signed at",
    claimed: "as the signer claims",
    note: "note",
    repacked: "repacked: not the zip that kisms writes, but the same files, zipped again or \
               unpacked",
    defects: "defects",
    none: "none",
    proves: "This proves that the bundle is unchanged since the applicant signed it; not that AWS \
             produced the exports, nor that none was left out.",
};

const KO: Words = Words {
    root: "루트 해시",
    files: "파일 수",
    intact: "무결성",
    yes: "이상 없음",
    no: "훼손됨",
    signer: "서명자",
    nobody: "확인할 수 없음",
    trusted: "신뢰함",
    untrusted: "신뢰할 수 없음",
    signed_at: "서명 시각",
    claimed: "서명자가 주장하는 시각",
    note: "참고",
    repacked: "repacked: kisms가 만든 zip은 아니지만 파일은 같음 (다시 압축했거나 풀어 놓음)",
    defects: "결함",
    none: "없음",
    proves: "이 검증은 신청기관이 서명한 뒤 번들이 바뀌지 않았음을 증명합니다. 내보내기를 AWS가 \
             만들었다는 것이나 빠진 내보내기가 없다는 것은 증명하지 않습니다.",
};

/// Columns of the screen.
const WIDTH: usize = 80;
/// Where the values begin.
const VALUES: usize = 14;

impl VerifyReport {
    /// Whether there is nothing to object to: `verify` then exits with 0.
    pub fn passed(&self) -> bool {
        self.defects.is_empty()
    }

    /// Writes the report for the screen, in 80 columns.
    pub fn write_text(&self, language: Language, out: &mut impl Write) -> io::Result<()> {
        let words = match language {
            Language::Ko => &KO,
            Language::En => &EN,
        };
        writeln!(out, "{}", escape(&self.id))?;
        if let Some(root) = self.root {
            field(out, words.root, &root.to_string())?;
        }
        field(out, words.files, &self.files.to_string())?;
        field(
            out,
            words.intact,
            if self.intact { words.yes } else { words.no },
        )?;
        self.write_signer(words, out)?;
        for Note::Repacked in &self.notes {
            field(out, words.note, words.repacked)?;
        }
        if self.passed() {
            field(out, words.defects, words.none)?;
            writeln!(out)?;
            return wrapped(out, words.proves, 0);
        }
        field(out, words.defects, &self.defects.len().to_string())?;
        for defect in &self.defects {
            writeln!(out)?;
            write_defect(defect, language, out)?;
        }
        Ok(())
    }

    fn write_signer(&self, words: &Words, out: &mut impl Write) -> io::Result<()> {
        let Some(signer) = &self.signer else {
            return field(out, words.signer, words.nobody);
        };
        field(out, words.signer, &signer.subject)?;
        field(out, "", &signer.sha256.to_string())?;
        let trust = match (&signer.why_not, signer.trusted) {
            (_, true) => words.trusted.to_owned(),
            (Some(why), false) => format!("{}: {why}", words.untrusted),
            (None, false) => words.untrusted.to_owned(),
        };
        field(out, "", &trust)?;
        match self.signing_time {
            Some(time) => {
                let time = format!("{} ({})", rfc3339(time), words.claimed);
                field(out, words.signed_at, &time)
            }
            None => Ok(()),
        }
    }
}

fn write_defect(defect: &Defect, language: Language, out: &mut impl Write) -> io::Result<()> {
    wrapped(
        out,
        format!("{}  {}", defect.code, defect.path).trim_end(),
        2,
    )?;
    let known = CODES.iter().find(|known| known.code == defect.code);
    if let (Some(known), Language::Ko) = (known, language) {
        wrapped(out, known.ko, 4)?;
    }
    wrapped(out, &defect.message, 4)
}

/// A label and its value, the value's further lines below its first.
fn field(out: &mut impl Write, label: &str, value: &str) -> io::Result<()> {
    let lines = wrap(&escape(value), WIDTH - VALUES);
    for (number, line) in lines.iter().enumerate() {
        let label = if number == 0 { label } else { "" };
        let pad = VALUES.saturating_sub(2 + label.width());
        writeln!(out, "  {label}{:pad$}{line}", "")?;
    }
    Ok(())
}

fn wrapped(out: &mut impl Write, text: &str, indent: usize) -> io::Result<()> {
    wrap(&escape(text), WIDTH - indent)
        .iter()
        .try_for_each(|line| writeln!(out, "{:indent$}{line}", ""))
}

/// Breaks at spaces, and a word that is wider than a line where it must be. At least one line.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut column = 0;
    for word in text.split(' ') {
        let wide = word.width();
        if column > 0 && column + 1 + wide > width {
            lines.push(String::new());
            column = 0;
        }
        if column > 0 {
            lines.last_mut().expect("never empty").push(' ');
            column += 1;
        }
        for c in word.chars() {
            let wide = c.width().unwrap_or(0);
            if column + wide > width {
                lines.push(String::new());
                column = 0;
            }
            lines.last_mut().expect("never empty").push(c);
            column += wide;
        }
    }
    lines
}

/// Shows control characters, and those that turn, hide or break text (Unicode Standard Annex 9), as
/// their numbers.
fn escape(text: &str) -> String {
    let unsafe_on_screen = |c: char| {
        c.is_control()
            || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}')
    };
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if unsafe_on_screen(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests;
