//! Gives the page and its worker the same build id: a digest of the source text both are made from.
//!
//! The files of the worker and the editor keep their names between releases, so a browser or a proxy may hand
//! a new page old ones. The id is part of their addresses and of the worker's first message, so that no two
//! builds talk past each other. A digest, and not the time, keeps builds reproducible.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a build script runs on the host, reads files and speaks to cargo through its output"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// The folders and files whose text goes into the id, relative to this crate.
const INPUTS: [&str; 12] = [
    "src",
    "editor/src",
    "editor/package-lock.json",
    "../Cargo.lock",
    "../crates/catalog/src",
    "../crates/engine/src",
    "../crates/link/src",
    "../crates/python/src",
    "../crates/render/src",
    "../crates/review/src",
    "../crates/sql/src",
    "worker_loader.js",
];

fn main() {
    let mut files = Vec::new();
    for input in INPUTS {
        println!("cargo::rerun-if-changed={input}");
        collect(Path::new(input), &mut files);
    }
    files.sort();
    let mut digest = Fnv::new();
    for file in &files {
        digest.add(file.to_string_lossy().as_bytes());
        digest.add(&fs::read(file).unwrap_or_default());
    }
    println!("cargo::rustc-env=SCHEMAWARD_BUILD={:016x}", digest.0);
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(path) else {
        files.push(path.to_owned());
        return;
    };
    for entry in entries.flatten() {
        collect(&entry.path(), files);
    }
}

/// The 64-bit FNV-1a digest: it need not resist an attacker, only tell builds apart.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
