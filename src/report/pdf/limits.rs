//! How much of everything the report shows. Whatever is left out is said, as "n of m", with the
//! file that has the rest.

use serde::Serialize;

/// Failing findings shown for one control.
pub(super) const FINDINGS_PER_CONTROL: usize = 50;
/// Failing findings shown in all.
pub(super) const FINDINGS: usize = 2_000;
/// Reasons shown for one control, a line for each reason and rule.
pub(super) const REASONS_PER_CONTROL: usize = 40;
/// Weaker parameters shown for one rule.
pub(super) const WEAKER_PER_RULE: usize = 5;
/// Lines of the gaps, one for each kind, account and region.
pub(super) const GAPS: usize = 400;
/// Files.
pub(super) const INPUTS: usize = 200;
/// Faults shown of one file.
pub(super) const FAULTS_PER_INPUT: usize = 10;
/// Decisions.
pub(super) const DECISIONS: usize = 200;
/// Files of manual evidence.
pub(super) const MANUAL_EVIDENCE: usize = 400;
/// Accounts in scope.
pub(super) const ACCOUNTS: usize = 100;
/// Names, places or commands in one cell.
pub(super) const IN_A_CELL: usize = 6;
/// Lines of a list on the one-page summary.
pub(super) const IN_THE_SUMMARY: usize = 8;
/// Characters of one text from the data.
pub(super) const CHARACTERS: usize = 1_000;

/// The first rows of a list, with how many there are in all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Limited<T> {
    /// What is shown.
    pub rows: Vec<T>,
    /// How many there are.
    pub total: usize,
}

impl<T> Limited<T> {
    /// The first `limit` of `items`.
    pub(super) fn first(limit: usize, items: impl IntoIterator<Item = T>) -> Self {
        let mut items = items.into_iter();
        let rows: Vec<T> = items.by_ref().take(limit).collect();
        let total = rows.len() + items.count();
        Self { rows, total }
    }
}

/// How many of each group are shown, so that together they are at most `limit` and no group
/// waits while a longer one is shown further.
pub(super) fn share(limit: usize, groups: &[usize]) -> Vec<usize> {
    let mut shares = vec![0; groups.len()];
    let mut left = limit;
    while left > 0 {
        let before = left;
        for (share, size) in shares.iter_mut().zip(groups) {
            if left > 0 && *share < *size {
                *share += 1;
                left -= 1;
            }
        }
        if left == before {
            break;
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limited_list_knows_how_many_there_are() {
        let limited = Limited::first(2, 1..=5);
        assert_eq!((limited.rows, limited.total), (vec![1, 2], 5));
        let all = Limited::first(9, 1..=5);
        assert_eq!((all.rows.len(), all.total), (5, 5));
    }

    #[test]
    fn a_long_group_does_not_starve_the_short_ones() {
        assert_eq!(share(50, &[3000, 2, 10]), [38, 2, 10]);
        assert_eq!(share(4, &[3000, 2, 10]), [2, 1, 1]);
        assert_eq!(share(50, &[1, 0]), [1, 0]);
        assert_eq!(share(0, &[1]), [0]);
    }
}
