//! The texts, read as data.

use super::*;

/// Every text with where it stands and whether it is Korean.
fn texts() -> Vec<(String, bool, &'static str)> {
    let of_rules = guidance().rules.values().flat_map(|row| {
        let place = |column| format!("{}, {column}", row.rule);
        [
            (place("checks_ko"), true, &*row.checks_ko),
            (place("checks_en"), false, &*row.checks_en),
            (place("why_ko"), true, &*row.why_ko),
            (place("why_en"), false, &*row.why_en),
            (place("fix_ko"), true, &*row.fix_ko),
            (place("fix_en"), false, &*row.fix_en),
        ]
    });
    let of_controls = guidance().controls.values().flat_map(|row| {
        let place = |column| format!("{}, {column}", row.control_id);
        [
            (place("not_shown_ko"), true, &*row.not_shown_ko),
            (place("not_shown_en"), false, &*row.not_shown_en),
        ]
    });
    of_rules.chain(of_controls).collect()
}

#[test]
fn all_115_rules_and_25_controls_are_explained() {
    assert_eq!(guidance().rules.len(), 115);
    assert_eq!(guidance().controls.len(), 25);
    assert_eq!(texts().len(), 115 * 6 + 25 * 2);
}

#[test]
fn texts_are_in_their_language_and_of_readable_length() {
    for (place, korean, text) in texts() {
        let hangul = text.chars().any(|c| ('가'..='힣').contains(&c));
        assert_eq!(hangul, korean, "{place}: {text}");
        let length = text.chars().count();
        assert!((15..=300).contains(&length), "{place}: {length}");
    }
}

#[test]
fn texts_end_as_sentences_without_stray_spaces() {
    for (place, korean, text) in texts() {
        assert_eq!(text.trim(), text, "{place}");
        assert!(!text.contains("  "), "{place}: {text}");
        let polite = ["니다.", "십시오."].iter().any(|end| text.ends_with(end));
        assert!(
            text.ends_with('.') && (!korean || polite),
            "{place}: {text}"
        );
        assert!(!text.ends_with(".."), "{place}: {text}");
    }
}

#[test]
fn what_a_rule_checks_says_so_and_what_to_do_tells_to_do_it() {
    for row in guidance().rules.values() {
        let checks = &row.checks_en;
        assert!(checks.starts_with("Checks "), "{}: {checks}", row.rule);
        assert!(row.checks_ko.contains("점검합니다"), "{}", row.rule);
        assert!(row.fix_ko.contains("십시오."), "{}", row.rule);
    }
}

#[test]
fn no_text_is_used_twice() {
    let mut seen = BTreeMap::new();
    for (place, _, text) in texts() {
        if let Some(before) = seen.insert(text, place.clone()) {
            panic!("{before} and {place} are the same: {text}");
        }
    }
}

/// A parameter of the catalogue is written as AWS spells it, in both languages or in neither.
#[test]
fn parameters_are_named_in_both_languages_alike() {
    for rule in catalogue().rules.values() {
        let row = &guidance().rules[&rule.name];
        for parameter in &rule.parameters {
            let named = |text: &str| text.contains(&parameter.name);
            let (ko, en) = (named(&row.checks_ko), named(&row.checks_en));
            assert_eq!(ko, en, "{}: {}", rule.name, parameter.name);
        }
    }
}

/// Supporting evidence is all that is offered; the auditor judges.
#[test]
fn no_text_promises_a_result() {
    let promises = [
        "보장",
        "보증",
        "대체합니다",
        "완벽",
        "guarantee",
        "ensure",
        "fulfil",
        "certif",
    ];
    let about_certificates = |text: &str| {
        text.to_lowercase()
            .replace("certificatesallowed", "")
            .replace("certificate", "")
    };
    for (place, _, text) in texts() {
        let text = about_certificates(text);
        for word in promises {
            assert!(!text.contains(word), "{place}: {word}");
        }
    }
}

#[test]
fn tables_that_leave_out_repeat_or_invent_a_key_are_refused() {
    let read = |rules: &str, controls: &str| {
        let read = Guidance::read(rules, controls, catalogue());
        read.map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(read(RULES, CONTROLS), Ok(()));
    let last = |table: &str| table.lines().last().expect("a row").to_owned() + "\n";
    let without = |table: &str| table.replace(&last(table), "");
    let refused = |rules: &str, controls: &str, why: &str| {
        let message = read(rules, controls).expect_err(why);
        assert!(message.contains(why), "{message}");
    };
    refused(
        &without(RULES),
        CONTROLS,
        "nothing on `wafv2-logging-enabled`",
    );
    refused(RULES, &without(CONTROLS), "nothing on `2.12`");
    refused(
        &(RULES.to_owned() + &last(RULES)),
        CONTROLS,
        "explained twice",
    );
    refused(
        RULES,
        &(CONTROLS.to_owned() + &last(CONTROLS)),
        "explained twice",
    );
    refused(
        &(RULES.to_owned() + "x,1,2,3,4,5,6\n"),
        CONTROLS,
        "unknown `x`",
    );
    refused(
        RULES,
        &(CONTROLS.to_owned() + "1.1.1,가,a\n"),
        "unknown `1.1.1`",
    );
}
