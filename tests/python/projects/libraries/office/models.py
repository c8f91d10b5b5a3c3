import enum
import uuid
from datetime import datetime

from sqlalchemy import Column, DateTime, ForeignKey, Integer, Numeric, String, Table, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_declarative_extensions import register_function, register_sqlalchemy_events, register_trigger
from sqlalchemy_declarative_extensions.audit import audit, audit_table
from sqlalchemy_declarative_extensions.dialects.postgresql import Function, Trigger

from office.base import Base


class State(enum.Enum):
    draft = "draft"
    sent = "sent"


@audit()
class Letter(Base):
    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(200), unique=True)
    state: Mapped[State] = mapped_column(server_default="draft")
    pages: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


@audit(
    primary_key=Column("key", Uuid, nullable=False),
    ignore_columns={"secret"},
    context_columns=[Column("user_id", Integer, nullable=False), Column("reason", String(40))],
    delete=False,
)
class Archived(Base):
    __tablename__ = "letters"
    __table_args__ = {"schema": "archive"}

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), index=True)
    secret: Mapped[str | None]
    details: Mapped[dict] = mapped_column(JSONB)


stamps = Table(
    "stamps",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    Column("price", Numeric(8, 2), nullable=False),
)
audit_table(stamps, schema="archive", insert=False)

register_function(
    Base.metadata,
    Function("count_stamp", "BEGIN RETURN NULL; END", returns="TRIGGER", language="plpgsql"),
)
register_trigger(
    Base.metadata,
    Trigger.after("insert", on="stamps", execute="count_stamp", name="counted")
    .for_each_row()
    .when("NEW.price > 1")
    .with_arguments("a", "b"),
)

register_sqlalchemy_events(
    Base.metadata, schemas=True, functions=True, procedures=True, triggers=True, views=True
)
