//! Attribution: to which account and region a record belongs, and which step told.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::{ConfigRule, Evidence, Place, RuleCompliance, Text};
use crate::export::path::{place_of_arn, place_of_resource};
use crate::place::{is_account, is_region};

use super::Subject;
use super::identity::{Identity, Known, resolve};
use super::model::AttributedBy;
use super::when::{replaces, settle};

/// A deployed rule, a copy of the rule that it is: account, region, and its name there.
pub type CopyKey = (Text, Text, Text);

/// Ids of the conformance packs of one place, by the packs' names.
pub type Packs<'e> = BTreeMap<&'e str, BTreeSet<&'e str>>;

/// The type under which an account itself is judged.
pub const ACCOUNT: &str = "AWS::::Account";

/// Account and region as far as they are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributed {
    /// Twelve digits.
    pub account: Option<Text>,
    /// The region.
    pub region: Option<Text>,
    /// The last step that was needed.
    pub by: AttributedBy,
}

/// Descriptions of each deployed rule.
pub type Descriptions<'e> = BTreeMap<CopyKey, Vec<&'e ConfigRule>>;

/// Where each deployed rule is known to be.
pub struct Deployments<'e> {
    packs: BTreeMap<(Text, Text), Packs<'e>>,
    /// The latest description of each, the last; several where which is the latest, or which of
    /// them the verdicts rest on, cannot be told: these in the order of what they say.
    rules: BTreeMap<CopyKey, Vec<&'e ConfigRule>>,
    places: BTreeMap<&'e str, BTreeSet<(Text, Text)>>,
    /// Rules that a folder's own descriptions put elsewhere, with what the folder's path says.
    disputed: BTreeMap<&'e str, Vec<&'e Place>>,
    /// Places in scope of which no rule is described: any rule may be deployed there.
    undescribed: BTreeSet<(Text, Text)>,
}

impl<'e> Deployments<'e> {
    /// From describe-config-rules: the ARN tells the place, else the file's path. Gives all
    /// descriptions too.
    pub fn new(subject: &Subject<'e>) -> (Self, Descriptions<'e>) {
        let evidence = subject.evidence;
        let mut known = Self {
            packs: packs(evidence),
            rules: BTreeMap::new(),
            places: BTreeMap::new(),
            disputed: BTreeMap::new(),
            undescribed: BTreeSet::new(),
        };
        let mut all = Descriptions::new();
        for rule in &evidence.config_rules {
            let Some((account, region)) = place_of(rule, evidence) else {
                continue;
            };
            let path = &evidence.listing(rule.at).path_place;
            let disputed = known.disputed.entry(&rule.name).or_default();
            if !agrees(path, &account, &region) && !disputed.contains(&path) {
                disputed.push(path);
            }
            let key = (account.clone(), region.clone(), rule.name.clone());
            all.entry(key).or_default().push(rule);
            known
                .places
                .entry(&rule.name)
                .or_default()
                .insert((account, region));
        }
        let period = &subject.engagement.period;
        let taken = |rule: &ConfigRule| subject.taken(rule.at.listing);
        for (key, descriptions) in &all {
            let mut latest = settle(descriptions.clone(), |one, other| {
                replaces(taken(one), taken(other), period)
            });
            latest.sort_by(|a, b| content(a).cmp(&content(b)));
            known.rules.insert(key.clone(), latest);
        }
        known.undescribed = known.undescribed(subject);
        (known, all)
    }

    /// The same beside earlier descriptions, on which verdicts may rest as well as on the latest.
    pub fn beside(self, earlier: Descriptions<'e>) -> Self {
        let mut rules = self.rules;
        for (key, mut earlier) in earlier {
            earlier.sort_by(|a, b| content(a).cmp(&content(b)));
            rules.entry(key).or_default().splice(0..0, earlier);
        }
        Self { rules, ..self }
    }

    fn undescribed(&self, subject: &Subject<'_>) -> BTreeSet<(Text, Text)> {
        let described: BTreeSet<&(Text, Text)> = self.places.values().flatten().collect();
        let accounts = subject.engagement.accounts.iter();
        let places = accounts.flat_map(|(account, known)| {
            let regions = known.regions.iter();
            regions.map(move |region| (account.as_str().into(), region.as_str().into()))
        });
        places.filter(|place| !described.contains(place)).collect()
    }

