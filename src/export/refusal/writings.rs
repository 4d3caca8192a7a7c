//! Text that is no JSON and known by how it starts.

use super::structures::DETAILS;

/// Text that is known by how it starts.
pub struct Writing {
    /// What it is.
    pub what: &'static str,
    /// Whether a text that starts like this is one.
    pub fits: fn(&str) -> bool,
    /// What to do next.
    pub instead: &'static str,
}

const JSON: &str = "take the export again with `--output json`";
const CLI: &str = "take the export with the AWS CLI as JSON: `aws configservice get-compliance-details-by-config-rule --config-rule-name NAME --output json`, and findings by `aws securityhub get-findings --output json`";
const POWERSHELL: &str = "take the export with the AWS CLI in place of PowerShell's cmdlets: `aws configservice OPERATION --output json`";
const SIGN_IN: &str = "sign in and take the export again";

/// The first that fits says what it is.
pub const WRITINGS: &[Writing] = &[
    Writing {
        what: "what PowerShell's `Export-Csv` made of an answer",
        fits: |text| {
            text.trim_start_matches(['"', '\u{feff}'])
                .starts_with("#TYPE ")
        },
        instead: POWERSHELL,
    },
    Writing {
        what: "what PowerShell's `Export-Clixml` made of an answer",
        fits: |text| text.starts_with("<Objs ") || text.starts_with("#< CLIXML"),
        instead: POWERSHELL,
    },
    Writing {
        what: "a list or table as PowerShell shows it on the screen",
        fits: is_shown_by_powershell,
        instead: POWERSHELL,
    },
    Writing {
        what: "the output of `--output table`",
        fits: |text| {
            ["----", "+--", "|", "┌", "│"]
                .iter()
                .any(|start| text.starts_with(start))
                && !is_yaml_start(text)
        },
        instead: JSON,
    },
    Writing {
        what: "the output of `--output yaml`",
        fits: |text| {
            let first = first_line(text).trim_end();
            let key =
                |key: &str| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
            first == "---"
                || first.starts_with("- ")
                || first.split_once(": ").is_some_and(|(name, _)| {
                    name.starts_with(|c: char| c.is_ascii_alphabetic())
                        && key(name)
                        && second_is_yaml(text)
                })
                || first.strip_suffix(':').is_some_and(key)
        },
        instead: JSON,
    },
    Writing {
        what: "the output of `--output text`",
        fits: |text| {
            let first = first_line(text).split('\t').next().unwrap_or_default();
            first.len() > 3 && first.bytes().all(|byte| byte.is_ascii_uppercase())
        },
        instead: JSON,
    },
    Writing {
        what: "an export of AWS Security Hub V2 as CSV, whose chosen columns do not tell a verdict for certain",
        fits: is_security_hub_csv,
        instead: "start the export job again with `Format` OCSF_JSON, which has each finding in full",
    },
    Writing {
        what: "a CSV report of Prowler",
        fits: |text| {
            let first = first_line(text).to_ascii_uppercase();
            let columns = [
                "AUTH_METHOD;",
                "ASSESSMENT_START_TIME;",
                ";CHECK_ID;",
                ";CHECKID;",
                ";REQUIREMENTS_ID",
            ];
            columns.iter().any(|column| first.contains(column))
        },
        instead: DETAILS,
    },
    Writing {
        what: "a report of Prowler",
        fits: |text| {
            first_line(text).contains("_ __  _ __ _____")
                || text.get(..200).unwrap_or(text).contains("Prowler")
        },
        instead: DETAILS,
    },
    Writing {
        what: "a report of ScoutSuite",
        fits: |text| text.starts_with("scoutsuite_results"),
        instead: DETAILS,
    },
    Writing {
        what: "an answer of Amazon S3 in XML",
        fits: |text| {
            text.starts_with('<')
                && ["<Error>", "<ListBucketResult"]
                    .iter()
                    .any(|tag| text.contains(tag))
        },
        instead: "copy the file itself with `aws s3 cp s3://BUCKET/KEY .`, signed in with leave to read it",
    },
    Writing {
        what: "a web page or XML",
        fits: |text| text.starts_with('<'),
        instead: SIGN_IN,
    },
    Writing {
        what: "a file packed by gzip and written as Base64",
        fits: |text| text.starts_with("H4sI"),
        instead: "decode it with `base64 -d FILE > FILE.gz`",
    },
    Writing {
        what: "JSON that was written as a string once more",
        fits: |text| {
            [
                "\"{\\\"", "\"[{\\\"", "\"{\\n", "\"[\\n", "'{\"", "'[{\"", "'{\n", "'{\r",
            ]
            .iter()
            .any(|start| text.starts_with(start))
        },
        instead: "write the answer once: `json.dumps(answer, default=str)`, or `jq -r .` of the file",
    },
    Writing {
        what: super::PRINTED,
        fits: |text| {
            [
                "b'",
                "{'",
                "['",
                "('",
                "OrderedDict(",
                "defaultdict(",
                "datetime.datetime(",
            ]
            .iter()
            .any(|start| text.starts_with(start))
        },
        instead: super::DUMPS,
    },
    Writing {
        what: "the value `null`, which `--query` gives where nothing fits it",
        fits: |text| first_line(text).trim() == "null",
        instead: super::QUERY,
    },
    Writing {
        what: "a hash table as PowerShell writes it",
        fits: |text| text.starts_with("@{"),
        instead: POWERSHELL,
    },
    Writing {
        what: "a table with columns (CSV), as the AWS console downloads it or a spreadsheet saves it",
        fits: |text| is_table(text, ',') || is_table(text, ';'),
        instead: CLI,
    },
    Writing {
        what: "a table with tabs between its columns, as `--output text` or a spreadsheet writes it",
        fits: |text| is_table(text, '\t'),
        instead: CLI,
    },
];

