//! One resource under one id: what one export names by its ARN or name, and another by its id. An
//! item that has both joins them, else the ARN's known shape does. What leads to two resources joins
//! nothing.

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Arc;

use crate::evidence::{
    ConfigurationItem, EvaluationResult, Evidence, Identity, Items, Listing, Origin, Place, Text,
    identity,
};

use super::path::place_of_resource;
use super::resource_id;

/// Types of which AWS Config's id is not the name under which others know the resource.
const NAMED: &[&str] = &[
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::CodeBuild::Project",
    "AWS::ElasticLoadBalancing::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::IAM::Group",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::IAM::User",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::S3::Bucket",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
    "AWS::SecretsManager::Secret",
];
/// Its resources are of the account, in whatever region they are recorded.
const OF_ACCOUNT: &str = "AWS::IAM::";

/// Account, region (empty where the resource is of the account), and type with name.
type NameKey = (Text, Text, Identity);

/// What is looked for among the recorded resources.
#[derive(Default)]
struct Wanted {
    arns: HashSet<Text>,
    /// The types of what these name; `None` where one has a type that is none of AWS Config's.
    kinds: Option<HashSet<Text>>,
    /// Types of which names are looked for.
    named: HashSet<Text>,
}

impl Wanted {
    fn by(evaluations: &[EvaluationResult]) -> Self {
        let mut wanted = Self {
            kinds: Some(HashSet::new()),
            ..Self::default()
        };
        // Verdicts that stand beside each other mostly share all but their resources.
        for verdicts in evaluations.chunk_by(|a, b| Arc::ptr_eq(&a.of, &b.of)) {
            let kind = &verdicts[0].resource_type;
            if NAMED.contains(&&**kind) {
                wanted.named.insert(kind.clone());
            }
            let mut arns = verdicts.iter().filter_map(arn_of).cloned().peekable();
            if resource_id::is_arn(kind) || arns.peek().is_none() {
                continue;
            }
            wanted.arns.extend(arns);
            match &mut wanted.kinds {
                Some(kinds) if kind.starts_with("AWS::") => {
                    kinds.insert(kind.clone());
                }
                kinds => *kinds = None,
            }
        }
        wanted
    }

    /// Whether a resource of this type may be one of them.
    fn kind(&self, kind: &Text) -> bool {
        let by_arn = self.kinds.as_ref().is_none_or(|kinds| kinds.contains(kind));
        by_arn || self.named.contains(kind)
    }
}

/// What else the recorded resources are known by; `None` where that leads to several.
#[derive(Default)]
struct Aliases {
    arns: HashMap<Text, Option<(Text, Text)>>,
    names: HashMap<NameKey, Option<Text>>,
    /// The types of which a name is known.
    types: HashSet<Text>,
}

/// Gives every verdict the id under which its resource was recorded.
pub fn join(evidence: &mut Evidence, items: &Items) -> io::Result<()> {
    let aliases = Aliases::new(evidence, items)?;
    let Evidence {
        evaluations,
        listings,
        ..
    } = evidence;
    for evaluation in evaluations {
        let listing = &listings[evaluation.at.listing.0 as usize];
        if let Some((kind, id)) = aliases.known(evaluation, listing) {
            evaluation.resource_id = id;
            if evaluation.resource_type != kind {
                evaluation.resource_type = kind;
            }
        }
    }
    Ok(())
}

/// The ARN by which a verdict names its resource, if it does.
fn arn_of(evaluation: &EvaluationResult) -> Option<&Text> {
    let own = Some(&evaluation.resource_id).filter(|id| id.starts_with("arn:"));
    evaluation.resource_arn().or(own)
}

fn name_key(account: &Text, region: &Text, kind: &str, name: &str) -> NameKey {
    key(account, region, kind, identity(kind, name))
}

fn key(account: &Text, region: &Text, kind: &str, identity: Identity) -> NameKey {
    let of_account = kind.starts_with(OF_ACCOUNT);
    let region = if of_account {
        "".into()
    } else {
        region.clone()
    };
    (account.clone(), region, identity)
}

