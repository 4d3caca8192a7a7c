//! The answer of `verify` for the screen.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Note, Signer, VerifyReport};
use crate::bundle::{CODES, Defect};
use crate::engagement::Language;
use crate::time::rfc3339;

/// The screen's words in one language.
pub(super) struct Words {
    root: &'static str,
    files: &'static str,
    intact: &'static str,
    yes: &'static str,
    pub(super) no: &'static str,
    signer: &'static str,
    nobody: &'static str,
    trusted: &'static str,
    pub(super) untrusted: &'static str,
    signed_at: &'static str,
    claimed: &'static str,
    level: &'static str,
    timestamp: &'static str,
    no_timestamp: &'static str,
    report: &'static str,
    report_unsigned: &'static str,
    note: &'static str,
    repacked: &'static str,
    signer_expired: &'static str,
    signer_expired_unproven: &'static str,
    timestamp_expired: &'static str,
    defects: &'static str,
    none: &'static str,
    proves: &'static str,
    proves_untrusted: &'static str,
}

pub(super) const EN: Words = Words {
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
    level: "level",
    timestamp: "time-stamp",
    no_timestamp: "none: the time is only what the signer claims",
    report: "report.pdf",
    report_unsigned: "without a signature of its own",
    note: "note",
    repacked: "repacked: not the zip that kisms writes, but the same files, zipped again or \
               unpacked",
    signer_expired: "signer_expired: the signer's certificate is not valid any more; the time-stamp \
                     shows that it was when it signed",
    signer_expired_unproven: "signer_expired_unproven: the signer's certificate is not valid any more; \
                              that it was when it signed is only what the signer claims",
    timestamp_expired: "timestamp_expired: the certificate of the time-stamp's authority is not valid \
                        any more",
    defects: "defects",
    none: "none",
    proves: "This proves that the bundle is unchanged since the applicant signed it; not that AWS \
             produced the exports, nor that none was left out.",
    proves_untrusted: "This proves that the bundle is unchanged since the holder of that \
                       certificate's key signed it. Whose it is was not checked: anybody can make \
                       such a certificate. Ask the applicant for theirs, and give it with `--trust`.",
};

pub(super) const KO: Words = Words {
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
    level: "서명 수준",
    timestamp: "시점확인",
    no_timestamp: "없음: 서명 시각은 서명자의 주장일 뿐임",
    report: "report.pdf",
    report_unsigned: "자체 서명이 없음",
    note: "참고",
    repacked: "repacked: kisms가 만든 zip은 아니지만 파일은 같음 (다시 압축했거나 풀어 놓음)",
    signer_expired: "signer_expired: 서명자 인증서의 유효기간이 지났음. 유효할 때 서명했음은 시점확인이 보여 줌",
    signer_expired_unproven: "signer_expired_unproven: 서명자 인증서의 유효기간이 지났음. 유효할 때 \
                              서명했다는 것은 서명자의 주장일 뿐임",
    timestamp_expired: "timestamp_expired: 시점확인 기관 인증서의 유효기간이 지났음",
    defects: "결함",
    none: "없음",
    proves: "이 검증은 신청기관이 서명한 뒤 번들이 바뀌지 않았음을 증명합니다. 내보내기를 AWS가 \
             만들었다는 것이나 빠진 내보내기가 없다는 것은 증명하지 않습니다.",
    proves_untrusted: "이 검증은 위 인증서의 키를 가진 사람이 서명한 뒤 번들이 바뀌지 않았음을 \
                       증명합니다. 그 사람이 누구인지는 확인하지 않았으며, 이런 인증서는 누구나 만들 수 \
                       있습니다. 신청기관의 인증서를 받아 `--trust`로 주십시오.",
};

/// Columns of the screen.
pub(super) const WIDTH: usize = 80;
/// Where the values begin.
const VALUES: usize = 14;

impl VerifyReport {
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
        self.write_report(words, out)?;
        for note in &self.notes {
            let text = match note {
                Note::Repacked => words.repacked,
                Note::SignerExpired => words.signer_expired,
                Note::SignerExpiredUnproven => words.signer_expired_unproven,
                Note::TimestampExpired => words.timestamp_expired,
            };
            field(out, words.note, text)?;
        }
        if self.passed() {
            field(out, words.defects, words.none)?;
            writeln!(out)?;
            let trusted = self.signer.as_ref().is_some_and(|signer| signer.trusted);
            let proves = if trusted {
                words.proves
            } else {
                words.proves_untrusted
            };
            return wrapped(out, proves, 0);
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
        field(out, "", &trust(signer, words))?;
        if let Some(level) = self.level {
            field(out, words.level, level)?;
        }
        if let Some(time) = self.signing_time {
            let time = format!("{} ({})", rfc3339(time), words.claimed);
            field(out, words.signed_at, &time)?;
        }
        let Some(stamp) = &self.timestamp else {
            return field(out, words.timestamp, words.no_timestamp);
        };
        let authority = &stamp.authority;
        field(out, words.timestamp, &rfc3339(stamp.time))?;
        field(out, "", &authority.subject)?;
        field(out, "", &trust(authority, words))
    }

    /// The report's own signature, in a line.
    fn write_report(&self, words: &Words, out: &mut impl Write) -> io::Result<()> {
        let Some(report) = &self.report else {
            return field(out, words.report, words.report_unsigned);
        };
        let signer = report.signer.as_ref();
        let signer = signer.map_or(words.nobody, |signer| &signer.subject);
        let level = report.level.unwrap_or(words.no);
        field(out, words.report, &format!("{level}, {signer}"))
    }
}

fn trust(signer: &Signer, words: &Words) -> String {
    match (&signer.why_not, signer.trusted) {
        (_, true) => words.trusted.to_owned(),
        (Some(why), false) => format!("{}: {why}", words.untrusted),
        (None, false) => words.untrusted.to_owned(),
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
