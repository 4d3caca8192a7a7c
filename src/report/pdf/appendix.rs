//! The documents beside the report: all failing findings of a control, all inputs, where the report
//! shows only some of them.

use serde_json::{Value, json};

use super::failing::{Failing, Place, group};
use super::limits::PART_ROWS;
use super::typeset::typeset;
use super::view::{self, title};
use super::world::Template;
use super::{About, Document, inputs, limits};
use crate::assess::{Assessment, Finding, InputRow};
use crate::error::Result;

/// The name of the inputs' appendix.
pub(super) const INPUTS: &str = "inputs";

/// The name of a control's appendix.
pub(super) fn stem(place: Place) -> String {
    match place {
        Some(control) => format!("findings-{control}"),
        None => "findings-unmapped".to_owned(),
    }
}

/// The paths of the appendix that holds so many rows.
pub(super) fn names(stem: &str, rows: usize) -> Vec<String> {
    let parts = rows.div_ceil(PART_ROWS);
    let name = |part| match parts {
        1 => format!("data/appendix/{stem}.pdf"),
        _ => format!("data/appendix/{stem}-{part:03}.pdf"),
    };
    (1..=parts).map(name).collect()
}

/// One document.
pub(super) struct Part<'a> {
    path: String,
    /// From 1.
    number: usize,
    parts: usize,
    /// Rows of all parts together.
    total: usize,
    /// Rows in the parts before.
    before: usize,
    rows: Rows<'a>,
}

enum Rows<'a> {
    /// Of one control; each rule with how many it has in all parts.
    Findings(Place, Vec<(&'a str, usize, Vec<&'a Finding>)>),
    Inputs(&'a [InputRow]),
}

/// All appendices, in the order of the controls, the inputs last.
pub(super) fn parts(assessment: &Assessment) -> Vec<Part<'_>> {
    let failing = Failing::of(assessment);
    let mut parts = Vec::new();
    for (place, rules) in failing.cut() {
        let rows: Vec<(&str, usize, &Finding)> = rules
            .iter()
            .flat_map(|(rule, findings)| findings.iter().map(|f| (*rule, findings.len(), *f)))
            .collect();
        let chunks = rows.chunks(PART_ROWS).map(|chunk| {
            let by_rule = chunk.chunk_by(|a, b| a.0 == b.0);
            let groups = by_rule.map(|rows| {
                let findings = rows.iter().map(|(_, _, finding)| *finding).collect();
                (rows[0].0, rows[0].1, findings)
            });
            Rows::Findings(place, groups.collect())
        });
        add(&mut parts, &stem(place), rows.len(), chunks);
    }
    if assessment.inputs.len() > limits::INPUTS {
        let chunks = assessment.inputs.chunks(PART_ROWS).map(Rows::Inputs);
        add(&mut parts, INPUTS, assessment.inputs.len(), chunks);
    }
    parts
}

fn add<'a>(
    parts: &mut Vec<Part<'a>>,
    stem: &str,
    total: usize,
    chunks: impl Iterator<Item = Rows<'a>>,
) {
    let names = names(stem, total);
    let count = names.len();
    for ((path, rows), number) in names.into_iter().zip(chunks).zip(1..) {
        parts.push(Part {
            path,
            number,
            parts: count,
            total,
            before: (number - 1) * PART_ROWS,
            rows,
        });
    }
}

/// Renders one.
pub(super) fn render(assessment: &Assessment, about: &About, part: &Part<'_>) -> Result<Document> {
    let data = view::appendix(assessment, about, part)?;
    let pdf = typeset(Template::Appendix, data, assessment.generated_at, about)?;
    Ok(Document {
        path: part.path.clone(),
        pdf,
    })
}

impl Part<'_> {
    /// What the template shows.
    pub(super) fn data(&self, assessment: &Assessment) -> Value {
        let language = assessment.engagement.language;
        let mut data = json!({
            "path": self.path,
            "part": self.number,
            "parts": self.parts,
            "first": self.before + 1,
            "last": (self.before + PART_ROWS).min(self.total),
            "total": self.total,
        });
        match &self.rows {
            Rows::Findings(place, groups) => {
                let mut controls = assessment.controls.iter();
                let control = controls.find(|control| Some(control.id) == *place);
                data["control"] = json!(control.map(|control| json!({
                    "id": control.id,
                    "title": title(control, language),
                })));
                let groups = groups
                    .iter()
                    .map(|(rule, total, findings)| group(assessment, rule, findings, *total));
                data["rules"] = json!(groups.collect::<Vec<_>>());
            }
            Rows::Inputs(rows) => data["inputs"] = json!(inputs::lines(assessment, rows.iter())),
        }
        data
    }
}
