use std::collections::BTreeSet;

use serde::Serialize;

use super::*;
use crate::assess::{
    AttributedBy, Automated, DecisionState, GapKind, Manual, ReasonKind, ResolvedBy, Seen,
};
use crate::catalogue::{Reach, Scheme, Trigger};
use crate::decision::DecisionKind;
use crate::engagement::Language;
use crate::evidence::{ComplianceType, InputStatus};
use crate::export::fault::Code;
use crate::report::pdf::{Templates, legible};

/// Every variant; does not compile while one is missing.
macro_rules! every {
    ($table:literal, $type:ident: $($variant:ident)*) => {{
        fn known(value: $type) -> Value {
            match value { $($type::$variant => key(&value),)* }
        }
        ($table, vec![$(known($type::$variant)),*])
    }};
}

/// Every code of a fault; does not compile while one is missing.
macro_rules! every_code {
    ($($variant:ident)*) => {{
        fn known(code: Code) -> &'static str {
            match code { $(Code::$variant => code.as_str(),)* }
        }
        [$(known(Code::$variant)),*]
    }};
}

fn key(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("a unit variant")
}

fn walk(value: &Value, path: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                walk(field, &format!("{path}.{name}"), found);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                walk(item, &format!("{path}[{at}]"), found);
            }
        }
        Value::String(text) => found.push((path.to_owned(), text.clone())),
        _ => panic!("{path} is no text"),
    }
}

fn all(language: Language) -> Vec<(String, String)> {
    let mut found = Vec::new();
    walk(&Templates::default().texts(language), "", &mut found);
    found
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

#[test]
fn both_languages_have_the_same_keys_and_placeholders() {
    let (ko, en) = (all(Language::Ko), all(Language::En));
    assert!(ko.len() > 100, "{}", ko.len());
    let keys = |texts: &[(String, String)]| -> BTreeSet<String> {
        texts.iter().map(|(key, _)| key.clone()).collect()
    };
    let (in_ko, in_en) = (keys(&ko), keys(&en));
    assert_eq!(in_ko.symmetric_difference(&in_en).count(), 0, "{:?}", {
        in_ko.symmetric_difference(&in_en).collect::<Vec<_>>()
    });
    for ((key, korean), (_, english)) in ko.iter().zip(&en) {
        assert_eq!(placeholders(korean), placeholders(english), "{key}");
    }
}

#[test]
fn no_text_is_empty_and_the_fonts_have_every_character() {
    for (key, text) in all(Language::Ko).into_iter().chain(all(Language::En)) {
        assert!(!text.trim().is_empty(), "{key}");
        // One text shows what an escape looks like.
        let text = text.replace("\\u{202E}", "");
        assert_eq!(legible(&text), text, "{key}");
    }
}

#[test]
fn every_value_of_every_shared_list_has_its_words() {
    let lists = [
        every!("automated", Automated: NonCompliant Incomplete Excepted Compliant NothingToCheck NotCovered),
        every!("automated_meaning", Automated: NonCompliant Incomplete Excepted Compliant NothingToCheck NotCovered),
        every!("manual", Manual: Attested EvidenceOnly None NotApplicable),
        every!("manual_meaning", Manual: Attested EvidenceOnly None NotApplicable),
        every!("gap", GapKind: NoData Unreadable Partial NotChecked NotDeployed InsufficientData UnusualVerdict OutsidePeriod
            UnknownTime WeakerParameters NarrowedScope RuleNotActive NotRecorded CountsExceed
            UnjudgedResource OnlyGone UnknownParameter RuleNotDescribed ParametersUnknown CopyNotRead Unattributed OutOfScope Unmapped FilterNotExcluded),
        every!("reason", ReasonKind: NonCompliant Excepted Partial NotChecked NotDeployed Unreadable InsufficientData
            UnusualVerdict OutsidePeriod UnknownTime WeakerParameters NarrowedScope RuleNotActive NotRecorded CountsExceed UnjudgedResource
            OnlyGone UnknownParameter RuleNotDescribed),
        every!("input", InputStatus: Complete Partial Rejected Ignored),
        every!("decision_state", DecisionState: Effective Unbound ExpiredSince Expired ApprovedLater
            FingerprintChanged NoApprover SelfApproved NoApprovalDate NoExpiry Unmatched Noted),
        every!("decision_kind", DecisionKind: Exception FalsePositive Attestation NotApplicable Plan),
        every!("resolved_by", ResolvedBy: SourceIdentifier Override ManagedName StrippedName NameTable Unmapped),
        every!("attributed_by", AttributedBy: Element ConfigRuleArn AccountResource Path Unattributed),
        every!("seen", Seen: Seen CheckedNone Partial NotChecked Unreadable),
        every!("reach", Reach: Global Regional),
        every!("trigger", Trigger: ConfigurationChange Periodic Both),
        every!("scheme", Scheme: Isms IsmsP),
        every!("verdict", ComplianceType: Compliant NonCompliant NotApplicable InsufficientData),
    ];
    for language in [Language::Ko, Language::En] {
        let texts = Templates::default().texts(language);
        for (table, keys) in &lists {
            let words = texts[table].as_object().expect(table);
            assert_eq!(words.len(), keys.len(), "{table}");
            for key in keys {
                let key = key.as_str().expect("a name");
                assert!(words.contains_key(key), "{table}.{key}");
            }
        }
    }
}

#[test]
fn every_kind_of_fault_has_its_words() {
    for language in [Language::Ko, Language::En] {
        let texts = Templates::default().texts(language);
        let words = texts["fault"].as_object().expect("faults");
        let codes: BTreeSet<&str> = words.keys().map(String::as_str).collect();
        let every = every_code!(Unreadable Empty GzipTruncated GzipDamaged GzipTrailing Encoding JsonTruncated JsonSyntax TooLarge Shape ComplianceType Value Time Unknown Ambiguous Refused Projected Key Archive Digest Absent Sums NoRoom);
        assert_eq!(codes, every.into());
    }
}

/// What kisms must never say (it shows what evidence says; the auditor judges).
#[test]
fn no_text_promises_a_result_of_the_audit() {
    for (key, text) in all(Language::En) {
        let lower = text.to_lowercase();
        for word in ["guarantee", "fulfil", "certifies", "replaces the audit"] {
            assert!(!lower.contains(word), "{key}: {word}");
        }
    }
    for (key, text) in all(Language::Ko) {
        for word in ["보장", "보증", "대체합니다"] {
            assert!(!text.contains(word), "{key}: {word}");
        }
        // Whether a control is fulfilled is for others to say.
        let denied = text.contains("충족 여부") || text.contains("증명하지 않습니다");
        assert!(!text.contains("충족") || denied, "{key}: {text}");
    }
}

#[test]
fn the_lines_of_a_cell_stay_lines() {
    assert_eq!(lines("첫째\r\n\n둘째\t칸 "), ["첫째", "둘째 칸 "]);
    assert!(lines(" \n").is_empty());
}
