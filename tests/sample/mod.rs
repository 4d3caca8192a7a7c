//! A small assessment whose every text is as hostile as exports can be.

use std::collections::BTreeMap;
use std::sync::Arc;

use kisms::assess::{
    AccountSummary, Assessment, AttributedBy, Automated, ControlResult, ControlRow, CopyRule,
    Counts, DecisionRow, DecisionState, DeployedRule, EngagementSummary, FORMAT, Finding,
    FindingDecision, FindingRule, Gap, GapAt, GapKind, GapOf, InputRow, Inventory, Manual,
    ManualEvidenceRow, MappingEntry, Other, Reason, ReasonKind, Reconciliation, Relation,
    ResolvedBy, RuleRow, Seen, SeenAt, Site, Source, SourceList, StatementOfOperation, Totals,
    WeakerParameter,
};
use kisms::catalogue::{ControlId, EDITION, Level, Scheme, TABLE};
use kisms::decision::DecisionKind;
use kisms::digest::Digest;
use kisms::engagement::Language;
use kisms::evidence::{
    ComplianceType, ConfigurationItem, Fault, InputStatus, Items, ListingIndex, Place, Provenance,
    RecordCounts,
};
use kisms::period::Period;
use kisms::time::AwsTime;

/// Texts that break careless writers of CSV, and a spreadsheet that trusts them.
pub fn hostile() -> Vec<String> {
    let mut texts: Vec<String> = [
        "=HYPERLINK(\"http://example.com\",\"열기\")",
        "+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "한글, \"따옴표\"\r\n둘째 줄",
        "\"",
        ",",
        "\"\"\",\"\"",
        "a\rb",
        "a\0b",
        "a\u{1b}[2Jb\u{202e}c",
        "👨‍👩‍👧 🚀",
        "\u{feff}x",
        " spaces ",
        "'=1",
        "",
    ]
    .map(str::to_owned)
    .into();
    texts.push("긴".repeat(40_000));
    texts
}

pub fn control(id: &str) -> ControlId {
    id.parse().expect("a control's number")
}

/// One finding for each hostile text, one gone, and at least one row in every table.
pub fn assessment() -> Assessment {
    let zone = chrono::FixedOffset::east_opt(9 * 3600).expect("nine hours");
    let period = Period::quarter("2026Q3", zone).expect("a quarter");
    let texts = hostile();
    Assessment {
        format: FORMAT,
        generated_at: period.to,
        engagement: engagement(period),
        table: TABLE.to_owned(),
        edition: EDITION.to_owned(),
        totals: Totals::default(),
        controls: controls(),
        findings: texts.iter().map(|text| finding(text)).collect(),
        gone: vec![finding("gone")],
        rules: texts.iter().map(|text| rule(text)).collect(),
        gaps: texts.iter().map(|text| gap(text)).collect(),
        inputs: texts.iter().map(|text| input(text)).collect(),
        assets: inventory(&texts),
        decisions: texts.iter().map(|text| decision(text)).collect(),
        manual_evidence: texts.iter().map(|text| manual(text)).collect(),
        statement: texts.iter().map(|text| statement(text)).collect(),
        reconciliation: Reconciliation::default(),
        mapping: texts.iter().map(|text| mapping(text)).collect(),
    }
}

fn engagement(period: Period) -> EngagementSummary {
    EngagementSummary {
        organization: "주식회사 예시".into(),
        scope: "예시몰 서비스 운영".into(),
        scheme: Scheme::IsmsP,
        period,
        prepared_by: "홍길동".into(),
        reviewed_by: "김감사".into(),
        own_templates: Vec::new(),
        language: Language::Ko,
        accounts: vec![AccountSummary {
            account: "111122223333".into(),
            name: None,
            regions: vec!["ap-northeast-2".into()],
        }],
    }
}