    /// What is known of the rule of this name at this place.
    pub fn get(&self, account: &Text, region: &Text, name: &Text) -> &[&'e ConfigRule] {
        let key = (account.clone(), region.clone(), name.clone());
        self.rules.get(&key).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether AWS keeps the evaluations of the rule of this name at this place to itself. Where
    /// descriptions that may each be the latest disagree, it does not.
    pub fn is_internal(&self, (account, region, name): &CopyKey) -> bool {
        let described = self.get(account, region, name);
        !described.is_empty() && described.iter().all(|rule| rule.internal)
    }

    /// Which managed rule the rule of this name is at this place.
    pub fn identify<'c>(
        &self,
        (account, region, name): (&Text, &Text, &Text),
        subject: &Subject<'c>,
    ) -> Identity<'c> {
        let known = Known {
            described: self.get(account, region, name),
            overrides: &subject.engagement.rules,
            policy: &subject.engagement.policy,
            packs: self.packs.get(&(account.clone(), region.clone())),
        };
        resolve(name, &known, subject.catalogue)
    }

    /// Where a verdict on a whole rule belongs.
    pub fn place_of_level(&self, level: &RuleCompliance, evidence: &Evidence) -> Attributed {
        let record = Record {
            element: &level.place,
            path: &evidence.listing(level.at).path_place,
            rule: &level.rule,
            resource: None,
        };
        attribute(&record, self)
    }

    /// All deployed rules with their places, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&CopyKey, &[&'e ConfigRule])> {
        self.rules
            .iter()
            .map(|(key, rules)| (key, rules.as_slice()))
    }

    /// The only place where a rule of this name is deployed that agrees with what is known. A name
    /// that people give may be given again where no rules are described.
    fn only_place(&self, name: &str, known: &Place) -> Option<(Text, Text)> {
        let places = self.places.get(name)?;
        let fits = |(account, region): &&(Text, Text)| agrees(known, account, region);
        let mut fitting = places.iter().filter(fits);
        if !has_unique_name(name) && self.undescribed.iter().any(|place| fits(&place)) {
            return None;
        }
        let first = fitting.next()?;
        fitting.next().is_none().then(|| first.clone())
    }

    /// Whether the descriptions beside a record say that the rule is deployed elsewhere than the
    /// path says, and none says that it is deployed there.
    fn disputes(&self, name: &str, path: &Place) -> bool {
        let same = |one: &Option<Text>, other: &Option<Text>| {
            one.as_ref().zip(other.as_ref()).is_none_or(|(a, b)| a == b)
        };
        let mut disputed = self.disputed.get(name).into_iter().flatten();
        let mut described = self.places.get(name).into_iter().flatten();
        disputed
            .any(|other| same(&other.account, &path.account) && same(&other.region, &path.region))
            && !described.any(|(account, region)| agrees(path, account, region))
    }
}

/// What orders descriptions of one rule that may each be the latest.
fn content(rule: &ConfigRule) -> impl Ord + '_ {
    (
        (&rule.owner, &rule.source_identifier, &rule.parameters),
        (&rule.state, &rule.scope, rule.detective, rule.internal),
        &rule.arn,
    )
}

/// The packs of each place: their ARN tells it, else the file's path.
fn packs(evidence: &Evidence) -> BTreeMap<(Text, Text), Packs<'_>> {
    let mut known: BTreeMap<(Text, Text), Packs<'_>> = BTreeMap::new();
    for pack in &evidence.packs {
        let path = &evidence.listing(pack.at).path_place;
        let account = pack.place.account.as_ref().or(path.account.as_ref());
        let region = pack.place.region.as_ref().or(path.region.as_ref());
        if let (Some(account), Some(region)) = (account, region) {
            let packs = known.entry((account.clone(), region.clone())).or_default();
            packs.entry(&pack.name).or_default().insert(&pack.id);
        }
    }
    known
}

