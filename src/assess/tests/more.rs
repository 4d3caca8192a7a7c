//! More that a case can have: what is no evaluation of a rule.

use super::case::*;
use crate::evidence::{
    Asff, ComplianceType, ConformancePack, ContributorCount, Counted, FailingCount, ListingKind,
    Origin, Place, Recorded, Recorder, RecorderStatus, RuleStatus, Scope,
};
use crate::time::AwsTime;

/// Here, as an element says it.
pub fn here() -> Place {
    Place {
        account: Some(PROD.into()),
        region: Some(SEOUL.into()),
    }
}

impl Case {
    /// An evaluation status; a failure where a time is given.
    pub fn status(&mut self, rule: &str, succeeded: &str, failed: Option<&str>) -> &mut Self {
        let operation = "describe-config-rule-evaluation-status";
        self.listing(&Self::here("status"), operation);
        let at = self.next();
        self.evidence.rule_statuses.push(RuleStatus {
            at,
            rule: rule.into(),
            arn: None,
            succeeded: AwsTime::from_text(succeeded),
            failed: failed.and_then(AwsTime::from_text),
            error: None,
            activated: None,
            deactivated: None,
        });
        self
    }

    /// A rule that ran and of which AWS names no result.
    pub fn ran_empty(&mut self, rule: &str, succeeded: &str, failed: Option<&str>) -> &mut Self {
        self.status(rule, succeeded, failed)
            .rule_level(rule, InsufficientData, None)
    }

    /// A recorder, and that it runs or not.
    pub fn recorder(&mut self, recorded: Recorded, works: bool) -> &mut Self {
        self.listing(&Self::here("recorder"), "describe-configuration-recorders");
        let at = self.next();
        self.evidence.recorders.push(Recorder {
            at,
            name: "default".into(),
            place: Place::default(),
            recorded,
            internal: false,
        });
        self.evidence.recorder_statuses.push(RecorderStatus {
            at,
            name: "default".into(),
            place: here(),
            works,
            started: None,
            stopped: None,
            internal: false,
        });
        self
    }

    /// An empty answer in a file that is named as the rule is deployed.
    pub fn empty_details(&mut self, name: &str) -> &mut Self {
        let path = Self::here(&format!("rules/{name}.json"));
        self.details_in(&path, name, &[])
    }

    /// Whole evaluations of some rule, so that verdicts were exported at all.
    pub fn other_details(&mut self) -> &mut Self {
        self.details("root-account-mfa-enabled", &[("other", Compliant, JULY)])
    }

    /// A verdict on a resource that is recorded as an item in a snapshot.
    pub fn recorded(
        &mut self,
        rule: &str,
        resource: &str,
        verdict: ComplianceType,
        time: &str,
    ) -> &mut Self {
        let kind = "AWS::Config::ResourceCompliance";
        self.item_of(kind, &format!("AWS::Test::Thing/{resource}"), "OK", time);
        self.rows(rule, &[(resource, verdict, time)]);
        let verdict = self.last_evaluation();
        verdict.place = here();
        verdict.origin = Origin::ResourceCompliance;
        verdict.evaluated_at = None;
        self
    }

    /// A finding of Security Hub.
    pub fn security_hub(
        &mut self,
        id: &str,
        resource: &str,
        verdict: ComplianceType,
        time: &str,
        archived: bool,
    ) -> &mut Self {
        self.listing(&Self::here("findings"), "get-findings").kind = ListingKind::Stream;
        let rule = "securityhub-restricted-ssh-baa2cf8c";
        self.rows(rule, &[(resource, verdict, time)]);
        let verdict = self.last_evaluation();
        verdict.place = here();
        verdict.origin = Origin::SecurityHub;
        verdict.asff = Some(Box::new(Asff {
            finding: Some(id.into()),
            resource_arn: None,
            archived,
            parameters: None,
        }));
        self
    }

    /// The last list is a part of an export job that was asked for all findings.
    pub fn of_job(&mut self, id: &str) -> &mut Self {
        let listing = self.evidence.listings.last_mut().expect("a list");
        listing.kind = ListingKind::Answer;
        listing.job = Some(id.into());
        self
    }

    /// A notification of one verdict.
    pub fn notified(&mut self, rule: &str, resource: &str, verdict: ComplianceType) -> &mut Self {
        let listing = self.listing(&Self::here("event"), "compliance-change-notification");
        listing.kind = ListingKind::Stream;
        self.rows(rule, &[(resource, verdict, JULY)]);
        let verdict = self.last_evaluation();
        verdict.place = here();
        verdict.origin = Origin::Notification;
        self
    }

    /// So many fail.
    pub fn count(&mut self, of: Counted, capped: u32, exceeded: bool) -> &mut Self {
        self.listing(
            &Self::here("count"),
            "get-compliance-summary-by-config-rule",
        );
        let at = self.next();
        self.evidence.counts.push(FailingCount {
            at,
            place: Place::default(),
            of,
            failing: ContributorCount { capped, exceeded },
            taken: None,
        });
        self
    }

    /// A conformance pack that is described.
    pub fn described_pack(&mut self, name: &str, id: &str) -> &mut Self {
        self.listing(&Self::here("packs"), "describe-conformance-packs");
        let at = self.next();
        self.evidence.packs.push(ConformancePack {
            at,
            name: name.into(),
            id: id.into(),
            place: Place::default(),
            scope: Scope::default(),
        });
        self
    }
}
