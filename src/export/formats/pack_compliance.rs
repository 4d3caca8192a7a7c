//! `describe-conformance-pack-compliance`: one verdict a rule of the pack.

use serde::Deserialize;

use crate::evidence::{ListingKind, Place, Provenance, RuleCompliance};
use crate::export::element::{ElementError, Problem, element};
use crate::export::fault::Code;
use crate::export::field::{Name, Text};
use crate::export::staged::Staged;

use super::{Format, nothing_more};

pub const FORMAT: Format = Format {
    operation: "describe-conformance-pack-compliance",
    key: "ConformancePackRuleComplianceList",
    marks: &["ConfigRuleName", "ComplianceType"],
    kind: ListingKind::Answer,
    read,
    counter: |records| &mut records.rule_compliances,
    conclude: nothing_more,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row<'a> {
    #[serde(borrow, alias = "configRuleName")]
    config_rule_name: Name<'a>,
    #[serde(borrow, alias = "complianceType")]
    compliance_type: Text<'a>,
}

fn read(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(text, |row| {
        let compliance = row
            .compliance_type
            .parse()
            .map_err(|error| Problem::new(Code::ComplianceType, "/ComplianceType", &error))?;
        let level = RuleCompliance {
            at,
            rule: staged.text(&row.config_rule_name),
            place: Place::default(),
            compliance,
            count: None,
        };
        staged.rule_compliances.push(level);
        Ok(())
    })
}
