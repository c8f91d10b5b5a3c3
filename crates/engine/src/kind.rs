//! What a file is, decided by its content.

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// PostgreSQL statements.
    Sql,
    /// A standard.
    Standard,
    /// Python: models or migrations.
    Python,
    /// Nothing that is known; given by name it is read as SQL, whose reader says what it could not
    /// read.
    Unknown,
}

/// How much of a text is looked at, in bytes.
const LOOKED_AT: usize = 64 * 1024;

/// The keys and sections at the top of a standard.
const STANDARD_KEYS: [&str; 14] = [
    "audit",
    "classes",
    "models",
    "name",
    "primary_key",
    "privacy",
    "profile",
    "require",
    "rls",
    "rules",
    "soft_delete",
    "tenancy",
    "timestamps",
    "waive",
];

/// The words a PostgreSQL statement begins with.
const SQL_WORDS: [&str; 52] = [
    "abort",
    "alter",
    "analyze",
    "begin",
    "call",
    "checkpoint",
    "close",
    "cluster",
    "comment",
    "commit",
    "copy",
    "create",
    "deallocate",
    "declare",
    "delete",
    "discard",
    "do",
    "drop",
    "end",
    "execute",
    "explain",
    "fetch",
    "grant",
    "insert",
    "listen",
    "load",
    "lock",
    "merge",
    "move",
    "notify",
    "prepare",
    "reassign",
    "refresh",
    "reindex",
    "release",
    "reset",
    "revoke",
    "rollback",
    "savepoint",
    "security",
    "select",
    "set",
    "show",
    "start",
    "table",
    "truncate",
    "unlisten",
    "update",
    "vacuum",
    "values",
    "with",
    "import",
];

/// What this text is.
pub fn kind_of(text: &str) -> Kind {
    let text = text.get(..text.floor_char_boundary(LOOKED_AT)).unwrap_or(text);
    let lines = || text.trim_start_matches('\u{feff}').lines().map(str::trim_end);
    // `#` begins a comment in TOML and Python alike.
    let Some(first) = lines().find(|line| !line.trim().is_empty() && !line.starts_with('#')) else {
        return Kind::Unknown;
    };
    // Comments like those of SQL begin files of other languages too: what follows them decides.
    if ["--", "/*", "\\", ";"].iter().any(|start| first.trim_start().starts_with(start)) {
        return if begins_sql(text) { Kind::Sql } else { Kind::Unknown };
    }
    if is_python(first) {
        return Kind::Python;
    }
    if section(first).is_some() || key(first).is_some() {
        if lines().any(is_python) {
            return Kind::Python;
        }
        return if holds_standard(lines()) { Kind::Standard } else { Kind::Unknown };
    }
    if begins_statement(first.trim_start()) { Kind::Sql } else { Kind::Unknown }
}

/// Whether what follows the comments at the start of a text begins a statement or a command of psql, or
/// nothing follows them at all.
fn begins_sql(text: &str) -> bool {
    let mut rest = text.trim_start_matches('\u{feff}');
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ';');
        rest = if let Some(line) = rest.strip_prefix("--") {
            line.split_once('\n').map_or("", |(_, rest)| rest)
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.split_once("*/").map_or("", |(_, rest)| rest)
        } else {
            break;
        };
    }
    rest.is_empty() || rest.starts_with(['\\', '(']) || begins_statement(rest)
}

/// Whether a text begins with a word that a statement begins with. `IMPORT` is one only before
/// `FOREIGN`: modules of other languages begin with it, too.
fn begins_statement(text: &str) -> bool {
    let word: String = text.chars().take_while(char::is_ascii_alphabetic).collect();
    let after = text.get(word.len()..).unwrap_or_default();
    let word = word.to_ascii_lowercase();
    SQL_WORDS.contains(&word.as_str()) && (word != "import" || has_foreign(after))
}

/// Whether a line can only be Python's. Python is indented only inside of other lines, so that
/// lines of other languages' bodies are not taken for it.
fn is_python(line: &str) -> bool {
    let rest_of = |word: &str| line.strip_prefix(word);
    rest_of("from ").is_some_and(|rest| rest.contains(" import "))
        || rest_of("import ").is_some_and(|rest| !rest.trim().ends_with(';') && !has_foreign(rest))
        || rest_of("class ").is_some_and(|rest| rest.ends_with(':') || rest.contains('('))
        || rest_of("def ").is_some_and(|rest| rest.contains('('))
        || rest_of("async def ").is_some()
        || ["\"\"\"", "'''", "r\"\"\""].iter().any(|quote| line.starts_with(quote))
}

