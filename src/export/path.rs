//! What a file's path tells: hints that attribute what does not attribute itself.

use chrono::NaiveDateTime;

use crate::evidence::Place;
use crate::place::{is_account, is_region};
use crate::time::Moment;

/// Account and region, from whole path segments (`111122223333/ap-northeast-2/…`, as AWS Config
/// lays its files out in S3) or from AWS Config's file names. A path that names two different
/// accounts, or regions, tells nothing.
pub fn place(path: &str) -> Place {
    // `!` stands between an archive and its member.
    let segments = path.split(['/', '!']).flat_map(|segment| {
        let named = segment.contains("_Config_");
        segment.split(if named { '_' } else { '/' })
    });
    let (mut accounts, mut regions) = (Vec::new(), Vec::new());
    for segment in segments {
        if is_account(segment) {
            accounts.push(segment);
        } else if is_region(segment) {
            regions.push(segment);
        }
    }
    Place {
        account: only(&accounts).map(Into::into),
        region: only(&regions).map(Into::into),
    }
}

fn only<'a>(values: &[&'a str]) -> Option<&'a str> {
    let (first, rest) = values.split_first()?;
    rest.iter().all(|value| value == first).then_some(first)
}

/// Account and region of `arn:aws:config:ap-northeast-2:111122223333:config-rule/…`.
pub fn place_of_arn(arn: &str) -> Option<Place> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let [_, _, "config", region, account, _] = parts[..] else {
        return None;
    };
    (is_account(account) && !region.is_empty()).then(|| Place {
        account: Some(account.into()),
        region: Some(region.into()),
    })
}

/// What the ARN of any resource names of its account and region; no other text names any.
pub fn place_of_resource(arn: &str) -> Place {
    let mut parts = arn.splitn(6, ':');
    if parts.next() != Some("arn") {
        return Place::default();
    }
    let (region, account) = (parts.nth(2), parts.next());
    Place {
        account: account.filter(|id| is_account(id)).map(Into::into),
        region: region.filter(|name| is_region(name)).map(Into::into),
    }
}

/// The region of an ARN, if it names one.
pub fn region_of_arn(arn: &str) -> Option<&str> {
    let region = arn.strip_prefix("arn:")?.split(':').nth(2)?;
    is_region(region).then_some(region)
}

/// The time in the name that AWS Config gives a snapshot:
/// `111122223333_Config_ap-northeast-2_ConfigSnapshot_20260930T150001Z_<uuid>.json.gz`.
pub fn snapshot_time(path: &str) -> Option<Moment> {
    let name = path.rsplit(['/', '!']).next()?;
    let (_, rest) = name.split_once("_ConfigSnapshot_")?;
    let time = rest.split('_').next()?;
    let time = NaiveDateTime::parse_from_str(time, "%Y%m%dT%H%M%SZ").ok()?;
    Some(time.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: &str) -> (Option<String>, Option<String>) {
        let place = place(path);
        (
            place.account.map(|a| a.to_string()),
            place.region.map(|r| r.to_string()),
        )
    }

    #[test]
    fn folders_and_aws_file_names_tell_account_and_region() {
        let both = (
            Some("111122223333".to_owned()),
            Some("ap-northeast-2".to_owned()),
        );
        for path in [
            "exports/111122223333/ap-northeast-2/a.json",
            "exports/AWSLogs/o-abc/111122223333/Config/ap-northeast-2/2026/9/30/x.json.gz",
            "exports/111122223333_Config_ap-northeast-2_ConfigSnapshot_20260930T000000Z_1.json.gz",
        ] {
            assert_eq!(told(path), both, "{path}");
        }
    }

    #[test]
    fn a_path_that_names_two_accounts_tells_none() {
        assert_eq!(
            told("exports/111122223333/444455556666/a.json"),
            (None, None)
        );
        assert_eq!(
            told("exports/1111222233334/ap-northeast-22/a-1.json"),
            (None, None)
        );
    }

    #[test]
    fn a_snapshot_is_dated_by_its_name() {
        let path =
            "exports/111122223333_Config_us-east-1_ConfigSnapshot_20260930T150001Z_u.json.gz";
        let time = snapshot_time(path).expect("a time");
        assert_eq!(time.to_rfc3339(), "2026-09-30T15:00:01+00:00");
        assert_eq!(snapshot_time("exports/snapshot.json"), None);
    }
}
