//! Input that no one would write on purpose: it costs a bounded time and a note with its place, and the
//! rest of it is read.

use std::fmt::Write as _;

use schemaward_catalog::{Side, Source, Sources};
use schemaward_python::{InputFile, Played, Project};

/// What models begin with.
const MODELS: &str = "\
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
class Base(DeclarativeBase): pass
class Patient(Base):
    __tablename__ = 'patients'
    id: Mapped[int] = mapped_column(primary_key=True)
";

/// What a revision begins with.
const REVISION: &str = "\
import sqlalchemy as sa
from alembic import op
revision, down_revision = '1', None
";

/// The files of a text in which `# file: PATH` begins another one.
fn files(text: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match (line.strip_prefix("# file: "), files.last_mut()) {
            (Some(path), _) => files.push((path.trim().to_owned(), String::new())),
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => {}
        }
    }
    files
}

/// What was read, and what is said where: `path:line word: message`, and the tables with their columns.
fn told(text: &str) -> String {
    let files = files(text);
    let mut sources = Sources::default();
    let inputs: Vec<InputFile<'_>> = files
        .iter()
        .map(|(path, text)| {
            let source = sources.add(Source::new(Side::Implemented, path.as_str(), text.as_str()));
            InputFile { path, text, source }
        })
        .collect();
    let told = Project::read(&inputs, &[]).play(Side::Implemented, &mut sources);
    let mut out = String::new();
    for (layer, played) in [("models", &told.models), ("migrations", &told.migrations)] {
        if let Some(played) = played {
            list(&mut out, layer, played, &sources);
        }
    }
    out
}

fn list(out: &mut String, layer: &str, played: &Played, sources: &Sources) {
    let said = played.unread.iter().map(|it| ("unread", it));
    for (word, remark) in said.chain(played.notes.iter().map(|it| ("note", it))) {
        let origin = sources.resolve(remark.origin);
        let source = sources.get(origin.source);
        let (path, text) = source.map_or(("", ""), |it| (it.path.as_str(), &*it.text));
        let line =
            1 + text.get(..origin.span.start as usize).map_or(0, |it| it.matches('\n').count());
        let mut message = remark.message.clone();
        if message.chars().count() > 100 {
            message = message.chars().take(100).chain(['…']).collect();
        }
        let _ = writeln!(out, "{path}:{line} {word}: {message}");
    }
    let tables = played.catalog.tables.values().map(|table| {
        let columns: Vec<&str> = table.columns.iter().map(|it| it.name.as_str()).collect();
        format!("{}({})", table.name.name, columns.join(" "))
    });
    let _ = writeln!(out, "{layer}: {}", tables.collect::<Vec<_>>().join(", "));
}

/// `input` is one case; `expect` what is said and read, line by line.
#[track_caller]
fn check(input: &str, expect: &str) {
    let input = input.replace("{MODELS}\n", MODELS).replace("{REVISION}\n", REVISION);
    let began = std::time::Instant::now();
    let found = told(&input);
    // Far more than it takes: what is bounded here are steps.
    assert!(began.elapsed().as_secs() < 60, "{input:.200}");
    assert_eq!(found.trim(), expect.trim(), "{input:.1000}");
}

#[test]
fn while_true() {
    check(
        "\
# file: models.py
{MODELS}
while True:
    pass
class Visit(Base):
    __tablename__ = 'visits'
    id: Mapped[int] = mapped_column(primary_key=True)
",
        "\
models.py:7 unread: it takes too many steps: it was run only in part
models: patients(id), visits(id)",
    );
    check(
        "\
# file: v/1.py
{REVISION}
def upgrade():
    op.create_table('a', sa.Column('id', sa.Integer))
    n = 0
    while True:
        n += 1
    op.create_table('b', sa.Column('id', sa.Integer))
",
        "\
v/1.py:8 unread: it is not run: it takes too many steps to be run to its end
migrations: a(id), b(id)",
    );
}

#[test]
fn recursion() {
    check(
        "\
# file: models.py
{MODELS}
def f(n):
    return f(n + 1)
x = f(0)
Patient.x = mapped_column(sa.String(x))
",
        "\
models.py:8 unread: it is not run: calls nest too deep
models.py:10 unread: the argument `length` of the type `String` is not known
models.py:10 unread: the type is not known: sqlalchemy.String(<unknown: calls nest too deep>)
models.py:10 unread: no type is given, and none can be inferred (patients)
models.py:10 unread: column \"x\" is left out (patients)
models: patients(id)",
    );
    check(
        "\
# file: v/1.py
{REVISION}
def make(n):
    op.create_table(f't{n}')
    if n < 2:
        make(n + 1)
def ever(n):
    ever(n + 1)
    ever(n + 2)
def upgrade():
    make(0)
    ever(0)
    op.create_table('last')
",
        "\
v/1.py:9 unread: it is not run: calls nest too deep
v/1.py:10 unread: it is not run: calls nest too deep
v/1.py:9 unread: it is not run: it takes too many steps to be run to its end
migrations: last(), t0(), t1(), t2()",
    );
}

