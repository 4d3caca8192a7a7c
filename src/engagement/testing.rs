//! What tests need of an engagement, and do not look into.

/// The least `kisms.toml`: one account with one region, of which nothing is signed.
pub const LEAST: &str = r#"
[engagement]
organization = "o"
scope = "s"
scheme = "isms"
period = "2026Q3"
prepared_by = "p"
reviewed_by = "r"
[accounts]
111122223333 = { regions = ["ap-northeast-2"] }
"#;
