use super::*;

const HEADER: &str = "id,kind,control_id,rule,account,region,resource_id,finding_id,\
    fingerprint,reason,owner,approver,approved_on,expires_on,evidence\n";

fn decisions(rows: &str) -> Vec<Decision> {
    load(format!("{HEADER}{rows}").as_bytes()).expect("no fault")
}

/// The message and hint of every fault.
fn faults(rows: &str) -> Vec<String> {
    let faults = load(format!("{HEADER}{rows}").as_bytes()).expect_err("faults");
    let shown = faults.iter().map(|f| format!("{f} ({})", f.hint));
    shown.collect()
}

#[test]
fn a_whole_row_is_read() {
    let read = decisions(
        "D-1,exception,2.6,restricted-ssh,111122223333,ap-northeast-2,sg-0a,F-1a2b3c4d5e6f,\
         00ff,이유,홍길동,김감사,2026-07-01,2026-07-01,evidence/2.6.1/a.pdf;b\r\n",
    );
    let [decision] = read.as_slice() else {
        panic!("one row: {read:?}");
    };
    assert_eq!(decision.kind, DecisionKind::Exception);
    assert_eq!(decision.control_id, "2.6".parse().ok());
    assert_eq!(decision.finding_id.as_deref(), Some("F-1a2b3c4d5e6f"));
    assert_eq!(decision.fingerprint.as_deref(), Some("00ff"));
    assert_eq!(decision.approver.as_deref(), Some("김감사"));
    assert_eq!(decision.expires_on, NaiveDate::from_ymd_opt(2026, 7, 1));
    assert_eq!(decision.evidence, "evidence/2.6.1/a.pdf;b");
}

#[test]
fn empty_cells_are_none() {
    let read = decisions("P,plan,,,,,,,,later,me,,,,\n");
    assert_eq!(read[0].control_id, None);
    assert_eq!(read[0].fingerprint, None);
    assert_eq!(read[0].approved_on, None);
}

#[test]
fn the_columns_may_be_fewer() {
    let read = load(b"id,kind,control_id,owner,reason\n1,attestation,2.1.1,a,b\n");
    assert_eq!(read.expect("no fault").len(), 1);
    let faults = load(b"id,kind,reason\n").expect_err("a fault");
    assert_eq!(
        faults[0].to_string(),
        "decisions.csv:1: the header lacks `owner`"
    );
}

#[test]
fn ids_are_unique_and_not_empty() {
    assert_eq!(
        faults("A,plan,,,,,,,,r,o,,,,\n,plan,,,,,,,,r,o,,,,\nA,plan,,,,,,,,r,o,,,,\n"),
        [
            "decisions.csv:3:1: cell A3: `id` is empty (give every decision an id of its own)",
            "decisions.csv:4:1: cell A4: `id` `A` stands in line 2 already (give every \
             decision an id of its own)",
        ]
    );
}

#[test]
fn an_unknown_kind_names_the_nearest() {
    let faults = faults("A,exeption,,,,,,,,r,o,,,,\n");
    assert!(
        faults[0].ends_with("(did you mean `exception`?)"),
        "{faults:?}"
    );
    assert_eq!(faults.len(), 1);
}

#[test]
fn dates_are_iso_and_others_are_shown_rewritten() {
    for text in ["2026.9.30", "2026/9/30", "2026. 9. 30.", "2026-9-30"] {
        let faults = faults(&format!("A,plan,,,,,,,,r,o,,{text},,\n"));
        assert!(faults[0].contains("cell M2: `approved_on`"), "{faults:?}");
        assert!(faults[0].ends_with("(write it `2026-09-30`)"), "{faults:?}");
    }
    let faults = faults("A,plan,,,,,,,,r,o,,soon,2026-02-30,\n");
    assert!(faults[0].ends_with("(write year, month and day: `2026-09-30`)"));
    assert_eq!(faults.len(), 2);
}

#[test]
fn the_last_day_is_not_before_the_approval() {
    let faults = faults("A,plan,,,,,,,,r,o,,2026-07-02,2026-07-01,\n");
    assert!(faults[0].contains("`expires_on` lies before `approved_on`"));
}

#[test]
fn an_exception_says_what_why_and_who() {
    let faults = faults("A,exception,,,111122223333,ap-northeast-2,,,,,,,,,\n");
    assert_eq!(faults.len(), 3, "{faults:?}");
    assert!(faults[0].contains("`finding_id` is empty, and so is"));
    assert!(faults[1].contains("`reason` is empty"));
    assert!(faults[2].contains("`owner` is empty"));
    let targets = ["2.6,,,,,", ",r,,,,", ",,,,i,", ",,,,,F-000000000000"];
    for target in targets {
        assert_eq!(
            decisions(&format!("A,exception,{target},,r,o,,,,\n")).len(),
            1
        );
    }
}

#[test]
fn attestations_and_not_applicable_are_about_one_item() {
    for kind in ["attestation", "not_applicable"] {
        let without = faults(&format!("A,{kind},,x,,,,,,r,o,,,,\n"));
        assert!(without[0].contains("`control_id` is empty"), "{without:?}");
        let domain = faults(&format!("A,{kind},2.6,,,,,,,r,o,,,,\n"));
        assert!(domain[0].contains("`2.6` is not one item"), "{domain:?}");
    }
    let area = faults("A,exception,2,,,,,,,r,o,,,,\n");
    assert!(
        area[0].contains("`2` is not an item or a domain"),
        "{area:?}"
    );
}

#[test]
fn an_account_that_a_spreadsheet_has_spoilt_is_named_by_its_cell() {
    let faults = faults("A,plan,,,1.11E+11,,,,,r,o,,,,\nB,plan,,,22223333,,,,,r,o,,,,\n");
    assert!(faults[0].starts_with("decisions.csv:2:5: cell E2: `account` `1.11E+11`"));
    assert!(faults[1].contains("cell E3: `account` `22223333` has 8 digits"));
}

#[test]
fn findings_fingerprints_and_regions_have_their_shape() {
    let faults = faults("A,plan,,,,seoul,,F-1A2B3C4D5E6F,xyz,r,o,,,,\n");
    assert_eq!(faults.len(), 3, "{faults:?}");
    assert!(faults[0].contains("`seoul` is not a region"));
    assert!(faults[1].contains("`F-1A2B3C4D5E6F` is not a finding's id"));
    assert!(faults[2].contains("`xyz` is not a fingerprint"));
    assert_eq!(decisions("A,plan,,,,global,,,,r,o,,,,\n").len(), 1);
}

#[test]
fn a_control_that_the_table_does_not_have_is_a_fault() {
    let faults = faults("A,plan,2.6.99,,,,,,,r,o,,,,\nB,plan,2002-01-01,,,,,,,r,o,,,,\n");
    assert!(
        faults[0].contains("`2.6.99` is not a control of isms-p"),
        "{faults:?}"
    );
    assert!(faults[1].contains("as text"), "{faults:?}");
}
