//! Whether a deployed rule judges everything that its rule could: one that does not proves nothing
//! of what it left out.

use crate::catalogue::ManagedRule;
use crate::evidence::{ConfigRule, Scope};

use super::model::GapKind;

/// Why the word of a deployed rule is not the whole word. What it says fails, fails all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shortfall {
    /// Its scope leaves resources out: these filters do it.
    Narrowed(Scope),
    /// AWS Config is still evaluating it or is deleting it (`ConfigRuleState`), or it judges only
    /// resources that are not deployed (`EvaluationModes`).
    NotActive(String),
    /// The recorder leaves out these types, or does not run: nothing tells the rule of changes.
    NotRecorded(String),
    /// Nothing that it said holds in the period.
    OutsidePeriod,
}

impl Shortfall {
    /// What keeps the deployed rule from judging everything, if anything does.
    pub fn of(deployed: &ConfigRule, rule: &ManagedRule) -> Option<Self> {
        if !deployed.detective {
            return Some(Self::NotActive("PROACTIVE".to_owned()));
        }
        let state = deployed.state.as_deref().filter(|state| *state != "ACTIVE");
        if let Some(state) = state {
            return Some(Self::NotActive(state.to_owned()));
        }
        let narrowing = deployed.scope.narrowing(&rule.resource_types);
        narrowing.map(Self::Narrowed)
    }

    /// As a gap.
    pub fn gap(&self) -> GapKind {
        match self {
            Self::Narrowed(_) => GapKind::NarrowedScope,
            Self::NotActive(_) => GapKind::RuleNotActive,
            Self::NotRecorded(_) => GapKind::NotRecorded,
            Self::OutsidePeriod => GapKind::OutsidePeriod,
        }
    }

    /// What does it: the filters, the state, or the types.
    pub fn detail(&self) -> String {
        match self {
            Self::Narrowed(scope) => scope.to_string(),
            Self::NotActive(state) => state.clone(),
            Self::NotRecorded(types) => types.clone(),
            Self::OutsidePeriod => String::new(),
        }
    }
}
