//! What is there and says nothing: inputs that could not be read, and failing rules that are described
//! nowhere.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::evidence::{ComplianceType, ConfigRule, InputStatus, Origin, Place, Text};

use super::Subject;
use super::claims::At;
use super::place::{ACCOUNT, Deployments};
use super::placed::Verdicts;
use super::series::stem;
use super::verdict::Hold;

/// An input of which nothing can be used: rejected, or cut off while it was collected.
pub struct UnreadInput {
    /// Which of the inputs.
    index: usize,
    /// The only rule of which it can be, by its name.
    rule: Option<Text>,
    /// `E0001`.
    pub id: Option<String>,
}

/// Such inputs by the place of which they can be: of each place and rule the first.
#[derive(Default)]
pub struct Unread(HashMap<Place, Vec<UnreadInput>>);

impl Unread {
    /// The inputs of which nothing can be used, though they may be exports. A file that is named as a rule
    /// can be of that rule only.
    pub fn new(subject: &Subject<'_>) -> Self {
        let mut unread = Self::default();
        let rules = &subject.catalogue.rules;
        for (index, input) in subject.evidence.inputs.iter().enumerate() {
            let cut_off = input.status == InputStatus::Partial && input.kinds.is_empty();
            if !input.plausible || !(input.status == InputStatus::Rejected || cut_off) {
                continue;
            }
            let rule = Some(stem(&input.path)).filter(|name| rules.contains_key(*name));
            let known = unread.0.entry(input.path_place.clone()).or_default();
            if !known.iter().any(|one| one.rule.as_deref() == rule) {
                known.push(UnreadInput {
                    index,
                    rule: rule.map(Into::into),
                    id: input.id.clone(),
                });
            }
        }
        unread
    }

    /// The first that may hold rows of a rule of these names there.
    pub fn of(&self, (account, region): &At, names: [&str; 2]) -> Option<&UnreadInput> {
        if self.0.is_empty() {
            return None;
        }
        let account = [None, Some(account.clone())];
        let places = account.into_iter().flat_map(|account| {
            [None, Some(region.clone())].map(|region| Place {
                account: account.clone(),
                region,
            })
        });
        let of_rule = |one: &&UnreadInput| {
            let rule = one.rule.as_ref();
            rule.is_none_or(|rule| names.contains(&&**rule))
        };
        let found = places.filter_map(|place| self.0.get(&place)?.iter().find(of_rule));
        found.min_by_key(|one| one.index)
    }
}

/// Failing rules of which no description tells, or which several describe as different rules: by place and
/// type of what fails, or may, the name and the input.
pub fn unknown(
    placed: &Verdicts<'_>,
    deployments: &Deployments<'_>,
    subject: &Subject<'_>,
) -> BTreeMap<(Text, Text, Text), (Text, String)> {
    let undescribed: BTreeSet<usize> = (placed.copies.iter())
        .filter(|copy| copy.identity.managed.is_none())
        .filter(|copy| {
            let described = deployments.get(&copy.account, &copy.region, &copy.name);
            described.is_empty() || disagree(described)
        })
        .map(|copy| copy.index)
        .collect();
    let mut found: BTreeMap<_, (Text, String)> = BTreeMap::new();
    if undescribed.is_empty() {
        return found;
    }
    for verdict in placed
        .counted
        .iter()
        .filter(|v| undescribed.contains(&v.copy.index))
    {
        let evaluation = verdict.evaluation;
        let fails =
            evaluation.compliance == ComplianceType::NonCompliant && verdict.hold != Hold::Outside;
        // A finding of Security Hub that names no rule of AWS Config is none under another name.
        let of_config = evaluation.origin != Origin::SecurityHub
            || !evaluation.rule.starts_with("security-hub/");
        if fails && of_config && !evaluation.is_archived() {
            let copy = &verdict.copy;
            let input = subject
                .evidence
                .input(evaluation.at)
                .id
                .clone()
                .unwrap_or_default();
            let described = deployments.get(&copy.account, &copy.region, &copy.name);
            for kind in types(described, &evaluation.resource_type, subject) {
                let new = (copy.name.clone(), input.clone());
                let key = (copy.account.clone(), copy.region.clone(), kind);
                let known = found.entry(key).or_insert_with(|| new.clone());
                *known = new.min(known.clone());
            }
        }
    }
    found
}

/// Whether they say of one deployed rule that it is different rules.
fn disagree(described: &[&ConfigRule]) -> bool {
    let rule = |one: &ConfigRule| (one.owner.clone(), one.source_identifier.clone());
    described
        .windows(2)
        .any(|pair| rule(pair[0]) != rule(pair[1]))
}

/// The type of what fails, and those that the rules judge as which it is described.
fn types(described: &[&ConfigRule], failing: &Text, subject: &Subject<'_>) -> BTreeSet<Text> {
    let identifiers = described
        .iter()
        .filter_map(|one| one.source_identifier.as_deref());
    let rules = identifiers.filter_map(|one| subject.catalogue.rule_by_identifier(one));
    let judged = rules.flat_map(|rule| match rule.resource_types.as_slice() {
        [] => vec![Text::from(ACCOUNT)],
        types => types.iter().map(|kind| kind.as_str().into()).collect(),
    });
    judged.chain([failing.clone()]).collect()
}
