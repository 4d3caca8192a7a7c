//! The `kisms` command: parses, dispatches, prints an error with its hint, and exits.

mod cli;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use chrono::{DateTime, FixedOffset, SubsecRound};
use clap::Parser;
use mimalloc::MiMalloc;

use cli::{
    BuildArgs, Cli, CollectArgs, Command, ControlsArgs, ControlsFormat, FindingsArgs,
    FindingsFormat, InitArgs, KeyCommand, Lang, ReceiptArgs, SchemeArg, TextFormat,
    TimestampCommand, VerifyArgs,
};
use kisms::catalogue::Scheme;
use kisms::command::{self, Exit, Screen};
use kisms::engagement::Language;
use kisms::error::{Error, Result};
use kisms::report::terminal::Safe;

/// Laying out a report spends a tenth of its time on small pieces of memory.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(asked) => return answered(&asked),
    };
    let language = language(cli.lang);
    let (mut out, mut err) = (output(), io::stderr());
    let mut screen = Screen {
        out: &mut out,
        err: &mut err,
        language,
        width: width(),
    };
    let ended = dispatch(cli.command, &mut screen);
    let flushed = out.flush();
    match ended {
        // A reader that closed the pipe has what it wanted.
        Ok(_) if matches!(&flushed, Err(error) if error.kind() != io::ErrorKind::BrokenPipe) => {
            report(&Error::new("cannot write the output"), language)
        }
        Ok(Exit::Done) => ExitCode::SUCCESS,
        Ok(Exit::No) => ExitCode::from(1),
        Err(error) => report(&error, language),
    }
}

/// Standard output; on a terminal nothing of the data can steer it.
fn output() -> Box<dyn Write> {
    let out = io::BufWriter::new(io::stdout());
    if io::stdout().is_terminal() {
        Box::new(Safe::new(out))
    } else {
        Box::new(out)
    }
}

/// Help, the version, or what is wrong with the arguments.
fn answered(asked: &clap::Error) -> ExitCode {
    match asked.print() {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::from(2),
        _ => ExitCode::from(u8::try_from(asked.exit_code()).unwrap_or(2)),
    }
}

fn report(error: &Error, language: Language) -> ExitCode {
    let hint = error.hint.as_deref();
    // There is nowhere left to say that standard error is gone.
    let _ = command::complain(&mut io::stderr(), language, &error.message, hint);
    ExitCode::from(2)
}

fn dispatch(command: Command, screen: &mut Screen<'_>) -> Result<Exit> {
    match command {
        Command::Init(args) => init(args, screen),
        Command::Check(args) => {
            let as_json = args.format == TextFormat::Json;
            command::check::check(&args.dir, as_json, now(None), screen)
        }
        Command::Build(args) => build(args, screen),
        Command::Verify(args) => verify(args, screen),
        Command::Receipt(args) => receipt(args, screen),
        Command::Findings(args) => findings(args, screen),
        Command::Show(args) => {
            let as_json = args.format == TextFormat::Json;
            command::show::show(&args.path, &args.finding, as_json, now(None), screen)
        }
        Command::Controls(args) => controls(&args, screen),
        Command::Collect(args) => collect(args, screen),
        Command::Typeset => command::typeset::typeset(),
        Command::Timestamp(args) => timestamp(args.command, screen),
        Command::Key(args) => key(args.command, screen),
    }
}

fn build(args: BuildArgs, screen: &mut Screen<'_>) -> Result<Exit> {
    let options = command::build::Options {
        output: args.output,
        force: args.force,
        allow_rejected: args.allow_rejected,
        unsigned: args.unsigned,
        password_file: args.password_file,
    };
    command::build::build(&args.dir, &options, now(args.generated_at), screen)
}

fn controls(args: &ControlsArgs, screen: &mut Screen<'_>) -> Result<Exit> {
    let format = match args.format {
        ControlsFormat::Table => command::controls::Format::Table,
        ControlsFormat::Csv => command::controls::Format::Csv,
        ControlsFormat::Json => command::controls::Format::Json,
    };
    command::controls::controls(args.path.as_deref(), format, now(None), screen)
}

fn collect(args: CollectArgs, screen: &mut Screen<'_>) -> Result<Exit> {
    let options = command::collect::Options {
        profile: args.profile,
        regions: args.regions,
        aggregator: args.aggregator,
        policy: args.policy,
    };
    command::collect::collect(&options, screen)
}

