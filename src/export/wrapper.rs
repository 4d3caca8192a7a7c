//! What stands around documents: recordings, notifications, events, and the messages of queues and streams.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::envelope::same_key;

/// A key whose value holds the document.
pub struct Wrapper {
    /// The key; the case of its first letter is free.
    pub key: &'static str,
    /// Whether it is an event or a notification: one of many.
    pub stream: bool,
}

const fn recording(key: &'static str) -> Wrapper {
    Wrapper { key, stream: false }
}

const fn event(key: &'static str) -> Wrapper {
    Wrapper { key, stream: true }
}

const WRAPPERS: &[Wrapper] = &[
    // Recordings of API answers (placebo), and of Security Hub's; a record of Kinesis or Firehose.
    recording(DATA),
    recording("apiResponse"),
    // Amazon SNS, Amazon EventBridge, AWS Lambda.
    event("Message"),
    event("detail"),
    event("invokingEvent"),
    // A record of each in an event of AWS Lambda; a message of Amazon SQS has a body, too.
    event(RECORDS[0]),
    event(RECORDS[1]),
    event(RECORDS[2]),
    // Notifications of AWS Config.
    event("configurationItem"),
    event("configurationItemSummary"),
];

/// Recordings have an object under it, Kinesis and Firehose a text in base64.
const DATA: &str = "data";

/// Of Amazon SNS, of Kinesis, of Amazon SQS.
const RECORDS: [&str; 3] = ["Sns", "kinesis", "body"];

/// Keys of lists whose elements wrap one document each: events of AWS Lambda and Firehose, and what
/// `aws kinesis get-records` and `aws sqs receive-message` print.
const LISTS: [&str; 2] = ["Records", "Messages"];

/// What each element of such a list is.
pub const EACH: Wrapper = event("");

/// The wrapper with this key.
pub fn wrapper(key: &str) -> Option<&'static Wrapper> {
    WRAPPERS.iter().find(|wrapper| same_key(wrapper.key, key))
}

/// Whether an object with these keys wraps a document.
pub fn wraps(keys: &[&str]) -> bool {
    keys.iter().any(|key| wrapper(key).is_some())
}

/// Whether an object with these keys is a record of an event of AWS Lambda, or a queue's message.
pub fn is_record(keys: &[&str]) -> bool {
    let known = |key: &&str| RECORDS.iter().any(|record| same_key(record, key));
    keys.iter().any(known)
}

/// Whether the list with this key may have wrapped documents as its elements.
pub fn is_list(key: &str) -> bool {
    LISTS.iter().any(|list| same_key(list, key))
}

/// The object in the text of a wrapper, if it is one.
pub fn object_in(wrapper: &Wrapper, text: String) -> Option<Vec<u8>> {
    if wrapper.key == DATA
        && let Ok(decoded) = STANDARD.decode(&text)
    {
        return Some(decoded).filter(|decoded| is_object(decoded));
    }
    Some(text.into_bytes()).filter(|text| is_object(text))
}

fn is_object(text: &[u8]) -> bool {
    text.trim_ascii_start().starts_with(b"{")
}
