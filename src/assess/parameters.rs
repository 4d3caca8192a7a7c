//! Deployed parameters against the baseline: which of them ask for less, and which are not known.

mod value;

use crate::catalogue::{ManagedRule, Parameter, Weaker};
use crate::engagement::Policy;
use crate::evidence::Parameters;

use super::model::{PolicyValue, WeakerParameter};
use value::Members;

/// The parameters under which the deployed rule asks for less than the organisation's policy, or
/// where it says nothing than the baseline. A parameter that is left out has AWS's own default.
pub fn weaker(
    rule: &ManagedRule,
    deployed: &Parameters,
    policy: Option<&Policy>,
) -> Vec<WeakerParameter> {
    let nothing = Parameters::new();
    let own = policy.map_or(&nothing, |policy| &policy.parameters);
    let (deployed, baseline) = (Values::deployed(rule, deployed), Values::asked(rule, own));
    let document = || policy.map(|policy| policy.document.clone());
    let found = deployed.less_than(baseline);
    // A value that is not known is said to be that.
    let found = found.filter(|less| value::is_known(less.parameter.weaker, less.value));
    let found = found.map(|less| WeakerParameter {
        name: less.parameter.name.clone(),
        deployed: deployed.text(less.parameter, less.value),
        baseline: baseline.text(less.parameter, less.wanted),
        document: document().filter(|_| baseline.is_set(less.parameter)),
    });
    let left_out = own.iter().filter(|(name, _)| {
        !has_name(deployed.set, name) && !rule.parameters.iter().any(|own| is_named(own, name))
    });
    // What AWS does without a parameter that is not known cannot be as much as the policy asks.
    let left_out = left_out.map(|(name, value)| WeakerParameter {
        name: name.clone(),
        deployed: String::new(),
        baseline: value.clone(),
        document: document(),
    });
    found.chain(left_out).collect()
}

/// The deployed parameters whose name or value is not known: they may let the rule judge less. What
/// the policy names with the same value is known.
pub fn unknown(rule: &ManagedRule, deployed: &Parameters, policy: Option<&Policy>) -> Parameters {
    let is_known = |name: &str, value: &str| {
        let known = rule.parameters.iter().find(|known| is_named(known, name));
        known.is_some_and(|known| value::is_known(known.weaker, value))
    };
    let is_own = |name: &String, value: &str| {
        let mut own = policy.iter().flat_map(|policy| &policy.parameters);
        own.any(|(own, set)| own.eq_ignore_ascii_case(name) && set.trim() == value.trim())
    };
    let unknown = deployed
        .iter()
        .filter(|(name, value)| !is_known(name, value) && !is_own(name, value));
    let unknown = unknown.map(|(name, value)| (name.clone(), value.clone()));
    unknown.collect()
}

/// Where the organisation's baseline is not the pack's, parameter by parameter.
pub fn differing(rule: &ManagedRule, policy: &Policy) -> Vec<PolicyValue> {
    let nothing = Parameters::new();
    let pack = Values::asked(rule, &nothing);
    let less = Values::asked(rule, &policy.parameters).less_than(pack);
    let less: Vec<&str> = less.map(|less| less.parameter.name.as_str()).collect();
    let own = |(name, value): (&String, &String)| {
        let known = rule.parameters.iter().find(|known| is_named(known, name));
        let pack_default = known.map_or("", |known| &known.default);
        (value.trim() != pack_default).then(|| PolicyValue {
            parameter: name.clone(),
            value: value.clone(),
            pack_default: pack_default.to_owned(),
            weaker: less.contains(&name.as_str()),
            document: policy.document.clone(),
        })
    };
    policy.parameters.iter().filter_map(own).collect()
}

/// Whether the rule has a parameter that could ask for less: then it matters which are deployed.
pub fn needs_parameters(rule: &ManagedRule) -> bool {
    let mut parameters = rule.parameters.iter();
    parameters.any(|parameter| parameter.weaker != Weaker::Never)
}

/// Whether two sets of deployed parameters mean the same: neither asks for less than the other.
pub fn are_equal(rule: &ManagedRule, one: &Parameters, other: &Parameters) -> bool {
    let (a, b) = (Values::deployed(rule, one), Values::deployed(rule, other));
    let never = |parameter: &&Parameter| parameter.weaker == Weaker::Never;
    let mut tastes = rule.parameters.iter().filter(never);
    let further = |set| -> Vec<(String, String)> {
        let unknown = unknown(rule, set, None).into_iter();
        let unknown = unknown.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()));
        unknown.collect()
    };
    a.less_than(b).next().is_none()
        && b.less_than(a).next().is_none()
        && tastes.all(|parameter| a.of(parameter) == b.of(parameter))
        && further(one) == further(other)
}

