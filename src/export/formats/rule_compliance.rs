//! `describe-compliance-by-config-rule`: one verdict a rule, with a capped count of resources.

use std::borrow::Cow;

use serde::Deserialize;

use crate::evidence::{ContributorCount, Place, Provenance, RuleCompliance};
use crate::export::element::{ElementError, Problem, element};
use crate::export::fault::Code;
use crate::export::staged::Staged;

use super::{Format, anything};

pub const FORMAT: Format = Format {
    operation: "describe-compliance-by-config-rule",
    key: "ComplianceByConfigRules",
    read,
    counter: |records| &mut records.rule_compliances,
    accepts: anything,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row<'a> {
    #[serde(borrow)]
    config_rule_name: Cow<'a, str>,
    #[serde(borrow)]
    compliance: Compliance<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Compliance<'a> {
    #[serde(borrow)]
    compliance_type: Cow<'a, str>,
    compliance_contributor_count: Option<Count>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Count {
    capped_count: u32,
    #[serde(default)]
    cap_exceeded: bool,
}

fn read(bytes: &[u8], at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(bytes, |row| {
        let compliance = row.compliance.compliance_type.parse().map_err(|error| {
            Problem::new(Code::ComplianceType, "/Compliance/ComplianceType", &error)
        })?;
        let rule = staged.text(&row.config_rule_name);
        let count = row.compliance.compliance_contributor_count;
        staged.rule_compliances.push(RuleCompliance {
            at,
            rule,
            place: Place::default(),
            compliance,
            count: count.map(|count| ContributorCount {
                capped: count.capped_count,
                exceeded: count.cap_exceeded,
            }),
        });
        Ok(())
    })
}
