//! `cargo xtask dist`: what is released.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::ValueEnum;
use miniz_oxide::deflate::compress_to_vec;
use serde_json::json;

use crate::process::Call;
use crate::project::Project;
use crate::toolchain::WASM;
use crate::{node, report, toolchain, tools};

/// The arguments of `dist`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What to build; everything when none is named.
    parts: Vec<Part>,
}

/// Something that is released.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The page, into `dist`.
    Page,
    /// The npm package, into `npm` in cargo's target folder.
    Package,
    /// The command, into `release-command` in cargo's target folder.
    Command,
}

/// Builds what is named, or everything.
pub(crate) fn run(project: &Project, args: &Args) -> Result<()> {
    let wants = |part| args.parts.is_empty() || args.parts.contains(&part);
    if wants(Part::Page) || wants(Part::Package) {
        println!("Setting up the tools");
        toolchain::ensure_wasm_target(project)?;
        tools::ensure(project)?;
        node::ensure_packages(project)?;
    }
    if wants(Part::Page) {
        println!("Building the page");
        page(project)?;
    }
    if wants(Part::Package) {
        println!("Building the npm package");
        package(project)?;
    }
    if wants(Part::Command) {
        println!("Building the command");
        Call::cargo(project, &["build", "--profile", "release-command"])
            .args(["--package", "schemaward-cli"])
            .run()?;
    }
    Ok(())
}

/// Builds the page as it is released, with Trunk.
pub(crate) fn page(project: &Project) -> Result<()> {
    let dist = project.dist();
    node::ensure_editor_packages(project)?;
    tools::trunk_call(project, true)?.args(["build", "--release", "--dist"]).arg(&dist).run()?;
    print_sizes(&dist)
}

/// Builds the npm package of `crates/wasm`: one build for browsers and bundlers, one for Node,
/// and an entry point each that exports the same names.
pub(crate) fn package(project: &Project) -> Result<()> {
    Call::cargo(project, &["build", "--release", "--target", WASM])
        .args(["--package", "schemaward-wasm", "--lib"])
        .run()?;
    let compiled = project.target.join(WASM).join("release").join("schemaward_wasm.wasm");
    let package = project.package();
    if is_up_to_date(&package, &compiled) {
        println!("  {} is up to date", package.display());
        return print_sizes(&package);
    }
    if package.is_dir() {
        fs::remove_dir_all(&package)
            .with_context(|| format!("cannot remove {}", package.display()))?;
    }
    let bindgen = tools::wasm_bindgen(project)?;
    for (target, folder) in [("web", "web"), ("nodejs", "node")] {
        Call::new(&bindgen)
            .args(["--target", target, "--out-name", "schemaward", "--out-dir"])
            .arg(package.join(folder))
            .arg(&compiled)
            .run()?;
    }
    optimise(project, &package.join("web"), &package.join("node"))?;
    // wasm-bindgen writes CommonJS for Node.
    write(&package, "node/package.json", "{ \"type\": \"commonjs\" }\n")?;
    write(&package, "node/index.mjs", NODE_ENTRY)?;
    write(&package, "node/index.d.mts", NODE_TYPES)?;
    // Last, since its time says that the package is whole.
    write(&package, MANIFEST, &manifest(project)?)?;
    print_sizes(&package)
}

/// Whether the package was made of this compiled module, and by this very program.
fn is_up_to_date(package: &Path, compiled: &Path) -> bool {
    let changed = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    let Some(made) = changed(&package.join(MANIFEST)) else { return false };
    let program = env::current_exe().ok();
    [Some(compiled), program.as_deref()]
        .into_iter()
        .all(|source| source.and_then(changed).is_some_and(|changed| changed < made))
}

/// Optimises the module of both builds: once, where wasm-bindgen made them the same.
fn optimise(project: &Project, web: &Path, node: &Path) -> Result<()> {
    let read = |module: &Path| {
        fs::read(module).with_context(|| format!("cannot read {}", module.display()))
    };
    let [web, node] = [web, node].map(|folder| folder.join("schemaward_bg.wasm"));
    let same = read(&web)? == read(&node)?;
    let run = |module: &Path| {
        Call::new(node::wasm_opt(project)?)
            .arg(node::WASM_OPT_LEVEL)
            .arg(module)
            .arg("-o")
            .arg(module)
            .run()
    };
    run(&web)?;
    if same {
        fs::copy(&web, &node).with_context(|| format!("cannot write {}", node.display()))?;
        Ok(())
    } else {
        run(&node)
    }
}

/// The file whose time says when the package was made.
const MANIFEST: &str = "package.json";

/// In a browser the module has to be fetched before it is used, which is what the default export
/// is for. Node reads it from the disk at once; the same code has to run in both.
const NODE_ENTRY: &str = "\
export * from \"./schemaward.js\";

/** Does nothing: in Node the module is ready as soon as it is imported. */
export default async function init() {}
";

const NODE_TYPES: &str = "\
export * from \"./schemaward.js\";

/** Does nothing: in Node the module is ready as soon as it is imported. */
export default function init(): Promise<void>;
";

/// The text of the package's `package.json`.
fn manifest(project: &Project) -> Result<String> {
    let manifest = json!({
        "name": "schemaward",
        "version": project.locked_version("schemaward-wasm")?,
        "description": "Reviews a PostgreSQL schema against the standard its owners set.",
        "type": "module",
        "main": "./node/schemaward.js",
        "module": "./web/schemaward.js",
        "types": "./web/schemaward.d.ts",
        "exports": {
            ".": {
                "node": {
                    "import": { "types": "./node/index.d.mts", "default": "./node/index.mjs" },
                    "require": { "types": "./node/schemaward.d.ts", "default": "./node/schemaward.js" },
                },
                "default": { "types": "./web/schemaward.d.ts", "default": "./web/schemaward.js" },
            },
            "./schemaward_bg.wasm": "./web/schemaward_bg.wasm",
        },
        "files": ["web", "node"],
        "sideEffects": ["./web/schemaward.js", "./node/schemaward.js"],
        "engines": { "node": ">=20" },
    });
    Ok(format!("{}\n", serde_json::to_string_pretty(&manifest)?))
}

fn write(folder: &Path, name: &str, text: &str) -> Result<()> {
    let path = folder.join(name);
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// Prints the size of every WebAssembly module under `folder`, as it is and as a server sends it.
fn print_sizes(folder: &Path) -> Result<()> {
    let mut modules = Vec::new();
    collect_modules(folder, &mut modules)?;
    modules.sort();
    for module in modules {
        let bytes =
            fs::read(&module).with_context(|| format!("cannot read {}", module.display()))?;
        // Level 9; gzip adds a header and a trailer of 18 bytes together.
        let compressed = compress_to_vec(&bytes, 9).len().saturating_add(18);
        println!(
            "  {:>11} ({:>10} gzipped)  {}",
            report::kilobytes(bytes.len()),
            report::kilobytes(compressed),
            module.strip_prefix(folder).unwrap_or(&module).display()
        );
    }
    Ok(())
}

fn collect_modules(folder: &Path, modules: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect_modules(&path, modules)?;
        } else if path.extension().is_some_and(|extension| extension == "wasm") {
            modules.push(path);
        }
    }
    Ok(())
}
