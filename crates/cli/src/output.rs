//! Where texts go: standard output, files, and notes on standard error.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Result, anyhow};

/// Writes a text to a file, or to standard output without one.
///
/// A reader that has gone away (`schemaward … | head`) has read what it wanted: that is no error.
pub(crate) fn write(text: &str, file: Option<&Path>) -> Result<()> {
    if let Some(path) = file {
        return fs::write(path, text)
            .map_err(|error| anyhow!("{}: cannot be written: {error}", path.display()));
    }
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(anyhow!("standard output cannot be written: {error}"))
        }
        _ => Ok(()),
    }
}

/// Tells the caller something beside the output, on one line.
pub(crate) fn note(text: &str) {
    complain("note", text);
}

/// Tells the caller why there is no output, on one line.
pub(crate) fn error(text: &str) {
    complain("error", text);
}

fn complain(kind: &str, text: &str) {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // Without a standard error there is nobody left to tell.
    let _ = writeln!(io::stderr().lock(), "{kind}: {line}");
}
