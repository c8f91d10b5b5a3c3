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
