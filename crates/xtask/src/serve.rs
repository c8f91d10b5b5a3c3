//! `cargo xtask serve`: the page on this machine.

use std::env;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context, Result, bail};

use crate::project::Project;
use crate::{node, toolchain, tools};

/// The arguments of `serve`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The port of 127.0.0.1 to serve at.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Build as for a release: slower to build, faster to use.
    #[arg(long)]
    release: bool,
    /// Do not open the page in a browser.
    #[arg(long)]
    no_open: bool,
}

/// Sets up what is missing, builds the page and serves it until it is interrupted.
pub(crate) fn run(project: &Project, args: &Args) -> Result<()> {
    // Before minutes of building, not after them.
    check_port(args.port)?;
    println!("Setting up the tools");
    toolchain::ensure_wasm_target(project)?;
    node::ensure_editor_packages(project)?;
    if args.release {
        node::ensure_packages(project)?;
    }
    let port = args.port.to_string();
    // Not the folder of the release build, which the browser tests look at.
    let folder = project.target.join("serve");
    let mut call = tools::trunk_call(project, args.release)?
        .args(["serve", "--address", "127.0.0.1", "--disable-address-lookup"])
        .args(["--port", &port, "--dist"])
        .arg(folder);
    if args.release {
        call = call.arg("--release");
    }
    if !args.no_open && has_display() {
        call = call.arg("--open");
    }
    println!("Building the page (the first time takes a few minutes), then serving it at");
    println!("  http://127.0.0.1:{port}");
    call.become_it()
}

/// Fails with what to do when something listens at the port.
fn check_port(port: u16) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => bail!(
            "port {port} is taken: end the program that listens there, or choose another port \
             with `cargo xtask serve --port {}`",
            port.checked_add(1).unwrap_or(8080)
        ),
        Err(error) => Err(error).with_context(|| format!("cannot listen at port {port}")),
    }
}

/// Whether there is a screen on which a browser can be opened, and somebody to look at it.
fn has_display() -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !set("CI")
        && (cfg!(any(target_os = "macos", windows)) || set("DISPLAY") || set("WAYLAND_DISPLAY"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named_with_a_way_out() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let error = check_port(port).unwrap_err().to_string();
        assert!(error.starts_with(&format!("port {port} is taken")), "{error}");
        assert!(error.contains("--port"), "{error}");
        drop(listener);
        check_port(port).unwrap();
    }
}
