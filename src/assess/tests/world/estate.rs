//! An estate's own truth: what there is at each account and region, and since when.

use std::collections::BTreeMap;

use super::clock::{Spelling, Time};

pub const ACCOUNT: &str = "AWS::::Account";

/// All of it, and the client that its people use.
#[derive(Debug, Clone)]
pub struct Estate {
    pub sites: Vec<Site>,
    /// Whether the client keeps the header that dates an answer.
    pub dated: bool,
    pub spelling: Spelling,
    /// When its people follow the first suggestion.
    pub now: Time,
    /// Whether the organisation's policy asks for shorter passwords than the baseline.
    pub policy: bool,
    /// How many rows a page of a conformance pack's details has, for the CLI does not page them.
    pub page: usize,
}

/// One region of one account.
#[derive(Debug, Clone)]
pub struct Site {
    pub account: &'static str,
    pub region: &'static str,
    pub in_scope: bool,
    pub resources: Vec<Resource>,
    pub rules: Vec<Rule>,
    pub packs: Vec<Pack>,
    pub recorder: Option<Recorder>,
    /// Whether a service has a recorder of its own there.
    pub internal_recorder: bool,
}

#[derive(Debug, Clone)]
pub struct Resource {
    pub kind: &'static str,
    pub id: String,
    pub created: Time,
    pub deleted: Option<Time>,
    /// Whether it has the tag by which some rules choose what they judge.
    pub tagged: bool,
    /// How good it is for each managed rule, since when.
    pub quality: BTreeMap<&'static str, Vec<(Time, Quality)>>,
}

/// How good a resource is for a managed rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quality {
    /// It fails whatever is asked.
    Bad,
    /// It passes where less is asked than the baseline.
    Mild,
    /// It fails only where more is asked.
    Good,
    /// It passes whatever is asked.
    Best,
    /// The rule does not apply to it.
    Apart,
}

/// What the deployed parameters ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Baseline,
    LeftOut,
    Weaker,
    Stronger,
    /// A parameter that nobody knows, which exempts resources.
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Narrowed {
    No,
    Tagged,
    To(String),
}

/// A deployed rule.
#[derive(Debug, Clone)]
pub struct Rule {
    pub name: String,
    pub managed: &'static str,
    pub id: String,
    pub origin: Origin,
    pub created: Time,
    pub asked: Asked,
    pub narrowed: Narrowed,
    pub active: bool,
    pub internal: bool,
    pub proactive: bool,
    /// Since when it fails to evaluate.
    pub broken: Option<Time>,
    /// At which time of the day it runs, if it does so every day; and how long it takes.
    pub runs_at: Time,
    pub takes: Time,
}

/// Who deployed a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    People,
    /// The pack of this index.
    Pack(usize),
    Organization,
    SecurityHub,
}

#[derive(Debug, Clone)]
pub struct Pack {
    pub name: String,
    pub id: String,
    pub tagged: bool,
}

#[derive(Debug, Clone)]
pub struct Recorder {
    pub records: Records,
    pub started: Time,
    pub stopped: Option<Time>,
}

#[derive(Debug, Clone)]
pub enum Records {
    All(bool),
    Only(Vec<&'static str>),
    Except(Vec<&'static str>),
}

impl Estate {
    pub fn site(&self, account: &str, region: &str) -> Option<&Site> {
        let mut sites = self.sites.iter();
        sites.find(|site| site.account == account && site.region == region)
    }
}

impl Resource {
    pub fn there(&self, time: Time) -> bool {
        self.created <= time && self.deleted.is_none_or(|deleted| time < deleted)
    }

    pub fn quality_at(&self, managed: &str, time: Time) -> Quality {
        let mut since = self.quality.get(managed).into_iter().flatten().rev();
        let known = since.find(|(since, _)| *since <= time);
        known.map_or(Quality::Best, |(_, quality)| *quality)
    }
}

impl Recorder {
    pub fn runs(&self, time: Time) -> bool {
        self.started <= time && self.stopped.is_none_or(|stopped| time < stopped)
    }

    pub fn records(&self, kind: &str) -> bool {
        match &self.records {
            Records::All(global) => *global || !kind.starts_with("AWS::IAM::"),
            Records::Only(kinds) => kinds.contains(&kind),
            Records::Except(kinds) => !kinds.contains(&kind),
        }
    }
}
