//! `decisions.csv`: exceptions, false positives, attestations, plans; who, when, why, until when.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::catalogue::{ControlId, Level};
use crate::fault::{Faults, InputFault, did_you_mean, shown};
use crate::period;
use crate::place::is_region;
use crate::sheet::{self, Column, Row, optional, required};

/// The kinds of decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// Accepts a failing finding for a time.
    Exception,
    /// States that a failing verdict is wrong; it counts as an exception does, and apart.
    FalsePositive,
    /// States that a control is operated.
    Attestation,
    /// States that a control does not apply.
    NotApplicable,
    /// Says what will be done; changes nothing.
    Plan,
}

/// One row of `decisions.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Unique within the file.
    pub id: String,
    /// Which kind.
    pub kind: DecisionKind,
    /// The control that it concerns.
    pub control_id: Option<ControlId>,
    /// The managed or deployed rule.
    pub rule: Option<String>,
    /// The account.
    pub account: Option<String>,
    /// The region, or `global`.
    pub region: Option<String>,
    /// The resource.
    pub resource_id: Option<String>,
    /// The finding.
    pub finding_id: Option<String>,
    /// What the finding looked like when it was judged.
    pub fingerprint: Option<String>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Who approved it.
    pub approver: Option<String>,
    /// When it was approved.
    pub approved_on: Option<NaiveDate>,
    /// Its last day.
    pub expires_on: Option<NaiveDate>,
    /// Documents, `;` between.
    pub evidence: String,
}

/// The file's name in an engagement's folder.
pub const FILE: &str = "decisions.csv";

impl DecisionKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [
        Self::Exception,
        Self::FalsePositive,
        Self::Attestation,
        Self::NotApplicable,
        Self::Plan,
    ];

    /// As written in `decisions.csv`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exception => "exception",
            Self::FalsePositive => "false_positive",
            Self::Attestation => "attestation",
            Self::NotApplicable => "not_applicable",
            Self::Plan => "plan",
        }
    }

    /// Whether such a decision changes the automated result of a failing finding.
    pub fn excepts(self) -> bool {
        matches!(self, Self::Exception | Self::FalsePositive)
    }
}

impl Decision {
    /// Whether the approver is somebody, and not the owner.
    pub fn approval(&self) -> Approval {
        let approver = person(self.approver.as_deref().unwrap_or_default());
        if approver.is_empty() {
            Approval::Missing
        } else if approver == person(&self.owner) {
            Approval::ByOwner
        } else {
            Approval::ByAnother
        }
    }
}

/// Who approved a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approval {
    /// Nobody.
    Missing,
    /// The person who answers for it.
    ByOwner,
    /// Somebody else.
    ByAnother,
}

/// A person's name as it is compared: its letters and digits, however they are composed, without a
/// role in brackets behind it (`홍길동 (CISO)`).
fn person(cell: &str) -> String {
    let composed: String = cell.nfkc().collect();
    let composed = composed.trim();
    let name = (composed.strip_suffix(')'))
        .and_then(|rest| rest.rsplit_once('('))
        .map(|(name, _)| name)
        .filter(|name| !name.trim().is_empty());
    let letters = name.unwrap_or(composed).chars();
    let letters = letters.filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// The columns of `decisions.csv`, in the order in which it is written.
pub const COLUMNS: [Column; 15] = [
    required("id"),
    required("kind"),
    optional("control_id"),
    optional("rule"),
    optional("account"),
    optional("region"),
    optional("resource_id"),
    optional("finding_id"),
    optional("fingerprint"),
    required("reason"),
    required("owner"),
    optional("approver"),
    optional("approved_on"),
    optional("expires_on"),
    optional("evidence"),
];

/// Reads `decisions.csv`; all faults of all rows, if there are any.
pub fn load(bytes: &[u8]) -> Result<Vec<Decision>, Vec<InputFault>> {
    let mut ids = BTreeMap::new();
    let mut decisions = Vec::new();
    let faults = sheet::read(FILE, bytes, &COLUMNS, |row, faults| {
        let mut cells = Cells { row, faults };
        let first = ids.entry(row.get("id").to_owned()).or_insert(row.line);
        if row.get("id").is_empty() {
            cells.fault("id", "is empty", "give every decision an id of its own");
        } else if *first != row.line {
            let message = format!("`{}` stands in line {first} already", shown(row.get("id")));
            cells.fault("id", message, "give every decision an id of its own");
        }
        decisions.extend(cells.decision());
    });
    faults.or(decisions)
}

/// One row on its way to a decision.
struct Cells<'a> {
    row: &'a Row<'a>,
    faults: &'a mut Faults,
}

