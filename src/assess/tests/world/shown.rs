//! A world as a person reads it.

use std::fmt::Write;

use super::clock::iso;
use super::play::{Wrong, files};
use super::shrink::World;

pub fn shown(seed: u64, (estate, takes): &World, wrong: &Wrong) -> String {
    let mut out = format!("seed {seed}: {}\n{}\n", wrong.kind, wrong.shown);
    let mut line = |text: String| {
        let _ = writeln!(out, "{text}");
    };
    line(format!(
        "now {} dated {} spelling {:?} page {}",
        iso(estate.now),
        estate.dated,
        estate.spelling,
        estate.page
    ));
    for site in &estate.sites {
        line(format!(
            "{} {} in scope: {}; recorder {:?}, a service's: {}",
            site.account, site.region, site.in_scope, site.recorder, site.internal_recorder
        ));
        for rule in &site.rules {
            let broken = rule.broken.map(iso);
            line(format!(
                "  rule {} = {} {:?} since {} {:?} {:?} active {} internal {} proactive {} broken {broken:?}",
                rule.name,
                rule.managed,
                rule.origin,
                iso(rule.created),
                rule.asked,
                rule.narrowed,
                rule.active,
                rule.internal,
                rule.proactive
            ));
        }
        for pack in &site.packs {
            line(format!("  pack {pack:?}"));
        }
        for one in &site.resources {
            let quality: Vec<String> = one
                .quality
                .iter()
                .map(|(name, since)| {
                    let since: Vec<String> = since
                        .iter()
                        .map(|(time, quality)| format!("{quality:?} {}", iso(*time)))
                        .collect();
                    format!("{name} {}", since.join(", "))
                })
                .collect();
            let deleted = one.deleted.map(iso);
            line(format!(
                "  {} {} since {} deleted {deleted:?} tagged {}: {}",
                one.kind,
                one.id,
                iso(one.created),
                one.tagged,
                quality.join("; ")
            ));
        }
    }
    for take in takes {
        line(format!(
            "take {} {} {}: {} {:?}",
            iso(take.time),
            take.account,
            take.region,
            take.command,
            take.damage
        ));
    }
    for (path, saved) in files(estate, takes) {
        let text = String::from_utf8_lossy(&saved.bytes)
            .chars()
            .take(1500)
            .collect::<String>();
        line(format!("{path}\n    {text}"));
    }
    out
}
