//! What each command does.

use std::io::{self, IsTerminal};
use std::path::Path;

use anyhow::{Result, anyhow, bail};
use schemaward_engine::{Format, Layer, Side, Stamp, Workspace};
use schemaward_link::{Bundle, Mark, MarkVerdict, Mode};
use schemaward_render::json::Review;
use ulid::Ulid;

use crate::args::{
    Arguments, CatalogArguments, CatalogFormat, Color, Command, CompareArguments, ComparisonFormat,
    FailOn, FailOnChange, Inputs, LayerName, LinkArguments, OpenArguments, PlanArguments,
    PlanFormat, ReportArguments, ReviewArguments, ReviewFormat, RulesArguments, StampArguments,
    SyncArguments, SyncFormat,
};
use crate::date::Date;
use crate::extract::extract;
use crate::input::{Given, gather, read_named};
use crate::output;

/// Links longer than this are said to be long: several chat tools allow no longer message.
const LONG_LINK: usize = 8_000;

/// How a command that ran ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The status passes, or there was none to judge.
    Good,
    /// The status does not pass.
    Bad,
}

/// Runs the command.
pub(crate) fn run(arguments: Arguments) -> Result<Outcome> {
    let color = arguments.color;
    match arguments.command {
        Command::Review(arguments) => review(&arguments, color),
        Command::Plan(arguments) => plan(&arguments),
        Command::Catalog(arguments) => catalog(arguments),
        Command::Rules(arguments) => rules(&arguments),
        Command::Link(arguments) => link(&arguments),
        Command::Compare(arguments) => compare(arguments),
        Command::Sync(arguments) => sync(&arguments),
        Command::Open(arguments) => open(&arguments, color),
    }
}

fn review(arguments: &ReviewArguments, color: Color) -> Result<Outcome> {
    let given = given(&arguments.inputs)?;
    let mut workspace = workspace(&given);
    let review = reviewed(&mut workspace, &given, stamp(&arguments.stamp))?;
    report(&review, &arguments.report, color)
}

fn plan(arguments: &PlanArguments) -> Result<Outcome> {
    let given = given(&arguments.inputs)?;
    let mut workspace = workspace(&given);
    let review = reviewed(&mut workspace, &given, stamp(&arguments.stamp))?;
    let format = match arguments.format {
        PlanFormat::Sql => Format::Sql,
        PlanFormat::Markdown => Format::PlanMarkdown,
    };
    output::write(&Workspace::render(&review, format), arguments.output.output.as_deref())?;
    Ok(Outcome::Good)
}

fn catalog(arguments: CatalogArguments) -> Result<Outcome> {
    let inputs = Inputs {
        documented: Vec::new(),
        implemented: arguments.paths,
        paths: Vec::new(),
        standard: None,
    };
    let layer = arguments.layer.map(|layer| match layer {
        LayerName::Models => Layer::Models,
        LayerName::Migrations => Layer::Migrations,
        LayerName::Database => Layer::Database,
    });
    let (catalog, sources) = workspace(&given(&inputs)?).catalog_of(Side::Implemented, layer);
    let text = match arguments.format {
        CatalogFormat::Json => schemaward_render::catalog_json(&catalog, &sources),
        CatalogFormat::Sql => schemaward_render::catalog_sql(&catalog),
    };
    output::write(&text, arguments.output.output.as_deref())?;
    Ok(Outcome::Good)
}

fn compare(arguments: CompareArguments) -> Result<Outcome> {
    let inputs = Inputs {
        documented: arguments.before,
        implemented: arguments.after,
        paths: Vec::new(),
        standard: arguments.standard,
    };
    let given = given(&inputs)?;
    let versions =
        workspace(&given).compare().map_err(|error| unusable_standard(&given, &error))?;
    let text = match arguments.format {
        ComparisonFormat::Text => schemaward_render::versions_text(&versions),
        ComparisonFormat::Markdown => schemaward_render::versions_markdown(&versions),
        ComparisonFormat::Json => schemaward_render::versions_json_text(&versions),
    };
    output::write(&text, arguments.output.output.as_deref())?;
    let has = |class: &str| versions.changes.iter().any(|change| change.class == class);
    let fails = match arguments.fail_on {
        FailOnChange::Dangerous => has("dangerous"),
        FailOnChange::Breaking => has("dangerous") || has("breaking"),
        FailOnChange::Never => false,
    };
    Ok(if fails { Outcome::Bad } else { Outcome::Good })
}

