//! Places in scope, which many rules and reasons name: each is in memory once, and flat in JSON.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::evidence::Text;

use super::{Reason, ReasonKind, Seen, SeenAt};

/// An account and region.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site {
    /// Twelve digits.
    pub account: Text,
    /// The region, or `global`.
    pub region: Text,
}

impl Site {
    /// Of texts of its own.
    pub fn new(account: &str, region: &str) -> Arc<Self> {
        Arc::new(Self {
            account: account.into(),
            region: region.into(),
        })
    }
}

#[derive(Serialize, Deserialize)]
struct FlatReason<'a> {
    reason: ReasonKind,
    rule: Cow<'a, str>,
    account: Cow<'a, str>,
    region: Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
struct FlatSeenAt<'a> {
    account: Cow<'a, str>,
    region: Cow<'a, str>,
    state: Seen,
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let flat = FlatReason {
            reason: self.reason,
            rule: Cow::Borrowed(&self.rule),
            account: Cow::Borrowed(&self.at.account),
            region: Cow::Borrowed(&self.at.region),
        };
        flat.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Reason {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let flat = FlatReason::deserialize(deserializer)?;
        Ok(Self {
            reason: flat.reason,
            rule: flat.rule.into(),
            at: Site::new(&flat.account, &flat.region),
        })
    }
}

impl Serialize for SeenAt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let flat = FlatSeenAt {
            account: Cow::Borrowed(&self.at.account),
            region: Cow::Borrowed(&self.at.region),
            state: self.state,
        };
        flat.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SeenAt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let flat = FlatSeenAt::deserialize(deserializer)?;
        Ok(Self {
            at: Site::new(&flat.account, &flat.region),
            state: flat.state,
        })
    }
}
