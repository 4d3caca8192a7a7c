//! What is wrong with a bundle: one fault each, collected and never the first only.

use std::fmt;

use serde::Serialize;

/// One fault that `verify` found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Defect {
    /// What kind of fault: one of [`CODES`].
    pub code: &'static str,
    /// The file, as its path inside the bag; a zip entry's whole name where it is no file of
    /// the bag; empty where the fault is no single file's.
    pub path: String,
    /// What was found and what was expected, in English.
    pub message: String,
}

impl Defect {
    /// A defect of the file at `path`.
    pub fn new(code: &'static str, path: impl Into<String>, message: impl fmt::Display) -> Self {
        Self {
            code,
            path: path.into(),
            message: message.to_string(),
        }
    }
}

/// A kind of defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// Its name, stable.
    pub code: &'static str,
    /// What it means, in English.
    pub en: &'static str,
    /// What it means, in Korean.
    pub ko: &'static str,
}

macro_rules! codes {
    ($($code:literal, $en:literal, $ko:literal;)*) => {
        /// Every kind of defect that this module and `verify` report, by what it concerns: the
        /// container's bytes, the bag, its signature.
        pub const CODES: &[Code] = &[$(Code { code: $code, en: $en, ko: $ko }),*];
    };
}

codes! {
    "zip_prefix", "bytes stand before the first zip entry", "첫 zip 항목 앞에 다른 바이트가 있음";
    "zip_gap", "bytes between zip entries belong to none", "zip 항목 사이에 어디에도 속하지 않는 바이트가 있음";
    "zip_trailing", "bytes follow the end of the zip", "zip의 끝 뒤에 다른 바이트가 있음";
    "zip_comment", "the zip or an entry carries a comment", "zip 또는 항목에 주석이 있음";
    "zip_end", "the zip is cut off", "zip이 중간에 잘림";
    "zip_overlap", "zip entries share bytes", "zip 항목들이 서로 겹침";
    "zip_duplicate", "a name occurs twice in the zip", "zip에 같은 이름이 두 번 나옴";
    "zip_mismatch", "two places of the zip contradict each other", "zip 안의 두 기록이 서로 모순됨";
    "zip_header", "a header of the zip is malformed", "zip 헤더의 형식이 잘못됨";
    "zip_path", "an illegal name in the zip", "zip에 허용되지 않는 이름이 있음";
    "zip_link", "a link or special file in the zip", "zip에 링크 또는 특수 파일이 있음";
    "zip_encrypted", "an encrypted entry", "암호화된 항목";
    "zip_method", "a compression other than stored or deflate", "stored, deflate 이외의 압축 방식";
    "zip_size", "an entry is not as long as it says", "항목의 실제 길이가 적힌 길이와 다름";
    "zip_crc", "an entry's CRC-32 does not hold", "항목의 CRC-32가 맞지 않음";
    "zip_stream", "an entry's compressed bytes are broken", "항목의 압축 데이터가 손상됨";
    "bag_layout", "something lies beside the bag's folder", "번들 폴더 밖에 다른 것이 있음";
    "bag_members", "more files than a bundle can have", "번들이 가질 수 있는 것보다 파일이 많음";
    "bag_unsupported", "a part of BagIt that bundles do not use", "번들에서 쓰지 않는 BagIt 기능";
    "path_illegal", "a name that is not allowed in a bundle", "번들에서 허용되지 않는 이름";
    "path_collision", "names that are one where case does not count", "대소문자를 구분하지 않으면 같아지는 이름";
    "file_special", "a link or special file", "링크 또는 특수 파일";
    "file_missing", "a listed file is not there", "목록에 있는 파일이 없음";
    "file_unlisted", "a file that no manifest lists", "어느 목록에도 없는 파일";
    "left_behind", "what file managers and other programs leave behind, no part of the bundle", "번들의 일부가 아니라 파일 관리자나 다른 프로그램이 남긴 파일이 있음: 지우고 다시 검증";
    "file_changed", "the bytes are not those that were listed", "파일의 바이트가 목록의 해시와 다름";
    "file_large", "a tag file is longer than any bundle's", "태그 파일이 허용된 크기보다 큼";
    "member_missing", "what every bundle of this format holds was left out", "이 형식의 모든 번들이 가져야 하는 것이 빠짐";
    "inputs_mismatch", "the inputs are not those that the bundle says", "입력 파일이 번들에 적힌 것과 다름";
    "bagit_malformed", "bagit.txt is not the one of BagIt 1.0", "bagit.txt가 BagIt 1.0의 것이 아님";
    "info_malformed", "bag-info.txt is malformed", "bag-info.txt의 형식이 잘못됨";
    "manifest_malformed", "a manifest is malformed", "매니페스트의 형식이 잘못됨";
    "oxum_mismatch", "Payload-Oxum does not hold", "Payload-Oxum이 맞지 않음";
    "id_mismatch", "the folder's name is not the bag's identifier", "폴더 이름이 번들의 식별자와 다름";
    "format_unknown", "a format that this version does not know", "이 버전이 모르는 번들 형식";
    "unsigned", "the bundle has no signature", "번들에 전자서명이 없음";
    "pdf_structure", "the report's signature is malformed", "보고서의 서명 형식이 잘못됨";
    "pdf_byte_range", "the report's signature does not cover the whole file", "보고서의 서명이 파일 전체에 미치지 않음";
    "pdf_revision", "the report was changed after it was signed", "서명한 뒤 보고서에 내용이 덧붙음";
    "pdf_unsigned", "the report has no signature of its own", "보고서에 자체 서명이 없음";
    "pdf_signer_differs", "the report is signed by another than the bundle", "보고서와 번들의 서명자가 다름";
    "timestamp_unreadable", "the time-stamp is malformed", "시점확인 토큰의 형식이 잘못됨";
    "timestamp_imprint", "the time-stamp is over something else", "다른 서명에 대한 시점확인임";
    "timestamp_signature", "the time-stamp's own signature does not hold", "시점확인 토큰의 서명이 맞지 않음";
    "timestamp_authority", "the time-stamp is by nobody who may make any", "시점확인용 인증서가 아님";
    "timestamp_before_claim", "the claimed time is after the time-stamp", "주장한 서명 시각이 시점확인보다 늦음";
    "timestamp_status", "the authority granted no time-stamp", "시점확인 기관이 토큰을 발급하지 않음";
    "timestamp_nonce", "the answer is to another request", "다른 요청에 대한 응답임";
    "timestamp_future", "the time-stamp is of a time that is yet to come", "시점확인의 시각이 아직 오지 않았음";
    "timestamp_expired", "the certificate of the time-stamp's authority is not valid any more", "시점확인 기관 인증서의 유효기간이 지남";
    "timestamp_missing", "there is no time-stamp", "시점확인이 없음";
    "timestamp_untrusted", "the time-stamp's authority is none of those to trust", "시점확인 기관이 신뢰 대상으로 지정되지 않음";
    "content_changed", "what was signed is something else", "서명된 내용이 이 번들의 것이 아님";
    "signature_too_long", "the signature is longer than any", "서명이 허용된 크기보다 큼";
    "signature_unreadable", "the signature cannot be read", "서명을 읽을 수 없음";
    "signature_not_canonical", "the signature is not in canonical DER", "서명이 정규 DER 형식이 아님";
    "signature_structure", "the signature is not built as a bundle's", "서명의 구조가 번들의 것이 아님";
    "signature_algorithm", "an algorithm that is not used here", "여기서 쓰지 않는 알고리즘";
    "signature_certificates", "certificates that are missing, broken or were not signed", "인증서가 빠졌거나 손상되었거나 서명된 것이 아님";
    "signature_attributes", "attributes that are missing, broken or unknown", "서명 속성이 빠졌거나 손상되었거나 알 수 없음";
    "signature_invalid", "the signature's mathematics do not hold", "서명 값이 맞지 않음";
    "signing_time_future", "the claimed time is yet to come", "주장한 서명 시각이 아직 오지 않았음";
    "signing_time_outside", "the certificate was not valid at the claimed time", "주장한 서명 시각에 인증서가 유효하지 않음";
    "signer_expired", "the signer's certificate is not valid any more, and no time-stamp shows that it was", "서명자 인증서의 유효기간이 지났고, 유효할 때 서명했음을 보여 주는 시점확인이 없음";
    "signer_unknown", "the signer is none of those to trust", "서명자가 신뢰 대상으로 지정되지 않음";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_listed_once() {
        let names: BTreeSet<&str> = CODES.iter().map(|code| code.code).collect();
        assert_eq!(names.len(), CODES.len());
    }

    #[test]
    fn a_defect_is_json_of_three_fields() {
        let defect = Defect::new("file_missing", "data/a", "is listed");
        let json = serde_json::to_string(&defect).expect("plain fields");
        assert_eq!(
            json,
            r#"{"code":"file_missing","path":"data/a","message":"is listed"}"#
        );
    }
}
