//! `[policy]`: known parameters and others.

use super::*;

#[test]
fn a_policy_names_parameters_that_are_not_known_with_value_and_document() {
    let text = with(
        "{ maxAccessKeyAge = 60,",
        "{ maxAccessKeyAge = 60, exempt = \"ci\",",
    );
    let text = text.replace("\"ec2-volume-inuse-check\"", "\"restricted-ssh\"");
    let text = text.replace("deleteOnTermination = false", "ipType = \"ipv4\", n = 1");
    let read = Engagement::load(&text).expect("no fault");
    assert_eq!(
        read.policy["access-keys-rotated"].parameters["exempt"],
        "ci"
    );
    let ssh = &read.policy["restricted-ssh"].parameters;
    assert_eq!((&*ssh["ipType"], &*ssh["n"]), ("ipv4", "1"));
    for slip in ["MaxAccessKeyAge", "maxAcessKeyAge", "maxAccessKyeAge"] {
        let both = format!("maxAccessKeyAge = 60, {slip} = 60");
        let found = fault("maxAccessKeyAge = 60", &both);
        assert!(
            found.ends_with("(did you mean `maxAccessKeyAge`?)"),
            "{found}"
        );
    }
    assert!(fault("maxAccessKeyAge = 60", "exempt = [1]").contains("`exempt` is a list"));
    assert!(fault("deleteOnTermination = false", "x = \"\"").contains("`x` is empty"));
}

#[test]
fn a_policy_has_parameters_of_its_rule_and_a_document() {
    let whole = "{ maxAccessKeyAge = 60, document = \"계정관리지침 5.2\" }";
    for (wrong, message) in [
        ("{ maxAccessKeyAge = 60 }", "`document` is missing"),
        ("{ document = \"d\" }", "sets no parameter"),
        (
            "{ maxAccessKeyAge = \"sixty\", document = \"d\" }",
            "is not a whole number",
        ),
        (
            "{ maxAccessKeyAge = -1, document = \"d\" }",
            "is not a whole number",
        ),
        (
            "{ maxAccessKeyAge = 1.5, document = \"d\" }",
            "is a decimal number",
        ),
        (
            "{ maxAccessKeyAge = 0x10, document = \"d\" }",
            "is a whole number",
        ),
        (
            "60",
            "`policy.access-keys-rotated` is a whole number, not a table",
        ),
    ] {
        let found = fault(whole, wrong);
        assert!(found.contains(message), "{found}");
    }
    assert!(
        fault("deleteOnTermination = false", "deleteOnTermination = 0").contains("true or false")
    );
}
