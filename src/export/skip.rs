//! Where a JSON value ends: most of a snapshot is passed over, and this is what takes the time.
//!
//! What is accepted here, `serde_json` accepts, too (RFC 8259; as it does for what it ignores, no
//! look is had at surrogates). What is not, may be right all the same: a value that touches the end
//! of the text, or is nested deeply. `serde_json` then decides, and says what is wrong.

/// The end of what was looked for; `None` where it is not there, or not certain.
type End = Option<usize>;

/// Behind the value that begins at `at`, white space before it allowed.
pub fn value(text: &[u8], mut at: usize) -> End {
    // One bit for each container around the place, 1 for an object; the highest stands for none.
    let mut around = 1_u64;
    loop {
        let (first, here) = peek(text, at)?;
        at = match first {
            b'"' => string(text, here + 1)?,
            b'{' | b'[' => {
                let (next, inside) = peek(text, here + 1)?;
                // `}` and `]` stand two behind `{` and `[` in ASCII.
                if next == first + 2 {
                    inside + 1
                } else {
                    if around >> 63 != 0 {
                        return None;
                    }
                    around = around << 1 | u64::from(first == b'{');
                    at = if first == b'{' {
                        key(text, inside)?
                    } else {
                        inside
                    };
                    continue;
                }
            }
            b'-' | b'0'..=b'9' => number(text, here)?,
            b't' => word(text, here, b"true")?,
            b'f' => word(text, here, b"false")?,
            b'n' => word(text, here, b"null")?,
            _ => return None,
        };
        // Behind a value: close what ends here.
        loop {
            if around == 1 {
                return Some(at);
            }
            let in_object = around & 1 != 0;
            let (next, here) = peek(text, at)?;
            at = here + 1;
            if next == b',' {
                if in_object {
                    at = key(text, at)?;
                }
                break;
            }
            if next != if in_object { b'}' } else { b']' } {
                return None;
            }
            around >>= 1;
        }
    }
}

/// The next byte that is not white space, and where it stands.
#[inline]
pub fn peek(text: &[u8], at: usize) -> Option<(u8, usize)> {
    let byte = *text.get(at)?;
    if byte > b' ' {
        return Some((byte, at));
    }
    space(text, at)
}

#[cold]
fn space(text: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        match *text.get(at)? {
            b' ' | b'\t' | b'\r' | b'\n' => at += 1,
            byte => return Some((byte, at)),
        }
    }
}

/// Behind a key and its colon.
#[inline]
fn key(text: &[u8], at: usize) -> End {
    let (quote, at) = peek(text, at)?;
    if quote != b'"' {
        return None;
    }
    let (colon, at) = peek(text, string(text, at + 1)?)?;
    (colon == b':').then_some(at + 1)
}

/// Behind the closing quote of a string, from behind the opening one.
#[inline]
pub fn string(text: &[u8], at: usize) -> End {
    let at = plain(text, at)?;
    if text[at] == b'"' {
        return Some(at + 1);
    }
    escaped(text, at)
}

/// The first byte from `at` on that is a quote, a backslash or a control character.
#[inline]
pub fn plain(text: &[u8], mut at: usize) -> Option<usize> {
    while let Some(block) = text.get(at..)?.first_chunk() {
        let special = special(u64::from_le_bytes(*block));
        if special != 0 {
            return Some(at + special.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    let rest = text[at..].iter();
    let mut special = rest.zip(at..);
    special
        .find(|(byte, _)| matches!(byte, b'"' | b'\\' | 0..0x20))
        .map(|(_, at)| at)
}

/// The high bits of those of eight bytes that [`plain`] looks for; what stands behind the first may be
/// wrong (Mycroft's test for a zero byte).
#[inline]
fn special(bytes: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    let below = |bytes: u64, limit: u64| bytes.wrapping_sub(ONES * limit) & !bytes;
    let equal = |byte: u8| below(bytes ^ (ONES * u64::from(byte)), 1);
    (below(bytes, 0x20) | equal(b'"') | equal(b'\\')) & (ONES << 7)
}

/// The same as [`string`] from a byte on that is special.
#[cold]
fn escaped(text: &[u8], mut at: usize) -> End {
    loop {
        match text[at] {
            b'"' => return Some(at + 1),
            b'\\' => at = escape(text, at + 1)?,
            _ => return None,
        }
        at = plain(text, at)?;
    }
}

/// Behind an escape, from behind its backslash.
fn escape(text: &[u8], at: usize) -> End {
    match text.get(at)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(at + 1),
        b'u' => {
            let digits = text.get(at + 1..at + 5)?;
            let are_hex = digits.iter().all(u8::is_ascii_hexdigit);
            are_hex.then_some(at + 5)
        }
        _ => None,
    }
}

/// Behind a number; that it ends before the text does must be seen.
#[inline]
fn number(text: &[u8], mut at: usize) -> End {
    if text[at] == b'-' {
        at += 1;
    }
    let first = at;
    at = digits(text, at)?;
    if text[first] == b'0' && at > first + 1 {
        return None;
    }
    if text[at] == b'.' {
        at = digits(text, at + 1)?;
    }
    if matches!(text[at], b'e' | b'E') {
        at += 1;
        if matches!(text.get(at)?, b'+' | b'-') {
            at += 1;
        }
        at = digits(text, at)?;
    }
    Some(at)
}

/// Behind at least one digit, before another byte.
#[inline]
fn digits(text: &[u8], at: usize) -> End {
    let digits = text.get(at..)?.iter();
    let count = { digits }.position(|byte| !byte.is_ascii_digit())?;
    (count > 0).then_some(at + count)
}

#[inline]
fn word(text: &[u8], at: usize, word: &[u8]) -> End {
    text[at..].starts_with(word).then_some(at + word.len())
}

#[cfg(test)]
pub mod tests;
