//! What makes no difference: how answers are cut into files, packed, spelt, named and repeated.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use super::World;
use super::clock::{DAY, Spelling, Time};
use super::desk::Desk;
use super::estate::Estate;
use super::many::hold;
use super::outcome::Outcome;
use super::play::{Wrong, files};
use super::take::{Damage, Files, Saved, Take, pages, rows, text};
use crate::assess::GapKind;

/// One way to keep the same answers otherwise.
type Other = (&'static str, fn(&Files) -> Files);

const OTHERS: &[Other] = &[
    ("in numbered pages", |files| map(files, paged)),
    ("packed with gzip", |files| map(files, zipped)),
    ("packed with zip", packed),
    ("each twice", |files| map(files, twice)),
    ("under other names", |files| map(files, renamed)),
    ("behind a byte order mark", |files| map(files, marked)),
    ("in a deeper folder", |files| map(files, deeper)),
];

/// What goes wrong today, by the beginning of its kind.
const KNOWN: &[&str] = &[];

type Kept = Vec<(String, Saved)>;

fn map(files: &Files, each: fn(&str, &Saved) -> Kept) -> Files {
    files
        .iter()
        .flat_map(|(path, saved)| each(path, saved))
        .collect()
}

fn with(saved: &Saved, bytes: Vec<u8>) -> Saved {
    Saved {
        bytes,
        ..saved.clone()
    }
}

fn as_it_is(path: &str, saved: &Saved) -> Kept {
    vec![(path.to_owned(), saved.clone())]
}

/// How many rows the answer has, where it is one list.
fn count(answer: &Value) -> usize {
    rows(&mut answer.clone()).map_or(0, |(_, rows)| rows.len())
}

fn answer(saved: &Saved) -> Option<Value> {
    serde_json::from_slice(&saved.bytes).ok()
}

/// Whether the file's name tells something: of which rule an empty answer is, or when and where it
/// was taken.
fn name_tells(path: &str, saved: &Saved) -> bool {
    let is_empty = answer(saved).is_none_or(|answer| count(&answer) == 0);
    path.contains("_Config_") || path.contains("-page-") || is_empty
}

/// Whether AWS gives such an answer in pages: it always gives all recorders, and all their statuses, at once.
fn comes_in_pages(answer: &Value) -> bool {
    const AT_ONCE: [&str; 2] = ["ConfigurationRecorders", "ConfigurationRecordersStatus"];
    AT_ONCE.iter().all(|key| answer.get(key).is_none())
}

fn paged(path: &str, saved: &Saved) -> Kept {
    let several = |answer: &Value| answer.get("NextToken").is_none() && count(answer) > 1;
    match answer(saved).filter(|answer| several(answer) && comes_in_pages(answer)) {
        Some(answer) if !name_tells(path, saved) => {
            let stem = path.trim_end_matches(".json");
            let pages = pages(&answer, 1);
            let numbered = pages
                .iter()
                .zip(1..)
                .map(|(page, number)| (format!("{stem}-{number}.json"), with(saved, text(page))));
            numbered.collect()
        }
        _ => as_it_is(path, saved),
    }
}

fn zipped(path: &str, saved: &Saved) -> Kept {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&saved.bytes).expect("memory");
    vec![(
        format!("{path}.gz"),
        with(saved, packed.finish().expect("memory")),
    )]
}

fn twice(path: &str, saved: &Saved) -> Kept {
    let mut kept = as_it_is(path, saved);
    if !name_tells(path, saved) && saved.damage == Damage::None {
        kept.push((path.replace(".json", "-copy.json"), saved.clone()));
    }
    kept
}

/// All of them in one archive.
fn packed(files: &Files) -> Files {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (path, saved) in files {
        let name = path.trim_start_matches("exports/");
        archive.start_file(name, options).expect("memory");
        archive.write_all(&saved.bytes).expect("memory");
    }
    let bytes = archive.finish().expect("memory").into_inner();
    let first = files.values().next();
    let all = first.map(|saved| ("exports/all.zip".to_owned(), with(saved, bytes)));
    all.into_iter().collect()
}

/// The files are read in another order then, too.
fn renamed(path: &str, saved: &Saved) -> Kept {
    if name_tells(path, saved) || saved.damage != Damage::None {
        return as_it_is(path, saved);
    }
    let (folder, name) = path.rsplit_once('/').expect("a folder");
    let letters: String = name
        .bytes()
        .rev()
        .map(|byte| char::from(b'a' + byte % 26))
        .collect();
    vec![(format!("{folder}/{letters}.json"), saved.clone())]
}

fn marked(path: &str, saved: &Saved) -> Kept {
    let bytes = ["\u{feff}".as_bytes(), &saved.bytes].concat();
    vec![(path.to_owned(), with(saved, bytes))]
}

