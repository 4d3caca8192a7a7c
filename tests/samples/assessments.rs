//! Hand-made assessments: what the documents' tests render.

use std::collections::BTreeMap;
use std::sync::Arc;

use kisms::assess::{
    AccountSummary, Assessment, AttributedBy, Automated, ControlResult, ControlRow, CopyRule,
    Counts, DecisionRow, DecisionState, DeployedRule, EngagementSummary, EvaluationReconciliation,
    FORMAT, Finding, FindingDecision, FindingRule, Gap, GapAt, GapKind, GapOf, InputRow, Inventory,
    ItemReconciliation, Manual, ManualEvidenceRow, Other, Reason, ReasonKind, Reconciliation,
    Relation, ResolvedBy, RuleRow, Seen, SeenAt, Site, Source, SourceList, StatementOfOperation,
    Totals, WeakerParameter,
};
use kisms::catalogue::{self, Control, ControlId, Level, Scheme, catalogue};
use kisms::decision::DecisionKind;
use kisms::digest::Digest;
use kisms::engagement::Language;
use kisms::evidence::{ComplianceType, Fault, InputStatus, RecordCounts};
use kisms::period::Period;
use kisms::report::pdf::{About, SignerAbout, Templates};
use kisms::time::AwsTime;

const PROD: &str = "111122223333";
const SEOUL: &str = "ap-northeast-2";

/// A signed bundle's particulars.
pub fn about() -> About {
    About {
        bundle_id: "kisms-2026Q3-1a2b3c4d".to_owned(),
        inputs_digest: Digest::of(b"inputs"),
        version: "0.1.0".to_owned(),
        signer: Some(SignerAbout {
            subject: "CN=홍길동,O=주식회사 예시,C=KR".to_owned(),
            sha256: Digest::of(b"certificate"),
            valid_until: "2028-01-01T00:00:00Z".parse().expect("a time"),
        }),
        templates: Templates::default(),
    }
}

fn id(text: &str) -> ControlId {
    text.parse().expect("a control's number")
}

fn time(text: &str) -> Option<AwsTime> {
    AwsTime::from_text(text)
}

/// Two accounts, a handful of findings, every kind of gap, reason and input.
pub fn small(language: Language) -> Assessment {
    let mut assessment = empty(language);
    assessment.findings = vec![
        finding(
            1,
            "restricted-ssh",
            "AWS::EC2::SecurityGroup",
            "sg-0a1b2c3d4e5f67890",
        ),
        excepted(finding(
            2,
            "restricted-ssh",
            "AWS::EC2::SecurityGroup",
            "sg-0ffffffffffffffff",
        )),
        global(finding(
            3,
            "mfa-enabled-for-iam-console-access",
            "AWS::IAM::User",
            "AIDAEXAMPLEUSER0001",
        )),
        finding(
            4,
            "s3-bucket-server-side-encryption-enabled",
            "AWS::S3::Bucket",
            "example-mall-prod-access-logs",
        ),
        weaker(finding(
            5,
            "access-keys-rotated",
            "AWS::IAM::User",
            "AIDAEXAMPLEUSER0002",
        )),
        untold(finding(
            6,
            "rds-storage-encrypted",
            "AWS::RDS::DBInstance",
            "db-EXAMPLE",
        )),
    ];
    assessment.gaps = gaps();
    assessment.inputs = inputs();
    assessment.decisions = decisions();
    assessment.manual_evidence = manual_evidence();
    assessment.reconciliation = reconciliation(7, 3);
    conclude(&mut assessment);
    assessment
}

/// `failing` failing findings over all rules of the catalogue.
pub fn large(language: Language, failing: usize) -> Assessment {
    let mut assessment = empty(language);
    let rules: Vec<_> = catalogue().rules.values().collect();
    assessment.findings = (0..failing)
        .map(|n| {
            let rule = rules[n % rules.len()];
            let resource_type = rule.resource_types.first().map_or("AWS::::Account", |t| t);
            let resource = format!("arn:aws:ec2:ap-northeast-2:111122223333:resource/{n:08x}");
            let finding = finding(n, &rule.name, resource_type, &resource);
            if n % 11 == 0 {
                excepted(finding)
            } else {
                finding
            }
        })
        .collect();
    let regions = ["ap-northeast-1", "us-east-1", "us-west-2", "eu-west-1"];
    for (n, rule) in catalogue().rules.values().enumerate() {
        for region in regions {
            assessment
                .gaps
                .push(gap(GapKind::NotChecked, PROD, region, &rule.name, n));
        }
    }
    assessment.inputs = (0..300).map(|n| input(n, InputStatus::Complete)).collect();
    assessment.reconciliation = reconciliation(failing as u64, 0);
    conclude(&mut assessment);
    assessment
}

