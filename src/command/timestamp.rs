//! `kisms timestamp`: requests for an authority that is not reached from here, and its answers.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::build::{REPORT, REPORT_MOST};
use super::progress::{Progress, Stage};
use super::{Exit, Screen, written};
use crate::bundle::{self, Opened, SIGNATURE, Watch, write_new_file};
use crate::error::{Error, Result};
use crate::regular;
use crate::report::terminal::escape;
use crate::sign::pades::{PdfSignature, read_signature, replace_message};
use crate::sign::timestamp;
use crate::time::{Moment, rfc3339};

/// The names of the two requests and answers, without `.tsq` and `.tsr`.
const OF_BUNDLE: &str = SIGNATURE;
const OF_REPORT: &str = "report.pdf";
/// No answer is longer, in bytes.
const ANSWER_MOST: u64 = 16 << 20;

/// Writes a `.tsq` for each signature of the bundle into `dir`, and says how to send them.
pub fn request(path: &Path, dir: &Path, screen: &mut Screen<'_>) -> Result<Exit> {
    let signed = Signed::open(path, Progress::new(screen.language))?;
    fs::create_dir_all(dir).map_err(|error| Error::io("make the folder", dir, &error))?;
    let report = signed.report.as_ref();
    let messages = [
        (OF_BUNDLE, Some(signed.message.as_slice())),
        (OF_REPORT, report.map(|(_, found)| found.message.as_slice())),
    ];
    for (name, message) in messages {
        let Some(message) = message else { continue };
        let request = timestamp::request(message)?;
        let file = dir.join(format!("{name}.tsq"));
        put(&file, &request)?;
        written(writeln!(
            screen.out,
            "{}",
            escape(&file.display().to_string())
        ))?;
    }
    let how = screen.words(
        "네트워크가 되는 곳에서 각 .tsq를 시점확인 기관(RFC 3161)에 보내고, 응답을 같은 이름의 .tsr로 저장하십시오:",
        "Where there is a network, send each .tsq to a time-stamping authority (RFC 3161) and keep its answer under the same name as .tsr:",
    );
    let back = screen.words(
        "응답을 이 폴더에 되가져온 뒤:",
        "Bring the answers back into this folder, then:",
    );
    written(writeln!(
        screen.out,
        "\n{how}\n  for f in *.tsq; do curl -sS -H 'Content-Type: application/timestamp-query' \\\n      \
         --data-binary @\"$f\" -o \"${{f%.tsq}}.tsr\" URL; done\n{back}\n  kisms timestamp attach {} {}",
        escape(&path.display().to_string()),
        escape(&dir.display().to_string()),
    ))?;
    Ok(Exit::Done)
}

/// Writes copies of the bundle and of its report with the answers in `dir`. The bundle's own files
/// stay as they are: in it, only the detached signature receives a token. An answer from after `now` is
/// none.
pub fn attach(
    path: &Path,
    dir: &Path,
    output: Option<PathBuf>,
    now: Moment,
    screen: &mut Screen<'_>,
) -> Result<Exit> {
    let progress = Progress::new(screen.language);
    let signed = Signed::open(path, progress)?;
    let target = output.unwrap_or_else(|| beside(path, &signed.opened.id, "-timestamped.zip"));
    let copy = beside(&target, &signed.opened.id, "-report.pdf");
    let (bundle, report) = (answer(dir, OF_BUNDLE)?, answer(dir, OF_REPORT)?);
    if bundle.is_none() && report.is_none() {
        return Err(Error::new(format_args!(
            "`{}` holds neither `{OF_BUNDLE}.tsr` nor `{OF_REPORT}.tsr`",
            dir.display()
        ))
        .hint("`kisms timestamp request` says how to get them"));
    }
    // Both are judged before either is written.
    let bundle = judge(OF_BUNDLE, &signed.message, bundle.as_deref(), now, screen)?;
    let found = signed.report.as_ref().map(|(_, found)| &found.message[..]);
    let report = judge(
        OF_REPORT,
        found.unwrap_or_default(),
        report.as_deref(),
        now,
        screen,
    )?;
    let (Ok(bundle), Ok(report)) = (bundle, report) else {
        return Ok(Exit::No);
    };
    if let Some(message) = bundle {
        write_new_file(&target, false, |file| {
            let write = || signed.opened.with_signature(&message, file);
            progress.during(Stage::Copying, |_| write())
        })?;
        wrote(&target, screen)?;
    }
    if let (Some(message), Some((pdf, found))) = (report, &signed.report) {
        put(&copy, &replace_message(pdf, found, &message)?)?;
        wrote(&copy, screen)?;
    }
    let next = screen.words(
        "시점확인 기관의 CA 인증서도 --trust로 주고 `kisms verify --require-timestamp`로 확인하십시오.",
        "Check with `kisms verify --require-timestamp`, giving the authority's CA with --trust too.",
    );
    written(writeln!(screen.out, "{next}"))?;
    Ok(Exit::Done)
}

