//! `cargo xtask new-rule`: the file of a rule, and its line in the registry.

use anyhow::Result;

use crate::project::Project;

/// The arguments of `new-rule`.
#[derive(clap::Args)]
pub(crate) struct Args {
    category: String,
    rule: String,
}

pub(crate) fn run(_project: &Project, args: &Args) -> Result<()> {
    println!("{} {}", args.category, args.rule);
    Ok(())
}
