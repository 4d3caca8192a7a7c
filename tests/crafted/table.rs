//! A row of the table: how a bundle is made, what is asked of it, and what has to be said.

use std::path::Path;

use super::forge::certificate::{Certificate, root, tsa_root};
use super::forge::{Files, Forge};

/// When a row is judged, unless it says otherwise.
pub const NOW: &str = "2026-12-01T00:00:00Z";

/// A bundle as it lies on the disk.
pub enum Form {
    Zip(Vec<u8>),
    /// The bag's folder, and what is done to it when it lies there.
    Folder(Box<Forge>, fn(&Path)),
}

pub struct Row {
    pub family: &'static str,
    pub name: String,
    pub make: Box<dyn Fn() -> Form>,
    pub any_signer: bool,
    pub timestamp: bool,
    pub at: &'static str,
    pub trust: Vec<Certificate>,
    /// The defects' codes, each with its place after a space where that is what matters; none: it is good.
    pub codes: Vec<&'static str>,
}

/// A row whose bundle is the good one but for `change`.
pub fn row(
    family: &'static str,
    name: impl Into<String>,
    change: impl Fn(&mut Forge) + 'static,
) -> Row {
    let make = move || {
        let mut forge = Forge::new();
        change(&mut forge);
        Form::Zip(forge.zip())
    };
    made(family, name, make)
}

/// The same as a folder, to which `change` happens.
pub fn folder(family: &'static str, name: impl Into<String>, change: fn(&Path)) -> Row {
    made(family, name, move || {
        Form::Folder(Box::new(Forge::new()), change)
    })
}

fn made(family: &'static str, name: impl Into<String>, make: impl Fn() -> Form + 'static) -> Row {
    Row {
        family,
        name: name.into(),
        make: Box::new(make),
        any_signer: false,
        timestamp: false,
        at: NOW,
        trust: vec![root(), tsa_root()],
        codes: Vec::new(),
    }
}

impl Row {
    pub fn at(mut self, at: &'static str) -> Self {
        self.at = at;
        self
    }

    pub fn any_signer(mut self) -> Self {
        self.any_signer = true;
        self
    }

    pub fn require_timestamp(mut self) -> Self {
        self.timestamp = true;
        self
    }

    pub fn trust(mut self, trust: Vec<Certificate>) -> Self {
        self.trust = trust;
        self
    }

    /// What must be said.
    pub fn no(mut self, codes: &[&'static str]) -> Self {
        self.codes = codes.to_vec();
        self
    }

    /// The demands as somebody would type them.
    pub fn demands(&self) -> String {
        let mut said = vec![format!("--at {}", self.at)];
        said.extend(self.any_signer.then(|| "--any-signer".to_owned()));
        said.extend(self.timestamp.then(|| "--require-timestamp".to_owned()));
        said.join(" ")
    }
}

/// Writes a bag into its folder.
pub fn unpack(files: &Files, root: &Path) {
    for (path, bytes) in files {
        let file = root.join(path);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("space");
        std::fs::write(file, bytes).expect("space");
    }
}
