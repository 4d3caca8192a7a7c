//! Findings of AWS Security Hub V2 in OCSF: answers of `get-findings-v2`, and the lines of an export
//! job. A Compliance Finding (`class_uid` 2003) of Security Hub's own controls is the verdict that
//! the same finding is in ASFF; findings of its other products judge no rule.
//!
//! AWS's model leaves a finding's form open. The fields are those of OCSF 1.x, where Security Hub names
//! its rule of AWS Config as `finding_info.analytic`.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, de};

use crate::evidence::{ComplianceType, ListingKind, Parameters, Provenance};
use crate::export::element::{ElementError, Problem, element};
use crate::export::fault::Code;
use crate::export::field::{List, Name, Optional, Text};
use crate::export::resource_id;
use crate::export::staged::Staged;
use crate::time::{AwsTime, NO_TIME};

use super::security_hub::{Finding, Judged, region, unnamed, verdict};
use super::{Format, nothing_more};

pub const FORMAT: Format = Format {
    operation: "get-findings-v2",
    key: "Findings",
    marks: &["class_uid", "metadata", "finding_info"],
    // It is asked for through filters, which the answer does not show. Only the answer of an export job
    // tells that its lines were not filtered.
    kind: ListingKind::Stream,
    read,
    counter: |records| &mut records.others,
    conclude: nothing_more,
};

/// Compliance Finding.
const COMPLIANCE_FINDING: u32 = 2003;
/// Security Hub's own controls, behind `:productv2/` of the product's ARN.
const CONTROLS: &str = "aws/securityhub";
/// What it calls itself, where the ARN is missing.
const NAMES: [&str; 2] = ["Security Hub", "Security Hub CSPM"];
/// What Security Hub calls the whole account: it is named also where a rule had nothing to judge.
const ACCOUNT: &str = "AWS::::Account";

/// What every finding in OCSF has: the rest differs by class and product.
#[derive(Deserialize)]
struct Head<'a> {
    class_uid: u32,
    #[serde(borrow)]
    metadata: Metadata<'a>,
}

#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow)]
    metadata: Metadata<'a>,
    activity_id: Optional<u32>,
    #[serde(borrow)]
    activity_name: Optional<Text<'a>>,
    #[serde(borrow)]
    cloud: Optional<Cloud<'a>>,
    #[serde(borrow)]
    compliance: Optional<Compliance<'a>>,
    #[serde(borrow)]
    finding_info: FindingInfo<'a>,
    #[serde(borrow)]
    resources: List<Resource<'a>>,
    time: Optional<Millis>,
    time_dt: Optional<AwsTime>,
}

#[derive(Deserialize)]
struct Metadata<'a> {
    #[serde(borrow)]
    product: Optional<Product<'a>>,
}

#[derive(Deserialize)]
struct Product<'a> {
    #[serde(borrow)]
    name: Optional<Text<'a>>,
    #[serde(borrow)]
    uid: Optional<Text<'a>>,
    #[serde(borrow)]
    vendor_name: Optional<Text<'a>>,
}

#[derive(Deserialize)]
struct Cloud<'a> {
    #[serde(borrow)]
    account: Optional<Account<'a>>,
    #[serde(borrow)]
    region: Optional<Text<'a>>,
}

#[derive(Deserialize)]
struct Account<'a> {
    #[serde(borrow)]
    uid: Optional<Text<'a>>,
}

#[derive(Deserialize)]
struct Compliance<'a> {
    #[serde(borrow)]
    control: Optional<Text<'a>>,
    #[serde(borrow)]
    control_parameters: Optional<List<Parameter<'a>>>,
    #[serde(borrow)]
    status: Optional<Text<'a>>,
    #[serde(borrow)]
    status_code: Optional<Text<'a>>,
    #[serde(borrow)]
    status_detail: Optional<Text<'a>>,
    #[serde(borrow)]
    status_details: List<Text<'a>>,
    status_id: Optional<u32>,
}

/// A `key_value_object`: one value, or several.
#[derive(Deserialize)]
struct Parameter<'a> {
    #[serde(borrow)]
    name: Name<'a>,
    value: Optional<String>,
    values: List<String>,
}

#[derive(Deserialize)]
struct FindingInfo<'a> {
    #[serde(borrow)]
    analytic: Optional<Analytic<'a>>,
    last_seen_time: Optional<Millis>,
    last_seen_time_dt: Optional<AwsTime>,
    modified_time: Optional<Millis>,
    modified_time_dt: Optional<AwsTime>,
    #[serde(borrow)]
    uid: Optional<Text<'a>>,
}

#[derive(Deserialize)]
struct Analytic<'a> {
    #[serde(borrow)]
    category: Optional<Text<'a>>,
    #[serde(borrow)]
    name: Optional<Text<'a>>,
}

