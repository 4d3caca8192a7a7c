//! `kisms build`: an engagement becomes a signed bundle.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use chrono::{DateTime, FixedOffset};

use crate::assess::Assessment;
use crate::bundle::{self, Bag, BundlePath, Content, Sign, Watch, Written};
use crate::digest::Digest;
use crate::engagement::{Language, TEMPLATES};
use crate::error::{Error, Result};
pub(super) use crate::report::pdf::REPORT;
use crate::report::pdf::{self, About, SignerAbout};
use crate::report::terminal::escape;
use crate::sign::cms::sign_detached;
use crate::sign::identity::Identity;
use crate::sign::pades::sign_pdf;
use crate::time::rfc3339;

use super::check::{field, print_summary};
use super::load::{Loaded, print_refusing, print_rejected};
use super::progress::{Progress, Stage};
use super::receipt::{self, Pair};
use super::verify::again::{Made, verify_again};
use super::{Exit, Screen, made, signer, target, written};

/// The folder of an engagement for its bundles.
const OUT: &str = "out";
/// No report is larger, in bytes.
pub(super) const REPORT_MOST: u64 = 256 << 20;
/// The version that made a bundle: part of its id.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What was typed.
#[derive(Debug, Default)]
pub struct Options {
    /// Where to write; else `out/<id>.zip`.
    pub output: Option<PathBuf>,
    /// Replace an existing file.
    pub force: bool,
    /// Build although inputs were rejected.
    pub allow_rejected: bool,
    /// Without a signature.
    pub unsigned: bool,
    /// Where the key's password is.
    pub password_file: Option<PathBuf>,
}

/// Builds the engagement in `dir`; `now` is the signer's claimed time.
pub fn build(
    dir: &Path,
    options: &Options,
    now: DateTime<FixedOffset>,
    screen: &mut Screen<'_>,
) -> Result<Exit> {
    if let Some(target) = &options.output {
        receipt::check(target, options.force)?;
    }
    let Some(mut loaded) = Loaded::read(dir, screen)? else {
        return Ok(Exit::No);
    };
    if are_rejected(&loaded, options, screen)? {
        return Ok(Exit::No);
    }
    let engagement = &loaded.folder.engagement;
    if let Some(target) = &options.output {
        target::check(target, dir, engagement, options.password_file.as_deref())?;
    }
    let now = now.with_timezone(&engagement.period.zone());
    let password = options.password_file.as_deref();
    let signer = || signer::open(dir, engagement, password, now);
    let identity = (!options.unsigned).then(signer).transpose()?;
    let assessment = loaded.assess(now);
    if is_refused(&loaded, &assessment, screen)? {
        return Ok(Exit::No);
    }
    loaded.forget_records();
    let mut draft = Draft::new(dir, &loaded, &assessment, identity.as_ref())?;
    let target = match &options.output {
        Some(target) => target.clone(),
        None => usual_target(dir, &draft.id)?,
    };
    let mut pair = Pair::begin(&target, options.force)?;
    draft.lay_out(&assessment, identity.as_ref())?;
    let identity = identity.as_ref();
    let done = draft.write(&mut pair, &assessment, identity)?;
    // Nothing that was there before is touched until the new bundle is known to verify.
    let made = Made {
        target: &target,
        bundle: pair.written()?,
        receipt: pair.receipt()?,
    };
    let verify = |watch: Watch<'_>| verify_again(made, identity, now.to_utc(), watch);
    let files = loaded.progress.during(Stage::Verifying, verify)?;
    let receipt = pair.keep(identity.is_some())?;
    let built = Built {
        target,
        done,
        files,
        receipt,
    };
    written(print(&assessment, &built, identity, screen))?;
    Ok(Exit::Done)
}

/// Whether there are inputs that were rejected, and no bundle is to be built of the others; then
/// that is said.
fn are_rejected(loaded: &Loaded, options: &Options, screen: &mut Screen<'_>) -> Result<bool> {
    let rejected = print_rejected(&loaded.evidence, screen)?;
    if rejected == 0 || options.allow_rejected {
        return Ok(false);
    }
    let error = Error::new(format_args!(
        "{rejected} input(s) were rejected, so no bundle was built"
    ))
    .hint(
        "mend or remove them, or give `--allow-rejected`: the bundle then names them as unreadable",
    );
    refuse(&error, screen)?;
    Ok(true)
}

/// `out/ID.zip`, whose folder is made if it is not there.
fn usual_target(dir: &Path, id: &str) -> Result<PathBuf> {
    let folder = dir.join(OUT);
    fs::create_dir_all(&folder).map_err(|error| Error::io("make the folder", &folder, &error))?;
    Ok(folder.join(format!("{id}.zip")))
}

