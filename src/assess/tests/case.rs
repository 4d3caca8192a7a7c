//! Builds hand-made cases: a few exports, an engagement, and what is concluded.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::FixedOffset;

use crate::assess::{Objection, Subject, assess, objections};
use crate::catalogue::{Scheme, catalogue};
use crate::decision::{Decision, DecisionKind};
use crate::engagement::{Account, Engagement, Language, Policy};
use crate::evidence::{
    Captured, ComplianceType, ConfigRule, ConfigurationItem, Container, ContributorCount,
    Evaluated, EvaluationResult, Evidence, Fault, Input, InputIndex, InputStatus, Listing,
    ListingIndex, ListingKind, Origin, Place, Provenance, RecordCounts, RuleCompliance, Scope,
    identity,
};
use crate::export::path;
use crate::manual::ManualEvidence;
use crate::period::Period;
use crate::statement::StatementRow;
use crate::time::AwsTime;

use super::always;
pub use super::assessed::Assessed;
pub use crate::evidence::ComplianceType::{
    Compliant, InsufficientData, NonCompliant, NotApplicable,
};

pub const PROD: &str = "111122223333";
pub const SEOUL: &str = "ap-northeast-2";
/// In the third quarter.
pub const JULY: &str = "2026-07-15T00:00:00Z";
pub const AUGUST: &str = "2026-08-15T00:00:00Z";
pub const SEPTEMBER: &str = "2026-09-15T00:00:00Z";

/// A case: by default one account with one region, third quarter of 2026, nothing exported.
pub struct Case {
    pub engagement: Engagement,
    pub evidence: Evidence,
    pub decisions: Vec<Decision>,
    pub statement: Vec<StatementRow>,
    pub manual: Vec<ManualEvidence>,
    pub generated_at: String,
}

impl Case {
    pub fn new() -> Self {
        let zone = FixedOffset::east_opt(9 * 3600).expect("nine hours");
        let mut case = Self {
            engagement: Engagement {
                organization: "주식회사 예시".into(),
                scope: "예시".into(),
                scheme: Scheme::IsmsP,
                period: Period::quarter("2026Q3", zone).expect("a quarter"),
                prepared_by: "홍길동".into(),
                reviewed_by: "김감사".into(),
                language: Language::Ko,
                accounts: BTreeMap::new(),
                rules: BTreeMap::new(),
                policy: BTreeMap::new(),
                signing_key: None,
                signing_certificates: None,
            },
            evidence: Evidence::default(),
            decisions: Vec::new(),
            statement: Vec::new(),
            manual: Vec::new(),
            generated_at: "2026-10-05T00:00:00+09:00".into(),
        };
        case.account(PROD, &[SEOUL]);
        case
    }

    pub fn account(&mut self, account: &str, regions: &[&str]) -> &mut Self {
        let regions: BTreeSet<String> = regions.iter().map(ToString::to_string).collect();
        self.engagement.accounts.insert(
            account.into(),
            Account {
                name: None,
                regions,
            },
        );
        self
    }

    fn input(&mut self, path: &str, status: InputStatus) -> InputIndex {
        let index = self.evidence.inputs.len();
        self.evidence.inputs.push(Input {
            id: Some(format!("E{:04}", index + 1)),
            path: path.into(),
            sha256: None,
            bytes: 1,
            container: Container::Plain,
            archive: None,
            kinds: Vec::new(),
            status,
            reason: None,
            faults: Vec::new(),
            records: RecordCounts::default(),
            path_place: path::place(path),
            plausible: true,
        });
        InputIndex(u32::try_from(index).expect("few"))
    }

    pub fn listing(&mut self, path: &str, operation: &'static str) -> &mut Listing {
        let known = self
            .evidence
            .inputs
            .iter()
            .position(|input| input.path == path);
        let input = match known {
            Some(index) => InputIndex(u32::try_from(index).expect("few")),
            None => self.input(path, InputStatus::Complete),
        };
        self.evidence.listings.push(Listing {
            input,
            document: 0,
            operation,
            kind: if operation == "configuration-snapshot" {
                ListingKind::Snapshot
            } else {
                ListingKind::Answer
            },
            pointer: "/List".into(),
            sequence: false,
            elements: 0,
            next_token: false,
            pack: None,
            path_place: path::place(path),
            disputed: None,
            job: None,
            captured: None,
        });
        self.evidence.listings.last_mut().expect("just pushed")
    }

