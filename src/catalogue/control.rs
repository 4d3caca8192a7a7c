//! The control table: ISMS-P certification criteria, annex 7 (별표 7), edition 2023-10-31.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The number of a control within its table: `2`, `2.10` or `2.10.5`, in numerical order.
///
/// The table and its edition belong to the identity too: other tables of the scheme use the
/// same numbers for other controls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ControlId([u8; 3]);

impl ControlId {
    /// Area, domain or item, by how many numbers it has.
    pub fn level(self) -> Level {
        match self.0 {
            [_, 0, _] => Level::Area,
            [_, _, 0] => Level::Domain,
            _ => Level::Item,
        }
    }

    /// The area it belongs to (itself, if it is one).
    pub fn area(self) -> Self {
        Self([self.0[0], 0, 0])
    }

    /// The domain it belongs to; `None` for an area.
    pub fn domain(self) -> Option<Self> {
        (self.0[1] != 0).then_some(Self([self.0[0], self.0[1], 0]))
    }
}

impl fmt::Display for ControlId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [area, 0, _] => write!(f, "{area}"),
            [area, domain, 0] => write!(f, "{area}.{domain}"),
            [area, domain, item] => write!(f, "{area}.{domain}.{item}"),
        }
    }
}

/// The text is not one to three numbers from 1 to 255 with dots between.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a control's number such as `2.10.5`")]
pub struct ParseControlIdError(String);

impl FromStr for ControlId {
    type Err = ParseControlIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || ParseControlIdError(text.to_owned());
        let mut parts = [0; 3];
        let mut given = text.split('.');
        for part in &mut parts {
            let Some(number) = given.next() else { break };
            let plain = number.bytes().all(|b| b.is_ascii_digit()) && !number.starts_with('0');
            *part = number.parse().ok().filter(|_| plain).ok_or_else(wrong)?;
        }
        if given.next().is_some() || parts[0] == 0 {
            return Err(wrong());
        }
        Ok(Self(parts))
    }
}

impl Serialize for ControlId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ControlId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// 영역, 분야 or 항목.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 영역.
    Area,
    /// 분야.
    Domain,
    /// 항목: what is certified.
    Item,
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Control {
    /// Its number.
    pub id: ControlId,
    /// What it is.
    pub level: Level,
    /// As the notice has it.
    pub title_ko: String,
    /// English.
    pub title_en: String,
}

/// Which certification is sought, and so which areas count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    /// Areas 1 and 2: 80 controls.
    Isms,
    /// All 101.
    IsmsP,
}

impl Scheme {
    /// As written in `kisms.toml`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Isms => "isms",
            Self::IsmsP => "isms-p",
        }
    }

    /// Whether the scheme asks for this control.
    pub fn includes(self, id: ControlId) -> bool {
        self == Self::IsmsP || id.area() != ControlId([3, 0, 0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_in_numerical_order() {
        let mut ids: Vec<ControlId> = ["2.10", "2.9.4", "2", "2.10.1", "2.9", "1.4.3"]
            .map(|t| t.parse().expect(t))
            .into();
        ids.sort();
        let shown: Vec<String> = ids.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["1.4.3", "2", "2.9", "2.9.4", "2.10", "2.10.1"]);
    }

    #[test]
    fn what_is_no_number_of_a_control_is_refused() {
        for text in [
            "", "0", "2.", "2.0", "2.01", "a.b", "1.2.3.4", "+2.1", "2.256.1",
        ] {
            assert!(text.parse::<ControlId>().is_err(), "{text}");
        }
    }
}
