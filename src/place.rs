//! The shapes of account ids and region names.

/// Whether the text is an AWS account's id: exactly twelve digits.
pub fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the text is shaped like an AWS region, `ap-northeast-2` or `us-gov-west-1`: two or three
/// lower-case words, the first of two letters, and a digit.
pub fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let Some((number, words)) = parts.split_last() else {
        return false;
    };
    let word = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    (2..=3).contains(&words.len())
        && words[0].len() == 2
        && words.iter().all(word)
        && number.len() == 1
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_of_all_partitions_are_recognised_and_other_words_are_not() {
        for region in [
            "ap-northeast-2",
            "us-gov-west-1",
            "us-iso-east-1",
            "cn-north-1",
            "me-central-1",
        ] {
            assert!(is_region(region), "{region}");
        }
        for other in [
            "",
            "global",
            "ap-northeast-22",
            "AP-northeast-2",
            "page-1",
            "ap--1",
            "apn-east-1",
        ] {
            assert!(!is_region(other), "{other}");
        }
        assert!(
            is_account("111122223333") && !is_account("11112222333") && !is_account("11112222333a")
        );
    }
}
