//! What the exports tell of one deployed copy of a rule.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::{ComplianceType, RuleCompliance};
use crate::time::{Moment, rfc3339};

use super::coverage::Shortfall;
use super::model::{ReasonKind, Seen};

/// What whole answers hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whole {
    /// Nothing.
    #[default]
    Nothing,
    /// Verdicts, of which none holds in the period.
    Outside,
    /// Verdicts that hold in it.
    InPeriod,
}

/// A deployed copy.
#[derive(Default)]
pub struct CopyEvidence<'e> {
    /// What whole answers hold of it.
    pub whole: Whole,
    /// Answers that were cut off hold it.
    pub cut: bool,
    /// How many failing verdicts the latest answer no longer has.
    pub vanished: u64,
    /// When the last of them was recorded, or last shown.
    pub vanished_at: Option<Moment>,
    /// Its verdicts now.
    pub counts: BTreeMap<ComplianceType, u64>,
    /// The latest verdict on the whole rule; several where none is certainly the latest.
    pub levels: Vec<&'e RuleCompliance>,
    /// When the latest of them was taken, if that is known of all.
    pub level_at: Option<Moment>,
    /// Its latest evaluation status shows that it ran, not before the period.
    pub ran: bool,
    /// When it failed to evaluate in the period, if it did not succeed since.
    pub fails_since: Option<Moment>,
    /// When its latest verdict was recorded.
    pub latest: Option<Moment>,
    /// Why it judges less than its rule could.
    pub shortfall: Option<Shortfall>,
}

/// What a copy tells.
pub struct Told {
    /// The state, as far as this copy goes.
    pub state: Seen,
    /// What the user should know, such as a count.
    pub detail: String,
    /// Whether it is partial only because pages, or whole answers, are missing: another copy may
    /// show everything. What is contradicted stays so.
    pub cut: bool,
    /// Whether AWS says of the whole rule that something fails which the rows do not show.
    pub hidden_failure: bool,
}

impl Told {
    /// A copy that ran and found nothing.
    pub fn none() -> Self {
        Self {
            state: Seen::CheckedNone,
            detail: String::new(),
            cut: false,
            hidden_failure: false,
        }
    }
}

impl CopyEvidence<'_> {
    /// Whether nothing tells of an evaluation: no row, and no verdict on the rule that rests on
    /// one.
    pub fn is_empty(&self) -> bool {
        let mut levels = self.levels.iter();
        let without = levels.all(|level| level.compliance == ComplianceType::InsufficientData);
        self.whole == Whole::Nothing && !self.cut && without
    }

    /// Why its word is not the whole word, as far as it goes itself.
    pub fn shortfall(&self) -> Option<&Shortfall> {
        let outside = (self.whole == Whole::Outside).then_some(&Shortfall::OutsidePeriod);
        self.shortfall.as_ref().or(outside)
    }

    /// What this copy tells, if anything; further reasons are noted.
    pub fn told(&self, reasons: &mut BTreeSet<ReasonKind>) -> Option<Told> {
        let rows: u64 = self.counts.values().sum();
        // Of levels that may each be the latest the worst counts that the rows contradict.
        let against = (self.levels.iter())
            .filter_map(|level| Some((level.compliance, self.contradiction(level, rows, reasons)?)))
            .max_by_key(|(compliance, _)| *compliance);
        let hidden_failure = matches!(against, Some((ComplianceType::NonCompliant, _)));
        let contradicted = against.map(|(_, detail)| detail);
        let covered = contradicted.is_none() && !self.may_be_filtered();
        let (state, detail) = match contradicted {
            Some(detail) => (Seen::Partial, detail),
            None if self.may_be_filtered() => {
                let detail = format!("{}: 0 / {}", ComplianceType::NonCompliant, self.vanished);
                (Seen::Partial, detail)
            }
            None if self.whole > Whole::Nothing => {
                self.unseen_since()
                    .map_or((Seen::Seen, String::new()), |failed| {
                        (
                            Seen::Partial,
                            format!("LastFailedEvaluationTime: {}", rfc3339(failed)),
                        )
                    })
            }
            None if self.cut => (Seen::Partial, String::new()),
            None => return None,
        };
        let open = self.cut || self.unseen_since().is_some();
        let cut = state == Seen::Partial && covered && open;
        Some(Told {
            state,
            detail,
            cut,
            hidden_failure,
        })
    }

    /// When it failed to evaluate after all that it said.
    fn unseen_since(&self) -> Option<Moment> {
        let failed = self
            .fails_since
            .filter(|failed| Some(*failed) > self.latest);
        failed.filter(|_| self.whole == Whole::InPeriod)
    }

    /// Whether what failed before is missing from an answer in which nothing fails, and no verdict
    /// on the whole rule says so too that is later than what last showed the failure: the answer
    /// may have been filtered.
    fn may_be_filtered(&self) -> bool {
        let older = (self.level_at.zip(self.vanished_at)).is_some_and(|(level, at)| level <= at);
        let vouched = !self.levels.is_empty() && !older;
        let fails = self.counts.contains_key(&ComplianceType::NonCompliant);
        self.vanished > 0 && !vouched && !fails
    }

    /// What the verdict on the whole rule says that the rows do not.
    fn contradiction(
        &self,
        level: &RuleCompliance,
        rows: u64,
        reasons: &mut BTreeSet<ReasonKind>,
    ) -> Option<String> {
        let of_type = self
            .counts
            .get(&level.compliance)
            .copied()
            .unwrap_or_default();
        match level.compliance {
            ComplianceType::InsufficientData => {
                reasons.insert(ReasonKind::InsufficientData);
                return (rows == 0).then(String::new);
            }
            ComplianceType::NotApplicable => {
                reasons.insert(ReasonKind::UnusualVerdict);
                return (rows == 0).then(String::new);
            }
            ComplianceType::Compliant | ComplianceType::NonCompliant => {}
        }
        let counted = level
            .count
            .map_or(1, |count| u64::from(count.capped))
            .max(1);
        let more = level.count.is_some_and(|count| count.exceeded);
        let missing = of_type < counted || (more && of_type == counted);
        let at_least = if more { ">= " } else { "" };
        missing.then(|| format!("{}: {of_type} / {at_least}{counted}", level.compliance))
    }
}
