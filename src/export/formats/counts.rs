//! Counts: `get-compliance-summary-by-config-rule` and `-by-resource-type`, its aggregate variant,
//! `describe-compliance-by-resource`, and the summaries of conformance packs. They tell whether
//! verdicts are missing, and are never verdicts themselves: a pack is COMPLIANT when one rule is
//! and the others had no data.

use serde::Deserialize;

use crate::evidence::{
    ComplianceType, ContributorCount, Counted, FailingCount, ListingKind, Place, Provenance,
};
use crate::export::element::{ElementError, Problem, element};
use crate::export::fault::Code;
use crate::export::field::{Name, Optional, Text};
use crate::export::staged::Staged;
use crate::place::{is_account, is_region};
use crate::time::AwsTime;

use super::discovered::mentioned;
use super::rule_compliance::{Compliance, Count};
use super::{Format, nothing_more};

type Read = fn(&str, Provenance, &mut Staged) -> Result<usize, ElementError>;

const fn counts(
    operation: &'static str,
    key: &'static str,
    marks: &'static [&'static str],
    read: Read,
) -> Format {
    Format {
        operation,
        key,
        marks,
        kind: ListingKind::Answer,
        read,
        counter: |records| &mut records.others,
        conclude: nothing_more,
    }
}

/// Failing rules of an account and region.
pub const BY_RULE: Format = counts(
    "get-compliance-summary-by-config-rule",
    "ComplianceSummary",
    &["ComplianceSummary"],
    summary,
);
/// Failing rules by account, or by region, as an aggregator holds them.
pub const BY_GROUP: Format = counts(
    "get-aggregate-config-rule-compliance-summary",
    "AggregateComplianceCounts",
    &[],
    by_group,
);
/// Failing resources by type.
pub const BY_TYPE: Format = counts(
    "get-compliance-summary-by-resource-type",
    "ComplianceSummariesByResourceType",
    &["ResourceType", "ComplianceSummary"],
    by_type,
);
/// Failing rules by resource.
pub const BY_RESOURCE: Format = counts(
    "describe-compliance-by-resource",
    "ComplianceByResources",
    &["ResourceType", "ResourceId", "Compliance"],
    by_resource,
);
/// Failing rules by pack, account and region.
pub const BY_PACK: Format = counts(
    "describe-aggregate-compliance-by-conformance-packs",
    "AggregateComplianceByConformancePacks",
    &["ConformancePackName", "Compliance"],
    by_pack,
);
/// Whether any rule of a pack fails.
pub const OF_PACKS: Format = counts(
    "get-conformance-pack-compliance-summary",
    "ConformancePackComplianceSummaryList",
    &["ConformancePackName", "ConformancePackComplianceStatus"],
    of_packs,
);

const AT_LEAST_ONE: ContributorCount = ContributorCount {
    capped: 1,
    exceeded: false,
};

fn failing(at: Provenance, of: Counted, failing: ContributorCount) -> FailingCount {
    FailingCount {
        at,
        place: Place::default(),
        of,
        failing,
        taken: None,
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SummaryRow<'a> {
    #[serde(borrow, alias = "resourceType")]
    resource_type: Optional<Text<'a>>,
    #[serde(alias = "complianceSummary")]
    compliance_summary: Summary,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    #[serde(alias = "compliantResourceCount")]
    compliant_resource_count: Optional<Count>,
    #[serde(alias = "nonCompliantResourceCount")]
    non_compliant_resource_count: Optional<Count>,
    #[serde(alias = "complianceSummaryTimestamp")]
    compliance_summary_timestamp: Optional<AwsTime>,
}

impl Summary {
    fn passing(&self) -> Option<ContributorCount> {
        self.compliant_resource_count.as_ref()?.counted()
    }

    fn failing(&self) -> Option<ContributorCount> {
        self.non_compliant_resource_count.as_ref()?.counted()
    }
}

fn summary(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<SummaryRow<'_>>(text, |row| {
        let summary = row.compliance_summary;
        if let Some(count) = summary.failing() {
            staged.counts.push(FailingCount {
                taken: summary.compliance_summary_timestamp.0,
                ..failing(at, Counted::Rules, count)
            });
        }
        Ok(())
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GroupRow<'a> {
    #[serde(borrow, alias = "groupName")]
    group_name: Optional<Text<'a>>,
    #[serde(alias = "complianceSummary")]
    compliance_summary: Optional<Summary>,
}

/// A group is an account or a region; what is neither tells of no place.
fn by_group(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<GroupRow<'_>>(text, |row| {
        let name = row.group_name.as_deref();
        let place = Place {
            account: staged.text_of(name.filter(|name| is_account(name))),
            region: staged.text_of(name.filter(|name| is_region(name))),
        };
        let summary = row.compliance_summary.0.unwrap_or_default();
        let count = summary.failing();
        if let Some(count) = count.filter(|_| place != Place::default()) {
            staged.counts.push(FailingCount {
                place,
                taken: summary.compliance_summary_timestamp.0,
                ..failing(at, Counted::RulesOfGroup, count)
            });
        }
        Ok(())
    })
}

