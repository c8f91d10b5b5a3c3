//! What is taken of the files that the reader opens: which of them, onto which side, and what is said of the rest.
//!
//! Walking folders, unpacking zips and reading bytes is done by `web/editor/src/intake.js`, within the limits that are
//! set here.

pub(crate) mod program;

use schemaward_engine::{Kind, is_python_source, kind_of};

use crate::sources::Tab;
use crate::view::{counted, grouped};

/// The most that is taken at once. What is above is a message, never a page that stands still.
pub(crate) struct Limits {
    /// Entries of folders and zips that are looked at.
    pub(crate) visited: u32,
    /// Files that are opened.
    pub(crate) files: u32,
    /// Bytes of one file.
    pub(crate) file: u32,
    /// Bytes of all files together.
    pub(crate) total: u32,
    /// Bytes of a zip.
    pub(crate) zip: u32,
    /// How many times larger than itself what a zip holds may be. Deflate packs SQL about ten times, and what
    /// repeats itself a hundred times.
    pub(crate) ratio: u32,
}

pub(crate) const LIMITS: Limits = Limits {
    visited: 20_000,
    files: 2_000,
    file: 20_000_000,
    total: 60_000_000,
    zip: 50_000_000,
    ratio: 200,
};

/// The ends of the names of files that hold schemas or a standard.
const WANTED: [&str; 7] = ["sql", "ddl", "pgsql", "psql", "py", "pyi", "toml"];

/// Folders that hold what others wrote, or what is made from the sources.
const SKIPPED: [&str; 9] = [
    "__pycache__",
    "dist-packages",
    "env",
    "node_modules",
    "site-packages",
    "target",
    "venv",
    "virtualenv",
    "__MACOSX",
];

/// Whether a file of a folder or a zip is read at all, by its name.
pub(crate) fn is_wanted(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    !name.starts_with('.') && end_of(name).is_some_and(|end| WANTED.contains(&end.as_str()))
}

/// What stands behind the last full stop of a name, in small letters.
fn end_of(path: &str) -> Option<String> {
    path.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase())
}

/// Whether a folder of that name is passed over.
pub(crate) fn is_skipped(name: &str) -> bool {
    name.starts_with('.') || SKIPPED.contains(&name)
}

/// Why a file's bytes are no text.
pub(crate) fn binary(bytes: &[u8]) -> Option<&'static str> {
    const LOOKED_AT: usize = 64 * 1024;
    if bytes.starts_with(b"PGDMP") {
        return Some(
            "is a dump in PostgreSQL's own format: turn it into SQL with \
             pg_restore --schema-only --file schema.sql, and open that",
        );
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return None;
    }
    let looked_at = bytes.get(..LOOKED_AT).unwrap_or(bytes);
    let odd = |byte: &&u8| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127);
    // A stray control character is the reader's own matter; the SQL reader says so.
    let share = looked_at.iter().filter(odd).count().saturating_mul(20);
    (share > looked_at.len())
        .then_some("is not a text file: open SQL, Python or a standard in TOML")
}

/// The tab of a file that was opened while `shown` was, or nothing where nobody needs it. `alone` says that it was
/// chosen by itself, so that the tab was meant.
pub(crate) fn tab_of(path: &str, text: &str, shown: Tab, alone: bool) -> Option<Tab> {
    match kind_of(text) {
        Kind::Standard if !is_python_source(path, text) => return Some(Tab::Standard),
        // Of the settings of other programs, and of what is neither SQL nor Python, nothing can be read.
        _ if !alone && end_of(path).as_deref() == Some("toml") => return None,
        _ => {}
    }
    if shown == Tab::Standard && alone && end_of(path).as_deref() == Some("toml") {
        return Some(Tab::Standard);
    }
    if is_python_source(path, text) {
        return Some(if alone && shown == Tab::Documented { shown } else { Tab::Implemented });
    }
    if alone && shown != Tab::Standard {
        return Some(shown);
    }
    Some(match (side_by_name(path), shown) {
        (Some(tab), _) | (None, tab @ (Tab::Documented | Tab::Implemented)) => tab,
        (None, Tab::Standard) => Tab::Implemented,
    })
}

