//! What can be typed; the doc comments are the help text.

use std::path::PathBuf;

use chrono::{DateTime, FixedOffset};
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Compiles signed K-ISMS (ISMS-P) audit evidence bundles from AWS Config exports, offline.
#[derive(Debug, Parser)]
#[command(name = "kisms", version, propagate_version = true, max_term_width = 80)]
pub struct Cli {
    /// Language of the screen; else LANG decides, else English
    #[arg(
        long,
        global = true,
        display_order = 900,
        value_enum,
        value_name = "ko|en",
        hide_possible_values = true
    )]
    pub lang: Option<Lang>,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// A language of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// Korean
    Ko,
    /// English
    En,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a new engagement folder to fill in
    Init(InitArgs),
    /// Read an engagement and say what is there, what is wrong and what is missing
    Check(CheckArgs),
    /// Compile an engagement into a signed bundle
    Build(BuildArgs),
    /// Check a bundle: complete, unchanged, and signed by whom
    Verify(VerifyArgs),
    /// Make the receipt of a signed bundle that has lost its own
    Receipt(ReceiptArgs),
    /// List the findings of an engagement or a bundle
    Findings(FindingsArgs),
    /// Show one finding with what AWS wrote, its resource and its decisions
    Show(ShowArgs),
    /// Print the control table with AWS's mapping, or the results of an engagement or a bundle
    Controls(ControlsArgs),
    /// Print a read-only shell script that gathers the exports with the AWS CLI
    Collect(CollectArgs),
    /// Make signing keys, and say what a key is
    Key(KeyArgs),
    /// Lay out with an organisation's own templates, for `build`
    #[command(hide = true)]
    Typeset,
    /// Ask an authority elsewhere when a bundle was signed, and take its answer back
    Timestamp(TimestampArgs),
}

/// `kisms init`
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The folder to make
    pub dir: PathBuf,
    /// isms: 80 controls; isms-p: all 101
    #[arg(long, value_enum, default_value = "isms-p")]
    pub scheme: SchemeArg,
    /// The quarter under audit, such as 2026Q3
    #[arg(long)]
    pub period: Option<String>,
    /// The applicant's name
    #[arg(long, value_name = "NAME")]
    pub organization: Option<String>,
    /// Take in the organisation's own statement of operation (운영명세서)
    #[arg(long, value_name = "FILE.xlsx")]
    pub statement: Option<PathBuf>,
    /// Write the report's templates out into templates/, to be changed
    #[arg(long)]
    pub templates: bool,
}

/// Which certification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemeArg {
    /// Areas 1 and 2
    Isms,
    /// All areas
    IsmsP,
}

/// Text or JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TextFormat {
    /// For people
    Text,
    /// One JSON document
    Json,
}

/// `kisms check`
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The engagement folder
    pub dir: PathBuf,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: TextFormat,
}

/// `kisms build`
#[derive(Debug, Args)]
pub struct BuildArgs {
    /// The engagement folder
    pub dir: PathBuf,
    /// The bundle to write; else out/<id>.zip in the engagement folder
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace an existing file
    #[arg(long)]
    pub force: bool,
    /// The signer's claimed time; else `SOURCE_DATE_EPOCH`, else now
    #[arg(long, value_name = "RFC3339")]
    pub generated_at: Option<DateTime<FixedOffset>>,
    /// Build although inputs were rejected; the bundle names them
    #[arg(long)]
    pub allow_rejected: bool,
    /// Build without a signature
    #[arg(long)]
    pub unsigned: bool,
    /// A file whose first line is the key's password; else `KISMS_KEY_PASSWORD`
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
}

/// `kisms verify`
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// The bundle: a zip, or the folder it was unpacked into
    pub bundle: PathBuf,
    /// A certificate (PEM) that is believed; may be given several times
    #[arg(long, value_name = "PEM")]
    pub trust: Vec<PathBuf>,
    /// Whoever signed is no defect
    #[arg(long)]
    pub any_signer: bool,
    /// Without a time-stamp by a trusted authority there is a defect
    #[arg(long)]
    pub require_timestamp: bool,
    /// Judge as of this time; else as of now
    #[arg(long, value_name = "RFC3339")]
    pub at: Option<DateTime<FixedOffset>>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: TextFormat,
}

