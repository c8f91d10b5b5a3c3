//! The time to read a grown project, 200 models and 300 revisions: the models as `create_all` would
//! make them, and the migrations as `upgrade head` would leave them.

#![allow(clippy::print_stdout, reason = "what it measures is what it prints")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use schemaward_catalog::{Side, Source, Sources};
use schemaward_python::{InputFile, Project};

/// One file: its path and its text.
type File = (String, String);

/// The models: a base, mixins, and `count` classes in modules of ten, which refer to each other.
fn models(count: usize) -> Vec<File> {
    let mut files = vec![
        (
            "app/models/base.py".to_owned(),
            r#"import uuid
from datetime import datetime
from typing import Optional

from sqlalchemy import DateTime, ForeignKey, MetaData, func, text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    })
    type_annotation_map = {datetime: DateTime(timezone=True)}

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return cls.__name__.lower()


class KeyMixin:
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))


class TimestampMixin:
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class SoftDeleteMixin:
    deleted_at: Mapped[Optional[datetime]]
"#
            .to_owned(),
        ),
        ("app/__init__.py".to_owned(), String::new()),
    ];
    let mut all = String::new();
    for module in 0..count.div_ceil(10) {
        // Writing to a `String` cannot fail.
        let _ = writeln!(all, "from .module{module} import *");
        let mut text = String::from(
            "import enum\nimport uuid\nfrom decimal import Decimal\nfrom typing import Any, Optional\n\n\
             import sqlalchemy as sa\nfrom sqlalchemy.dialects.postgresql import ARRAY, JSONB\n\
             from sqlalchemy.orm import Mapped, mapped_column, relationship\n\n\
             from app.models.base import Base, KeyMixin, SoftDeleteMixin, TimestampMixin\n",
        );
        for class in module * 10..count.min(module * 10 + 10) {
            let parent = class / 2;
            let _ = write!(
                text,
                r#"

class State{class}(enum.Enum):
    OPEN = "open"
    DONE = "done"


class Record{class}(KeyMixin, TimestampMixin, SoftDeleteMixin, Base):
    """Number {class}."""

    __table_args__ = (
        sa.UniqueConstraint("code", "parent_id"),
        sa.CheckConstraint("amount >= 0", name="amount"),
        sa.Index("ix_record{class}_alive", "code", postgresql_where=sa.text("deleted_at IS NULL")),
        {{"comment": "Number {class}"}},
    )

    code: Mapped[str] = mapped_column(sa.String(40), index=True)
    parent_id: Mapped[Optional[uuid.UUID]] = mapped_column(sa.ForeignKey("record{parent}.id", ondelete="CASCADE"))
    state: Mapped[State{class}] = mapped_column(default=State{class}.OPEN)
    amount: Mapped[Decimal] = mapped_column(sa.Numeric(12, 2), server_default="0")
    tags: Mapped[list[str]] = mapped_column(ARRAY(sa.String(20)), server_default="{{}}")
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    note: Mapped[Optional[str]] = mapped_column(sa.Text)

    parent: Mapped[Optional["Record{parent}"]] = relationship(remote_side="Record{parent}.id")
"#
            );
        }
        files.push((format!("app/models/module{module}.py"), text));
    }
    files.push(("app/models/__init__.py".to_owned(), all));
    files
}

/// The revisions: a chain in which every third one is a table, the others change what there is.
fn revisions(count: usize) -> Vec<File> {
    let mut files = vec![(
        "migrations/helpers.py".to_owned(),
        r#"import sqlalchemy as sa
from alembic import op


def has_table(name):
    return name in sa.inspect(op.get_bind()).get_table_names()


def protect(table, column="tenant_id"):
    for statement in (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY {table}_tenant ON {table} USING ({column} = current_setting('app.tenant')::uuid)",
    ):
        op.execute(statement)
"#
        .to_owned(),
    )];
    for number in 0..count {
        let down =
            number.checked_sub(1).map_or("None".to_owned(), |before| format!("\"r{before:05}\""));
        let table = number / 3;
        let body = match number % 3 {
            0 => format!(
                r#"    op.create_table(
        "thing{table}",
        sa.Column("id", postgresql.UUID(as_uuid=True), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("tenant_id", postgresql.UUID(as_uuid=True), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("state", sa.Enum("open", "done", name="state{table}"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thing{table}")),
        sa.UniqueConstraint("name", name=op.f("uq_thing{table}_name")),
    )
    op.create_index(op.f("ix_thing{table}_tenant_id"), "thing{table}", ["tenant_id"], unique=False)
"#
            ),
            1 => format!(
                r#"    if has_table("thing{table}"):
        protect("thing{table}")
    with op.batch_alter_table("thing{table}") as batch_op:
        batch_op.add_column(sa.Column("parent_id", postgresql.UUID(as_uuid=True), nullable=True))
        batch_op.create_foreign_key("fk_thing{table}_parent", "thing{parent}", ["parent_id"], ["id"])
"#,
                parent = table / 2
            ),
            _ => format!(
                r#"    for name, kind in {{"note": sa.Text(), "rank": sa.Integer()}}.items():
        op.add_column("thing{table}", sa.Column(name, kind, nullable=True))
    op.alter_column("thing{table}", "name", existing_type=sa.String(length=80), type_=sa.String(length=200))
    op.execute(
        """
        CREATE TRIGGER thing{table}_touch BEFORE UPDATE ON thing{table}
        FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()
        """
    )
"#
            ),
        };
        let text = format!(
            "\"\"\"number {number}\n\nRevision ID: r{number:05}\nRevises: \n\"\"\"\nimport sqlalchemy as sa\n\
             from alembic import op\nfrom sqlalchemy.dialects import postgresql\n\n\
             from migrations.helpers import has_table, protect\n\nrevision = \"r{number:05}\"\n\
             down_revision = {down}\nbranch_labels = None\ndepends_on = None\n\n\ndef upgrade():\n{body}\n\n\
             def downgrade():\n    pass\n"
        );
        files.push((format!("migrations/versions/r{number:05}_change.py"), text));
    }
    files
}

/// Reads a project as often as told, and gives the shortest time.
fn measure(files: &[File], runs: usize) -> (Duration, usize) {
    let mut best = Duration::MAX;
    let mut tables = 0;
    for _ in 0..runs {
        let start = Instant::now();
        let mut sources = Sources::default();
        let inputs: Vec<InputFile<'_>> = files
            .iter()
            .map(|(path, text)| {
                let source =
                    sources.add(Source::new(Side::Implemented, path.as_str(), text.as_str()));
                InputFile { path, text, source }
            })
            .collect();
        let told = Project::read(&inputs, &[]).play(Side::Implemented, &mut sources);
        best = best.min(start.elapsed());
        let played = told.models.into_iter().chain(told.migrations);
        tables = played
            .map(|played| {
                assert!(played.unread.is_empty(), "{:#?}", played.unread);
                played.catalog.tables.len()
            })
            .sum();
    }
    (best, tables)
}

fn main() {
    let (models, revisions) = (models(200), revisions(300));
    let both: Vec<File> = models.iter().chain(&revisions).cloned().collect();
    for (name, files) in [("200 models", &models), ("300 revisions", &revisions), ("both", &both)] {
        let (taken, tables) = measure(files, 5);
        println!("{name:>13}: {:>7.1} ms, {tables} tables", taken.as_secs_f64() * 1e3);
    }
}