#[derive(Deserialize)]
struct Resource<'a> {
    #[serde(borrow)]
    owner: Optional<Owner<'a>>,
    #[serde(borrow)]
    region: Optional<Text<'a>>,
    #[serde(borrow)]
    r#type: Optional<Text<'a>>,
    #[serde(borrow)]
    uid: Optional<Text<'a>>,
    #[serde(borrow)]
    uid_alt: Optional<Text<'a>>,
}

#[derive(Deserialize)]
struct Owner<'a> {
    #[serde(borrow)]
    account: Optional<Account<'a>>,
}

/// Milliseconds since 1970 (`timestamp_t` of OCSF).
struct Millis(AwsTime);

impl<'de> Deserialize<'de> for Millis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let millis = i64::deserialize(deserializer)?;
        let time = AwsTime::from_millis(millis).map(Self);
        time.ok_or_else(|| de::Error::custom(format_args!("`{millis}` {NO_TIME}")))
    }
}

fn read(text: &str, at: Provenance, staged: &mut Staged) -> Result<usize, ElementError> {
    let (mut judges, mut refused) = (false, None);
    let length = element::<Head<'_>>(text, |head| {
        let product = head.metadata.product.as_ref();
        match Written::of(product) {
            Written::ByControls => judges = head.class_uid == COMPLIANCE_FINDING,
            Written::ByAnother => {}
            Written::Elsewhere => refused = Some(elsewhere(product)),
        }
        Ok(())
    })?;
    match refused {
        Some(what) => Err(ElementError::Refused(what)),
        None if judges => element::<Row<'_>>(text, |row| keep(&row, at, staged)),
        None => Ok(length),
    }
}

/// Whose finding it is.
enum Written {
    /// Of Security Hub's controls.
    ByControls,
    /// Of another product in Security Hub.
    ByAnother,
    /// Security Hub V2 did not write it.
    Elsewhere,
}

impl Written {
    fn of(product: Option<&Product<'_>>) -> Self {
        let Some(product) = product else {
            return Self::Elsewhere;
        };
        let (vendor, name) = (product.vendor_name.as_deref(), product.name.as_deref());
        match product.uid.as_deref() {
            Some(uid) => match uid.split_once(":productv2/") {
                Some((_, CONTROLS)) => Self::ByControls,
                Some(_) => Self::ByAnother,
                None => Self::Elsewhere,
            },
            None if vendor == Some("AWS") && name.is_some_and(|name| NAMES.contains(&name)) => {
                Self::ByControls
            }
            None => Self::Elsewhere,
        }
    }
}

fn elsewhere(product: Option<&Product<'_>>) -> String {
    let name = product.and_then(|product| product.name.as_deref());
    let name: String = name.unwrap_or("another product").chars().take(40).collect();
    let name = name.escape_debug();
    format!("a finding in OCSF of `{name}`, which AWS Security Hub V2 did not write")
}

fn keep(row: &Row<'_>, at: Provenance, staged: &mut Staged) -> Result<(), Problem> {
    let (rule, compliance) = (row.rule(), row.compliance.as_ref());
    let reasons = compliance.map(Compliance::reasons).unwrap_or_default();
    let status = compliance.map(Compliance::status).transpose()?.flatten();
    let control = compliance.and_then(|compliance| compliance.control.as_deref());
    let verdict = match status {
        Some(status) => verdict(status, &reasons, STATUS)?,
        None if rule.is_some() => ComplianceType::InsufficientData,
        None => return Ok(()),
    };
    let Some(name) = (rule.map(str::to_owned))
        .or_else(|| control.map(|control| unnamed(&format!("security-control/{control}"))))
    else {
        return Ok(());
    };
    if row.resources.is_empty() {
        return Err(missing("/resources", "the resource"));
    }
    let unsaid = reasons.is_empty() && verdict == ComplianceType::Compliant && rule.is_some();
    let finding = Finding {
        id: row.finding_info.uid.as_deref().unwrap_or_default(),
        account: row.account(),
        rule: name,
        compliance: verdict,
        reasons,
        updated_at: row
            .updated_at()
            .ok_or_else(|| missing("/time", "its time"))?,
        observed_at: row.finding_info.last_seen(),
        archived: row.is_closed(),
        parameters: compliance.and_then(Compliance::parameters),
    };
    for (index, resource) in row.resources.iter().enumerate() {
        let (kind, id) = resource.named(index)?;
        // Without a reason nobody knows whether anything was judged: that is no verdict.
        if unsaid && kind == ACCOUNT {
            continue;
        }
        let product = row.metadata.product.as_ref();
        let product = product.and_then(|product| product.uid.as_deref());
        let cloud = row.cloud.as_ref().and_then(|cloud| cloud.region.as_deref());
        let judged = Judged {
            kind: &kind,
            id: &id,
            arn: resource.arn(),
            region: region(
                cloud.or(resource.region.as_deref()),
                [finding.id, product.unwrap_or_default()],
            ),
        };
        finding.stage(&judged, at, staged);
    }
    Ok(())
}