/// Whether the statement of operation is one that an audit would refuse; then that is said.
fn is_refused(loaded: &Loaded, assessment: &Assessment, screen: &mut Screen<'_>) -> Result<bool> {
    let refusing = print_refusing(&loaded.objections(assessment), screen)?;
    if refusing == 0 {
        return Ok(false);
    }
    let error = Error::new(format_args!(
        "{refusing} fault(s) of the statement of operation, so no bundle was built"
    ))
    .hint("an auditor would refuse it too; `kisms check` lists them again");
    refuse(&error, screen)?;
    Ok(true)
}

fn refuse(error: &Error, screen: &mut Screen<'_>) -> Result<()> {
    written(screen.complain(&error.message, error.hint.as_deref()))
}

/// A bundle before it is written.
struct Draft {
    id: String,
    about: About,
    bag: Bag,
    progress: Progress,
}

impl Draft {
    fn new(
        dir: &Path,
        loaded: &Loaded,
        assessment: &Assessment,
        identity: Option<&Identity>,
    ) -> Result<Self> {
        let payload = inputs(dir, loaded, assessment)?;
        let digests = payload
            .iter()
            .map(|(path, content)| (path.clone(), content.digest()));
        let inputs_digest = bundle::inputs_digest(digests);
        let id = bundle_id(assessment, inputs_digest);
        let about = About {
            bundle_id: id.clone(),
            inputs_digest,
            version: VERSION.to_owned(),
            signer: identity.map(|identity| SignerAbout {
                subject: identity.subject(),
                sha256: identity.sha256(),
                valid_until: identity.certificate().validity().1,
            }),
            templates: loaded.templates.clone(),
        };
        let bag = Bag {
            tag_files: instructions(&id)?,
            info: info(assessment, inputs_digest),
            id: id.clone(),
            payload,
        };
        Ok(Self {
            id,
            about,
            bag,
            progress: loaded.progress,
        })
    }

    /// Adds the documents and tables to what people gave.
    fn lay_out(&mut self, assessment: &Assessment, identity: Option<&Identity>) -> Result<()> {
        let (laid_out, tables) = documents(assessment, &self.about, self.progress);
        let payload = &mut self.bag.payload;
        for mut document in laid_out? {
            let signer = identity.filter(|_| document.path == REPORT);
            if let Some(identity) = signer {
                let now = assessment.generated_at.to_utc();
                document.pdf = sign_pdf(document.pdf, identity, now)?;
            }
            payload.insert(path(&document.path)?, Content::Bytes(document.pdf));
        }
        payload.extend(tables?);
        Ok(())
    }

    fn write_into(&self, file: &mut File, sign: Option<Sign<'_>>) -> Result<Written> {
        let progress = self.progress;
        progress.during(Stage::Writing, |watch| {
            bundle::write_watched(&self.bag, file, sign, watch)
        })
    }

    /// Writes the bundle; with its signature, and then its receipt too, if somebody signs.
    fn write(
        &self,
        pair: &mut Pair,
        assessment: &Assessment,
        identity: Option<&Identity>,
    ) -> Result<Written> {
        let Some(identity) = identity else {
            return self.write_into(pair.bundle(), None);
        };
        let now = assessment.generated_at.to_utc();
        let sign = |tagmanifest: &[u8]| sign_detached(identity, Digest::of(tagmanifest), now);
        let done = self.write_into(pair.bundle(), Some(&sign))?;
        pair.write_receipt(done, assessment, &self.about, identity)?;
        Ok(done)
    }
}

/// The PDF files and, made beside them, for a report does not keep all processors busy, the tables.
fn documents(
    assessment: &Assessment,
    about: &About,
    progress: Progress,
) -> (
    Result<Vec<pdf::Document>>,
    Result<BTreeMap<BundlePath, Content>>,
) {
    thread::scope(|scope| {
        let tables = scope.spawn(|| made::documents(assessment));
        let laid_out = progress.during(Stage::LayingOut, |_| pdf::documents(assessment, about));
        let tables = progress.during(Stage::Tables, |_| {
            tables.join().unwrap_or_else(|panic| resume_unwind(panic))
        });
        (laid_out, tables)
    })
}

/// What there is now.
struct Built {
    target: PathBuf,
    done: Written,
    /// That the manifests list.
    files: usize,
    receipt: Option<PathBuf>,
}

