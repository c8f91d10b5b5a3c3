//! `cargo xtask test`: every check there is, as parts that can be run one by one.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::chromium::{self, Browser};
use crate::process::Call;
use crate::project::Project;
use crate::report::{self, Line, Outcome};
use crate::toolchain::WASM;
use crate::{dist, firefox, node, python, toolchain, tools};

/// The arguments of `test`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The parts to run, with what they need; all of them when none is named.
    parts: Vec<Part>,
    /// Only what needs neither Node nor a browser: formatting, lints, Rust tests.
    #[arg(long, conflicts_with = "parts")]
    quick: bool,
}

/// One part of the tests. The order of the variants is the order in which they are run: what is
/// quick comes first, and nothing comes before what it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Part {
    /// rustfmt, clippy and the WebAssembly target are there.
    Toolchain,
    /// All Rust code is formatted.
    Format,
    /// Lints of all Rust code, for this machine.
    Clippy,
    /// Lints of what runs in the page and the npm package, for WebAssembly.
    ClippyWasm,
    /// Rust documentation, without a warning.
    Docs,
    /// Unit, snapshot and golden tests in Rust.
    Rust,
    /// The npm packages of the tests are there.
    Npm,
    /// The Python packages of the tests are there.
    Pip,
    /// Trunk and the wasm-bindgen command are there.
    Tools,
    /// The debug build of the `schemaward` command.
    Command,
    /// The release build of the page.
    Page,
    /// The release build of the npm package.
    Package,
    /// The npm package, tested in Node.
    Node,
    /// Our reading, compared with PostgreSQL's own.
    Postgres,
    /// Our reading of Python, compared with what SQLAlchemy and Alembic make in PostgreSQL.
    Python,
    /// The page, tested in Chromium.
    Browser,
    /// The page's main path, tested in Firefox where there is one.
    Firefox,
}

impl Part {
    /// The parts whose result this one uses.
    fn needs(self) -> &'static [Self] {
        match self {
            Self::Toolchain | Self::Docs | Self::Rust | Self::Npm | Self::Pip | Self::Command => {
                &[]
            }
            Self::Format | Self::Clippy | Self::ClippyWasm | Self::Tools => &[Self::Toolchain],
            Self::Page | Self::Package => &[Self::Toolchain, Self::Tools, Self::Npm],
            Self::Node => &[Self::Npm, Self::Command, Self::Package],
            Self::Postgres => &[Self::Npm, Self::Command],
            Self::Python => &[Self::Npm, Self::Pip, Self::Command],
            Self::Browser => &[Self::Npm, Self::Command, Self::Page],
            Self::Firefox => &[Self::Npm, Self::Page],
        }
    }

    /// The name on the command line, and what the part does, as its help says it.
    fn name_and_help(self) -> (String, String) {
        self.to_possible_value().map_or_else(Default::default, |value| {
            let help = value.get_help().map(ToString::to_string).unwrap_or_default();
            (value.get_name().to_owned(), help)
        })
    }

    fn run(self, project: &Project) -> Result<()> {
        match self {
            Self::Toolchain => {
                toolchain::ensure_components(project)?;
                toolchain::ensure_wasm_target(project)
            }
            Self::Format => Call::cargo(project, &["fmt", "--all", "--check"]).run(),
            Self::Clippy => Call::cargo(project, &["clippy", "--workspace", "--all-targets"])
                .args(["--", "-D", "warnings"])
                .run(),
            Self::ClippyWasm => Call::cargo(project, &["clippy", "--target", WASM])
                .args(["--package", "schemaward-web", "--package", "schemaward-wasm"])
                .args(["--", "-D", "warnings"])
                .env("CLIPPY_CONF_DIR", project.root.join(".config").join("clippy-wasm"))
                .run(),
            Self::Docs => Call::cargo(project, &["doc", "--workspace", "--no-deps"])
                .env("RUSTDOCFLAGS", "-D warnings")
                .run(),
            // A snapshot that differs is a failure to look at, not a file to leave behind.
            Self::Rust => {
                Call::cargo(project, &["test", "--workspace"]).env("INSTA_UPDATE", "no").run()
            }
            Self::Npm => node::ensure_packages(project),
            Self::Pip => python::ensure_packages(project),
            Self::Tools => tools::ensure(project),
            Self::Command => Call::cargo(project, &["build", "--package", "schemaward-cli"]).run(),
            Self::Page => dist::page(project),
            Self::Package => dist::package(project),
            Self::Node => node::run_tests(project, "node"),
            Self::Postgres => node::run_tests(project, "postgres"),
            Self::Python => node::run_tests(project, "python"),
            Self::Browser => browser(project),
            Self::Firefox => in_firefox(project),
        }
    }
}

