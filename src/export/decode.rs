//! From the bytes of a file to UTF-8 text: gzip and encodings are recognised by their first
//! bytes, never by the file's name.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use encoding_rs::{Decoder, DecoderResult, UTF_16BE, UTF_16LE};
use flate2::bufread::GzDecoder;

use super::fault::{Carried, Code};

const BUFFER: usize = 256 * 1024;
const GZIP: [u8; 2] = [0x1f, 0x8b];
const BOM_UTF8: &[u8] = &[0xef, 0xbb, 0xbf];
const BOM_UTF16LE: &[u8] = &[0xff, 0xfe];
const BOM_UTF16BE: &[u8] = &[0xfe, 0xff];

/// The decoded text of a file, and whether the file was gzip.
pub struct Decoded<'r> {
    /// UTF-8, as far as the file's encoding tells; not yet checked.
    pub text: Box<dyn Read + 'r>,
    /// Whether the file starts as gzip does.
    pub gzip: bool,
}

/// Decodes `file` by its first bytes.
pub fn decode<'r>(file: impl Read + 'r) -> io::Result<Decoded<'r>> {
    let (start, raw) = peek(BufReader::with_capacity(BUFFER, file))?;
    let gzip = start.starts_with(&GZIP);
    let text = if gzip {
        transcode(BufReader::with_capacity(BUFFER, Gunzip::new(raw)))?
    } else {
        transcode(raw)?
    };
    Ok(Decoded { text, gzip })
}

type Peeked<R> = io::Chain<Cursor<Vec<u8>>, R>;

/// The first bytes, at most four, and the reader with them still in front.
fn peek<R: BufRead>(mut reader: R) -> io::Result<(Vec<u8>, Peeked<R>)> {
    let mut start = Vec::new();
    (&mut reader).take(4).read_to_end(&mut start)?;
    Ok((start.clone(), Cursor::new(start).chain(reader)))
}

fn transcode<'r, R: BufRead + 'r>(reader: R) -> io::Result<Box<dyn Read + 'r>> {
    let (start, mut reader) = peek(reader)?;
    if start.starts_with(BOM_UTF8) {
        reader.consume(BOM_UTF8.len());
    } else if start.starts_with(BOM_UTF16LE) {
        return Ok(Box::new(Utf16::new(
            reader,
            UTF_16LE.new_decoder_with_bom_removal(),
        )));
    } else if start.starts_with(BOM_UTF16BE) {
        return Ok(Box::new(Utf16::new(
            reader,
            UTF_16BE.new_decoder_with_bom_removal(),
        )));
    } else if start.contains(&0) {
        let fault = Code::Encoding.at(0, "it looks like UTF-16 without a byte order mark");
        return Err(Carried::into_io(fault));
    }
    Ok(Box::new(reader))
}

/// Members of a gzip file one after the other (RFC 1952, section 2.2), zero padding allowed
/// behind the last, and nothing else.
struct Gunzip<R: BufRead> {
    state: State<R>,
    members: u32,
}

enum State<R: BufRead> {
    Member(Box<GzDecoder<R>>),
    Between(R),
    Done,
}

impl<R: BufRead> Gunzip<R> {
    fn new(raw: R) -> Self {
        Self {
            state: State::Between(raw),
            members: 0,
        }
    }

    /// Looks at what follows a member.
    fn next_member(&mut self, mut raw: R) -> io::Result<State<R>> {
        loop {
            let rest = raw.fill_buf()?;
            if rest.is_empty() {
                return Ok(State::Done);
            }
            if rest[0] == GZIP[0] {
                self.members += 1;
                return Ok(State::Member(Box::new(GzDecoder::new(raw))));
            }
            if rest.iter().any(|&byte| byte != 0) {
                let members = self.members;
                return Err(Carried::into_io(Code::GzipTrailing.fault(format!(
                    "{members} gzip member(s) are followed by something else"
                ))));
            }
            let padding = rest.len();
            raw.consume(padding);
        }
    }
}

impl<R: BufRead> Read for Gunzip<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::mem::replace(&mut self.state, State::Done) {
                State::Done => return Ok(0),
                State::Between(raw) => self.state = self.next_member(raw)?,
                State::Member(mut member) => match member.read(buf) {
                    Ok(0) if !buf.is_empty() => self.state = State::Between(member.into_inner()),
                    Ok(read) => {
                        self.state = State::Member(member);
                        return Ok(read);
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                        self.state = State::Member(member);
                        return Err(error);
                    }
                    Err(error) => return Err(gzip_error(error)),
                },
            }
        }
    }
}

