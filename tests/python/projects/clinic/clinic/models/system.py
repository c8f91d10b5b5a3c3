import uuid
from datetime import datetime
from typing import Any, Optional

from sqlalchemy import BigInteger, DateTime, Index, Text, func
from sqlalchemy.dialects.postgresql import INET, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from clinic.db.base import Base


class AuditLog(Base):
    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_row", "table_name", "row_id"),
        Index("ix_audit_log_at", "at", postgresql_using="brin"),
        {"comment": "Who changed what; written by triggers only"},
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    table_name: Mapped[str] = mapped_column(Text)
    row_id: Mapped[Optional[uuid.UUID]]
    operation: Mapped[str] = mapped_column(Text)
    old_row: Mapped[Optional[dict[str, Any]]] = mapped_column(JSONB)
    new_row: Mapped[Optional[dict[str, Any]]] = mapped_column(JSONB)
    actor: Mapped[Optional[uuid.UUID]]
    address: Mapped[Optional[str]] = mapped_column(INET)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Job(Base):
    __tablename__ = "jobs"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    run_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    locked_by: Mapped[Optional[str]]