/// Everything that people and data can do to a document.
pub fn hostile(language: Language) -> Assessment {
    let mut assessment = small(language);
    let markup = "#panic(\"x\") *b* _i_ $x$ <label> @ref = h // c /* #read(\"/etc/passwd\") ```";
    let unseen = "a\u{202E}b\u{200B}c\u{0}d\ne\u{FEFF}\u{E0041}";
    let foreign = "🚀 漢字 ひらがな العربية \u{1100}\u{1161} x\u{336}";
    let endless = "x".repeat(300);
    let clinging = "([{<\"'/.,:;!?%…".repeat(12);
    let engagement = &mut assessment.engagement;
    engagement.organization = format!("{markup} {unseen}");
    engagement.scope = format!("{foreign} {endless}");
    engagement.prepared_by = "가".repeat(10_000);
    for (n, finding) in assessment.findings.iter_mut().enumerate() {
        finding.resource_id = [markup, unseen, foreign, &endless][n % 4].into();
        finding.resource_name = Some(format!("{markup} {clinging}").into());
        finding.annotation =
            Some([&*"긴 글 ".repeat(2_500), &"\u{202E}".repeat(10_000)][n % 2].into());
        Arc::make_mut(&mut finding.source.list).pointer = format!("/{endless}");
        let rule = rule_of(finding);
        rule.resource_type.clone_from(&endless);
        rule.region.clone_from(&endless);
        rule.deployed_rule = format!("{endless}-{unseen}");
    }
    for gap in &mut assessment.gaps {
        let (of, at) = (Arc::make_mut(&mut gap.of), Arc::make_mut(&mut gap.at));
        at.command = format!("{markup} {endless}");
        unseen.clone_into(&mut of.detail);
        endless[..40].clone_into(&mut at.account);
    }
    for input in &mut assessment.inputs {
        input.path = format!("exports/{endless}/{foreign}{clinging}");
        input.reason = Some(markup.to_owned());
    }
    for decision in &mut assessment.decisions {
        decision.reason = format!("{unseen}{markup}{endless}");
        decision.owner.clone_from(&endless);
        decision.id.clone_from(&endless);
    }
    for evidence in &mut assessment.manual_evidence {
        evidence.path = format!("evidence/{endless}{endless}");
    }
    let control_id = assessment.findings[0].controls[0];
    assessment.statement = vec![StatementOfOperation {
        control_id,
        title_ko: String::new(),
        title_en: String::new(),
        selected: "Y".to_owned(),
        operation: numbered("line", "\n"),
        documents: unseen.to_owned(),
        records: numbered("log", "; "),
    }];
    assessment
}

/// More lines than a page has, each with its number.
fn numbered(what: &str, between: &str) -> String {
    let lines: Vec<String> = (1..=120).map(|n| format!("{what}-{n}.")).collect();
    lines.join(between)
}

