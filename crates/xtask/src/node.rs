//! Node, npm, and the packages the tests, the page's editor and the release build take from npm.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::process::{Call, on_path};
use crate::project::Project;
use crate::python;

/// The oldest Node the tests run on.
const OLDEST_NODE: u32 = 20;

/// Sees to it that the packages of `tests/package-lock.json` are installed.
pub(crate) fn ensure_packages(project: &Project) -> Result<()> {
    check_node()?;
    install(&project.tests())
}

/// Sees to it that the packages of the page's editor are installed, which every build of the page bundles.
pub(crate) fn ensure_editor_packages(project: &Project) -> Result<()> {
    check_node()?;
    install(&project.editor())
}

/// Fails with what to do when Node is missing or too old.
fn check_node() -> Result<()> {
    let Some(version) = Call::new("node").arg("--version").output() else {
        bail!("Node is not on PATH: install Node {OLDEST_NODE} or later, with npm");
    };
    let version = version.trim();
    let major = version.trim_start_matches('v').split('.').next().and_then(|n| n.parse().ok());
    if major.is_none_or(|major: u32| major < OLDEST_NODE) {
        bail!("Node {version} is too old: install Node {OLDEST_NODE} or later");
    }
    println!("  Node {version} is there");
    Ok(())
}

/// Runs `npm ci` in `folder` unless what is installed there is as new as the lock file.
pub(crate) fn install(folder: &Path) -> Result<()> {
    // npm writes this file at the end of every installation.
    let installed = changed(&folder.join("node_modules").join(".package-lock.json"));
    let locked = changed(&folder.join("package-lock.json"))
        .with_context(|| format!("{} has no package-lock.json", folder.display()))?;
    if installed.is_some_and(|installed| installed >= locked) {
        println!("  the npm packages in {} are up to date", folder.display());
        return Ok(());
    }
    println!("  installing the npm packages of {}", folder.display());
    let npm = on_path(&["npm"]).context("npm is not on PATH: install it with Node")?;
    Call::new(npm)
        .args(["ci", "--no-audit", "--no-fund"])
        // The browser is looked for when the tests that need one are run.
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .folder(folder)
        .run()
}

fn changed(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|data| data.modified()).ok()
}

/// The level `wasm-opt` is run with; `data-wasm-opt` in `index.html` says the same to Trunk.
///
/// It pays. The module of the npm package (LTO, `opt-level = "s"`), in kilobytes as it is and
/// gzipped, and the seconds on one busy core of two:
///
/// | without | 4504 | 1402 |    |
/// |---------|------|------|----|
/// | `-O1`   | 3871 | 1264 | 15 |
/// | `-Os`   | 3772 | 1284 | 47 |
///
/// What is sent is the gzipped module, so the quickest level is the best one.
pub(crate) const WASM_OPT_LEVEL: &str = "-O1";

/// The `wasm-opt` of the npm package `binaryen`. Which features of WebAssembly it may use it reads
/// from the module, where the compiler names them.
pub(crate) fn wasm_opt(project: &Project) -> Result<PathBuf> {
    let name = if cfg!(windows) { "wasm-opt.cmd" } else { "wasm-opt" };
    let path = project.tests().join("node_modules").join(".bin").join(name);
    if !path.is_file() {
        bail!("{} is missing: `npm ci` in tests installs it", path.display());
    }
    Ok(path)
}

/// The version of [`wasm_opt`] in the form Trunk compares: `version_` and the major number.
pub(crate) fn wasm_opt_version(project: &Project) -> Result<String> {
    let said = Call::new(wasm_opt(project)?)
        .arg("--version")
        .output()
        .context("`wasm-opt --version` failed")?;
    let number = said
        .split_whitespace()
        .nth(2)
        .with_context(|| format!("`wasm-opt --version` printed {said:?}"))?;
    Ok(format!("version_{number}"))
}

/// Runs all test files (`*.test.mjs`) in `tests/<folder>` with Node's own test runner.
pub(crate) fn run_tests(project: &Project, folder: &str) -> Result<()> {
    let tests = project.tests();
    let mut files: Vec<String> = fs::read_dir(tests.join(folder))
        .with_context(|| format!("tests/{folder} cannot be read"))?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".test.mjs"))
        .map(|name| format!("{folder}/{name}"))
        .collect();
    files.sort();
    if files.is_empty() {
        bail!("tests/{folder} holds no file *.test.mjs");
    }
    call(project, "node").args(["--test", "--test-reporter=spec"]).args(files).run()
}

/// A call of a program in `tests`, told where what it tests was built.
pub(crate) fn call(project: &Project, program: &str) -> Call {
    Call::new(program)
        .folder(&project.tests())
        .env("SCHEMAWARD_COMMAND", project.command())
        .env("SCHEMAWARD_PACKAGE", project.package())
        .env("SCHEMAWARD_DIST", project.dist())
        .env("SCHEMAWARD_PYTHON", python::interpreter(project))
}
