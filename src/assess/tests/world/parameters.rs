//! Parameters as people deploy them: equal to the baseline, weaker, stronger, or of no known name.

use super::estate::Asked;

/// The text of `InputParameters`; where a rule has nothing to ask for, it asks for nothing.
pub fn text(managed: &str, asked: Asked) -> &'static str {
    match (managed, asked) {
        (_, Asked::Unknown) => "{\"exemptionNobodyKnows\":\"x\"}",
        ("iam-password-policy", Asked::Baseline) => {
            "{\"MinimumPasswordLength\":\"12\",\"PasswordReusePrevention\":\"5\",\"MaxPasswordAge\":\"90\",\"RequireLowercaseCharacters\":\"true\",\"RequireNumbers\":\"true\",\"RequireSymbols\":\"true\",\"RequireUppercaseCharacters\":\"true\"}"
        }
        ("iam-password-policy", Asked::Weaker) => {
            "{\"MinimumPasswordLength\":\"8\",\"PasswordReusePrevention\":\"5\",\"MaxPasswordAge\":\"90\",\"RequireLowercaseCharacters\":\"true\",\"RequireNumbers\":\"true\",\"RequireSymbols\":\"true\",\"RequireUppercaseCharacters\":\"true\"}"
        }
        ("iam-password-policy", Asked::Stronger) => {
            "{\"MinimumPasswordLength\":\"16\",\"PasswordReusePrevention\":\"24\",\"MaxPasswordAge\":\"60\",\"RequireLowercaseCharacters\":\"true\",\"RequireNumbers\":\"true\",\"RequireSymbols\":\"true\",\"RequireUppercaseCharacters\":\"true\"}"
        }
        ("ec2-volume-inuse-check", Asked::Baseline) => "{\"deleteOnTermination\":\"true\"}",
        ("ec2-volume-inuse-check", Asked::Weaker) => "{\"deleteOnTermination\":\"false\"}",
        ("guardduty-non-archived-findings", Asked::Baseline) => {
            "{\"daysHighSev\":\"1\",\"daysMediumSev\":\"7\",\"daysLowSev\":\"30\"}"
        }
        ("guardduty-non-archived-findings", Asked::Weaker) => {
            "{\"daysHighSev\":\"1\",\"daysMediumSev\":\"7\",\"daysLowSev\":\"90\"}"
        }
        ("no-unrestricted-route-to-igw", Asked::Weaker) => "{\"routeTableIds\":\"rtb-exempt\"}",
        _ => "{}",
    }
}

/// How the rule can be deployed.
pub fn choices(managed: &str) -> &'static [Asked] {
    match managed {
        "iam-password-policy" => &[
            Asked::Baseline,
            Asked::LeftOut,
            Asked::Weaker,
            Asked::Stronger,
            Asked::Unknown,
        ],
        "guardduty-non-archived-findings" | "ec2-volume-inuse-check" => {
            &[Asked::Baseline, Asked::Weaker, Asked::Unknown]
        }
        "no-unrestricted-route-to-igw" => &[Asked::Baseline, Asked::Weaker, Asked::Unknown],
        _ => &[Asked::Baseline, Asked::Baseline, Asked::Unknown],
    }
}
