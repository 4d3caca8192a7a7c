//! What goes wrong is named and left to the next run; it is never silently whole.

use std::fs;

use crate::desk::{ACCOUNT, Desk, text, walk};
use crate::{FEW, REGION};

#[test]
fn throttling_is_waited_out_and_given_up_in_the_end() {
    let desk = Desk::new();
    let run = desk.collect(&REGION, &[("STAND_IN_THROTTLE", "2"), FEW]);
    desk.assert_whole(&run);
    let retries = desk.log().matches("\tretry\t").count();
    let requests = desk.requests();
    let throttled = requests
        .iter()
        .filter(|request| request.starts_with("config "))
        .count();
    assert!(
        retries * 3 >= throttled && retries > 60,
        "{retries} of {throttled}"
    );
    let desk = Desk::new();
    let settings = [("STAND_IN_THROTTLE", "9"), ("KISMS_ATTEMPTS", "3")];
    let run = desk.collect(&REGION, &settings);
    assert_eq!(run.status.code(), Some(1));
    assert!(
        desk.incomplete().contains("Rate exceeded"),
        "{}",
        desk.incomplete()
    );
    assert_eq!(desk.statuses().get("partial"), Some(&1));
}

#[test]
fn what_is_denied_in_one_region_is_named_and_a_rerun_takes_only_that() {
    let desk = Desk::new();
    let denied = [
        (
            "STAND_IN_DENY",
            "GetComplianceDetailsByConfigRule us-east-1",
        ),
        FEW,
    ];
    let run = desk.collect(&[], &denied);
    assert_eq!(run.status.code(), Some(1));
    assert_eq!(desk.check().0, 0, "partial input is no fault");
    let marker = &desk.inputs()[&format!("{ACCOUNT}/INCOMPLETE")];
    assert_eq!(marker["status"], "partial", "{marker}");
    let said = desk.incomplete();
    assert_eq!(said.lines().count(), 4, "{said}");
    let named = "us-east-1/get-compliance-details-by-config-rule/";
    assert!(said.lines().all(|line| line.starts_with(named)), "{said}");
    assert!(said.contains("not authorized to perform"), "{said}");
    assert!(!said.contains('\u{1b}') && !text(&run.stderr).contains('\u{1b}'));
    assert!(!desk.log().contains('\u{1b}'));
    desk.forget_calls();
    let again = desk.collect(&[], &[FEW]);
    desk.assert_whole(&again);
    let calls = desk.calls();
    let taken = calls
        .iter()
        .filter(|call| call.contains(&"json".to_owned()));
    assert_eq!(taken.count(), 4);
}

#[test]
fn credentials_that_expire_end_the_run_at_once() {
    let desk = Desk::new();
    let expired = "9 ExpiredTokenException The security token included in the request is expired";
    let run = desk.collect(&[], &[("STAND_IN_ERROR", expired)]);
    assert_eq!(run.status.code(), Some(1));
    assert_eq!(desk.requests().len(), 9);
    assert!(desk.incomplete().starts_with("the credentials do not work"));
    assert!(desk.statuses().contains_key("partial"));
}

#[test]
fn what_aws_repeats_of_a_request_is_not_kept() {
    let desk = Desk::new();
    let token = "FwoGZXIvYXdzEJr//////////wEaDKthisisasecretoken0123456789";
    let error = format!(
        "9 InvalidSignatureException The request signature does not match. The Canonical String for \
         this request should have been 'POST / x-amz-security-token:{token}' (AKIAIOSFODNN7EXAMPLE)"
    );
    let run = desk.collect(&[], &[("STAND_IN_ERROR", &error)]);
    assert_eq!(run.status.code(), Some(1));
    assert!(desk.incomplete().contains("clock"), "{}", desk.incomplete());
    let mut said = text(&run.stderr);
    for bytes in walk(&desk.exports()).values() {
        said += &text(bytes);
    }
    assert!(!said.contains("FwoG") && !said.contains("AKIA"), "{said}");
}