#[test]
fn loops_over_a_million() {
    check(
        "\
# file: models.py
{MODELS}
x = 0
for i in range(1_000_000):
    x += i
class Visit(Base):
    __tablename__ = 'visits'
    id: Mapped[int] = mapped_column(primary_key=True)
",
        "\
models.py:8 unread: it is not run: a range of too many numbers
models: patients(id), visits(id)",
    );
    check("\
# file: v/1.py
{REVISION}
def upgrade():
    for i in range(1000):
        for j in range(1000):
            k = i * j
    op.create_table('after')
    for i in range(10 ** 6):
        op.execute(f'DROP TABLE t{i}')
    op.create_table('last')
", "\
v/1.py:7 unread: it is not run: it takes too many steps to be run to its end
v/1.py:9 unread: a loop that may change the schema is not run: a range of too many numbers is not known, and a part o…
migrations: after(), last()");
}

#[test]
fn exponential_comprehensions() {
    check(
        "\
# file: models.py
{MODELS}
x = [(a, b, c, d) for a in range(99) for b in range(99) for c in range(99) for d in range(99)]
y = [0 for a in range(9999) for b in range(9999) if False]
class Visit(Base):
    __tablename__ = 'visits'
    id: Mapped[int] = mapped_column(primary_key=True)
",
        "\
models.py:7 unread: it takes too many steps: it was run only in part
models.py:8 unread: it takes too many steps: it was run only in part
models: patients(id), visits(id)",
    );
    check("\
# file: v/1.py
{REVISION}
def upgrade():
    x = ['a']
    for i in range(60):
        x = x + x
    for name in x:
        op.create_table(name)
    op.create_table('last')
", "\
v/1.py:8 unread: a loop that may change the schema is not run: the result is too large is not known, and op.create_ta…
migrations: last()");
}

#[test]
fn deeply_nested_literals() {
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let braces = format!("{}1{}", "{1: ".repeat(90), "}".repeat(90));
    check(
        &format!(
            "\
# file: models.py
{{MODELS}}
x = {deep}
y = {braces}
z = {}1
class Visit(Base):
    __tablename__ = 'visits'
    id: Mapped[int] = mapped_column(primary_key=True)
",
            "- ".repeat(5_000)
        ),
        "\
models.py:7 unread: it is not read as Python: brackets nest too deep
models.py:9 unread: it is not read as Python: an expression has too many operators
models: patients(id), visits(id)",
    );
    let blocks: Vec<String> = (0..300).map(|at| format!("{}if True:\n", " ".repeat(at))).collect();
    let blocks = blocks.concat();
    check(
        &format!(
            "\
# file: v/1.py
{{REVISION}}
{blocks}{}x = 1
def upgrade():
    op.create_table('t')
",
            " ".repeat(300)
        ),
        "\
v/1.py:104 unread: it is not read as Python: blocks nest too deep
migrations: t()",
    );
}

#[test]
fn what_is_not_python() {
    // Given as Python all the same: what it is, is decided by content.
    check(
        "\
# file: models.py
CREATE TABLE t (id int);
",
        "",
    );
    check("\
# file: models.py
{MODELS}
<html><body>class Visit(Base)</body>
$$$
class Visit(Base):
    __tablename__ = 'visits'
    id: Mapped[int] = mapped_column(primary_key=True)
", "\
models.py:7 unread: it is not read as Python: Expected a statement
models.py:7 unread: it is not read as Python: Expected an expression
models.py:7 unread: it is not read as Python: Expected an identifier, but found a keyword `class` that cannot be used he…
models.py:7 unread: it is not read as Python: Simple statements must be separated by newlines or semicolons
models.py:7 unread: it is not read as Python: Expected an expression
models.py:7 unread: it is not read as Python: Expected an expression
models.py:8 unread: it is not read as Python: Got unexpected token $
models.py:8 unread: it is not read as Python: Got unexpected token $
models.py:8 unread: it is not read as Python: Got unexpected token $
models.py:8 unread: it is not read as Python: Expected a statement
models: patients(id), visits(id)");
    check(
        "\
# file: models.py
\u{0}\u{1}\u{2}PK
",
        "",
    );
}

#[test]
fn python_2() {
    check("\
# file: models.py
{MODELS}
print 'reading models'
exec 'x = 1'
limit = 0777L
name = ur'x'
try:
    pass
except ValueError, e:
    raise ValueError, 'no'
class Visit(Base):
    __tablename__ = 'visits'
    id: Mapped[int] = mapped_column(primary_key=True)
    name = sa.Column(sa.Unicode(80), default=u'x')
", "\
models.py:7 unread: it is not read as Python: Simple statements must be separated by newlines or semicolons
models.py:8 unread: it is not read as Python: Simple statements must be separated by newlines or semicolons
models.py:9 unread: it is not read as Python: Invalid decimal integer literal
models.py:10 unread: it is not read as Python: Simple statements must be separated by newlines or semicolons
models.py:14 unread: it is not read as Python: Unparenthesized tuple expression cannot be used here
models: patients(id), visits(id name)");
    check("\
# file: v/1.py
{REVISION}
def upgrade():
    print 'upgrading'
    op.create_table('t', sa.Column('id', sa.Integer))
    print >>out, 'done'
", "\
v/1.py:5 unread: it is not read as Python: Simple statements must be separated by newlines or semicolons
migrations: t(id)");
}

#[test]
fn broken_encodings() {
    check(
        "\
# file: models.py
\u{feff}# -*- coding: latin-1 -*-\r
{MODELS}
class Caf\u{fffd}(Base):\r
    __tablename__ = 'caf\u{fffd}s'\r
    id: Mapped[int] = mapped_column(primary_key=True)\r
class Visit(Base):\r
    __tablename__ = 'visits'\r
    id: Mapped[int] = mapped_column(primary_key=True)\r
    note = sa.Column(sa.String, comment='\\ud800\\N{NO SUCH NAME}')\r
",
        "\
models.py:8 unread: it is not read as Python: Got unexpected token �
models.py:8 unread: it is not read as Python: Expected an expression
models.py:9 unread: it is not read as Python: Unexpected indentation
models.py:14 unread: it is not read as Python: Got unexpected unicode
models: patients(id), visits(id note)",
    );
}

#[test]
fn modules_that_import_themselves() {
    check(
        "\
# file: app/models.py
from app.models import *
import app.models as me
from . import models
{MODELS}
x = me.Patient.__tablename__
from app.models import Visit
class Visit(Base):
    __tablename__ = x + '_visits'
    id: Mapped[int] = mapped_column(primary_key=True)
",
        "\
models: patients(id), patients_visits(id)",
    );
    check("\
# file: app/a.py
from app.b import Base
import sqlalchemy as sa
class A(Base):
    __tablename__ = 'a'
    id = sa.Column(sa.Integer, primary_key=True)
# file: app/b.py
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase
class Base(DeclarativeBase): pass
from app.a import A
class B(Base):
    __tablename__ = 'b'
    id = sa.Column(sa.Integer, sa.ForeignKey(A.id), primary_key=True)
", "\
app/b.py:7 unread: what a foreign key refers to is not known: <unknown: `A` is not bound in `app.a` when it is imported…
models: a(id), b(id)");
}

#[test]
fn two_classes_with_one_table() {
    check(
        "\
# file: models.py
{MODELS}
class Sick(Base):
    __tablename__ = 'patients'
    id: Mapped[int] = mapped_column(primary_key=True)
    ward: Mapped[str]
class Visit(Base):
    __tablename__ = 'visits'
    id: Mapped[int] = mapped_column(primary_key=True)
again = sa.Table('visits', Base.metadata, sa.Column('x', sa.Integer))
",
        "\
models.py:7 unread: the table `patients` has two classes
models.py:14 unread: the table `visits` is defined twice
models: patients(id), visits(id)",
    );
}

#[test]
fn a_revision_that_follows_itself() {
    check(
        "\
# file: v/1.py
from alembic import op
revision = '1'
down_revision = '1'
def upgrade():
    op.create_table('t')
# file: v/2.py
from alembic import op
revision = '2'
down_revision = None
def upgrade():
    op.create_table('u')
",
        "\
v/1.py:3 note: revision 1 names itself as the one it follows
v/1.py:2 note: there are several heads: 1, 2; all of them are run
migrations: t(), u()",
    );
    check(
        "\
# file: v/a.py
from alembic import op
revision, down_revision = 'a', 'b'
def upgrade():
    op.create_table('a')
# file: v/b.py
from alembic import op
revision, down_revision = 'b', 'a'
def upgrade():
    op.create_table('b')
",
        "\
v/a.py:2 note: revisions follow each other in a circle: a, b
migrations: a(), b()",
    );
}
