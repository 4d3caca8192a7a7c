//! Whether a file of `templates/` can stand in the place of the built-in one.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use typst::syntax::{DiagSpan, DiagSpanKind, Source, SyntaxNode};

use super::{BUILT_IN, built_in, is_texts};
use crate::engagement::{TEMPLATES, TemplateFile};
use crate::fault::{Faults, InputFault, did_you_mean, line_at, nearest, shown};

/// Its known name and its text; else what is wrong with it.
pub(super) fn text_of(file: &TemplateFile) -> Result<(&'static str, &str), Vec<InputFault>> {
    let path = shown(&format!("{TEMPLATES}/{}", file.name));
    let known = BUILT_IN.map(|(name, _)| name);
    let Some(name) = known.into_iter().find(|known| *known == file.name) else {
        let hint = did_you_mean(&file.name, &known);
        return Err(vec![InputFault::of_file(
            &path,
            "is no template of kisms",
            hint,
        )]);
    };
    let text = std::str::from_utf8(&file.bytes).map_err(|error| {
        vec![InputFault {
            line: Some(line_at(&file.bytes, error.valid_up_to())),
            ..InputFault::of_file(&path, "is not UTF-8", "save it as UTF-8")
        }]
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut judging = Judging {
        text,
        faults: Faults::of(&path),
    };
    if is_texts(name) {
        judging.texts(built_in(name));
    } else {
        judging.typst();
    }
    judging.faults.or((name, text))
}

struct Judging<'t> {
    text: &'t str,
    faults: Faults,
}

impl Judging<'_> {
    /// Adds a fault at the first byte of `span`.
    fn fault(&mut self, span: Range<usize>, message: impl Display, hint: impl Display) {
        let at = self.text.floor_char_boundary(span.start);
        let line = line_at(self.text.as_bytes(), at);
        let start = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let column = self.text[start..at].chars().count() as u64 + 1;
        self.faults.add(Some(line), Some(column), message, hint);
    }

    /// Whether it is Typst at all; what it means shows when it is laid out.
    fn typst(&mut self) {
        let source = Source::detached(self.text);
        let root: &SyntaxNode = source.root();
        let (errors, _) = root.errors_and_warnings();
        for error in errors {
            let span = range(&source, error.span).unwrap_or(0..0);
            let hints: Vec<String> = error.hints.iter().map(|hint| hint.v.to_string()).collect();
            let hint = match hints.join("; ") {
                hint if hint.is_empty() => "see https://typst.app/docs/reference/syntax".to_owned(),
                hint => hint,
            };
            self.fault(span, &error.message, hint);
        }
    }

    /// Whether it has the keys of the built-in texts, no more and no fewer, with a text for each.
    fn texts(&mut self, built_in: &str) {
        let (own, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let hint = "texts stand in double quotes; see https://toml.io/en/v1.0.0";
            self.fault(error.span().unwrap_or(0..0), error.message(), hint);
        }
        if !errors.is_empty() {
            return;
        }
        let (known, _) = DeTable::parse_recoverable(built_in);
        let (own, known) = (leaves(&own), leaves(&known));
        let names: Vec<&str> = known.keys().map(String::as_str).collect();
        for (name, leaf) in &own {
            match known.get(name) {
                None => {
                    let message = format!("unknown text `{}`", shown(name));
                    let hint = match nearest(name, names.iter().copied()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "remove it: no template shows it".to_owned(),
                    };
                    self.fault(leaf.span.clone(), message, hint);
                }
                Some(expected) if expected.kind != leaf.kind => {
                    let message = format!("`{name}` is {}, not {}", leaf.kind, expected.kind);
                    self.fault(leaf.span.clone(), message, "see the built-in file");
                }
                Some(_) => {}
            }
        }
        for name in names.iter().filter(|name| !own.contains_key(**name)) {
            let message = format!("lacks the text `{name}`");
            let hint = "take it over from the file that `kisms init --templates` writes";
            self.faults.add(None, None, message, hint);
        }
    }
}

