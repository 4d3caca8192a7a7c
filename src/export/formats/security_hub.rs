//! Findings of AWS Security Hub in ASFF (`get-findings`): the verdicts of its own copies of AWS
//! Config's rules.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::evidence::{
    Asff, ComplianceType, Evaluated, EvaluationResult, ListingKind, Origin, Parameters, Place,
    Provenance,
};
use crate::export::element::{ElementError, Problem, element};
use crate::export::fault::Code;
use crate::export::path;
use crate::export::resource_id;
use crate::export::staged::Staged;
use crate::time::AwsTime;

use super::words::{RECORD_STATE, said};
use super::{Format, nothing_more};

pub const FORMAT: Format = Format {
    operation: "get-findings",
    key: "Findings",
    marks: &["SchemaVersion", "ProductArn", "GeneratorId"],
    // It is asked for through filters, which the answer does not show: whole for no rule.
    kind: ListingKind::Stream,
    read,
    counter: |records| &mut records.others,
    conclude: nothing_more,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row<'a> {
    #[serde(borrow)]
    schema_version: Cow<'a, str>,
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    generator_id: Cow<'a, str>,
    #[serde(borrow)]
    product_arn: Cow<'a, str>,
    #[serde(borrow)]
    aws_account_id: Cow<'a, str>,
    #[serde(borrow)]
    region: Option<Cow<'a, str>>,
    updated_at: AwsTime,
    last_observed_at: Option<AwsTime>,
    #[serde(borrow)]
    record_state: Option<Cow<'a, str>>,
    #[serde(borrow)]
    compliance: Option<Compliance<'a>>,
    #[serde(borrow, default)]
    product_fields: BTreeMap<Cow<'a, str>, &'a RawValue>,
    #[serde(borrow, default)]
    resources: Vec<Resource<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Compliance<'a> {
    #[serde(borrow)]
    status: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    status_reasons: Vec<Reason<'a>>,
    #[serde(borrow)]
    security_control_parameters: Option<Vec<Parameter<'a>>>,
}

/// A parameter under which a control was checked.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Parameter<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    value: Option<Vec<Cow<'a, str>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Reason<'a> {
    #[serde(borrow)]
    reason_code: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Resource<'a> {
    #[serde(borrow)]
    r#type: Cow<'a, str>,
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    region: Option<Cow<'a, str>>,
}

