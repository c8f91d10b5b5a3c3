//! Models in, SQL out; SQLAlchemy itself is the judge in `tests/python`.

use schemaward_catalog::{Side, Source, Sources};

use crate::project::{InputFile, Project};

/// The statements that models make, and what is said of them.
fn made(files: &[(&str, &str)]) -> (String, Vec<String>) {
    let mut sources = Sources::default();
    let inputs: Vec<InputFile<'_>> = files
        .iter()
        .map(|(path, text)| {
            let source = sources.add(Source::new(Side::Implemented, *path, *text));
            InputFile { path, text, source }
        })
        .collect();
    let given = inputs.len();
    let played = Project::read(&inputs, &[]).play(Side::Implemented, &mut sources).models.unwrap();
    let derived = sources.iter().skip(given).map(|(_, source)| source.text.trim().to_owned());
    let sql = derived.collect::<Vec<_>>().join(";\n");
    let said = played.unread.iter().chain(&played.notes).map(|remark| remark.message.clone());
    (sql, said.collect())
}

#[track_caller]
fn check(text: &str, expect: &str) {
    let head = "from __future__ import annotations\nimport uuid, enum, datetime\nfrom datetime import datetime as dt\n\
                from typing import Optional, Annotated, Literal\nimport sqlalchemy as sa\nfrom sqlalchemy import *\n\
                from sqlalchemy.orm import *\nfrom sqlalchemy.dialects.postgresql import JSONB\n\
                class Base(DeclarativeBase): pass\n";
    let (sql, said) = made(&[("models.py", &format!("{head}{text}"))]);
    let squeeze = |text: &str| {
        text.split_whitespace().collect::<Vec<_>>().join(" ").replace("( ", "(").replace(" )", ")")
    };
    assert_eq!(squeeze(&sql), squeeze(expect), "{said:#?}");
    assert!(said.is_empty(), "{said:#?}");
}

#[test]
fn a_declarative_class_is_its_table() {
    check(
        "class User(Base):\n    __tablename__ = 'users'\n    id: Mapped[int] = mapped_column(primary_key=True)\n    \
         email: Mapped[str] = mapped_column(String(320), unique=True)\n    name: Mapped[Optional[str]]\n    \
         created_at: Mapped[dt] = mapped_column(DateTime(timezone=True), server_default=func.now())\n",
        "CREATE TABLE users (id SERIAL NOT NULL, email VARCHAR(320) NOT NULL, name VARCHAR, \
         created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, PRIMARY KEY (id), UNIQUE (email))",
    );
}

#[test]
fn mixins_bring_columns_after_the_own_ones() {
    check(
        "class Stamped:\n    created_at: Mapped[dt] = mapped_column(DateTime(timezone=True))\n\
         class Keyed:\n    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, sort_order=-1)\n    \
         @declared_attr.directive\n    def __tablename__(cls): return cls.__name__.lower() + 's'\n\
         class Note(Keyed, Stamped, Base):\n    text: Mapped[str] = mapped_column()\n    \
         owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey('notes.id', ondelete='CASCADE'), index=True)\n    \
         __table_args__ = (Index('ix_text', func.lower(text), postgresql_where=text.is_not(None)), {'comment': 'n'})\n",
        "CREATE TABLE notes (id UUID NOT NULL, text VARCHAR NOT NULL, owner_id UUID NOT NULL, \
         created_at TIMESTAMP WITH TIME ZONE NOT NULL, PRIMARY KEY (id), \
         FOREIGN KEY(owner_id) REFERENCES notes (id) ON DELETE CASCADE);\n\
         CREATE INDEX ix_notes_owner_id ON notes (owner_id);\n\
         CREATE INDEX ix_text ON notes (lower(text)) WHERE text IS NOT NULL;\n\
         COMMENT ON TABLE notes IS 'n'",
    );
}

#[test]
fn members_that_new_makes_have_the_value_it_sets() {
    check(
        "class Label(enum.StrEnum):\n    label: str\n    def __new__(cls, value, label):\n        \
         obj = str.__new__(cls, value)\n        obj._value_ = value\n        obj.label = label\n        return obj\n\
         class State(Label):\n    Open = 'open', 'Is open'\n    Done = 'done', 'Is done'\n\
         class Plain(str, enum.Enum):\n    def __new__(cls, value, label):\n        \
         obj = super().__new__(cls, value)\n        obj.label = label\n        return obj\n    A = 'a', 'x'\n\
         class T(Base):\n    __tablename__ = 't'\n    id: Mapped[int] = mapped_column(primary_key=True)\n    \
         state: Mapped[State] = mapped_column(Enum(State, values_callable=lambda x: [e.value for e in x]))\n    \
         plain: Mapped[str] = mapped_column(Enum(*[e.value for e in Plain], name='plain'))\n",
        "CREATE TYPE state AS ENUM ('open', 'done');\nCREATE TYPE plain AS ENUM ('a');\n\
         CREATE TABLE t (id SERIAL NOT NULL, state state NOT NULL, plain plain NOT NULL, PRIMARY KEY (id))",
    );
}

