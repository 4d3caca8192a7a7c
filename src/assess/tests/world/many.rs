//! Many worlds, one after another, on all processors; and what went wrong in them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::play::Wrong;
use super::shown::shown;
use super::shrink::{World, shrink};
use super::world;

/// A number of worlds that the environment sets, for long runs at night.
#[expect(
    clippy::disallowed_methods,
    reason = "how long a test runs is set outside"
)]
pub fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

pub fn number(name: &str) -> Option<u64> {
    setting(name)?.parse().ok()
}

pub fn path(name: &str) -> Option<std::path::PathBuf> {
    Some(setting(name)?.into())
}

/// What is looked for in a world.
pub type Look<'l> = &'l (dyn Fn(&World) -> Vec<Wrong> + Sync);

/// One thing that went wrong in the world of a seed; the first of its kind is shown.
pub struct Failure {
    seed: u64,
    kind: String,
    shown: Option<String>,
}

/// Looks at the worlds of so many seeds, or as many as `KISMS_CASES` says, from `KISMS_SEED` on.
fn each(usual: u64, known: &[&str], look: Look<'_>) -> Vec<Failure> {
    let (first, count) = seeds(usual);
    let (next, found) = (AtomicU64::new(first), Mutex::new(BTreeMap::new()));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + count {
                return;
            }
            let wrong = look(&world(seed));
            if !wrong.is_empty() {
                found.lock().expect("no thread panics").insert(seed, wrong);
            }
        }
    };
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let found = found.into_inner().expect("no thread panics");
    described(found, known, look)
}

/// The first seed, and how many.
pub fn seeds(usual: u64) -> (u64, u64) {
    let first = number("KISMS_SEED").unwrap_or(0);
    (first, number("KISMS_CASES").unwrap_or(usual))
}

/// The first of each kind as small as it gets.
fn described(found: BTreeMap<u64, Vec<Wrong>>, known: &[&str], look: Look<'_>) -> Vec<Failure> {
    let mut shown = BTreeSet::new();
    let mut failures = Vec::new();
    for (seed, wrong) in found {
        let kinds: BTreeSet<String> = wrong.into_iter().map(|wrong| wrong.kind).collect();
        let is_new = |kind: &String| !known.iter().any(|known| kind.starts_with(known));
        for kind in kinds.into_iter().filter(is_new) {
            let first = shown.insert(kind.clone());
            let shown = first.then(|| smallest(seed, &kind, look));
            failures.push(Failure { seed, kind, shown });
        }
    }
    failures
}

fn smallest(seed: u64, kind: &str, look: Look<'_>) -> String {
    let of_kind = |world: &World| look(world).into_iter().find(|wrong| wrong.kind == kind);
    let small = shrink(world(seed), &mut |world| of_kind(world).is_some());
    of_kind(&small).map_or_else(String::new, |wrong| shown(seed, &small, &wrong))
}

/// Looks at many worlds, and fails where anything is wrong but in a known way.
pub fn hold(usual: u64, known: &[&str], look: Look<'_>) {
    let failures = each(usual, known, look);
    let mut kinds: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut texts = Vec::new();
    for failure in &failures {
        let seeds = kinds.entry(&failure.kind).or_default();
        seeds.push(failure.seed.to_string());
        texts.extend(failure.shown.as_deref());
    }
    let counted = kinds.iter().map(|(kind, seeds)| {
        let some: Vec<&str> = seeds.iter().take(5).map(String::as_str).collect();
        format!("{:5} {kind} (seeds {})", seeds.len(), some.join(", "))
    });
    let counted: Vec<String> = counted.collect();
    assert!(
        counted.is_empty(),
        "{}\n\n{}",
        texts.join("\n"),
        counted.join("\n")
    );
}