const STATUS: &str = "/compliance/status";

fn missing(pointer: &str, what: &str) -> Problem {
    Problem::new(Code::Shape, pointer, &format!("the finding lacks {what}"))
}

impl Row<'_> {
    /// The deployed rule of AWS Config whose verdict it is.
    fn rule(&self) -> Option<&str> {
        let analytic = self.finding_info.analytic.as_ref()?;
        let of_config = analytic.category.as_deref() == Some("AWS::Config::ConfigRule");
        analytic.name.as_deref().filter(|_| of_config)
    }

    fn account(&self) -> Option<&str> {
        let cloud = self.cloud.as_ref();
        let mut owners = self.resources.iter().filter_map(|one| one.owner.as_ref());
        cloud
            .and_then(|cloud| uid(cloud.account.as_ref()))
            .or_else(|| owners.find_map(|owner| uid(owner.account.as_ref())))
    }

    /// When Security Hub changed it last; it writes that as the event's time, too.
    fn updated_at(&self) -> Option<AwsTime> {
        let info = &self.finding_info;
        let modified = either(info.modified_time_dt.as_ref(), info.modified_time.as_ref());
        modified.or_else(|| either(self.time_dt.as_ref(), self.time.as_ref()))
    }

    /// Whether its source has closed it, and nothing in it says otherwise. `status` is the customer's.
    fn is_closed(&self) -> bool {
        match (self.activity_id.0, self.activity_name.as_deref()) {
            (Some(id), name) => id == 3 && name.is_none_or(|name| name == "Close"),
            (None, name) => name == Some("Close"),
        }
    }
}

fn uid<'r>(account: Option<&'r Account<'_>>) -> Option<&'r str> {
    account?.uid.as_deref()
}

fn either(time: Option<&AwsTime>, millis: Option<&Millis>) -> Option<AwsTime> {
    time.or(millis.map(|millis| &millis.0)).cloned()
}

impl FindingInfo<'_> {
    fn last_seen(&self) -> Option<AwsTime> {
        either(
            self.last_seen_time_dt.as_ref(),
            self.last_seen_time.as_ref(),
        )
    }
}

impl Compliance<'_> {
    /// ASFF's word for its status: of number and word the worse one. The word of `Other` is the source's.
    fn status(&self) -> Result<Option<&'static str>, Problem> {
        let by_id = self.status_id.map(|id| match id {
            1 => "PASSED",
            3 => "FAILED",
            2 => "WARNING",
            _ => "NOT_AVAILABLE",
        });
        let word = self.status.as_deref();
        let word = word.filter(|_| self.status_id.0 != Some(99));
        let by_word = match word {
            None => None,
            Some("Pass") => Some("PASSED"),
            Some("Fail") => Some("FAILED"),
            Some("Warning") => Some("WARNING"),
            Some("Unknown" | "Other") => Some("NOT_AVAILABLE"),
            Some(other) => {
                let message = format!("`{other}` is not a status of OCSF's `compliance`");
                return Err(Problem::new(Code::ComplianceType, STATUS, &message));
            }
        };
        let order = ["PASSED", "NOT_AVAILABLE", "WARNING", "FAILED"];
        let told = by_id.into_iter().chain(by_word);
        Ok(told.max_by_key(|word| order.iter().position(|known| known == word)))
    }

    /// Why it is so, as codes or in words.
    fn reasons(&self) -> Vec<&str> {
        let texts = [self.status_code.as_deref(), self.status_detail.as_deref()];
        let details = self.status_details.iter().map(|text| &**text);
        texts.into_iter().flatten().chain(details).collect()
    }

    fn parameters(&self) -> Option<Parameters> {
        let given = self.control_parameters.as_ref()?;
        let value = |one: &Parameter<'_>| match &one.value.0 {
            Some(value) => value.clone(),
            None => one.values.join(","),
        };
        let pairs = given.iter().map(|one| (one.name.to_string(), value(one)));
        Some(pairs.collect())
    }
}

impl Resource<'_> {
    fn arn(&self) -> Option<&str> {
        let ids = [self.uid_alt.as_deref(), self.uid.as_deref()];
        ids.into_iter().flatten().find(|id| id.starts_with("arn:"))
    }

    /// Type and id as AWS Config names it.
    fn named(&self, index: usize) -> Result<(Cow<'_, str>, Cow<'_, str>), Problem> {
        let lacks = |field: &str| missing(&format!("/resources/{index}/{field}"), field);
        let kind = self.r#type.as_deref().ok_or_else(|| lacks("type"))?;
        let id = self.uid.as_deref().or(self.uid_alt.as_deref());
        let (kind, id) = resource_id::from_asff(kind, id.ok_or_else(|| lacks("uid"))?);
        let id = match id {
            Cow::Borrowed(id) => resource_id::of_arn(&kind, id),
            Cow::Owned(id) => Cow::Owned(id),
        };
        Ok((kind, id))
    }
}
