//! What the tasks need of the Rust toolchain besides the compiler.

use std::path::Path;

use anyhow::{Result, bail};

use crate::process::{Call, on_path};
use crate::project::Project;

/// The target the page, its worker and the npm package are compiled for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Sees to it that the toolchain can compile for [`WASM`].
///
/// `rust-toolchain.toml` names the target, but rustup adds it by itself only where its automatic
/// installation is on, and not to a toolchain that is there already.
pub(crate) fn ensure_wasm_target(project: &Project) -> Result<()> {
    let present = Call::new("rustc")
        .args(["--print", "target-libdir", "--target", WASM])
        .folder(&project.root)
        .output()
        .is_some_and(|folder| Path::new(folder.trim()).is_dir());
    if present {
        println!("  the target {WASM} is there");
        return Ok(());
    }
    if on_path(&["rustup"]).is_none() {
        bail!("the Rust toolchain has no target {WASM}: install rustup, or that target");
    }
    Call::new("rustup").args(["target", "add", WASM]).folder(&project.root).run()
}

/// Sees to it that `cargo fmt` and `cargo clippy` can be run.
pub(crate) fn ensure_components(project: &Project) -> Result<()> {
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if Call::cargo(project, &[subcommand, "--version"]).output().is_some() {
            println!("  {component} is there");
            continue;
        }
        if on_path(&["rustup"]).is_none() {
            bail!("the Rust toolchain has no {component}: install rustup, or that component");
        }
        Call::new("rustup").args(["component", "add", component]).folder(&project.root).run()?;
    }
    Ok(())
}
