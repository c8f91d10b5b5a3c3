//! The browser of the browser tests: one that is installed, or one that is installed now.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::debian;
use crate::node;
use crate::process::{Call, on_path};
use crate::project::Project;

/// The variables people set to say which browser they want, the most particular one first.
const VARIABLES: [&str; 3] = ["SCHEMAWARD_CHROMIUM", "CHROME", "CHROMIUM"];

/// The names Chromium and Chrome go by on `PATH`.
const NAMES: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/// A browser for the tests.
pub(crate) enum Browser {
    /// A Chromium or Chrome of this machine.
    Installed(PathBuf),
    /// The one Playwright downloaded and finds by itself.
    Playwright,
}

/// Finds a Chromium, or installs one, or fails with what to install.
pub(crate) fn find(project: &Project) -> Result<Browser> {
    if let Some(path) = installed() {
        println!("  Chromium is there: {}", path.display());
        return Ok(Browser::Installed(path));
    }
    if debian::install("chromium")
        && let Some(path) = installed()
    {
        return Ok(Browser::Installed(path));
    }
    println!("  no Chromium on this machine: asking Playwright to download its own");
    let download = node::call(project, "node")
        .args(["node_modules/@playwright/test/cli.js", "install", "chromium"])
        .run();
    if let Err(error) = download {
        bail!(
            "no Chromium for the browser tests: install Chromium or Chrome, or set CHROME to its \
             path ({error:#})"
        );
    }
    Ok(Browser::Playwright)
}

/// A Chromium or Chrome that is installed and answers.
fn installed() -> Option<PathBuf> {
    VARIABLES
        .iter()
        .filter_map(env::var_os)
        .map(PathBuf::from)
        .chain(on_path(&NAMES))
        .chain(usual_places())
        .find(|path| path.is_file() && answers(path))
}

/// Whether the program is a browser rather than a hint to install one, as Ubuntu's
/// `chromium-browser` is. Windows' Chrome opens a window when asked, so it is not asked.
fn answers(path: &Path) -> bool {
    cfg!(windows)
        || Call::new(path).arg("--version").output().is_some_and(|said| said.contains("Chrom"))
}

/// Where the installers of Chrome and Chromium put them without a word to `PATH`.
fn usual_places() -> Vec<PathBuf> {
    if cfg!(target_os = "macos") {
        let applications = ["Google Chrome", "Chromium"]
            .map(|name| format!("Applications/{name}.app/Contents/MacOS/{name}"));
        let home = env::var_os("HOME").map(PathBuf::from);
        [Some(PathBuf::from("/")), home]
            .into_iter()
            .flatten()
            .flat_map(|folder| applications.iter().map(move |place| folder.join(place)))
            .collect()
    } else if cfg!(windows) {
        ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"]
            .iter()
            .filter_map(env::var_os)
            .map(|folder| PathBuf::from(folder).join(r"Google\Chrome\Application\chrome.exe"))
            .collect()
    } else {
        ["/snap/bin/chromium", "/opt/google/chrome/chrome"].map(PathBuf::from).to_vec()
    }
}