fn empty(language: Language) -> Assessment {
    let zone = chrono::FixedOffset::east_opt(9 * 3600).expect("nine hours");
    let account = |account: &str, name: Option<&str>, regions: &[&str]| AccountSummary {
        account: account.to_owned(),
        name: name.map(str::to_owned),
        regions: regions.iter().map(|r| (*r).to_owned()).collect(),
    };
    Assessment {
        format: FORMAT,
        engagement: EngagementSummary {
            organization: "주식회사 예시".to_owned(),
            scope: "예시몰 서비스 운영".to_owned(),
            scheme: Scheme::IsmsP,
            period: Period::quarter("2026Q3", zone).expect("a quarter"),
            prepared_by: "홍길동 (정보보호팀)".to_owned(),
            reviewed_by: "김감사 (CISO)".to_owned(),
            own_templates: Vec::new(),
            language,
            accounts: vec![
                account(PROD, Some("prod"), &[SEOUL, "us-east-1"]),
                account("444455556666", None, &[SEOUL]),
            ],
        },
        table: catalogue::TABLE.to_owned(),
        edition: catalogue::EDITION.to_owned(),
        generated_at: "2026-10-05T09:30:00+09:00".parse().expect("a time"),
        totals: Totals::default(),
        controls: catalogue().controls.iter().map(control).collect(),
        findings: Vec::new(),
        gone: Vec::new(),
        rules: Vec::new(),
        gaps: Vec::new(),
        inputs: Vec::new(),
        assets: Inventory::default(),
        decisions: Vec::new(),
        manual_evidence: Vec::new(),
        statement: Vec::new(),
        reconciliation: Reconciliation::default(),
        mapping: Vec::new(),
    }
}

fn control(control: &Control) -> ControlRow {
    let names = |id| -> Vec<String> { catalogue().rules_of(id).map(|r| r.name.clone()).collect() };
    let rules = names(control.id);
    let has_result = control.level == Level::Item || !rules.is_empty();
    let support = control.id.domain().filter(|_| control.level == Level::Item);
    ControlRow {
        id: control.id,
        level: control.level,
        title_ko: control.title_ko.clone(),
        title_en: control.title_en.clone(),
        result: has_result.then(|| ControlResult {
            automated: Automated::NotCovered,
            manual: [
                Manual::Attested,
                Manual::EvidenceOnly,
                Manual::None,
                Manual::NotApplicable,
            ][control.title_ko.len() % 4],
            counts: Counts::default(),
            reasons: Vec::new(),
            support: support.map(names).unwrap_or_default(),
        }),
        rules,
    }
}

/// Results, rules and totals as the findings and gaps make them: enough for a document.
fn conclude(assessment: &mut Assessment) {
    let findings = &assessment.findings;
    assessment.rules = catalogue()
        .rules
        .values()
        .map(|rule| RuleRow {
            rule: rule.name.clone(),
            source_identifier: Some(rule.source_identifier.clone()),
            controls: catalogue().controls_of(&rule.name).collect(),
            trigger: Some(rule.trigger),
            reach: Some(rule.reach),
            policy: Vec::new(),
            counts: count(findings.iter().filter(|f| f.rule == rule.name)),
            deployed: vec![DeployedRule {
                account: PROD.to_owned(),
                region: SEOUL.to_owned(),
                name: format!("{}-conformance-pack-ab12cd34e", rule.name),
                resolved_by: ResolvedBy::StrippedName,
                parameters: None,
                scope: None,
                state: None,
                shortfall: None,
            }],
            seen: [(SEOUL, Seen::Seen), ("us-east-1", Seen::NotChecked)]
                .map(|(region, state)| SeenAt {
                    at: Site::new(PROD, region),
                    state,
                })
                .into(),
        })
        .collect();
    for row in &mut assessment.controls {
        let Some(result) = &mut row.result else {
            continue;
        };
        result.counts = count(findings.iter().filter(|f| f.controls.contains(&row.id)));
        let rules = row.rules.iter().enumerate();
        result.reasons = rules.flat_map(|(n, rule)| reasons(rule, n)).collect();
        result.automated = match (row.rules.len(), result.counts) {
            (0, _) => Automated::NotCovered,
            (_, c) if c.non_compliant > 0 => Automated::NonCompliant,
            (_, c) if c.excepted > 0 => Automated::Excepted,
            (1, _) => Automated::NothingToCheck,
            (2, _) => Automated::Compliant,
            _ => Automated::Incomplete,
        };
    }
    assessment.totals = totals(assessment);
}

