//! What one record (기록) of the statement is: words, or the citation of a file of the engagement.

/// A record as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Record<'r> {
    /// Something that is kept elsewhere: 접근권한 검토 대장 (2026년 3분기).
    Words(&'r str),
    /// A file of the engagement.
    Citation(Citation<'r>),
}

/// A file as people write it, or as our own documents cite it, whose cells people copy:
/// `evidence/2.1.1/a.pdf`, `M0001`, `M0001 (ba7816bf8f01) evidence/2.1.1/a.pdf`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Citation<'r> {
    /// `E0001`, `E0001.0002` or `M0001`: changes when files are added.
    pub id: Option<&'r str>,
    /// The first 12 hexadecimal digits of the file's SHA-256.
    pub digest: Option<&'r str>,
    /// From the engagement's folder, in `evidence/` or `exports/`; a member of an archive behind `!`.
    pub path: Option<&'r str>,
}

/// The folders of which a record may cite a file.
pub const FOLDERS: [&str; 2] = ["evidence", "exports"];

impl<'r> Record<'r> {
    /// Tells words from citations.
    pub fn of(text: &'r str) -> Self {
        let (id, rest) = match text.split_once(' ') {
            Some((id, rest)) if is_id(id) => (Some(id), rest.trim_start()),
            None if is_id(text) => (Some(text), ""),
            _ => (None, text),
        };
        let (digest, rest) = id
            .and_then(|_| digest(rest))
            .map_or((None, rest), |(digest, rest)| (Some(digest), rest));
        let path = Some(rest).filter(|rest| is_path(rest));
        // `M0001 번 문서` is words: it cites nothing in a way that could be checked.
        if path.is_none() && (id.is_none() || !rest.is_empty()) {
            return Self::Words(text);
        }
        Self::Citation(Citation { id, digest, path })
    }
}

/// `E0001`, `M12345`, `E0007.0001`.
fn is_id(text: &str) -> bool {
    let Some(numbers) = text.strip_prefix(['E', 'M']) else {
        return false;
    };
    let number = |text: &str| text.len() >= 4 && text.bytes().all(|b| b.is_ascii_digit());
    match numbers.split_once('.') {
        Some((archive, member)) => number(archive) && number(member),
        None => number(numbers),
    }
}

/// `(ba7816bf8f01)` at the start, and what follows it.
fn digest(text: &str) -> Option<(&str, &str)> {
    let (digits, rest) = text.strip_prefix('(')?.split_once(')')?;
    let whole = digits.len() == 12 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    whole.then_some((digits, rest.trim_start()))
}

/// Whether a text means a path in one of the folders, however it is spelt.
fn is_path(text: &str) -> bool {
    text.find(['/', '\\']).is_some_and(|end| {
        FOLDERS
            .iter()
            .any(|folder| text[..end].eq_ignore_ascii_case(folder))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_cited_by_path_by_number_or_as_our_documents_do() {
        let digest = Some("ba7816bf8f01");
        for (text, id, digest, path) in [
            (
                "evidence/2.1.1/a.pdf",
                None,
                None,
                Some("evidence/2.1.1/a.pdf"),
            ),
            (
                "exports/a.zip!b.json",
                None,
                None,
                Some("exports/a.zip!b.json"),
            ),
            ("Evidence\\a", None, None, Some("Evidence\\a")),
            ("M0001", Some("M0001"), None, None),
            ("E0007.0001", Some("E0007.0001"), None, None),
            ("E0001 exports/a", Some("E0001"), None, Some("exports/a")),
            (
                "M0001 (ba7816bf8f01) evidence/a b",
                Some("M0001"),
                digest,
                Some("evidence/a b"),
            ),
            ("M0001 (ba7816bf8f01)", Some("M0001"), digest, None),
        ] {
            let citation = Citation { id, digest, path };
            assert_eq!(Record::of(text), Record::Citation(citation), "{text}");
        }
    }

    #[test]
    fn everything_else_is_words() {
        for text in [
            "대장 2026/3",
            "evidence",
            "/etc/passwd",
            "evidences/a",
            "exports: all",
            "M001",
            "E0001번 문서",
            "E0001 문서",
            "M0001 (ba7816bf8f0) x",
            "(ba7816bf8f01) evidence",
            "",
        ] {
            assert_eq!(Record::of(text), Record::Words(text), "{text}");
        }
    }
}
