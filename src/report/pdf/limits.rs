//! How much of everything the report shows. Whatever is left out is said, as "n of m", with the
//! file that has the rest.

use serde::Serialize;

/// Rows of failing findings on the sheets of the report: up to so many, all are there.
pub(super) const FINDINGS: usize = 400;
/// Rows on the sheets where there are more: a sheet then shows some, and an appendix all.
pub(super) const FINDINGS_OF_MORE: usize = 160;
/// Lines of reasons on the sheet of one control.
pub(super) const REASONS_PER_CONTROL: usize = 12;
/// Rules named in one line of the reasons.
pub(super) const RULES_OF_A_REASON: usize = 40;
/// Weaker parameters shown for one rule.
pub(super) const WEAKER_PER_RULE: usize = 5;
/// Names under which one rule is deployed.
pub(super) const NAMES_OF_A_RULE: usize = 3;
/// Files of manual evidence on the sheet of one control.
pub(super) const FILES_PER_CONTROL: usize = 30;
/// Lines of the gaps, one for each kind, account and region.
pub(super) const GAPS: usize = 150;
/// Files; where there are more, all are in an appendix.
pub(super) const INPUTS: usize = 200;
/// Faults shown of one file.
pub(super) const FAULTS_PER_INPUT: usize = 5;
/// Decisions.
pub(super) const DECISIONS: usize = 100;
/// Findings named beside one decision.
pub(super) const FINDINGS_OF_A_DECISION: usize = 3;
/// Accounts in scope.
pub(super) const ACCOUNTS: usize = 100;
/// Names or places in one cell.
pub(super) const IN_A_CELL: usize = 6;
/// Commands in one cell.
pub(super) const COMMANDS_IN_A_CELL: usize = 2;
/// Controls on the one-page summary.
pub(super) const IN_THE_SUMMARY: usize = 8;
/// Accounts on the one-page summary.
pub(super) const ACCOUNTS_IN_THE_SUMMARY: usize = 6;
/// Characters of a text that stands above the rows that share it, and again on each of their pages: what
/// AWS lets a rule say of a resource.
pub(super) const SHARED: usize = 256;
/// Characters of one text from the data.
pub(super) const CHARACTERS: usize = 1_000;
/// Rows of one appendix: what a document takes in memory grows with them, 0.1 MiB a row.
pub(super) const PART_ROWS: usize = 800;

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
