//! The one form in which AWS Config itself writes times, `2026-09-20T01:02:03.123Z`: there are two in
//! each of a million resources, and chrono reads any form at a fifth of the speed.

use chrono::NaiveDate;

use super::Moment;

/// The time, if it is of this form, with milliseconds or without; what is not may be right all the same.
#[expect(clippy::many_single_char_names, reason = "a digit each")]
pub fn read(text: &str) -> Option<Moment> {
    let text = text.as_bytes();
    let (seconds, millis) = match text {
        [seconds @ .., b'Z'] if text.len() == 20 => (seconds, 0),
        [seconds @ .., b'.', a, b, c, b'Z'] if text.len() == 24 => {
            (seconds, number(&[*a, *b, *c])?)
        }
        _ => return None,
    };
    let [
        year @ ..,
        b'-',
        m,
        n,
        b'-',
        d,
        e,
        b'T',
        h,
        i,
        b':',
        p,
        q,
        b':',
        s,
        t,
    ] = seconds
    else {
        return None;
    };
    let two = |first: &u8, second: &u8| number(&[*first, *second]);
    let year = i32::try_from(number(year)?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, two(m, n)?, two(d, e)?)?;
    let time = date.and_hms_milli_opt(two(h, i)?, two(p, q)?, two(s, t)?, millis)?;
    Some(time.and_utc())
}

fn number(digits: &[u8]) -> Option<u32> {
    let mut number = 0;
    for digit in digits {
        number = number * 10 + char::from(*digit).to_digit(10)?;
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn it_reads_what_chrono_reads() {
        for text in [
            "2026-09-20T01:02:03.123Z",
            "2026-09-20T01:02:03Z",
            "2024-02-29T23:59:59.999Z",
            "1970-01-01T00:00:00.000Z",
            "0000-01-01T00:00:00.000Z",
            "9999-12-31T23:59:59Z",
        ] {
            let right = DateTime::parse_from_rfc3339(text).expect("a time").to_utc();
            assert_eq!(read(text), Some(right), "{text}");
        }
    }

    #[test]
    fn it_reads_nothing_else() {
        for text in [
            "2026-02-29T01:02:03.123Z",
            "2026-13-20T01:02:03.123Z",
            "2026-09-20T24:02:03.123Z",
            "2026-09-20T01:02:60.000Z",
            "2026-09-20T01:02:03.12Z",
            "2026-09-20 01:02:03.123Z",
            "2026-09-20t01:02:03.123Z",
            "2026-09-20T01:02:03.123z",
            "2026-09-20T01:02:03+0000",
            "2026-09-20T01:02:03.+23Z",
            "+026-09-20T01:02:03.123Z",
            "2026-09-20T01:02:03가Z",
            "",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
