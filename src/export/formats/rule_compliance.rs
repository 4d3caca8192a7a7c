//! `describe-compliance-by-config-rule`: one verdict a rule, with a capped count of resources.

use serde::Deserialize;

use crate::evidence::{ContributorCount, ListingKind, Place, Provenance, RuleCompliance};
use crate::export::element::{ElementError, Problem, element};
use crate::export::fault::Code;
use crate::export::field::{Name, Optional, Text};
use crate::export::staged::Staged;

use super::{Format, nothing_more};

pub const FORMAT: Format = Format {
    operation: "describe-compliance-by-config-rule",
    key: "ComplianceByConfigRules",
    marks: &["ConfigRuleName", "Compliance"],
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
    #[serde(borrow, alias = "compliance")]
    compliance: Compliance<'a>,
    #[serde(borrow, alias = "accountId")]
    account_id: Optional<Text<'a>>,
    #[serde(borrow, alias = "awsRegion")]
    aws_region: Optional<Text<'a>>,
}

/// A verdict and what it rests on.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Compliance<'a> {
    /// The verdict.
    #[serde(borrow, alias = "complianceType")]
    pub compliance_type: Text<'a>,
    #[serde(alias = "complianceContributorCount")]
    compliance_contributor_count: Optional<Count>,
}

/// `ComplianceContributorCount`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Count {
    #[serde(alias = "cappedCount")]
    capped_count: Optional<u32>,
    #[serde(alias = "capExceeded")]
    cap_exceeded: Optional<bool>,
}

impl Count {
    /// The count, where there is one.
    pub fn counted(&self) -> Option<ContributorCount> {
        self.capped_count.map(|capped| ContributorCount {
            capped,
            exceeded: self.cap_exceeded.unwrap_or_default(),
        })
    }
}

impl Compliance<'_> {
    /// How many it rests on, where that is counted.
    pub fn counted(&self) -> Option<ContributorCount> {
        self.compliance_contributor_count.as_ref()?.counted()
    }
}

/// Reads one verdict on a rule, with account and region where the element has them.
pub fn read(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(text, |row| {
        let compliance = row.compliance.compliance_type.parse().map_err(|error| {
            Problem::new(Code::ComplianceType, "/Compliance/ComplianceType", &error)
        })?;
        let rule = staged.text(&row.config_rule_name);
        let level = RuleCompliance {
            at,
            rule,
            place: Place {
                account: staged.text_of(row.account_id.as_deref()),
                region: staged.text_of(row.aws_region.as_deref()),
            },
            compliance,
            count: row.compliance.counted(),
        };
        staged.rule_compliances.push(level);
        Ok(())
    })
}
