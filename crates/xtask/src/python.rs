//! Python, and the packages that the oracle of models and migrations runs.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::process::{Call, on_path};
use crate::project::Project;

/// The oldest Python the pinned packages run on.
const OLDEST: (u32, u32) = (3, 10);

/// The interpreter of the virtual environment of the tests.
pub(crate) fn interpreter(project: &Project) -> PathBuf {
    let inside = if cfg!(windows) { "Scripts" } else { "bin" };
    home(project).join(inside).join(format!("python{}", env::consts::EXE_SUFFIX))
}

fn home(project: &Project) -> PathBuf {
    project.target.join("python")
}

/// Sees to it that the packages of `tests/python/requirements.txt` are installed, in an environment
/// of their own that is made where it is missing.
pub(crate) fn ensure_packages(project: &Project) -> Result<()> {
    let listed = project.tests().join("python").join("requirements.txt");
    let wanted = fs::read_to_string(&listed)
        .with_context(|| format!("{} cannot be read", listed.display()))?;
    let home = home(project);
    // Written when everything is installed, so that half an installation is not taken for one.
    let done = home.join("requirements.txt");
    let python = interpreter(project);
    if fs::read_to_string(&done).is_ok_and(|installed| installed == wanted)
        && Call::new(&python).arg("--version").output().is_some()
    {
        println!("  the Python packages in {} are up to date", home.display());
        return Ok(());
    }
    make_environment(&home)?;
    println!("  installing the Python packages of {}", listed.display());
    Call::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
        .arg(&listed)
        .run()?;
    fs::write(&done, wanted).with_context(|| format!("cannot write {}", done.display()))
}

/// Makes an empty virtual environment, in the place of one that is there.
fn make_environment(home: &Path) -> Result<()> {
    let python = on_path(&["python3", "python"])
        .context("Python is not on PATH: install Python 3.10 or later, with venv and pip")?;
    check_version(&python)?;
    let make = || Call::new(&python).args(["-m", "venv", "--clear"]).arg(home).run();
    if make().is_ok() {
        return Ok(());
    }
    // Debian puts venv into a package of its own.
    if let Some(apt) = on_path(&["apt-get"])
        && is_root()
    {
        Call::new(apt).args(["install", "--yes", "--quiet", "python3-venv"]).run()?;
        return make();
    }
    bail!("Python cannot make a virtual environment: install its venv (Debian: python3-venv)");
}

fn check_version(python: &Path) -> Result<()> {
    let said = Call::new(python)
        .args(["-c", "import sys; print(*sys.version_info[:2])"])
        .output()
        .context("Python does not say its version")?;
    let mut numbers = said.split_whitespace().map_while(|number| number.parse::<u32>().ok());
    let version = numbers.next().zip(numbers.next());
    if version.is_none_or(|version| version < OLDEST) {
        let (major, minor) = OLDEST;
        bail!("Python {} is too old: install {major}.{minor} or later", said.trim());
    }
    Ok(())
}

/// Whether packages of the system can be installed.
fn is_root() -> bool {
    Call::new("id").arg("-u").output().is_some_and(|id| id.trim() == "0")
}
