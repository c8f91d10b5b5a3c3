//! `cargo xtask fuzz`: hostile text against the readers, with libFuzzer.

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::process::Call;
use crate::project::Project;
use crate::tools;

/// The arguments of `fuzz`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The targets to run, one after another; all of them when none is named.
    targets: Vec<Target>,
    /// How long each runs.
    #[arg(long, default_value_t = 10)]
    minutes: u32,
}

/// A fuzz target; its code is in `fuzz/fuzz_targets` of its crate.
#[derive(Clone, Copy, ValueEnum)]
enum Target {
    /// A script into statements: in order, on character boundaries, nothing lost.
    Split,
    /// Statements into a catalog, and the catalog into SQL that is read whole.
    Statements,
    /// Bodies of `DO` blocks and of functions that are called.
    Plpgsql,
    /// Objects that are kept as written: aggregates, operators, casts, servers.
    Kept,
    /// Projects in Python: models, revisions, environments.
    Project,
}

impl Target {
    /// The name of the program.
    fn name(self) -> &'static str {
        match self {
            Self::Split => "split",
            Self::Statements => "statements",
            Self::Plpgsql => "plpgsql",
            Self::Kept => "kept",
            Self::Project => "project",
        }
    }

    /// The crate whose `fuzz` folder holds it.
    fn package(self) -> &'static str {
        match self {
            Self::Split | Self::Statements | Self::Plpgsql | Self::Kept => "sql",
            Self::Project => "python",
        }
    }

    /// Folders of texts to begin with, below the repository.
    fn seeds(self) -> &'static [&'static str] {
        match self {
            Self::Split | Self::Statements => &[
                "tests/fixtures/feature",
                "tests/fixtures/plpgsql",
                "tests/fixtures/reading",
                "tests/fixtures/synopsis",
            ],
            Self::Plpgsql => &["crates/sql/fuzz/seeds/plpgsql"],
            Self::Kept => &["crates/sql/fuzz/seeds/kept"],
            Self::Project => &["crates/python/fuzz/seeds/project"],
        }
    }
}

/// Runs the targets; the first finding ends it, with the path of the text that made it.
pub(crate) fn run(project: &Project, args: &Args) -> Result<()> {
    let fuzz = tools::cargo_fuzz(project)?;
    let targets: &[Target] =
        if args.targets.is_empty() { Target::value_variants() } else { &args.targets };
    for target in targets {
        let name = target.name();
        println!("== {name}: {} minutes", args.minutes);
        let folder = project.root.join("crates").join(target.package());
        let corpus = folder.join("fuzz").join("corpus").join(name);
        std::fs::create_dir_all(&corpus)
            .with_context(|| format!("cannot create {}", corpus.display()))?;
        Call::new(&fuzz)
            // libFuzzer is in nightly compilers only.
            .env("RUSTUP_TOOLCHAIN", "nightly")
            .folder(&folder)
            .args(["run", name])
            .arg(&corpus)
            .args(target.seeds().iter().map(|seeds| project.root.join(seeds)))
            .args(["--", "-timeout=10", "-rss_limit_mb=2048", "-max_len=8192"])
            .arg(format!("-max_total_time={}", args.minutes.saturating_mul(60)))
            .run()
            .with_context(|| format!("{name} found something, or could not be run"))?;
    }
    Ok(())
}
