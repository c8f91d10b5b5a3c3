//! Firefox, for the tests that show that the page works in a second browser.

use std::env;
use std::path::{Path, PathBuf};

use crate::debian;
use crate::process::{Call, on_path};

/// The names Firefox goes by on `PATH`. A snap is none: it cannot be driven from outside.
const NAMES: [&str; 2] = ["firefox-esr", "firefox"];

/// A Firefox of this machine, or Debian's, which is installed for it; nothing where there is none to be had.
pub(crate) fn find() -> Option<PathBuf> {
    installed().or_else(|| {
        println!("  no Firefox on this machine");
        if debian::install("firefox-esr") { installed() } else { None }
    })
}

fn installed() -> Option<PathBuf> {
    let named = env::var_os("SCHEMAWARD_FIREFOX").map(PathBuf::from);
    named.into_iter().chain(on_path(&NAMES)).find(|path| path.is_file() && answers(path))
}

fn answers(path: &Path) -> bool {
    let said = Call::new(path).arg("--version").output();
    said.is_some_and(|said| said.contains("Firefox"))
}
