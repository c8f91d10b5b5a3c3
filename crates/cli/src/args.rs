//! The command line: every argument, and the help that describes it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use ulid::Ulid;

use crate::date::Date;

/// Reviews a PostgreSQL schema against the standard its owners set.
///
/// Give it the documented schema (reference DDL) and the implemented one (a `pg_dump
/// --schema-only`, SQL migrations), and it prints the review: status, findings with the lines that
/// prove them, the discrepancies between the two sides, and a plan with the migration that carries
/// it out. Nothing leaves this machine.
#[derive(Debug, Parser)]
#[command(name = "schemaward", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = "Exit code: 0 the status passes, 1 it does not, 2 the call or a file is \
                        unusable.")]
pub(crate) struct Arguments {
    /// When text for the terminal is coloured.
    #[arg(long, value_enum, value_name = "WHEN", default_value = "auto", global = true)]
    pub(crate) color: Color,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Review a schema and print the report.
    #[command(after_help = REVIEW_EXAMPLES)]
    Review(ReviewArguments),
    /// Print the plan of a review: by default the migration that carries it out.
    ///
    /// The exit code says only whether a plan was made, so that it can be piped on.
    Plan(PlanArguments),
    /// Print a schema as it was read, after all changes.
    Catalog(CatalogArguments),
    /// List the rules, or print the page of one.
    Rules(RulesArguments),
    /// Print a link, or a review file, that holds the sources, the standard, the stamp and the marks
    /// of a review.
    ///
    /// The link carries everything after its `#`, which browsers never send to a server.
    Link(LinkArguments),
    /// Compare two versions of a schema and say what each change means: dangerous, breaking, for
    /// review, or safe.
    Compare(CompareArguments),
    /// Print what makes the documented and the implemented schema one: the migration of the
    /// implementation, or the patch of the document.
    Sync(SyncArguments),
    /// Open a link or a review file: print its review, or write its sources to files.
    Open(OpenArguments),
}

const REVIEW_EXAMPLES: &str = "Examples:
  schemaward review --documented docs/schema.sql --implemented dump.sql
  pg_dump --schema-only clinic | schemaward review --standard standard.toml -
  schemaward review migrations/ --format markdown --output review.md
  schemaward review --documented docs/ migrations/ --format html --output review.html";

/// The texts of a review.
#[derive(Args, Debug)]
pub(crate) struct Inputs {
    /// A file or folder of the documented schema; `-` reads standard input. May be repeated.
    #[arg(long, value_name = "PATH")]
    pub(crate) documented: Vec<PathBuf>,
    /// A file or folder of the implemented schema; `-` reads standard input. May be repeated.
    #[arg(long, value_name = "PATH")]
    pub(crate) implemented: Vec<PathBuf>,
    /// Further files and folders of the implemented schema, read after those of --implemented.
    ///
    /// Folders are read recursively in the order of their names, without hidden entries and
    /// `__pycache__`. What a file is, is decided by its content: SQL, Python, a standard, or a review
    /// file, which gives both sides and the standard.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// The standard to review against, a TOML file; the built-in `hipaa` profile without it.
    #[arg(long, value_name = "FILE")]
    pub(crate) standard: Option<PathBuf>,
}

/// What tells one review from another.
#[derive(Args, Debug)]
pub(crate) struct StampArguments {
    /// The day of the review, which waivers are held against; today (UTC) without it.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) date: Option<Date>,
    /// The review's id; a new one without it. With --date it makes the output reproducible.
    #[arg(long, value_name = "ULID", value_parser = parse_id)]
    pub(crate) id: Option<Ulid>,
}