#[test]
fn an_existing_column_is_taken_as_it_is() {
    check(
        "class Price(Base):\n    __tablename__ = 'prices'\n    id: Mapped[int] = mapped_column(primary_key=True)\n    \
         kind: Mapped[str] = mapped_column(String(10))\n    props: Mapped[dict] = mapped_column(JSONB)\n\
         class Props(dict): pass\n\
         class New:\n    __abstract__ = True\n    kind: Mapped[None] = mapped_column(use_existing_column=True, nullable=True)\n\
         class Fixed(New, Price):\n    props: Mapped[Props] = mapped_column(use_existing_column=True)\n    \
         amount: Mapped[Optional[int]] = mapped_column(use_existing_column=True)\n",
        "CREATE TABLE prices (id SERIAL NOT NULL, kind VARCHAR(10) NOT NULL, props JSONB NOT NULL, \
         amount INTEGER, PRIMARY KEY (id))",
    );
}

#[test]
fn modules_that_import_each_other_know_each_others_names() {
    let base = "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): pass\n";
    // `a` is run first, and needs of `b` what needs `a`.
    let a = "from __future__ import annotations\nfrom app.base import Base\nfrom app.b import B, check\n\
             from sqlalchemy.orm import Mapped, mapped_column, relationship\n\
             PATTERN = '^[a-z]+' + '$'\nclass A(Base):\n    __tablename__ = 'a'\n    \
             id: Mapped[int] = mapped_column(primary_key=True)\n    b: Mapped[B] = relationship()\n";
    let b = "from __future__ import annotations\nfrom sqlalchemy import CheckConstraint, ForeignKey\n\
             from sqlalchemy.orm import Mapped, mapped_column, relationship\nfrom app.base import Base\n\
             from app.a import PATTERN, A\ncheck = 1\nclass B(Base):\n    __tablename__ = 'b'\n    \
             id: Mapped[int] = mapped_column(primary_key=True)\n    name: Mapped[str]\n    \
             a_id: Mapped[int] = mapped_column(ForeignKey('a.id'))\n    a: Mapped[A] = relationship()\n    \
             __table_args__ = (CheckConstraint(f\"name ~ '{PATTERN}'\", name='named'),)\n";
    let (sql, said) = made(&[("app/base.py", base), ("app/a.py", a), ("app/b.py", b)]);
    assert!(said.is_empty(), "{said:#?}");
    assert!(sql.contains("CHECK (name ~ '^[a-z]+$')"), "{sql}");
}

/// The names that a revision's constraint gets from what `env.py` says.
#[track_caller]
fn names_with(environment: &str, expect: &str) {
    let models = "from sqlalchemy import MetaData\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\
                  class Small(DeclarativeBase):\n    metadata = MetaData(naming_convention={'uq': 'small_%(column_0_name)s'})\n\
                  class Large(DeclarativeBase):\n    metadata = MetaData(naming_convention={'uq': 'large_%(column_0_name)s'})\n\
                  class A(Small):\n    __tablename__ = 'a'\n    id: Mapped[int] = mapped_column(primary_key=True)\n\
                  class B(Large):\n    __tablename__ = 'b'\n    id: Mapped[int] = mapped_column(primary_key=True)\n\
                  class C(Large):\n    __tablename__ = 'c'\n    id: Mapped[int] = mapped_column(primary_key=True)\n";
    let revision = "import sqlalchemy as sa\nfrom alembic import op\nrevision = '1'\ndown_revision = None\n\
                    def upgrade():\n    op.create_table('t', sa.Column('x', sa.Integer), sa.UniqueConstraint('x'))\n";
    let files = [
        ("app/models.py", models),
        ("migrations/env.py", environment),
        ("migrations/versions/1.py", revision),
    ];
    let mut sources = Sources::default();
    let inputs: Vec<InputFile<'_>> = files
        .iter()
        .map(|(path, text)| {
            let source = sources.add(Source::new(Side::Implemented, *path, *text));
            InputFile { path, text, source }
        })
        .collect();
    let told = Project::read(&inputs, &[]).play(Side::Implemented, &mut sources);
    let catalog = told.migrations.unwrap().catalog;
    let names = catalog.tables.values().flat_map(|table| &table.constraints);
    let names: Vec<&str> = names.map(|constraint| constraint.name.as_str()).collect();
    assert_eq!(names, [expect]);
}

