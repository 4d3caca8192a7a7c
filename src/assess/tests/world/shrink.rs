//! Makes an estate that fails as small as it stays wrong in the same way.

use super::clock::Spelling;
use super::estate::{Asked, Estate, Narrowed, Recorder, Records};
use super::take::{Damage, Take};

pub type World = (Estate, Vec<Take>);

/// The smallest world found that is still wrong.
pub fn shrink(mut world: World, still: &mut dyn FnMut(&World) -> bool) -> World {
    let mut tries = 200;
    loop {
        let mut smaller = candidates(&world).into_iter();
        let found = smaller.find(|candidate| {
            tries -= 1;
            tries > 0 && still(candidate)
        });
        match found {
            Some(found) => world = found,
            None => return world,
        }
    }
}

/// Worlds that lack one thing.
fn candidates(world: &World) -> Vec<World> {
    let mut found = Vec::new();
    let (estate, takes) = world;
    let mut change = |change: &dyn Fn(&mut World)| {
        let mut other = world.clone();
        change(&mut other);
        found.push(other);
    };
    for index in 0..estate.sites.len() {
        if estate.sites.len() > 1 {
            let gone = &estate.sites[index];
            let (account, region) = (gone.account, gone.region);
            let others_in_scope = estate
                .sites
                .iter()
                .any(|site| site.in_scope && (site.account, site.region) != (account, region));
            if others_in_scope {
                change(&|(estate, takes)| {
                    estate.sites.remove(index);
                    takes.retain(|take| (take.account, take.region) != (account, region));
                });
            }
        }
    }
    for index in 0..takes.len() {
        change(&|(_, takes)| {
            takes.remove(index);
        });
    }
    for (at, site) in estate.sites.iter().enumerate() {
        for index in 0..site.rules.len() {
            change(&|(estate, _)| {
                estate.sites[at].rules.remove(index);
            });
        }
        for one in &site.resources {
            change(&|(estate, _)| {
                let of_account = estate
                    .sites
                    .iter_mut()
                    .filter(|other| other.account == site.account);
                of_account.for_each(|other| {
                    other
                        .resources
                        .retain(|other| other.id != one.id || other.id == site.account);
                });
            });
        }
    }
    for (index, take) in takes.iter().enumerate() {
        if take.damage != Damage::None {
            change(&|(_, takes)| takes[index].damage = Damage::None);
        }
    }
    plainer(world, &mut found);
    // What changes nothing leads nowhere.
    let same = format!("{world:?}");
    found.retain(|other| format!("{other:?}") != same);
    found
}

/// Worlds in which one thing is as it usually is.
fn plainer(world: &World, found: &mut Vec<World>) {
    let (estate, _) = world;
    let mut change = |change: &dyn Fn(&mut Estate)| {
        let mut other = world.clone();
        change(&mut other.0);
        found.push(other);
    };
    change(&|estate| estate.dated = true);
    change(&|estate| estate.spelling = Spelling::Offset);
    change(&|estate| estate.page = 100);
    change(&|estate| estate.policy = false);
    for (at, site) in estate.sites.iter().enumerate() {
        change(&|estate| estate.sites[at].internal_recorder = false);
        change(&|estate| {
            let started = super::clock::FROM - 91 * super::clock::DAY;
            estate.sites[at].recorder = Some(Recorder {
                records: Records::All(true),
                started,
                stopped: None,
            });
        });
        for pack in 0..site.packs.len() {
            change(&|estate| estate.sites[at].packs[pack].tagged = false);
        }
        for index in 0..site.rules.len() {
            change(&|estate| estate.sites[at].rules[index].broken = None);
            change(&|estate| estate.sites[at].rules[index].active = true);
            change(&|estate| estate.sites[at].rules[index].internal = false);
            change(&|estate| estate.sites[at].rules[index].proactive = false);
            change(&|estate| estate.sites[at].rules[index].narrowed = Narrowed::No);
            change(&|estate| estate.sites[at].rules[index].asked = Asked::Baseline);
        }
        for index in 0..site.resources.len() {
            change(&|estate| estate.sites[at].resources[index].deleted = None);
            change(&|estate| {
                let qualities = estate.sites[at].resources[index].quality.values_mut();
                qualities.for_each(|since| since.truncate(1));
            });
        }
    }
}
