//! Packages of Debian that tests need.

use std::fs;

use crate::process::{Call, on_path};

/// Installs a package where that can be done without asking anybody; whether it tried.
pub(crate) fn install(package: &str) -> bool {
    if !is_debian_root() {
        return false;
    }
    println!("  installing the package `{package}`");
    let done = Call::new("apt-get").arg("update").run().and_then(|()| {
        Call::new("apt-get")
            .args(["install", "--yes", "--no-install-recommends", package])
            .env("DEBIAN_FRONTEND", "noninteractive")
            .run()
    });
    if let Err(error) = done {
        println!("  {error:#}");
    }
    true
}

/// Whether packages can be installed here without asking anybody.
fn is_debian_root() -> bool {
    fs::exists("/etc/debian_version").unwrap_or(false)
        && on_path(&["apt-get"]).is_some()
        && Call::new("id").arg("-u").output().is_some_and(|id| id.trim() == "0")
}