fn sync(arguments: &SyncArguments) -> Result<Outcome> {
    let given = given(&arguments.inputs)?;
    let sync =
        workspace(&given).synchronize().map_err(|error| unusable_standard(&given, &error))?;
    if sync.left > 0 && arguments.format == SyncFormat::Patch {
        output::note(&format!(
            "{} of {} differences are left after the patch; `schemaward review` names them",
            sync.left, sync.differences
        ));
    }
    let text = match arguments.format {
        SyncFormat::Patch => sync.patch,
        SyncFormat::Sql => sync.migration,
        SyncFormat::Json => schemaward_render::synchronization_text(&sync),
    };
    output::write(&text, arguments.output.output.as_deref())?;
    Ok(Outcome::Good)
}

fn unusable_standard(given: &Given, error: &schemaward_engine::EngineError) -> anyhow::Error {
    let path = given.standard.as_ref().map_or("the standard", |standard| &standard.path);
    anyhow!("{path}:{}:{}: {}", error.line, error.column, error.message)
}

fn rules(arguments: &RulesArguments) -> Result<Outcome> {
    let rules = schemaward_engine::rules();
    let text = if let Some(id) = &arguments.rule {
        let rule = rules.iter().find(|rule| rule.id == id);
        let rule = rule.ok_or_else(|| unknown_rule(id, rules.iter().map(|rule| rule.id)))?;
        format!("{}\n", rule.page.trim_end())
    } else {
        let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
        let line = |rule: &schemaward_engine::RuleInfo| {
            let (category, severity) = (rule.category.word(), rule.severity.word());
            format!("{:width$}  {severity:8}  {category:11}  {}\n", rule.id, rule.title)
        };
        rules.iter().map(line).collect()
    };
    output::write(&text, None)?;
    Ok(Outcome::Good)
}

fn unknown_rule<'a>(id: &str, known: impl Iterator<Item = &'a str>) -> anyhow::Error {
    let near = known
        .map(|known| (strsim::jaro_winkler(id, known), known))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|left, right| left.0.total_cmp(&right.0));
    match near {
        Some((_, known)) => anyhow!("there is no rule `{id}`; did you mean `{known}`?"),
        None => anyhow!("there is no rule `{id}`; `schemaward rules` lists them"),
    }
}

fn link(arguments: &LinkArguments) -> Result<Outcome> {
    let given = given(&arguments.inputs)?;
    let stamp = stamp(&arguments.stamp);
    let bundle = Bundle {
        id: Some(stamp.id.to_string()),
        date: Some(stamp.date),
        marks: given.marks.clone(),
        ..workspace(&given).bundle()
    };
    if arguments.file {
        let text = schemaward_link::write_file(&bundle);
        // What is printed must open: a workspace can be too large for that.
        schemaward_link::read_file(&text)?;
        output::write(&text, arguments.output.output.as_deref())?;
        return Ok(Outcome::Good);
    }
    let mode = if arguments.view { Mode::View } else { Mode::Edit };
    let fragment = schemaward_link::fragment(mode, &bundle);
    // What is printed must open: a workspace can be too large for that.
    schemaward_link::parse_link(&fragment)?;
    let page = arguments.page.as_deref().unwrap_or_default();
    let page = page.split_once('#').map_or(page, |(page, _)| page);
    if page.len() + fragment.len() > LONG_LINK {
        let length = page.len() + fragment.len();
        output::note(&format!(
            "the link has {length} letters; some chat and mail programs cut links of that length"
        ));
    }
    output::write(&format!("{page}{fragment}\n"), arguments.output.output.as_deref())?;
    Ok(Outcome::Good)
}

