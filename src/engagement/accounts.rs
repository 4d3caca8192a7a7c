//! `[accounts]`: the accounts and regions in scope.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;
use toml::de::DeValue;

use super::Account;
use super::table::{Entry, Reader, Table, kind};
use crate::fault::shown;
use crate::place::{is_account, is_region};

pub(super) const HINT: &str = "add `\"111122223333\" = { name = \"prod\", regions = [\"ap-northeast-2\"] }` for each account in scope";
const REGIONS_HINT: &str = "list the regions in scope: regions = [\"ap-northeast-2\"]";

pub(super) fn read(reader: &mut Reader<'_>, table: &Table<'_, '_>) -> BTreeMap<String, Account> {
    if table.is_empty() {
        reader.fault(table.span(), "`[accounts]` names no account", HINT);
    }
    let mut accounts = BTreeMap::new();
    for entry in table.entries() {
        if !is_account(entry.key) {
            let message = format!("`{}` is not an account", shown(entry.key));
            let hint = "an AWS account has 12 digits and nothing else; leading zeros count";
            reader.fault(entry.key_span.clone(), message, hint);
        }
        if let Some(account) = account(reader, &entry) {
            accounts.insert(entry.key.to_owned(), account);
        }
    }
    accounts
}

fn account(reader: &mut Reader<'_>, entry: &Entry<'_, '_>) -> Option<Account> {
    let path = format!("accounts.\"{}\"", shown(entry.key));
    let table = reader.as_table(&path, entry.value)?;
    reader.only(&table, &["name", "regions"]);
    let name = table.get("name").and_then(|value| {
        let hint = "write what you call the account, or remove the key";
        reader.as_text("name", value, hint)
    });
    let name = name.map(str::to_owned);
    let regions = regions(reader, &table)?;
    Some(Account { name, regions })
}

fn regions(reader: &mut Reader<'_>, table: &Table<'_, '_>) -> Option<BTreeSet<String>> {
    let Some(value) = table.get("regions") else {
        let message = format!("`regions` is missing in `{}`", table.name());
        reader.fault(table.span(), message, REGIONS_HINT);
        return None;
    };
    let list = match value.get_ref() {
        DeValue::Array(list) if !list.is_empty() => list,
        DeValue::Array(_) => {
            reader.fault(value.span(), "`regions` is empty", REGIONS_HINT);
            return None;
        }
        other => {
            let message = format!("`regions` is {}, not a list", kind(other));
            reader.fault(value.span(), message, REGIONS_HINT);
            return None;
        }
    };
    let mut regions = BTreeSet::new();
    for value in list {
        if let Some(region) = region(reader, value)
            && !regions.insert(region.to_owned())
        {
            let message = format!("`{region}` stands in `regions` twice");
            reader.fault(value.span(), message, "remove one of them");
        }
    }
    Some(regions)
}

fn region<'a>(reader: &mut Reader<'_>, value: &'a Spanned<DeValue<'_>>) -> Option<&'a str> {
    let text = match value.get_ref() {
        DeValue::String(text) => text.as_ref(),
        other => {
            let message = format!("`regions` holds {}, not a text in quotes", kind(other));
            reader.fault(value.span(), message, REGIONS_HINT);
            return None;
        }
    };
    if is_region(text) {
        return Some(text);
    }
    let hint = match text.trim().to_lowercase() {
        low if low == "global" => {
            "name the regions that are used; what is global is seen in any of them".to_owned()
        }
        low if is_region(&low) => format!("write it \"{low}\""),
        _ => "write it as AWS does: \"ap-northeast-2\"".to_owned(),
    };
    let message = format!("`{}` is not a region", shown(text));
    reader.fault(value.span(), message, hint);
    None
}
