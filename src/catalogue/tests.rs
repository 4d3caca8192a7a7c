//! The built-in tables, counted and cross-read.

use super::*;

fn id(text: &str) -> ControlId {
    text.parse().expect("a control's number")
}

#[test]
fn the_table_has_3_areas_21_domains_and_101_items_of_which_80_are_isms() {
    let count = |level| {
        catalogue()
            .controls
            .iter()
            .filter(|c| c.level == level)
            .count()
    };
    assert_eq!(count(Level::Area), 3);
    assert_eq!(count(Level::Domain), 21);
    assert_eq!(count(Level::Item), 101);
    let items = catalogue()
        .controls
        .iter()
        .filter(|c| c.level == Level::Item);
    let (isms, of_area_1): (Vec<_>, Vec<_>) = (
        items
            .clone()
            .filter(|c| Scheme::Isms.includes(c.id))
            .collect(),
        items.filter(|c| c.id.area() == id("1")).collect(),
    );
    assert_eq!((isms.len(), of_area_1.len()), (80, 16));
}

#[test]
fn every_domain_and_item_stands_under_what_it_belongs_to() {
    for control in &catalogue().controls {
        assert!(
            catalogue().control(control.id.area()).is_some(),
            "{}",
            control.id
        );
        if let Some(domain) = control.id.domain() {
            assert!(catalogue().control(domain).is_some(), "{}", control.id);
        }
    }
}

#[test]
fn titles_are_in_their_language() {
    for control in &catalogue().controls {
        let hangul = |text: &str| text.chars().any(|c| ('가'..='힣').contains(&c));
        assert!(hangul(&control.title_ko), "{}", control.id);
        assert!(!hangul(&control.title_en), "{}", control.id);
        assert_eq!(control.title_ko.trim(), control.title_ko);
        assert_eq!(control.title_en.trim(), control.title_en);
    }
}

#[test]
fn the_pack_has_113_rules_and_the_newer_page_two_more() {
    let from = |source| {
        catalogue()
            .rules
            .values()
            .filter(|r| r.source == source)
            .count()
    };
    assert_eq!(from("aws-kisms-page"), 113);
    assert_eq!(from("aws-kisms-page-en"), 2);
    assert_eq!(catalogue().rules.len(), 115);
}

#[test]
fn the_mapping_has_168_rows_and_three_newer_ones_on_25_controls() {
    let from = |source| {
        catalogue()
            .mapping
            .iter()
            .filter(|r| r.source == source)
            .count()
    };
    assert_eq!(from("aws-kisms-page"), 168);
    assert_eq!(from("aws-kisms-page-en"), 3);
    assert_eq!(catalogue().mapping.len(), 171);
    let controls: BTreeSet<ControlId> = catalogue().mapping.iter().map(|r| r.control_id).collect();
    assert_eq!(controls.len(), 25);
    let domains: Vec<String> = controls
        .iter()
        .filter(|c| c.level() == Level::Domain)
        .map(ToString::to_string)
        .collect();
    assert_eq!(domains, ["2.6", "2.7", "2.12"]);
    for rule in catalogue().rules.keys() {
        assert!(
            catalogue().controls_of(rule).next().is_some(),
            "{rule} maps to nothing"
        );
    }
}

#[test]
fn five_managed_names_differ_from_their_identifier() {
    let mut differ: Vec<(&str, &str)> = catalogue()
        .rules
        .values()
        .filter(|r| r.name.to_uppercase().replace('-', "_") != r.source_identifier)
        .map(|r| (r.name.as_str(), r.source_identifier.as_str()))
        .collect();
    differ.sort_unstable();
    assert_eq!(
        differ,
        [
            ("cloudtrail-enabled", "CLOUD_TRAIL_ENABLED"),
            ("ec2-instances-in-vpc", "INSTANCES_IN_VPC"),
            (
                "multi-region-cloudtrail-enabled",
                "MULTI_REGION_CLOUD_TRAIL_ENABLED"
            ),
            ("restricted-common-ports", "RESTRICTED_INCOMING_TRAFFIC"),
            ("restricted-ssh", "INCOMING_SSH_DISABLED"),
        ]
    );
}