fn controls() -> Vec<ControlRow> {
    let row = |id: &str, level, result| ControlRow {
        id: control(id),
        level,
        title_ko: "인증 및 권한관리".into(),
        title_en: "Authentication".into(),
        rules: vec!["restricted-ssh".into()],
        result,
    };
    let result = ControlResult {
        automated: Automated::NonCompliant,
        manual: Manual::None,
        counts: Counts {
            non_compliant: 7,
            ..Counts::default()
        },
        reasons: vec![Reason {
            reason: ReasonKind::NotChecked,
            rule: "restricted-ssh".into(),
            at: Site::new("111122223333", "ap-northeast-2"),
        }],
        support: vec![],
    };
    vec![
        row("2", Level::Area, None),
        row("2.6", Level::Domain, Some(result.clone())),
        row("2.6.1", Level::Item, Some(result)),
    ]
}

fn source(text: &str) -> Source {
    Source {
        list: Arc::new(SourceList {
            input: "E0001".into(),
            path: format!("exports/{text}"),
            sha256: Some(Digest::of(b"export")),
            document: 0,
            pointer: format!("/{text}"),
            sequence: true,
        }),
        element: 0,
        offset: 1234,
    }
}

fn parameters(text: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("maxAccessKeyAge".to_owned(), text.to_owned())])
}

fn finding(text: &str) -> Finding {
    Finding {
        id: Digest::of(text.as_bytes()).into(),
        status: ComplianceType::NonCompliant,
        in_period: true,
        of: Arc::new(finding_rule(text)),
        resource_id: text.into(),
        resource_name: Some(text.into()),
        annotation: None,
        evaluated_at: AwsTime::from_text("2026-09-30T01:02:03"),
        recorded_at: AwsTime::from_text("2026-09-30T01:02:04Z"),
        fingerprint: Digest::of(b"fingerprint").into(),
        decision: Some(Box::new(FindingDecision {
            id: text.into(),
            kind: DecisionKind::Exception,
            effective: false,
            owner: text.into(),
            expires_on: chrono::NaiveDate::from_ymd_opt(2026, 12, 31),
            only_for: Vec::new(),
        })),
        others: [Other {
            relation: Relation::Copy,
            recorded_at: None,
            of: Arc::new(CopyRule {
                deployed_rule: text.into(),
                region: "us-east-1".into(),
                parameters: None,
            }),
            status: ComplianceType::Compliant,
            source: source(text),
        }]
        .into(),
        source: source(text),
    }
}

fn finding_rule(text: &str) -> FindingRule {
    FindingRule {
        rule: text.into(),
        deployed_rule: text.into(),
        resolved_by: ResolvedBy::SourceIdentifier,
        controls: vec![control("2.6"), control("2.6.1")],
        account: "111122223333".into(),
        region: "global".into(),
        regions: vec!["ap-northeast-2".into(), "us-east-1".into()],
        resource_type: "AWS::IAM::User".into(),
        parameters: Some(parameters(text)),
        weaker_parameters: vec![WeakerParameter {
            name: "maxAccessKeyAge".into(),
            deployed: "120".into(),
            baseline: "90".into(),
            document: Some("계정관리지침 5.2".into()),
        }],
        unknown_parameters: parameters(text),
        shortfall: Some("tag Env=prod".into()),
        attributed_by: AttributedBy::Path,
    }
}

/// Seen in one region, deployed there and in another: two rows.
fn rule(text: &str) -> RuleRow {
    let deployed = |region: &str| DeployedRule {
        account: "111122223333".into(),
        region: region.into(),
        name: text.into(),
        resolved_by: ResolvedBy::Unmapped,
        parameters: Some(parameters(text)),
        scope: Some(kisms::evidence::Scope {
            tag_key: Some(text.into()),
            ..Default::default()
        }),
        state: Some(text.into()),
        shortfall: Some(text.into()),
    };
    RuleRow {
        rule: text.into(),
        source_identifier: None,
        controls: vec![],
        trigger: None,
        reach: None,
        policy: Vec::new(),
        counts: Counts::default(),
        deployed: vec![deployed("ap-northeast-2"), deployed("eu-west-1")],
        seen: vec![SeenAt {
            at: Site::new("111122223333", "ap-northeast-2"),
            state: Seen::CheckedNone,
        }],
    }
}