    /// A path in the default account and region.
    pub fn here(name: &str) -> String {
        format!("exports/{PROD}/{SEOUL}/{name}")
    }

    /// One answer of get-compliance-details-by-config-rule, here.
    pub fn details(&mut self, rule: &str, rows: &[(&str, ComplianceType, &str)]) -> &mut Self {
        let path = Self::here(
            &format!("{rule}-{}", self.evidence.inputs.len()).replace(char::is_numeric, "x"),
        );
        let path = format!("{path}{}", "i".repeat(self.evidence.inputs.len()));
        self.details_in(&path, rule, rows)
    }

    pub fn details_in(
        &mut self,
        path: &str,
        rule: &str,
        rows: &[(&str, ComplianceType, &str)],
    ) -> &mut Self {
        self.listing(path, "get-compliance-details-by-config-rule");
        self.rows(rule, rows)
    }

    /// More rows in the last list.
    pub fn rows(&mut self, rule: &str, rows: &[(&str, ComplianceType, &str)]) -> &mut Self {
        for (resource, compliance, time) in rows {
            let at = self.next();
            self.evidence.evaluations.push(EvaluationResult {
                at,
                of: Arc::new(Evaluated {
                    rule: rule.into(),
                    place: Place::default(),
                    resource_type: "AWS::Test::Thing".into(),
                    origin: Origin::Evaluation,
                    proactive: false,
                }),
                resource_id: (*resource).into(),
                compliance: *compliance,
                evaluated_at: AwsTime::from_text(time),
                recorded_at: AwsTime::from_text(time),
                annotation: None,
                asff: None,
            });
        }
        self
    }

    pub fn next(&mut self) -> Provenance {
        let listing = self.evidence.listings.len() - 1;
        let element = self.evidence.listings[listing].elements;
        self.evidence.listings[listing].elements += 1;
        Provenance {
            listing: ListingIndex(u32::try_from(listing).expect("few")),
            element,
            offset: u64::from(element),
        }
    }

    pub fn last_evaluation(&mut self) -> &mut EvaluationResult {
        self.evidence.evaluations.last_mut().expect("an evaluation")
    }

    pub fn next_token(&mut self) -> &mut Self {
        self.evidence
            .listings
            .last_mut()
            .expect("a list")
            .next_token = true;
        self
    }

    pub fn captured(&mut self, time: &str) -> &mut Self {
        let moment = time.parse().expect("a time");
        self.evidence.listings.last_mut().expect("a list").captured = Some(Captured::At(moment));
        self
    }

    pub fn pack(&mut self, pack: &str) -> &mut Self {
        self.listing(
            &Self::here("pack"),
            "get-conformance-pack-compliance-details",
        )
        .pack = Some(pack.into());
        self
    }

    pub fn rule_level(
        &mut self,
        rule: &str,
        compliance: ComplianceType,
        count: Option<(u32, bool)>,
    ) -> &mut Self {
        self.listing(
            &Self::here("rule-level"),
            "describe-compliance-by-config-rule",
        );
        let at = self.next();
        self.evidence.rule_compliances.push(RuleCompliance {
            at,
            rule: rule.into(),
            place: Place::default(),
            compliance,
            count: count.map(|(capped, exceeded)| ContributorCount { capped, exceeded }),
        });
        self
    }

    pub fn deployed(
        &mut self,
        name: &str,
        identifier: &str,
        parameters: &[(&str, &str)],
    ) -> &mut Self {
        self.deployed_at(PROD, SEOUL, name, identifier, parameters)
    }