/// Runs the parts, goes on where one fails, and prints what became of each.
pub(crate) fn run(project: &Project, args: &Args) -> ExitCode {
    let start = Instant::now();
    let mut lines: Vec<Line> = Vec::new();
    let mut failed: Vec<Part> = Vec::new();
    for part in selection(args) {
        let (name, help) = part.name_and_help();
        println!("== {name}: {help}");
        let begun = Instant::now();
        let outcome = match part.needs().iter().find(|needed| failed.contains(needed)) {
            Some(needed) => Outcome::Blocked(needed.name_and_help().0),
            None => match part.run(project) {
                Ok(()) => Outcome::Passed,
                Err(error) => Outcome::Failed(format!("{error:#}")),
            },
        };
        let took = begun.elapsed();
        let shown = report::duration(took);
        match &outcome {
            Outcome::Passed => println!("== {name}: passed in {shown}\n"),
            Outcome::Failed(why) => println!("== {name}: FAILED in {shown}: {why}\n"),
            Outcome::Blocked(by) => println!("== {name}: NOT RUN, since {by} failed\n"),
        }
        if !matches!(outcome, Outcome::Passed) {
            failed.push(part);
        }
        lines.push(Line { name, took, outcome });
    }
    println!("{}", report::closing(&lines, start.elapsed()));
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The parts to run, in order, with everything they need.
fn selection(args: &Args) -> BTreeSet<Part> {
    let mut open = if args.quick {
        vec![Part::Format, Part::Clippy, Part::Rust]
    } else if args.parts.is_empty() {
        Part::value_variants().to_vec()
    } else {
        args.parts.clone()
    };
    let mut selected = BTreeSet::new();
    while let Some(part) = open.pop() {
        if selected.insert(part) {
            open.extend(part.needs());
        }
    }
    selected
}

/// Runs the browser tests on the built page, served at two origins of this machine.
fn browser(project: &Project) -> Result<()> {
    let browser = chromium::find(project)?;
    // Held together, so that they differ; given up just before the servers take them.
    let ports = [free_port()?, free_port()?];
    let [page, host] =
        ports.each_ref().map(|listener| listener.local_addr().map(|address| address.port()));
    let (page, host) = (page?.to_string(), host?.to_string());
    drop(ports);
    let mut call = node::call(project, "node")
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .args(["--config", "browser/playwright.config.mjs"])
        .env("SCHEMAWARD_PAGE_PORT", page)
        .env("SCHEMAWARD_HOST_PORT", host);
    if let Browser::Installed(path) = browser {
        call = call.env("SCHEMAWARD_CHROMIUM", path);
    }
    call.run()
}

/// Runs the page's tests in Firefox; where there is none and none to be had, says so.
fn in_firefox(project: &Project) -> Result<()> {
    let Some(firefox) = firefox::find() else {
        println!("  not tested: install Firefox, or set SCHEMAWARD_FIREFOX to its path");
        return Ok(());
    };
    node::call(project, "node")
        .args(["--test", "--test-reporter=spec", "browser/firefox.test.mjs"])
        .env("SCHEMAWARD_FIREFOX", firefox)
        .run()
}

fn free_port() -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on this machine")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_comes_after_what_it_needs() {
        for part in Part::value_variants() {
            for needed in part.needs() {
                assert!(needed < part, "{part:?} is run before {needed:?}");
            }
        }
    }

    #[test]
    fn a_named_part_brings_what_it_needs_and_no_more() {
        let args = Args { parts: vec![Part::Postgres], quick: false };
        let selected: Vec<Part> = selection(&args).into_iter().collect();
        assert_eq!(selected, [Part::Npm, Part::Command, Part::Postgres]);
        let all = selection(&Args { parts: Vec::new(), quick: false });
        assert_eq!(all.len(), Part::value_variants().len());
    }

    #[test]
    fn every_part_says_what_it_does() {
        for part in Part::value_variants() {
            assert!(!part.name_and_help().1.is_empty(), "{part:?} has no help");
        }
    }
}
