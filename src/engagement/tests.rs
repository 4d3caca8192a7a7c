mod policy;

use super::*;

const VALID: &str = r#"
[engagement]
organization = "주식회사 예시"
scope = "예시몰 서비스 운영"
scheme = "isms-p"
period = "2026Q3"
prepared_by = "홍길동 (정보보호팀)"
reviewed_by = "김감사 (CISO)"
language = "en"
timezone = "+00:00"

[accounts]
111122223333 = { name = "prod", regions = ["ap-northeast-2", "us-east-1"] }
"000011112222" = { regions = ["us-gov-west-1"] }

[rules]
"our-ssh-check" = "restricted-ssh"
"arn:aws:config:x" = "INCOMING_SSH_DISABLED"

[policy]
"access-keys-rotated" = { maxAccessKeyAge = 60, document = "계정관리지침 5.2" }
"ec2-volume-inuse-check" = { deleteOnTermination = false, document = "d" }

[signing]
key = "../keys/signer.p12"
"#;

/// The valid file with one text replaced, which must be in it.
fn with(from: &str, to: &str) -> String {
    assert!(VALID.contains(from), "{from}");
    VALID.replacen(from, to, 1)
}

/// Each fault as `line:column: message (hint)`.
fn faults(text: &str) -> Vec<String> {
    let faults = Engagement::load(text).expect_err("faults");
    let shown = faults.iter().map(|f| format!("{f} ({})", f.hint));
    shown
        .map(|f| f.trim_start_matches("kisms.toml:").to_owned())
        .collect()
}

/// The only fault of the valid file with one text replaced.
fn fault(from: &str, to: &str) -> String {
    let mut faults = faults(&with(from, to));
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults.remove(0)
}

#[test]
fn a_whole_file_is_read() {
    let read = Engagement::load(VALID).expect("no fault");
    assert_eq!(read.organization, "주식회사 예시");
    assert_eq!(read.scheme, Scheme::IsmsP);
    assert_eq!(read.language, Language::En);
    assert_eq!(read.period.zone().local_minus_utc(), 0);
    let account = &read.accounts["111122223333"];
    assert_eq!(account.name.as_deref(), Some("prod"));
    assert_eq!(account.regions.len(), 2);
    assert_eq!(read.accounts["000011112222"].name, None);
    assert_eq!(read.rules["our-ssh-check"], "restricted-ssh");
    assert_eq!(read.rules["arn:aws:config:x"], "restricted-ssh");
    let policy = &read.policy["access-keys-rotated"];
    assert_eq!(policy.parameters["maxAccessKeyAge"], "60");
    assert_eq!(policy.document, "계정관리지침 5.2");
    let policy = &read.policy["ec2-volume-inuse-check"];
    assert_eq!(policy.parameters["deleteOnTermination"], "false");
    assert_eq!(read.signing_key, Some(PathBuf::from("../keys/signer.p12")));
    assert_eq!(read.signing_certificates, None);
    let text = with(
        "signer.p12\"",
        "signPri.key\"\ncertificates = \"../keys/ca.pem\"",
    );
    let read = Engagement::load(&text).expect("no fault");
    assert_eq!(
        read.signing_certificates,
        Some(PathBuf::from("../keys/ca.pem"))
    );
    let text = (
        "signer.p12\"",
        "signPri.key\"\ncertificates = \"exports/ca.pem\"",
    );
    assert!(fault(text.0, text.1).contains("`certificates` `exports/ca.pem` lies in a folder"));
}

#[test]
fn what_may_be_absent_has_its_default() {
    let end = VALID.find("[rules]").expect("a table");
    let text = VALID[..end]
        .replace("language = \"en\"\n", "")
        .replace("timezone = \"+00:00\"\n", "");
    let read = Engagement::load(&format!("\u{feff}{text}")).expect("no fault");
    assert_eq!(read.language, Language::Ko);
    assert_eq!(read.period.zone().local_minus_utc(), 9 * 3600);
    assert!(read.rules.is_empty() && read.policy.is_empty());
    assert_eq!(read.signing_key, None);
}

#[test]
fn all_faults_are_collected_in_the_order_of_their_places() {
    let text = VALID
        .replace("\"2026Q3\"", "\"2026-Q3\"")
        .replace("scope = \"예시몰 서비스 운영\"\n", "scope = \"\"\n")
        .replace("\"us-gov-west-1\"", "\"Seoul\"")
        .replace("\"restricted-ssh\"", "\"restrict-ssh\"")
        .replace("maxAccessKeyAge", "maxAccesKeyAge")
        .replace("../keys", "/keys");
    let found = faults(&text);
    let places: Vec<&str> = found
        .iter()
        .map(|f| f.split_once(": ").expect("a place").0)
        .collect();
    assert_eq!(
        places,
        ["4:9", "6:10", "14:31", "17:19", "21:1", "21:27", "25:7"],
        "{found:#?}"
    );
}

