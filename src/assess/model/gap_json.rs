//! Gaps in JSON. A gap of a few places is said at each of them, flat. One that many places have is said once,
//! with the numbers of its places in `gap_places`: hundreds of rules at thousands of places would be hundreds
//! of thousands of gaps.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::catalogue::ControlId;

use super::{Gap, GapAt, GapKind, GapOf};

/// As many places are said one by one.
const ONE_BY_ONE: usize = 20;

/// A gap at one place.
#[derive(Serialize)]
struct AtOne<'g> {
    kind: GapKind,
    account: &'g str,
    region: &'g str,
    rule: &'g str,
    controls: &'g [ControlId],
    input: &'g str,
    detail: &'g str,
    command: &'g str,
    #[serde(skip_serializing_if = "str::is_empty")]
    remove: &'g str,
}

/// A gap at many places.
#[derive(Serialize)]
struct AtMany<'g> {
    kind: GapKind,
    rule: &'g str,
    controls: &'g [ControlId],
    detail: &'g str,
    /// Indices into `gap_places`.
    places: Vec<usize>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Said<'g> {
    One(AtOne<'g>),
    Many(AtMany<'g>),
}

#[derive(Serialize)]
struct Members<'g> {
    gaps: Vec<Said<'g>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gap_places: Vec<&'g GapAt>,
}

/// Writes `gaps` and, where one has many places, `gap_places`: two members of the object around them.
pub fn write<S: Serializer>(gaps: &[Gap], serializer: S) -> Result<S::Ok, S::Error> {
    let mut alike: BTreeMap<&GapOf, Vec<&GapAt>> = BTreeMap::new();
    for gap in gaps {
        alike.entry(&gap.of).or_default().push(&gap.at);
    }
    alike.retain(|_, places| places.len() > ONE_BY_ONE);
    let places = alike.values().flatten();
    let mut numbers: BTreeMap<&GapAt, usize> = places.map(|at| (*at, 0)).collect();
    for (number, known) in numbers.values_mut().enumerate() {
        *known = number;
    }
    let few = gaps.iter().filter(|gap| !alike.contains_key(&*gap.of));
    let few = few.map(|gap| Said::One(at_one(gap)));
    let many = alike.iter().map(|(of, places)| {
        Said::Many(AtMany {
            kind: of.kind,
            rule: &of.rule,
            controls: &of.controls,
            detail: &of.detail,
            places: places.iter().map(|at| numbers[at]).collect(),
        })
    });
    let members = Members {
        gaps: few.chain(many).collect(),
        gap_places: numbers.keys().copied().collect(),
    };
    members.serialize(serializer)
}

fn at_one(gap: &Gap) -> AtOne<'_> {
    let (of, at) = (&*gap.of, &*gap.at);
    AtOne {
        kind: of.kind,
        account: &at.account,
        region: &at.region,
        rule: &of.rule,
        controls: &of.controls,
        input: &at.input,
        detail: &of.detail,
        command: &at.command,
        remove: &at.remove,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::*;

    fn gap(kind: GapKind, rule: &str, region: &str) -> Gap {
        Gap {
            of: Arc::new(GapOf {
                kind,
                rule: rule.to_owned(),
                controls: Vec::new(),
                detail: String::new(),
            }),
            at: Arc::new(GapAt {
                account: "111122223333".to_owned(),
                region: region.to_owned(),
                input: format!("E-{region}"),
                command: format!("aws {region}"),
                remove: String::new(),
            }),
        }
    }

    fn written(gaps: &[Gap]) -> Value {
        write(gaps, serde_json::value::Serializer).expect("JSON")
    }

    #[test]
    fn a_gap_of_a_few_places_is_said_at_each_of_them() {
        let regions = ["r1", "r2"];
        let gaps = regions.map(|region| gap(GapKind::NotChecked, "a", region));
        let flat = |region: &str| {
            json!({
                "kind": "not_checked", "account": "111122223333", "region": region, "rule": "a",
                "controls": [], "input": format!("E-{region}"), "detail": "",
                "command": format!("aws {region}"),
            })
        };
        assert_eq!(written(&gaps), json!({"gaps": regions.map(flat)}));
    }

    #[test]
    fn a_gap_of_many_places_is_said_once_and_each_place_keeps_its_file_and_its_command() {
        let regions: Vec<String> = (0..=ONE_BY_ONE).map(|n| format!("r{n:02}")).collect();
        let of = |rule: &'static str| {
            let regions = regions.iter();
            regions.map(move |region| gap(GapKind::NotChecked, rule, region))
        };
        let mut gaps: Vec<Gap> = of("a").chain(of("b").skip(1)).chain(of("c")).collect();
        gaps.push(gap(GapKind::NotDeployed, "a", "r00"));
        let json = written(&gaps);
        let said = json["gaps"].as_array().expect("gaps");
        // `b` lacks one place, and so has few enough.
        assert_eq!(said.len(), ONE_BY_ONE + 3);
        let many = said.iter().filter(|gap| !gap["places"].is_null());
        let places = json["gap_places"].as_array().expect("places");
        assert_eq!(places.len(), regions.len());
        for gap in many.clone() {
            let numbers = gap["places"].as_array().expect("numbers").iter();
            let at = numbers.map(|n| &places[usize::try_from(n.as_u64().expect("n")).expect("n")]);
            let expected = regions.iter().map(|region| {
                json!({
                    "account": "111122223333", "region": region, "input": format!("E-{region}"),
                    "command": format!("aws {region}"),
                })
            });
            assert!(at.eq(&expected.collect::<Vec<_>>()));
        }
        let rules: Vec<&Value> = many.map(|gap| &gap["rule"]).collect();
        assert_eq!(rules, ["a", "c"]);
    }
}