    pub fn deployed_at(
        &mut self,
        account: &str,
        region: &str,
        name: &str,
        identifier: &str,
        parameters: &[(&str, &str)],
    ) -> &mut Self {
        self.listing("exports/rules.json", "describe-config-rules");
        let at = self.next();
        self.evidence.config_rules.push(ConfigRule {
            at,
            name: name.into(),
            arn: Some(
                format!("arn:aws:config:{region}:{account}:config-rule/config-rule-abcdef").into(),
            ),
            owner: "AWS".into(),
            source_identifier: Some(identifier.into()),
            parameters: Some(
                parameters
                    .iter()
                    .map(|(k, v)| ((*k).into(), (*v).into()))
                    .collect(),
            ),
            state: Some("ACTIVE".into()),
            scope: Scope::default(),
            detective: true,
            internal: false,
        });
        self
    }

    pub fn item(&mut self, resource: &str, status: &str, time: &str) -> &mut Self {
        self.item_of("AWS::Test::Thing", resource, status, time)
    }

    /// A resource of this type, in a snapshot of its own.
    pub fn item_of(&mut self, kind: &str, resource: &str, status: &str, time: &str) -> &mut Self {
        self.listing(&Self::here("snapshot"), "configuration-snapshot");
        let at = self.next();
        self.item_at(at, kind, resource, status, time)
    }

    pub fn item_at(
        &mut self,
        at: Provenance,
        kind: &str,
        resource: &str,
        status: &str,
        time: &str,
    ) -> &mut Self {
        let name = format!("{resource} 이름");
        let item = ConfigurationItem {
            at,
            place: Place {
                account: Some(PROD.into()),
                region: Some(SEOUL.into()),
            },
            resource_type: kind.into(),
            resource_id: resource.into(),
            resource_name: Some(name.as_str().into()),
            arn: None,
            status: status.into(),
            captured_at: AwsTime::from_text(time),
            created_at: None,
            tags: Vec::new(),
        };
        let items = Arc::get_mut(&mut self.evidence.items).expect("not assessed yet");
        items.push(&item).expect("memory");
        let key = (PROD.into(), SEOUL.into(), identity(kind, resource));
        self.evidence.names.insert(key, name.as_str().into());
        self
    }

    pub fn rejected(&mut self, path: &str, evaluations: u64) -> &mut Self {
        let input = self.input(path, InputStatus::Rejected);
        let input = &mut self.evidence.inputs[input.0 as usize];
        input.records.evaluation_results = evaluations;
        input.faults.push(Fault {
            code: "KI-0201".into(),
            message: "the JSON ends in the middle of a value".into(),
            pointer: None,
            offset: Some(1),
            hint: "take it again".into(),
            foreign: false,
        });
        self
    }

    pub fn policy(&mut self, rule: &str, parameter: &str, value: &str) -> &mut Self {
        let parameters = BTreeMap::from([(parameter.to_owned(), value.to_owned())]);
        let policy = Policy {
            parameters,
            document: "지침 5.2".into(),
        };
        self.engagement.policy.insert(rule.into(), policy);
        self
    }

    /// Approved by another than its owner, from the period's first day until after its last.
    pub fn decision(&mut self, kind: DecisionKind) -> &mut Decision {
        self.decisions.push(Decision {
            id: format!("D{}", self.decisions.len() + 1),
            kind,
            control_id: None,
            rule: None,
            account: None,
            region: None,
            resource_id: None,
            finding_id: None,
            fingerprint: None,
            reason: "이유".into(),
            owner: "홍길동".into(),
            approver: Some("김감사".into()),
            approved_on: "2026-07-01".parse().ok(),
            expires_on: "2026-12-31".parse().ok(),
            evidence: String::new(),
        });
        self.decisions.last_mut().expect("just pushed")
    }

    pub fn subject(&self) -> Subject<'_> {
        Subject {
            engagement: &self.engagement,
            catalogue: catalogue(),
            evidence: &self.evidence,
            decisions: &self.decisions,
            statement: &self.statement,
            manual: &self.manual,
            generated_at: self.generated_at.parse().expect("a time"),
        }
    }

    /// What an auditor would object to.
    pub fn objections(&self) -> Vec<Objection> {
        objections(&self.subject(), &self.assess().0)
    }

    /// Assesses, and looks whether what always holds does.
    pub fn assess(&self) -> Assessed {
        let assessment = assess(&self.subject());
        always::holds(&assessment);
        Assessed(assessment)
    }
}