/// Whether what is known of a place, if anything, is this account and region.
fn agrees(known: &Place, account: &Text, region: &Text) -> bool {
    let same = |have: &Option<Text>, is: &Text| have.as_ref().is_none_or(|have| have == is);
    same(&known.account, account) && same(&known.region, region)
}

/// Whether the name ends with an id that AWS makes up where the rule is deployed.
fn has_unique_name(name: &str) -> bool {
    name.contains("-conformance-pack-")
        || name.starts_with("OrgConfigRule-")
        || name.starts_with("securityhub-")
}

/// Where a rule is deployed: its ARN tells, else the file's path.
pub fn place_of(rule: &ConfigRule, evidence: &Evidence) -> Option<(Text, Text)> {
    let told = rule.arn.as_deref().and_then(place_of_arn);
    let place = told.unwrap_or_else(|| evidence.listing(rule.at).path_place.clone());
    Some((place.account?, place.region?))
}

/// What is to be attributed.
pub struct Record<'r> {
    /// What the record itself says.
    pub element: &'r Place,
    /// What the file's path says.
    pub path: &'r Place,
    /// The deployed rule's name.
    pub rule: &'r str,
    /// The resource's type and id, if it is about one.
    pub resource: Option<(&'r str, &'r str)>,
}

/// The place of a record. What tells of two places tells of none.
pub fn attribute(record: &Record<'_>, deployments: &Deployments<'_>) -> Attributed {
    let told = told(record, deployments);
    let by_rule = matches!(told.by, AttributedBy::Element | AttributedBy::ConfigRuleArn);
    let disputed = !by_rule && deployments.disputes(record.rule, record.path);
    if disputed || is_of_another(record.resource, &told) {
        return attributed(None, None, AttributedBy::Unattributed);
    }
    told
}

/// A trail of several regions, or of an organization, is shown in the others under its home's ARN.
const SHOWN_ELSEWHERE: &str = "AWS::CloudTrail::Trail";

/// Whether the resource itself names another account, or region, than it was attributed to.
fn is_of_another(resource: Option<(&str, &str)>, told: &Attributed) -> bool {
    let place = match resource {
        None | Some((SHOWN_ELSEWHERE, _)) => return false,
        Some((ACCOUNT, id)) if is_account(id) => Place {
            account: Some(id.into()),
            region: None,
        },
        Some((_, id)) => place_of_resource(id),
    };
    let differs = |named: Option<Text>, told: Option<&Text>| {
        named.is_some_and(|named| told.is_some_and(|told| named != *told))
    };
    let region = told.region.as_ref().filter(|region| is_region(region));
    differs(place.account, told.account.as_ref()) || differs(place.region, region)
}

/// Tries the steps in their order: the element, the rule's ARN, the account as the resource,
/// the path.
fn told(record: &Record<'_>, deployments: &Deployments<'_>) -> Attributed {
    if let (Some(account), Some(region)) = (&record.element.account, &record.element.region) {
        return attributed(Some(account), Some(region), AttributedBy::Element);
    }
    let known = Place {
        account: record
            .element
            .account
            .clone()
            .or_else(|| record.path.account.clone()),
        region: record
            .element
            .region
            .clone()
            .or_else(|| record.path.region.clone()),
    };
    if let Some((account, region)) = deployments.only_place(record.rule, &known) {
        return attributed(Some(&account), Some(&region), AttributedBy::ConfigRuleArn);
    }
    let fits = |id: &str| known.account.as_deref().is_none_or(|account| account == id);
    if let Some((ACCOUNT, id)) = record.resource.filter(|(_, id)| is_account(id) && fits(id)) {
        let region = known.region.as_ref();
        return attributed(Some(&id.into()), region, AttributedBy::AccountResource);
    }
    let by = if known.account.is_some() {
        AttributedBy::Path
    } else {
        AttributedBy::Unattributed
    };
    attributed(known.account.as_ref(), known.region.as_ref(), by)
}

fn attributed(account: Option<&Text>, region: Option<&Text>, by: AttributedBy) -> Attributed {
    Attributed {
        account: account.cloned(),
        region: region.cloned(),
        by,
    }
}
