//! The documents beside the report: all failing findings of the rules, and all inputs, where the
//! report shows only some of them.

use serde_json::{Value, json};

use super::failing::Place;
use super::holdings::{self, File, Holdings, Slice, Volume};
use super::typeset::typeset;
use super::view::{self, title};
use super::world::Template;
use super::{About, Document, inputs, limits, rows};
use crate::assess::{Assessment, InputRow};
use crate::error::Result;

/// The name of the inputs' appendix.
const INPUTS: &str = "inputs";

/// The documents that hold all inputs; none where the report shows them.
pub(super) fn of_inputs(assessment: &Assessment) -> Vec<Volume> {
    let total = assessment.inputs.len();
    if total > limits::INPUTS {
        holdings::volumes(INPUTS, total)
    } else {
        Vec::new()
    }
}

/// One document.
pub(super) struct Appendix<'f, 'a> {
    volume: Volume,
    rows: Rows<'f, 'a>,
}

enum Rows<'f, 'a> {
    Findings(&'f Holdings<'f, 'a>, &'f File<'f, 'a>),
    Inputs(&'a [InputRow]),
}

/// All appendices, in the order of the controls, the inputs last.
pub(super) fn appendices<'f, 'a>(
    assessment: &'a Assessment,
    holdings: &'f Holdings<'f, 'a>,
) -> Vec<Appendix<'f, 'a>> {
    let findings = holdings.files().iter().map(|file| Appendix {
        volume: file.volume.clone(),
        rows: Rows::Findings(holdings, file),
    });
    let inputs = of_inputs(assessment).into_iter().map(|volume| Appendix {
        rows: Rows::Inputs(&assessment.inputs[volume.first - 1..volume.last]),
        volume,
    });
    findings.chain(inputs).collect()
}

/// Renders one.
pub(super) fn render(
    assessment: &Assessment,
    about: &About,
    appendix: &Appendix<'_, '_>,
) -> Result<Document> {
    let data = view::appendix(assessment, about, appendix)?;
    let pdf = typeset(Template::Appendix, data, assessment.generated_at, about)?;
    Ok(Document {
        path: appendix.volume.path.clone(),
        pdf,
    })
}

impl Appendix<'_, '_> {
    /// How many rows it has.
    pub(super) fn len(&self) -> usize {
        self.volume.last + 1 - self.volume.first
    }

    /// What the template shows.
    pub(super) fn data(&self, assessment: &Assessment) -> Value {
        let mut data = json!(self.volume);
        match &self.rows {
            Rows::Findings(holdings, file) => {
                data["subject"] = control(assessment, file.domain);
                let of_controls = file.slices.chunk_by(|a, b| a.place == b.place);
                let controls = of_controls.map(|slices| of_control(assessment, holdings, slices));
                data["controls"] = controls.collect();
            }
            Rows::Inputs(rows) => data["inputs"] = json!(inputs::lines(assessment, rows.iter())),
        }
        data
    }
}

fn of_control(
    assessment: &Assessment,
    holdings: &Holdings<'_, '_>,
    slices: &[Slice<'_, '_>],
) -> Value {
    let rules = slices
        .iter()
        .map(|slice| rows::of_rule(assessment, holdings, (None, slice.of), slice.rows));
    json!({
        "control": control(assessment, slices[0].place),
        "rules": rules.collect::<Vec<_>>(),
    })
}

/// Null for what maps to no control.
fn control(assessment: &Assessment, place: Place) -> Value {
    let mut controls = assessment.controls.iter();
    let control = controls.find(|control| Some(control.id) == place);
    json!(control.map(|control| json!({
        "id": control.id,
        "title": title(control, assessment.engagement.language),
    })))
}
