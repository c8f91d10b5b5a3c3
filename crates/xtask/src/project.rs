//! Where the files of the repository are.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::Call;

/// The repository this program belongs to.
pub(crate) struct Project {
    /// The root of the repository.
    pub(crate) root: PathBuf,
    /// Cargo's target folder.
    pub(crate) target: PathBuf,
    /// The cargo that started this program.
    pub(crate) cargo: PathBuf,
}

impl Project {
    /// Finds the repository through the environment cargo gives the programs it runs.
    pub(crate) fn find() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .map(PathBuf::from)
            .context("start this program as `cargo xtask`")?;
        let root = manifest
            .ancestors()
            .nth(2)
            .map(Path::to_path_buf)
            .context("the xtask crate has left its place in crates/xtask")?;
        let cargo = env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
        // Only cargo knows all the ways a target folder can be set.
        let metadata = Call::new(&cargo)
            .args(["metadata", "--no-deps", "--format-version=1"])
            .folder(&root)
            .output()
            .context("`cargo metadata` failed; run it by hand to see why")?;
        let metadata: serde_json::Value =
            serde_json::from_str(&metadata).context("`cargo metadata` did not print JSON")?;
        let target = metadata
            .get("target_directory")
            .and_then(serde_json::Value::as_str)
            .map(PathBuf::from)
            .context("`cargo metadata` did not name a target folder")?;
        Ok(Self { root, target, cargo })
    }

    /// The folder of the built page.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The folder of the built npm package.
    pub(crate) fn package(&self) -> PathBuf {
        self.target.join("npm")
    }

    /// The debug build of the `schemaward` command, which the tests run.
    pub(crate) fn command(&self) -> PathBuf {
        self.target.join("debug").join(format!("schemaward{}", env::consts::EXE_SUFFIX))
    }

    /// The folder of what crosses crates, with the Node packages of the tests.
    pub(crate) fn tests(&self) -> PathBuf {
        self.root.join("tests")
    }

    /// The folder of the page's editor, with the Node packages it is made of.
    pub(crate) fn editor(&self) -> PathBuf {
        self.root.join("web").join("editor")
    }

    /// The version of a package in `Cargo.lock`. The lowest when there are several.
    pub(crate) fn locked_version(&self, package: &str) -> Result<String> {
        let lock = fs::read_to_string(self.root.join("Cargo.lock"))
            .context("Cargo.lock cannot be read; `cargo generate-lockfile` writes it")?;
        version_in_lock(&lock, package)
            .with_context(|| format!("Cargo.lock holds no package {package}"))
    }
}

/// The version that follows a package's name in the text of a `Cargo.lock`.
fn version_in_lock(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.next()?;
    let version = lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::version_in_lock;

    #[test]
    fn the_locked_version_is_that_of_the_package_of_exactly_this_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.1.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in_lock(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in_lock(lock, "trunk"), None);
    }
}