/// `IMPORT FOREIGN SCHEMA` is SQL.
fn has_foreign(rest: &str) -> bool {
    rest.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case("foreign"))
}

/// The first part of the name of a TOML section (`[a.b]`, `[[a.b]]`).
fn section(line: &str) -> Option<&str> {
    let name = line.strip_prefix("[[").or_else(|| line.strip_prefix('['))?;
    let (name, _) = name.split_once(']')?;
    Some(name.split('.').next().unwrap_or(name).trim().trim_matches(['"', '\'']))
}

/// The first part of the key of a TOML assignment (`a.b = …`), if the line is one.
fn key(line: &str) -> Option<&str> {
    let (name, value) = line.split_once('=')?;
    let name = name.trim();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "_-.\"'".contains(letter);
    (!name.is_empty() && !value.starts_with('=') && name.chars().all(plain))
        .then(|| name.split('.').next().unwrap_or(name).trim_matches(['"', '\'']))
}

/// Whether a section, or a key above all sections, is one of a standard.
fn holds_standard<'a>(lines: impl Iterator<Item = &'a str>) -> bool {
    let mut at_top = true;
    for line in lines {
        if let Some(name) = section(line) {
            at_top = false;
            if STANDARD_KEYS.contains(&name) {
                return true;
            }
        } else if at_top && key(line).is_some_and(|name| STANDARD_KEYS.contains(&name)) {
            return true;
        }
    }
    false
}

/// Whether a source is Python: by its name, or by its content.
pub fn is_python_source(path: &str, text: &str) -> bool {
    let end = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, end)| end);
    matches!(end, Some("py" | "pyi")) || kind_of(text) == Kind::Python
}

#[cfg(test)]
mod tests {
    use super::{Kind, kind_of};

    #[track_caller]
    fn check(text: &str, kind: Kind) {
        assert_eq!(kind_of(text), kind, "{text}");
    }

    #[test]
    fn sql() {
        check("\u{feff}-- Clinic\nCREATE TABLE t ();", Kind::Sql);
        check("\n\n  /* licence */ select 1", Kind::Sql);
        check("-- a\n/* b */ -- c\n\n\\connect x", Kind::Sql);
        check("-- nothing yet\n", Kind::Sql);
        check("\\restrict abc\nSET x = 1;", Kind::Sql);
        check("create table t (id int)", Kind::Sql);
        check("SET search_path = app;", Kind::Sql);
        check("UPDATE t SET a = 1;", Kind::Sql);
        check("IMPORT FOREIGN SCHEMA s FROM SERVER x INTO y;", Kind::Sql);
        check("import foreign schema s\n  from server x into y;", Kind::Sql);
    }

    #[test]
    fn standards() {
        check("", Kind::Unknown);
        check("# ours\nname = \"x\"\n", Kind::Standard);
        check("[primary_key]\nkind = \"ulid\"\n", Kind::Standard);
        check("[[require.column]]\ntable = \"a\"\n", Kind::Standard);
        check("nam = \"typing error\"\n[rls]\n", Kind::Standard);
        check("[project]\nname = \"a package\"\n", Kind::Unknown);
        check("[[package]]\nname = \"a lock file\"\n", Kind::Unknown);
    }

    #[test]
    fn python() {
        check("import sqlalchemy as sa\n", Kind::Python);
        check("#!/usr/bin/env python\nfrom alembic import op\n", Kind::Python);
        check("\"\"\"first revision\n\nRevises: \n\"\"\"\nname = 1", Kind::Python);
        check("revision = \"a1\"\nname = 2\n\ndef upgrade():\n    pass\n", Kind::Python);
        check("class Base(DeclarativeBase):\n    pass\n", Kind::Python);
    }

    #[test]
    fn other_texts() {
        check("id,name\n1,Ada\n", Kind::Unknown);
        check("/* colours */\nbody { margin: 0 }\n", Kind::Unknown);
        check("/* a script */\nimport x from \"y\";\n", Kind::Unknown);
        check("-- a module\nlocal x = 1\n", Kind::Unknown);
        check("# Read me\n\nThis is text.\n", Kind::Unknown);
        check("{\"a\": 1}", Kind::Unknown);
        check("\0\0\0", Kind::Unknown);
        check("'", Kind::Unknown);
    }
}
