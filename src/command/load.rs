//! Takes an engagement or a bundle in, for all commands that look at either.

use std::collections::HashMap;
use std::io::{self, BufReader};
use std::path::Path;

use chrono::{DateTime, FixedOffset};

use crate::assess::{self, Assessment, Objection, Subject, assess};
use crate::bundle::{self, Opened, Watch};
use crate::catalogue::catalogue;
use crate::engagement::{self, Folder};
use crate::error::{Error, Result};
use crate::evidence::{ComplianceType, Evidence, InputStatus};
use crate::export;
use crate::fault::InputFault;
use crate::report::pdf::Templates;
use crate::report::thinned::Thinned;

use super::progress::{Progress, Stage};
use super::typeset::apart;
use super::{Exit, Screen, written};

/// No assessment is larger.
const ASSESSMENT_MOST: u64 = 4 << 30;
/// Bytes of it that are looked at together.
const BLOCK: usize = 64 << 10;

/// An engagement as it was read.
pub struct Loaded {
    /// What people wrote.
    pub folder: Folder,
    /// What AWS wrote.
    pub evidence: Evidence,
    /// What documents are laid out with.
    pub templates: Templates,
    /// How far the command is that reads it.
    pub progress: Progress,
}

impl Loaded {
    /// Reads the engagement folder; `None` where people's files have faults, which are printed.
    pub fn read(dir: &Path, screen: &mut Screen<'_>) -> Result<Option<Self>> {
        Ok(Self::read_or_faults(dir, screen)?.ok())
    }

    /// The same, giving the faults too.
    pub fn read_or_faults(
        dir: &Path,
        screen: &mut Screen<'_>,
    ) -> Result<std::result::Result<Self, Vec<InputFault>>> {
        let progress = Progress::new(screen.language);
        let (folder, templates) = match people(dir)? {
            Ok(read) => read,
            Err(faults) => {
                written(print_faults(&faults, screen))?;
                return Ok(Err(faults));
            }
        };
        let reading = progress.reading(&dir.join(export::FOLDER));
        let evidence = export::read(dir, &|path| reading.open(path))?;
        drop(reading);
        Ok(Ok(Self {
            folder,
            evidence,
            templates,
            progress,
        }))
    }

    /// Gives the memory back of the records from which everything was concluded.
    pub fn forget_records(&mut self) {
        self.evidence.evaluations = Vec::new();
        self.evidence.names = HashMap::new();
    }

    /// What the evidence shows, judged at this time.
    pub fn assess(&self, generated_at: DateTime<FixedOffset>) -> Assessment {
        let judge = |_: Watch<'_>| assess(&self.subject(generated_at));
        let mut assessment = self.progress.during(Stage::Judging, judge);
        let own = self.templates.names();
        assessment.engagement.own_templates = own.into_iter().map(str::to_owned).collect();
        assessment
    }

    /// What an auditor would object to in the statement.
    pub fn objections(&self, assessment: &Assessment) -> Vec<Objection> {
        assess::objections(&self.subject(assessment.generated_at), assessment)
    }

    fn subject(&self, generated_at: DateTime<FixedOffset>) -> Subject<'_> {
        Subject {
            engagement: &self.folder.engagement,
            catalogue: catalogue(),
            evidence: &self.evidence,
            decisions: &self.folder.decisions,
            statement: &self.folder.statement,
            manual: &self.folder.manual,
            generated_at,
        }
    }
}

/// Everything that people wrote, or all its faults.
fn people(dir: &Path) -> Result<std::result::Result<(Folder, Templates), Vec<InputFault>>> {
    let (folder, mut faults) = match Folder::open(dir)? {
        Ok(folder) => (Some(folder), Vec::new()),
        Err(faults) => (None, faults),
    };
    let files = folder.as_ref().map_or(&[][..], |folder| &folder.templates);
    if files.is_empty() {
        return Ok(folder
            .map(|folder| (folder, Templates::default()))
            .ok_or(faults));
    }
    let templates = match Templates::own(files, apart()?) {
        Ok(templates) => Some(templates),
        Err(more) => {
            faults.extend(more);
            None
        }
    };
    Ok(folder.zip(templates).ok_or(faults))
}

/// Prints the objections for which no bundle is built; gives how many there are.
pub fn print_refusing(objections: &[Objection], screen: &mut Screen<'_>) -> Result<usize> {
    let refusing = objections.iter().filter(|found| found.kind.refuses());
    let faults: Vec<InputFault> = refusing.map(|found| found.fault.clone()).collect();
    written(print_faults(&faults, screen))?;
    Ok(faults.len())
}

