//! Times of the model: milliseconds since 1970, and how clients of AWS write them.

use chrono::{DateTime, FixedOffset, Utc};
use serde_json::Value;

pub type Time = i64;

pub const SECOND: Time = 1000;
pub const HOUR: Time = 3600 * SECOND;
pub const DAY: Time = 24 * HOUR;
/// The third quarter of 2026 in Seoul: the first moment in it, and the first after it.
pub const FROM: Time = 1_782_831_600_000;
pub const TO: Time = 1_790_780_400_000;

fn moment(time: Time) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(time).expect("a time of our days")
}

/// As AWS itself writes it.
pub fn iso(time: Time) -> String {
    moment(time).format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// As an HTTP header has it: without a fraction.
pub fn http(time: Time) -> String {
    moment(time).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// As it stands in the names of files.
pub fn compact(time: Time) -> String {
    moment(time).format("%Y%m%dT%H%M%SZ").to_string()
}

/// How a client writes times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// The AWS CLI 2, in Seoul.
    Offset,
    /// The AWS CLI 1: seconds since 1970.
    Epoch,
    /// boto3 printed by Python, in Seoul.
    Python,
}

impl Spelling {
    pub const ALL: [Self; 3] = [Self::Offset, Self::Epoch, Self::Python];

    fn write(self, time: Time) -> Value {
        let seoul = FixedOffset::east_opt(9 * 3600).expect("nine hours");
        let there = moment(time).with_timezone(&seoul);
        match self {
            Self::Offset => there.format("%Y-%m-%dT%H:%M:%S%.6f%:z").to_string().into(),
            Self::Python => there.format("%Y-%m-%d %H:%M:%S%.6f%:z").to_string().into(),
            Self::Epoch => {
                let text = format!("{}.{:03}", time / SECOND, time % SECOND);
                serde_json::from_str(&text).expect("a number")
            }
        }
    }

    /// Writes every time of the answer in the client's way.
    pub fn spell(self, answer: &mut Value) {
        match answer {
            Value::Array(list) => list.iter_mut().for_each(|value| self.spell(value)),
            Value::Object(fields) => fields.values_mut().for_each(|value| self.spell(value)),
            Value::String(text) => {
                if let Some(time) = known(text) {
                    *answer = self.write(time);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// The time, if the text is one as AWS itself writes it.
pub fn known(text: &str) -> Option<Time> {
    let is_time = text.len() == 24 && text.ends_with('Z') && text.as_bytes()[10] == b'T';
    let time = is_time.then(|| DateTime::parse_from_rfc3339(text).ok());
    time.flatten().map(|time| time.timestamp_millis())
}
