//! Resources that an export names without recording them. Most are recorded or judged somewhere: until
//! everything was read, of each only as much stays in memory as of a recorded one.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};
use std::io;

use crate::evidence::{
    ConfigurationItem, Evidence, Identity, Items, Mention, Place, Spool, Text, identity,
};

/// Named resources, of one list each once.
#[derive(Default)]
pub struct Named {
    items: Items,
    /// Where each is among them, by a hash of its list, place, type and id.
    known: HashMap<u64, u32, BuildHasherDefault<Hashed>>,
}

/// The hash of what is a hash already.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

impl Named {
    /// None so far; what does not stay in memory goes into `spool`.
    pub fn new(spool: Spool) -> Self {
        Self {
            items: Items::new(spool),
            known: HashMap::default(),
        }
    }

    /// Keeps a resource that is named; its capture time is that of what names it, and of several the
    /// earliest counts.
    pub fn note(&mut self, named: &ConfigurationItem<'_>) -> io::Result<()> {
        let mut hasher = DefaultHasher::new();
        let (account, region) = (&named.place.account, &named.place.region);
        (named.at.listing.0, account, region).hash(&mut hasher);
        (&named.resource_type, &named.resource_id).hash(&mut hasher);
        let next = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        let index = *self.known.entry(hasher.finish()).or_insert(next);
        if index == next {
            return self.items.push(named);
        }
        self.items
            .seen_at(index as usize, named.captured_at.as_ref());
        Ok(())
    }

    /// Leaves out what the same file records.
    pub fn seal(&mut self, recorded: &Items) -> io::Result<()> {
        self.known = HashMap::default();
        self.items.seal()?;
        let mut sought = Sought::new(&self.items);
        for item in recorded.iter() {
            sought.find(&item.identity, &item.kind.place);
        }
        let found = sought.found;
        self.items.retain(|index| !found[index]);
        Ok(())
    }

    /// Takes over those of another file, whose lists are counted from `base`.
    pub fn append(&mut self, other: Self, base: u32, path: &Place) -> io::Result<()> {
        self.items.append(other.items, base, path)
    }

    /// Those of which neither an item nor a verdict tells, by id or by name.
    pub fn mentions(self, evidence: &Evidence, recorded: &Items) -> io::Result<Vec<Mention>> {
        if self.items.is_empty() {
            return Ok(Vec::new());
        }
        let mut sought = Sought::by_id_and_name(&self.items)?;
        for item in recorded.iter() {
            sought.find(&item.identity, &item.kind.place);
        }
        sought.find_judged(evidence);
        sought.find_names(recorded)?;
        let found = sought.found;
        let mut reader = self.items.reader();
        let mut mentions = Vec::new();
        for index in (0..found.len()).filter(|index| !found[*index]) {
            let kept = self.items.get(index);
            let item = reader.read(index)?;
            mentions.push(Mention {
                at: item.at,
                place: item.place,
                resource_type: kept.kind.resource_type.clone(),
                resource_id: (&*item.resource_id).into(),
                seen_at: kept.captured_at(),
            });
        }
        Ok(mentions)
    }
}

/// Named resources by what they are known by, and which of them turned up.
struct Sought<'n> {
    named: &'n Items,
    by_identity: Vec<(Identity, u32)>,
    found: Vec<bool>,
    /// Whether no other place can have one of the same id.
    unique: Vec<bool>,
}

impl<'n> Sought<'n> {
    fn new(named: &'n Items) -> Self {
        let identities = named.iter().zip(0_u32..);
        let mut by_identity: Vec<_> = identities
            .map(|(kept, index)| (kept.identity, index))
            .collect();
        by_identity.sort_unstable();
        Self {
            named,
            by_identity,
            found: vec![false; named.len()],
            unique: vec![false; named.len()],
        }
    }

    fn by_id_and_name(named: &'n Items) -> io::Result<Self> {
        let mut sought = Self::new(named);
        let mut reader = named.reader();
        for (index, number) in (0..named.len()).zip(0_u32..) {
            let item = reader.read(index)?;
            sought.unique[index] = is_unique(&item.resource_type, &item.resource_id);
            if let Some(name) = &item.resource_name {
                let by_name = identity(&item.resource_type, name);
                sought.by_identity.push((by_name, number));
            }
        }
        sought.by_identity.sort_unstable();
        Ok(sought)
    }

    /// A resource that is known by this was recorded or judged there.
    fn find(&mut self, identity: &Identity, place: &Place) {
        let start = self.by_identity.partition_point(|(one, _)| one < identity);
        let fitting = self.by_identity[start..].iter();
        for (_, index) in fitting.take_while(|(one, _)| one == identity) {
            let index = *index as usize;
            let named = &self.named.get(index).kind.place;
            self.found[index] |= self.unique[index] || may_be_same(named, place);
        }
    }

    fn find_judged(&mut self, evidence: &Evidence) {
        let types = self.types();
        for verdict in &evidence.evaluations {
            if types.contains(&verdict.resource_type) {
                let path = &evidence.listing(verdict.at).path_place;
                let own = &verdict.place;
                let place = Place {
                    account: own.account.clone().or_else(|| path.account.clone()),
                    region: own.region.clone().or_else(|| path.region.clone()),
                };
                let known = identity(&verdict.resource_type, &verdict.resource_id);
                self.find(&known, &place);
            }
        }
    }

    /// What is named by the name of a recorded resource is that resource.
    fn find_names(&mut self, recorded: &Items) -> io::Result<()> {
        let types = self.types();
        let mut reader = recorded.reader();
        for (index, kept) in recorded.iter().enumerate() {
            if types.contains(&kept.kind.resource_type)
                && let Some(name) = reader.read(index)?.resource_name
            {
                let known = identity(&kept.kind.resource_type, &name);
                self.find(&known, &kept.kind.place);
            }
        }
        Ok(())
    }

    /// Of which types any is still sought.
    fn types(&self) -> HashSet<Text> {
        let left = self.named.iter().zip(&self.found);
        let left = left.filter(|(_, found)| !**found);
        left.map(|(kept, _)| kept.kind_index)
            .collect::<HashSet<_>>()
            .into_iter()
            .map(|kind| self.named.kinds()[kind].resource_type.clone())
            .collect()
    }
}

/// Whether a resource at the one place may be one at the other: what is not known differs from
/// nothing, and a global resource is named from any region of its account.
fn may_be_same(one: &Place, other: &Place) -> bool {
    let same = |one: &Option<Text>, other: &Option<Text>| match (one, other) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    same(&one.account, &other.account)
        && (same(&one.region, &other.region) || one.is_global() || other.is_global())
}

/// Whether AWS gives an id of this form to one resource of all accounts: a bucket's name, an ARN, or
/// `vpc-0123456789abcdef0`.
fn is_unique(kind: &str, id: &str) -> bool {
    let is_hex = |digits: &str| {
        matches!(digits.len(), 8 | 17) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let ends_in_hex = id
        .rsplit_once('-')
        .is_some_and(|(_, digits)| is_hex(digits));
    kind == "AWS::S3::Bucket" || id.starts_with("arn:") || ends_in_hex
}
