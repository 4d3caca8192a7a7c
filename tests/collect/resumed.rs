//! Runs that were cut short, and what the next run makes of what they left.

use std::fs;

use crate::desk::{ACCOUNT, Desk, text};
use crate::{FEW, REGION};

#[test]
fn a_run_killed_at_any_call_is_partial_and_a_rerun_completes_it() {
    let whole = Desk::new();
    whole.assert_whole(&whole.collect(&REGION, &[FEW]));
    let (expected, calls) = (whole.gathered(), whole.calls().len());
    // Each call once would take long. These: the rules, one in the middle, the last.
    for kill in [3, calls / 2, calls] {
        let desk = Desk::new();
        let killed = desk.collect(&REGION, &[FEW, ("STAND_IN_KILL", &kill.to_string())]);
        assert_eq!(killed.status.code(), None, "killed at {kill}");
        let statuses = desk.statuses();
        assert!(statuses.contains_key("partial"), "{kill}: {statuses:?}");
        assert!(!statuses.contains_key("rejected"), "{kill}: {statuses:?}");
        let again = desk.collect(&REGION, &[FEW]);
        desk.assert_whole(&again);
        assert!(
            desk.gathered() == expected,
            "{kill}: other bytes than in one run"
        );
    }
}

#[test]
fn an_interruption_is_noted_and_what_was_gathered_is_summed_up() {
    let desk = Desk::new();
    let run = desk.collect(&REGION, &[FEW, ("STAND_IN_INTERRUPT", "9")]);
    assert_eq!(run.status.code(), Some(1), "{}", text(&run.stderr));
    assert_eq!(desk.incomplete(), "interrupted\n");
    assert!(desk.root().join("SHA256SUMS").exists());
    assert!(desk.statuses().contains_key("partial"));
    desk.assert_whole(&desk.collect(&REGION, &[FEW]));
}

fn is_pack_page(call: &[String]) -> bool {
    call.contains(&"get-conformance-pack-compliance-details".to_owned())
}

/// The number of the call that asks for a pack's second page, counted in another run.
fn second_page() -> usize {
    let desk = Desk::new();
    desk.collect(&REGION, &[FEW]);
    let calls = desk.calls();
    let mut pages = calls
        .iter()
        .enumerate()
        .filter(|(_, call)| is_pack_page(call));
    pages.nth(1).expect("a second page").0 + 1
}

#[test]
fn pages_go_on_where_they_were_cut_and_begin_anew_when_their_token_expired() {
    let second = second_page().to_string();
    for (session, fetched) in [("", 2), ("later", 4)] {
        let desk = Desk::new();
        desk.collect(&REGION, &[FEW, ("STAND_IN_KILL", &second)]);
        let first = format!(
            "{ACCOUNT}/us-east-1/get-conformance-pack-compliance-details/kisms-baseline/0001.json"
        );
        assert_eq!(
            desk.inputs()[&first]["status"],
            "partial",
            "its token was left over"
        );
        desk.forget_calls();
        let again = desk.collect(&REGION, &[FEW, ("STAND_IN_SESSION", session)]);
        assert!(again.status.success(), "{}", text(&again.stderr));
        let pages = desk.calls().into_iter().filter(|call| is_pack_page(call));
        assert_eq!(pages.count(), fetched, "session `{session}`");
        assert!(!desk.statuses().contains_key("partial"));
        assert_eq!(desk.inputs()[&first]["status"], "complete");
    }
}

#[test]
fn what_changed_since_the_last_run_is_named_by_the_script_and_by_check() {
    let desk = Desk::new();
    assert!(desk.collect(&REGION, &[FEW]).status.success());
    let name = "us-east-1/get-compliance-details-by-config-rule/restricted-ssh.json";
    let file = desk.root().join(name);
    let edited = fs::read_to_string(&file)
        .expect("text")
        .replace("NON_COMPLIANT", "COMPLIANT");
    fs::write(&file, edited).expect("a file");
    fs::remove_file(desk.root().join("us-east-1/describe-config-rules.json")).expect("a file");
    let extra = "us-east-1/get-compliance-details-by-config-rule/extra.json";
    fs::copy(&file, desk.root().join(extra)).expect("a copy");
    assert_eq!(desk.check().0, 1);
    let inputs = desk.inputs();
    let input = |path: &str| &inputs[&format!("{ACCOUNT}/{path}")];
    let code = |path: &str| input(path)["faults"][0]["code"].clone();
    assert_eq!(code(name), "KI-0501");
    assert_eq!(code("us-east-1/describe-config-rules.json"), "KI-0502");
    let reason = input(extra)["reason"].to_string();
    assert!(reason.contains("SHA256SUMS` does not list it"), "{reason}");
    let again = desk.collect(&REGION, &[FEW]);
    assert_eq!(again.status.code(), Some(2));
    let said = text(&again.stderr);
    assert!(said.contains("restricted-ssh.json: FAILED"), "{said}");
    assert!(
        said.contains("describe-config-rules.json: FAILED"),
        "{said}"
    );
}

#[test]
fn a_second_run_into_the_same_folder_says_since_when_it_is_there() {
    let desk = Desk::new();
    desk.assert_whole(&desk.collect(&REGION, &[FEW]));
    desk.forget_calls();
    let again = desk.collect(&REGION, &[FEW]);
    desk.assert_whole(&again);
    let said = text(&again.stderr);
    assert!(said.contains("0 files saved"), "{said}");
    assert!(said.contains("give another FOLDER"), "{said}");
    let since = desk.log();
    let since = since.split('\t').next().expect("a time");
    assert!(said.contains(since), "{said}");
}