/// The side that the names of a file and its folders speak of. Only words that nothing else is called are taken.
fn side_by_name(path: &str) -> Option<Tab> {
    let path = path.to_ascii_lowercase();
    let mut names = path.rsplit('/').flat_map(|name| name.split(['.', '-', '_', ' ']));
    names.find_map(|word| match word {
        "doc" | "docs" | "documented" | "documentation" | "reference" | "spec" | "design" => {
            Some(Tab::Documented)
        }
        "implemented" | "implementation" | "migration" | "migrations" | "dump" | "alembic"
        | "versions" | "models" => Some(Tab::Implemented),
        _ => None,
    })
}

/// Why everything ended, in words.
pub(crate) fn stopped(why: &str, path: &str, count: f64) -> String {
    let end = "Nothing was opened, and your sources are as they were.";
    let limit = |limit: u32| grouped(usize::try_from(limit).unwrap_or(usize::MAX));
    match why {
        "cancelled" => format!("Stopped. {end}"),
        "visited" => format!(
            "{path}: there are more than {} files and folders here. {end} Open the folder of the migrations or of the \
             models by itself.",
            limit(LIMITS.visited)
        ),
        "files" => format!(
            "There are more than {} files of SQL or Python here. {end} Open the folder of the migrations or of the \
             models by itself.",
            limit(LIMITS.files)
        ),
        "bomb" => format!(
            "{path} unpacks to more than {} times its size, as zips do that are made to harm. {end} If you trust it, \
             unpack it yourself and open the folder.",
            limit(LIMITS.ratio)
        ),
        _ => format!(
            "{path}: the files hold more than {} together (this one came to {}). {end} Open fewer files, or a dump \
             without its data (pg_dump --schema-only).",
            megabytes(f64::from(LIMITS.total)),
            megabytes(count)
        ),
    }
}

/// Why one file was left out, in words that follow its name.
pub(crate) fn left_out(why: &str, size: f64, detail: &str) -> String {
    match why {
        "large" => format!(
            "is too large ({}; at most {} are read): open a dump without its data (pg_dump --schema-only)",
            megabytes(size),
            megabytes(f64::from(LIMITS.file))
        ),
        "zip" if detail.is_empty() => {
            "is not a zip that can be unpacked: open the files themselves".to_owned()
        }
        "zip" => format!(
            "could not be unpacked ({detail}): it may be damaged or have a password; unpack it and open the folder"
        ),
        "nothing" => "holds no file of SQL or Python and no standard".to_owned(),
        _ => format!(
            "could not be read ({}): check that it is still there and that you may read it, then open it again",
            if detail.is_empty() {
                "the browser gave no reason"
            } else {
                detail.trim_end_matches('.')
            }
        ),
    }
}

fn megabytes(bytes: f64) -> String {
    format!("{:.1} MB", bytes / 1e6)
}

/// What became of the files that were opened last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// How many are sources now.
    pub(crate) opened: usize,
    /// How many were there already, with the same text.
    pub(crate) same: usize,
    /// How many nobody wants, by their names.
    pub(crate) ignored: usize,
    /// What is said of single files: the path, and the rest of the sentence.
    pub(crate) notes: Vec<(String, String)>,
    /// Why nothing at all was opened.
    pub(crate) stopped: Option<String>,
}

impl Report {
    /// The end of everything.
    pub(crate) fn of_stop(message: String) -> Self {
        Self { stopped: Some(message), ..Self::default() }
    }

    /// Whether there is anything to say that the list of files does not show.
    pub(crate) fn is_worth_saying(&self) -> bool {
        self.stopped.is_some()
            || !self.notes.is_empty()
            || self.same > 0
            || self.ignored > 0
            || self.opened != 1
    }