/// Prints the faults of what people wrote.
pub fn print_faults(faults: &[InputFault], screen: &mut Screen<'_>) -> io::Result<()> {
    for fault in faults {
        screen.complain(&fault.to_string(), Some(&fault.hint))?;
    }
    Ok(())
}

/// Prints every fault of every rejected input; gives how many inputs there are.
pub fn print_rejected(evidence: &Evidence, screen: &mut Screen<'_>) -> Result<usize> {
    let rejected = evidence
        .inputs
        .iter()
        .filter(|input| input.status == InputStatus::Rejected);
    let mut count = 0;
    for input in rejected {
        count += 1;
        for fault in &input.faults {
            let place = match (&fault.pointer, fault.offset) {
                (Some(pointer), Some(offset)) => format!(" at {pointer} (byte {offset})"),
                (None, Some(offset)) => format!(" at byte {offset}"),
                (Some(pointer), None) => format!(" at {pointer}"),
                (None, None) => String::new(),
            };
            let said = screen.said(&fault.message);
            let text = format!("`{}`{place}: {said} [{}]", input.path, fault.code);
            let hint = screen.said(&fault.hint);
            written(screen.complain(&text, Some(&hint)))?;
        }
    }
    Ok(count)
}

/// An assessment, and the bundle it came from if it came from one.
pub struct Opening {
    /// What is shown.
    pub assessment: Assessment,
    /// How many of its findings were not wanted.
    pub left_out: usize,
    /// The bundle, of which each file is compared with its digest when it is read.
    pub opened: Option<Opened>,
}

/// The assessment of an engagement folder or of a bundle, or how the command ends without one.
///
/// Of a bundle only what is read is checked, and its signer is not; that is said. Its findings of other
/// verdicts than those that are wanted may be left out.
pub fn assessment_of(
    path: &Path,
    wanted: Option<&[ComplianceType]>,
    now: DateTime<FixedOffset>,
    screen: &mut Screen<'_>,
) -> Result<std::result::Result<Opening, Exit>> {
    if path.join(engagement::FILE).is_file() {
        let Some(loaded) = Loaded::read(path, screen)? else {
            return Ok(Err(Exit::No));
        };
        print_rejected(&loaded.evidence, screen)?;
        return Ok(Ok(Opening {
            assessment: loaded.assess(now),
            left_out: 0,
            opened: None,
        }));
    }
    let progress = Progress::new(screen.language);
    let opened = bundle::open(path)?;
    if !opened.defects.is_empty() {
        for defect in &opened.defects {
            let text = format!("`{}`: {} [{}]", defect.path, defect.message, defect.code);
            written(screen.complain(&text, None))?;
        }
        return Ok(Err(Exit::No));
    }
    let note = screen.words(
        "참고: 번들에서 읽은 파일만 해시 목록과 대조했고, 나머지 파일과 서명자는 확인하지 않았습니다 (`kisms verify`)",
        "note: of the bundle only what was read was compared with its list of hashes; other files and its signer were not checked (`kisms verify`)",
    );
    written(writeln!(screen.err, "{note}"))?;
    let read = progress.during(Stage::Opening, |_| of_bundle_with(&opened, wanted));
    let (assessment, left_out) = match read {
        Ok(read) => read,
        Err(wrong) => {
            written(screen.complain(&wrong.message, wrong.hint.as_deref()))?;
            return Ok(Err(Exit::No));
        }
    };
    Ok(Ok(Opening {
        assessment,
        left_out,
        opened: Some(opened),
    }))
}

/// The assessment of a bundle.
pub fn of_bundle(opened: &Opened) -> Result<Assessment> {
    Ok(of_bundle_with(opened, None)?.0)
}

/// The assessment of a bundle, with findings of these verdicts alone if any are named; and how many
/// were left out.
fn of_bundle_with(
    opened: &Opened,
    wanted: Option<&[ComplianceType]>,
) -> Result<(Assessment, usize)> {
    let name = "data/assessment.json";
    let read = opened.stream(name, ASSESSMENT_MOST, |bytes| {
        let mut thinned = Thinned::new(BufReader::with_capacity(BLOCK, bytes), wanted);
        let assessment = serde_json::from_reader(BufReader::with_capacity(BLOCK, &mut thinned))?;
        Ok((assessment, thinned.left_out))
    })?;
    read.map_err(|error: serde_json::Error| {
        Error::new(format_args!(
            "`{name}` of the bundle cannot be read: {error}"
        ))
        .hint("it may have been made by another version of kisms")
    })
}
