//! The development commands of Schemaward, run as `cargo xtask <command>`.
//!
//! `serve` and `test` need nothing but rustup, a C compiler, Node 20 or later and npm, and `test` Python
//! 3.10 or later: what else they use they set up themselves, under `target` and `tests/node_modules`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "telling a developer on the terminal what is being done is this program's purpose"
)]

mod chromium;
mod debian;
mod dist;
mod firefox;
mod fuzz;
mod new_rule;
mod node;
mod process;
mod project;
mod python;
mod report;
mod serve;
mod test;
mod toolchain;
mod tools;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::process::Call;
use crate::project::Project;

/// Development commands of Schemaward.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the page and serve it on this machine, rebuilding when a file changes.
    Serve(serve::Args),
    /// Run every check and test, or the parts named.
    Test(test::Args),
    /// Build what is released: the page, the npm package and the command.
    Dist(dist::Args),
    /// Run hostile text against the readers (needs the nightly compiler).
    Fuzz(fuzz::Args),
    /// Format all Rust code.
    Fmt,
    /// Write the file of a new rule and its line in the registry.
    NewRule(new_rule::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.task) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<ExitCode> {
    let project = Project::find()?;
    match task {
        Task::Serve(args) => serve::run(&project, &args).map(|()| ExitCode::SUCCESS),
        Task::Test(args) => Ok(test::run(&project, &args)),
        Task::Dist(args) => dist::run(&project, &args).map(|()| ExitCode::SUCCESS),
        Task::Fuzz(args) => fuzz::run(&project, &args).map(|()| ExitCode::SUCCESS),
        Task::Fmt => Call::cargo(&project, &["fmt", "--all"]).run().map(|()| ExitCode::SUCCESS),
        Task::NewRule(args) => new_rule::run(&project, &args).map(|()| ExitCode::SUCCESS),
    }
}
