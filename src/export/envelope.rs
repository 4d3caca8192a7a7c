//! What stands beside the list in a document.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::time::AwsTime;

/// Whether two keys are the same but for the case of their first letter: AWS prints
/// `EvaluationResults` and, elsewhere, `evaluationResults`.
pub fn same_key(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    one.len() == other.len()
        && one
            .iter()
            .zip(other)
            .enumerate()
            .all(|(at, (a, b))| a == b || (at == 0 && a.eq_ignore_ascii_case(b)))
}

/// Whether the key is that of the token which says that more pages follow, however it is spelt.
pub fn is_token(key: &str) -> bool {
    key.eq_ignore_ascii_case("NextToken")
}

/// Small values as JSON text, by key.
#[derive(Debug, Default)]
pub struct Envelope(BTreeMap<String, Box<RawValue>>);

impl Envelope {
    /// Keeps a value.
    pub fn keep(&mut self, key: &str, value: Box<RawValue>) {
        self.0.insert(key.to_owned(), value);
    }

    /// The kept values as an object again.
    pub fn as_object(&self) -> String {
        let members: Vec<String> = self
            .0
            .iter()
            .map(|(key, value)| format!("{}:{}", serde_json::json!(key), value.get()))
            .collect();
        format!("{{{}}}", members.join(","))
    }

    fn get(&self, key: &str) -> Option<&RawValue> {
        let mut fitting = self.0.iter().filter(|(have, _)| same_key(have, key));
        fitting.next().map(|(_, value)| &**value)
    }

    /// The value as a string, if it is one and not empty.
    pub fn string(&self, key: &str) -> Option<String> {
        let text: String = serde_json::from_str(self.get(key)?.get()).ok()?;
        Some(text).filter(|text| !text.is_empty())
    }

    /// Whether AWS said that more pages follow: a token of whatever type and spelling, for what is
    /// not understood must not make an answer whole.
    pub fn next_token(&self) -> bool {
        let token = self.0.iter().filter(|(key, _)| is_token(key));
        token
            .map(|(_, value)| value.get())
            .any(|value| !matches!(value, "null" | "\"\""))
    }

    /// When AWS answered, as boto3 keeps it.
    pub fn answered_at(&self) -> Option<AwsTime> {
        #[derive(serde::Deserialize)]
        struct Metadata {
            #[serde(rename = "HTTPHeaders")]
            headers: Headers,
        }
        #[derive(serde::Deserialize)]
        struct Headers {
            date: String,
        }
        let metadata: Metadata = serde_json::from_str(self.get("ResponseMetadata")?.get()).ok()?;
        let date = chrono::DateTime::parse_from_rfc2822(&metadata.headers.date).ok()?;
        Some(date.to_utc().into())
    }
}
