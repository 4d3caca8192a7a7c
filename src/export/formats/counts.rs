//! Counts: `get-compliance-summary-by-config-rule` and `-by-resource-type`, its aggregate variant,
//! `describe-compliance-by-resource`, and the summaries of conformance packs. They tell whether
//! verdicts are missing, and are never verdicts themselves: a pack is COMPLIANT when one rule is
//! and the others had no data.

use std::borrow::Cow;

use serde::Deserialize;

use crate::evidence::{
    ComplianceType, ContributorCount, Counted, FailingCount, ListingKind, Place, Provenance,
};
use crate::export::element::{ElementError, Problem, element};
use crate::export::fault::Code;
use crate::export::staged::Staged;
use crate::place::{is_account, is_region};
use crate::time::AwsTime;

use super::discovered::mentioned;
use super::rule_compliance::{Compliance, Count};
use super::words::said;
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
    resource_type: Option<Cow<'a, str>>,
    #[serde(alias = "complianceSummary")]
    compliance_summary: Summary,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    #[serde(alias = "compliantResourceCount")]
    compliant_resource_count: Option<Count>,
    #[serde(alias = "nonCompliantResourceCount")]
    non_compliant_resource_count: Option<Count>,
    #[serde(alias = "complianceSummaryTimestamp")]
    compliance_summary_timestamp: Option<AwsTime>,
}

fn summary(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<SummaryRow<'_>>(text, |row| {
        let summary = row.compliance_summary;
        if let Some(count) = summary.non_compliant_resource_count {
            staged.counts.push(FailingCount {
                taken: summary.compliance_summary_timestamp,
                ..failing(at, Counted::Rules, count.into())
            });
        }
        Ok(())
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GroupRow<'a> {
    #[serde(borrow, alias = "groupName")]
    group_name: Option<Cow<'a, str>>,
    #[serde(alias = "complianceSummary")]
    compliance_summary: Option<Summary>,
}

/// A group is an account or a region; what is neither tells of no place.
fn by_group(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<GroupRow<'_>>(text, |row| {
        let name = row.group_name.as_deref();
        let place = Place {
            account: staged.text_of(name.filter(|name| is_account(name))),
            region: staged.text_of(name.filter(|name| is_region(name))),
        };
        let summary = row.compliance_summary.unwrap_or_default();
        let count = summary.non_compliant_resource_count;
        if let Some(count) = count.filter(|_| place != Place::default()) {
            staged.counts.push(FailingCount {
                place,
                taken: summary.compliance_summary_timestamp,
                ..failing(at, Counted::RulesOfGroup, count.into())
            });
        }
        Ok(())
    })
}

/// Of types of which it counts any, resources exist.
fn by_type(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<SummaryRow<'_>>(text, |row| {
        let kind = row.resource_type.as_deref().filter(|kind| !kind.is_empty());
        let counts = row.compliance_summary;
        let passing = counts.compliant_resource_count.map(ContributorCount::from);
        let failing_count = counts
            .non_compliant_resource_count
            .map(ContributorCount::from);
        let any = |count: &ContributorCount| count.capped > 0 || count.exceeded;
        if let Some(kind) = kind.filter(|_| passing.iter().chain(&failing_count).any(any)) {
            staged.exists(kind, at);
        }
        if let Some(count) = failing_count {
            let of = Counted::Resources(staged.text_of(kind));
            staged.counts.push(FailingCount {
                taken: counts.compliance_summary_timestamp,
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
    resource_type: Cow<'a, str>,
    #[serde(borrow, alias = "resourceId")]
    resource_id: Cow<'a, str>,
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
            let count = row.compliance.compliance_contributor_count;
            let count = count.map_or(AT_LEAST_ONE, ContributorCount::from);
            staged.counts.push(failing(at, of, count));
        }
        staged.mention(&mentioned(at, row.resource_type, row.resource_id))
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
    conformance_pack_name: Cow<'a, str>,
    #[serde(borrow, alias = "compliance")]
    compliance: PackCompliance<'a>,
    #[serde(borrow, alias = "accountId")]
    account_id: Cow<'a, str>,
    #[serde(borrow, alias = "awsRegion")]
    aws_region: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PackCompliance<'a> {
    #[serde(borrow, alias = "complianceType")]
    compliance_type: Option<Cow<'a, str>>,
    #[serde(alias = "nonCompliantRuleCount")]
    non_compliant_rule_count: Option<u32>,
}

fn by_pack(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<PackRow<'_>>(text, |row| {
        let place = Place {
            account: staged.text_of(Some(&row.account_id)),
            region: staged.text_of(Some(&row.aws_region)),
        };
        let of = Counted::RulesOfPack(staged.text(&row.conformance_pack_name));
        let pointer = "/Compliance/ComplianceType";
        let verdict = said(row.compliance.compliance_type.as_deref());
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
    conformance_pack_name: Cow<'a, str>,
    #[serde(borrow, alias = "conformancePackComplianceStatus")]
    conformance_pack_compliance_status: Cow<'a, str>,
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
