//! `kisms collect`: prints a shell script that gathers the exports with the AWS CLI, or the least
//! IAM policy that the script needs. Nothing is run: kisms itself never talks to AWS.

use std::collections::BTreeSet;

use serde_json::json;

use crate::error::{Error, Result};
use crate::report::json;

use super::{Exit, Screen, written};

/// The script; what stands between `@` is filled in.
const SCRIPT: &str = include_str!("collect.sh");

/// What the script calls of AWS Config for an account, in the AWS CLI's words.
const OF_ACCOUNT: &[&str] = &[
    "describe-compliance-by-config-rule",
    "describe-compliance-by-resource",
    "describe-config-rule-evaluation-status",
    "describe-config-rules",
    "describe-configuration-recorder-status",
    "describe-configuration-recorders",
    "describe-conformance-pack-compliance",
    "describe-conformance-packs",
    "describe-delivery-channel-status",
    "get-compliance-details-by-config-rule",
    "get-compliance-summary-by-config-rule",
    "get-compliance-summary-by-resource-type",
    "get-conformance-pack-compliance-details",
    "get-conformance-pack-compliance-summary",
    "get-discovered-resource-counts",
    "list-conformance-pack-compliance-scores",
    "select-resource-config",
];

/// What it calls through an aggregator.
const OF_AGGREGATOR: &[&str] = &[
    "describe-aggregate-compliance-by-config-rules",
    "describe-aggregate-compliance-by-conformance-packs",
    "describe-configuration-aggregator-sources-status",
    "get-aggregate-compliance-details-by-config-rule",
    "get-aggregate-config-rule-compliance-summary",
    "get-aggregate-conformance-pack-compliance-summary",
];

/// What was typed.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The AWS CLI's profile; else its own default.
    pub profile: Option<String>,
    /// The regions; none: all that have a configuration recorder. With an aggregator its region.
    pub regions: Vec<String>,
    /// The aggregator to gather through, instead of the account itself.
    pub aggregator: Option<String>,
    /// Print the IAM policy instead of the script.
    pub policy: bool,
}

/// Prints the script, or the policy.
pub fn collect(options: &Options, screen: &mut Screen<'_>) -> Result<Exit> {
    check(options)?;
    written(if options.policy {
        json::pretty(&mut *screen.out, &policy(options))
    } else {
        screen.out.write_all(script(options).as_bytes())
    })?;
    Ok(Exit::Done)
}

/// Regions and aggregators become file names: nothing else may stand in them.
fn check(options: &Options) -> Result<()> {
    let region = |text: &str| {
        text.contains('-')
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    if let Some(wrong) = options.regions.iter().find(|text| !region(text)) {
        let error = Error::new(format_args!("`{wrong}` is no region"));
        return Err(error.hint("give one region each time, such as `--region ap-northeast-2`"));
    }
    let Some(name) = &options.aggregator else {
        return Ok(());
    };
    // AWS Config's ConfigurationAggregatorName: [\w\-]+
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if name.is_empty() || !name.bytes().all(word) {
        return Err(Error::new(format_args!("`{name}` is no aggregator's name"))
            .hint("`aws configservice describe-configuration-aggregators` lists them"));
    }
    if options.regions.len() > 1 {
        return Err(Error::new("an aggregator lives in one region")
            .hint("give one `--region`, the aggregator's; its data tell their own regions"));
    }
    Ok(())
}

fn script(options: &Options) -> String {
    let filled = [
        (
            "@PROFILE@",
            quoted(options.profile.as_deref().unwrap_or_default()),
        ),
        ("@REGIONS@", quoted(&options.regions.join(" "))),
        (
            "@AGGREGATOR@",
            quoted(options.aggregator.as_deref().unwrap_or_default()),
        ),
        ("@VERSION@", env!("CARGO_PKG_VERSION").to_owned()),
    ];
    let mut script = String::new();
    for line in SCRIPT.split_inclusive('\n') {
        let filled = filled
            .iter()
            .find(|(mark, _)| line.contains(mark))
            .map(|(mark, text)| line.replacen(mark, text, 1));
        script.push_str(filled.as_deref().unwrap_or(line));
    }
    script
}

/// One word of the shell (POSIX XCU 2.2.2): nothing is special in single quotes but their end.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The least identity policy. `sts:GetCallerIdentity` needs no permission.
fn policy(options: &Options) -> serde_json::Value {
    let operations = if options.aggregator.is_some() {
        OF_AGGREGATOR
    } else {
        OF_ACCOUNT
    };
    let mut actions: BTreeSet<String> = operations.iter().copied().map(action).collect();
    if options.aggregator.is_none() && options.regions.is_empty() {
        actions.insert("ec2:DescribeRegions".to_owned());
    }
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "KismsCollect",
            "Effect": "Allow",
            "Action": actions,
            "Resource": "*",
        }],
    })
}

/// `describe-config-rules` needs `config:DescribeConfigRules`.
fn action(operation: &str) -> String {
    let words = operation.split('-').map(|word| {
        let (first, rest) = word.split_at(1.min(word.len()));
        first.to_ascii_uppercase() + rest
    });
    "config:".to_owned() + &words.collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engagement::Language;
    use crate::export;

    fn printed(options: &Options) -> Result<String> {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut screen = Screen {
            out: &mut out,
            err: &mut err,
            language: Language::En,
            width: usize::MAX,
        };
        collect(options, &mut screen)?;
        Ok(String::from_utf8(out).expect("text"))
    }

    #[test]
    fn what_is_typed_cannot_break_out_of_its_quotes() {
        let options = Options {
            profile: Some("a'b @REGIONS@ $(x)".to_owned()),
            ..Options::default()
        };
        let script = printed(&options).expect("a script");
        assert!(script.contains("\nPROFILE='a'\\''b @REGIONS@ $(x)'\nREGIONS=''\n"));
    }

    #[test]
    fn no_mark_is_left_unfilled() {
        let script = printed(&Options::default()).expect("a script");
        let left: Vec<&str> = script
            .lines()
            .filter(|line| line.contains('@') && !line.contains("\"$@\""))
            .collect();
        assert_eq!(left, [""; 0]);
    }

    #[test]
    fn a_region_or_aggregator_that_is_none_is_refused() {
        for region in ["ap-northeast-2 us-east-1", "../x-1", "seoul", ""] {
            let options = Options {
                regions: vec![region.to_owned()],
                ..Options::default()
            };
            assert!(printed(&options).is_err(), "{region}");
        }
        let two = Options {
            regions: vec!["ap-northeast-2".to_owned(), "us-east-1".to_owned()],
            aggregator: Some("org".to_owned()),
            ..Options::default()
        };
        assert!(printed(&two).is_err());
        let path = Options {
            aggregator: Some("../org".to_owned()),
            ..Options::default()
        };
        assert!(printed(&path).is_err());
    }

    #[test]
    fn what_is_gathered_is_read() {
        let read: BTreeSet<&str> = export::operations().collect();
        for operation in OF_ACCOUNT.iter().chain(OF_AGGREGATOR) {
            assert!(SCRIPT.contains(operation), "{operation}");
            assert!(read.contains(operation), "{operation}");
        }
    }

    #[test]
    fn an_action_is_its_operation_in_camel_case() {
        assert_eq!(
            action("get-compliance-details-by-config-rule"),
            "config:GetComplianceDetailsByConfigRule"
        );
    }
}
