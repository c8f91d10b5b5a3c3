//! The command from outside: exit codes, messages, files.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "what the tests share fails by panicking, as the tests themselves do"
)]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const ID: &str = "01KETJZQ4T8Y3V5W6X7Z8A9B0C";
const DATE: &str = "2026-01-13";
const TABLE: &str = "CREATE TABLE patients (id uuid PRIMARY KEY DEFAULT gen_random_uuid());\n";

/// How a call ended.
struct Ended {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Ended {
    /// The output as JSON.
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).expect(&self.stderr)
    }

    /// Fails unless the call was refused with this one line.
    #[track_caller]
    fn is_refused(&self, message: &str) {
        assert_eq!(self.stderr, format!("error: {message}\n"));
        assert_eq!((self.code, self.stdout.as_str()), (Some(2), ""));
    }

    /// Fails unless the call was refused with one line that holds these words.
    #[track_caller]
    fn is_refused_with(&self, words: &[&str]) {
        assert_eq!((self.code, self.stdout.as_str()), (Some(2), ""), "{}", self.stderr);
        assert_eq!(self.stderr.lines().count(), 1, "{}", self.stderr);
        assert!(self.stderr.starts_with("error: "), "{}", self.stderr);
        for word in words {
            assert!(self.stderr.contains(word), "{word}: {}", self.stderr);
        }
    }
}

/// A folder with these files, in which the command is run.
struct Place(TempDir);

