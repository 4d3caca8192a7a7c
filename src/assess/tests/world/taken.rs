//! What people had saved before kisms suggested anything: a few answers, not all as they should be.

use super::answers::aggregate::NAME;
use super::clock::{DAY, HOUR, Time};
use super::estate::{Estate, Origin, Site};
use super::random::Random;
use super::request::quoted;
use super::take::{Damage, Take};

pub fn takes(random: &mut Random, estate: &Estate) -> Vec<Take> {
    let mut takes = Vec::new();
    for site in &estate.sites {
        if !site.in_scope && random.one_in(2) {
            continue;
        }
        let run = estate.now - random.between(HOUR, 3 * DAY);
        for (command, name, odds) in commands(site) {
            let times = match random.below(100) {
                chance if chance >= odds => continue,
                chance if chance % 7 == 0 => 2,
                _ => 1,
            };
            for number in 0..times {
                let time = when(random, run, estate.now);
                let name = format!("{name}{}", if number == 0 { "" } else { "-again" });
                let mut command = command.clone();
                if command.contains("details-by-config-rule") && random.one_in(12) {
                    let word = *random.pick(&["COMPLIANT", "NON_COMPLIANT"]);
                    command = format!("{command} --compliance-types {word}");
                }
                let damage = damage(random, estate);
                takes.push(Take {
                    account: site.account,
                    region: site.region,
                    command,
                    time,
                    name,
                    damage,
                });
            }
        }
    }
    takes
}

fn when(random: &mut Random, run: Time, now: Time) -> Time {
    if random.one_in(4) {
        now - random.between(HOUR, 60 * DAY)
    } else {
        run + random.between(0, HOUR / 2)
    }
}

fn damage(random: &mut Random, estate: &Estate) -> Damage {
    match random.below(40) {
        0 | 1 => Damage::Cut,
        2 => Damage::Paged(2),
        3 => Damage::Paged(3),
        4 => Damage::LostPage(0),
        5 => Damage::LostPage(1),
        6 => Damage::BrokenPage,
        7 => Damage::Unreadable,
        8 => {
            let to = random.pick(&estate.sites);
            Damage::Copied(to.account, to.region)
        }
        9 => Damage::Undated,
        _ => Damage::None,
    }
}

/// A command without its region, the name of the file, and how many of a hundred people have it.
type Habit = (String, String, usize);

/// Operations that ask for a whole place.
const OF_PLACES: &[(&str, &str, usize)] = &[
    ("describe-config-rules", "describe-config-rules", 60),
    ("describe-compliance-by-config-rule", "levels", 35),
    ("describe-config-rule-evaluation-status", "statuses", 30),
    ("describe-conformance-packs", "packs", 25),
    ("describe-configuration-recorders", "recorders", 35),
    (
        "describe-configuration-recorder-status",
        "recorder-status",
        35,
    ),
    (
        "get-compliance-summary-by-config-rule",
        "summary-by-rule",
        10,
    ),
    (
        "get-compliance-summary-by-resource-type",
        "summary-by-type",
        10,
    ),
    ("describe-compliance-by-resource", "by-resource", 12),
    ("get-discovered-resource-counts", "discovered-counts", 8),
    ("deliver-configuration-snapshot", "245f8f3b", 25),
    ("deliver-configuration-history", "x", 12),
    (
        "select-resource-config --expression 'SELECT accountId'",
        "selected",
        6,
    ),
];

fn habit(command: &str, name: &str, odds: usize) -> Habit {
    (format!("configservice {command}"), name.to_owned(), odds)
}

fn commands(site: &Site) -> Vec<Habit> {
    let places = OF_PLACES.iter();
    let places = places.map(|(words, name, odds)| habit(words, name, *odds));
    let mut all: Vec<Habit> = places.collect();
    of_rules(site, &mut all);
    of_packs(site, &mut all);
    of_resources(site, &mut all);
    of_organization(site, &mut all);
    all
}

fn of_rules(site: &Site, all: &mut Vec<Habit>) {
    for (number, rule) in site.rules.iter().enumerate() {
        let option = format!("--config-rule-name {}", quoted(&rule.name));
        let other = format!("details-{}", ["a", "b", "c", "d"][number % 4]);
        let name = if number % 3 == 2 { &other } else { &rule.name };
        let operation = "get-compliance-details-by-config-rule";
        all.push(habit(&format!("{operation} {option}"), name, 65));
        let (account, region) = (site.account, site.region);
        let command = format!(
            "get-aggregate-compliance-details-by-config-rule --configuration-aggregator-name {NAME} {option} --account-id {account} --aws-region {region}"
        );
        let name = format!("{}-{account}-{region}", rule.name);
        all.push(habit(&command, &name, 6));
    }
    if site
        .rules
        .iter()
        .any(|rule| rule.origin == Origin::SecurityHub)
    {
        let command = "securityhub get-findings".to_owned();
        all.push((command, "get-findings".to_owned(), 40));
    }
}

fn of_packs(site: &Site, all: &mut Vec<Habit>) {
    for pack in &site.packs {
        let (name, file) = (&pack.name, letters(&pack.name));
        for (operation, option, before, odds) in [
            (
                "get-conformance-pack-compliance-details",
                "name",
                "pack",
                40,
            ),
            ("describe-conformance-pack-compliance", "name", "levels", 15),
            (
                "get-conformance-pack-compliance-summary",
                "names",
                "summary",
                12,
            ),
        ] {
            let command = format!("{operation} --conformance-pack-{option} {name}");
            all.push(habit(&command, &format!("{before}-{file}"), odds));
        }
    }
}

fn of_resources(site: &Site, all: &mut Vec<Habit>) {
    if let Some(one) = site.resources.last() {
        let (kind, id) = (one.kind, quoted(&one.id));
        let command =
            format!("get-compliance-details-by-resource --resource-type {kind} --resource-id {id}");
        all.push(habit(&command, "one-resource", 6));
        let command = format!("list-discovered-resources --resource-type {kind}");
        all.push(habit(&command, "listed", 8));
    }
}

fn of_organization(site: &Site, all: &mut Vec<Habit>) {
    for (operation, before, odds) in [
        ("describe-aggregate-compliance-by-config-rules", "levels", 5),
        ("get-aggregate-config-rule-compliance-summary", "counts", 4),
    ] {
        let command = format!("{operation} --configuration-aggregator-name {NAME}");
        all.push(habit(&command, &format!("{before}-{}", site.region), odds));
    }
}

/// Numbers in names would count pages.
fn letters(name: &str) -> String {
    name.chars()
        .map(|c| {
            if c.is_ascii_digit() {
                char::from(b'a' + (c as u8 - b'0'))
            } else {
                c
            }
        })
        .collect()
}
