//! Which characters the bytes of a sheet are.

use std::borrow::Cow;

use encoding_rs::EUC_KR;

use crate::fault::{InputFault, line_at};

const SAVE_AS: &str = "save it as `CSV UTF-8 (comma delimited)`";

/// The text of a sheet: UTF-8 with or without a byte order mark, else CP949, in which Korean
/// spreadsheets save a plain CSV (WHATWG Encoding's `euc-kr` is that code page).
pub(super) fn decode<'b>(file: &str, bytes: &'b [u8]) -> Result<Cow<'b, str>, InputFault> {
    let fault = |line, message: &str| InputFault {
        line,
        ..InputFault::of_file(file, message, SAVE_AS)
    };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(fault(None, "is UTF-16, not UTF-8 or CP949"));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(fault(None, "is a workbook or an archive, not CSV"));
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err(fault(
            Some(line_at(bytes, at)),
            "holds a NUL byte: not text",
        ));
    }
    let marked = bytes.strip_prefix(b"\xef\xbb\xbf");
    let wrong = match std::str::from_utf8(marked.unwrap_or(bytes)) {
        Ok(text) => return Ok(Cow::Borrowed(text)),
        Err(error) => error.valid_up_to(),
    };
    if marked.is_some() {
        let line = Some(line_at(bytes, wrong + 3));
        return Err(fault(line, "is marked as UTF-8 but is not"));
    }
    EUC_KR
        .decode_without_bom_handling_and_without_replacement(bytes)
        .ok_or_else(|| fault(Some(line_at(bytes, wrong)), "is neither UTF-8 nor CP949"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_8_with_or_without_mark_and_cp949_are_the_same_text() {
        let korean = "이유: 뷁";
        let (cp949, _, unmappable) = EUC_KR.encode(korean);
        assert!(!unmappable);
        let marked = format!("\u{feff}{korean}");
        for bytes in [korean.as_bytes(), marked.as_bytes(), &cp949] {
            assert_eq!(decode("a.csv", bytes).as_deref(), Ok(korean));
        }
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_line() {
        let message = |bytes: &[u8]| decode("a.csv", bytes).expect_err("refused").to_string();
        assert_eq!(
            message(b"\xff\xfea\0"),
            "a.csv: is UTF-16, not UTF-8 or CP949"
        );
        assert_eq!(message(b"a\nb\0"), "a.csv:2: holds a NUL byte: not text");
        assert_eq!(
            message(b"a\n\n\xff\xff"),
            "a.csv:3: is neither UTF-8 nor CP949"
        );
        assert_eq!(
            message(b"\xef\xbb\xbfa\n\xb0\xa1"),
            "a.csv:2: is marked as UTF-8 but is not"
        );
        assert!(message(b"PK\x03\x04....").contains("a workbook"));
    }
}