#[test]
fn columns_count_characters_not_bytes() {
    let fault = fault(
        "name = \"prod\", regions = [\"ap-northeast-2\", \"us-east-1\"]",
        "name = \"운영\", regions = [\"서울\"]",
    );
    assert!(
        fault.starts_with("13:42: `서울` is not a region"),
        "{fault}"
    );
}

#[test]
fn an_unknown_key_or_table_names_the_nearest() {
    assert_eq!(
        faults(&with("organization =", "organisation =")),
        [
            "2:1: `organization` is missing in `[engagement]` (fill in the applicant's name: \
             \"주식회사 예시\")",
            "3:1: unknown key `organisation` in `[engagement]` (did you mean `organization`?)",
        ]
    );
    assert_eq!(
        fault("[rules]", "[rule]"),
        "16:2: unknown table `[rule]` (did you mean `rules`?)"
    );
    assert_eq!(
        fault("[signing]", "[bundle]\nexports = \"full\"\n[signing]"),
        "24:2: unknown table `[bundle]` (known are `engagement`, `accounts`, `rules`, `policy`, \
         `signing`)"
    );
    assert!(fault("{ name =", "{ nam =").contains("unknown key `nam` in `[accounts.\"1111"));
}

#[test]
fn every_required_text_must_be_there_and_say_something() {
    for key in ["organization", "scope", "prepared_by", "reviewed_by"] {
        let start = VALID.find(&format!("{key} =")).expect("a key");
        let line = VALID[start..].lines().next().expect("a line");
        assert!(fault(line, &format!("{key} = \" \"")).contains(&format!("`{key}` is empty")));
        assert!(fault(line, "").contains(&format!("`{key}` is missing")));
        assert!(fault(line, &format!("{key} = 1")).contains("is a whole number, not a text"));
        let broken = fault(line, &format!("{key} = \"a\\nb\""));
        assert!(broken.contains("a line break"), "{broken}");
    }
}

#[test]
fn a_file_without_tables_says_which_are_missing() {
    let found = faults("");
    assert!(
        found[0].starts_with("1:1: `[engagement]` is missing"),
        "{found:?}"
    );
    assert!(
        found[1].starts_with("1:1: `[accounts]` is missing"),
        "{found:?}"
    );
    assert_eq!(found.len(), 2);
    let number = faults("accounts = 1\nengagement = []\n");
    assert!(number[0].starts_with("1:12: `accounts` is a whole number, not a table"));
    assert!(number[1].starts_with("2:14: `engagement` is a list, not a table"));
}

#[test]
fn scheme_language_and_timezone_are_among_the_known() {
    assert!(fault("\"isms-p\"", "\"ISMS-P\"").ends_with("(did you mean `isms-p`?)"));
    assert!(fault("\"en\"", "\"jp\"").contains("`language` does not know `jp`"));
    for zone in [
        "Asia/Seoul",
        "Z",
        "+9:00",
        "+15:00",
        "+09:60",
        "+0a:00",
        "09:00",
        "",
    ] {
        let found = fault("\"+00:00\"", &format!("\"{zone}\""));
        assert!(found.contains("`timezone`"), "{found}");
    }
    assert!(Engagement::load(&with("\"+00:00\"", "\"-03:30\"")).is_ok());
}

#[test]
fn a_period_is_a_quarter_or_its_first_and_last_day() {
    let label = |period: &str| {
        let read = Engagement::load(&with("\"2026Q3\"", period)).expect("no fault");
        (read.period.label, read.period.from, read.period.to)
    };
    let quarter = label("\"2026Q3\"");
    let days = label("{ from = \"2026-07-01\", to = \"2026-09-30\" }");
    assert_eq!((quarter.1, quarter.2), (days.1, days.2));
    assert_eq!(days, label("{ from = 2026-07-01, to = 2026-09-30 }"));
    for (wrong, message) in [
        ("\"Q3\"", "`Q3` is not a quarter"),
        ("3", "`period` is a whole number"),
        ("{ from = \"2026-07-01\" }", "`period` lacks `to`"),
        (
            "{ from = \"2026-07-01\", to = 9 }",
            "`to` is a whole number",
        ),
        (
            "{ from = \"2026-09-30\", to = \"2026-07-01\" }",
            "ends before",
        ),
        (
            "{ from = \"2026.7.1\", to = \"2026-09-30\" }",
            "(write it \"2026-07-01\")",
        ),
        (
            "{ from = 2026-07-01T00:00:00Z, to = 2026-09-30 }",
            "is not a date",
        ),
    ] {
        let found = fault("\"2026Q3\"", wrong);
        assert!(found.contains(message), "{found}");
    }
}

