//! A command as people type it: its words, and where its answer is saved.

use std::collections::BTreeMap;

/// `aws configservice OPERATION --option value … > FILE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub service: String,
    pub operation: String,
    options: BTreeMap<String, Vec<String>>,
    /// The file in which the answer is saved.
    pub file: Option<String>,
}

impl Request {
    pub fn parse(command: &str) -> Result<Self, String> {
        let mut words = words(command)?;
        let file = match words.iter().position(|word| word == ">") {
            Some(at) => {
                let after: Vec<String> = words.drain(at..).collect();
                match after.as_slice() {
                    [_, file] => Some(file.clone()),
                    _ => return Err("not one file stands after `>`".into()),
                }
            }
            None => None,
        };
        let mut words = words.into_iter();
        let mut next = |what: &str| words.next().ok_or(format!("no {what}"));
        if next("program")? != "aws" {
            return Err("it does not begin with `aws`".into());
        }
        let (service, operation) = (next("service")?, next("operation")?);
        let mut options: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut open = String::new();
        for word in words {
            match word.strip_prefix("--") {
                Some(option) => {
                    option.clone_into(&mut open);
                    options.entry(open.clone()).or_default();
                }
                None => options.entry(open.clone()).or_default().push(word),
            }
        }
        if options.contains_key("") {
            return Err("a word belongs to no option".into());
        }
        Ok(Self {
            service,
            operation,
            options,
            file,
        })
    }

    /// The one value of an option.
    pub fn one(&self, option: &str) -> Option<&str> {
        match self.all(option) {
            [value] => Some(value),
            _ => None,
        }
    }

    pub fn needed(&self, option: &str) -> Result<&str, String> {
        let missing = || format!("{} needs one --{option}", self.operation);
        self.one(option).ok_or_else(missing)
    }

    pub fn all(&self, option: &str) -> &[String] {
        self.options.get(option).map_or(&[], Vec::as_slice)
    }

    pub fn has(&self, option: &str) -> bool {
        self.options.contains_key(option)
    }

    /// Whether the option is absent, or names this among others.
    pub fn lets(&self, option: &str, value: &str) -> bool {
        let named = self.all(option);
        named.is_empty() || named.iter().any(|name| name == value)
    }

    /// The first option that the operation does not have.
    pub fn foreign(&self, known: &[&str]) -> Option<&str> {
        let mut options = self.options.keys().map(String::as_str);
        options.find(|option| !known.contains(option) && !["region", "output"].contains(option))
    }
}

/// The words as a shell takes them apart: only single quotes quote.
fn words(command: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut begun) = (Vec::new(), String::new(), false);
    let mut letters = command.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' if begun => {
                words.push(std::mem::take(&mut word));
                begun = false;
            }
            ' ' => {}
            '\'' => {
                begun = true;
                loop {
                    match letters.next() {
                        Some('\'') => break,
                        Some(letter) => word.push(letter),
                        None => return Err("a quote is open".into()),
                    }
                }
            }
            '\\' => {
                begun = true;
                word.push(letters.next().ok_or("a backslash ends it")?);
            }
            letter if "$`\"*?;&|<#(){}[]!~".contains(letter) => {
                return Err(format!("a shell does not take `{letter}` as it is"));
            }
            letter => {
                begun = true;
                word.push(letter);
            }
        }
    }
    if begun {
        words.push(word);
    }
    Ok(words)
}

/// The name as one word of a shell.
pub fn quoted(name: &str) -> String {
    format!("'{}'", name.replace('\'', "'\\''"))
}