impl Place {
    fn new<T: AsRef<[u8]>>(files: &[(&str, T)]) -> Self {
        let place = Self(TempDir::new().unwrap());
        for (path, bytes) in files {
            let path = place.path(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        place
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.0.path().join(path)
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        self.run_with(arguments, b"")
    }

    fn run_with(&self, arguments: &[&str], input: &[u8]) -> Ended {
        let mut child = Command::new(env!("CARGO_BIN_EXE_schemaward"))
            .args(arguments)
            .current_dir(self.0.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A call that is refused does not read its input.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        Ended {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The sources of a review of these arguments, each as `side path`.
    fn sources(&self, arguments: &[&str]) -> Vec<String> {
        let arguments = [&["review", "--format", "json"], arguments].concat();
        let review = self.run(&arguments).json();
        let word = |source: &Value, key: &str| source[key].as_str().unwrap().to_owned();
        let sources = review["sources"].as_array().unwrap().iter();
        sources.map(|source| format!("{} {}", word(source, "side"), word(source, "path"))).collect()
    }
}

fn empty() -> Place {
    Place::new::<&str>(&[])
}

#[test]
fn the_exit_code_is_the_status() {
    let place = Place::new(&[
        ("pass.sql", "CREATE TABLE countries (code text PRIMARY KEY, name text NOT NULL);\n"),
        ("warnings.sql", "CREATE TABLE ( this cannot be read;\n"),
        ("fail.sql", TABLE),
    ]);
    for (file, status, codes) in [
        ("pass.sql", "pass", [0, 0, 0]),
        ("warnings.sql", "pass_with_warnings", [0, 1, 0]),
        ("fail.sql", "fail", [1, 1, 0]),
    ] {
        for (fail_on, code) in ["critical", "warning", "never"].into_iter().zip(codes) {
            let ended = place.run(&["review", file, "--format", "json", "--fail-on", fail_on]);
            assert_eq!(ended.json()["status"], status, "{file}");
            assert_eq!(ended.code, Some(code), "{file} {fail_on}");
        }
    }
    assert_eq!(place.run(&["review", "fail.sql"]).code, Some(1));
}

#[test]
fn the_same_call_prints_the_same_bytes() {
    let place = Place::new(&[("a.sql", TABLE), ("b.sql", "CREATE TABLE users (id int);")]);
    for format in ["text", "markdown", "html", "csv", "json"] {
        let call = ["review", "--documented", "a.sql", "b.sql", "--format", format];
        let call = [&call[..], &["--id", ID, "--date", DATE]].concat();
        let (first, second) = (place.run(&call), place.run(&call));
        assert_eq!(first.stdout, second.stdout);
        assert_eq!(first.stderr, "");
        assert!(first.stdout.ends_with('\n'));
    }
    let json =
        place.run(&["review", "b.sql", "--format", "json", "--id", ID, "--date", DATE]).json();
    assert_eq!((&json["id"], &json["date"]), (&ID.into(), &DATE.into()));
}

#[test]
fn a_review_without_a_stamp_gets_one() {
    let place = Place::new(&[("a.sql", TABLE)]);
    let review = || place.run(&["review", "a.sql", "--format", "json"]).json();
    let (first, second) = (review(), review());
    assert_ne!(first["id"], second["id"]);
    assert_eq!(first["id"].as_str().unwrap().len(), 26);
    assert!(first["date"].as_str().unwrap() >= DATE, "{}", first["date"]);
}

#[test]
fn paths_are_shown_as_they_are_given() {
    let place = Place::new(&[
        ("db/b.sql", "CREATE TABLE b ();"),
        ("db/a/z.sql", "CREATE TABLE z ();"),
        ("db/a/y.SQL", "?"),
        ("db/a/plain", "create table plain ();"),
        ("db/.hidden/h.sql", "CREATE TABLE h ();"),
        ("db/.h.sql", "CREATE TABLE h ();"),
        ("db/__pycache__/c.sql", "CREATE TABLE c ();"),
        ("docs.sql", "CREATE TABLE b ();"),
    ]);
    let folder = ["db/a/plain", "db/a/y.SQL", "db/a/z.sql", "db/b.sql"];
    let folder: Vec<_> = folder.map(|path| format!("implemented {path}")).into();
    assert_eq!(place.sources(&["db"]), folder);
    assert_eq!(place.sources(&["db/"]), folder);
    // No file counts twice on one side; the same file can stand on both.
    assert_eq!(place.sources(&["--implemented", "db", "db/b.sql", "./db/a/z.sql"]), folder);
    let sources = place.sources(&["--documented", "docs.sql", "docs.sql", "./db/b.sql"]);
    let wanted = ["documented docs.sql", "implemented docs.sql", "implemented ./db/b.sql"];
    assert_eq!(sources, wanted);
}

#[test]
fn standard_input_is_a_source() {
    let ended = empty().run_with(&["review", "-", "--format", "json"], TABLE.as_bytes());
    assert_eq!(ended.json()["sources"][0]["path"], "-");
    assert_eq!(ended.code, Some(1));
    empty()
        .run_with(&["review", "--documented", "-", "-"], b"SELECT 1;")
        .is_refused("standard input can be read only once; give `-` once and files for the rest");
}

#[test]
fn a_file_is_what_it_holds() {
    let place = Place::new(&[
        ("db/schema.txt", TABLE),
        ("db/rules.conf", "name = \"Clinic\"\n[primary_key]\nkind = \"uuid4\"\n"),
        ("db/models.py", "from sqlalchemy import Column\n"),
        ("db/pyproject.toml", "[project]\nname = \"clinic\"\n"),
        ("db/notes.md", "# Notes\n\nSome notes.\n"),
        ("db/b.md", "Text"),
        ("db/c.md", "Text"),
        ("db/picture.zip", "PK\u{3}\u{4}"),
    ]);
    let ended = place.run(&["review", "db", "--format", "json"]);
    let review = ended.json();
    assert_eq!(review["standard"], "Clinic");
    assert_eq!(review["sources"].as_array().unwrap().len(), 2);
    let notes: Vec<_> = ended.stderr.lines().collect();
    assert_eq!(
        notes,
        [
            "note: db/rules.conf is taken as the standard",
            "note: neither SQL, Python nor a standard, skipped: db/b.md, db/c.md, db/notes.md and 2 more",
        ]
    );
    // What is named by the caller is read, whatever it looks like.
    let ended = place.run(&["review", "db/notes.md", "--format", "json"]);
    assert_eq!(ended.json()["coverage"]["unread"].as_array().unwrap().len(), 1);
    place.run(&["review", "db", "--standard", "db/rules.conf"]).is_refused(
        "db/rules.conf: this is a second standard beside db/rules.conf; give one of them",
    );
}

#[test]
fn models_and_their_dump_are_two_layers() {
    let models = "import uuid\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n\
                  class Base(DeclarativeBase):\n    pass\n\n\n\
                  class Note(Base):\n    __tablename__ = 'notes'\n    \
                  id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)\n";
    let place = Place::new(&[
        ("app/models.py", models),
        ("app/keys.py", "# Keys of recipes.\nname = \"name\"\nrules = \"rules\"\nname = 1\n"),
        ("app/service.py", "from app.models import Note\n"),
        (
            "app/script.py.mako",
            "\"\"\"${message}\"\"\"\nrevision = ${repr(up)}\ndown_revision = ${repr(down)}\n",
        ),
        ("schema.sql", "CREATE TABLE notes (id uuid NOT NULL, PRIMARY KEY (id));"),
    ]);
    let review = place.run(&["review", "app", "schema.sql", "--format", "json"]).json();
    let layers: Vec<_> =
        review["sources"].as_array().unwrap().iter().map(|it| it["layer"].clone()).collect();
    assert_eq!(
        layers,
        [None, Some("models"), None, None, Some("database")].map(serde_json::Value::from)
    );
    let place_of = |layer: &str| {
        place.run(&["catalog", "app", "schema.sql", "--layer", layer, "--format", "sql"])
    };
    for layer in ["models", "database"] {
        assert!(place_of(layer).stdout.contains("CREATE TABLE public.notes"), "{layer}");
    }
    // The evidence of what a model makes is the model.
    let catalog = place.run(&["catalog", "app"]).json();
    let origin = &catalog["tables"][0]["columns"][0]["origin"];
    assert_eq!((&origin["source"], &origin["line"]), (&"app/models.py".into(), &11.into()));
}

#[test]
fn text_in_other_encodings_is_read() {
    let utf16: Vec<u8> =
        "\u{feff}CREATE TABLE é ();".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let place = Place::new(&[
        ("utf16.sql", utf16),
        ("latin1.sql", b"-- one\n-- caf\xe9\nCREATE TABLE t ();".to_vec()),
        ("bom.sql", b"\xef\xbb\xbfCREATE TABLE t ();\r\n".to_vec()),
    ]);
    for (file, note) in [
        ("utf16.sql", ""),
        (
            "latin1.sql",
            "note: latin1.sql: not valid UTF-8: 1 places are read as \u{fffd}, \
             the first in line 2\n",
        ),
        ("bom.sql", ""),
    ] {
        let ended = place.run(&["review", file, "--format", "json"]);
        assert_eq!(ended.stderr, note);
        assert_eq!(ended.json()["coverage"]["read"], 1, "{file}");
    }
    assert!(place.run(&["catalog", "utf16.sql", "--format", "sql"]).stdout.contains('é'));
}

#[test]
fn hostile_text_is_a_review() {
    let place = Place::new(&[
        ("quote.sql", "'"),
        ("nul.sql", "\0\0;\0"),
        ("empty.sql", ""),
        ("deep.sql", &format!("SELECT {}1", "(".repeat(50_000))),
        ("deep_default.sql", &format!("CREATE TABLE t (a int DEFAULT {}1);", "(".repeat(50_000))),
    ]);
    for file in ["quote.sql", "nul.sql", "empty.sql", "deep.sql", "deep_default.sql"] {
        let ended = place.run(&["review", file, "--format", "json"]);
        let coverage = &ended.json()["coverage"];
        let number = |key: &str| coverage[key].as_u64().unwrap();
        let unread = coverage["unread"].as_array().unwrap().len() as u64;
        assert_eq!(number("statements"), number("read") + number("irrelevant") + unread, "{file}");
    }
}

#[test]
fn unusable_files_are_refused() {
    let place = Place::new(&[
        ("dump.bin", "PGDMP\u{1}"),
        ("nothing/notes.md", "Notes"),
        ("a.sql", TABLE),
        ("standard.toml", "name = \"x\"\n[primary_key]\nkimd = \"ulid\"\n"),
    ]);
    place
        .run(&["review", "missing.sql"])
        .is_refused("missing.sql: there is no such file or folder; check the path");
    place.run(&["review", "dump.bin"]).is_refused(
        "dump.bin: this file is a dump in PostgreSQL's custom format; turn it into SQL with: \
         pg_restore --schema-only --file schema.sql DUMP",
    );
    place.run(&["review", "nothing"]).is_refused(
        "there is no schema to read; give a file or folder of SQL or Python, for example what \
         `pg_dump --schema-only` writes, or the folders of models and migrations",
    );
    place.run(&["review"]).is_refused_with(&["there is no schema to read", "pg_dump"]);
    place
        .run(&["review", "a.sql", "--standard", "nothing"])
        .is_refused("nothing: this is a folder; give a file");
    place
        .run(&["review", "a.sql", "--standard", "standard.toml"])
        .is_refused_with(&["standard.toml:3:1: ", "kimd"]);
    place
        .run(&["review", "a.sql", "--output", "no/such/folder.md"])
        .is_refused_with(&["no/such/folder.md: cannot be written"]);
}

#[test]
fn unusable_calls_are_refused() {
    let place = Place::new(&[("a.sql", TABLE)]);
    place.run(&["reveiw"]).is_refused_with(&["reveiw", "'review'", "see `schemaward --help`"]);
    place.run(&["catalog"]).is_refused_with(&["<PATH>..."]);
    place
        .run(&["review", "a.sql", "--date", "2026-02-30"])
        .is_refused_with(&["2026-02-30", "a date is written YYYY-MM-DD"]);
    place.run(&["review", "a.sql", "--id", "7"]).is_refused_with(&["an id is a ULID"]);
    place
        .run(&["review", "a.sql", "--format", "pdf"])
        .is_refused_with(&["pdf", "text, markdown, html, csv, json"]);
    place.run(&["open", "hello"]).is_refused_with(&["This is not a review link"]);
    place.run(&["open", "a.sql"]).is_refused_with(&["a.sql: ", "neither a review file nor"]);
    let bare = place.run(&[]);
    assert_eq!((bare.code, bare.stdout.as_str()), (Some(2), ""));
    assert!(bare.stderr.contains("Usage: schemaward"), "{}", bare.stderr);
}

#[test]
fn help_names_every_command() {
    let help = empty().run(&["--help"]);
    assert_eq!((help.code, help.stderr.as_str()), (Some(0), ""));
    for command in ["review", "plan", "catalog", "rules", "link", "open"] {
        assert!(help.stdout.contains(command), "{}", help.stdout);
        let help = empty().run(&[command, "--help"]);
        assert_eq!(help.code, Some(0), "{command}");
        assert!(help.stdout.contains(&format!("Usage: schemaward {command}")), "{}", help.stdout);
    }
    let version = empty().run(&["--version"]);
    assert_eq!(version.stdout, format!("schemaward {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn output_goes_where_it_is_sent() {
    let place = Place::new(&[("a.sql", TABLE)]);
    let stamp = ["--id", ID, "--date", DATE];
    let call = [&["review", "a.sql", "--format", "markdown"][..], &stamp].concat();
    let printed = place.run(&call);
    let written = place.run(&[&call[..], &["--output", "review.md"]].concat());
    assert_eq!((written.stdout.as_str(), written.code), ("", printed.code));
    assert_eq!(place.read("review.md"), printed.stdout);
    let coloured = place.run(&["review", "a.sql", "--color", "always"]);
    assert!(coloured.stdout.contains("\u{1b}["), "{}", coloured.stdout);
    let plain = place.run(&["review", "a.sql"]);
    assert!(!plain.stdout.contains("\u{1b}["), "{}", plain.stdout);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let place = Place::new(&[("a.sql", TABLE)]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_schemaward"))
        .args(["review", "a.sql", "--fail-on", "never"])
        .current_dir(place.0.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_plan_is_a_migration() {
    let place = Place::new(&[("a.sql", TABLE)]);
    let sql = place.run(&["plan", "a.sql"]);
    assert_eq!((sql.code, sql.stderr.as_str()), (Some(0), ""));
    assert!(sql.stdout.contains("ALTER TABLE"), "{}", sql.stdout);
    let markdown = place.run(&["plan", "a.sql", "--format", "markdown"]);
    assert!(markdown.stdout.contains("Harden"), "{}", markdown.stdout);
}

#[test]
fn a_catalog_is_the_schema_as_read() {
    let place = Place::new(&[("a.sql", TABLE), ("b.sql", "ALTER TABLE patients ADD note text;")]);
    let json = place.run(&["catalog", "a.sql", "b.sql"]);
    assert_eq!(json.code, Some(0));
    assert!(json.json().is_object());
    assert!(json.stdout.contains("\"note\"") && json.stdout.contains("b.sql"), "{}", json.stdout);
    let sql = place.run(&["catalog", "a.sql", "b.sql", "--format", "sql"]).stdout;
    assert!(sql.contains("CREATE TABLE") && sql.contains("note text"), "{sql}");
}

#[test]
fn rules_have_pages() {
    let list = empty().run(&["rules"]).stdout;
    assert!(list.lines().any(|line| line.starts_with("rls-missing ")), "{list}");
    for line in list.lines() {
        let id = line.split(' ').next().unwrap();
        let page = empty().run(&["rules", id]);
        assert_eq!(page.code, Some(0), "{id}");
        let example = ["```sql", "```python"].iter().any(|fence| page.stdout.contains(fence));
        assert!(example, "{id}: {}", page.stdout);
    }
    empty()
        .run(&["rules", "rls-mising"])
        .is_refused("there is no rule `rls-mising`; did you mean `rls-missing`?");
    empty()
        .run(&["rules", "zzz"])
        .is_refused("there is no rule `zzz`; `schemaward rules` lists them");
}

#[test]
fn a_link_opens_to_the_same_review() {
    let place = Place::new(&[
        ("docs.sql", "CREATE TABLE patients (id uuid);"),
        ("a.sql", TABLE),
        ("standard.toml", "name = \"Clinic\"\n"),
    ]);
    let inputs = ["--documented", "docs.sql", "a.sql", "--standard", "standard.toml"];
    let inputs = [&inputs[..], &["--id", ID, "--date", DATE]].concat();
    let review = place.run(&[&["review", "--format", "json"], &inputs[..]].concat());
    let link = place.run(&[&["link"], &inputs[..]].concat());
    assert_eq!((link.code, link.stderr.as_str()), (Some(0), ""));
    assert!(link.stdout.starts_with("#/edit/s1:"), "{}", link.stdout);
    let page = ["link", "--view", "--page", "https://example.org/app/?embed=1#/edit/old"];
    let page = place.run(&[&page[..], &inputs].concat()).stdout;
    assert!(page.starts_with("https://example.org/app/?embed=1#/view/s1:"), "{page}");
    for link in [link.stdout.trim(), page.trim()] {
        let opened = place.run(&["open", link, "--format", "json"]);
        assert_eq!((&opened.stdout, opened.code), (&review.stdout, review.code));
    }
    let opened = place.run_with(&["open", "-", "--format", "json"], page.as_bytes());
    assert_eq!(opened.stdout, review.stdout);
    let cut = page.trim().get(..page.len() / 2).unwrap();
    place.run(&["open", cut]).is_refused_with(&["The link was cut"]);
    place.run(&["open", "s7:AAAA"]).is_refused_with(&["newer version"]);
}

#[test]
fn a_link_is_extracted_to_files() {
    let place =
        Place::new(&[("docs.sql", "-- docs"), ("a.sql", TABLE), ("s.toml", "name = \"C\"\n")]);
    let inputs = ["link", "--documented", "docs.sql", "a.sql", "--standard", "s.toml"];
    let link = place.run(&inputs).stdout;
    let extracted = place.run(&["open", link.trim(), "--extract", "out"]);
    assert_eq!((extracted.code, extracted.stderr.as_str()), (Some(0), ""));
    assert_eq!(extracted.stdout.lines().count(), 3);
    for (file, text) in [
        ("documented/docs.sql", "-- docs"),
        ("implemented/a.sql", TABLE),
        ("standard.toml", "name = \"C\"\n"),
    ] {
        assert_eq!(place.read(&Path::new("out").join(file).to_string_lossy()), text);
    }
    place.run(&["open", link.trim(), "--extract", "out"]).is_refused_with(&["exists already"]);
}

#[test]
fn a_review_file_opens_to_the_same_review() {
    let place = Place::new(&[
        ("a.sql", TABLE),
        ("docs.sql", "CREATE TABLE patients ();"),
        ("s.toml", "name = \"C\"\n"),
    ]);
    let inputs = ["--documented", "docs.sql", "a.sql", "--standard", "s.toml"];
    let stamp = ["--date", DATE, "--id", ID];
    let json = ["--format", "json"];
    let direct = place.run(&[&["review"], &inputs[..], &stamp, &json].concat());
    let file = place.run(&[&["link", "--file", "-o", "r.json"], &inputs[..], &stamp].concat());
    assert_eq!((file.code, file.stderr.as_str()), (Some(0), ""));
    let text = place.read("r.json");
    assert!(text.starts_with("{\n  \"schemaward_review\": 1,\n"), "{text}");

    assert_eq!(place.run(&[&["open", "r.json"], &json[..]].concat()).stdout, direct.stdout);
    let piped = place.run_with(&[&["open", "-"], &json[..]].concat(), text.as_bytes());
    assert_eq!(piped.stdout, direct.stdout);
    let again = place.run(&[&["review", "r.json"], &stamp[..], &json].concat());
    assert_eq!(again.stdout, direct.stdout, "the file gives both sides and the standard");
    place
        .run(&["review", "r.json", "--standard", "s.toml"])
        .is_refused_with(&["second standard beside s.toml"]);
}

#[test]
fn marks_are_carried_and_named() {
    let mark = r#"{"finding": "x:y", "verdict": "accepted", "date": "2026-01-14"}"#;
    let source = r#"{"side": "implemented", "path": "a.sql", "text": "CREATE TABLE t ();"}"#;
    let review = format!(r#"{{"schemaward_review": 1, "sources": [{source}], "marks": [{mark}]}}"#);
    let place =
        Place::new(&[("r.json", review.as_str()), ("bad.json", r#"{"schemaward_review": 1}"#)]);
    let link = place.run(&["link", "r.json"]);
    assert!(link.stdout.starts_with("#/edit/s2:"), "{}", link.stdout);
    for arguments in [["open", link.stdout.trim()], ["open", "r.json"], ["review", "r.json"]] {
        let ended = place.run(&arguments);
        assert!(
            ended.stderr.contains("marked findings: 1 (1 accepted, 0 waived"),
            "{}",
            ended.stderr
        );
    }
    let file = place.run(&["link", "--file", "r.json"]).stdout;
    assert!(file.contains("\"finding\": \"x:y\""), "{file}");
    place.run(&["review", "bad.json"]).is_refused_with(&["bad.json: ", "missing field `sources`"]);
    place.run(&["open", "bad.json"]).is_refused_with(&["missing field `sources`"]);
}

#[test]
fn a_long_link_is_said_to_be_long() {
    use std::fmt::Write as _;
    let mut sql = String::new();
    // Numbers without a pattern, so that they do not shrink.
    let mut number = 1_u64;
    for _ in 0..2_000 {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        writeln!(sql, "CREATE TABLE t{number} ();").unwrap();
    }
    let ended = Place::new(&[("a.sql", sql)]).run(&["link", "a.sql"]);
    assert_eq!(ended.code, Some(0));
    assert!(ended.stderr.starts_with("note: the link has "), "{}", ended.stderr);
}

/// The call that the documentation of the fixture names, from the root of the repository.
#[test]
fn the_clinic_prints_its_golden_review() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for (format, golden) in [("markdown", "review.md"), ("json", "review.json")] {
        let output = Command::new(env!("CARGO_BIN_EXE_schemaward"))
            .current_dir(&root)
            .args(["review", "--documented", "tests/fixtures/clinic/documented.sql"])
            .args(["--implemented", "tests/fixtures/clinic/implemented.sql"])
            .args(["--format", format, "--id", "01KEV0S8Z0CCCCCCCCCCCCCCCC", "--date", DATE])
            .output()
            .unwrap();
        let golden = fs::read_to_string(root.join("tests/fixtures/clinic").join(golden)).unwrap();
        assert_eq!(output.status.code(), Some(1), "the clinic fails its review");
        assert!(golden == String::from_utf8(output.stdout).unwrap(), "{format} is not golden");
    }
}

#[test]
fn two_versions_are_compared() {
    let place = Place::new(&[
        (
            "before.sql",
            "CREATE TABLE rooms (id uuid PRIMARY KEY, size int);\nALTER TABLE rooms ENABLE ROW LEVEL SECURITY;\n",
        ),
        ("after.sql", "CREATE TABLE rooms (id uuid PRIMARY KEY, size bigint);\n"),
    ]);
    let call = ["compare", "--before", "before.sql", "--after", "after.sql"];
    let ended = place.run(&call);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(ended.stdout.starts_with("2 changes: 1 dangerous, 1 safe; "), "{}", ended.stdout);
    let json = place.run(&[&call[..], &["--format", "json", "--fail-on", "never"]].concat());
    assert_eq!(json.code, Some(0));
    let changes = json.json()["changes"].as_array().unwrap().clone();
    let classes: Vec<_> = changes.iter().map(|change| change["class"].as_str().unwrap()).collect();
    assert_eq!(classes, ["dangerous", "safe"]);
    assert_eq!(changes[0]["evidence"][0]["line"], 2);
    let markdown = place.run(&[&call[..], &["--format", "markdown"]].concat());
    assert!(markdown.stdout.contains("| **dangerous** | Rooms |"), "{}", markdown.stdout);
}

#[test]
fn the_two_sides_are_made_one() {
    let place = Place::new(&[
        (
            "docs.sql",
            "-- Where things happen.\nCREATE TABLE rooms (\n    id    UUID PRIMARY KEY,\n    size  INTEGER  -- in m2\n);\n",
        ),
        ("built.sql", "CREATE TABLE rooms (id uuid PRIMARY KEY, size bigint, note text);\n"),
    ]);
    let call = ["sync", "--documented", "docs.sql", "built.sql"];
    let patch = place.run(&call);
    assert_eq!((patch.code, patch.stderr.as_str()), (Some(0), ""));
    assert_eq!(
        patch.stdout,
        "--- a/docs.sql\n+++ b/docs.sql\n@@ -1,5 +1,6 @@\n -- Where things happen.\n CREATE TABLE rooms (\n     \
         id    UUID PRIMARY KEY,\n-    size  INTEGER  -- in m2\n+    size  BIGINT,  -- in m2\n+    note TEXT\n );\n"
    );
    let sql = place.run(&[&call[..], &["--format", "sql"]].concat());
    assert_eq!(
        sql.stdout,
        "ALTER TABLE rooms DROP COLUMN note;\nALTER TABLE rooms ALTER COLUMN size TYPE integer;\n"
    );
    // The patch is one that tools apply.
    fs::write(place.path("docs.patch"), &patch.stdout).unwrap();
    let applied =
        Command::new("git").args(["apply", "docs.patch"]).current_dir(place.path(".")).status();
    if applied.is_ok_and(|status| status.success()) {
        let after =
            place.run(&["review", "--documented", "docs.sql", "built.sql", "--format", "json"]);
        assert_eq!(after.json()["discrepancies"].as_array().unwrap().len(), 0);
    }
}