#[test]
fn a_region_that_is_not_enabled_is_missing_and_the_others_go_on() {
    let desk = Desk::new();
    let regions = ["--region", "us-east-1", "--region", "me-south-1"];
    let run = desk.collect(&regions, &[("STAND_IN_DISABLED", "me-south-1"), FEW]);
    assert_eq!(run.status.code(), Some(1));
    let said = desk.incomplete();
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(
        said.starts_with("me-south-1: ") && said.contains("UnrecognizedClient"),
        "{said}"
    );
    let packs = format!("{ACCOUNT}/us-east-1/describe-conformance-packs.json");
    assert_eq!(desk.inputs()[&packs]["status"], "complete");
}

#[test]
fn a_region_that_cannot_be_asked_is_missing_and_one_without_a_recorder_is_said_to_be_so() {
    let desk = Desk::new();
    let denied = [("STAND_IN_DENY", "eu-west-1"), FEW];
    let run = desk.collect(&[], &denied);
    assert_eq!(run.status.code(), Some(1));
    let said = desk.incomplete();
    assert!(said.contains("eu-west-1/describe-config-rules"), "{said}");
    let desk = Desk::new();
    let run = desk.collect(&["--region", "eu-west-1"], &[]);
    assert_eq!(run.status.code(), Some(1));
    let said = text(&run.stderr);
    assert!(
        said.contains("eu-west-1: no recorder, AWS Config is off there"),
        "{said}"
    );
    assert_eq!(
        desk.incomplete(),
        "no region has a configuration recorder\n"
    );
}

#[test]
fn an_answer_that_is_cut_off_is_not_kept_although_the_cli_was_content() {
    let desk = Desk::new();
    let cut = [("STAND_IN_CUT", "describe-config-rules"), FEW];
    let run = desk.collect(&REGION, &cut);
    assert_eq!(run.status.code(), Some(1));
    let said = desk.incomplete();
    assert!(
        said.contains("us-east-1/describe-config-rules.json: the answer is cut off"),
        "{said}"
    );
    assert!(
        !desk
            .root()
            .join("us-east-1/describe-config-rules.json")
            .exists()
    );
}

#[test]
fn an_answer_without_members_is_said_to_be_empty_and_is_no_file() {
    let desk = Desk::new();
    let empty = "GetDiscoveredResourceCounts DescribeDeliveryChannelStatus";
    let run = desk.collect(&REGION, &[("STAND_IN_EMPTY", empty), FEW]);
    assert!(run.status.success(), "{}", text(&run.stderr));
    let log = desk.log();
    for file in [
        "get-discovered-resource-counts/0001",
        "describe-delivery-channel-status",
    ] {
        assert!(
            log.contains(&format!("\tempty\tus-east-1/{file}.json\n")),
            "{log}"
        );
        assert!(!desk.root().join(format!("us-east-1/{file}.json")).exists());
    }
}

#[test]
fn a_full_disk_ends_the_run_at_once_and_leaves_it_incomplete() {
    let desk = Desk::new();
    let run = desk.collect(&REGION, &[("STAND_IN_FULL", "9")]);
    assert_eq!(run.status.code(), Some(1));
    assert_eq!(desk.calls().len(), 9);
    let said = text(&run.stderr);
    assert!(said.contains("is the disk full?"), "{said}");
    assert!(desk.incomplete().contains("has not ended"));
    desk.assert_whole(&desk.collect(&REGION, &[]));
}

#[test]
fn a_rule_that_is_named_like_an_address_is_not_read_from_there() {
    let desk = Desk::new();
    let secret = desk.path().join("secret");
    fs::write(&secret, "hidden").expect("a file");
    let name = format!("file://{}", secret.display());
    let run = desk.collect(&REGION, &[("STAND_IN_RULE", &name), FEW]);
    assert_eq!(run.status.code(), Some(1));
    assert_eq!(
        desk.incomplete(),
        "us-east-1: a name begins like an address\n"
    );
    assert!(
        desk.calls()
            .iter()
            .flatten()
            .all(|word| !word.contains("file://"))
    );
}

#[test]
fn what_cannot_begin_says_why() {
    let desk = Desk::new();
    let run = desk.collect(&REGION, &[("KISMS_ATTEMPTS", "many")]);
    assert_eq!(run.status.code(), Some(2));
    let run = desk.collect(&REGION, &[("STAND_IN_ERROR", "1 ExpiredToken expired")]);
    assert_eq!(run.status.code(), Some(2));
    let said = text(&run.stderr);
    assert!(said.contains("AWS does not tell who is calling"), "{said}");
    assert_eq!(walk(&desk.exports()).len(), 0);
}
