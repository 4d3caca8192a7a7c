//! `Scope` of a rule, and of a conformance pack for all of its rules.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::evidence::Scope;
use crate::export::field::{List, Optional};

/// What a rule is narrowed to.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Filter {
    #[serde(alias = "complianceResourceTypes")]
    compliance_resource_types: List<String>,
    #[serde(alias = "complianceResourceId")]
    compliance_resource_id: Optional<String>,
    #[serde(alias = "tagKey")]
    tag_key: Optional<String>,
    #[serde(alias = "tagValue")]
    tag_value: Optional<String>,
    /// A service's own rules name its principals here; what comes later, AWS knows.
    #[serde(flatten)]
    other: BTreeMap<String, Value>,
}

impl From<Filter> for Scope {
    fn from(filter: Filter) -> Self {
        let other = filter.other.into_iter();
        let other = other.filter(|(_, value)| !is_empty(value));
        let mut resource_types = filter.compliance_resource_types.0;
        resource_types.sort();
        Self {
            resource_types,
            resource_id: filter.compliance_resource_id.0,
            tag_key: filter.tag_key.0,
            tag_value: filter.tag_value.0,
            other: other.map(|(name, _)| name).collect(),
        }
    }
}

/// Whether nothing is in it, at any depth.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.iter().all(is_empty),
        Value::Object(map) => map.values().all(is_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
