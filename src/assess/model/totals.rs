//! What is audited, and the counts over everything.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::catalogue::Scheme;
use crate::engagement::Language;
use crate::evidence::InputStatus;
use crate::period::Period;

use super::{Automated, GapKind, Manual};

/// What is audited, by whom, for which period.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EngagementSummary {
    /// The applicant.
    pub organization: String,
    /// The certified service.
    pub scope: String,
    /// Which certification.
    pub scheme: Scheme,
    /// The period under audit.
    pub period: Period,
    /// Who prepared the package.
    pub prepared_by: String,
    /// Who reviewed it.
    pub reviewed_by: String,
    /// The documents' language.
    pub language: Language,
    /// The applicant's own templates, with which the PDF documents are laid out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own_templates: Vec<String>,
    /// The accounts in scope.
    pub accounts: Vec<AccountSummary>,
}

/// An account in scope.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccountSummary {
    /// Twelve digits.
    pub account: String,
    /// What the organisation calls it.
    pub name: Option<String>,
    /// The regions in scope.
    pub regions: Vec<String>,
}

/// Counts over everything.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Totals {
    /// Items of the scheme by automated result.
    pub controls: BTreeMap<Automated, u32>,
    /// Items of the scheme by manual result.
    pub manual: BTreeMap<Manual, u32>,
    /// Findings by verdict.
    pub findings: Counts,
    /// Gaps by kind.
    pub gaps: BTreeMap<GapKind, u32>,
    /// Inputs by status.
    pub inputs: BTreeMap<InputStatus, u32>,
    /// Assets.
    pub assets: u64,
    /// Mapped rules of which at least one evaluation was seen in scope.
    pub rules_seen: u32,
    /// Mapped rules.
    pub rules_mapped: u32,
}

/// In which of the [`Counts`] a finding is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountedAs {
    /// [`Counts::non_compliant`].
    NonCompliant,
    /// [`Counts::excepted`].
    Excepted,
    /// [`Counts::false_positive`].
    FalsePositive,
    /// [`Counts::compliant`].
    Compliant,
    /// [`Counts::compliant_weaker`].
    CompliantWeaker,
    /// [`Counts::not_applicable`].
    NotApplicable,
    /// [`Counts::insufficient_data`].
    InsufficientData,
    /// [`Counts::outside_period`].
    OutsidePeriod,
}

impl CountedAs {
    /// The name of the count.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NonCompliant => "non_compliant",
            Self::Excepted => "excepted",
            Self::FalsePositive => "false_positive",
            Self::Compliant => "compliant",
            Self::CompliantWeaker => "compliant_weaker",
            Self::NotApplicable => "not_applicable",
            Self::InsufficientData => "insufficient_data",
            Self::OutsidePeriod => "outside_period",
        }
    }
}

/// Findings by what they say. Every finding is counted once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// NON_COMPLIANT in the period, without an effective exception.
    pub non_compliant: u64,
    /// NON_COMPLIANT in the period, with an effective exception.
    pub excepted: u64,
    /// NON_COMPLIANT in the period, of which an effective decision says that it is wrong.
    #[serde(default)]
    pub false_positive: u64,
    /// COMPLIANT in the period, under parameters no weaker than the baseline.
    pub compliant: u64,
    /// COMPLIANT in the period, but only under weaker parameters.
    pub compliant_weaker: u64,
    /// NOT_APPLICABLE in the period.
    pub not_applicable: u64,
    /// INSUFFICIENT_DATA in the period.
    pub insufficient_data: u64,
    /// Any verdict that does not hold in the period.
    pub outside_period: u64,
}

impl Counts {
    /// Counts one more.
    pub fn add(&mut self, counted_as: CountedAs) {
        *match counted_as {
            CountedAs::NonCompliant => &mut self.non_compliant,
            CountedAs::Excepted => &mut self.excepted,
            CountedAs::FalsePositive => &mut self.false_positive,
            CountedAs::Compliant => &mut self.compliant,
            CountedAs::CompliantWeaker => &mut self.compliant_weaker,
            CountedAs::NotApplicable => &mut self.not_applicable,
            CountedAs::InsufficientData => &mut self.insufficient_data,
            CountedAs::OutsidePeriod => &mut self.outside_period,
        } += 1;
    }
}