#[test]
fn rules_on_identities_and_on_the_account_reach_globally() {
    let expected = |name: &str| {
        let account_wide = [
            "access-keys-rotated",
            "mfa-enabled-for-iam-console-access",
            "root-account-mfa-enabled",
            "account-part-of-organizations",
            "multi-region-cloudtrail-enabled",
        ];
        name.starts_with("iam-")
            || name.starts_with("s3-account-level-")
            || account_wide.contains(&name)
    };
    for rule in catalogue().rules.values() {
        let global = rule.reach == Reach::Global;
        assert_eq!(global, expected(&rule.name), "{}", rule.name);
        assert!(!rule.reach_reason.is_empty(), "{}", rule.name);
    }
}

fn parameters() -> impl Iterator<Item = (&'static str, &'static Parameter)> {
    let rules = catalogue().rules.values();
    rules.flat_map(|rule| rule.parameters.iter().map(|own| (rule.name.as_str(), own)))
}

#[test]
fn every_parameter_says_which_direction_is_weaker() {
    assert_eq!(parameters().count(), 138);
    for (rule, parameter) in parameters() {
        let name = format!("{rule} {}", parameter.name);
        let of_pack = match &*parameter.source {
            "aws-kisms-page" => true,
            "aws-rule-page" => false,
            other => panic!("{name}: {other}"),
        };
        assert!(!of_pack || !parameter.default.is_empty(), "{name}");
        for value in [&parameter.default, &parameter.aws_default] {
            let fits = match parameter.weaker {
                _ if value.is_empty() => true,
                Weaker::Higher | Weaker::HigherOrZero | Weaker::Lower => {
                    value.parse::<u32>().is_ok()
                }
                Weaker::False | Weaker::NotExactlyTrue | Weaker::True => {
                    ["true", "false", "True"].contains(&&**value)
                }
                // Nothing is left out by default.
                Weaker::Narrows | Weaker::Exempts => false,
                Weaker::Unit => parameter.name.ends_with("Unit"),
                _ => true,
            };
            assert!(fits, "{name}: {value}");
        }
    }
}

#[test]
fn what_aws_takes_for_a_parameter_that_is_left_out_was_compared_with_its_page_on_a_day() {
    for (rule, parameter) in parameters() {
        let name = format!("{rule} {}", parameter.name);
        let guide = "https://docs.aws.amazon.com/config/latest/developerguide";
        assert_eq!(parameter.page, format!("{guide}/{rule}.html"), "{name}");
        // Where the pack sets nothing, its rule is deployed without: AWS's own default holds.
        let of_pack = parameter.source == "aws-kisms-page";
        let as_aws = parameter.default == parameter.aws_default;
        assert!(of_pack || as_aws || parameter.default.is_empty(), "{name}");
    }
}

#[test]
fn the_packs_value_is_not_always_awss_own_default() {
    let differ = parameters().filter(|(_, own)| {
        own.source == "aws-kisms-page" && !own.required && own.default != own.aws_default
    });
    let differ: Vec<(&str, &str, &str)> = differ
        .map(|(_, own)| (&*own.name, &*own.default, &*own.aws_default))
        .collect();
    let window = "sat:16:00-sat:16:30";
    assert_eq!(
        differ,
        [
            ("daysToExpiration", "90", "14"),
            ("deleteOnTermination", "true", ""),
            ("MinimumPasswordLength", "12", "14"),
            ("PasswordReusePrevention", "5", "24"),
            ("ConcurrencyLimitHigh", "1000", ""),
            ("ConcurrencyLimitLow", "500", ""),
            ("preferredMaintenanceWindow", window, ""),
        ]
    );
}

#[test]
fn every_rule_says_on_which_resources_it_gives_a_verdict_and_what_tells_that() {
    for rule in catalogue().rules.values() {
        let of_account = rule
            .resource_types
            .iter()
            .all(|kind| kind == "AWS::::Account");
        assert_eq!(rule.judges == Judges::Account, of_account, "{}", rule.name);
        // What nothing tells may be left out.
        let not_said = rule.judges_source == JudgesSource::NotSaid;
        assert!(!not_said || rule.judges == Judges::Some, "{}", rule.name);
        let by_type = rule.judges_source == JudgesSource::Type;
        assert!(!by_type || rule.judges != Judges::Some, "{}", rule.name);
    }
    let judges = |name: &str| catalogue().rules[name].judges;
    assert_eq!(judges("no-unrestricted-route-to-igw"), Judges::All);
    assert_eq!(judges("encrypted-volumes"), Judges::Some, "those attached");
    assert_eq!(judges("iam-password-policy"), Judges::Account);
}

