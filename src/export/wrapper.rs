//! What stands around documents: recordings, notifications and events.

use super::envelope::same_key;

/// A key whose value holds the document.
pub struct Wrapper {
    /// The key; the case of its first letter is free.
    pub key: &'static str,
    /// Whether it is an event or a notification: one of many.
    pub stream: bool,
}

const WRAPPERS: &[Wrapper] = &[
    // Recordings of API answers (placebo), and of Security Hub's.
    Wrapper {
        key: "data",
        stream: false,
    },
    Wrapper {
        key: "apiResponse",
        stream: false,
    },
    // Amazon SNS, Amazon EventBridge, AWS Lambda.
    Wrapper {
        key: "Message",
        stream: true,
    },
    Wrapper {
        key: "detail",
        stream: true,
    },
    Wrapper {
        key: "invokingEvent",
        stream: true,
    },
    // Notifications of AWS Config.
    Wrapper {
        key: "configurationItem",
        stream: true,
    },
    Wrapper {
        key: "configurationItemSummary",
        stream: true,
    },
];

/// The wrapper with this key.
pub fn wrapper(key: &str) -> Option<&'static Wrapper> {
    WRAPPERS.iter().find(|wrapper| same_key(wrapper.key, key))
}
