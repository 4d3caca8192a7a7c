//! File names as hints: which number counts a page, and which rule or resource a file is named after.

use std::collections::BTreeSet;

use crate::evidence::{Evidence, InputStatus};

/// Numbers from here on are dates and the like, and count no pages.
pub const FIRST_PAGES: u64 = 10_000;

/// What names call a page, before its number.
const PAGE: [&str; 5] = ["page", "pages", "part", "p", "페이지"];

/// A path around the last number of its file name: what stands before, the number, what stands behind.
pub type Numbered<'p> = (&'p str, u64, &'p str);

/// `exports/a/page-`, 12, `.json` of `exports/a/page-12.json`; the numbers of folders do not count.
pub fn around_last_number(path: &str) -> Option<Numbered<'_>> {
    let name = path.rfind(['/', '!']).map_or(0, |slash| slash + 1);
    let end = name + path[name..].rfind(|c: char| c.is_ascii_digit())? + 1;
    let digits = path[name..end]
        .bytes()
        .rev()
        .take_while(u8::is_ascii_digit)
        .count();
    let number = path[end - digits..end].parse().ok()?;
    Some((&path[..end - digits], number, &path[end..]))
}

/// Whether the name says that the number counts pages: in most names it counts something else.
pub fn counts_pages(before: &str) -> bool {
    let before = before.trim_end_matches(SEPARATORS);
    let word = before.rsplit(|c: char| !c.is_alphanumeric()).next();
    word.is_some_and(|word| PAGE.contains(&word.to_lowercase().as_str()))
}

const SEPARATORS: [char; 4] = ['-', '_', '.', ' '];

/// `restricted-ssh` of `exports/a/restricted-ssh.json.gz`.
pub fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '!']).next().unwrap_or(path);
    let name = name.strip_suffix(".gz").unwrap_or(name);
    name.strip_suffix(".json").unwrap_or(name)
}

/// `restricted-ssh` of `restricted-ssh-2` and of `restricted-ssh`.
pub fn without_number(name: &str) -> &str {
    let before = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if before.len() == name.len() {
        return name;
    }
    before.trim_end_matches(SEPARATORS)
}

/// Whether a file's name has this text as a word of its own.
pub fn names(stem: &str, text: &str) -> bool {
    let inner = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut found = stem.match_indices(text);
    !text.is_empty()
        && found.any(|(at, _)| {
            let (before, after) = (&stem[..at], &stem[at + text.len()..]);
            !inner(before.chars().next_back()) && !inner(after.chars().next())
        })
}

/// Numbered files of which nothing was read: pages that are missing although they are there.
pub struct Unread(BTreeSet<(String, u64, String)>);

impl Unread {
    /// Files that were rejected, and files in which no answer stands.
    pub fn new(evidence: &Evidence) -> Self {
        let mut read = vec![false; evidence.inputs.len()];
        for listing in &evidence.listings {
            read[listing.input.0 as usize] = true;
        }
        let inputs = evidence.inputs.iter().zip(read);
        let unread = inputs.filter(|(input, read)| {
            input.status == InputStatus::Rejected || (!read && !input.container.is_archive())
        });
        let numbered = unread.filter_map(|(input, _)| around_last_number(&input.path));
        let known = numbered.map(|(before, number, after)| (before.into(), number, after.into()));
        Self(known.collect())
    }

    /// Whether the file of this number, beside one with this name, was not read.
    pub fn has(&self, (before, number, after): Numbered<'_>) -> bool {
        !self.0.is_empty() && self.0.contains(&(before.into(), number, after.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_that_says_so_counts_pages() {
        for (before, counts) in [
            ("exports/a/page-", true),
            ("a/p", true),
            ("a/restricted-ssh_Page", true),
            ("a/restricted-ssh-", false),
            ("a/page/2026-09-", false),
            ("a/backup-", false),
            ("a/restricted-ssh-conformance-pack-0y1n6p", false),
        ] {
            assert_eq!(counts_pages(before), counts, "{before}");
        }
    }

    #[test]
    fn the_last_number_of_the_name_counts_pages() {
        assert_eq!(
            around_last_number("a/2026/page-12.json"),
            Some(("a/2026/page-", 12, ".json"))
        );
        assert_eq!(around_last_number("a/2026/page.json"), None);
        assert_eq!(around_last_number("a7.zip!page.json"), None);
        assert_eq!(around_last_number("7"), Some(("", 7, "")));
    }

    #[test]
    fn a_name_is_a_word_of_its_own_in_another() {
        assert!(names("details-rtb-2", "rtb-2"));
        assert!(names("rtb-2", "rtb-2"));
        assert!(!names("rtb-22", "rtb-2"));
        assert!(!names("data", "a"));
        assert!(!names("data", ""));
    }
}
