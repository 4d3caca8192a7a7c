//! Which findings each decision fits: every selector that it gives is the finding's. Each finding is looked
//! up among what decisions ask for, so that there may be as many of these as of those.

use std::collections::{BTreeSet, HashMap};

use crate::catalogue::ControlId;
use crate::decision::{Decision, DecisionKind};

use super::super::finding::Judged;
use super::super::model::{Finding, FindingId};

/// The selectors of a decision; `None` is any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key<'k> {
    id: Option<FindingId>,
    control: Option<ControlId>,
    rule: Option<&'k str>,
    account: Option<&'k str>,
    region: Option<&'k str>,
    resource: Option<&'k str>,
}

/// Which selectors are given, in the order of [`Key`]'s fields.
type Shape = [bool; 6];

/// For each decision the findings that it fits, by their index.
#[derive(Default)]
pub struct Fitting {
    /// Findings in their order, one list for all decisions that ask the same.
    lists: Vec<Vec<usize>>,
    /// The list of each decision; none of one on a control, nor where its finding's id is no id.
    of: Vec<Option<usize>>,
}

impl Fitting {
    /// Looks each finding up, once for each combination of selectors that decisions give.
    pub fn new(decisions: &[Decision], findings: &[Judged]) -> Self {
        let mut known: HashMap<Key<'_>, usize> = HashMap::new();
        let mut fitting = Self::default();
        let mut shapes: BTreeSet<Shape> = BTreeSet::new();
        for decision in decisions {
            let list = Key::of(decision).map(|key| {
                shapes.insert(key.shape());
                let next = known.len();
                *known.entry(key).or_insert(next)
            });
            fitting.of.push(list);
        }
        fitting.lists.resize_with(known.len(), Vec::new);
        for (index, judged) in findings.iter().enumerate() {
            let keys = shapes
                .iter()
                .flat_map(|shape| keys(&judged.finding, *shape));
            for list in keys.filter_map(|key| known.get(&key)) {
                fitting.lists[*list].push(index);
            }
        }
        fitting
    }

    /// Those that the decision of this number fits.
    pub fn of(&self, decision: usize) -> &[usize] {
        self.of[decision].map_or(&[], |list| &self.lists[list])
    }
}

impl<'k> Key<'k> {
    /// What the decision asks for; `None` where it fits no finding.
    fn of(decision: &'k Decision) -> Option<Self> {
        if matches!(
            decision.kind,
            DecisionKind::Attestation | DecisionKind::NotApplicable
        ) {
            return None;
        }
        let id = decision.finding_id.as_ref().map(|id| id.parse());
        Some(Self {
            id: id.transpose().ok()?,
            control: decision.control_id,
            rule: decision.rule.as_deref(),
            account: decision.account.as_deref(),
            region: decision.region.as_deref(),
            resource: decision.resource_id.as_deref(),
        })
    }

    fn shape(&self) -> Shape {
        [
            self.id.is_some(),
            self.control.is_some(),
            self.rule.is_some(),
            self.account.is_some(),
            self.region.is_some(),
            self.resource.is_some(),
        ]
    }
}

/// What decisions of this shape may ask for to fit the finding, each once: by the name of its rule or of the
/// deployed one, by any of its regions and of its controls.
fn keys(finding: &Finding, shape: Shape) -> impl Iterator<Item = Key<'_>> {
    let [id, control, rule, account, region, resource] = shape;
    let rules = given(rule, [&*finding.rule, &*finding.deployed_rule]);
    let regions = finding.regions.iter().map(String::as_str);
    let regions = given(region, regions.chain([&*finding.region]));
    let controls = given(control, finding.controls.iter().copied());
    let base = Key {
        id: id.then_some(finding.id),
        control: None,
        rule: None,
        account: account.then_some(&*finding.account),
        region: None,
        resource: resource.then_some(&*finding.resource_id),
    };
    rules.into_iter().flat_map(move |rule| {
        let controls = controls.clone();
        regions.clone().into_iter().flat_map(move |region| {
            let controls = controls.clone().into_iter();
            controls.map(move |control| Key {
                control,
                rule,
                region,
                ..base
            })
        })
    })
}

/// Each of the values once, or any.
fn given<T: Ord>(is_given: bool, values: impl IntoIterator<Item = T>) -> BTreeSet<Option<T>> {
    if is_given {
        values.into_iter().map(Some).collect()
    } else {
        BTreeSet::from([None])
    }
}