/// Where a span stands.
fn range(source: &Source, span: DiagSpan) -> Option<Range<usize>> {
    match span.get() {
        DiagSpanKind::Number { num, sub_range, .. } => source.range(num, sub_range),
        DiagSpanKind::Range { range, .. } => Some(range),
        DiagSpanKind::Detached => None,
    }
}

/// What stands under a key.
struct Leaf {
    kind: &'static str,
    span: Range<usize>,
}

/// Everything that is no table, by its path: `summary.heading`.
fn leaves(table: &Spanned<DeTable<'_>>) -> BTreeMap<String, Leaf> {
    let mut found = BTreeMap::new();
    let mut open = vec![(String::new(), table.get_ref())];
    while let Some((within, table)) = open.pop() {
        for (key, value) in table {
            let path = format!("{within}{}", key.get_ref());
            match value.get_ref() {
                DeValue::Table(inner) => open.push((format!("{path}."), inner)),
                other => {
                    let kind = kind(other);
                    found.insert(
                        path,
                        Leaf {
                            kind,
                            span: key.span(),
                        },
                    );
                }
            }
        }
    }
    found
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Array(items) if items.iter().all(|item| item.get_ref().is_str()) => {
            "a list of texts"
        }
        _ => "something else",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(name: &str, text: &str) -> Vec<(String, String)> {
        let file = TemplateFile {
            name: name.to_owned(),
            bytes: text.as_bytes().to_vec(),
        };
        let faults = text_of(&file).expect_err("faults");
        let shown = faults
            .iter()
            .map(|fault| (fault.to_string(), fault.hint.clone()));
        shown.collect()
    }

    #[test]
    fn what_is_built_in_can_stand_in_its_own_place() {
        for (name, text) in BUILT_IN {
            let bytes = text.as_bytes().to_vec();
            let file = TemplateFile {
                name: name.to_owned(),
                bytes,
            };
            assert_eq!(text_of(&file), Ok((name, text)));
        }
    }

    #[test]
    fn an_unknown_file_names_the_nearest() {
        assert_eq!(
            faults("reprot.typ", ""),
            [(
                "templates/reprot.typ: is no template of kisms".into(),
                "did you mean `report.typ`?".into()
            )]
        );
        assert!(faults("logo.png", "")[0].1.contains("`text/ko.toml`"));
    }

    #[test]
    fn broken_typst_is_named_by_line_and_column() {
        let found = faults("parts.typ", "#let a = 1\n가나 #let b = (\n");
        assert_eq!(found[0].0, "templates/parts.typ:2:13: unclosed delimiter");
        assert!(found.iter().all(|(_, hint)| !hint.is_empty()));
    }

    #[test]
    fn texts_have_the_keys_of_the_built_in_ones_and_no_others() {
        let text = built_in("text/en.toml");
        let changed = text.replacen("\ntitle = ", "\ntilte = ", 1).replacen(
            "\nsubtitle = \"",
            "\nsubtitle = 1 #\"",
            1,
        );
        let found = faults("text/en.toml", &changed);
        let line = |key: &str| {
            let before = changed.split(key).next().expect("the start");
            before.matches('\n').count() + 2
        };
        let places: Vec<&str> = found.iter().map(|(shown, _)| shown.as_str()).collect();
        assert_eq!(
            places,
            [
                "templates/text/en.toml: lacks the text `title`".to_owned(),
                format!(
                    "templates/text/en.toml:{}:1: unknown text `tilte`",
                    line("\ntilte")
                ),
                format!(
                    "templates/text/en.toml:{}:1: `subtitle` is something else, not a text",
                    line("\nsubtitle")
                ),
            ]
        );
        assert_eq!(found[1].1, "did you mean `title`?");
        assert!(faults("text/ko.toml", "a = ").len() == 1);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let file = TemplateFile {
            name: "report.typ".to_owned(),
            bytes: b"a\n\xff".to_vec(),
        };
        let faults = text_of(&file).expect_err("faults");
        assert_eq!(
            faults[0].to_string(),
            "templates/report.typ:2: is not UTF-8"
        );
    }
}
