//! `rules.csv`: every rule, one row for each account and region in scope in which it should have
//! been seen, and one for each other place in which it is deployed.

use std::collections::{BTreeMap, HashSet};

use super::Table;
use crate::assess::{Assessment, DeployedRule, RuleRow, Seen, SeenAt};
use crate::report::table::{
    Column, columns, headings, joined, json, optional, scalar, text, write_csv,
};

/// What [`SeenAt`] says for the region of a rule that reaches its whole account.
const GLOBAL: &str = "global";

/// The table.
pub const TABLE: Table = Table {
    path: "data/csv/rules.csv",
    title_ko: "규칙과 확인 상태",
    title_en: "Rules and where they were seen",
    headings: || headings(&columns()),
    render: |assessment, out| write_csv(out, &columns(), rows(assessment)),
};

/// A rule at one place.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    rule: &'a RuleRow,
    account: &'a str,
    region: &'a str,
    /// `None` where nothing was asked for: out of scope, of unknown place, or unmapped.
    state: Option<Seen>,
    deployed: Vec<&'a DeployedRule>,
}

/// The copies of a rule by account and region.
type Places<'a> = BTreeMap<(&'a str, &'a str), Vec<&'a DeployedRule>>;

/// The rows, rule by rule.
pub fn rows(assessment: &Assessment) -> impl Iterator<Item = Row<'_>> {
    assessment.rules.iter().flat_map(rows_of)
}

fn rows_of(rule: &RuleRow) -> Vec<Row<'_>> {
    let mut places: Places<'_> = BTreeMap::new();
    for copy in &rule.deployed {
        let place = (copy.account.as_str(), copy.region.as_str());
        places.entry(place).or_default().push(copy);
    }
    let seen = rule.seen.iter().map(|seen| seen_row(rule, seen, &places));
    let mut rows: Vec<Row<'_>> = seen.collect();
    let in_scope: HashSet<(&str, &str)> =
        rows.iter().map(|row| (row.account, row.region)).collect();
    let known =
        |(account, region)| [region, GLOBAL].map(|region| in_scope.contains(&(account, region)));
    places.retain(|place, _| known(*place) == [false, false]);
    // A rule of which only its name is known is not left out.
    if rows.is_empty() && places.is_empty() {
        places.insert(("", ""), Vec::new());
    }
    rows.extend(places.into_iter().map(|((account, region), deployed)| Row {
        rule,
        account,
        region,
        state: None,
        deployed,
    }));
    rows
}

fn seen_row<'a>(rule: &'a RuleRow, seen: &'a SeenAt, places: &Places<'a>) -> Row<'a> {
    let (account, region) = (&*seen.at.account, &*seen.at.region);
    let first = if region == GLOBAL { "" } else { region };
    let here = places.range((account, first)..);
    let here =
        here.take_while(|(place, _)| place.0 == account && [GLOBAL, place.1].contains(&region));
    Row {
        rule,
        account,
        region,
        state: Some(seen.state),
        deployed: here.flat_map(|(_, copies)| copies).copied().collect(),
    }
}

/// `restricted-ssh-prod: tag Env=prod`, for a copy whose scope has any filter.
fn scope(copy: &DeployedRule) -> Option<String> {
    let scope = copy.scope.as_ref().filter(|scope| !scope.is_empty())?;
    Some(format!("{}: {scope}", copy.name))
}

fn shortfall(copy: &DeployedRule) -> Option<String> {
    let shortfall = copy.shortfall.as_ref()?;
    Some(format!("{}: {shortfall}", copy.name))
}

/// The columns. The counts are the rule's at all places, so they are the same in all its rows.
pub fn columns<'a>() -> Vec<Column<Row<'a>>> {
    columns! {
        "rule" Text "규칙" "Rule" => |row| text(&row.rule.rule);
        "source_identifier" Text "규칙 식별자" "Source identifier" => |row| optional(row.rule.source_identifier.as_ref());
        "controls" List "통제항목" "Controls" => |row| joined(&row.rule.controls, ";");
        "trigger" Text "실행 방식" "Trigger" => |row| scalar(&row.rule.trigger);
        "reach" Text "적용 범위" "Reach" => |row| scalar(&row.rule.reach);
        "account" Text "계정" "Account" => |row| text(row.account);
        "region" Text "리전" "Region" => |row| text(row.region);
        "state" Text "확인 상태" "Seen" => |row| scalar(&row.state);
        "deployed_rules" List "배포된 규칙" "Deployed rules" => |row| joined(row.deployed.iter().map(|copy| &copy.name), ";");
        "scopes" Text "배포된 규칙의 범위 제한" "Filters in the deployed rules' scopes" => |row| joined(row.deployed.iter().filter_map(|copy| scope(copy)), "; ");
        "shortfalls" Text "배포된 규칙이 평가하지 않는 것의 이유" "Why deployed rules judge less than the rule could" => |row| joined(row.deployed.iter().filter_map(|copy| shortfall(copy)), "; ");
        "deployed" Json "배포 내역(매개변수 포함)" "Deployed copies with their parameters" => |row| json(&row.deployed);
        "policy" Json "기관이 정한 기준([policy])" "The organisation's own baseline ([policy])" => |row| json(&row.rule.policy);
        "all_non_compliant" Integer "미준수(규칙 전체)" "Non-compliant, whole rule" => |row| scalar(&row.rule.counts.non_compliant);
        "all_excepted" Integer "미준수(예외 승인, 규칙 전체)" "Non-compliant, excepted, whole rule" => |row| scalar(&row.rule.counts.excepted);
        "all_false_positive" Integer "미준수(오탐 승인, 규칙 전체)" "Non-compliant, false positive, whole rule" => |row| scalar(&row.rule.counts.false_positive);
        "all_compliant" Integer "준수(규칙 전체)" "Compliant, whole rule" => |row| scalar(&row.rule.counts.compliant);
        "all_compliant_weaker" Integer "약한 매개변수에서만 준수(규칙 전체)" "Compliant under weaker parameters only, whole rule" => |row| scalar(&row.rule.counts.compliant_weaker);
        "all_not_applicable" Integer "해당 없음(규칙 전체)" "Not applicable, whole rule" => |row| scalar(&row.rule.counts.not_applicable);
        "all_insufficient_data" Integer "데이터 부족(규칙 전체)" "Insufficient data, whole rule" => |row| scalar(&row.rule.counts.insufficient_data);
        "all_outside_period" Integer "기간 밖(규칙 전체)" "Outside the period, whole rule" => |row| scalar(&row.rule.counts.outside_period);
    }
}