fn read(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(text, |row| {
        if row.schema_version != "2018-10-08" {
            let message = format!("`{}` is not a version of ASFF", row.schema_version);
            return Err(Problem::new(Code::Value, "/SchemaVersion", &message));
        }
        let compliance = row.compliance.as_ref();
        let status = compliance.and_then(|compliance| said(compliance.status.as_deref()));
        let reasons = compliance.into_iter().flat_map(|c| &c.status_reasons);
        let reasons: Vec<&str> = reasons.map(|reason| &*reason.reason_code).collect();
        let rule = rule_of(&row);
        let compliance = match status {
            Some(status) => verdict(status, &reasons, "/Compliance/Status")?,
            // It is about a rule, and does not tell what that found.
            None if rule.is_some() => ComplianceType::InsufficientData,
            // Findings of other products judge no rule: GuardDuty's have no Compliance.
            None => return Ok(()),
        };
        let finding = Finding {
            id: &row.id,
            account: Some(&row.aws_account_id),
            rule: rule.unwrap_or_else(|| unnamed(&row.generator_id)),
            compliance,
            reasons,
            updated_at: row.updated_at.clone(),
            observed_at: row.last_observed_at.clone(),
            archived: RECORD_STATE
                .read(row.record_state.as_deref(), staged)
                .is("ARCHIVED"),
            parameters: parameters(&row),
        };
        for judged in &row.resources {
            let (kind, id) = resource_id::from_asff(&judged.r#type, &judged.id);
            let own = row.region.as_deref().or(judged.region.as_deref());
            let judged = Judged {
                kind: &kind,
                id: &id,
                arn: Some(&*judged.id).filter(|id| id.starts_with("arn:")),
                region: region(own, [&row.id, &row.product_arn]),
            };
            finding.stage(&judged, at, staged);
        }
        Ok(())
    })
}

/// The name of a control's check that names no rule of AWS Config.
pub(super) fn unnamed(generator: &str) -> String {
    format!("security-hub/{generator}")
}

/// The region, or what the first of these ARNs tells of it.
pub(super) fn region<'a>(own: Option<&'a str>, arns: [&'a str; 2]) -> Option<&'a str> {
    own.filter(|region| crate::place::is_region(region))
        .or_else(|| arns.into_iter().find_map(path::region_of_arn))
}

/// What Security Hub passed because AWS Config had evaluated nothing is no pass.
pub(super) fn verdict(
    status: &str,
    reasons: &[&str],
    pointer: &str,
) -> Result<ComplianceType, Problem> {
    let empty = |reason: &&str| reason.contains("CONFIG_EVALUATIONS_EMPTY");
    match status {
        "PASSED" | "NOT_AVAILABLE" if reasons.iter().any(empty) => {
            Ok(ComplianceType::NotApplicable)
        }
        "PASSED" => Ok(ComplianceType::Compliant),
        "FAILED" => Ok(ComplianceType::NonCompliant),
        "WARNING" | "NOT_AVAILABLE" => Ok(ComplianceType::InsufficientData),
        other => {
            let message = format!("`{other}` is not a status of a finding's compliance");
            Err(Problem::new(Code::ComplianceType, pointer, &message))
        }
    }
}

/// A finding on a rule, in whatever form it was written.
pub(super) struct Finding<'a> {
    pub id: &'a str,
    pub account: Option<&'a str>,
    pub rule: String,
    pub compliance: ComplianceType,
    pub reasons: Vec<&'a str>,
    pub updated_at: AwsTime,
    pub observed_at: Option<AwsTime>,
    /// Whether its source has put it away; what the customer says of it changes no verdict.
    pub archived: bool,
    pub parameters: Option<Parameters>,
}

/// A resource that it judges, as AWS Config names it.
pub(super) struct Judged<'a> {
    pub kind: &'a str,
    pub id: &'a str,
    pub arn: Option<&'a str>,
    pub region: Option<&'a str>,
}

impl Finding<'_> {
    /// Keeps the verdict on one of its resources.
    pub fn stage(&self, judged: &Judged<'_>, at: Provenance, staged: &mut Staged) {
        let evaluated = Evaluated {
            rule: staged.text(&self.rule),
            place: Place {
                account: staged.text_of(self.account),
                region: staged.text_of(judged.region),
            },
            resource_type: staged.text(judged.kind),
            origin: Origin::SecurityHub,
            proactive: false,
        };
        let evaluation = EvaluationResult {
            at,
            of: staged.evaluated(evaluated),
            resource_id: staged.text(judged.id),
            compliance: self.compliance,
            evaluated_at: self.observed_at.clone(),
            recorded_at: Some(self.updated_at.clone()),
            annotation: staged.text_of(Some(&self.reasons.join(", "))),
            asff: Some(Box::new(Asff {
                finding: staged.text_of(Some(self.id)),
                resource_arn: staged.text_of(judged.arn),
                archived: self.archived,
                parameters: self.parameters.clone(),
            })),
        };
        staged.records.evaluation_results += 1;
        staged.evaluations.push(evaluation);
    }
}

/// As Security Hub spells their names; several values of one stand behind each other as in AWS
/// Config's own parameters.
fn parameters(row: &Row<'_>) -> Option<Parameters> {
    let given = row
        .compliance
        .as_ref()?
        .security_control_parameters
        .as_ref()?;
    let value = |one: &Parameter<'_>| one.value.as_deref().unwrap_or_default().join(",");
    let pairs = given.iter().map(|one| (one.name.to_string(), value(one)));
    Some(pairs.collect())
}

/// `ProductFields` name related resources as `RelatedAWSResources:<n>/name` and `/type`.
fn rule_of(row: &Row<'_>) -> Option<String> {
    let text = |raw: &RawValue| serde_json::from_str::<String>(raw.get()).ok();
    row.product_fields.iter().find_map(|(key, raw)| {
        let number = key
            .strip_prefix("RelatedAWSResources:")?
            .strip_suffix("/type")?;
        if text(raw)? != "AWS::Config::ConfigRule" {
            return None;
        }
        let name = format!("RelatedAWSResources:{number}/name");
        text(row.product_fields.get(&*name)?).filter(|name| !name.is_empty())
    })
}