impl Cells<'_> {
    fn fault(&mut self, id: &str, message: impl fmt::Display, hint: impl fmt::Display) {
        self.row.fault(self.faults, id, message, hint);
    }

    /// The decision; `None` where a fault leaves nothing to put in its place.
    fn decision(&mut self) -> Option<Decision> {
        let kind = self.kind();
        let control_id = self.control(kind);
        self.target(kind);
        self.place();
        self.binding();
        for id in ["reason", "owner"] {
            if self.row.get(id).is_empty() {
                self.fault(
                    id,
                    "is empty",
                    "a decision says why, and who answers for it",
                );
            }
        }
        let (approved_on, expires_on) = self.days();
        let row = self.row;
        Some(Decision {
            id: row.get("id").to_owned(),
            kind: kind?,
            control_id,
            rule: row.optional("rule"),
            account: row.optional("account"),
            region: row.optional("region"),
            resource_id: row.optional("resource_id"),
            finding_id: row.optional("finding_id"),
            fingerprint: row.optional("fingerprint"),
            reason: row.get("reason").to_owned(),
            owner: row.get("owner").to_owned(),
            approver: row.optional("approver"),
            approved_on,
            expires_on,
            evidence: row.get("evidence").to_owned(),
        })
    }

    fn kind(&mut self) -> Option<DecisionKind> {
        let text = self.row.get("kind");
        let kind = DecisionKind::ALL.into_iter().find(|k| k.as_str() == text);
        if kind.is_none() {
            let message = format!("`{}` is not a kind of decision", shown(text));
            let known = DecisionKind::ALL.map(DecisionKind::as_str);
            self.fault("kind", message, did_you_mean(text, &known));
        }
        kind
    }

    fn control(&mut self, kind: Option<DecisionKind>) -> Option<ControlId> {
        let id = match sheet::control(self.row.get("control_id"))? {
            Ok(control) => control.id,
            Err((message, hint)) => {
                self.fault("control_id", message, hint);
                return None;
            }
        };
        let (fits, what) = match kind {
            Some(DecisionKind::Attestation | DecisionKind::NotApplicable) => {
                (id.level() == Level::Item, "one item such as `2.10.5`")
            }
            // An exception for a whole area would hide everything in it.
            _ => (id.level() != Level::Area, "an item or a domain"),
        };
        if !fits {
            let message = format!("`{id}` is not {what}");
            self.fault("control_id", message, format_args!("name {what}"));
        }
        Some(id)
    }

    /// What the decision is about.
    fn target(&mut self, kind: Option<DecisionKind>) {
        let empty = |id: &str| self.row.get(id).is_empty();
        match kind {
            Some(DecisionKind::Exception | DecisionKind::FalsePositive)
                if ["finding_id", "rule", "resource_id", "control_id"]
                    .into_iter()
                    .all(empty) =>
            {
                let message = "is empty, and so is every other cell that says what is excepted";
                let hint = "name a finding_id, rule, resource_id or control_id";
                self.fault("finding_id", message, hint);
            }
            Some(DecisionKind::Attestation | DecisionKind::NotApplicable)
                if empty("control_id") =>
            {
                self.fault("control_id", "is empty", "name the control it is about");
            }
            _ => {}
        }
    }

    fn place(&mut self) {
        let account = self.row.get("account");
        if let Some((message, hint)) = sheet::account_flaw(account).filter(|_| !account.is_empty())
        {
            self.fault("account", message, hint);
        }
        let region = self.row.get("region");
        if !region.is_empty() && region != "global" && !is_region(region) {
            let message = format!("`{}` is not a region", shown(region));
            let hint = "write it as AWS does, such as `ap-northeast-2`, or `global`";
            self.fault("region", message, hint);
        }
    }

    /// The finding and what it looked like: `F-` and 12, and hexadecimal digits.
    fn binding(&mut self) {
        let finding = self.row.get("finding_id");
        let digits = finding.strip_prefix("F-").unwrap_or("");
        let shaped = digits.len() == 12 && is_hex(digits);
        if !finding.is_empty() && !shaped {
            let message = format!("`{}` is not a finding's id", shown(finding));
            let hint = "copy it from `kisms findings`: `F-` and 12 of 0-9 and a-f";
            self.fault("finding_id", message, hint);
        }
        let fingerprint = self.row.get("fingerprint");
        if !is_hex(fingerprint) {
            let message = format!("`{}` is not a fingerprint", shown(fingerprint));
            let hint = "copy it from `kisms show`, or leave it empty";
            self.fault("fingerprint", message, hint);
        }
    }

    fn days(&mut self) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let approved = self.day("approved_on");
        let expires = self.day("expires_on");
        if approved.zip(expires).is_some_and(|(from, to)| to < from) {
            let message = "lies before `approved_on`";
            let hint = "it is the decision's last day, that day included";
            self.fault("expires_on", message, hint);
        }
        (approved, expires)
    }

    fn day(&mut self, id: &str) -> Option<NaiveDate> {
        let text = self.row.get(id);
        let day = period::day(text);
        if day.is_none() && !text.is_empty() {
            let message = format!("`{}` is not a date such as `2026-09-30`", shown(text));
            let hint = match period::rewritten(text) {
                Some(day) => format!("write it `{day}`"),
                None => "write year, month and day: `2026-09-30`".to_owned(),
            };
            self.fault(id, message, hint);
        }
        day
    }
}

fn is_hex(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests;