#[test]
fn an_account_is_twelve_digits_and_has_regions() {
    for key in [
        "11112222333",
        "1111222233334",
        "\"1111-2222-3333\"",
        "\"11112222333a\"",
    ] {
        let found = fault("111122223333 =", &format!("{key} ="));
        assert!(found.contains("is not an account"), "{found}");
    }
    let regions = "[\"ap-northeast-2\", \"us-east-1\"]";
    for (wrong, message) in [
        ("[]", "`regions` is empty"),
        ("\"us-east-1\"", "`regions` is a text, not a list"),
        ("[1]", "`regions` holds a whole number"),
        ("[\"us-east-1\", \"us-east-1\"]", "twice"),
        ("[\"AP-NORTHEAST-2\"]", "(write it \"ap-northeast-2\")"),
        ("[\"global\"]", "(name the regions that are used"),
        ("[\"ap-northeast-2a\"]", "`ap-northeast-2a` is not a region"),
    ] {
        let found = fault(regions, wrong);
        assert!(found.contains(message), "{found}");
    }
    assert!(fault(", regions = [\"ap-northeast-2\", \"us-east-1\"]", "").contains("missing"));
}

#[test]
fn rules_and_policies_name_what_the_catalogue_has() {
    assert!(
        fault("\"restricted-ssh\"", "\"restricted-shh\"")
            .ends_with("(did you mean `restricted-ssh`?)")
    );
    assert!(
        fault("\"access-keys-rotated\"", "\"ACCESS_KEYS_ROTATED\"")
            .ends_with("(write it by its name, `access-keys-rotated`)")
    );
    assert!(
        fault("\"access-keys-rotated\"", "\"access-key-rotated\"")
            .ends_with("(did you mean `access-keys-rotated`?)")
    );
}

#[test]
fn a_key_lies_inside_the_folder_or_beside_it_and_never_travels() {
    for path in [
        "/k.p12",
        "../a/../k.p12",
        "a/../../k",
        "~/k",
        "C:/k",
        "a\\\\k",
        "",
        "evidence/2.1.1/k.p12",
        "Exports/k",
        "./exports/k",
    ] {
        let found = fault("../keys/signer.p12", path);
        assert!(found.starts_with("25:7: `key`"), "{path}: {found}");
    }
    for path in ["k.p12", "keys/k.p12", "./k.p12", "../exports/k.p12"] {
        assert!(
            Engagement::load(&with("../keys/signer.p12", path)).is_ok(),
            "{path}"
        );
    }
}

#[test]
fn what_is_no_toml_has_only_the_faults_of_its_syntax() {
    let found = faults(&with(
        "scheme = \"isms-p\"",
        "scheme = isms-p\nscheme = \"x\"",
    ));
    assert!(found[0].starts_with("5:10: "), "{found:?}");
    let twice = fault("[accounts]", "[engagement]\n[accounts]");
    assert!(twice.contains("duplicate"), "{twice}");
}

#[test]
fn hostile_files_end_in_faults() {
    let deep = format!("a = {}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let keys: String = (0..60_000)
        .flat_map(|n| ["k".to_owned(), n.to_string(), "=1\n".to_owned()])
        .collect();
    let wide = keys.replace('\n', ",");
    for text in [
        deep,
        keys,
        format!("a={{{wide}}}"),
        "\0\u{1}".to_owned(),
        "[".repeat(200_000),
        "=".repeat(200_000),
        "x".repeat((1 << 20) + 1),
    ] {
        let found = faults(&text);
        assert!((1..=crate::fault::Faults::LISTED + 1).contains(&found.len()));
    }
}

proptest::proptest! {
    #[test]
    fn any_damage_ends_in_a_value_or_a_fault(at in 0..900usize, with in "[\\[\\]={}\"a1,.\n'가]{0,4}", cut in 0..9usize) {
        let from = VALID.floor_char_boundary(at);
        let to = VALID.floor_char_boundary(at + cut);
        let text = format!("{}{with}{}", &VALID[..from], &VALID[to..]);
        if let Err(faults) = Engagement::load(&text) {
            assert!(!faults.is_empty(), "{text}");
        }
    }
}
