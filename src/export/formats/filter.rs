//! `Scope` of a rule, and of a conformance pack for all of its rules.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::evidence::Scope;

/// Clients write an absent filter as null or empty, too.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Filter {
    #[serde(alias = "complianceResourceTypes")]
    compliance_resource_types: Option<Vec<String>>,
    #[serde(alias = "complianceResourceId")]
    compliance_resource_id: Option<String>,
    #[serde(alias = "tagKey")]
    tag_key: Option<String>,
    #[serde(alias = "tagValue")]
    tag_value: Option<String>,
    /// A service's own rules name its principals here; what comes later, AWS knows.
    #[serde(flatten)]
    other: BTreeMap<String, Value>,
}

impl From<Filter> for Scope {
    fn from(filter: Filter) -> Self {
        let said = |text: Option<String>| text.filter(|text| !text.is_empty());
        let other = filter.other.into_iter();
        let other = other.filter(|(_, value)| !is_empty(value));
        let mut resource_types = filter.compliance_resource_types.unwrap_or_default();
        resource_types.sort();
        Self {
            resource_types,
            resource_id: said(filter.compliance_resource_id),
            tag_key: said(filter.tag_key),
            tag_value: said(filter.tag_value),
            other: other.map(|(name, _)| name).collect(),
        }
    }
}

/// Whether a filter asks for nothing.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.values().all(is_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