fn reasons(rule: &str, n: usize) -> Vec<Reason> {
    const KINDS: [ReasonKind; 18] = [
        ReasonKind::NotChecked,
        ReasonKind::Partial,
        ReasonKind::NonCompliant,
        ReasonKind::Excepted,
        ReasonKind::Unreadable,
        ReasonKind::InsufficientData,
        ReasonKind::UnusualVerdict,
        ReasonKind::OutsidePeriod,
        ReasonKind::UnknownTime,
        ReasonKind::WeakerParameters,
        ReasonKind::NarrowedScope,
        ReasonKind::RuleNotActive,
        ReasonKind::NotRecorded,
        ReasonKind::CountsExceed,
        ReasonKind::UnjudgedResource,
        ReasonKind::OnlyGone,
        ReasonKind::UnknownParameter,
        ReasonKind::RuleNotDescribed,
    ];
    [(PROD, SEOUL), (PROD, "us-east-1"), ("444455556666", SEOUL)]
        .map(|(account, region)| Reason {
            reason: KINDS[n % KINDS.len()],
            rule: rule.into(),
            at: Site::new(account, region),
        })
        .into()
}

fn count<'a>(findings: impl Iterator<Item = &'a Finding>) -> Counts {
    let mut counts = Counts::default();
    for finding in findings {
        let excepted = finding.decision.is_some();
        match finding.status {
            ComplianceType::NonCompliant if excepted => counts.excepted += 1,
            ComplianceType::NonCompliant => counts.non_compliant += 1,
            ComplianceType::Compliant if finding.weaker_parameters.is_empty() => {
                counts.compliant += 1;
            }
            ComplianceType::Compliant => counts.compliant_weaker += 1,
            ComplianceType::NotApplicable => counts.not_applicable += 1,
            ComplianceType::InsufficientData => counts.insufficient_data += 1,
        }
    }
    counts
}

fn totals(assessment: &Assessment) -> Totals {
    fn tally<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, u32> {
        let mut counts = BTreeMap::new();
        keys.for_each(|key| *counts.entry(key).or_default() += 1);
        counts
    }
    let items = || {
        let items = assessment
            .controls
            .iter()
            .filter(|c| c.level == Level::Item);
        items.filter_map(|c| c.result.as_ref())
    };
    Totals {
        controls: tally(items().map(|r| r.automated)),
        manual: tally(items().map(|r| r.manual)),
        findings: count(assessment.findings.iter()),
        gaps: tally(assessment.gaps.iter().map(|g| g.kind)),
        inputs: tally(assessment.inputs.iter().map(|i| i.status)),
        assets: 1_234,
        rules_seen: 87,
        rules_mapped: 115,
    }
}

fn finding(n: usize, rule: &str, resource_type: &str, resource_id: &str) -> Finding {
    Finding {
        id: Digest::of(&n.to_be_bytes()).into(),
        status: ComplianceType::NonCompliant,
        in_period: true,
        of: Arc::new(FindingRule {
            rule: rule.to_owned(),
            deployed_rule: format!("{rule}-conformance-pack-ab12cd34e"),
            resolved_by: ResolvedBy::StrippedName,
            controls: catalogue().controls_of(rule).collect(),
            account: PROD.to_owned(),
            region: SEOUL.to_owned(),
            regions: Vec::new(),
            resource_type: resource_type.to_owned(),
            parameters: None,
            weaker_parameters: Vec::new(),
            unknown_parameters: BTreeMap::new(),
            shortfall: None,
            attributed_by: if n.is_multiple_of(2) {
                AttributedBy::Path
            } else {
                AttributedBy::Element
            },
        }),
        resource_id: resource_id.into(),
        resource_name: n.is_multiple_of(2).then(|| "운영-웹서버".into()),
        annotation: n
            .is_multiple_of(3)
            .then(|| "Security group allows 0.0.0.0/0 on port 22.".into()),
        evaluated_at: time("2026-09-30T01:02:03Z"),
        recorded_at: time("2026-09-30T01:02:04Z"),
        fingerprint: Digest::of(resource_id.as_bytes()).into(),
        decision: None,
        others: Box::default(),
        source: source(n),
    }
}

/// What a finding shares, to change it for this one.
fn rule_of(finding: &mut Finding) -> &mut FindingRule {
    Arc::make_mut(&mut finding.of)
}

fn source(n: usize) -> Source {
    Source {
        list: Arc::new(SourceList {
            input: "E0001".to_owned(),
            path: format!("exports/{PROD}/{SEOUL}/compliance.json"),
            sha256: Some(Digest::of(b"E0001")),
            document: u32::from(n.is_multiple_of(5)),
            pointer: "/EvaluationResults".to_owned(),
            sequence: false,
        }),
        element: u32::try_from(n).expect("few"),
        offset: 1234,
    }
}

