//! `kisms init`: a new engagement's folder to fill in.

mod statement;

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use chrono::FixedOffset;

use super::load::print_faults;
use super::{Exit, Screen, written};
use crate::catalogue::{Scheme, catalogue};
use crate::error::{Error, Result};
use crate::period::Period;
use crate::report::pdf;
use crate::report::terminal::escape;
use crate::sheet::Column;
use crate::statement::form::Form;
use crate::{decision, engagement, manual};

const TEMPLATE: &str = include_str!("init.toml");
const FOLDERS: [&str; 2] = ["exports", manual::FOLDER];

/// What is known of the engagement already.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which certification.
    pub scheme: Scheme,
    /// A quarter such as `2026Q3`.
    pub period: Option<String>,
    /// The applicant's name.
    pub organization: Option<String>,
    /// The organisation's own statement of operation (.xlsx), to be taken in.
    pub statement: Option<PathBuf>,
    /// Write the built-in templates out, to be changed.
    pub templates: bool,
}

/// What was made, in the engagement's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// The files, with the folder's own path in front.
    pub files: Vec<PathBuf>,
    /// The folders; those that were there already are not among them.
    pub folders: Vec<PathBuf>,
}

/// Makes the folder and says what to do next.
pub fn run(dir: &Path, options: &Options, screen: &mut Screen<'_>) -> Result<Exit> {
    let form = match options
        .statement
        .as_deref()
        .map(statement::read)
        .transpose()?
    {
        Some(Err(faults)) => {
            written(print_faults(&faults, screen))?;
            return Ok(Exit::No);
        }
        Some(Ok(form)) => Some(form),
        None => None,
    };
    let created = init(dir, options, form.as_ref())?;
    let mut text = String::new();
    for made in created.folders.iter().chain(&created.files) {
        let _ = writeln!(text, "{}", escape(&made.display().to_string()));
    }
    if let Some(form) = &form {
        statement::describe(form, options.scheme, catalogue(), screen, &mut text);
    }
    if options.templates {
        let next = screen.words(
            "templates/에서 바꿀 파일만 남기고 나머지는 지우십시오. 기본과 다른 파일만 쓰입니다.",
            "Keep the files of templates/ that you change and delete the others; those that\nare as built in are not counted as your own.",
        );
        let _ = writeln!(text, "{next}");
    }
    let _ = writeln!(text, "{}", next_steps(&created, screen));
    written(screen.out.write_all(text.as_bytes()))?;
    Ok(Exit::Done)
}

/// What to do with what was made.
fn next_steps<'t>(created: &Created, screen: &Screen<'_>) -> &'t str {
    let is_new = created
        .files
        .iter()
        .any(|file| file.ends_with(engagement::FILE));
    if is_new {
        screen.words(
            "kisms.toml과 statement.csv를 채우고, 내보내기는 exports/에, 증적은 evidence/에\n넣은 뒤 `kisms check`를 실행하십시오.",
            "Fill in kisms.toml and statement.csv, put AWS Config's exports into exports/ and\nmanual evidence into evidence/, then run `kisms check`.",
        )
    } else {
        screen.words("`kisms check`를 실행하십시오.", "Now run `kisms check`.")
    }
}

/// Makes `dir` an engagement's folder: `kisms.toml`, `statement.csv`, `decisions.csv`, `exports/`
/// and `evidence/`; with the built-in templates in `templates/`, if they are asked for. To a folder
/// that is one already, only what is asked for is added.
///
/// Nothing is overwritten: where one of the files, or something else than a folder in a folder's
/// place, is there already, nothing is made and the error lists them. Folders that are there stay
/// as they are.
pub fn init(dir: &Path, options: &Options, form: Option<&Form>) -> Result<Created> {
    let plan = Plan::new(dir, options, form)?;
    plan.refuse_existing(dir)?;
    plan.make(dir)
}

/// What is to be made, by paths from the folder.
#[derive(Default)]
struct Plan {
    folders: Vec<String>,
    files: Vec<(String, String)>,
}

