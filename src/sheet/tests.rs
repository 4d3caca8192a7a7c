use super::*;

const COLUMNS: [Column; 3] = [
    Column {
        id: "id",
        required: true,
    },
    Column {
        id: "account",
        required: false,
    },
    Column {
        id: "reason",
        required: false,
    },
];

/// The cells `id|account|reason` of each row, or the faults as they are shown.
fn sheet(bytes: &[u8]) -> Result<Vec<String>, Vec<String>> {
    let mut rows = Vec::new();
    let faults = read("a.csv", bytes, &COLUMNS, |row, _| {
        rows.push(["id", "account", "reason"].map(|id| row.get(id)).join("|"));
    });
    faults
        .or(rows)
        .map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

fn rows(text: &str) -> Vec<String> {
    sheet(text.as_bytes()).expect("no fault")
}

fn faults(text: &str) -> Vec<String> {
    sheet(text.as_bytes()).expect_err("faults")
}

#[test]
fn columns_may_stand_in_any_order_and_optional_ones_be_absent() {
    assert_eq!(rows("reason,id\r\nwhy,1\r\n"), ["1||why"]);
    assert_eq!(rows("id\n1"), ["1||"]);
}

#[test]
fn rows_without_content_are_skipped_and_cells_trimmed() {
    assert_eq!(rows("id,reason\n,\n 1 ,x\n\n , \n"), ["1||x"]);
}

#[test]
fn our_own_guard_against_formulas_is_undone() {
    let read = rows("id,reason\n'=1,'+2\n'-3,'@4\n'x,''=\n\"'\t5\",=6\n");
    assert_eq!(read, ["=1||+2", "-3||@4", "'x||''=", "5||=6"]);
}

#[test]
fn an_unknown_column_names_the_nearest_and_all_header_faults_are_listed() {
    let faults = read("a.csv", b"id,acount,id,colour\n", &COLUMNS, |_, _| {}).into_list();
    let shown: Vec<String> = faults.iter().map(|f| format!("{f} ({})", f.hint)).collect();
    assert_eq!(
        shown,
        [
            "a.csv:1:2: cell B1: unknown column `acount` (did you mean `account`?)",
            "a.csv:1:3: cell C1: column `id` stands there twice (remove one of them)",
            "a.csv:1:4: cell D1: unknown column `colour` (known are `id`, `account`, `reason`)",
        ]
    );
}

#[test]
fn a_missing_required_column_is_a_fault() {
    assert_eq!(faults("reason\nx\n"), ["a.csv:1: the header lacks `id`"]);
    assert_eq!(faults(""), ["a.csv: is empty"]);
}

#[test]
fn semicolons_and_tabs_are_refused() {
    assert_eq!(
        faults("id;reason\n1;x\n"),
        ["a.csv:1: is separated by semicolons, not by commas"]
    );
    assert_eq!(
        faults("id\treason\n"),
        ["a.csv:1: is separated by tabs, not by commas"]
    );
}

#[test]
fn every_ragged_row_is_listed_with_its_line() {
    assert_eq!(
        faults("id,reason\n\"1\n\",x\n1\n1,2,3\n"),
        [
            "a.csv:4: row 3 has 1 cells, the header 2",
            "a.csv:5: row 4 has 3 cells, the header 2"
        ]
    );
}

#[test]
fn content_in_a_column_without_a_name_is_a_fault_and_emptiness_is_not() {
    assert_eq!(rows("id,\n1,\n"), ["1||"]);
    assert_eq!(
        faults("id,\n1,note\n"),
        ["a.csv:2:2: cell B2 stands in a column without a name"]
    );
}

#[test]
fn broken_quotes_are_faults_at_their_cell() {
    assert_eq!(
        faults("id,reason\n1,\"x\"y\n2,\"z\n"),
        [
            "a.csv:2:2: cell B2 goes on behind its closing quote",
            "a.csv:3:2: cell B3 opens a quote that nothing closes"
        ]
    );
}

#[test]
fn an_open_quote_at_the_start_of_a_row_drops_nothing_in_silence() {
    assert_eq!(
        faults("id,reason\n\"1,x\n2,y\n"),
        ["a.csv:2:1: cell A2 opens a quote that nothing closes"]
    );
    assert_eq!(
        faults("id,reason\n1,x\n\""),
        ["a.csv:3:1: cell A3 opens a quote that nothing closes"]
    );
}

#[test]
fn a_row_adds_faults_at_its_own_cell() {
    let faults = read("a.csv", b"id,reason\n\n1,x\n", &COLUMNS, |row, faults| {
        row.fault(faults, "reason", "is short", "");
        row.fault(faults, "account", "is missing", "");
    });
    let shown: Vec<String> = faults.into_list().iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "a.csv:3: `account` is missing",
            "a.csv:3:2: cell B3: `reason` is short"
        ]
    );
}

#[test]
fn hostile_sizes_end_in_a_fault() {
    let wide = format!("id{}\n", ",".repeat(1_000_000));
    assert_eq!(faults(&wide), ["a.csv:1: the header has 1000001 cells"]);
    let wide = format!("id\n1{}\n", ",".repeat(1_000_000));
    assert_eq!(
        faults(&wide),
        ["a.csv:2: row 2 has 1000001 cells, the header 1"]
    );
    let large = vec![b'x'; FILE_BYTES + 1];
    assert_eq!(
        sheet(&large).expect_err("refused"),
        ["a.csv: is larger than 64 MiB"]
    );
    let many = format!("id\n{}", "1\n".repeat(ROWS + 1));
    assert_eq!(faults(&many), ["a.csv:1048578: has more than 1048576 rows"]);
    let ragged = format!("id\n{}", "1,2\n".repeat(100_000));
    assert_eq!(faults(&ragged).len(), Faults::LISTED + 1);
}

#[test]
fn cells_are_named_as_in_a_spreadsheet() {
    assert_eq!(cell_name(0, 1), "A1");
    assert_eq!(cell_name(25, 7), "Z7");
    assert_eq!(cell_name(26, 7), "AA7");
    assert_eq!(cell_name(701, 1), "ZZ1");
    assert_eq!(cell_name(702, 1), "AAA1");
}

#[test]
fn an_account_that_a_spreadsheet_has_spoilt_is_recognised() {
    assert!(account_flaw("111122223333").is_none());
    let message = |text| account_flaw(text).expect("a flaw").0;
    assert!(message("1.11E+11").contains("scientific notation"));
    assert!(message("11122223333").contains("11 digits"));
    assert_eq!(
        message("1111-2222-3333"),
        "`1111-2222-3333` is not an account"
    );
    assert_eq!(
        message("１１１１２２２２３３３３"),
        "`１１１１２２２２３３３３` is not an account"
    );
    assert_eq!(
        message("1111222233334"),
        "`1111222233334` is not an account"
    );
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
        let mut with_header = b"id,reason\n".to_vec();
        with_header.extend(&bytes);
        for input in [&bytes, &with_header] {
            let (mut seen, mut most) = (0, 0);
            let _ = read("a.csv", input, &COLUMNS, |_, _| seen += 1);
            most += input.len();
            assert!(seen <= most);
        }
    }
}
