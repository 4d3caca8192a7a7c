//! Findings and sources in JSON: flat, each with everything that it shares in memory.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::catalogue::ControlId;
use crate::digest::Digest;
use crate::evidence::{ComplianceType, Parameters};
use crate::time::AwsTime;

use super::{
    AttributedBy, CopyRule, Finding, FindingDecision, FindingId, FindingRule, Fingerprint, Other,
    Relation, ResolvedBy, Source, SourceList, WeakerParameter,
};

#[derive(Serialize, Deserialize)]
struct FlatFinding<'a> {
    id: FindingId,
    status: ComplianceType,
    rule: Cow<'a, str>,
    deployed_rule: Cow<'a, str>,
    resolved_by: ResolvedBy,
    controls: Cow<'a, [ControlId]>,
    account: Cow<'a, str>,
    region: Cow<'a, str>,
    regions: Cow<'a, [String]>,
    resource_type: Cow<'a, str>,
    resource_id: Cow<'a, str>,
    resource_name: Option<Cow<'a, str>>,
    annotation: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "time")]
    evaluated_at: Option<Cow<'a, AwsTime>>,
    #[serde(default, deserialize_with = "time")]
    recorded_at: Option<Cow<'a, AwsTime>>,
    parameters: Option<Cow<'a, Parameters>>,
    weaker_parameters: Cow<'a, [WeakerParameter]>,
    #[serde(default, skip_serializing_if = "is_empty")]
    unknown_parameters: Cow<'a, Parameters>,
    #[serde(default)]
    shortfall: Option<Cow<'a, str>>,
    in_period: bool,
    fingerprint: Fingerprint,
    decision: Option<Cow<'a, FindingDecision>>,
    attributed_by: AttributedBy,
    copies: Vec<FlatOther<'a>>,
    #[serde(default)]
    history: Vec<FlatOther<'a>>,
    source: FlatSource<'a>,
}

#[derive(Serialize, Deserialize)]
struct FlatOther<'a> {
    #[serde(default)]
    relation: Relation,
    deployed_rule: Cow<'a, str>,
    region: Cow<'a, str>,
    status: ComplianceType,
    #[serde(default, deserialize_with = "time")]
    recorded_at: Option<Cow<'a, AwsTime>>,
    parameters: Option<Cow<'a, Parameters>>,
    source: FlatSource<'a>,
}

#[derive(Serialize, Deserialize)]
struct FlatSource<'a> {
    input: Cow<'a, str>,
    path: Cow<'a, str>,
    sha256: Option<Digest>,
    document: u32,
    pointer: Cow<'a, str>,
    offset: u64,
}

fn is_empty(parameters: &Parameters) -> bool {
    parameters.is_empty()
}

/// A time as it is written here, as a text: whoever reads AWS's own forms needs all bytes at hand.
fn time<'a, 'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Cow<'a, AwsTime>>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let time = text.map(|text| {
        let time = AwsTime::from_text(&text).map(Cow::Owned);
        time.ok_or_else(|| de::Error::custom(format_args!("`{text}` is not a time")))
    });
    time.transpose()
}

impl<'a> From<&'a Source> for FlatSource<'a> {
    fn from(source: &'a Source) -> Self {
        Self {
            input: Cow::Borrowed(source.input()),
            path: Cow::Borrowed(source.path()),
            sha256: source.sha256(),
            document: source.document(),
            pointer: source.pointer(),
            offset: source.offset,
        }
    }
}

impl<'a> From<&'a Other> for FlatOther<'a> {
    fn from(other: &'a Other) -> Self {
        Self {
            relation: other.relation,
            deployed_rule: Cow::Borrowed(&other.deployed_rule),
            region: Cow::Borrowed(&other.region),
            status: other.status,
            recorded_at: other.recorded_at.as_ref().map(Cow::Borrowed),
            parameters: other.parameters.as_ref().map(Cow::Borrowed),
            source: FlatSource::from(&other.source),
        }
    }
}

impl<'a> From<&'a Finding> for FlatFinding<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            id: finding.id,
            status: finding.status,
            rule: Cow::Borrowed(&finding.rule),
            deployed_rule: Cow::Borrowed(&finding.deployed_rule),
            resolved_by: finding.resolved_by,
            controls: Cow::Borrowed(&finding.controls),
            account: Cow::Borrowed(&finding.account),
            region: Cow::Borrowed(&finding.region),
            regions: Cow::Borrowed(&finding.regions),
            resource_type: Cow::Borrowed(&finding.resource_type),
            resource_id: Cow::Borrowed(&finding.resource_id),
            resource_name: finding.resource_name.as_deref().map(Cow::Borrowed),
            annotation: finding.annotation.as_deref().map(Cow::Borrowed),
            evaluated_at: finding.evaluated_at.as_ref().map(Cow::Borrowed),
            recorded_at: finding.recorded_at.as_ref().map(Cow::Borrowed),
            parameters: finding.parameters.as_ref().map(Cow::Borrowed),
            weaker_parameters: Cow::Borrowed(&finding.weaker_parameters),
            unknown_parameters: Cow::Borrowed(&finding.unknown_parameters),
            shortfall: finding.shortfall.as_deref().map(Cow::Borrowed),
            in_period: finding.in_period,
            fingerprint: finding.fingerprint,
            decision: finding.decision.as_deref().map(Cow::Borrowed),
            attributed_by: finding.attributed_by,
            copies: finding.copies().map(FlatOther::from).collect(),
            history: finding.history().map(FlatOther::from).collect(),
            source: FlatSource::from(&finding.source),
        }
    }
}

