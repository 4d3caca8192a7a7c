//! `kisms key show`: what a key or certificate is, and whether it can sign now.

use std::fmt::Write as _;
use std::path::Path;

use crate::command::signer::{Files, named};
use crate::command::{Exit, Screen, password, written};
use crate::error::Result;
use crate::report::terminal::escape;
use crate::sign::certificate::Certificate;
use crate::sign::identity::{Contents, FileKind, IdentityError};
use crate::time::{Moment, rfc3339};

/// Shows the key or certificate file, judged as of `now`; never the key itself. No is the answer of a
/// private key that cannot sign.
pub fn show(
    file: &Path,
    password_file: Option<&Path>,
    now: Moment,
    screen: &mut Screen<'_>,
) -> Result<Exit> {
    let files = Files::read(Path::new(""), file, None)?;
    let given = password::given(password_file)?;
    let contents = files.open(file, given.as_ref(), |key, certificates, password| {
        Contents::read(key, certificates, password, now)
    })?;
    let contents = contents.map_err(|error| named(file, error))?;
    let mut text = summary(&contents, screen);
    for (place, certificate) in contents.certificates.iter().enumerate() {
        text.push('\n');
        text.push_str(&described(place + 1, certificate, now, screen));
    }
    let verdict = match &contents.signer {
        Ok(place) => screen
            .words("가능: 인증서 {}", "yes, by certificate {}")
            .replace("{}", &(place + 1).to_string()),
        Err(error) => refusal(error, screen),
    };
    let label = screen.words("지금 서명  ", "can sign   ");
    written(writeln!(
        screen.out,
        "{text}\n{label} {verdict} ({})",
        rfc3339(now)
    ))?;
    // A certificate alone is not asked to sign.
    let refused = contents.signer.is_err() && !contents.keys.is_empty();
    Ok(if refused { Exit::No } else { Exit::Done })
}

fn summary(contents: &Contents, screen: &Screen<'_>) -> String {
    let kind = match contents.kind {
        FileKind::Pkcs12 => "PKCS#12",
        FileKind::Pem => "PEM",
        FileKind::Pkcs8 => "PKCS#8 (DER)",
        FileKind::Certificate => "X.509 (DER)",
    };
    let none = screen.words("없음", "none");
    let keys = match contents.keys.as_slice() {
        [] => none.to_owned(),
        keys => keys.join(", "),
    };
    format!(
        "{} {kind}\n{} {keys}\n",
        screen.words("파일       ", "file       "),
        screen.words("개인키     ", "private key"),
    )
}

/// A certificate in lines.
fn described(number: usize, certificate: &Certificate, now: Moment, screen: &Screen<'_>) -> String {
    let (from, to) = certificate.validity();
    let state = if now < from {
        screen.words("유효기간 전", "not yet")
    } else if now.timestamp() > to.timestamp() {
        screen.words("만료", "expired")
    } else {
        screen.words("유효", "valid now")
    };
    let usages = certificate.usages();
    let usage = match usages.as_slice() {
        [] => screen.words("제한 없음", "not limited").to_owned(),
        usages => usages.join(", "),
    };
    let mut text = format!("{} {number}\n", screen.words("인증서", "certificate"));
    for (ko, en, value) in [
        ("  소유자   ", "  subject  ", certificate.subject()),
        ("  발급자   ", "  issuer   ", certificate.issuer()),
        ("  일련번호 ", "  serial   ", certificate.serial()),
        (
            "  유효기간 ",
            "  valid    ",
            format!("{} - {} ({state})", rfc3339(from), rfc3339(to)),
        ),
        ("  공개키   ", "  key      ", certificate.key_name()),
        ("  용도     ", "  usage    ", usage),
        (
            "  SHA-256  ",
            "  SHA-256  ",
            certificate.sha256().to_string(),
        ),
    ] {
        let _ = writeln!(text, "{} {}", screen.words(ko, en), escape(&value));
    }
    text
}

/// Why nothing signs; in Korean where the cause is one of those that occur every day.
fn refusal(error: &IdentityError, screen: &Screen<'_>) -> String {
    let english = error.to_string();
    let korean = match error {
        IdentityError::NoKey => "파일에 개인키가 없습니다",
        IdentityError::NoCertificate => "개인키의 인증서가 없습니다",
        IdentityError::KeyMismatch(_) => "개인키와 짝이 맞는 인증서가 없습니다",
        IdentityError::SeveralKeys(_) => "서명할 수 있는 개인키가 여러 개입니다",
        IdentityError::NotYetValid { .. } => "인증서의 유효기간이 아직 시작되지 않았습니다",
        IdentityError::Expired { .. } => "인증서가 만료되었습니다",
        IdentityError::NotForSigning(_) => "서명용 인증서가 아닙니다",
        IdentityError::UnsupportedKey(_) => "서명에 쓸 수 없는 종류의 개인키입니다",
        _ => &english,
    };
    let said = format!(
        "{} {}",
        screen.words("불가:", "no:"),
        screen.words(korean, &english)
    );
    escape(&said).into_owned()
}
