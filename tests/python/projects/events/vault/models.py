import uuid
from datetime import datetime
from typing import Any, Optional

from sqlalchemy import DDL, BigInteger, DateTime, ForeignKey, Identity, Index, String, Table, Text, event, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import CreateSchema

from .security import AUDIT_FUNCTION, audited, enable_rls, tenant_isolated


class Base(DeclarativeBase):
    pass


event.listen(Base.metadata, "before_create", DDL("CREATE EXTENSION IF NOT EXISTS pgcrypto"))
event.listen(Base.metadata, "before_create", CreateSchema("private", if_not_exists=True).execute_if(dialect="postgresql"))
event.listen(Base.metadata, "before_create", AUDIT_FUNCTION)
event.listen(Base.metadata, "before_create", DDL("PRAGMA foreign_keys = on").execute_if(dialect="sqlite"))


class AuditLog(Base):
    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    table_name: Mapped[str] = mapped_column(Text)
    operation: Mapped[str] = mapped_column(String(6))
    row_data: Mapped[Optional[dict[str, Any]]] = mapped_column(JSONB)
    changed_by: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


event.listen(AuditLog.__table__, "after_create", DDL("REVOKE UPDATE, DELETE, TRUNCATE ON audit_log FROM PUBLIC"))


@tenant_isolated
@audited()
class Patient(Base):
    __tablename__ = "patient"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    tenant_id: Mapped[uuid.UUID]
    name: Mapped[str]
    ssn: Mapped[Optional[bytes]]
    updated_at: Mapped[Optional[datetime]]


@audited("UPDATE", "DELETE")
@tenant_isolated
class Encounter(Base):
    __tablename__ = "encounter"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    tenant_id: Mapped[uuid.UUID]
    patient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("patient.id"))
    note: Mapped[Optional[str]]


class Secret(Base):
    __tablename__ = "secret"
    __table_args__ = {"schema": "private"}

    name: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[uuid.UUID]
    value: Mapped[bytes]


enable_rls(Secret.__table__)

touch_function = DDL("""
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS
'BEGIN NEW.updated_at := now(); RETURN NEW; END'
""")
touch_trigger = DDL("CREATE TRIGGER patient_touch BEFORE UPDATE ON patient FOR EACH ROW EXECUTE PROCEDURE touch()")
event.listen(Patient.__table__, "after_create", touch_function)
event.listen(Patient.__table__, "after_create", touch_trigger.execute_if(dialect=("postgresql", "cockroachdb")))
event.listen(Patient.__table__, "before_drop", DDL("DROP FUNCTION touch() CASCADE"))


@event.listens_for(Base.metadata, "after_create")
def create_views(target, connection, **kw):
    connection.execute(
        text("CREATE OR REPLACE VIEW recent_changes WITH (security_invoker = true) AS "
             "SELECT table_name, operation, changed_at FROM audit_log WHERE changed_at > now() - interval '7 days'")
    )


@event.listens_for(Encounter.__table__, "after_create")
def comment_on_encounter(target, connection, **kw):
    connection.execute(DDL("COMMENT ON TABLE encounter IS 'Visits, kept for ten years'"))


for column in ("tenant_id", "patient_id"):
    Index(f"ix_encounter_{column}", getattr(Encounter, column))


@event.listens_for(Table, "after_create")
def leave_nothing_to_all(target, connection, **kw):
    if "tenant_id" in [column.name for column in target.columns]:
        connection.execute(text(f"REVOKE ALL ON {target.fullname} FROM PUBLIC"))
        connection.execute(text(f"CREATE INDEX {target.name}_tenants ON {target.fullname} (tenant_id)"))
