//! The resources of the snapshots. They are not in memory, nor in `assessment.json`: they are in
//! [`ASSETS_FILE`], and are made for it one by one.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::vec::IntoIter;

use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::evidence::{ConfigurationItem, Identity, ItemReader, Items, identity};

use super::{Assessment, Asset, Finding, Source, SourceList};

/// Where a bundle has its assets.
pub const ASSETS_FILE: &str = "data/csv/assets.csv";

/// The resources of the snapshots.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    count: u64,
    /// `None` where the assessment was read from a bundle.
    kept: Option<Arc<Kept>>,
}

#[derive(Debug)]
struct Kept {
    items: Arc<Items>,
    /// The items that are assets, those of one account, region and type one after the other, and
    /// these in the order of their names.
    assets: Vec<u32>,
    lists: Vec<Arc<SourceList>>,
}

impl Inventory {
    /// Of items that are assets: those of one account, region and type one after the other, and
    /// these in order. `lists` are all lists by their index.
    pub fn new(items: Arc<Items>, assets: Vec<u32>, lists: Vec<Arc<SourceList>>) -> Self {
        Self {
            count: assets.len() as u64,
            kept: Some(Arc::new(Kept {
                items,
                assets,
                lists,
            })),
        }
    }

    /// How many assets there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The assets of this type and id in the account, of whatever region; `None` where they are
    /// in a bundle's [`ASSETS_FILE`] only.
    pub fn find(&self, finding: &Finding) -> io::Result<Option<Vec<Asset>>> {
        let Some(kept) = &self.kept else {
            return Ok(None);
        };
        let wanted = identity(&finding.resource_type, &finding.resource_id);
        let mut reader = kept.items.reader_at_random();
        let mut found = Vec::new();
        for &index in &kept.assets {
            let item = kept.items.get(index as usize);
            if item.identity == wanted
                && item.kind.place.account.as_deref() == Some(&*finding.account)
            {
                found.push(kept.asset(&reader.read(index as usize)?));
            }
        }
        Ok(Some(found))
    }
}

impl Kept {
    fn asset(&self, item: &ConfigurationItem<'_>) -> Asset {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let tags = item.tags.iter();
        let tags: Vec<String> = tags.map(|(key, value)| format!("{key}={value}")).collect();
        Asset {
            account: text(item.place.account.as_deref()),
            region: text(item.place.region.as_deref()),
            resource_type: item.resource_type.to_string(),
            resource_id: item.resource_id.to_string(),
            resource_name: item.resource_name.as_deref().map(str::to_owned),
            arn: item.arn.as_deref().map(str::to_owned),
            created_at: item.created_at.clone(),
            captured_at: item.captured_at.clone(),
            status: item.status.to_string(),
            tags: tags.join(";"),
            failing_findings: 0,
            source: Source {
                list: self.lists[item.at.listing.0 as usize].clone(),
                element: item.at.element,
                offset: item.at.offset,
            },
        }
    }
}

impl Assessment {
    /// The assets by account, region, type and id. An error means that the temporary file in which
    /// they are cannot be read.
    pub fn assets(&self) -> impl Iterator<Item = io::Result<Asset>> {
        let rows = self.assets.kept.as_deref().map(|kept| Rows {
            kept,
            ids: kept.items.reader(),
            whole: kept.items.reader_at_random(),
            next: 0,
            group: Vec::new().into_iter(),
            failing: failing(&self.findings),
        });
        rows.into_iter().flatten()
    }
}

type Failing<'f> = HashMap<(&'f str, Identity), u32>;

/// How many findings fail, by account and resource.
fn failing(findings: &[Finding]) -> Failing<'_> {
    let mut failing = Failing::new();
    for finding in findings.iter().filter(|finding| finding.is_failing()) {
        let resource = identity(&finding.resource_type, &finding.resource_id);
        *failing.entry((&finding.account, resource)).or_default() += 1;
    }
    failing
}

struct Rows<'a> {
    kept: &'a Kept,
    ids: ItemReader<'a>,
    whole: ItemReader<'a>,
    next: usize,
    group: IntoIter<(Box<str>, u32)>,
    failing: Failing<'a>,
}

impl Rows<'_> {
    /// The next account, region and type, by id: of one at a time the ids are in memory.
    fn load(&mut self) -> io::Result<()> {
        let rest = &self.kept.assets[self.next..];
        let kind = |index: &u32| self.kept.items.get(*index as usize).kind;
        let same = |a: &u32, b: &u32| {
            let (a, b) = (kind(a), kind(b));
            a.place == b.place && a.resource_type == b.resource_type
        };
        let Some(group) = rest.chunk_by(same).next() else {
            return Ok(());
        };
        self.next += group.len();
        let mut group = group.to_vec();
        group.sort_unstable();
        let mut ids = Vec::with_capacity(group.len());
        for index in group {
            let item = self.ids.read(index as usize)?;
            ids.push((Box::from(&*item.resource_id), index));
        }
        ids.sort_unstable();
        self.group = ids.into_iter();
        Ok(())
    }

    fn row(&mut self, index: u32) -> io::Result<Asset> {
        let item = self.whole.read(index as usize)?;
        let mut asset = self.kept.asset(&item);
        let resource = identity(&item.resource_type, &item.resource_id);
        let failing = self.failing.get(&(&*asset.account, resource));
        asset.failing_findings = failing.copied().unwrap_or_default();
        Ok(asset)
    }
}

impl Iterator for Rows<'_> {
    type Item = io::Result<Asset>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.group.len() == 0
            && let Err(error) = self.load()
        {
            self.next = self.kept.assets.len();
            return Some(Err(error));
        }
        let (_, index) = self.group.next()?;
        Some(self.row(index))
    }
}

impl Serialize for Inventory {
    /// How many there are, and where.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut inventory = serializer.serialize_struct("Inventory", 2)?;
        inventory.serialize_field("count", &self.count)?;
        inventory.serialize_field("file", ASSETS_FILE)?;
        inventory.end()
    }
}

impl<'de> Deserialize<'de> for Inventory {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Read {
            count: u64,
        }
        let Read { count } = Read::deserialize(deserializer)?;
        Ok(Self { count, kept: None })
    }
}
