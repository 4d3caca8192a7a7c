//! Ways to look at what was concluded.

use crate::assess::{Assessment, ControlResult, Finding, Gap, GapKind, ReasonKind, Seen};

/// What was concluded, with ways to look at it.
pub struct Assessed(pub Assessment);

impl Assessed {
    pub fn finding(&self, resource: &str) -> &Finding {
        let mut fitting = self
            .0
            .findings
            .iter()
            .filter(|finding| *finding.resource_id == *resource);
        let finding = fitting
            .next()
            .unwrap_or_else(|| panic!("no finding on {resource}"));
        assert!(fitting.next().is_none(), "several findings on {resource}");
        finding
    }

    pub fn control(&self, id: &str) -> &ControlResult {
        let id = id.parse().expect("a control");
        let row = self
            .0
            .controls
            .iter()
            .find(|row| row.id == id)
            .expect("a control in scope");
        row.result.as_ref().expect("a result")
    }

    pub fn reasons(&self, control: &str) -> Vec<(ReasonKind, &str)> {
        let reasons = &self.control(control).reasons;
        reasons
            .iter()
            .map(|reason| (reason.reason, &*reason.rule))
            .collect()
    }

    pub fn seen(&self, rule: &str) -> Vec<(&str, Seen)> {
        let row = self
            .0
            .rules
            .iter()
            .find(|row| row.rule == rule)
            .expect("a rule");
        row.seen
            .iter()
            .map(|at| (&*at.at.region, at.state))
            .collect()
    }

    pub fn gaps(&self, kind: GapKind) -> Vec<&Gap> {
        self.0.gaps.iter().filter(|gap| gap.kind == kind).collect()
    }
}