/// `ComplianceType : NON_COMPLIANT`, or names above a line of hyphens.
fn is_shown_by_powershell(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().unwrap_or_default();
    let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let listed = first.trim_start_matches(name);
    let is_list = listed.len() < first.len()
        && listed.starts_with(' ')
        && (listed.trim_start().starts_with(": ") || listed.trim() == ":");
    let second = lines.next().unwrap_or_default().trim_end();
    let is_rule = second.starts_with("--") && second.chars().all(|c| c == '-' || c == ' ');
    let is_names = first.starts_with(|c: char| c.is_alphabetic());
    is_list || (is_rule && is_names)
}

fn is_yaml_start(text: &str) -> bool {
    first_line(text).trim_end() == "---"
}

/// Whether the second line of a text is one of YAML, too: a prose line has a colon as well.
fn second_is_yaml(text: &str) -> bool {
    let second = text.lines().nth(1).unwrap_or_default();
    second.starts_with("- ")
        || second.split_once(':').is_some_and(|(key, _)| {
            let key = key.trim_start();
            !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// Its columns are the paths of OCSF's fields, as the job was asked for them.
fn is_security_hub_csv(text: &str) -> bool {
    const OBJECTS: [&str; 6] = [
        "cloud",
        "compliance",
        "finding_info",
        "metadata",
        "resources",
        "vulnerabilities",
    ];
    let path = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'.');
    let columns = || {
        let columns = first_line(text).trim_start_matches('\u{feff}').split(',');
        columns.map(|column| column.trim_matches('"'))
    };
    let of_finding = |column: &str| {
        let object = column.split_once('.').map(|(object, _)| object);
        object.is_some_and(|object| OBJECTS.contains(&object))
    };
    columns().all(|column| !column.is_empty() && column.bytes().all(path))
        && columns().any(of_finding)
}

/// Whether a line names columns, and a row of as many, if there is one, follows. A title may stand above.
fn is_table(text: &str, separator: char) -> bool {
    const TITLES: usize = 3;
    let lines = text.lines().map(str::trim_end);
    let mut lines = lines.filter(|line| !line.is_empty());
    let is_title = |line: &&str| columns(line, separator).len() == 1;
    let titles = lines.clone().take(TITLES).take_while(is_title).count();
    let Some(first) = lines.nth(titles) else {
        return false;
    };
    let names = columns(first, separator);
    let row = lines.next().map(|row| columns(row, separator).len());
    let follows = row.map_or(titles == 0, |count| count >= names.len());
    follows && names.len() > 1 && names.iter().all(is_name) && names.iter().any(|n| !n.is_empty())
}

/// Whether it may be a column's name. A space follows the comma of a sentence.
fn is_name(name: &&str) -> bool {
    const NAME: usize = 60;
    name.chars().count() <= NAME && !name.starts_with(' ') && !name.contains(['{', '}', '[', '='])
}

/// The cells of a line; a separator within quotes is none.
fn columns(line: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    let cells = line.split(|c: char| {
        quoted ^= c == '"';
        c == separator && !quoted
    });
    cells.map(|cell| cell.trim_matches('"')).collect()
}

fn first_line(text: &str) -> &str {
    text.split(['\r', '\n']).next().unwrap_or_default()
}
