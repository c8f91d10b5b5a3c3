//! Trunk and the wasm-bindgen command: those on `PATH` when their version fits, else our own
//! under `target/tools`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::node;
use crate::process::{Call, on_path, path_with};
use crate::project::Project;

/// Trunk 0.22 needs a newer compiler than `rust-toolchain.toml` names.
const TRUNK_VERSION: &str = "0.21.14";

/// A command-line program that cargo can install.
struct Tool {
    /// The name of the program.
    name: &'static str,
    /// The package it comes in.
    package: &'static str,
    version: String,
    /// The options of `cargo install` that are particular to it.
    options: &'static [&'static str],
}

impl Tool {
    /// The path of the program in the right version, which is installed first where it is missing.
    fn provide(&self, project: &Project) -> Result<PathBuf> {
        let root = project.target.join("tools");
        let own = root.join("bin").join(format!("{}{}", self.name, env::consts::EXE_SUFFIX));
        for found in on_path(&[self.name]).into_iter().chain([own.clone()]) {
            if self.version_of(&found).as_deref() == Some(self.version.as_str()) {
                println!("  {} {} is there: {}", self.name, self.version, found.display());
                return Ok(found);
            }
        }
        fs::create_dir_all(&root).with_context(|| format!("cannot create {}", root.display()))?;
        let binstalled = on_path(&["cargo-binstall"]).is_some()
            && self.binstall(project, &root).is_ok()
            && self.version_of(&own).as_deref() == Some(self.version.as_str());
        if !binstalled {
            self.compile(project, &root)?;
        }
        match self.version_of(&own) {
            Some(version) if version == self.version => Ok(own),
            found => bail!(
                "{} should be {} {}, but says it is {}",
                own.display(),
                self.name,
                self.version,
                found.as_deref().unwrap_or("nothing readable"),
            ),
        }
    }

    /// Fetches a ready-made program. Compiling is left to [`Tool::compile`], which does it faster.
    fn binstall(&self, project: &Project, root: &Path) -> Result<()> {
        println!("  fetching {} {} with cargo-binstall", self.name, self.version);
        let done = Call::cargo(project, &["binstall", "--no-confirm", "--disable-telemetry"])
            .args(["--disable-strategies", "compile", "--root"])
            .arg(root)
            .arg(format!("{}@{}", self.package, self.version))
            .run();
        if done.is_err() {
            println!("  cargo-binstall found no ready-made {}", self.name);
        }
        done
    }

    /// Compiles the program with a light profile: a tool that runs for seconds is not worth the
    /// quarter of an hour a fully optimised Trunk takes on two cores.
    fn compile(&self, project: &Project, root: &Path) -> Result<()> {
        println!(
            "  compiling {} {}, once (two to five minutes on two cores)",
            self.name, self.version
        );
        let build = root.join("build");
        let call = Call::cargo(project, &["install", "--force", "--root"])
            .arg(root)
            .arg("--target-dir")
            .arg(&build)
            .arg(format!("{}@{}", self.package, self.version))
            .args(["--bin", self.name])
            .args(self.options);
        call.env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .run()
            .with_context(|| format!("{} {} could not be installed", self.name, self.version))?;
        // The intermediate files are several times the size of the program, and of no more use.
        fs::remove_dir_all(&build).with_context(|| format!("cannot remove {}", build.display()))
    }

    /// The version the program at `path` says it has: the second word of `--version`.
    fn version_of(&self, path: &Path) -> Option<String> {
        let said = Call::new(path).arg("--version").output()?;
        let mut words = said.split_whitespace();
        (words.next()? == self.name).then_some(())?;
        words.next().map(str::to_owned)
    }
}

/// The wasm-bindgen command, whose version must be exactly that of the library in `Cargo.lock`.
///
/// Not with its own lock file: that of 0.2.130 names a version of a dependency that not every
/// mirror of the registry carries.
pub(crate) fn wasm_bindgen(project: &Project) -> Result<PathBuf> {
    let version = project.locked_version("wasm-bindgen")?;
    Tool { name: "wasm-bindgen", package: "wasm-bindgen-cli", version, options: &[] }
        .provide(project)
}

/// The command that builds and runs fuzz targets.
pub(crate) fn cargo_fuzz(project: &Project) -> Result<PathBuf> {
    let version = "0.13.2".to_owned();
    Tool { name: "cargo-fuzz", package: "cargo-fuzz", version, options: &[] }.provide(project)
}

/// Sees to it that Trunk and the wasm-bindgen command are there.
pub(crate) fn ensure(project: &Project) -> Result<()> {
    trunk(project)?;
    wasm_bindgen(project)?;
    Ok(())
}

/// A call of Trunk that downloads nothing: it finds the programs it runs on `PATH`, in exactly the
/// versions it is told to want. `optimised` says that it will run `wasm-opt`, as the attribute
/// `data-wasm-opt` of `index.html` asks it to in a release build. That it is Trunk that runs it, and
/// not a step of ours after Trunk, is what keeps the hashes right that Trunk writes into the page.
pub(crate) fn trunk_call(project: &Project, optimised: bool) -> Result<Call> {
    let trunk = trunk(project)?;
    let wasm_bindgen = wasm_bindgen(project)?;
    let mut folders: Vec<PathBuf> =
        wasm_bindgen.parent().map(Path::to_path_buf).into_iter().collect();
    let mut call = Call::new(trunk)
        .folder(&project.root)
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        .env("TRUNK_TOOLS_WASM_BINDGEN", project.locked_version("wasm-bindgen")?);
    if optimised {
        let wasm_opt = node::wasm_opt(project)?;
        folders.extend(wasm_opt.parent().map(Path::to_path_buf));
        call = call.env("TRUNK_TOOLS_WASM_OPT", node::wasm_opt_version(project)?);
    }
    // The convention is any text; this Trunk takes nothing but `true` and `false`.
    if env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
        call = call.env("NO_COLOR", "true");
    }
    Ok(call.env("PATH", path_with(&folders)?))
}

/// Trunk, without its default features when it is compiled here: they are TLS, which is only there
/// to download what we bring along, and a question to the registry for a newer version.
fn trunk(project: &Project) -> Result<PathBuf> {
    let version = TRUNK_VERSION.to_owned();
    let options = &["--locked", "--no-default-features"];
    Tool { name: "trunk", package: "trunk", version, options }.provide(project)
}