fn deeper(path: &str, saved: &Saved) -> Kept {
    vec![(
        path.replacen("exports/", "exports/from/people/", 1),
        saved.clone(),
    )]
}

fn moved(world: &World, span: Time) -> World {
    let (mut estate, mut takes) = world.clone();
    estate.now += span;
    for site in &mut estate.sites {
        for one in &mut site.resources {
            one.created += span;
            one.deleted = one.deleted.map(|time| time + span);
            one.quality
                .values_mut()
                .flatten()
                .for_each(|(since, _)| *since += span);
        }
        for rule in &mut site.rules {
            rule.created += span;
            rule.broken = rule.broken.map(|time| time + span);
        }
        if let Some(recorder) = &mut site.recorder {
            recorder.started += span;
            recorder.stopped = recorder.stopped.map(|time| time + span);
        }
    }
    for take in &mut takes {
        take.time += span;
    }
    (estate, takes)
}

fn compare(
    what: &str,
    one: &Result<Outcome, Wrong>,
    other: &Result<Outcome, Wrong>,
) -> Option<Wrong> {
    match (one, other) {
        (Ok(one), Ok(other)) => one.differs(other).map(|how| Wrong::new(what, how)),
        (Err(wrong), _) | (_, Err(wrong)) => Some(wrong.clone()),
    }
}

fn kept_otherwise((estate, takes): &World) -> Vec<Wrong> {
    let mut desk = Desk::new();
    let files = files(estate, takes);
    let one = Outcome::of(&mut desk, estate, &files);
    let others = OTHERS.iter().filter_map(|(what, keep)| {
        compare(what, &one, &Outcome::of(&mut desk, estate, &keep(&files)))
    });
    others.collect()
}

#[test]
fn however_the_same_answers_are_kept_the_outcome_is_the_same() {
    hold(60, KNOWN, &kept_otherwise);
}

fn spelt_otherwise((estate, takes): &World) -> Vec<Wrong> {
    let mut desk = Desk::new();
    let mut spelt = |spelling| {
        let estate = Estate {
            spelling,
            ..estate.clone()
        };
        Outcome::of(&mut desk, &estate, &files(&estate, takes))
    };
    let one = spelt(Spelling::Offset);
    let others = [Spelling::Epoch, Spelling::Python].map(spelt);
    let mut wrong = Vec::new();
    wrong.extend(
        others
            .iter()
            .filter_map(|other| compare("spelt otherwise", &one, other)),
    );
    wrong
}

#[test]
fn in_another_clients_spelling_the_outcome_is_the_same() {
    hold(60, KNOWN, &spelt_otherwise);
}

#[test]
fn a_quarter_later_all_is_the_same() {
    let later = |world: &World| {
        // Seoul's quarters are whole days, and rules run at their time of the day.
        let span = 92 * DAY;
        let (estate, takes) = moved(world, span);
        let mut desk = Desk::new();
        let one = Outcome::of(&mut desk, &world.0, &files(&world.0, &world.1));
        desk.period = "2026Q4";
        let other = Outcome::of(&mut desk, &estate, &files(&estate, &takes));
        compare("a quarter later", &one, &other)
            .into_iter()
            .collect()
    };
    hold(60, KNOWN, &later);
}

#[test]
fn an_account_out_of_scope_changes_nothing_but_that_it_is_listed() {
    let beside = |(estate, takes): &World| {
        let (foreign, others) = super::world(u64::try_from(estate.now).unwrap_or_default());
        let mut with = files(estate, takes);
        let mut desk = Desk::new();
        let one = Outcome::of(&mut desk, estate, &with);
        let others: Vec<Take> = others;
        for (path, saved) in files(&foreign, &others) {
            if path.contains("aggregator") || matches!(saved.damage, Damage::Copied(..)) {
                continue;
            }
            let elsewhere = |text: &str| {
                let accounts = ["111122223333", "444455556666", "999988887777"];
                accounts.iter().fold(text.to_owned(), |text, account| {
                    text.replace(account, "222233334444")
                })
            };
            let bytes = elsewhere(&String::from_utf8_lossy(&saved.bytes)).into_bytes();
            with.insert(elsewhere(&path), Saved { bytes, ..saved });
        }
        let mut other = Outcome::of(&mut desk, estate, &with);
        let mut one = one;
        for outcome in [&mut one, &mut other].into_iter().flatten() {
            let of_scope =
                |kind: &GapKind| !matches!(kind, GapKind::OutOfScope | GapKind::Unreadable);
            outcome.gaps.retain(|(kind, text)| {
                of_scope(kind) || !text.contains("222233334444") && *kind != GapKind::OutOfScope
            });
        }
        compare("an account out of scope", &one, &other)
            .into_iter()
            .collect()
    };
    hold(60, KNOWN, &beside);
}
