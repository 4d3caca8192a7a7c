//! `describe-compliance-by-config-rule`: one verdict a rule, with a capped count of resources.

use std::borrow::Cow;

use serde::Deserialize;

use crate::evidence::{ContributorCount, ListingKind, Place, Provenance, RuleCompliance};
use crate::export::element::{ElementError, Problem, element};
use crate::export::fault::Code;
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
    config_rule_name: Cow<'a, str>,
    #[serde(borrow, alias = "compliance")]
    compliance: Compliance<'a>,
    #[serde(borrow, alias = "accountId")]
    account_id: Option<Cow<'a, str>>,
    #[serde(borrow, alias = "awsRegion")]
    aws_region: Option<Cow<'a, str>>,
}

/// A verdict and what it rests on.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Compliance<'a> {
    /// The verdict.
    #[serde(borrow, alias = "complianceType")]
    pub compliance_type: Cow<'a, str>,
    /// How many resources or rules it rests on.
    #[serde(alias = "complianceContributorCount")]
    pub compliance_contributor_count: Option<Count>,
}

/// `ComplianceContributorCount`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Count {
    #[serde(alias = "cappedCount")]
    capped_count: u32,
    #[serde(default, alias = "capExceeded")]
    cap_exceeded: bool,
}

impl From<Count> for ContributorCount {
    fn from(count: Count) -> Self {
        Self {
            capped: count.capped_count,
            exceeded: count.cap_exceeded,
        }
    }
}

/// Reads one verdict on a rule, with account and region where the element has them.
pub fn read(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(text, |row| {
        let compliance = row.compliance.compliance_type.parse().map_err(|error| {
            Problem::new(Code::ComplianceType, "/Compliance/ComplianceType", &error)
        })?;
        let rule = staged.text(&row.config_rule_name);
        let count = row.compliance.compliance_contributor_count;
        let level = RuleCompliance {
            at,
            rule,
            place: Place {
                account: staged.text_of(row.account_id.as_deref()),
                region: staged.text_of(row.aws_region.as_deref()),
            },
            compliance,
            count: count.map(ContributorCount::from),
        };
        staged.rule_compliances.push(level);
        Ok(())
    })
}