/// Of types of which it counts any, resources exist.
fn by_type(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<SummaryRow<'_>>(text, |row| {
        let kind = row.resource_type.as_deref();
        let counts = row.compliance_summary;
        let (passing, failing_count) = (counts.passing(), counts.failing());
        let any = |count: &ContributorCount| count.capped > 0 || count.exceeded;
        if let Some(kind) = kind.filter(|_| passing.iter().chain(&failing_count).any(any)) {
            staged.exists(kind, at);
        }
        if let Some(count) = failing_count {
            let of = Counted::Resources(staged.text_of(kind));
            staged.counts.push(FailingCount {
                taken: counts.compliance_summary_timestamp.0,
                ..failing(at, of, count)
            });
        }
        Ok(())
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ResourceRow<'a> {
    #[serde(borrow, alias = "resourceType")]
    resource_type: Name<'a>,
    #[serde(borrow, alias = "resourceId")]
    resource_id: Name<'a>,
    #[serde(borrow, alias = "compliance")]
    compliance: Compliance<'a>,
}

fn by_resource(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<ResourceRow<'_>>(text, |row| {
        staged.exists(&row.resource_type, at);
        let pointer = "/Compliance/ComplianceType";
        if fails(&row.compliance.compliance_type, pointer)? {
            let of = Counted::RulesOnResource(
                staged.text(&row.resource_type),
                staged.text(&row.resource_id),
            );
            let count = row.compliance.counted().unwrap_or(AT_LEAST_ONE);
            staged.counts.push(failing(at, of, count));
        }
        staged.mention(&mentioned(at, row.resource_type.0, row.resource_id.0))
    })
}

fn fails(text: &str, pointer: &str) -> Result<bool, Problem> {
    let verdict: ComplianceType = text
        .parse()
        .map_err(|error| Problem::new(Code::ComplianceType, pointer, &error))?;
    Ok(verdict == ComplianceType::NonCompliant)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PackRow<'a> {
    #[serde(borrow, alias = "conformancePackName")]
    conformance_pack_name: Name<'a>,
    #[serde(borrow, alias = "compliance")]
    compliance: PackCompliance<'a>,
    #[serde(borrow, alias = "accountId")]
    account_id: Name<'a>,
    #[serde(borrow, alias = "awsRegion")]
    aws_region: Name<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PackCompliance<'a> {
    #[serde(borrow, alias = "complianceType")]
    compliance_type: Optional<Text<'a>>,
    #[serde(alias = "nonCompliantRuleCount")]
    non_compliant_rule_count: Optional<u32>,
}

fn by_pack(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<PackRow<'_>>(text, |row| {
        let place = Place {
            account: staged.text_of(Some(&row.account_id)),
            region: staged.text_of(Some(&row.aws_region)),
        };
        let of = Counted::RulesOfPack(staged.text(&row.conformance_pack_name));
        let pointer = "/Compliance/ComplianceType";
        let verdict = row.compliance.compliance_type.as_deref();
        let fails = verdict.map(|verdict| fails(verdict, pointer)).transpose()?;
        // A pack that fails has a rule that does, whether or not they are counted.
        let least = u32::from(fails == Some(true));
        let counted = row.compliance.non_compliant_rule_count;
        let count = ContributorCount {
            capped: counted.unwrap_or_default().max(least),
            exceeded: false,
        };
        staged.counts.push(FailingCount {
            place,
            ..failing(at, of, count)
        });
        Ok(())
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PackStatusRow<'a> {
    #[serde(borrow, alias = "conformancePackName")]
    conformance_pack_name: Name<'a>,
    #[serde(borrow, alias = "conformancePackComplianceStatus")]
    conformance_pack_compliance_status: Text<'a>,
}

fn of_packs(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<PackStatusRow<'_>>(text, |row| {
        let pointer = "/ConformancePackComplianceStatus";
        if fails(&row.conformance_pack_compliance_status, pointer)? {
            let of = Counted::RulesOfPack(staged.text(&row.conformance_pack_name));
            staged.counts.push(failing(at, of, AT_LEAST_ONE));
        }
        Ok(())
    })
}
