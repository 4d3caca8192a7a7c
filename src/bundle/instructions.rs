//! `VERIFY.txt`: how to check a bundle without kisms.

const TEMPLATE: &str = include_str!("../../report-templates/VERIFY.txt");

/// The instructions for the bundle `id`, in Korean and English: UTF-8 with a byte order mark and
/// CRLF, as every system's own editor shows it.
pub fn verify_txt(id: &str) -> String {
    let text = TEMPLATE.replace("{id}", id).replace('\n', "\r\n");
    format!("\u{feff}{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_instructions_name_the_bundle_and_open_everywhere() {
        let text = verify_txt("kisms-2026Q3-1a2b3c4d");
        assert!(text.starts_with('\u{feff}'));
        assert!(!text.contains("{id}") && text.contains("kisms-2026Q3-1a2b3c4d.zip"));
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    }
}
