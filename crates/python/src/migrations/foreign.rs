//! Calls of functions that were not given.

use schemaward_catalog::Origin;

use super::EVERYTHING;
use super::host::Migration;
use crate::interpret::{Args, SymbolKind, Value};

/// The name that something of a library begins with.
pub(super) fn root(value: &Value) -> Option<&str> {
    let mut value = value;
    loop {
        match &value.symbol()?.kind {
            SymbolKind::Name(path) => return Some(path),
            SymbolKind::Attribute(inner, _)
            | SymbolKind::Call(inner, _)
            | SymbolKind::Subscript(inner, _)
            | SymbolKind::Unary(_, inner)
            | SymbolKind::Binary(_, inner, _) => value = inner,
        }
    }
}

/// Whether a call is handed the database or what changes it.
fn handed(args: &Args) -> bool {
    args.list.iter().any(|arg| {
        root(&arg.value).is_some_and(|path| path.starts_with('<') || path.starts_with("alembic"))
    })
}

/// Packages whose functions build nothing by being called.
const HARMLESS: &[&str] = &[
    "<result>",
    "abc",
    "alembic",
    "alembic_utils",
    "argparse",
    "array",
    "ast",
    "asyncio",
    "attr",
    "attrs",
    "base64",
    "bcrypt",
    "bleach",
    "boto3",
    "botocore",
    "bs4",
    "calendar",
    "click",
    "collections",
    "concurrent",
    "contextlib",
    "copy",
    "cryptography",
    "csv",
    "dataclasses",
    "datetime",
    "dateutil",
    "decimal",
    "dotenv",
    "enum",
    "faker",
    "fastapi_users_db_sqlalchemy",
    "fractions",
    "functools",
    "geoalchemy2",
    "getpass",
    "glob",
    "hashlib",
    "hmac",
    "httpx",
    "importlib",
    "inspect",
    "io",
    "itertools",
    "json",
    "jwt",
    "locale",
    "logging",
    "loguru",
    "lxml",
    "markdown",
    "math",
    "msgpack",
    "nanoid",
    "nh3",
    "numbers",
    "numpy",
    "open",
    "operator",
    "orjson",
    "os",
    "packaging",
    "pandas",
    "passlib",
    "pathlib",
    "pendulum",
    "pgvector",
    "phonenumbers",
    "platform",
    "pprint",
    "psycopg",
    "psycopg2",
    "pydantic",
    "pytz",
    "random",
    "re",
    "redis",
    "requests",
    "rich",
    "secrets",
    "sentry_sdk",
    "shutil",
    "six",
    "slugify",
    "socket",
    "sqlalchemy",
    "sqlalchemy_utils",
    "sqlmodel",
    "statistics",
    "string",
    "stripe",
    "structlog",
    "subprocess",
    "sys",
    "tempfile",
    "tenacity",
    "text_unidecode",
    "textwrap",
    "threading",
    "time",
    "toml",
    "tomllib",
    "tqdm",
    "traceback",
    "types",
    "typing",
    "typing_extensions",
    "ulid",
    "unicodedata",
    "unidecode",
    "urllib",
    "urllib3",
    "uuid",
    "uuid6",
    "uuid_utils",
    "warnings",
    "yaml",
    "zoneinfo",
];

/// Methods of containers, strings and numbers, which only read. They tell nothing of what they are
/// called on, unless that is the database.
const READING: &[&str] = &[
    "capitalize",
    "casefold",
    "copy",
    "count",
    "decode",
    "difference",
    "encode",
    "endswith",
    "format",
    "get",
    "hex",
    "index",
    "intersection",
    "isdigit",
    "items",
    "join",
    "keys",
    "lower",
    "lstrip",
    "replace",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "title",
    "union",
    "upper",
    "values",
    "zfill",
];

impl Migration<'_> {
    /// A function that was not given may do anything with what it is passed.
    pub(super) fn foreign_call(&mut self, callee: &Value, args: &Args, origin: Origin) {
        let path = match callee {
            // A name that means nothing in what was given; what is computed from other things that
            // are not known (a row, a result) builds nothing by itself.
            Value::Unknown(unknown) => {
                let name = self.sources.quote(unknown.origin).to_owned();
                let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
                let called = self.sources.quote(origin);
                // The call is of that name, or of something that came out of it; the latter can only
                // change the schema with what it is handed.
                let named = !name.is_empty()
                    && name.chars().all(is_name)
                    && called.starts_with(name.as_str());
                match (named, handed(args)) {
                    (true, _) => name,
                    (false, true) => called.split('(').next().unwrap_or_default().trim().to_owned(),
                    (false, false) => return,
                }
            }
            other => match other.path() {
                Some(path) => path.to_owned(),
                None => return,
            },
        };
        let package = path.split('.').next().unwrap_or_default();
        let name = path.rsplit('.').next().unwrap_or_default();
        // `library.names.keys()`: of a value; `library.get()` is a function that may do anything.
        if path.matches('.').count() > 1 && READING.contains(&name) && !handed(args) {
            return;
        }
        // What begins with a capital is a class: a type or an object that is used somewhere.
        if path.starts_with('<')
            || HARMLESS.contains(&package)
            || name.starts_with(char::is_uppercase)
        {
            return;
        }
        self.undecided(
            format!("it calls `{path}`, which was not given: what it does is not known"),
            EVERYTHING,
            None,
            origin,
        );
    }
}