fn open(arguments: &OpenArguments, color: Color) -> Result<Outcome> {
    let given = Path::new(&arguments.link);
    let text = if arguments.link == "-" || given.is_file() {
        read_named(given)?
    } else {
        arguments.link.clone()
    };
    let bundle = if schemaward_link::is_review_file(&text) {
        schemaward_link::read_file(&text)?
    } else {
        let opened = schemaward_link::parse_link(&text);
        opened.map_err(|error| match given.is_file() {
            true => anyhow!(
                "{}: this is neither a review file nor a file with a link; `schemaward review` reads \
                 schemas",
                arguments.link
            ),
            false => anyhow!(error),
        })?.1
    };
    note_marks(&bundle.marks);
    if let Some(folder) = &arguments.extract {
        let written = extract(&bundle, folder)?;
        let lines: Vec<_> = written.iter().map(|path| path.display().to_string()).collect();
        output::write(&(lines.join("\n") + "\n"), None)?;
        return Ok(Outcome::Good);
    }
    if bundle.sources.is_empty() {
        bail!("the link or file holds no sources, so there is nothing to review");
    }
    let stamp = Stamp {
        id: bundle.id.as_deref().and_then(|id| Ulid::from_string(id).ok()).unwrap_or_else(new_id),
        date: bundle
            .date
            .as_deref()
            .and_then(|date| date.parse().ok())
            .unwrap_or_else(Date::today)
            .to_string(),
    };
    let mut workspace = Workspace::open(bundle);
    let review = workspace
        .review(stamp)
        .map_err(|error| anyhow!("the standard in the link or file is unusable: {error}"))?;
    report(&review, &arguments.report, color)
}

/// Says which findings are marked: what people noted does not change what a review finds.
fn note_marks(marks: &[Mark]) {
    if marks.is_empty() {
        return;
    }
    let count = |is: fn(&MarkVerdict) -> bool| {
        marks.iter().filter(|mark| mark.verdict.as_ref().is_some_and(is)).count()
    };
    let marked = marks.len();
    let accepted = count(|verdict| *verdict == MarkVerdict::Accepted);
    let waived = count(|verdict| matches!(verdict, MarkVerdict::Waived { .. }));
    let false_alarms = count(|verdict| matches!(verdict, MarkVerdict::FalseAlarm { .. }));
    output::note(&format!(
        "marked findings: {marked} ({accepted} accepted, {waived} waived, {false_alarms} false \
         alarms); marks do not change the status, waivers in the standard do"
    ));
}

/// The inputs of a call; what must be said about them is said.
fn given(inputs: &Inputs) -> Result<Given> {
    let given = gather(inputs)?;
    for note in &given.notes {
        output::note(note);
    }
    note_marks(&given.marks);
    Ok(given)
}

fn workspace(given: &Given) -> Workspace {
    let mut workspace = Workspace::new();
    for source in &given.sources {
        workspace.set_source(source.side, &source.path, &source.text);
    }
    if let Some(standard) = &given.standard {
        workspace.set_standard(&standard.text);
    }
    workspace
}

fn reviewed(workspace: &mut Workspace, given: &Given, stamp: Stamp) -> Result<Review> {
    workspace.review(stamp).map_err(|error| unusable_standard(given, &error))
}

fn stamp(arguments: &StampArguments) -> Stamp {
    Stamp {
        id: arguments.id.unwrap_or_else(new_id),
        date: arguments.date.unwrap_or_else(Date::today).to_string(),
    }
}

/// A new id of the present moment.
fn new_id() -> Ulid {
    Ulid::generate()
}

/// Prints a review and judges it.
fn report(review: &Review, arguments: &ReportArguments, color: Color) -> Result<Outcome> {
    let file = arguments.output.output.as_deref();
    let format = match arguments.format {
        ReviewFormat::Text if is_coloured(color, file) => Format::ColouredText,
        ReviewFormat::Text => Format::Text,
        ReviewFormat::Markdown => Format::Markdown,
        ReviewFormat::Html => Format::Html,
        ReviewFormat::Csv => Format::Csv,
        ReviewFormat::Json => Format::Json,
    };
    output::write(&Workspace::render(review, format), file)?;
    let fails = match arguments.fail_on {
        FailOn::Critical => review.status == "fail",
        FailOn::Warning => review.status != "pass",
        FailOn::Never => false,
    };
    Ok(if fails { Outcome::Bad } else { Outcome::Good })
}

fn is_coloured(color: Color, file: Option<&Path>) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
            wanted && file.is_none() && io::stdout().is_terminal()
        }
    }
}
