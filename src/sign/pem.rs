//! Textual encodings (RFC 7468), read the way people paste them: with text between the blocks, any
//! line width, CRLF, a byte order mark.

use der::pem::decode_vec;
use zeroize::Zeroizing;

/// No key or certificate file is longer, in bytes.
pub(super) const LIMIT: usize = 1 << 20;

/// One block.
pub(super) struct Block {
    pub(super) label: String,
    /// RFC 1421 headers say that the content is encrypted; `der` is then empty.
    pub(super) encrypted: bool,
    pub(super) der: Zeroizing<Vec<u8>>,
}

/// Whether there is a block at all.
pub(super) fn is_pem(bytes: &[u8]) -> bool {
    bytes.windows(11).any(|window| window == b"-----BEGIN ")
}

/// Every block in order. `Err` says which block cannot be read.
pub(super) fn blocks(bytes: &[u8]) -> Result<Vec<Block>, String> {
    if bytes.len() > LIMIT {
        return Err(format!("longer than {LIMIT} bytes"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| "not text in UTF-8".to_owned())?;
    let mut blocks = Vec::new();
    let mut open: Option<(&str, Vec<&str>)> = None;
    for line in text.trim_start_matches('\u{feff}').lines().map(str::trim) {
        let marker = |word: &str| line.strip_prefix(word)?.strip_suffix("-----");
        if let Some(label) = marker("-----BEGIN ") {
            if let Some((unclosed, _)) = open {
                return Err(format!("block `{unclosed}` has no end"));
            }
            open = Some((label, Vec::new()));
        } else if let Some(label) = marker("-----END ") {
            match open.take() {
                Some((begun, body)) if begun == label => blocks.push(block(label, &body)?),
                _ => return Err(format!("block `{label}` has no beginning")),
            }
        } else if let Some((_, body)) = &mut open {
            body.push(line);
        }
    }
    match open {
        Some((unclosed, _)) => Err(format!("block `{unclosed}` has no end")),
        None => Ok(blocks),
    }
}

fn block(label: &str, body: &[&str]) -> Result<Block, String> {
    let encrypted = body
        .iter()
        .any(|line| line.contains(':') && line.contains("ENCRYPTED"));
    let mut der = Zeroizing::new(Vec::new());
    if !encrypted {
        let lines: Zeroizing<String> = body
            .iter()
            .filter(|l| !l.contains(':'))
            .copied()
            .collect::<String>()
            .into();
        *der = decode(label, &lines).ok_or_else(|| format!("block `{label}` is not base64"))?;
    }
    Ok(Block {
        label: label.to_owned(),
        encrypted,
        der,
    })
}

/// The decoder takes one line width only, so the body is wrapped anew.
fn decode(label: &str, body: &str) -> Option<Vec<u8>> {
    let body: Zeroizing<String> = body.split_whitespace().collect::<String>().into();
    if !body.is_ascii() {
        return None;
    }
    let mut text = Zeroizing::new(format!("-----BEGIN {label}-----\n"));
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, next) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = next;
    }
    text.extend(["-----END ", label, "-----\n"]);
    decode_vec(text.as_bytes()).ok().map(|(_, der)| der)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_read_between_other_text_whatever_their_lines_look_like() {
        let text = "\u{feff}메모\r\n-----BEGIN ONE-----\r\nAQ\r\nID\r\n-----END ONE-----\r\nx\n  -----BEGIN TWO-----\nBA==\n-----END TWO-----";
        let read: Vec<(String, Vec<u8>)> = blocks(text.as_bytes())
            .expect("two blocks")
            .into_iter()
            .map(|block| (block.label, block.der.to_vec()))
            .collect();
        assert_eq!(
            read,
            [("ONE".into(), vec![1, 2, 3]), ("TWO".into(), vec![4])]
        );
    }

    #[test]
    fn headers_of_an_encrypted_block_are_seen() {
        let text = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAQID\n-----END RSA PRIVATE KEY-----\n";
        let read = blocks(text.as_bytes()).expect("a block");
        assert!(read[0].encrypted);
        assert!(read[0].der.is_empty());
    }

    #[test]
    fn broken_blocks_are_refused_by_name() {
        for (text, message) in [
            ("-----BEGIN A-----\nAQID\n", "block `A` has no end"),
            ("-----END A-----\n", "block `A` has no beginning"),
            (
                "-----BEGIN A-----\nAQID\n-----END B-----\n",
                "block `B` has no beginning",
            ),
            (
                "-----BEGIN A-----\n!!\n-----END A-----\n",
                "block `A` is not base64",
            ),
            (
                "-----BEGIN A-----\n가나\n-----END A-----\n",
                "block `A` is not base64",
            ),
        ] {
            assert_eq!(blocks(text.as_bytes()).err().as_deref(), Some(message));
        }
    }
}
