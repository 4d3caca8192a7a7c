//! `VERIFY.txt` and the scripts that do what it says: how to check a bundle without kisms.

const TEMPLATE: &str = include_str!("../../report-templates/VERIFY.txt");
const POSIX: &str = include_str!("../../report-templates/verify.sh");
const POWERSHELL: &str = include_str!("../../report-templates/verify.ps1");

/// The instructions for the bundle `id`, in Korean and English: UTF-8 with a byte order mark and
/// CRLF, as every system's own editor shows it.
pub fn verify_txt(id: &str) -> String {
    for_windows(&TEMPLATE.replace("{id}", id))
}

/// The tag files that explain a bundle: their names and bytes.
pub fn instructions(id: &str) -> [(&'static str, Vec<u8>); 3] {
    [
        ("VERIFY.txt", verify_txt(id).into_bytes()),
        ("verify.sh", POSIX.into()),
        // Without the mark, Windows PowerShell 5.1 takes a script for one in the system's code page.
        ("verify.ps1", for_windows(POWERSHELL).into_bytes()),
    ]
}

fn for_windows(text: &str) -> String {
    format!("\u{feff}{}", text.replace('\n', "\r\n"))
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

    #[test]
    fn the_scripts_are_written_as_their_shells_read_them() {
        let [_, (_, posix), (_, powershell)] = instructions("x");
        assert!(posix.starts_with(b"#!/bin/sh\n") && !posix.contains(&b'\r'));
        let text = String::from_utf8(powershell).expect("text");
        assert!(text.starts_with("\u{feff}<#\r\n"));
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    }
}