    /// All of it in a sentence.
    pub(crate) fn sentence(&self) -> String {
        if let Some(stopped) = &self.stopped {
            return stopped.clone();
        }
        let mut parts = vec![match self.opened {
            0 => "No file was opened".to_owned(),
            opened => format!("{} opened", counted(opened, "file", "files")),
        }];
        if self.same > 0 {
            parts.push(format!("{} here already", grouped(self.same)));
        }
        if self.ignored > 0 {
            parts.push(format!(
                "{} passed over (neither SQL nor Python, or not yours)",
                grouped(self.ignored)
            ));
        }
        parts.join(" · ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_wanted_by_their_ends() {
        for path in ["a.sql", "a/b/0001_init.SQL", "app/models.py", "house.toml", "x.pgsql"] {
            assert!(is_wanted(path), "{path}");
        }
        for path in ["README.md", ".env.sql", "a/.hidden.py", "Makefile", "a.sql.gz", "sql"] {
            assert!(!is_wanted(path), "{path}");
        }
    }

    #[test]
    fn folders_of_others_are_passed_over() {
        for name in ["node_modules", "__pycache__", ".git", ".venv", "venv", "site-packages"] {
            assert!(is_skipped(name), "{name}");
        }
        for name in ["migrations", "app", "environment"] {
            assert!(!is_skipped(name), "{name}");
        }
    }

    #[test]
    fn bytes_are_text_or_not() {
        assert!(binary(b"CREATE TABLE a (id int);").is_none());
        assert!(binary("CREATE TABLE caf\u{e9} (id int);".as_bytes()).is_none());
        assert!(binary(b"CREATE TABLE no\0tes (id int); -- a stray one").is_none());
        assert!(binary(b"\xff\xfeC\0R\0E\0A\0T\0E\0").is_none());
        assert!(binary(b"").is_none());
        assert!(binary(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0").is_some());
        assert!(binary(b"PGDMP\x01\x0e\0").is_some_and(|why| why.contains("pg_restore")));
    }

    #[track_caller]
    fn check(path: &str, text: &str, shown: Tab, alone: bool, expected: Option<Tab>) {
        assert_eq!(tab_of(path, text, shown, alone), expected, "{path}");
    }

    #[test]
    fn the_side_is_guessed() {
        const SQL: &str = "CREATE TABLE a (id int);";
        const MODELS: &str = "from sqlalchemy.orm import DeclarativeBase\n";
        use Tab::{Documented, Implemented, Standard};
        check("x.sql", SQL, Documented, true, Some(Documented));
        check("migrations.sql", SQL, Documented, true, Some(Documented));
        check("docs/schema.sql", SQL, Implemented, false, Some(Documented));
        check("shop/migrations/0001.sql", SQL, Documented, false, Some(Implemented));
        check("shop/0001.sql", SQL, Documented, false, Some(Documented));
        check("x.sql", SQL, Standard, true, Some(Implemented));
        check("shop/models.py", MODELS, Documented, false, Some(Implemented));
        check("docs/conf.py", MODELS, Implemented, false, Some(Implemented));
        check("models.py", MODELS, Documented, true, Some(Documented));
        check("house.toml", "profile = \"hipaa\"\n", Implemented, true, Some(Standard));
        check("shop/pyproject.toml", "[tool.ruff]\nline-length = 100\n", Implemented, false, None);
        check("house.toml", "profil = 1\n", Standard, true, Some(Standard));
    }

    #[test]
    fn every_message_says_what_to_do() {
        assert!(stopped("bomb", "b.zip", 0.0).contains("unpack it yourself"));
        assert!(stopped("files", "", 2000.0).contains("2,000"));
        assert!(stopped("total", "a.sql", 61e6).contains("61.0 MB"));
        assert!(left_out("large", 50e6, "").contains("50.0 MB"));
        assert!(left_out("unreadable", 0.0, "not found.").contains("(not found)"));
    }

    #[test]
    fn a_report_counts() {
        let report = Report { opened: 12, ignored: 1_000, ..Report::default() };
        assert!(report.sentence().starts_with("12 files opened · 1,000 passed over"));
        assert!(!Report { opened: 1, ..Report::default() }.is_worth_saying());
    }
}
