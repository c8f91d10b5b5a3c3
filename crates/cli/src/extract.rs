//! The texts of a link as files.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use schemaward_link::{Bundle, Side};

/// Writes the sources and the standard of a link below a folder; answers with the files written.
///
/// The names come from whoever made the link: only their plain parts are used, so that nothing is
/// written outside of the folder, and a file that exists is never replaced.
pub(crate) fn extract(bundle: &Bundle, folder: &Path) -> Result<Vec<PathBuf>> {
    let mut taken = BTreeSet::new();
    let mut written = Vec::new();
    for source in &bundle.sources {
        let side = match source.side {
            Side::Documented => "documented",
            Side::Implemented => "implemented",
        };
        let mut relative = Path::new(side).join(inside(&source.path));
        let mut number = 1;
        // Compared without case, because many file systems do.
        while !taken.insert(relative.to_string_lossy().to_lowercase()) {
            number += 1;
            relative = Path::new(side).join(number.to_string()).join(inside(&source.path));
        }
        written.push(create(&folder.join(relative), &source.text)?);
    }
    if !bundle.standard.trim().is_empty() {
        written.push(create(&folder.join("standard.toml"), &bundle.standard)?);
    }
    Ok(written)
}

/// The plain parts of a name: no root, no drive, no way up, no letters that a file system forbids.
fn inside(name: &str) -> PathBuf {
    let parts = name.split(['/', '\\']).filter_map(|part| {
        let part: String = part
            .chars()
            .map(
                |letter| {
                    if letter.is_control() || "<>:\"|?*".contains(letter) { '_' } else { letter }
                },
            )
            .collect();
        // A file system may drop dots and spaces at the end, and `...` must not become a way up.
        let part = part.trim().trim_end_matches(['.', ' ']).to_owned();
        (!part.is_empty() && part != "-").then_some(part)
    });
    let path: PathBuf = parts.collect();
    if path.as_os_str().is_empty() { PathBuf::from("source.sql") } else { path }
}

fn create(path: &Path, text: &str) -> Result<PathBuf> {
    let write = || {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
    };
    write().map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            anyhow!("{}: exists already; extract into an empty folder", path.display())
        }
        _ => anyhow!("{}: cannot be written: {error}", path.display()),
    })?;
    Ok(path.to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::inside;

    #[track_caller]
    fn check(name: &str, path: &str) {
        assert_eq!(inside(name), Path::new(path), "{name}");
    }

    #[test]
    fn names_stay_inside() {
        check("schema.sql", "schema.sql");
        check("db/./migrations//0001 first.sql", "db/migrations/0001 first.sql");
        check("../../etc/passwd", "etc/passwd");
        check("/etc/passwd", "etc/passwd");
        check("C:\\Windows\\x.sql", "C_/Windows/x.sql");
        check(".. /a/... /b.sql", "a/b.sql");
        check("-", "source.sql");
        check("", "source.sql");
        check("a\0b\n.sql", "a_b_.sql");
    }
}