fn excepted(mut finding: Finding) -> Finding {
    finding.decision = Some(Box::new(FindingDecision {
        id: "D-2026-07".to_owned(),
        kind: DecisionKind::Exception,
        effective: true,
        owner: "이운영 (인프라팀)".to_owned(),
        expires_on: chrono::NaiveDate::from_ymd_opt(2026, 12, 31),
        only_for: Vec::new(),
    }));
    finding
}

fn global(mut finding: Finding) -> Finding {
    "global".clone_into(&mut rule_of(&mut finding).region);
    rule_of(&mut finding).regions = vec![SEOUL.to_owned(), "us-east-1".to_owned()];
    finding.others = [Other {
        relation: Relation::Copy,
        recorded_at: None,
        of: Arc::new(CopyRule {
            deployed_rule: "securityhub-mfa-enabled-for-iam-console-access-1a2b3c4d".to_owned(),
            region: SEOUL.to_owned(),
            parameters: None,
        }),
        status: ComplianceType::NonCompliant,
        source: source(9),
    }]
    .into();
    finding
}

fn weaker(mut finding: Finding) -> Finding {
    finding.status = ComplianceType::Compliant;
    rule_of(&mut finding).weaker_parameters = vec![WeakerParameter {
        name: "maxAccessKeyAge".to_owned(),
        deployed: "120".to_owned(),
        baseline: "60".to_owned(),
        document: Some("계정관리지침 5.2".to_owned()),
    }];
    finding
}

fn untold(mut finding: Finding) -> Finding {
    finding.evaluated_at = None;
    finding.recorded_at = time("2026-09-30T10:02:04");
    Arc::make_mut(&mut finding.source.list).sha256 = None;
    finding
}

fn gap(kind: GapKind, account: &str, region: &str, rule: &str, n: usize) -> Gap {
    let command = format!(
        "aws configservice get-compliance-details-by-config-rule --config-rule-name {rule} --region {region}"
    );
    let when = |is: bool, text: &str| if is { text.to_owned() } else { String::new() };
    Gap {
        of: Arc::new(GapOf {
            kind,
            rule: rule.to_owned(),
            controls: catalogue().controls_of(rule).collect(),
            detail: when(n.is_multiple_of(3), &format!("{n} of 214")),
        }),
        at: Arc::new(GapAt {
            account: account.to_owned(),
            region: region.to_owned(),
            input: when(n.is_multiple_of(2), "E0002"),
            command: when(!account.is_empty(), &command),
            remove: String::new(),
        }),
    }
}

fn gaps() -> Vec<Gap> {
    use GapKind as G;
    let kinds = [
        G::NoData,
        G::Unreadable,
        G::Partial,
        G::NotChecked,
        G::InsufficientData,
        G::UnusualVerdict,
        G::OutsidePeriod,
        G::UnknownTime,
        G::WeakerParameters,
        G::NarrowedScope,
        G::RuleNotActive,
        G::NotRecorded,
        G::CountsExceed,
        G::UnjudgedResource,
        G::OnlyGone,
        G::UnknownParameter,
        G::RuleNotDescribed,
        G::ParametersUnknown,
        G::CopyNotRead,
        G::NotDeployed,
        G::Unattributed,
        G::OutOfScope,
        G::Unmapped,
        G::FilterNotExcluded,
    ];
    let mut gaps: Vec<Gap> = kinds
        .into_iter()
        .enumerate()
        .map(|(n, kind)| {
            let account = if kind == G::Unattributed {
                ""
            } else {
                "444455556666"
            };
            let rule = if kind == G::NoData {
                ""
            } else {
                "restricted-ssh"
            };
            gap(kind, account, SEOUL, rule, n)
        })
        .collect();
    let rules = catalogue().rules.keys();
    gaps.extend(rules.map(|rule| gap(G::NotChecked, PROD, "us-east-1", rule, 1)));
    gaps
}

