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
use crate::export::field::{List, Name, Optional, Text};
use crate::export::path;
use crate::export::resource_id;
use crate::export::staged::Staged;
use crate::export::surrogate;
use crate::time::AwsTime;

use super::words::RECORD_STATE;
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
    schema_version: Name<'a>,
    #[serde(borrow)]
    id: Name<'a>,
    #[serde(borrow)]
    generator_id: Name<'a>,
    #[serde(borrow)]
    product_arn: Name<'a>,
    #[serde(borrow)]
    aws_account_id: Name<'a>,
    #[serde(borrow)]
    region: Optional<Text<'a>>,
    updated_at: AwsTime,
    last_observed_at: Optional<AwsTime>,
    #[serde(borrow)]
    record_state: Optional<Text<'a>>,
    #[serde(borrow)]
    compliance: Optional<Compliance<'a>>,
    #[serde(borrow)]
    product_fields: Optional<BTreeMap<Cow<'a, str>, &'a RawValue>>,
    #[serde(borrow)]
    resources: List<Resource<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Compliance<'a> {
    #[serde(borrow)]
    status: Optional<Text<'a>>,
    #[serde(borrow)]
    status_reasons: List<Reason<'a>>,
    #[serde(borrow)]
    security_control_parameters: Optional<List<Parameter<'a>>>,
}

/// A parameter under which a control was checked.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Parameter<'a> {
    #[serde(borrow)]
    name: Name<'a>,
    #[serde(borrow)]
    value: List<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Reason<'a> {
    #[serde(borrow)]
    reason_code: Optional<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Resource<'a> {
    #[serde(borrow)]
    r#type: Name<'a>,
    #[serde(borrow)]
    id: Name<'a>,
    #[serde(borrow)]
    region: Optional<Text<'a>>,
}

fn read(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    element::<Row<'_>>(text, |row| {
        if &*row.schema_version != "2018-10-08" {
            let message = format!("`{}` is not a version of ASFF", &*row.schema_version);
            return Err(Problem::new(Code::Value, "/SchemaVersion", &message));
        }
        let compliance = row.compliance.as_ref();
        let status = compliance.and_then(|compliance| compliance.status.as_deref());
        let reasons = compliance.into_iter().flat_map(|c| c.status_reasons.iter());
        let reasons = reasons.filter_map(|reason| reason.reason_code.as_deref());
        let reasons: Vec<&str> = reasons.collect();
        let rule = rule_of(&row);
        let product = product_of(&row.product_arn);
        let compliance = match (status, &rule) {
            (Some(status), _) => match verdict(status, &reasons, "/Compliance/Status") {
                Ok(verdict) => verdict,
                // Others write findings, too, with words of their own.
                Err(_) if product != "aws/securityhub" && rule.is_none() => {
                    staged.foreign_status(product, status);
                    return Ok(());
                }
                Err(problem) => return Err(problem),
            },
            // It is about a rule, and does not tell what that found.
            (None, Some(_)) => ComplianceType::InsufficientData,
            // Findings of other products judge no rule: GuardDuty's have no Compliance.
            (None, None) => return Ok(()),
        };
        if row.resources.is_empty() {
            let message = "a finding with a verdict names no resource";
            return Err(Problem::new(Code::Shape, "/Resources", &message));
        }
        let finding = Finding {
            id: &row.id,
            account: Some(&row.aws_account_id),
            rule: rule.unwrap_or_else(|| unnamed(&row.generator_id)),
            compliance,
            reasons,
            updated_at: row.updated_at.clone(),
            observed_at: row.last_observed_at.0.clone(),
            archived: RECORD_STATE
                .read(row.record_state.as_deref(), staged)
                .is("ARCHIVED"),
            parameters: parameters(&row),
        };
        for judged in row.resources.iter() {
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

/// `prowler/prowler` of `arn:aws:securityhub:ap-northeast-2::product/prowler/prowler`.
fn product_of(arn: &str) -> &str {
    arn.split_once(":product/")
        .map_or(arn, |(_, product)| product)
}

/// Why there is nothing to judge: AWS Config had evaluated nothing, or its own verdict was
/// `NOT_APPLICABLE` (Security Hub user guide, "Compliance status details in ASFF").
const NOTHING_JUDGED: [&str; 2] = ["CONFIG_EVALUATIONS_EMPTY", "CONFIG_RETURNS_NOT_APPLICABLE"];

/// What Security Hub passed because there was nothing to judge is no pass.
pub(super) fn verdict(
    status: &str,
    reasons: &[&str],
    pointer: &str,
) -> Result<ComplianceType, Problem> {
    let nothing = |reason: &&str| NOTHING_JUDGED.iter().any(|code| reason.contains(code));
    match status {
        "PASSED" | "NOT_AVAILABLE" if reasons.iter().any(nothing) => {
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
    let value = |one: &Parameter<'_>| {
        let values: Vec<&str> = one.value.iter().map(|text| &**text).collect();
        values.join(",")
    };
    let pairs = given.iter().map(|one| (one.name.to_string(), value(one)));
    Some(pairs.collect())
}

/// `ProductFields` name related resources as `RelatedAWSResources:<n>/name` and `/type`.
fn rule_of(row: &Row<'_>) -> Option<String> {
    let text = |raw: &RawValue| {
        let (text, _) = surrogate::replaced(raw.get());
        serde_json::from_str::<String>(&text).ok()
    };
    let fields = row.product_fields.as_ref()?;
    fields.iter().find_map(|(key, raw)| {
        let number = key
            .strip_prefix("RelatedAWSResources:")?
            .strip_suffix("/type")?;
        if text(raw)? != "AWS::Config::ConfigRule" {
            return None;
        }
        let name = format!("RelatedAWSResources:{number}/name");
        text(fields.get(&*name)?).filter(|name| !name.is_empty())
    })
}