/// Where a text goes.
#[derive(Args, Debug)]
pub(crate) struct OutputArguments {
    /// The file to write; standard output without it.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// How a review is printed and what its status means for the exit code.
#[derive(Args, Debug)]
pub(crate) struct ReportArguments {
    /// The form of the review.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: ReviewFormat,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
    /// The worst that makes the exit code 1.
    #[arg(long, value_enum, value_name = "WHAT", default_value = "critical")]
    pub(crate) fail_on: FailOn,
}

/// `schemaward review`.
#[derive(Args, Debug)]
pub(crate) struct ReviewArguments {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    #[command(flatten)]
    pub(crate) stamp: StampArguments,
    #[command(flatten)]
    pub(crate) report: ReportArguments,
}

/// `schemaward plan`.
#[derive(Args, Debug)]
pub(crate) struct PlanArguments {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    #[command(flatten)]
    pub(crate) stamp: StampArguments,
    /// The form of the plan.
    #[arg(long, value_enum, default_value = "sql")]
    pub(crate) format: PlanFormat,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// `schemaward catalog`.
#[derive(Args, Debug)]
pub(crate) struct CatalogArguments {
    /// The files and folders of the schema; `-` reads standard input.
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// The form of the catalog.
    #[arg(long, value_enum, default_value = "json")]
    pub(crate) format: CatalogFormat,
    /// Which telling of the schema, where the files hold several; without it the one closest to what
    /// runs: the database, else the migrations, else the models.
    #[arg(long, value_enum)]
    pub(crate) layer: Option<LayerName>,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// `schemaward rules`.
#[derive(Args, Debug)]
pub(crate) struct RulesArguments {
    /// The id of a rule, whose page is printed.
    #[arg(value_name = "RULE")]
    pub(crate) rule: Option<String>,
}

/// `schemaward link`.
#[derive(Args, Debug)]
pub(crate) struct LinkArguments {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    #[command(flatten)]
    pub(crate) stamp: StampArguments,
    /// The address of the page that opens the link; only the fragment is printed without it.
    #[arg(long, value_name = "URL")]
    pub(crate) page: Option<String>,
    /// Make a link to a review that is only read, not edited.
    #[arg(long)]
    pub(crate) view: bool,
    /// Print a review file instead: the same contents as a readable text of any length.
    #[arg(long, conflicts_with_all = ["page", "view"])]
    pub(crate) file: bool,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// `schemaward compare`.
#[derive(Args, Debug)]
pub(crate) struct CompareArguments {
    /// A file or folder of the schema as it was; `-` reads standard input. May be repeated.
    #[arg(long, value_name = "PATH", required = true)]
    pub(crate) before: Vec<PathBuf>,
    /// A file or folder of the schema as it is to be; `-` reads standard input. May be repeated.
    #[arg(long, value_name = "PATH", required = true)]
    pub(crate) after: Vec<PathBuf>,
    /// The standard that says what must be kept and protected, a TOML file.
    #[arg(long, value_name = "FILE")]
    pub(crate) standard: Option<PathBuf>,
    /// The form of the changes.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: ComparisonFormat,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
    /// The worst class that makes the exit code 1.
    #[arg(long, value_enum, value_name = "CLASS", default_value = "dangerous")]
    pub(crate) fail_on: FailOnChange,
}

/// `schemaward sync`.
#[derive(Args, Debug)]
pub(crate) struct SyncArguments {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    /// Which of the two is made true, and in which form.
    #[arg(long, value_enum, default_value = "patch")]
    pub(crate) format: SyncFormat,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// The forms of a synchronization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SyncFormat {
    /// A unified diff of the documented files.
    Patch,
    /// The migration that makes the implementation what is documented.
    Sql,
    /// Both, for programs.
    Json,
}

/// What of a comparison makes the exit code 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOnChange {
    /// A change that opens access or loses what must be kept.
    Dangerous,
    /// That, or one by which what worked before may fail.
    Breaking,
    /// Nothing.
    Never,
}

/// `schemaward open`.
#[derive(Args, Debug)]
pub(crate) struct OpenArguments {
    /// The link (a whole address, or what stands after its `#`) or the path of a file that holds one
    /// or is a review file; `-` reads either from standard input.
    #[arg(value_name = "LINK|FILE")]
    pub(crate) link: String,
    /// Write the sources and the standard into this folder instead of printing the review. A file
    /// that exists is never replaced.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["format", "output", "fail_on"])]
    pub(crate) extract: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) report: ReportArguments,
}

/// The forms of a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReviewFormat {
    /// For a terminal.
    Text,
    /// The whole report.
    Markdown,
    /// The whole report as one HTML file.
    Html,
    /// The table of discrepancies, for a spreadsheet.
    Csv,
    /// For programs; described in docs/json.md.
    Json,
}

/// The forms of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ComparisonFormat {
    /// For a terminal.
    Text,
    /// A document.
    Markdown,
    /// For programs; described in docs/json.md.
    Json,
}

/// The forms of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    /// One migration.
    Sql,
    /// The steps with their reasons.
    Markdown,
}

/// The layers of an implemented schema.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LayerName {
    /// The classes of the program.
    Models,
    /// What is run to build the database.
    Migrations,
    /// What the database says of itself.
    Database,
}

/// The forms of a catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CatalogFormat {
    /// Every object with the place that made it so.
    Json,
    /// DDL that builds the same schema.
    Sql,
}

/// What makes the exit code 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// The status FAIL.
    Critical,
    /// The status FAIL or PASS WITH WARNINGS.
    Warning,
    /// Nothing.
    Never,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless the environment variable `NO_COLOR` holds something.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

fn parse_id(text: &str) -> Result<Ulid, String> {
    Ulid::from_string(text).map_err(|error| {
        format!("{error}; an id is a ULID, 26 letters and digits like 01KETJZQ4T8Y3V5W6X7Z8A9B0C")
    })
}