fn gap(text: &str) -> Gap {
    Gap {
        of: Arc::new(GapOf {
            kind: GapKind::NotChecked,
            rule: text.into(),
            controls: vec![control("2.10"), control("2.10.1")],
            detail: text.into(),
        }),
        at: Arc::new(GapAt {
            account: "111122223333".into(),
            region: "ap-northeast-2".into(),
            command: text.into(),
            ..GapAt::default()
        }),
    }
}

fn input(text: &str) -> InputRow {
    let fault = |code: &str| Fault {
        code: code.into(),
        message: text.into(),
        pointer: Some("/EvaluationResults/3".into()),
        offset: Some(99),
        hint: "export again".into(),
        foreign: false,
    };
    InputRow {
        input: "E0001".into(),
        path: text.into(),
        bundle_path: "data/exports/E0001.json.gz".into(),
        sha256: None,
        bytes: 5,
        kind: "get-compliance-details-by-config-rule".into(),
        status: InputStatus::Rejected,
        reason: Some(text.into()),
        captured_at: Some("at least 2026-09-30T00:00:00Z".into()),
        records: RecordCounts::default(),
        faults: vec![fault("KI-0101"), fault("KI-0102")],
    }
}

fn inventory(texts: &[String]) -> Inventory {
    let mut items = Items::default();
    for (text, element) in texts.iter().zip(0..) {
        let item = ConfigurationItem {
            at: Provenance {
                listing: ListingIndex(0),
                element,
                offset: 1234,
            },
            place: Place {
                account: Some("111122223333".into()),
                region: Some("ap-northeast-2".into()),
            },
            resource_type: "AWS::S3::Bucket".into(),
            resource_id: format!("bucket-{element:03}").into(),
            resource_name: Some(text.into()),
            arn: None,
            status: "OK".into(),
            captured_at: AwsTime::from_text("2026-09-30T01:02:04Z"),
            created_at: None,
            tags: vec![(text.into(), text.into())],
        };
        items.push(&item).expect("memory");
    }
    let all = (0..).zip(texts).map(|(index, _)| index).collect();
    Inventory::new(Arc::new(items), all, vec![source("assets").list])
}

fn decision(text: &str) -> DecisionRow {
    DecisionRow {
        id: text.into(),
        kind: DecisionKind::NotApplicable,
        state: DecisionState::ExpiredSince,
        control_id: None,
        findings: vec![Digest::of(b"0").into(), Digest::of(b"1").into()],
        reason: text.into(),
        owner: text.into(),
        approver: text.into(),
        approved_on: None,
        expires_on: chrono::NaiveDate::from_ymd_opt(2026, 9, 30),
        evidence: text.into(),
    }
}

fn manual(text: &str) -> ManualEvidenceRow {
    ManualEvidenceRow {
        id: "M0001".into(),
        control_id: control("2.1.1"),
        path: text.into(),
        bundle_path: "data/evidence/2.1.1/M0001.pdf".into(),
        sha256: Digest::of(b"pdf"),
        bytes: 3,
    }
}

fn statement(text: &str) -> StatementOfOperation {
    StatementOfOperation {
        control_id: control("1.3.1"),
        title_ko: "보호대책 구현".into(),
        title_en: "Implementation".into(),
        selected: "Y".into(),
        operation: text.into(),
        documents: text.into(),
        records: text.into(),
    }
}

fn mapping(text: &str) -> MappingEntry {
    MappingEntry {
        control_id: control("2.10.1"),
        title_ko: text.into(),
        title_en: text.into(),
        rule: text.into(),
        source_identifier: text.into(),
        source: text.into(),
    }
}
