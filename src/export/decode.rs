//! From the bytes of a file to UTF-8 text: gzip and encodings are recognised by their first
//! bytes, never by the file's name.

use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{Decoder, DecoderResult, UTF_16BE, UTF_16LE};
use flate2::bufread::GzDecoder;

use crate::evidence::Container;
use crate::private;

use super::fault::{Carried, Code};
use super::refusal;
use super::tar::is_tar;

const BUFFER: usize = 256 * 1024;
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Of a member, and of the end record of an archive without any (APPNOTE.TXT, sections 4.3.7, 4.3.16).
const ZIP: &[u8] = b"PK\x03\x04";
const ZIP_EMPTY: &[u8] = b"PK\x05\x06";
const BOM_UTF8: &[u8] = &[0xef, 0xbb, 0xbf];
const BOM_UTF16LE: &[u8] = &[0xff, 0xfe];
const BOM_UTF16BE: &[u8] = &[0xfe, 0xff];

/// As much as is needed to know what a file is: the mark of a tar header ends at byte 262.
const START: usize = 512;
/// More than any export inflates to.
const INFLATED: u64 = 16 << 30;
/// Below this nothing is called a bomb.
const HARMLESS: u64 = 16 << 20;
/// Exports shrink to a tenth or a fortieth; only made-up data shrink further than this.
const RATIO: u64 = 250;

/// What a file holds.
pub enum Content<'r> {
    /// UTF-8, as far as the file's encoding tells; not yet checked.
    Text(Box<dyn Read + Send + 'r>),
    /// A tar archive.
    Tar(Box<dyn Read + Send + 'r>),
    /// A zip archive: its directory stands at its end, so that it is read elsewhere.
    Zip,
}

/// The content of a file, and how it is packed.
pub struct Decoded<'r> {
    /// The content.
    pub content: Content<'r>,
    /// How it is packed.
    pub container: Container,
}

/// Decodes `file` by its first bytes.
pub fn decode<'r>(file: impl Read + Send + 'r) -> io::Result<Decoded<'r>> {
    let (start, raw) = peek(BufReader::with_capacity(BUFFER, file), START)?;
    if private::is_der(&start) {
        let fault = Code::Key.fault("it holds a private key").foreign();
        return Err(Carried::into_io(fault));
    }
    if let Some(fault) = refusal::of_packed(&start) {
        return Err(Carried::into_io(fault));
    }
    let (content, container) = if start.starts_with(&GZIP) {
        let plain = BufReader::with_capacity(BUFFER, Bounded::gunzip(raw));
        let (start, plain) = peek(plain, START)?;
        if let Some(fault) = refusal::of_packed(&start) {
            return Err(Carried::into_io(fault));
        }
        if is_tar(&start) {
            (Content::Tar(Box::new(plain)), Container::TarGzip)
        } else {
            (Content::Text(transcode(plain)?), Container::Gzip)
        }
    } else if start.starts_with(ZIP) || start.starts_with(ZIP_EMPTY) {
        (Content::Zip, Container::Zip)
    } else if is_tar(&start) {
        (Content::Tar(Box::new(raw)), Container::Tar)
    } else {
        (Content::Text(transcode(raw)?), Container::Plain)
    };
    Ok(Decoded { content, container })
}

/// Unpacked bytes, no more than packed ones can honestly give.
pub struct Bounded<R> {
    unpacked: R,
    packed: Arc<AtomicU64>,
    given: u64,
}

impl<R: Read> Bounded<R> {
    /// Of a member that is said to be packed into so many bytes.
    pub fn of_packed(unpacked: R, packed: u64) -> Self {
        Self {
            unpacked,
            packed: Arc::new(AtomicU64::new(packed)),
            given: 0,
        }
    }
}

impl<R: BufRead> Bounded<Gunzip<Counting<R>>> {
    fn gunzip(raw: R) -> Self {
        let packed = Arc::new(AtomicU64::new(0));
        let counting = Counting {
            inner: raw,
            taken: packed.clone(),
        };
        Self {
            unpacked: Gunzip::new(counting),
            packed,
            given: 0,
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.unpacked.read(buf)?;
        self.given += read as u64;
        let honest = self
            .packed
            .load(Ordering::Relaxed)
            .saturating_mul(RATIO)
            .max(HARMLESS);
        if self.given > honest.min(INFLATED) {
            let fault = Code::Archive.fault(format!(
                "it unpacks to more than {RATIO} times its size, or to more than {} GiB",
                INFLATED >> 30
            ));
            return Err(Carried::into_io(fault));
        }
        Ok(read)
    }
}

/// Counts the bytes that are taken from a reader.
pub struct Counting<R> {
    inner: R,
    taken: Arc<AtomicU64>,
}

impl<R: BufRead> Read for Counting<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.taken.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counting<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.inner.consume(count);
        self.taken.fetch_add(count as u64, Ordering::Relaxed);
    }
}

type Peeked<R> = io::Chain<Cursor<Vec<u8>>, R>;

/// The first bytes, at most `most`, and the reader with them still in front.
fn peek<R: BufRead>(mut reader: R, most: usize) -> io::Result<(Vec<u8>, Peeked<R>)> {
    let mut start = Vec::new();
    (&mut reader).take(most as u64).read_to_end(&mut start)?;
    Ok((start.clone(), Cursor::new(start).chain(reader)))
}

fn transcode<'r, R: BufRead + Send + 'r>(reader: R) -> io::Result<Box<dyn Read + Send + 'r>> {
    let (start, mut reader) = peek(reader, 4)?;
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
    } else if start == [0; 4] {
        return Err(Carried::into_io(refusal::zeros(0)));
    } else if start.contains(&0) {
        let fault = Code::Encoding.at(0, "it looks like UTF-16 without a byte order mark");
        let text = start.iter().find(|&&byte| byte != 0);
        let fault = match text {
            Some(b'{' | b'[') => fault,
            _ => fault.foreign(),
        };
        return Err(Carried::into_io(fault));
    }
    Ok(Box::new(reader))
}

/// Members of a gzip file one after the other (RFC 1952, section 2.2), zero padding allowed
/// behind the last, and nothing else.
pub struct Gunzip<R: BufRead> {
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
            .and_then(|decoded| match decoded.content {
                Content::Text(mut content) => content.read_to_string(&mut text),
                Content::Tar(_) | Content::Zip => Ok(0),
            })
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