#[test]
fn a_parameter_stands_once_whatever_its_case() {
    for rule in catalogue().rules.values() {
        let names = rule.parameters.iter().map(|p| p.name.to_lowercase());
        let names: BTreeSet<String> = names.collect();
        assert_eq!(names.len(), rule.parameters.len(), "{}", rule.name);
    }
}

#[test]
fn types_that_aws_config_cannot_record_are_known() {
    let rules = catalogue().rules.values();
    let unrecorded: BTreeSet<&str> = rules
        .filter(|rule| !rule.recorded)
        .flat_map(|rule| &rule.resource_types)
        .map(String::as_str)
        .collect();
    let expected = [
        "AWS::::Account",
        "AWS::EMR::Cluster",
        "AWS::ElastiCache::CacheCluster",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::FSx::FileSystem",
        "AWS::Logs::LogGroup",
        "AWS::SageMaker::EndpointConfig",
        "AWS::SageMaker::NotebookInstance",
    ];
    assert_eq!(unrecorded, BTreeSet::from(expected));
    // A rule that runs on changes runs on what is recorded.
    for rule in catalogue().rules.values() {
        let on_changes = rule.trigger != Trigger::Periodic;
        assert!(rule.recorded || !on_changes, "{}", rule.name);
    }
}

#[test]
fn tables_that_disagree_are_refused() {
    let controls = "id,level,title_ko,title_en\n2,area,가,a\n";
    let rules = "rule,source_identifier,resource_types,recorded,trigger,reach,reach_reason,judges,\
                 judges_source,source\nr,R,,no,periodic,global,why,account,type,page\n";
    let parameters = "rule,parameter,default,aws_default,required,weaker,source,page,compared\n";
    let mapping = "control_id,rule,source\n";
    let names = "deployed_by,name,rule\n";
    let read = |c: &str, r: &str, p: &str, m: &str| Catalogue::read(c, r, p, m, names).map(|_| ());
    assert_eq!(read(controls, rules, parameters, mapping), Ok(()));
    let unknown = "deployed_by,name,rule\nsecurity-hub,x,x\n";
    assert!(Catalogue::read(controls, rules, parameters, mapping, unknown).is_err());
    let one = format!("{parameters}r,p,1,1,no,lower,page,,2026-11-30\n");
    assert_eq!(read(controls, rules, &one, mapping), Ok(()));
    let broken = [
        (
            format!("{controls}2,area,가,a\n"),
            rules.into(),
            parameters.into(),
            mapping.into(),
        ),
        (
            format!("{controls}3,item,가,a\n"),
            rules.into(),
            parameters.into(),
            mapping.into(),
        ),
        (
            controls.into(),
            format!("{rules}q,R,,no,periodic,global,why,account,type,page\n"),
            parameters.into(),
            mapping.into(),
        ),
        (
            controls.into(),
            format!("{rules}q,Q,,no,sometimes,global,why,account,type,page\n"),
            parameters.into(),
            mapping.into(),
        ),
        (
            controls.into(),
            rules.into(),
            format!("{parameters}x,p,1,1,no,lower,page,,2026-11-29\n"),
            mapping.into(),
        ),
        (
            controls.into(),
            rules.into(),
            format!("{parameters}r,p,1,1,perhaps,lower,page,,2026-11-29\n"),
            mapping.into(),
        ),
        (
            controls.into(),
            rules.into(),
            format!("{parameters}r,p,1,1,no,lower,page,,someday\n"),
            mapping.into(),
        ),
        (
            controls.into(),
            rules.into(),
            parameters.into(),
            format!("{mapping}2,x,page\n"),
        ),
        (
            controls.into(),
            rules.into(),
            parameters.into(),
            format!("{mapping}1,r,page\n"),
        ),
        (
            controls.into(),
            rules.into(),
            parameters.into(),
            format!("{mapping}2,r,page\n2,r,page\n"),
        ),
    ];
    let broken: [(String, String, String, String); 10] = broken;
    for (c, r, p, m) in broken {
        assert!(read(&c, &r, &p, &m).is_err(), "{c}{r}{p}{m}");
    }
}