fn gzip_error(error: io::Error) -> io::Error {
    let code = match error.kind() {
        io::ErrorKind::UnexpectedEof => Code::GzipTruncated,
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => Code::GzipDamaged,
        _ => return error,
    };
    // flate2 says "incomplete deflate stream" with the kind of a damaged one.
    let code = if error.to_string().contains("incomplete") {
        Code::GzipTruncated
    } else {
        code
    };
    let what = if code == Code::GzipTruncated {
        "ends too early"
    } else {
        "is damaged"
    };
    Carried::into_io(code.fault(format!("the gzip stream {what}: {error}")))
}

/// UTF-16 to UTF-8; what is not UTF-16 is an error, not a replacement character.
struct Utf16<R: BufRead> {
    inner: R,
    decoder: Decoder,
    pending: Vec<u8>,
    taken: usize,
    ended: bool,
}

impl<R: BufRead> Utf16<R> {
    fn new(inner: R, decoder: Decoder) -> Self {
        Self {
            inner,
            decoder,
            pending: Vec::new(),
            taken: 0,
            ended: false,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        let input = self.inner.fill_buf()?;
        let last = input.is_empty();
        let room = self
            .decoder
            .max_utf8_buffer_length_without_replacement(input.len())
            .unwrap_or(BUFFER * 4);
        self.pending.resize(room, 0);
        let (result, read, written) =
            self.decoder
                .decode_to_utf8_without_replacement(input, &mut self.pending, last);
        self.inner.consume(read);
        self.pending.truncate(written);
        self.taken = 0;
        match result {
            DecoderResult::Malformed(..) => Err(Carried::into_io(
                Code::Encoding.fault("it starts as UTF-16 but is not UTF-16 throughout"),
            )),
            DecoderResult::InputEmpty => {
                self.ended = last;
                Ok(())
            }
            DecoderResult::OutputFull => Ok(()),
        }
    }
}

impl<R: BufRead> Read for Utf16<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.pending.len() {
            if self.ended {
                return Ok(0);
            }
            self.refill()?;
        }
        let count = buf.len().min(self.pending.len() - self.taken);
        buf[..count].copy_from_slice(&self.pending[self.taken..self.taken + count]);
        self.taken += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;
    use crate::export::fault;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    fn text_of(bytes: &[u8]) -> Result<String, String> {
        let mut text = String::new();
        decode(bytes)
            .and_then(|mut decoded| decoded.text.read_to_string(&mut text))
            .map(|_| text)
            .map_err(|error| fault::of_io(&error).code)
    }

    #[test]
    fn every_encoding_and_container_gives_the_same_text() {
        let plain = "{\"가\":1}";
        let utf16 = |bom: &[u8], unit: fn(u16) -> [u8; 2]| {
            let mut bytes = bom.to_vec();
            bytes.extend(plain.encode_utf16().flat_map(unit));
            bytes
        };
        let (head, tail) = plain.as_bytes().split_at(3);
        let forms = [
            plain.as_bytes().to_vec(),
            [BOM_UTF8, plain.as_bytes()].concat(),
            utf16(BOM_UTF16LE, u16::to_le_bytes),
            utf16(BOM_UTF16BE, u16::to_be_bytes),
            gzip(plain.as_bytes()),
            gzip(&utf16(BOM_UTF16LE, u16::to_le_bytes)),
            [gzip(head), gzip(tail)].concat(),
            [gzip(plain.as_bytes()), vec![0; 700]].concat(),
        ];
        for form in forms {
            assert_eq!(text_of(&form), Ok(plain.to_owned()));
        }
    }

    #[test]
    fn damage_is_told_apart() {
        let good = gzip(&vec![b'a'; 100_000]);
        let code = |bytes: &[u8]| text_of(bytes).expect_err("damaged");
        assert_eq!(code(&good[..good.len() / 2]), "KI-0111");
        assert_eq!(code(&good[..good.len() - 3]), "KI-0111");
        let mut wrong_crc = good.clone();
        let crc = wrong_crc.len() - 8;
        wrong_crc[crc] ^= 1;
        assert_eq!(code(&wrong_crc), "KI-0112");
        assert_eq!(code(&[&good[..], b"junk"].concat()), "KI-0113");
        assert_eq!(code(b"{\0\"\0a\0"), "KI-0121");
        assert_eq!(
            code(&[BOM_UTF16LE, &0xd800_u16.to_le_bytes(), b"a\0"].concat()),
            "KI-0121"
        );
    }
}
