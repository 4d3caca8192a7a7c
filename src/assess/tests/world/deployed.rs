//! Recorders, packs and rules, as people deploy them.

use super::clock::{DAY, FROM, SECOND, Time};
use super::estate::*;
use super::grown::SPRING;
use super::parameters;
use super::random::Random;
use super::verdict::{kinds, managed};

/// Everything is recorded, and every rule asks for the baseline of all resources and runs.
pub fn make_plain(site: &mut Site) {
    site.recorder = Some(Recorder {
        records: Records::All(true),
        started: SPRING - DAY,
        stopped: None,
    });
    for pack in &mut site.packs {
        pack.tagged = false;
    }
    for rule in &mut site.rules {
        rule.created = rule.created.min(SPRING + DAY);
        rule.asked = Asked::Baseline;
        rule.narrowed = Narrowed::No;
        (rule.active, rule.internal, rule.proactive) = (true, false, false);
        rule.broken = None;
    }
    // A failing resource in three estates of four hides what else there is to see.
    for since in site
        .resources
        .iter_mut()
        .flat_map(|one| one.quality.values_mut())
    {
        for (time, quality) in since {
            if *time % 4 != 0 && *quality != Quality::Apart {
                *quality = (*quality).max(Quality::Good);
            }
        }
    }
}

pub fn recorder(random: &mut Random, now: Time) -> Option<Recorder> {
    let some = || {
        vec![
            "AWS::EC2::Volume",
            "AWS::KMS::Key",
            "AWS::IAM::Role",
            "AWS::IAM::User",
        ]
    };
    let records = match random.below(12) {
        0 => return None,
        1 => Records::All(false),
        2 => Records::Only(some()),
        3 => Records::Except(some()),
        _ => Records::All(true),
    };
    let started = if random.one_in(6) {
        random.between(FROM, now)
    } else {
        SPRING - DAY
    };
    let stopped = random.one_in(10).then(|| random.between(started + 1, now));
    Some(Recorder {
        records,
        started,
        stopped,
    })
}

pub fn deploy(random: &mut Random, site: &mut Site, names: &[&'static str], now: Time) {
    for number in 0..random.below(3) {
        let (name, id) = (
            format!("kisms-{number}"),
            format!("conformance-pack-{}", random.word(9)),
        );
        site.packs.push(Pack {
            name,
            id,
            tagged: random.one_in(8),
        });
    }
    for managed in names {
        let copies = match random.below(12) {
            0 => 0,
            1..=8 => 1,
            _ => 2,
        };
        for _ in 0..copies {
            let rule = rule(random, site, managed, now);
            if site.rules.iter().all(|known| known.name != rule.name) {
                site.rules.push(rule);
            }
        }
    }
}

fn rule(random: &mut Random, site: &Site, managed_name: &'static str, now: Time) -> Rule {
    let (mut origin, mut name) = (Origin::People, managed_name.to_owned());
    match random.below(8) {
        0 => name = format!("corp-{}-check", random.word(4)),
        1 | 2 if !site.packs.is_empty() => {
            let pack = random.below(site.packs.len());
            origin = Origin::Pack(pack);
            name = format!("{managed_name}-{}", site.packs[pack].id);
        }
        3 => {
            origin = Origin::Organization;
            name = format!("OrgConfigRule-{managed_name}-{}", random.word(8));
        }
        4 => {
            origin = Origin::SecurityHub;
            name = format!("securityhub-{managed_name}-{}", random.word(6));
        }
        _ => {}
    }
    let of_account = kinds(managed(managed_name)).contains(&ACCOUNT);
    let ids: Vec<&str> = site
        .resources
        .iter()
        .filter(|one| one.kind != ACCOUNT)
        .map(|one| one.id.as_str())
        .collect();
    let narrowed = match random.below(20) {
        0 if !of_account => Narrowed::Tagged,
        1 if !of_account && !ids.is_empty() => Narrowed::To((*random.pick(&ids)).to_owned()),
        _ => Narrowed::No,
    };
    let asked = if random.one_in(3) {
        *random.pick(parameters::choices(managed_name))
    } else {
        Asked::Baseline
    };
    Rule {
        name,
        managed: managed_name,
        id: format!("config-rule-{}", random.word(6)),
        origin,
        created: if random.one_in(5) {
            random.between(FROM, now)
        } else {
            SPRING + random.between(0, DAY)
        },
        asked,
        narrowed,
        active: !random.one_in(25),
        internal: random.one_in(25),
        proactive: random.one_in(30),
        broken: random
            .one_in(20)
            .then(|| random.between(now - 20 * DAY, now)),
        runs_at: random.between(0, DAY),
        takes: random.between(SECOND, 20 * SECOND),
    }
}