/// `kisms receipt`
#[derive(Debug, Args)]
pub struct ReceiptArgs {
    /// The bundle: a zip
    pub bundle: PathBuf,
    /// The receipt to write; else <bundle>.receipt.pdf beside it
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Sign it with this engagement's key, the bundle's signer's; else it is not signed
    #[arg(long, value_name = "DIR")]
    pub engagement: Option<PathBuf>,
    /// A file whose first line is the key's password; else `KISMS_KEY_PASSWORD`
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FindingsFormat {
    /// Aligned columns
    Table,
    /// As findings.csv
    Csv,
    /// A JSON array
    Json,
    /// A JSON object a line
    Jsonl,
}

/// `kisms findings`
#[derive(Debug, Args)]
pub struct FindingsArgs {
    /// An engagement folder or a bundle
    pub path: PathBuf,
    /// Only of this control, domain or area; may be given several times
    #[arg(long, value_name = "ID")]
    pub control: Vec<String>,
    /// Only of this rule, by its managed or deployed name; may be given several times
    #[arg(long, value_name = "NAME")]
    pub rule: Vec<String>,
    /// Only with this verdict, such as NON_COMPLIANT; may be given several times
    #[arg(long, value_name = "S")]
    pub status: Vec<String>,
    /// Only of this account; may be given several times
    #[arg(long, value_name = "A")]
    pub account: Vec<String>,
    /// Only of this region; may be given several times
    #[arg(long, value_name = "R")]
    pub region: Vec<String>,
    /// Only on resources whose id or name contains this
    #[arg(long, value_name = "TEXT")]
    pub resource: Option<String>,
    /// Only with this kind of decision (exception, plan), or with none
    #[arg(long, value_name = "none|KIND")]
    pub decision: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value = "table")]
    pub format: FindingsFormat,
}

/// `kisms show`
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// An engagement folder or a bundle
    pub path: PathBuf,
    /// The finding's id: `F-` and 12 hexadecimal digits
    #[arg(value_name = "FINDING-ID")]
    pub finding: String,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: TextFormat,
}

/// How controls are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ControlsFormat {
    /// Aligned columns
    Table,
    /// Comma-separated values
    Csv,
    /// One JSON document
    Json,
}

/// `kisms controls`
#[derive(Debug, Args)]
pub struct ControlsArgs {
    /// An engagement folder or a bundle; without one the table alone is printed
    pub path: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value = "table")]
    pub format: ControlsFormat,
}

/// `kisms collect`
#[derive(Debug, Args)]
pub struct CollectArgs {
    /// The AWS CLI's profile
    #[arg(long, value_name = "P")]
    pub profile: Option<String>,
    /// A region; may be given several times. Else all regions with a configuration recorder
    #[arg(long = "region", value_name = "R")]
    pub regions: Vec<String>,
    /// Gather an organisation through its aggregator, in the one region given
    #[arg(long, value_name = "NAME")]
    pub aggregator: Option<String>,
    /// Print the least IAM policy that the script needs, instead of the script
    #[arg(long)]
    pub policy: bool,
}

/// `kisms key`
#[derive(Debug, Args)]
pub struct KeyArgs {
    /// What to do with keys
    #[command(subcommand)]
    pub command: KeyCommand,
}

/// The subcommands of `kisms key`.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a signer with a certificate authority of its own: signer.p12, signer.pem and ca.pem
    New(KeyNewArgs),
    /// Say what a key or certificate is, and whether it can sign now
    Show(KeyShowArgs),
}

/// `kisms key new`
#[derive(Debug, Args)]
pub struct KeyNewArgs {
    /// The folder to write the three files to
    pub dir: PathBuf,
    /// Who signs, as the certificate names them
    #[arg(long)]
    pub name: String,
    /// A file whose first line is the key's password; else `KISMS_KEY_PASSWORD`, else it is asked for
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
}

/// `kisms key show`
#[derive(Debug, Args)]
pub struct KeyShowArgs {
    /// The key or certificate: PKCS#12, PEM, DER, or the folder of a joint certificate
    pub file: PathBuf,
    /// A file whose first line is the key's password; else `KISMS_KEY_PASSWORD`, else it is asked for
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<PathBuf>,
}

/// `kisms timestamp`
#[derive(Debug, Args)]
pub struct TimestampArgs {
    /// What to do
    #[command(subcommand)]
    pub command: TimestampCommand,
}

/// The subcommands of `kisms timestamp`.
#[derive(Debug, Subcommand)]
pub enum TimestampCommand {
    /// Write requests for the signatures of a bundle, to be sent from where there is a network
    Request(TimestampRequestArgs),
    /// Put the authority's answers into a copy of the bundle and of its report
    Attach(TimestampAttachArgs),
}

/// `kisms timestamp request`
#[derive(Debug, Args)]
pub struct TimestampRequestArgs {
    /// The bundle
    pub bundle: PathBuf,
    /// The folder to write the requests (.tsq) to
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
}

/// `kisms timestamp attach`
#[derive(Debug, Args)]
pub struct TimestampAttachArgs {
    /// The bundle
    pub bundle: PathBuf,
    /// The folder with the answers (.tsr)
    pub dir: PathBuf,
    /// The bundle to write; else <bundle>-timestamped.zip beside it
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}
