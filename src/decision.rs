//! `decisions.csv`: exceptions, attestations, plans; who, when, why, until when.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::catalogue::{ControlId, Level};
use crate::engagement::is_region;
use crate::fault::{Faults, InputFault, did_you_mean, shown};
use crate::period;
use crate::sheet::{self, Column, Row, optional, required};

/// The kinds of decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// Accepts a failing finding for a time.
    Exception,
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
    pub const ALL: [Self; 4] = [
        Self::Exception,
        Self::Attestation,
        Self::NotApplicable,
        Self::Plan,
    ];

    /// As written in `decisions.csv`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exception => "exception",
            Self::Attestation => "attestation",
            Self::NotApplicable => "not_applicable",
            Self::Plan => "plan",
        }
    }
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
            Some(DecisionKind::Exception)
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
        if !finding.is_empty() && !(digits.len() == 12 && is_hex(digits)) {
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
mod tests {
    use super::*;

    const HEADER: &str = "id,kind,control_id,rule,account,region,resource_id,finding_id,\
        fingerprint,reason,owner,approver,approved_on,expires_on,evidence\n";

    fn decisions(rows: &str) -> Vec<Decision> {
        load(format!("{HEADER}{rows}").as_bytes()).expect("no fault")
    }

    /// The message and hint of every fault.
    fn faults(rows: &str) -> Vec<String> {
        let faults = load(format!("{HEADER}{rows}").as_bytes()).expect_err("faults");
        let shown = faults.iter().map(|f| format!("{f} ({})", f.hint));
        shown.collect()
    }

    #[test]
    fn a_whole_row_is_read() {
        let read = decisions(
            "D-1,exception,2.6,restricted-ssh,111122223333,ap-northeast-2,sg-0a,F-1a2b3c4d5e6f,\
             00ff,이유,홍길동,김감사,2026-07-01,2026-07-01,evidence/2.6.1/a.pdf;b\r\n",
        );
        let [decision] = read.as_slice() else {
            panic!("one row: {read:?}");
        };
        assert_eq!(decision.kind, DecisionKind::Exception);
        assert_eq!(decision.control_id, "2.6".parse().ok());
        assert_eq!(decision.finding_id.as_deref(), Some("F-1a2b3c4d5e6f"));
        assert_eq!(decision.fingerprint.as_deref(), Some("00ff"));
        assert_eq!(decision.approver.as_deref(), Some("김감사"));
        assert_eq!(decision.expires_on, NaiveDate::from_ymd_opt(2026, 7, 1));
        assert_eq!(decision.evidence, "evidence/2.6.1/a.pdf;b");
    }

    #[test]
    fn empty_cells_are_none() {
        let read = decisions("P,plan,,,,,,,,later,me,,,,\n");
        assert_eq!(read[0].control_id, None);
        assert_eq!(read[0].fingerprint, None);
        assert_eq!(read[0].approved_on, None);
    }

    #[test]
    fn the_columns_may_be_fewer() {
        let read = load(b"id,kind,control_id,owner,reason\n1,attestation,2.1.1,a,b\n");
        assert_eq!(read.expect("no fault").len(), 1);
        let faults = load(b"id,kind,reason\n").expect_err("a fault");
        assert_eq!(
            faults[0].to_string(),
            "decisions.csv:1: the header lacks `owner`"
        );
    }

    #[test]
    fn ids_are_unique_and_not_empty() {
        assert_eq!(
            faults("A,plan,,,,,,,,r,o,,,,\n,plan,,,,,,,,r,o,,,,\nA,plan,,,,,,,,r,o,,,,\n"),
            [
                "decisions.csv:3:1: cell A3: `id` is empty (give every decision an id of its own)",
                "decisions.csv:4:1: cell A4: `id` `A` stands in line 2 already (give every \
                 decision an id of its own)",
            ]
        );
    }

    #[test]
    fn an_unknown_kind_names_the_nearest() {
        let faults = faults("A,exeption,,,,,,,,r,o,,,,\n");
        assert!(
            faults[0].ends_with("(did you mean `exception`?)"),
            "{faults:?}"
        );
        assert_eq!(faults.len(), 1);
    }

    #[test]
    fn dates_are_iso_and_others_are_shown_rewritten() {
        for text in ["2026.9.30", "2026/9/30", "2026. 9. 30.", "2026-9-30"] {
            let faults = faults(&format!("A,plan,,,,,,,,r,o,,{text},,\n"));
            assert!(faults[0].contains("cell M2: `approved_on`"), "{faults:?}");
            assert!(faults[0].ends_with("(write it `2026-09-30`)"), "{faults:?}");
        }
        let faults = faults("A,plan,,,,,,,,r,o,,soon,2026-02-30,\n");
        assert!(faults[0].ends_with("(write year, month and day: `2026-09-30`)"));
        assert_eq!(faults.len(), 2);
    }

    #[test]
    fn the_last_day_is_not_before_the_approval() {
        let faults = faults("A,plan,,,,,,,,r,o,,2026-07-02,2026-07-01,\n");
        assert!(faults[0].contains("`expires_on` lies before `approved_on`"));
    }

    #[test]
    fn an_exception_says_what_why_and_who() {
        let faults = faults("A,exception,,,111122223333,ap-northeast-2,,,,,,,,,\n");
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert!(faults[0].contains("`finding_id` is empty, and so is"));
        assert!(faults[1].contains("`reason` is empty"));
        assert!(faults[2].contains("`owner` is empty"));
        let targets = ["2.6,,,,,", ",r,,,,", ",,,,i,", ",,,,,F-000000000000"];
        for target in targets {
            assert_eq!(
                decisions(&format!("A,exception,{target},,r,o,,,,\n")).len(),
                1
            );
        }
    }

    #[test]
    fn attestations_and_not_applicable_are_about_one_item() {
        for kind in ["attestation", "not_applicable"] {
            let without = faults(&format!("A,{kind},,x,,,,,,r,o,,,,\n"));
            assert!(without[0].contains("`control_id` is empty"), "{without:?}");
            let domain = faults(&format!("A,{kind},2.6,,,,,,,r,o,,,,\n"));
            assert!(domain[0].contains("`2.6` is not one item"), "{domain:?}");
        }
        let area = faults("A,exception,2,,,,,,,r,o,,,,\n");
        assert!(
            area[0].contains("`2` is not an item or a domain"),
            "{area:?}"
        );
    }

    #[test]
    fn an_account_that_a_spreadsheet_has_spoilt_is_named_by_its_cell() {
        let faults = faults("A,plan,,,1.11E+11,,,,,r,o,,,,\nB,plan,,,22223333,,,,,r,o,,,,\n");
        assert!(faults[0].starts_with("decisions.csv:2:5: cell E2: `account` `1.11E+11`"));
        assert!(faults[1].contains("cell E3: `account` `22223333` has 8 digits"));
    }

    #[test]
    fn findings_fingerprints_and_regions_have_their_shape() {
        let faults = faults("A,plan,,,,seoul,,F-1A2B3C4D5E6F,xyz,r,o,,,,\n");
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert!(faults[0].contains("`seoul` is not a region"));
        assert!(faults[1].contains("`F-1A2B3C4D5E6F` is not a finding's id"));
        assert!(faults[2].contains("`xyz` is not a fingerprint"));
        assert_eq!(decisions("A,plan,,,,global,,,,r,o,,,,\n").len(), 1);
    }

    #[test]
    fn a_control_that_the_table_does_not_have_is_a_fault() {
        let faults = faults("A,plan,2.6.99,,,,,,,r,o,,,,\nB,plan,2002-01-01,,,,,,,r,o,,,,\n");
        assert!(
            faults[0].contains("`2.6.99` is not a control of isms-p"),
            "{faults:?}"
        );
        assert!(faults[1].contains("as text"), "{faults:?}");
    }
}
