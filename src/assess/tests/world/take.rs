//! An answer that people saved at some time, and what happened to the file since.

use std::collections::BTreeMap;

use serde_json::Value;

use super::clock::{Time, compact};
use super::estate::Estate;
use super::request::Request;

/// A command that was run, and what became of its answer.
#[derive(Debug, Clone)]
pub struct Take {
    pub account: &'static str,
    pub region: &'static str,
    /// Without the region.
    pub command: String,
    pub time: Time,
    /// The file's name, without its ending.
    pub name: String,
    pub damage: Damage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    None,
    /// Its second half is missing, and a token is left over.
    Cut,
    /// Each page is a file with a number.
    Paged(usize),
    /// So it is, and the page of this index was lost.
    LostPage(usize),
    /// One of two pages cannot be read.
    BrokenPage,
    /// The file ends in the middle.
    Unreadable,
    /// It was copied into the folder of this site, too.
    Copied(&'static str, &'static str),
    /// Its date was lost.
    Undated,
}

/// A file under `exports/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    pub bytes: Vec<u8>,
    /// When AWS gave the answer.
    pub time: Time,
    pub account: &'static str,
    pub region: &'static str,
    pub operation: String,
    /// The verdicts that it was asked for alone.
    pub filtered: Option<String>,
    pub damage: Damage,
}

pub type Files = BTreeMap<String, Saved>;

impl Take {
    pub fn request(&self) -> Result<Request, String> {
        Request::parse(&format!("aws {} --region {}", self.command, self.region))
    }

    /// Runs the command and saves its answer; a command that AWS refuses saves nothing.
    pub fn save(&self, estate: &Estate, files: &mut Files) {
        let Ok(request) = self.request() else {
            return;
        };
        let Ok(mut answer) = estate.call(self.account, &request, self.time) else {
            return;
        };
        if self.damage == Damage::Undated
            && let Some(fields) = answer.as_object_mut()
        {
            fields.remove("ResponseMetadata");
        }
        let saved = |bytes: Vec<u8>| Saved {
            bytes,
            time: self.time,
            account: self.account,
            region: self.region,
            operation: request.operation.clone(),
            filtered: request.all("compliance-types").first().cloned(),
            damage: self.damage,
        };
        let path = |suffix: &str| self.path(&request, suffix);
        match self.damage {
            Damage::None | Damage::Undated => {
                files.insert(path(""), saved(text(&answer)));
            }
            Damage::Cut => {
                let rows = rows(&mut answer).map_or(0, |(_, rows)| rows.len());
                let mut pages = pages(&answer, rows.div_ceil(2).max(1));
                let mut first = pages.remove(0);
                first["NextToken"] = "cut".into();
                files.insert(path(""), saved(text(&first)));
            }
            Damage::Unreadable => {
                let whole = text(&answer);
                files.insert(path(""), saved(whole[..whole.len() / 2].to_vec()));
            }
            Damage::Copied(account, region) => {
                files.insert(path(""), saved(text(&answer)));
                let own = format!("exports/{}/{}/", self.account, self.region);
                let copy = path("").replacen(&own, &format!("exports/{account}/{region}/"), 1);
                files.entry(copy).or_insert_with(|| saved(text(&answer)));
            }
            Damage::Paged(_) | Damage::LostPage(_) | Damage::BrokenPage => {
                let count = rows(&mut answer).map_or(0, |(_, rows)| rows.len());
                let of_page = match self.damage {
                    Damage::Paged(pages) => count.div_ceil(pages),
                    _ => count.div_ceil(2),
                };
                for (number, page) in pages(&answer, of_page.max(1)).iter().enumerate() {
                    let mut bytes = text(page);
                    if self.damage == Damage::BrokenPage && number == 0 {
                        bytes.truncate(bytes.len() / 2);
                    }
                    if self.damage != Damage::LostPage(number) {
                        files.insert(path(&format!("-page-{}", number + 1)), saved(bytes));
                    }
                }
            }
        }
    }

    /// Where it is saved: what AWS delivers has AWS's own names.
    fn path(&self, request: &Request, suffix: &str) -> String {
        let (account, region) = (self.account, self.region);
        let folder = if request.operation.contains("aggregate") {
            "exports/aggregator".to_owned()
        } else {
            format!("exports/{account}/{region}")
        };
        let time = compact(self.time);
        match request.operation.as_str() {
            "deliver-configuration-snapshot" => {
                format!(
                    "{folder}/{account}_Config_{region}_ConfigSnapshot_{time}_{}{suffix}.json",
                    self.name
                )
            }
            "deliver-configuration-history" => {
                format!(
                    "{folder}/{account}_Config_{region}_ConfigHistory_all_{time}_{}{suffix}.json",
                    self.name
                )
            }
            _ => format!("{folder}/{}{suffix}.json", self.name),
        }
    }
}

pub fn text(answer: &Value) -> Vec<u8> {
    answer.to_string().into_bytes()
}

/// The one list of an answer, and its key.
pub fn rows(answer: &mut Value) -> Option<(String, &mut Vec<Value>)> {
    let fields = answer.as_object_mut()?;
    fields
        .iter_mut()
        .find_map(|(key, value)| Some((key.clone(), value.as_array_mut()?)))
}

/// The answer in pages of so many rows: all but the last have a token. AWS dates each.
pub fn pages(answer: &Value, of_page: usize) -> Vec<Value> {
    let mut whole = answer.clone();
    let Some((key, all)) = rows(&mut whole) else {
        return vec![whole];
    };
    let all = std::mem::take(all);
    let chunks: Vec<&[Value]> = if all.is_empty() {
        vec![&[]]
    } else {
        all.chunks(of_page).collect()
    };
    let last = chunks.len() - 1;
    let page = |(number, rows): (usize, &&[Value])| {
        let mut page = whole.clone();
        page[&key] = rows.to_vec().into();
        if number < last {
            page["NextToken"] = format!("after-{number}").into();
        }
        page
    };
    chunks.iter().enumerate().map(page).collect()
}
