//! `collect.log`: when the collect script made the call whose answer each file holds.

use std::collections::BTreeMap;

use chrono::DateTime;

use crate::digest::Digest;
use crate::time::Moment;

use super::Open;
use super::sums::{self, Sums};
use super::walk::Found;

/// The name of such a file.
const NAME: &str = "collect.log";
/// All of them together are no larger: a line for each of some hundred thousand files.
const BYTES_MOST: u64 = 64 << 20;

/// When the files were taken, by their path from the engagement's folder.
#[derive(Debug, Default)]
pub struct Taken(BTreeMap<String, Moment>);

impl Taken {
    /// Reads every log among the files that were found. A log that is not what `SHA256SUMS` lists
    /// tells nothing; what cannot be read of it is said where it is listed as an input.
    pub fn read(found: &[Found], sums: &Sums, open: Open<'_>) -> Self {
        let mut taken = Self::default();
        let mut room = BYTES_MOST;
        for found in found {
            let (folder, name) = found.path.rsplit_once('/').unwrap_or(("", &found.path));
            if name != NAME {
                continue;
            }
            let Ok(bytes) = sums::text(found, open, &mut room) else {
                continue;
            };
            let as_listed = sums.check(&found.path, Some(Digest::of(&bytes)));
            if let (true, Ok(text)) = (as_listed.is_empty(), std::str::from_utf8(&bytes)) {
                taken.lines(text, folder);
            }
        }
        taken
    }

    /// Of several lines about one file the last counts: it was taken again.
    fn lines(&mut self, text: &str, folder: &str) {
        for (name, moment) in text.lines().filter_map(saved) {
            self.0.insert(format!("{folder}/{name}"), moment);
        }
    }

    /// When the answer in the file was asked for, to the second.
    pub fn at(&self, path: &str) -> Option<Moment> {
        self.0.get(path).copied()
    }
}

/// `<time>` tab `saved` tab `<file>` tab `called <time>`: the call began then, and AWS cannot have
/// answered earlier.
fn saved(line: &str) -> Option<(&str, Moment)> {
    let mut cells = line.split('\t').skip(1);
    let ("saved", name, called) = (cells.next()?, cells.next()?, cells.next()?) else {
        return None;
    };
    let time = DateTime::parse_from_rfc3339(called.strip_prefix("called ")?).ok()?;
    Some((name, time.to_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_call_that_saved_a_file_is_its_time() {
        let mut taken = Taken::default();
        let log = "2026-09-30T00:00:00Z\tbegin\tkisms collect 0.1.0\n\
                   2026-09-30T00:00:09Z\tsaved\tus-east-1/a.json\tcalled 2026-09-30T00:00:01Z\n\
                   2026-09-30T00:00:09Z\tfailed\tus-east-1/b.json\tcalled 2026-09-30T00:00:01Z\n\
                   2026-09-30T00:00:09Z\tsaved\tus-east-1/c.json\tcalled yesterday\n\
                   2026-10-01T00:00:09Z\tsaved\tus-east-1/a.json\tcalled 2026-10-01T00:00:01Z\n";
        taken.lines(log, "exports/111122223333");
        let at = |name: &str| taken.at(&format!("exports/111122223333/us-east-1/{name}.json"));
        let time = at("a").map(crate::time::rfc3339);
        assert_eq!(time.as_deref(), Some("2026-10-01T00:00:01Z"));
        assert_eq!((at("b"), at("c")), (None, None));
    }
}
