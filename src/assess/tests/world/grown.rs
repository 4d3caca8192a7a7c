//! Estates as they grow from a seed: small, and each odd in a way or two.

use std::collections::BTreeMap;

use super::clock::{DAY, FROM, HOUR, Spelling, TO, Time};
use super::deployed::{deploy, make_plain, recorder};
use super::estate::*;
use super::random::Random;
use super::verdict::{kinds, managed};
use crate::catalogue::Reach;

/// Rules that together decide one control or more.
const GROUPS: &[&[&str]] = &[
    &["iam-password-policy"],
    &["no-unrestricted-route-to-igw"],
    &["guardduty-non-archived-findings"],
    &[
        "ec2-volume-inuse-check",
        "ec2-managedinstance-association-compliance-status-check",
    ],
    &[
        "cmk-backing-key-rotation-enabled",
        "kms-cmk-not-scheduled-for-deletion",
    ],
    &[
        "codebuild-project-envvar-awscred-check",
        "codebuild-project-source-repo-url-check",
    ],
    &[
        "iam-user-mfa-enabled",
        "mfa-enabled-for-iam-console-access",
        "root-account-mfa-enabled",
    ],
    &[
        "no-unrestricted-route-to-igw",
        "encrypted-volumes",
        "restricted-ssh",
    ],
];

/// Account, region, whether it is in scope, and how rare it is.
const SITES: &[(&str, &str, bool, usize)] = &[
    ("111122223333", "ap-northeast-2", true, 1),
    ("111122223333", "us-east-1", true, 2),
    ("444455556666", "ap-northeast-2", true, 4),
    ("111122223333", "eu-west-1", false, 8),
    ("999988887777", "ap-northeast-2", false, 8),
];

pub const SPRING: Time = FROM - 90 * DAY;

pub fn estate(random: &mut Random) -> Estate {
    let mut rules: Vec<&'static str> = random.pick(GROUPS).to_vec();
    if random.one_in(3) {
        rules.extend(*random.pick(GROUPS));
    }
    rules.sort_unstable();
    rules.dedup();
    let now = match random.below(10) {
        0 => random.between(FROM + 15 * DAY, FROM + 50 * DAY),
        1 => random.between(TO + DAY, TO + 4 * DAY),
        _ => random.between(TO - 25 * DAY, TO - DAY),
    };
    let mut estate = Estate {
        sites: Vec::new(),
        dated: !random.one_in(4),
        spelling: *random.pick(&Spelling::ALL),
        now,
        policy: random.one_in(8),
        page: if random.one_in(4) { 2 } else { 100 },
    };
    // One in three has nothing odd: only what was exported of it is.
    let plain = random.one_in(3);
    estate.dated |= plain;
    let mut users: BTreeMap<&str, Vec<Resource>> = BTreeMap::new();
    for (account, region, in_scope, rare) in SITES {
        if !random.one_in(*rare) {
            continue;
        }
        let of_account = users
            .entry(account)
            .or_insert_with(|| global(random, account, &rules, now));
        let of_account = of_account.clone();
        let mut site = Site {
            account,
            region,
            in_scope: *in_scope,
            resources: regional(random, account, region, &rules, now),
            rules: Vec::new(),
            packs: Vec::new(),
            recorder: recorder(random, now),
            internal_recorder: random.one_in(10),
        };
        merge(&mut site.resources, of_account);
        deploy(random, &mut site, &rules, now);
        if plain {
            make_plain(&mut site);
        }
        estate.sites.push(site);
    }
    estate
}

/// The account itself is one resource, whoever judges it.
fn merge(resources: &mut Vec<Resource>, others: Vec<Resource>) {
    for other in others {
        match resources
            .iter_mut()
            .find(|one| one.kind == other.kind && one.id == other.id)
        {
            Some(known) => known.quality.extend(other.quality),
            None => resources.push(other),
        }
    }
}