/// An intact bundle with its signatures.
struct Signed {
    opened: Opened,
    message: Vec<u8>,
    report: Option<(Vec<u8>, PdfSignature)>,
}

impl Signed {
    fn open(path: &Path, progress: Progress) -> Result<Self> {
        let verify = |watch: Watch<'_>| bundle::verify_watched(path, watch);
        let opened = progress.during(Stage::Verifying, verify)?;
        let refuse = |why: &str| {
            Error::new(format_args!("`{}`: {why}", path.display()))
                .hint("`kisms verify` lists everything that is wrong with it")
        };
        if let Some(defect) = opened.defects.first() {
            return Err(refuse(&format!("`{}` {}", defect.path, defect.message)));
        }
        let message = opened.signature.clone();
        let message = message.ok_or_else(|| refuse("the bundle has no signature"))?;
        let listed = opened.files.keys().any(|path| path.as_str() == REPORT);
        let pdf = if listed {
            opened.read(REPORT, REPORT_MOST)?
        } else {
            Vec::new()
        };
        let report = match read_signature(&pdf) {
            None => None,
            Some(Ok(found)) => Some((pdf, found)),
            Some(Err(problem)) => return Err(refuse(&format!("`{REPORT}`: {}", problem.message))),
        };
        Ok(Self {
            opened,
            message,
            report,
        })
    }
}

fn answer(dir: &Path, name: &str) -> Result<Option<Vec<u8>>> {
    let file = dir.join(format!("{name}.tsr"));
    match regular::read(&file, ANSWER_MOST) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", &file, &error)),
    }
}

/// The message with the answer's token, if there is an answer; `Err` where reasons against it were
/// printed.
fn judge(
    name: &str,
    message: &[u8],
    answer: Option<&[u8]>,
    now: Moment,
    screen: &mut Screen<'_>,
) -> Result<std::result::Result<Option<Vec<u8>>, Refused>> {
    let Some(answer) = answer else {
        return Ok(Ok(None));
    };
    match timestamp::attach(message, answer, now)? {
        Ok((stamped, stamp)) => {
            let (time, authority) = (rfc3339(stamp.time), escape(&stamp.authority.subject));
            written(writeln!(screen.err, "{name}.tsr: {time}, {authority}"))?;
            Ok(Ok(Some(stamped)))
        }
        Err(problems) => {
            for problem in problems {
                let text = format!("`{name}.tsr`: {} [{}]", problem.message, problem.code);
                written(screen.complain(&text, None))?;
            }
            Ok(Err(Refused))
        }
    }
}

/// An answer that is none to our request.
struct Refused;

/// A name beside `path`: its own without `.zip`, and `ending`.
fn beside(path: &Path, id: &str, ending: &str) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy());
    let name = name.as_deref().unwrap_or(id);
    let stem = name.strip_suffix(".zip").unwrap_or(name);
    path.with_file_name(format!("{stem}{ending}"))
}

fn put(target: &Path, bytes: &[u8]) -> Result<()> {
    write_new_file(target, false, |file| {
        file.write_all(bytes)
            .map_err(|error| Error::io("write", target, &error))
    })
}

fn wrote(file: &Path, screen: &mut Screen<'_>) -> Result<()> {
    written(writeln!(
        screen.out,
        "{}",
        escape(&file.display().to_string())
    ))
}
