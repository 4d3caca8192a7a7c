//! Conformance packs.

use serde_json::{Value, json};

use super::verdicts::row;
use crate::assess::tests::world::aws::{Answer, Asking, Refused, list};
use crate::assess::tests::world::clock::{FROM, iso};
use crate::assess::tests::world::estate::{Origin, Pack, Rule};
use crate::assess::tests::world::verdict::Verdict;

impl Asking<'_> {
    fn pack(&self, name: &str) -> Result<(usize, &Pack), Refused> {
        let mut packs = self.site.packs.iter().enumerate();
        let pack = packs.find(|(_, pack)| pack.name == name);
        pack.ok_or_else(|| Refused(format!("NoSuchConformancePackException: {name}")))
    }

    fn rules_of(&self, pack: usize) -> impl Iterator<Item = &Rule> {
        let there = self
            .site
            .rules
            .iter()
            .filter(|rule| rule.created <= self.time);
        there.filter(move |rule| rule.origin == Origin::Pack(pack) && rule.tells())
    }
}

pub fn described(asking: &Asking<'_>) -> Answer {
    let site = asking.site;
    let named = site
        .packs
        .iter()
        .filter(|pack| asking.request.lets("conformance-pack-names", &pack.name));
    let rows = named.map(|pack| {
        let mut row = json!({
            "ConformancePackName": pack.name,
            "ConformancePackArn": format!("arn:aws:config:{}:{}:conformance-pack/{}/{}", site.region, site.account, pack.name, pack.id),
            "ConformancePackId": pack.id,
            "DeliveryS3Bucket": "",
            "ConformancePackInputParameters": [],
            "LastUpdateRequestedTime": iso(FROM),
        });
        if pack.tagged {
            row["Scope"] = json!({"TagKey": "Env", "TagValue": "prod"});
        }
        row
    });
    Ok(list("ConformancePackDetails", rows))
}

/// The CLI asks for one page only: the answer has a token where there are more.
pub fn details(asking: &Asking<'_>) -> Answer {
    let name = asking.request.needed("conformance-pack-name")?;
    let (pack, _) = asking.pack(name)?;
    let rows = asking.rules_of(pack).flat_map(|rule| {
        let rows = asking.site.rows(rule, asking.time);
        rows.into_iter().map(move |verdict| row(rule, &verdict))
    });
    let rows: Vec<Value> = rows
        .map(|mut row| {
            // An answer on a pack has no mode.
            let qualifier = &mut row["EvaluationResultIdentifier"]["EvaluationResultQualifier"];
            if let Some(fields) = qualifier.as_object_mut() {
                fields.remove("EvaluationMode");
            }
            row
        })
        .collect();
    let limit = match asking.request.one("limit") {
        Some(limit) => limit
            .parse()
            .map_err(|_| Refused(format!("--limit {limit}")))?,
        None => asking.estate.page,
    };
    let limit: usize = limit;
    if limit == 0 || limit > 100 {
        return Err(Refused("InvalidLimitException".into()));
    }
    let begin = match asking.request.one("next-token") {
        Some(token) => token.strip_prefix("row-").and_then(|row| row.parse().ok()),
        None => Some(0),
    };
    let begin = begin.ok_or_else(|| Refused("InvalidNextTokenException".into()))?;
    let page = rows.iter().skip(begin).take(limit).cloned();
    let mut answer = list("ConformancePackRuleEvaluationResults", page);
    answer["ConformancePackName"] = name.into();
    if rows.len() > begin + limit {
        answer["NextToken"] = format!("row-{}", begin + limit).into();
    }
    Ok(answer)
}

pub fn levels(asking: &Asking<'_>) -> Answer {
    let name = asking.request.needed("conformance-pack-name")?;
    let (pack, _) = asking.pack(name)?;
    let rows = asking.rules_of(pack).map(|rule| {
        let rows = asking.site.rows(rule, asking.time);
        json!({"ConfigRuleName": rule.name, "ComplianceType": word(&rows), "Controls": []})
    });
    let mut answer = list("ConformancePackRuleComplianceList", rows);
    answer["ConformancePackName"] = name.into();
    Ok(answer)
}

/// AWS says of a rule without resources that it has no data; of a pack only where all have none.
fn word(rows: &[Verdict<'_>]) -> &'static str {
    match (rows.len(), rows.iter().any(Verdict::fails)) {
        (0, _) => "INSUFFICIENT_DATA",
        (_, true) => "NON_COMPLIANT",
        _ => "COMPLIANT",
    }
}

pub fn summary(asking: &Asking<'_>) -> Answer {
    let names = asking.request.all("conformance-pack-names");
    if names.is_empty() {
        return Err(Refused(
            "get-conformance-pack-compliance-summary needs --conformance-pack-names".into(),
        ));
    }
    let mut rows = Vec::new();
    for name in names {
        let (pack, _) = asking.pack(name)?;
        let told: Vec<Verdict<'_>> = asking
            .rules_of(pack)
            .flat_map(|rule| asking.site.rows(rule, asking.time))
            .collect();
        rows.push(
            json!({"ConformancePackName": name, "ConformancePackComplianceStatus": word(&told)}),
        );
    }
    Ok(list("ConformancePackComplianceSummaryList", rows))
}