fn judging(rules: &[&'static str], kind: &str, reach: Reach) -> Vec<&'static str> {
    let fits = |name: &&&str| {
        let rule = managed(name);
        rule.reach == reach && kinds(rule).contains(&kind)
    };
    rules.iter().filter(fits).copied().collect()
}

fn global(random: &mut Random, account: &str, rules: &[&'static str], now: Time) -> Vec<Resource> {
    let mut found = vec![resource(
        random,
        ACCOUNT,
        account.to_owned(),
        SPRING,
        &[],
        now,
    )];
    found[0].deleted = None;
    for name in judging(rules, ACCOUNT, Reach::Global) {
        let since = qualities(random, name, SPRING, now);
        found[0].quality.insert(name, since);
    }
    let role = format!("AROA{}", &account[..6]);
    let mut role = resource(random, "AWS::IAM::Role", role, SPRING, &[], now);
    role.deleted = None;
    found.push(role);
    for number in 0..random.below(3) {
        let created = born(random, now);
        let id = format!("AIDA{number}{}", &account[..4]);
        let names = judging(rules, "AWS::IAM::User", Reach::Global);
        found.push(resource(random, "AWS::IAM::User", id, created, &names, now));
    }
    found
}

fn regional(
    random: &mut Random,
    account: &str,
    region: &str,
    rules: &[&'static str],
    now: Time,
) -> Vec<Resource> {
    let names = judging(rules, ACCOUNT, Reach::Regional);
    let mut of_account = resource(random, ACCOUNT, account.to_owned(), SPRING, &names, now);
    of_account.deleted = None;
    let mut found = vec![of_account];
    let mut kinds: Vec<&'static str> = rules.iter().flat_map(|name| kinds(managed(name))).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let tail = format!("{}{}", &account[..3], &region[..2]);
    for kind in kinds {
        if kind == ACCOUNT || kind.starts_with("AWS::IAM::") {
            continue;
        }
        let names = judging(rules, kind, Reach::Regional);
        for number in 0..random.below(4) {
            let created = born(random, now);
            let short = kind.rsplit(':').next().unwrap_or_default().to_lowercase();
            let short = &short[..short.len().min(3)];
            let id = format!("{short}-{number}{tail}");
            found.push(resource(random, kind, id, created, &names, now));
        }
    }
    // Each network has a route table, and no route table is without a network.
    if found.iter().any(|one| one.kind == "AWS::EC2::RouteTable") {
        let mut network = resource(
            random,
            "AWS::EC2::VPC",
            format!("vpc-0{tail}"),
            SPRING,
            &[],
            now,
        );
        network.deleted = None;
        found.push(network);
        let table = found
            .iter_mut()
            .find(|one| one.kind == "AWS::EC2::RouteTable");
        if let Some(table) = table {
            table.deleted = None;
        }
        // And a default security group.
        let kind = "AWS::EC2::SecurityGroup";
        let names = judging(rules, kind, Reach::Regional);
        if !names.is_empty() {
            let id = format!("sec-9{tail}");
            let mut group = resource(random, kind, id, SPRING, &names, now);
            group.deleted = None;
            found.push(group);
        }
    }
    found
}

fn born(random: &mut Random, now: Time) -> Time {
    if random.one_in(3) {
        random.between(FROM, now)
    } else {
        random.between(SPRING, FROM)
    }
}

fn resource(
    random: &mut Random,
    kind: &'static str,
    id: String,
    created: Time,
    names: &[&'static str],
    now: Time,
) -> Resource {
    let quality = names
        .iter()
        .map(|name| (*name, qualities(random, name, created, now)));
    let quality = quality.collect();
    let deleted = random
        .one_in(8)
        .then(|| random.between(created + HOUR, now + 3 * HOUR));
    Resource {
        kind,
        id,
        created,
        deleted,
        tagged: random.one_in(2),
        quality,
    }
}

fn qualities(random: &mut Random, name: &str, created: Time, now: Time) -> Vec<(Time, Quality)> {
    let mut since = vec![(created, quality(random, name))];
    if random.one_in(5) {
        since.push((
            random.between(created + 1, now + HOUR),
            quality(random, name),
        ));
    }
    since
}

fn quality(random: &mut Random, name: &str) -> Quality {
    let apart = name == "cmk-backing-key-rotation-enabled" && random.one_in(5);
    match random.below(10) {
        _ if apart => Quality::Apart,
        0 => Quality::Bad,
        1 => Quality::Mild,
        2..=4 => Quality::Good,
        _ => Quality::Best,
    }
}