fn input(n: usize, status: InputStatus) -> InputRow {
    InputRow {
        input: format!("E{:04}", n + 1),
        path: format!("exports/{PROD}/{SEOUL}/compliance-{n}.json"),
        bundle_path: format!("data/exports/E{:04}.json.gz", n + 1),
        sha256: Some(Digest::of(&n.to_be_bytes())),
        bytes: 48_213 + 1_000_000 * n as u64,
        kind: "get-compliance-details-by-config-rule".to_owned(),
        status,
        reason: None,
        captured_at: Some("2026-10-01T00:00:00Z".to_owned()),
        records: RecordCounts {
            evaluation_results: 100,
            ..RecordCounts::default()
        },
        faults: Vec::new(),
    }
}

fn inputs() -> Vec<InputRow> {
    let mut partial = input(1, InputStatus::Partial);
    partial.reason = Some("NextToken: more pages follow".to_owned());
    partial.captured_at = Some("at least 2026-09-30T01:02:04Z".to_owned());
    let mut rejected = input(2, InputStatus::Rejected);
    rejected.faults = (0..12)
        .map(|n| Fault {
            code: "KI-0101".to_owned(),
            message: format!("`PASS` is not a ComplianceType (element {n})"),
            pointer: Some(format!("/EvaluationResults/{n}/ComplianceType")),
            offset: Some(1_234 + n),
            hint: "export it again with the AWS CLI".to_owned(),
            foreign: false,
        })
        .collect();
    let mut ignored = input(3, InputStatus::Ignored);
    ignored.input = String::new();
    "exports/.DS_Store".clone_into(&mut ignored.path);
    ignored.kind = String::new();
    vec![input(0, InputStatus::Complete), partial, rejected, ignored]
}

fn decisions() -> Vec<DecisionRow> {
    use DecisionState as S;
    let states = [
        S::Effective,
        S::Unbound,
        S::ExpiredSince,
        S::Expired,
        S::ApprovedLater,
        S::FingerprintChanged,
        S::Unmatched,
        S::Noted,
    ];
    states
        .into_iter()
        .enumerate()
        .map(|(n, state)| DecisionRow {
            id: format!("D-2026-{n:02}"),
            kind: [DecisionKind::Exception, DecisionKind::Attestation, DecisionKind::NotApplicable, DecisionKind::Plan][n % 4],
            state,
            control_id: (n % 2 == 1).then(|| id("2.6.1")),
            findings: (0..n).map(|k| Digest::of(&k.to_be_bytes()).into()).collect(),
            reason: "배스천 호스트 교체 전까지 사내 고정 IP 대역에서만 접속하며, 접속 기록을 매주 검토한다.".to_owned(),
            owner: "이운영 (인프라팀)".to_owned(),
            approver: "김감사 (CISO)".to_owned(),
            approved_on: chrono::NaiveDate::from_ymd_opt(2026, 7, 1),
            expires_on: chrono::NaiveDate::from_ymd_opt(2026, 12, 31),
            evidence: "evidence/2.6.1/예외승인서.pdf".to_owned(),
        })
        .collect()
}

fn manual_evidence() -> Vec<ManualEvidenceRow> {
    ["1.1.1", "2.1.1", "2.6.1"]
        .into_iter()
        .enumerate()
        .map(|(n, control)| ManualEvidenceRow {
            id: format!("M{:04}", n + 1),
            control_id: id(control),
            path: format!("evidence/{control}/01_정보보호위원회_회의록_2026070{n}.pdf"),
            bundle_path: format!("data/evidence/{control}/M{:04}.pdf", n + 1),
            sha256: Digest::of(control.as_bytes()),
            bytes: 182_044,
        })
        .collect()
}

fn reconciliation(findings: u64, others: u64) -> Reconciliation {
    Reconciliation {
        evaluation_results: EvaluationReconciliation {
            read: findings + 9 * others,
            findings,
            duplicates: others,
            contradictions: others,
            gone: others,
            out_of_scope: others,
            unattributed: others,
            proactive: others,
            internal: others,
            unmapped: others,
            rejected: others,
        },
        configuration_items: ItemReconciliation {
            compliance_items: 0,
            read: 1_234 + 5 * others,
            assets: 1_234,
            older: others,
            deleted: others,
            out_of_scope: others,
            unattributed: others,
            rejected: others,
        },
    }
}