fn key(command: KeyCommand, screen: &mut Screen<'_>) -> Result<Exit> {
    let now = now(None).to_utc();
    match command {
        KeyCommand::New(args) => {
            let password = args.password_file.as_deref();
            command::key::new(&args.dir, &args.name, password, now, screen)
        }
        KeyCommand::Show(args) => {
            command::key::show(&args.file, args.password_file.as_deref(), now, screen)
        }
    }
}

fn timestamp(command: TimestampCommand, screen: &mut Screen<'_>) -> Result<Exit> {
    match command {
        TimestampCommand::Request(args) => {
            command::timestamp::request(&args.bundle, &args.output, screen)
        }
        TimestampCommand::Attach(args) => {
            let now = clock().to_utc();
            command::timestamp::attach(&args.bundle, &args.dir, args.output, now, screen)
        }
    }
}

fn init(args: InitArgs, screen: &mut Screen<'_>) -> Result<Exit> {
    let options = command::init::Options {
        scheme: match args.scheme {
            SchemeArg::Isms => Scheme::Isms,
            SchemeArg::IsmsP => Scheme::IsmsP,
        },
        period: args.period,
        organization: args.organization,
        statement: args.statement,
        templates: args.templates,
    };
    command::init::run(&args.dir, &options, screen)
}

fn verify(args: VerifyArgs, screen: &mut Screen<'_>) -> Result<Exit> {
    let options = command::verify::Options {
        demands: command::verify::Demands {
            any_signer: args.any_signer,
            timestamp: args.require_timestamp,
        },
        trust: args.trust,
        json: args.format == TextFormat::Json,
    };
    // Whoever judges does so now: no variable of a build may say otherwise.
    let now = args.at.unwrap_or_else(clock).to_utc();
    command::verify::verify(&args.bundle, &options, now, screen)
}

fn receipt(args: ReceiptArgs, screen: &mut Screen<'_>) -> Result<Exit> {
    let options = command::receipt::Options {
        output: args.output,
        engagement: args.engagement,
        password_file: args.password_file,
    };
    command::receipt::receipt(&args.bundle, &options, clock().to_utc(), screen)
}

fn findings(args: FindingsArgs, screen: &mut Screen<'_>) -> Result<Exit> {
    let typed = command::findings::Typed {
        controls: &args.control,
        statuses: &args.status,
        decision: args.decision.as_deref(),
    };
    let filter = command::findings::Filter {
        rules: args.rule,
        accounts: args.account,
        regions: args.region,
        resource: args.resource,
        ..Default::default()
    };
    let format = match args.format {
        FindingsFormat::Table => command::findings::Format::Table,
        FindingsFormat::Csv => command::findings::Format::Csv,
        FindingsFormat::Json => command::findings::Format::Json,
        FindingsFormat::Jsonl => command::findings::Format::Jsonl,
    };
    command::findings::findings(&args.path, &filter.read(&typed)?, format, now(None), screen)
}

/// The signer's claimed time: as given, else `SOURCE_DATE_EPOCH`, else the clock's, in whole
/// seconds. A `SOURCE_DATE_EPOCH` that is no number of seconds in the years 1970 to 2106 is another's: it
/// counts as not set.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that looks at the environment for a time"
)]
fn now(given: Option<DateTime<FixedOffset>>) -> DateTime<FixedOffset> {
    let moment = |seconds: u32| DateTime::from_timestamp(seconds.into(), 0);
    given.map_or_else(
        || {
            let epoch = std::env::var("SOURCE_DATE_EPOCH").ok();
            let epoch = epoch.and_then(|text| text.parse().ok()).and_then(moment);
            epoch.map_or_else(clock, |moment| moment.fixed_offset())
        },
        |given| given.trunc_subsecs(0),
    )
}

/// The clock's time, in whole seconds.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that looks at the clock"
)]
fn clock() -> DateTime<FixedOffset> {
    chrono::Utc::now().trunc_subsecs(0).fixed_offset()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that looks at clock and environment"
)]
fn language(given: Option<Lang>) -> Language {
    match given {
        Some(Lang::Ko) => Language::Ko,
        Some(Lang::En) => Language::En,
        None => {
            let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
            let locale = set("LC_ALL")
                .or_else(|| set("LC_MESSAGES"))
                .or_else(|| set("LANG"));
            match locale {
                Some(locale) if locale.starts_with("ko") => Language::Ko,
                _ => Language::En,
            }
        }
    }
}

/// The terminal's columns; without a terminal nothing is cut.
fn width() -> usize {
    if !io::stdout().is_terminal() {
        return usize::MAX;
    }
    terminal_size::terminal_size().map_or(80, |(terminal_size::Width(columns), _)| {
        usize::from(columns)
    })
}