impl Aliases {
    fn new(evidence: &Evidence, items: &Items) -> io::Result<Self> {
        let mut aliases = Self::default();
        if items.is_empty() {
            return Ok(aliases);
        }
        let wanted = Wanted::by(&evidence.evaluations);
        let mut reader = items.reader();
        for index in 0..items.len() {
            if wanted.kind(&items.get(index).kind.resource_type) {
                aliases.note(&reader.read(index)?, &wanted);
            }
        }
        aliases.forget_ids(items);
        Ok(aliases)
    }

    fn note(&mut self, item: &ConfigurationItem<'_>, wanted: &Wanted) {
        if let Some(arn) = item.arn.as_deref().and_then(|arn| wanted.arns.get(arn)) {
            let is = ((&*item.resource_type).into(), (&*item.resource_id).into());
            let known = self
                .arns
                .entry(arn.clone())
                .or_insert_with(|| Some(is.clone()));
            known.take_if(|known| *known != is);
        }
        let name = item.resource_name.as_deref();
        let kind = wanted.named.get(&*item.resource_type);
        let place = item.place.account.as_ref().zip(item.place.region.as_ref());
        if let (Some(name), Some(kind), Some((account, region))) = (name, kind, place)
            && *name != *item.resource_id
        {
            let key = name_key(account, region, kind, name);
            let id = || Some((&*item.resource_id).into());
            let known = self.names.entry(key).or_insert_with(id);
            known.take_if(|known| **known != *item.resource_id);
            self.types.insert(kind.clone());
        }
    }

    /// What is the name of one resource and the id of another stays as it is.
    fn forget_ids(&mut self, items: &Items) {
        if self.names.is_empty() {
            return;
        }
        for item in items.iter() {
            let (kind, place) = (&item.kind.resource_type, &item.kind.place);
            if let Some((account, region)) = place.account.as_ref().zip(place.region.as_ref())
                && self.types.contains(kind)
            {
                let key = key(account, region, kind, item.identity);
                self.names.entry(key).and_modify(|known| *known = None);
            }
        }
    }

    /// Type and id under which the verdict's resource was recorded, or would be.
    fn known(&self, evaluation: &EvaluationResult, listing: &Listing) -> Option<(Text, Text)> {
        let (kind, own) = (&evaluation.resource_type, &evaluation.resource_id);
        let of_asff = evaluation.origin == Origin::SecurityHub;
        let arn = arn_of(evaluation);
        if arn.is_none() && !self.types.contains(kind) {
            return None;
        }
        let place = place_of(evaluation, listing);
        // An ARN of another place stays: it tells that the verdict lies in a wrong folder.
        let arn = arn.filter(|arn| of_asff || is_of(&place, arn));
        let recorded = arn.and_then(|arn| self.arns.get(arn)?.as_ref());
        if let Some(recorded) = recorded.filter(|(known, _)| of_asff || known == kind) {
            return Some(recorded.clone());
        }
        let id = arn.map_or_else(|| (&**own).into(), |_| resource_id::of_arn(kind, own));
        let key = (place.account.zip(place.region))
            .filter(|_| self.types.contains(kind))
            .map(|(account, region)| name_key(&account, &region, kind, &id));
        let named = key.and_then(|key| self.names.get(&key)?.clone());
        let id = named.or_else(|| (*id != **own).then(|| (&*id).into()))?;
        Some((kind.clone(), id))
    }
}

/// Where it was given, as far as it or its path tells.
fn place_of(evaluation: &EvaluationResult, listing: &Listing) -> Place {
    let path = listing.disputed.as_ref().unwrap_or(&listing.path_place);
    let own = &evaluation.place;
    Place {
        account: own.account.as_ref().or(path.account.as_ref()).cloned(),
        region: own.region.as_ref().or(path.region.as_ref()).cloned(),
    }
}

/// Whether all that the ARN names of a place is this one.
fn is_of(place: &Place, arn: &str) -> bool {
    let named = place_of_resource(arn);
    (named.account.is_none() || named.account == place.account)
        && (named.region.is_none() || named.region == place.region)
}
