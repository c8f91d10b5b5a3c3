//! The files of a call: found, read, told apart.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use ignore::WalkBuilder;
use schemaward_engine::{Kind, Side, is_python_source, kind_of};
use schemaward_link::Mark;

use crate::args::Inputs;
use crate::text::{self, Decoded};

/// The largest file that is read, in bytes. A schema without its data is far smaller.
const FILE_LIMIT: u64 = 256 * 1024 * 1024;

/// How many names a note lists before it says how many more there are.
const NAMES_IN_A_NOTE: usize = 3;

/// Everything a call gives to a review.
#[derive(Debug, Default)]
pub(crate) struct Given {
    /// The sources, in the order they are read.
    pub(crate) sources: Vec<GivenSource>,
    /// The standard, where one was given.
    pub(crate) standard: Option<GivenStandard>,
    /// What people decided about findings, where a review file was given.
    pub(crate) marks: Vec<Mark>,
    /// What the caller must know about files that were not read as they are.
    pub(crate) notes: Vec<String>,
}

/// One source.
#[derive(Debug)]
pub(crate) struct GivenSource {
    pub(crate) side: Side,
    pub(crate) path: String,
    pub(crate) text: String,
}

/// The standard and the name its errors are reported under.
#[derive(Debug)]
pub(crate) struct GivenStandard {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Reads all the inputs of a call.
pub(crate) fn gather(inputs: &Inputs) -> Result<Given> {
    let mut gathering = Gathering::default();
    if let Some(path) = &inputs.standard {
        let text = gathering.read(path)?;
        gathering.given.standard = Some(GivenStandard { path: shown(path), text });
    }
    for path in &inputs.documented {
        gathering.add(Side::Documented, path)?;
    }
    for path in inputs.implemented.iter().chain(&inputs.paths) {
        gathering.add(Side::Implemented, path)?;
    }
    gathering.finish()
}

#[derive(Default)]
struct Gathering {
    given: Given,
    /// The files read so far by their one true path, so that none counts twice.
    seen: BTreeSet<(Side, PathBuf)>,
    stdin_is_read: bool,
    skipped: Vec<String>,
}

impl Gathering {
    fn add(&mut self, side: Side, path: &Path) -> Result<()> {
        if is_stdin(path) {
            let text = self.read(path)?;
            return self.place(side, path, text);
        }
        let metadata = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
        if !metadata.is_dir() {
            if self.is_new(side, path) {
                let text = self.read(path)?;
                self.place(side, path, text)?;
            }
            return Ok(());
        }
        let walk = WalkBuilder::new(path)
            .standard_filters(false)
            .hidden(true)
            .follow_links(true)
            .sort_by_file_name(Ord::cmp)
            .filter_entry(|entry| entry.file_name() != "__pycache__")
            .build();
        for entry in walk {
            let entry =
                entry.with_context(|| format!("{}: cannot read the folder", shown(path)))?;
            if entry.file_type().is_some_and(|kind| kind.is_file())
                && self.is_new(side, entry.path())
            {
                self.add_found(side, entry.path())?;
            }
        }
        Ok(())
    }

    /// Adds a file that was found in a folder: only what is known to belong to a schema counts.
    fn add_found(&mut self, side: Side, path: &Path) -> Result<()> {
        let bytes = read_bytes(path)?;
        if text::binary(&bytes).is_some() {
            self.skipped.push(shown(path));
            return Ok(());
        }
        let decoded = text::decode(bytes);
        // A file that calls itself SQL is read even when it looks like nothing, because its
        // owners think that it holds schema.
        let named_sql = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("sql"))
            || path.file_name().is_some_and(|name| name == "sqitch.plan");
        let named_python = path.extension().is_some_and(|end| end == "py");
        if kind_of(&decoded.text) == Kind::Unknown && !named_sql && !named_python {
            self.skipped.push(shown(path));
            return Ok(());
        }
        let text = self.text_of(path, decoded);
        self.place(side, path, text)
    }