#[test]
fn the_environment_says_which_metadata_is_meant() {
    let head = "from alembic import context\nfrom app.models import Large, Small\n";
    let with = |rest: &str| format!("{head}{rest}");
    names_with(&with("target_metadata = Small.metadata\n"), "small_x");
    names_with(&with("target_metadata = None\ntarget_metadata = Large.metadata\n"), "large_x");
    names_with(
        &with(
            "def run():\n    with c() as x:\n        context.configure(connection=x, target_metadata=Small.metadata)\nrun()\n",
        ),
        "small_x",
    );
    // Alembic asks a list of them for no convention: PostgreSQL makes the name.
    names_with(&with("target_metadata = [Small.metadata, Large.metadata]\n"), "t_x_key");
    // Where it is not known, it is the one with most tables.
    names_with(&with("import os\ntarget_metadata = os.environ['M']\n"), "large_x");
}

#[test]
fn strings_of_pydantic_have_the_length_that_it_is_told() {
    check(
        "from pydantic import EmailStr\nfrom sqlmodel import Field, SQLModel\n\
         class User(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    email: EmailStr = Field(max_length=255)\n",
        "CREATE TABLE \"user\" (id SERIAL NOT NULL, email VARCHAR(255) NOT NULL, PRIMARY KEY (id))",
    );
}

#[test]
fn classes_are_made_by_what_is_declared_for_others() {
    check(
        "class Change:\n    id: Mapped[int] = mapped_column(primary_key=True)\n\
         class HasChanges:\n    @declared_attr\n    def changes(cls):\n        \
         made = type(f'{cls.__name__}Change', (Change, Base), {'__tablename__': f'{cls.__name__.lower()}_changes', 'of': mapped_column(ForeignKey(f'{cls.__tablename__}.id'), nullable=False)})\n        \
         return relationship(made)\n\
         class Note(HasChanges, Base):\n    __tablename__ = 'notes'\n    __name__ = property(lambda self: self.id)\n    id: Mapped[int] = mapped_column(primary_key=True)\n\
         x = Note.changes\n",
        "CREATE TABLE notes (id SERIAL NOT NULL, PRIMARY KEY (id)); \
         CREATE TABLE note_changes (\"of\" INTEGER NOT NULL, id SERIAL NOT NULL, PRIMARY KEY (id), FOREIGN KEY(\"of\") REFERENCES notes (id))",
    );
}

#[test]
fn a_type_map_for_enumerations_is_one_for_all_of_them() {
    check(
        "class A(enum.StrEnum):\n    One = 'one'\nclass B(str, enum.Enum):\n    two = '2'\n\
         class Valued(DeclarativeBase):\n    type_annotation_map = {enum.Enum: Enum(enum.Enum, values_callable=lambda x: [e.value for e in x])}\n\
         class T(Valued):\n    __tablename__ = 't'\n    id: Mapped[int] = mapped_column(primary_key=True)\n    a: Mapped[A | None]\n    b: Mapped[B]\n",
        "CREATE TYPE a AS ENUM ('one'); CREATE TYPE b AS ENUM ('2'); \
         CREATE TABLE t (id SERIAL NOT NULL, a a, b b NOT NULL, PRIMARY KEY (id))",
    );
}

#[test]
fn a_type_map_may_name_literals() {
    check(
        "class Mapped_(DeclarativeBase):\n    type_annotation_map = {Literal: Enum(enum.Enum, length=20)}\n\
         class T(Mapped_):\n    __tablename__ = 't'\n    id: Mapped[int] = mapped_column(primary_key=True)\n    a: Mapped[Literal['x', 'yy']]\n    b: Mapped[Optional[Literal['z']]]\n",
        "CREATE TABLE t (id SERIAL NOT NULL, a VARCHAR(20) NOT NULL, b VARCHAR(20), PRIMARY KEY (id))",
    );
}

#[test]
fn functions_of_a_mixin_come_behind_its_columns() {
    check(
        "class M:\n    @declared_attr\n    def b(cls): return mapped_column(Integer)\n    \
         a: Mapped[Optional[int]]\n    c = mapped_column(Integer)\n    d: Mapped[Optional[int]]\n\
         class T(M, Base):\n    __tablename__ = 't'\n    id: Mapped[int] = mapped_column(primary_key=True)\n",
        "CREATE TABLE t (id SERIAL NOT NULL, c INTEGER, a INTEGER, d INTEGER, b INTEGER, PRIMARY KEY (id))",
    );
}