impl Serialize for Source {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        FlatSource::from(self).serialize(serializer)
    }
}

impl Serialize for Other {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        FlatOther::from(self).serialize(serializer)
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        FlatFinding::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let flat = FlatSource::deserialize(deserializer)?;
        Ok(Shared::default().source(flat))
    }
}

/// What findings that are read from JSON have in common, each once.
#[derive(Default)]
struct Shared {
    rules: HashSet<Arc<FindingRule>>,
    copies: HashSet<Arc<CopyRule>>,
    lists: HashSet<Arc<SourceList>>,
}

/// The value, shared with all its equals.
pub fn shared<T: Eq + Hash>(known: &mut HashSet<Arc<T>>, value: T) -> Arc<T> {
    if let Some(known) = known.get(&value) {
        return known.clone();
    }
    let value = Arc::new(value);
    known.insert(value.clone());
    value
}

impl Shared {
    /// The list is what the pointer says before its last number; what has none there is a
    /// document of its own.
    fn source(&mut self, flat: FlatSource<'_>) -> Source {
        let element = flat.pointer.rsplit_once('/').and_then(|(list, element)| {
            let number: u32 = element.parse().ok()?;
            (number.to_string() == element).then_some((list.len(), number))
        });
        let mut pointer = flat.pointer.into_owned();
        let (document, element) = match element {
            Some((length, element)) => {
                pointer.truncate(length);
                (flat.document, Some(element))
            }
            None => (0, None),
        };
        let list = SourceList {
            input: flat.input.into_owned(),
            path: flat.path.into_owned(),
            sha256: flat.sha256,
            document,
            pointer,
            sequence: element.is_none(),
        };
        Source {
            list: shared(&mut self.lists, list),
            element: element.unwrap_or(flat.document),
            offset: flat.offset,
        }
    }

    fn other(&mut self, flat: FlatOther<'_>) -> Other {
        let rule = CopyRule {
            deployed_rule: flat.deployed_rule.into_owned(),
            region: flat.region.into_owned(),
            parameters: flat.parameters.map(Cow::into_owned),
        };
        Other {
            of: shared(&mut self.copies, rule),
            relation: flat.relation,
            status: flat.status,
            recorded_at: flat.recorded_at.map(Cow::into_owned),
            source: self.source(flat.source),
        }
    }

    fn finding(&mut self, flat: FlatFinding<'_>) -> Finding {
        let rule = FindingRule {
            rule: flat.rule.into_owned(),
            deployed_rule: flat.deployed_rule.into_owned(),
            resolved_by: flat.resolved_by,
            controls: flat.controls.into_owned(),
            account: flat.account.into_owned(),
            region: flat.region.into_owned(),
            regions: flat.regions.into_owned(),
            resource_type: flat.resource_type.into_owned(),
            parameters: flat.parameters.map(Cow::into_owned),
            weaker_parameters: flat.weaker_parameters.into_owned(),
            unknown_parameters: flat.unknown_parameters.into_owned(),
            shortfall: flat.shortfall.map(Cow::into_owned),
            attributed_by: flat.attributed_by,
        };
        Finding {
            id: flat.id,
            status: flat.status,
            in_period: flat.in_period,
            of: shared(&mut self.rules, rule),
            resource_id: (&*flat.resource_id).into(),
            resource_name: flat.resource_name.map(|name| (&*name).into()),
            annotation: flat.annotation.map(|text| (&*text).into()),
            evaluated_at: flat.evaluated_at.map(Cow::into_owned),
            recorded_at: flat.recorded_at.map(Cow::into_owned),
            fingerprint: flat.fingerprint,
            decision: flat.decision.map(Cow::into_owned).map(Box::new),
            others: (flat.copies.into_iter().chain(flat.history))
                .map(|other| self.other(other))
                .collect(),
            source: self.source(flat.source),
        }
    }
}

/// Reads a list of findings one by one.
pub fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Finding>, D::Error> {
    struct Findings;
    impl<'de> Visitor<'de> for Findings {
        type Value = Vec<Finding>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of findings")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let (mut shared, mut findings) = (Shared::default(), Vec::new());
            while let Some(flat) = list.next_element()? {
                findings.push(shared.finding(flat));
            }
            Ok(findings)
        }
    }
    deserializer.deserialize_seq(Findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(pointer: &str, document: u32) -> serde_json::Value {
        serde_json::json!({
            "input": "E0001", "path": "exports/a.json", "sha256": Digest::of(b"a"),
            "document": document, "pointer": pointer, "offset": 7,
        })
    }

    #[test]
    fn a_source_is_written_as_it_was_read() {
        for (pointer, document) in [
            ("/EvaluationResults/3", 0),
            ("/Results/03", 1),
            ("/4294967296", 2),
            ("", 70_000),
            ("/detail/findings/0", 5),
            ("/a/+1", 0),
        ] {
            let json = source(pointer, document);
            let read: Source = serde_json::from_value(json.clone()).expect("a source");
            assert_eq!(
                serde_json::to_value(&read).expect("JSON"),
                json,
                "{pointer}"
            );
        }
    }

    #[test]
    fn what_is_equal_is_there_once() {
        let mut known = Shared::default();
        let mut read = |element: u32| {
            let flat = source(&format!("/List/{element}"), 0);
            known.source(serde_json::from_value(flat).expect("a source"))
        };
        let (one, other) = (read(0), read(1));
        assert!(Arc::ptr_eq(&one.list, &other.list));
        assert_eq!((one.element, other.element), (0, 1));
    }
}