    fn place(&mut self, side: Side, path: &Path, text: String) -> Result<()> {
        let path = shown(path);
        if schemaward_link::is_review_file(&text) {
            return self.place_review(&path, &text);
        }
        let kind = if is_python_source(&path, &text) { Kind::Python } else { kind_of(&text) };
        match kind {
            Kind::Sql | Kind::Python | Kind::Unknown => {
                self.given.sources.push(GivenSource { side, path, text });
            }
            Kind::Standard => {
                self.given.notes.push(format!("{path} is taken as the standard"));
                self.place_standard(path, text)?;
            }
        }
        Ok(())
    }

    /// Adds all that a review file holds; its sources know their sides.
    fn place_review(&mut self, path: &str, text: &str) -> Result<()> {
        let review =
            schemaward_link::read_file(text).map_err(|error| anyhow::anyhow!("{path}: {error}"))?;
        for source in review.sources {
            let side = match source.side {
                schemaward_link::Side::Documented => Side::Documented,
                schemaward_link::Side::Implemented => Side::Implemented,
            };
            self.given.sources.push(GivenSource { side, path: source.path, text: source.text });
        }
        self.given.marks.extend(review.marks);
        if !review.standard.trim().is_empty() {
            self.place_standard(path.to_owned(), review.standard)?;
        }
        Ok(())
    }

    fn place_standard(&mut self, path: String, text: String) -> Result<()> {
        if let Some(other) = &self.given.standard {
            bail!("{path}: this is a second standard beside {}; give one of them", other.path);
        }
        self.given.standard = Some(GivenStandard { path, text });
        Ok(())
    }

    fn finish(mut self) -> Result<Given> {
        if !self.skipped.is_empty() {
            let names = names(&self.skipped);
            self.given.notes.push(format!("neither SQL, Python nor a standard, skipped: {names}"));
        }
        if self.given.sources.is_empty() {
            bail!(
                "there is no schema to read; give a file or folder of SQL or Python, for example what \
                 `pg_dump --schema-only` writes, or the folders of models and migrations"
            );
        }
        Ok(self.given)
    }

    /// Whether this file has not been read for this side, under whatever name.
    fn is_new(&mut self, side: Side, path: &Path) -> bool {
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        self.seen.insert((side, path))
    }

    /// The text of a file named by the caller.
    fn read(&mut self, path: &Path) -> Result<String> {
        let bytes = if is_stdin(path) {
            if self.stdin_is_read {
                bail!("standard input can be read only once; give `-` once and files for the rest");
            }
            self.stdin_is_read = true;
            limited(path, io::stdin().lock())?
        } else {
            read_bytes(path)?
        };
        if let Some(what) = text::binary(&bytes) {
            bail!("{}: this file is {what}", shown(path));
        }
        Ok(self.text_of(path, text::decode(bytes)))
    }

    fn text_of(&mut self, path: &Path, decoded: Decoded) -> String {
        if let Some(note) = decoded.note {
            self.given.notes.push(format!("{}: {note}", shown(path)));
        }
        decoded.text
    }
}

/// The text of one file, or of standard input for `-`, outside of a review's sources.
pub(crate) fn read_named(path: &Path) -> Result<String> {
    Gathering::default().read(path)
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    limited(path, file)
}

fn limited(path: &Path, reader: impl Read) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut reader = reader.take(FILE_LIMIT + 1);
    reader.read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > FILE_LIMIT {
        bail!(
            "{}: larger than {} MiB; leave out the data, as `pg_dump --schema-only` does",
            shown(path),
            FILE_LIMIT / (1024 * 1024),
        );
    }
    Ok(bytes)
}

fn unreadable(path: &Path, error: &io::Error) -> anyhow::Error {
    let path = shown(path);
    match error.kind() {
        io::ErrorKind::NotFound => {
            anyhow::anyhow!("{path}: there is no such file or folder; check the path")
        }
        io::ErrorKind::IsADirectory => anyhow::anyhow!("{path}: this is a folder; give a file"),
        _ => anyhow::anyhow!("{path}: cannot be read: {error}"),
    }
}

/// A path as evidence shows it: as it was given, with `/` between its parts on every system.
fn shown(path: &Path) -> String {
    let path = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        path.into_owned()
    } else {
        path.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

fn names(all: &[String]) -> String {
    let named = all.iter().take(NAMES_IN_A_NOTE).map(String::as_str).collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(NAMES_IN_A_NOTE) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