fn instructions(id: &str) -> Result<BTreeMap<BundlePath, Vec<u8>>> {
    let files = bundle::instructions(id).into_iter();
    files
        .map(|(name, bytes)| Ok((path(name)?, bytes)))
        .collect()
}

/// A path of ours in a bundle.
pub(super) fn path(text: &str) -> Result<BundlePath> {
    text.parse()
        .map_err(|error| Error::new(format_args!("`{text}` is no path in a bundle: {error}")))
}

/// Exports, manual evidence, and what people wrote: bit for bit, under paths of our own.
fn inputs(
    dir: &Path,
    loaded: &Loaded,
    assessment: &Assessment,
) -> Result<BTreeMap<BundlePath, Content>> {
    let mut payload = BTreeMap::new();
    for input in assessment
        .inputs
        .iter()
        .filter(|input| !input.bundle_path.is_empty())
    {
        let Some(sha256) = input.sha256 else { continue };
        let content = Content::File {
            path: dir.join(&input.path),
            sha256,
            bytes: input.bytes,
        };
        payload.insert(path(&input.bundle_path)?, content);
    }
    for file in &assessment.manual_evidence {
        let content = Content::File {
            path: dir.join(&file.path),
            sha256: file.sha256,
            bytes: file.bytes,
        };
        payload.insert(path(&file.bundle_path)?, content);
    }
    for file in &loaded.folder.raw_files {
        let name = format!("data/engagement/{}", file.name);
        payload.insert(path(&name)?, Content::Bytes(file.bytes.clone()));
    }
    for file in &loaded.folder.templates {
        let name = format!("data/engagement/{TEMPLATES}/{}", file.name);
        payload.insert(path(&name)?, Content::Bytes(file.bytes.clone()));
    }
    Ok(payload)
}

/// `kisms-<period>-<8 hex>`, from SHA-256 over the inputs' digest, the claimed time and the version.
fn bundle_id(assessment: &Assessment, inputs_digest: Digest) -> String {
    let time = assessment.generated_at.to_rfc3339();
    let digest = Digest::of(format!("{inputs_digest}\n{time}\n{VERSION}\n").as_bytes());
    format!(
        "kisms-{}-{}",
        assessment.engagement.period.label,
        digest.short(8)
    )
}

fn info(assessment: &Assessment, inputs_digest: Digest) -> Vec<(String, String)> {
    let engagement = &assessment.engagement;
    // A line break would end the field.
    let line = |text: &str| text.split(['\r', '\n']).collect::<Vec<_>>().join(" ");
    let fields = [
        ("Source-Organization", line(&engagement.organization)),
        ("Contact-Name", line(&engagement.prepared_by)),
        (
            "Bagging-Date",
            assessment.generated_at.date_naive().to_string(),
        ),
        ("Bag-Software-Agent", format!("kisms {VERSION}")),
        ("Kisms-Period", engagement.period.label.clone()),
        ("Kisms-Scheme", engagement.scheme.as_str().to_owned()),
        ("Kisms-Generated-At", assessment.generated_at.to_rfc3339()),
        (bundle::INPUTS_DIGEST, inputs_digest.to_string()),
        ("Kisms-Own-Templates", engagement.own_templates.join(", ")),
    ];
    let fields = fields.into_iter().filter(|(_, value)| !value.is_empty());
    fields
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn print(
    assessment: &Assessment,
    built: &Built,
    identity: Option<&Identity>,
    screen: &mut Screen<'_>,
) -> std::io::Result<()> {
    print_summary(assessment, screen)?;
    let signer = match identity {
        Some(identity) => {
            let time = rfc3339(assessment.generated_at.to_utc());
            format!("{} ({time})", escape(&identity.subject()))
        }
        None => screen
            .words("없음 (서명하지 않음)", "none (unsigned)")
            .to_owned(),
    };
    let bundle = screen.words("번들", "bundle");
    let label = screen.words("서명자", "signer");
    let root = screen.words("루트 해시", "root");
    field(screen, label, &signer)?;
    field(screen, root, &built.done.root.to_string())?;
    let (target, bytes) = (built.target.display().to_string(), built.done.bytes);
    let files = built.files;
    let target = escape(&target);
    let written = match screen.language {
        Language::Ko => format!("{target} (파일 {files}개, {bytes}바이트, 검증됨)"),
        Language::En => format!("{target} ({files} files, {bytes} bytes, verified)"),
    };
    field(screen, bundle, &written)?;
    let label = screen.words("확인서", "receipt");
    match &built.receipt {
        Some(path) => field(screen, label, &escape(&path.display().to_string())),
        None => Ok(()),
    }
}