/// AWS tells the case of names apart; whoever wrote the rule may not have.
fn is_named(parameter: &Parameter, name: &str) -> bool {
    parameter.name.eq_ignore_ascii_case(name)
}

fn has_name(set: &Parameters, name: &str) -> bool {
    set.keys().any(|other| other.eq_ignore_ascii_case(name))
}

/// What a rule's parameters are: those that are set, and what holds for the others.
#[derive(Clone, Copy)]
struct Values<'v> {
    rule: &'v ManagedRule,
    set: &'v Parameters,
    otherwise: fn(&Parameter) -> &str,
}

/// A parameter that asks for less.
struct Less<'v> {
    parameter: &'v Parameter,
    value: &'v str,
    wanted: &'v str,
}

impl<'v> Values<'v> {
    /// What a deployed rule does: AWS's own default holds for what is left out.
    fn deployed(rule: &'v ManagedRule, set: &'v Parameters) -> Self {
        Self {
            rule,
            set,
            otherwise: |parameter| &parameter.aws_default,
        }
    }

    /// What is asked for: the baseline, where the organisation sets nothing of its own.
    fn asked(rule: &'v ManagedRule, set: &'v Parameters) -> Self {
        Self {
            rule,
            set,
            otherwise: |parameter| &parameter.default,
        }
    }

    /// The value, once for each case in which the name is set.
    fn of(self, parameter: &'v Parameter) -> Vec<&'v str> {
        let set = self
            .set
            .iter()
            .filter(|(name, _)| is_named(parameter, name));
        let mut values: Vec<&str> = set.map(|(_, value)| value.trim()).collect();
        if values.is_empty() {
            values.push((self.otherwise)(parameter));
        }
        values
    }

    /// Whether the parameter, or its unit, is set.
    fn is_set(self, parameter: &Parameter) -> bool {
        let of = [Some(parameter), self.unit_of(parameter)];
        let mut of = of.into_iter().flatten();
        of.any(|parameter| has_name(self.set, &parameter.name))
    }

    fn less_than(self, wanted: Self) -> impl Iterator<Item = Less<'v>> {
        self.rule.parameters.iter().filter_map(move |parameter| {
            let asked = wanted.of(parameter)[0];
            let mut values = self.of(parameter).into_iter();
            let value = values.find(|value| self.is_less(parameter, value, wanted, asked))?;
            Some(Less {
                parameter,
                value,
                wanted: asked,
            })
        })
    }

    fn is_less(self, parameter: &'v Parameter, value: &str, wanted: Self, asked: &str) -> bool {
        let kind = parameter.weaker;
        match kind {
            Weaker::MissingFromRule => !self.slots(kind).include(&Members::of(kind, asked)),
            Weaker::ExtraInRule => {
                let (all, allowed) = (self.slots(kind), wanted.slots(kind));
                let nothing_asked = all.is_empty() && !asked.is_empty();
                nothing_asked || !allowed.is_empty() && !allowed.include(&Members::of(kind, value))
            }
            _ => {
                let value = self.in_hours(parameter, value);
                value::asks_less(kind, &value, &wanted.in_hours(parameter, asked))
            }
        }
    }

    /// The one list of which all parameters of this kind are slots.
    fn slots(self, kind: Weaker) -> Members {
        let slots = self.rule.parameters.iter();
        let slots = slots.filter(|parameter| parameter.weaker == kind);
        let values = slots.flat_map(|parameter| self.of(parameter));
        values.map(|value| Members::of(kind, value)).sum()
    }

    /// The parameter that gives the unit of this one.
    fn unit_of(self, parameter: &Parameter) -> Option<&'v Parameter> {
        let stem = parameter.name.strip_suffix("Value")?;
        self.rule.parameters.iter().find(|other| {
            other.weaker == Weaker::Unit && other.name.strip_suffix("Unit") == Some(stem)
        })
    }

    fn unit(self, parameter: &Parameter) -> Option<&'v str> {
        self.of(self.unit_of(parameter)?).first().copied()
    }

    /// The number in hours where it has a unit; where that is not known, it is no number.
    fn in_hours(self, parameter: &Parameter, value: &str) -> String {
        let Some(unit) = self.unit(parameter) else {
            return value.to_owned();
        };
        let hours = value::hours(unit).zip(value.parse::<f64>().ok());
        hours.map_or_else(
            || format!("{value} {unit}"),
            |(hours, number)| (hours * number).to_string(),
        )
    }

    /// The value as people read it.
    fn text(self, parameter: &Parameter, value: &str) -> String {
        match self.unit(parameter) {
            Some(unit) if !value.is_empty() => format!("{value} {unit}"),
            _ => value.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
