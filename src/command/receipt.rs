//! The receipt of a signed bundle, `NAME.receipt.pdf` beside `NAME.zip`: to be kept elsewhere. `kisms
//! receipt` makes it anew for a bundle that has lost its own.

mod pair;

use std::fs::File;
use std::io::{self, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::build::{REPORT, REPORT_MOST};
use super::progress::{Progress, Stage};
use super::verify::members;
use super::{Exit, Screen, load, signer, written};
use crate::bundle::{self, Opened, write_new_file};
use crate::digest::{Digest, Hashing};
use crate::engagement::Folder;
use crate::error::{Error, Result};
use crate::regular;
use crate::report::pdf::{self, About, Sealed, SignerAbout, Templates};
use crate::report::terminal::escape;
use crate::sign::identity::Identity;
use crate::sign::pades::{sign_pdf, verify_pdf};
use crate::sign::verify::{Verification, verify_detached};
use crate::time::Moment;

pub(super) use pair::{Pair, check};

/// What was typed.
#[derive(Debug, Default)]
pub struct Options {
    /// Where to write; else beside the bundle.
    pub output: Option<PathBuf>,
    /// The engagement folder whose key signs it; without one it is not signed.
    pub engagement: Option<PathBuf>,
    /// Where the key's password is.
    pub password_file: Option<PathBuf>,
}

/// Makes the receipt of the signed bundle at `path` at `now`. Of a bundle that is not whole, or that
/// nobody signed, there is none.
pub fn receipt(
    path: &Path,
    options: &Options,
    now: Moment,
    screen: &mut Screen<'_>,
) -> Result<Exit> {
    if path.is_dir() {
        return Err(Error::new(format_args!("`{}` is a folder", path.display()))
            .hint("give the zip itself: a receipt names the zip's SHA-256"));
    }
    let progress = Progress::new(screen.language);
    let opened = progress.during(Stage::Verifying, |watch| {
        bundle::verify_content(path, watch)
    })?;
    let (signer, faults) = signer_of(&opened, now)?;
    let Some(signer) = signer.filter(|_| faults.is_empty()) else {
        for fault in faults {
            written(screen.complain(&fault, None))?;
        }
        return Ok(Exit::No);
    };
    let assessment = progress.during(Stage::Opening, |_| load::of_bundle(&opened))?;
    let identity = match identity(options, &signer, now, screen)? {
        Ok(identity) => identity,
        Err(exit) => return Ok(exit),
    };
    let sealed = sealed(path, &opened, now, identity.is_some())?;
    let pdf = pdf::receipt(&assessment, &about(&opened, signer), &sealed)?;
    let pdf = match &identity {
        Some(identity) => sign_pdf(pdf, identity, now)?,
        None => pdf,
    };
    let target = options.output.clone().unwrap_or_else(|| beside(path));
    write_new_file(&target, false, |file| {
        file.write_all(&pdf)
            .map_err(|error| Error::io("write", &target, &error))
    })?;
    written(print(&target, identity.as_ref(), screen))?;
    Ok(Exit::Done)
}

/// Where the receipt of a bundle is.
fn beside(bundle: &Path) -> PathBuf {
    bundle.with_extension("receipt.pdf")
}

/// SHA-256 over the whole file.
fn digest(file: &mut File) -> io::Result<Digest> {
    file.rewind()?;
    let mut hashing = Hashing::new(file);
    io::copy(&mut hashing, &mut io::sink())?;
    Ok(hashing.finish().1)
}

/// Who signed the bundle, and everything that is wrong with it. Whether the signer is trusted is not
/// asked.
fn signer_of(opened: &Opened, now: Moment) -> Result<(Option<SignerAbout>, Vec<String>)> {
    let defects = opened.defects.iter().cloned();
    let defects = defects.chain(members::missing(opened)?);
    let mut faults: Vec<String> = defects
        .map(|defect| format!("`{}`: {} [{}]", defect.path, defect.message, defect.code))
        .collect();
    let Some((signature, root)) = opened.signature.as_deref().zip(opened.root) else {
        if faults.is_empty() {
            faults.push("the bundle has no signature, and so no receipt".to_owned());
        }
        return Ok((None, faults));
    };
    let found = verify_detached(signature, root, &[], now);
    let mut tell = |found: &Verification, path: &str| {
        let wrong = found.problems.iter().chain(&found.doubts);
        faults.extend(wrong.map(|p| format!("`{path}`: {} [{}]", p.message, p.code)));
    };
    tell(&found, bundle::SIGNATURE);
    if opened.is_whole(REPORT)
        && let Some(report) = verify_pdf(&opened.read(REPORT, REPORT_MOST)?, &[], now)
    {
        tell(&report, REPORT);
    }
    let signer = found.signer.map(|signer| SignerAbout {
        subject: signer.subject,
        sha256: signer.sha256,
        valid_until: signer.valid_until,
    });
    Ok((signer, faults))
}

/// The key that signs the receipt, which must be the bundle's signer's.
fn identity(
    options: &Options,
    signer: &SignerAbout,
    now: Moment,
    screen: &mut Screen<'_>,
) -> Result<std::result::Result<Option<Identity>, Exit>> {
    let Some(dir) = &options.engagement else {
        return Ok(Ok(None));
    };
    let folder = match Folder::open(dir)? {
        Ok(folder) => folder,
        Err(faults) => {
            written(load::print_faults(&faults, screen))?;
            return Ok(Err(Exit::No));
        }
    };
    let password = options.password_file.as_deref();
    let identity = signer::open(dir, &folder.engagement, password, now.into())?;
    if identity.sha256() != signer.sha256 {
        return Err(Error::new(format_args!(
            "the key of `{}` is not the one that signed the bundle",
            dir.display()
        ))
        .hint("without `--engagement` the receipt is made without a signature"));
    }
    Ok(Ok(Some(identity)))
}

fn sealed(path: &Path, opened: &Opened, now: Moment, signed: bool) -> Result<Sealed> {
    let failed = |error: &io::Error| Error::io("read", path, error);
    let mut file = regular::open(path).map_err(|error| failed(&error))?;
    let zip = digest(&mut file).map_err(|error| failed(&error))?;
    let bytes = file.metadata().map_err(|error| failed(&error))?.len();
    Ok(Sealed {
        root: opened.root.unwrap_or(Digest::of(&[])),
        zip,
        bytes,
        anew: Some(pdf::Anew { at: now, signed }),
    })
}

fn about(opened: &Opened, signer: SignerAbout) -> About {
    let field = |label: &str| {
        let mut fields = opened.info.iter();
        fields.find(|(own, _)| own == label).map(|(_, said)| said)
    };
    let agent = field("Bag-Software-Agent").map_or("", String::as_str);
    let files = opened.files.iter();
    About {
        bundle_id: opened.id.clone(),
        inputs_digest: bundle::inputs_digest(files.map(|(path, sha256)| (path.clone(), *sha256))),
        version: agent.strip_prefix("kisms ").unwrap_or(agent).to_owned(),
        signer: Some(signer),
        templates: Templates::default(),
    }
}

fn print(target: &Path, identity: Option<&Identity>, screen: &mut Screen<'_>) -> io::Result<()> {
    writeln!(screen.out, "{}", escape(&target.display().to_string()))?;
    let note = match identity {
        Some(_) => return Ok(()),
        None => screen.words(
            "참고: 서명하지 않은 확인서입니다. 번들의 서명자가 `--engagement DIR`로 만들면 서명합니다.",
            "note: the receipt is not signed; with `--engagement DIR` the bundle's signer signs it.",
        ),
    };
    writeln!(screen.err, "{note}")
}
