//! Which resources a deployed rule is let judge.

use std::fmt;

use serde::{Deserialize, Serialize};

/// `Scope` of a `ConfigRule`: the resources that a deployed rule judges. Empty where it judges all
/// that its rule can.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Scope {
    /// `ComplianceResourceTypes`: only resources of these types.
    pub resource_types: Vec<String>,
    /// `ComplianceResourceId`: this resource only.
    pub resource_id: Option<String>,
    /// `TagKey`: only resources with this tag.
    pub tag_key: Option<String>,
    /// `TagValue`: only where the tag has this value.
    pub tag_value: Option<String>,
    /// Names of filters that are not known: what they let through cannot be told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other: Vec<String>,
}

impl Scope {
    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What keeps a rule on these types from judging all of their resources, if anything does.
    pub fn narrowing(&self, rule_judges: &[String]) -> Option<Self> {
        let named = &self.resource_types;
        let all = !rule_judges.is_empty() && rule_judges.iter().all(|kind| named.contains(kind));
        let narrowing = Self {
            resource_types: if all { Vec::new() } else { named.clone() },
            ..self.clone()
        };
        (!narrowing.is_empty()).then_some(narrowing)
    }
}

/// `AWS::EC2::Volume, AWS::EC2::Instance; resource vol-1; tag Env=prod`.
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if !self.resource_types.is_empty() {
            parts.push(self.resource_types.join(", "));
        }
        parts.extend(self.resource_id.iter().map(|id| format!("resource {id}")));
        match (&self.tag_key, &self.tag_value) {
            (Some(key), Some(value)) => parts.push(format!("tag {key}={value}")),
            (Some(key), None) => parts.push(format!("tag {key}")),
            (None, Some(value)) => parts.push(format!("tag value {value}")),
            (None, None) => {}
        }
        parts.extend(self.other.iter().cloned());
        f.write_str(&parts.join("; "))
    }
}
