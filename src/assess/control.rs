//! What all the evidence says of each control.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::{Control, ControlId, Level};
use crate::decision::DecisionKind;
use crate::evidence::{ComplianceType, Text};

use super::Subject;
use super::coverage::Coverages;
use super::decide::{Decided, in_force};
use super::finding::Judged;
use super::model::{
    Automated, ControlResult, ControlRow, Counts, Manual, Reason, ReasonKind, Site,
};
use super::verdict::Hold;

/// Everything that a control's result is concluded from.
pub struct Grounds<'g, 's> {
    /// What is assessed.
    pub subject: &'g Subject<'s>,
    /// Findings by rule.
    pub findings: BTreeMap<&'g str, Vec<&'g Judged>>,
    /// What was seen of each rule.
    pub coverages: &'g Coverages,
    /// The decisions.
    pub decided: &'g Decided,
}

/// Why a finding does not let its control be compliant, if it does not.
pub fn reason_of(judged: &Judged, excepted: bool) -> Option<ReasonKind> {
    let finding = &judged.finding;
    match judged.hold {
        Hold::Outside => return Some(ReasonKind::OutsidePeriod),
        Hold::UnknownTime => return Some(ReasonKind::UnknownTime),
        Hold::InPeriod => {}
    }
    match finding.status {
        ComplianceType::NonCompliant if excepted => Some(ReasonKind::Excepted),
        ComplianceType::NonCompliant => Some(ReasonKind::NonCompliant),
        ComplianceType::InsufficientData => Some(ReasonKind::InsufficientData),
        ComplianceType::Compliant if !finding.weaker_parameters.is_empty() => {
            Some(ReasonKind::WeakerParameters)
        }
        ComplianceType::Compliant if !finding.unknown_parameters.is_empty() => {
            Some(ReasonKind::UnknownParameter)
        }
        ComplianceType::Compliant | ComplianceType::NotApplicable => None,
    }
}

impl Grounds<'_, '_> {
    /// All controls of the scheme, in order.
    pub fn rows(&self) -> Vec<ControlRow> {
        let controls = self.subject.catalogue.controls.iter();
        let included =
            controls.filter(|control| self.subject.engagement.scheme.includes(control.id));
        included.map(|control| self.row(control)).collect()
    }

    fn row(&self, control: &Control) -> ControlRow {
        let rules: Vec<String> = self
            .subject
            .catalogue
            .rules_of(control.id)
            .map(|rule| rule.name.clone())
            .collect();
        let concluded = match control.level {
            Level::Area => false,
            Level::Domain => !rules.is_empty(),
            Level::Item => true,
        };
        ControlRow {
            id: control.id,
            level: control.level,
            title_ko: control.title_ko.clone(),
            title_en: control.title_en.clone(),
            result: concluded.then(|| self.result(control.id, &rules)),
            rules,
        }
    }

    fn result(&self, id: ControlId, rules: &[String]) -> ControlResult {
        let mut counts = Counts::default();
        let mut reasons = Vec::new();
        for rule in rules {
            self.weigh(id, rule, &mut counts, &mut reasons);
        }
        reasons.sort_unstable();
        reasons.dedup();
        let support = if id.level() == Level::Item {
            id.domain()
        } else {
            None
        };
        let support = support
            .into_iter()
            .flat_map(|domain| self.subject.catalogue.rules_of(domain));
        ControlResult {
            automated: automated(rules, &counts, &reasons),
            manual: self.manual(id),
            counts,
            reasons,
            support: support.map(|rule| rule.name.clone()).collect(),
        }
    }

    fn weigh(&self, id: ControlId, rule: &str, counts: &mut Counts, reasons: &mut Vec<Reason>) {
        let mut found: BTreeSet<(ReasonKind, &str, &str)> = BTreeSet::new();
        for judged in self.findings.get(rule).into_iter().flatten() {
            let of = &judged.finding.of;
            let excepted = judged.finding.is_excepted(Some(id));
            counts.add(judged.finding.counted_as(Some(id)));
            let reason = reason_of(judged, excepted);
            found.extend(reason.map(|reason| (reason, &*of.account, &*of.region)));
        }
        let name: Text = rule.into();
        let of_findings = found.into_iter();
        reasons.extend(of_findings.map(|(reason, account, region)| Reason {
            reason,
            rule: name.clone(),
            at: Site::new(account, region),
        }));
        if let Some(covered) = self.coverages.get(rule) {
            reasons.extend(covered.open.iter().map(|(reason, at)| Reason {
                reason: *reason,
                rule: covered.rule.clone(),
                at: at.clone(),
            }));
        }
    }

    /// From evidence/, the statement and decisions; never from rules.
    fn manual(&self, id: ControlId) -> Manual {
        let decided = |kind| {
            let mut rows = self.decided.rows.iter();
            rows.any(|row| row.kind == kind && row.control_id == Some(id) && in_force(row.state))
        };
        let statement = self
            .subject
            .statement
            .iter()
            .find(|row| row.control_id == id);
        if decided(DecisionKind::NotApplicable)
            || statement.is_some_and(|row| !row.selected && !row.reason_not_selected.is_empty())
        {
            Manual::NotApplicable
        } else if decided(DecisionKind::Attestation)
            || statement.is_some_and(|row| row.selected && !row.operation.is_empty())
        {
            Manual::Attested
        } else if self.subject.manual.iter().any(|file| file.control_id == id) {
            Manual::EvidenceOnly
        } else {
            Manual::None
        }
    }
}

/// The first line that fits decides.
fn automated(rules: &[String], counts: &Counts, reasons: &[Reason]) -> Automated {
    let open = |reason: &Reason| {
        !matches!(
            reason.reason,
            ReasonKind::NonCompliant | ReasonKind::Excepted
        )
    };
    if rules.is_empty() {
        Automated::NotCovered
    } else if counts.non_compliant > 0 {
        Automated::NonCompliant
    } else if reasons.iter().any(open) {
        Automated::Incomplete
    } else if counts.excepted + counts.false_positive > 0 {
        Automated::Excepted
    } else if counts.compliant > 0 {
        Automated::Compliant
    } else {
        Automated::NothingToCheck
    }
}
