//! Where exports lie while they are read and assessed: a folder that holds what is asked for.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};

use super::clock::{DAY, Time};
use super::estate::Estate;
use super::take::Files;
use crate::assess::tests::assessed::Assessed;
use crate::assess::tests::case::Case;
use crate::evidence::Evidence;
use crate::export;
use crate::period::Period;

pub struct Desk {
    root: tempfile::TempDir,
    there: Files,
    /// The quarter that is audited.
    pub period: &'static str,
}

impl Desk {
    pub fn new() -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(root.path().join("exports")).expect("a folder");
        Self {
            root,
            there: Files::new(),
            period: "2026Q3",
        }
    }

    fn file(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    /// Makes the folder hold exactly these files.
    fn lay(&mut self, files: &Files) {
        for path in self.there.keys().filter(|path| !files.contains_key(*path)) {
            fs::remove_file(self.file(path)).expect("it was written");
        }
        for (path, saved) in files {
            if self
                .there
                .get(path)
                .is_none_or(|there| there.bytes != saved.bytes)
            {
                let file = self.file(path);
                fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
                fs::write(file, &saved.bytes).expect("a file");
            }
        }
        self.there = files.clone();
    }

    pub fn read(&mut self, files: &Files) -> Evidence {
        self.lay(files);
        export::read(self.root.path(), &export::open_file).expect("a folder that can be read")
    }

    /// What is concluded of these files, in the engagement of the estate.
    pub fn assess(&mut self, estate: &Estate, files: &Files) -> (Assessed, Evidence) {
        let mut case = engagement(estate);
        let zone = FixedOffset::east_opt(9 * 3600).expect("nine hours");
        case.engagement.period = Period::quarter(self.period, zone).expect("a quarter");
        case.evidence = self.read(files);
        let assessed = case.assess();
        (assessed, case.evidence)
    }
}

/// The engagement with the estate's accounts and regions that are in scope.
pub fn engagement(estate: &Estate) -> Case {
    let mut case = Case::new();
    case.engagement.accounts.clear();
    for site in estate.sites.iter().filter(|site| site.in_scope) {
        let known = case.engagement.accounts.get(site.account);
        let known = known
            .map(|account| account.regions.clone())
            .unwrap_or_default();
        let mut regions: Vec<&str> = known.iter().map(String::as_str).collect();
        regions.push(site.region);
        case.account(site.account, &regions);
    }
    if estate.policy {
        case.policy("iam-password-policy", "MinimumPasswordLength", "8");
    }
    case.generated_at = made(estate.now);
    case
}

/// The package is made some days after the exports.
fn made(now: Time) -> String {
    let made = DateTime::from_timestamp_millis(now + 2 * DAY).expect("a time");
    made.to_rfc3339()
}

/// Writes an engagement with these files.
pub fn dump(root: &Path, estate: &Estate, files: &Files) {
    fs::create_dir_all(root.join("exports")).expect("a folder");
    for (path, saved) in files {
        let file = root.join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, &saved.bytes).expect("a file");
    }
    let mut text = String::from(
        "[engagement]\norganization = \"예시\"\nscope = \"예시\"\nscheme = \"isms-p\"\nperiod = \"2026Q3\"\nprepared_by = \"홍길동\"\nreviewed_by = \"김감사\"\n\n[accounts]\n",
    );
    for (account, known) in &engagement(estate).engagement.accounts {
        let regions: Vec<String> = known
            .regions
            .iter()
            .map(|name| format!("{name:?}"))
            .collect();
        let regions = regions.join(", ");
        writeln!(text, "\"{account}\" = {{ regions = [{regions}] }}").expect("memory");
    }
    if estate.policy {
        text += "\n[policy]\n\"iam-password-policy\" = { MinimumPasswordLength = 8, document = \"지침 5.2\" }\n";
    }
    fs::write(root.join("kisms.toml"), text).expect("a file");
}