impl Plan {
    fn new(dir: &Path, options: &Options, form: Option<&Form>) -> Result<Self> {
        let mut plan = Self::default();
        let adds = options.templates || form.is_some();
        let exists = adds && dir.join(engagement::FILE).is_file();
        if !exists {
            plan.folders.extend(FOLDERS.map(str::to_owned));
            plan.file(engagement::FILE, kisms_toml(options)?);
        }
        match form {
            Some(form) => {
                let statement = statement::csv_of(form, options.scheme, catalogue());
                plan.file(crate::statement::FILE, statement);
            }
            None if exists => {}
            None => {
                let statement = statement::empty_csv(options.scheme, catalogue());
                plan.file(crate::statement::FILE, statement);
            }
        }
        if !exists {
            plan.file(decision::FILE, header(&decision::COLUMNS));
        }
        if options.templates {
            plan.folders.push(engagement::TEMPLATES.to_owned());
            plan.folders.push(format!("{}/text", engagement::TEMPLATES));
            for (name, text) in pdf::BUILT_IN {
                plan.file(
                    &format!("{}/{name}", engagement::TEMPLATES),
                    text.to_owned(),
                );
            }
        }
        Ok(plan)
    }

    fn file(&mut self, name: &str, text: String) {
        self.files.push((name.to_owned(), text));
    }

    fn refuse_existing(&self, dir: &Path) -> Result<()> {
        let there = |name: &str| fs::symlink_metadata(dir.join(name)).is_ok();
        let files = self.files.iter().map(|(name, _)| name);
        let folders = self.folders.iter();
        let existing = files.filter(|name| there(name));
        let existing =
            existing.chain(folders.filter(|name| there(name) && !dir.join(name).is_dir()));
        let existing: Vec<&String> = existing.collect();
        if existing.is_empty() {
            return Ok(());
        }
        let message = format!(
            "`{}` has {} already",
            dir.display(),
            crate::fault::listed(&existing)
        );
        Err(Error::new(message).hint("nothing was written; name a new folder, or move them away"))
    }

    fn make(self, dir: &Path) -> Result<Created> {
        let mut created = Created {
            files: Vec::new(),
            folders: Vec::new(),
        };
        let folders = self.folders.iter().map(|name| dir.join(name));
        for place in std::iter::once(dir.to_owned()).chain(folders) {
            if !place.is_dir() {
                fs::create_dir_all(&place).map_err(|error| Error::io("create", &place, &error))?;
                created.folders.push(place);
            }
        }
        for (name, text) in self.files {
            let place = dir.join(name);
            write_new(&place, &text).map_err(|error| Error::io("write", &place, &error))?;
            created.files.push(place);
        }
        Ok(created)
    }
}

/// Writes a file that must not be there yet.
fn write_new(place: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create_new(place)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// The commented `kisms.toml`; what is not known is left empty, which `check` then asks for.
fn kisms_toml(options: &Options) -> Result<String> {
    let period = options.period.as_deref().unwrap_or_default();
    if !period.is_empty() {
        let utc = FixedOffset::east_opt(0).expect("no offset");
        Period::quarter(period, utc).map_err(|error| {
            Error::new(error).hint("for other days leave it out and write them into kisms.toml")
        })?;
    }
    let organization = options.organization.as_deref().unwrap_or_default().trim();
    if organization.contains(char::is_control) {
        return Err(Error::new(
            "the organization's name has a line break or another control character in it",
        ));
    }
    Ok(TEMPLATE
        .replace("{scheme}", options.scheme.as_str())
        .replace("{period}", period)
        .replace("{organization}", &quoted(organization)))
}

/// The text inside a basic string (TOML 1.0, section "String").
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// The header row, with the byte order mark without which Korean spreadsheets take UTF-8 for CP949.
fn header(columns: &[Column]) -> String {
    let ids: Vec<&str> = columns.iter().map(|column| column.id).collect();
    format!("\u{feff}{}\r\n", ids.join(","))
}

#[cfg(test)]
mod tests;
